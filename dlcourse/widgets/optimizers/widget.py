"""OptimizerRace: let optimizers run down a surface of two weights, and look at what each one keeps in mind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.optimizers import hand, picture, words
from dlcourse.widgets.optimizers.numbers import RaceResult
from dlcourse.widgets.optimizers.state import RaceState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["OptimizerRace"]


@dataclass(frozen=True, eq=False)
class OptimizerRace(RaceState):
    """Click the start, choose an optimizer, press Play. *Keep this path* leaves it there for the next one to be compared with.

    Parameters
    ----------
    loss : callable, optional
        Your own surface: a function from a tensor of shape (2,) to a tensor with one number.
    start : two floats, optional
        Where the run begins; each surface has a start of its own.
    own : callable, optional
        Your own optimizer: step(w, gradient, state), arrays of shape (2,) and a dictionary that is empty before the first
        step; returns the new weights.

    Examples
    --------
    >>> plain = OptimizerRace(surface="long bowl", optimizer="SGD", lr=1.98)
    >>> ball = OptimizerRace(surface="long bowl", optimizer="momentum", lr=3.3, momentum=0.67)
    >>> plain.path.arrived, ball.path.arrived
    (146, 24)
    """

    title: ClassVar[str] = "Optimizer race"
    size: ClassVar[tuple[float, float]] = (7.2, 4.0)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.6)
    steps_per_second: ClassVar[float] = 15.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: RaceResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: RaceResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: RaceResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
