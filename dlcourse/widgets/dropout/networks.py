"""The network of `DropoutMasks`, what it is asked about, and its thinned copies; Code shows the very functions that stand here."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.widgets.softmax import digit
from dlcourse.widgets.softmax.digit import EXAMPLES, LETTER_E

__all__ = ["EXAMPLES", "LETTER_E", "PIXELS", "UNITS", "masks", "ours", "picture_of", "reader", "through"]

PIXELS, UNITS = 64, 100


def reader(p: float) -> tuple[dl.Dense, dl.Dense]:
    rng = np.random.default_rng(0)
    train, _, _ = dl.data.digits().split(0.6, 0.2, 0.2, rng=rng)
    hidden, last = dl.Dense(64, 100, activation=dl.relu, rng=rng), dl.Dense(100, 10, rng=rng)
    model = dl.Sequential(dl.Flatten(), hidden, dl.Dropout(p, rng=rng), last)
    optimizer = dl.Adam(model.parameters(), 3e-3)
    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=30, batch_size=32, rng=rng, progress=False)
    return hidden, last


def masks(n: int, size: int, p: float, seed: list[int], divided: bool) -> Array:
    drop = dl.Dropout(p, rng=np.random.default_rng(seed))
    drawn = drop(np.ones((n, size), np.float32)).data  # (n, size): 0, or 1 / (1 − p)
    return np.asarray(drawn if divided else drawn * np.float32(1 - p))


def through(
    hidden: dl.Dense, last: dl.Dense, x: Array, mask_pixels: Array | float, mask: Array | float
) -> tuple[Array, Array]:
    units = hidden(x * mask_pixels).data  # (n, 100)
    return units, last(units * mask).data  # (n, 10)


@lru_cache(maxsize=1)
def ours() -> tuple[dl.Dense, dl.Dense]:
    """The two layers of a network that was trained with dropout of half of its hidden units."""
    return reader(0.5)


@lru_cache(maxsize=2)
def picture_of(example: str) -> tuple[float, ...]:
    """What the network is asked about, 64 numbers from 0 to 1: "a 7", the first of the unseen ones, or "an E"."""
    return tuple(digit.picture_of(example).ravel().astype(float))
