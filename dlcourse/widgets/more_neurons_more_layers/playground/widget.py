"""Playground: a whole network in the plane that one can build, train, poke at and break."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.more_neurons_more_layers.playground import code, hand, picture, saved, words
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import PlaygroundResult
from dlcourse.widgets.more_neurons_more_layers.playground.state import PlaygroundState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Playground"]


@dataclass(frozen=True, eq=False)
class Playground(PlaygroundState):
    """Build a network for points in the plane, train it, look into it.

    Parameters
    ----------
    points : array, shape (N, 3), optional
        Your own points, shown with ``data="yours"``: x₁, x₂ and a class from 0 to 3. A fourth column says with 1 or 0
        whether a point is for training. Coordinates that leave the picture are scaled to −1 … 1.
    function : callable, optional
        Your own activation, from tensor to tensor, used with ``activation="yours"``.

    Examples
    --------
    >>> ring = Playground(h1=4, h2=0)
    >>> for _ in range(40):
    ...     ring = ring.step()
    >>> ring.run.steps, ring.compute().right[0] > 0.9
    (400, True)
    >>> Playground.from_json(ring.to_json()).run.steps
    400

    References
    ----------
    Smilkov, Carter, Sculley, Viégas, Wattenberg (2017), “Direct-Manipulation Visualization of Deep Networks”.
    """

    title: ClassVar[str] = "Playground"
    size: ClassVar[tuple[float, float]] = (7.4, 5.02)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 10.2)
    controls_beside: ClassVar[bool] = True
    smallest_scale: ClassVar[float] = 0.5  # places in the picture are in inches, so it is made smaller as a whole

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: PlaygroundResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: PlaygroundResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return code.code(self)

    def code_results(self, result: PlaygroundResult) -> dict[str, Any]:
        return code.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def adds(self, event: Pointer) -> bool:
        return hand.adds(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)

    def to_json(self) -> str:
        """Everything, as text: settings, own points, weights, optimizer, random numbers, curves.

        Raises
        ------
        WrongTypeError
            If an activation of your own is used: a function is no text.
        """
        return saved.to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The playground that `to_json` wrote; training goes on as if it had never stopped.

        Raises
        ------
        FileFormatError
            If the text is broken, or no such thing.
        """
        return saved.from_json(cls, text)
