"""The state of `Paths`, and what it shares with `Derivation`: one weight, one output, and the size of a difference."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Self

from dlcourse.live.widget import action, slider, state
from dlcourse.widgets.chain.state import WeightState
from dlcourse.widgets.when_things_get_intense.numbers import PathsResult, followed

__all__ = ["FollowedState", "PathsState"]


@dataclass(frozen=True, eq=False)
class FollowedState(WeightState):
    """A weight whose influence on an output is followed."""

    h: float = slider(1e-3, 1e-9, 1.0, step=0.1, log=True, label="h")

    def compute(self) -> PathsResult:
        return followed(
            self.sizes, self.activation, self.seed, self.model, self.edits, tuple(map(float, self.example)),
            self.place, self.end, self.h,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class PathsState(FollowedState):
    """Fields, controls and numbers; `Paths` adds picture, words and hand."""

    shown: int = state(0)

    @property
    def last(self) -> int:
        """How far Step goes: to the last path."""
        paths = self.compute().paths
        return len(paths) if paths else 0

    @property
    def reached(self) -> int:
        """How many paths have been shown."""
        return min(self.shown, self.last)

    def can_step(self) -> bool:
        """Whether there is another path."""
        return not self.hides and self.shown < self.last

    def step(self) -> Self:
        """The next path; several at once, where there are very many."""
        return self.replace(shown=min(self.shown + max(1, self.last // 64), self.last)) if self.can_step() else self

    @action("New weights")
    def shuffle(self) -> Self:
        """Draw other weights, and follow the paths anew."""
        return self if self.model is not None else self.replace(seed=self.seed + 1, turned=(), shown=0)

    def choose(self, layer: int, j: int, i: int) -> Self:
        """Take another weight, counted from 0; the paths are followed anew."""
        chosen = super().choose(layer, j, i)
        return self if chosen is self else chosen.replace(shown=0)

    def look_at(self, output: int) -> Self:
        """Take another output, counted from 0; the paths are followed anew."""
        chosen = super().look_at(output)
        return self if chosen is self else chosen.replace(shown=0)

    def background(self) -> Hashable:
        return self.hides
