"""ActivationZoo: activations and their slopes, and what fifty layers of them leave of a signal and of a gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.activations import hand, picture, words
from dlcourse.widgets.activations.numbers import ZooResult
from dlcourse.widgets.activations.state import ZooState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ActivationZoo"]


@dataclass(frozen=True, eq=False)
class ActivationZoo(ZooState):
    """An activation, its slope, and what is left of a signal and of a gradient after many layers of it.

    The layers are real: 64 neurons each, orthogonal weights, which keep the length of every vector (or make it `stretch`
    times as long), and 32 handwritten digits go in. What is left of the signal is the spread from digit to digit.

    Parameters
    ----------
    function : callable, optional
        Your own activation, from tensor to tensor of the same shape, written with operations of dlcourse.

    Examples
    --------
    >>> zoo = ActivationZoo(activation="sigmoid", layers=10)
    >>> result = zoo.compute()
    >>> bool(result.chosen[0].gradient[0] < 4.0**-10)
    True
    """

    title: ClassVar[str] = "Activation zoo"
    size: ClassVar[tuple[float, float]] = (7.2, 4.4)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.6)
    steps_per_second: ClassVar[float] = 10.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: ZooResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: ZooResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: ZooResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
