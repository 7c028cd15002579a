"""What each check measures, for all healthy runs beside the faulty ones: `python -m tests.diagnosis.margins`.

A threshold stands in the gap between the two. Each line has the three healthy values nearest to it, and all faulty ones.
"""

from __future__ import annotations

import sys
import warnings

import numpy as np

from dlcourse.diagnosis import axes, data, results, start, trials
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.patient import Patient

from .overlooked import FAULTS, HEALTHY

NOTHING = {"optimizer": None, "step": None, "validation": None, "history": None, "seconds": 60.0}


def exam_of(make):
    given = make()
    model, examples = given.pop("model"), given.pop("data")
    return Exam(Patient(model, examples, **(NOTHING | given), rng=np.random.default_rng(0)))


def amplitude(e):
    feeds = next((node.feeds for node in e.first.graph if node.feeds is not None), None)
    if feeds is None or feeds.dtype.kind != "f":
        return np.nan
    most = np.abs(feeds.reshape(-1, feeds.shape[-1])).max(axis=0)
    return most[most > 0].max() / most[most > 0].min() if (most > 0).sum() > 1 else most.max()


def gap(e):
    p = e.patient
    if p.validation is None or e.loss_now > 0.6 * e.constant:
        return np.nan
    return (p.measured(lambda: trials.loss_on(p, *p.validation)) - e.loss_now) / e.constant


def pull_ratio(e):
    pulls = start.slopes(e)
    return pulls[0][1] / pulls[-1][1] if len(pulls) >= 3 and pulls[-1][1] > 0 else np.nan


def small(e):
    if sum(q.size for q in e.patient.named.values()) > 0.5 * len(e.patient.x) or e.settled is None:
        return np.nan
    return max(results._foretold(e, g.scores) for g in e.guesses) - results._explained(e, e.settled)


def balance(e):
    labels = e.patient.labels
    return np.nan if labels is None else np.bincount(labels.reshape(-1)).max() / labels.size


# The name of a fault, what is measured, the threshold, and whether faulty ones lie above it.
MEASURES = {
    "dead ReLUs": (lambda e: start.dead_share(e)[0], start.DEAD, True),
    "weights far too large at the start": (lambda e: max(start.gains(e).values(), default=np.nan), start.LARGE, True),
    "weights far too small at the start": (lambda e: min(start.gains(e).values(), default=np.nan), start.SMALL, False),
    "vanishing gradient": (pull_ratio, 1e-3, False),
    "exploding gradient": (pull_ratio, 200.0, True),
    "inputs not scaled": (amplitude, data.UNEQUAL, True),
    "labels shuffled against inputs": (lambda e: data.skill(e)[1] if len(e.patient.x) >= 60 else np.nan, 3.3, False),
    "label noise above a fifth": (lambda e: data.sure_error(e)[0] if e.classes > 1 else np.nan, 0.14, True),
    "classes out of balance": (balance, 0.9, True),
    "overfits": (gap, 0.3, True),
    "too small to fit": (small, 0.12, True),
    "learning rate too high": (lambda e: e.own.end / min(e.own.start, e.constant), 0.9, True),
    "wrong axis": (lambda e: axes.mixing(e)[1], 1e-3, True),
}  # fmt: skip


def values(look, makes):
    numbers = []
    for make in makes:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                numbers.append(float(look(exam_of(make))))
            except Exception:  # nothing to measure there
                continue
    return sorted(n for n in numbers if np.isfinite(n))


def main(chosen):
    for name, (look, threshold, above) in MEASURES.items():
        if chosen and name not in chosen:
            continue
        well = values(look, [make for _, make in HEALTHY])
        ill = values(look, [make for fault, _, make in FAULTS if fault == name])
        nearest = well[-3:] if above else well[:3]
        print(
            f"{name}: healthy {'up to' if above else 'down to'} {[round(v, 4) for v in nearest]}, threshold {threshold:g}, faulty {[round(v, 4) for v in ill]}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
