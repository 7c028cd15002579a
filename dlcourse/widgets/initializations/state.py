"""The state of `InitExplorer`: how the weights are drawn, the network, and how far it has been trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dlcourse.live.widget import Widget, action, choice, slider, state
from dlcourse.widgets.initializations.formula import ACTIVATIONS
from dlcourse.widgets.initializations.numbers import (
    FARTHEST,
    LAST,
    NAMES,
    InitResult,
    Plan,
    Run,
    begun,
    check_initializer,
    explore,
    reach,
    trained,
)

__all__ = ["InitState"]

DEEPEST = 50
HALF_FIXED = ("constant", "orthogonal", "yours")
"""Weights that are drawn in one way only."""


@dataclass(frozen=True, eq=False)
class InitState(Widget):
    """Fields, controls and numbers; `InitExplorer` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"initializer": "weights"}

    weights: str = choice("LeCun", (*NAMES, "yours"), label="weights")
    scale: float = slider(1.0, 0.5, 2.0, step=0.05, label="times")
    activation: str = choice("tanh", tuple(ACTIVATIONS), label="activation")
    depth: int = slider(30, 1, DEEPEST, label="hidden layers")
    layer: int = slider(30, 1, DEEPEST, label="layer looked at")
    width: int = slider(64, 16, 128, step=16, label="neurons in each", advanced=True)
    distribution: str = choice("normal", ("normal", "uniform"), label="distribution", advanced=True)
    seed: int = state(0)
    initializer: Any = state(None)
    about_training: bool = state(False)
    """It is shown with a question about training, so the cover hides nothing of what is there before."""
    run: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.initializer is not None:
            check_initializer(self.initializer)
        if self.layer > self.depth:  # the slider has no idle part
            object.__setattr__(self, "layer", self.depth)

    @property
    def kind(self) -> str:
        """How the weights are drawn, where none of the learner's own were given."""
        return "He" if self.weights == "yours" and self.initializer is None else self.weights

    @property
    def plan(self) -> Plan:
        """What the network begins with; a setting that changes nothing is left out."""
        drawn = self.kind not in ("zeros", *HALF_FIXED)
        return Plan(
            weights=self.kind,
            distribution=self.distribution if drawn else "normal",
            scale=1.0 if self.kind == "zeros" else self.scale,
            activation=self.activation,
            depth=self.depth,
            width=self.width,
            seed=0 if self.kind in ("zeros", "constant") else self.seed,
            initializer=self.initializer if self.kind == "yours" else None,
        )

    @property
    def present(self) -> Run:
        """The network as it is now."""
        plan = self.plan
        return self.run if self.run is not None and self.run.plan == plan else begun(plan)

    @property
    def hides_spread(self) -> bool:
        """Whether the layers behind the first one are still covered."""
        return self.hides and not self.about_training

    @property
    def powers(self) -> int:
        """The axis of spreads reaches so many powers of ten up and down."""
        return FARTHEST if self.hides_spread else reach(self.present)

    def compute(self) -> InitResult:
        return explore(self.present, self.layer)

    def slider_ends(self) -> dict[str, tuple[float, float]]:
        """No layer behind the last one."""
        return {"layer": (1, self.depth)}

    def idle_controls(self) -> tuple[str, ...]:
        """Zeros stay zeros, and some weights are drawn in one way only."""
        if self.kind == "zeros":
            return ("scale", "distribution", "new_weights")
        fixed = ("distribution",) if self.kind in HALF_FIXED else ()
        return (*fixed, "new_weights") if self.kind == "constant" else fixed

    def can_step(self) -> bool:
        """Whether training goes on."""
        return self.present.updates < LAST and not self.present.burst

    def step(self) -> Self:
        """Two more minibatches."""
        return self.replace(run=trained(self.present)) if self.can_step() else self

    def look_at(self, layer: int) -> Self:
        """With another layer looked at, or the nearest there is."""
        layer = min(max(layer, 1), self.depth)
        return self if layer == self.layer else self.replace(layer=layer)

    @action("New weights")
    def new_weights(self) -> Self:
        """Draw other random weights."""
        return self if "new_weights" in self.idle_controls() else self.replace(seed=self.seed + 1, run=None)

    @action("Untrained")
    def untrained(self) -> Self:
        """The same weights, before the first update."""
        return self.replace(run=None)
