"""Weights, gradients and the optimizer: whether each weight is learned that should be."""

from __future__ import annotations

import warnings
from contextlib import suppress
from functools import partial

import numpy as np

from dlcourse.diagnosis import trials
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.patient import Patient
from dlcourse.diagnosis.skipping import Skipped
from dlcourse.diagnosis.watching import Watched, watched
from dlcourse.errors import counted, joined
from dlcourse.tensor import Tensor

__all__ = ["frozen", "never_moved", "other_parameters", "unreached"]


def _few(names: list[str]) -> str:
    return joined(names[:4]) + (", …" if len(names) > 4 else "")


def frozen(exam: Exam) -> str:
    """Weights that ask for no gradient, and are missed."""
    p = exam.patient
    still = {name: q for name, q in p.named.items() if not q.requires_grad}
    if p.named and len(still) == len(p.named):
        return (
            f"All {counted(len(still), 'parameter')} of the model ask for no gradient: there is nothing to learn with."
        )
    constants = {f"a constant of shape {c.shape}": c for c in _weights_that_are_constants(exam)}
    if not still and not constants:
        return ""
    thaw = {**still, **constants}
    as_is, thawed = exam.reference, _thawed(exam, list(thaw.values()))
    further = exam.constant - thawed > 3 * max(exam.constant - as_is.end, 0.07 * exam.constant)
    if not (np.isfinite(thawed) and (thawed < 0.65 * as_is.end or further) and as_is.end > 0.35 * exam.constant):
        return ""
    size = sum(q.size for q in thaw.values())
    return f"{_few(list(thaw))} ({size:,} numbers) stay as they are: they ask for no gradient. In a short training the loss goes to {as_is.end:.3g}, and to {thawed:.3g} when they may move."


def _weights_that_are_constants(exam: Exam) -> list[Tensor]:
    """Constants that are held by somebody and multiplied like weights, or held by the model.

    What is computed of constants alone, as a first layer of them, leaves none in the graph.
    """
    p = exam.patient
    if exam.first.error is not None:
        return []
    held = {id(value) for value in p.kept.reached if isinstance(value, Tensor)}
    known = {id(q) for q in p.named.values()}
    own = [value for value in p.within if isinstance(value, Tensor) and not value.parents and id(value) not in known]
    constants = {id(c): c for c in (*own, *exam.first.constants) if id(c) in held}
    return [c for c in constants.values() if c.ndim >= 2 and c.data.dtype.kind == "f" and c.data.flags.writeable]


def _thawed(exam: Exam, still: list[Tensor]) -> float:
    """The loss after a short training in which these may move too."""
    p = exam.patient

    def run() -> float:
        for q in still:
            q.requires_grad = True
        tensors = list({id(q): q for q in (*p.named.values(), *still)}.values())
        ends = []
        x, y = p.x[exam.halves[0]], p.y[exam.halves[0]]
        size = min(32, len(x))
        batches = [(x[i : i + size], y[i : i + size]) for i in range(0, len(x) - size + 1, size)]
        before = [(q, q.data.copy()) for q in tensors]
        for rate in (0.01, 0.001):
            for q, data in before:
                q._write(data)
            step = trials.reference(p, steps=120, rate=rate, tensors=tensors)
            for number in range(120):
                step(*batches[number % len(batches)])
            ends.append(trials.loss_on(p, p.x, p.y))
        return min(ends)

    with np.errstate(all="ignore"):
        return p.measured(run)


def unreached(exam: Exam) -> str:
    """Parameters to which no gradient goes."""
    p, first = exam.patient, exam.first
    if p.named and not p.learned:
        return ""
    if not p.named and first.stage in ("", "backward"):
        return "The model has 0 parameters, so nothing in it can learn: a model holds its layers as attributes, and its weights as dl.Parameter."
    if first.stage == "backward" and type(first.error).__name__ == "GradientError":
        return f"No gradient reaches any of the {counted(len(p.learned), 'parameter')}: the loss does not remember how it was computed from them."
    if first.error is not None:
        return ""
    missed = [name for name, q in p.learned.items() if first.lengths.get(name) is None]
    if p.step is not None and exam.steps and exam.steps[0].after:
        there = {i for log in exam.steps for after in log.after for i in after}
        missed = sorted({*missed, *(name for name, q in p.learned.items() if id(q) not in there)})
    if not missed:
        return ""
    what = "has" if len(missed) == 1 else "have"
    return f"{_few(missed)} {what} no gradient after backward(), {len(missed)} of {counted(len(p.learned), 'parameter')}: the loss does not depend on {'it' if len(missed) == 1 else 'them'}."


