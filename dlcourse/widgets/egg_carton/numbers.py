"""Numbers of `EggCarton`: what is measured in a carton, each beside what its formula says."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dlcourse.arrays import Array
from dlcourse.recording import no_grad
from dlcourse.tensor import Tensor
from dlcourse.widgets.egg_carton import balls

__all__ = ["EggResult", "at_rest", "bends_down", "has_equal_wells", "log10", "measure", "profile"]


@dataclass(frozen=True)
class EggResult:
    """What was measured, each with what the formula says. Shares are given as log₁₀, for 2⁻ᵈ soon underflows."""

    sample: balls.Sample
    places: Array
    heights: Array
    """Height of each ball, mean over its axes."""
    arrived: int
    """Balls that are in a deepest well, on every axis."""
    minima: float
    minima_formula: float
    count: float
    count_formula: float
    index_formula: tuple[float, float]
    deepest: float
    deepest_formula: float
    rest_formula: tuple[float, float]
    caught: float
    """Share of all axes of all balls that hang over a deep well, measured when they were dropped."""


def has_equal_wells(q: float) -> bool:
    """Whether all wells are equally deep."""
    return balls.axis(q).tilt < 1e-9


def bends_down(q: float) -> tuple[bool, ...]:
    """Which of an axis's four critical points bend down."""
    return tuple(bool(curvature < 0) for curvature in balls.axis(q).curvatures)


def profile(q: float, w: Array) -> Array:
    """The height of an axis at some places of it."""
    return np.asarray(balls.height(Tensor(w), balls.axis(q).tilt).data)


def at_rest(d: int, q: float, seed: int) -> Array:
    """Where the dropped balls end up, shape (balls, d): each coordinate in the well over which it hung."""
    return np.where(balls.over_deep(balls.dropped(d, seed), q), np.float32(0.5), np.float32(1.5))


def measure(d: int, q: float, seed: int, places: Array) -> EggResult:
    """All numbers of a carton.

    Parameters
    ----------
    d : int
        Dimensions.
    q : float
        The deep well's share of an axis.
    seed : int
        Decides the sample of critical points, and where balls are dropped.
    places : array, shape (balls, d)
        Where the balls are now.
    """
    axis, sample = balls.axis(q), balls.sample(d, seed, bends_down(q))
    with no_grad():
        heights = np.asarray(balls.height(Tensor(places), axis.tilt).data)
    arrived = int((heights.max(axis=1) < 0.05).sum())
    equal = has_equal_wells(q)
    caught = 1.0 if equal else balls.caught(d, q, seed)
    if d <= balls.COUNTED:
        minima, deepest = log10(sample.minima / sample.size), log10(arrived / len(places))
    else:
        minima, deepest = d * math.log10(sample.bends_up), d * log10(caught)
    spread = (axis.heights[1] - axis.heights[0]) * math.sqrt(q * (1 - q) / d)
    return EggResult(
        sample=sample,
        places=places[:, :2] % 2,
        heights=heights.mean(axis=1, dtype=np.float64),
        arrived=arrived,
        minima=minima,
        minima_formula=-d * math.log10(2),
        count=minima + d * math.log10(4),
        count_formula=d * math.log10(2),
        index_formula=(d / 2, math.sqrt(d) / 2),
        deepest=deepest,
        deepest_formula=d * math.log10(1.0 if equal else q),
        rest_formula=(float((1 - q) * axis.heights[1]), float(spread)),
        caught=caught,
    )


def log10(share: float) -> float:
    """log₁₀, minus infinity for 0."""
    return math.log10(share) if share > 0 else -math.inf
