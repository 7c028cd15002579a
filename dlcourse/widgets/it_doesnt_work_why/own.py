"""A learner's own network as a patient of `Clinic`: copied, so that every test begins with it as it is."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array, as_array
from dlcourse.errors import DataError, WrongTypeError, brief
from dlcourse.layers.module import Module
from dlcourse.optimizers.optimizer import Optimizer
from dlcourse.widgets.it_doesnt_work_why.patients import BATCH, Patient

__all__ = ["Given", "examined", "given"]

MOST, EPOCHS = 600, 10
"""Of a large data set so many examples are looked at, and so many epochs are trained."""


@dataclass(frozen=True, eq=False)
class Given:
    """What a learner gave, as it was then."""

    model: Any
    optimizer: Any
    loss: Callable[..., Any]
    train: tuple[Array, Array]
    validation: tuple[Array, Array]


def given(model: Any, data: Any, loss: Any, optimizer: Any, validation: Any) -> Given:
    """Copies of a learner's own, checked.

    Raises
    ------
    WrongTypeError
        If one of them is of the wrong kind.
    DataError
        If there are fewer than ten examples.
    """
    if not isinstance(model, Module):
        raise WrongTypeError(f"Clinic: model should be a network, such as dl.Sequential(…), not {brief(model)}.")
    if optimizer is not None and not isinstance(optimizer, Optimizer):
        raise WrongTypeError(
            f"Clinic: optimizer should be made first, such as dl.SGD(model.parameters(), 0.1), not {brief(optimizer)}."
        )
    if not callable(loss):
        raise WrongTypeError(f"Clinic: loss should be a function, such as dl.cross_entropy, not {brief(loss)}.")
    x, y = _pair("data", data)
    if len(x) < 10:
        raise DataError(f"Clinic: data should hold ten examples at least, not {len(x)}.")
    if validation is None:
        order = np.random.default_rng(0).permutation(len(x))
        cut = len(x) * 4 // 5
        (x, y), other = (x[order[:cut]], y[order[:cut]]), (x[order[cut:]], y[order[cut:]])
    else:
        other = _pair("validation", validation)
    if optimizer is None:
        optimizer = dl.Adam(model.parameters(), 0.01)
    model, optimizer = copy.deepcopy(
        (model, optimizer)
    )  # together: the optimizer goes on holding the model's parameters
    return Given(
        model, optimizer, loss, (x[:MOST].copy(), y[:MOST].copy()), (other[0][:MOST].copy(), other[1][:MOST].copy())
    )


def _pair(name: str, data: Any) -> tuple[Array, Array]:
    if isinstance(data, dl.data.Dataset):
        return data.x, data.y
    if isinstance(data, (tuple, list)) and len(data) == 2:
        return as_array(data[0]), as_array(data[1])
    raise WrongTypeError(f"Clinic: {name} should be a dl.data.Dataset(x, y) or a pair (x, y), not {brief(data)}.")


def examined(model: Any, data: Any, *, loss: Any, optimizer: Any = None, validation: Any = None) -> Patient:
    """A learner's own network as a patient.

    Parameters
    ----------
    model : Module
    data : Dataset or (x, y)
    loss : callable
        (outputs, answers) to a scalar tensor.
    optimizer : Optimizer, optional
        Adam with a rate of 0.01 unless given.
    validation : Dataset or (x, y), optional
        A fifth of the data unless given.
    """
    return fresh(given(model, data, loss, optimizer, validation))


def fresh(own: Given) -> Patient:
    """The patient as it was given, however often it was examined."""
    model, optimizer = copy.deepcopy((own.model, own.optimizer))
    x, y = own.train

    def step(xs: Array, ys: Array) -> None:
        model.train()
        optimizer.zero_grad()
        own.loss(model(xs), ys).backward()
        optimizer.step()

    def batches(rng: np.random.Generator) -> Iterator[tuple[Array, Array]]:
        order = rng.permutation(len(x))
        size = min(BATCH, len(x))
        for start in range(0, len(x) - size + 1, size):
            yield x[order[start : start + size]], y[order[start : start + size]]

    whole = y.dtype.kind in "iu"
    outputs = dl.predict(model, x[:1]).shape[-1]
    number = max(int(y.max()) + 1, outputs if outputs > 1 else 2) if whole else 0
    layers = tuple(model) if isinstance(model, dl.Sequential) else ()
    return Patient(
        model=model, loss=own.loss, step=step, batches=batches, train=own.train, validation=own.validation, unseen=own.validation,
        epochs=EPOCHS, classes=tuple(str(i) for i in range(number)), title="your network", layers=layers,
    )  # fmt: skip
