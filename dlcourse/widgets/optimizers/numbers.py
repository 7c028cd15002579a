"""Numbers of `OptimizerRace`: a whole run from a start, the steps one by one, and what is known at one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.tensor import Parameter
from dlcourse.widgets.optimizers.rules import KEPT, Knobs, OwnStep, made, signs
from dlcourse.widgets.optimizers.surfaces import NOISE, SURFACES, OwnSurface

__all__ = ["FAR", "MOST", "RING", "Course", "Path", "RaceResult", "noise", "run"]

MOST = 300
"""Steps of a run; through a learner's own functions a third."""
RING = 0.2
"""Who is nearer than this to a lowest place, and stays there, has arrived."""
FAR = 1000.0
"""A weight beyond this has exploded, and the run ends."""

Slope = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Course:
    """Where a race is run.

    Attributes
    ----------
    surface : str
    kappa : float
        κ of the bowls, how many times flatter along w₁ than along w₂.
    times : float
        The loss is multiplied by this.
    start : two floats
    own : OwnSurface, optional
        A learner's own loss.
    """

    surface: str
    kappa: float
    times: float
    start: tuple[float, float]
    own: OwnSurface | None

    @property
    def place(self) -> tuple[str, float, OwnSurface | None]:
        """What decides the heights; paths over the same place can be compared."""
        return self.surface, self.kappa, self.own

    def height(self, x: Any, y: Any) -> Any:
        """The height, without `times`."""
        if self.own is not None:
            return self.own.height(x, y)
        return SURFACES[self.surface].height(x, y, self.kappa)

    @property
    def slope(self) -> Slope:
        """The gradient of the loss that is minimized, as a function of both weights."""
        if self.own is not None:
            slope: Any = self.own.slope
        else:
            kappa, plain = self.kappa, SURFACES[self.surface].slope

            def slope(x: float, y: float) -> Any:
                return plain(x, y, kappa)

        times = self.times
        if times == 1:
            return slope

        def multiplied(x: float, y: float) -> tuple[float, float]:
            one, other = slope(x, y)
            return times * one, times * other

        return multiplied

    @property
    def lowest(self) -> Array:
        """The lowest places that are known, shape (L, 2)."""
        known = () if self.own is not None else SURFACES[self.surface].lowest
        return np.array(known, float).reshape(-1, 2)

    @property
    def noisy(self) -> bool:
        """Whether every gradient has noise."""
        return self.own is None and SURFACES[self.surface].noisy


@dataclass(frozen=True)
class Path:
    """A whole run.

    Attributes
    ----------
    places : array, shape (T + 1, 2)
    heights : array, shape (T + 1,)
        Without the factor `times` of the loss.
    gradients : array, shape (T, 2)
        As the optimizer got them, at the places of the same number.
    kept : dict of arrays, shape (T, 2)
        What the optimizer keeps, after each step.
    exploded : bool
        The last step led out of all bounds.
    arrived : int or None
        The step from which on all places lie within `RING` of a lowest one.
    """

    places: Array
    heights: Array
    gradients: Array
    kept: dict[str, Array]
    exploded: bool
    arrived: int | None

    @property
    def last(self) -> int:
        """How many steps there are."""
        return len(self.places) - 1


@dataclass(frozen=True)
class RaceResult:
    """A run, and how much of it is shown.

    Attributes
    ----------
    path : Path
    at : int
        So many steps are shown.
    place, gradient, step : array, shape (2,)
        Here, the gradient here, and where the next step leads from here; NaN at the end of a run.
    kept : dict of arrays, shape (2,)
        What the optimizer keeps, with this gradient taken in.
    rates : array, shape (2,)
        The next step along each axis, divided by the gradient there, with the sign turned: the rate of each weight.
    """

    path: Path
    at: int
    place: Array
    gradient: Array
    step: Array
    kept: dict[str, Array]
    rates: Array

    @property
    def arrived(self) -> int | None:
        """The step of the arrival, as soon as it is shown."""
        there = self.path.arrived
        return there if there is not None and there <= self.at else None

    @property
    def exploded(self) -> bool:
        """Whether the explosion is shown."""
        return self.path.exploded and self.at == self.path.last


