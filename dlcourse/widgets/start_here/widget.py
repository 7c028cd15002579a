"""DigitPad, the widget of lesson 00: a pad to draw digits on, read by a network that the learner trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.start_here import hand, picture, words
from dlcourse.widgets.start_here.numbers import DigitPadResult
from dlcourse.widgets.start_here.state import PadState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["DigitPad"]


@dataclass(frozen=True, eq=False)
class DigitPad(PadState):
    """Draw a digit; a network that you trained says what it sees.

    Parameters
    ----------
    model : callable
        From images (N, 8, 8, 1) to logits, or probabilities, (N, 10): a trained model, or any function of yours.
    examples : Dataset, optional
        Where the real digits come from, `dl.data.digits()` if None.
    """

    title: ClassVar[str] = "Digit pad"
    size: ClassVar[tuple[float, float]] = (7.2, 3.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (3.8, 5.9)

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: DigitPadResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: DigitPadResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: DigitPadResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def adds(self, event: Pointer) -> bool:
        return hand.adds(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
