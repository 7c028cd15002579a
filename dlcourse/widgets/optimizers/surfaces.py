"""Surfaces to race on: each a height and a slope over two weights, written with NumPy, and what is known of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calculus import gradient
from dlcourse.calls import call_user_function
from dlcourse.errors import ShapeError, WrongTypeError, brief
from dlcourse.recording import no_grad
from dlcourse.tensor import Tensor

__all__ = ["LIMITS", "NOISE", "SURFACES", "OwnSurface", "Surface", "checked_start", "checked_surface", "heights"]

Limits = tuple[tuple[float, float], tuple[float, float]]

LIMITS: Limits = ((-4.0, 4.0), (-3.0, 3.0))
"""The part of every surface that is in the picture: w₁ across, w₂ up."""
NOISE = 1.0
"""Standard deviation of the noise on each entry of the gradient of the noisy bowl."""


def bowl_height(x: Any, y: Any, kappa: float) -> Any:
    return (x * x / kappa + y * y) / 2


def bowl_slope(x: Any, y: Any, kappa: float) -> Any:
    return x / kappa, y


def ravine_height(x: Any, y: Any, kappa: float) -> Any:
    off = y - x * x / 4 + 2  # how far from the floor, which is a parabola
    return (x - 2) ** 2 / 50 + off * off / 2


def ravine_slope(x: Any, y: Any, kappa: float) -> Any:
    off = y - x * x / 4 + 2
    return (x - 2) / 25 - off * x / 2, off


def saddle_height(x: Any, y: Any, kappa: float) -> Any:
    return (x * x - y * y) / 2 + y**4 / 16 + 1


def saddle_slope(x: Any, y: Any, kappa: float) -> Any:
    return x, y * y * y / 4 - y


def plateau_height(x: Any, y: Any, kappa: float) -> Any:
    return 1 - np.exp(-((x - 2) ** 2 + (y + 1) ** 2) / 2)


def plateau_slope(x: Any, y: Any, kappa: float) -> Any:
    inside = np.exp(-((x - 2) ** 2 + (y + 1) ** 2) / 2)
    return (x - 2) * inside, (y + 1) * inside


def carton_height(x: Any, y: Any, kappa: float) -> Any:
    return (x * x + y * y) / 40 + 0.3 - 0.15 * (np.cos(np.pi * x) + np.cos(np.pi * y))


def carton_slope(x: Any, y: Any, kappa: float) -> Any:
    return x / 20 + 0.15 * np.pi * np.sin(np.pi * x), y / 20 + 0.15 * np.pi * np.sin(np.pi * y)


@dataclass(frozen=True)
class Surface:
    """A surface of this course.

    Attributes
    ----------
    height, slope : callable
        (w₁, w₂, κ) -> the loss, and both entries of its gradient; places of any shape. κ counts on the bowls only.
    start : two floats
        Where a race begins unless somebody clicks elsewhere.
    lowest : pairs of floats
        The lowest places.
    kappa : float
        κ of a bowl whose slider is not shown.
    """

    height: Callable[[Any, Any, float], Any]
    slope: Callable[[Any, Any, float], Any]
    start: tuple[float, float]
    lowest: tuple[tuple[float, float], ...]
    kappa: float = 1.0
    noisy: bool = False


SURFACES = {
    "long bowl": Surface(bowl_height, bowl_slope, (-3.6, 0.8), ((0.0, 0.0),)),
    "ravine": Surface(ravine_height, ravine_slope, (-3.5, 2.5), ((2.0, -1.0),)),
    "saddle": Surface(saddle_height, saddle_slope, (-3.5, 0.001), ((0.0, 2.0), (0.0, -2.0))),
    "plateau": Surface(plateau_height, plateau_slope, (-2.0, 1.5), ((2.0, -1.0),)),
    "noisy bowl": Surface(bowl_height, bowl_slope, (-3.5, 2.0), ((0.0, 0.0),), kappa=4.0, noisy=True),
    "egg carton": Surface(carton_height, carton_slope, (-2.9, 2.3), ((0.0, 0.0),)),
}


@dataclass(frozen=True, eq=False)
class OwnSurface:
    """A learner's own loss of two weights: from a tensor of shape (2,) to a tensor with one number."""

    function: Callable[[Any], Any]

    @property
    def name(self) -> str:
        """Its name in *Code*."""
        name = str(getattr(self.function, "__name__", "loss"))
        return "loss" if name == "<lambda>" else name

    def height(self, x: float, y: float) -> float:
        """The loss at one place."""
        with no_grad(), np.errstate(all="ignore"):
            return float(self._value(Tensor(np.array([x, y]))).item())

    def slope(self, x: float, y: float) -> tuple[float, float]:
        """Both entries of the gradient at one place."""
        with np.errstate(all="ignore"):
            (entries,) = gradient(self._value, np.array([x, y]))
        return float(entries[0]), float(entries[1])

    def _value(self, w: Tensor) -> Tensor:
        value = call_user_function("OptimizerRace", "loss is called as loss(w), w of shape (2,).", self.function, w)
        if not isinstance(value, Tensor) or value.size != 1:
            kind = f"shape {value.shape}" if isinstance(value, Tensor) else type(value).__name__
            raise ShapeError(
                f"OptimizerRace: your loss should return a tensor with one number for w of shape (2,), not {kind}. "
                "Is a mean or a sum missing at the end?"
            )
        return value


def checked_surface(loss: Any) -> OwnSurface:
    """A learner's own loss, wrapped and tried once.

    Raises
    ------
    WrongTypeError
        If it is not a function.
    """
    if isinstance(loss, OwnSurface):
        return loss
    if not callable(loss):
        raise WrongTypeError(
            f"OptimizerRace: loss should be a function of a tensor of two weights, such as lambda w: (w * w).sum(), not {loss!r}."
        )
    own = OwnSurface(loss)
    own.height(0.0, 0.0)
    return own


def checked_start(start: Any) -> tuple[float, float]:
    """Where a run begins, as two floats.

    Raises
    ------
    ShapeError
        If it is not two finite numbers.
    """
    try:
        place = np.asarray(start, float)
    except (TypeError, ValueError):
        place = np.zeros(0)
    if place.shape != (2,) or not np.isfinite(place).all():
        raise ShapeError(
            f"OptimizerRace: start should be two numbers, (w₁, w₂), such as (-3.0, 1.0), not {brief(start)}."
        )
    return float(place[0]), float(place[1])


@lru_cache(maxsize=8)
def heights(surface: str, kappa: float, own: OwnSurface | None, count: int) -> Array:
    """Losses on a grid from limit to limit, shape (count, count), rows along w₂; NaN where a learner's loss has none."""
    across, up = (np.linspace(*ends, count) for ends in LIMITS)
    if own is None:
        return np.asarray(SURFACES[surface].height(*np.meshgrid(across, up), kappa))
    grid = np.full((count, count), math.nan)
    for i, y in enumerate(up):
        for j, x in enumerate(across):
            grid[i, j] = own.height(float(x), float(y))
    return grid
