"""The state of `EggCarton`: the carton, and how far the balls have rolled."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live.widget import Widget, action, slider, state, toggle
from dlcourse.widgets.egg_carton import balls
from dlcourse.widgets.egg_carton.numbers import EggResult, at_rest, has_equal_wells, measure

__all__ = ["EggState"]


@dataclass(frozen=True, eq=False)
class EggState(Widget):
    """Fields, controls and numbers; `EggCarton` adds picture, words and hand."""

    dimensions: float = slider(2.0, 1.0, 1e6, log=True, label="dimensions d")
    q: float = slider(0.67, 0.5, 0.8, step=0.01, label="q, the deep well's share of an axis")
    rest: bool = toggle(False, label="balls at rest")
    seed: int = state(0)
    rolling: tuple[Any, ...] = state(())
    """The carton in which the balls roll, (d, q, seed), and the number of their updates."""

    @property
    def d(self) -> int:
        """The number of dimensions."""
        return round(self.dimensions)

    @property
    def equal(self) -> bool:
        """Whether all wells are equally deep."""
        return has_equal_wells(self.q)

    @property
    def steps(self) -> int:
        """Updates since the balls were dropped; another carton drops them again."""
        return int(self.rolling[1]) if self.rolling and self.rolling[0] == (self.d, self.q, self.seed) else 0

    @property
    def places(self) -> Array:
        """Where the balls are, shape (balls, d)."""
        if self.rest:
            return at_rest(self.d, self.q, self.seed)
        return balls.rolled(self.d, self.q, self.seed, self.steps)

    def compute(self) -> EggResult:
        return measure(self.d, self.q, self.seed, self.places)

    def background(self) -> Hashable:
        return (self.d == 1, self.hides)

    def can_step(self) -> bool:
        """Whether the balls roll at all; whether they still do costs an update to find out."""
        return not self.rest

    def step(self) -> Self:
        """All balls roll one update further."""
        if self.rest:
            return self
        now, following = self.places, balls.rolled(self.d, self.q, self.seed, self.steps + 1)
        if float(np.abs(following - now).max()) < balls.REST:
            return self
        return self.replace(rolling=((self.d, self.q, self.seed), self.steps + 1))

    @action("Drop new balls")
    def drop(self) -> Self:
        """Other balls, and another sample of critical points."""
        return self.replace(seed=self.seed + 1, rolling=())
