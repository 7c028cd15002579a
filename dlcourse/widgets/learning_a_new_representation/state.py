"""The state of `Representation`: which network, which points, how far on the way, and how the view is turned."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from dlcourse.layers.module import Sequential
from dlcourse.live.own import as_it_is_now
from dlcourse.live.widget import Widget, choice, slider, state
from dlcourse.widgets.learning_a_new_representation import layers
from dlcourse.widgets.learning_a_new_representation.numbers import RepresentationResult, checked_points, on_the_way
from dlcourse.widgets.learning_a_new_representation.scene import Scene, scene
from dlcourse.widgets.learning_a_new_representation.training import (
    EVERY,
    NETWORKS,
    PROBLEMS,
    STEPS,
    Problem,
    made,
    problem,
)

__all__ = ["RepresentationState"]

REST = 30
"""Steps that Play stays at either end."""

_made = lru_cache(maxsize=64)(made)
_scene = lru_cache(maxsize=64)(scene)


@dataclass(frozen=True, eq=False)
class RepresentationState(Widget):
    """Fields, controls and numbers; `Representation` adds picture, words and hand."""

    way: float = slider(0.0, 0.0, 1.0, step=0.01, label="way through")
    network: str = choice("2", (*NETWORKS, "yours"), label="hidden neurons")
    data: str = choice("disc in ring", (*PROBLEMS, "yours"), label="points")
    seed: int = slider(0, 0, 19, label="seed")
    turn: int = slider(0, -180, 180, step=5, label="turn the view")
    steps: int = slider(STEPS, 0, STEPS, step=EVERY, label="training steps")
    model: Any = state(None)
    points: Any = state(None)
    own_model: Sequential | None = state(None)
    own_points: Problem | None = state(None)
    """The learner's network and points as they were when the widget was made."""
    grabbed: tuple[float, int] | None = state(None)
    """Where the view was grabbed, and how it was turned at that moment."""
    back: bool = state(False)
    """Whether Play travels back to the input."""
    rest: int = state(0)
    """For how many more steps Play stands still at an end."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._set(steps=EVERY * round(self.steps / EVERY))  # a number box takes any
        if self.model is not None and self.own_model is None:
            layers.check_model("Representation", self.model)
            self._set(own_model=as_it_is_now(self.model, owner="Representation"), network="yours")
        if self.points is not None and self.own_points is None:
            self._set(own_points=checked_points(self.points), data="yours")

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def replace(self, **changes: Any) -> Self:
        """As for every widget; another seed or number of steps means another network than your own."""
        new = super().replace(**changes)
        if self.shows_own_model and new.network == "yours" and (new.seed, new.steps) != (self.seed, self.steps):
            width = len(self.scene.legs[-1].order)
            new = super(RepresentationState, new).replace(network=str(width))
        return new

    @property
    def shows_own_model(self) -> bool:
        """Whether the network is the learner's."""
        return self.network == "yours" and self.own_model is not None

    @property
    def shows_own_points(self) -> bool:
        """Whether the points are the learner's."""
        return self.data == "yours" and self.own_points is not None

    @property
    def data_name(self) -> str:
        """Whose points are shown, as long as the learner has given none."""
        return "disc in ring" if self.data == "yours" else self.data

    @property
    def problem(self) -> Problem:
        """The points that are shown."""
        if self.data == "yours" and self.own_points is not None:
            return self.own_points
        return problem(self.data_name)

    @property
    def widths(self) -> tuple[int, ...]:
        """Neurons in each hidden layer of a network that is made here."""
        return NETWORKS["3" if self.network == "yours" else self.network]

    @property
    def trained(self) -> Sequential:
        """The network that is shown."""
        if self.network == "yours" and self.own_model is not None:
            return self.own_model
        return _made(self.problem, self.widths, self.seed, self.steps)

    @property
    def scene(self) -> Scene:
        """What there is to see of this network and these points, at every layer."""
        return _scene(self.trained, self.problem)

    def compute(self) -> RepresentationResult:
        return on_the_way(self.scene, self.way)

    def background(self) -> Hashable:
        return (id(self.problem), self.scene.deep)

    def step(self) -> Self:
        """A little further on the way, from the input to the end and, after a rest, back again."""
        if self.rest and self.way in (0.0, 1.0):
            return self.replace(rest=self.rest - 1)
        back = self.way >= 1 or (self.back and self.way > 0)
        way = round(self.way + (-0.01 if back else 0.01), 2)
        return self.replace(way=way, back=back, rest=REST if way in (0.0, 1.0) else 0)
