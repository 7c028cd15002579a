"""What the Playground learns from: points of several kinds, inputs made of their two coordinates, and what is compared.

Beside each thing stands the code that makes it, as the Playground's Code shows it; a test runs both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.toy import circles, moons, spirals, xor
from dlcourse.errors import DataError, ShapeError
from dlcourse.losses import absolute_error, binary_cross_entropy, cross_entropy, hinge, huber, squared_error

__all__ = [
    "EDGE",
    "FEATURES",
    "LOSSES",
    "NUMBERS",
    "PROBLEMS",
    "Points",
    "checked_points",
    "dealt",
    "inputs",
    "made",
    "own",
    "truth",
]

EDGE = 1.3
"""The picture of the plane runs from −EDGE to EDGE."""
GOLDEN = 0.618034

Maker = Callable[[int, float, np.random.Generator], tuple[Array, Array]]


def _two_blobs(n: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    y = np.arange(n) % 2
    return (1.2 * y - 0.6)[:, None] + 2 * noise * rng.normal(size=(n, 2)), y


def _four_blobs(n: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    y = np.arange(n) % 4
    return 1.2 * np.column_stack([y // 2, y % 2]) - 0.6 + 2 * noise * rng.normal(size=(n, 2)), y


def _rings(n: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    data = circles(n, noise=noise, ratio=0.4, rng=rng)
    return data.x, data.y


def _xor(n: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    data = xor(n, noise=noise, rng=rng)
    return 1.2 * data.x - 0.6, data.y


def _spirals(arms: int, turns: float) -> Maker:
    def make(n: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
        data = spirals(n, arms=arms, turns=turns, noise=0.3 * noise, rng=rng)
        return data.x, data.y

    return make


def _moons(n: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    data = moons(n, noise=noise, rng=rng)
    return 0.7 * (data.x - [0.5, 0.25]), data.y


def _slope(n: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    x = rng.uniform(-1, 1, (n, 2))
    return x, 0.5 * (x[:, 0] + x[:, 1]) + noise * rng.normal(size=n)


def _hills(n: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    x = rng.uniform(-1, 1, (n, 2))
    return x, np.sin(3 * x[:, 0]) * np.sin(3 * x[:, 1]) + noise * rng.normal(size=n)


PROBLEMS: dict[str, tuple[Maker, str]] = {
    "rings": (_rings, "data = dl.data.circles({n}, noise={noise}, ratio=0.4, rng=rng)\nx, y = data.x, data.y\n"),
    "XOR": (_xor, "data = dl.data.xor({n}, noise={noise}, rng=rng)\nx, y = 1.2 * data.x - 0.6, data.y\n"),
    "two blobs": (
        _two_blobs,
        "y = np.arange({n}) % 2\nx = (1.2 * y - 0.6)[:, None] + 2 * {noise} * rng.normal(size=({n}, 2))\n",
    ),
    "spirals": (
        _spirals(2, 1.5),
        "data = dl.data.spirals({n}, noise=0.3 * {noise}, rng=rng)\nx, y = data.x, data.y\n",
    ),
    "moons": (
        _moons,
        "data = dl.data.moons({n}, noise={noise}, rng=rng)\nx, y = 0.7 * (data.x - [0.5, 0.25]), data.y\n",
    ),
    "three arms": (
        _spirals(3, 0.8),
        "data = dl.data.spirals({n}, arms=3, turns=0.8, noise=0.3 * {noise}, rng=rng)\nx, y = data.x, data.y\n",
    ),
    "four blobs": (
        _four_blobs,
        "y = np.arange({n}) % 4\n"
        "x = 1.2 * np.column_stack([y // 2, y % 2]) - 0.6 + 2 * {noise} * rng.normal(size=({n}, 2))\n",
    ),
    "numbers: slope": (
        _slope,
        "x = rng.uniform(-1, 1, ({n}, 2))\ny = 0.5 * (x[:, 0] + x[:, 1]) + {noise} * rng.normal(size={n})\n",
    ),
    "numbers: hills": (
        _hills,
        "x = rng.uniform(-1, 1, ({n}, 2))\n"
        "y = np.sin(3 * x[:, 0]) * np.sin(3 * x[:, 1]) + {noise} * rng.normal(size={n})\n",
    ),
}
NUMBERS = ("numbers: slope", "numbers: hills")
"""The problems whose answers are measured numbers and no classes."""

FEATURES: dict[str, tuple[str, Callable[[Array], Array], str]] = {
    "x1": ("x₁", lambda x: x[:, 0], "x[:, 0]"),
    "x2": ("x₂", lambda x: x[:, 1], "x[:, 1]"),
    "x1x1": ("x₁²", lambda x: x[:, 0] ** 2, "x[:, 0] ** 2"),
    "x2x2": ("x₂²", lambda x: x[:, 1] ** 2, "x[:, 1] ** 2"),
    "x1x2": ("x₁x₂", lambda x: x[:, 0] * x[:, 1], "x[:, 0] * x[:, 1]"),
    "sin1": ("sin 4x₁", lambda x: np.sin(4 * x[:, 0]), "np.sin(4 * x[:, 0])"),
    "sin2": ("sin 4x₂", lambda x: np.sin(4 * x[:, 1]), "np.sin(4 * x[:, 1])"),
}
"""Field name: label, function of the points (N, 2), and its code."""

LOSSES = {
    "cross-entropy": cross_entropy, "squared error": squared_error, "hinge": hinge,
    "absolute error": absolute_error, "Huber": huber,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Points:
    """Points of the plane, what is true there, and which of them are for training."""

    x: Array
    y: Array
    seen: Array
    classes: int
    """0 where the answers are numbers."""

    def part(self, seen: bool) -> tuple[Array, Array]:
        """The points for training, or the others."""
        keep = self.seen == seen
        return self.x[keep], self.y[keep]


@lru_cache(maxsize=64)
def made(name: str, n: int, noise: float, share: int, seed: int) -> Points:
    """The points of a problem; the same settings give the same points."""
    x, y = PROBLEMS[name][0](n, noise, np.random.default_rng(seed))
    seen = np.arange(n) * GOLDEN % 1 < share / 100
    numbers = name in NUMBERS
    return Points(
        np.asarray(x, np.float32),
        np.asarray(y, np.float32) if numbers else np.asarray(y),
        seen,
        0 if numbers else int(np.max(y)) + 1,
    )


OwnPoints = tuple[tuple[float, float, int, bool], ...]


@lru_cache(maxsize=8)
def own(points: OwnPoints, noise: float, n: int, seed: int) -> Points:
    """The learner's points: x₁, x₂, class and whether it is for training; the first `n` of them (0: all), with noise."""
    table = np.array(points, float).reshape(-1, 4)[: n or None]
    y = table[:, 2].astype(int)
    x = table[:, :2] + noise * np.random.default_rng(seed).normal(size=(len(table), 2)) if noise else table[:, :2]
    return Points(x.astype(np.float32), y, table[:, 3] > 0, max(2, int(y.max(initial=0)) + 1))


