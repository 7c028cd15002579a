"""Examples that occur more than once, and answers that are symbols of what is read: where inputs alone do not decide."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from dlcourse.arrays import Array
from dlcourse.decision import class_numbers
from dlcourse.diagnosis.exam import Exam

__all__ = ["answers_are_symbols", "marks", "undecided"]

MOST = 5000  # examples that are compared with each other
ALPHABET = 4  # symbols at least
ALIKE = 0.6  # the part that two distributions have in common


def marks(x: Array) -> list[int]:
    """A number for each example, by which the same one is known again.

    Examples
    --------
    >>> one, two, three = marks(np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0]]))
    >>> one == three, one == two
    (True, False)
    """
    return [hash(row.tobytes()) for row in x]


def undecided(exam: Exam) -> float:
    """The share of examples whose input occurs with another answer, too."""
    p = exam.patient
    every = -(-len(p.all_x) // MOST)
    labels = class_numbers(p.all_y[::every])
    if labels is None:
        return 0.0
    inputs, answers = marks(p.all_x[::every]), labels.reshape(-1).tolist()
    given: defaultdict[int, set[int]] = defaultdict(set)
    for mark, answer in zip(inputs, answers, strict=True):
        given[mark].add(answer)
    return float(np.mean([len(given[mark]) > 1 for mark in inputs]))


def answers_are_symbols(exam: Exam) -> bool:
    """Whether the answers are of the same alphabet as the inputs, and about as frequent: what comes next in a sequence."""
    p = exam.patient
    read = None if p.labels is None or p.labels.min() < 0 else _symbols(p.x, exam.outputs.shape[-1])
    if p.labels is None or read is None:
        return False
    size = int(max(read.max(), p.labels.max())) + 1
    inputs, answers = (np.bincount(one.reshape(-1), minlength=size) for one in (read, p.labels))
    if (answers > 0).sum() < ALPHABET or size > 10_000:
        return False
    padding = np.arange(size) == inputs.argmax()  # what fills short sequences up is more frequent in the inputs
    return max(_in_common(inputs, answers), _in_common(inputs[~padding], answers[~padding])) > ALIKE


def _symbols(x: Array, outputs: int) -> Array | None:
    """The symbols that are read, as whole numbers from 0; None where they are none."""
    if x.dtype.kind in "iu":
        return x if x.size and x.min() >= 0 else None
    if x.ndim < 2 or not x.size or not np.isin(x, (0, 1)).all():
        return None
    width = x.shape[-1] if x.ndim > 2 else outputs  # one row of 0 and 1 for each symbol, perhaps laid end to end
    if width < 2 or x.shape[-1] % width:
        return None
    rows = x.reshape(-1, width)
    ones = rows.sum(axis=1)
    return rows[ones == 1].argmax(axis=1) if ones.max() == 1 else None


def _in_common(a: Array, b: Array) -> float:
    """The part that two distributions have in common, from 0 to 1."""
    return float(np.minimum(a / a.sum(), b / b.sum()).sum()) if a.sum() and b.sum() else 0.0
