"""The state of `GradientStep`: the landscape, the weights, and the steps that led there."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import WrongTypeError
from dlcourse.live.widget import Widget, choice, slider, state, toggle
from dlcourse.widgets.finding_the_weights.numbers import (
    EXPLODED,
    NETWORK,
    SLOWEST_FASTEST,
    Limits,
    OwnError,
    Place,
    StepResult,
    Terrain,
    Vector,
    checked_error,
    checked_start,
    heights,
    limits,
    look,
    round_ends,
    view_of,
)

__all__ = ["StepState"]

Past = tuple[tuple[float, float, Vector], ...]
"""Error, bound and weights before each step."""
MOST_PAST = 400
DRAWN_PAST = 60


@dataclass(frozen=True, eq=False)
class StepState(Widget):
    """Fields, controls and numbers; `GradientStep` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"error": "landscape"}

    landscape: str = choice("one weight", ("one weight", "two weights", "network", "yours"), label="landscape, made by")
    w: float = slider(0.5, -4.0, 8.0, step=0.01, label="w")
    b: float = slider(0.0, -4.0, 6.0, step=0.01, label="b")
    lr: float = slider(0.13, 0.001, 2.0, step=0.01, log=True, label="step")
    bound: bool = toggle(True, label="show the bound")
    network: Vector = state(NETWORK)
    """Weights of the network from the third on."""
    error: Any = state(None)
    """The learner's own function, wrapped in `OwnError` when the widget is made."""
    start: Any = state(None)
    further: Vector = state(())
    """Weights of the learner's landscape from the third on."""
    dimension: int = state(2)
    past: tuple[Any, ...] = state(())

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.error is not None and not isinstance(self.error, OwnError):
            object.__setattr__(self, "error", checked_error(self.error))
        if self.start is not None:
            self._begin(checked_start(self.start))

    def _begin(self, start: Array) -> None:
        """Show the learner's landscape, from here on."""
        if self.error is None:
            raise WrongTypeError("GradientStep: start says where your own landscape begins; give error=f as well.")
        w, b, *further = [*map(float, start), *[0.0] * (2 - min(start.size, 2))]
        begin = {"landscape": "yours", "w": w, "b": b, "further": tuple(further), "dimension": start.size}
        for name, value in (begin | {"start": None}).items():
            object.__setattr__(self, name, value)
        self.terrain.value(start)

    @property
    def own(self) -> bool:
        """Whether the landscape is not made of the petals."""
        return self.landscape == "yours"

    @property
    def tells_bound(self) -> bool:
        """Whether the curvature and the bound that follows from it are shown."""
        return self.bound and not self.hides

    @property
    def weights(self) -> Array:
        """The weights that the update moves, shape (D,)."""
        rest = {"network": self.network, "yours": self.further}.get(self.landscape, ())
        number = {"one weight": 1, "yours": self.dimension}.get(self.landscape)
        return np.array([self.w, self.b, *rest][:number], float)

    @property
    def view(self) -> str:
        """ "curve" for one weight, "map" for two, "slice" along the update for more."""
        return view_of(len(self.weights))

    @property
    def terrain(self) -> Terrain:
        """The error as a function of the weights."""
        b = float(self.b) if self.landscape == "one weight" else 0.0
        return Terrain(landscape=self.landscape, b=b, own=self.error if self.own else None)

    @property
    def here(self) -> Place:
        """Everything that this place has to say."""
        return look(self.terrain, tuple(self.weights.tolist()), float(self.lr))

    @property
    def limits(self) -> Limits:
        """The part of the landscape that is in the picture."""
        return limits(self.terrain, self.view)

    @property
    def heights(self) -> Array:
        """Errors over a grid of two weights, shape (M, M)."""
        return heights(self.terrain)

    @property
    def trail(self) -> Past:
        """The steps that led here; none if the weights were moved by hand since."""
        if self.past and self.past[0] == (self.landscape, tuple(self.weights)):
            return self.past[1]
        return ()

    @property
    def history_limits(self) -> tuple[int, int, int]:
        """Steps, and decades of the error, that the history shows; they grow in jumps."""
        past = self.trail
        errors = [abs(error) for error, _, _ in past] + [abs(self.here.error)]
        decades = [math.log10(error) for error in errors if 0 < error < math.inf] or [0.0]
        steps = 20
        while steps < len(past):
            steps *= 2
        return steps, min(math.floor(min(decades)), -1), max(math.ceil(max(decades)), 2)

    @property
    def pace_limits(self) -> tuple[float, float]:
        """Lowest and highest step or bound that the picture shows; a bound that is not told has no part in it."""
        bounds = [bound for _, bound, _ in self.trail] + [self.here.bound]
        told = np.clip([self.lr, *(bounds if self.tells_bound else ())], *SLOWEST_FASTEST)
        return round_ends(float(told.min()) / 1.1, float(told.max()) * 1.1)

    def compute(self) -> StepResult:
        here, past = self.here, self.trail
        return StepResult(
            **vars(here),
            errors=(*(error for error, _, _ in past), here.error),
            bounds=(*(bound for _, bound, _ in past), here.bound),
            path=np.array([*(weights for _, _, weights in past[-DRAWN_PAST:]), tuple(here.weights)]),
        )

    def background(self) -> Hashable:
        return (
            self.landscape,
            id(self.error),
            self.hides,
            self.bound,
            self.view,
            *self.history_limits,
            *self.pace_limits,
        )

    def idle_controls(self) -> Collection[str]:
        """A landscape of one weight has no second weight."""
        return ("b",) if self.own and self.dimension == 1 else ()

    def can_step(self) -> bool:
        """Whether there is a slope left, and the error has not exploded."""
        here = self.here
        return not here.at_rest and here.error < EXPLODED and bool(np.isfinite(here.after).all())

    def step(self) -> Self:
        """One update of all weights; nothing where there is no slope left, or the error has exploded."""
        if not self.can_step():
            return self
        here = self.here
        trail = (*self.trail, (here.error, here.bound, tuple(map(float, here.weights))))[-MOST_PAST:]
        moved = self.moved_to(here.after)
        return dataclasses.replace(moved, past=((self.landscape, tuple(moved.weights)), trail))

    def moved_to(self, weights: Array) -> Self:
        """With these weights, even where a slider ends."""
        w, *others = (float(weight) for weight in weights)
        changes: dict[str, Any] = {"w": w} | ({"b": others[0]} if others else {})
        if len(others) > 1:
            changes["further" if self.own else "network"] = tuple(others[1:])
        return dataclasses.replace(self, **changes)
