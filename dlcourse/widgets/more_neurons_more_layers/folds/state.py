"""The state of `Folds`: the units, which of them is chosen, and how often the layer is repeated."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from dlcourse.live.widget import Widget, action, choice, slider, state, toggle
from dlcourse.widgets.more_neurons_more_layers.folds.numbers import (
    MOST,
    REACH,
    SPARE,
    STEEPEST,
    TARGETS,
    FoldsResult,
    Unit,
    checked_units,
    fold,
)

__all__ = ["FoldsState"]


@dataclass(frozen=True, eq=False)
class FoldsState(Widget):
    """Fields, controls and numbers; `Folds` adds picture, words and hand."""

    units: int = slider(3, 1, MOST, label="units")
    layers: int = slider(1, 1, 5, label="layers")
    unit: int = slider(1, 1, MOST, label="chosen unit")
    kink: float = slider(0.2, 0.0, 1.0, step=0.01, label="its kink")
    slope: float = slider(2.0, -STEEPEST, STEEPEST, step=0.1, label="its slope")
    left: bool = toggle(False, label="it opens to the left")
    base: float = slider(0.0, -1.0, 1.0, step=0.01, label="output bias", advanced=True)
    target: str = choice("none", tuple(TARGETS), label="try to reach", advanced=True)
    bound: bool = state(True)
    folds: Any = state(())
    grabbed: str = state("")

    def __post_init__(self) -> None:
        super().__post_init__()
        folds = self.folds
        if not (isinstance(folds, tuple) and len(folds) == MOST):
            given = checked_units(folds)
            folds = (*given, *SPARE[len(given) :])
            if given:
                object.__setattr__(self, "units", len(given))
            object.__setattr__(self, "folds", folds)
        unit = min(self.unit, self.units)
        kink, slope, left = folds[unit - 1]
        for name, value in (("unit", unit), ("kink", kink), ("slope", slope), ("left", left)):
            object.__setattr__(self, name, value)

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; kink, slope and left are those of the chosen unit."""
        unit = min(int(changes.get("unit", self.unit)), int(changes.get("units", self.units)))
        own = {name: changes.pop(name) for name in ("kink", "slope", "left") if name in changes}
        if own and "folds" not in changes:
            controls = self.controls()
            kink, slope, left = self.folds[unit - 1]
            new = (
                controls["kink"].clip(own.get("kink", kink)),
                controls["slope"].clip(own.get("slope", slope)),
                bool(own.get("left", left)),
            )
            changes["folds"] = (*self.folds[: unit - 1], new, *self.folds[unit:])
        return super().replace(**changes)

    def slider_ends(self) -> dict[str, tuple[float, float]]:
        """As many units as there are can be chosen, and no more."""
        return {"unit": (1, self.units)}

    @property
    def used(self) -> tuple[Unit, ...]:
        """The units that there are; those in reserve come after them in `folds`."""
        return tuple(self.folds[: self.units])

    @property
    def tells(self) -> bool:
        """Whether it says how many bends are possible."""
        return self.bound or bool(self.prediction)

    @property
    def arm(self) -> tuple[float, float]:
        """The handle that changes the chosen unit's slope."""
        return self.kink + (-REACH if self.left else REACH), self.slope * REACH

    def compute(self) -> FoldsResult:
        return fold(self.used, self.base, self.layers, self.target)

    def background(self) -> Hashable:
        return (self.target, self.tells)

    def with_unit(self, kink: float, slope: float) -> Self:
        """One more unit, which is the chosen one then."""
        new = (min(max(round(kink, 3), 0.0), 1.0), slope, False)
        folds = (*self.folds[: self.units], new, *self.folds[self.units :])[:MOST]
        return self.replace(folds=folds, units=self.units + 1, unit=self.units + 1)

    @action("Add unit")
    def add(self) -> Self:
        """One more unit, in the middle of the widest gap between kinks."""
        if self.units == MOST:
            return self
        places = np.sort([0.0, *(kink for kink, _, _ in self.used), 1.0])
        gap = int(np.argmax(np.diff(places)))
        return self.with_unit(float(places[gap] + places[gap + 1]) / 2, 2.0)

    @action("Delete unit")
    def remove(self) -> Self:
        """Without the chosen unit; the last one stays."""
        if self.units == 1:
            return self
        unit = self.folds[self.unit - 1]
        folds = (*self.folds[: self.unit - 1], *self.folds[self.unit :], unit)
        return self.replace(folds=folds, units=self.units - 1)

    def flip(self) -> Self:
        """The chosen unit, opening to the other side."""
        return self.replace(left=not self.left)
