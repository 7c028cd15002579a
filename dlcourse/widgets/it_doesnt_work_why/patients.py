"""The patients of `Clinic`: a network, its data and its training loop, made as their sheet says."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.errors import DivergenceError, ForgottenZeroGrad
from dlcourse.widgets.it_doesnt_work_why.data import KINDS, parts
from dlcourse.widgets.it_doesnt_work_why.sheets import Sheet, sheet_of, treated

__all__ = ["Patient", "admit", "made"]

BATCH = 32
LEAKED = 60
"""So many validation examples get into the training data where they leak."""
RATES = {
    "Adam": {"digits": 0.005, "wines": 0.01, "tumours": 0.005, "diabetes": 0.005, "names": 0.005},
    "momentum": {"digits": 0.03, "wines": 0.05, "tumours": 0.02, "diabetes": 0.005, "names": 0.1},
    "by hand": {"digits": 0.2, "wines": 0.2, "tumours": 0.1, "diabetes": 0.03, "names": 0.5},
}
EPOCHS = {"digits": 20, "wines": 40, "tumours": 20, "diabetes": 25, "names": 6}
ACTIVATIONS = {"ReLU": dl.relu, "tanh": dl.tanh, "sigmoid": dl.sigmoid}


@dataclass(frozen=True, eq=False)
class Patient:
    """A network with all that its training is made of, fresh: nothing has been learned.

    Attributes
    ----------
    model : callable
        Batch to outputs, (N, K) to (N, outputs).
    loss : callable
        (outputs, answers) to a number.
    step : callable
        (x, y): one step of the training, as it was written.
    batches : callable
        rng to the minibatches of one epoch.
    train, validation, unseen : pairs (x, y)
    epochs : int
    classes : tuple of str
        Names of the answers; empty where they are measured.
    title : str
        What the network is for.
    layers : tuple of callables
        The model, piece by piece; empty where it is one piece.
    """

    model: Callable[..., Any]
    loss: Callable[..., Any]
    step: Callable[[Array, Array], None]
    batches: Callable[[Any], Iterator[tuple[Array, Array]]]
    train: tuple[Array, Array]
    validation: tuple[Array, Array]
    unseen: tuple[Array, Array]
    epochs: int
    classes: tuple[str, ...]
    title: str = ""
    layers: tuple[Callable[..., Any], ...] = ()

    def parameters(self) -> list[Any]:
        """The model's weights and biases."""
        return list(self.model.parameters())  # type: ignore[attr-defined]


def admit(number: int, treated_for: str = "") -> Patient:
    """Patient 1, 2, 3 … of the waiting room, before any training, perhaps after a treatment.

    Parameters
    ----------
    number : int
        From 1 on.
    treated_for : str
        A cause, named as `dl.diagnose` names it; its medicine is given whether or not that is what is wrong.
    """
    sheet = sheet_of(number)
    return made(treated(sheet, treated_for) if treated_for else sheet)


def made(sheet: Sheet) -> Patient:
    """The patient that a sheet describes."""
    kind = KINDS[sheet.data]
    train, validation, unseen = parts(sheet.data, scaled=sheet.scaled, unfit=sheet.unfit, few=sheet.few)
    rng = np.random.default_rng(sheet.seed)
    if sheet.leaked:
        validation = validation[0][:LEAKED], validation[1][:LEAKED]
        train = np.concatenate([train[0], validation[0]]), np.concatenate([train[1], validation[1]])
    if sheet.shuffled:
        train, validation = ((x, y[np.random.default_rng(sheet.seed + n).permutation(len(y))])
                             for n, (x, y) in enumerate((train, validation)))  # fmt: skip
    model = network(sheet, train[0].shape[1], kind.outputs, rng)
    loss = loss_of(sheet, kind.outputs)
    return Patient(
        model=model, loss=loss, step=step_of(sheet, model, loss),
        batches=dealer(sheet, train), train=train, validation=validation, unseen=unseen,
        epochs=EPOCHS[sheet.data] * (8 if sheet.few else 1), classes=kind.names, title=kind.title, layers=tuple(model),
    )  # fmt: skip


