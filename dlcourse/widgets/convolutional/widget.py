"""Convolution: lay a small kernel on every place of a photograph, and look at the arithmetic of one place at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.convolutional import hand, picture, words
from dlcourse.widgets.convolutional.numbers import ConvolutionResult
from dlcourse.widgets.convolutional.state import ConvolutionState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Convolution"]


@dataclass(frozen=True, eq=False)
class Convolution(ConvolutionState):
    """A kernel on a photograph.

    Parameters
    ----------
    image : array, shape (H, W) or (H, W, C), optional
        Your own picture, from 0 to 1 or in whole numbers to 255.
    kernel : array, shape (KH, KW), optional
        Your own kernel.

    Examples
    --------
    >>> result = Convolution(filter="blur", side=5, stride=2, padding="same").compute()
    >>> result.x.shape, result.y.shape
    ((106, 160), (53, 80))
    """

    title: ClassVar[str] = "Convolution"
    size: ClassVar[tuple[float, float]] = (7.2, 4.45)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.95)
    steps_per_second: ClassVar[float] = 30.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: ConvolutionResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: ConvolutionResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: ConvolutionResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
