"""JacobianMatrix: all derivatives of all outputs by all inputs, and where small moves of the input lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.jacobian_and_hessian.jacobian import hand, picture, words
from dlcourse.widgets.jacobian_and_hessian.jacobian.numbers import JacobianResult
from dlcourse.widgets.jacobian_and_hessian.jacobian.state import JacobianState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["JacobianMatrix"]


@dataclass(frozen=True, eq=False)
class JacobianMatrix(JacobianState):
    """The Jacobian of a network, shape (outputs, inputs), and the ellipse that it makes of all moves of one length.

    Parameters
    ----------
    model : Sequential, optional
        Your own network of dense layers and activations; it is copied, in float64.
    x : array, shape (K,), optional
        Your own example.

    Examples
    --------
    >>> JacobianMatrix(activation="tanh").compute().jacobian.shape
    (2, 4)
    """

    title: ClassVar[str] = "Jacobian"
    size: ClassVar[tuple[float, float]] = (7.2, 4.4)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.1)
    smallest_scale: ClassVar[float] = 0.5  # places in the picture are in inches, so it is made smaller as a whole

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: JacobianResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: JacobianResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: JacobianResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
