"""Clinic: networks that do not work. Order tests, make a diagnosis, treat, and see whether it was right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.live.widget import Pointer
from dlcourse.widgets.it_doesnt_work_why import hand, picture, words
from dlcourse.widgets.it_doesnt_work_why.numbers import ClinicResult
from dlcourse.widgets.it_doesnt_work_why.state import ClinicState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Clinic"]


@dataclass(frozen=True, eq=False)
class Clinic(ClinicState):
    """Patients with a hidden fault, trained on real data: each test is run on the patient's own model and loop.

    Parameters
    ----------
    model : Module, optional
        Your own network; it is copied, and every test begins with it as it is.
    data : Dataset or (x, y), optional
        What it learns from; of more than 600 examples the first 600 are looked at.
    loss : callable, optional
        Cross-entropy unless given.
    optimizer : Optimizer, optional
        Your own, made with the model's parameters; Adam with a rate of 0.01 unless given.
    validation : Dataset or (x, y), optional
        A fifth of the data unless given.

    Examples
    --------
    >>> patient = Clinic(number=3, test="loss at the start").order()
    >>> patient.compute().minutes, patient.compute().report.off
    (1, True)
    """

    title: ClassVar[str] = "Clinic"
    size: ClassVar[tuple[float, float]] = (7.2, 4.05)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.05)
    smallest_scale: ClassVar[float] = 0.6

    def draw(self, figure: Figure) -> picture.Artists:
        return picture.draw(self, figure)

    def paint(self, artists: picture.Artists, result: ClinicResult) -> None:
        picture.paint(self, artists, result)

    def describe(self, result: ClinicResult) -> str:
        return words.describe(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: ClinicResult) -> dict[str, Any]:
        return words.code_results(self, result)

    def pointer(self, event: Pointer) -> Self:
        return hand.pointer(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)
