"""The state of `WhyItWorks`: two networks, a picture that can be inked, specks of dust, a cover, and which map is shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live.own import as_it_is_now, ten_scores
from dlcourse.live.widget import action, choice, slider, state, toggle
from dlcourse.widgets.it_works_why import numbers
from dlcourse.widgets.it_works_why.drawing import DrawnState, Inked
from dlcourse.widgets.it_works_why.networks import DIGITS, NETWORKS, asked, specked, validation
from dlcourse.widgets.it_works_why.numbers import MAPS, Map, WhyResult

__all__ = ["WhyState"]


def trays_of(labels: Array, speck: str) -> Array | None:
    """The trays that digits of these classes are taken to come from; None for clean ones."""
    if speck == "none":
        return None
    return np.full(len(labels), int(speck)) if speck in DIGITS else (labels + (speck == "the next")) % 10


@lru_cache(maxsize=64)
def reads_of(model: Callable[..., Any], speck: str) -> float:
    """Share of the 360 digits that a network reads, with such specks."""
    data = validation()
    trays = trays_of(data.y, speck)
    pictures = data.x if trays is None else specked(data.x, trays)
    return float((numbers.shares(model, pictures).argmax(axis=1) == data.y).mean())


@dataclass(frozen=True, eq=False)
class WhyState(DrawnState):
    """Fields, controls and numbers; `WhyItWorks` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"model": "left", "picture": "example"}
    makes_the_picture: ClassVar[tuple[str, ...]] = ("example", "which", "speck")

    left: str = choice("A", (*NETWORKS, "yours"), label="left")
    right: str = choice("B", NETWORKS, label="right")
    how: str = choice("cover", MAPS, label="map")
    wide: int = slider(1, 1, 3, label="cover, pixels wide")
    strength: bool = toggle(False, label="strength only")
    example: str = choice("7", (*DIGITS, "an E", "empty", "yours"), label="picture")
    which: int = slider(1, 1, 20, label="which of its kind", advanced=True)
    speck: str = choice("its own", ("its own", "none", "the next", *DIGITS), label="speck")
    at: tuple[int, int] = state((3, 3))
    inked: Inked = state(())
    model: Callable[..., Any] | None = state(None)
    picture: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None:
            own = as_it_is_now(self.model, owner="WhyItWorks", check=lambda model: ten_scores(model, "WhyItWorks"))
            object.__setattr__(self, "model", own)

    def idle_controls(self) -> Collection[str]:
        """The cover has a size where there is one, and only digits of the data set have numbers."""
        idle = [] if self.how == "cover" else ["wide"]
        if self.example not in DIGITS:
            idle.append("which")
        if self.is_empty:
            idle.append("clear")
        return idle

    @property
    def names(self) -> tuple[str, str]:
        """The networks on the left and on the right."""
        return self.left, self.right

    def network(self, name: str) -> Callable[..., Any]:
        """One of ours, or the learner's; A where none was given."""
        return asked(name, self.model)

    @property
    def is_empty(self) -> bool:
        """Whether nothing could be cleared away: no ink, and no speck."""
        return super().is_empty and self.speck not in DIGITS

    @property
    def clean(self) -> Array:
        """The picture with its speck, (8, 8, 1); what is no digit has no tray of its own."""
        image = super().clean
        if self.example not in DIGITS and self.speck not in DIGITS:
            return image
        trays = trays_of(np.array([int(self.example) if self.example in DIGITS else 0]), self.speck)
        return image if trays is None else np.asarray(specked(image[None], trays)[0])

    def compute(self) -> WhyResult:
        image = self.image
        under = numbers.covered(image, *self.at, self.wide)
        maps = []
        for name in self.names:
            model = self.network(name)
            whole, part = numbers.shares(model, np.stack([image, under]))
            worth = numbers.map_of(model, self.how, image, self.wide)
            maps.append(Map(whole, part, worth, reads_of(model, self.speck)))
        shown = [np.abs(one.worth) if self.strength else one.worth for one in maps]
        return WhyResult(picture=image, maps=(maps[0], maps[1]), alike=numbers.likeness(*shown))

    @action("Clear")
    def clear(self) -> Self:
        """An empty picture to ink, without a speck."""
        return self if self.is_empty else self.replace(example="empty", speck="none", inked=())
