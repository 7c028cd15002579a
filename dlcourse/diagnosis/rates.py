"""The learning rate: the learner's own steps, made longer and shorter."""

from __future__ import annotations

import numpy as np

from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.skipping import Skipped
from dlcourse.diagnosis.trials import Trial

__all__ = ["flown_apart", "too_high", "too_low"]

LONGER = (100, 10_000, 1_000_000)
SHORTER = (0.1, 0.01, 0.001, 1e-4)


def _need(exam: Exam) -> None:
    if exam.patient.optimizer is None and exam.patient.step is None:
        raise Skipped("neither optimizer nor step was given")


def _rate(exam: Exam) -> str:
    optimizer = exam.patient.optimizer
    try:
        return f" The rate is {optimizer.lr:g}." if optimizer is not None else ""
    except Exception:  # a schedule of a learner's own may raise anything
        return ""


def _better(trial: Trial) -> float:
    return trial.end if not trial.failed else float("inf")


def flown_apart(exam: Exam) -> str:
    """A history whose loss went far above its start."""
    noted = exam.patient.noted("batch_losses") or exam.patient.noted("loss")
    if len(noted) < 3:
        return ""
    width = min(5, len(noted) // 3)
    smooth = np.convolve(noted, np.ones(width) / width, "valid")  # single minibatches are too uneven
    start, most, end = float(noted[0]), float(smooth.max()), float(smooth[-1])
    if not (most > 5 * max(start, exam.constant) and end > 0.5 * exam.constant):
        return ""
    return f"In the history the loss went from {start:.3g} in the first minibatch up to {most:.3g}, {most / start:,.0f} times as much, and ended at {end:.3g}.{_rate(exam)}"


def too_high(exam: Exam) -> str:
    """Steps that make it worse, where shorter ones make it better."""
    _need(exam)
    own, constant = exam.own, exam.constant
    if own.error is not None and type(own.error).__name__ != "DivergenceError":
        return ""
    least = min(own.start, constant)
    end = min(own.end, own.by_batch)
    worse = own.failed or end > 1.2 * least
    if not own.failed and end < 0.35 * constant:
        return _leaps(exam)
    for scale in SHORTER:
        gentle = exam.scaled(scale)
        better = _better(gentle)
        if own.failed or end > 0.9 * least:
            enough = better < 0.8 * min(least, _better(own)) or (worse and _is_half_way(exam, better))
        else:
            enough = better < 0.3 * end
        if enough:
            became = "is no number any more" if own.failed else f"is {own.end:.3g}"
            return f"After {own.steps} steps the loss {became}, from {own.start:.3g} at the start; with steps of a {_part(scale)} it is {gentle.end:.3g}.{_rate(exam)}"
        if not own.failed and better > 0.97 * own.end and own.end <= own.start:
            return ""
    return ""


def _is_half_way(exam: Exam, loss: float) -> bool:
    """Whether a loss is half the way down that a training goes which is known to work: where answers are uncertain, that is not far."""
    least = min(exam.own.start, exam.constant)
    way = least - exam.reference.end
    return bool(not exam.reference.failed and way > 0.05 * least and least - loss > 0.5 * way)


def _leaps(exam: Exam) -> str:
    """Steps that throw the loss far up before it comes down, where shorter ones do not."""
    own, usual = exam.own, 5 * max(exam.own.start, exam.constant)
    if max(own.losses, default=0.0) < usual:
        return ""
    gentle = exam.scaled(0.01)
    if gentle.failed or max(gentle.losses, default=0.0) > usual / 3:
        return ""
    return f"The loss was {own.start:.3g} at the start and rose to {max(own.losses):.3g} within {own.steps} steps before it came down; with steps of a hundredth it stays below {max(gentle.start, *gentle.losses):.3g}.{_rate(exam)}"


def _part(scale: float) -> str:
    return {0.1: "tenth", 0.01: "hundredth", 0.001: "thousandth"}.get(scale, "ten-thousandth")


def too_low(exam: Exam) -> str:
    """Steps that hardly change anything, where longer ones do."""
    _need(exam)
    own, constant = exam.own, exam.constant
    start = exam.idle
    if own.failed or start < 0.7 * constant or own.end < 0.9 * start:
        return ""
    whole = start - exam.reference.end
    if exam.reference.failed or exam.reference.end > 0.93 * min(start, constant):
        return ""
    share = (start - own.end) / whole
    peak = _peak(exam)
    if share * peak > 0.03:
        return ""
    if start - _better(exam.scaled(peak * 10)) > 0.2 * whole:
        return ""  # low, and not far too low
    longer = {factor: _better(exam.scaled(peak * factor)) for factor in LONGER}
    factor, best = min(longer.items(), key=lambda item: item[1])
    if not start - best > max(8 * abs(start - own.end), 0.1 * whole):
        return ""
    return f"{own.steps} steps bring the loss from {start:.4g} to {own.end:.4g}; with steps {factor:,} times as long it comes to {best:.3g}.{_rate(exam)}"


def _peak(exam: Exam) -> float:
    """By how much the rate will still grow, where a schedule says so."""
    from dlcourse.diagnosis.own_step import _rates

    rates = _rates(exam.patient.optimizer)
    steps = getattr(exam.patient.optimizer, "steps", 0)
    now = np.mean(rates[steps : steps + 60]) if len(rates) > steps + 60 else (rates[0] if rates else 1.0)
    return float(max(rates) / now) if rates and now > 0 else 1.0
