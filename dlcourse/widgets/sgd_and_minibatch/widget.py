"""MinibatchFan: gradients of small samples around the true one, and how their noise shrinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.sgd_and_minibatch import hand, picture, words
from dlcourse.widgets.sgd_and_minibatch.numbers import FanResult
from dlcourse.widgets.sgd_and_minibatch.state import FanState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MinibatchFan"]


@dataclass(frozen=True, eq=False)
class MinibatchFan(FanState):
    """60 minibatches, 60 gradients, and the true one.

    Parameters
    ----------
    model, data : Module and Dataset, optional
        Your own, as it is now, and at least 64 and at most 2048 examples, with classes as answers. By default a network
        64-16-10 and 1024 of the digits.

    Examples
    --------
    >>> fan = MinibatchFan(batch=16.0).compute()
    >>> round(fan.slope, 1)
    -0.5
    """

    title: ClassVar[str] = "Minibatch fan"
    size: ClassVar[tuple[float, float]] = (7.2, 3.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.4)
    steps_per_second: ClassVar[float] = 6.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: FanResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: FanResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: FanResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
