"""The result of a test as a chart: lines, bars, points, or examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.numbers import raised, two_digits
from dlcourse.live.pixels import Block, Labels, Tiles
from dlcourse.widgets.it_doesnt_work_why.layout import ceiling, decades, inside
from dlcourse.widgets.it_doesnt_work_why.reports import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["ChartArtists", "draw_chart", "paint_chart"]

COLOURS = ("BLUE", "VERMILLION", "GREEN")
MARKS = ("o", "s")
COLUMNS = 4
"""Digits in a row."""
ANSWERS = 70
"""Room for answers, in hundredths of an inch."""


@dataclass(frozen=True)
class ChartArtists:
    """What moves in the chart."""

    lines: list[Line2D]
    bars: list[Line2D]
    dots: Line2D
    level: Line2D
    values: Labels
    tiles: Tiles
    block: Block
    answers: Labels
    names: list[Text]
    note: Text


def draw_chart(chart: Chart | None, axes: Axes) -> ChartArtists:
    """Axes as this chart wants them, and what moves in them."""
    figure = axes.figure
    if chart is None or chart.kind == "examples":
        style.quiet(axes, left=False, bottom=False)
        axes.set(xlim=(0, 1), ylim=(0, 1))
    elif chart.kind == "lines":
        draw_lines(chart, axes)
    elif chart.kind == "bars":
        style.quiet(axes, left=False)
        axes.set(xlim=(-0.6, len(chart.groups) - 0.4), ylim=(0, ceiling(chart)))
        axes.set_xticks(range(len(chart.groups)), chart.groups)
        axes.tick_params(length=0)
    else:
        draw_points(chart, axes)
    if chart is not None:
        axes.set_xlabel(chart.across, labelpad=2, fontsize=8.5)
    groups = max(1, len(chart.groups) if chart is not None else 1)
    kinds = max(1, len(chart.values) if chart is not None else 1)
    width = min(0.8 * axes.get_window_extent().width * 72 / figure.dpi / (groups + 0.2) / kinds, 30.0)
    look: dict[str, Any] = {"lw": width, "solid_capstyle": "butt", "zorder": 2}
    tiles, block, values, answers = Tiles(frame=style.faint()), Block(*place(axes)), Labels(), Labels()
    for artist in (tiles, block, values, answers):
        figure.add_artist(artist)
    return ChartArtists(
        lines=[
            axes.plot([], [], color=style.colour(c), lw=1.8, marker=m, markersize=3)[0]
            for c, m in zip(COLOURS, MARKS, strict=False)
        ],
        bars=[axes.plot([], [], color=style.colour(c), **look)[0] for c in COLOURS],
        dots=axes.plot([], [], "o", color=style.colour("BLUE"), markersize=4)[0],
        level=axes.plot([], [], color=style.ink(), lw=1.2, linestyle=(0, (4, 3)))[0],
        values=values, tiles=tiles, block=block, answers=answers,
        names=[
            axes.text(0.34 * i, 1.06, "", transform=axes.transAxes, fontsize=8.5) for i in range(len(COLOURS))
        ],
        note=axes.text(0.5, 0.5, "", transform=axes.transAxes, fontsize=9, ha="center", va="center"),
    )  # fmt: skip


def place(axes: Axes) -> tuple[float, float, float, float]:
    """Where the axes are, in hundredths of an inch; with room on the right for the answers."""
    left, bottom, width, height = axes.get_window_extent().bounds
    scale = 100 / axes.figure.dpi
    return scale * left, scale * bottom, scale * width - ANSWERS, scale * height


def draw_lines(chart: Chart, axes: Axes) -> None:
    """Steps or epochs to the right, powers of ten upwards; grey is where the lines should be."""
    low, high = decades(chart)
    axes.set(xlim=(0.5, len(chart.values[0]) + 0.5), yscale="log", ylim=(10.0**low, 10.0**high))
    shown = sorted({round(power) for power in np.linspace(low, high, min(high - low + 1, 5))})
    names = [f"10{raised(power)}" if power else "1" for power in shown]
    if any(np.any(line < 10.0**low) for line in chart.values):
        names[0] = f"≤{names[0]}"  # what is less, and 0, lies on the edge
    axes.set_yticks([10.0**power for power in shown], names)
    axes.minorticks_off()
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    style.quiet(axes)
    if chart.band is not None:
        axes.axhspan(*chart.band, color=style.faint(), alpha=0.2, lw=0, zorder=0)


def draw_points(chart: Chart, axes: Axes) -> None:
    """Both answers on the same scale, and the line on which they are equal."""
    both = np.concatenate(chart.values)
    both = both[np.isfinite(both)]
    low, high = (float(both.min()), float(both.max())) if len(both) else (0.0, 1.0)
    room = 0.08 * (high - low) + 1e-9 + 1e-3 * abs(high)
    axes.set(xlim=(low - room, high + room), ylim=(low - room, high + room))
    axes.plot([low - room, high + room], [low - room, high + room], color=style.faint(), lw=0.9, zorder=0)
    style.quiet(axes)


def paint_chart(chart: Chart | None, artists: ChartArtists, missing: str) -> None:
    """Bring the chart to a result; where there is none, it says what is missing."""
    kind = "" if chart is None else chart.kind
    values = () if chart is None else chart.values
    paint_lines(chart if kind == "lines" else None, artists)
    first, second = values if kind == "points" else (np.zeros(0), np.zeros(0))
    artists.dots.set_data(first, second)
    paint_bars(chart if kind == "bars" else None, artists)
    paint_examples(chart if kind == "examples" else None, artists)
    names = () if chart is None else chart.names
    for number, text in enumerate(artists.names):
        dashed = kind == "lines" and chart is not None and chart.level is not None and number == len(names)
        text.set_text(names[number] if number < len(names) else "- -  knows nothing" if dashed else "")
        text.set_color(style.ink() if dashed or kind in ("points", "examples") else style.colour(COLOURS[number]))
    finite = any(np.isfinite(one).any() for one in values)
    artists.note.set_text(missing if chart is None else "" if finite else "not a number")


def paint_lines(chart: Chart | None, artists: ChartArtists) -> None:
    """One line or two, and the level of somebody who knows nothing."""
    for number, line in enumerate(artists.lines):
        if chart is not None and number < len(chart.values):
            line.set_data(np.arange(1, len(chart.values[number]) + 1), inside(chart.values[number], chart))
        else:
            line.set_data([], [])
    if chart is None or chart.level is None:
        artists.level.set_data([], [])
    else:
        artists.level.set_data([0.5, len(chart.values[0]) + 0.5], [chart.level, chart.level])


def paint_bars(chart: Chart | None, artists: ChartArtists) -> None:
    """Groups of bars from 0 upwards; above each its number, where there is room."""
    labels: list[tuple[float, float, str, str, str]] = []
    for number, line in enumerate(artists.bars):
        if chart is None or number >= len(chart.values):
            line.set_data([], [])
            continue
        heights = np.where(np.isfinite(chart.values[number]), chart.values[number], 0.0)
        x = np.arange(len(heights)) + 0.8 * ((number + 0.5) / len(chart.values) - 0.5)
        upright = np.column_stack([np.zeros(len(x)), heights, np.full(len(x), np.nan)])
        line.set_data(np.repeat(x, 3), upright.ravel())
        if len(x) * len(chart.values) <= 9:
            labels += above(line, x, heights, chart.values[number])
    artists.values.set_labels(labels, 8.0)


def above(line: Line2D, x: Array, heights: Array, values: Array) -> list[tuple[float, float, str, str, str]]:
    """The number above each bar."""
    dpi = line.axes.figure.dpi if line.axes is not None else 100.0
    ends = line.axes.transData.transform(np.column_stack([x, heights])) * 100 / dpi  # type: ignore[union-attr]
    texts = [two_digits(float(value)) if np.isfinite(value) else "none" for value in values]
    return [(float(a), float(b) + 9, text, style.ink(), "center") for (a, b), text in zip(ends, texts, strict=True)]


def paint_examples(chart: Chart | None, artists: ChartArtists) -> None:
    """Digits as pictures with their labels below; all others as rows of coloured numbers, with their answers beside them."""
    tiles: list[Array] = []
    places: list[tuple[float, float, float]] = []
    answers: list[tuple[float, float, str, str, str]] = []
    pixels = np.zeros((1, 1, 4), np.uint8)
    left, bottom, width, height = artists.block.place
    if chart is not None and chart.values[0].shape[1] == 64:
        tiles = [picture(one) for one in chart.values[0]]
        rows = -(-len(tiles) // COLUMNS)
        apart = (width + ANSWERS) / COLUMNS
        side = min(apart - 12, height / rows - 22)
        for number, text in enumerate(chart.groups):
            row, column = divmod(number, COLUMNS)
            corner = left + column * apart, bottom + height - (row + 1) * height / rows + 20
            places.append((*corner, side))
            answers.append((corner[0] + side / 2, corner[1] - 9, text, style.ink(), "center"))
    elif chart is not None:
        values = np.nan_to_num(chart.values[0], posinf=0.0, neginf=0.0)
        pixels = style.shades(values / max(float(np.abs(values).max()), 1e-30), 1.0)
        step = height / len(values)
        answers = [(left + width + 8, bottom + height - (row + 0.5) * step, text, style.ink(), "left")
                   for row, text in enumerate(chart.groups)]  # fmt: skip
    artists.tiles.set_pictures(tiles, places)
    artists.block.set_visible(bool(chart is not None and not tiles))
    artists.block.set_pixels(pixels)
    artists.answers.set_labels(answers, 8.0)


def picture(values: Array) -> Array:
    """A digit, lowest row first: dark is what was written."""
    image = np.nan_to_num(values.reshape(8, 8)[::-1])
    low, high = float(image.min()), float(image.max())
    return style.shades((image - low) / max(high - low, 1e-9), 1.0)
