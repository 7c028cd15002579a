"""The three networks of `Wiring`, and how they are taught; its Code shows the very functions that stand here."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array

__all__ = ["KINDS", "mix", "order", "split", "teach", "trained", "unseen"]


def split(rng: np.random.Generator) -> tuple[dl.data.Dataset, dl.data.Dataset]:
    train, test = dl.data.digits().split(1 / 3, 2 / 3, rng=rng)
    return train, test


def mix(x: Array) -> Array:
    order = np.random.default_rng(11).permutation(64)  # the same for all digits
    return x.reshape(-1, 64)[:, order].reshape(-1, 8, 8, 1)


def dense(rng: np.random.Generator) -> dl.Sequential:
    return dl.Sequential(
        dl.Flatten(),
        dl.Dense(64, 32, activation=dl.relu, rng=rng),
        dl.Dense(32, 10, rng=rng),
    )


def convolutional(rng: np.random.Generator) -> dl.Sequential:
    return dl.Sequential(
        dl.Conv2D(1, 16, 3, activation=dl.relu, rng=rng),
        dl.MaxPool2D(2),
        dl.Conv2D(16, 32, 2, activation=dl.relu, rng=rng),
        dl.Flatten(),
        dl.Dense(128, 10, rng=rng),
    )


def recurrent(rng: np.random.Generator) -> dl.Sequential:
    return dl.Sequential(
        lambda x: x.reshape(len(x), 8, 8),  # a row per step
        dl.SimpleRNN(8, 32, initializer=dl.orthogonal, rng=rng),
        dl.Dense(32, 10, rng=rng),
    )


def teach(model: dl.Sequential, train: dl.data.Dataset, rng: np.random.Generator) -> dl.Sequential:
    optimizer = dl.Adam(model.parameters(), 4e-3)
    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=20, batch_size=32, rng=rng, progress=False)
    return model


KINDS: dict[str, Callable[[np.random.Generator], dl.Sequential]] = {
    "dense": dense,
    "convolutional": convolutional,
    "recurrent": recurrent,
}


@lru_cache(maxsize=1)
def order() -> Array:
    """What `mix` does: pixel i of a shuffled picture was pixel order[i]."""
    return mix(np.arange(64)).ravel()


@lru_cache(maxsize=2)
def unseen(shuffled: bool) -> dl.data.Dataset:
    """The digits that no network of this widget learns from."""
    test = split(np.random.default_rng(0))[1]
    return dl.data.Dataset(mix(test.x), test.y) if shuffled else test


@lru_cache(maxsize=6)
def trained(kind: str, shuffled: bool) -> dl.Sequential:
    """One of the three networks, taught with digits as they are or with shuffled ones."""
    rng = np.random.default_rng(0)
    train, _ = split(rng)
    if shuffled:
        train = dl.data.Dataset(mix(train.x), train.y)
    return teach(KINDS[kind](rng), train, rng)
