"""Errors and weights along the axes of `Regularize`: each λ and each degree begins with what the one before has left awake.

`numbers.fitted_with_l1` goes the whole way down from the λ at which all weights are 0, as *Code* shows it. From one place
on an axis to the next few weights wake up or fall asleep: with the right guess one system of equations gives them all, and
from a wrong one a search that lowers the error at every step finds the right one (Lee, Battle, Raina, Ng 2007). A test
compares all three.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from dlcourse.arrays import Array
from dlcourse.widgets.regularization.numbers import (
    DEGREES,
    FEW,
    GRID,
    STRENGTHS,
    Curves,
    RegularizeResult,
    Table,
    decomposed,
    fitted,
    fitted_with_l1,
    parts_of,
    swings,
)

__all__ = [
    "Problem",
    "along_degrees",
    "along_strengths",
    "problem_of",
    "result_of",
    "searched",
    "settled",
    "weights_of",
]

PATIENCE = 4
"""So often a guess of what is awake is mended, before a search begins."""
FARTHEST = 150
"""So many steps a search may take, before the whole way is gone."""


@dataclass(frozen=True, eq=False)
class Problem:
    """All swings at all points, shape (N, most); a lower degree uses the first columns of everything."""

    table: Table
    h: Array
    gram: Array
    """2 / n · HᵀH of the seen points, each column less its mean: how the error bends, (most, most)."""
    pull: Array
    """Minus the slope of the error where all weights are 0, (most,)."""
    latest: dict[int, Array] = field(default_factory=dict)
    """The last weights of each degree, for whatever λ and points: what a guess begins with, and nothing else."""

    @property
    def seen(self) -> Array:
        """The swings at the seen points."""
        return self.h[~self.table.unseen]

    @property
    def answers(self) -> Array:
        """y of the seen points."""
        return self.table.y[~self.table.unseen]


@lru_cache(maxsize=16)
def problem_of(table: Table, most: int, basis: str) -> Problem:
    """What is the same for every λ and every degree up to `most`."""
    h = swings(table.x, most, basis)
    seen, y = h[~table.unseen], table.y[~table.unseen]
    centred = seen - seen.mean(axis=0)
    share = 2 / len(y)
    return Problem(table, h, share * centred.T @ centred, share * centred.T @ (y - y.mean()), _latest(most, basis))


@lru_cache(maxsize=8)
def _latest(most: int, basis: str) -> dict[int, Array]:
    """One for all points: a few points more or less change few weights."""
    return {}


@lru_cache(maxsize=64)
def _parts(problem: Problem, degree: int) -> tuple[Array, Array, Array]:
    return decomposed(problem.seen[:, :degree])


def settled(gram: Array, pull: Array, l1: float, l2: float, guess: Array) -> Array | None:
    """The weights under a penalty with L1, from a guess of their signs; None if that leads nowhere.

    Parameters
    ----------
    gram, pull : array, shapes (K, K) and (K,)
        Of a `Problem`.
    l1, l2 : float
    guess : array, shape (K,)
        Weights of a problem like this one; only their signs count.
    """
    signs, fewest = np.sign(guess), np.inf
    for _ in range(PATIENCE):
        awake = np.flatnonzero(signs)
        rows = gram[awake]
        bend = rows[:, awake]
        bend[np.diag_indices(len(awake))] += l2
        try:
            w = np.linalg.solve(bend, pull[awake] - l1 * signs[awake])
        except np.linalg.LinAlgError:
            return None
        pulled = pull - w @ rows
        wrong = w * signs[awake] <= 0
        late = _lateness(pulled, l1, awake)
        wakes = np.flatnonzero(late > 0)
        mistakes = int(wrong.sum()) + len(wakes)
        if not mistakes:
            weights = np.zeros(len(pull))
            weights[awake] = w
            return weights
        if not l2 or mistakes >= fewest:  # all at once is safe only where the error bends in every direction
            wakes = wakes[late[wakes].argsort()[-1:]]
        fewest = min(fewest, mistakes)
        signs[awake[wrong]] = 0
        signs[wakes] = np.sign(pulled[wakes])
    return None


def searched(gram: Array, pull: Array, l1: float, l2: float, guess: Array) -> Array | None:
    """The same weights but for rounding, from any guess: one weight wakes up or falls asleep in each step, and the penalized
    error falls; None after `FARTHEST` steps.
    """
    w = guess.copy()
    awake, rested = np.flatnonzero(w), not w.any()
    for _ in range(FARTHEST):
        signs = np.sign(w[awake])
        if rested:
            pulled = pull - w[awake] @ gram[awake]
            late = _lateness(pulled, l1, awake)
            worst = int(late.argmax())
            if late[worst] <= 0:
                return w
            awake, signs = np.append(awake, worst), np.append(signs, np.sign(pulled[worst]))
        bend = gram[awake[:, None], awake]
        bend[np.diag_indices(len(awake))] += l2
        try:
            way = np.linalg.solve(bend, pull[awake] - l1 * signs) - w[awake]
        except np.linalg.LinAlgError:
            return None
        across = np.flatnonzero((w[awake] + way) * signs < 0)
        shares = -w[awake[across]] / way[across]  # of the way, where these weights are 0
        w[awake] += min([1.0, *shares]) * way
        rested = not len(across)
        if not rested:
            w[awake[across[shares.argmin()]]] = 0
            awake = np.flatnonzero(w)
    return None


def _lateness(pulled: Array, l1: float, awake: Array) -> Array:
    """By how much a sleeping weight is pulled harder than λ₁ holds it: above 0, it wakes up."""
    late = np.abs(pulled) - l1 * (1 + 1e-9)
    late[awake] = 0
    return late


def weights_of(problem: Problem, degree: int, l1: float, l2: float, guess: Array) -> Array:
    """The weights of one degree, shape (degree,); a guess that is near makes it quick, and none makes it wrong."""
    if not l1:
        return fitted(_parts(problem, degree), problem.answers, l2)
    near = np.zeros(degree)
    near[: len(guess)] = guess[:degree]
    given = problem.gram[:degree, :degree], problem.pull[:degree], l1, l2
    latest = problem.latest.get(degree, near)
    w = settled(*given, near)
    if w is None:
        w = settled(*given, latest)
    if w is None and (end := searched(*given, latest)) is not None:
        w = settled(*given, end)
    if w is None:
        w = fitted_with_l1(problem.seen[:, :degree], problem.answers, l1, l2)
    problem.latest[degree] = w
    return w


@lru_cache(maxsize=4096)
def _weights_at(problem: Problem, degree: int, i: int, l2: float) -> Array:
    """The weights where λ₁ is the i-th of `STRENGTHS`, from those at the next larger one; beyond the last all are 0."""
    if i == len(STRENGTHS):
        return np.zeros(degree)
    return weights_of(problem, degree, STRENGTHS[i], l2, _weights_at(problem, degree, i + 1, l2))


def errors_of(problem: Problem, weights: Array) -> tuple[Array, Array]:
    """Errors on seen and on unseen points of several polynomials at once, from weights (A, K); each shape (A,).

    The intercept is not penalized: the mean of all that is predicted for the seen points is the mean of their y.
    """
    h, unseen = problem.h[:, : weights.shape[1]], problem.table.unseen
    off = (h - h[~unseen].mean(axis=0)) @ weights.T + problem.answers.mean() - problem.table.y[:, None]
    return (off[~unseen] ** 2).mean(axis=0), (off[unseen] ** 2).mean(axis=0)


@lru_cache(maxsize=32)
def along_degrees(problem: Problem, l1: float, l2: float) -> Curves:
    """Errors and weights of every degree, at one λ."""
    most = problem.h.shape[1]
    degrees = [degree for degree in DEGREES if degree <= most]
    weights = np.full((len(degrees), most), np.nan)
    w = np.zeros(0)
    for row, degree in zip(weights, degrees, strict=True):
        row[:degree] = w = weights_of(problem, degree, l1, l2, w)
    return Curves(np.array(degrees, float), *errors_of(problem, np.nan_to_num(weights)), weights)


@lru_cache(maxsize=32)
def along_strengths(problem: Problem, degree: int, penalty: str, second: float) -> Curves:
    """Errors and weights for every λ, at one degree; of L1+L2 for every λ₁, at one λ₂."""
    if "L1" in penalty:
        weights = np.array([_weights_at(problem, degree, i, second) for i in reversed(range(len(STRENGTHS)))])[::-1]
    else:
        parts = (parts_of(penalty, strength, second) for strength in STRENGTHS)
        weights = np.array([weights_of(problem, degree, one, two, np.zeros(0)) for one, two in parts])
    return Curves(np.array(STRENGTHS), *errors_of(problem, weights), weights)


def result_of(
    table: Table, *, degree: int, most: int, basis: str, strength: float, second: float, penalty: str, axis: str
) -> RegularizeResult:
    """Everything that picture and sentence tell."""
    one, two = parts_of(penalty, strength, second)
    problem, at = problem_of(table, max(most, degree), basis), float(degree if axis == "degree" else strength)
    if axis == "degree":
        curves = along_degrees(problem, one, two)
        near = int(np.searchsorted(curves.at, degree, side="right")) - 1  # the highest degree that is no higher
    else:
        curves = along_strengths(problem, degree, penalty, two if penalty == "L1+L2" else 0.0)
        near = min(int(np.searchsorted(curves.at, strength)), len(curves.at) - 1)  # the lowest λ that is no lower
    w = curves.weights[near][:degree]
    if curves.at[near] != at:
        w = weights_of(problem, degree, one, two, np.nan_to_num(w))
    (seen_error,), (unseen_error,) = (each.tolist() for each in errors_of(problem, w[None]))
    b = problem.answers.mean() - problem.seen[:, :degree].mean(axis=0) @ w
    seen, unseen = ((table.x[mask], table.y[mask]) for mask in (~table.unseen, table.unseen))
    return RegularizeResult(
        seen=seen, unseen=unseen, curve=_drawn(problem.h.shape[1], basis)[:, :degree] @ w + b, weights=w,
        seen_error=seen_error, unseen_error=unseen_error,
        penalty=float(one * np.abs(w).sum() + two / 2 * (w**2).sum()), curves=curves,
        lowest=float(along_degrees(problem_of(table, FEW, basis), 0.0, 0.0).unseen.min()),
    )  # fmt: skip


@lru_cache(maxsize=6)
def _drawn(most: int, basis: str) -> Array:
    """The swings where the curve is drawn."""
    return swings(GRID, most, basis)
