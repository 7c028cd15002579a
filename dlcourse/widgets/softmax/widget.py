"""SoftmaxBars: pull scores, and see what becomes of everybody's share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.softmax import hand, picture, words
from dlcourse.widgets.softmax.numbers import SoftmaxResult
from dlcourse.widgets.softmax.state import BarsState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["SoftmaxBars"]


@dataclass(frozen=True, eq=False)
class SoftmaxBars(BarsState):
    """Two to ten scores as bars that can be pulled, their shares by softmax, and the arithmetic or the Jacobian below.

    Parameters
    ----------
    scores : array, shape (K,), optional
        Your own, 2 to 10 of them.
    model : Module or callable, optional
        Your own network for digits, (N, 8, 8, 1) to (N, 10): the examples "a 7" and "an E" are read by it.

    Examples
    --------
    >>> import numpy as np
    >>> shares = SoftmaxBars().compute().shares
    >>> shares.round(3)
    array([0.644, 0.237, 0.087, 0.032], dtype=float32)
    >>> bool(np.allclose(SoftmaxBars(shift=100.0).compute().shares, shares, atol=1e-6))
    True
    """

    title: ClassVar[str] = "Softmax"
    size: ClassVar[tuple[float, float]] = (7.2, 5.2)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.4)
    smallest_scale: ClassVar[float] = 0.6

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: SoftmaxResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: SoftmaxResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: SoftmaxResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
