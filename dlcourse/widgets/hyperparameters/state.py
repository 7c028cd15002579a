"""The state of `Sweep`: which runs are to be made, those that were, and what is lit up."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Any, Self

from dlcourse.live.widget import Widget, action, choice, slider, state
from dlcourse.sweeps import Run
from dlcourse.sweeps.pictures import place
from dlcourse.widgets.hyperparameters.numbers import (
    LOWEST,
    Made,
    Plan,
    SweepView,
    advanced,
    check,
    finished,
    made_of,
    space_of,
    tasks_of,
)

__all__ = ["CURVES", "SweepState"]

CURVES = "curves"
"""The label of the panel of scores after each epoch; the others are called after their setting."""


@dataclass(frozen=True, eq=False)
class SweepState(Widget):
    """Fields, controls and numbers; `Sweep` adds picture, words and hand."""

    strategy: str = choice("grid", ("grid", "random", "halving"), label="strategy")
    drawn: str = choice("log-uniform", ("log-uniform", "uniform"), label="learning rates spread")
    budget: int = slider(9, 4, 60, label="runs")
    lowest: float = slider(1e-4, *LOWEST, step=0.25, log=True, label="lowest learning rate")
    result: Any = state(None)
    done: bool = state(True)
    seed: int = state(0)
    made: Any = state(None)
    past: tuple[tuple[Plan, float], ...] = state(())
    brush: tuple[str, float, float, float, float] | None = state(None)
    picked: int = state(-1)

    def __post_init__(self) -> None:
        first = not self.begun
        super().__post_init__()
        if self.result is not None:
            check(self.result)
        elif first and self.done and self.made is None:
            made = finished(self.plan)
            object.__setattr__(self, "made", made)
            object.__setattr__(self, "past", self._past_with(made))

    @property
    def plan(self) -> Plan:
        """Which runs are to be made."""
        return Plan(self.strategy, self.drawn, int(self.budget), float(self.lowest), self.seed)

    @property
    def present(self) -> Made:
        """The sweep as it is now: nothing is made yet after a control was moved."""
        return self.made if self.made is not None and self.made.plan == self.plan else Made(self.plan)

    @property
    def to_beat(self) -> tuple[str, float] | None:
        """Name and best score of another finished sweep that differs in strategy or spread alone; the best one."""
        here = self.plan
        others = [
            (self._named(plan), best)
            for plan, best in self.past
            if plan != here and dataclasses.replace(plan, strategy=here.strategy, drawn=here.drawn) == here
        ]
        return max(others, key=lambda one: one[1]) if others and self.result is None else None

    @staticmethod
    def _named(plan: Plan) -> str:
        return plan.strategy if plan.drawn == "log-uniform" else f"{plan.strategy}, uniform"

    def _past_with(self, made: Made) -> tuple[tuple[Plan, float], ...]:
        ranked = made_of(made).ranked()
        kept = tuple(one for one in self.past if one[0] != made.plan)
        return (*kept[-7:], (made.plan, ranked[0].score)) if ranked else kept

    def compute(self) -> SweepView:
        if self.result is not None:
            sweep, settings = self.result, tuple(run.settings for run in self.result.runs)
            done, total, epochs = len(settings), len(settings), self.result.epochs
        else:
            made = self.present
            sweep, settings = made_of(made), tuple(task.settings for task in tasks_of(made.plan)[0])
            done, total, epochs = len(made.outcomes), made.total, made.epochs
        best = next(iter(sweep.ranked()), None)
        return SweepView(sweep, settings, done, total, epochs, self._lit(sweep.runs), best)

    def _lit(self, runs: list[Run]) -> tuple[int, ...]:
        if self.picked >= 0:
            return tuple(run.number for run in runs if run.number == self.picked)
        if self.brush is None:
            return ()
        axes, x0, y0, x1, y1 = self.brush
        knob = self.space.get(axes)
        inside = []
        for run in runs:
            x = run.epochs if knob is None else place(knob, run.settings[axes])
            if min(x0, x1) <= x <= max(x0, x1) and min(y0, y1) <= run.score <= max(y0, y1):
                inside.append(run.number)
        return tuple(inside)

    @property
    def space(self) -> Any:
        """Each setting's name with its space."""
        return self.result.space if self.result is not None else space_of(self.plan)

    def background(self) -> Hashable:
        if self.result is not None:
            return id(self.result)
        return ()

    def can_step(self) -> bool:
        """Whether there is one more run."""
        return self.result is None and self.present.next_task() is not None

    def step(self) -> Self:
        """One more run."""
        if not self.can_step():
            return self
        made = advanced(self.present)
        return self.replace(made=made, past=self._past_with(made) if made.next_task() is None else self.past)

    def absent_controls(self) -> Collection[str]:
        if self.result is None:
            return ()
        return ("strategy", "drawn", "budget", "lowest", "other_draws")

    @action("Other draws")
    def other_draws(self) -> Self:
        """Another seed: other settings, other initial weights."""
        return self.replace(seed=self.seed + 1)
