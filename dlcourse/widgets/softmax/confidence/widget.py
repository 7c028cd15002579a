"""ReliabilityDiagram: how sure a network is, how often it is right, and one number that brings the two together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.softmax.confidence import hand, picture, words
from dlcourse.widgets.softmax.confidence.numbers import ReliabilityResult
from dlcourse.widgets.softmax.confidence.state import ReliabilityState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ReliabilityDiagram"]


@dataclass(frozen=True, eq=False)
class ReliabilityDiagram(ReliabilityState):
    """Confidence against accuracy on unseen digits, while a network trains and its scores are divided by a temperature.

    Parameters
    ----------
    model : Module or callable, optional
        Your own network, (N, …) to scores (N, K).
    validation, unseen : Dataset, optional
        With it, two data sets that it has not learned from: one to fit the temperature, one to be judged on.

    Examples
    --------
    >>> diagram = ReliabilityDiagram()
    >>> result = diagram.compute()
    >>> bool(result.makes > 1.7 * result.expects)
    True
    >>> fitted = diagram.fit().compute()
    >>> bool(abs(fitted.makes - fitted.expects) < 20 and fitted.makes == result.makes)
    True

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On Calibration of Modern Neural Networks", 2017.
    """

    title: ClassVar[str] = "Reliability diagram"
    size: ClassVar[tuple[float, float]] = (7.2, 3.4)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.5)
    smallest_scale: ClassVar[float] = 0.6
    steps_per_second: ClassVar[float] = 20.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: ReliabilityResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: ReliabilityResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: ReliabilityResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
