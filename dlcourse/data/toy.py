"""Points in the plane whose geometry is the point: moons, circles, spirals, XOR."""

from __future__ import annotations

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calls import explained
from dlcourse.dataset import Dataset
from dlcourse.errors import check_positive, check_whole
from dlcourse.initializers import check_rng

__all__ = ["circles", "moons", "spirals", "xor"]


@explained
def moons(n: int = 200, *, noise: float = 0.1, rng: np.random.Generator) -> Dataset:
    """Two half circles that reach into each other.

    Parameters
    ----------
    n : int
        Number of points, half of them (rounded up) of class 0.
    noise : float
        Standard deviation of what is added to each coordinate.
    rng : numpy Generator
        Same seed, same points.

    Raises
    ------
    ArgumentError
        If a setting is out of range.

    Examples
    --------
    >>> moons(100, rng=np.random.default_rng(0)).x.shape
    (100, 2)
    """
    upper, lower = _halves("moons", n)
    a, b = np.linspace(0, np.pi, upper), np.linspace(0, np.pi, lower)
    first = np.column_stack([np.cos(a), np.sin(a)])
    second = np.column_stack([1 - np.cos(b), 0.5 - np.sin(b)])
    return _finish("moons", [first, second], noise, rng)


@explained
def circles(n: int = 200, *, noise: float = 0.05, ratio: float = 0.5, rng: np.random.Generator) -> Dataset:
    """A circle of radius 1 (class 0) around one of radius `ratio` (class 1).

    Parameters
    ----------
    n : int
        Number of points, half of them (rounded up) of class 0.
    noise : float
        Standard deviation of what is added to each coordinate.
    ratio : float
        Radius of the inner circle.
    rng : numpy Generator
        Same seed, same points.

    Raises
    ------
    ArgumentError
        If a setting is out of range.

    Examples
    --------
    >>> rings = circles(100, noise=0, rng=np.random.default_rng(0))
    >>> radius = np.hypot(*rings.x.T)
    >>> radius[rings.y == 0].mean().round(3).item(), radius[rings.y == 1].mean().round(3).item()
    (1.0, 0.5)
    """
    outer, inner = _halves("circles", n)
    rings = [_ring(outer, 1.0), _ring(inner, check_positive("circles", "ratio", ratio))]
    return _finish("circles", rings, noise, rng)


@explained
def spirals(
    n: int = 200, *, arms: int = 2, turns: float = 1.5, noise: float = 0.02, rng: np.random.Generator
) -> Dataset:
    """Spirals that start together in the middle, one class per arm; radius up to 1.

    Parameters
    ----------
    n : int
        Number of points of all arms together.
    arms : int
        Number of classes, 2 or more.
    turns : float
        How often an arm goes around.
    noise : float
        Standard deviation of what is added to each coordinate.
    rng : numpy Generator
        Same seed, same points.

    Raises
    ------
    ArgumentError
        If a setting is out of range.

    Examples
    --------
    >>> arms = spirals(90, arms=3, rng=np.random.default_rng(0))
    >>> arms.x.shape, np.bincount(arms.y).tolist()
    ((90, 2), [30, 30, 30])
    """
    check_whole("spirals", "n", n)
    arms = check_whole("spirals", "arms", arms, least=2)
    parts = []
    for arm in range(arms):
        radius = np.sqrt(np.linspace(0.01, 1, (n + arms - 1 - arm) // arms))
        angle = 2 * np.pi * (turns * radius + arm / arms)
        parts.append(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))
    return _finish("spirals", parts, noise, rng)


@explained
def xor(n: int = 4, *, noise: float = 0.0, rng: np.random.Generator | None = None) -> Dataset:
    """The corners of the unit square; class 1 where exactly one coordinate is 1. More than 4 points repeat them.

    Parameters
    ----------
    n : int
        Number of points.
    noise : float
        Standard deviation of what is added to each coordinate.
    rng : numpy Generator
        Needed with noise only.

    Raises
    ------
    ArgumentError
        If n is less than 1, or noise is negative.

    Examples
    --------
    >>> xor().x.tolist(), xor().y.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    corner = np.arange(check_whole("xor", "n", n)) % 4
    x = np.column_stack([corner // 2, corner % 2]).astype(np.float32)
    y = (x[:, 0] != x[:, 1]).astype(np.int64)
    if check_positive("xor", "noise", noise, zero=True):
        x += check_rng("xor", rng).normal(0, noise, x.shape).astype(np.float32)
    return Dataset(x, y, classes=("equal", "different"), name="xor")


def _halves(owner: str, n: int) -> tuple[int, int]:
    n = check_whole(owner, "n", n, least=2)
    return (n + 1) // 2, n // 2


def _ring(n: int, radius: float) -> Array:
    angle = np.arange(n) * (2 * np.pi / n)
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


def _finish(name: str, parts: list[Array], noise: float, rng: np.random.Generator) -> Dataset:
    """Stack the classes, add noise, shuffle."""
    noise = check_positive(name, "noise", noise, zero=True)
    check_rng(name, rng)
    x = np.concatenate(parts)
    y = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    x = (x + noise * rng.normal(size=x.shape)).astype(np.float32)
    order = rng.permutation(len(x))
    return Dataset(x[order], y[order], classes=[str(i) for i in range(len(parts))], name=name)