@lru_cache(maxsize=4)
def noise(count: int) -> Array:
    """The noise on the gradient of each step, shape (count, 2); the same in every run, so that a race is fair."""
    return NOISE * np.random.default_rng(18).normal(size=(count, 2))


@lru_cache(maxsize=32)
def run(course: Course, rule: str, knobs: Knobs, own: OwnStep | None) -> Path:
    """Let an optimizer go from the start of a course until it has made all steps or has exploded.

    Parameters
    ----------
    course : Course
    rule : str
        One of `RULES`, or "yours".
    knobs : Knobs
        Those that the rule does not use count nothing.
    own : OwnStep or None
        The learner's own step, for "yours".
    """
    count = MOST if course.own is None and own is None else MOST // 3
    steps = _own_steps if rule == "yours" else _steps
    places, gradients, kept = steps(course, rule, knobs, own, count)
    with np.errstate(all="ignore"):
        if course.own is None:
            heights = np.asarray(course.height(places[:, 0], places[:, 1]), float)
        else:
            heights = np.array([course.height(float(x), float(y)) for x, y in places])
    names = [name for name, _, _ in KEPT.get(rule, ())]
    return Path(
        places=places,
        heights=heights,
        gradients=gradients,
        kept={name: np.array(kept[i]).reshape(-1, 2) for i, name in enumerate(names)},
        exploded=bool(not np.isfinite(places[-1]).all() or np.abs(places[-1]).max() > FAR),
        arrived=_arrival(places, course.lowest),
    )


Steps = tuple[Array, Array, list[list[Array]]]


def _steps(course: Course, rule: str, knobs: Knobs, own: OwnStep | None, count: int) -> Steps:
    """Places, gradients, and what is kept, step by step, by an optimizer of the library."""
    w = Parameter(np.array(course.start, float))
    optimizer, slope = made(rule, knobs, w), course.slope
    places, gradients = [w.data.copy()], []
    state = optimizer.flats[0].state
    kept: list[list[Array]] = [[] for _ in state]
    extra = noise(count) if course.noisy else np.zeros((count, 2))
    for t in range(count):
        gradient = np.array(slope(*w.data.tolist())) + course.times * extra[t]
        if not np.isfinite(gradient).all():
            break
        w.grad = gradient
        optimizer.step()
        gradients.append(gradient)
        places.append(w.data.copy())
        for rows, array in zip(kept, state, strict=True):
            rows.append(array.copy())
        if np.abs(places[-1]).max() > FAR:
            break
    return np.array(places), np.array(gradients).reshape(-1, 2), kept


def _own_steps(course: Course, rule: str, knobs: Knobs, own: OwnStep | None, count: int) -> Steps:
    """The same by a learner's own step."""
    step = OwnStep(signs) if own is None else own
    w, slope, state = np.array(course.start, float), course.slope, dict[str, Any]()
    places, gradients = [w], []
    extra = noise(count) if course.noisy else np.zeros((count, 2))
    for t in range(count):
        gradient = np.array(slope(*w.tolist())) + course.times * extra[t]
        if not np.isfinite(gradient).all():
            break
        w = step(w, gradient, state)
        gradients.append(gradient)
        places.append(w)
        if not np.abs(w).max() <= FAR:
            break
    return np.array(places), np.array(gradients).reshape(-1, 2), []


def _arrival(places: Array, lowest: Array) -> int | None:
    if not len(lowest) or not np.isfinite(places).all():
        return None
    far = np.linalg.norm(places[:, None] - lowest, axis=2).min(axis=1) > RING
    outside = np.flatnonzero(far)
    arrived = int(outside[-1]) + 1 if len(outside) else 0
    return arrived if arrived < len(places) else None
