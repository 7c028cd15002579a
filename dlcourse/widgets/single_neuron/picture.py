"""The picture of `NeuronExplorer`: the plane with points and line, the activation, and the arithmetic of one point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import decimals
from dlcourse.widgets.single_neuron import words
from dlcourse.widgets.single_neuron.numbers import AXIS, LINES, PIXELS, SQUARE, NeuronResult, segment, values_of
from dlcourse.widgets.single_neuron.state import LINE, NeuronState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]


@dataclass(frozen=True)
class Artists:
    """What moves."""

    image: AxesImage
    lines: list[Line2D]
    arrow: Line2D
    handle: Line2D
    zeros: Line2D
    ones: Line2D
    wrong: Line2D
    chosen: Line2D
    count: Text
    ticks: Line2D
    dot: Line2D
    sums: Text
    pace: Text


def panels(figure: Figure) -> tuple[Axes, Axes, Text]:
    """Where the plane, the activation and the arithmetic are."""
    width, height = figure.get_size_inches()
    if is_narrow(figure):
        side = 0.84 * width
        plane = figure.add_axes((0.12, 1 - (side + 0.32) / height, side / width, side / height), label="plane")
        curve = figure.add_axes((0.12, 0.36 / height, side / width, 1.1 / height), label="curve")
        sums = figure.text(0.04, 1 - (side + 0.8) / height, "", va="top", linespacing=1.55, fontsize=9.0)
    else:
        side = height - 0.78
        plane = figure.add_axes((0.065, 0.44 / height, side / width, side / height), label="plane")
        curve = figure.add_axes((0.63, 0.44 / height, 0.34, 0.36), label="curve")
        sums = figure.text(0.57, 0.93, "", va="top", linespacing=1.55, fontsize=9.5)
    return plane, curve, sums


def draw(state: NeuronState, figure: Figure) -> Artists:
    """Draw what stands still in both panels, and return what moves."""
    plane, curve, sums = panels(figure)
    image = draw_plane(state, plane)
    draw_curve(state, curve)
    marks = point_marks(state, plane)
    ink, paper = style.ink(), style.paper()
    return Artists(
        image=image,
        lines=[_line(plane, color=ink, linewidth=2.2, zorder=3) for _ in range(LINES)],
        arrow=_line(plane, color=ink, linewidth=1.4, marker=".", markevery=[1], zorder=3),
        handle=_line(plane, "o", color=ink, markerfacecolor=paper, markersize=10, zorder=4),
        **marks,
        count=plane.text(0, 1.03, "", transform=plane.transAxes, fontsize=10.5, fontweight="bold"),
        ticks=_line(curve, "|", color=style.faint(), markersize=7),
        dot=_line(curve, "o", color=style.colour("VERMILLION"), markersize=8, zorder=5),
        sums=sums,
        pace=plane.text(1, 1.03, "", transform=plane.transAxes, ha="right", fontsize=8),
    )


def _line(axes: Axes, *form: str, **look: Any) -> Line2D:
    (line,) = axes.plot([], [], *form, **look)
    return line


def draw_plane(state: NeuronState, axes: Axes) -> AxesImage:
    """Axes of the two inputs; returns the surface of the output."""
    left, right, bottom, top = state.limits
    axes.set(xlim=(left, right), ylim=(bottom, top), xlabel="x₁", ylabel="x₂")
    axes.xaxis.labelpad = axes.yaxis.labelpad = 1
    if state.limits == SQUARE:
        axes.set(xticks=[0, 1], yticks=[0, 1])
    return axes.imshow(
        style.shades(np.zeros((PIXELS, PIXELS))), origin="lower", extent=(left, right, bottom, top), aspect="auto",
        zorder=0, interpolation="nearest",
    )  # fmt: skip


def point_marks(state: NeuronState, plane: Axes) -> dict[str, Line2D]:
    """Points of both classes, the crosses of the wrong ones, and the ring of the selected one; smaller where many."""
    ink, few = style.ink(), len(state.shown) <= 12
    size = 11 if few else 4.5
    edge = {
        "linestyle": "none",
        "markeredgecolor": ink,
        "markeredgewidth": 1.2 if few else 0.6,
        "markersize": size,
        "zorder": 5,
    }
    return {
        "zeros": _line(plane, marker="o", markerfacecolor=style.ORANGE, **edge),
        "ones": _line(plane, marker="s", markerfacecolor=style.BLUE, **edge),
        "wrong": _line(
            plane, "x", color=ink, markersize=size + (6 if few else 4), markeredgewidth=1 + size / 11, zorder=6
        ),
        "chosen": _line(
            plane, "o", markerfacecolor="none", markeredgecolor=ink, markersize=size + 11, zorder=6
        ),
    }  # fmt: skip


def draw_curve(state: NeuronState, axes: Axes) -> None:
    """The activation from −6 to 6."""
    axes.plot(AXIS, values_of(state.curve, AXIS), color=style.colour("BLUE"))
    axes.set(xlim=(-6, 6), ylim=curve_limits(state), xlabel="z", xticks=[-5, 0, 5])
    axes.xaxis.labelpad = 0
    axes.set_title(f"f = {state.activation}", fontsize=9)


def curve_limits(state: NeuronState) -> tuple[float, float]:
    """Bottom and top of the activation's panel."""
    f = values_of(state.curve, AXIS)
    low, high = float(min(f.min(), 0)), float(max(f.max(), 1))
    margin = 0.12 * (high - low)
    return low - margin, high + margin


