"""The state of `OptimizerRace`: surface, start, optimizer and its knobs, how many steps are shown, and paths that were kept."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live.widget import Widget, action, choice, slider, state
from dlcourse.tensor import Tensor
from dlcourse.widgets.optimizers.numbers import MOST, Course, Path, RaceResult, run
from dlcourse.widgets.optimizers.rules import KNOBS, RULES, Knobs, checked_step
from dlcourse.widgets.optimizers.surfaces import SURFACES, OwnSurface, checked_start, checked_surface, heights

__all__ = ["Kept", "RaceState"]

MOST_KEPT = 3
ALL_KNOBS = ("lr", "momentum", "rho", "decay")


def two_wells(w: Tensor) -> Tensor:
    """The surface of “yours” if the learner gives none: wells at w₁ = ±2."""
    return (w[0] ** 2 - 4) ** 2 / 16 + w[1] ** 2 / 2


TWO_WELLS = OwnSurface(two_wells)


@dataclass(frozen=True)
class Kept:
    """A path that stays in the picture for comparison."""

    name: str
    place: tuple[Any, ...]
    """The place that it was walked in; elsewhere it is not shown."""
    path: Path
    at: int


@dataclass(frozen=True, eq=False)
class RaceState(Widget):
    """Fields, controls and numbers; `OptimizerRace` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"loss": "surface", "own": "optimizer"}

    surface: str = choice("long bowl", (*SURFACES, "yours"), label="surface")
    kappa: float = slider(100.0, 1.0, 100.0, step=0.1, log=True, label="κ, length of the bowl")
    optimizer: str = choice("SGD", (*RULES, "yours"), label="optimizer")
    lr: float = slider(1.0, 0.001, 10.0, step=0.01, log=True, label="learning rate")
    momentum: float = slider(0.9, 0.0, 0.99, step=0.01, label="μ, β₁: share kept of the gradient")
    rho: float = slider(0.99, 0.0, 0.999, step=0.001, label="ρ, β₂: share kept of its square", advanced=True)
    decay: float = slider(0.1, 0.0, 1.0, step=0.01, label="λ, weight decay", advanced=True)
    times: float = slider(1.0, 1.0, 1000.0, step=0.1, log=True, label="loss times", advanced=True)
    steps: int = slider(20, 0, MOST, label="steps")
    start: Any = state(None)
    """Where the run begins, (w₁, w₂); None for the surface's own start."""
    loss: Any = state(None)
    """The learner's own surface, wrapped in `OwnSurface` when the widget is made."""
    own: Any = state(None)
    """The learner's own step, wrapped in `OwnStep` when the widget is made."""
    kept: tuple[Kept, ...] = state(())

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.loss is not None:
            object.__setattr__(self, "loss", checked_surface(self.loss))
        if self.own is not None:
            object.__setattr__(self, "own", checked_step(self.own))
        if self.start is not None:
            object.__setattr__(self, "start", checked_start(self.start))

    @property
    def beginning(self) -> tuple[float, float]:
        """Where the run begins."""
        if self.start is not None:
            x, y = self.start
            return x, y
        return SURFACES[self.surface].start if self.surface in SURFACES else (-3.5, 2.0)

    @property
    def course(self) -> Course:
        """Where the race is run."""
        mine = self.surface == "yours"
        kappa = float(self.kappa) if self.surface == "long bowl" else 1.0 if mine else SURFACES[self.surface].kappa
        own = (self.loss or TWO_WELLS) if mine else None
        return Course(surface=self.surface, kappa=kappa, times=float(self.times), start=self.beginning, own=own)

    @property
    def knobs(self) -> Knobs:
        """The settings that the optimizer uses; those that it does not use are 0."""
        used = KNOBS[self.optimizer]
        return Knobs(**{name: float(getattr(self, name)) if name in used else 0.0 for name in ALL_KNOBS})

    @property
    def path(self) -> Path:
        """The whole run."""
        return run(self.course, self.optimizer, self.knobs, self.own if self.optimizer == "yours" else None)

    @property
    def name(self) -> str:
        """The optimizer and its rate, as a kept path is called, and the factor of the loss."""
        times = f" ×{self.times:.4g}" if self.times != 1 else ""
        if self.optimizer == "yours":
            return (self.own.name if self.own is not None else "signs") + times
        return f"{self.optimizer} {self.lr:.3g}{times}"

    @property
    def at(self) -> int:
        """So many steps are shown; none while the answer is covered."""
        return 0 if self.hides else min(self.steps, self.path.last)

    @property
    def rivals(self) -> tuple[Kept, ...]:
        """The kept paths that lead over this surface."""
        return tuple(kept for kept in self.kept if kept.place == self.course.place)

    @property
    def heights(self) -> Array:
        """Heights over the picture, shape (M, M)."""
        surface, kappa, own = self.course.place
        return heights(surface, kappa, own, 101 if own is None else 41)

    @property
    def floor(self) -> float:
        """The height from which the heights in the picture of the run are counted."""
        if self.course.own is None:
            return 0.0
        grid = self.heights[np.isfinite(self.heights)]
        return float(grid.min()) - 1e-3 * max(float(np.ptp(grid)), 1e-9) if grid.size else 0.0

    @property
    def shown_steps(self) -> int:
        """How many steps the axis of the heights shows; it grows in jumps."""
        longest = max([self.steps, *(kept.at for kept in self.rivals)])
        return min(20 * 2 ** max(math.ceil(math.log2(max(longest, 1) / 20)), 0), MOST)

    def compute(self) -> RaceResult:
        path, at = self.path, self.at
        more = at < len(path.gradients) and not self.hides
        nothing = np.full(2, math.nan)
        gradient = path.gradients[at] if more or self.hides else nothing
        step = path.places[at + 1] - path.places[at] if more else nothing
        with np.errstate(all="ignore"):
            rates = np.where(np.abs(gradient) > 1e-12, -step / gradient, math.nan)
        return RaceResult(
            path=path, at=at, place=path.places[at], gradient=gradient, step=step,
            kept={name: rows[at] if more else nothing for name, rows in path.kept.items()}, rates=rates,
        )  # fmt: skip

    def background(self) -> Hashable:
        surface, kappa, own = self.course.place
        return (surface, kappa, id(own), self.optimizer)

    def absent_controls(self) -> Collection[str]:
        """Knobs that the optimizer does not have, and κ where there is no long bowl."""
        absent = {name for name in ALL_KNOBS if name not in KNOBS[self.optimizer]}
        return absent | (set() if self.surface == "long bowl" else {"kappa"})

    def idle_controls(self) -> Collection[str]:
        """Nothing to keep before the first step."""
        return ("keep",) if self.steps == 0 else ()

    def slider_ends(self) -> Mapping[str, tuple[float, float]]:
        """A run that has exploded has no further steps."""
        return {"steps": (0, max(self.path.last, 1))}

    def can_step(self) -> bool:
        """Whether the run goes on."""
        return self.steps < self.path.last

    def step(self) -> Self:
        """One more step of the optimizer."""
        return self.replace(steps=self.steps + 1) if self.can_step() else self

    @action("Keep this path")
    def keep(self) -> Self:
        """Leave the path in the picture, and begin again at the start."""
        if self.steps == 0:
            return self
        now = Kept(self.name, self.course.place, self.path, min(self.steps, self.path.last))
        return self.replace(kept=(*self.kept, now)[-MOST_KEPT:], steps=0)
