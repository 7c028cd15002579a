"""Seen and unseen points, in numbers: what each learner makes of the seen ones, and how far off it is on both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError
from dlcourse.live.points import View
from dlcourse.losses import squared_error
from dlcourse.widgets.supervised_learning.learners import Predict

__all__ = ["GRID", "VIEWS", "FitResult", "Pair", "Points", "check_points", "compare", "grid_of", "view_around"]

Points = tuple[tuple[float, float, int], ...]
"""x, y, and 1 for a seen point, 0 for an unseen one."""
Pair = tuple[Array, Array]
"""x and y, each of shape (N,)."""
GRID = 400
"""Number of x at which a curve is drawn."""
VIEWS: dict[str, View] = {
    "wave": (-1.1, 1.1, -2.0, 2.0), "jump": (-1.1, 1.1, -2.0, 2.0), "petals": (0.6, 7.3, -0.3, 3.1),
    "tumours": (5.5, 29.5, -200.0, 2800.0), "": (-1.1, 1.1, -2.0, 2.0),
}  # fmt: skip


@dataclass(frozen=True)
class FitResult:
    """What the learners made of the seen points."""

    seen: Pair
    unseen: Pair
    grid: Array
    curves: dict[str, Array]
    """The function that each learner chose, at `grid`; nothing while there are no points."""
    seen_errors: dict[str, float]
    unseen_errors: dict[str, float]
    """Mean squared errors, by learner; of the unseen points only if there are any and they may be shown."""
    told: Array
    """What the chosen learner says at each seen point."""


def grid_of(view: View) -> Array:
    """The x at which a curve is drawn, shape (GRID,)."""
    return np.linspace(view[0], view[1], GRID)


def compare(
    predictors: Mapping[str, Predict], chosen: str, *, seen: Pair, unseen: Pair, grid: Array, tells: bool
) -> FitResult:
    """Ask every learner's function for its curve and its errors.

    Parameters
    ----------
    predictors : mapping of str to callable
        The functions that the learners chose from the seen points, by learner; empty while there are none.
    chosen : str
        The learner whose answers at the seen points are kept.
    seen, unseen : pair of arrays
        x and y.
    grid : array, shape (GRID,)
        Where the curves are drawn.
    tells : bool
        Whether the errors on unseen points may be computed.
    """
    (x, y), (new_x, new_y) = seen, unseen
    curves: dict[str, Array] = {}
    seen_errors, unseen_errors = {}, {}
    told = np.zeros(0)
    everything = np.concatenate([grid, x, new_x])
    for name, predict in predictors.items():
        at_grid, at_seen, at_unseen = np.split(predict(everything), [len(grid), len(grid) + len(x)])
        curves[name] = at_grid
        seen_errors[name] = squared_error(at_seen, y).item()
        if tells and len(new_x):
            unseen_errors[name] = squared_error(at_unseen, new_y).item()
        if name == chosen:
            told = at_seen
    return FitResult(
        seen=seen, unseen=unseen, grid=grid, curves=curves, seen_errors=seen_errors, unseen_errors=unseen_errors, told=told
    )  # fmt: skip


def check_points(points: Any) -> Points:
    """The learner's points as a tuple, or an error that says what is wrong with them.

    Raises
    ------
    ShapeError
        If a row is not x, y and perhaps a mark.
    DataError
        If a number is not finite, or a mark neither 0 nor 1.
    """
    array = np.asarray(points, float)
    if array.size == 0:
        return ()
    if array.ndim != 2 or array.shape[1] not in (2, 3):
        raise ShapeError(
            f"FitAFunction: points should have shape (N, 2), each row x and y, not {array.shape}. "
            "np.column_stack([x, y]) joins x (N,) and y (N,). A third column may say 1 for seen and 0 for unseen."
        )
    if not np.isfinite(array).all():
        raise DataError("FitAFunction: points should be finite numbers.")
    if array.shape[1] == 2:
        array = np.column_stack([array, np.ones(len(array))])
    if not np.isin(array[:, 2], (0, 1)).all():
        raise DataError("FitAFunction: the third column of points says whether one is seen: 1 or 0.")
    return tuple((float(x), float(y), int(mark)) for x, y, mark in array)


def view_around(points: Points) -> View:
    """A rectangle around the points with some air."""
    if not points:
        return VIEWS[""]
    xy = np.array(points)[:, :2]
    low, high = xy.min(axis=0), xy.max(axis=0)
    room = np.where(high > low, high - low, np.maximum(np.abs(high), 1.0))
    (left, bottom), (right, top) = low - (0.06, 0.25) * room, high + (0.06, 0.25) * room
    return float(left), float(right), float(bottom), float(top)
