"""The state of `RateFinder`: optimizer, schedule and rate, how far the training has come, and the learner's own network."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

import dlcourse as dl
from dlcourse.live.own import as_it_is_now
from dlcourse.live.widget import Widget, choice, slider, state, toggle
from dlcourse.widgets.learning_the_learning_rate import numbers
from dlcourse.widgets.learning_the_learning_rate.numbers import (
    BUDGET,
    HIGHEST,
    LOWEST,
    OPTIMIZERS,
    SCHEDULES,
    FinderResult,
    Task,
)

__all__ = ["FinderState", "on_grid"]


def on_grid(rate: float) -> float:
    """The nearest rate of ten in each power of ten, three digits, so that trainings are found again.

    Examples
    --------
    >>> on_grid(0.3), on_grid(0.0123), on_grid(99.0)
    (0.316, 0.0126, 10.0)
    """
    return float(f"{10 ** (round(10 * math.log10(min(max(rate, LOWEST), HIGHEST))) / 10):.3g}")


@dataclass(frozen=True, eq=False)
class FinderState(Widget):
    """Fields, controls and numbers; `RateFinder` adds picture, words and hand."""

    optimizer: str = choice("SGD", tuple(OPTIMIZERS), label="optimizer")
    rate: float = slider(0.1, LOWEST, HIGHEST, step=0.1, log=True, label="learning rate you choose")
    update: int = slider(0, 0, BUDGET, label="updates of the training")
    schedule: str = choice("constant", tuple(SCHEDULES), label="schedule")
    length: str = choice("100", ("25", "50", "100", "200", "400"), label="steps of the finder")
    everyone: bool = toggle(False, label="train with all rates")
    model: Any = state(None)
    data: Any = state(None)
    loss: Callable[[Any, Any], Any] | None = state(None)
    own: Task | None = state(None)
    """The learner's network, as it was when the widget was made: a cell further down may go on training it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        numbers.check(self.model, self.data, self.loss)
        if self.model is not None and self.own is None:
            model = as_it_is_now(self.model, owner="RateFinder", reads_only=False)
            object.__setattr__(self, "own", Task(model, self.data, self.loss or dl.cross_entropy))
            numbers.search(self.task, self.optimizer, int(self.length))  # complains now about what does not fit

    @property
    def task(self) -> Task:
        """What is learned."""
        return self.own or numbers.of_digits()

    @property
    def chosen(self) -> float:
        """The rate, one of ten in each power of ten."""
        return on_grid(float(self.rate))

    @property
    def run(self) -> numbers.Run:
        """The training at the chosen rate."""
        return numbers.run(self.task, self.optimizer, self.schedule, self.chosen)

    @property
    def at(self) -> int:
        """So many updates are shown; none while the answer is covered."""
        return 0 if self.hides else min(self.update, len(self.run.losses)) if self.update else 0

    @property
    def top(self) -> float:
        """Top of the finder's axis: both of its curves fit."""
        curves = (numbers.search(self.task, self.optimizer, steps).losses for steps in (int(self.length), 100))
        return 1.1 * max(max(losses) for losses in curves)

    @property
    def ended(self) -> bool:
        """Whether the training is at its end, so that what it leaves is told."""
        return self.at > 0 and self.at == len(self.run.losses)

    @property
    def shows_all(self) -> bool:
        """Whether the trainings at all rates are shown."""
        return self.everyone and not self.hides

    def compute(self) -> FinderResult:
        curve = numbers.search(self.task, self.optimizer, int(self.length))
        rates, losses = np.array(curve.lrs), np.array(curve.losses)
        everyone = self.everyone  # also while the answer is covered, so that it is there at once
        left = numbers.left_by_rate(self.task, self.optimizer, self.schedule) if everyone else np.zeros(0)
        hundred = numbers.search(self.task, self.optimizer, 100)
        inside = self.chosen <= rates[-1] * 1.0001
        return FinderResult(
            rates=rates, losses=losses, hundred=(np.array(hundred.lrs), np.array(hundred.losses)) if self.length != "100" else (np.zeros(0),) * 2,
            suggestion=curve.suggestion, lowest=float(rates[losses.argmin()]),
            here=float(np.interp(np.log(self.chosen), np.log(rates), losses)) if inside else math.nan,
            run=self.run if self.at else numbers.Run(losses=np.zeros(0), left=math.nan),
            schedule=numbers.rate_by_update(self.schedule, self.chosen),
            left=left if self.shows_all else np.zeros(0),
        )  # fmt: skip

    def background(self) -> Hashable:
        return (id(self.own), self.optimizer, self.length, self.hides, self.everyone)

    def can_step(self) -> bool:
        """Whether an update is left."""
        return self.update < (len(self.run.losses) if self.update else BUDGET)

    def step(self) -> Self:
        """One update more."""
        return self.replace(update=self.update + 1) if self.can_step() else self
