"""The training digits that are nearest to a picture: by its pixels, and by what the hidden neurons say of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dlcourse.arrays import Array
from dlcourse.widgets.how_firm.hidden_layer import hidden
from dlcourse.widgets.it_works_why.networks import training

__all__ = ["COUNT", "NearestResult", "hidden_training", "nearest"]

COUNT = 8
"""So many neighbours are shown."""


def nearest(one: Array, others: Array, count: int) -> Array:
    distances = ((others - one) ** 2).sum(axis=1)  # (N,)
    return distances.argsort(kind="stable")[:count]


@dataclass(frozen=True)
class NearestResult:
    """A picture, (8, 8, 1), before and after the step, softmax of the scores of both, (10,), and who stands near after it.

    `by_pixels` and `by_neurons` are rows of the 1078 digits that A has learned from, (8,), the nearest first.
    """

    picture: Array
    after: Array
    shares: Array
    shares_after: Array
    by_pixels: Array
    by_neurons: Array


@lru_cache(maxsize=4)
def hidden_training(model: Any) -> Array:
    """What the hidden neurons say of each of the 1078, (1078, K)."""
    return hidden(model, training().x)
