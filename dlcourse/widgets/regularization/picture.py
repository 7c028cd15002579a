"""The picture of `Regularize`: the polynomial among its points, both errors, and every weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.widgets.regularization.numbers import BASES, FEW, GRID, MOST, RegularizeResult
from dlcourse.widgets.regularization.state import RegularizeState
from dlcourse.widgets.regularization.words import counted_zeros, error, slide, strength

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["ERRORS", "SHOWN", "WEIGHTS", "Artists", "draw", "limits", "paint"]

ERRORS = (0.003, 100.0)
"""Ends of the axis of errors; what is beyond them lies on its end."""
WEIGHTS = 100.0
"""Weights are drawn from minus this to this; what is beyond lies on the end."""
SHOWN = 40
"""So many weights are drawn, those of the slowest swings."""


@dataclass(frozen=True)
class Artists:
    """What moves."""

    unseen: Line2D
    curve: Line2D
    seen: Line2D
    told: Text
    errors: list[Line2D]
    """On seen points, and on unseen ones."""
    dots: list[Line2D]
    values: list[Text]
    marks: list[Line2D]
    """Where the state is on the axis, in both panels."""
    weights: Line2D
    awake: Line2D
    asleep: Line2D
    zeros: Text


def panels(figure: Figure) -> tuple[Axes, Axes, Axes]:
    """Where the points, the errors and the weights are."""
    if is_narrow(figure):
        return (
            axes_at(figure, 0.5, 4.3, 3.8, 1.85, "plane"),
            axes_at(figure, 0.65, 2.4, 3.6, 1.1, "errors"),
            axes_at(figure, 0.65, 0.45, 3.6, 1.3, "weights"),
        )
    return (
        axes_at(figure, 0.45, 0.5, 3.05, 3.35, "plane"),
        axes_at(figure, 4.3, 2.55, 2.75, 1.3, "errors"),
        axes_at(figure, 4.3, 0.5, 2.75, 1.4, "weights"),
    )


def limits(state: RegularizeState) -> tuple[float, float]:
    """Lower and upper end of the picture of the points."""
    if state.data != "yours" or state.own is None:
        return -2.0, 2.0
    low, high = float(state.own.y.min()), float(state.own.y.max())
    room = 0.3 * max(high - low, 1e-6)
    return low - room, high + room


def draw(state: RegularizeState, figure: Figure) -> Artists:
    """Draw what stands still in all panels, and return what moves."""
    plane, errors, weights = panels(figure)
    plane.set(xlim=(-1.04, 1.04), ylim=limits(state), xticks=[-1, -0.5, 0, 0.5, 1])
    plane.locator_params(axis="y", nbins=5)
    marks = [axes.axvline(1, color=style.faint(), lw=1.2, zorder=1) for axes in (errors, weights)]
    for axes in (errors, weights):
        draw_axis(state, axes)
    ink, paper = style.ink(), style.paper()
    pairs = draw_errors(errors)
    return Artists(
        unseen=line(plane, "s", color=style.colour("VERMILLION"), ms=2.2, alpha=0.55, zorder=2),
        curve=line(plane, color=ink, lw=2.2, zorder=4),
        seen=line(plane, "o", color=style.colour("BLUE"), mec=paper, ms=7, zorder=5),
        told=plane.text(0, 1.03, "", transform=plane.transAxes, fontsize=9, fontweight="bold"),
        errors=[pair[0] for pair in pairs], dots=[pair[1] for pair in pairs], values=[pair[2] for pair in pairs],
        marks=marks, **draw_weights(state, weights),
    )  # fmt: skip


def line(axes: Axes, *form: str, **look: Any) -> Line2D:
    """An empty line."""
    (one,) = axes.plot([], [], *form, **look)
    return one


def draw_axis(state: RegularizeState, axes: Axes) -> None:
    """Degrees or λ, the same in both panels."""
    if state.against == "λ":
        axes.set(xscale="log", xlim=(1e-5, 10))
        axes.set_xticks([1e-5, 1e-3, 0.1, 10], ["10⁻⁵", "0.001", "0.1", "10"])
    elif state.beyond:
        axes.set(xscale="log", xlim=(1, MOST))
        ticks = [1, 3, 14, 50, MOST]
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
    else:
        axes.set(xlim=(1, FEW), xticks=[1, 5, 10, FEW])
    axes.set_xlabel(state.lam if state.against == "λ" else state.against, labelpad=0)
    axes.minorticks_off()


def draw_errors(axes: Axes) -> list[tuple[Line2D, Line2D, Text]]:
    """A curve, a dot on it and its number for seen and for unseen points."""
    axes.set(yscale="log", ylim=ERRORS)
    axes.set_yticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
    axes.minorticks_off()
    axes.text(0, 1.06, "error", transform=axes.transAxes, fontsize=9)
    parts = []
    for i, name in enumerate(("BLUE", "VERMILLION")):
        look: dict[str, Any] = {"color": style.colour(name), "zorder": 3 + i}
        text = axes.text(0.22 + 0.38 * i, 1.06, "", transform=axes.transAxes, color=style.colour(name), fontsize=9, fontweight="bold")  # fmt: skip
        parts.append(
            (line(axes, lw=1.8, **look), line(axes, "os"[i], mec=style.ink(), ms=6.5, clip_on=False, **look), text)
        )
    return parts


def draw_weights(state: RegularizeState, axes: Axes) -> dict[str, Any]:
    """Every weight, its place now, and those that are exactly 0 set off."""
    axes.set_yscale("symlog", linthresh=0.1, linscale=0.6)
    axes.set_ylim(-WEIGHTS, WEIGHTS)
    axes.set_yticks([-100, -1, 0, 1, 100], ["−100", "−1", "0", "1", "100"])
    axes.minorticks_off()
    axes.axhline(0, color=style.faint(), lw=0.8, zorder=1)
    if state.basis != BASES[0]:
        axes.set_ylabel(f"weights of {state.basis}", fontsize=8, labelpad=0)
    look: dict[str, Any] = {"clip_on": False, "mec": style.ink(), "mew": 0.6}
    return {
        "weights": line(axes, color=style.colour("GREEN"), lw=1, alpha=0.8, zorder=2),
        "awake": line(axes, "o", color=style.colour("GREEN"), ms=5, zorder=4, **look),
        "asleep": line(axes, "s", color=style.colour("ORANGE"), ms=5.5, zorder=5, **look),
        "zeros": axes.text(0, 1.05, "", transform=axes.transAxes, fontsize=9),
    }


def paint(state: RegularizeState, artists: Artists, result: RegularizeResult) -> None:
    """Bring everything that moves to a result."""
    low, high = limits(state)
    reach = high - low
    artists.unseen.set_data(*result.unseen)
    artists.seen.set_data(*result.seen)
    artists.curve.set_data(GRID, np.clip(result.curve, low - reach, high + reach))
    artists.told.set_text(slide(result))
    both = (result.curves.seen, result.seen_error, "seen"), (result.curves.unseen, result.unseen_error, "unseen")
    for i, (values, now, name) in enumerate(both):
        artists.errors[i].set_data(result.curves.at, np.clip(values, *ERRORS))
        artists.dots[i].set_data([state.along], [np.clip(now, *ERRORS)])
        artists.values[i].set_text(f"{name} {error(now)}")
    for mark in artists.marks:
        mark.set_xdata([state.along, state.along])
    paint_weights(state, artists, result)


def paint_weights(state: RegularizeState, artists: Artists, result: RegularizeResult) -> None:
    """A line for each weight, and a dot where it is now."""
    lines = np.clip(result.curves.weights[:, :SHOWN], -WEIGHTS, WEIGHTS)  # (A, K)
    artists.weights.set_data(*joined(result.curves.at, lines))
    now = np.clip(result.weights[:SHOWN], -WEIGHTS, WEIGHTS)
    for dots, values in ((artists.awake, now[now != 0]), (artists.asleep, now[now == 0][:1])):
        dots.set_data(np.full(len(values), state.along), values)
    setting = f"{state.lam} = {strength(state.strength)}, " if state.penalty != "none" else ""
    artists.zeros.set_text(setting + counted_zeros(result))


def joined(x: Array, lines: Array) -> tuple[Array, Array]:
    """Columns of (A, K) as one line with gaps."""
    gap = np.full((1, lines.shape[1]), np.nan)
    y = np.concatenate([lines, gap]).T.ravel()
    return np.tile(np.append(x, np.nan), lines.shape[1]), y
