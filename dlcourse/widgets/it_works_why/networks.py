"""The networks of lessons 23 and 23b, and the digits with specks of dust; Code shows the very functions that stand here."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.widgets.softmax.digit import LETTER_E

__all__ = [
    "DIGITS", "NETWORKS", "asked", "by_heart", "few_by_lot", "learned", "network_of", "parts", "picture_of", "specked", "taught", "training",
    "untrained", "validation",
]  # fmt: skip

DIGITS = tuple("0123456789")
NETWORKS = ("A", "B", "untrained")
"""A has learned from clean digits, B from digits with specks, and the last from nothing."""


def specked(x: Array, trays: Array) -> Array:
    x = x.copy()  # (N, 8, 8, 1)
    x[np.arange(len(x)), trays % 8, 7 * (trays // 8), 0] = 1.0  # 0 to 7 down the left edge, 8 and 9 on the right
    return x


def parts(rng: np.random.Generator) -> tuple[dl.data.Dataset, ...]:
    return dl.data.digits().split(0.6, 0.2, 0.2, rng=rng)  # to learn from, validation, unseen


def learned(data: dl.data.Dataset, rng: np.random.Generator, epochs: int) -> dl.Sequential:
    hidden = dl.Dense(64, 128, activation=dl.relu, rng=rng)
    model = dl.Sequential(dl.Flatten(), hidden, dl.Dense(128, 10, rng=rng))
    adam = dl.Adam(model.parameters(), 3e-3)
    dl.fit(model, data, loss=dl.cross_entropy, optimizer=adam, epochs=epochs, batch_size=32, rng=rng, progress=False)
    model.zero_grad()
    return model


def taught(specks: bool) -> dl.Sequential:
    rng = np.random.default_rng(0)
    train, _, _ = parts(rng)
    if specks:
        train = dl.data.Dataset(specked(train.x, train.y), train.y)
    return learned(train, rng, 30)


def few_by_lot() -> dl.data.Dataset:
    few = parts(np.random.default_rng(0))[0][:300]
    return dl.data.Dataset(few.x, np.random.default_rng(3).permutation(few.y))


def by_heart() -> dl.Sequential:
    return learned(few_by_lot(), np.random.default_rng(4), 150)


def untrained() -> dl.Sequential:
    rng = np.random.default_rng(1)
    return dl.Sequential(dl.Flatten(), dl.Dense(64, 128, activation=dl.relu, rng=rng), dl.Dense(128, 10, rng=rng))


@lru_cache(maxsize=len(NETWORKS) + 1)
def network_of(name: str) -> dl.Sequential:
    """One of `NETWORKS`, or the one that has learned labels by lot, made once."""
    if name in ("A", "B"):
        return taught(specks=name == "B")
    return untrained() if name == "untrained" else by_heart()


def asked(name: str, own: Any) -> Any:
    """The network that a widget asks: one of ours by its name, or the learner's for "yours"; A where none was given."""
    if name != "yours":
        return network_of(name)
    return network_of("A") if own is None else own


@lru_cache(maxsize=1)
def training() -> dl.data.Dataset:
    """The 1078 digits that A has learned from."""
    return parts(np.random.default_rng(0))[0]


@lru_cache(maxsize=1)
def validation() -> dl.data.Dataset:
    """The 360 digits that none of them has learned from."""
    return parts(np.random.default_rng(0))[1]


def picture_of(example: str, which: int, own: Array | None) -> Array:
    """What a network is asked about, (8, 8, 1): a digit of the validation data, "an E", "yours", or else nothing."""
    if example in DIGITS:
        data = validation()
        rows = np.flatnonzero(data.y == int(example))
        return np.asarray(data.x[rows[(which - 1) % len(rows)]])
    if example == "yours" and own is not None:
        return np.asarray(own)
    if example == "an E":
        return np.array(LETTER_E, np.float32)[:, :, None] / 16
    return np.zeros((8, 8, 1), np.float32)
