"""A chain of dense layers as the state of a widget: its shape, its input, and the weight and the output one looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import ArgumentError
from dlcourse.layers.module import Sequential
from dlcourse.live.widget import Widget, action, choice, slider, state
from dlcourse.widgets.chain.numbers import ACTIVATIONS, EXAMPLE, Edits, Own, Place, built, one_example

__all__ = ["ChainState", "WeightState"]


@dataclass(frozen=True, eq=False)
class ChainState(Widget):
    """The network: the course's, or the learner's own with an example."""

    activation: str = choice("sigmoid", ACTIVATIONS, label="activation")
    depth: int = slider(3, 1, 10, label="hidden layers")
    width: int = slider(3, 1, 10, label="neurons in each")
    x1: float = slider(EXAMPLE[0], -3.0, 3.0, step=0.1, label="input x₁")
    output: int = slider(1, 1, 12, label="output", advanced=True)
    seed: int = state(129)
    model: Any = state(None)
    x: Any = state(EXAMPLE)

    def __post_init__(self) -> None:
        super().__post_init__()
        owner = type(self).__name__
        x = one_example(self.x, owner)
        if self.model is not None and not isinstance(self.model, Own):
            if self.x is EXAMPLE:
                raise ArgumentError(f"{owner}: give an example for your own model too, x=[…].")
            self._set(model=Own.of(self.model, x, owner), x1=float(x[0]))
        self._set(x=tuple(map(float, x)) if self.x is not EXAMPLE else EXAMPLE)

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons in each layer, inputs first."""
        return self.model.sizes if self.model is not None else (len(self.x), *[self.width] * self.depth, 2)

    @property
    def example(self) -> Array:
        """The input, shape (K,)."""
        return np.array([self.x1, *self.x[1:]])

    @property
    def edits(self) -> Edits:
        """What was added to weights by hand: nothing, where no weight can be turned."""
        return ()

    @property
    def network(self) -> Sequential:
        """The network with what was changed by hand."""
        return built(self.sizes, self.activation, self.seed, self.model, self.edits)

    @property
    def end(self) -> int:
        """The output, counted from 0."""
        return min(self.output, self.sizes[-1]) - 1

    def slider_ends(self) -> dict[str, tuple[int, int]]:
        """A network has the outputs that it has, and no others."""
        return {"output": (1, self.sizes[-1])}

    def absent_controls(self) -> set[str]:
        """A learner's own network keeps its layers, activations and weights."""
        return {"activation", "depth", "width", "shuffle"} if self.model is not None else set()

    @action("New weights")
    def shuffle(self) -> Self:
        """Draw other weights (a learner's own stay)."""
        return self if self.model is not None else self.replace(seed=self.seed + 1)


@dataclass(frozen=True, eq=False)
class WeightState(ChainState):
    """One weight is looked at, and can be turned."""

    layer: int = slider(1, 1, 11, label="weight: layer", advanced=True)
    to: int = slider(2, 1, 12, label="to neuron i", advanced=True)
    source: int = slider(3, 1, 12, label="from neuron j", advanced=True)
    turned: Edits = state(())

    @property
    def edits(self) -> Edits:
        return self.turned

    @property
    def place(self) -> Place:
        """The weight as (layer, j, i), counted from 0 and within the network."""
        layer = min(self.layer, len(self.sizes) - 1) - 1
        return layer, min(self.source, self.sizes[layer]) - 1, min(self.to, self.sizes[layer + 1]) - 1

    def slider_ends(self) -> dict[str, tuple[int, int]]:
        """A network has the layers and neurons that it has, and no others."""
        layer = self.place[0]
        ends = {"layer": len(self.sizes) - 1, "source": self.sizes[layer], "to": self.sizes[layer + 1]}
        return super().slider_ends() | {name: (1, high) for name, high in ends.items()}

    @action("New weights")
    def shuffle(self) -> Self:
        """Draw other weights, and forget what was turned by hand (a learner's own weights stay)."""
        return self if self.model is not None else self.replace(seed=self.seed + 1, turned=())

    def choose(self, layer: int, j: int, i: int) -> Self:
        """Take another weight, counted from 0."""
        chosen = self.replace(layer=layer + 1, source=j + 1, to=i + 1)
        return self if chosen.place == self.place else chosen

    def look_at(self, output: int) -> Self:
        """Take another output, counted from 0."""
        return self if output == self.end else self.replace(output=output + 1)

    def turn(self, change: float) -> Self:
        """Add to the chosen weight."""
        known = dict(self.turned)
        known[self.place] = round(known.get(self.place, 0.0) + change, 6)
        return self.replace(turned=tuple(sorted(known.items())))
