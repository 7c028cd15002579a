"""What stops a training at once: numbers that are none, and batches that a layer cannot use."""

from __future__ import annotations

from functools import partial

import numpy as np

from dlcourse.arrays import Array
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.first import First, passed
from dlcourse.diagnosis.skipping import Skipped
from dlcourse.diagnosis.watching import Watched
from dlcourse.errors import DataError, counted

__all__ = ["batch_larger_than_the_data", "batches_of_one", "no_numbers", "numbers_lost", "step_fails"]


def no_numbers(exam: Exam) -> str:
    """NaN or infinity, in the data, the weights, the loss, its gradient, or after some steps."""
    patient = exam.patient
    for i, (x, y) in enumerate(patient.batches):
        for letter, array in (("x", x), ("y", y)):
            if _bad(array):
                return f"{counted(_bad(array), 'number')} of {letter} in minibatch {i + 1} of the data are NaN or infinite, before anything is computed."
    for letter, array in zip("xy", patient.validation or (), strict=False):
        if _bad(array):
            return f"{counted(_bad(array), 'number')} of {letter} in the validation data are NaN or infinite."
    for name, p in patient.named.items():
        if not np.isfinite(p.data).all():
            bad = int((~np.isfinite(p.data)).sum())
            return f"{bad} of the {p.size} weights in {name} are NaN or infinite already, before this training makes a step."
    first = exam.first
    if first.error is None and not np.isfinite(first.value):
        place = f" It begins in {first.begins}{_layer(exam)}." if first.begins else ""
        return f"The loss of the very first minibatch is {first.value:g}, at step 1.{place}"
    if exam.patient.step is not None and exam.steps:
        told = _lost_in(exam.steps[:1], "in your own step ")
        if told:
            return told
    if first.breaks:
        return f"At step 1 the loss is {first.value:.3g}, and its gradient is no number: it breaks in {first.breaks}"
    return ""


def _bad(array: Array) -> int:
    """How many numbers are none."""
    return 0 if array.dtype.kind != "f" else int((~np.isfinite(array)).sum())


def _layer(exam: Exam) -> str:
    for node in exam.first.graph:
        if not all(map(np.isfinite, node.reach)):
            return f", at the layer with {node.place}" if node.place else ""
    return ""


def numbers_lost(exam: Exam) -> str:
    """A training that breaks after some steps, and does so with steps of a hundredth as well."""
    watched = exam.steps if exam.patient.step is not None or exam.patient.optimizer is not None else []
    told = _lost_in(watched, "")
    if told:
        return "" if np.isfinite(exam.scaled(1e-4, 10).end) else told
    if (exam.patient.optimizer is None and exam.patient.step is None) or not _diverged(exam.own):
        return ""
    gentle = exam.scaled(1e-4)
    if not _diverged(gentle):
        return ""
    said = f" {gentle.error}" if gentle.error is not None else ""
    return f"The loss is no number after {exam.own.steps} steps, and with steps of a ten-thousandth after {gentle.steps}.{said}"


def _lost_in(logs: list[Watched], where: str) -> str:
    """The first of some watched steps whose loss is no number."""
    for number, log in enumerate(logs, 1):
        if log.values and not np.isfinite(log.values[-1]):
            return f"The loss {where}is {log.values[-1]:g} at step {number}{': it begins in ' + log.begins if log.begins else ''}."
    return ""


def _diverged(trial: object) -> bool:
    error, end = getattr(trial, "error", None), getattr(trial, "end", 0.0)
    return type(error).__name__ == "DivergenceError" or (error is None and not np.isfinite(end))


def _pass_of(exam: Exam, number: int) -> First:
    p = exam.patient
    return p.measured(lambda: passed(p, p.x[:number], p.y[:number]))


def batches_of_one(exam: Exam) -> str:
    """A batch of one example, and a layer that needs the spread of a batch."""
    patient = exam.patient
    errors = [exam.first.error]
    if patient.step is not None:
        _ = exam.steps
        errors.append(exam.step_error)
    sizes = [len(x) for x, _ in patient.batches]
    whole = getattr(patient.data, "batch_size", 0)
    rest = patient.examples % whole if whole and not getattr(patient.data, "drop_last", False) else 0
    told = any(isinstance(error, DataError) for error in errors)
    if not (1 in sizes or rest == 1 or told):
        return ""
    alone, together = (_pass_of(exam, number) for number in (1, 8))
    if not isinstance(alone.error, DataError) or together.error is not None:
        return ""
    number = sum(size == 1 for size in sizes)
    if number:
        return (
            f"{number} of {len(sizes)} minibatches hold one example, and a layer refuses a batch of one: {alone.error}"
        )
    if rest == 1:
        return f"{patient.examples} examples in minibatches of {whole} leave a last one of one example, and a layer refuses it: {alone.error}"
    return f"Your step computes one example at a time, and a layer refuses that: {alone.error}"


def step_fails(exam: Exam) -> str:
    """An error of the library, or of the learner's own code, in the first step or in one after it."""
    patient, number = exam.patient, 1
    trained = patient.step is not None or patient.optimizer is not None
    if trained:
        number = len(exam.steps) + 1
    error = exam.step_error if patient.step is not None else exam.first.error or exam.step_error
    if error is None and trained and type(exam.own.error).__name__ != "DivergenceError":
        error, number = exam.own.error, exam.own.steps + 1
    elif error is None and not trained:
        error, number = _fails_later(exam)
    if error is None:
        return ""
    said = " ".join(str(error).split()).rstrip(".")
    which = "The first step" if number == 1 else f"Step {number}"
    return f"{which} ends with {type(error).__name__}{': ' + said if said else ''}."


def _fails_later(exam: Exam) -> tuple[Exception | None, int]:
    """The error of the first minibatch that does not go through the model and the loss, and its number."""
    p = exam.patient
    for number, batch in enumerate(p.batches[1:] if p.deals else [], 2):
        error = p.measured(partial(passed, p, *batch)).error
        if error is not None:
            return error, number
    return None, 1


def batch_larger_than_the_data(exam: Exam) -> str:
    """A batch size beyond the number of examples."""
    patient = exam.patient
    if patient.batch_size is None:
        if not patient.deals:
            raise Skipped("examples were given, not the minibatches that are made of them")
        return ""
    if patient.batch_size <= patient.examples:
        return ""
    return f"The minibatches should hold {patient.batch_size} examples, and there are {patient.examples}: every epoch is one single step."
