"""The state of `Regularize`: points, degree, penalty and λ, and the axis along which errors and weights are drawn."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dlcourse.live.widget import Widget, action, choice, slider, state, toggle
from dlcourse.widgets.regularization import curves, numbers
from dlcourse.widgets.regularization.numbers import (
    BASES,
    DEGREES,
    FEW,
    MOST,
    PENALTIES,
    STRENGTHS,
    UNSEEN_FROM,
    RegularizeResult,
    Table,
)

__all__ = ["RegularizeState"]


@dataclass(frozen=True, eq=False)
class RegularizeState(Widget):
    """Fields, controls and numbers; `Regularize` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"points": "data"}

    degree: int = slider(14, 1, MOST, label="degree")
    beyond: bool = toggle(False, label=f"degrees up to {MOST}")
    penalty: str = choice("none", PENALTIES, label="penalty")
    strength: float = slider(0.01, 1e-5, 10.0, step=0.1, log=True, label="λ")
    second: float = slider(0.01, 1e-5, 10.0, step=0.1, log=True, label="λ₂, of L2 in L1+L2")
    against: str = choice("degree", ("degree", "λ"), label="drawn against")
    examples: int = slider(15, 5, UNSEEN_FROM, label="seen points")
    noise: float = slider(0.25, 0.0, 1.0, step=0.05, label="noise")
    basis: str = choice(BASES[0], BASES, label="a weight is of", advanced=True)
    data: str = choice("wave", ("wave", "yours"), label="points", advanced=True)
    seed: int = state(1)
    points: Any = state(())
    own: Table | None = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.own is None and len(self.points):
            object.__setattr__(self, "own", numbers.check_points(self.points))
        if self.degree > FEW:
            object.__setattr__(self, "beyond", True)

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; where high degrees are given up, the degree comes down."""
        if changes.get("beyond") is False:
            changes["degree"] = min(changes.get("degree", self.degree), FEW)
        return super().replace(**changes)

    @property
    def table(self) -> Table:
        """The points, seen and unseen."""
        if self.data == "yours" and self.own is not None:
            return self.own
        return numbers.table_of(float(self.noise), self.seed, int(self.examples))

    @property
    def most(self) -> int:
        """The highest degree that is drawn."""
        return MOST if self.beyond else FEW

    @property
    def parts(self) -> tuple[float, float]:
        """λ₁ and λ₂."""
        return numbers.parts_of(self.penalty, float(self.strength), float(self.second))

    @property
    def lam(self) -> str:
        """What λ is called: the λ of L1+L2 is λ₁."""
        return "λ₁" if self.penalty == "L1+L2" else "λ"

    def compute(self) -> RegularizeResult:
        return curves.result_of(
            self.table, degree=int(self.degree), most=self.most, basis=self.basis, strength=float(self.strength),
            second=float(self.second), penalty=self.penalty, axis=self.against,
        )  # fmt: skip

    @property
    def along(self) -> float:
        """Where on the axis the state is."""
        return float(self.degree if self.against == "degree" else self.strength)

    def moved(self, along: float) -> Self:
        """Another place on the axis."""
        if self.against == "degree":
            return self.replace(degree=round(min(max(along, 1), self.most)))
        return self.replace(strength=float(f"{10 ** round(math.log10(max(along, 1e-5)), 1):.6g}"))

    def turned(self, name: str, tenths: int) -> Self:
        """Another λ, or λ₂, by so many tenths of a power of ten."""
        value = getattr(self, name) * 10 ** (0.1 * tenths)
        return self.replace(**{name: float(f"{min(max(value, 1e-5), 10.0):.6g}")})

    @property
    def following(self) -> float:
        """The next place on the axis; where there is none, the same."""
        if self.against == "degree":
            return min((degree for degree in DEGREES if self.degree < degree <= self.most), default=self.degree)
        return min((one for one in STRENGTHS if one > 1.01 * self.strength), default=self.strength)

    def can_step(self) -> bool:
        """Whether there is a higher degree, or a larger λ that does something."""
        return self.following != self.along and not (self.against == "λ" and self.penalty == "none")

    def step(self) -> Self:
        """The next degree, or the next λ."""
        return self.moved(self.following) if self.can_step() else self

    def background(self) -> Hashable:
        axis = self.lam if self.against == "λ" else self.against
        return (axis, self.beyond, self.basis, self.data if self.own is not None else "wave")

    def slider_ends(self) -> Mapping[str, tuple[float, float]]:
        """High degrees only where they are asked for."""
        return {"degree": (1, self.most)}

    def absent_controls(self) -> Collection[str]:
        """Only L1+L2 has a second λ."""
        return () if self.penalty == "L1+L2" else ("second",)

    def idle_controls(self) -> Collection[str]:
        """λ without a penalty; high degrees where none are drawn; own points where there are none, and else what makes the wave."""
        idle = ["strength"] if self.penalty == "none" else []
        idle += ["data"] if self.own is None else []
        idle += ["examples", "noise", "draw_again"] if self.data == "yours" and self.own is not None else []
        return (*idle, "beyond") if self.against == "λ" and self.degree <= FEW else tuple(idle)

    @action("Other points")
    def draw_again(self) -> Self:
        """Other points of the same wave."""
        return self.replace(seed=self.seed + 1)
