"""What the widgets of lessons 23 and 23b with a picture to draw in have in common: which picture it is, and what was inked."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from dlcourse.arrays import Array
from dlcourse.live.widget import Widget, action
from dlcourse.widgets.it_works_why import numbers
from dlcourse.widgets.it_works_why.networks import picture_of

__all__ = ["DrawnState", "Inked"]

Inked = tuple[tuple[int, int, float], ...]
"""Row, column and value of pixels that were changed by hand."""


class DrawnState(Widget):
    """A picture that can be inked; the subclass has these fields, each in the place that it wants among its controls."""

    makes_the_picture: ClassVar[tuple[str, ...]] = ("example", "which")
    """Another value of one of these fields is another picture, and takes away what was inked."""

    example: str
    which: int
    inked: Inked
    at: tuple[int, int]
    """Row and column of the pixel that keys ink."""
    picture: Any

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.picture is not None:
            object.__setattr__(self, "picture", numbers.picture_of(self.picture))

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed, without what was inked if it shows another picture."""
        if any(changes.get(name, getattr(self, name)) != getattr(self, name) for name in self.makes_the_picture):
            changes.setdefault("inked", ())
        return super().replace(**changes)

    @property
    def clean(self) -> Array:
        """The picture before anything was inked, (8, 8, 1)."""
        return picture_of(self.example, self.which, self.picture)

    @property
    def image(self) -> Array:
        """The picture with what was inked, (8, 8, 1)."""
        image = self.clean.copy()
        for i, j, value in self.inked:
            image[i, j] = value
        return image

    def ink(self, i: int, j: int, value: float) -> Self:
        """Give one pixel a value by hand."""
        rest = tuple(one for one in self.inked if one[:2] != (i, j))
        return self.replace(inked=(*rest, (i, j, value)), at=(i, j))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in the picture that could be cleared away."""
        return self.example == "empty" and not self.inked

    @action("Clear")
    def clear(self) -> Self:
        """An empty picture to ink."""
        return self if self.is_empty else self.replace(example="empty", inked=())

    @property
    def kind(self) -> str:
        """How a sentence calls the picture."""
        kind = {"an E": "An E", "empty": "An empty picture", "yours": "Your picture"}.get(
            self.example, f"A {self.example} (number {self.which})"
        )
        if self.example == "yours" and self.picture is None:
            kind = f"An empty picture (give yours: {type(self).__name__}(picture=…))"
        return kind

    @property
    def changed(self) -> str:
        """What a sentence says of what was inked."""
        return f", {len(self.inked)} of its pixels changed by hand" if self.inked else ""
