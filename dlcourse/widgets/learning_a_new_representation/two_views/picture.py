"""The picture of `TwoViews`: the digits in both planes, and under each how many are right from all numbers and from two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.live.pixels import Labels
from dlcourse.widgets.learning_a_new_representation.two_views.numbers import ViewsResult
from dlcourse.widgets.learning_a_new_representation.two_views.state import ViewsState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

COLOURS = ("BLUE", "ORANGE", "GREEN", "VERMILLION", "PURPLE", "SKY", "BLACK")
MOST = 400
"""How many unseen examples are drawn."""


class Glyphs(Labels):
    """Examples as the names of their classes, in a rectangle: left, bottom, width, height in hundredths of an inch."""

    def __init__(self, box: tuple[float, float, float, float]) -> None:
        super().__init__()
        self.box = box

    def put(self, places: Array, y: Array) -> None:
        """Places (N, 2) in any unit, and classes (N,)."""
        left, bottom, width, height = self.box
        low, high = places.min(axis=0), places.max(axis=0)
        scaled = (places - low) / np.maximum(high - low, 1e-12)
        x = left + 6 + scaled[:, 0] * (width - 12)
        up = bottom + 6 + scaled[:, 1] * (height - 12)
        colours = [style.colour(name) for name in COLOURS]
        self.set_labels(
            [
                (float(a), float(b), str(int(c)), colours[int(c) % len(colours)], "center")
                for a, b, c in zip(x, up, y, strict=True)
            ],
            8.0,
        )


@dataclass(frozen=True)
class Artists:
    """What moves: one title per view, and two bars with their numbers and names in each."""

    titles: list[Text]
    glyphs: Glyphs
    bars: list[Line2D]
    shares: list[Text]
    names: list[Text]


TALL = 2.85
"""Inches from the bottom of a view to its top."""


def panels(figure: Figure) -> tuple[float, list[tuple[float, float]]]:
    """How wide a view is, and where the lower left corner of each is, in inches."""
    width, height = figure.get_size_inches()
    if is_narrow(figure):
        return width - 0.4, [(0.2, height - 0.35 - TALL), (0.2, 1.0)]
    return 3.3, [(0.2, 1.0), (3.7, 1.0)]


def draw(state: ViewsState, figure: Figure) -> Artists:
    """Draw both views; the pixels on the left stand still."""
    across, places = panels(figure)
    titles: list[Text] = []
    bars: list[Line2D] = []
    shares: list[Text] = []
    names: list[Text] = []
    both = []
    for left, bottom in places:
        frame, glyphs = draw_view(figure, left, bottom, across)
        titles.append(frame.text(0, 1.03, "", transform=frame.transAxes, fontsize=9.5))
        both.append(glyphs)
        axes = axes_at(figure, left + 1.22, bottom - 0.75, across - 1.8, 0.62)
        draw_bars(axes, bars, shares, names)
    both[0].put(state.compute().raw.plane[:MOST], state.run.unseen.y[:MOST])
    return Artists(titles=titles, glyphs=both[1], bars=bars, shares=shares, names=names)


def draw_view(figure: Figure, left: float, bottom: float, across: float) -> tuple[Axes, Glyphs]:
    """An empty plane, and the digits that will stand in it."""
    frame = axes_at(figure, left, bottom, across, TALL)
    frame.set(xticks=[], yticks=[])
    style.quiet(frame, left=False, bottom=False)
    frame.set_facecolor(style.paper())
    glyphs = Glyphs((100 * left, 100 * bottom, 100 * across, 100 * TALL))
    figure.add_artist(glyphs)
    return frame, glyphs


def draw_bars(axes: Axes, bars: list[Line2D], shares: list[Text], names: list[Text]) -> None:
    """Two bars from 0 to 1, and room for a name and a number beside each."""
    axes.set(xlim=(0, 1), ylim=(1.6, -0.6))
    axes.axis("off")
    for row in range(2):
        axes.plot([0, 1], [row, row], color=style.faint(), linewidth=0.8, zorder=1)
        bars.extend(axes.plot([], [], linewidth=8, color=style.colour("BLUE"), solid_capstyle="butt", zorder=2))
        shares.append(axes.text(1.03, row, "", fontsize=9, va="center"))
        names.append(axes.text(-0.03, row, "", fontsize=9, va="center", ha="right"))


def paint(state: ViewsState, artists: Artists, result: ViewsResult) -> None:
    """Bring the right view, the bars and the titles to a result."""
    artists.glyphs.put(result.layer.plane[:MOST], state.run.unseen.y[:MOST])
    raw = "raw pixels" if state.run.unseen.x.ndim > 2 else "the input"
    titles = (raw, f"{state.layer}, after {state.trained_for}")
    for number, view in enumerate((result.raw, result.layer)):
        artists.titles[number].set_text(f"{titles[number]}: {view.size} numbers")
        rows = ((view.all_right, f"from all {view.size}"), (view.two_right, "from these two"))
        for row, (share, name) in enumerate(rows):
            artists.bars[2 * number + row].set_data([0, share], [row, row])
            artists.shares[2 * number + row].set_text(f"{share:.1%}")
            artists.names[2 * number + row].set_text(name)
