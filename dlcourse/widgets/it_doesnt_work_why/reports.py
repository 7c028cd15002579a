"""What each test of `Clinic` shows and says: from the numbers of a patient to a chart, a sentence, and whether it is as it should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live.numbers import three_digits
from dlcourse.widgets.it_doesnt_work_why import exams
from dlcourse.widgets.it_doesnt_work_why.data import KINDS
from dlcourse.widgets.it_doesnt_work_why.patients import Patient

__all__ = ["EXAMPLES", "TESTS", "Chart", "Report", "Test", "report"]

EXAMPLES = 12
"""So many examples of a batch are shown."""
RATIO = (1e-5, 0.2)
"""A layer's weights should move by this share of their length in a step, as a rule by about a thousandth."""


@dataclass(frozen=True, eq=False)
class Chart:
    """What is drawn of one test.

    Attributes
    ----------
    kind : str
        "lines" (one or two, powers of ten apart), "bars" (upright, in groups), "points", or "examples".
    across, names : str, tuple of str
        What stands below, and what the two or three kinds of lines or bars are.
    values : tuple of arrays
        Of each: (N,) for lines and points, (groups,) for bars; of examples their inputs, (12, K).
    groups : tuple of str
        Below each group of bars; beside each example its answer.
    level, band : float, (float, float) or None
        What the numbers should be, or between.
    """

    kind: str
    across: str
    names: tuple[str, ...]
    values: tuple[Array, ...]
    groups: tuple[str, ...] = ()
    level: float | None = None
    band: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Report:
    """The result of one test: in a sentence, as a chart, and whether something is wrong with it."""

    test: str
    off: bool
    text: str
    chart: Chart
    measured: dict[str, Any] = field(default_factory=dict)
    """What Code leaves behind under these names."""


class Test(NamedTuple):
    """One test: minutes it takes, the function that runs it, the one that reads its numbers, and how it is called in Code."""

    minutes: int
    run: Callable[..., Any]
    read: Callable[[Patient, Any], Report]
    call: str
    helpers: tuple[Callable[..., Any], ...] = ()


def _number(value: float) -> str:
    return three_digits(value) if np.isfinite(value) else "not a number"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _answer(patient: Patient, x: Array, y: Any) -> str:
    """What stands beside an example: its answer, and of a name what was read before."""
    one = np.asarray(y).reshape(-1)[0]
    answer = patient.classes[int(one)] if patient.classes else f"{float(one):.1f}".replace("-", "−")
    if patient.title == KINDS["names"].title:
        read = x.reshape(-1, len(patient.classes)).argmax(axis=1)
        return "".join("·" if i == 0 else patient.classes[i] for i in read) + " → " + answer
    return answer


