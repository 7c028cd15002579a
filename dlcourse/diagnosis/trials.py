"""Trials: the learner's training, and one that is known to work, for a few steps from where the model stands."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.decision import class_numbers
from dlcourse.diagnosis.patient import Patient
from dlcourse.diagnosis.skipping import Skipped
from dlcourse.layers.modes import predicting
from dlcourse.layers.module import Module
from dlcourse.objective import loss_of, output_of
from dlcourse.tensor import Tensor

__all__ = [
    "Adam",
    "Trial",
    "OWNER",
    "best_constant",
    "kind_of",
    "loss_tensor",
    "loss_on",
    "outputs_on",
    "reference",
    "stepper",
    "trial",
]

STEPS = 60
PIECE = 1 << 16  # numbers at a time
OWNER = "diagnose"


@dataclass
class Trial:
    """A short training.

    Attributes
    ----------
    start, end : float
        The loss on the sample before and after, while predicting.
    losses : list of float
        The loss on the sample, every few steps.
    moved : dict of str to float
        How far each parameter moved, relative to its size, by name.
    error : Exception or None
        What ended it early.
    steps : int
        How many were made.
    outputs : array or None
        What the model says of the sample afterwards.
    by_batch : float
        The loss afterwards with the statistics of this sample itself, where the model keeps running averages: they come after.
    """

    start: float
    end: float = float("nan")
    losses: list[float] = field(default_factory=list)
    moved: dict[str, float] = field(default_factory=dict)
    error: Exception | None = None
    steps: int = 0
    outputs: Array | None = None
    by_batch: float = float("inf")

    @property
    def failed(self) -> bool:
        """Whether it ended in an error or in a loss that is no number."""
        return self.error is not None or not np.isfinite(self.end)


def kind_of(patient: Patient) -> Any:
    """The type of the weights."""
    return next((p.dtype for p in patient.named.values()), np.dtype(np.float32))


def loss_tensor(patient: Patient, x: Array, y: Array) -> tuple[Tensor, Tensor]:
    """The model's output for a batch, and the loss of it."""
    patient.check_time()
    output = output_of(OWNER, patient.model, x)
    return output, loss_of(OWNER, patient.loss, output, y, kind_of(patient))


def outputs_on(patient: Patient, x: Array) -> Array:
    """What the model says while it predicts."""
    patient.check_time()
    with predicting(patient.model), np.errstate(all="ignore"):
        parts = [output_of(OWNER, patient.model, x[i : i + 256]).data for i in range(0, len(x), 256)]
    return np.concatenate(parts)


def loss_on(patient: Patient, x: Array, y: Array) -> float:
    """The loss of examples while the model predicts."""
    with predicting(patient.model), np.errstate(all="ignore"):
        return float(loss_tensor(patient, x, y)[1].item())


def stepper(patient: Patient) -> Callable[[Array, Array], Any]:
    """One step of the learner's training: their own, or the library's with their optimizer."""
    if patient.step is not None:
        return lambda x, y: patient.step(x.copy(), y.copy())
    optimizer = patient.optimizer
    if optimizer is None:
        raise Skipped("neither optimizer nor step was given")

    def step(x: Array, y: Array) -> None:
        for p in patient.named.values():
            p.zero_grad()
        loss_tensor(patient, x, y)[1].backward()
        optimizer.step()

    return step


def trial(patient: Patient, step: Callable[[Array, Array], Any], *, scale: float = 1.0, steps: int = STEPS,
          batches: list[tuple[Array, Array]] | None = None, x: Array | None = None, y: Array | None = None, every: int = 10) -> Trial:  # fmt: skip
    """Make some steps, each stretched by a factor, and say what became of the loss, `every` few steps too. Everything is put back."""
    x, y = (patient.x[:256], patient.y[:256]) if x is None or y is None else (x, y)
    return patient.measured(lambda: _trial(patient, step, scale, steps, batches or patient.batches, x, y, every))


def _trial(
    patient: Patient, step: Any, scale: float, steps: int, batches: Any, x: Array, y: Array, every: int
) -> Trial:
    if isinstance(patient.model, Module) and patient.step is None:
        patient.model.train()
    if scale != 1 and patient.optimizer is not None:
        patient.optimizer.scale_lr(scale)
        scale = 1.0
    result = Trial(loss_on(patient, x, y))
    tensors = patient.named
    first = {name: patient.kept.numbers(p.data) for name, p in tensors.items()}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number in range(steps):
            bx, by = batches[number % len(batches)]
            try:
                _stretched(step, bx, by, tensors.values(), scale)
                if number % every == every - 1:
                    result.losses.append(loss_on(patient, x, y))
            except Exception as error:  # whatever a learner's own step may raise
                result.error = error
                break
            result.steps += 1
            if result.losses and not np.isfinite(result.losses[-1]):
                break
        for name, p in tensors.items():
            size = float(np.linalg.norm(first[name])) or 1.0
            result.moved[name] = (
                float(np.linalg.norm(p.data - first[name])) / size if p.shape == first[name].shape else 1.0
            )
        try:
            result.end = loss_on(patient, x, y)
            result.outputs = outputs_on(patient, x)
            if any(module.buffers for module in patient.modules):
                for module in patient.modules:
                    module.training = True
                result.by_batch = float(loss_tensor(patient, x, y)[1].item())
        except Exception as error:
            result.error = result.error or error
    return result