def other_parameters(exam: Exam) -> str:
    """An optimizer that does not hold what the model learns with, or not all."""
    p = exam.patient
    if p.step is None:
        if p.optimizer is None:
            raise Skipped("no optimizer was given")
        optimizers = [p.optimizer]
    else:
        logs = [*exam.steps, exam.failed_step]
        optimizers = list({id(o): o for log in logs for o in log.optimizers}.values())
        if not optimizers:
            return _moved_by_hand(p, exam)
    held = {id(q) for o in optimizers for q in o.parameters}
    missed = [name for name, q in p.learned.items() if id(q) not in held]
    if not missed:
        return ""
    strangers = sum(id(q) not in {id(r) for r in p.named.values()} for o in optimizers for q in o.parameters)
    other = (
        f" It holds {counted(strangers, 'other array')} instead, of another model or of a layer that was replaced."
        if strangers
        else ""
    )
    return f"The optimizer does not know {_few(missed)}, {len(missed)} of the model's {counted(len(p.learned), 'parameter')}.{other}"


def _moved_by_hand(p: Patient, exam: Exam) -> str:
    """Without an optimizer: what has a gradient in every step, and never moves while others do."""
    logs = [*exam.steps, exam.failed_step]
    pulled = {i for log in logs for after in log.after for i, g in after.items() if g.length}
    moved = {i for log in logs for i, move in log.moves.items() if move}
    still = [name for name, q in p.learned.items() if id(q) in pulled - moved]
    if not still:
        return ""
    if not moved:
        return _moves_others(p, exam)
    return f"{_few(still)} {'has' if len(still) == 1 else 'have'} a gradient in each of {len(exam.steps)} steps and never move, while {len(moved)} others do."


def _moves_others(p: Patient, exam: Exam) -> str:
    """A step that moves arrays with which the model does not compute: they are given a gradient, and looked at afterwards."""
    own = {id(q) for q in p.named.values()}
    others = [
        q for q in p.kept.reached if isinstance(q, Tensor) and q.requires_grad and not q.parents and id(q) not in own
    ]

    def run() -> list[Tensor]:
        for q in others:
            q.zero_grad()
        before = [q.data.copy() for q in others]
        with (
            suppress(Exception),
            np.errstate(all="ignore"),
            warnings.catch_warnings(),
        ):  # whatever a learner's step may raise
            warnings.simplefilter("ignore")
            watched(partial(trials.stepper(p), *p.batches[0]), p.named.values(), Watched(), others)
        return [q for q, old in zip(others, before, strict=True) if q.shape != old.shape or np.any(q.data != old)]

    moved = p.measured(run) if others else []
    if not moved:
        return ""
    return f"Your step moves {counted(len(moved), 'array')} of the shapes {joined([q.shape for q in moved[:4]])}{', …' if len(moved) > 4 else ''}, with which the model does not compute, as soon as they have a gradient; the model's own {counted(len(p.learned), 'parameter')} get one and stay where they are."


def never_moved(exam: Exam) -> str:
    """Parameters whose gradient is exactly 0 in every step of a training, where nothing else was found that says why."""
    p, first = exam.patient, exam.first
    if first.error is not None or (p.optimizer is None and p.step is None) or exam.own.failed:
        return ""
    zero = [name for name, g in first.lengths.items() if g == 0 and p.named[name].requires_grad]
    if not zero:
        return ""
    still = [name for name in zero if exam.own.moved.get(name, 1.0) == 0.0]
    if not still:
        return ""
    return f"The gradient of {_few(still)} is exactly 0, and {exam.own.steps} steps have not moved {'it' if len(still) == 1 else 'them'} at all."
