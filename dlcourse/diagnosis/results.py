"""What a training comes to: too small, too closely fitted, held back too much, or ended too soon."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from dlcourse.decision import class_numbers
from dlcourse.diagnosis import trials
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.least import least_of
from dlcourse.diagnosis.outputs import aims_at
from dlcourse.diagnosis.skipping import Skipped
from dlcourse.layers.dropout import Dropout

__all__ = ["overfits", "too_few_updates", "too_much_regularization", "too_small"]

FEW = 25  # updates


def too_few_updates(exam: Exam) -> str:
    """A training that ended while the loss was still falling fast."""
    history: Any = exam.patient.history
    if history is None:
        raise Skipped("no history was given")
    steps = len(getattr(history, "batch_losses", ())) or len(getattr(history, "loss", ()))
    if (
        not 0 < steps <= FEW
        or getattr(history, "interrupted", False)
        or exam.patient.optimizer is None
        and exam.patient.step is None
    ):
        return ""
    now, goal = exam.loss_now, exam.own.end
    if exam.own.failed or not goal < 0.75 * now or now < 0.4 * exam.constant:
        return ""
    return f"The training ended after {steps} updates, at a loss of {now:.3g}. {exam.own.steps} more of the same bring it to {goal:.3g}."


def overfits(exam: Exam) -> str:
    """Far better on what it has seen than on what it has not."""
    p = exam.patient
    if p.validation is None:
        noted = p.noted("validation_loss")
        if not noted:
            raise Skipped("no validation data were given")
        return _rising(exam, noted)
    x, y = p.validation
    if x.shape[1:] != p.all_x.shape[1:]:
        raise Skipped("validation examples have another shape than training examples")
    seen = exam.loss_now
    unseen = p.measured(lambda: trials.loss_on(p, x[:2000], y[:2000]))
    if p.least < 0:  # other answers, another least
        unseen -= least_of(exam, y[:2000])
    gap = (unseen - seen) / max(abs(exam.constant), 1e-12)
    shares = _shares(exam)
    apart = shares[0] - shares[1] if shares else 1.0
    if seen > 0.6 * exam.constant or gap < (0.12 if shares and apart > 0.1 and shares[0] > 0.96 else 0.3):
        return ""
    right = f" ({shares[0]:.0%} and {shares[1]:.0%} right)" if shares else ""
    return f"The loss is {seen:.3g} on training examples and {unseen:.3g} on validation examples{right}; always the same answer has {exam.constant:.3g}."


def _shares(exam: Exam) -> tuple[float, float] | None:
    """The share of right classes on the sample and on validation data; None where the answers are no classes."""
    p = exam.patient
    if p.validation is None or p.labels is None or (labels := class_numbers(p.validation[1])) is None:
        return None
    x, y = p.validation
    out = p.measured(lambda: trials.outputs_on(p, x))
    if y.ndim > 2 or out.ndim != 2:
        return None
    return float(exam.right(exam.outputs, p.y, p.labels).mean()), float(exam.right(out, y, labels).mean())


def _rising(exam: Exam, noted: list[float]) -> str:
    least, learned = min(noted), exam.patient.noted("loss")
    if noted[-1] - least < 0.2 * abs(exam.constant) or not learned or not learned[-1] < 0.6 * exam.constant:
        return ""
    return f"The validation loss was {least:.3g} after epoch {noted.index(least) + 1} and is {noted[-1]:.3g} at the end, while the training loss went down to {learned[-1]:.3g}."


def too_much_regularization(exam: Exam) -> str:
    """A penalty, a decay or a dropout without which the model learns far better."""
    for test in (_penalty_in_the_loss, _decay, _dropout, _penalty_in_the_history):
        seen = test(exam)
        if seen:
            return seen
    return ""


def _helps(with_it: float, without: float, constant: float) -> bool:
    """Whether the loss is far lower without, or lower at all where with it nothing is learned."""
    if not np.isfinite(without) or with_it < 0.5 * constant:
        return False
    return bool(without < 0.5 * with_it or (with_it > 0.93 * constant and without < 0.8 * constant))


def _penalty_in_the_loss(exam: Exam) -> str:
    """A loss that depends on the weights by another way than by the output."""
    if exam.first.error is not None:
        return ""
    if not exam.beside_output > 0.05:
        return ""
    held, free = exam.long(penalty=True), exam.long(penalty=False)
    constant = exam.constant_data
    if not _helps(held, free, constant):
        return ""
    return f"The loss contains a penalty on the weights. With it the data's part of the loss comes to {held:.3g}, without it to {free:.3g}; the same answer for all has {constant:.3g}."


def _decay(exam: Exam) -> str:
    optimizer: Any = exam.patient.optimizer
    decay = getattr(optimizer, "weight_decay", 0) or 0
    if not decay:
        return ""
    p = exam.patient

    def end(value: float) -> float:
        optimizer.weight_decay = value
        return _ended(exam, 200)

    held, free = (p.measured(partial(end, value)) for value in (decay, 0.0))
    if not _helps(held, free, exam.constant):
        return ""
    return f"The optimizer pulls every weight towards 0, with a decay of {decay:g}. With it the loss comes to {held:.3g} in 200 steps, without it to {free:.3g}."


def _ended(exam: Exam, steps: int) -> float:
    p, step = exam.patient, trials.stepper(exam.patient)
    with np.errstate(all="ignore"):
        if p.step is None and hasattr(p.model, "train"):
            p.model.train()
        for number in range(steps):
            step(*p.batches[number % len(p.batches)])
            p.check_time()
        return trials.loss_on(p, p.x[:256], p.y[:256])


def _dropout(exam: Exam) -> str:
    p = exam.patient
    layers = [m for m in p.modules if isinstance(m, Dropout) and m.p >= 0.7]
    if not layers or (p.optimizer is None and p.step is None):
        return ""

    def end(share: float | None) -> float:
        for layer in layers:
            layer.p = layer.p if share is None else share
        return _ended(exam, 150)

    held, free = p.measured(lambda: end(None)), p.measured(lambda: end(0.0))
    if not _helps(held, free, exam.constant):
        return ""
    return f"Dropout ignores {max(m.p for m in layers):.0%} of the units. With it the loss comes to {held:.3g} in 150 steps, without it to {free:.3g}."


def _penalty_in_the_history(exam: Exam) -> str:
    history: Any = exam.patient.history
    parts = list(getattr(history, "regularization", ()) or ())
    if not parts or not any(parts) or not exam.patient.noted("loss"):
        return ""
    end = exam.patient.noted("loss")[-1]
    if end < 0.5 * exam.constant or exam.reference.failed or not _helps(end, exam.reference.end, exam.constant):
        return ""
    if not (parts[-1] > 0.1 * end or parts[-1] < 0.5 * parts[0]):
        return ""
    return f"The regularizer's part of the loss went from {parts[0]:.3g} to {parts[-1]:.3g}, and the data's part ended at {end:.3g}, where the same answer for all has {exam.constant:.3g}. Without a penalty it comes to {exam.reference.end:.3g} in 120 steps."


def too_small(exam: Exam) -> str:
    """A model that cannot fit what simple predictors can foretell of unseen examples."""
    p = exam.patient
    if len(p.x) < 60 or (p.labels is None and (p.y.dtype.kind != "f" or p.y.ndim > 2)) or exam.classes == 1:
        raise Skipped("60 examples with one answer each are the least that can be compared")
    numbers = sum(q.size for q in p.named.values())
    if numbers > (0.3 * exam.classes if exam.classes else 0.5) * len(p.x) or not (exam.classes or aims_at(exam, p.y)):
        return ""
    gap, reached = 0.12 if exam.classes else 0.2, _explained(exam, exam.outputs)
    if (p.optimizer is not None or p.step is not None) and not exam.own.failed and exam.own.outputs is not None:
        reached = max(reached, _explained(exam, exam.own.outputs))
    if reached > 1 - gap:  # nobody foretells more than all
        return ""
    possible = max(_foretold(exam, guess.scores) for guess in exam.guesses)
    if possible - reached < gap:
        return ""
    short = exam.reference.outputs
    if short is None or possible - _explained(exam, short) < gap:
        return ""
    out = exam.settled
    if out is None:
        return ""
    own = _explained(exam, out)
    if possible - own < gap or exam.few is None or _explained(exam, exam.few) > 1 - gap / 2:
        return ""
    kind = "right" if exam.classes else "of the spread explained"
    return f"With {numbers} weights the model, trained until it stands still, has {own:.0%} {kind} on the very examples it learned from; a simple predictor has {possible:.0%} on examples that it has not seen."


def _foretold(exam: Exam, scores: Any) -> float:
    truth = exam.targets
    if exam.classes:
        return float((scores.argmax(axis=1) == truth.argmax(axis=1)).mean())
    return 1 - float(np.mean((scores - truth) ** 2) / np.mean(truth**2))


def _explained(exam: Exam, out: Any) -> float:
    p, n = exam.patient, len(out)
    if p.labels is not None:
        return float(exam.right(out, p.y[:n], p.labels[:n]).mean())
    y = p.y[:n].reshape(n, -1)
    if out.reshape(len(out), -1).shape != y.shape:
        return 1.0
    return 1 - float(np.mean((out.reshape(y.shape) - y) ** 2) / np.mean((y - y.mean(axis=0)) ** 2))
