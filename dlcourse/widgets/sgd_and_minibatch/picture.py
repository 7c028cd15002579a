"""The picture of `MinibatchFan`: the fan of gradients, and the noise of each batch size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.widgets.sgd_and_minibatch.numbers import ARROWS, FanResult
from dlcourse.widgets.sgd_and_minibatch.state import FanState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]


@dataclass(frozen=True)
class Artists:
    """What moves."""

    rays: Line2D
    tips: Line2D
    dots: Line2D
    here: Line2D
    line: Line2D
    count: Text


def panels(figure: Figure) -> tuple[Axes, Axes]:
    """Where the fan and the law are."""
    if is_narrow(figure):
        fan = figure.add_axes((0.13, 0.56, 0.82, 0.37), label="fan")
        law = figure.add_axes((0.15, 0.075, 0.80, 0.37), label="law")
    else:
        fan = figure.add_axes((0.075, 0.145, 0.41, 0.76), label="fan")
        law = figure.add_axes((0.59, 0.145, 0.385, 0.76), label="law")
    return fan, law


def draw(state: FanState, figure: Figure) -> Artists:
    """Draw both panels, and return what moves in them."""
    fan, law = panels(figure)
    rays, tips, count = draw_fan(state, fan)
    draw_law(state, law)
    dots, here, line = draw_noise(law)
    return Artists(rays=rays, tips=tips, dots=dots, here=here, line=line, count=count)


def draw_fan(state: FanState, axes: Axes) -> tuple[Line2D, Line2D, Text]:
    """The true gradient, and room for those of 60 minibatches."""
    axes.set(
        xlim=(-1.2, 3.2),
        ylim=(-2.2, 2.2),
        xlabel="← update goes uphill    along the true gradient →",
        yticks=[-2, -1, 0, 1, 2],
    )
    axes.set_title("60 minibatch gradients, true one = 1", fontsize=9)
    axes.set_ylabel(f"sideways, 1 of {state.gradients.weights - 1} directions", labelpad=0)
    axes.axvline(0, color=style.faint(), linewidth=0.8)
    axes.plot([0, 1], [0, 0], color=style.ink(), linewidth=3.2, solid_capstyle="butt", zorder=5)
    axes.plot([1], [0], ">", color=style.ink(), markersize=9, zorder=5)
    (rays,) = axes.plot([], [], color=style.colour("BLUE"), linewidth=0.9, alpha=0.55)
    (tips,) = axes.plot([], [], ".", color=style.colour("BLUE"), markersize=5, zorder=4)
    behind = {"facecolor": style.paper(), "edgecolor": "none", "pad": 1.5, "alpha": 0.85}
    return rays, tips, axes.text(3.15, -2.05, "", ha="right", fontsize=8.5, zorder=6, bbox=behind)


def draw_law(state: FanState, axes: Axes) -> None:
    """Axes of the noise, and what the law says, or that it is covered."""
    n, gradients = state.n, state.gradients
    single = gradients.sigma / gradients.length
    low, high = single / np.sqrt(n) / 2, single * 1.7
    axes.set(xscale="log", yscale="log", xlim=(0.8, n * 1.3), ylim=(low, high))
    axes.set_title("noise, in lengths of the true gradient", fontsize=9)
    axes.set_xlabel("batch size B", labelpad=1)
    ticks = [size for size in (1, 4, 16, 64, 256, 1024) if size <= n]
    axes.set_xticks(ticks, [str(size) for size in ticks])
    heights = [height for height in (0.1, 0.3, 1, 3, 10, 30) if low < height < high]
    axes.set_yticks(heights, [f"{height:g}" for height in heights])
    axes.minorticks_off()
    if state.hides:
        axes.text(
            0.98, 0.97, "the other sizes are covered\nuntil you have chosen", ha="right", va="top", fontsize=9,
            color=style.ink(), transform=axes.transAxes,
        )  # fmt: skip
        return
    sizes = np.unique(np.round(np.geomspace(1, n, 80)))
    axes.plot(sizes, single / np.sqrt(sizes), "--", color=style.faint(), linewidth=1.4)
    corner: dict[str, Any] = {"x": 0.98, "ha": "right", "va": "top", "fontsize": 9, "transform": axes.transAxes}
    axes.text(y=0.97, s="- - σ/√B", color=style.ink(), **corner)
    if not state.replacement:
        inner = sizes[sizes < n]
        axes.plot(inner, gradients.law(inner, replacement=False) / gradients.length, color=style.colour("ORANGE"))
        axes.text(y=0.88, s="— times √((N−B)/(N−1))", color=style.colour("ORANGE"), **corner)


def draw_noise(axes: Axes) -> tuple[Line2D, Line2D, Line2D]:
    """Room for the measured noise, and for the present batch size."""
    (dots,) = axes.plot([], [], "o", color=style.colour("BLUE"), markersize=5, zorder=4)
    (here,) = axes.plot([], [], "o", markerfacecolor="none", markeredgecolor=style.ink(), markersize=12, zorder=5)
    (line,) = axes.plot([], [], color=style.ink(), linewidth=0.8, linestyle=":")
    return dots, here, line


def paint(state: FanState, artists: Artists, result: FanResult) -> None:
    """Bring everything that moves to a result."""
    ends = np.clip(result.arrows, [-1.2, -2.2], [3.2, 2.2])
    lines = np.full((3 * len(ends), 2), np.nan)
    lines[0::3], lines[1::3] = 0, ends
    artists.rays.set_data(lines[:, 0], lines[:, 1])
    artists.tips.set_data(ends[:, 0], ends[:, 1])
    axes = artists.here.axes
    assert axes is not None
    low, _ = axes.get_ylim()
    shown = (result.measured > low) & (not state.hides)  # a noise of 0 has no place on a logarithmic axis
    artists.dots.set_data(result.sizes[shown], result.measured[shown])
    height = max(result.noise, low)
    artists.here.set_data([state.b], [height])
    artists.line.set_data([state.b] * 2, [low, height])
    artists.count.set_text(f"{result.uphill} of {ARROWS} updates go{'es' * (result.uphill == 1)} uphill")
