"""Capacity: what a model comes to when nothing holds it back, on all of the sample and on a few examples."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from dlcourse.arrays import Array
from dlcourse.diagnosis import trials
from dlcourse.diagnosis.patient import Patient
from dlcourse.diagnosis.trials import Trial
from dlcourse.layers.dropout import Dropout

__all__ = ["Capacity"]


class Capacity:
    """Trainings that go on until they stand still.

    Parameters
    ----------
    patient : Patient
    """

    def __init__(self, patient: Patient) -> None:
        self.patient = patient

    @cached_property
    def settled(self) -> Array | None:
        """What the model says of the sample after a training on all of it that went on until it stood still; None if it did not."""
        p = self.patient
        best = self._settled_on(p.x, p.y, 32)
        if best is None or best.losses[-20] - best.end > 0.1 * (best.start - best.end):
            return None
        return best.outputs

    @cached_property
    def few(self) -> Array | None:
        """What the model says of 40 examples after the same training on these alone: a model of some size knows them by heart.

        It also begins with weights that are 3 and 8 times as large: from small ones a network may not get away for long.
        """
        best = self._settled_on(self.patient.x[:40], self.patient.y[:40], 40, (1.0, 3.0, 8.0))
        return None if best is None else best.outputs

    def _settled_on(self, x: Array, y: Array, size: int, begins: tuple[float, ...] = (1.0,)) -> Trial | None:
        p, size = self.patient, min(size, len(x))
        batches = [(x[i : i + size], y[i : i + size]) for i in range(0, len(x) - size + 1, size)]
        own_step, p.step = p.step, None  # so that the model is switched to training
        try:
            runs = [
                trials.trial(p, self._wider(rate, begin), steps=400, batches=batches, x=x, y=y)
                for rate in (0.03, 0.01)
                for begin in begins
            ]
        finally:
            p.step = own_step
        return min((run for run in runs if not run.failed), key=lambda run: run.end, default=None)

    def _wider(self, rate: float, factor: float) -> Callable[[Array, Array], None]:
        """The reference without dropout, from weights that are `factor` times as large."""
        update, begun = trials.reference(self.patient, steps=400, rate=rate), [False]

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
