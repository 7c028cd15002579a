"""The picture of `Gates`: the memory on its belt, past the gate that keeps and the gate that writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.widgets.recurrent.gates.layout import BELT, HEIGHT, LOWER, WIDTH, spots, strips
from dlcourse.widgets.recurrent.gates.numbers import GatesResult
from dlcourse.widgets.recurrent.gates.state import LETTERS_READ, GatesState
from dlcourse.widgets.recurrent.gates.words import NAMES, ROLES, arithmetic, number
from dlcourse.widgets.recurrent.memory import UNITS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]


@dataclass(frozen=True)
class Strip:
    """The numbers of one row of the result as coloured squares, the chosen one framed and written below."""

    image: AxesImage
    frame: Line2D
    value: Text


@dataclass(frozen=True)
class Artists:
    """What moves; `strips` in the order of `layout.strips`."""

    strips: list[Strip]
    title: Text
    sums: Text


def draw(state: GatesState, figure: Figure) -> Artists:
    """The belt and its gates, with empty strips."""
    width, height = figure.get_size_inches()
    narrow = is_narrow(figure)
    axes = axes_at(figure, 0, 0, width, height, label="narrow" if narrow else "wide")
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    x = spots(narrow=narrow)
    draw_belt(axes, x, lstm=state.cell == "LSTM")
    at = strips(state.cell, narrow=narrow)
    return Artists(
        [draw_strip(axes, name, state.cell, *place) for name, place in at.items()],
        title=axes.text(0.15, height - 0.12, "", va="top", fontsize=10, linespacing=1.5),
        sums=axes.text(0.15, 0.08, "", va="bottom", fontsize=9, linespacing=1.5),
    )


def draw_belt(axes: Axes, x: dict[str, float], *, lstm: bool) -> None:
    """Lines along which the memory travels, and circles where something happens to it."""
    line: dict[str, Any] = {"color": style.faint(), "lw": 2.2, "zorder": 1, "solid_capstyle": "butt"}
    middle, join = (x["write"] + x["new"]) / 2, LOWER + HEIGHT + 0.24
    axes.plot([x["before"], x["state"] if lstm else x["after"]], [BELT, BELT], **line)
    axes.plot([x["keep"]] * 2, [LOWER + HEIGHT, BELT], **line)
    axes.plot([x["write"], x["write"], x["new"], x["new"]], [LOWER + HEIGHT, join, join, LOWER + HEIGHT], **line)
    axes.plot([middle, middle], [join, BELT], **line)
    knots = [(x["keep"], BELT, "×"), (middle, join, "×"), (middle, BELT, "+")]
    if lstm:
        axes.plot([x["show"]] * 2, [LOWER + HEIGHT, BELT], **line)
        knots.append((x["show"], BELT, "×"))
        axes.text((x["after"] + x["show"]) / 2 + 0.015, BELT + 0.1, "tanh", ha="center", fontsize=8)
    for left, up, sign in knots:
        axes.plot([left], [up], "o", ms=17, mfc=style.paper(), mec=style.ink(), mew=1.2, zorder=3)
        axes.text(left, up, sign, ha="center", va="center_baseline", fontsize=12, zorder=4)


def draw_strip(axes: Axes, name: str, cell: str, x: float, y: float) -> Strip:
    """A column of squares, its name, and what it is."""
    blank = np.zeros((UNITS, 1, 4), np.uint8)
    extent = (x - WIDTH / 2, x + WIDTH / 2, y, y + HEIGHT)
    image = axes.imshow(blank, extent=extent, aspect="auto", interpolation="nearest", zorder=2)
    left, right, bottom, top = extent
    axes.plot(
        [left, right, right, left, left], [bottom, bottom, top, top, bottom], color=style.faint(), lw=0.8, zorder=3
    )
    (frame,) = axes.plot([], [], color=style.ink(), lw=1.8, zorder=4)
    look: dict[str, Any] = {"ha": "center", "va": "center"}
    axes.text(x, y - 0.13, NAMES[cell][name], fontsize=9.5, fontweight="bold", **look)
    axes.text(x, y - 0.3, ROLES[name], fontsize=8, **look)
    return Strip(image, frame, axes.text(x, y - 0.48, "", fontsize=8.5, **look))


def paint(state: GatesState, artists: Artists, result: GatesResult) -> None:
    """Bring everything that moves to the letter that is read."""
    now, letter = state.read - 1, result.text[state.read - 1]
    for strip, name in zip(artists.strips, strips(state.cell, narrow=False), strict=True):
        paint_strip(strip, getattr(result, name)[now], state.unit - 1, hidden=state.hides)
    between = "\n" if is_narrow_axes(artists) else ". "
    head = f"{state.cell}, letter {state.read} of {LETTERS_READ}: “{letter}”"
    artists.title.set_text(f"{head}{between}Blue is above 0, orange below; the fuller, the larger.")
    covered = "The numbers appear when you have chosen."
    artists.sums.set_text(covered if state.hides else arithmetic(state, result).replace("; ", "\n"))


def is_narrow_axes(artists: Artists) -> bool:
    """Whether the picture is the one for a phone."""
    axes = artists.title.axes
    return axes is not None and axes.get_label() == "narrow"


def paint_strip(strip: Strip, values: Array, unit: int, *, hidden: bool) -> None:
    """Numbers as colours, and the chosen one in full."""
    strip.image.set_data(style.shades(np.zeros_like(values) if hidden else values, 1.0)[:, None])
    left, right, bottom, top = strip.image.get_extent()
    square = (top - bottom) / len(values)
    high = top - unit * square
    strip.frame.set_data([left, right, right, left, left], [high - square, high - square, high, high, high - square])
    strip.value.set_text("" if hidden else number(float(values[unit])))
