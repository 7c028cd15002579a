"""The steps of a training, watched: what is added up, which way the weights go, and whether they go at all."""

from __future__ import annotations

from zlib import crc32

import numpy as np

from dlcourse.arrays import Array
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.outputs import loss_at
from dlcourse.diagnosis.skipping import Skipped
from dlcourse.errors import joined

__all__ = ["gradients_not_zeroed", "same_batch", "wrong_direction", "zero_rate"]


def _need_steps(exam: Exam) -> None:
    if exam.patient.step is None and exam.patient.optimizer is None:
        raise Skipped("neither optimizer nor step was given")


def gradients_not_zeroed(exam: Exam) -> str:
    """Gradients that were used already are still there at the next backward."""
    _need_steps(exam)
    for earlier, later in zip(exam.steps, exam.steps[1:], strict=False):
        if not (earlier.after and later.before):
            continue
        old, there, new = earlier.after[-1], later.before[0], later.after[-1]
        stale = [i for i, g in there.items() if g.length and g == old.get(i) and earlier.moves.get(i)]
        if stale:
            lengths = [float(np.sqrt(sum(g[i].length ** 2 for i in stale if i in g))) for g in (old, new)]
            names = [name for name, p in exam.patient.named.items() if id(p) in stale]
            return (
                f"When backward() runs in the second step, {joined(names[:3])} still {'holds' if len(stale) == 1 else 'hold'} the gradient that "
                f"the first step has used. The new one was added to it: its length went from {lengths[0]:.3g} to {lengths[1]:.3g}."
            )
    return ""


def wrong_direction(exam: Exam) -> str:
    """The weights move along the gradient instead of against it."""
    _need_steps(exam)
    wrong = _praises_mistakes(exam)
    if wrong or exam.first.error is not None:
        return wrong
    cosine = exam.first_direction
    if not cosine > 0.1:
        return ""
    return (
        f"The first step moves the weights along the gradient of the loss, uphill: the cosine between the two is {cosine:.2f}, and downhill it "
        "would be negative."
    )


def _praises_mistakes(exam: Exam) -> str:
    """A loss that is lower for wrong answers than for right ones."""
    p, y = exam.patient, exam.patient.y[:256]
    if exam.first.output is None:
        return ""
    width = exam.outputs.shape[-1] if exam.outputs.ndim > 1 else 1
    if p.labels is not None and width > 1 and p.labels.max() < width:
        right = 4.0 * (np.arange(width) == p.labels[:256].reshape(-1, 1)) + 0.0 * exam.outputs[:256]
        wrong = np.roll(right, 1, axis=-1)
    elif y.size == exam.outputs[:256].size and p.labels is None and y.dtype.kind == "f":
        right = y.reshape(exam.outputs[:256].shape).astype(float)
        wrong = right + 2 * float(y.std())
    else:
        return ""
    good, bad = loss_at(exam, right, y), loss_at(exam, wrong, y)
    if not good > bad + 0.01 * abs(bad):
        return ""
    return f"The loss is {good:.3g} where the outputs are right and {bad:.3g} where they are wrong: to make it smaller is to make mistakes. Is there a minus too many?"


def zero_rate(exam: Exam) -> str:
    """Nothing moves although there is a gradient."""
    _need_steps(exam)
    optimizer = exam.patient.optimizer
    rates = _rates(optimizer)
    if len(rates) == 1 and rates[0] == 0:
        return "The learning rate is 0."
    if rates and max(rates) <= 0:
        return f"The learning rate is {rates[0]:g} now, and at most {max(rates):g} in the next {len(rates)} steps."
    if rates and min(rates) < 0:
        return f"The learning rate is {min(rates):g} at step {int(np.argmin(rates)) + 1}: below zero, the step goes uphill."
    pulled = any(g.length for log in exam.steps for after in log.after for g in after.values())
    if not pulled or any(move for log in exam.steps for move in log.moves.values()):
        return ""
    called = any(log.optimizers for log in exam.steps)
    if called and rates and max(rates) > 0:
        return ""  # so small that the sum is rounded away
    rate = f" The rate of the optimizer is {optimizer.lr:g}." if optimizer is not None and rates else ""
    missing = "" if called or exam.patient.step is None or optimizer is None else " optimizer.step() was never called."
    return f"{len(exam.steps)} steps were made, with gradients that are not zero, and no weight is another one afterwards.{rate}{missing}"


def _rates(optimizer: object) -> list[float]:
    """The rates of the next steps, also where a schedule gives one that the optimizer refuses."""
    rate = getattr(optimizer, "_lr", None)
    if rate is None:
        return []
    if not callable(rate):
        return [float(rate)]
    try:
        return [float(rate(step)) for step in [*range(200), *range(200, 5000, 50)]]
    except Exception:  # a schedule of a learner's own may raise anything
        return []


def same_batch(exam: Exam) -> str:
    """Every minibatch is the same one, or a step does not use what it is given."""
    patient = exam.patient
    if patient.deals and len(patient.batches) > 1:
        x, y = patient.batches[0]
        if all(np.array_equal(x, other) and np.array_equal(y, answers) for other, answers in patient.batches[1:]):
            return f"The first {len(patient.batches)} minibatches hold the same {len(x)} examples."
    if patient.step is None:
        return ""
    first, second = (
        exam.moved_by(batch, lambda q, old: (bool(np.any(q.data != old)), crc32(q.data.tobytes())))
        for batch in _two_batches(exam)
    )
    if not first or not any(moved for moved, _ in first.values()):
        return ""
    if first == second:
        return "Your step moves the weights in exactly the same way whatever minibatch it is given: it does not use its x and y."
    return ""


def _two_batches(exam: Exam) -> list[tuple[Array, Array]]:
    p = exam.patient
    size = max(1, min(len(p.batches[0][0]), len(p.x) // 2))
    return [(p.x[:size], p.y[:size]), (p.x[size : 2 * size], p.y[size : 2 * size])]
