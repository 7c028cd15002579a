"""The picture of `LossExplorer`: losses and slopes on one side, the table of all losses and the walk on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.numbers import decimals, readable
from dlcourse.widgets.losses.numbers import STEPS, LossResult, Row
from dlcourse.widgets.losses.state import LossState
from dlcourse.widgets.losses.words import amount, truths

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

COLOURS = ("BLUE", "VERMILLION")
MARKS = ("o", "s")
ROWS = 7
HIGHEST = 8.0
"""Top of the axis of losses."""
STEEPEST = {"score": 1.15, "probability": 12.0}
"""Ends of the axis of slopes."""
FAR = 9.0
"""Ends of the walk's axis of scores."""


@dataclass(frozen=True)
class Artists:
    """What moves; lists of lines have one entry for each chosen loss, those of texts one for each row of the table."""

    curves: list[Line2D]
    slopes: list[Line2D]
    dots: list[Line2D]
    slope_dots: list[Line2D]
    now: list[Line2D]
    paths: list[Line2D]
    ends: list[Line2D]
    here: Text
    names: list[Text]
    values: list[Text]
    at_probability: list[Text]
    at_score: list[Text]


def panels(figure: Figure) -> tuple[Axes, Axes, Axes]:
    """Where the losses, the slopes and the walk are."""
    if is_narrow(figure):
        wide = figure.get_figwidth() - 0.85
        return (
            axes_at(figure, 0.6, 3.83, wide, 1.3, "curves"), axes_at(figure, 0.6, 2.17, wide, 1.0, "slopes"),
            axes_at(figure, 0.6, 0.45, wide, 1.0, "walk"),
        )  # fmt: skip
    return (
        axes_at(figure, 0.45, 2.3, 2.75, 1.5, "curves"), axes_at(figure, 0.45, 0.45, 2.75, 1.15, "slopes"),
        axes_at(figure, 4.15, 0.45, 2.8, 1.7, "walk"),
    )  # fmt: skip


def draw(state: LossState, figure: Figure) -> Artists:
    """Draw all panels and the table, and return what moves in them."""
    curves, slopes, walk = panels(figure)
    here, names, values, at_probability, at_score = draw_table(figure)
    artists = Artists(
        curves=[], slopes=[], dots=[], slope_dots=[], now=[], paths=[], ends=[], here=here,
        names=names, values=values, at_probability=at_probability, at_score=at_score,
    )  # fmt: skip
    draw_curves(state, curves, slopes, artists)
    draw_walk(state, walk, artists)
    return artists


def draw_table(figure: Figure) -> tuple[Text, list[Text], list[Text], list[Text], list[Text]]:
    """The line that says where one is, and room for a row for each loss."""
    across, up = figure.get_size_inches()
    narrow = is_narrow(figure)
    left, top = (0.15, up - 0.45) if narrow else (3.62, up - 0.28)
    here = text_at(figure, 0.15, up - 0.24, "", fontsize=9)
    columns = [across - end for end in (1.52, 0.77, 0.12)]
    for x, head in zip(columns, ("loss", "slope at p", "at score"), strict=True):
        text_at(figure, x, top, head, fontsize=8.5, ha="right")

    def column(x: float, align: Any) -> list[Text]:
        return [text_at(figure, x, top - 0.2 * (i + 1), "", fontsize=8.5, ha=align) for i in range(ROWS)]

    return here, column(left, "left"), *(column(x, "right") for x in columns)  # type: ignore[return-value]


def draw_curves(state: LossState, curves: Axes, slopes: Axes, artists: Artists) -> None:
    """The losses over the score or over the probability, and their slopes."""
    steepest = STEEPEST[state.over]
    by_score = state.over == "score"
    for axes in (curves, slopes):
        artists.now.extend(axes.plot([], [], color=style.faint(), linewidth=0.9, zorder=1.5))
        axes.set_xlim(*((-8, 8) if by_score else (0, 1)))
        axes.set_xticks([-8, -4, 0, 4, 8] if by_score else [0, 0.25, 0.5, 0.75, 1])
        axes.axhline(0, color=style.faint(), linewidth=0.6, zorder=0)
        style.quiet(axes)
    if not by_score:
        curves.set_xticklabels(["0", "¼", "½", "¾", "1"])
        slopes.set_xticklabels(["0", "¼", "½", "¾", "1"])
    for i, _ in enumerate(state.names):
        look: dict[str, Any] = {"color": style.colour(COLOURS[i]), "zorder": 4 - i}
        marked: dict[str, Any] = {**look, "markersize": 6.5, "clip_on": False, "zorder": 6 - i}
        artists.curves.extend(curves.plot([], [], **look))
        artists.slopes.extend(slopes.plot([], [], **look))
        artists.dots.extend(curves.plot([], [], MARKS[i], **marked))
        artists.slope_dots.extend(slopes.plot([], [], MARKS[i], **marked))
    curves.set(ylim=(0, HIGHEST), yticks=[0, 2, 4, 6, 8])
    slopes.set(ylim=(-steepest, steepest), yticks=[-1, 0, 1] if by_score else [-10, 0, 10])
    curves.set_title(f"the loss, over the {state.over}", pad=3)
    slopes.set_title(f"its slope at the {state.over}", pad=3)
    if state.hides:
        covered(slopes)


