"""The three networks of `Wiring`, and of any network's first layer: its units, what each is linked to, and how many numbers it learns."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.activations import relu
from dlcourse.arrays import Array
from dlcourse.data.dataset import Dataset
from dlcourse.data.measured import digits
from dlcourse.errors import ShapeError, WrongTypeError, brief
from dlcourse.initializers import orthogonal
from dlcourse.layers.convolution import Conv2D, MaxPool2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Flatten, Module, Sequential
from dlcourse.layers.recurrent import GRU, LSTM, SimpleRNN
from dlcourse.losses import cross_entropy
from dlcourse.ops.convolution import padding_widths
from dlcourse.optimizers import Adam
from dlcourse.tensor import Tensor
from dlcourse.training import fit

__all__ = ["KINDS", "NETWORKS", "SPLIT", "TRAIN", "Linked", "find_layer", "formula", "linked", "look", "mix", "split", "trained"]  # fmt: skip

KINDS = ("dense", "convolutional", "recurrent")
SIDE = 8
ORDER_SEED = 11
SPLIT = "rng = np.random.default_rng(0)\ntrain, test = dl.data.digits().split(1 / 3, 2 / 3, rng=rng)\n"
NETWORKS = {
    "dense": """model = dl.Sequential(
    dl.Flatten(),
    dl.Dense(64, 32, activation=dl.relu, rng=rng),
    dl.Dense(32, 10, rng=rng),
)
""",
    "convolutional": """model = dl.Sequential(
    dl.Conv2D(1, 16, 3, activation=dl.relu, rng=rng),
    dl.MaxPool2D(2),
    dl.Conv2D(16, 32, 2, activation=dl.relu, rng=rng),
    dl.Flatten(),
    dl.Dense(128, 10, rng=rng),
)
""",
    "recurrent": """model = dl.Sequential(
    lambda x: x.reshape(len(x), 8, 8),  # a row a step
    dl.SimpleRNN(8, 32, initializer=dl.orthogonal, rng=rng),
    dl.Dense(32, 10, rng=rng),
)
""",
}
TRAIN = """optimizer = dl.Adam(model.parameters(), 4e-3)
dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=20, batch_size=32, rng=rng, progress=False)
"""


def rows(x: Tensor) -> Tensor:
    """Pictures (N, 8, 8, 1) as sequences (N, T, F) of eight rows."""
    return x.reshape(x.shape[0], SIDE, SIDE)


def _fresh(kind: str, rng: np.random.Generator) -> Sequential:
    """The network of `NETWORKS[kind]`, untrained."""
    if kind == "dense":
        return Sequential(Flatten(), Dense(64, 32, activation=relu, rng=rng), Dense(32, 10, rng=rng))
    if kind == "recurrent":
        return Sequential(rows, SimpleRNN(8, 32, initializer=orthogonal, rng=rng), Dense(32, 10, rng=rng))
    return Sequential(
        Conv2D(1, 16, 3, activation=relu, rng=rng),
        MaxPool2D(2),
        Conv2D(16, 32, 2, activation=relu, rng=rng),
        Flatten(),
        Dense(128, 10, rng=rng),
    )


@lru_cache(maxsize=1)
def order() -> Array:
    """The one permutation of the 64 pixels: pixel i of a shuffled picture was pixel order[i]."""
    return np.random.default_rng(ORDER_SEED).permutation(SIDE * SIDE)


def mix(x: Array) -> Array:
    """Pictures (N, 8, 8, 1), their pixels in the new order."""
    return x.reshape(len(x), -1)[:, order()].reshape(x.shape)


def split(rng: np.random.Generator) -> tuple[Dataset, Dataset]:
    """A third of the digits to learn from, two thirds that are not seen."""
    train, test = digits().split(1 / 3, 2 / 3, rng=rng)
    return train, test


@lru_cache(maxsize=2)
def unseen(shuffled: bool) -> Dataset:
    """The digits that no network of this widget learns from."""
    test = split(np.random.default_rng(0))[1]
    return Dataset(mix(test.x), test.y) if shuffled else test


@lru_cache(maxsize=6)
def trained(kind: str, shuffled: bool) -> Sequential:
    """One of the three networks, taught with digits as they are or with shuffled ones."""
    rng = np.random.default_rng(0)
    train, _ = split(rng)
    x = mix(train.x) if shuffled else train.x
    model = _fresh(kind, rng)
    optimizer = Adam(model.parameters(), 4e-3)
    fit(
        model, Dataset(x, train.y), loss=cross_entropy, optimizer=optimizer, epochs=20, batch_size=32, rng=rng, progress=False
    )  # fmt: skip
    return model


# The first layer and its units


def find_layer(model: Any) -> tuple[int, Any, Array]:
    """The first layer with weights, its number in the network, and in which order it sees the 64 pixels.

    Raises
    ------
    WrongTypeError
        If that is no Dense, Conv2D or recurrent layer.
    ShapeError
        If it does not see the 64 pixels of a digit.
    """
    for number, layer in enumerate(model if isinstance(model, Sequential) else ()):
        if isinstance(layer, Dense | Conv2D | SimpleRNN | GRU | LSTM):
            # Numbers for pixels, sent through what stands before the layer, say where each pixel goes.
            seen = model[:number](np.arange(SIDE * SIDE, dtype=np.float32).reshape(1, SIDE, SIDE, 1)).data
            axes = {Dense: 2, Conv2D: 4}.get(type(layer), 3)
            whole = sorted(seen.ravel().tolist()) == list(range(SIDE * SIDE))
            if not whole or seen.ndim != axes or len(seen) != 1 or (axes == 4 and seen.shape[1:] != (SIDE, SIDE, 1)):
                raise ShapeError(
                    f"Wiring: of a digit, shape (1, 8, 8, 1), {layer.describe()} should be given the 64 pixels themselves; "
                    f"it is given something of shape {seen.shape}."
                )
            return number, layer, seen.ravel().astype(int)
        if isinstance(layer, Module) and layer.parameters():
            break
    raise WrongTypeError(
        "Wiring: model should be a dl.Sequential whose first layer with weights is a dl.Dense, a dl.Conv2D, a "
        f"dl.SimpleRNN, a dl.GRU or a dl.LSTM, not {brief(model)}."
    )


def look(layer: Any, seen: Any) -> Array:
    """What every unit says, shape (S, R, C): of a dense layer M units (M, 1, 1), of a convolution F maps (F, OH, OW), of a
    recurrent layer one sheet with a row a step, (1, T, H)."""
    if isinstance(layer, Dense):
        return np.asarray(layer(seen).data[0][:, None, None])
    if isinstance(layer, Conv2D):
        return np.asarray(layer(seen).data[0].transpose(2, 0, 1))
    every = copy.copy(layer)
    every.return_sequences = True
    return np.asarray(every(seen).data)


def formula(layer: Any) -> tuple[str, int]:
    """How many weights and biases the layer has, as arithmetic and as its result."""
    if isinstance(layer, Dense):
        k, m = layer.weight.shape
        text, number = f"{k} · {m}", k * m
        return (text, number) if layer.bias is None else (f"{text} + {m}", number + m)
    if isinstance(layer, Conv2D):
        kh, kw, c, f = layer.weight.shape
        text, number = f"{kh} · {kw} · {c} · {f}", kh * kw * c * f
        return (text, number) if layer.bias is None else (f"{text} + {f}", number + f)
    k, h = layer.inputs, layer.units
    number = layer.gates * (k + h + 1) * h
    text = (f"{layer.gates} · " if layer.gates > 1 else "") + f"({k} + {h} + 1) · {h}"
    return (f"{text} + {h}", number + h) if isinstance(layer, GRU) else (text, number)


@dataclass(frozen=True)
class Linked:
    """What one unit is linked to."""

    pixels: Array
    """Which of the 64 numbers that the layer is given, (K,), counted in its own order."""
    weights: Array
    """Their weights, (K,)."""
    slots: Array
    """Which of the unit's weights these are, (K,): a convolution's kernel may hang over the edge."""
    before: Array
    """Weights from the units one step before, (H,); empty but for a recurrent unit after the first step."""
    bias: float
    shared: int
    """How many units use these same weights."""


def linked(layer: Any, unit: tuple[int, int, int], shape: tuple[int, ...]) -> Linked:
    """The links of a unit (sheet, row, column) of what `look` gives, whose shape is `shape`."""
    sheet, row, column = unit
    nothing = np.zeros(0, np.float32)
    if isinstance(layer, Dense):
        weights = layer.weight.data[:, sheet]
        bias = 0.0 if layer.bias is None else float(layer.bias.data[sheet])
        return Linked(np.arange(len(weights)), weights, np.arange(len(weights)), nothing, bias, 1)
    if isinstance(layer, Conv2D):
        places = []
        for place, k, s, d in zip((row, column), layer.kernel, layer.stride, layer.dilation, strict=True):
            padded = padding_widths(layer.padding, SIDE, k, s, d)[0]
            places.append(place * s + d * np.arange(k) - padded)
        i, j = np.meshgrid(*places, indexing="ij")
        inside = ((i >= 0) & (i < SIDE) & (j >= 0) & (j < SIDE)).ravel()
        pixels, weights = (i * SIDE + j).ravel()[inside], layer.weight.data[:, :, 0, sheet].ravel()[inside]
        bias = 0.0 if layer.bias is None else float(layer.bias.data[sheet])
        return Linked(pixels, weights, np.flatnonzero(inside), nothing, bias, shape[1] * shape[2])
    # of a gated layer the weights of what may be written into the state: gate n of a GRU, gate g of an LSTM
    at = (0 if layer.gates == 1 else 2 * layer.units) + column
    k = layer.inputs
    before = layer.weight_h.data[:, at] if row else nothing
    return Linked(
        np.arange(row * k, (row + 1) * k), layer.weight_x.data[:, at], np.arange(k), before, float(layer.bias.data[at]), shape[1]
    )  # fmt: skip


def total(found: Linked, given: Array, states: Array) -> float:
    """The sum of products and bias that goes into a unit; `given` (64,), `states` (H,) one step before."""
    summed = given[found.pixels].astype(float) @ found.weights + found.bias
    return float(summed + (states.astype(float) @ found.before if len(found.before) else 0.0))


def sheets(shape: tuple[int, ...], most: int = 16) -> tuple[int, int, int]:
    """How many sheets of units are shown, and in how many rows and columns they stand."""
    count = min(shape[0], most if shape[1] * shape[2] > 1 else 128)
    root = math.ceil(math.sqrt(count))
    whole = [c for c in range(root, 2 * root) if count % c == 0]
    columns = whole[0] if whole else root
    return count, math.ceil(count / columns), columns
