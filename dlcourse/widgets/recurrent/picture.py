"""The picture of `Unroll`: the text with a state above each letter, and below it what is left of a nudge, or the state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import minus, two_digits
from dlcourse.widgets.recurrent.arrows import (
    Arrows,
    Ticks,
    draw_arrows,
    draw_ticks,
    paint_arrows,
    paint_ticks,
)
from dlcourse.widgets.recurrent.memory import KINDS, UNITS
from dlcourse.widgets.recurrent.numbers import UnrollResult
from dlcourse.widgets.recurrent.state import UnrollState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["LEAST", "MOST", "Artists", "apart", "draw", "paint"]

COLOURS = {"RNN": "VERMILLION", "GRU": "GREEN", "LSTM": "BLUE", "yours": "PURPLE"}
LEAST, MOST = 1e-6, 1e4
"""The picture's range of what is left; what is beyond is drawn at the edge, and marked with an arrow."""
FINE = 20
"""Pixels per step in the picture of the states."""


@dataclass(frozen=True)
class Traces:
    """The lower picture of the state: a line for each of its numbers."""

    lines: list[Line2D]


@dataclass(frozen=True)
class Nudges:
    """The lower picture of nudges; the lists have one entry for each cell."""

    now: Line2D
    lines: list[Line2D]
    dots: list[Line2D]
    labels: list[Text]
    cover: Text


@dataclass(frozen=True)
class Artists:
    """What moves; `letters` has one entry for each column."""

    below: Traces | Nudges
    arrows: Arrows
    ticks: Ticks
    image: AxesImage
    frame: Line2D
    letters: list[Text]
    title: Text
    settings: Text


def panels(figure: Figure) -> tuple[Axes, Axes, Text, Text]:
    """Where the text, the lower picture, the title and the settings are."""
    height = figure.get_figheight()
    time = figure.add_axes((0.02, 1 - 2.35 / height, 0.96, 1.8 / height), label="time")
    margin = 0.285 if is_narrow(figure) else 0.18
    left = figure.add_axes((margin, 0.5 / height, 0.9 - margin, (height - 3.2) / height), label="left")
    top = 1 - 0.14 / height
    title = figure.text(0.02, top, "", fontsize=9.5, va="top")
    return time, left, title, figure.text(0.98, top, "", fontsize=8.5, va="top", ha="right")


def draw(state: UnrollState, figure: Figure) -> Artists:
    """Draw both pictures, and return what moves in them."""
    time, left, title, settings = panels(figure)
    columns = 6 if is_narrow(figure) else 10
    image, frame = draw_time(time, columns)
    return Artists(
        below=draw_nudges(state, left, is_narrow(figure)) if state.below == "nudge" else draw_traces(state, left),
        arrows=draw_arrows(time, columns),
        ticks=draw_ticks(left),
        image=image,
        frame=frame,
        letters=[time.text(c, -0.3, "", fontsize=12, ha="center", va="center") for c in range(columns)],
        title=title,
        settings=settings,
    )


def draw_time(axes: Axes, columns: int) -> tuple[AxesImage, Line2D]:
    """Room for the states, and a frame around the one that is read."""
    axes.set(xlim=(-0.75, columns - 0.4), ylim=(-0.42, 1.14), xticks=[], yticks=[])
    style.quiet(axes, left=False, bottom=False)
    blank = np.zeros((UNITS, columns * FINE, 4), np.uint8)
    image = axes.imshow(blank, extent=(-0.5, columns - 0.5, 0, 1), aspect="auto", interpolation="nearest")
    (frame,) = axes.plot([], [], color=style.ink(), linewidth=1.6)
    return image, frame


def draw_traces(state: UnrollState, axes: Axes) -> Traces:
    """Axes of the state's numbers."""
    axes.set(ylim=(-1.05, 1.05), yticks=[-1, 0, 1], xlabel="letters read")
    axes.set_title("each number of the state, letter by letter", fontsize=9, x=0)
    axes.axhline(0, color=style.faint(), linewidth=0.8, zorder=0)
    style.quiet(axes)
    look: dict[str, Any] = {"color": style.colour(COLOURS[state.shown]), "linewidth": 0.9, "markersize": 3}
    return Traces([axes.plot([], [], ".-", **look)[0] for _ in range(min(state.units, UNITS))])


