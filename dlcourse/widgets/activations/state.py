"""The state of `ActivationZoo`: which activations, the marked x, and how deep a stack of layers is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from dlcourse.activations import ZOO, identity
from dlcourse.live.widget import Widget, choice, slider, state, toggle
from dlcourse.widgets.activations import numbers
from dlcourse.widgets.activations.numbers import CURVE, DEEPEST, Curve, ZooResult

__all__ = ["ZooState"]

BOTTOMS = (-4, -8, -16, -24, -40, -64, -128)
TOPS = (1, 4, 8, 16, 32)


@dataclass(frozen=True, eq=False)
class ZooState(Widget):
    """Fields, controls and numbers; `ActivationZoo` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"function": "activation"}

    activation: str = choice("sigmoid", (*ZOO, "yours"), label="activation")
    beside: str = choice("none", ("none", *ZOO), label="beside it")
    x: float = slider(0.0, -400.0, 400.0, step=0.1, label="x")
    reach: str = choice("4", ("4", "40", "400"), label="x from − to +")
    everyone: bool = toggle(False, label="all others, faint")
    layers: int = slider(10, 1, DEEPEST, label="layers")
    stretch: float = slider(1.0, 0.5, 2.0, step=0.01, label="weights stretch by")
    function: Callable[[Any], Any] | None = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.function is not None:
            numbers.check(self.function)
        far = self.far
        object.__setattr__(self, "x", min(max(self.x, -far), far))

    @property
    def far(self) -> float:
        """The curves are shown from −far to far."""
        return float(self.reach)

    @property
    def names(self) -> tuple[str, ...]:
        """The one or two chosen ones."""
        return (self.activation,) if self.beside in ("none", self.activation) else (self.activation, self.beside)

    def activation_of(self, name: str) -> Callable[[Any], Any]:
        """The activation of that name."""
        return self.function or identity if name == "yours" else ZOO[name]

    @property
    def powers(self) -> tuple[int, int]:
        """Lowest and highest power of ten of the axes of the layers."""
        with np.errstate(all="ignore"):
            deep = np.concatenate([
                np.log10(line) for name in self.names for line in numbers.deep(self.activation_of(name), self.layers, self.stretch)
            ])  # fmt: skip
        deep = deep[np.isfinite(deep)]
        low, high = (float(deep.min()), float(deep.max())) if len(deep) else (0.0, 0.0)
        return (
            next((bottom for bottom in BOTTOMS if 0.9 * bottom < low), BOTTOMS[-1]),
            next((top for top in TOPS if top > high), TOPS[-1]),
        )

    def compute(self) -> ZooResult:
        others = tuple(
            numbers.curve(function, self.far * CURVE)
            for name, function in ZOO.items()
            if self.everyone and name not in self.names
        )
        return ZooResult(chosen=tuple(self.measured(name) for name in self.names), others=others)

    def measured(self, name: str) -> Curve:
        """All that is shown of one activation."""
        function = self.activation_of(name)
        x = self.far * CURVE
        with np.errstate(all="ignore"):
            f, slope = numbers.curve(function, x)
            at, slope_at = numbers.curve(function, np.array([self.x], float))
        signal, gradient = numbers.deep(function, self.layers, self.stretch)
        return Curve(
            x=x, f=f, slope=slope, at=float(at[0]), slope_at=float(slope_at[0]), signal=signal, gradient=gradient
        )

    def background(self) -> Hashable:
        return (self.names, id(self.function), self.far, self.everyone, self.hides)

    def slider_ends(self) -> Mapping[str, tuple[float, float]]:
        return {"x": (-self.far, self.far)}

    def can_step(self) -> bool:
        """Whether there is room for one more layer."""
        return self.layers < DEEPEST

    def step(self) -> Self:
        """One layer more."""
        return self.replace(layers=self.layers + 1) if self.can_step() else self
