"""Wiring: the same digit through dense, convolutional and recurrent wiring, and through the same with its pixels shuffled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.fully_connected import hand, picture, words
from dlcourse.widgets.fully_connected.numbers import WiringResult
from dlcourse.widgets.fully_connected.state import WiringState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Wiring"]


@dataclass(frozen=True, eq=False)
class Wiring(WiringState):
    """A digit, the units of a network's first layer, and what each of them is linked to.

    Parameters
    ----------
    model : Sequential, optional
        Your own network for digits (N, 8, 8, 1); its first layer with weights is Dense, Conv2D or recurrent.
    image : array, shape (8, 8), optional
        Your own digit, from 0 to 1; squares of 16, 24 … pixels are averaged down. It becomes digit 0.

    Examples
    --------
    >>> result = Wiring(wiring="convolutional").compute()
    >>> result.formula, result.counted, result.links.shared
    ('3 · 3 · 1 · 16 + 16', 160, 36)
    """

    title: ClassVar[str] = "Wiring"
    size: ClassVar[tuple[float, float]] = (7.2, 4.1)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.3)

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: WiringResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: WiringResult) -> str:
        return words.describe(self, result)

    def caption(self, result: WiringResult) -> str:
        return words.caption(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: WiringResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