def paint(state: NeuronState, artists: Artists, result: NeuronResult) -> None:
    """Bring everything that moves to a result."""
    points = np.array(state.shown, float).reshape(-1, 3)
    selected = points[state.selected : state.selected + 1] if state.editor.row is not None else points[:0]
    paint_plane(artists, result, points, selected)
    paint_line(state, artists, result)
    paint_curve(state, artists, result)
    error = f"error {decimals(result.error, 3)}   " if state.shown else ""
    artists.pace.set_text(f"{error}{words.pace(state)}")
    artists.sums.set_text(words.sums(state, result))


def paint_plane(artists: Artists, result: NeuronResult, points: Array, selected: Array) -> None:
    """The surface, and the points on it, rows of x₁, x₂ and class."""
    difference = result.surface - result.threshold
    artists.image.set_data(style.shades(difference / max(float(np.abs(difference).max()), 1e-9)))
    for marks, keep in (
        (artists.zeros, result.truth == 0), (artists.ones, result.truth == 1), (artists.wrong, result.says != result.truth)
    ):  # fmt: skip
        marks.set_data(points[keep, 0], points[keep, 1])
    artists.chosen.set_data(selected[:, 0], selected[:, 1])
    artists.count.set_text(f"{result.right} of {len(points)} right" if len(points) else "click to add a point")


def paint_line(state: NeuronState, artists: Artists, result: NeuronResult) -> None:
    """A line wherever the output crosses the threshold, and what turns them."""
    for i, line in enumerate(artists.lines):
        here = i < len(result.levels)
        line.set_data(*(segment(state.w, state.b - result.levels[i], state.limits) if here else ([], [])))
        line.set_linewidth(3.4 if state.selected == LINE else 2.2)
    handle = state.handle
    artists.handle.set_visible(handle is not None)
    artists.arrow.set_visible(handle is not None)
    if handle is not None:
        artists.handle.set_data([handle.grip[0]], [handle.grip[1]])
        artists.arrow.set_data(*zip(handle.pivot, handle.tip, strict=True))


def paint_curve(state: NeuronState, artists: Artists, result: NeuronResult) -> None:
    """Where the points are on the activation: a tick for each, a dot for the selected one."""
    low, high = curve_limits(state)
    artists.ticks.set_data(np.clip(result.z, -6, 6), np.full(len(result.z), low + 0.06 * (high - low)))
    if state.editor.row is None:
        artists.dot.set_data([], [])
        return
    z, out = result.z[state.selected], result.output[state.selected]
    artists.dot.set_data([np.clip(z, -6, 6)], [np.clip(out, low, high)])
