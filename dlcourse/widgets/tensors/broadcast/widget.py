"""Broadcast: how two shapes are brought together, and which axis forbids it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.tensors.broadcast import hand, picture, words
from dlcourse.widgets.tensors.broadcast.numbers import BroadcastResult
from dlcourse.widgets.tensors.broadcast.state import BroadcastState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Broadcast"]


@dataclass(frozen=True, eq=False)
class Broadcast(BroadcastState):
    """Guess the shape of a sum, then see the cells of two arrays stretched, or the axis that forbids it.

    Parameters
    ----------
    a, b : tuple of int, or str
        Any two shapes of up to five axes.

    Examples
    --------
    >>> Broadcast(a=(5, 1, 2), b=(6, 1)).compute().shape
    (5, 6, 2)
    """

    title: ClassVar[str] = "Broadcast"
    size: ClassVar[tuple[float, float]] = (7.2, 4.3)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.6)
    smallest_scale: ClassVar[float] = 0.6

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: BroadcastResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: BroadcastResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: BroadcastResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
