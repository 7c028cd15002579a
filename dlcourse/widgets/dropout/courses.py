"""A training with dropout, epoch by epoch, on 300 digits or on a learner's own examples; Code shows `trained`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.live.numbers import minus

__all__ = ["DIGITS", "EPOCHS", "WRONG", "Course", "course", "learned_from", "own_data", "trained"]

EPOCHS = 40
DIGITS = 300
"""So many examples at most to learn from."""
WRONG = {"all right": 0.0, "a fifth wrong": 0.2}
"""The share of labels that say another class."""
LEAST, FARTHEST = 40, 30.0
"""So few examples of one's own at least, and so far from 0 a number of theirs at most."""


def trained(data: dl.data.Dataset, p_inputs: float, p: float, wrong: float, epochs: int) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(0)
    order, few = rng.permutation(len(data)), min(300, len(data) // 2)
    train, unseen = data[order[:few]], data[order[few:][-500:]]
    labels, others = train.y.copy(), rng.choice(few, round(wrong * few), replace=False)
    classes = int(data.y.max()) + 1
    labels[others] = (labels[others] + rng.integers(1, classes, len(others))) % classes  # another class, whichever
    train = dl.data.Dataset(train.x, labels, classes=train.classes)

    width = int(np.prod(data.x.shape[1:]))
    first, second = dl.Dense(width, 100, activation=dl.relu, rng=rng), dl.Dense(100, classes, rng=rng)
    inputs, units = (dl.Dropout(one, rng=np.random.default_rng(seed)) for seed, one in enumerate((p_inputs, p)))
    model = dl.Sequential(dl.Flatten(), inputs, first, units, second)
    history = dl.fit(
        model, train, loss=dl.cross_entropy, optimizer=dl.Adam(model.parameters(), 1e-2),
        epochs=epochs, batch_size=30, validation=unseen, rng=rng, progress=False,
    )  # fmt: skip
    mistakes = 100 * (1 - np.array(history.validation_accuracy))
    return np.array(history.loss), np.array(history.validation_loss), mistakes


@dataclass(frozen=True)
class Course:
    """One training: arrays of shape (EPOCHS,).

    Attributes
    ----------
    learned : array
        Log-loss of the examples that it learns from, averaged over each epoch while it learns: with masks, where there
        are any.
    unseen : array
        Log-loss of the unseen examples after each epoch, with no mask.
    mistakes : array
        Of 100 unseen examples, so many are taken for another class.
    """

    learned: Array
    unseen: Array
    mistakes: Array


@lru_cache(maxsize=32)
def course(data: dl.data.Dataset | None, p_inputs: str, p: str, labels: str) -> Course:
    """A training to its end, on the digits where no data are given; data are told apart as objects."""
    data = dl.data.digits() if data is None else data
    learned, unseen, mistakes = trained(data, float(p_inputs), float(p), WRONG[labels], EPOCHS)
    return Course(learned=learned, unseen=unseen, mistakes=mistakes)


def learned_from(data: dl.data.Dataset | None) -> int:
    """How many examples a training learns from."""
    return DIGITS if data is None else min(DIGITS, len(data) // 2)


def own_data(data: Any) -> dl.data.Dataset:
    """A copy of a learner's own examples, as they are now.

    Raises
    ------
    WrongTypeError
        If they are no data set.
    DataError
        If they are too few, if their answers are no classes, or if a number is so large that the training would only
        show that.
    """
    if not isinstance(data, dl.data.Dataset):
        raise WrongTypeError(
            f"DropoutTraining: data should be a dl.data.Dataset, Dataset(x, y), not {type(data).__name__}."
        )
    if data.y.ndim != 1 or data.y.dtype.kind not in "iu" or data.y.min(initial=0) < 0 or data.y.max(initial=0) < 1:
        raise DataError(
            "DropoutTraining: the answers should be classes 0, 1, …, as whole numbers of shape (N,), two of them or more; "
            f"these have shape {data.y.shape} and type {data.y.dtype}."
        )
    if len(data) < LEAST or data.x.ndim < 2:
        raise DataError(
            f"DropoutTraining: at least {LEAST} examples are needed, x of shape (N, K) or (N, H, W, C), for half of them stay "
            f"unseen; x has shape {data.x.shape}."
        )
    if np.abs(data.x).max() > FARTHEST:
        ends = (minus(f"{float(end):.4g}") for end in (data.x.min(), data.x.max()))
        raise DataError(
            f"DropoutTraining: the inputs go from {' to '.join(ends)}, too far for one learning rate. Scale them first, as in "
            "lesson 09: dl.data.standardize(train, …)."
        )
    return dl.data.Dataset(data.x.copy(), data.y.copy(), classes=data.classes, name=data.name)
