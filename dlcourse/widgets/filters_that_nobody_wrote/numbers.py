"""A trained network and pictures, in numbers: what each layer makes of a shifted picture, and how many are read right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.activations import relu, softmax
from dlcourse.arrays import Array
from dlcourse.data.measured import digits
from dlcourse.dataset import Dataset
from dlcourse.errors import ShapeError, WrongTypeError
from dlcourse.layers.convolution import Conv2D, MaxPool2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Flatten, Sequential
from dlcourse.live.own import as_it_is_now
from dlcourse.losses import cross_entropy
from dlcourse.metrics import predict
from dlcourse.optimizers import Adam
from dlcourse.tensor import Tensor
from dlcourse.training import fit

__all__ = ["DIGITS", "FARTHEST", "NETWORK", "MapsResult", "Reader", "follow", "reader", "shifted", "wrong"]

FARTHEST = 3
"""Most pixels that a picture is shifted by."""
LAYERS = 4
"""Most layers whose maps are shown."""
DIGITS = """rng = np.random.default_rng(0)
train, _, data = dl.data.digits().split(0.6, 0.2, 0.2, rng=rng)
"""
NETWORK = """model = dl.Sequential(
    dl.Conv2D(1, 8, 3, padding="same", activation=dl.relu, rng=rng),
    dl.Conv2D(8, 16, 3, padding="same", activation=dl.relu, rng=rng),
    dl.MaxPool2D(2),
    dl.Flatten(),
    dl.Dense(256, 10, rng=rng),
)
optimizer = dl.Adam(model.parameters(), 4e-3)
dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=3, batch_size=32, rng=rng)
"""


@lru_cache(maxsize=1)
def taught() -> tuple[Sequential, Dataset]:
    """The network of `NETWORK`, and digits that it has not seen."""
    rng = np.random.default_rng(0)
    train, _, data = digits().split(0.6, 0.2, 0.2, rng=rng)
    model = Sequential(
        Conv2D(1, 8, 3, padding="same", activation=relu, rng=rng),
        Conv2D(8, 16, 3, padding="same", activation=relu, rng=rng),
        MaxPool2D(2),
        Flatten(),
        Dense(256, 10, rng=rng),
    )
    optimizer = Adam(model.parameters(), 4e-3)
    fit(model, train, loss=cross_entropy, optimizer=optimizer, epochs=3, batch_size=32, rng=rng, progress=False)
    return model, data


@dataclass(frozen=True, eq=False)
class Reader:
    """A network, the pictures that it reads, and those of its layers that make maps."""

    model: Sequential
    data: Dataset
    layers: tuple[tuple[int, Any], ...]
    """The layers whose maps are shown, each with its number in the network."""
    counts: tuple[int, ...]
    """How many maps each of them makes."""

    @property
    def names(self) -> list[str]:
        """Of the classes."""
        data = self.data
        return list(data.classes) if data.classes else [str(i) for i in range(int(data.y.max()) + 1)]


def reader(model: Any, data: Any) -> Reader:
    """A reader of the learner's own network and pictures, or of the course's own where one is None.

    The network is copied as it is now: a cell further down may go on training the learner's own.

    Raises
    ------
    WrongTypeError
        If the network has no `Conv2D`, or the pictures are not a data set.
    ShapeError
        If the data are not pictures.
    """
    if model is not None:
        _check_model(model)
    if data is not None:
        _check_data(data)
    model = taught()[0] if model is None else as_it_is_now(model, owner="FeatureMaps")
    data = taught()[1] if data is None else data
    x, layers, counts = Tensor(data.x[:1]), [], []
    for number, layer in enumerate(model):
        x = layer(x)
        if x.ndim == 4:
            layers.append((number, layer))
            counts.append(x.shape[3])
        elif layers:
            break
    return Reader(model=model, data=data, layers=tuple(layers[:LAYERS]), counts=tuple(counts[:LAYERS]))


def _check_model(model: Any) -> None:
    if not isinstance(model, Sequential) or not any(isinstance(layer, Conv2D) for layer in model):
        raise WrongTypeError(
            f"FeatureMaps: model should be a dl.Sequential with at least one dl.Conv2D, not {model!r}."
        )


def _check_data(data: Any) -> None:
    if not isinstance(data, Dataset):
        raise WrongTypeError(
            f"FeatureMaps: data should be a dl.data.Dataset, Dataset(x, y), not {type(data).__name__}."
        )
    if np.ndim(data.x) != 4:
        raise ShapeError(f"FeatureMaps: data.x should be pictures, shape (N, H, W, C), not {np.shape(data.x)}.")


def shifted(x: Array, right: int, down: int) -> Array:
    """Pictures (N, H, W, C), moved; what leaves the frame is lost, and zeros come in."""
    m, (h, w) = FARTHEST, x.shape[1:3]
    padded = np.pad(x, ((0, 0), (m, m), (m, m), (0, 0)))
    return padded[:, m - down : m - down + h, m - right : m - right + w]


@dataclass(frozen=True)
class MapsResult:
    """One picture on its way through the network."""

    x: Array
    """The picture, shifted: (H, W, C)."""
    maps: tuple[Array, ...]
    """What each shown layer makes of it: (OH, OW, F) each."""
    probabilities: Array
    right: float
    """Share of all pictures that are read right when they are shifted as this one is."""


def follow(reader: Reader, example: int, *, right: int, down: int) -> MapsResult:
    """One picture through the network, layer by layer, shifted by `right` and `down` pixels."""
    x = shifted(reader.data.x[example : example + 1], right, down)
    outputs, y = [], Tensor(x)
    for layer in reader.model:
        y = layer(y)
        outputs.append(y)
    return MapsResult(
        x=x[0],
        maps=tuple(outputs[number].data[0] for number, _ in reader.layers),
        probabilities=softmax(y).data[0],
        right=share_right(reader, right, down),
    )


@lru_cache(maxsize=8)  # few: it keeps the pictures in memory
def share_right(reader: Reader, right: int, down: int) -> float:
    """Share of all pictures, shifted alike, that are read right."""
    return float((~wrong(reader, len(reader.data), right=right, down=down)).mean())


def wrong(reader: Reader, count: int, *, right: int, down: int) -> Array:
    """Which of the first pictures, shifted alike, are read wrong: (count,)."""
    data = reader.data
    says = predict(reader.model, shifted(data.x[:count], right, down)).argmax(axis=1)
    return np.asarray(says != data.y[:count])
