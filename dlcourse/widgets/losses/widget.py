"""LossExplorer: losses side by side, what each pushes with, and where a score goes when it is pushed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.losses import hand, picture, words
from dlcourse.widgets.losses.numbers import LossResult
from dlcourse.widgets.losses.state import LossState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["LossExplorer"]


@dataclass(frozen=True, eq=False)
class LossExplorer(LossState):
    """One score, one question that is answered by yes or no, and six losses that judge the answer.

    Hinge and the cross-entropies judge the score itself, the other three the probability that a sigmoid makes of it. A truth
    of 0.9 stands for many examples, of which 9 in 10 are yes. Play goes down the slope with steps of rate 1.

    Parameters
    ----------
    function : callable, optional
        Your own loss: (scores (N,), truths (N,) of 0 and 1) -> one number, the mean, written with operations of dlcourse.

    Examples
    --------
    >>> ours, theirs = LossExplorer(x=-6.0, truth=1.0).compute().chosen
    >>> round(float(ours.row.at_score / theirs.row.at_score))
    203
    """

    title: ClassVar[str] = "Loss explorer"
    size: ClassVar[tuple[float, float]] = (7.2, 4.4)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.4)
    steps_per_second: ClassVar[float] = 25.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: LossResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: LossResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: LossResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
