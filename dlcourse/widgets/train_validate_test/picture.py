"""The picture of `PeekCounter`: a bar for each part of the data, and a curve for each over the number of peeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.widgets.train_validate_test.numbers import DEALS, MODELS, PeekResult
from dlcourse.widgets.train_validate_test.state import PeekState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

COLOURS = {"validation": "BLUE", "test": "ORANGE", "tomorrow": "GREEN"}


@dataclass(frozen=True)
class Artists:
    """What moves; the lists have one entry for each part shown."""

    bars: list[Line2D]
    whiskers: list[Line2D]
    shares: list[Text]
    curves: list[Line2D]
    bands: list[PolyCollection]
    dots: list[Line2D]
    names: list[Text]
    now: Line2D
    title: Text


def panels(figure: Figure) -> tuple[Axes, Axes, Text]:
    """Where the bars, the curves and the title are."""
    height = figure.get_figheight()
    if is_narrow(figure):
        curve = figure.add_axes((0.13, 0.5 / height, 0.65, 2.3 / height), label="curve")
        bars = figure.add_axes((0.24, 3.5 / height, 0.60, 1.45 / height), label="bars")
    else:
        bars = figure.add_axes((0.115, 0.155, 0.235, 0.64), label="bars")
        curve = figure.add_axes((0.485, 0.155, 0.395, 0.72), label="curve")
    return bars, curve, figure.text(0.02, 0.945 if is_narrow(figure) else 0.875, "", fontsize=9.5)


def scale(state: PeekState) -> tuple[float, float, Array]:
    """Lowest and highest share of the curves, and their ticks."""
    if state.coin_flips:
        return 0.35, 0.85, np.arange(0.4, 0.81, 0.1)
    return 0.7, 1.0, np.arange(0.7, 1.01, 0.1)


def draw(state: PeekState, figure: Figure) -> Artists:
    """Draw both panels, and return what moves in them."""
    bars, curve, title = panels(figure)
    artists = Artists(
        bars=[], whiskers=[], shares=[], curves=[], bands=[], dots=[], names=[], now=_now(curve), title=title
    )
    draw_bars(state, bars, artists)
    draw_curves(state, curve, artists)
    return artists


def _now(curve: Axes) -> Line2D:
    (line,) = curve.plot([], [], color=style.ink(), linewidth=1)
    return line


def draw_bars(state: PeekState, axes: Axes, artists: Artists) -> None:
    """A bar for each part, with the part that chooses named."""
    for row, part in enumerate(state.shown):
        role = "chooses" if part == state.look else "fresh" if part == "tomorrow" else "looks on"
        artists.bars.extend(axes.plot([], [], color=style.colour(COLOURS[part]), linewidth=13, solid_capstyle="butt"))
        artists.whiskers.extend(axes.plot([], [], color=style.ink(), linewidth=1.4, marker="|", markersize=8))
        artists.shares.append(axes.text(0, row, "", fontsize=8.5, va="center"))
        axes.text(-0.02, row, f"{part}\n{role}", ha="right", va="center", fontsize=8.5, linespacing=1.3)
    style.quiet(axes, left=False)
    axes.set(xlim=(0, 1), ylim=(len(state.shown) - 0.45, -0.75), xticks=[0, 0.5, 1], xticklabels=["0%", "50%", "100%"])


def draw_curves(state: PeekState, axes: Axes, artists: Artists) -> None:
    """A curve for each part over the peeks, with its spread and its name at the end."""
    low, high, ticks = scale(state)
    for row, part in enumerate(state.shown):
        colour = style.colour(COLOURS[part])
        artists.curves.extend(axes.plot([], [], color=colour, zorder=4 - row))
        artists.bands.append(axes.fill_between([1, MODELS], 0, 0, color=colour, alpha=0.16, linewidth=0))
        artists.dots.extend(axes.plot([], [], "o", color=colour, markersize=5, clip_on=False, zorder=6))
        behind = {"facecolor": style.paper(), "edgecolor": "none", "pad": 0.5, "alpha": 0.85}
        name = axes.text(0, 0, part, color=colour, fontsize=9, fontweight="bold", va="center", zorder=5, bbox=behind)
        artists.names.append(name)
    axes.set(xlim=(1, MODELS), ylim=(low, high), xscale="log", yticks=ticks, yticklabels=[f"{t:.0%}" for t in ticks])
    axes.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
    axes.minorticks_off()
    axes.set_xlabel("peeks: models looked at", labelpad=1)
    axes.set_title(f"right, mean of {DEALS} deals ± standard deviation", fontsize=9)
    if state.coin_flips:
        axes.axhline(0.5, color=style.faint(), linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
        axes.text(1.3, 0.36, "dashed: guessing", fontsize=8, color=style.faint(), va="bottom")


def paint(state: PeekState, artists: Artists, result: PeekResult) -> None:
    """Bring everything that moves to a result."""
    low, high, _ = scale(state)
    last = state.peeks - 1
    means = {part: result.scores[part].mean(axis=0) for part in state.shown}
    spreads = {part: result.scores[part].std(axis=0) for part in state.shown}
    for row, part in enumerate(state.shown):
        share = result.scores[part][state.deal, last]
        artists.bars[row].set_data([0, share], [row, row])
        artists.shares[row].set_text(f"{share:.1%}")
        artists.shares[row].set_x(share + 0.03)
        ends = means[part][last] + np.array([-1, 0, 1]) * spreads[part][last]
        artists.whiskers[row].set_data(ends, [row + 0.33] * 3)
        paint_curve(state, artists, row, means[part], spreads[part])
    heights = [float(means[part][last]) for part in state.shown]
    for name, y in zip(artists.names, _apart(heights, 0.07 * (high - low)), strict=True):
        name.set_position((state.peeks * 1.12, y))
    artists.now.set_data([state.peeks] * 2, [low, high])
    artists.title.set_text(f"Deal {state.deal + 1}: the best of {state.peeks}\nwhiskers: all {DEALS} deals")


def paint_curve(state: PeekState, artists: Artists, row: int, mean: Array, spread: Array) -> None:
    """One curve and its band, up to the present peek."""
    x = np.arange(1, state.peeks + 1)
    upper, lower = (mean + spread)[: state.peeks], (mean - spread)[: state.peeks]
    artists.curves[row].set_data(x, mean[: state.peeks])
    artists.bands[row].set_verts([np.column_stack([np.r_[x, x[::-1]], np.r_[upper, lower[::-1]]])])
    artists.dots[row].set_data([state.peeks], [mean[state.peeks - 1]])


def _apart(heights: list[float], least: float) -> list[float]:
    """The same heights, moved until neighbours are at least this far apart."""
    order = np.argsort(heights)
    moved = np.array(heights, float)[order]
    for _ in range(20):
        for i in range(len(moved) - 1):
            lacking = least - (moved[i + 1] - moved[i])
            if lacking > 0:
                moved[i] -= lacking / 2
                moved[i + 1] += lacking / 2
    back = np.empty(len(moved))
    back[order] = moved
    return [float(y) for y in back]
