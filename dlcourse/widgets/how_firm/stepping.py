"""One step of the same size for every pixel: against a network, or up and down by lot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.widgets.it_works_why.networks import network_of, validation

__all__ = ["MOST", "SIZES", "StepResult", "against", "by_lot", "curves_of", "moved", "our_curves"]

MOST = 0.3
SIZES = np.linspace(0, MOST, 31)
"""Steps for which the curves are drawn."""


def against(model: Any, pictures: Array, labels: Array) -> Array:
    x = dl.Tensor(pictures, requires_grad=True)  # (N, 8, 8, 1)
    dl.cross_entropy(model(x), labels).backward()
    return np.sign(np.asarray(x.grad))  # the way in which each pixel makes the loss larger


def by_lot(pictures: Array) -> Array:
    return np.random.default_rng(0).choice([-1.0, 1.0], pictures.shape)


def moved(pictures: Array, signs: Array, size: float) -> Array:
    return np.clip(pictures + size * signs, 0, 1).astype(np.float32)


@dataclass(frozen=True)
class StepResult:
    """A picture, (8, 8, 1), the signs of the step, the picture after it, and what the network says of both.

    `turns` is the first of `SIZES` at which the answer is another one, None if there is none. `reads` has the share of 360
    digits that are read after a step of each of `SIZES`, against the network and by lot: (2, 31).
    """

    picture: Array
    signs: Array
    after: Array
    shares: Array
    shares_after: Array
    turns: float | None
    reads: Array


def curves_of(model: Callable[..., Any]) -> Array:
    """Shares that are read, (2, 31)."""
    data = validation()
    if isinstance(model, dl.Module):
        model.zero_grad()
    rows = [
        [(np.asarray(dl.predict(model, moved(data.x, signs, size))).argmax(axis=1) == data.y).mean() for size in SIZES]
        for signs in (against(model, data.x, data.y), by_lot(data.x))
    ]
    return np.array(rows)


@lru_cache(maxsize=1)
def our_curves() -> Array:
    """Those of A."""
    return curves_of(network_of("A"))
