"""The picture of `ActivationZoo`: curves and slopes on one side, and what the layers leave on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.numbers import raised
from dlcourse.live.ticks import Ticks, moving_ticks
from dlcourse.widgets.activations.numbers import DEEPEST, Curve, ZooResult
from dlcourse.widgets.activations.state import ZooState
from dlcourse.widgets.activations.words import amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

COLOURS = ("BLUE", "VERMILLION")
MARKS = ("o", "s")
HIGHEST = 1.25
"""Top of the slopes' axis."""


@dataclass(frozen=True)
class Artists:
    """What moves; each list has one entry for each chosen activation, `others` one for each of the rest."""

    others: list[Line2D]
    curves: list[Line2D]
    slopes: list[Line2D]
    tangents: list[Line2D]
    dots: list[Line2D]
    slope_dots: list[Line2D]
    now: list[Line2D]
    signals: list[Line2D]
    gradients: list[Line2D]
    signal_ends: list[Line2D]
    gradient_ends: list[Line2D]
    values: list[Text]
    """Name, value and slope at x, in a line for each."""
    left: list[Text]
    """What is left of the signal and of the gradient, in a line for each."""
    powers: list[Ticks]
    """Of ten, beside the signal and beside the gradient."""


def panels(figure: Figure) -> tuple[Axes, Axes, Axes, Axes]:
    """Where the curves, the slopes, the signal and the gradient are."""
    if is_narrow(figure):
        across = figure.get_figwidth()
        wide = across - 0.85
        return (
            axes_at(figure, 0.6, 4.63, wide, 1.35, "curves"), axes_at(figure, 0.6, 3.38, wide, 0.75, "slopes"),
            axes_at(figure, 0.6, 1.75, wide, 0.75, "signal"), axes_at(figure, 0.6, 0.45, wide, 0.75, "gradient"),
        )  # fmt: skip
    return (
        axes_at(figure, 0.45, 2.15, 2.85, 1.5, "curves"), axes_at(figure, 0.45, 0.45, 2.85, 1.2, "slopes"),
        axes_at(figure, 4.2, 2.35, 2.75, 1.3, "signal"), axes_at(figure, 4.2, 0.45, 2.75, 1.3, "gradient"),
    )  # fmt: skip


def lines_at(figure: Figure) -> tuple[list[Text], list[Text]]:
    """The lines of text above both halves, two each."""
    top = figure.get_figheight()
    rows: tuple[list[Text], list[Text]] = ([], [])
    for i, name in enumerate(COLOURS):
        look: dict[str, Any] = {"color": style.colour(name), "fontsize": 8.5, "fontweight": "bold"}
        left, right = (
            ((0.12, top - 0.2), (0.12, 2.92)) if is_narrow(figure) else ((0.12, top - 0.22), (3.85, top - 0.22))
        )
        for row, (x, y) in zip(rows, (left, right), strict=True):
            row.append(text_at(figure, x, y - 0.17 * i, "", **look))
    return rows


def draw(state: ZooState, figure: Figure) -> Artists:
    """Draw all four panels, and return what moves in them."""
    curves, slopes, signal, gradient = panels(figure)
    values, left = lines_at(figure)
    artists = Artists(
        others=[], curves=[], slopes=[], tangents=[], dots=[], slope_dots=[], now=[], signals=[], gradients=[],
        signal_ends=[], gradient_ends=[], values=values, left=left, powers=[],
    )  # fmt: skip
    draw_curves(state, curves, slopes, artists)
    draw_layers(state, signal, gradient, artists)
    return artists


def draw_curves(state: ZooState, curves: Axes, slopes: Axes, artists: Artists) -> None:
    """The activations, seen to the same scale on both axes, and their slopes."""
    far = state.far
    for axes in (curves, slopes):
        if state.everyone:
            for _ in range(15):
                artists.others.extend(axes.plot([], [], color=style.faint(), linewidth=0.8, alpha=0.7, zorder=1))
        artists.now.extend(axes.plot([], [], color=style.faint(), linewidth=0.9, zorder=1.5))
    for i, _ in enumerate(state.names):
        look: dict[str, Any] = {"color": style.colour(COLOURS[i]), "zorder": 4 - i}
        artists.curves.extend(curves.plot([], [], **look))
        artists.slopes.extend(slopes.plot([], [], **look))
        dashed: dict[str, Any] = {"color": style.ink(), "linestyle": (0, (4, 2)), "zorder": 5}
        artists.tangents.extend(curves.plot([], [], linewidth=1.1, **dashed))
        artists.dots.extend(curves.plot([], [], MARKS[i], markersize=6.5, clip_on=False, **{**look, "zorder": 6 - i}))
        artists.slope_dots.extend(
            slopes.plot([], [], MARKS[i], markersize=6.5, clip_on=False, **{**look, "zorder": 6 - i})
        )
    curves.set(xlim=(-far, far), ylim=(-0.4 * far, far))
    slopes.set(xlim=(-far, far), ylim=(-0.25, HIGHEST), yticks=[0, 0.5, 1], yticklabels=["0", "½", "1"])
    for axes, title in ((curves, "the activation f and its tangent at x"), (slopes, "its slope f′")):
        style.quiet(axes)
        axes.axhline(0, color=style.faint(), linewidth=0.6, zorder=0)
        axes.set_title(title, pad=3)
        axes.set_xticks([-far, -far / 2, 0, far / 2, far])
    curves.set_yticks([0, far / 2, far])


