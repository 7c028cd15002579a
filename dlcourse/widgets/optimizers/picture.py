"""The picture of `OptimizerRace`: the surface from above with the paths, the heights step by step, and what the optimizer holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.numbers import three_digits
from dlcourse.live.ticks import Ticks, moving_ticks
from dlcourse.widgets.optimizers.numbers import RING, RaceResult
from dlcourse.widgets.optimizers.rules import KEPT
from dlcourse.widgets.optimizers.state import MOST_KEPT, RaceState
from dlcourse.widgets.optimizers.surfaces import LIMITS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["COLOURS", "HEIGHTS", "RATES", "Artists", "draw", "paint", "rows"]

COLOURS = ("VERMILLION", "SKY", "PURPLE", "YELLOW")
"""Of the run at hand, and of the kept ones."""
HEIGHTS = (1e-6, 1e2)
"""Ends of the axis of heights; what lies beyond is drawn at its edge."""
RATES = (1e-3, 1e3)
"""Ends of the axis of rates, likewise."""
MOST_ROWS = 4


@dataclass(frozen=True)
class Artists:
    """What moves; lists of paths begin with the run at hand, and those of the table have two columns a row."""

    paths: list[Line2D]
    rims: list[Line2D]
    downhill: Line2D
    next_step: Line2D
    ball: Line2D
    curves: list[Line2D]
    names: list[Text]
    rates: list[Line2D]
    pace: Line2D
    heads: list[Text]
    cells: list[Text]
    steps: Ticks
    """Below the heights."""


def panels(figure: Figure) -> tuple[Axes, Axes, Axes]:
    """Where the surface, the heights and the rates are."""
    if is_narrow(figure):
        across = figure.get_figwidth()  # less than 4.5 inches in a very narrow cell
        half = (across - 1.35) / 2
        surface = axes_at(figure, 0.4, 3.37, across - 0.55, 2.96, "surface")
        heights = axes_at(figure, 0.55, 1.48, half, 0.95, "heights")
        return surface, heights, axes_at(figure, across - 0.2 - half, 1.71, half, 0.45, "rates")
    surface = axes_at(figure, 0.4, 0.72, 4.0, 3.0, "surface")
    heights = axes_at(figure, 5.1, 2.64, 1.95, 1.08, "heights")
    return surface, heights, axes_at(figure, 5.1, 1.66, 1.95, 0.4, "rates")


def draw(state: RaceState, figure: Figure) -> Artists:
    """Draw all panels, and return what moves in them."""
    surface, heights, rates = panels(figure)
    draw_surface(state, surface)
    (downhill,) = surface.plot([], [], color=style.colour("ORANGE"), lw=2.2, zorder=6)
    (next_step,) = surface.plot([], [], color=style.ink(), lw=2.2, zorder=6)
    (ball,) = surface.plot([], [], "o", color=style.colour("VERMILLION"), mec=style.ink(), ms=8, zorder=7)
    for line in (downhill, next_step):
        style.haloed(line)
    paths, rims = draw_paths(surface)
    curves, steps = draw_heights(heights)
    marks, pace = draw_rates(rates)
    heads, cells = draw_table(figure)
    return Artists(
        paths=paths, rims=rims, downhill=downhill, next_step=next_step, ball=ball, curves=curves, names=draw_names(figure),
        rates=marks, pace=pace, heads=heads, cells=cells, steps=steps,
    )  # fmt: skip


def draw_paths(axes: Axes) -> tuple[list[Line2D], list[Line2D]]:
    """Paths with a dot at each step, and their rims: lines of their own, for an effect would draw dot by dot."""
    rims = [axes.plot([], [], ".-", color=style.paper(), lw=3.2, ms=7, zorder=4)[0] for _ in COLOURS]
    paths = [axes.plot([], [], ".-", color=style.colour(name), lw=1.3, ms=4.5, zorder=5)[0] for name in COLOURS]
    for i, (path, rim) in enumerate(zip(paths, rims, strict=True)):  # the run at hand lies above the others
        path.set_zorder(5 - i / 10)
        rim.set_zorder(4.95 - i / 10)
    return paths, rims


def draw_surface(state: RaceState, axes: Axes) -> None:
    """Bands of equal height, and a ring around each lowest place that is known."""
    (left, right), (low, high) = LIMITS
    heights = state.heights
    heights = np.where(np.isfinite(heights), heights, np.nan)
    least, most = (np.nanmin(heights), np.nanmax(heights)) if not np.isnan(heights).all() else (0.0, 1.0)
    ranks = np.log10(heights - least + max(4e-3 * (most - least), 1e-12))
    # Each height stands in the middle of its cell, and those at the limits are middles as well.
    across, up = ((end - start) / (len(heights) - 1) / 2 for start, end in LIMITS)
    axes.imshow(
        ranks, origin="lower", extent=(left - across, right + across, low - up, high + up), aspect="auto",
        cmap=style.heights(12), interpolation="catrom", interpolation_stage="data",
    )  # fmt: skip
    axes.set(xlim=(left, right), ylim=(low, high), xticks=[-4, -2, 0, 2, 4], yticks=[-2, 0, 2])
    axes.set_xlabel("w₁", labelpad=0)
    axes.set_title("w₂   (bands of equal height)", fontsize=9)
    turn = np.linspace(0, 2 * np.pi, 40)
    for x, y in state.course.lowest:
        ring = axes.plot(x + RING * np.cos(turn), y + RING * np.sin(turn), color=style.ink(), lw=1.2, zorder=3)
        style.haloed(ring[0])


def draw_names(figure: Figure) -> list[Text]:
    """The run at hand and the kept ones, in their colours, below the surface."""
    half = (figure.get_figwidth() - 0.1) / 2
    places = [(0.1 + half * (i % 2), 2.89 - 0.15 * (i // 2)) for i in range(4)]  # in two rows where it is narrow
    if not is_narrow(figure):
        places = [(0.4 + 1.16 * i, 0.12) for i in range(4)]
    look: dict[str, Any] = {"fontsize": 8.0, "fontweight": "bold", "va": "bottom"}
    return [
        text_at(figure, *place, "", color=_readable(name), **look) for place, name in zip(places, COLOURS, strict=True)
    ]


def _readable(name: str) -> str:
    """A colour for letters: yellow is none on a light page."""
    return style.ink() if name == "YELLOW" else style.colour(name)


def draw_heights(axes: Axes) -> tuple[list[Line2D], Ticks]:
    """The height, step by step, on a logarithmic axis."""
    axes.set(ylim=HEIGHTS, yscale="log")
    axes.set_yticks([1e-6, 1e-3, 1], ["10⁻⁶", "0.001", "1"])
    axes.set_title("height by step", fontsize=9)
    axes.minorticks_off()
    axes.tick_params(labelsize=8, pad=1)
    lines = [axes.plot([], [], color=style.colour(name), lw=1.6, zorder=4 - i)[0] for i, name in enumerate(COLOURS)]
    haloed = [style.haloed(line) if name == "YELLOW" else line for line, name in zip(lines, COLOURS, strict=True)]
    return haloed, moving_ticks(axes, "x", pad=1)


def draw_rates(axes: Axes) -> tuple[list[Line2D], Line2D]:
    """The rate that each weight gets in the next step, and the learning rate that was set."""
    axes.set(xlim=RATES, ylim=(-0.6, 1.6), xscale="log", yticks=[1, 0], yticklabels=["w₁", "w₂"])
    axes.set_xticks([1e-3, 1, 1e3], ["0.001", "1", "1000"])
    wide = axes.get_window_extent().width > 1.5 * axes.figure.dpi
    axes.set_title("own rate, step / gradient" if wide else "own rates", fontsize=9)
    axes.minorticks_off()
    axes.tick_params(labelsize=8, pad=1)
    (pace,) = axes.plot([], [], color=style.faint(), lw=1.2, zorder=1)
    return [axes.plot([], [], "D", color=style.colour("BLUE"), ms=6, zorder=3)[0] for _ in range(2)], pace


def draw_table(figure: Figure) -> tuple[list[Text], list[Text]]:
    """Room for the gradient, what is kept, and the next step."""
    left, top, row = (0.55, 0.78, 0.22) if is_narrow(figure) else (4.72, 1.02, 0.2)
    across = figure.get_figwidth()
    columns = (across - 1.45, across - 0.3) if is_narrow(figure) else (6.3, 7.05)
    text_at(figure, left, top + row, "the next step", fontsize=9, va="bottom")
    for x, name in zip(columns, ("w₁", "w₂"), strict=True):
        text_at(figure, x, top + row, name, fontsize=8.5, ha="right", va="bottom")
    heads = [text_at(figure, left, top - row * i, "", fontsize=8.5, va="bottom") for i in range(MOST_ROWS)]
    cells = [
        text_at(figure, x, top - row * i, "", fontsize=8.5, ha="right", va="bottom")
        for i in range(MOST_ROWS)
        for x in columns
    ]
    return heads, cells


def rows(state: RaceState, result: RaceResult) -> list[tuple[str, Array]]:
    """Lines of the table: a name, and a number for each weight."""
    kept = [
        (name, np.sqrt(result.kept[key]) if root else result.kept[key])
        for key, name, root in KEPT.get(state.optimizer, ())
    ]
    return [("gradient g", result.gradient), *kept, ("step", result.step)]


def paint(state: RaceState, artists: Artists, result: RaceResult) -> None:
    """Bring everything that moves to a result."""
    runs = [(state.name, result.path, result.at), *((kept.name, kept.path, kept.at) for kept in state.rivals)]
    empty = [None] * (1 + MOST_KEPT - len(runs))
    for i, one in enumerate([*runs, *empty]):
        name, path, at = one if one is not None else ("", result.path, -1)
        shown = slice(0, at + 1)
        for line in (artists.paths[i], artists.rims[i], artists.curves[i]):
            line.set_visible(one is not None)  # a line of no points takes its time, too
        for line in (artists.paths[i], artists.rims[i]):
            line.set_data(_inside(path.places[shown]).T)
        heights = np.clip(np.nan_to_num(path.heights[shown] - state.floor, nan=1e9), *HEIGHTS)
        artists.curves[i].set_data(np.arange(len(heights)), heights)
        artists.names[i].set_text(name)
    last = state.shown_steps
    artists.steps.put((0, last), [0, last // 2, last], [str(step) for step in (0, last // 2, last)])
    paint_here(artists, result)
    low, high = RATES
    for line, y, rate in zip(artists.rates, (1, 0), result.rates, strict=True):
        line.set_data([float(np.clip(abs(rate), low, high))], [y])
        line.set_markerfacecolor(style.paper() if rate < 0 else style.colour("BLUE"))
    pace = state.lr if state.optimizer != "yours" else np.nan
    artists.pace.set_data([pace, pace], [-0.6, 1.6])
    lines = rows(state, result)
    for i, head in enumerate(artists.heads):
        head.set_text(lines[i][0] if i < len(lines) else "")
        for j in range(2):
            value = lines[i][1][j] if i < len(lines) else np.nan
            artists.cells[2 * i + j].set_text(three_digits(value) if np.isfinite(value) else "")


def paint_here(artists: Artists, result: RaceResult) -> None:
    """The ball, the way downhill, and the way that the next step takes, both one unit long."""
    here = _inside(result.place[None])[0]
    artists.ball.set_data([here[0]], [here[1]])
    for line, way in ((artists.downhill, -result.gradient), (artists.next_step, result.step)):
        length = float(np.linalg.norm(way))
        end = here + way / length if length > 1e-12 else here * np.nan
        ends = np.array([here, end])
        line.set_data(ends[:, 0], ends[:, 1])


def _inside(places: Array) -> Array:
    """Places, not further away than Matplotlib can draw."""
    return np.clip(np.nan_to_num(places, nan=1e4, posinf=1e4, neginf=-1e4), -1e4, 1e4)
