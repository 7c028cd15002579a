"""The picture of `Blame`: the graph with the value in each node, and below it the blame that has arrived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.numbers import compact, three_digits
from dlcourse.widgets.backpropagation.layout import EXTENT, places
from dlcourse.widgets.backpropagation.numbers import BlameResult
from dlcourse.widgets.backpropagation.state import BlameState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]


@dataclass(frozen=True)
class Artists:
    """What moves; the lists have one entry for each node shown."""

    values: list[Text]
    blames: list[Text]
    rings: list[Line2D]
    wish: Text
    promise: Text


def panel(figure: Figure) -> Axes:
    """The one panel, named after its layout, in inches."""
    kind = "narrow" if figure.get_figwidth() < 5.6 else "wide"
    axes = figure.add_axes((0, 0, 1, 1), label=kind)
    axes.set(xlim=(0, EXTENT[kind][0]), ylim=(0, EXTENT[kind][1]))
    axes.axis("off")
    return axes


def draw(state: BlameState, figure: Figure) -> Artists:
    """Draw links and nodes, and return what moves in them."""
    axes = panel(figure)
    at = places(state.graph, str(axes.get_label()))
    draw_links(state, axes, at)
    values, blames, rings = [], [], []
    for number, place in at.items():
        draw_node(state, axes, number, place)
        values.append(axes.text(*place, "", ha="center", va="center", fontsize=8, zorder=6))
        below: dict[str, Any] = {"ha": "center", "va": "top", "fontweight": "bold", "bbox": _box(0.4)}
        blames.append(axes.text(place[0], place[1] - 0.29, "", fontsize=8.5, zorder=6, **below))
        rings.extend(axes.plot(*place, "o", ms=37, mfc="none", mec=style.ink(), mew=1.6, ls="", zorder=3))
    return Artists(
        values=values,
        blames=blames,
        rings=rings,
        wish=axes.text(0.15, 0.44, "", fontsize=9.5, va="center"),
        promise=axes.text(0.15, 0.17, "", fontsize=9.5, va="center"),
    )


def draw_links(state: BlameState, axes: Axes, at: dict[int, tuple[float, float]]) -> None:
    """A line from each node to those it was computed from."""
    for number, node in enumerate(state.graph.nodes):
        for parent in node.parents:
            if parent in at and number in at:
                (xa, ya), (xb, yb) = at[parent], at[number]
                axes.plot([xa, xb], [ya, yb], color=style.faint(), lw=1.0, alpha=0.6, zorder=1)


def draw_node(state: BlameState, axes: Axes, number: int, place: tuple[float, float]) -> None:
    """A circle in the colour of its kind, and its label."""
    node = state.graph.nodes[number]
    x, y = place
    edge = {"weight": style.colour("ORANGE"), "data": style.faint()}.get(node.kind, style.colour("BLUE"))
    axes.plot([x], [y], "o", ms=31, mfc=style.paper(), mec=edge, mew=1.6, ls="", zorder=2)
    is_loss = number == len(state.graph.nodes) - 1
    colour = style.colour("VERMILLION") if is_loss else style.ink()
    axes.text(x, y + 0.29, node.label, ha="center", va="bottom", fontsize=9, color=colour, zorder=5, bbox=_box(0.3))


def _box(pad: float) -> dict[str, Any]:
    """What lies behind a text, so that a link does not cross it out."""
    return {"facecolor": style.paper(), "edgecolor": "none", "pad": pad, "alpha": 0.85}


def paint(state: BlameState, artists: Artists, result: BlameResult) -> None:
    """Bring everything that moves to a result."""
    reached = set(state.order[: state.revealed])
    shown = [n for n, node in enumerate(result.graph.nodes) if node.kind != "constant"]
    for number, value, blame, ring in zip(shown, artists.values, artists.blames, artists.rings, strict=True):
        moved = not np.array_equal(result.after[number], result.before[number])
        value.set_text(_inside(result.after[number]))
        value.set_color(style.colour("GREEN") if moved else style.ink())
        value.set_fontweight("bold" if moved else "normal")
        if state.gradients:
            paint_gradient(blame, result.graph.slope(number), arrived=number in reached)
        else:
            paint_blame(blame, result.changes[number], arrived=number in reached)
        ring.set_visible(number == state.selected)
    wish = f"The loss, {three_digits(result.loss)}, must go down by {compact(state.amount)}."
    artists.wish.set_text("In the circle its value, beneath it its gradient." if state.gradients else wish)
    told = f"Promised {three_digits(result.promised)},  real {three_digits(result.real)}."
    asked = f"A nudge asks for a loss that is {compact(state.amount)} lower." if state.gradients else ""
    artists.promise.set_text(told if state.nudged else asked)
    artists.promise.set_color(style.colour("GREEN"))


def paint_blame(blame: Text, change: float | None, *, arrived: bool) -> None:
    """What a node must do, with an arrow; nothing before the blame has arrived."""
    if change is None:
        blame.set_text("0" if arrived else "")
        blame.set_color(style.faint())
        return
    blame.set_text(f"{'▲' if change > 0 else '▼'} {compact(abs(change))}" if arrived else "")
    blame.set_color(style.colour("BLUE" if change > 0 else "VERMILLION"))


def paint_gradient(blame: Text, slope: float | None, *, arrived: bool) -> None:
    """The gradient of a node; nothing before it has arrived."""
    blame.set_text("" if slope is None or not arrived else three_digits(slope))
    blame.set_color(style.faint() if not slope else style.colour("BLUE" if slope > 0 else "VERMILLION"))


def _inside(value: Array) -> str:
    """What is written in a node: the number, or the shape."""
    return three_digits(float(value.reshape(()))) if value.size == 1 else "×".join(map(str, value.shape))
