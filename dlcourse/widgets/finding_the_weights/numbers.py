"""Numbers of `GradientStep`: errors as functions of weights, and what one place and one update from there say."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.activations import tanh
from dlcourse.arrays import Array
from dlcourse.calculus import gradient, hessian
from dlcourse.data import iris
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.tensor import Tensor

__all__ = [
    "EXPLODED", "NETWORK", "SHARES", "SLOWEST_FASTEST", "Limits", "OwnError", "Place", "StepResult", "Terrain", "Vector", "checked_start",
    "flowers", "heights", "limits", "look", "round_ends", "view_of",
]  # fmt: skip

Vector = tuple[float, ...]
Limits = tuple[tuple[float, float], tuple[float, float]]
"""Ends of the axis across, and of the axis up."""

NETWORK = (1.66, 0.66, -1.64, -0.01, 0.0)
VIEW: dict[str, Limits] = {"one weight": ((-1.0, 6.5), (-3.0, 30.0)), "two weights": ((-1.0, 6.5), (-3.0, 5.0))}
OWN_VIEW: Limits = ((-4.0, 8.0), (-4.0, 6.0))
SLOWEST_FASTEST = (0.001, 4.0)
"""Steps and bounds that are drawn: all that the slider can set; bounds beyond stand at these ends."""
SHARES = np.linspace(-0.5, 2.5, 41)
"""Where the profile along the update is computed, 1 being the whole update."""
EXPLODED = 1e12


@lru_cache(maxsize=1)
def flowers() -> tuple[Array, Array]:
    """Width and length of 150 petals in cm, each of shape (150,), float64."""
    x = iris().x.astype(np.float64)
    return x[:, 3], x[:, 2]


@dataclass(frozen=True, eq=False)
class OwnError:
    """A learner's error, as each widget wraps it anew: what is remembered of it ends with the widget."""

    function: Callable[[Any], Any]

    @property
    def name(self) -> str:
        """Its name in *Code*."""
        name = str(getattr(self.function, "__name__", "error"))
        return "error" if name == "<lambda>" else name


def two_wells(w: Any) -> Any:
    """The landscape of “yours” if the learner gives none: wells at w₁ = ±2."""
    return (w[..., 0] ** 2 - 4) ** 2 / 16 + w[..., 1] ** 2


@dataclass(frozen=True)
class Terrain:
    """An error as a function of weights: that of a model of the petals, or a learner's own."""

    landscape: str
    b: float
    """The second weight of “one weight”, which stays; 0 in the others."""
    own: OwnError | None

    def says(self, w: Any, x: Array) -> Any:
        """What the neuron or the network says for x: weights (..., D) and x (N,) give (..., N)."""
        if self.landscape == "one weight":
            return w[..., 0:1] * x + self.b
        if self.landscape == "two weights":
            return w[..., 0:1] * x + w[..., 1:2]
        hidden = tanh(w[..., 0:4:2, None] * x + w[..., 1:4:2, None])  # two neurons, (..., 2, N)
        return (w[..., 4:6, None] * hidden).sum(axis=-2) + w[..., 6:7]

    @property
    def function(self) -> Callable[[Any], Any]:
        """The error of the weights: (..., D) -> (...); a learner's own takes (D,)."""
        if self.landscape == "yours":
            return two_wells if self.own is None else self.own.function
        x, y = flowers()

        def error(w: Any) -> Any:
            miss = self.says(w, x) - y
            return (miss * miss).mean(axis=-1)

        return error

    def value(self, weights: Any) -> float:
        """The error at these weights.

        Raises
        ------
        ShapeError
            If a learner's own function returns anything but a tensor with one number.
        """
        value = self.function(Tensor(np.asarray(weights, float)))
        if not isinstance(value, Tensor) or value.size != 1:
            kind = f"shape {value.shape}" if isinstance(value, Tensor) else type(value).__name__
            raise ShapeError(f"GradientStep: your error should return a tensor with one number, not {kind}.")
        return float(value.item())

    def values(self, many: Array) -> Array:
        """Errors at many places: (M, D) -> (M,)."""
        with np.errstate(all="ignore"):
            if self.own is not None:
                return np.array([self.value(weights) for weights in many])
            return np.asarray(self.function(Tensor(many)).data)


def view_of(count: int) -> str:
    """ "curve" for one weight, "map" for two, "slice" along the update for more."""
    return {1: "curve", 2: "map"}.get(count, "slice")


def limits(terrain: Terrain, view: str) -> Limits:
    """The part of the terrain that is in the picture."""
    if terrain.landscape != "yours":
        return VIEW.get(terrain.landscape, OWN_VIEW)
    return OWN_VIEW if view == "map" else _limits_of_curve(terrain)


