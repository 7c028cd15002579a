"""Capacity: what a model comes to when it is trained as is known to work, on a part of the sample, on all of it, and on a few examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np

from dlcourse.arrays import Array
from dlcourse.diagnosis import trials
from dlcourse.diagnosis.patient import Patient
from dlcourse.diagnosis.trials import Trial
from dlcourse.layers.dropout import Dropout

__all__ = ["Capacity"]


class Capacity:
    """Trainings that are known to work, and what can be had without any.

    Parameters
    ----------
    patient : Patient
    """

    def __init__(self, patient: Patient) -> None:
        self.patient = patient

    @cached_property
    def outputs(self) -> Array:
        """What the model says of the sample while it predicts."""
        return self.patient.measured(lambda: trials.outputs_on(self.patient, self.patient.x))

    @cached_property
    def constant(self) -> float:
        """The loss of the best output that is the same for all of these."""
        p = self.patient
        return p.measured(lambda: trials.best_constant(p, p.y[:256], self.outputs.shape[1:], self.outputs[:256]))

    @cached_property
    def halves(self) -> tuple[slice, slice]:
        """What the reference learns from, and what it is asked about."""
        cut = max(1, len(self.patient.x) * 7 // 10)
        return slice(0, cut), slice(cut, None)

    @cached_property
    def reference(self) -> Trial:
        """A training that is known to work, on 70 % of the sample; the better of two rates."""
        results = [self.referred(0.01)]
        if results[0].failed or results[0].end > 0.5 * min(self.constant, results[0].start):
            results.append(self.referred(0.001))
        return min(results, key=lambda r: r.end if np.isfinite(r.end) else np.inf)

    def referred(self, rate: float, steps: int = 120) -> Trial:
        """Adam with this rate."""
        p, (seen, _) = self.patient, self.halves
        x, y = p.x[seen], p.y[seen]
        size = min(32, len(x))
        batches = [(x[i : i + size], y[i : i + size]) for i in range(0, len(x) - size + 1, size)]
        step = trials.reference(p, steps=steps, rate=rate)
        own_step, p.step = p.step, None  # so that the model is switched to training
        try:
            return trials.trial(p, step, steps=steps, batches=batches, x=p.x, y=p.y, every=60)
        finally:
            p.step = own_step

    @cached_property
    def longer(self) -> Trial:
        """The reference for 300 steps."""
        return self.referred(0.01, 300)

    @cached_property
    def longest(self) -> Trial:
        """The reference for 600 steps."""
        return self.referred(0.005, 600)

    def _runs(self) -> Iterator[Trial]:
        yield self.reference
        yield self.longer
        yield self.longest

    def lengths(self) -> Iterator[Array]:
        """What the model says of the sample after trainings of 120, 300 and 600 steps on 70 % of it; each is made when it is asked for."""
        for run in self._runs():
            if run.outputs is not None and not run.failed and np.isfinite(run.outputs).all():
                yield run.outputs

    @cached_property
    def settled(self) -> Array | None:
        """What the model says of the sample after a training on all of it that went on until it stood still; None if it did not."""
        p = self.patient
        for steps in (400, 1600):
            best = self._settled_on(p.x, p.y, 32, steps=steps)
            if best is None:
                return None
            if best.losses[-len(best.losses) // 2] - best.end <= 0.1 * (best.start - best.end):
                return best.outputs
        return None

    @cached_property
    def few(self) -> Array | None:
        """What the model says of 40 examples after the same training on these alone: a model of some size knows them by heart.

        It also begins with weights that are 3 and 8 times as large: from small ones a network may not get away for long.
        """
        best = self._settled_on(self.patient.x[:40], self.patient.y[:40], 40, (1.0, 3.0, 8.0))
        return None if best is None else best.outputs

    def _settled_on(
        self, x: Array, y: Array, size: int, begins: tuple[float, ...] = (1.0,), steps: int = 400
    ) -> Trial | None:
        p, size = self.patient, min(size, len(x))
        batches = [(x[i : i + size], y[i : i + size]) for i in range(0, len(x) - size + 1, size)]
        own_step, p.step = p.step, None  # so that the model is switched to training
        try:
            runs = [
                trials.trial(p, self._wider(rate, begin, steps), steps=steps, batches=batches, x=x, y=y)
                for rate in (0.03, 0.01)
                for begin in begins
            ]
        finally:
            p.step = own_step
        return min((run for run in runs if not run.failed), key=lambda run: run.end, default=None)

    def _wider(self, rate: float, factor: float, steps: int) -> Callable[[Array, Array], None]:
        """The reference without dropout, from weights that are `factor` times as large."""
        update, begun = trials.reference(self.patient, steps=steps, rate=rate), [False]

        def step(x: Array, y: Array) -> None:
            if not begun[0]:
                begun[0] = True
                for layer in self.patient.modules:
                    if isinstance(layer, Dropout):
                        layer.p = 0.0
                for q in self.patient.learned.values() if factor != 1 else ():
                    if q.ndim > 1:
                        q._write(q.data * np.asarray(factor, q.dtype))
            update(x, y)

        return step
