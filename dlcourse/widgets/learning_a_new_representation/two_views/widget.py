"""TwoViews: the same unseen digits as pixels and as a hidden layer says them, seen from the same kind of side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from dlcourse.widgets.learning_a_new_representation.two_views import picture, words
from dlcourse.widgets.learning_a_new_representation.two_views.numbers import ViewsResult
from dlcourse.widgets.learning_a_new_representation.two_views.state import ViewsState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["TwoViews"]


@dataclass(frozen=True, eq=False)
class TwoViews(ViewsState):
    """Unseen digits as pixels, and as a layer of a network says them.

    Parameters
    ----------
    model : Sequential, optional
        Your own network, as it is now, with at least one hidden layer. Play trains a copy of it further.
    train, unseen : Dataset, optional
        What it learns from and what it is asked about; 1258 and 359 digits unless given.

    Examples
    --------
    >>> result = TwoViews(epochs=20).compute()
    >>> result.raw.size, result.layer.size, result.layer.all_right > result.raw.all_right
    (64, 16, True)
    """

    title: ClassVar[str] = "Two views"
    size: ClassVar[tuple[float, float]] = (7.2, 4.2)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 8.4)
    steps_per_second: ClassVar[float] = 6.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: ViewsResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: ViewsResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: ViewsResult) -> dict[str, Any]:
        return words.code_results(self, result)
