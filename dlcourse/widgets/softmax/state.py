"""The state of `SoftmaxBars`: whose scores, what was pulled, temperature, and what is added to all."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from dlcourse.live.numbers import lowered
from dlcourse.live.widget import Widget, choice, slider, state
from dlcourse.widgets.softmax.digit import EXAMPLES, scores_of, scores_of_ours
from dlcourse.widgets.softmax.numbers import SoftmaxResult, as_scores, shares_of

__all__ = ["BarsState"]

FIRST = {"four scores": (3.0, 2.0, 1.0, 0.0), "two scores": (3.0, 1.0)}


@dataclass(frozen=True, eq=False)
class BarsState(Widget):
    """Fields, controls and numbers; `SoftmaxBars` adds picture, words and hand."""

    chooses: ClassVar[dict[str, str]] = {"scores": "example"}

    example: str = choice("four scores", (*FIRST, *EXAMPLES, "yours"), label="scores")
    look: str = choice("arithmetic", ("arithmetic", "Jacobian"), label="below")
    temperature: float = slider(1.0, 0.01, 100.0, step=0.05, log=True, label="temperature τ")
    shift: float = slider(0.0, -120.0, 120.0, step=0.1, label="added to every score")
    chosen: int = state(0)
    pulled: tuple[float, ...] = state(())
    """The scores as they were pulled; empty as long as none was."""
    at_first: tuple[float, ...] = state(())
    """The scores before the chosen one was pulled; empty where that is how they came."""
    scores: Any = state(None)
    model: Callable[..., Any] | None = state(None)
    own: dict[str, tuple[float, ...]] | None = state(None)
    """What the learner's model says, as it was when the widget was made."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.scores is not None:
            object.__setattr__(self, "scores", as_scores(self.scores))
        if self.model is not None and self.own is None:
            object.__setattr__(self, "own", scores_of(self.model))

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; other scores have not been pulled."""
        if changes.get("example", self.example) != self.example:
            changes = {"chosen": 0, "pulled": (), "at_first": (), **changes}
        return super().replace(**changes)

    @property
    def came(self) -> tuple[float, ...]:
        """The scores of this example before anybody pulled."""
        if self.example in EXAMPLES:
            return (scores_of_ours() if self.own is None else self.own)[self.example]
        if self.example == "yours" and self.scores is not None:
            return tuple(self.scores)
        return FIRST.get(self.example, FIRST["four scores"])

    @property
    def now(self) -> tuple[float, ...]:
        """The scores with what was pulled, without what is added to all."""
        return self.pulled or self.came

    @property
    def before(self) -> tuple[float, ...]:
        """The scores before the chosen one was pulled."""
        return self.at_first or self.came

    @property
    def count(self) -> int:
        """Number of scores, K."""
        return len(self.came)

    @property
    def digits(self) -> bool:
        """Whether the scores are those of the ten digits."""
        return self.example in EXAMPLES

    @property
    def names(self) -> tuple[str, ...]:
        """What stands below each bar: a digit, or a number from 1."""
        return tuple(str(i) if self.digits else lowered(i + 1) for i in range(self.count))

    @property
    def reach(self) -> tuple[float, float]:
        """Lowest and highest score that can be pulled to."""
        return min(-5.0, math.floor(min(self.came)) - 2.0), max(5.0, math.ceil(max(self.came)) + 2.0)

    def compute(self) -> SoftmaxResult:
        return shares_of(
            np.array(self.now), np.array(self.before), shift=self.shift, temperature=self.temperature, chosen=self.chosen
        )  # fmt: skip

    def background(self) -> Hashable:
        return self.example, self.look, self.hides

    def choose(self, bar: int) -> Self:
        """Take hold of another bar: what is done to it counts from here."""
        bar = min(max(bar, 0), self.count - 1)
        return self if bar == self.chosen else self.replace(chosen=bar, at_first=self.now)

    def pull(self, score: float) -> Self:
        """Pull the chosen score to a height, within reach."""
        low, high = self.reach
        scores = list(self.now)
        scores[self.chosen] = round(min(max(score, low), high), 3)
        return self.replace(pulled=tuple(scores), at_first=self.before)
