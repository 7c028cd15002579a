"""Training and validation data: whether they have examples in common, and whether they come from one source."""

from __future__ import annotations

from collections import Counter

import numpy as np

from dlcourse.arrays import Array
from dlcourse.decision import class_numbers
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.neighbours import distances
from dlcourse.diagnosis.repeats import marks
from dlcourse.diagnosis.skipping import Skipped

__all__ = ["leaked", "other_source"]

MOST = 5000  # validation examples that are compared
MOST_REACH = 0.35
CHANCE = 2.0  # examples


def _both(exam: Exam) -> tuple[Array, Array, Array, Array]:
    if exam.patient.validation is None:
        raise Skipped("no validation data were given")
    x, y = exam.patient.validation
    if x.shape[1:] != exam.patient.all_x.shape[1:] or not len(x):
        raise Skipped("validation examples have another shape than training examples")
    return exam.patient.all_x, exam.patient.all_y, x, y


def leaked(exam: Exam) -> str:
    """Examples that are in both, or a scaling that has seen both."""
    x, y, other, answers = _both(exam)
    return _twice(x, y, other, answers) or _nearly_twice(x, other) or _scaled_together(x, other)


def _twice(x: Array, y: Array, other: Array, answers: Array) -> str:
    """Validation examples that are in the training data, with their answers, more often than training examples come twice."""
    if x.dtype != other.dtype:
        return ""
    pairs, asked = _pairs(x, y), _pairs(other, answers)
    times = Counter(pairs)
    again = sum(times[pair] > 1 for pair in pairs)  # if both come from one source, as often as validation examples do
    usual, twice = again / len(pairs), float(np.mean([pair in times for pair in asked]))
    least = (again + 1) / (len(pairs) + 1)
    error = float(np.sqrt(least * (1 - least) * (2 / len(pairs) + 1 / len(asked))))
    if not twice > usual + 0.03 + 3 * error or twice * len(other) < 2:
        return ""
    return f"{round(twice * len(other))} of {len(other)} validation examples, {twice:.0%}, are in the training data too, number for number; within the training data {usual:.0%} occur more than once."


def _pairs(x: Array, y: Array) -> list[tuple[int, int]]:
    return list(zip(marks(x), marks(y.astype(np.float64)), strict=True))


def _nearly_twice(x: Array, other: Array) -> str:
    """Copies with a little noise: a validation example that is far nearer to a training example than those are to each other."""
    if x.dtype.kind != "f" or len(x) < 20:
        return ""
    there, other = set(marks(x)), other[:MOST].astype(x.dtype)
    other = other[[mark not in there for mark in marks(other)]]  # those that are the very same were counted above
    if len(other) < 5:
        return ""
    whole, b = x.reshape(len(x), -1)[:1500].astype(np.float64), other.reshape(len(other), -1)[:300].astype(np.float64)
    spread = whole.std(axis=0)
    if not spread.any():
        return ""
    spread = np.maximum(spread, 0.1 * np.median(spread[spread > 0]))  # noise where nothing varied must not count
    whole, b = whole / spread, b / spread
    a = whole[:600]
    middle, reach = _neighbourhood(a)
    close = float((np.sqrt(distances(b, whole).min(axis=1)) < reach * middle).mean())
    if a.shape[1] >= 4 and close > 0.05 + CHANCE / len(b):
        return f"{close:.0%} of the validation examples are less than {reach:.2g} times as far from a training example as training examples are from their fifth neighbour ({middle:.3g} at the median): nearly the same example."
    return ""


def _neighbourhood(rows: Array) -> tuple[float, float]:
    """How far the fifth neighbour is, and within which part of that the nearest one is by chance in one case of a hundred.

    Of examples spread evenly over D dimensions, the nearest of five lies within the part r in about 4 rᴰ of cases; D is told by
    how much farther the tenth is (as in Levina & Bickel 2004). The fifth, for the first few may be copies of each other.
    """
    fifth, tenth = (min(k, len(rows) - 1) for k in (5, 10))
    near = np.sqrt(np.partition(distances(rows, rows), (fifth, tenth), axis=1))
    near = near[near[:, fifth] > 0]
    if not len(near):
        return 0.0, 0.0
    farther = float(np.mean(np.log(near[:, tenth] / near[:, fifth])))
    dimensions = np.log(2) / max(farther, 1e-9)
    return float(np.median(near[:, fifth])), float(min(MOST_REACH, 0.0025 ** (1 / dimensions)))