def dealt(points: OwnPoints, share: int) -> OwnPoints:
    """The learner's points, dealt anew into training and unseen ones."""
    return tuple((*point[:3], i * GOLDEN % 1 < share / 100) for i, point in enumerate(points))


def inputs(x: Array, features: tuple[str, ...]) -> Array:
    """What the network sees of points x (N, 2), shape (N, number of features), float32."""
    return np.column_stack([FEATURES[name][1](x) for name in features]).astype(np.float32)


def truth(name: str, y: Array, classes: int, outputs: int) -> tuple[Callable[..., Any], Array, str, str]:
    """The loss that is meant by a name, the truth in the form it takes, and the code of both.

    Measured numbers are compared as they are. With classes, cross-entropy takes the class (one output: its probability);
    the other losses aim at 1 for the right class and −1 for the others.
    """
    if not classes:
        loss = squared_error if name in ("cross-entropy", "hinge") else LOSSES[name]
        return loss, np.asarray(y, np.float32)[:, None], loss.__name__, "y[:, None].astype(np.float32)"
    if name == "cross-entropy" and outputs > 1:
        return cross_entropy, y, "cross_entropy", "y"
    if name == "cross-entropy":
        return (
            binary_cross_entropy,
            y[:, None].astype(np.float32),
            "binary_cross_entropy",
            "y[:, None].astype(np.float32)",
        )
    loss = LOSSES[name]
    if outputs == 1:
        code = "(2 * y - 1)[:, None].astype(np.float32)"
        return loss, (2 * y - 1)[:, None].astype(np.float32), loss.__name__, code
    code = f"(2 * (y[:, None] == np.arange({outputs})) - 1).astype(np.float32)"
    return loss, (2 * (y[:, None] == np.arange(outputs)) - 1).astype(np.float32), loss.__name__, code


def checked_points(given: Any, share: int) -> OwnPoints:
    """The learner's points brought into the picture, or an error that says what is wrong with them.

    Coordinates that leave the picture are moved and scaled, each axis by itself, to −1 … 1.
    """
    table = np.asarray(given, float)
    if table.size == 0:
        return ()
    if table.ndim != 2 or table.shape[1] not in (3, 4):
        raise ShapeError(
            f"Playground: points should have shape (N, 3), each row x₁, x₂ and a class from 0 to 3, not {table.shape}. "
            "np.column_stack([x, y]) joins x (N, 2) and classes y (N,). A fourth column says with 1 or 0 whether a "
            "point is for training."
        )
    if not np.isfinite(table).all() or not np.isin(table[:, 2], (0, 1, 2, 3)).all():
        raise DataError("Playground: points should be finite numbers, and their third column a class from 0 to 3.")
    x = table[:, :2]
    if np.abs(x).max() > EDGE:
        low, high = x.min(axis=0), x.max(axis=0)
        x = 2 * (x - low) / np.where(high > low, high - low, 1) - 1
    seen = table[:, 3] > 0 if table.shape[1] == 4 else np.arange(len(x)) * GOLDEN % 1 < share / 100
    return tuple(
        (round(float(a), 4), round(float(b), 4), int(label), bool(s))
        for (a, b), label, s in zip(x, table[:, 2], seen, strict=True)
    )
