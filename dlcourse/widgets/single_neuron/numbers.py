"""One neuron on two inputs, in numbers: what it says of points and of the plane, and where its border runs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError
from dlcourse.live.points import View
from dlcourse.ops.elementwise import exp
from dlcourse.ops.matrix import matmul
from dlcourse.tensor import Tensor

__all__ = [
    "AXIS", "CORNERS", "LINES", "PIXELS", "SQUARE", "TRUTH", "Handle", "NeuronResult", "Points", "bump", "check_points",
    "crossings", "handle", "neuron", "segment", "values_of", "view_around",
]  # fmt: skip

Points = tuple[tuple[float, float, int], ...]
"""x₁, x₂ and class of each point."""
Activation = Callable[[Any], Any]
CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
TRUTH = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "XOR": (0, 1, 1, 0)}
SQUARE = (-0.5, 1.5, -0.5, 1.5)
PIXELS = 90
LINES = 6
"""At most this many lines are drawn where the output crosses the threshold more than once."""
AXIS = np.linspace(-6, 6, 241)
"""Where the activation is drawn."""


@dataclass(frozen=True)
class NeuronResult:
    """What the neuron says of each point, and of the whole plane."""

    z: Array
    output: Array
    says: Array
    truth: Array
    right: int
    error: float
    """What Play makes smaller."""
    surface: Array
    threshold: float
    levels: tuple[float, ...]
    """Where the output crosses the threshold, as values of z: one for every line that is drawn."""


def bump(z: Any) -> Tensor:
    """f(z) = e^(−z²): up and down again, so not monotone."""
    z = z if isinstance(z, Tensor) else Tensor(z)
    return exp(-z * z)


def neuron(x: Array, w: tuple[float, float], b: float, activation: Activation) -> tuple[Array, Array]:
    """Return z = x @ w + b and f(z) for points x of shape (N, 2), each of shape (N,).

    Raises
    ------
    ShapeError
        If the activation does not act on each entry.
    """
    z = matmul(x, np.array([[w[0]], [w[1]]])) + b
    out = activation(z)
    values = np.asarray(out.data if isinstance(out, Tensor) else out, float)
    if values.shape != z.shape:
        raise ShapeError(f"Your activation turned shape {z.shape} into {values.shape}; f should act on each entry.")
    return z.numpy()[:, 0], values[:, 0]


def values_of(activation: Activation, z: Array) -> Array:
    """The activation's values as plain floats."""
    out = activation(Tensor(z))
    return np.asarray(out.data if isinstance(out, Tensor) else out, float)


def crossings(activation: Activation, low: float, high: float, threshold: float) -> tuple[float, ...]:
    """Where the activation crosses a threshold between two values of z, the first few."""
    z = np.linspace(low, high, 801)
    above = values_of(activation, z) - threshold
    before = np.flatnonzero((above[:-1] > 0) != (above[1:] > 0))[:LINES]
    shares = above[before] / (above[before] - above[before + 1])
    return tuple(float(at) for at in z[before] + shares * (z[before + 1] - z[before]))


class Handle(NamedTuple):
    """What the line is turned by: the pivot in its middle, the grip beside it, and the tip of the arrow along w."""

    pivot: tuple[float, float]
    grip: tuple[float, float]
    tip: tuple[float, float]


def handle(w: tuple[float, float], b: float, view: View) -> Handle | None:
    """Where the line w₁x + w₂y + b = 0 is turned by; None while w is zero."""
    foot = _foot(w, b, view)
    if foot is None:
        return None
    (px, py), (nx, ny) = foot
    reach = 0.3 * (view[1] - view[0])
    return Handle(
        pivot=(px, py), grip=(px - reach * ny, py + reach * nx), tip=(px + 0.4 * reach * nx, py + 0.4 * reach * ny)
    )


def segment(w: tuple[float, float], b: float, view: View) -> tuple[list[float], list[float]]:
    """The line w₁x + w₂y + b = 0 as x and y of two points far enough apart to cross the view; none while w is zero."""
    foot = _foot(w, b, view)
    if foot is None:
        return [], []
    (px, py), (nx, ny) = foot
    far = 1.5 * (view[1] - view[0])
    return [px - far * ny, px + far * ny], [py + far * nx, py - far * nx]


def _foot(w: tuple[float, float], b: float, view: View) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The line's point that is nearest to the middle of the view, and the direction of w, of length 1."""
    length = math.hypot(*w)
    if length < 1e-9:
        return None
    cx, cy = (view[0] + view[1]) / 2, (view[2] + view[3]) / 2
    nx, ny = w[0] / length, w[1] / length
    off = nx * cx + ny * cy + b / length
    return (cx - off * nx, cy - off * ny), (nx, ny)


def check_points(points: Any) -> Points:
    """The learner's points as a tuple, or an error that says what is wrong with them.

    Raises
    ------
    ShapeError
        If a row is not x₁, x₂ and a class.
    DataError
        If a number is not finite, or a class is neither 0 nor 1.
    """
    array = np.asarray(points, float)
    if array.size == 0:
        return ()
    if array.ndim != 2 or array.shape[1] != 3:
        raise ShapeError(
            f"NeuronExplorer: points should have shape (N, 3), each row x₁, x₂ and a class, not {array.shape}. "
            "np.column_stack([x, y]) joins x (N, 2) and classes y (N,)."
        )
    if not np.isfinite(array).all() or not np.isin(array[:, 2], (0, 1)).all():
        raise DataError("NeuronExplorer: points should be finite numbers, and their third column 0 or 1.")
    return tuple((float(x), float(y), int(label)) for x, y, label in array)


def view_around(points: Points) -> View:
    """A square around the points with some air, or the square of the gates."""
    if not points:
        return SQUARE
    xy = np.array(points)[:, :2]
    low, high = xy.min(axis=0), xy.max(axis=0)
    half = 0.6 * max(float((high - low).max()), 1e-3)
    (cx, cy) = (low + high) / 2
    return float(cx - half), float(cx + half), float(cy - half), float(cy + half)
