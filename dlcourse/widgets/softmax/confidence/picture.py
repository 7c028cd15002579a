"""The picture of `ReliabilityDiagram`: ten bins, and mistakes expected and made in the course of the training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.widgets.softmax.confidence.numbers import BINS, ReliabilityResult
from dlcourse.widgets.softmax.confidence.state import ReliabilityState
from dlcourse.widgets.softmax.confidence.training import EPOCHS
from dlcourse.widgets.softmax.confidence.words import few

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

LEAST, MOST = 10.0, 1000.0
"""Mistakes in 1000 at the lower and the upper end of the axis."""


@dataclass(frozen=True)
class Artists:
    """What moves."""

    bars: Line2D
    whiskers: Line2D
    says: Line2D
    counts: list[Text]
    expects: Line2D
    makes: Line2D
    dots: list[Line2D]
    names: list[Text]
    cover: list[Text]


def draw(state: ReliabilityState, figure: Figure) -> Artists:
    """Both panels, still empty."""
    if is_narrow(figure):
        bins = axes_at(figure, 0.65, 3.75, 3.55, 2.3, "bins")
        course = axes_at(figure, 0.65, 0.5, 2.75, 2.2, "course")
    else:
        bins = axes_at(figure, 0.65, 0.6, 3.05, 2.4, "bins")
        course = axes_at(figure, 4.4, 0.6, 1.75, 2.4, "course")
    draw_bins(bins)
    draw_course(state, course)
    blue, orange = style.colour("BLUE"), style.colour("ORANGE")
    width = bins.get_window_extent().width * 72 / figure.dpi / BINS
    look: dict[str, Any] = {"color": blue, "lw": 0.78 * width, "solid_capstyle": "butt", "zorder": 2}
    box = {"facecolor": style.paper(), "edgecolor": "none", "pad": 2.0}
    middle: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, "bbox": box}
    return Artists(
        bars=bins.plot([], [], **look)[0],
        whiskers=bins.plot([], [], color=style.ink(), lw=1, zorder=3)[0],
        says=bins.plot([], [], color=orange, lw=3.2, solid_capstyle="butt", zorder=4)[0],
        counts=[bins.text((b + 0.5) / BINS, 1.05, "", ha="center", va="center", fontsize=8) for b in range(BINS)],
        expects=course.plot([], [], color=orange, lw=2)[0],
        makes=course.plot([], [], color=blue, lw=2)[0],
        dots=[course.plot([], [], "o", color=one, ms=6, zorder=4, clip_on=False)[0] for one in (orange, blue)],
        names=[course.text(1.05, 0, "", color=one, fontsize=8.5, fontweight="bold", va="center",
                           transform=course.get_yaxis_transform()) for one in (orange, blue)],
        cover=[bins.text(0.5, 0.5, "", **middle), course.text(0.5, 0.5, "", transform=course.transAxes, **middle)],
    )  # fmt: skip


def draw_bins(axes: Axes) -> None:
    """Ten bins of confidence, and the line on which a network says what it keeps."""
    style.quiet(axes)
    axes.plot([0, 1], [0, 1], color=style.faint(), lw=0.9, ls=(0, (4, 3)), zorder=1)
    axes.set(xlim=(0, 1), ylim=(0, 1.12), yticks=[0, 0.5, 1], yticklabels=["0 %", "50 %", "100 %"])
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"])
    axes.set_xlabel("how sure the network is", labelpad=3)
    axes.set_title("right in blue, promised in orange")
    axes.text(-0.03, 1.05, "answers", ha="right", va="center", fontsize=8)


def draw_course(state: ReliabilityState, axes: Axes) -> None:
    """Mistakes on an axis of powers of ten, over the epochs of the training."""
    style.quiet(axes)
    axes.set(xlim=(0, EPOCHS), ylim=(LEAST, MOST), yscale="log")
    axes.set_yticks([10, 30, 100, 300, 1000], ["10", "30", "100", "300", "1000"])
    axes.minorticks_off()
    if state.own is None:
        axes.set_xlabel("epochs of training", labelpad=3)
    else:
        axes.set_xticks([])
    axes.set_title("mistakes in 1000 unseen")


def paint(state: ReliabilityState, artists: Artists, result: ReliabilityResult) -> None:
    """Bring everything that moves to a result; while the question stands, only what the network says of itself."""
    paint_bins(artists, result, hidden=state.hides)
    epochs, expects, makes = result.course
    own = state.own is not None
    artists.expects.set_data(epochs, np.clip(expects, LEAST, MOST))
    artists.makes.set_data(epochs, np.clip(makes, LEAST, MOST))
    artists.expects.set_visible(not own and not state.hides)
    artists.makes.set_visible(not own and not state.hides)
    at = EPOCHS / 2 if own else state.epochs
    heights = [float(np.clip(value, LEAST, MOST)) for value in (result.expects, result.makes)]
    texts = f"expects {few(result.expects)}", f"makes {few(result.makes)}"
    apart = np.log10(heights[0] / heights[1])
    lift = 0.5 * max(0.0, 0.14 - abs(apart)) * (1 if apart >= 0 else -1)
    for dot, name, height, text, sign in zip(artists.dots, artists.names, heights, texts, (1, -1), strict=True):
        dot.set_data([at], [height])
        dot.set_visible(not state.hides)
        name.set_text("" if state.hides else text)
        name.set_position((1.05, height * 10 ** (sign * lift)))
    for cover in artists.cover:
        cover.set_text("covered until\nyou have chosen" if state.hides else "")


def paint_bins(artists: Artists, result: ReliabilityResult, *, hidden: bool) -> None:
    """A bar for what came, a mark for what was promised, and a whisker: one standard deviation of so many answers."""
    full = np.flatnonzero(result.counts)
    gap = np.full(len(full), np.nan)
    x, right, says, counts = (full + 0.5) / BINS, result.right[full], result.says[full], result.counts[full]
    artists.bars.set_data(np.repeat(x, 3), np.column_stack([np.zeros(len(x)), right, gap]).ravel())
    spread = np.sqrt(right * (1 - right) / counts)
    low, high = np.clip(right - spread, 0, 1), np.clip(right + spread, 0, 1)
    artists.whiskers.set_data(np.repeat(x, 3), np.column_stack([low, high, gap]).ravel())
    across = np.column_stack([x - 0.046, x + 0.046, gap])
    artists.says.set_data(across.ravel(), np.repeat(says, 3))
    for line in (artists.bars, artists.whiskers, artists.says):
        line.set_visible(not hidden)
    for bin_, text in enumerate(artists.counts):
        count = int(result.counts[bin_])
        text.set_text(str(count) if count and not hidden else "")
