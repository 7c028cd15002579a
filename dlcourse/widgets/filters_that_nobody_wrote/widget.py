"""FeatureMaps: what each filter of a trained network finds in a digit, and what happens when the digit is shifted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.filters_that_nobody_wrote import hand, picture, words
from dlcourse.widgets.filters_that_nobody_wrote.numbers import MapsResult
from dlcourse.widgets.filters_that_nobody_wrote.state import MapsState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FeatureMaps"]


@dataclass(frozen=True, eq=False)
class FeatureMaps(MapsState):
    """The filters and feature maps of a network that reads pictures.

    Parameters
    ----------
    model : Sequential, optional
        Your own network, with at least one `Conv2D`, as it is now. Otherwise a small one that has learned digits for three epochs.
    data : Dataset, optional
        Pictures x (N, H, W, C) and classes; digits unless given.

    Examples
    --------
    >>> widget = FeatureMaps()
    >>> [maps.shape for maps in widget.compute().maps]
    [(8, 8, 8), (8, 8, 16), (4, 4, 16)]
    """

    title: ClassVar[str] = "Feature maps"
    size: ClassVar[tuple[float, float]] = (7.2, 3.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.0)

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: MapsResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: MapsResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: MapsResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
