"""What the Playground learns from: points, inputs made of their two coordinates, and what the outputs are compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError
from dlcourse.losses import absolute_error, binary_cross_entropy, cross_entropy, hinge, huber, squared_error
from dlcourse.widgets.more_neurons_more_layers.playground.problems import NUMBERS, PROBLEMS, for_training

__all__ = [
    "CLASSES", "CLASS_NAMES", "EDGE", "FEATURES", "LOSSES", "Aim", "Examples", "OwnPoints", "Points", "aim_of", "check_points", "dealt",
    "inputs", "made", "own", "rows_of",
]  # fmt: skip

EDGE = 1.3
"""The picture of the plane runs from −EDGE to EDGE."""
CLASSES = ("1 orange circle", "2 blue square", "3 green triangle", "4 purple diamond")
CLASS_NAMES = ("an orange circle", "a blue square", "a green triangle", "a purple diamond")
LOSSES = {
    "cross-entropy": cross_entropy, "squared error": squared_error, "hinge": hinge,
    "absolute error": absolute_error, "Huber": huber,
}  # fmt: skip


# Points


@dataclass(frozen=True, eq=False)
class Points:
    """Points of the plane, what is true there, and which of them are for training."""

    x: Array
    y: Array
    seen: Array
    classes: int
    """0 where the answers are numbers."""


class Examples(NamedTuple):
    """Points, what the network sees of them, shape (N, K), and the truth in the form that the loss takes."""

    points: Points
    x: Array
    truth: Array


@lru_cache(maxsize=64)
def made(name: str, n: int, noise: float, share: int, seed: int) -> Points:
    """The points of a problem; the same settings give the same points."""
    x, y = PROBLEMS[name](n, noise, np.random.default_rng(seed))
    numbers = name in NUMBERS
    return Points(
        x=np.asarray(x, np.float32), y=np.asarray(y, np.float32) if numbers else np.asarray(y),
        seen=for_training(n, share / 100), classes=0 if numbers else int(np.max(y)) + 1,
    )  # fmt: skip


OwnPoints = tuple[tuple[float, float, int, bool], ...]
"""For each of the learner's points x₁, x₂, its class and whether it is for training."""


@lru_cache(maxsize=8)
def own(points: OwnPoints, noise: float, n: int, seed: int) -> Points:
    """The first `n` of the learner's points (0: all), with noise."""
    table = np.array(points, float).reshape(-1, 4)[: n or None]
    y = table[:, 2].astype(int)
    x = table[:, :2] + noise * np.random.default_rng(seed).normal(size=(len(table), 2)) if noise else table[:, :2]
    return Points(x.astype(np.float32), y, table[:, 3] > 0, max(2, int(y.max(initial=0)) + 1))


def rows_of(points: Points) -> OwnPoints:
    """Points as if they were the learner's; numbers become the classes below and above 0."""
    y = points.y if points.classes else (points.y > 0).astype(int)
    return tuple(
        (round(float(a), 4), round(float(b), 4), int(label), bool(seen))
        for (a, b), label, seen in zip(points.x, y, points.seen, strict=True)
    )


def dealt(points: OwnPoints, share: int) -> OwnPoints:
    """The learner's points, dealt anew into training and unseen ones."""
    seen = for_training(len(points), share / 100).tolist()
    return tuple((*point[:3], one) for point, one in zip(points, seen, strict=True))


def check_points(points: Any, share: int) -> OwnPoints:
    """The learner's points brought into the picture, or an error that says what is wrong with them.

    Coordinates that leave the picture are moved and scaled, each axis by itself, to −1 … 1. Points that came out of here
    stay as they are.
    """
    if isinstance(points, tuple) and all(
        isinstance(point, tuple) and len(point) == 4 and isinstance(point[3], bool) for point in points[:1]
    ):
        return points
    table = np.asarray(points, float)
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
    seen = table[:, 3] > 0 if table.shape[1] == 4 else for_training(len(x), share / 100)
    return tuple(
        (round(float(a), 4), round(float(b), 4), int(label), bool(s))
        for (a, b), label, s in zip(x, table[:, 2], seen, strict=True)
    )


# Inputs; Code shows what these functions return


def x1(x: Array) -> Array:
    return x[:, 0]


def x2(x: Array) -> Array:
    return x[:, 1]


def x1x1(x: Array) -> Array:
    return x[:, 0] ** 2


def x2x2(x: Array) -> Array:
    return x[:, 1] ** 2


def x1x2(x: Array) -> Array:
    return x[:, 0] * x[:, 1]


def sin1(x: Array) -> Array:
    return np.sin(4 * x[:, 0])


def sin2(x: Array) -> Array:
    return np.sin(4 * x[:, 1])


FEATURES: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "x1": ("x₁", x1), "x2": ("x₂", x2), "x1x1": ("x₁²", x1x1), "x2x2": ("x₂²", x2x2), "x1x2": ("x₁x₂", x1x2),
    "sin1": ("sin 4x₁", sin1), "sin2": ("sin 4x₂", sin2),
}  # fmt: skip
"""Field name: label, and function of the points (N, 2)."""


def inputs(x: Array, features: tuple[str, ...]) -> Array:
    """What the network sees of points x (N, 2), shape (N, number of features), float32."""
    return np.column_stack([FEATURES[name][1](x) for name in features]).astype(np.float32)


# What the outputs are compared with; Code shows what these functions return


def labels(y: Array, outputs: int) -> Array:
    return y


def column(y: Array, outputs: int) -> Array:
    return y[:, None].astype(np.float32)


def signs(y: Array, outputs: int) -> Array:
    return (2 * y - 1)[:, None].astype(np.float32)


def signs_of_classes(y: Array, outputs: int) -> Array:
    return (2 * (y[:, None] == np.arange(outputs)) - 1).astype(np.float32)


class Aim(NamedTuple):
    """A loss, and the form in which it takes the truth: a function of y and the number of outputs."""

    loss: Callable[..., Any]
    truth: Callable[[Array, int], Array]


def aim_of(name: str, classes: int, outputs: int) -> Aim:
    """The loss that is meant by a name, and what it compares with.

    Measured numbers are compared as they are. With classes, cross-entropy takes the class (one output: its probability);
    the other losses aim at 1 for the right class and −1 for the others.
    """
    if not classes:
        return Aim(squared_error if name in ("cross-entropy", "hinge") else LOSSES[name], column)
    if name == "cross-entropy":
        return Aim(cross_entropy, labels) if outputs > 1 else Aim(binary_cross_entropy, column)
    return Aim(LOSSES[name], signs if outputs == 1 else signs_of_classes)
