"""Patient: what a learner gives to be looked at, in the forms in which the checks look at it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from dlcourse.arrays import Array, as_array, plain_array
from dlcourse.batches import Batches
from dlcourse.dataset import Dataset
from dlcourse.decision import class_numbers
from dlcourse.diagnosis.keeping import Kept
from dlcourse.errors import DataError, ShapeError, WrongTypeError, brief
from dlcourse.layers.module import Module
from dlcourse.meanwhile import restored
from dlcourse.optimizers.optimizer import Optimizer
from dlcourse.tensor import Tensor

__all__ = ["OutOfTime", "Patient"]

T = TypeVar("T")
BATCH = 32  # examples, where nobody says how many
MOST_BATCHES = 40
SAMPLE = 600  # examples that are looked at


class OutOfTime(BaseException):
    """The time that a diagnosis may take is over. No error, so that nothing takes it for one of a learner's own step."""


class Patient:
    """A training, as it was given.

    Attributes
    ----------
    x, y : array
        A sample of the examples, in an order drawn at random.
    batches : list of (array, array)
        The first minibatches, in the order in which they are dealt out.
    deals : bool
        Whether the learner's own minibatches were given, not examples only.
    kept : Kept
        What everything was like; every measurement puts it back.
    least : float
        From what `loss` is counted, 0 or less; see least.py.
    """

    def __init__(self, model: Any, data: Any, *, loss: Any, optimizer: Any, step: Any, validation: Any, history: Any,
                 seconds: float, rng: np.random.Generator) -> None:  # fmt: skip
        self.model, self.data, self.loss = model, data, loss
        self.step, self.history, self.rng, self.least = step, history, rng, 0.0
        self.begin, self.seconds = time.perf_counter(), seconds
        self.kept = Kept(model, optimizer, step, loss, history, data, validation)
        optimizers = [one for one in self.kept.reached if isinstance(one, Optimizer)]
        self.optimizer = optimizer if optimizer is not None else (optimizers[0] if len(optimizers) == 1 else None)
        self.deals = not isinstance(data, (Dataset, tuple))
        self.batch_size: int | None = data.batch_size if isinstance(data, Batches) else None
        restored(self._deal, self.kept.put_back)
        self.validation = None if validation is None else _pair("validation", validation)
        if self.validation is not None and not len(self.validation[0]):
            raise DataError("diagnose: there are no examples in validation.")

    def _deal(self) -> None:
        """Take a sample, and the first minibatches."""
        if self.deals:
            self.batches = _first_batches(self.data)
            whole = self.data.data if isinstance(self.data, Batches) else None
            x, y = (whole.x, whole.y) if whole is not None else _joined(self.batches)
        else:
            x, y = _pair("data", self.data)
        if not len(x):
            raise DataError("diagnose: there are no examples.")
        order = self.rng.permutation(len(x))
        self.examples = len(x)
        self.x, self.y = x[order[:SAMPLE]], y[order[:SAMPLE]]
        self.all_y = y
        self.all_x = x
        if not self.deals:
            size = min(self._size_in_history(len(x)) or BATCH, len(x))
            few = order[: MOST_BATCHES * size]
            starts = range(0, max(1, len(few) - size + 1), size)
            self.batches = [(x[few[i : i + size]], y[few[i : i + size]]) for i in starts]

    def _size_in_history(self, examples: int) -> int | None:
        """How large the minibatches were, as far as a history tells it."""
        epochs, steps = (len(getattr(self.history, name, ())) for name in ("loss", "batch_losses"))
        return max(1, -(-examples * epochs // steps)) if epochs and steps >= epochs else None

    def noted(self, name: str) -> list[float]:
        """The losses in the history under this name, counted like all others; none if there are none."""
        return [float(loss) - self.least for loss in getattr(self.history, name, ()) or ()]

    def measured(self, look: Callable[[], T]) -> T:
        """Call a function that may change anything; all is put back afterwards.

        Raises
        ------
        OutOfTime
            If there is no time left to begin.
        """
        self.check_time()
        whole = [False]  # whether everything is as it was

        def compute() -> T:
            self.kept.lend()
            return look()

        def put_back() -> None:
            if not whole[0]:
                self.kept.put_back()
                whole[0] = True

        return restored(compute, put_back)

    def check_time(self) -> None:
        """Raise OutOfTime where the time is over; a third is left for whatever is being done."""
        if time.perf_counter() - self.begin > 0.8 * self.seconds:
            raise OutOfTime

    @cached_property
    def named(self) -> dict[str, Tensor]:
        """All that asks for a gradient, or may ask for one, by name: the model's parameters, and those of plain functions."""
        named: dict[str, Tensor] = dict(self.model.named_parameters()) if isinstance(self.model, Module) else {}
        known = {id(p) for p in named.values()}
        for value in self.within:
            if isinstance(value, Tensor) and not value.parents and value.requires_grad and id(value) not in known:
                known.add(id(value))
                named[value.name if value.name and value.name not in named else f"tensor {len(named)}"] = value
        return named

    @cached_property
    def within(self) -> list[Any]:
        """Everything that the model itself leads to."""
        return Kept(self.model, copies=False).reached

    @cached_property
    def learned(self) -> dict[str, Tensor]:
        """Those that ask for a gradient."""
        return {name: p for name, p in self.named.items() if p.requires_grad}

    @cached_property
    def modules(self) -> list[Module]:
        """Every module that can be reached, in the model or in a function."""
        return [one for one in self.within if isinstance(one, Module)]

    @cached_property
    def labels(self) -> Array | None:
        """The answers as class numbers, or None where they are measured values."""
        return class_numbers(self.y) if self.y.ndim == 1 or self.y.shape[1:] == (1,) else None

    @property
    def fresh(self) -> bool:
        """Whether nothing says that the model has been trained."""
        steps = getattr(self.optimizer, "steps", 0)
        return not steps and not len(getattr(self.history, "loss", None) or ())


def _pair(name: str, data: Any) -> tuple[Array, Array]:
    if isinstance(data, Dataset):
        return data.x, data.y
    if isinstance(data, Batches):
        return data.data.x, data.data.y
    if isinstance(data, (tuple, list)) and len(data) == 2:
        return _of_one_length(name, as_array(data[0]), as_array(plain_array(data[1])))
    raise WrongTypeError(f"diagnose: {name} should be a dl.data.Dataset(x, y) or a pair (x, y), not {brief(data)}.")


def _of_one_length(name: str, x: Array, y: Array) -> tuple[Array, Array]:
    """The two, if there is one answer for each example."""
    for letter, array in (("x", x), ("y", y)):
        if array.ndim == 0:
            raise ShapeError(
                f"diagnose: {letter} of {name} is a single number; an axis of examples is expected, shape (N, ...)."
            )
    if len(x) != len(y):
        raise ShapeError(
            f"diagnose: in {name}, x has {len(x)} examples and y has {len(y)} answers. Each example needs one answer; "
            "was one of them filtered or shuffled without the other?"
        )
    return x, y


def _first_batches(data: Any) -> list[tuple[Array, Array]]:
    once = isinstance(data, Iterator) and iter(data) is data
    if once or not isinstance(data, Iterable):
        raise WrongTypeError(
            "diagnose: data should be a dl.data.Dataset(x, y), a pair (x, y), or minibatches that can be looped over again and "
            f"again, such as train.batches(32, rng=rng), not {brief(data)}.{' A generator deals them out only once: give a list of them.' if once else ''}"
        )
    batches = []
    for batch in islice(iter(data), MOST_BATCHES):
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            raise WrongTypeError(f"diagnose: a minibatch should be a pair (x, y), not {brief(batch)}.")
        x, y = _of_one_length("a minibatch", as_array(batch[0]), as_array(plain_array(batch[1])))
        if len(x):
            batches.append((np.array(x), np.array(y)))
    if not batches:
        raise DataError("diagnose: there are no minibatches with examples.")
    return batches


def _joined(batches: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    first = [array.shape[1:] for array in batches[0]]
    same = [batch for batch in batches if [array.shape[1:] for array in batch] == first]
    return np.concatenate([x for x, _ in same]), np.concatenate([y for _, y in same])
