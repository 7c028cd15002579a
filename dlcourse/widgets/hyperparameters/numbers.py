"""A sweep that is made one run at a time, in numbers; every run is made by the functions that `dl.sweep` uses."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.errors import ArgumentError, DataError, WrongTypeError, brief
from dlcourse.sweeps import Run, SweepResult, spaces
from dlcourse.sweeps.runs import Outcome, Task, measured
from dlcourse.sweeps.spaces import Space
from dlcourse.sweeps.strategies import planned, survivors
from dlcourse.widgets.hyperparameters.training import EPOCHS, train

__all__ = [
    "DECADES",
    "LOWEST",
    "MOST_KNOBS",
    "Made",
    "Plan",
    "SweepView",
    "advanced",
    "check",
    "finished",
    "made_of",
    "space_of",
]

DECADES = 4
"""The learning rates go from the lowest to 10⁴ times as much."""
LOWEST = (1e-5, 1e-3)
"""How far down and up the lowest of them can be."""
UNITS = (4, 64)
MOST_KNOBS = 4
"""So many panels fit side by side."""


@dataclass(frozen=True)
class Plan:
    """Which runs are to be made.

    Attributes
    ----------
    strategy : "grid", "random" or "halving"
    drawn : "log-uniform" or "uniform"
        How learning rates are spread.
    budget : int
    lowest : float
        The lowest learning rate.
    seed : int
    """

    strategy: str
    drawn: str
    budget: int
    lowest: float
    seed: int


def space_of(plan: Plan) -> dict[str, Space]:
    """What learning rate and width may be."""
    rates = spaces.log_uniform if plan.drawn == "log-uniform" else spaces.uniform
    return {"lr": rates(plan.lowest, plan.lowest * 10**DECADES), "units": spaces.integers(*UNITS)}


@lru_cache(maxsize=16)
def tasks_of(plan: Plan) -> tuple[tuple[Task, ...], tuple[tuple[int, int | None], ...]]:
    """All runs of a plan, and how many are made for how many epochs in each round."""
    rng = np.random.default_rng(plan.seed)
    tasks, rounds = planned(train, space_of(plan), budget=plan.budget, rng=rng, strategy=plan.strategy, epochs=EPOCHS)
    return tuple(tasks), tuple(rounds)


@dataclass(frozen=True)
class Made:
    """A sweep under way: the numbers of the runs that were made, in their order, and what came of each."""

    plan: Plan
    outcomes: tuple[tuple[int, Outcome], ...] = ()

    @property
    def total(self) -> int:
        """How many runs there will be, those that are begun anew among them."""
        return sum(number for number, _ in tasks_of(self.plan)[1])

    @property
    def epochs(self) -> int:
        """How many epochs of training it took so far."""
        return sum(len(outcome.scores) for _, outcome in self.outcomes)

    def runs(self) -> list[Run]:
        """The runs, each with what came of its longest."""
        tasks = tasks_of(self.plan)[0]
        longest = dict(self.outcomes)
        return [Run(number, tasks[number].settings, longest[number], tasks[number].seed) for number in sorted(longest)]

    def next_task(self) -> Task | None:
        """The run that is made next; None at the end."""
        tasks, rounds = tasks_of(self.plan)
        going, start = list(range(len(tasks))), 0
        for i, (most, epochs) in enumerate(rounds):
            if i:
                before = dict(self.outcomes[:start])
                going = survivors([Run(each, {}, before[each], tasks[each].seed) for each in going], most, "maximize")
            if len(self.outcomes) < start + len(going):
                return replace(tasks[going[len(self.outcomes) - start]], epochs=epochs)
            start += len(going)
        return None


def advanced(made: Made) -> Made:
    """One more run; the same if all are made."""
    task = made.next_task()
    if task is None:
        return made
    return Made(made.plan, (*made.outcomes, (task.number, measured(task))))


@lru_cache(maxsize=16)
def finished(plan: Plan) -> Made:
    """All runs of a plan."""
    made = Made(plan)
    while made.next_task() is not None:
        made = advanced(made)
    return made


@dataclass(frozen=True)
class SweepView:
    """Everything that is shown.

    Attributes
    ----------
    sweep : SweepResult
        The runs that were made.
    planned : tuple of dict
        The settings of all runs, also of those that are still to come.
    done, total, epochs : int
        How many runs were made, how many there will be, and how many epochs they took.
    lit : tuple of int
        Numbers of the runs that are lit up.
    best : Run or None
        The best so far, if there is one.
    """

    sweep: SweepResult
    planned: tuple[dict[str, Any], ...]
    done: int
    total: int
    epochs: int
    lit: tuple[int, ...]
    best: Run | None

    def tried(self, name: str) -> int:
        """How many different values of a setting the runs so far have tried."""
        return len({str(run.settings[name]) for run in self.sweep.runs})


def made_of(made: Made) -> SweepResult:
    """A sweep under way as `dl.sweep` returns it."""
    return SweepResult(made.runs(), space_of(made.plan), direction="maximize", epochs=made.epochs, interrupted=False)


def check(result: Any) -> None:
    """Raise an error that says what is missing, if this cannot be shown.

    Raises
    ------
    WrongTypeError
        If it is no result of a sweep.
    ArgumentError
        If it has too many settings.
    DataError
        If no run has a score.
    """
    if not isinstance(result, SweepResult):
        raise WrongTypeError(f"Sweep: result should be what dl.sweep(…) returned, not {brief(result)}.")
    if len(result.space) > MOST_KNOBS:
        raise ArgumentError(
            f"Sweep: this result has {len(result.space)} settings, and {MOST_KNOBS} panels fit side by side. result.plot() draws them all."
        )
    if not any(math.isfinite(run.score) for run in result.runs):
        raise DataError("Sweep: none of its runs has a score. print(result.table()) tells why.")
