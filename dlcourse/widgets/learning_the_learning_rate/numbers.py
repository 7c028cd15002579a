"""What RateFinder shows, in numbers: the finder's curve, the training at the chosen rate, and trainings at all rates.

The functions without docstrings are those that Code shows.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, repeat
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.dataset import Dataset
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.layers.module import Module
from dlcourse.optimizers.finder import RateSearch

__all__ = [
    "BUDGET", "HIGHEST", "LOWEST", "OPTIMIZERS", "RATES", "SCHEDULES", "FinderResult", "Run", "Task", "check", "digits", "left_by_rate",
    "network", "of_digits", "rate_by_update", "run", "search", "searched", "smoothed", "trained",
]  # fmt: skip

BUDGET = 96
"""Updates of every training: three epochs of 1024 digits."""
LOWEST, HIGHEST = 1e-4, 10.0
"""The rates that the finder begins and ends with."""
RATES = np.array([float(f"{10 ** (k / 5):.3g}") for k in range(-20, 6)])
"""Those that are all tried, five in each power of ten."""


def digits() -> Dataset:
    return dl.data.digits()[:1024]


def network() -> Module:
    rng = np.random.default_rng(0)
    hidden = dl.Dense(64, 32, activation=dl.relu, rng=rng)
    return dl.Sequential(dl.Flatten(), hidden, dl.Dense(32, 10, rng=rng))


def sgd(weights: Any, lr: Any) -> Any:
    return dl.SGD(weights, lr)


def momentum(weights: Any, lr: Any) -> Any:
    return dl.SGD(weights, lr, momentum=0.9)


def adam(weights: Any, lr: Any) -> Any:
    return dl.Adam(weights, lr)


OPTIMIZERS = {"SGD": sgd, "momentum": momentum, "Adam": adam}


def constant(lr: float, steps: int) -> Any:
    return lr


def step(lr: float, steps: int) -> Any:
    return dl.schedules.step_decay(lr, every=steps // 3, factor=0.3)


def cosine(lr: float, steps: int) -> Any:
    return dl.schedules.cosine(lr, steps=steps)


def one_cycle(lr: float, steps: int) -> Any:
    return dl.schedules.one_cycle(lr, steps=steps)


def warm_up(lr: float, steps: int) -> Any:
    return dl.schedules.warm_up(lr, steps=steps // 6)


def warm_cosine(lr: float, steps: int) -> Any:
    return dl.schedules.warm_up(dl.schedules.cosine(lr, steps=steps - steps // 6), steps=steps // 6)


SCHEDULES: dict[str, Callable[[float, int], Any]] = {
    "constant": constant, "step": step, "cosine": cosine, "warm-up": warm_up, "warm-up, cosine": warm_cosine,
    "one cycle": one_cycle,
}  # fmt: skip
"""Each gives what an optimizer takes as its rate."""


def searched(model: Any, data: Any, loss: Any, make: Any, steps: int) -> RateSearch:
    return dl.find_lr(
        model, data, loss=loss, optimizer=make(model.parameters(), 1.0), batch_size=32,
        rng=np.random.default_rng(0), least=1e-4, most=10.0, steps=steps,
    )  # fmt: skip


def trained(model: Any, data: Any, loss: Any, make: Any, lr: Any, steps: int) -> tuple[Array, float]:
    model, rng = deepcopy(model), np.random.default_rng(0)
    optimizer = make(model.parameters(), lr)
    epochs = repeat(data.batches(32, rng=rng))
    losses = []
    with np.errstate(all="ignore"):
        for x, y in islice(chain.from_iterable(epochs), steps):
            optimizer.zero_grad()
            error = loss(model.train()(x), y)
            losses.append(error.item())
            error.backward()
            try:
                optimizer.step()
            except dl.errors.DivergenceError:
                return np.array(losses), np.inf
        return np.array(losses), loss(model.eval()(data.x), data.y).item()


@dataclass(frozen=True, eq=False)
class Task:
    """What is learned, and by which network."""

    model: Module
    data: Dataset
    loss: Callable[[Any, Any], Any] = dl.cross_entropy


@dataclass(frozen=True)
class Run:
    """One training."""

    losses: Array
    """Of each minibatch, before its update: shape (updates made,)."""
    left: float
    """The loss of all examples at the end, infinite if the training blew up."""


@dataclass(frozen=True)
class FinderResult:
    """The finder's curve, the training at the chosen rate, and what all rates leave."""

    rates: Array
    losses: Array
    """The finder's: shape (rates tried,) each."""
    hundred: tuple[Array, Array]
    """Rates and losses of a finder of 100 steps; empty where that is the one at hand."""
    suggestion: float
    lowest: float
    """The rate at which the curve is lowest."""
    here: float
    """The curve at the chosen rate, NaN beyond its end."""
    run: Run
    schedule: Array
    """The rate of each update: shape (BUDGET,)."""
    left: Array
    """The loss that each of `RATES` leaves; empty where they are not asked for."""

    @property
    def first(self) -> float:
        """The loss before anything is learned."""
        return float(self.losses[0])

    @property
    def best(self) -> int:
        """Which of `RATES` leaves least."""
        return int(np.argmin(self.left))


