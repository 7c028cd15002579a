"""Paths, the widget of lesson 07: every way from a weight to an output, and the slide's derivation with live numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calculus import Work
from dlcourse.errors import ArgumentError, DataError, WrongTypeError
from dlcourse.layers.module import Sequential
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state, toggle
from dlcourse.tensor import Tensor
from dlcourse.widgets.when_things_get_intense import picture, words
from dlcourse.widgets.when_things_get_intense.network import places
from dlcourse.widgets.when_things_get_intense.numbers import (
    ACTIVATIONS,
    DEEPEST,
    Edits,
    Own,
    PathsResult,
    Place,
    built,
    counted,
    measured,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Paths"]

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
class Paths(Widget):
    """From one weight to one output of a network: all paths, the derivation of the slides, Jacobian and Hessian.

    Parameters
    ----------
    model : Sequential, optional
        Your own network of dense layers and activations; it is copied, in float64.
    x : array, shape (K,), optional
        Your own example.
    covered : bool
        Answers stay hidden until a prediction was made.

    Examples
    --------
    >>> found = Paths(depth=3, width=4).compute()
    >>> found.count, abs(found.found.total - found.gradient) < 1e-12
    (16, True)
    """

    title: ClassVar[str] = "Paths"
    size: ClassVar[tuple[float, float]] = (7.2, 5.2)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 8.2)
    smallest_scale: ClassVar[float] = 0.5  # places in the picture are in inches, so it is made smaller as a whole
    steps_per_second: ClassVar[float] = 5.0

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
    covered: bool = state(False)
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

    # Numbers

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
    def hides(self) -> bool:
        """Whether the answer is still covered."""
        return self.covered and not self.prediction

    @property
    def as_slide(self) -> bool:
        """Whether the weight is one layer before the output, as on the slide."""
        return self.place[0] == len(self.sizes) - 3

    @property
    def last(self) -> int:
        """How far Step goes: to the last path, the last line, the deepest network."""
        if self.view == "paths":
            found = self.compute().found
            return len(found) if found else 0
        return {"derivation": len(words.LINES), "count": len(self.works)}.get(self.view, 0)

    @cached_property
    def works(self) -> tuple[Work, ...]:
        """Paths and multiplications for 1, 2, … hidden layers."""
        return counted(self.sizes, None if self.model is not None else DEEPEST)

    @cached_property
    def measured(self) -> PathsResult:
        """Computed once."""
        found = measured(self.network, self.example, self.place, self.end, self.h, self.view)
        return dataclasses.replace(found, works=self.works if self.view == "count" else ())

    def compute(self) -> PathsResult:
        return self.measured

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

    # Hand

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

    def pointer(self, event: Pointer) -> Self:
        if event.kind != "down" or self.hides:
            return self
        if event.axes == "network":
            return self._touch(event.x, event.y)
        if event.axes == "products" and self.compute().found:
            return self.replace(shown=int(np.clip(round(event.x), 1, self.last)))
        if event.axes == "count" and self.model is None:
            return self.replace(depth=int(np.clip(round(event.x), 1, 10)))
        if event.axes == "jacobian":
            return self.replace(output=int(np.clip(round(event.y), 0, self.sizes[-1] - 1)) + 1)
        if event.axes == "hessian":
            inputs = self.sizes[self.place[0]]
            most = inputs * self.sizes[self.place[0] + 1] - 1
            row, column = (int(np.clip(round(v), 0, most)) for v in (event.y, event.x))
            return self.choose(self.place[0], row % inputs, row // inputs).replace(other=column)
        return self

    def _touch(self, x: float, y: float) -> Self:
        """The output or the weight that is nearest to a place in the picture of the network."""
        at = places(self.sizes)
        for o, (ox, oy) in enumerate(at[-1]):
            if np.hypot(ox - x, oy - y) < 0.05:
                return self if o == self.end else self.replace(output=o + 1, shown=0)
        best, nearest = None, 0.06
        for layer, (left, right) in enumerate(zip(at, at[1:], strict=False)):
            for j, a in enumerate(left):
                for i, b in enumerate(right):
                    along = np.clip(np.dot((x, y) - a, b - a) / np.dot(b - a, b - a), 0, 1)
                    away = float(np.hypot(*(a + along * (b - a) - (x, y))))
                    if away < nearest:
                        best, nearest = (layer, j, i), away
        return self if best is None else self.choose(*best)

    def key(self, key: str) -> Self:
        if self.hides:
            return self
        (layer, j, i), sizes = self.place, self.sizes
        if key in ("ArrowLeft", "ArrowRight"):
            moved = min(max(layer + (1 if key == "ArrowRight" else -1), 0), len(sizes) - 2)
            return self.choose(moved, min(j, sizes[moved] - 1), min(i, sizes[moved + 1] - 1))
        if key in ("ArrowUp", "ArrowDown", "i"):
            return self.choose(layer, j, (i + (-1 if key == "ArrowUp" else 1)) % sizes[layer + 1])
        if key == "j":
            return self.choose(layer, (j + 1) % sizes[layer], i)
        if key == "o":
            return self.replace(output=(self.end + 1) % sizes[-1] + 1, shown=0)
        if key in (",", "."):
            number = sizes[layer] * sizes[layer + 1]
            return self.replace(other=(self.pair + (1 if key == "." else -1)) % number)
        if key in ("+", "-"):
            return self.edit(0.1 if key == "+" else -0.1)
        if key in ("Delete", "Backspace"):
            return self.replace(edits=())
        return self.step() if key in ("Enter", " ") else self

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
    def seen(self) -> int:
        """How many paths or lines have been shown."""
        return min(self.shown, self.last)

    # Words and code

    def describe(self, result: PathsResult) -> str:
        return words.sentence(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: PathsResult) -> dict[str, Any]:
        if self.view == "count":
            return {"counts": [(w.paths, w.by_paths, w.by_backward) for w in result.works]}
        if self.view == "Jacobian":
            return {"J": result.jacobian, "eigenvalues": result.stretches}
        if self.view == "Hessian":
            return {"H": result.hessian}
        found: dict[str, Any] = {"by_backward": result.gradient, "by_difference": result.difference}
        if result.found is not None:
            found["by_paths"] = result.found.total
        return found

    # Picture

    def background(self) -> Hashable:
        layer, ends = self.place[0], (self.sizes[0], self.sizes[-1])
        extra: Hashable = {
            "derivation": (layer, self.as_slide, self.printed, self.sizes[layer]),
            "count": (self.width, self.model, ends),
            "Jacobian": ends,
            "Hessian": (layer, self.sizes[layer], self.sizes[layer + 1]),
        }.get(self.view)
        return self.view, self.hides, extra

    def draw(self, figure: Figure) -> dict[str, Any]:
        return picture.draw(self, figure)

    def paint(self, artists: dict[str, Any], result: PathsResult) -> None:
        picture.paint(self, artists, result)