@lru_cache(maxsize=8)
def _limits_of_curve(terrain: Terrain) -> Limits:
    """The axes for a learner's error of one weight, with all its heights over the whole slider."""
    places = np.linspace(*OWN_VIEW[0], 61)
    curve = np.array([float(terrain.function(Tensor(np.array([w]))).item()) for w in places])
    curve = curve[np.isfinite(curve)] if np.isfinite(curve).any() else np.zeros(1)
    margin = 0.1 * max(float(np.ptp(curve)), 1e-6)
    return OWN_VIEW[0], (float(curve.min()) - margin, float(curve.max()) + margin)


@lru_cache(maxsize=8)
def heights(terrain: Terrain) -> Array:
    """Errors over a grid of two weights from limit to limit, shape (M, M)."""
    count = 101 if terrain.own is None else 41
    across, up = (np.linspace(*ends, count) for ends in limits(terrain, "map"))
    places = np.stack(np.meshgrid(across, up), axis=-1)
    return terrain.values(places.reshape(-1, 2)).reshape(count, count)


@dataclass(frozen=True)
class Place:
    """One place in the terrain, and one update from there."""

    weights: Array
    error: float
    gradient: Array
    after: Array
    promised: float
    """Change of the error along the tangent: −step · |gradient|²."""
    real: float
    curvatures: Array
    """Eigenvalues of the Hessian, the largest last."""
    steepest: Array
    bound: float
    """2 / largest curvature; infinite where nothing bends up."""
    bend: float
    """gᵀHg / gᵀg, the curvature along the update."""
    profile: Array
    """Errors over the axis of one weight, or along the update of three weights or more; none of two."""

    @property
    def at_rest(self) -> bool:
        """Whether the update has nothing left to do."""
        return float(np.abs(self.after - self.weights).max()) < 1e-6 * max(1.0, float(np.abs(self.weights).max()))


@dataclass(frozen=True)
class StepResult(Place):
    """A place, and the way that led there."""

    errors: tuple[float, ...]
    bounds: tuple[float, ...]
    path: Array


@lru_cache(maxsize=8)
def look(terrain: Terrain, weights: Vector, lr: float) -> Place:
    """Everything that one place has to say.

    Parameters
    ----------
    terrain : Terrain
    weights : tuple of D numbers
    lr : float
        The step of the update.
    """
    here, function = np.array(weights), terrain.function
    with np.errstate(all="ignore"):
        value = terrain.value(here)
        (slope,) = gradient(function, here)
        curvatures, vectors = np.linalg.eigh(np.nan_to_num(hessian(function, here)))
        after = here - lr * slope
        square = float(slope @ slope)
        real = terrain.value(after) - value
    top = float(curvatures[-1])
    return Place(
        weights=here,
        error=value,
        gradient=slope,
        after=after,
        promised=-lr * square,
        real=real,
        curvatures=curvatures,
        steepest=vectors[:, -1],
        bound=2 / top if top > 1e-9 else math.inf,
        bend=float(((vectors.T @ slope) ** 2) @ curvatures) / square if square else 0.0,
        profile=_profile(terrain, here, lr * slope),
    )


def _profile(terrain: Terrain, weights: Array, move: Array) -> Array:
    view = view_of(len(weights))
    if view == "map":
        return np.zeros(0)
    if view == "slice":
        return terrain.values(weights - SHARES[:, None] * move)
    return terrain.values(np.linspace(*limits(terrain, view)[0], 121)[:, None])


def checked_start(start: Any) -> Array:
    """Where a learner's own landscape begins, shape (D,).

    Raises
    ------
    ShapeError
        If it is not a row of numbers.
    DataError
        If a number is not finite.
    """
    weights = np.atleast_1d(np.asarray(start, float))
    if weights.ndim != 1 or not weights.size:
        raise ShapeError(f"GradientStep: start should have shape (D,), one number per weight, not {weights.shape}.")
    if not np.isfinite(weights).all():
        raise DataError("GradientStep: start should be finite numbers.")
    return weights


def checked_error(error: Any) -> OwnError:
    """A learner's own error, wrapped.

    Raises
    ------
    WrongTypeError
        If it is not a function.
    """
    if not callable(error):
        raise WrongTypeError(f"GradientStep: error should be a function from a tensor to a number, not {error!r}.")
    return OwnError(error)


def round_ends(low: float, high: float) -> tuple[float, float]:
    """The next 1, 2 or 5 times a power of ten below and above.

    >>> round_ends(0.32, 0.5), round_ends(0.096, 0.34)
    ((0.2, 0.5), (0.05, 0.5))
    """
    marks = [float(f"{digit}e{power}") for power in range(-4, 3) for digit in (1, 2, 5)]
    return max(one for one in marks if one <= low), min(one for one in marks if one >= high)
