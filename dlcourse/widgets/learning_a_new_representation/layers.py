"""The way of points through the layers of a network, so that a picture can stop anywhere between two of them.

All drawing happens in space: a layer of two neurons lies in the plane z = 0. A dense layer is two legs, first the
straight map x W + b and then the activation. Half of a straight map is not half of its matrix, which could squash
everything flat: W is split into a stretch and a turn (polar decomposition), and each is done in part.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import CourseError, ShapeError, WrongTypeError
from dlcourse.layers.dense import Dense
from dlcourse.layers.modes import predicting
from dlcourse.layers.module import Sequential
from dlcourse.layers.summary import layer_name
from dlcourse.ops.matrix import affine
from dlcourse.tensor import Tensor

__all__ = ["Leg", "Straight", "check_model", "final_cut", "legs", "part_of_turn", "stops"]

DRAWN = (2, 3)
"""A layer can be drawn if it has one of these numbers of neurons."""


@dataclass(frozen=True, eq=False)
class Straight:
    """x -> x W + b in space, W = stretch @ turn."""

    stretch: Array
    turn: Array
    shift: Array

    def part(self, x: Array, share: float) -> Array:
        """A share, 0 to 1, of the map: x of shape (N, 3)."""
        stretch = (1 - share) * np.eye(3) + share * self.stretch
        return np.asarray(x @ stretch @ part_of_turn(self.turn, share) + share * self.shift)


@dataclass(frozen=True, eq=False)
class Leg:
    """From one layer that can be drawn to the next."""

    name: str
    apply: Callable[[Any], Any]
    straight: Straight | None
    """None where each point goes straight from here to there."""
    order: tuple[int, ...]
    """Which neuron is drawn along which axis: as many turns as possible, no mirror images."""

    def between(self, start: Array, end: Array, share: float) -> Array:
        """Where points (N, 3) are after a share of the leg."""
        if self.straight is not None:
            return self.straight.part(start, share)
        return (1 - share) * start + share * end


def part_of_turn(turn: Array, share: float) -> Array:
    """The same axis, a share of the angle (Rodrigues' formula); rows are turned, x @ turn.

    Examples
    --------
    >>> quarter = np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]])
    >>> part_of_turn(quarter, 2).round(6) + 0.0
    array([[-1.,  0.,  0.],
           [ 0., -1.,  0.],
           [ 0.,  0.,  1.]])
    """
    axis, angle = _axis_and_angle(turn)
    a, b, c = axis
    cross = np.array([[0, -c, b], [c, 0, -a], [-b, a, 0]])
    return np.asarray(np.eye(3) + np.sin(share * angle) * cross + (1 - np.cos(share * angle)) * cross @ cross).T


def _axis_and_angle(turn: Array) -> tuple[Array, float]:
    angle = float(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1)))
    if angle > np.pi - 1e-4:  # half a turn: turn + 1 is twice the projection onto the axis
        column = (turn + np.eye(3))[:, np.argmax(np.diag(turn))]
        return column / np.linalg.norm(column), angle
    axis = np.array([turn[1, 2] - turn[2, 1], turn[2, 0] - turn[0, 2], turn[0, 1] - turn[1, 0]])
    return axis / max(2 * np.sin(angle), 1e-12), angle


def _straight(weight: Array, bias: Array) -> Straight:
    """Split W (3, 3); `turn` is a proper turn wherever W does not mirror."""
    u, sizes, vt = np.linalg.svd(weight)
    if np.linalg.det(u @ vt) < 0:
        vt[2] *= -1
        sizes[2] *= -1
    return Straight(u @ np.diag(sizes) @ u.T, u @ vt, bias)


def in_space(x: Array) -> Array:
    """(N, 2) or (N, 3) -> (N, 3), with zeros for what is missing."""
    return np.asarray(np.pad(x.astype(np.float64), ((0, 0), (0, 3 - x.shape[1]))))


def legs(model: Sequential) -> list[Leg]:
    """All legs from the input plane to the last hidden layer.

    A layer that is too wide to be drawn is passed in one leg with the next one that is not.
    """
    done: list[Leg] = []
    pending: list[Callable[[Any], Any]] = []
    order: tuple[int, ...] = (0, 1)
    x, number = Tensor(np.zeros((1, 2), np.float32)), 0
    for layer in list(model)[:-1]:
        number += isinstance(layer, Dense)
        for name, step, dense in _parts(layer, number):
            before, x = x.shape[1], step(x)
            pending.append(step)
            if x.ndim != 2 or x.shape[1] not in DRAWN:
                continue
            single = len(pending) == 1
            straight = None
            if dense is not None and single:
                straight, order = _placed(dense, order)
            elif x.shape[1] != before or not single:
                order = tuple(range(x.shape[1]))
            done.append(Leg(name, _chain(tuple(pending)), straight, order))
            pending = []
    return done


def _parts(layer: Any, number: int) -> list[tuple[str, Callable[[Any], Any], Dense | None]]:
    """A dense layer as its sum and its activation; any other layer unchanged."""
    if not isinstance(layer, Dense):
        return [(layer_name(layer), layer, None)]

    def total(x: Any) -> Any:
        return affine(x, layer.weight) if layer.bias is None else affine(x, layer.weight, layer.bias)

    parts: list[tuple[str, Callable[[Any], Any], Dense | None]] = [(f"the sum x W + b of layer {number}", total, layer)]
    if layer.activation is not None:
        name = getattr(layer.activation, "__name__", "activation")
        parts.append((f"{name}, layer {number}", layer.activation, None))
    return parts


def _chain(steps: tuple[Callable[[Any], Any], ...]) -> Callable[[Any], Any]:
    def apply(x: Any) -> Any:
        for step in steps:
            x = step(x)
        return x

    return apply


def _placed(dense: Dense, before: tuple[int, ...]) -> tuple[Straight, tuple[int, ...]]:
    """The straight map with its neurons on the axes in the order that needs the smallest turn and no mirror."""
    weight = dense.weight.data.astype(np.float64)[list(before)]
    bias = np.zeros(dense.outputs) if dense.bias is None else dense.bias.data.astype(np.float64)
    choices = []
    for order in itertools.permutations(range(dense.outputs)):
        w = np.zeros((3, 3))
        w[: len(before), : dense.outputs] = weight[:, order]
        straight = _straight(w, np.pad(bias[list(order)], (0, 3 - dense.outputs)))
        flat = len(before) == dense.outputs == 2
        mirrors = np.linalg.det(weight[:, order]) < 0 if len(before) == dense.outputs else False
        angle = _axis_and_angle(straight.turn)[1]
        choices.append((mirrors, flat and straight.turn[2, 2] < 0, round(angle, 9), order, straight))
    *_, order, straight = min(choices, key=lambda choice: choice[:4])
    return straight, tuple(order)


def stops(route: list[Leg], x: Array) -> list[Array]:
    """Where points x (N, 2) are at the start and after each leg: (N, 3) each, along the drawn axes."""
    places, values = [in_space(x)], Tensor(x.astype(np.float32))
    for leg in route:
        values = leg.apply(values)
        places.append(in_space(values.data[:, list(leg.order)]))
    return places


def final_cut(model: Sequential) -> tuple[Array, float]:
    """Weights (M,) and bias of the last layer's cut: above 0 is class 1."""
    last = model[len(model) - 1]
    w = last.weight.data.astype(np.float64)
    b = np.zeros(last.outputs) if last.bias is None else last.bias.data.astype(np.float64)
    if last.outputs == 1:
        return w[:, 0], float(b[0])
    return w[:, 1] - w[:, 0], float(b[1] - b[0])


