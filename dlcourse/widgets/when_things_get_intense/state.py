"""The state of `Paths`: which view, which weight, which output, and how far one has stepped."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calculus import Work
from dlcourse.errors import ArgumentError, DataError, WrongTypeError
from dlcourse.layers.module import Sequential
from dlcourse.live.widget import Widget, action, choice, slider, state, toggle
from dlcourse.tensor import Tensor
from dlcourse.widgets.when_things_get_intense.numbers import (
    ACTIVATIONS,
    DEEPEST,
    DERIVATION_LINES,
    Edits,
    Own,
    PathsResult,
    Place,
    built,
    measured,
    works_by_depth,
)

__all__ = ["VIEWS", "PathsState"]

VIEWS = ("paths", "derivation", "count", "Jacobian", "Hessian")
UNSEEN: dict[str, set[str]] = {
    "paths": {"printed"},
    "derivation": set(),
    "count": {"activation", "x1", "h", "printed", "layer", "source", "to", "output"},
    "Jacobian": {"printed", "layer", "source", "to"},
    "Hessian": {"h", "printed"},
}
"""Controls that a view has no use for."""
EXAMPLE = (1.0, -0.5, 0.8, 2.0)


@dataclass(frozen=True, eq=False)
class PathsState(Widget):
    """Fields, controls and numbers; `Paths` adds picture, words and hand."""

    view: str = choice("paths", VIEWS, label="show")
    activation: str = choice("sigmoid", ACTIVATIONS, label="activation")
    depth: int = slider(3, 1, 10, label="hidden layers")
    width: int = slider(3, 1, 10, label="neurons in each")
    x1: float = slider(EXAMPLE[0], -3.0, 3.0, step=0.1, label="input x₁")
    h: float = slider(1e-3, 1e-9, 1.0, step=0.1, log=True, label="h")
    printed: bool = toggle(False, label="derivation as printed on the slide")
    layer: int = slider(1, 1, 11, label="weight: layer", advanced=True)
    to: int = slider(2, 1, 12, label="to neuron i", advanced=True)
    source: int = slider(3, 1, 12, label="from neuron j", advanced=True)
    output: int = slider(1, 1, 12, label="output", advanced=True)
    seed: int = state(129)
    edits: Edits = state(())
    shown: int = state(0)
    other: int = state(0)
    model: Any = state(None)
    x: Any = state(EXAMPLE)

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            x = np.asarray(self.x.data if isinstance(self.x, Tensor) else self.x, dtype=float)
        except (TypeError, ValueError):
            raise WrongTypeError(f"Paths: x should be one example, an array of shape (K,), not {self.x!r}.") from None
        if x.ndim != 1 or not np.isfinite(x).all():
            raise DataError(f"Paths: x should be one example of finite numbers, shape (K,), not {self.x!r}.")
        if self.model is not None and not isinstance(self.model, Own):
            if self.x is EXAMPLE and self.model is not None:
                raise ArgumentError("Paths: give an example for your own model too, x=[…].")
            self._set(model=Own.of(self.model, x), x1=float(x[0]))
        self._set(x=tuple(map(float, x)) if self.x is not EXAMPLE else EXAMPLE)

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons in each layer, inputs first."""
        if self.model is not None:
            return (len(self.x), *(len(link.bias) for link in self.model.links))
        return (len(self.x), *[self.width] * self.depth, 2)

    @property
    def example(self) -> Array:
        """The input, shape (K,)."""
        return np.array([self.x1, *self.x[1:]])

    @property
    def place(self) -> Place:
        """The weight as (layer, j, i), counted from 0 and within the network."""
        layer = min(self.layer, len(self.sizes) - 1) - 1
        return layer, min(self.source, self.sizes[layer]) - 1, min(self.to, self.sizes[layer + 1]) - 1

    @property
    def end(self) -> int:
        """The output, counted from 0."""
        return min(self.output, self.sizes[-1]) - 1

    def slider_ends(self) -> dict[str, tuple[int, int]]:
        """A network has the layers, neurons and outputs that it has, and no others."""
        layer = self.place[0]
        ends = {"layer": len(self.sizes) - 1, "source": self.sizes[layer], "to": self.sizes[layer + 1]}
        return {name: (1, high) for name, high in (ends | {"output": self.sizes[-1]}).items()}

    def idle_controls(self) -> set[str]:
        """What the view does not look at, and the shape of an own network."""
        own = {"activation", "depth", "width"} if self.model is not None else set()
        if self.view == "derivation" and not self.as_slide:
            own.add("printed")
        return own | UNSEEN[self.view]

    @property
    def network(self) -> Sequential:
        """The network with what was changed by hand."""
        return built(self.sizes, self.activation, self.seed, self.model, self.edits)

    @property
    def as_slide(self) -> bool:
        """Whether the weight is one layer before the output, as on the slide."""
        return self.place[0] == len(self.sizes) - 3

    @property
    def last(self) -> int:
        """How far Step goes: to the last path, the last line, the deepest network."""
        if self.view == "paths":
            paths = self.compute().paths
            return len(paths) if paths else 0
        return {"derivation": DERIVATION_LINES, "count": len(self.works)}.get(self.view, 0)

    @property
    def works(self) -> tuple[Work, ...]:
        """Paths and multiplications for 1, 2, … hidden layers."""
        return works_by_depth(self.sizes, None if self.model is not None else DEEPEST)

    def compute(self) -> PathsResult:
        return _measured(
            self.sizes, self.activation, self.seed, self.model, self.edits, tuple(map(float, self.example)),
            self.place, self.end, self.h, self.view,
        )  # fmt: skip

    def can_step(self) -> bool:
        """Whether this view has a next line, path or depth."""
        return self.model is None if self.view == "count" else not self.hides and self.shown < self.last

    def step(self) -> Self:
        """The next path, the next line of the derivation, or one more hidden layer; after the deepest network, one layer."""
        if not self.can_step():
            return self
        if self.view == "count":
            return self.replace(depth=self.depth % 10 + 1)
        return self.replace(shown=min(self.shown + max(1, self.last // 64), self.last))

    @action("New weights")
    def shuffle(self) -> Self:
        """Draw other weights (a learner's own stay)."""
        return self if self.model is not None else self.replace(seed=self.seed + 1, edits=(), shown=0)

    def choose(self, layer: int, j: int, i: int) -> Self:
        """Take another weight, counted from 0; the paths are followed anew."""
        chosen = self.replace(layer=layer + 1, source=j + 1, to=i + 1)
        if chosen.place == self.place:
            return self
        return chosen if self.view == "derivation" else chosen.replace(shown=0)

    def edit(self, change: float) -> Self:
        """Add to the chosen weight."""
        known = dict(self.edits)
        known[self.place] = round(known.get(self.place, 0.0) + change, 6)
        return self.replace(edits=tuple(sorted(known.items())))

    @property
    def pair(self) -> int:
        """The second weight of the Hessian, in the slides' order."""
        return min(self.other, self.sizes[self.place[0]] * self.sizes[self.place[0] + 1] - 1)

    @property
    def row(self) -> int:
        """The chosen weight's row in the Hessian."""
        layer, j, i = self.place
        return i * self.sizes[layer] + j

    @property
    def reached(self) -> int:
        """How many paths or lines have been shown."""
        return min(self.shown, self.last)

    def background(self) -> Hashable:
        layer, ends = self.place[0], (self.sizes[0], self.sizes[-1])
        extra: Hashable = {
            "derivation": (layer, self.as_slide, self.printed, self.sizes[layer]),
            "count": (self.width, self.model, ends),
            "Jacobian": ends,
            "Hessian": (layer, self.sizes[layer], self.sizes[layer + 1]),
        }.get(self.view)
        return self.view, self.hides, extra


@lru_cache(maxsize=8)
def _measured(
    sizes: tuple[int, ...], activation: str, seed: int, model: Own | None, edits: Edits, example: tuple[float, ...],
    place: Place, end: int, h: float, view: str,
) -> PathsResult:  # fmt: skip
    """What a view tells; one view, one state and one picture ask for it several times."""
    network = built(sizes, activation, seed, model, edits)
    result = measured(network, np.array(example), place, end, h, view)
    if view != "count":
        return result
    return dataclasses.replace(result, works=works_by_depth(sizes, None if model is not None else DEEPEST))
