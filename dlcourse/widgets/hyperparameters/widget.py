"""Sweep: a budget of runs, on a grid, at random or by halving, and which settings made them good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.hyperparameters import hand, picture, words
from dlcourse.widgets.hyperparameters.numbers import SweepView
from dlcourse.widgets.hyperparameters.state import SweepState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Sweep"]


@dataclass(frozen=True, eq=False)
class Sweep(SweepState):
    """Train small networks on digits with one pair of settings after another, and see which were good.

    Parameters
    ----------
    result : SweepResult, optional
        What `dl.sweep` returned for a function of your own, with up to four settings.
    done : bool
        Whether the runs of the first sweep are there from the beginning.

    Examples
    --------
    >>> grid, random = Sweep(strategy="grid").compute(), Sweep(strategy="random").compute()
    >>> grid.tried("lr"), random.tried("lr")
    (3, 9)
    """

    title: ClassVar[str] = "Sweep"
    size: ClassVar[tuple[float, float]] = (7.2, 3.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.7)
    steps_per_second: ClassVar[float] = 10.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: SweepView) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: SweepView) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: SweepView) -> dict[str, Any]:
        return words.code_results(self, result)

    def adds(self, event: Pointer) -> bool:
        return hand.adds(self, event)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
