"""The state of `FitAFunction`: which points are seen, which learner is chosen, and what a hand made of the points."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from dlcourse.errors import WrongTypeError
from dlcourse.live.points import Editor, View
from dlcourse.live.widget import Widget, action, choice, slider, state, toggle
from dlcourse.widgets.supervised_learning import learners, numbers
from dlcourse.widgets.supervised_learning.learners import MODELS, Fit, Predict
from dlcourse.widgets.supervised_learning.numbers import VIEWS, FitResult, Pair, Points

__all__ = ["FitState"]


@dataclass(frozen=True, eq=False)
class FitState(Widget):
    """Fields, controls and numbers; `FitAFunction` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"points": "data", "fit": "model"}

    data: str = choice("wave", (*learners.SOURCES, "yours"), label="points")
    model: str = choice("nearest neighbour", (*MODELS, "yours"), label="learner")
    degree: int = slider(9, 0, 15, label="polynomial degree")
    examples: int = slider(12, 2, learners.UNSEEN_FROM, label="seen points")
    unseen: bool = toggle(True, label="unseen points")
    everyone: bool = toggle(False, label="all curves")
    width: int = slider(16, 1, 32, label="neurons of the network", advanced=True)
    steps: int = slider(150, 0, 400, step=10, label="training steps of the network", advanced=True)
    fit: Fit | None = state(None)
    points: Any = state(())
    source: tuple[str, int] = state(("", 0))
    """Where the unseen points of one's own come from: the source, and its seed, that was changed by hand."""
    seed: int = state(0)
    selected: int = state(0)
    grabbed: bool = state(False)
    view: View | None = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.fit is not None and not callable(self.fit):
            raise WrongTypeError(f"FitAFunction: fit should be a function fit(x, y), not {type(self.fit).__name__}.")
        if not (isinstance(self.points, tuple) and self.view is not None):
            points = numbers.check_points(self.points)
            object.__setattr__(self, "points", points)
            object.__setattr__(self, "view", numbers.view_around(points))

    # Points

    @property
    def origin(self) -> tuple[str, int]:
        """The source and the seed of the points; "" for points that are all one's own."""
        return self.source if self.data == "yours" else (self.data, self.seed)

    @property
    def editable(self) -> Points:
        """The points that can be moved: x, y, and 1 where seen."""
        if self.data == "yours":
            return self.points
        x, y = learners.table(self.data, self.seed)
        return tuple((float(a), float(b), 1) for a, b in zip(x[: self.examples], y[: self.examples], strict=True))

    @property
    def unseen_of_source(self) -> Pair:
        """The unseen points that cannot be moved."""
        name, seed = self.origin
        x, y = learners.table(name, seed) if name else (np.zeros(0), np.zeros(0))
        return x[learners.UNSEEN_FROM :], y[learners.UNSEEN_FROM :]

    @property
    def shows_unseen(self) -> bool:
        """Whether the unseen points may be shown."""
        return self.unseen and not self.hides

    @property
    def limits(self) -> View:
        """Left, right, bottom and top of the picture."""
        return self.view if self.data == "yours" and self.view is not None else VIEWS[self.data]

    @property
    def editor(self) -> Editor[tuple[float, float, int]]:
        """The points, for a hand to edit."""
        left, right, bottom, top = self.limits
        decimals = 3 if right - left < 10 else 2
        return Editor(
            self.editable, self.selected, self.limits, reach=0.035, step=0.02,
            digits=(decimals, decimals if top - bottom < 100 else 1),
        )  # fmt: skip

    # Learners

    @property
    def names(self) -> tuple[str, ...]:
        """The learners in the list."""
        return (*MODELS, "yours") if self.fit is not None or self.model == "yours" else MODELS

    def settings(self, name: str) -> tuple[int, ...]:
        """What sliders say of a learner."""
        return {"polynomial": (self.degree,), "network": (self.width, self.steps)}.get(name, ())

    def predictor(self, name: str, seen: tuple[tuple[float, float], ...]) -> Predict:
        """The function that a learner chooses from these examples."""
        if name == "yours" and self.fit is not None:
            x, y = np.array(seen).T
            return learners.call(self.fit, x, y)
        return learners.learned(name, self.settings(name), seen)

    # Numbers

    def compute(self) -> FitResult:
        table = np.array(self.editable, float).reshape(-1, 3)
        x, y, mark = table.T
        more_x, more_y = self.unseen_of_source
        seen = tuple((a, b) for a, b, is_seen in self.editable if is_seen)
        return numbers.compare(
            {name: self.predictor(name, seen) for name in self.names} if seen else {},
            self.model,
            seen=(x[mark > 0], y[mark > 0]),
            unseen=(np.append(more_x, x[mark == 0]), np.append(more_y, y[mark == 0])),
            grid=numbers.grid_of(self.limits),
            tells=self.shows_unseen,
        )

    def background(self) -> Hashable:
        return (self.limits, self.origin, self.data, self.shows_unseen, self.names, self.model)

    def can_step(self) -> bool:
        """Whether there is one more: points of one's own are all there already."""
        return self.data != "yours" and self.examples < learners.UNSEEN_FROM

    def step(self) -> Self:
        """One more example is seen."""
        return self.replace(examples=self.examples + 1) if self.can_step() else self

    def idle_controls(self) -> Collection[str]:
        """How many points of a source are seen says nothing about one's own."""
        return ("examples",) if self.data == "yours" else ()

    # Points, edited

    def edited(self, editor: Editor[tuple[float, float, int]]) -> Self:
        """With what a hand made of the points; they are one's own from then on, and the unseen ones of the source stay."""
        selected = max(editor.selected, 0)
        if editor.points != self.editable:
            return self.replace(
                points=editor.points, source=self.origin, data="yours", selected=selected, view=self.limits
            )  # fmt: skip
        return self if selected == self.selected else self.replace(selected=selected)

    @action("Other points")
    def draw_again(self) -> Self:
        """Other points of the same source."""
        name, seed = self.origin
        return self.replace(data=name, seed=seed + 1) if name else self

    @action("Delete point")
    def remove(self) -> Self:
        """Without the ringed point."""
        return self.edited(self.editor.removed())

    @action("Delete all")
    def clear(self) -> Self:
        """No points at all, in the same view."""
        return self.replace(points=(), source=("", 0), data="yours", selected=0, view=self.limits)