def draw_layers(state: ZooState, signal: Axes, gradient: Axes, artists: Artists) -> None:
    """The axes of the layers."""
    for axes, title in ((signal, "signal, going forward →"), (gradient, "gradient, coming back ←")):
        style.quiet(axes)
        axes.set(xlim=(0, DEEPEST), xticks=[0, 10, 20, 30, 40, 50])
        axes.set_title(title, pad=3)
        artists.powers.append(moving_ticks(axes, "y"))
        if state.hides:
            middle: dict[str, Any] = {"ha": "center", "va": "center", "transform": axes.transAxes}
            axes.text(0.5, 0.5, "? comes with your bet", color=style.faint(), fontsize=9, **middle)
    gradient.set_xlabel("layer", labelpad=1)
    for i, _ in enumerate(state.names):
        look: dict[str, Any] = {"color": style.colour(COLOURS[i]), "zorder": 4 - i}
        for axes, lines, ends in (
            (signal, artists.signals, artists.signal_ends), (gradient, artists.gradients, artists.gradient_ends),
        ):  # fmt: skip
            lines.extend(axes.plot([], [], linewidth=2, **look))
            ends.extend(axes.plot([], [], MARKS[i], markersize=6.5, clip_on=False, **{**look, "zorder": 6 - i}))


def paint(state: ZooState, artists: Artists, result: ZooResult) -> None:
    """Bring everything that moves to a result."""
    far = state.far
    x = result.chosen[0].x
    half = len(artists.others) // 2
    for i, (f, slope) in enumerate(result.others):
        artists.others[i].set_data(x, f)
        artists.others[half + i].set_data(x, slope)
    ends = bottom, top = state.powers
    ticks = [bottom, bottom // 2, 0, *([top] if top >= -bottom // 2 else [])]
    for side in artists.powers:
        side.put(ends, ticks, [f"10{raised(tick)}" if tick else "1" for tick in ticks])
    artists.now[0].set_data([state.x] * 2, [-0.4 * far, far])
    artists.now[1].set_data([state.x] * 2, [-0.25, HIGHEST])
    for i, curve in enumerate(result.chosen):
        artists.curves[i].set_data(curve.x, curve.f)
        artists.slopes[i].set_data(curve.x, curve.slope)
        put(artists.dots[i], state.x, curve.at, -0.4 * far, far)
        put(artists.slope_dots[i], state.x, curve.slope_at, -0.25, HIGHEST)
        around = state.x + 0.4 * far * np.array([-1, 1]) / np.hypot(1, curve.slope_at)
        artists.tangents[i].set_data(around, curve.at + curve.slope_at * (around - state.x))
        name = state.names[i]
        shown = ("yours" if state.function else "identity") if name == "yours" else name
        artists.values[i].set_text(f"{shown}: f(x) = {amount(curve.at)}, slope {amount(curve.slope_at)}")
        if not state.hides:
            paint_layers(state, artists, i, curve, ends)


def paint_layers(state: ZooState, artists: Artists, i: int, curve: Curve, ends: tuple[int, int]) -> None:
    """What is left of one activation's signal and gradient."""
    layers = np.arange(state.layers + 1)
    signal, gradient = powers(curve.signal), powers(curve.gradient)
    artists.signals[i].set_data(layers, signal)
    artists.gradients[i].set_data(layers, gradient)
    put(artists.signal_ends[i], state.layers, signal[-1], *ends)
    put(artists.gradient_ends[i], 0, gradient[0], *ends)
    artists.left[i].set_text(
        f"{state.layers} layers: signal {amount(curve.signal[-1])}, gradient {amount(curve.gradient[0])}"
    )


def powers(values: Array) -> Array:
    """Logarithms to the base ten, and no number where there is none."""
    with np.errstate(all="ignore"):
        logs = np.log10(values)
    return np.where(np.isfinite(logs), logs, np.nan)


def put(dot: Line2D, x: float, y: float, low: float, high: float) -> None:
    """A mark at a place, or nowhere if that is outside of the axes."""
    inside = np.isfinite(y) and low <= y <= high
    dot.set_data([x] if inside else [], [y] if inside else [])
