"""The state of `WhyItWorks`: two networks, a picture that can be inked, specks of dust, a cover, and which map is shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live.own import as_it_is_now
from dlcourse.live.widget import Widget, action, choice, slider, state, toggle
from dlcourse.widgets.it_works_why import numbers
from dlcourse.widgets.it_works_why.networks import DIGITS, NETWORKS, network_of, picture_of, specked, validation
from dlcourse.widgets.it_works_why.numbers import MAPS, Map, WhyResult

__all__ = ["WhyState"]

Inked = tuple[tuple[int, int, float], ...]


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
class WhyState(Widget):
    """Fields, controls and numbers; `WhyItWorks` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"model": "left", "picture": "example"}

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
    """Row, column and value of pixels that were changed by hand."""
    model: Callable[..., Any] | None = state(None)
    picture: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None:
            own = as_it_is_now(self.model, owner="WhyItWorks", check=lambda model: numbers.check(model, "WhyItWorks"))
            object.__setattr__(self, "model", own)
        if self.picture is not None:
            object.__setattr__(self, "picture", numbers.picture_of(self.picture))

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; another picture or another speck takes away what was inked."""
        if any(changes.get(name, getattr(self, name)) != getattr(self, name) for name in ("example", "which", "speck")):
            changes.setdefault("inked", ())
        return super().replace(**changes)

    def background(self) -> Hashable:
        return self.left, self.right, self.how, self.wide if self.how == "cover" else 0, self.strength, self.hides

    def idle_controls(self) -> Collection[str]:
        """The cover has a size where there is one, and only digits of the data set have numbers."""
        idle = [] if self.how == "cover" else ["wide"]
        if self.example not in DIGITS:
            idle.append("which")
        if self.example == "empty" and not self.inked and self.speck in ("its own", "none", "the next"):
            idle.append("clear")
        return idle

    @property
    def names(self) -> tuple[str, str]:
        """The networks on the left and on the right."""
        return self.left, self.right

    def network(self, name: str) -> Callable[..., Any]:
        """One of ours, or the learner's; A where none was given."""
        if name == "yours":
            return self.model or network_of("A")
        return network_of(name)

    @property
    def clean(self) -> Array:
        """The picture without a speck, (8, 8, 1)."""
        return picture_of(self.example, self.which, self.picture)

    @property
    def image(self) -> Array:
        """The picture with its speck and with what was inked, (8, 8, 1); what is no digit has no tray of its own."""
        image = self.clean
        if self.example in DIGITS or self.speck in DIGITS:
            trays = trays_of(np.array([int(self.example) if self.example in DIGITS else 0]), self.speck)
            image = image if trays is None else specked(image[None], trays)[0]
        image = image.copy()
        for i, j, value in self.inked:
            image[i, j] = value
        return np.asarray(image)

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

    def ink(self, i: int, j: int, value: float) -> Self:
        """Give one pixel a value by hand."""
        rest = tuple(one for one in self.inked if one[:2] != (i, j))
        return self.replace(inked=(*rest, (i, j, value)), at=(i, j))

    @action("Clear")
    def clear(self) -> Self:
        """An empty picture to ink."""
        return self if "clear" in self.idle_controls() else self.replace(example="empty", speck="none", inked=())
