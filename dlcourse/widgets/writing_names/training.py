"""What NameWriter does to names: a network trained on them, a bigram table to beat, and names drawn letter by letter."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from dlcourse.activations import softmax
from dlcourse.arrays import Array
from dlcourse.data.names import LETTERS, names, spelled
from dlcourse.dataset import Dataset
from dlcourse.layers.dense import Dense
from dlcourse.layers.modes import predicting
from dlcourse.layers.module import Sequential
from dlcourse.layers.recurrent import GRU, LSTM, SimpleRNN
from dlcourse.losses import cross_entropy
from dlcourse.optimizers.adaptive import Adam
from dlcourse.tensor import Tensor

__all__ = ["Corpus", "Plan", "Run", "begun", "bigram_loss", "corpus", "decoded", "letter_loss", "trained", "write"]

KINDS: dict[str, type[Any]] = {"GRU": GRU, "LSTM": LSTM, "RNN": SimpleRNN}
UNITS, LR, BATCH = 32, 1e-2, 32
UPDATES = 20
"""Minibatches per step of Play."""
LOOK_EVERY = 20
"""Updates between two looks at the unseen names: at every step of Play."""
COUNT, LONGEST = 12, 14
"""Names that are written, and letters that one may have."""
BLIND = float(np.log(LETTERS))
"""Log-loss of a guess in which every letter is equally likely."""


def letter_loss(logits: Tensor, y: Array) -> Tensor:
    """Mean over all letters of −log of the probability given to the letter that comes; −1 in y is padding."""
    loss: Tensor = cross_entropy(logits, y, mask=y >= 0)
    return loss


def bigram_loss(train: Sequence[str], unseen: Sequence[str]) -> float:
    """Log-loss per letter, on unseen names, of a table of how often a letter followed a letter.

    The table has something added to every count, so that nothing is impossible; of ten amounts, the best one for the
    unseen names is taken, so the table has an advantage that it could not have in earnest.
    """
    counts = np.zeros((LETTERS, LETTERS))
    for before, after in _pairs(train):
        counts[before, after] += 1
    pairs = np.array(_pairs(unseen))
    losses = []
    for added in np.geomspace(0.01, 10, 10):
        share = (counts + added) / (counts + added).sum(axis=1, keepdims=True)
        losses.append(-np.log(share[pairs[:, 0], pairs[:, 1]]).mean())
    return float(min(losses))


def _pairs(words: Sequence[str]) -> list[tuple[int, int]]:
    """Each letter and the next, the end mark 0 before and after each name."""
    numbers = [[0, *(ord(letter) - 96 for letter in word), 0] for word in words]
    return [pair for word in numbers for pair in zip(word[:-1], word[1:], strict=True)]


def write(model: Any, *, temperature: float, start: str = "", seed: int = 0, count: int = COUNT) -> tuple[Array, Array]:
    """Draw names from a network, letter by letter.

    Parameters
    ----------
    model : callable
        One-hot letters (N, T, 27) -> logits of the next letter (N, T, 27).
    temperature : float
        The logits are divided by it.
    start : str
        Letters with which every name begins.
    seed : int
        The same draws at every temperature, so that turning it changes the names little by little.
    count : int
        How many names.

    Returns
    -------
    numbers : array, shape (count, LONGEST)
        The letters, 1 to 26, and 0 behind the end.
    first : array, shape (27,)
        The probabilities of the letter after `start`.
    """
    draws = np.random.default_rng(seed).random((LONGEST, count, 1))
    read = np.tile([0, *(ord(letter) - 96 for letter in start)], (count, 1))
    first, ended = np.zeros(LETTERS), np.zeros(count, bool)
    with predicting(model):
        for t in range(len(start), LONGEST):
            logits = model(np.eye(LETTERS, dtype=np.float32)[read]).data[:, -1]
            p = softmax(logits.astype(float) / temperature).data
            first = p[0] if t == len(start) else first
            letter = np.minimum((draws[t] > p.cumsum(axis=1)).sum(axis=1), LETTERS - 1)
            ended |= letter == 0
            read = np.column_stack([read, np.where(ended, 0, letter)])
            if ended.all():
                break
    numbers = np.zeros((count, LONGEST), int)
    numbers[:, : read.shape[1] - 1] = read[:, 1:]
    return numbers, first


def decoded(numbers: Array) -> list[str]:
    """Names from rows of numbers."""
    return ["".join(chr(96 + number) for number in row if number) for row in numbers]


class Plan(NamedTuple):
    """What a training begins with; another plan is another network."""

    cell: str
    words: str
    seed: int
    model: Any
    train: tuple[str, ...]
    unseen: tuple[str, ...]


@dataclass(frozen=True)
class Corpus:
    """The names to learn from, and those to be measured with."""

    train: Dataset
    unseen: Dataset
    known: frozenset[str]
    bigram: float


@dataclass(frozen=True)
class Run:
    """A network in training."""

    plan: Plan
    model: Any
    optimizer: Any
    rng: np.random.Generator
    updates: int
    curve: tuple[tuple[int, float, float], ...]
    """Updates, loss on the last minibatch, loss on the unseen names."""


def _dealt(plan: Plan) -> tuple[list[str], list[str], np.random.Generator]:
    """Names to learn from, unseen names, and the random numbers that go on from here."""
    rng = np.random.default_rng(plan.seed)
    words = (
        plan.train if plan.words == "yours" and plan.train else names(plan.words if plan.words != "yours" else "given")
    )
    if plan.words == "yours" and plan.unseen:
        return list(words), list(plan.unseen), rng
    order = rng.permutation(len(words))
    cut = max(len(words) // 10, 1)
    return [words[i] for i in order[cut:]], [words[i] for i in order[:cut]], rng


@lru_cache(maxsize=16)
def corpus(plan: Plan) -> Corpus:
    train, unseen, _ = _dealt(plan)
    steps = 1 + max(len(word) for word in (*train, *unseen))
    pair = spelled(train, length=steps), spelled(unseen, length=steps)
    return Corpus(*pair, frozenset(train) | frozenset(unseen), bigram_loss(train, unseen))


@lru_cache(maxsize=16)
def begun(plan: Plan) -> Run:
    _, _, rng = _dealt(plan)
    if plan.model is not None:
        model = copy.deepcopy(plan.model)
    else:
        layer = KINDS[plan.cell](LETTERS, UNITS, return_sequences=True, rng=rng)
        model = Sequential(layer, Dense(UNITS, LETTERS, rng=rng))
    optimizer = Adam(model.parameters(), LR)
    run = Run(plan, model, optimizer, rng, 0, ())
    if plan.model is None:
        return run
    train = corpus(plan).train[:500]
    with predicting(model):
        return _look(run, letter_loss(model(train.x), train.y).item())


def _look(run: Run, batch_loss: float) -> Run:
    unseen = corpus(run.plan).unseen
    with predicting(run.model):
        loss = letter_loss(run.model(unseen.x), unseen.y).item()
    curve = (*run.curve, (run.updates, batch_loss, loss))
    return Run(run.plan, run.model, run.optimizer, run.rng, run.updates, curve)


def trained(run: Run) -> Run:
    """A few updates later; the run that is given stays as it was."""
    train = corpus(run.plan).train
    model, optimizer, rng = copy.deepcopy((run.model, run.optimizer, run.rng))
    value = 0.0
    for _ in range(UPDATES):
        batch = rng.choice(len(train), min(BATCH, len(train)), replace=False)
        optimizer.zero_grad()
        loss = letter_loss(model(train.x[batch]), train.y[batch])
        loss.backward()
        optimizer.step()
        value = loss.item()
    after = Run(run.plan, model, optimizer, rng, run.updates + UPDATES, run.curve)
    return _look(after, value) if after.updates % LOOK_EVERY == 0 else after
