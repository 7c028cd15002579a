"""HessianMatrix: how the slope by one weight changes when another is turned, for all pairs of weights of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.jacobian_and_hessian.hessian import hand, picture, words
from dlcourse.widgets.jacobian_and_hessian.hessian.numbers import HessianResult
from dlcourse.widgets.jacobian_and_hessian.hessian.state import HessianState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["HessianMatrix"]


@dataclass(frozen=True, eq=False)
class HessianMatrix(HessianState):
    """The second derivatives of one output with respect to all weights of a layer, and their eigenvalues.

    Parameters
    ----------
    model : Sequential, optional
        Your own network of dense layers and activations; it is copied, in float64.
    x : array, shape (K,), optional
        Your own example.

    Examples
    --------
    >>> result = HessianMatrix(activation="softplus").compute()
    >>> result.hessian.shape, result.bent
    ((12, 12), 3)
    """

    title: ClassVar[str] = "Hessian"
    size: ClassVar[tuple[float, float]] = (7.2, 5.2)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 8.2)
    smallest_scale: ClassVar[float] = 0.5  # places in the picture are in inches, so it is made smaller as a whole

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: HessianResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: HessianResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: HessianResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
