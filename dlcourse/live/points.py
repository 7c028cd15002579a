"""Points that a hand adds, drags and deletes: the same in every widget that has points of the learner's own.

A widget makes an `Editor` of its state, asks it what a pointer event or a key makes of it, and takes over what is new::

    editor = Editor(state.shown, state.selected, state.limits)
    editor.near(at)                 # the point under the pointer, or None
    editor.moved(at)                # an editor with the selected point there; itself where nothing happened

Like a widget, an editor is frozen: each method returns another one, or the same where nothing happened.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar, cast

from dlcourse.live.widget import ARROWS

__all__ = ["Editor", "View"]

Row = TypeVar("Row", bound=tuple[Any, ...])
View = tuple[float, float, float, float]
"""Left, right, bottom and top of a plane."""


@dataclass(frozen=True, eq=False)
class Editor(Generic[Row]):
    """Points in a plane, one of them selected, and what a hand can do with them.

    Parameters
    ----------
    points : tuple of tuples
        Each begins with x and y; what follows marks the point: its class, whether it is seen.
    selected : int
        The point that keys act on; any number that is not an index means none.
    view : tuple of float
        Left, right, bottom and top: no point leaves it.
    reach : float
        How near the pointer must come to take a point, as a share of the view's width and height.
    step : float
        How far an arrow key goes, as a share of the view's width and height.
    digits : tuple of int
        Decimals of x and y.

    Examples
    --------
    >>> editor = Editor(((0.0, 0.0, 1),), 0, (-1, 1, -1, 1))
    >>> editor.added((0.5, 0.25), 0).pressed("ArrowUp").points
    ((0.0, 0.0, 1), (0.5, 0.3, 0))
    >>> editor.near((0.05, 0.0)), editor.near((0.5, 0.5))
    (0, None)
    """

    points: tuple[Row, ...]
    selected: int
    view: View
    reach: float = 0.045
    step: float = 0.025
    digits: tuple[int, int] = (3, 3)

    @property
    def row(self) -> Row | None:
        """The selected point."""
        return self.points[self.selected] if 0 <= self.selected < len(self.points) else None

    @property
    def middle(self) -> tuple[float, float]:
        """Where a point appears that is added by a key."""
        left, right, bottom, top = self.view
        return (left + right) / 2, (bottom + top) / 2

    def near(self, at: tuple[float, float]) -> int | None:
        """The point that is nearest to a place, if it is within reach."""
        left, right, bottom, top = self.view
        apart = [
            math.hypot((row[0] - at[0]) / (right - left), (row[1] - at[1]) / (top - bottom)) for row in self.points
        ]
        nearest = min(range(len(apart)), key=apart.__getitem__, default=None)
        return nearest if nearest is not None and apart[nearest] < self.reach else None

    def inside(self, at: tuple[float, float]) -> tuple[float, float]:
        """A place as it is written down: rounded, and within the view."""
        left, right, bottom, top = self.view
        x, y = min(max(at[0], left), right), min(max(at[1], bottom), top)
        return round(x, self.digits[0]), round(y, self.digits[1])

    def picked(self, selected: int | None) -> Self:
        """With another point selected; None leaves the one that is."""
        return self if selected is None or selected == self.selected else replace(self, selected=selected)

    def added(self, at: tuple[float, float], *marks: Any) -> Self:
        """With one more point, which is selected."""
        row = cast(Row, (*self.inside(at), *marks))
        return replace(self, points=(*self.points, row), selected=len(self.points))

    def moved(self, at: tuple[float, float]) -> Self:
        """With the selected point elsewhere."""
        row, place = self.row, self.inside(at)
        return self if row is None or place == row[:2] else self._with(cast(Row, (*place, *row[2:])))

    def marked(self, *marks: Any) -> Self:
        """With other marks on the selected point."""
        row = self.row
        return self if row is None else self._with(cast(Row, (*row[:2], *marks)))

    def removed(self) -> Self:
        """Without the selected point; the next one is selected then, or the last."""
        if self.row is None:
            return self
        left = (*self.points[: self.selected], *self.points[self.selected + 1 :])
        return replace(self, points=left, selected=min(self.selected, len(left) - 1))

    def pressed(self, key: str) -> Self:
        """After a key: n and p select the next point and the one before, arrows move it, Delete takes it away."""
        if key in ("n", "p") and self.points:
            by = 1 if key == "n" else -1
            return self.picked((max(self.selected, -1 if by > 0 else 0) + by) % len(self.points))
        if key in ("Delete", "Backspace"):
            return self.removed()
        if key in ARROWS and self.row is not None:
            (right, up), (x, y) = ARROWS[key], self.row[:2]
            across, high = self.view[1] - self.view[0], self.view[3] - self.view[2]
            return self.moved((x + self.step * right * across, y + self.step * up * high))
        return self

    def _with(self, row: Row) -> Self:
        return replace(self, points=(*self.points[: self.selected], row, *self.points[self.selected + 1 :]))
