"""The state of `Derivation`: which weight, how small a difference, right or as printed, and which line one has come to."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Self

from dlcourse.live.widget import slider, state, toggle
from dlcourse.widgets.when_things_get_intense.state import FollowedState

__all__ = ["LINES", "DerivationState"]

LINES = 8


@dataclass(frozen=True, eq=False)
class DerivationState(FollowedState):
    """Fields, controls and numbers; `Derivation` adds picture, words and hand."""

    depth: int = slider(1, 1, 10, label="hidden layers")
    printed: bool = toggle(False, label="as printed on the slide")
    shown: int = state(0)

    @property
    def as_slide(self) -> bool:
        """Whether the weight is one layer before the output, as on the slide."""
        return self.place[0] == len(self.sizes) - 3

    @property
    def with_slips(self) -> bool:
        """Whether the lines are those of the slide, slips and all."""
        return self.printed and self.as_slide

    def idle_controls(self) -> set[str]:
        """The slide has printed one case only."""
        return set() if self.as_slide else {"printed"}

    def can_step(self) -> bool:
        """Whether there is another line."""
        return not self.hides and self.shown < LINES

    def step(self) -> Self:
        """The next line."""
        return self.replace(shown=self.shown + 1) if self.can_step() else self

    def background(self) -> Hashable:
        return self.hides, self.place[0], self.as_slide, self.printed, self.sizes[self.place[0]]
