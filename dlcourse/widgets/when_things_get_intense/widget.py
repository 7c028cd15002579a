"""Paths, the first widget of lesson 07: every way from one weight to one output, and what the ways add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.when_things_get_intense import hand, picture, words
from dlcourse.widgets.when_things_get_intense.numbers import PathsResult
from dlcourse.widgets.when_things_get_intense.state import PathsState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Paths"]


@dataclass(frozen=True, eq=False)
class Paths(PathsState):
    """From one weight to one output of a network: all paths, one after the other, and their sum.

    Parameters
    ----------
    model : Sequential, optional
        Your own network of dense layers and activations; it is copied, in float64.
    x : array, shape (K,), optional
        Your own example.

    Examples
    --------
    >>> result = Paths(depth=3, width=4).compute()
    >>> result.count, abs(result.paths.total - result.gradient) < 1e-12
    (16, True)
    """

    title: ClassVar[str] = "Paths"
    size: ClassVar[tuple[float, float]] = (7.2, 4.2)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 8.2)
    smallest_scale: ClassVar[float] = 0.5  # places in the picture are in inches, so it is made smaller as a whole
    steps_per_second: ClassVar[float] = 5.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: PathsResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: PathsResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: PathsResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
