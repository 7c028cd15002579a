"""The picture of `SoftmaxBars`: bars that are pulled, their shares beside them, and what is computed below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.live.numbers import decimals
from dlcourse.live.pixels import Labels
from dlcourse.widgets.softmax.below import (
    Arithmetic,
    Jacobian,
    draw_arithmetic,
    draw_jacobian,
    paint_arithmetic,
    paint_jacobian,
)
from dlcourse.widgets.softmax.layout import on_page
from dlcourse.widgets.softmax.numbers import SoftmaxResult
from dlcourse.widgets.softmax.state import BarsState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

FEW = 6
"""Of more bars the numbers have fewer decimals."""


@dataclass(frozen=True)
class Bars:
    """Upright bars, the chosen one set off, and a number at each."""

    others: Line2D
    chosen: Line2D
    values: Labels


@dataclass(frozen=True)
class Artists:
    """What moves."""

    scores: Bars
    base: Text
    shares: Bars
    before: Line2D
    below: Arithmetic | Jacobian


def panels(figure: Figure) -> tuple[Axes, Axes]:
    """Where scores and shares are."""
    if is_narrow(figure):
        return axes_at(figure, 0.55, 5.4, 3.85, 1.65, "scores"), axes_at(figure, 0.55, 3.5, 3.85, 1.4, "shares")
    return axes_at(figure, 0.55, 3.1, 3.05, 1.75, "scores"), axes_at(figure, 4.0, 3.1, 3.05, 1.75, "shares")


def draw(state: BarsState, figure: Figure) -> Artists:
    """Both rows of bars, still empty, and one of the two views below."""
    scores, shares = panels(figure)
    low, high = state.reach
    room = 0.13 * (high - low)
    scores.set(ylim=(low - room, high + room))
    scores.set_title("scores x: take a bar and pull")
    scores.axhline(0, color=style.faint(), lw=0.8, zorder=1)
    shares.set(ylim=(0, 1.18))
    shares.set_title("shares p in %: together 100")
    for axes in (scores, shares):
        style.quiet(axes, left=False, bottom=axes is shares)
        axes.set(xlim=(-0.6, state.count - 0.4))
    shares.set_xticks(range(state.count), [n if state.digits else f"p{n}" for n in state.names])
    shares.tick_params(length=0)
    (before,) = shares.plot([], [], color=style.ink(), lw=1.4, zorder=4)
    drawn = draw_bars(scores, state.count), draw_bars(shares, state.count)
    base = scores.text(-0.02, 0, "", transform=scores.get_yaxis_transform(), ha="right", va="center", fontsize=8)
    below = draw_arithmetic(state, figure) if state.look == "arithmetic" else draw_jacobian(state, figure)
    return Artists(drawn[0], base, drawn[1], before, below)


def draw_bars(axes: Axes, count: int) -> Bars:
    """Room for this many bars."""
    width = axes.get_window_extent().width * 72 / axes.figure.dpi / (count + 0.2)  # points from bar to bar
    look: dict[str, Any] = {"lw": 0.66 * width, "solid_capstyle": "butt", "zorder": 2}
    (others,) = axes.plot([], [], color=style.colour("SKY"), **look)
    (chosen,) = axes.plot([], [], color=style.colour("GREEN"), **look)
    values = Labels()
    axes.figure.add_artist(values)
    return Bars(others, chosen, values)


def paint(state: BarsState, artists: Artists, result: SoftmaxResult) -> None:
    """Bring everything that moves to a result."""
    few, (low, high) = state.count <= FEW, state.reach
    scores, heights = [score(float(x), few) for x in result.scores], np.array(state.now)
    gap = 0.07 * (high - low)
    paint_bars(artists.scores, state.chosen, heights, scores, np.where(heights < 0, -gap, gap))
    artists.base.set_text(decimals(state.shift, 0 if state.shift == round(state.shift) else 1))
    shares = [f"{100 * p:.1f}" for p in result.shares]
    moved = bool(result.pull) and not state.hides
    p = result.shares.astype(float)
    marks = np.maximum(result.before - p, 0.0) if moved else np.zeros(state.count)  # numbers stand above them
    paint_bars(artists.shares, state.chosen, p, shares, 0.075 + marks)
    x = np.arange(state.count)[:, None] + [-0.42, 0.42, np.nan]
    artists.before.set_data(x.ravel(), np.repeat(result.before, 3))
    artists.before.set_visible(moved)
    narrow = is_narrow(cast("Figure", artists.base.figure))
    if isinstance(artists.below, Arithmetic):
        paint_arithmetic(state, artists.below, result, narrow=narrow)
    else:
        paint_jacobian(state, artists.below, result, narrow=narrow)


def score(value: float, few: bool) -> str:
    """A score at its bar, so short that its neighbours have room."""
    return decimals(round(value, 1) + 0.0, 1) if few else decimals(round(value) + 0.0, 0)


def paint_bars(bars: Bars, chosen: int, heights: Array, texts: list[str], gaps: Array) -> None:
    """Bars from 0, with a number above each, or below where it hangs down."""
    x = np.arange(len(heights))
    upright = np.column_stack([np.zeros(len(x)), heights, np.full(len(x), np.nan)])
    rest = x != chosen
    bars.others.set_data(np.repeat(x[rest], 3), upright[rest].ravel())
    bars.chosen.set_data([chosen, chosen], upright[chosen, :2])
    places = on_page(bars.others, np.column_stack([x, heights + gaps]))
    labels = [(across, up, text, style.ink(), "center") for (across, up), text in zip(places, texts, strict=True)]
    bars.values.set_labels(labels, 8.0)