def check_model(owner: str, model: Any) -> None:
    """Raise unless the model goes from points of a plane through 2 or 3 hidden neurons to one straight cut.

    Raises
    ------
    WrongTypeError
        If it is not a Sequential, or does not end in a dense layer without an activation.
    ShapeError
        If it takes no points of a plane, if its last hidden layer is too wide, or if it has more than two outputs.
    """
    if not isinstance(model, Sequential):
        raise WrongTypeError(f"{owner}: model should be a dl.Sequential, not {type(model).__name__}.")
    last = model[len(model) - 1] if len(model) else None
    if not isinstance(last, Dense) or last.activation is not None:
        raise WrongTypeError(
            f"{owner}: the last layer makes the straight cut, so it should be a dl.Dense without an activation. "
            f"This model has the layers {', '.join(map(layer_name, model)) or 'none'}."
        )
    if last.outputs > 2:
        raise ShapeError(
            f"{owner}: {last.outputs} outputs would be several cuts. One output, or two for two classes, is one cut."
        )
    if len(model) < 2:
        raise ShapeError(f"{owner}: the model has no hidden layer, so there is no way to travel.")
    try:
        with predicting(model):
            h = model[:-1](Tensor(np.zeros((1, 2), np.float32)))
            model(Tensor(np.zeros((1, 2), np.float32)))
    except CourseError as error:
        raise ShapeError(f"{owner}: the model should take points of a plane, shape (N, 2). It says: {error}") from error
    if h.ndim != 2 or h.shape[1] not in DRAWN:
        raise ShapeError(
            f"{owner}: the layer before the cut has {h.shape[-1]} neurons; 2 or 3 can be drawn. "
            f"Put a narrow one there: dl.Dense({h.shape[-1]}, 3, activation=dl.tanh, rng=rng)."
        )
