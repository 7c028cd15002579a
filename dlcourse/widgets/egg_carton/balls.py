"""Numbers of the egg carton: its axes, its critical points, and the balls that roll in it."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calculus import hessian
from dlcourse.ops.elementwise import cos, sin
from dlcourse.tensor import Tensor

__all__ = [
    "BARS", "COUNTED", "REST", "Axis", "Sample", "axis", "binomial", "caught", "crowd", "dropped", "height",
    "number_of_balls", "over_deep", "pace", "rolled", "sample", "sample_size",
]  # fmt: skip

COUNTED = 16
"""Up to this many dimensions shares are counted; beyond, they are d times the logarithm of a share measured on the axes."""
BALLS, BALL_NUMBERS = 1000, 200_000
SAMPLES, SAMPLE_NUMBERS = 2**17, 2**18
BARS = 41
REST = 1e-3
"""Balls that move less than this in an update are at rest."""
KEPT_BYTES = 64_000_000


def height(w: Any, tilt: float) -> Any:
    """The height of each axis: 0 in the deepest well, 1 on average. Wells at 0.5 (deep) and 1.5, period 2."""
    return (cos(2 * math.pi * w) - tilt * sin(math.pi * w) + (1 + tilt)) * (1 / (1 + tilt))


@dataclass(frozen=True)
class Axis:
    """One axis of the carton."""

    tilt: float
    flat: Array
    """Its four critical points: deep well, shallow well, and the two tops between."""
    heights: Array
    curvatures: Array


@lru_cache(maxsize=64)
def axis(q: float) -> Axis:
    """The axis whose deep well catches the share q of all places."""
    tilt = 4 * math.sin(math.pi * (q - 0.5))
    top = math.asin(tilt / 4) / math.pi
    flat = np.array([0.5, 1.5, 1 + top, 2 - top])
    curvatures = np.diag(hessian(lambda w: height(w, tilt).sum(), flat)).copy()
    return Axis(tilt, flat, np.asarray(height(Tensor(flat), tilt).data), curvatures)


@dataclass(frozen=True)
class Sample:
    """How many axes bend down at critical points chosen at random."""

    size: int
    minima: int
    maxima: int
    mean: float
    deviation: float
    shares: Array
    """Share of the sample in each of BARS bins of (axes that bend down) / d."""
    bends_up: float
    """Share of all axes of all samples that bend up."""


def sample_size(d: int) -> int:
    """How many critical points are looked at in d dimensions."""
    numbers = SAMPLE_NUMBERS if d > COUNTED else SAMPLES * COUNTED
    return min(max(numbers // d, 4), SAMPLES)


@lru_cache(maxsize=32)
def sample(d: int, seed: int, down: tuple[bool, ...]) -> Sample:
    """Critical points of one period, each axis on one of its four flat places, chosen at random."""
    size = sample_size(d)
    kinds = np.random.default_rng([seed, 1]).integers(0, 4, (d, size), dtype=np.uint8)
    index = np.array(down)[kinds].sum(axis=0)
    shares = np.bincount(bar_of(index, d), minlength=BARS) / size
    return Sample(
        size=size,
        minima=int((index == 0).sum()),
        maxima=int((index == d).sum()),
        mean=float(index.mean()),
        deviation=float(index.std()),
        shares=shares,
        bends_up=1 - float(index.mean()) / d,
    )


def bar_of(index: Array, d: int) -> Array:
    """The bar of the picture in which points are counted with `index` of d axes that bend down."""
    return np.rint(index * ((BARS - 1) / d)).astype(int)


@lru_cache(maxsize=64)
def crowd(d: int) -> Array:
    """How many numbers of axes share a bar, at least 1."""
    return np.maximum(np.bincount(bar_of(np.arange(d + 1), d), minlength=BARS), 1)


@lru_cache(maxsize=64)
def binomial(d: int) -> Array:
    """The formula for `Sample.shares`: (d over k) / 2ᵈ, by logarithms."""
    k = np.arange(1, d + 1)
    logs = np.concatenate([[0.0], np.cumsum(np.log((d - k + 1) / k))]) - d * math.log(2)
    return np.bincount(bar_of(np.arange(d + 1), d), weights=np.exp(logs), minlength=BARS)


_kept: OrderedDict[Hashable, Array] = OrderedDict()


def rolled(d: int, q: float, seed: int, steps: int) -> Array:
    """The balls after some updates, shape (balls, d) float32; kept here, as they are too large for states."""
    latest = next((n for n in range(steps, -1, -1) if (d, q, seed, n) in _kept), -1)
    w = _kept[d, q, seed, latest] if latest >= 0 else dropped(d, seed)
    for n in range(max(latest, 0), steps):
        w = update(w, q)
        _keep((d, q, seed, n + 1), w)
    return w


def number_of_balls(d: int) -> int:
    """How many balls are dropped in d dimensions."""
    return min(max(BALL_NUMBERS // d, 4), BALLS)


def dropped(d: int, seed: int) -> Array:
    """Balls anywhere in one period."""
    return 2 * np.random.default_rng(seed).random((number_of_balls(d), d), dtype=np.float32)


def update(w: Array, q: float) -> Array:
    """One step of gradient descent for every ball; the step is 1 / (largest curvature), so no ball leaves its well."""
    places = Tensor(w, requires_grad=True)
    height(places, axis(q).tilt).sum().backward()
    assert places.grad is not None
    return np.asarray(w - pace(q) * places.grad)


def pace(q: float) -> float:
    """1 / (largest curvature)."""
    return float(1 / axis(q).curvatures.max())


def _keep(key: Hashable, w: Array) -> None:
    _kept[key] = w
    while len(_kept) > 1 and sum(one.nbytes for one in _kept.values()) > KEPT_BYTES:
        _kept.popitem(last=False)


def over_deep(w: Array, q: float) -> Array:
    """Where a coordinate hangs over a deep well, whose basin reaches q to each side of 0.5."""
    return np.abs((w + np.float32(0.5)) % 2 - 1) < q


@lru_cache(maxsize=64)
def caught(d: int, q: float, seed: int) -> float:
    """Share of all axes of all dropped balls that hang over a deep well."""
    return float(over_deep(dropped(d, seed), q).mean())
