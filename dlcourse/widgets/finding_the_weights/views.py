"""The three views of a landscape: a curve over one weight, a map of two, a slice along the update of more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.live import style
from dlcourse.live.numbers import signed
from dlcourse.widgets.finding_the_weights.numbers import SHARES, StepResult
from dlcourse.widgets.finding_the_weights.state import StepState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Curve", "Map", "Markers", "Slice", "View", "draw_view", "paint_view"]


@dataclass(frozen=True)
class Markers:
    """Ball, tangent, promise and landing, the same in every view."""

    path: Line2D
    tangent: Line2D
    gap: Line2D
    promise: Line2D
    landing: Line2D
    ball: Line2D
    promise_text: Text
    real_text: Text


@dataclass(frozen=True)
class Curve:
    """What moves over one weight."""

    curve: Line2D
    markers: Markers


@dataclass(frozen=True)
class Map:
    """What moves on a map of two weights."""

    bends: list[Line2D]
    """The axes of the bowl: the one that bends most first."""
    curvatures: list[Text]
    """At the end of each axis, its curvature."""
    markers: Markers


@dataclass(frozen=True)
class Slice:
    """What moves along the update."""

    curve: Line2D
    bowl: Line2D
    markers: Markers


View = Curve | Map | Slice


def draw_view(state: StepState, axes: Axes) -> View:
    """Draw the view that the number of weights asks for."""
    axes.xaxis.labelpad = 0
    if state.view == "curve":
        return draw_curve(state, axes)
    return draw_map(state, axes) if state.view == "map" else draw_slice(axes)


def draw_curve(state: StepState, axes: Axes) -> Curve:
    """The error over its one weight."""
    across, (low, high) = state.limits
    axes.set(xlim=across, ylim=(low, high), xlabel="w")
    axes.set_title("error", fontsize=9)
    if low < 0 and not state.own:
        axes.axhline(0, color=style.faint(), lw=0.8)
    (curve,) = axes.plot([], [], color=style.colour("BLUE"))
    return Curve(curve=curve, markers=draw_markers(axes))


def draw_map(state: StepState, axes: Axes) -> Map:
    """Bands of equal error over two weights."""
    (left, right), (low, high) = state.limits
    axes.set(xlim=(left, right), ylim=(low, high), xlabel="w")
    axes.set_title("b   (bands of equal error)", fontsize=9)
    if not state.hides:
        heights = state.heights
        heights = np.where(np.isfinite(heights), heights, np.nan)
        least, most = (np.nanmin(heights), np.nanmax(heights)) if not np.isnan(heights).all() else (0.0, 1.0)
        ranks = np.log10(heights - least + max(1e-3 * (most - least), 1e-12))
        # Each error stands in the middle of its cell, and those at the limits are middles as well.
        across, up = ((end - start) / (len(heights) - 1) / 2 for start, end in ((left, right), (low, high)))
        axes.imshow(
            ranks, origin="lower", extent=(left - across, right + across, low - up, high + up), aspect="auto",
            cmap=style.heights(12), interpolation="catrom", interpolation_stage="data",
        )  # fmt: skip
    bends = [style.haloed(axes.plot([], [], dashes, color=style.ink(), lw=1.2)[0]) for dashes in ("--", ":")]
    plate = {"facecolor": style.paper(), "edgecolor": "none", "pad": 1.5}
    curvatures = [
        axes.text(0, 0, "", fontsize=8, ha="center", va="center", color=style.ink(), zorder=6, clip_on=True, bbox=plate)
        for _ in bends
    ]
    markers = draw_markers(axes)
    for line in (markers.path, markers.tangent):
        style.haloed(line)
    return Map(bends=bends, curvatures=curvatures, markers=markers)


def draw_slice(axes: Axes) -> Slice:
    """The change of the error along the update, in promised changes, and the parabola of the Hessian."""
    axes.set(xlim=(-0.5, 2.5), ylim=(-1.5, 1.5), xticks=[0, 1, 2], xlabel="share of the update", yticks=[-1, 0, 1])
    axes.set_yticklabels(["−1\npromise", "0\nhere", "+1"])
    axes.set_title("change of the error along the update", fontsize=9)
    axes.tick_params(axis="y", labelsize=8, pad=1)
    axes.axhline(0, color=style.faint(), lw=0.8)
    (curve,) = axes.plot([], [], color=style.colour("BLUE"))
    (bowl,) = axes.plot([], [], ":", color=style.colour("GREEN"))
    for y, text, name in ((1.38, "⋯ parabola of the Hessian here", "GREEN"), (1.2, "— the error itself", "BLUE")):
        behind = {"facecolor": style.paper(), "edgecolor": "none", "pad": 0.6, "alpha": 0.85}
        axes.text(2.45, y, text, color=style.colour(name), ha="right", va="top", fontsize=8, zorder=6, bbox=behind)
    return Slice(curve=curve, bowl=bowl, markers=draw_markers(axes))


def draw_markers(axes: Axes) -> Markers:
    """Ball, tangent, promise and landing."""
    vermillion, orange = style.colour("VERMILLION"), style.colour("ORANGE")
    (path,) = axes.plot([], [], ".-", color=style.ink(), lw=0.8, ms=5, alpha=0.7, zorder=3)
    (tangent,) = axes.plot([], [], color=orange, lw=1.8, zorder=4)
    (gap,) = axes.plot([], [], ":", color=style.ink(), lw=1.5, zorder=4)
    (promise,) = axes.plot([], [], "x", color=orange, ms=8, mew=2.2, zorder=5)
    (landing,) = axes.plot([], [], "o", mfc=style.paper(), mec=vermillion, mew=2, ms=9, zorder=5)
    (ball,) = axes.plot([], [], "o", color=vermillion, mec=style.ink(), ms=10, zorder=6)
    promise_text, real_text = (
        axes.text(0, 0, "", fontsize=8, va="center", color=colour, zorder=6, clip_on=True)
        for colour in (style.ink(), style.colour("GREEN"))
    )
    return Markers(
        path=path, tangent=tangent, gap=gap, promise=promise, landing=landing, ball=ball, promise_text=promise_text,
        real_text=real_text,
    )  # fmt: skip


def paint_view(state: StepState, view: View, result: StepResult) -> None:
    """Bring the view to a result."""
    if isinstance(view, Curve):
        paint_curve(state, view, result)
    elif isinstance(view, Map):
        paint_map(state, view, result)
    else:
        paint_slice(state, view, result)
    markers = view.markers
    for artist in (markers.landing, markers.gap, markers.real_text):
        artist.set_visible(not state.hides)


def paint_curve(state: StepState, view: Curve, result: StepResult) -> None:
    """Curve, ball and tangent over one weight."""
    across, up = state.limits
    view.curve.set_data(np.linspace(*across, len(result.profile)), result.profile)
    view.curve.set_visible(not state.hides)
    w, after, slope = float(result.weights[0]), float(result.after[0]), float(result.gradient[0])
    ends = np.array([min(w, after) - 0.4, max(w, after) + 0.4])
    view.markers.tangent.set_data(ends, result.error + slope * (ends - w))
    view.markers.ball.set_data([w], [result.error])
    view.markers.path.set_data(result.path[:, 0], result.errors[-len(result.path) :])
    heights = (result.error + result.promised, result.error + result.real)
    paint_change(view.markers, (w, after), heights, across, up, real_lift=0.035)


def paint_map(state: StepState, view: Map, result: StepResult) -> None:
    """Ball, update and the two axes of the bowl, each with its curvature, on the map."""
    (w, b), (new_w, new_b) = result.weights, result.after
    (left, right), (low, high) = state.limits
    margin, middle = np.array([0.11 * (right - left), 0.03 * (high - low)]), np.array([left + right, low + high]) / 2
    steep = result.steepest * (
        -1 if result.steepest @ (result.after - result.weights) > 0 else 1
    )  # away from the update
    flat = np.array([-steep[1], steep[0]])
    flat *= 1 if flat @ (middle - result.weights) > 0 else -1
    for line, text, along, curvature in zip(
        view.bends, view.curvatures, (steep, flat), result.curvatures[::-1], strict=True
    ):
        line.set_data(*(result.weights + 1.2 * along * np.array([[-1], [1]])).T)
        place = (result.weights + 1.5 * along).clip(np.array([left, low]) + margin, np.array([right, high]) - margin)
        text.set_position(tuple(place))
        text.set_text(f"bends {signed(curvature)}")
        line.set_visible(state.tells_bound)
        text.set_visible(
            state.tells_bound and left <= w <= right and low <= b <= high
        )  # what it names is in the picture
    markers = view.markers
    markers.tangent.set_data([w, new_w], [b, new_b])
    markers.ball.set_data([w], [b])
    markers.landing.set_data([new_w], [new_b])
    markers.path.set_data(result.path[:, 0], result.path[:, 1])
    for line in (markers.promise, markers.gap):
        line.set_data([], [])
    for text in (markers.promise_text, markers.real_text):
        text.set_text("")


def paint_slice(state: StepState, view: Slice, result: StepResult) -> None:
    """Error and parabola along the update; what is promised is −1."""
    unit = -result.promised or 1.0
    view.curve.set_data(SHARES, np.clip((result.profile - result.error) / unit, -1e3, 1e3))
    view.bowl.set_data(SHARES, -SHARES + 0.5 * SHARES**2 * state.lr * result.bend)
    for line in (view.curve, view.bowl):
        line.set_visible(not state.hides)
    view.markers.tangent.set_data([-0.5, 1.5], [0.5, -1.5])
    view.markers.ball.set_data([0], [0])
    view.markers.path.set_data([], [])
    real = float(np.clip(result.real / unit, -1e3, 1e3))
    paint_change(view.markers, (0.0, 1.0), (-1.0, real), (-0.5, 2.5), (-1.5, 1.5), real_lift=-0.05)


def paint_change(
    markers: Markers, move: tuple[float, float], heights: tuple[float, float], across: tuple[float, float],
    up: tuple[float, float], *, real_lift: float,
) -> None:  # fmt: skip
    """The promise on the tangent, what really comes, and the gap between them, as far as the picture goes.

    Parameters
    ----------
    markers : Markers
    move : two numbers
        Where the update begins and ends.
    heights : two numbers
        What is promised at its end, and what really comes.
    across, up : two numbers each
        Limits of the axes.
    real_lift : float
        How far above its place the word “real” stands, as a share of the height.
    """
    (start, x), (promise, real) = move, heights
    width, height = across[1] - across[0], up[1] - up[0]
    inside = across[0] <= x <= across[1]
    shown = [float(np.clip(one, *up)) for one in heights]
    markers.promise.set_data([x], [shown[0]] if inside else [math.nan])
    markers.landing.set_data([x], [shown[1]] if inside and real <= up[1] else [math.nan])
    markers.gap.set_data([x, x], shown if inside else [math.nan] * 2)
    # The words stand where no line passes: the promise under the tangent, on the side it comes from.
    share = (x - across[0]) / width
    under = (1 if x < start else -1) if 0.25 < share < 0.75 else (1 if share < 0.5 else -1)
    apart = abs(promise - real) > 0.03 * height  # at the bottom of a valley both words would be at the same place
    for artist, text, side, y, lift in (
        (markers.promise_text, "promise ↓" if promise < up[0] else "promise", under, shown[0], -0.05),
        (markers.real_text, "real", 1 if share < 0.6 else -1, shown[1], real_lift),
    ):
        y = float(np.clip(y + lift * height, up[0] + 0.035 * height, up[1] - 0.035 * height))
        artist.set_position((x + 0.025 * side * width, y))
        artist.set_horizontalalignment("left" if side > 0 else "right")
        artist.set_text(text if inside and apart else "")
