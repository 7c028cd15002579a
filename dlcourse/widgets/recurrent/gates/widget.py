"""Gates: the inside of an LSTM or a GRU while it reads, with every number in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.recurrent.gates import hand, picture, words
from dlcourse.widgets.recurrent.gates.numbers import GatesResult
from dlcourse.widgets.recurrent.gates.state import GatesState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Gates"]


@dataclass(frozen=True, eq=False)
class Gates(GatesState):
    """A gated cell with fresh weights reads a word again and again; drawn after Olah, “Understanding LSTM Networks” (2015).

    Parameters
    ----------
    word : str
        Letters a to z.

    Examples
    --------
    >>> result = Gates(cell="GRU", keep=5.0).compute()
    >>> bool(abs(result.after[-1]).max() < 0.04)
    True
    """

    title: ClassVar[str] = "Gates"
    size: ClassVar[tuple[float, float]] = (7.2, 4.45)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 4.65)
    smallest_scale: ClassVar[float] = 0.6
    steps_per_second: ClassVar[float] = 3.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: GatesResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: GatesResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: GatesResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
