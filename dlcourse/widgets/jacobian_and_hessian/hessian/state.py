"""The state of `HessianMatrix`: a network, a layer of it, and two of that layer's weights."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from dlcourse.live.widget import slider, state
from dlcourse.widgets.chain.numbers import Place
from dlcourse.widgets.chain.state import WeightState
from dlcourse.widgets.jacobian_and_hessian.hessian.numbers import HessianResult, curved

__all__ = ["HessianState"]


@dataclass(frozen=True, eq=False)
class HessianState(WeightState):
    """Fields, controls and numbers; `HessianMatrix` adds picture, words and hand."""

    depth: int = slider(1, 1, 10, label="hidden layers")
    to: int = slider(1, 1, 12, label="to neuron i", advanced=True)
    source: int = slider(1, 1, 12, label="from neuron j", advanced=True)
    other: int = state(0)

    def compute(self) -> HessianResult:
        return curved(
            self.sizes, self.activation, self.seed, self.model, self.edits, tuple(map(float, self.example)),
            self.place[0], self.end,
        )  # fmt: skip

    @property
    def pair(self) -> int:
        """The column: the second weight, in the slides' order."""
        return min(self.other, self.sizes[self.place[0]] * self.sizes[self.place[0] + 1] - 1)

    @property
    def second(self) -> Place:
        """The weight of the column, as (layer, j, i)."""
        layer, inputs = self.place[0], self.sizes[self.place[0]]
        return layer, self.pair % inputs, self.pair // inputs

    @property
    def row(self) -> int:
        """The row: the chosen weight, in the slides' order."""
        layer, j, i = self.place
        return i * self.sizes[layer] + j

    def background(self) -> Hashable:
        layer = self.place[0]
        return self.hides, layer, self.sizes[layer], self.sizes[layer + 1]
