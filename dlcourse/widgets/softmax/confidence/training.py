"""The network of `ReliabilityDiagram`, and how it is taught; its Code shows the very functions that stand here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array

__all__ = ["EPOCHS", "Answers", "answers", "split", "start", "train_on"]

EPOCHS = 100


def split(rng: np.random.Generator) -> tuple[dl.data.Dataset, ...]:
    return dl.data.digits().split(0.1, 0.2, 0.7, rng=rng)  # 180 to learn from, 359 for validation, 1258 unseen


def start(rng: np.random.Generator) -> tuple[dl.Sequential, dl.Adam]:
    hidden = dl.Dense(64, 128, activation=dl.relu, rng=rng)
    model = dl.Sequential(dl.Flatten(), hidden, dl.Dense(128, 10, rng=rng))
    return model, dl.Adam(model.parameters(), 3e-2)


def train_on(
    model: dl.Sequential, optimizer: dl.Adam, train: dl.data.Dataset, epochs: int, rng: np.random.Generator
) -> None:
    dl.fit(
        model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=epochs, batch_size=32, rng=rng, progress=False
    )


@dataclass(frozen=True, eq=False)
class Answers:
    """Scores of a network after each epoch, and the true classes.

    Attributes
    ----------
    validation, unseen : arrays of float32, shape (E, N, K)
        Scores, E = EPOCHS, or 1 for a learner's own network.
    validation_y, unseen_y : arrays of int, shape (N,)
    learned : array, shape (E,)
        Share of the digits it learns from that it reads; empty where that is unknown.
    """

    validation: Array
    validation_y: Array
    unseen: Array
    unseen_y: Array
    learned: Array


@lru_cache(maxsize=4)
def answers(seed: int = 0) -> Answers:
    """Train for `EPOCHS` epochs, and ask after each."""
    rng = np.random.default_rng(seed)
    train, validation, unseen = split(rng)
    model, optimizer = start(rng)
    asked: list[tuple[Array, Array, float]] = []
    for _ in range(EPOCHS):
        train_on(model, optimizer, train, 1, rng)
        asked.append((dl.predict(model, validation), dl.predict(model, unseen), dl.accuracy(model, train)))
    on_validation, on_unseen, learned = zip(*asked, strict=True)
    return Answers(np.array(on_validation), validation.y, np.array(on_unseen), unseen.y, np.array(learned))
