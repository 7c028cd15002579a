"""ReLU units on a line in numbers: the layer's weights, its output again and again, and where that bends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.activations import relu
from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.losses import squared_error
from dlcourse.ops.matrix import affine

__all__ = [
    "GRID",
    "LEFT",
    "MOST",
    "REACH",
    "RIGHT",
    "SPARE",
    "STEEPEST",
    "TARGETS",
    "FoldsResult",
    "Unit",
    "aim",
    "checked_units",
    "fold",
    "network",
    "weights",
]

MOST = 8
LEFT, RIGHT = -0.15, 1.15
GRID = 521
STEEPEST = 6.0
REACH = 0.16
"""How far from its kink, along x, the handle sits that changes a unit's slope."""
SPARE = (
    (0.2, 2.0, False), (0.5, -4.0, False), (0.8, 2.0, False), (0.35, 1.0, False),
    (0.65, -1.0, False), (0.1, 1.5, True), (0.9, -2.0, False), (0.45, -1.5, True),
)  # fmt: skip
TARGETS: dict[str, tuple[tuple[float, float], ...]] = {
    "none": (),
    "hat": ((0.2, 0.0), (0.5, 1.0), (0.8, 0.0)),
    "table": ((0.15, 0.0), (0.35, 1.0), (0.65, 1.0), (0.85, 0.0)),
    "letter M": ((0.1, 0.0), (0.3, 1.0), (0.5, 0.4), (0.7, 1.0), (0.9, 0.0)),
    "wave": tuple((float(t), float(0.5 - 0.5 * np.cos(2 * np.pi * t))) for t in np.linspace(0, 1, 61)),
}
"""Corners of the curve that one may try to reach; it is level before the first and after the last."""

Unit = tuple[float, float, bool]
"""Kink, slope, and whether the unit opens to the left."""


@dataclass(frozen=True)
class FoldsResult:
    """What the units say along the line, and what their sum does."""

    x: Array
    units: Array
    total: Array
    bends: Array
    heights: Array
    bound: int
    error: float | None


def weights(units: tuple[Unit, ...]) -> tuple[Array, Array, Array]:
    """Return w (1, K), b (K,) and v (K, 1): each unit is v · relu(w · x + b), with w = 1 or −1."""
    direction = np.array([-1.0 if left else 1.0 for _, _, left in units])
    kinks = np.array([kink for kink, _, _ in units], float)
    v = np.array([slope for _, slope, _ in units], float)[:, None]
    return direction[None, :], -direction * kinks + 0.0, v


def network(x: Array, units: tuple[Unit, ...], base: float, layers: int) -> Array:
    """The output for inputs x of shape (N,): the same layer, `layers` times."""
    w, b, v = weights(units)
    y = np.asarray(x, float)[:, None]
    for _ in range(layers):
        y = affine(affine(y, w, b, activation=relu), v, np.array([base])).numpy()
    return y[:, 0]


def aim(target: str, x: Array) -> Array:
    """The curve that one may try to reach."""
    corners = np.array(TARGETS[target])
    return np.interp(x, corners[:, 0], corners[:, 1])


def fold(units: tuple[Unit, ...], base: float, layers: int, target: str) -> FoldsResult:
    """Everything that the units and their sum do along the line."""
    x = np.linspace(LEFT, RIGHT, GRID)
    w, b, v = weights(units)
    total = network(x, units, base, layers)
    places = bends(units, base, layers)
    error = None
    if TARGETS[target]:
        inside = (x >= 0) & (x <= 1)
        error = squared_error(total[inside], aim(target, x[inside])).item()
    return FoldsResult(
        x=x,
        units=affine(x[:, None], w, b, activation=relu).numpy() * v[:, 0],
        total=total,
        bends=places,
        heights=network(places, units, base, layers),
        bound=(len(units) + 1) ** layers - 1,
        error=error,
    )


def bends(units: tuple[Unit, ...], base: float, layers: int) -> Array:
    """Where the output bends, on the whole line. It can bend only where some layer's input is at a kink: these
    places are determined layer by layer, and the slopes on both sides of each are compared.
    """
    kinks = np.unique([kink for kink, _, _ in units])
    places = kinks
    for depth in range(1, layers):
        places = _where(lambda x, depth=depth: network(x, units, base, depth), places, kinks)  # type: ignore[misc]
    ends = np.concatenate([[places[0] - 1], places, [places[-1] + 1]])
    slopes = np.diff(network(ends, units, base, layers)) / np.diff(ends)
    turns = np.abs(np.diff(slopes))
    return places[turns > 1e-6 * np.maximum(1, np.abs(slopes[1:]))]


def _where(f: Callable[[Array], Array], places: Array, kinks: Array) -> Array:
    """The places where f, straight between `places` and beyond them, takes a value of `kinks`, and `places` themselves."""
    ends = np.concatenate([[places[0] - 1], places, [places[-1] + 1]])
    values = f(ends)
    slopes = np.diff(values) / np.diff(ends)
    low = np.concatenate([[-np.inf], places])
    high = np.concatenate([places, [np.inf]])
    with np.errstate(divide="ignore", invalid="ignore"):
        x = ends[:-1, None] + (kinks[None, :] - values[:-1, None]) / slopes[:, None]
    crossings = x[(x > low[:, None]) & (x < high[:, None]) & (np.abs(slopes) > 1e-12)[:, None]]
    together = np.sort(np.concatenate([places, crossings]))
    return together[np.concatenate([[True], np.diff(together) > 1e-12])]


def checked_units(folds: Any) -> tuple[Unit, ...]:
    """The learner's units, or an error that says what is wrong with them."""
    try:
        rows = [tuple(row) for row in folds]
    except TypeError:
        raise WrongTypeError(f"Folds: folds should be a list of (kink, slope), not {folds!r}.") from None
    if len(rows) > MOST or any(len(row) not in (2, 3) for row in rows):
        raise ShapeError(
            f"Folds: folds should be at most {MOST} rows of kink and slope (and opens_left), not {rows!r}."
        )
    units = tuple((float(row[0]), float(row[1]), bool(row[2]) if len(row) == 3 else False) for row in rows)
    if any(not (0 <= kink <= 1 and abs(slope) <= STEEPEST) for kink, slope, _ in units):
        raise DataError(
            f"Folds: a kink lies between 0 and 1, a slope between −{STEEPEST:g} and {STEEPEST:g}; got {rows!r}."
        )
    return units
