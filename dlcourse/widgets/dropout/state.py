"""The state of `DropoutMasks`: the picture, what is dropped where, and how many masks have been drawn."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dlcourse.live.widget import Widget, action, choice, slider, state, toggle
from dlcourse.widgets.dropout.networks import EXAMPLES, picture_of
from dlcourse.widgets.dropout.numbers import MOST, DropoutResult, asked, own_picture, score_ends

__all__ = ["DropoutState"]

REACHES = (5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
"""Ends of the axis of scores."""


@dataclass(frozen=True, eq=False)
class DropoutState(Widget):
    """Fields, controls and numbers; `DropoutMasks` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"picture": "example"}

    example: str = choice("a 7", (*EXAMPLES, "yours"), label="picture")
    p: float = slider(0.5, 0.0, 0.9, step=0.1, label="p of the hidden units")
    p_pixels: float = slider(0.0, 0.0, 0.9, step=0.1, label="p of the pixels")
    divided: bool = toggle(True, label="kept ones divided by 1 − p")
    look: str = choice("scores", ("scores", "shares"), label="compare")
    n: int = slider(1, 1, MOST, label="masks drawn")
    seed: int = state(0)
    picture: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.picture is not None:
            object.__setattr__(self, "picture", own_picture(self.picture))

    @property
    def shown(self) -> tuple[float, ...]:
        """The picture that the networks are asked about, 64 numbers."""
        if self.example == "yours":
            return self.picture or picture_of("a 7")
        return picture_of(self.example)

    @property
    def drops(self) -> bool:
        """Whether anything is dropped."""
        return self.p > 0 or self.p_pixels > 0

    def asked(self, n: int) -> DropoutResult:
        """What the first n masks say."""
        return asked(
            self.shown, p_pixels=self.p_pixels, p=self.p, divided=self.divided, seed=self.seed, n=n, shares=self.look == "shares"
        )  # fmt: skip

    def compute(self) -> DropoutResult:
        return self.asked(self.n)

    @property
    def _ends(self) -> tuple[float, float, float]:
        return score_ends(self.shown, self.p_pixels, self.p, self.divided, self.seed)

    @property
    def reach(self) -> float:
        """The axis of values ends at ± this, or at 1 for shares."""
        if self.look == "shares":
            return 1.0
        return next((reach for reach in REACHES if reach > self._ends[0]), REACHES[-1])

    @property
    def course_ends(self) -> tuple[float, float]:
        """Ends of the axis of the mean of scores: even numbers beyond all that it goes through."""
        _, low, high = self._ends
        return 2.0 * math.floor(low / 2), 2.0 * math.floor(high / 2 + 1)

    def background(self) -> Hashable:
        return self.look, self.answer  # the axes of scores are moved, not drawn again

    @property
    def answer(self) -> int:
        """What the full network says."""
        return self.asked(1).answer

    def can_step(self) -> bool:
        """Whether another mask changes anything."""
        return self.drops and self.n < MOST

    def step(self) -> Self:
        """One more mask; from 20 on a few more at once."""
        return self.replace(n=min(self.n + max(1, self.n // 20), MOST)) if self.can_step() else self

    @action("New masks")
    def draw_anew(self) -> Self:
        """Other masks."""
        return self.replace(seed=self.seed + 1) if self.drops else self

    def idle_controls(self) -> tuple[str, ...]:
        """Where nothing is dropped, all masks are the same."""
        return () if self.drops else ("draw_anew", "divided", "n")