def network(sheet: Sheet, inputs: int, outputs: int, rng: np.random.Generator) -> dl.Sequential:
    """The layers, with their first weights."""
    initializers = {
        "Glorot": dl.glorot_uniform,
        "equal": dl.initializers.constant(0.1),
        "large": dl.initializers.normal(3.0),
    }
    sizes = (inputs, *sheet.hidden, outputs)
    layers: list[Any] = []
    for depth, (a, b) in enumerate(zip(sizes, sizes[1:], strict=False)):
        last = depth == len(sheet.hidden)
        activation = ACTIVATIONS[sheet.activation] if not last else dl.relu if sheet.relu_out else None
        initializer = initializers[sheet.start]
        if sheet.activation == "ReLU" and sheet.start == "Glorot" and len(sheet.hidden) > 4:
            initializer = dl.he_normal
        layers.append(dl.Dense(a, b, activation=activation, initializer=initializer, rng=rng))
        if depth == 0:
            layers[0].bias.data[...] = sheet.bias
        if not last:
            layers += dropping(sheet, rng)
    return dl.Sequential(*layers, *([shares] if sheet.softmax else []))


def shares(logits: Any) -> Any:
    """Softmax, written by hand: the library's own would be noticed by its cross-entropy."""
    powers = dl.exp(logits - logits.data.max(axis=1, keepdims=True))
    return powers / dl.sum(powers, axis=1, keepdims=True)


def dropping(sheet: Sheet, rng: np.random.Generator) -> list[Any]:
    """Dropout behind the first layer; in a function, it never hears that training is over."""
    if not sheet.dropout:
        return []
    dropout = dl.Dropout(0.5, rng=rng)
    return [dropout] if sheet.dropout == "on" else [lambda x: dropout(x)]


def loss_of(sheet: Sheet, outputs: int) -> Callable[[Any, Any], Any]:
    """What is made small."""
    if outputs == 1:
        return (lambda y, t: dl.mean((y - t.reshape(-1)) ** 2)) if sheet.axis else dl.squared_error

    def down_the_batch(logits: Any, y: Array) -> Any:
        log_p = dl.log_softmax(logits, axis=0)
        return -dl.mean(log_p[np.arange(len(y)), y])

    return down_the_batch if sheet.axis else dl.cross_entropy


def step_of(sheet: Sheet, model: dl.Sequential, loss: Callable[[Any, Any], Any]) -> Callable[[Array, Array], None]:
    """One step of the training."""
    rate = RATES[sheet.optimizer][sheet.data] * sheet.times
    parameters: list[dl.Parameter] = model.parameters()
    if sheet.remade:
        parameters = [dl.Parameter(p.data.copy()) for p in parameters]
    if sheet.optimizer == "by hand":

        def step(x: Array, y: Array) -> None:
            if sheet.zeroed:
                for p in parameters:
                    p.zero_grad()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ForgottenZeroGrad)  # which the library would notice
                loss(model(x), y).backward()
            for p in parameters:
                if p.grad is not None:
                    p.data += sheet.sign * rate * p.grad

        return step
    optimizer = dl.Adam(parameters, rate) if sheet.optimizer == "Adam" else dl.SGD(parameters, rate, momentum=0.9)

    def with_optimizer(x: Array, y: Array) -> None:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        with suppress(DivergenceError):  # which says that no step was made
            optimizer.step()

    return with_optimizer


def dealer(sheet: Sheet, train: tuple[Array, Array]) -> Callable[[Any], Iterator[tuple[Array, Array]]]:
    """How an epoch is dealt out in minibatches."""
    x, y = train
    by_class = np.argsort(y, kind="stable") if sheet.by_class else None
    size = min(BATCH, len(x) // 2)

    def batches(rng: np.random.Generator) -> Iterator[tuple[Array, Array]]:
        order = rng.permutation(len(x)) if by_class is None else by_class
        first = np.arange(size)
        for start in range(0, len(x) - size + 1, size):
            chosen = first if sheet.once else order[start : start + size]
            yield x[chosen], y[chosen]

    return batches
