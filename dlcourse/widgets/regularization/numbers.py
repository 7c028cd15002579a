"""A polynomial as a sum of swings, its weights under a penalty, and the errors on seen and unseen points.

The weights are found exactly, so that a picture never waits for training: with L2 by singular values, with L1 by
following the weights down from the λ at which all of them are 0 (Osborne, Presnell, Turlach 2000). A test compares both
with scikit-learn's Ridge, Lasso and ElasticNet.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError
from dlcourse.live.numbers import signed

__all__ = [
    "BASES", "DEGREES", "FEW", "GRID", "MOST", "PENALTIES", "STRENGTHS", "UNSEEN_FROM", "Curves", "RegularizeResult", "Table",
    "check_points", "decomposed", "fitted", "fitted_with_l1", "noisy_wave", "parts_of", "swings", "table_of",
]  # fmt: skip

FEW, MOST = 14, 300
"""The highest degree at first, and the highest of all."""
UNSEEN_FROM = 60
"""The first 60 points may be seen; the 200 after them stay unseen."""
DEGREES = (*range(1, 21), 24, 28, 34, 40, 50, 65, 85, 110, 150, 200, MOST)
"""Degrees at which the errors are drawn."""
STRENGTHS = tuple(float(f"{10**power:.6g}") for power in np.linspace(-5, 1, 31))
"""The λ at which errors and weights are drawn."""
PENALTIES = ("none", "L2", "L1", "L1+L2")
BASES = ("Tₖ / k", "Tₖ", "xᵏ")
"""What the k-th weight is multiplied with: all three make the same polynomials, and call other weights small."""


# Points, swings and weights: what Code shows ------------------------------------------------------------------------


def noisy_wave(noise: float, seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    x, disturbance = rng.uniform(-1, 1, 260), rng.normal(size=260)
    return x, np.sin(4 * x) + noise * disturbance


def swings(x: Array, degree: int, basis: str) -> Array:
    k = np.arange(1, degree + 1)
    if basis == "xᵏ":
        return x[:, None] ** k
    swing = np.cos(k * np.arccos(x)[:, None])  # Tₖ, a polynomial of degree k that swings between −1 and 1: (N, degree)
    return swing / k if basis == "Tₖ / k" else swing


def decomposed(h: Array) -> tuple[Array, Array, Array]:
    u, s, vt = np.linalg.svd(h - h.mean(axis=0), full_matrices=False)
    return u, np.where(s > 1e-12 * s[0], s, 0), vt


def fitted(parts: tuple[Array, Array, Array], y: Array, l2: float) -> Array:
    u, s, vt = parts
    shrunk = s / np.where(s > 0, s**2 + len(y) / 2 * l2, 1)
    return (shrunk * (u.T @ (y - y.mean()))) @ vt  # with l2 = 0, of all best weights the shortest


def fitted_with_l1(h: Array, y: Array, l1: float, l2: float) -> Array:
    h, y = h - h.mean(axis=0), y - y.mean()
    bend = 2 / len(y) * h.T @ h + l2 * np.eye(h.shape[1])
    pull = 2 / len(y) * h.T @ y  # minus the slope of the error
    w, strength = np.zeros(h.shape[1]), np.abs(pull).max()
    awake = [int(np.abs(pull).argmax())]
    while strength > l1:  # lower λ until it is l1; on the way weights wake up, or fall asleep
        step = np.linalg.solve(bend[awake][:, awake], np.sign(pull[awake]))
        lost = bend[:, awake] @ step
        near = np.array([[1.0], [-1.0]]) * lost < 1 - 1e-9
        gap = strength - np.array([pull, -pull])
        wakes = np.where(near, gap / np.where(near, 1 - np.array([lost, -lost]), 1), np.inf).min(axis=0)
        wakes[awake] = np.inf
        wakes[wakes < 1e-13] = np.inf
        back = w[awake] * step < 0
        sleeps = np.where(back, -w[awake] / np.where(back, step, 1), np.inf)
        fall = min(wakes.min(), sleeps.min(), strength - l1)
        w[awake] += fall * step
        pull, strength = pull - fall * lost, strength - fall
        if fall == sleeps.min():
            w[awake.pop(int(sleeps.argmin()))] = 0
        elif fall == wakes.min():
            awake.append(int(wakes.argmin()))
    return w


def parts_of(penalty: str, strength: float, second: float) -> tuple[float, float]:
    """λ₁ and λ₂ of a penalty: of L1 and L2 one of them is 0, and of L1+L2 λ₂ is a second number.

    Examples
    --------
    >>> parts_of("L2", 0.1, 0.3), parts_of("L1", 0.1, 0.3), parts_of("L1+L2", 0.1, 0.3)
    ((0.0, 0.1), (0.1, 0.0), (0.1, 0.3))
    """
    return strength if "L1" in penalty else 0.0, {"L2": strength, "L1+L2": second}.get(penalty, 0.0)


# Results ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Table:
    """Points in the order in which they came, and which of them are unseen; the same object for the same points."""

    x: Array
    y: Array
    unseen: Array


@dataclass(frozen=True)
class Curves:
    """Along one axis, of degrees or of λ: errors (A,) on seen and unseen points, and weights (A, degree), NaN where there are none."""

    at: Array
    seen: Array
    unseen: Array
    weights: Array


@dataclass(frozen=True)
class RegularizeResult:
    """What a penalty makes of a polynomial.

    Attributes
    ----------
    seen, unseen : pairs of arrays
        x and y of the points.
    curve : array, shape (400,)
        The polynomial from −1 to 1.
    weights : array, shape (degree,)
    seen_error, unseen_error : float
        Mean squared errors, without the penalty.
    penalty : float
    curves : Curves
    lowest : float
        The lowest error on unseen points of any degree up to `FEW`, without a penalty.
    """

    seen: tuple[Array, Array]
    unseen: tuple[Array, Array]
    curve: Array
    weights: Array
    seen_error: float
    unseen_error: float
    penalty: float
    curves: Curves
    lowest: float

    @property
    def zeros(self) -> int:
        """How many weights are exactly 0."""
        return int((self.weights == 0).sum())

    @property
    def best(self) -> int:
        """Where along the axis the error on unseen points is lowest."""
        return int(np.argmin(self.curves.unseen))


GRID = np.linspace(-1, 1, 400)


@lru_cache(maxsize=64)
def table_of(noise: float, seed: int, examples: int) -> Table:
    """Of the noisy wave, so many seen points and the 200 unseen ones."""
    x, y = noisy_wave(noise, seed)
    keep = np.r_[:examples, UNSEEN_FROM : len(x)]
    return Table(x[keep], y[keep], keep >= UNSEEN_FROM)


def check_points(points: Any) -> Table:
    """The learner's points, x brought to −1 … 1; of each three the last one is kept unseen.

    Raises
    ------
    ShapeError
        If they are not at least 9 rows of x and y.
    DataError
        If a number is not finite, or all x are the same.
    """
    array = np.asarray(points, float)
    if array.ndim != 2 or array.shape[1] != 2 or len(array) < 9:
        raise ShapeError(
            f"Regularize: points should have shape (N, 2), each row x and y, with at least 9 rows, not {array.shape}. "
            "np.column_stack([x, y]) joins x (N,) and y (N,)."
        )
    if not np.isfinite(array).all():
        raise DataError("Regularize: points should be finite numbers.")
    x, y = array.T
    if np.ptp(x) == 0:
        raise DataError(
            f"Regularize: all points have x = {signed(x[0])}. A polynomial needs points at different places."
        )
    return Table(2 * (x - x.min()) / np.ptp(x) - 1, y, np.arange(len(x)) % 3 == 2)
