"""NameWriter: a recurrent network learns from real names which letter comes next, and writes names of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.writing_names import hand, picture, words
from dlcourse.widgets.writing_names.numbers import NamesResult
from dlcourse.widgets.writing_names.state import NamesState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["NameWriter"]


@dataclass(frozen=True, eq=False)
class NameWriter(NamesState):
    """Train on names, then write new ones, cold or hot.

    Parameters
    ----------
    names : sequence of str, optional
        Your own, of the letters a to z, at least ten; they are used with ``words="yours"``.
    unseen : sequence of str, optional
        Names kept for measuring; a tenth of the names unless given.
    model : Module, optional
        Your own, as it is now, from one-hot letters (N, T, 27) to logits (N, T, 27). It writes with ``cell="yours"``, and
        Play trains a copy of it further.

    Examples
    --------
    >>> writer = NameWriter(words="elements")
    >>> len(writer.compute().names)
    12
    """

    title: ClassVar[str] = "Name writer"
    size: ClassVar[tuple[float, float]] = (7.2, 4.0)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.1)
    steps_per_second: ClassVar[float] = 5.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: NamesResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: NamesResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: NamesResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
