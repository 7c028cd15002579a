"""Simple predictors that need no training: what the examples themselves say of their answers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dlcourse.arrays import Array

__all__ = ["Guess", "Guesses", "columns", "distances", "guesses"]

MOST_FEATURES = 600
SPREAD = 300  # random features


class Guess:
    """What a simple predictor says of each example, which it has not seen together with its answer.

    Attributes
    ----------
    scores : array, shape (N, C)
        For classes: how much speaks for each. For measured values: the guess itself.
    """

    def __init__(self, name: str, scores: Array) -> None:
        self.name, self.scores = name, scores


def columns(x: Array) -> Array:
    """Examples as rows of comparable numbers, shape (N, D): standardized, and whole numbers that name symbols spread out."""
    rows = x.reshape(len(x), -1)
    if (
        x.dtype.kind in "iu"
        and x.ndim == 2
        and rows.size
        and rows.min() >= 0
        and rows.max() < 64
        and rows.shape[1] * 64 <= 4096
    ):
        rows = (rows[:, :, None] == np.arange(rows.max() + 1)).reshape(len(rows), -1)
    rows = rows.astype(np.float64)
    if rows.shape[1] > MOST_FEATURES:
        rows = rows[:, :: -(-rows.shape[1] // MOST_FEATURES)]
    spread = rows.std(axis=0)
    middle = np.median(spread[spread > 0]) if (spread > 0).any() else 1.0
    centred = rows - rows.mean(axis=0)
    # What hardly ever varies would be blown up by its own spread.
    return centred / np.maximum(spread, 0.1 * middle if _looks_alike(rows) else 1e-12)


def _looks_alike(rows: Array) -> bool:
    """Whether all features have one scale, as pixels have."""
    most = np.abs(rows).max(axis=0)
    most = most[most > 0]
    return most.size > 0 and most.max() < 50 * most.min()


def distances(a: Array, b: Array) -> Array:
    """Squared distances between rows, shape (A, B)."""
    return np.maximum((a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * a @ b.T, 0)


class Guesses:
    """Several guesses, each made when it is first asked for."""

    def __init__(self, source: Iterator[Guess]) -> None:
        self._source, self._made = source, list[Guess]()

    def __iter__(self) -> Iterator[Guess]:
        yield from self._made
        for guess in self._source:
            self._made.append(guess)
            yield guess

    def __len__(self) -> int:
        return sum(1 for _ in self)


def guesses(x: Array, targets: Array, rng: np.random.Generator) -> Iterator[Guess]:
    """Three predictors, each asked about examples that it was not shown: neighbours, a line, a line on random features.

    Parameters
    ----------
    x : array, shape (N, D)
        From `columns`.
    targets : array, shape (N, C)
        One column per class, of 0 and 1; or measured values.
    """
    apart = distances(x, x)
    np.fill_diagonal(apart, np.inf)
    nearest = np.argpartition(apart, min(10, len(x) - 1), axis=1)[:, : min(10, len(x) - 1)]
    yield Guess("a vote of neighbours", targets[nearest].mean(axis=1))
    if x.shape[1] <= len(x) // 2:
        yield Guess("a straight line", _ridge(x, targets))
    for width in (0.5, 1.0):
        weights = rng.normal(size=(x.shape[1], SPREAD)) * width * np.sqrt(2 / x.shape[1])
        waves = np.cos(x @ weights + rng.uniform(0, 2 * np.pi, SPREAD))
        yield Guess("a curve", _ridge(waves, targets, 1.0))


def _ridge(x: Array, targets: Array, strength: float = 1.0) -> Array:
    """Ridge regression's guess of each row, left out one by one (by the hat matrix)."""
    mean = targets.mean(axis=0)
    x = np.hstack([x, np.ones((len(x), 1))])
    gram = x.T @ x + strength * np.eye(x.shape[1])
    fits = np.linalg.solve(gram, x.T)  # (D, N); x @ fits is the hat matrix, of which its diagonal is enough
    own = np.minimum(np.einsum("nd,dn->n", x, fits), 0.999)[:, None]
    return mean + (x @ (fits @ (targets - mean)) - own * (targets - mean)) / (1 - own)
