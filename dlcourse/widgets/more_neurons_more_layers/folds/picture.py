"""The picture of `Folds`: each unit above, with its kink to drag, and their sum below, with its bends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.widgets.more_neurons_more_layers.folds.numbers import LEFT, RIGHT, TARGETS, FoldsResult, aim, network
from dlcourse.widgets.more_neurons_more_layers.folds.state import FoldsState
from dlcourse.widgets.more_neurons_more_layers.folds.words import number_of_bends

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

COLOURS = ("BLUE", "ORANGE", "GREEN", "VERMILLION", "PURPLE", "SKY", "YELLOW", "BLACK")


@dataclass(frozen=True)
class Artists:
    """What moves; the lists have one entry for each unit there may be."""

    lines: list[Line2D]
    knobs: list[Line2D]
    names: list[Text]
    arm: Line2D
    once: Line2D
    curve: Line2D
    dots: Line2D
    guides: Line2D
    count: Text
    away: Text


def panels(figure: Figure) -> tuple[Axes, Axes]:
    """The units above, their sum below."""
    left, width = (0.115, 0.865) if is_narrow(figure) else (0.075, 0.905)
    ramps = figure.add_axes((left, 0.56, width, 0.37), label="units")
    total = figure.add_axes((left, 0.085, width, 0.385), label="sum")
    for axes, low, high in ((ramps, -1.5, 1.5), (total, -0.55, 1.55)):
        axes.set(xlim=(LEFT, RIGHT), ylim=(low, high), xticks=[0, 0.5, 1])
        axes.axhline(0, color=style.faint(), linewidth=0.8)
    return ramps, total


def draw(state: FoldsState, figure: Figure) -> Artists:
    """Draw both panels, and return what moves in them."""
    ramps, total = panels(figure)
    ramps.set_xticklabels([])
    ramps.set_title("each unit")
    ramps.set_yticks([-1, 0, 1])
    total.text(RIGHT, -0.02, "x", ha="right", va="top")
    total.set_yticks([0, 1])
    if TARGETS[state.target]:
        x = np.linspace(LEFT, RIGHT, 261)
        total.plot(x, aim(state.target, x), color=style.faint(), linewidth=5, alpha=0.6, solid_capstyle="round")
    lines, knobs, names = draw_units(ramps)
    ink, paper, faint = style.ink(), style.paper(), style.faint()
    large = 9 if is_narrow(figure) else 10.5  # the error stands in the same line
    return Artists(
        lines=lines,
        knobs=knobs,
        names=names,
        arm=ramps.plot([], [], "s", color=ink, markerfacecolor=paper, markersize=8, zorder=7)[0],
        once=total.plot([], [], color=faint, linewidth=1.2, linestyle=(0, (4, 3)))[0],
        curve=total.plot([], [], color=ink, linewidth=2.4, zorder=3)[0],
        dots=total.plot([], [], "o", color=style.colour("VERMILLION"), markersize=6, zorder=4)[0],
        guides=total.plot([], [], ":", color=faint, linewidth=1, zorder=1)[0],
        count=total.text(0, 1.04, "", transform=total.transAxes, fontsize=large, fontweight="bold"),
        away=total.text(1, 1.04, "", transform=total.transAxes, ha="right", fontsize=9),
    )


def draw_units(axes: Axes) -> tuple[list[Line2D], list[Line2D], list[Text]]:
    """A line for each unit, and its kink with its number."""
    lines, knobs, names = [], [], []
    for number, name in enumerate(COLOURS):
        colour, above = style.colour(name), 5 + 0.1 * number
        lines.extend(axes.plot([], [], color=colour, linewidth=1.8))
        knobs.extend(axes.plot([], [], "o", color=colour, markersize=13, zorder=above))
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": style.paper()}
        names.append(axes.text(0, 0, "", fontsize=8, zorder=above + 0.05, **look))
    return lines, knobs, names


def paint(state: FoldsState, artists: Artists, result: FoldsResult) -> None:
    """Bring everything that moves to a result."""
    paint_units(state, artists, result)
    artists.arm.set_data(*([value] for value in state.arm))
    artists.curve.set_data(result.x, result.total)
    once = network(result.x, state.used, state.base, 1) if state.layers > 1 else result.total[:0]
    artists.once.set_data(result.x[: len(once)], once)
    artists.dots.set_data(result.bends, result.heights)
    artists.dots.set_markersize(6 if len(result.bends) < 40 else 3)
    kinks = [kink for kink, _, _ in state.used]
    artists.guides.set_data(np.repeat(kinks, 3), np.tile([-0.55, 1.55, np.nan], len(kinks)))
    what = "their sum" if state.layers == 1 else f"{state.layers} layers"
    possible = f", at most {result.bound:,} possible" if state.tells else ""
    artists.count.set_text(f"{what}: {number_of_bends(result.bends)}{possible}")
    artists.away.set_text("" if result.error is None else f"error {result.error:.4f}")


def paint_units(state: FoldsState, artists: Artists, result: FoldsResult) -> None:
    """The units that there are; the chosen one stands out."""
    for i, (line, knob, name) in enumerate(zip(artists.lines, artists.knobs, artists.names, strict=True)):
        used, chosen = i < state.units, i + 1 == state.unit
        for artist in (line, knob, name):
            artist.set_visible(used)
        if used:
            kink = state.folds[i][0]
            line.set_data(result.x, result.units[:, i])
            line.set_linewidth(3.4 if chosen else 1.6)
            line.set_zorder(4 if chosen else 3)
            knob.set_data([kink], [0])
            knob.set_markersize(16 if chosen else 12)
            name.set_position((kink, -0.03))
            name.set_text(str(i + 1))