def _scaled_together(x: Array, other: Array) -> str:
    """Numbers that are standardized, or brought to 0 to 1, exactly for both together, and not for the training data."""
    if x.dtype.kind != "f":
        return ""
    a, b = x.reshape(len(x), -1).astype(np.float64), other.reshape(len(other), -1).astype(np.float64)
    both = np.concatenate([a, b])
    used = both.std(axis=0) > 0
    if not used.any():
        return ""
    a, both = a[:, used], both[:, used]
    off = [float(np.abs(rows.mean(axis=0)).max()) for rows in (both, a)]
    bent = [float(np.abs(rows.std(axis=0) - 1).max()) for rows in (both, a)]
    if off[0] < 1e-4 and bent[0] < 1e-3 + 1 / len(both) and off[1] > 20 * max(off[0], 1e-6):
        return f"Training and validation data together have mean 0 (to {max(off[0], 1e-7):.1g}) and deviation 1 in every feature; the training data alone have means up to {off[1]:.2g}: they were scaled before they were split."
    if _closer_than_chance(both) and not _closer_than_chance(a):
        return f"All {a.shape[1]} features of training and validation data together have mean 0 and deviation 1, three times as nearly as a random part of standardized data has; the training data alone do not: they were scaled before they were split, together with test data perhaps."
    many = np.array([len(np.unique(both[:, k])) > 20 for k in range(both.shape[1])])
    if many.all():
        ends = [
            np.abs(rows.min(axis=0)).max() < 1e-6 and np.abs(rows.max(axis=0) - 1).max() < 1e-6 for rows in (both, a)
        ]
        if ends[0] and not ends[1]:
            return "Training and validation data together go from exactly 0 to exactly 1 in every feature, the training data alone do not: they were scaled before they were split."
    return ""


def _closer_than_chance(rows: Array) -> bool:
    """Whether means and deviations are nearer to 0 and 1 than those of a sample of this size are by chance."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    if rows.shape[1] < 8:
        return False
    off = mean**2 * len(rows)
    fourth = ((rows - mean) ** 4).mean(axis=0) / spread**4
    bent = (spread**2 - 1) ** 2 * len(rows) / np.maximum(fourth - 1, 0.1)
    return bool(
        off.mean() < 0.4 and bent.mean() < 0.5 and (off.mean() + bent.mean()) / 2 < 0.35 and np.abs(mean).max() > 0
    )


def other_source(exam: Exam) -> str:
    """Features or answers that are distributed otherwise in the two."""
    x, y, other, answers = _both(exam)
    if min(len(x), len(other)) < 20:
        raise Skipped("20 examples in each are the least that can be compared")
    return _answers(y, answers) or _features(x, other)


def _answers(y: Array, other: Array) -> str:
    a, b = class_numbers(y), class_numbers(other)
    if a is not None and b is not None and a.ndim == 1:
        values = np.unique(np.concatenate([a, b]))
        if len(values) > 50:
            return ""
        shares = [np.array([(labels == value).mean() for value in values]) for labels in (a, b)]
        apart = float(np.abs(shares[0] - shares[1]).sum() / 2)
        error = float(np.sqrt(shares[0] * (1 - shares[0]) * (1 / len(a) + 1 / len(b))).sum() / 2)
        if apart > 0.2 and apart > 3 * error:
            k = int(np.abs(shares[0] - shares[1]).argmax())
            return f"Class {values[k]} makes {shares[0][k]:.0%} of the training answers and {shares[1][k]:.0%} of the validation answers."
        return ""
    if y.dtype.kind == "f" and other.dtype.kind == "f":
        told = _shift(y.reshape(len(y), -1), other.reshape(len(other), -1))
        return told and f"The answers differ: {told}"
    return ""


def _features(x: Array, other: Array) -> str:
    if x.dtype.kind not in "fiu":
        return ""
    told = _shift(x.reshape(len(x), -1), other.reshape(len(other), -1))
    return told and f"The examples differ: {told}"


def _shift(a: Array, b: Array) -> str:
    """A shift of the mean, of the spread, or of the whole, large and beyond chance."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    spread = np.sqrt((a.var(axis=0) + b.var(axis=0)) / 2)
    used = (spread > 1e-12) & (a.std(axis=0) > 0)  # what is constant in training has a finding of its own
    if not used.any():
        return ""
    columns = np.flatnonzero(used)
    a, b, spread = a[:, used], b[:, used], spread[used]
    error = np.sqrt(1 / len(a) + 1 / len(b))
    moved = (b.mean(axis=0) - a.mean(axis=0)) / spread
    limit = max(0.5, error * (4 + np.log10(len(columns))))
    k = int(np.abs(moved).argmax())
    share = float((np.abs(moved) > limit).mean())
    if abs(moved[k]) > limit and (share >= 0.05 or abs(moved[k]) > 2 * limit):
        return f"feature {columns[k]} has a mean of {a[:, k].mean():.3g} in training and {b[:, k].mean():.3g} in validation, {abs(moved[k]):.1f} standard deviations apart."
    wide = np.abs(np.log(np.maximum(b.std(axis=0), 1e-9) / np.maximum(a.std(axis=0), 1e-9)))
    if float(np.median(wide)) > max(0.35, 3 * error):
        return f"the spread of a typical feature is {np.exp(np.median(np.log(np.maximum(b.std(axis=0), 1e-9) / np.maximum(a.std(axis=0), 1e-9)))):.2g} times as large in validation as in training."
    return ""