def _stretched(step: Any, x: Array, y: Array, tensors: Iterable[Tensor], scale: float) -> None:
    """One step, `scale` times as long."""
    if scale == 1:
        step(x, y)
        return
    before = [(p, p.data.copy()) for p in tensors]
    step(x, y)
    for p, old in before:
        if p.requires_grad and p.shape == old.shape:
            p._write(old + np.asarray(scale, p.dtype) * (p.data - old))


class Adam:
    """Adam (Kingma & Ba 2014) on plain arrays, piece by piece so that it needs little room; its rate falls to a tenth."""

    def __init__(self, tensors: list[Tensor], rate: float, steps: int) -> None:
        self.tensors, self.rate, self.steps, self.made = tensors, rate, steps, 0
        kinds = {q.dtype for q in tensors}
        small = sum(q.size for q in tensors) <= PIECE and len(kinds) == 1
        self.groups = [tensors] if small else [[q] for q in tensors]  # small ones side by side, for that is faster
        self.averages = [tuple(np.zeros(sum(q.size for q in g), g[0].dtype) for _ in "mv") for g in self.groups]

    def step(self) -> None:
        """Move every tensor that has a gradient."""
        self.made += 1
        rate = self.rate * (1 - 0.9 * self.made / self.steps) / (1 - 0.9**self.made)
        for group, (means, squares) in zip(self.groups, self.averages, strict=True):
            if all(q._grad is None for q in group):
                continue
            if len(group) == 1:
                q = group[0]
                slopes, weights = q._grad.reshape(-1), q._data.reshape(-1)  # type: ignore[union-attr]
                for i in range(0, q.size, PIECE):
                    part = slice(i, i + PIECE)
                    weights[part] -= self._move(rate, slopes[part], means[part], squares[part])
                q._write(weights.reshape(q.shape))
                continue
            slopes = np.concatenate([np.zeros(q.size, q.dtype) if q._grad is None else q._grad.ravel() for q in group])
            move, begin = self._move(rate, slopes, means, squares), 0
            for q in group:
                if q._grad is not None:
                    q._write(q._data - move[begin : begin + q.size].reshape(q.shape))
                begin += q.size

    def _move(self, rate: float, g: Array, m: Array, v: Array) -> Array:
        m += 0.1 * (g - m)
        v += 0.01 * (g * g - v)
        move: Array = (rate * m / (np.sqrt(v / (1 - 0.99**self.made)) + 1e-8)).astype(g.dtype)
        return move


def reference(
    patient: Patient, *, steps: int, rate: float, tensors: list[Tensor] | None = None
) -> Callable[[Array, Array], None]:
    """A step of Adam on all that is learned: what is known to work."""
    adam = Adam(list(patient.learned.values()) if tensors is None else tensors, rate, steps)

    def step(x: Array, y: Array) -> None:
        for p in (*patient.named.values(), *adam.tensors):
            p.zero_grad()
        loss_tensor(patient, x, y)[1].backward()
        adam.step()

    return step


def best_constant(patient: Patient, y: Array, shape: tuple[int, ...], outputs: Array) -> float:
    """The loss of the best output that is the same for all examples: what can be had without looking at them."""
    start = outputs.reshape(-1, *shape).mean(axis=0) if np.isfinite(outputs).all() else np.zeros(shape)
    candidates = [np.zeros(shape), start]
    if y.shape[1:] == shape:
        candidates += [y.mean(axis=0), np.median(y, axis=0)]
    kind = kind_of(patient)
    best = np.inf
    labels = class_numbers(y)
    if (
        labels is not None
        and len(shape) == 1
        and np.allclose(outputs.sum(axis=-1), 1, atol=1e-3)
        and shape[0] > labels.max()
    ):
        shares = np.bincount(labels.reshape(-1), minlength=shape[0]) / labels.size  # probabilities stay probabilities
        spread = Tensor(np.broadcast_to(shares.astype(kind), (len(y), *shape)).copy())
        return float(loss_of(OWNER, patient.loss, spread, y, kind).item())
    for candidate in candidates[1:] if len(candidates) > 2 else candidates:
        constant = Tensor(np.asarray(candidate, kind), requires_grad=True)
        m, v = np.zeros(shape), np.zeros(shape)
        for t in range(1, 61):
            spread = constant + np.zeros((len(y), *shape), kind)
            constant.zero_grad()
            error = loss_of(OWNER, patient.loss, spread, y, kind)
            best = min(best, float(error.item())) if np.isfinite(error.item()) else best
            if not error.requires_grad:
                break
            error.backward()
            if constant.grad is None or not np.isfinite(constant.grad).all():
                break
            if np.abs(constant.grad).max() < 1e-5 * best:  # nothing is lower nearby
                break
            g = constant.grad
            m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
            rate = 0.2 * (1 - t / 61)
            constant._write(constant.data - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-8))
    return best