def _data(patient: Patient, seen: Any) -> Report:
    x, y, (classes, finite, stretch, alike, known, same) = seen
    k = len(patient.classes)
    parts, off = [], False
    if finite < 1:
        parts.append(f"{100 * (1 - finite):.1f} % of all numbers are not numbers")
        off = True
    elif stretch > 20:
        parts.append(f"one feature varies {stretch:,.0f} times as much as the one in the middle")
        off = True
    if k:
        parts.append(f"the first batch holds {int(classes)} of {k} classes")
        off |= k <= 10 and classes <= max(1, k // 3)
        chance = float((np.bincount(patient.train[1].reshape(-1)) / len(patient.train[1])).max())
        parts.append(f"the nearest neighbour of an example has the same answer in {_share(alike)}")
        off |= k <= 10 and len(patient.train[1]) > 50 and alike < chance + 0.3 * (1 - chance)
    if known > 0:
        parts.append(f"{_share(known)} of the validation examples stand in the training data too")
        off |= bool(known > 0.95)
    if same == 1 and len(list(patient.batches(np.random.default_rng(0)))) > 1:
        parts.append("every batch holds the same examples")
        off = True
    text = (
        "; ".join(parts)
        or "the numbers are numbers, no feature is far larger than the others, and no two batches are the same"
    )
    texts = tuple(_answer(patient, a, b) for a, b in zip(x, y, strict=True))
    chart = Chart("examples", "", ("the first examples of a batch",), (x.reshape(len(x), -1),), texts)
    return Report("look at the data", bool(off), text[0].upper() + text[1:] + ".", chart, {"x": x, "y": y})


def _start(patient: Patient, seen: Any) -> Report:
    now, expected, (spread, between) = seen
    exact = len(patient.classes) > 2 and between < 1e-6
    off = not (np.isfinite(now) and expected / 3 < now < 3 * expected and spread > 0.01) or exact
    text = f"The loss before the first step is {_number(now)}. A network that knows nothing and says the same to all has {_number(expected)}."
    if np.isfinite(spread) and (spread <= 0.01 or exact):
        text += (
            " It says nearly the same to all examples."
            if not exact
            else " It gives all classes the same share, exactly."
        )
    chart = Chart("bars", "", ("loss",), (np.array([now, expected]),), ("this network", "knows nothing"))
    return Report("loss at the start", bool(off), text, chart, {"measured": now, "expected": expected})


def _one_batch(patient: Patient, losses: Array) -> Report:
    expected, last = exams.expected_loss(patient), float(np.max(losses[-20:]))
    off = not last < 0.25 * expected
    size = len(next(iter(patient.batches(np.random.default_rng(0))))[0])
    text = f"After {len(losses)} steps on the same {size} examples the loss is {_number(float(losses[-1]))}; it began at {_number(float(losses[0]))}."
    chart = Chart("lines", "step on one batch", ("loss on it",), (losses,), level=expected)
    return Report("overfit one batch", off, text, chart, {"losses": losses})


def _ends(rows: Array) -> tuple[tuple[str, ...], tuple[Array, ...]]:
    if rows.shape[1] < 2:
        return ("the only layer",), (rows[:, 0],)
    return ("first layer", "last layer"), (rows[:, 0], rows[:, -1])


def _pulls(patient: Patient, lengths: Array) -> Report:
    total = np.sqrt((lengths**2).sum(axis=1))
    first, last = (float(np.median(lengths[:, i])) for i in (0, -1))
    growth = float(np.median(total[-5:]) / np.median(total[:5])) if total[0] > 0 else 0.0
    off = not (np.isfinite(lengths).all() and first > 1e-3 * last and growth < 3)
    text = f"In the median of {len(lengths)} steps the gradient is {_number(first)} in the first layer and {_number(last)} in the last."
    if np.isfinite(lengths).all():
        text += f" From the first five steps to the last five it was multiplied by {_number(growth)}."
    names, values = _ends(lengths)
    return Report("gradients per layer", off, text, Chart("lines", "step", names, values), {"lengths": lengths})


def _moves(patient: Patient, seen: Any) -> Report:
    ratios, cosine = seen
    ends = np.median(ratios, axis=0)
    off = not (np.isfinite(ratios).all() and RATIO[0] < ends.min() and ends.max() < RATIO[1] and cosine < 0)
    text = f"A step moves the first layer's weights by {_number(float(ends[0]))} of their length, the last layer's by {_number(float(ends[-1]))}."
    if np.isfinite(cosine) and cosine:
        text += f" Cosine with the gradient: {cosine:.2f} (downhill is below 0).".replace("-", "−")
    names, values = _ends(ratios)
    return Report(
        "updates against weights",
        off,
        text,
        Chart("lines", "step", names, values, band=RATIO),
        {"ratios": ratios, "cosine": cosine},
    )


def _units(patient: Patient, shares: Array) -> Report:
    if not len(shares):
        empty = Chart(
            "bars", "", ("silent", "at their ends", "copies"), (np.zeros(1),) * 3, ("no hidden layer to look into",)
        )
        return Report(
            "activations", False, "There is no hidden layer that can be looked into.", empty, {"shares": shares}
        )
    silent, ends, copies = shares.max(axis=0)
    text = f"After one epoch, in the worst hidden layer: {_share(silent)} of the units say the same to every example, {_share(ends)} of the answers are at an end of the activation, {_share(copies)} of the units are copies of others."
    groups = tuple(f"layer {i + 1}" if len(shares) < 4 else str(i + 1) for i in range(len(shares)))
    chart = Chart("bars", "hidden layer", ("silent", "at their ends", "copies"), tuple(shares.T), groups)
    return Report("activations", bool(max(silent, ends, copies) > 0.5), text, chart, {"shares": shares})


def _said(patient: Patient, seen: Any) -> Report:
    said, true = (np.asarray(one, float) for one in seen)
    apart = float(np.abs(said / said.sum() - true / true.sum()).sum() / 2)
    k = len(patient.classes)
    off = apart > (0.25 if 0 < k <= 10 else 0.6 if k else 0.45)
    most = int(said.argmax())
    if k:
        text = f"After training it says “{patient.classes[most]}” to {_share(said[most] / said.sum())} of the validation examples; it is right for {_share(true[most] / true.sum())}. "
        groups = tuple(name if k == 3 else name[:3] if k < 10 else name[:1] for name in patient.classes)
    else:
        used = int((said > 0).sum())
        text = f"Of ten equal pieces of the range of true values, its predictions reach {used}. "
        groups = tuple("low" if i == 0 else "high" if i == len(said) - 1 else "" for i in range(len(said)))
    text += f"{_share(apart)} of the answers would have to change for both histograms to agree."
    chart = Chart("bars", "", ("predicted", "true"), (said, true), groups)
    return Report("predictions", off, text, chart, {"said": said, "true": true})


def _curve(patient: Patient, course: Array) -> Report:
    expected = exams.expected_loss(patient)
    train, valid = float(course[0, -1]), float(course[1, -1])
    off = not (np.isfinite(course).all() and train < 0.75 * expected) or (
        train < 0.3 * expected and valid > 0.65 * expected
    )
    text = f"After {course.shape[1]} epochs the loss is {_number(train)} on the training data and {_number(valid)} on the validation data."
    chart = Chart("lines", "epoch", ("training", "validation"), (course[0], course[1]), level=expected)
    return Report("learning curve", bool(off), text, chart, {"course": course})


def _shuffled(patient: Patient, seen: Any) -> Report:
    true, mixed = (np.asarray(one)[1] for one in seen)
    off = not (np.isfinite(true[-1]) and true[-1] < 0.93 * mixed[-1])
    text = f"Validation loss in the end: {_number(float(true[-1]))} with the labels as they are, {_number(float(mixed[-1]))} with labels shuffled in each batch."
    chart = Chart("lines", "epoch", ("as they are", "shuffled"), (true, mixed), level=exams.expected_loss(patient))
    return Report("shuffle the labels", bool(off), text, chart, {"true": true, "mixed": mixed})


def _twice(patient: Patient, seen: Any) -> Report:
    first, again = seen
    most = float(np.max(np.abs(first - again)))
    off = bool(most > 1e-4 * (1 + float(np.max(np.abs(first)))))
    text = f"Asked twice in evaluation mode, it gives the same {len(first)} examples "
    text += (
        f"answers that differ by up to {_number(most)}."
        if off
        else "the same answers both times."
        if np.isfinite(most)
        else "answers that are not numbers."
    )
    return Report(
        "train against eval",
        off,
        text,
        Chart("points", "first answer", ("second answer",), (first, again)),
        {"first": first, "again": again},
    )


TESTS: dict[str, Test] = {
    "look at the data": Test(1, exams.look_at_data, _data, "x, y, facts = look_at_data(patient)"),
    "loss at the start": Test(
        1, exams.loss_at_start, _start, "measured, expected, apart = loss_at_start(patient)", (exams.expected_loss,)
    ),
    "train against eval": Test(1, exams.ask_twice, _twice, "first, again = ask_twice(patient)", (exams.trained,)),
    "gradients per layer": Test(2, exams.gradients, _pulls, "lengths = gradients(patient)", (exams.steps_of,)),
    "updates against weights": Test(2, exams.updates, _moves, "ratios, cosine = updates(patient)", (exams.steps_of,)),
    "activations": Test(2, exams.hidden_units, _units, "shares = hidden_units(patient)", (exams.trained,)),
    "overfit one batch": Test(3, exams.overfit_one_batch, _one_batch, "losses = overfit_one_batch(patient)"),
    "predictions": Test(5, exams.predicted, _said, "said, true = predicted(patient)", (exams.trained,)),
    "learning curve": Test(5, exams.trained, _curve, "course = trained(patient)"),
    "shuffle the labels": Test(
        10, exams.trained, _shuffled, "true, mixed = trained(patient)[1], trained(same_patient, shuffled=True)[1]"
    ),
}
"""The tests, the cheap ones first."""


def report(test: str, fresh: Callable[[], Patient], whole: Callable[[], Array] | None = None) -> Report:
    """Run one test on a patient.

    Parameters
    ----------
    test : str
        One of `TESTS`.
    fresh : callable
        Returns the patient before any training, as often as it is asked.
    whole : callable, optional
        Returns what `trained` gives of this patient, where that was run before.
    """
    one = TESTS[test]
    with np.errstate(all="ignore"):
        if one.run is not exams.trained:
            return one.read(fresh(), one.run(fresh()))
        course = one.run(fresh()) if whole is None else whole()
        if test == "shuffle the labels":
            return one.read(fresh(), (course, one.run(fresh(), shuffled=True)))
        return one.read(fresh(), course)
