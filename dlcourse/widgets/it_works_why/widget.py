"""WhyItWorks: what two networks see in a picture, where they get it from, and whether a map of that can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.it_works_why import hand, picture, words
from dlcourse.widgets.it_works_why.numbers import WhyResult
from dlcourse.widgets.it_works_why.state import WhyState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["WhyItWorks"]


@dataclass(frozen=True, eq=False)
class WhyItWorks(WhyState):
    """Two networks look at one picture: what they say, a map of where they get it from, and how many digits they read.

    A has learned from clean digits. B has learned from the same digits with a speck at the edge that tells their class. The
    third has learned nothing.

    Parameters
    ----------
    model : callable, optional
        Your own network, from pictures (N, 8, 8, 1) to scores (N, 10).
    picture : array, optional
        Your own picture, 8×8 within 0…1, or larger: `DigitPad(…).compute().picture` is one.

    Examples
    --------
    >>> result = WhyItWorks().compute()
    >>> [int(one.shares.argmax()) for one in result.maps], result.maps[1].reads
    ([7, 7], 1.0)
    """

    title: ClassVar[str] = "Why it works"
    size: ClassVar[tuple[float, float]] = (7.2, 3.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.4)

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: WhyResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: WhyResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: WhyResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def adds(self, event: Pointer) -> bool:
        return hand.adds(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
