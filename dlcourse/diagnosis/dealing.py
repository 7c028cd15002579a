"""How the minibatches are dealt out: mixed, or sorted by the answer."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from dlcourse.arrays import Array
from dlcourse.decision import class_numbers
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.skipping import Skipped

__all__ = ["sorted_batches"]

APART = 0.5  # of what whole separation would have
SELDOM = (
    8.5  # standard deviations of what mixed minibatches have; two of seven examples each, of one class each, have more
)
SEVEN = 7  # measured answers in each of two minibatches: that none overlap comes by chance once in 1716 times


def sorted_batches(exam: Exam) -> str:
    """Minibatches of one class each, or in the order of the answers."""
    p = exam.patient
    if not p.deals:
        raise Skipped("examples were given, not the minibatches that are made of them")
    batches = [y.reshape(-1) for _, y in p.batches if len(y) > 1]
    if len(batches) < 2:
        return ""
    labels = class_numbers(np.concatenate(batches))
    if labels is None:
        return _sorted_amounts(batches)
    return _few_kinds(batches) or _each_its_own(batches, labels)


def _few_kinds(batches: list[Array]) -> str:
    """Many minibatches with fewer classes than mixed ones would have."""
    y = np.concatenate(batches)
    kinds = np.array([len(np.unique(b)) for b in batches])
    rng, starts = np.random.default_rng(0), np.cumsum([0, *map(len, batches)])
    mixed = rng.permutation(y)
    expected = np.mean([len(np.unique(mixed[a:b])) for a, b in pairwise(starts)])
    if len(batches) < 3 or len(np.unique(y)) < 2 or kinds.mean() >= 0.6 * expected or expected <= 1.3:
        return ""
    return f"{int((kinds == 1).sum())} of the first {len(kinds)} minibatches hold a single class; each has {kinds.mean():.1f} classes on average, and {expected:.1f} would be expected of mixed ones."


def _each_its_own(batches: list[Array], labels: Array) -> str:
    """Few minibatches that have each its own classes: Pearson's chi-square against what mixed ones would have."""
    values, numbers = np.unique(labels, return_inverse=True)
    starts = np.cumsum([0, *map(len, batches)])
    counts = np.stack([np.bincount(numbers[a:b], minlength=len(values)) for a, b in pairwise(starts)])
    free = (len(counts) - 1) * (len(values) - 1)
    if free == 0:
        return ""
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    apart = float(((counts - expected) ** 2 / expected).sum())
    share = apart / (counts.sum() * (min(counts.shape) - 1))
    if share < APART or apart < free + SELDOM * np.sqrt(2 * free):
        return ""
    common = values[counts[0].argmax()]
    return f"The first of {len(batches)} minibatches has class {common} in {counts[0].max() / counts[0].sum():.0%} of its examples, all of them together in {counts.sum(axis=0)[counts[0].argmax()] / counts.sum():.0%}: each has classes of its own."


def _sorted_amounts(batches: list[Array]) -> str:
    """Measured answers that only rise, or only fall, from one minibatch to the next."""
    means = np.array([b.mean() for b in batches])
    steps = np.diff(means)
    turning = not (np.all(steps >= 0) or np.all(steps <= 0))
    if len(means) < 4:
        ordered = batches if steps.sum() >= 0 else batches[::-1]
        if turning or min(map(len, batches)) < SEVEN or any(a.max() > b.min() for a, b in pairwise(ordered)):
            return ""
        if not np.ptp(means):
            return ""
    elif turning or np.ptp(means) <= np.concatenate(batches).std():
        return ""
    return f"The mean answer of the first {len(means)} minibatches runs from {means[0]:.3g} to {means[-1]:.3g} without ever turning: they are sorted by the answer."
