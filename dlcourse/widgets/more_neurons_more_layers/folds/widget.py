"""Folds: ReLU units on one input, their sum, and where it bends; the same layer again and again, and how bends multiply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.more_neurons_more_layers.folds import hand, picture, words
from dlcourse.widgets.more_neurons_more_layers.folds.numbers import FoldsResult
from dlcourse.widgets.more_neurons_more_layers.folds.state import FoldsState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Folds"]


@dataclass(frozen=True, eq=False)
class Folds(FoldsState):
    """ReLU units on one input x: each is flat up to its kink and a ramp from there, and the network is their sum.

    Parameters
    ----------
    folds : sequence of (kink, slope) or (kink, slope, opens_left), optional
        Your own units; `units` is then their number, unless you say it.
    layers : int
        How many times in all the sum is sent through the same units.
    bound : bool
        Whether to say from the start how many bends are possible, or only after a prediction.

    Examples
    --------
    >>> hat = Folds(folds=[(0.0, 2.0), (0.5, -4.0)])
    >>> len(hat.compute().bends), len(hat.replace(layers=3).compute().bends)
    (2, 9)
    """

    title: ClassVar[str] = "Folds"
    size: ClassVar[tuple[float, float]] = (7.2, 4.3)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 4.6)

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: FoldsResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: FoldsResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: FoldsResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def adds(self, event: Pointer) -> bool:
        return hand.adds(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
