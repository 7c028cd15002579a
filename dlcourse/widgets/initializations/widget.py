"""InitExplorer: the first weights of a deep network, and what becomes of a signal and of its gradient on their way through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.initializations import hand, picture, words
from dlcourse.widgets.initializations.numbers import InitResult
from dlcourse.widgets.initializations.state import InitState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["InitExplorer"]


@dataclass(frozen=True, eq=False)
class InitExplorer(InitState):
    """A network for handwritten digits with 1 to 50 hidden layers, whose first weights are drawn as you choose.

    Parameters
    ----------
    initializer : callable, optional
        Your own, (shape, rng) -> array of that shape, as `dl.Dense` takes one; it is shown with ``weights="yours"``.

    Examples
    --------
    >>> result = InitExplorer(weights="constant", depth=3).compute()
    >>> result.different.tolist()  # all neurons of a layer say the same
    [1, 1, 1]
    """

    title: ClassVar[str] = "Init explorer"
    size: ClassVar[tuple[float, float]] = (7.2, 4.0)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.4)
    steps_per_second: ClassVar[float] = 25.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: InitResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: InitResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: InitResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
