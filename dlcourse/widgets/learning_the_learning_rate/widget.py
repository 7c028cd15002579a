"""RateFinder: one run in which the learning rate rises, the rate that one chooses by it, and what that rate is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.learning_the_learning_rate import hand, picture, words
from dlcourse.widgets.learning_the_learning_rate.numbers import FinderResult
from dlcourse.widgets.learning_the_learning_rate.state import FinderState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["RateFinder"]


@dataclass(frozen=True, eq=False)
class RateFinder(FinderState):
    """The loss while the rate rises, a rate that you choose on it, and what a training with that rate leaves.

    The network is 64 → 32 → 10 with ReLU, on 1024 digits; every training has 96 updates with minibatches of 32.

    Parameters
    ----------
    model, data : Module and Dataset, optional
        Your own network and its training data, given together.
    loss : callable, optional
        (prediction, truth) -> scalar tensor, with your own; cross-entropy by default.

    Examples
    --------
    >>> result = RateFinder(optimizer="Adam").compute()
    >>> bool(0.001 < result.suggestion < result.lowest < 1)
    True
    """

    title: ClassVar[str] = "Rate finder"
    size: ClassVar[tuple[float, float]] = (7.2, 4.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.6)
    steps_per_second: ClassVar[float] = 30.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: FinderResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: FinderResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: FinderResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
