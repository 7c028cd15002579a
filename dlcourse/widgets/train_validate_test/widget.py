"""PeekCounter: choose the best of many models by looking at one part of the data, then meet fresh data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.train_validate_test import hand, picture, words
from dlcourse.widgets.train_validate_test.numbers import PeekResult
from dlcourse.widgets.train_validate_test.state import PeekState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PeekCounter"]


@dataclass(frozen=True, eq=False)
class PeekCounter(PeekState):
    """Try one model after another, keep the one that scores best, and count how often you have looked.

    Parameters
    ----------
    data : Dataset, optional
        Your own measurements, two classes, at least 320 examples. The tumours of `dl.data.breast_cancer()` otherwise.

    Examples
    --------
    >>> counter = PeekCounter(labels="coin flips", examples=20, peeks=128)
    >>> result = counter.compute()
    >>> bool(result.scores["validation"][:, 127].mean() > 0.65 > 0.55 > result.scores["tomorrow"][:, 127].mean())
    True
    """

    title: ClassVar[str] = "Peek counter"
    size: ClassVar[tuple[float, float]] = (7.2, 3.4)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.4)
    steps_per_second: ClassVar[float] = 15.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: PeekResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: PeekResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: PeekResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
