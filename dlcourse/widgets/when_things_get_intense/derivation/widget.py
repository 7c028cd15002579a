"""Derivation, the second widget of lesson 07: the slide's derivation, line by line, with live numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.when_things_get_intense import words as paths_words
from dlcourse.widgets.when_things_get_intense.derivation import hand, picture, words
from dlcourse.widgets.when_things_get_intense.derivation.state import DerivationState
from dlcourse.widgets.when_things_get_intense.numbers import PathsResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Derivation"]


@dataclass(frozen=True, eq=False)
class Derivation(DerivationState):
    """The derivative of one output by one weight as the slide derives it, each line with its rule and its numbers.

    Parameters
    ----------
    model : Sequential, optional
        Your own network of dense layers and activations; it is copied, in float64.
    x : array, shape (K,), optional
        Your own example.

    Examples
    --------
    >>> result = Derivation().compute()
    >>> abs(result.delta * result.source - result.gradient) < 1e-15
    True
    """

    title: ClassVar[str] = "Derivation"
    size: ClassVar[tuple[float, float]] = (7.2, 5.7)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 8.4)
    smallest_scale: ClassVar[float] = 0.5  # places in the picture are in inches, so it is made smaller as a whole
    steps_per_second: ClassVar[float] = 0.5

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: PathsResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: PathsResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return paths_words.code(self)

    def code_results(self, result: PathsResult) -> dict[str, Any]:
        return paths_words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
