"""Prune: hidden neurons are taken away one by one, in the order of their sizes or by chance, and the network is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.how_firm.prune import picture, words
from dlcourse.widgets.how_firm.prune.numbers import PruneResult
from dlcourse.widgets.how_firm.prune.state import PruneState
from dlcourse.widgets.it_works_why import hand

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Prune"]


@dataclass(frozen=True, eq=False)
class Prune(PruneState):
    """Hidden neurons go one by one, and stay gone: what does the network still know?

    A has learned 1078 digits. The other one knows 300 labels by heart that were shuffled.

    Parameters
    ----------
    model : callable, optional
        Your own network, a Sequential from pictures (N, 8, 8, 1) to scores (N, 10) that ends in a dense layer.
    picture : array, optional
        Your own picture, 8×8 within 0…1, or larger.

    Examples
    --------
    >>> result = Prune(gone=64).compute()
    >>> smallest_first, _, largest_first = result.right[:, 64]  # of 360 digits, without half of the neurons
    >>> bool(smallest_first > 0.9 > largest_first)
    True
    """

    title: ClassVar[str] = "Prune"
    size: ClassVar[tuple[float, float]] = (7.2, 3.7)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.95)
    steps_per_second: ClassVar[float] = 10.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: PruneResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: PruneResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: PruneResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        if event.axes != "curve" or event.kind not in ("down", "drag"):
            return hand.inked(self, event)
        return self.replace(gone=round(event.x))

    def adds(self, event: Pointer) -> bool:
        return hand.adds(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
