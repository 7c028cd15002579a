"""The picture of `Paths`: the network, what each path brings, and how the products add up to what `backward()` says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import grouped
from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.chain.layout import panel, text_below
from dlcourse.widgets.chain.network import Network, draw_network, paint_network
from dlcourse.widgets.chain.notation import off_by
from dlcourse.widgets.when_things_get_intense.numbers import PathsResult
from dlcourse.widgets.when_things_get_intense.state import PathsState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

MOST_FACTORS = 9


@dataclass(frozen=True)
class Chart:
    """A bar for each path, those added so far coloured by their sign, the sum of these, and what it should become."""

    zero: Line2D
    outline: Line2D
    plus: Line2D
    minus: Line2D
    sum: Line2D
    target: Line2D
    target_name: Text
    note: Text
    count: Text


@dataclass(frozen=True)
class Artists:
    """What moves: network, chart, and two texts below."""

    network: Network
    chart: Chart
    product: Text
    checks: Text


def draw(state: PathsState, figure: Figure) -> Artists:
    """The network, the chart, and room for the arithmetic below."""
    network = draw_network(panel(figure, "network", wide=(0.05, 1.0, 4.3, 3.15), narrow=(0.05, 4.55, 4.4, 3.6)))
    chart = draw_chart(panel(figure, "products", wide=(4.75, 1.3, 2.3, 2.5), narrow=(0.5, 2.2, 3.8, 2.0)))
    narrow = is_narrow(figure)
    size = 8.0 if narrow else 9.0
    product = text_below(figure, 0.15, 1.75 if narrow else 1.0, fontsize=size, linespacing=1.5)
    return Artists(
        network, chart, product, text_below(figure, 0.15, 1.2 if narrow else 0.55, fontsize=size, linespacing=1.5)
    )


def draw_chart(axes: Axes) -> Chart:
    """Heights in parts of the largest number that is shown."""
    axes.set(ylim=(-1.12, 1.12), xlim=(0, 1), yticks=[], xticks=[])
    axes.set_title("what each path brings, and the sum", fontsize=9)
    style.quiet(axes, bottom=False)
    green, inside = style.colour("GREEN"), axes.transAxes
    behind: dict[str, Any] = {"facecolor": style.paper(), "edgecolor": "none", "pad": 0.5, "alpha": 0.85}
    zero = axes.axhline(0, color=style.faint(), lw=0.8)
    (outline,) = axes.plot([], [], color=style.faint(), alpha=0.6, solid_capstyle="butt")
    (plus,) = axes.plot([], [], color=style.colour("BLUE"), solid_capstyle="butt")
    (minus,) = axes.plot([], [], color=style.colour("VERMILLION"), solid_capstyle="butt")
    (total,) = axes.plot([], [], color=style.ink(), lw=1.4, drawstyle="steps-post")
    (target,) = axes.plot([], [], "--", color=green, lw=1.6)
    return Chart(
        zero, outline, plus, minus, total, target,
        target_name=axes.text(1, 0, "backward()", color=green, fontsize=8, ha="right", transform=inside, bbox=behind),
        note=axes.text(0.5, 0.5, "", ha="center", va="center", fontsize=9.5, linespacing=1.6, transform=inside),
        count=axes.text(1, -0.035, "", ha="right", va="top", fontsize=8.5, transform=inside),
    )  # fmt: skip


def paint(state: PathsState, artists: Artists, result: PathsResult) -> None:
    """Bring everything that moves to a result."""
    k, listed = state.reached, result.paths
    paint_network(
        artists.network, result.chain, result.place, result.output,
        fan=bool(result.count) and not state.hides, route=listed.neurons[k - 1] if k and listed is not None else (),
    )  # fmt: skip
    shown = result.paths is not None and not state.hides and result.count > 0
    products = result.paths.products if shown and result.paths is not None else np.zeros(0)
    paint_chart(artists.chart, products, state.reached, result.gradient, shown)
    artists.chart.note.set_text(note(state, result))
    artists.product.set_text(product(result, state.reached) if shown else "")
    artists.checks.set_text("" if state.hides else checks(state, result))


def paint_chart(chart: Chart, products: Array, k: int, gradient: float, shown: bool) -> None:
    """The first k products added up."""
    number = len(products)
    sums = np.cumsum(products)
    scale = max(float(np.abs(np.concatenate([products, sums, [gradient, 1e-300]])).max()), 1e-300)
    chart.zero.set_visible(shown)
    axes = chart.outline.axes
    assert axes is not None
    axes.set_xlim(0.2, max(number, 1) + 0.8)  # no ticks, so nothing that stands still depends on it
    order, added = np.arange(number), np.arange(number) < k
    groups = ((chart.outline, ~added), (chart.plus, added & (products > 0)), (chart.minus, added & (products <= 0)))
    for bars, which in groups:
        paint_bars(bars, order[which] + 1.0, products[which] / scale)
        bars.set_linewidth(float(np.clip(110 / max(number, 1), 0.7, 12)))
    heights = np.concatenate([[0.0], sums[:k] / scale]) if number else np.zeros(k + 1)
    chart.sum.set_data(np.arange(k + 1) + 0.5, heights)
    goal = gradient / scale
    chart.target.set_data([0.2, number + 0.8] if shown else [], [goal, goal] if shown else [])
    chart.target_name.set_visible(shown)
    chart.target_name.set_position((1, (goal + 1.12) / 2.24 + (0.015 if goal > 0 or not shown else -0.06)))
    chart.count.set_text(f"{k} of {counted(number, 'path')}" if shown else "")


def paint_bars(bars: Line2D, x: Array, heights: Array) -> None:
    """All bars as one line, interrupted."""
    gaps = np.full(len(x), np.nan)
    bars.set_data(np.column_stack([x, x, gaps]).ravel(), np.column_stack([0 * heights, heights, gaps]).ravel())


def note(state: PathsState, result: PathsResult) -> str:
    """Why no path is shown."""
    if state.hides:
        return "the paths are covered\nuntil you have chosen"
    if result.count == 0:
        return "no path:\nthe derivative is 0"
    if result.paths is None:
        return f"{grouped(result.count)} paths,\ntoo many to list.\nbackward() does not list them."
    return ""


def product(result: PathsResult, k: int) -> str:
    """The arithmetic of one path, counted from 1."""
    assert result.paths is not None
    if not k:
        return "Step adds one path after the other.\nA path multiplies what it meets:  a · f′ · W · f′ · W · f′ …"
    factors = list(result.paths.factors[k - 1])
    if factors[-1] == 1:
        factors.pop()  # the outputs have no activation
    signs = ["a" if m == 0 else "f′" if m % 2 else "W" for m in range(len(factors))]
    parts = [f"{sign} {n(value, 3)}" for sign, value in zip(signs, factors, strict=True)]
    if len(parts) > MOST_FACTORS:
        parts = [*parts[: MOST_FACTORS - 2], "…", parts[-1]]
    cut = (len(parts) + 1) // 2 if len(parts) > 6 else len(parts)
    listed = " · ".join(parts[:cut]) + (" ·\n      " + " · ".join(parts[cut:]) if cut < len(parts) else "")
    return f"path {k}:  {listed}  =  {n(float(result.paths.products[k - 1]), 4)}"


def checks(state: PathsState, result: PathsResult) -> str:
    """The derivative by three ways."""
    by_paths = "too many to list" if result.paths is None else n(result.paths.total, 6)
    return (
        f"sum over paths  {by_paths}      backward()  {n(result.gradient, 6)}\n"
        f"central difference  {n(result.difference, 6)},  off by {off_by(result.off)}"
        + ("" if state.model is not None else f"      at x₁ = {n(state.x1, 2)}, h = {n(state.h, 2)}")
    )
