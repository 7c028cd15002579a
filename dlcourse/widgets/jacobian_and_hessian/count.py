"""PathCount, the first widget of lesson 07b: how many paths there are, and what they cost beside backpropagation."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.calculus import Work, work
from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.numbers import grouped
from dlcourse.live.widget import ARROWS, Pointer, Widget, slider
from dlcourse.widgets.chain.layout import panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["DEEPEST", "Artists", "PathCount"]

DEEPEST = 10
INPUTS, OUTPUTS = 4, 2
CURVES = (
    ("multiplications along the paths, for one derivative", "VERMILLION"),
    ("paths from one weight to one output", "ORANGE"),
    ("multiplications of backpropagation, for all derivatives", "BLUE"),
)


@lru_cache(maxsize=32)
def works(width: int) -> tuple[Work, ...]:
    """Paths and multiplications for 1, 2, … hidden layers of this width."""
    return tuple(work((INPUTS, *[width] * d, OUTPUTS)) for d in range(1, DEEPEST + 1))


def counts(one: Work) -> tuple[int, int, int]:
    """What the three curves show of one network."""
    return one.by_paths, one.paths, one.by_backward


@dataclass(frozen=True)
class Artists:
    """A dot on each curve, its name and number above, and the line through the depth of now."""

    dots: list[Line2D]
    numbers: list[Text]
    cursor: Line2D


@dataclass(frozen=True, eq=False)
class PathCount(Widget):
    """Four inputs, hidden layers, two outputs: paths, multiplications along them, and those of backpropagation.

    Examples
    --------
    >>> PathCount(depth=10, width=10).compute()[-1]
    Work(paths=1000000000, by_paths=20000000000, by_backward=1980)
    """

    title: ClassVar[str] = "Path count"
    size: ClassVar[tuple[float, float]] = (7.2, 4.6)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.6)
    smallest_scale: ClassVar[float] = 0.5
    steps_per_second: ClassVar[float] = 1.0

    depth: int = slider(3, 1, DEEPEST, label="hidden layers")
    width: int = slider(3, 1, 10, label="neurons in each")

    def compute(self) -> tuple[Work, ...]:
        return works(self.width)

    def can_step(self) -> bool:
        """Whether one more layer fits in the picture."""
        return not self.hides and self.depth < DEEPEST

    def step(self) -> Self:
        """One more hidden layer."""
        return self.replace(depth=self.depth + 1) if self.can_step() else self

    def pointer(self, event: Pointer) -> Self:
        if self.hides or event.kind not in ("down", "drag") or event.axes != "count":
            return self
        depth = int(np.clip(round(event.x), 1, DEEPEST))
        return self if depth == self.depth else self.replace(depth=depth)

    def key(self, key: str) -> Self:
        right, up = ARROWS.get(key, (0, 0))
        return (
            self if self.hides or not (right or up) else self.replace(depth=self.depth + right, width=self.width + up)
        )

    def background(self) -> Hashable:
        return self.width, self.hides

    def draw(self, figure: Figure) -> Artists:
        axes = panel(figure, "count", wide=(0.75, 0.55, 6.2, 3.0), narrow=(0.7, 0.6, 3.6, 3.8))
        top = max(max(counts(one)) for one in self.compute()) * 3.0
        axes.set(xlim=(0.6, DEEPEST + 0.4), ylim=(0.7, max(top, 100)), yscale="log", xlabel="hidden layers")
        axes.set_xticks(np.arange(1, DEEPEST + 1))
        axes.minorticks_off()
        axes.grid(axis="y")
        axes.set_title(f"layers of {counted(self.width, 'neuron')}: how many?", fontsize=9, pad=62)
        shown = CURVES[:-1] if self.hides else CURVES
        parts = [
            draw_curve(axes, row, colour, [counts(one)[row] for one in self.compute()])
            for row, (_, colour) in enumerate(shown)
        ]
        (cursor,) = axes.plot([], [], color=style.ink(), lw=1.0, ls=":")
        return Artists([dot for dot, _ in parts], [number for _, number in parts], cursor)

    def paint(self, artists: Artists, result: tuple[Work, ...]) -> None:
        d, one = self.depth, result[self.depth - 1]
        artists.cursor.set_data([d, d], [0.7, max(one.by_paths, one.by_backward)])
        for dot, text, (label, _), value in zip(artists.dots, artists.numbers, CURVES, counts(one), strict=False):
            dot.set_data([d], [value])  # the last is missing while it is covered
            text.set_text(f"{grouped(value)} {label}")

    def describe(self, result: tuple[Work, ...]) -> str:
        one = result[self.depth - 1]
        paths = f"{grouped(one.paths)} path{'s' if one.paths != 1 else ''}"
        head = f"{counted(self.depth, 'hidden layer')} of {self.width}: {paths} from one weight of the first layer to one output"
        if self.hides:
            return head + ". What backpropagation needs is still covered."
        return head + (
            f", {grouped(one.by_paths)} multiplications along them, for this one derivative. Backpropagation has the "
            f"derivatives by all {grouped(self.weights)} weights after {grouped(one.by_backward)}."
        )

    @property
    def weights(self) -> int:
        """How many weights the network has."""
        sizes = (INPUTS, *[self.width] * self.depth, OUTPUTS)
        return sum(k * m for k, m in zip(sizes, sizes[1:], strict=False))

    def code(self) -> str:
        return (
            "from dlcourse.calculus import work\n\n"
            f"works = [work(({INPUTS}, *[{self.width}] * d, {OUTPUTS})) for d in range(1, {DEEPEST + 1})]  # d hidden layers\n"
            "counts = [(w.paths, w.by_paths, w.by_backward) for w in works]\n"
            f"print(counts[{self.depth - 1}])\n"
        )

    def code_results(self, result: tuple[Work, ...]) -> dict[str, Any]:
        return {"counts": [(one.paths, one.by_paths, one.by_backward) for one in result]}


def draw_curve(axes: Axes, row: int, colour: str, values: list[int]) -> tuple[Line2D, Text]:
    """One curve; the dot that moves along it, and above the picture room for its number and its name."""
    look: dict[str, Any] = {"color": style.colour(colour)}
    axes.plot(np.arange(1, len(values) + 1), values, "o-", ms=4, lw=1.8, **look)
    (dot,) = axes.plot([], [], "o", ms=8, **look)
    return dot, axes.annotate("", (0, 1), (0, 46 - 18 * row), "axes fraction", "offset points", fontsize=9, **look)