def draw_nudges(state: UnrollState, axes: Axes, narrow: bool) -> Nudges:
    """Axes of what is left of a nudge, from the end at the right back to the beginning."""
    axes.set(ylim=(LEAST, MOST), yscale="log", xlabel="letters between the nudge and the end")
    axes.set_yticks([1e-6, 1e-4, 1e-2, 1, 1e2, 1e4], ["≤10⁻⁶", "10⁻⁴", "0.01", "1", "100", "≥10⁴"])
    axes.minorticks_off()
    axes.yaxis.tick_right()
    side: dict[str, Any] = {"loc": "right"} if narrow else {"x": 0}
    axes.set_title("Of a nudge of 1, given here, this is left at the end", fontsize=9, **side)
    axes.axhline(1, color=style.faint(), linewidth=0.8, zorder=0)
    style.quiet(axes)
    axes.spines["left"].set_visible(False)
    axes.spines["right"].set_visible(True)
    (now,) = axes.plot([], [], color=style.ink(), linewidth=0.9)
    names = [*KINDS, *(["yours"] if state.layer is not None else [])]
    colours = [style.colour(COLOURS[name]) for name in names]
    name: dict[str, Any] = {"fontsize": 9, "fontweight": "bold", "ha": "right", "va": "center"}
    return Nudges(
        now=now,
        lines=[axes.plot([], [], color=colour)[0] for colour in colours],
        dots=[axes.plot([], [], "o", color=colour, markersize=5)[0] for colour in colours],
        labels=[axes.text(0, 1, "", color=colour, **name) for colour in colours],
        cover=axes.text(0.5, 0.66, "", transform=axes.transAxes, fontsize=9, ha="center"),
    )


def paint(state: UnrollState, artists: Artists, result: UnrollResult) -> None:
    """Bring everything that moves to a result."""
    paint_time(state, artists, result)
    head = f"{state.shown}: {state.read} of {state.letters} letters read." + (" Type a word." if state.afresh else "")
    artists.title.set_text(f"{head}\nThe same {result.weights} weights at every step")
    told = {"scale": f"Wₕ scale {state.scale:g}", "keep": f"gate bias {minus(f'{state.keep:g}')}"}
    artists.settings.set_text("\n".join(told[name] for name in state.acting))
    paint_ticks(artists.ticks, state.letters, back=state.below == "nudge")
    if isinstance(artists.below, Nudges):
        paint_nudges(state, artists.below, result)
    else:
        for unit, line in enumerate(artists.below.lines):
            line.set_data(np.arange(1, state.read + 1), result.states[: state.read, unit])


def paint_time(state: UnrollState, artists: Artists, result: UnrollResult) -> None:
    """The letters and states around the one that is read: the window follows it."""
    places, now = len(artists.letters), state.read
    columns = min(places, state.letters)
    first = min(max(now - columns + 1, 0), state.letters - columns)
    shown = np.zeros((result.states.shape[1], places, FINE, 4), np.uint8)
    part = result.states[first : min(first + columns, now)]
    shown[:, : len(part), 6:14] = style.shades(part.T, 1.0)[:, :, None]
    artists.image.set_data(shown.reshape(len(shown), -1, 4))
    for c, text in enumerate(artists.letters):
        text.set_text(result.text[first + c] if c < columns else "")
        text.set_color(style.ink() if first + c < now else style.faint())
    paint_arrows(artists.arrows, columns)
    x, edge = now - 1 - first, 0.22
    artists.frame.set_data([x - edge, x + edge, x + edge, x - edge, x - edge], [-0.01, -0.01, 1.01, 1.01, -0.01])


def paint_nudges(state: UnrollState, nudges: Nudges, result: UnrollResult) -> None:
    """What is left in each cell, unless the answer is still covered."""
    back, ends = state.back, []
    nudges.now.set_data([back, back], [LEAST, MOST])
    nudges.cover.set_text("The curves appear when you have chosen." if state.hides else "")
    for moving in (*nudges.lines, *nudges.dots, *nudges.labels):
        moving.set_visible(not state.hides)
    for line, dot, lengths in zip(nudges.lines, nudges.dots, result.left.values(), strict=True):
        drawn = np.clip(lengths, LEAST, MOST)
        line.set_data(np.arange(len(drawn)), drawn)
        dot.set_data([back], [drawn[back]])
        ends.append(float(np.log10(max(lengths[-1], 1e-300))))
    places = apart(ends, 1.15, np.log10(LEAST) + 0.4, np.log10(MOST) - 0.4)
    for label, (name, lengths), y in zip(nudges.labels, result.left.items(), places, strict=True):
        beyond = " ↓" if lengths[-1] < LEAST else " ↑" if lengths[-1] > MOST else ""
        label.set_text(f"{name} {two_digits(lengths[-1])}{beyond}  ")
        label.set_position((state.letters, 10**y))


def apart(heights: list[float], least: float, low: float, high: float) -> list[float]:
    """The same heights, moved until neighbours are `least` apart and all are between `low` and `high`."""
    order = np.argsort(heights, kind="stable")
    moved = np.clip(np.array(heights, float)[order], low, high)
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + least)
    if len(moved):
        moved[-1] = min(moved[-1], high)
    for i in reversed(range(len(moved) - 1)):
        moved[i] = min(moved[i], moved[i + 1] - least)
    back = np.empty(len(moved))
    back[order] = moved
    return [float(y) for y in back]
