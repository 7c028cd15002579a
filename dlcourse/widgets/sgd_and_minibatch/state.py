"""The state of `MinibatchFan`: batch size, network and the present draw."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Any, Self

from dlcourse.live.own import as_it_is_now
from dlcourse.live.widget import Widget, action, choice, slider, state, toggle
from dlcourse.widgets.sgd_and_minibatch.numbers import (
    STAGES,
    FanResult,
    Gradients,
    check,
    check_length,
    fan,
    gradients_of,
    gradients_of_digits,
)
from dlcourse.widgets.sgd_and_minibatch.training import EXAMPLES

__all__ = ["FanState"]


@dataclass(frozen=True, eq=False)
class FanState(Widget):
    """Fields, controls and numbers; `MinibatchFan` adds picture, words and hand."""

    batch: float = slider(8.0, 1.0, float(EXAMPLES), log=True, label="batch size")
    stage: str = choice("fresh", tuple(STAGES), label="network")
    replacement: bool = toggle(False, label="draw with replacement")
    seed: int = state(0)
    model: Any = state(None)
    data: Any = state(None)
    own_gradients: Gradients | None = state(None)
    """The learner's own, as they were when the widget was made: a cell further down may go on training."""

    def __post_init__(self) -> None:
        super().__post_init__()
        check(self.model, self.data)
        if self.data is not None:
            if self.own_gradients is None:
                own = as_it_is_now(self.model, owner="MinibatchFan", reads_only=False)  # in the mode it is trained in
                object.__setattr__(self, "own_gradients", gradients_of(own, self.data))
            check_length(self.gradients)

    @property
    def b(self) -> int:
        """The batch size as a whole number, at most N."""
        return min(round(self.batch), self.n)

    @property
    def n(self) -> int:
        """Number of examples."""
        return EXAMPLES if self.data is None else len(self.data)

    @property
    def gradients(self) -> Gradients:
        """Those of all examples, computed once for each network."""
        return gradients_of_digits(STAGES[self.stage]) if self.own_gradients is None else self.own_gradients

    def compute(self) -> FanResult:
        return fan(self.gradients, batch=self.b, replacement=self.replacement, seed=self.seed)

    def background(self) -> Hashable:
        return (self.stage, id(self.own_gradients), self.replacement, self.hides)

    def slider_ends(self) -> dict[str, tuple[float, float]]:
        """No batch is larger than the data."""
        return {"batch": (1.0, float(min(self.n, EXAMPLES)))}

    def idle_controls(self) -> Collection[str]:
        """A learner's own network is at one stage only."""
        return () if self.data is None else ("stage",)

    def step(self) -> Self:
        """Other minibatches."""
        return self.replace(seed=self.seed + 1)

    @action("Draw again")
    def draw_again(self) -> Self:
        """Other minibatches."""
        return self.step()
