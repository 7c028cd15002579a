"""TensorExplorer: what indexing, reshaping and arithmetic do to a photograph. Two shapes alone: broadcast.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.tensors import hand, picture, words
from dlcourse.widgets.tensors.numbers import TensorResult
from dlcourse.widgets.tensors.state import TensorState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["TensorExplorer"]


@dataclass(frozen=True, eq=False)
class TensorExplorer(TensorState):
    """Guess the shape of an expression, then see it.

    Parameters
    ----------
    array : array, optional
        Your own, with at least two axes; a photograph of shape (427, 640, 3) otherwise.

    Examples
    --------
    >>> TensorExplorer(operation="pixels as rows").compute().answer
    (273280, 3)
    """

    title: ClassVar[str] = "Tensor explorer"
    size: ClassVar[tuple[float, float]] = (7.2, 3.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.8)

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: TensorResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: TensorResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: TensorResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
