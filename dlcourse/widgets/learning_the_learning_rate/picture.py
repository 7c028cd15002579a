"""The picture of `RateFinder`: the finder's curve above what all rates leave, and beside them the training at the chosen rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.numbers import two_digits
from dlcourse.widgets.learning_the_learning_rate.numbers import (
    BUDGET,
    HIGHEST,
    LOWEST,
    RATES,
    FinderResult,
    search,
    smoothed,
)
from dlcourse.widgets.learning_the_learning_rate.state import FinderState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "limits", "paint"]

TICKS = (1e-4, 1e-3, 1e-2, 0.1, 1, 10)
NAMES = ("10⁻⁴", "0.001", "0.01", "0.1", "1", "10")


@dataclass(frozen=True)
class Artists:
    """What moves."""

    curve: Line2D
    other: Line2D
    """The curve of a hundred steps, where that at hand has more or fewer."""
    lowest: Line2D
    suggestion: Line2D
    chosen: list[Line2D]
    """The upright lines at the chosen rate, in the finder and in the panel below it."""
    here: Line2D
    left: Line2D
    best: Line2D
    mine: Line2D
    schedule: Line2D
    now: Line2D
    raw: Line2D
    training: Line2D
    end: Line2D
    told: Text
    """The chosen rate, and what it leaves."""


def panels(figure: Figure) -> tuple[Axes, Axes, Axes, Axes]:
    """Where the finder, what all rates leave, the schedule and the training are."""
    if is_narrow(figure):
        wide = figure.get_figwidth() - 0.8
        return (
            axes_at(figure, 0.6, 4.95, wide, 1.2, "finder"), axes_at(figure, 0.6, 3.4, wide, 1.0, "all"),
            axes_at(figure, 0.6, 2.08, wide, 0.42, "schedule"), axes_at(figure, 0.6, 0.45, wide, 1.05, "training"),
        )  # fmt: skip
    return (
        axes_at(figure, 0.55, 2.5, 3.6, 1.5, "finder"), axes_at(figure, 0.55, 0.5, 3.6, 1.4, "all"),
        axes_at(figure, 4.85, 2.5, 2.1, 0.85, "schedule"), axes_at(figure, 4.85, 0.5, 2.1, 1.4, "training"),
    )  # fmt: skip


def limits(first: float) -> tuple[float, float]:
    """Ends of the axes of the losses that are left, for the loss before training; what lies beyond is drawn there.

    Examples
    --------
    >>> limits(2.0)
    (0.02, 20.0)
    """
    return first / 100, first * 10


def draw(state: FinderState, figure: Figure) -> Artists:
    """Draw all panels, and return what moves in them."""
    finder, everyone, schedule, training = panels(figure)
    mark: dict[str, Any] = {"color": style.colour("VERMILLION"), "zorder": 5, "clip_on": False}
    chosen = [draw_rates(axes, title) for axes, title in ((finder, "the finder: loss, while the rate rises"), (everyone, f"loss that is left after {BUDGET} updates, for each rate"))]  # fmt: skip
    curve, other, lowest, suggestion = draw_finder(state, finder)
    (here,) = finder.plot([], [], "s", markersize=7, **mark)
    left, best, mine = draw_left(state, everyone, mark)
    rates, now = draw_schedule(schedule, mark)
    raw, line, end = draw_training(state, training, mark)
    top = figure.get_figheight()
    narrow = is_narrow(figure)
    key = "dashed: steepest fall   ▼ lowest   ■ your rate"
    text_at(figure, 0.6 if narrow else 0.55, top - 0.16, key, fontsize=8, color=style.ink(), va="center")
    place = (0.6, 2.8) if narrow else (4.85, top - 0.75)
    told = text_at(figure, *place, "", color=style.colour("VERMILLION"), fontsize=9, fontweight="bold", va="bottom")
    return Artists(
        curve=curve, other=other, lowest=lowest, suggestion=suggestion, chosen=chosen, here=here, left=left, best=best, mine=mine,
        schedule=rates, now=now, raw=raw, training=line, end=end, told=told,
    )  # fmt: skip


def draw_rates(axes: Axes, title: str) -> Line2D:
    """The axis of rates, which both panels on the left share, and the upright line at the chosen rate."""
    style.quiet(axes)
    axes.set(xscale="log", xlim=(LOWEST, HIGHEST))
    axes.set_xticks(TICKS, NAMES)
    axes.minorticks_off()
    axes.set_title(title, pad=3)
    (line,) = axes.plot([], [], color=style.colour("VERMILLION"), linewidth=1.1, zorder=2)
    return line


def draw_finder(state: FinderState, axes: Axes) -> tuple[Line2D, Line2D, Line2D, Line2D]:
    """The curve, that of a hundred steps, its lowest place, and the rate that `find_lr` suggests."""
    axes.set_ylim(0, state.top)
    (suggestion,) = axes.plot([], [], color=style.ink(), linewidth=1.2, linestyle=(0, (4, 3)), zorder=2.5)
    (curve,) = axes.plot([], [], color=style.colour("BLUE"), zorder=3)
    (other,) = axes.plot([], [], color=style.colour("SKY"), linewidth=1.2, linestyle=(0, (2, 1.2)), zorder=2.8)
    (lowest,) = axes.plot([], [], "v", color=style.ink(), markersize=7, zorder=4, clip_on=False)
    return curve, other, lowest, suggestion


def draw_losses(state: FinderState, axes: Axes, middle: float) -> None:
    """The logarithmic axis of losses that both lower panels have; what covers them stands around `middle`, a share of their width."""
    first = search(state.task, state.optimizer, int(state.length)).losses[0]
    low, high = limits(first)
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    ticks = [tick for tick in 10.0 ** np.arange(-9, 9) if low <= tick <= high]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.axhline(first, color=style.faint(), linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
    if state.hides:
        look: dict[str, Any] = {"transform": axes.transAxes, "ha": "center", "va": "center"}
        axes.text(middle, 0.3, "? comes with your bet", color=style.faint(), fontsize=9, **look)


def draw_left(state: FinderState, axes: Axes, mark: dict[str, Any]) -> tuple[Line2D, Line2D, Line2D]:
    """What all rates leave, the best of them, and what the chosen one leaves."""
    draw_losses(state, axes, 0.26)
    look: dict[str, Any] = {"color": style.colour("BLUE"), "markersize": 4, "linewidth": 1.1, "clip_on": False}
    (left,) = axes.plot([], [], ".-", zorder=3, **look)
    (best,) = axes.plot([], [], "o", markerfacecolor="none", markersize=10, markeredgewidth=1.6, color=style.colour("BLUE"), zorder=4, clip_on=False)  # fmt: skip
    (mine,) = axes.plot([], [], "s", markersize=7, **mark)
    return left, best, mine


def draw_schedule(axes: Axes, mark: dict[str, Any]) -> tuple[Line2D, Line2D]:
    """The rate of each update, as a share of the chosen one."""
    style.quiet(axes)
    axes.set(xlim=(0, BUDGET), ylim=(0, 1.15), xticks=[0, 32, 64, 96], yticks=[0, 1])
    axes.set_title("rate by update, in shares of yours", pad=3)
    (line,) = axes.plot([], [], color=style.ink(), linewidth=1.6, zorder=3)
    (now,) = axes.plot([], [], "s", markersize=5, **mark)
    return line, now


def draw_training(state: FinderState, axes: Axes, mark: dict[str, Any]) -> tuple[Line2D, Line2D, Line2D]:
    """The loss of each minibatch, their running mean, and at the end the loss of all examples."""
    style.quiet(axes)
    axes.set(xlim=(0, BUDGET), xticks=[0, 32, 64, 96])
    draw_losses(state, axes, 0.5)
    axes.set_title("loss by update, and what is left", pad=3)
    axes.set_xlabel("update", labelpad=1)
    (raw,) = axes.plot([], [], ".", color=style.faint(), markersize=3, zorder=2)
    (line,) = axes.plot([], [], color=style.colour("VERMILLION"), linewidth=1.6, zorder=3)
    (end,) = axes.plot([], [], "s", markersize=7, **mark)
    return raw, line, end


def paint(state: FinderState, artists: Artists, result: FinderResult) -> None:
    """Bring everything that moves to a result."""
    chosen = state.chosen
    artists.curve.set_data(result.rates, result.losses)
    artists.other.set_data(*result.hundred)
    artists.lowest.set_data([result.lowest], [result.losses.min()])
    artists.suggestion.set_data([result.suggestion] * 2, [0, state.top])
    low, high = limits(result.first)
    for line, ends in zip(artists.chosen, ((0, state.top), (low, high)), strict=True):
        line.set_data([chosen] * 2, ends)
    put(artists.here, chosen, result.here)
    artists.left.set_data(RATES[: len(result.left)], np.clip(result.left, low, high))
    put(artists.best, RATES[result.best], result.left.min()) if len(result.left) else put(artists.best, 1.0, np.nan)
    artists.schedule.set_data(np.arange(BUDGET), result.schedule / chosen)
    put(artists.now, state.at, result.schedule[min(state.at, BUDGET - 1)] / chosen)
    losses = result.run.losses[: state.at]
    artists.raw.set_data(np.arange(state.at), inside(losses, low, high))
    artists.training.set_data(np.arange(state.at), inside(smoothed(losses), low, high))
    left = float(np.clip(result.run.left, low, high)) if state.ended else np.nan
    put(artists.mine, chosen, left)
    put(artists.end, state.at, left)
    artists.told.set_text(told(state, result))


def told(state: FinderState, result: FinderResult) -> str:
    """The chosen rate, and what it leaves once the training is at its end."""
    text = f"rate {state.chosen:g}"
    return f"{text} leaves {two_digits(result.run.left)}" if state.ended else text


def inside(losses: Array, low: float, high: float) -> Array:
    """Losses within an axis; one that is no number is at its top."""
    return np.clip(np.nan_to_num(losses, nan=high, posinf=high), low, high)


def put(mark: Line2D, x: float, y: float) -> None:
    """A mark at a place, or nowhere."""
    mark.set_data([x] if np.isfinite(y) else [], [y] if np.isfinite(y) else [])