def draw_walk(state: LossState, axes: Axes, artists: Artists) -> None:
    """The axes of the steps, scores upwards."""
    style.quiet(axes)
    axes.set(xlim=(0, STEPS), xticks=[0, 50, 100, 150, 200, 250], ylim=(-FAR, FAR), yticks=[-8, -4, 0, 4, 8])
    axes.set_title("the score, step by step", pad=3)
    axes.set_xlabel("steps", labelpad=1)
    axes.axhline(0, color=style.faint(), linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
    if state.hides:
        covered(axes)
    for i, _ in enumerate(state.names):
        look: dict[str, Any] = {"color": style.colour(COLOURS[i]), "zorder": 4 - i}
        artists.paths.extend(axes.plot([], [], linewidth=2, **look))
        marked: dict[str, Any] = {**look, "markersize": 6.5, "clip_on": False, "zorder": 6 - i}
        artists.ends.extend(axes.plot([], [], MARKS[i], **marked))


def covered(axes: Axes) -> None:
    """Say that something will be here."""
    axes.text(
        0.5, 0.62, "? comes with your bet", ha="center", va="center", color=style.faint(), fontsize=9,
        transform=axes.transAxes,
    )  # fmt: skip


def paint(state: LossState, artists: Artists, result: LossResult) -> None:
    """Bring everything that moves to a result."""
    p = result.chosen[0].row.probability
    artists.here.set_text(f"score {decimals(state.x, 1)}     p = {readable(p)}     truth: {truths(state.truth)}")
    steepest = STEEPEST[state.over]
    for i, one in enumerate(result.chosen):
        across = state.x if state.over == "score" else one.row.probability
        slope = one.row.at_score if state.over == "score" else one.row.at_probability
        artists.curves[i].set_data(one.across, one.values)
        put(artists.dots[i], across, one.row.value, 0, HIGHEST)
        if not state.hides:
            artists.slopes[i].set_data(one.across, one.slopes)
            put(artists.slope_dots[i], across, slope, -steepest, steepest)
            artists.paths[i].set_data(np.arange(len(one.path)), one.path)
            put(artists.ends[i], state.steps, one.path[-1], -FAR, FAR)
    across = state.x if state.over == "score" else p
    artists.now[0].set_data([across] * 2, [0, HIGHEST])
    artists.now[1].set_data([across] * 2, [-steepest, steepest])
    for i in range(ROWS):
        paint_row(state, artists, i, result.rows[i] if i < len(result.rows) else None)


def paint_row(state: LossState, artists: Artists, i: int, row: Row | None) -> None:
    """A loss in the table, in its colour if it is one of the chosen."""
    texts = ("", "", "", "")
    if row is not None:
        slopes = ("?", "?") if state.hides else (amount(row.at_probability), amount(row.at_score))
        at_probability = "–" if row.name == "hinge" else slopes[0]
        texts = (row.name, amount(row.value), at_probability, slopes[1])
    chosen = state.names.index(row.name) if row is not None and row.name in state.names else None
    colour = style.ink() if chosen is None else style.colour(COLOURS[chosen])
    cells = (artists.names[i], artists.values[i], artists.at_probability[i], artists.at_score[i])
    for cell, text in zip(cells, texts, strict=True):
        cell.set_text(text)
        cell.set_color(colour)
        cell.set_fontweight("normal" if chosen is None else "bold")


def put(dot: Line2D, x: float, y: float, low: float, high: float) -> None:
    """A mark at a place, or nowhere if that is outside of the axes."""
    inside = np.isfinite(y) and low <= y <= high
    dot.set_data([x] if inside else [], [y] if inside else [])
