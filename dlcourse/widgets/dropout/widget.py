"""DropoutMasks: thinned networks drawn by chance, what each says, and their mean beside the full network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.dropout import hand, picture, words
from dlcourse.widgets.dropout.numbers import DropoutResult
from dlcourse.widgets.dropout.state import DropoutState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["DropoutMasks"]


@dataclass(frozen=True, eq=False)
class DropoutMasks(DropoutState):
    """Masks over a network that reads digits: every mask leaves another thinned network, which answers for itself.

    The network has 64 pixels, 100 hidden ReLU units and ten scores. It was trained on 1078 digits with dropout: at every
    step half of the units were ignored.

    Parameters
    ----------
    picture : array, shape (8, 8) or (8, 8, 1), optional
        Your own picture, 0 to 1.

    Examples
    --------
    >>> result = DropoutMasks(n=1000).compute()
    >>> bool(abs(result.mean - result.full).max() < 0.5)  # a thousand thinned networks, and one that is full
    True
    >>> int(result.kept.sum()) < 70  # the latest mask leaves about half of the 100 units
    True

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout: A Simple Way to Prevent Neural Networks from
    Overfitting", 2014.
    """

    title: ClassVar[str] = "Dropout masks"
    size: ClassVar[tuple[float, float]] = (7.2, 4.0)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.2)
    steps_per_second: ClassVar[float] = 15.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: DropoutResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: DropoutResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: DropoutResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
