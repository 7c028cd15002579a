"""What both widgets train: the course's small network on 1024 digits."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from dlcourse.activations import tanh
from dlcourse.arrays import Array
from dlcourse.data.measured import digits
from dlcourse.dataset import Dataset
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Flatten, Sequential
from dlcourse.losses import cross_entropy
from dlcourse.optimizers import SGD

__all__ = ["EXAMPLES", "examples", "network", "take_step", "trained"]

EXAMPLES = 1024


@lru_cache(maxsize=1)
def examples() -> Dataset:
    """The first 1024 digits."""
    return digits()[:EXAMPLES]


def network() -> Sequential:
    """64-16-10, always with the same first weights."""
    rng = np.random.default_rng(0)
    return Sequential(Flatten(), Dense(64, 16, activation=tanh, rng=rng), Dense(16, 10, rng=rng))


def take_step(model: Sequential, optimizer: SGD, x: Array, y: Array) -> None:
    """One update with the digits x (B, 8, 8, 1) and their labels y (B,)."""
    optimizer.zero_grad()
    cross_entropy(model(x), y).backward()
    optimizer.step()


@lru_cache(maxsize=4)
def trained(epochs: int) -> Sequential:
    """The network after this number of epochs with minibatches of 32."""
    model, rng = network(), np.random.default_rng(1)
    optimizer = SGD(model.parameters(), 0.3)
    for _ in range(epochs):
        for x, y in examples().batches(32, rng=rng):
            take_step(model, optimizer, x, y)
    return model