@lru_cache(maxsize=1)
def of_digits() -> Task:
    """The network of lesson 15's race, and the 1024 digits of lesson 18."""
    return Task(network(), digits())


@lru_cache(maxsize=32)
def search(task: Task, optimizer: str, steps: int) -> RateSearch:
    """The finder's run."""
    return searched(task.model, task.data, task.loss, OPTIMIZERS[optimizer], steps)


@lru_cache(maxsize=1024)
def run(task: Task, optimizer: str, schedule: str, rate: float) -> Run:
    """One training of `BUDGET` updates."""
    lr = SCHEDULES[schedule](rate, BUDGET)
    losses, left = trained(task.model, task.data, task.loss, OPTIMIZERS[optimizer], lr, BUDGET)
    return Run(losses=losses, left=left if np.isfinite(left) else np.inf)


@lru_cache(maxsize=32)
def left_by_rate(task: Task, optimizer: str, schedule: str) -> Array:
    """What is left after a training at each of `RATES`: shape (len(RATES),)."""
    return np.array([run(task, optimizer, schedule, float(rate)).left for rate in RATES])


def rate_by_update(schedule: str, rate: float) -> Array:
    """The learning rate of each update, shape (BUDGET,).

    Examples
    --------
    >>> rates = rate_by_update("warm-up", 0.16)
    >>> [round(float(rates[update]), 2) for update in (0, 7, 15, 95)]
    [0.01, 0.08, 0.16, 0.16]
    """
    lr = SCHEDULES[schedule](rate, BUDGET)
    return np.array([lr(update) if callable(lr) else lr for update in range(BUDGET)])


def smoothed(losses: Array) -> Array:
    """Running means of losses that keep 0.9 of the past, as the finder's are, made up for their beginning at 0.

    Examples
    --------
    >>> smoothed(np.array([2.0, 1.0]))
    array([2.        , 1.47368421])
    """
    out, average = np.zeros(len(losses)), 0.0
    for i, loss in enumerate(losses):
        average = 0.9 * average + 0.1 * loss
        out[i] = average / (1 - 0.9 ** (i + 1))
    return out


def check(model: Any, data: Any, loss: Any) -> None:
    """Raise an error that says what is missing, if a learner's network cannot be trained.

    Raises
    ------
    WrongTypeError
        If only one of model and data is given, or they are not a network and a data set, or the loss is no function.
    DataError
        If there are fewer than 32 examples.
    """
    if (model is None) != (data is None) or (loss is not None and model is None):
        raise WrongTypeError("RateFinder: give model=… and data=… together, and loss=… only with them.")
    if model is None:
        return
    if not isinstance(model, Module) or not isinstance(data, Dataset):
        raise WrongTypeError("RateFinder: model should be a dl.Module, such as Sequential, and data a dl.data.Dataset.")
    if loss is not None and not callable(loss):
        raise WrongTypeError("RateFinder: loss should be a function such as dl.cross_entropy.")
    if len(data) < 32:
        raise DataError(f"RateFinder: at least 32 examples are expected, a minibatch; yours are {len(data)}.")
