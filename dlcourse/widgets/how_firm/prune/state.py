"""The state of `Prune`: the network, how many of its neurons are gone and in which order, and the picture it is asked about."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from dlcourse.live.own import as_it_is_now
from dlcourse.live.widget import action, choice, slider, state
from dlcourse.widgets.how_firm.prune import numbers
from dlcourse.widgets.how_firm.prune.numbers import MOST, ORDERS, PruneResult
from dlcourse.widgets.it_works_why.drawing import DrawnState, Inked
from dlcourse.widgets.it_works_why.networks import DIGITS, asked
from dlcourse.widgets.it_works_why.numbers import shares_of

__all__ = ["PruneState"]


@dataclass(frozen=True, eq=False)
class PruneState(DrawnState):
    """Fields, controls and numbers; `Prune` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"model": "network", "picture": "example"}

    gone: int = slider(0, 0, MOST, label="neurons removed")
    order: str = choice(ORDERS[0], ORDERS, label="in which order")
    network: str = choice("A", ("A", "by heart", "yours"), label="network")
    example: str = choice("7", (*DIGITS, "an E", "empty", "yours"), label="picture")
    which: int = slider(1, 1, 20, label="which of its kind", advanced=True)
    at: tuple[int, int] = state((3, 3))
    inked: Inked = state(())
    draw_number: int = state(0)
    model: Callable[..., Any] | None = state(None)
    picture: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None:
            own = as_it_is_now(self.model, owner="Prune", check=numbers.check)
            object.__setattr__(self, "model", own)
        object.__setattr__(self, "gone", min(self.gone, self.count))

    @property
    def shown(self) -> Any:
        """The network that is asked; A where the learner has given none."""
        return asked(self.network, self.model)

    @property
    def count(self) -> int:
        """How many neurons there are before the last layer."""
        return len(numbers.size_of(self.shown))

    @property
    def by_heart(self) -> bool:
        """Whether its 300 labels by lot are asked for, and not unseen digits."""
        return self.network == "by heart"

    def compute(self) -> PruneResult:
        model, image = self.shown, self.image
        size = numbers.size_of(model)
        gone = numbers.order_of(size, self.order, self.draw_number)[: self.gone]
        left = numbers.scores_left(model, image[None], gone)
        draws = [self.draw_number if how == "by chance" else 0 for how in ORDERS]
        return PruneResult(
            picture=image,
            shares=shares_of(numbers.scores_left(model, image[None], gone[:0]))[0],
            shares_left=shares_of(left)[0],
            gone=gone,
            size=size,
            now=float(numbers.known(model, self.by_heart, self.order, self.draw_number)[self.gone]),
            right=np.array([numbers.known(model, self.by_heart, how, n) for how, n in zip(ORDERS, draws, strict=True)]),
        )

    def slider_ends(self) -> Mapping[str, tuple[float, float]]:
        """As many as there are."""
        return {"gone": (0, self.count)}

    def idle_controls(self) -> tuple[str, ...]:
        """Only digits of the data set have numbers."""
        return (*(() if self.example in DIGITS else ("which",)), *(("clear",) if self.is_empty else ()))

    def can_step(self) -> bool:
        """Whether a neuron is left."""
        return self.gone < self.count

    def step(self) -> Self:
        """One neuron less."""
        return self.replace(gone=self.gone + 1) if self.can_step() else self

    @action("Other chance")
    def draw_again(self) -> Self:
        """Another order by chance."""
        return self.replace(draw_number=self.draw_number + 1)

    def background(self) -> Hashable:
        return self.count
