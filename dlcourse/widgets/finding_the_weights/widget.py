"""GradientStep: the error as a landscape, the slope under one's feet, and what one update promises and really brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.finding_the_weights import hand, picture, words
from dlcourse.widgets.finding_the_weights.numbers import StepResult
from dlcourse.widgets.finding_the_weights.state import StepState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["GradientStep"]


@dataclass(frozen=True, eq=False)
class GradientStep(StepState):
    """An error, its slope, and the update w ← w − step · slope, on three landscapes made of 150 petals or on yours.

    Parameters
    ----------
    error : callable, optional
        Your own landscape: a tensor of D weights, shape (D,), to one number.
    start : array, shape (D,), optional
        Where your landscape begins; given, the widget shows it.

    Examples
    --------
    >>> round(GradientStep(landscape="one weight", w=1.0).compute().bound, 3)
    0.496
    """

    title: ClassVar[str] = "Gradient step"
    size: ClassVar[tuple[float, float]] = (7.2, 4.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.4)
    steps_per_second: ClassVar[float] = 30.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: StepResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: StepResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: StepResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
