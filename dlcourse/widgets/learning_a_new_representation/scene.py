"""Everything there is to see of a network and its points, at every layer: computed once, then shown at any place between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.decision import predicted_classes
from dlcourse.layers.modes import predicting
from dlcourse.layers.module import Sequential
from dlcourse.metrics import predict
from dlcourse.widgets.learning_a_new_representation import layers
from dlcourse.widgets.learning_a_new_representation.training import Problem

__all__ = ["MOST", "Scene", "scene"]

FINE = 161
"""Places along each side of the plane at which the network is asked where its boundary lies."""
GRID = np.linspace(-1.0, 1.0, 11)
MOST = 1000
"""How many points are drawn."""


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything about a network and its points that is the same wherever between the layers one looks."""

    legs: list[layers.Leg]
    points: list[Array]
    """Where the points are at the start and after each leg, (N, 3) each, along the drawn axes; so for the next two."""
    grid: list[Array]
    boundary: list[Array]
    says: Array
    """The class that the network says, for each point."""
    right: float
    sides: Array
    """Which side of the boundary each place of the plane is on: (FINE, FINE), the lowest row first."""
    weight: Array
    """Of the last cut, along the drawn axes: (3,)."""
    bias: float

    @property
    def deep(self) -> bool:
        """Whether any layer fills space, not only a plane."""
        return any(len(leg.order) == 3 for leg in self.legs)


def scene(model: Sequential, points: Problem) -> Scene:
    ticks = np.linspace(-1, 1, FINE)
    everywhere = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    with predicting(model):

        def logit(square: Array) -> Array:
            return _cut_value(predict(model, points.place(square), batch_size=len(square)))

        logits = logit(everywhere).reshape(FINE, FINE)
        legs = layers.legs(model)
        says = predicted_classes(predict(model, points.x))
        groups = [points.x[:MOST], points.place(_grid()), points.place(_boundary(logits, logit))]
        stops = layers.stops(legs, np.concatenate(groups))
    ends = np.cumsum([len(group) for group in groups])
    parts = [[stop[end - len(group) : end] for stop in stops] for end, group in zip(ends, groups, strict=True)]
    w, bias = layers.final_cut(model)
    weight = np.zeros(3)
    weight[: len(w)] = w[list(legs[-1].order)]
    right = float((says == points.y).mean())
    of_points, of_grid, of_boundary = parts
    return Scene(legs, of_points, of_grid, of_boundary, says, right, logits > 0, weight, bias)


def _cut_value(outputs: Array) -> Array:
    return outputs[:, 0] if outputs.shape[1] == 1 else outputs[:, 1] - outputs[:, 0]


def _grid() -> Array:
    """Lines of a square grid over −1 … 1, each followed by NaN where the pen is lifted: (N, 2)."""
    along = np.append(np.linspace(-1, 1, 49), np.nan)
    lines = [np.column_stack([np.where(np.isnan(along), np.nan, at), along]) for at in GRID]
    return np.concatenate([*lines, *(line[:, ::-1] for line in lines)])


def _boundary(values: Array, logit: Callable[[Array], Array]) -> Array:
    """Where a function over the square −1 … 1 passes 0, as lines with NaN between: (N, 2).

    Values (FINE, FINE) at regular places say between which neighbours; there it is halved until it fits.
    """
    from contourpy import contour_generator

    lines: Any = contour_generator(z=values).lines(0.0)
    gap = np.full((1, 2), np.nan)
    at = np.concatenate([part for line in lines for part in (line, gap)] or [gap])
    at = np.where(np.abs(at - np.round(at)) < 1e-6, np.round(at), at)
    low, high = np.floor(at), np.ceil(at)
    to_square = 2 / (FINE - 1)
    sign = np.sign(logit(np.nan_to_num(low) * to_square - 1))[:, None]
    for _ in range(10):
        middle = (low + high) / 2
        same = np.sign(logit(np.nan_to_num(middle) * to_square - 1))[:, None] == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return np.asarray((low + high) / 2 * to_square - 1)
