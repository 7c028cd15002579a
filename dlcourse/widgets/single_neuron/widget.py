"""NeuronExplorer: one neuron on two inputs, its line, its surface, and the arithmetic of one point at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.single_neuron import hand, picture, words
from dlcourse.widgets.single_neuron.numbers import NeuronResult
from dlcourse.widgets.single_neuron.state import NeuronState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["NeuronExplorer"]


@dataclass(frozen=True, eq=False)
class NeuronExplorer(NeuronState):
    """One neuron, f(w₁x₁ + w₂x₂ + b), in the plane of its two inputs.

    Parameters
    ----------
    points : array, shape (N, 3), optional
        Your own points: x₁, x₂ and a class, 0 or 1. They are shown with ``data="yours"``.
    function : callable, optional
        Your own activation, from tensor to tensor, shown with ``activation="yours"``.
    threshold : float, optional
        The neuron says 1 where its output is above this: f(0) unless given, 0.5 for bump and your own function.

    Examples
    --------
    >>> NeuronExplorer(w1=1.0, w2=1.0, b=-1.5, data="AND").compute().right
    4
    """

    title: ClassVar[str] = "Neuron explorer"
    size: ClassVar[tuple[float, float]] = (7.2, 4.2)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.4)
    steps_per_second: ClassVar[float] = 30.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: NeuronResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: NeuronResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: NeuronResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def adds(self, event: Pointer) -> bool:
        return hand.adds(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
