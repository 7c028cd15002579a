"""Translate: stack layers, and read the same network in the words of three other libraries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.beyond import hand, picture, words
from dlcourse.widgets.beyond.numbers import TranslateResult
from dlcourse.widgets.beyond.state import TranslateState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Translate"]


@dataclass(frozen=True, eq=False)
class Translate(TranslateState):
    """A stack of layers that can be added, removed and moved; its programs in PyTorch, Keras and JAX; and every array in each.

    Parameters
    ----------
    model : Module, optional
        Your own, made of the layers and activations of the course. It is shown as it is.
    input_shape : tuple of int, optional
        Shape of one example for it; that of its last batch unless given.

    Examples
    --------
    >>> dense = Translate(chosen=1).compute().rows[0]
    >>> dense.ours.shape, dense.pytorch.shape, dense.keras.shape
    ((64, 128), (128, 64), (64, 128))
    """

    title: ClassVar[str] = "Translate"
    size: ClassVar[tuple[float, float]] = (7.56, 6.62)
    narrow_size: ClassVar[tuple[float, float] | None] = (3.6, 9.22)
    smallest_scale: ClassVar[float] = 0.6

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: TranslateResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: TranslateResult) -> str:
        return words.describe(self, result)

    def caption(self, result: TranslateResult) -> str:
        return words.caption(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: TranslateResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
