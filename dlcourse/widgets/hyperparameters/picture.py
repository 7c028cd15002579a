"""The picture of `Sweep`: scores after each epoch, and a panel for each setting with a dot for each run."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.numbers import minus, raised
from dlcourse.live.pixels import width_of
from dlcourse.sweeps import Run
from dlcourse.sweeps.pictures import has_names, place
from dlcourse.sweeps.spaces import Space, label
from dlcourse.widgets.hyperparameters.numbers import DECADES, LOWEST, SweepView
from dlcourse.widgets.hyperparameters.state import CURVES, SweepState
from dlcourse.widgets.hyperparameters.words import headline, knob_name, score_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

__all__ = ["Artists", "Panel", "draw", "paint", "scale"]

GAP = (np.nan, np.nan)


@dataclass(frozen=True)
class Panel:
    """What moves in the panel of one setting."""

    range: Line2D
    """A bar at the foot over all that can be drawn."""
    ticks: Line2D
    """A mark on it for each run that is planned."""
    dots: Line2D
    lit: Line2D
    best: Line2D
    failed: Line2D
    to_beat: Line2D
    brush: Rectangle


@dataclass(frozen=True)
class Curves:
    """What moves in the panel of scores after each epoch."""

    all: Line2D
    ends: Line2D
    lit: Line2D
    best: Line2D
    to_beat: Line2D
    brush: Rectangle


@dataclass(frozen=True)
class Artists:
    """What moves."""

    curves: list[Curves]
    """One, or none where every run has a single score."""
    panels: list[Panel]
    title: Text


def scale(state: SweepState) -> tuple[float, float]:
    """The lowest and the highest score on the axes."""
    if state.result is None:
        return 0.0, 1.0
    scores = [score for run in state.result.runs for score in run.outcome.scores if math.isfinite(score)]
    low, high = min(scores), max(scores)
    room = 0.08 * (high - low) or 0.5
    return low - room, high + room


def has_curves(state: SweepState) -> bool:
    """Whether runs have a score after each epoch."""
    return state.result is None or max(run.epochs for run in state.result.runs) > 1


def panels(state: SweepState, figure: Figure) -> tuple[list[Axes], Text]:
    """Where the curves, if there are any, the panel of each setting, and the title are."""
    width, height = figure.get_size_inches()
    knobs, curves = list(state.space), has_curves(state)
    title = text_at(figure, 0.12, height - 0.11, "", fontsize=9, va="top", linespacing=1.35)
    axes, left, bottom, tall = [], 0.62, 0.5, height - 1.18
    if curves and is_narrow(figure):
        axes.append(axes_at(figure, left, 3.05, width - left - 0.2, height - 3.05 - 0.7, CURVES))
        tall = 1.75
    elif curves:
        axes.append(axes_at(figure, left, bottom, 1.9, tall, CURVES))
        left += 2.2
    each = (width - left - 0.2 + 0.28) / len(knobs)
    for i, name in enumerate(knobs):
        axes.append(axes_at(figure, left + i * each, bottom, each - 0.28, tall, name))
    return axes, title


def draw(state: SweepState, figure: Figure) -> Artists:
    """Draw all panels, and return what moves in them."""
    axes, title = panels(state, figure)
    low, high = scale(state)
    first = {0} | ({1} if is_narrow(figure) and has_curves(state) else set())
    for i, one in enumerate(axes):
        style.quiet(one)
        one.set(ylim=(low, high))
        ticks = np.linspace(0, 1, 5) if state.result is None else _ends(state)
        one.set_yticks(ticks, [score_text(state, float(tick), axis=True) for tick in ticks] if i in first else [])
    artists = Artists(curves=[], panels=[], title=title)
    if has_curves(state):
        artists.curves.append(draw_curves(state, axes.pop(0)))
    for one, (name, knob) in zip(axes, state.space.items(), strict=True):
        artists.panels.append(draw_panel(state, one, name, knob))
    return artists


def _ends(state: SweepState) -> Array:
    scores = [score for run in state.result.runs for score in run.outcome.scores if math.isfinite(score)]
    return np.unique([min(scores), max(scores)])


def _line(axes: Axes, **look: Any) -> Line2D:
    (line,) = axes.plot([], [], **look)
    return line


def _rectangle(axes: Axes) -> Rectangle:
    from matplotlib.patches import Rectangle

    patch = Rectangle((0, 0), 0, 0, facecolor=style.colour("SKY"), alpha=0.25, edgecolor="none", visible=False)
    axes.add_patch(patch)
    return patch


def draw_curves(state: SweepState, axes: Axes) -> Curves:
    """The score of each run after each epoch."""
    longest = 9 if state.result is None else max(run.epochs for run in state.result.runs)
    axes.set(xlim=(0.5, longest + 0.5))
    ticks = sorted({1, (longest + 1) // 3, longest} - {0}) if longest > 5 else range(1, longest + 1)
    axes.set_xticks(list(ticks), [str(tick) for tick in ticks])
    axes.set_xlabel("epochs", labelpad=2)
    axes.set_title("right on validation" if state.result is None else "score")
    return Curves(
        to_beat=_line(axes, color=style.ink(), linewidth=1, linestyle=(0, (4, 3))),
        all=_line(axes, color=style.colour("BLUE"), linewidth=1),
        ends=_line(axes, color=style.colour("BLUE"), marker="o", markersize=3.5, linestyle="none"),
        lit=_line(axes, color=style.colour("GREEN"), linewidth=2, marker="o", markersize=4),
        best=_line(axes, color=style.colour("ORANGE"), linewidth=2.5),
        brush=_rectangle(axes),
    )


def draw_panel(state: SweepState, axes: Axes, name: str, knob: Space) -> Panel:
    """The panel of one setting."""
    draw_axis(state, axes, name, knob)
    return Panel(
        to_beat=_line(axes, color=style.ink(), linewidth=1, linestyle=(0, (4, 3))),
        range=_line(axes, color=style.colour("SKY"), linewidth=5, alpha=0.45, solid_capstyle="butt"),
        ticks=_line(axes, color=style.ink(), marker="|", markersize=11, markeredgewidth=1.1, linestyle="none"),
        failed=_line(axes, color=style.ink(), marker="x", markersize=6, linestyle="none"),
        dots=_line(axes, color=style.colour("BLUE"), marker="o", markersize=5.5, linestyle="none"),
        lit=_line(axes, color=style.colour("GREEN"), marker="D", markersize=6.5, linestyle="none"),
        best=style.haloed(_line(axes, color=style.colour("ORANGE"), marker="o", markersize=8.5, linestyle="none")),
        brush=_rectangle(axes),
    )


def draw_axis(state: SweepState, axes: Axes, name: str, knob: Space) -> None:
    """Limits, marks and name of the axis of one setting."""
    axes.set_xlabel(knob_name(state, name), labelpad=2)
    if has_names(knob):
        names = [label(option) for option in knob.options]
        short = [one if len(one) <= 7 else f"{one[:6]}…" for one in names]
        axes.set_xlim(-0.5, len(names) - 0.5)
        axes.set_xticks(range(len(names)), short, rotation=30 if _crowded(axes, short) else 0)
        return
    low, high = ends(state, name, knob)
    if is_log(state, name, knob):
        room = (high / low) ** 0.06
        axes.set(xscale="log", xlim=(low / room, high * room))
        ticks = [low, high] if state.result is not None else [1e-4, 1e-2, 1]
    else:
        room = 0.06 * (high - low) or 0.5
        axes.set(xlim=(low - room, high + room))
        ticks = [low, high]
    axes.minorticks_off()
    axes.set_xticks(ticks, [_short(tick) for tick in ticks])


def _crowded(axes: Axes, names: list[str]) -> bool:
    """Whether names side by side would touch in this panel."""
    apart = 100 * axes.get_window_extent().width / axes.figure.dpi / len(names)  # hundredths of an inch
    widths = [width_of(name, 8.0) for name in names]
    return any((a + b) / 2 + 8 > apart for a, b in itertools.pairwise(widths))


def _short(value: float) -> str:
    """A value for the axis: with a power of ten where it is small."""
    if not 0 < value < 0.01:
        return minus(f"{value:.3g}")
    power = math.floor(math.log10(value) + 1e-9)
    front = f"{value / 10**power:.2g}"
    return f"{'' if front == '1' else front + '·'}10{raised(power)}"


def is_log(state: SweepState, name: str, knob: Space) -> bool:
    """Whether the axis counts factors of ten: for learning rates it does, however they are spread."""
    return knob.log or (state.result is None and name == "lr")


def ends(state: SweepState, name: str, knob: Space) -> tuple[float, float]:
    """The lowest and the highest value that a setting can have."""
    if state.result is None and name == "lr":  # the axis stays where it is, and the range moves along
        return LOWEST[0], LOWEST[1] * 10**DECADES
    if getattr(knob, "options", None):
        return float(min(knob.options)), float(max(knob.options))
    levels = knob.levels(2)
    return float(levels[0]), float(levels[-1])


def paint(state: SweepState, artists: Artists, result: SweepView) -> None:
    """Bring everything that moves to a result."""
    scored = [run for run in result.sweep.runs if math.isfinite(run.score)]
    lit = [run for run in scored if run.number in result.lit]
    dim = 0.3 if result.lit else 1.0
    for curves in artists.curves:
        paint_curves(state, curves, result, scored, lit, dim)
    for panel, (name, knob) in zip(artists.panels, state.space.items(), strict=True):
        paint_panel(state, panel, result, name, knob, dim)
    artists.title.set_text(headline(state, result))


def paint_curves(
    state: SweepState, artists: Curves, result: SweepView, scored: list[Run], lit: list[Run], dim: float
) -> None:
    """The curves of the runs so far, and where they end."""
    _show(artists.all, *_joined(scored))
    artists.all.set_alpha(0.55 if dim == 1 else 0.3)
    _show(artists.ends, [run.epochs for run in scored], [run.score for run in scored])
    artists.ends.set_alpha(dim)
    _show(artists.lit, *_joined(lit))
    _show(artists.best, *_joined([result.best] if result.best is not None else []))
    _paint_guides(state, artists.to_beat, artists.brush, CURVES)


def _show(line: Line2D, x: Any, y: Any) -> None:
    """Give a line its points; one without any is not drawn."""
    line.set_data(x, y)
    line.set_visible(len(x) > 0)


def _joined(runs: list[Run]) -> tuple[list[float], list[float]]:
    """The curves of several runs as one line with gaps."""
    x: list[float] = []
    y: list[float] = []
    for run in runs:
        x += [*range(1, run.epochs + 1), np.nan]
        y += [*run.outcome.scores, np.nan]
    return x, y


def paint_panel(state: SweepState, panel: Panel, result: SweepView, name: str, knob: Space, dim: float) -> None:
    """Dots at the value of one setting and the score."""
    low, high = scale(state)
    rows: dict[str, list[tuple[float, float]]] = {"dots": [], "lit": [], "failed": []}
    for run in result.sweep.runs:
        x = place(knob, run.settings[name])
        failed = not math.isfinite(run.score)
        kind = "failed" if failed else "lit" if run.number in result.lit else "dots"
        rows[kind].append((x, low + 0.03 * (high - low) if failed else run.score))
    best = result.best
    chosen = [] if best is None else [(place(knob, best.settings[name]), best.score)]
    for line, points in (
        (panel.dots, rows["dots"]),
        (panel.lit, rows["lit"]),
        (panel.failed, rows["failed"]),
        (panel.best, chosen),
    ):
        _show(line, [x for x, _ in points], [y for _, y in points])
    panel.dots.set_alpha(dim)
    hidden = state.result is not None or (state.hides and result.done < result.total)
    planned = [] if hidden else [place(knob, settings[name]) for settings in result.planned]
    foot = low + 0.025 * (high - low)
    _show(panel.ticks, planned, [foot] * len(planned))
    levels = knob.levels(2) if state.result is None else []
    _show(panel.range, levels, [foot] * len(levels))
    _paint_guides(state, panel.to_beat, panel.brush, name)


def _paint_guides(state: SweepState, to_beat: Line2D, brush: Rectangle, where: str) -> None:
    """The score to beat, and what is brushed."""
    axes = to_beat.axes
    assert axes is not None
    beat = state.to_beat
    _show(to_beat, axes.get_xlim() if beat else [], [beat[1]] * 2 if beat else [])
    here = state.brush if state.picked < 0 and state.brush is not None and state.brush[0] == where else None
    brush.set_visible(here is not None)
    if here is not None:
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        x0, x1 = np.clip(sorted((here[1], here[3])), left, right)
        y0, y1 = np.clip(sorted((here[2], here[4])), bottom, top)
        brush.set_bounds(float(x0), float(y0), float(x1 - x0), float(y1 - y0))
