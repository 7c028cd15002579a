"""The problems of the Playground, and which of their points are for training; its Code shows the very lines that stand here.

A problem is a function of the number of points, their noise and a random number generator. It returns points x, shape
(n, 2), and what is true there: classes y, or measured numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array

__all__ = ["NUMBERS", "PROBLEMS", "for_training"]

Made = tuple[Array, Array]
Generator = np.random.Generator


def rings(n: int, noise: float, rng: Generator) -> Made:
    data = dl.data.circles(n, noise=noise, ratio=0.4, rng=rng)
    return data.x, data.y


def xor(n: int, noise: float, rng: Generator) -> Made:
    data = dl.data.xor(n, noise=noise, rng=rng)
    return 1.2 * data.x - 0.6, data.y


def two_blobs(n: int, noise: float, rng: Generator) -> Made:
    y = np.arange(n) % 2
    x = (1.2 * y - 0.6)[:, None] + 2 * noise * rng.normal(size=(n, 2))
    return x, y


def spirals(n: int, noise: float, rng: Generator) -> Made:
    data = dl.data.spirals(n, noise=0.3 * noise, rng=rng)
    return data.x, data.y


def moons(n: int, noise: float, rng: Generator) -> Made:
    data = dl.data.moons(n, noise=noise, rng=rng)
    return 0.7 * (data.x - [0.5, 0.25]), data.y


def three_arms(n: int, noise: float, rng: Generator) -> Made:
    data = dl.data.spirals(n, arms=3, turns=0.8, noise=0.3 * noise, rng=rng)
    return data.x, data.y


def four_blobs(n: int, noise: float, rng: Generator) -> Made:
    y = np.arange(n) % 4
    x = 1.2 * np.column_stack([y // 2, y % 2]) - 0.6 + 2 * noise * rng.normal(size=(n, 2))
    return x, y


def slope(n: int, noise: float, rng: Generator) -> Made:
    x = rng.uniform(-1, 1, (n, 2))
    y = 0.5 * (x[:, 0] + x[:, 1]) + noise * rng.normal(size=n)
    return x, y


def hills(n: int, noise: float, rng: Generator) -> Made:
    x = rng.uniform(-1, 1, (n, 2))
    y = np.sin(3 * x[:, 0]) * np.sin(3 * x[:, 1]) + noise * rng.normal(size=n)
    return x, y


def for_training(n: int, share: float) -> Array:
    return np.arange(n) * 0.618034 % 1 < share


PROBLEMS: dict[str, Callable[[int, float, Generator], Made]] = {
    "rings": rings, "XOR": xor, "two blobs": two_blobs, "spirals": spirals, "moons": moons, "three arms": three_arms,
    "four blobs": four_blobs, "numbers: slope": slope, "numbers: hills": hills,
}  # fmt: skip
NUMBERS = ("numbers: slope", "numbers: hills")
"""The problems whose answers are measured numbers and no classes."""
