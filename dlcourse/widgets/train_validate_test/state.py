"""The state of `PeekCounter`: what was chosen and moved, the result it leads to, and the next step."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

from dlcourse.live.widget import Widget, action, choice, slider, state, toggle
from dlcourse.widgets.train_validate_test.numbers import DEALS, LARGEST, MODELS, PARTS, PeekResult, check, peek

__all__ = ["PeekState"]


@dataclass(frozen=True, eq=False)
class PeekState(Widget):
    """Fields, controls and numbers; `PeekCounter` adds picture, words and hand."""

    labels: str = choice("tumours", ("tumours", "coin flips"), label="labels")
    look: str = choice("validation", ("validation", "test"), label="choose by")
    peeks: int = slider(1, 1, MODELS, label="peeks")
    examples: int = slider(40, 20, LARGEST, step=5, label="examples in each part")
    tomorrow: bool = toggle(False, label="show tomorrow's data")
    deal: int = state(0)
    data: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.data is not None:
            check(self.data)

    @property
    def coin_flips(self) -> bool:
        """Whether there is nothing to learn."""
        return self.labels == "coin flips"

    @property
    def other(self) -> str:
        """The part that had no say in the choice."""
        return "test" if self.look == "validation" else "validation"

    @property
    def shown(self) -> tuple[str, ...]:
        """The parts in the picture."""
        return PARTS if self.tomorrow else PARTS[:2]

    def compute(self) -> PeekResult:
        return peek(self.data, coin_flips=self.coin_flips, chooses=self.look, examples=self.examples)

    def background(self) -> Hashable:
        return (self.look, self.labels, self.tomorrow)

    def can_step(self) -> bool:
        """Whether there is one more model."""
        return self.peeks < MODELS

    def step(self) -> Self:
        """One more model is tried and looked at."""
        return self.replace(peeks=self.peeks + 1) if self.can_step() else self

    @action("Deal again")
    def deal_again(self) -> Self:
        """Shuffle the data anew."""
        return self.replace(deal=(self.deal + 1) % DEALS)
