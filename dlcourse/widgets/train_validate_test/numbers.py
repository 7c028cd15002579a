"""What peeking costs, in numbers: 128 candidates in 64 deals, and which of them looks best after each peek."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.measured import breast_cancer
from dlcourse.dataset import Dataset
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.losses import binary_cross_entropy
from dlcourse.ops.matrix import matmul
from dlcourse.optimizers import SGD
from dlcourse.tensor import Parameter

__all__ = ["DEALS", "LARGEST", "MODELS", "PARTS", "PeekResult", "check", "deal_out", "peek"]

MODELS = 128
"""Candidates in every deal; each is one neuron that sees `SEES` of the measurements."""
SEES = 3
TRAIN = 60
LARGEST = 100
"""Most examples in validation, and in test."""
DEALS = 64
STEPS = 60
PARTS = ("validation", "test", "tomorrow")


def deal_out(data: Dataset, *, coin_flips: bool, seed: int) -> Array:
    """Shuffle the data, train all candidates on the first 60 examples, and say for each on which of the rest it is right.

    Parameters
    ----------
    data : Dataset
        x of shape (N, K), classes 0 and 1.
    coin_flips : bool
        Replace every class by the toss of a coin, so that there is nothing to learn.
    seed : int
        Decides the shuffling, the coins, and which measurements each candidate sees.

    Returns
    -------
    array of bool, shape (MODELS, N − 60)
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(data))
    x, y = data.x[order], data.y[order]
    if coin_flips:
        y = rng.integers(0, 2, len(y))
    mean, spread = x[:TRAIN].mean(axis=0), x[:TRAIN].std(axis=0)
    x = (x - mean) / np.where(spread > 0, spread, 1)
    features = x.shape[1]
    sees = (rng.random((features, MODELS)).argsort(axis=0) < SEES).astype(np.float32)
    weight = Parameter(np.zeros((features, MODELS), np.float32))
    bias = Parameter(np.zeros(MODELS, np.float32))
    # The loss is a mean over all candidates; so that each learns at rate 1, the rate is their number.
    optimizer = SGD([weight, bias], lr=float(MODELS))
    truth = np.repeat(y[:TRAIN, None], MODELS, axis=1)
    for _ in range(STEPS):
        optimizer.zero_grad()
        binary_cross_entropy(matmul(x[:TRAIN], weight * sees) + bias, truth).backward()
        optimizer.step()
    says_yes = x[TRAIN:] @ (weight.data * sees) + bias.data > 0
    return np.asarray(says_yes == (y[TRAIN:, None] == 1)).T


@lru_cache(maxsize=1)
def _tumours() -> Dataset:
    return breast_cancer()


@lru_cache(maxsize=4)
def _counts(data: Dataset, coin_flips: bool) -> Array:
    """How many of the first j examples each candidate gets right: shape (DEALS, MODELS, N − 60 + 1)."""
    right = np.array([deal_out(data, coin_flips=coin_flips, seed=seed) for seed in range(DEALS)])
    counts = np.zeros((*right.shape[:2], right.shape[2] + 1), np.int32)
    np.cumsum(right, axis=2, out=counts[:, :, 1:])
    return counts


@dataclass(frozen=True)
class PeekResult:
    """Shares right of the model that looks best after each number of peeks."""

    best: Array
    """Which candidate, after 1, 2 … MODELS peeks: (DEALS, MODELS)."""
    scores: dict[str, Array]
    """Its share right on each part: (DEALS, MODELS)."""
    fresh: int
    """Number of examples in tomorrow's data."""


def peek(data: Dataset | None, *, coin_flips: bool, chooses: str, examples: int) -> PeekResult:
    """Let one part of the data choose the best of 1, 2 … MODELS candidates, in every deal.

    Parameters
    ----------
    data : Dataset or None
        The tumours, if it is None.
    coin_flips : bool
        Whether the classes are tosses of a coin.
    chooses : str
        "validation" or "test".
    examples : int
        Number of examples in each of the two.
    """
    counts = _counts(_tumours() if data is None else data, coin_flips)
    bounds = {
        "validation": (0, examples),
        "test": (LARGEST, LARGEST + examples),
        "tomorrow": (2 * LARGEST, counts.shape[2] - 1),
    }
    shares = {part: (counts[:, :, end] - counts[:, :, start]) / (end - start) for part, (start, end) in bounds.items()}
    share = shares[chooses]
    # A new candidate wins only if it is better than all before it.
    nothing_yet = np.full(len(share), -1.0)
    leads = share > np.maximum.accumulate(np.column_stack([nothing_yet, share[:, :-1]]), axis=1)
    best = np.maximum.accumulate(np.where(leads, np.arange(MODELS), 0), axis=1)
    scores = {part: np.take_along_axis(share, best, axis=1) for part, share in shares.items()}
    start, end = bounds["tomorrow"]
    return PeekResult(best=best, scores=scores, fresh=end - start)


def check(data: Any) -> None:
    """Raise an error that says what is missing, if these data cannot be dealt out.

    Raises
    ------
    WrongTypeError
        If they are not a data set.
    DataError
        If they are too few, or not of two classes.
    """
    if not isinstance(data, Dataset):
        raise WrongTypeError(
            f"PeekCounter: data should be a dl.data.Dataset, Dataset(x, y), not {type(data).__name__}."
        )
    least = TRAIN + 2 * LARGEST + 60
    if len(data) < least or data.x.ndim != 2 or data.x.shape[1] < SEES:
        raise DataError(
            f"PeekCounter: {least} examples with at least {SEES} measurements are needed, shape (N, K), for training, "
            f"validation, test and tomorrow; these have shape {data.x.shape}."
        )
    if data.y.ndim != 1 or not np.isin(data.y, (0, 1)).all():
        raise DataError("PeekCounter: the answers should be two classes, 0 and 1, one for each example.")
