"""EggCarton: a landscape of wells in 1 to 1 000 000 dimensions, what its flat places are, and where dropped balls end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.widgets.egg_carton import hand, picture, words
from dlcourse.widgets.egg_carton.numbers import EggResult
from dlcourse.widgets.egg_carton.state import EggState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["EggCarton"]


@dataclass(frozen=True, eq=False)
class EggCarton(EggState):
    """The sum of d equal axes, each with a deep and a shallow well: an egg carton in d dimensions.

    Parameters
    ----------
    dimensions : float
        d, from 1 to 1 000 000 (rounded).
    q : float
        Share of an axis from which a ball rolls into the deep well; 0.5 makes all wells equal.

    Examples
    --------
    >>> round(EggCarton(dimensions=10.0).compute().count_formula, 2)  # log₁₀ of 2¹⁰ minima
    3.01
    """

    title: ClassVar[str] = "Egg carton"
    size: ClassVar[tuple[float, float]] = (7.2, 4.3)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.2)
    steps_per_second: ClassVar[float] = 30.0

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: EggResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: EggResult) -> str:
        return words.describe(self, result)

    def caption(self, result: EggResult) -> str:
        return words.caption(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: EggResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
