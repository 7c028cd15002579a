"""Blame, the widget of lesson 05: which numbers must move, and by how much, for the loss to go down?

An expression or a learner's own tensor is drawn as the graph that the engine remembers. The blame travels back from the
loss; each node says its share in the words of the slide, and a nudge tests whether the promise is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.backpropagation import hand, picture, words
from dlcourse.widgets.backpropagation.numbers import BlameResult
from dlcourse.widgets.backpropagation.state import BlameState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Blame"]


@dataclass(frozen=True, eq=False)
class Blame(BlameState):
    """A computation as a graph, and the blame of every node for the loss.

    Parameters
    ----------
    amount : float
        How much the loss should go down.
    expression : str
        Steps such as ``"p = tanh(w*x + b); loss = (t - p)**2"``; the last is the loss.
    values : mapping of str to float
        A number for each name. Names that begin with x, t or y are data, all others weights.
    data : tuple of str, optional
        The names that are data, instead.

    Examples
    --------
    >>> blame = Blame(expression="(3*w)**2", values={"w": 1.0}).choose("w")
    >>> blame.describe(blame.compute())
    'For the loss to go down by 0.1, w must go down by 0.0056. (Its slope is 18.)'
    """

    title: ClassVar[str] = "Blame"
    size: ClassVar[tuple[float, float]] = (7.2, 4.4)
    narrow_size: ClassVar[tuple[float, float] | None] = (3.6, 7.4)
    steps_per_second: ClassVar[float] = 1.5

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: BlameResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: BlameResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: BlameResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
