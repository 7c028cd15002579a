"""Representation: walk through the layers of a small network and watch the plane being bent until one straight cut does.

After Christopher Olah, “Neural Networks, Manifolds, and Topology” (2014). The way through the layers is in layers.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.learning_a_new_representation import hand, picture, words
from dlcourse.widgets.learning_a_new_representation.numbers import RepresentationResult
from dlcourse.widgets.learning_a_new_representation.state import RepresentationState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Representation"]


@dataclass(frozen=True, eq=False)
class Representation(RepresentationState):
    """A plane on its way through the layers of a network.

    Parameters
    ----------
    model : Sequential, optional
        Your own network, as it is now: from points of a plane, through layers of any width, to a last hidden layer of 2
        or 3 neurons and one `Dense` with one or two outputs.
    points : Dataset, optional
        Your own points, x (N, 2), y 0 or 1.

    Examples
    --------
    >>> round(Representation(network="2").compute().right, 1), Representation(network="3").compute().right
    (0.9, 1.0)
    """

    title: ClassVar[str] = "Representation"
    size: ClassVar[tuple[float, float]] = (7.2, 3.75)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.4)
    steps_per_second: ClassVar[float] = 30.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: RepresentationResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: RepresentationResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: RepresentationResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
