"""The two views in numbers: a network in training, the plane in which a layer spreads most, and two probes.

“The same kind of side” is the plane of the two principal components of the training digits, by SVD, for both views. Two
probes put a number on “better represented”: straight cuts, fitted by least squares, and the nearest training digit.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.activations import tanh
from dlcourse.arrays import Array
from dlcourse.data.measured import digits
from dlcourse.dataset import Dataset
from dlcourse.errors import CourseError, DataError, ShapeError, WrongTypeError
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Flatten, Module, Sequential
from dlcourse.live.own import as_it_is_now
from dlcourse.losses import cross_entropy
from dlcourse.metrics import predict
from dlcourse.optimizers import Adam
from dlcourse.training import fit

__all__ = [
    "EPOCHS",
    "LAYERS",
    "PROBES",
    "Run",
    "View",
    "ViewsResult",
    "check",
    "cut_before",
    "default_run",
    "nearest",
    "principal_plane",
    "straight_cuts",
]

EPOCHS = 30
LAYERS = ("first hidden layer", "last hidden layer", "output")


def straight_cuts(h: Array, y: Array, h_new: Array, y_new: Array) -> float:
    """Share of new examples that one straight function per class, fitted by least squares, reads right.

    Parameters
    ----------
    h, h_new : array, shape (N, K) and (M, K)
        The same layer, for examples to fit on and for new ones.
    y, y_new : array of int, shape (N,) and (M,)
        Their classes.

    Examples
    --------
    >>> x = np.array([[0.0], [1.0], [9.0], [10.0]])
    >>> straight_cuts(x, np.array([0, 0, 1, 1]), np.array([[4.0], [6.0]]), np.array([0, 1]))
    1.0
    """
    a, a_new = (np.column_stack([part, np.ones(len(part))]) for part in (h, h_new))
    w = np.linalg.lstsq(a, np.eye(int(y.max()) + 1)[y], rcond=None)[0]
    return float(np.mean((a_new @ w).argmax(axis=1) == y_new))


def nearest(h: Array, y: Array, h_new: Array, y_new: Array) -> float:
    """Share of new examples whose nearest neighbour in `h` is of their class; shapes as in `straight_cuts`."""
    squares = (h**2).sum(axis=1) - 2 * h_new @ h.T
    return float(np.mean(y[squares.argmin(axis=1)] == y_new))


def principal_plane(h: Array) -> tuple[Array, Array]:
    """Where h (N, K) has its middle, (K,), and the two directions in which it spreads most, (K, 2)."""
    middle = h.mean(axis=0)
    return middle, np.linalg.svd(h - middle, full_matrices=False)[2][:2].T


@dataclass(frozen=True, eq=False)
class View:
    """One representation of the unseen examples, and how good it is."""

    plane: Array
    """The two drawn numbers of each unseen example, (N, 2)."""
    size: int
    """How many numbers there are in all."""
    all_right: float
    two_right: float
    """Shares right of the probe on unseen examples, from all numbers and from the two drawn."""


@dataclass(frozen=True, eq=False)
class ViewsResult:
    """Both views."""

    raw: View
    layer: View


PROBES: dict[str, Callable[..., float]] = {"straight cuts": straight_cuts, "nearest neighbour": nearest}


class Run:
    """A copy of the learner's network and its training, epoch after epoch, for as many epochs as were asked for."""

    def __init__(self, model: Sequential, train: Dataset, unseen: Dataset, rng: np.random.Generator) -> None:
        self.train, self.unseen = train, unseen
        self.models = [as_it_is_now(model, owner="TwoViews", reads_only=False)]
        self._live = copy.deepcopy(model)
        self._optimizer = Adam(self._live.parameters(), 3e-3)
        self._rng = rng
        self.views: dict[tuple[int, str, str], View] = {}

    def after(self, epochs: int) -> Sequential:
        """The network after this many epochs of training."""
        while len(self.models) <= epochs:
            fit(self._live, self.train, loss=cross_entropy, optimizer=self._optimizer, epochs=1, batch_size=32,
                rng=self._rng, progress=False)  # fmt: skip
            self.models.append(copy.deepcopy(self._live))
        return self.models[epochs]

    def view(self, epochs: int, layer: str, probe: str) -> View:
        """What a layer makes of the digits; "" for the pixels themselves."""
        key = (epochs if layer else 0, layer, probe)
        if key not in self.views:
            network = self.after(epochs)
            body = network[: cut_before(network, layer)] if layer else Sequential()
            h, h_new = (_rows(predict(body, part.x)) for part in (self.train, self.unseen))
            self.views[key] = _view(h, self.train.y, h_new, self.unseen.y, PROBES[probe])
        return self.views[key]


