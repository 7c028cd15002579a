"""Neurons that are taken away: in which order, and what a network still knows without them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.errors import ShapeError
from dlcourse.widgets.how_firm.hidden_layer import check as check_layers
from dlcourse.widgets.how_firm.hidden_layer import hidden
from dlcourse.widgets.it_works_why.networks import few_by_lot, validation

__all__ = ["MOST", "ORDERS", "PruneResult", "check", "faces", "known", "order_of", "right_after", "scores_left", "sizes"]  # fmt: skip

ORDERS = ("smallest first", "by chance", "largest first")
MOST = 512
"""So many neurons can be taken away at most."""


def sizes(model: Any) -> Array:
    before = [layer for layer in model[:-1] if isinstance(layer, dl.Dense)]
    if before and before[-1].outputs == model[-1].inputs:
        return np.linalg.norm(before[-1].weight.data, axis=0)  # (K,), of the weights into each neuron
    return np.linalg.norm(model[-1].weight.data, axis=1)  # of those out of it


def order_of(size: Array, how: str, draw: int) -> Array:
    if how == "by chance":
        return np.random.default_rng(draw).permutation(len(size))
    return np.argsort(size if how == "smallest first" else -size, kind="stable")


def scores_left(model: Any, x: Array, gone: Array) -> Array:
    h = hidden(model, x).copy()
    h[:, gone] = 0
    return np.asarray(dl.predict(model[-1], h))  # (N, 10)


def right_after(model: Any, x: Array, y: Array, order: Array) -> Array:
    h = hidden(model, x)
    scores = np.asarray(dl.predict(model[-1], 0 * h))  # all are gone
    right = [(scores.argmax(axis=1) == y).mean()]
    for j in order[::-1]:  # and the last to go is the first to come back
        scores = scores + h[:, [j]] * model[-1].weight.data[j]
        right.append((scores.argmax(axis=1) == y).mean())
    return np.array(right[::-1])  # (K + 1,)


@dataclass(frozen=True)
class PruneResult:
    """What is left of a network.

    Attributes
    ----------
    picture : array, shape (8, 8, 1)
    shares, shares_left : arrays, shape (10,)
        Softmax of the scores for the picture, of the whole network and of what is left of it.
    gone, size : arrays, shape (n,) and (K,)
        The neurons that were taken away, in their order, and the size of each of all.
    now : float
        Share of the digits that is right without them.
    right : array, shape (3, K + 1)
        Share of the digits that is right without the first 0 … K neurons of each of `ORDERS`.
    """

    picture: Array
    shares: Array
    shares_left: Array
    gone: Array
    size: Array
    now: float
    right: Array

    @property
    def holds(self) -> tuple[int, ...]:
        """For each order how many neurons can go, one by one, while nine in ten of what was right stay right."""
        return tuple(int((row < 0.9 * row[0]).argmax()) - 1 if (row < 0.9 * row[0]).any() else len(row) - 1 for row in self.right)  # fmt: skip


@lru_cache(maxsize=16)
def size_of(model: Any) -> Array:
    """The sizes of its neurons."""
    return sizes(model)


@lru_cache(maxsize=48)
def known(model: Any, own_labels: bool, how: str, draw: int) -> Array:
    """Share of the 360 unseen digits that is read, or of 300 labels by lot that is known, as neurons go."""
    data = few_by_lot() if own_labels else validation()
    return right_after(model, data.x, data.y, order_of(size_of(model), how, draw))


@lru_cache(maxsize=8)
def faces(model: Any) -> Array:
    """A small picture of each neuron, (K, 8, 8) from −1 to 1: its weights to the pixels; where it has none, its size."""
    size = size_of(model)
    before = [layer for layer in model[:-1] if isinstance(layer, dl.Dense)]
    if len(before) == 1 and before[0].weight.shape == (64, len(size)):
        weight = before[0].weight.data
        return np.asarray(weight.T.reshape(-1, 8, 8) / max(float(np.abs(weight).max()), 1e-30))
    return np.broadcast_to((size / max(float(size.max()), 1e-30))[:, None, None], (len(size), 8, 8))


def check(model: Any) -> None:
    """Raise an error unless this is a network whose neurons can be taken away here.

    Raises
    ------
    ShapeError
        If it has too many neurons before the last layer, or does not give ten numbers for a picture.
    WrongTypeError
        If it is not a Sequential that ends in a dense layer without an activation.
    DataError
        If one of its scores is not finite.
    """
    check_layers(model, "Prune")
    if model[-1].inputs > MOST:
        raise ShapeError(
            f"Prune: there are {model[-1].inputs} neurons before the last layer, and at most {MOST} can be taken away here. "
            "Put a narrower layer there, such as dl.Dense(…, 128, activation=dl.relu, rng=rng)."
        )
