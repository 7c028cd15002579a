"""Exam: the measurements that the checks share, each made once, when it is first asked for."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np

from dlcourse.arrays import Array
from dlcourse.decision import has_one_output, predicted_classes, threshold_of_loss
from dlcourse.diagnosis import trials
from dlcourse.diagnosis.capacity import Capacity
from dlcourse.diagnosis.first import First, passed
from dlcourse.diagnosis.graph import Node
from dlcourse.diagnosis.neighbours import Guesses, columns, guesses
from dlcourse.diagnosis.patient import Patient
from dlcourse.diagnosis.trials import OWNER, Trial, kind_of
from dlcourse.diagnosis.watching import Watched, watched
from dlcourse.layers.module import Module
from dlcourse.objective import loss_of, output_of
from dlcourse.tensor import Tensor

__all__ = ["Exam"]


T = TypeVar("T")


class Exam(Capacity):
    """All that the checks may ask of a patient.

    Parameters
    ----------
    patient : Patient
    """

    def __init__(self, patient: Patient) -> None:
        super().__init__(patient)
        self.step_error: Exception | None = None
        self.failed_step = Watched()  # how far the step came that failed
        self.notes: dict[str, Any] = {}  # what checks have measured for each other

    @cached_property
    def first(self) -> First:
        """One pass on the first minibatch."""
        return self.patient.measured(lambda: passed(self.patient, *self.patient.batches[0]))

    @cached_property
    def wide(self) -> list[list[Node]]:
        """The graphs of several minibatches, at least 128 examples together."""
        batches, graphs, number = self.patient.batches, [self.first.graph], len(self.patient.batches[0][0])
        for x, y in batches[1:8]:
            if number >= 192:
                break
            number += len(x)
            graphs.append(self.patient.measured(partial(passed, self.patient, x, y)).graph)
        return [graph for graph in graphs if [n.op for n in graph] == [n.op for n in graphs[0]]]

    @cached_property
    def steps(self) -> list[Watched]:
        """Three steps of the learner's own training, one after the other, watched; empty where the first fails."""
        patient, tensors = self.patient, list(self.patient.named.values())
        logs: list[Watched] = []
        step = trials.stepper(patient)

        def run() -> None:
            for x, y in (patient.batches * 3)[:3]:
                before = [(p, p.data.copy()) for p in tensors]
                log = self.failed_step = Watched()
                with np.errstate(all="ignore"), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    watched(partial(step, x, y), tensors, log)
                log.moves = {id(p): float(np.linalg.norm(p.data - old)) for p, old in before if p.shape == old.shape}
                if logs:
                    log.losses.clear()  # one graph is enough
                logs.append(log)

        def safe() -> None:
            try:
                run()
            except Exception as error:  # a learner's own step may raise anything
                self.step_error = error

        patient.measured(safe)
        return logs

    def moved_by(
        self, batch: tuple[Array, Array], look: Callable[[Tensor, Array], T], *, forget: bool = False
    ) -> dict[int, T]:
        """Make one step on this batch, and look at each parameter with what it was before; by its id, empty where the step fails.

        With `forget`, the optimizer forgets first what it has kept of the steps before.
        """
        tensors = list(self.patient.named.values())

        def run() -> dict[int, T]:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._forget(tensors if forget else [])
                before = [(p, self.patient.kept.numbers(p.data)) for p in tensors]
                try:
                    trials.stepper(self.patient)(*batch)
                except Exception:  # a learner's own step may raise anything
                    return {}
            return {id(p): look(p, old) for p, old in before if p.shape == old.shape}

        return self.patient.measured(run)

    @cached_property
    def first_direction(self) -> float:
        """The cosine between the first step and the gradient of the given loss, below 0 where it goes downhill; NaN if there is none."""
        p = self.patient
        slopes: dict[int, Array] = {}

        def slope() -> None:
            if isinstance(p.model, Module):
                p.model.train()
            for q in p.named.values():
                q.zero_grad()
            trials.loss_tensor(p, *p.batches[0])[1].backward()
            slopes.update({id(q): q._grad for q in p.learned.values() if q._grad is not None})

        def look(q: Tensor, old: Array) -> tuple[float, float, float]:
            g, move = slopes.get(id(q)), q.data - old
            return (
                (0.0, 0.0, 0.0)
                if g is None
                else (float(np.vdot(move, g)), float(np.vdot(move, move)), float(np.vdot(g, g)))
            )

        with np.errstate(all="ignore"):
            p.measured(slope)
            sums = np.sum([*self.moved_by(p.batches[0], look, forget=True).values(), (0.0, 0.0, 0.0)], axis=0)
            return float(sums[0] / np.sqrt(sums[1] * sums[2]))

    def _forget(self, tensors: list[Tensor]) -> None:
        for q in tensors:
            q.zero_grad()
        if tensors and self.patient.optimizer is not None:
            self.patient.optimizer.steps = 0
            for flat in self.patient.optimizer.flats:
                for average in flat.state:
                    average[...] = 0

    @cached_property
    def loss_now(self) -> float:
        """The loss on the first 256 of the sample, while predicting."""
        p = self.patient
        return p.measured(lambda: trials.loss_on(p, p.x[:256], p.y[:256]))

    @cached_property
    def own(self) -> Trial:
        """The learner's own training, for 60 steps."""
        return trials.trial(self.patient, trials.stepper(self.patient))

    def scaled(self, scale: float, steps: int = trials.STEPS) -> Trial:
        """The same with longer or shorter steps."""
        return trials.trial(self.patient, trials.stepper(self.patient), scale=scale, steps=steps)

    @cached_property
    def idle(self) -> float:
        """The loss where the learner's training begins: with running averages that have seen as many batches, and the same weights."""
        if not any(module.buffers for module in self.patient.modules):
            return self.own.start
        return self.scaled(0.0).end

    @cached_property
    def beside_output(self) -> float:
        """Which part of the gradient does not go through the model's output, as a penalty's does, from 0; NaN where that cannot be told."""
        p, (x, y) = self.patient, self.patient.batches[0]

        def run() -> float:
            if isinstance(p.model, Module):
                p.model.train()
            output = output_of(OWNER, p.model, x)
            shadow = Tensor(output.data.copy(), requires_grad=True)
            for q in p.named.values():
                q.zero_grad()
            loss_of(OWNER, p.loss, shadow, y, kind_of(p)).backward()
            beside = sum(float(np.vdot(q.grad, q.grad)) for q in p.named.values() if q.grad is not None)
            for q in p.named.values():
                q.zero_grad()
            output.backward(shadow.grad)
            through = sum(float(np.vdot(q.grad, q.grad)) for q in p.named.values() if q.grad is not None)
            return float(np.sqrt(beside / through)) if through > 0 else float("nan")

        try:
            return p.measured(run)
        except Exception:  # a model or a loss of a learner's own may raise anything
            return float("nan")

    def long(self, *, penalty: bool) -> float:
        """The data's part of the loss after 150 steps of Adam, with what the loss says of the weights themselves or without."""
        p, tensors = self.patient, list(self.patient.learned.values())

        def run() -> float:
            adam = trials.Adam(tensors, 0.01, 150)
            for t in range(150):
                x, y = p.batches[t % len(p.batches)]
                output = output_of(OWNER, p.model, x)
                for q in p.named.values():
                    q.zero_grad()
                if penalty:
                    loss_of(OWNER, p.loss, output, y, kind_of(p)).backward()
                else:
                    shadow = Tensor(output.data.copy(), requires_grad=True)
                    loss_of(OWNER, p.loss, shadow, y, kind_of(p)).backward()
                    for q in p.named.values():
                        q.zero_grad()
                    output.backward(shadow.grad)
                adam.step()
                p.check_time()
            return self._data_part(trials.outputs_on(p, p.x[:256]), p.y[:256])

        with np.errstate(all="ignore"):
            return p.measured(run)

    def _data_part(self, outputs: Array, y: Array) -> float:
        """The loss of outputs, less what it says of the weights, which are set to 0 for it."""
        p = self.patient
        for q in p.named.values():
            q._write(np.zeros_like(q.data))
        return float(loss_of(OWNER, p.loss, Tensor(outputs), y, kind_of(p)).item())

    @cached_property
    def constant_data(self) -> float:
        """The loss of the best constant output, its data part."""
        p = self.patient

        def run() -> float:
            for q in p.named.values():
                q._write(np.zeros_like(q.data))
            return trials.best_constant(p, p.y[:256], self.outputs.shape[1:], self.outputs[:256])

        return p.measured(run)

    @cached_property
    def classes(self) -> int:
        """How many classes there are among the answers; 0 where they are measured."""
        return 0 if self.patient.labels is None else len(np.unique(self.patient.labels))

    @cached_property
    def targets(self) -> Array:
        """The answers as columns, shape (N, C): 0 and 1 for classes, else standardized."""
        labels = self.patient.labels
        if labels is not None:
            return (labels.reshape(-1, 1) == np.unique(labels)).astype(np.float64)
        y = self.patient.y.reshape(len(self.patient.y), -1).astype(np.float64)
        return (y - y.mean(axis=0)) / np.maximum(y.std(axis=0), 1e-12)

    @cached_property
    def guesses(self) -> Guesses:
        """What simple predictors make of the examples."""
        self.patient.check_time()
        return Guesses(guesses(columns(self.patient.x), self.targets, np.random.default_rng(0)))

    def right(self, outputs: Array, y: Array, labels: Array) -> Array:
        """For each example whether its class is what the outputs speak for."""
        if not has_one_output(outputs):
            return predicted_classes(outputs) == labels.reshape(-1)
        threshold = threshold_of_loss(self.patient.loss, outputs, y)
        return predicted_classes(outputs, 0.0 if threshold is None else threshold).reshape(-1) == labels.reshape(-1)
