"""A network that reads digits, as in lesson 00, what it is asked about, and the scores that it gives.

The Code of `SoftmaxBars` shows the very function that stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.live.own import ten_scores

__all__ = ["EXAMPLES", "LETTER_E", "digit_network", "picture_of", "scores_of", "scores_of_ours"]

EXAMPLES = ("a 7", "an E")

LETTER_E = (
    (0, 10, 16, 16, 16, 16, 9, 0),
    (0, 12, 10, 4, 4, 4, 1, 0),
    (0, 12, 8, 0, 0, 0, 0, 0),
    (0, 12, 12, 8, 8, 6, 0, 0),
    (0, 12, 12, 8, 8, 6, 0, 0),
    (0, 12, 8, 0, 0, 0, 0, 0),
    (0, 12, 10, 4, 4, 4, 1, 0),
    (0, 10, 16, 16, 16, 16, 9, 0),
)
"""The E of lesson 00 as its network sees it: inked pixels of 16, 0.6 times as wide as high, from a steady hand."""


def digit_network(seed: int = 0) -> tuple[dl.Sequential, dl.data.Dataset]:
    rng = np.random.default_rng(seed)
    train, _, unseen = dl.data.digits().split(0.6, 0.2, 0.2, rng=rng)
    hidden = dl.Dense(64, 128, activation=dl.relu, rng=rng)
    model = dl.Sequential(dl.Flatten(), hidden, dl.Dense(128, 10, rng=rng))
    optimizer = dl.Adam(model.parameters(), 3e-3)
    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=30, batch_size=32, rng=rng, progress=False)
    return model, unseen


@lru_cache(maxsize=2)
def picture_of(example: str) -> Array:
    """What the network is asked about, (8, 8, 1): "a 7", the first of the unseen ones, or "an E"."""
    if example == "an E":
        return np.array(LETTER_E, np.float32)[:, :, None] / 16
    unseen = dl.data.digits().split(0.6, 0.2, 0.2, rng=np.random.default_rng(0))[2]
    return np.asarray(unseen.x[unseen.y == 7][0])


@lru_cache(maxsize=1)
def scores_of_ours() -> dict[str, tuple[float, ...]]:
    """What a network like that of lesson 00 says of each example."""
    return scores_of(digit_network()[0])


def scores_of(model: Callable[..., Any]) -> dict[str, tuple[float, ...]]:
    """What a network says of each example, ten scores for each.

    Raises
    ------
    WrongTypeError
        If the model cannot be called.
    ShapeError
        If it does not give ten numbers for a picture.
    DataError
        If one of them is not finite.
    """
    scores = ten_scores(model, "SoftmaxBars", np.stack([picture_of(example) for example in EXAMPLES]))
    return {example: tuple(map(float, row)) for example, row in zip(EXAMPLES, scores, strict=True)}
