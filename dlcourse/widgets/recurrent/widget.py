"""Unroll: a word is read letter by letter, by the same weights at every step, and a nudge of the past is followed to the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.recurrent import hand, picture, words
from dlcourse.widgets.recurrent.numbers import UnrollResult
from dlcourse.widgets.recurrent.state import UnrollState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Unroll"]


@dataclass(frozen=True, eq=False)
class Unroll(UnrollState):
    """A recurrent network reads a word, repeated until `letters` letters are read.

    Parameters
    ----------
    word : str
        Letters a to z; in the live picture it can be typed.
    layer : SimpleRNN, GRU or LSTM, optional
        Your own, trained or not, with 27 inputs: the end mark and a to z. It is shown with ``cell="yours"``.

    Examples
    --------
    >>> left = Unroll(word="banana", letters=30, scale=0.9).compute().left["RNN"]
    >>> bool(left[30] < 1e-2)
    True
    """

    title: ClassVar[str] = "Unroll"
    size: ClassVar[tuple[float, float]] = (7.2, 4.6)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.2)
    smallest_scale: ClassVar[float] = 0.6
    steps_per_second: ClassVar[float] = 5.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: UnrollResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: UnrollResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: UnrollResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
