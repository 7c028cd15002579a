"""The points that Representation shows, and the small networks that it trains on them.

Its Code shows the very lines of the problems, of `rule` and of `learn`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import dlcourse as dl
from dlcourse.activations import tanh
from dlcourse.arrays import Array
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Sequential
from dlcourse.optimizers import Optimizer
from dlcourse.regularizers import Regularizer

__all__ = [
    "EVERY", "NETWORKS", "PENALTY", "PROBLEMS", "STEPS", "Problem", "learn", "made", "network", "problem", "rule", "training",
]  # fmt: skip

Generator = np.random.Generator

STEPS, EVERY = 300, 10
PENALTY = 1e-3
"""Pulls the weights a little towards 0: without it tanh squeezes everything into the corners, and one sees nothing."""
NETWORKS = {"2": (2,), "3": (3,), "2, 2": (2, 2), "2, 2, 2, 2": (2, 2, 2, 2)}


@dataclass(frozen=True, eq=False)
class Problem:
    """Points of two classes, and the square of the plane that is looked at."""

    x: Array
    y: Array
    centre: Array
    half: float

    def place(self, square: Array) -> Array:
        """From −1 … 1 in both directions to the plane, (N, 2)."""
        return np.asarray(self.centre + self.half * square, np.float32)


def disc_in_ring(rng: Generator) -> tuple[Array, Array]:
    radius = np.sqrt(np.concatenate([rng.uniform(0, 1 / 9, 400), rng.uniform(4 / 9, 1, 400)]))
    angle = rng.uniform(0, 2 * np.pi, 800)
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]).astype(np.float32)
    y = np.repeat([0, 1], 400)
    return x, y


def moons(rng: Generator) -> tuple[Array, Array]:
    data = dl.data.moons(800, noise=0.05, rng=rng)
    return 0.7 * (data.x - np.array([0.5, 0.25], np.float32)), data.y


def spirals(rng: Generator) -> tuple[Array, Array]:
    data = dl.data.spirals(800, turns=0.75, noise=0.0, rng=rng)
    return data.x, data.y


PROBLEMS: dict[str, Callable[[Generator], tuple[Array, Array]]] = {
    "disc in ring": disc_in_ring,
    "moons": moons,
    "spirals": spirals,
}


@lru_cache(maxsize=8)
def problem(name: str) -> Problem:
    """One of the course's own, 400 points per class.

    Examples
    --------
    >>> ring = problem("disc in ring")
    >>> radius = np.hypot(*ring.x.T)
    >>> bool(radius[ring.y == 0].max() <= 1 / 3 and radius[ring.y == 1].min() >= 2 / 3)
    True
    """
    x, y = PROBLEMS[name](np.random.default_rng(0))
    return Problem(x, y, np.zeros(2), 1.2)


def network(widths: tuple[int, ...], seed: int) -> Sequential:
    rng = np.random.default_rng(seed)
    sizes = (2, *widths)
    hidden_layers = [Dense(a, b, activation=tanh, rng=rng) for a, b in zip(sizes, widths, strict=False)]
    return Sequential(*hidden_layers, Dense(sizes[-1], 1, rng=rng))


def rule(model: Sequential) -> tuple[Optimizer, Regularizer]:
    return dl.Adam(model.parameters(), 0.1), dl.L2(PENALTY)


def learn(model: Sequential, x: Array, y: Array, optimizer: Optimizer, penalty: Regularizer, steps: int) -> None:
    for _ in range(steps):
        optimizer.zero_grad()
        (dl.binary_cross_entropy(model(x), y[:, None]) + penalty(model)).backward()
        optimizer.step()


@lru_cache(maxsize=64)
def training(points: Problem, widths: tuple[int, ...], seed: int) -> list[list[Array]]:
    """All parameters after 0, EVERY, 2 EVERY … STEPS steps of training on all points."""
    model = network(widths, seed)
    optimizer, penalty = rule(model)
    taken = [[p.data.copy() for p in model.parameters()]]
    for _ in range(STEPS // EVERY):
        learn(model, points.x, points.y, optimizer, penalty, EVERY)
        taken.append([p.data.copy() for p in model.parameters()])
    return taken


def made(points: Problem, widths: tuple[int, ...], seed: int, steps: int) -> Sequential:
    """A network after this many steps, a multiple of EVERY."""
    model = network(widths, seed)
    for parameter, values in zip(model.parameters(), training(points, widths, seed)[steps // EVERY], strict=True):
        parameter.data[...] = values
    return model
