"""FitAFunction: examples, a few learners, and the error on points that none of them has seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.supervised_learning import hand, picture, words
from dlcourse.widgets.supervised_learning.numbers import FitResult
from dlcourse.widgets.supervised_learning.state import FitState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FitAFunction"]


@dataclass(frozen=True, eq=False)
class FitAFunction(FitState):
    """Some points are seen, some are not. Each learner chooses a function from the seen ones.

    Parameters
    ----------
    points : array, shape (N, 2) or (N, 3), optional
        Your own points, x and y, and in a third column 1 for a seen point and 0 for an unseen one. They are shown with
        ``data="yours"``.
    fit : callable, optional
        Your own learner: ``fit(x, y)`` takes examples of shape (N,) and returns a function from new x to answers. It
        stands in the list as "yours".

    Examples
    --------
    >>> result = FitAFunction(data="wave", examples=12).compute()
    >>> result.seen_errors["nearest neighbour"], result.unseen_errors["nearest neighbour"] > 0.1
    (0.0, True)
    """

    title: ClassVar[str] = "Fit a function"
    size: ClassVar[tuple[float, float]] = (7.2, 3.7)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.2)
    steps_per_second: ClassVar[float] = 5.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: FitResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: FitResult) -> str:
        return words.describe(self, result)

    def caption(self, result: FitResult) -> str:
        return words.caption(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: FitResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def adds(self, event: Pointer) -> bool:
        return hand.adds(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
