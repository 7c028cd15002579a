"""Where everything is at a place between two layers, and the check of a learner's own points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.dataset import Dataset
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.widgets.learning_a_new_representation.scene import Scene
from dlcourse.widgets.learning_a_new_representation.training import Problem

__all__ = ["RepresentationResult", "checked_points", "on_the_way"]


@dataclass(frozen=True, eq=False)
class RepresentationResult:
    """Where everything is at the shown place between two layers."""

    scene: Scene
    points: Array
    """(N, 3), along the drawn axes; so for the next two."""
    grid: Array
    boundary: Array
    leg: int
    """The leg of the way, counted from 0."""
    share: float
    """How much of it is done."""
    layers: list[Array]
    """What the points are at the start and after each leg, in the order of the network's neurons: (N, 2) or (N, 3)."""
    right: float
    """Share of the points on their side of the cut."""


def on_the_way(scene: Scene, way: float) -> RepresentationResult:
    """Everything after a share of the whole way, 0 to 1, through the layers."""
    place = way * len(scene.legs)
    leg = min(int(place + 1e-9), len(scene.legs) - 1)
    share = min(max(place - leg, 0.0), 1.0)
    between = scene.legs[leg].between
    points, grid, boundary = (
        between(stops[leg], stops[leg + 1], share) for stops in (scene.points, scene.grid, scene.boundary)
    )
    orders = [(0, 1), *(one.order for one in scene.legs)]
    values = [stop[:, np.argsort(order)] for stop, order in zip(scene.points, orders, strict=True)]
    return RepresentationResult(
        scene=scene, points=points, grid=grid, boundary=boundary, leg=leg, share=share, layers=values, right=scene.right
    )


def checked_points(data: Any) -> Problem:
    """The learner's points, or an error that says what is wrong with them."""
    if not isinstance(data, Dataset):
        raise WrongTypeError(
            f"Representation: points should be a dl.data.Dataset, Dataset(x, y), not {type(data).__name__}."
        )
    if data.x.ndim != 2 or data.x.shape[1] != 2:
        raise ShapeError(f"Representation: points should lie in a plane, x of shape (N, 2), not {data.x.shape}.")
    if data.y.ndim != 1 or not np.isin(data.y, (0, 1)).all() or len(data.y) < 2:
        raise DataError("Representation: the answers should be two classes, 0 and 1, one for each point.")
    low, high = data.x.min(axis=0), data.x.max(axis=0)
    half = 0.6 * float((high - low).max()) or 1.0
    return Problem(data.x.astype(np.float32), data.y, ((low + high) / 2).astype(np.float64), half)
