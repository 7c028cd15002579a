"""What BestAnswer shows, in numbers: the constant, or the line, with the lowest loss over a few points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.widgets.losses import own

__all__ = [
    "Answer",
    "FitResult",
    "absolute_fit",
    "check",
    "columns",
    "flowers",
    "pulls",
    "reweighted_fit",
    "squared_fit",
]

Loss = Callable[[Any, Any], Any]


@lru_cache(maxsize=1)
def flowers() -> Array:
    """Length and width of the petals of ten irises, in cm: shape (10, 2)."""
    return np.asarray(dl.data.iris().x[[2, 20, 38, 57, 65, 84, 91, 117, 128, 145]][:, 2:], float).round(1)


def columns(x: Any, fit: str) -> Any:
    return np.stack([np.ones(len(x)), x], axis=1)[:, : 2 if fit == "line" else 1]


def squared_fit(a: Any, y: Any) -> Any:
    return np.linalg.lstsq(a, y, rcond=None)[0]


def absolute_fit(a: Any, y: Any) -> Any:
    through = np.array(list(combinations(range(len(y)), a.shape[1])))  # a best fit goes through K points
    through = through[np.abs(np.linalg.det(a[through])) > 1e-9]  # (M, K), those that settle a fit
    fits = np.linalg.solve(a[through], y[through][..., None])[..., 0]  # (M, K)
    return fits[np.argmin(np.abs(fits @ a.T - y).sum(axis=1))]


def pulls(loss: Loss, prediction: Any, y: Any) -> Any:
    at = dl.Tensor(prediction, requires_grad=True)
    loss(at, y).backward()
    return -len(y) * np.asarray(at.grad)  # how strongly each point pulls the prediction upwards


def reweighted_fit(loss: Loss, a: Any, y: Any) -> Any:
    weights = np.ones(len(y))
    for _ in range(40):  # squares, weighted so that they pull as the loss does
        root = np.sqrt(weights)
        fit = np.linalg.lstsq(a * root[:, None], y * root, rcond=None)[0]
        apart = y - a @ fit
        apart = np.where(np.abs(apart) < 1e-6, 1e-6, apart)
        weights = np.maximum(pulls(loss, y - apart, y) / apart, 1e-9)
    return fit


@dataclass(frozen=True)
class Answer:
    """The best fit under one loss.

    Attributes
    ----------
    name : str
    weights : array, shape (K,)
        The constant, or height at 0 and slope of the line.
    fitted : array, shape (N,)
        What it answers at each point.
    pulls : array, shape (N,)
        How strongly each point pulls it upwards; at a best fit they add up to 0, but for those that it goes through.
    """

    name: str
    weights: Array
    fitted: Array
    pulls: Array


@dataclass(frozen=True)
class FitResult:
    """The points, the one on the handle last, and the best fit under each loss."""

    x: Array
    y: Array
    answers: tuple[Answer, ...]


def check(loss: Any) -> None:
    """Raise an error that says what is wrong with a learner's own loss of predictions and truths, as `own.check` does."""
    own.check(
        loss, "BestAnswer", inputs="predictions", like="dl.absolute_error", at=np.array([0.5, 1.0, 4.0]),
        truths=np.array([1.0, -0.5, 2.0]),
        may_be="Predictions and truths may be any numbers, and lie on either side of each other.",
    )  # fmt: skip
