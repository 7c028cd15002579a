"""The picture of `GradientStep`: a view of the landscape, the data, and what happened update by update."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import four_digits
from dlcourse.tensor import Tensor
from dlcourse.widgets.finding_the_weights.numbers import SLOWEST_FASTEST, StepResult, flowers
from dlcourse.widgets.finding_the_weights.state import StepState
from dlcourse.widgets.finding_the_weights.views import View, draw_view, paint_view

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]


@dataclass(frozen=True)
class Artists:
    """What moves."""

    view: View
    lines: list[Line2D]
    """What the neuron or network says of the petals; none in a learner's own landscape."""
    errors: Line2D
    limit: Line2D
    pace: Line2D
    sums: Text


def panels(state: StepState, figure: Figure) -> tuple[Axes, Axes, Axes, Axes, Text]:
    """Where the landscape, the data, the errors, the bounds and the sums are."""
    if is_narrow(figure):
        left = max(0.12, 0.53 / figure.get_figwidth()) if state.view == "slice" else 0.12  # for a word in its ticks
        view, data = (left, 0.50, 0.96 - left, 0.46), (0.12, 0.055, 0.36, 0.22)
        history, bounds = (0.60, 0.20, 0.36, 0.085), (0.60, 0.055, 0.36, 0.085)
        sums = figure.text(0.02, 0.445, "", va="top", linespacing=1.5, fontsize=8.5)
    else:
        view, data = (0.075, 0.295, 0.50, 0.655), (0.675, 0.65, 0.305, 0.30)
        history, bounds = (0.675, 0.345, 0.305, 0.20), (0.675, 0.09, 0.305, 0.17)
        sums = figure.text(0.02, 0.175, "", va="top", linespacing=1.5, fontsize=9.0)
    return (
        figure.add_axes(view, label=state.view),
        figure.add_axes(data, label="data"),
        figure.add_axes(history, label="history"),
        figure.add_axes(bounds, label="bound"),
        sums,
    )


def draw(state: StepState, figure: Figure) -> Artists:
    """Draw all panels, and return what moves in them."""
    main, data, history, bounds, sums = panels(state, figure)
    narrow = is_narrow(figure)
    view, lines = draw_view(state, main), draw_data(state, data, narrow=narrow)
    errors = draw_history(state, history, narrow=narrow)
    limit, pace = draw_bounds(state, bounds, narrow=narrow)
    return Artists(view=view, lines=lines, errors=errors, limit=limit, pace=pace, sums=sums)


def draw_data(state: StepState, axes: Axes, *, narrow: bool) -> list[Line2D]:
    """The petals, and the line through them; in a learner's own landscape, what it is."""
    if state.own:
        axes.axis("off")
        formula = "(w² − 4)² / 16 + b²\ngive yours: error=f, start=[…]"
        axes.text(0, 0.5, "a landscape of your own" if state.error else formula, fontsize=8.5, va="center")
        return []
    x, y = flowers()
    axes.plot(x, y, ".", color=style.faint(), ms=4)
    axes.set(xlim=(0, 2.7), ylim=(0, 7.5), yticks=[0, 5])
    axes.set_title("length by width, cm" if narrow else "petals: length by width, cm", fontsize=9)
    axes.tick_params(labelsize=8, pad=1)
    return axes.plot([], [], color=style.colour("VERMILLION"))


def draw_history(state: StepState, axes: Axes, *, narrow: bool) -> Line2D:
    """Errors, update by update."""
    steps, low, high = state.history_limits
    axes.set(xlim=(0, steps), ylim=(10.0**low, 10.0**high), yscale="log", xticks=[0, steps // 2, steps])
    axes.set_title("error by update" if narrow else "error, update by update", fontsize=9)
    axes.minorticks_off()
    axes.tick_params(labelsize=8, pad=1)
    if high - low > 4:
        axes.set_yticks([10.0**low, 10.0 ** ((low + high) // 2), 10.0**high])
    (errors,) = axes.plot([], [], ".-", color=style.colour("BLUE"), lw=1.2, ms=4)
    return errors


def draw_bounds(state: StepState, axes: Axes, *, narrow: bool) -> tuple[Line2D, Line2D]:
    """The bound of each place, and the step."""
    steps, _, _ = state.history_limits
    ends = state.pace_limits
    axes.set(xlim=(0, steps), ylim=ends, yscale="log", xticks=[0, steps // 2, steps], yticks=ends)
    axes.set_yticklabels([f"{one:g}" for one in ends])
    axes.text(0, 1.07, "step", color=style.colour("VERMILLION"), fontsize=9, transform=axes.transAxes)
    name = "bound" if narrow else "bound: 2 / curvature" if state.tells_bound else "bound: covered"
    axes.text(1, 1.07, name, color=style.colour("GREEN"), fontsize=9, ha="right", transform=axes.transAxes)
    axes.minorticks_off()
    axes.tick_params(labelsize=8, pad=1)
    (limit,) = axes.plot([], [], ".-", color=style.colour("GREEN"), lw=1.4, ms=4)
    (pace,) = axes.plot([], [], color=style.colour("VERMILLION"), lw=1.6)
    return limit, pace


def paint(state: StepState, artists: Artists, result: StepResult) -> None:
    """Bring everything that moves to a result."""
    paint_view(state, artists.view, result)
    for line in artists.lines:
        x = np.linspace(0, 2.7, 40)
        with np.errstate(all="ignore"):
            says = np.asarray(state.terrain.says(Tensor(result.weights), x).data)
        line.set_data(x, np.clip(says, -1e3, 1e3))
    errors = np.clip(np.nan_to_num(np.array(result.errors), nan=1e15, posinf=1e15), 1e-12, 1e15)
    artists.errors.set_data(np.arange(len(errors)), errors)
    steps = state.history_limits[0]
    limit = np.clip(np.array(result.bounds), *SLOWEST_FASTEST)
    if len(limit) == 1:  # not yet a history: the bound as a line
        artists.limit.set_data([0, steps], [limit[0], limit[0]])
    else:
        artists.limit.set_data(np.arange(len(limit)), limit)
    artists.limit.set_visible(state.tells_bound)
    artists.pace.set_data([0, steps], [state.lr, state.lr])
    artists.sums.set_text(_sums(state, result))


def _sums(state: StepState, result: StepResult) -> str:
    """The update in numbers, short: Matplotlib takes 0.07 ms per letter."""
    n = four_digits
    slopes, old = [n(one) for one in result.gradient[:2]], [n(one) for one in result.weights[:2]]
    if len(result.weights) == 1:
        line = f"w ← {old[0]} − {n(state.lr)} · ({slopes[0]}) = {n(result.after[0])}"
    elif len(result.weights) == 2:
        line = f"(w, b) ← ({', '.join(old)}) − {n(state.lr)} · ({', '.join(slopes)})"
    else:
        line = f"w ← {old[0]} − {n(state.lr)} · ({slopes[0]}), and so on"
    return f"{line}\npromised {n(result.promised)}, real {'?' if state.hides else n(result.real)}"
