"""The least that a loss can be: 0 for most, and below 0 for the logarithm of a likelihood, where a tenth of the loss means nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse import losses
from dlcourse.arrays import Array
from dlcourse.diagnosis import trials
from dlcourse.diagnosis.exam import Exam
from dlcourse.objective import loss_of
from dlcourse.tensor import Tensor

__all__ = ["count_from_least", "least_of"]

FAR = 0.1  # of one step of the outputs
STEPS = 60


def count_from_least(exam: Exam) -> float:
    """Let a loss that can be below 0 begin at 0, so that its values can be compared by how many times as large they are.

    Returns
    -------
    float
        The least that it was found to come to, with an output of its own for every example; 0 where that is not below 0.
    """
    p = exam.patient
    if any(p.loss is getattr(losses, name) for name in losses.__all__):
        return 0.0
    try:
        with np.errstate(all="ignore"):
            least = least_of(exam, p.y[:256])
    except Exception:  # a model or a loss of a learner's own may raise anything
        return 0.0
    if not np.isfinite(least) or least > -1e-6:
        return 0.0
    p.loss, p.least = _from(p.loss, least), least
    return least


def _from(loss: Callable[[Any, Any], Any], least: float) -> Callable[[Any, Any], Any]:
    return lambda prediction, truth: loss(prediction, truth) - least


def least_of(exam: Exam, y: Array) -> float:
    """The loss of these answers after some steps of Adam on the outputs themselves, which begin at 0."""
    return exam.patient.measured(lambda: _least(exam, y))


def _least(exam: Exam, y: Array) -> float:
    p, kind = exam.patient, trials.kind_of(exam.patient)
    outputs = Tensor(np.zeros((len(y), *exam.outputs.shape[1:]), kind), requires_grad=True)
    adam, least = trials.Adam([outputs], FAR, STEPS), np.inf
    for _ in range(STEPS):
        outputs.zero_grad()
        error = loss_of(trials.OWNER, p.loss, outputs, y, kind)
        if not np.isfinite(error.item()):
            break
        least = min(least, float(error.item()))
        if not error.requires_grad:
            break
        error.backward()
        adam.step()
    return least
