"""The view “count”: how many paths there are, and what they cost beside backpropagation, layer after layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.calculus import Work
from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import grouped
from dlcourse.widgets.when_things_get_intense.layout import panel
from dlcourse.widgets.when_things_get_intense.numbers import PathsResult
from dlcourse.widgets.when_things_get_intense.state import PathsState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

CURVES = (
    ("multiplications along the paths, for one derivative", "VERMILLION"),
    ("paths from one weight to one output", "ORANGE"),
    ("multiplications of backpropagation, for all derivatives", "BLUE"),
)


@dataclass(frozen=True)
class Artists:
    """A number at each curve, and the line through the depth of now."""

    numbers: list[Text]
    cursor: Line2D


def counts(work: Work) -> tuple[int, int, int]:
    """What the three curves show of one network."""
    return work.by_paths, work.paths, work.by_backward


def draw(state: PathsState, figure: Figure) -> Artists:
    """The curves; the one of backpropagation is missing while it is covered."""
    axes = panel(figure, "count", wide=(0.75, 0.75, 6.2, 4.1), narrow=(0.7, 1.6, 3.6, 6.1))
    works = state.works
    top = max(max(counts(work)) for work in works) * 3.0
    axes.set(xlim=(0.6, len(works) + 0.4), ylim=(0.7, max(top, 100)), yscale="log", xlabel="hidden layers")
    axes.set_xticks(np.arange(1, len(works) + 1))
    axes.minorticks_off()
    axes.grid(axis="y")
    layers = "your own layers" if state.model is not None else f"layers of {counted(state.width, 'neuron')}"
    axes.set_title(f"{layers}: how many?", fontsize=9)
    shown = CURVES[:-1] if state.hides else CURVES
    numbers = [
        draw_curve(axes, row, label, colour, [counts(work)[row] for work in works], narrow=is_narrow(figure))
        for row, (label, colour) in enumerate(shown)
    ]
    (cursor,) = axes.plot([], [], color=style.ink(), lw=1.0, ls=":")
    return Artists(numbers, cursor)


def draw_curve(axes: Axes, row: int, label: str, colour: str, values: list[int], *, narrow: bool) -> Text:
    """One curve and its label; the text of the number that moves along it."""
    axes.plot(np.arange(1, len(values) + 1), values, "o-", color=style.colour(colour), ms=4, lw=1.8)
    axes.text(
        0.02, 0.985 - row * (0.05 if narrow else 0.07), label, color=style.colour(colour), fontsize=8 if narrow else 9,
        va="top", transform=axes.transAxes, zorder=5,
        bbox={"facecolor": style.paper(), "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip
    number = axes.text(0, 0, "", color=style.colour(colour), fontsize=8.5, ha="left", va="bottom", fontweight="bold")
    number.set_bbox({"facecolor": style.paper(), "edgecolor": "none", "pad": 0.8, "alpha": 0.8})
    return number


def paint(state: PathsState, artists: Artists, result: PathsResult) -> None:
    """The numbers of the network of now."""
    d = min(max(len(state.sizes) - 2, 1), len(result.works))
    one = result.works[d - 1]
    artists.cursor.set_data([d, d], [0.7, max(one.by_paths, one.by_backward)])
    late = d > 0.6 * len(result.works)
    for text, value in zip(artists.numbers, counts(one), strict=False):  # while it is covered, the last has no text
        text.set_text(grouped(value))
        text.set_position((d - 0.12 if late else d + 0.12, max(value, 1) * 1.12))
        text.set_horizontalalignment("right" if late else "left")
