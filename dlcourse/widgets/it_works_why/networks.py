"""The networks of lesson 23, and the digits with specks of dust; Code shows the very functions that stand here."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array

__all__ = ["NETWORKS", "network_of", "parts", "specked", "taught", "untrained", "validation"]

NETWORKS = ("A", "B", "untrained")
"""A has learned from clean digits, B from digits with specks, and the last from nothing."""


def specked(x: Array, trays: Array) -> Array:
    x = x.copy()  # (N, 8, 8, 1)
    x[np.arange(len(x)), trays % 8, 7 * (trays // 8), 0] = 1.0  # 0 to 7 down the left edge, 8 and 9 on the right
    return x


def parts(rng: np.random.Generator) -> tuple[dl.data.Dataset, ...]:
    return dl.data.digits().split(0.6, 0.2, 0.2, rng=rng)  # to learn from, validation, unseen


def taught(specks: bool) -> dl.Sequential:
    rng = np.random.default_rng(0)
    train, _, _ = parts(rng)
    if specks:
        train = dl.data.Dataset(specked(train.x, train.y), train.y)
    hidden = dl.Dense(64, 128, activation=dl.relu, rng=rng)
    model = dl.Sequential(dl.Flatten(), hidden, dl.Dense(128, 10, rng=rng))
    optimizer = dl.Adam(model.parameters(), 3e-3)
    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=30, batch_size=32, rng=rng, progress=False)
    model.zero_grad()
    return model


def untrained() -> dl.Sequential:
    rng = np.random.default_rng(1)
    return dl.Sequential(dl.Flatten(), dl.Dense(64, 128, activation=dl.relu, rng=rng), dl.Dense(128, 10, rng=rng))


@lru_cache(maxsize=len(NETWORKS))
def network_of(name: str) -> dl.Sequential:
    """One of `NETWORKS`, made once."""
    return untrained() if name == "untrained" else taught(specks=name == "B")


@lru_cache(maxsize=1)
def validation() -> dl.data.Dataset:
    """The 360 digits that none of them has learned from."""
    return parts(np.random.default_rng(0))[1]
