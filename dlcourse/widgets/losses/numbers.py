"""What LossExplorer shows, in numbers: losses over a score, their slopes, and where steps down the slope lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.errors import DataError
from dlcourse.widgets.losses import own

__all__ = [
    "LOSSES",
    "SCORES",
    "SHARES",
    "STEPS",
    "LossResult",
    "Row",
    "Walk",
    "check",
    "gradient",
    "row",
    "shares",
    "walk",
]

Loss = Callable[[Any, Any], Any]
STEPS = 250
SCORES = np.round(np.arange(-80, 81) / 10, 1)
"""Where the curves are drawn, and where a walk may begin."""
SHARES = np.round(np.arange(11) / 10, 1)
"""How many of the truths may be 1."""


def squared(x: Any, truth: Any) -> Any:
    return dl.squared_error(dl.sigmoid(x), truth)


def absolute(x: Any, truth: Any) -> Any:
    return dl.absolute_error(dl.sigmoid(x), truth)


def huber(x: Any, truth: Any) -> Any:
    return dl.huber(dl.sigmoid(x), truth, delta=0.25)


def hinge(x: Any, truth: Any) -> Any:
    return dl.hinge(x, truth)


def binary(x: Any, truth: Any) -> Any:
    return dl.binary_cross_entropy(x, truth)


def categorical(x: Any, truth: Any) -> Any:
    scores = x.reshape(-1, 1) @ np.eye(1, 10)  # the scores of nine other classes stay at 0
    return dl.cross_entropy(scores, np.where(truth == 1, 0, 1))


LOSSES: dict[str, Loss] = {
    "squared error": squared, "absolute error": absolute, "Huber": huber, "hinge": hinge,
    "cross-entropy": binary, "cross-entropy of 10": categorical,
}  # fmt: skip


def gradient(loss: Loss, x: Any, truth: float) -> Any:
    at = dl.Tensor(x, requires_grad=True)
    loss(at, np.full(len(x), truth)).backward(np.array(float(len(x))))
    return at.grad  # the loss is a mean: N times as much is the slope of each score alone


def walk(loss: Loss, x: Any, share: Any, steps: int) -> Any:
    path = [np.array(x, float)]  # (N,)
    for _ in range(steps):
        x = path[-1]
        path.append(x - share * gradient(loss, x, 1.0) - (1 - share) * gradient(loss, x, 0.0))
    return np.array(path)  # (steps + 1, N)


def shares(name: str, x: Array) -> Array:
    """The probability that a score is turned into: by a sigmoid, or by softmax with nine scores of 0.

    Examples
    --------
    >>> shares("squared error", np.zeros(1)).tolist(), shares("cross-entropy of 10", np.zeros(1)).tolist()
    ([0.5], [0.1])
    """
    others = 9.0 if name == "cross-entropy of 10" else 1.0
    return np.asarray(1 / (1 + others * np.exp(-x)))


@dataclass(frozen=True)
class Row:
    """A loss at the marked score."""

    name: str
    probability: float
    value: float
    at_probability: float
    """Its slope as the probability moves, by the chain rule."""
    at_score: float


@dataclass(frozen=True)
class Walk:
    """A chosen loss: its curve, its slope, and the scores on the way down."""

    name: str
    row: Row
    across: Array
    """Where the curves are drawn: scores, or the probabilities that these have."""
    values: Array
    slopes: Array
    path: Array
    """The scores after 0, 1 … steps: shape (steps + 1,)."""
    crossed: int | None
    """The first step after which the score is on the side of most truths, if it has come there."""


@dataclass(frozen=True)
class LossResult:
    """All losses at the marked score, and the curves and walks of the chosen ones."""

    rows: tuple[Row, ...]
    chosen: tuple[Walk, ...]


@lru_cache(maxsize=16)
def curves(loss: Loss) -> tuple[Array, Array]:
    """Values and slopes over all scores, shape (2, 161) each: first where the truth is 0, then where it is 1."""
    with np.errstate(all="ignore"):
        values = [
            [dl.Tensor(loss(dl.Tensor(SCORES[i : i + 1]), np.array([truth]))).item() for i in range(len(SCORES))]
            for truth in (0.0, 1.0)
        ]
        slopes = [gradient(loss, SCORES, truth) for truth in (0.0, 1.0)]
    return np.array(values, float), np.array(slopes, float)


@lru_cache(maxsize=16)
def walks(loss: Loss) -> Array:
    """The scores of `walk` from every score and for every share of truths: shape (STEPS + 1, 11, 161)."""
    x, share = np.broadcast_arrays(SCORES, SHARES[:, None])
    with np.errstate(all="ignore"):
        path = walk(loss, x.reshape(-1), share.reshape(-1), STEPS)
    return np.asarray(path).reshape(STEPS + 1, len(SHARES), len(SCORES))


def mixed(pair: Array, share: float) -> Array:
    """The mean over truths of which this share is 1."""
    return np.asarray((1 - share) * pair[0] + share * pair[1])


def row(name: str, loss: Loss, x: float, share: float) -> Row:
    """A loss at one of the scores."""
    at = int(np.argmin(np.abs(x - SCORES)))
    values, slopes = curves(loss)
    p = float(shares(name, SCORES[at : at + 1])[0])
    slope = float(mixed(slopes[:, at], share))
    return Row(
        name=name, probability=p, value=float(mixed(values[:, at], share)), at_probability=slope / (p * (1 - p)), at_score=slope,
    )  # fmt: skip


def check(loss: Any) -> None:
    """Raise an error that says what is wrong with a learner's own loss of scores and truths, as `own.check` does.

    Raises
    ------
    DataError
        Also if it has no number for some score between −8 and 8.
    """
    may_be = "Scores come before the sigmoid, and may be any number."
    own.check(
        loss, "LossExplorer", inputs="scores", like="dl.binary_cross_entropy", at=np.array([-1.5, 0.5, 2.0]),
        truths=np.ones(3), may_be=may_be,
    )  # fmt: skip
    if not all(np.isfinite(part).all() for part in curves(loss)):
        raise DataError(
            f"LossExplorer: your loss or its slope is NaN or infinite for some score between −8 and 8. {may_be}"
        )