def _view(h: Array, y: Array, h_new: Array, y_new: Array, probe: Callable[..., float]) -> View:
    middle, across = principal_plane(h)
    # SVD leaves open which end of a direction is up. Class 0 lies to the right and above, so that nothing flips over.
    across = across * np.where((h[y == y.min()].mean(axis=0) - middle) @ across < 0, -1.0, 1.0)
    flat, flat_new = (h - middle) @ across, (h_new - middle) @ across
    return View(flat_new, h.shape[1], probe(h, y, h_new, y_new), probe(flat, y, flat_new, y_new))


def _rows(x: Array) -> Array:
    return x.reshape(len(x), -1).astype(np.float64)


def cut_before(model: Sequential, layer: str) -> int:
    """How many of the model's parts come before one reads off the layer."""
    weighted = [i for i, part in enumerate(model) if isinstance(part, Module) and part.parameters()]
    return {"first hidden layer": weighted[1], "last hidden layer": weighted[-1], "output": len(model)}[layer]


@lru_cache(maxsize=1)
def default_run() -> Run:
    """The course's own network on the digits, trained for as many epochs as were asked for."""
    rng = np.random.default_rng(0)
    train, _, unseen = digits().split(0.7, 0.1, 0.2, rng=rng, stratified=True)
    model = Sequential(
        Flatten(),
        Dense(64, 64, activation=tanh, rng=rng),
        Dense(64, 16, activation=tanh, rng=rng),
        Dense(16, 10, rng=rng),
    )
    return Run(model, train, unseen, rng)


def check(model: Any, train: Any, unseen: Any) -> None:
    """Raise an error that says which of the learner's own objects does not fit, and why."""
    for name, data in (("train", train), ("unseen", unseen)):
        if not isinstance(data, Dataset):
            raise WrongTypeError(
                f"TwoViews: {name} should be a dl.data.Dataset, Dataset(x, y), not {type(data).__name__}."
            )
        if data.y.ndim != 1 or not np.issubdtype(data.y.dtype, np.integer):
            raise DataError(f"TwoViews: {name} should have one class, a whole number from 0, for each example.")
    if train.x.shape[1:] != unseen.x.shape[1:]:
        raise ShapeError(
            f"TwoViews: train and unseen should have examples of one shape, not {train.x.shape[1:]} and {unseen.x.shape[1:]}."
        )
    if not isinstance(model, Sequential):
        raise WrongTypeError(f"TwoViews: model should be a dl.Sequential, not {type(model).__name__}.")
    if sum(isinstance(part, Module) and bool(part.parameters()) for part in model) < 2:
        raise WrongTypeError("TwoViews: the model has no hidden layer. At least two layers with weights are needed.")
    classes = int(max(train.y.max(), unseen.y.max())) + 1
    try:
        shape = predict(model, train.x[:2]).shape
    except CourseError as error:
        raise ShapeError(f"TwoViews: the model does not take these examples. It says: {error}") from error
    if len(shape) != 2 or shape[1] < classes:
        raise ShapeError(f"TwoViews: there are {classes} classes, so the output should be (N, {classes}), not {shape}.")
