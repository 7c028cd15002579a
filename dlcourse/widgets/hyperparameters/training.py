"""What a run of `Sweep` is: a small network learns a tenth of the digits, and is scored on others after each epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.dataset import Dataset

__all__ = ["EPOCHS", "parts", "train", "training_on"]

EPOCHS = 9
SPLIT = "learn, validation, test = dl.data.digits().split(0.1, 0.15, 0.75, rng=np.random.default_rng(0))"

Train = Callable[[dict[str, Any], np.random.Generator], Iterator[float]]


def training_on(learn: Dataset, validation: Dataset) -> Train:
    """The function that a sweep calls.

    Parameters
    ----------
    learn, validation : Dataset
        Digits.
    """

    def train(settings: dict[str, Any], rng: np.random.Generator) -> Iterator[float]:
        hidden = dl.Dense(64, settings["units"], activation=dl.relu, rng=rng)
        model = dl.Sequential(dl.Flatten(), hidden, dl.Dense(settings["units"], 10, rng=rng))
        optimizer = dl.Adam(model.parameters(), settings["lr"])
        while True:
            dl.fit(model, learn, loss=dl.cross_entropy, optimizer=optimizer, epochs=1, batch_size=60, rng=rng)
            yield dl.accuracy(model, validation)

    return train


@lru_cache(maxsize=1)
def parts() -> tuple[Dataset, Dataset, Dataset]:
    """A tenth of the digits to learn, 15 % to validate, and the rest to test: lengths 180, 269 and 1348."""
    learn, validation, test = dl.data.digits().split(0.1, 0.15, 0.75, rng=np.random.default_rng(0))
    return learn, validation, test


def train(settings: dict[str, Any], rng: np.random.Generator) -> Iterator[float]:
    """One run; yields the share of the validation digits that are read after each epoch.

    Parameters
    ----------
    settings : dict
        "lr", the learning rate, and "units", the number of hidden units.
    rng : numpy Generator
    """
    learn, validation, _ = parts()
    yield from training_on(learn, validation)(settings, rng)
