"""Regularize: a polynomial that may be too simple, just right or learned by rote, and penalties that hold it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.regularization import hand, picture, words
from dlcourse.widgets.regularization.numbers import RegularizeResult
from dlcourse.widgets.regularization.state import RegularizeState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Regularize"]


@dataclass(frozen=True, eq=False)
class Regularize(RegularizeState):
    """A polynomial through few noisy points: choose degree, penalty and λ, and watch both errors and every weight.

    Parameters
    ----------
    points : array, shape (N, 2), optional
        Your own x and y, at least 9; of each three the last is kept unseen, and x is brought to −1 … 1.

    Examples
    --------
    >>> plain, held = Regularize(degree=14).compute(), Regularize(degree=14, penalty="L2").compute()
    >>> bool(plain.unseen_error > 1e6), round(held.unseen_error, 2)
    (True, 0.11)
    >>> Regularize(degree=14, penalty="L1").compute().zeros
    11
    """

    title: ClassVar[str] = "Regularize"
    size: ClassVar[tuple[float, float]] = (7.2, 4.4)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.6)
    smallest_scale: ClassVar[float] = 0.6
    steps_per_second: ClassVar[float] = 6.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: RegularizeResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: RegularizeResult) -> str:
        return words.describe(self, result)

    def caption(self, result: RegularizeResult) -> str:
        return words.caption(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: RegularizeResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
