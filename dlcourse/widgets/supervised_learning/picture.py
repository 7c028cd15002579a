"""The picture of `FitAFunction`: the points and the chosen function, and a board with the errors of all learners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import readable
from dlcourse.widgets.supervised_learning import words
from dlcourse.widgets.supervised_learning.numbers import FitResult, Pair
from dlcourse.widgets.supervised_learning.state import FitState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

COLOURS = {
    "nearest neighbour": "VERMILLION", "line": "GREEN", "polynomial": "PURPLE", "network": "BLUE", "yours": "BLACK",
}  # fmt: skip
AXES = {"petals": ("petal length, cm", "petal width, cm"), "tumours": ("mean radius of the nuclei", "mean area")}
LOWEST, HIGHEST = 1e-3, 30.0
"""The board's range, in units of how much the answers vary."""
DOTS_BELOW = 0.24
"""How far below its name a learner's dots are, in rows of the board."""

UNSEEN_EDGE: dict[str, Any] = {"markeredgecolor": style.ORANGE, "markeredgewidth": 1.6}


@dataclass(frozen=True)
class Row:
    """One learner on the board: its name, its errors, and a dot for each with a bar between."""

    name: Text
    seen: Text
    unseen: Text
    bar: Line2D
    seen_dot: Line2D
    unseen_dot: Line2D


@dataclass(frozen=True)
class Artists:
    """What moves."""

    sticks: Line2D
    others: list[Line2D]
    """The curves of those that are not chosen: one line for each learner in `COLOURS`."""
    curve: Line2D
    seen: Line2D
    own_unseen: Line2D
    ring: Line2D
    title: Text
    rows: list[Row]


def panels(figure: Figure) -> tuple[Axes, Axes]:
    """Where the plane and the board are."""
    height = figure.get_figheight()
    if is_narrow(figure):
        plane = figure.add_axes((0.12, 1 - 3.35 / height, 0.85, 3.0 / height), label="plane")
        board = figure.add_axes((0.05, 0.3 / height, 0.9, 1.85 / height), label="board")
    else:
        plane = figure.add_axes((0.08, 0.125, 0.49, 0.8), label="plane")
        board = figure.add_axes((0.635, 0.125, 0.345, 0.75), label="board")
    return plane, board


def draw(state: FitState, figure: Figure) -> Artists:
    """Draw what stands still in both panels, and return what moves."""
    plane, board = panels(figure)
    draw_plane(state, plane)
    columns = draw_board(state, board, figure)
    ink, paper = style.ink(), style.paper()
    point: dict[str, Any] = {"markersize": 6.5, "zorder": 5}
    return Artists(
        sticks=_line(plane, color=style.faint(), linewidth=1.2, zorder=3),
        others=[_line(plane, color=style.colour(name), linewidth=1.1, zorder=3) for name in COLOURS.values()],
        curve=_line(plane, linewidth=2.4, zorder=4),
        seen=_line(plane, "o", markerfacecolor=ink, markeredgecolor=paper, markeredgewidth=0.8, **point),
        own_unseen=_line(plane, "o", markerfacecolor=paper, **UNSEEN_EDGE, **point),
        ring=_line(plane, "o", markersize=13, markerfacecolor="none", markeredgecolor=ink, zorder=6),
        title=plane.text(0, 1.025, "", transform=plane.transAxes, fontsize=9.5),
        rows=[board_row(state, board, row, columns) for row in range(len(state.names))],
    )


def _line(axes: Axes, *form: str, **look: Any) -> Line2D:
    (line,) = axes.plot([], [], *form, **look)
    return line


def draw_plane(state: FitState, axes: Axes) -> None:
    """Axes, and the unseen points of the source."""
    left, right, bottom, top = state.limits
    names = AXES.get(state.origin[0], ("x", "y"))
    axes.set(xlim=(left, right), ylim=(bottom, top), xlabel=names[0], ylabel=names[1])
    axes.locator_params(nbins=6)
    axes.xaxis.labelpad = axes.yaxis.labelpad = 1
    if state.shows_unseen:
        axes.plot(
            *state.unseen_of_source, "o", markersize=3.6, markerfacecolor="none", markeredgecolor=style.ORANGE,
            markeredgewidth=0.9, zorder=2,
        )  # fmt: skip


def scale(state: FitState) -> tuple[float, float]:
    """The smallest and the largest error on the board."""
    _, _, bottom, top = state.limits
    unit = ((top - bottom) / 6) ** 2
    lowest = LOWEST / 100 if state.origin[0] == "tumours" else LOWEST
    return lowest * unit, HIGHEST * unit


def draw_board(state: FitState, axes: Axes, figure: Figure) -> tuple[float, float]:
    """A scale of powers of ten, and a line for each learner; returns where the columns of numbers end."""
    axes.set(xscale="log", xlim=scale(state), ylim=(len(state.names) - 0.4, -0.5))
    style.quiet(axes, left=False)
    axes.minorticks_off()
    axes.tick_params(axis="x", labelsize=8)
    place = axes.get_position()
    above, columns = (0.025, (0.74, 1.0)) if is_narrow(figure) else (0.07, (0.66, 1.0))
    figure.text(place.x0, place.y1 + above, "mean squared error", fontsize=9.5, fontweight="bold")
    for end, word, colour in zip(columns, ("seen", "unseen"), (style.ink(), style.ORANGE), strict=True):
        axes.text(end, -0.62, word, transform=axes.get_yaxis_transform(), fontsize=9, color=colour, ha="right")
    for row in range(len(state.names)):
        axes.axhline(row + DOTS_BELOW, color=style.faint(), linewidth=0.5, zorder=0)
    return columns


def board_row(state: FitState, axes: Axes, row: int, columns: tuple[float, float]) -> Row:
    """What moves in one learner's row."""
    name = state.names[row]
    colour = style.colour(COLOURS[name])
    letters: dict[str, Any] = {
        "transform": axes.get_yaxis_transform(),  # x as a share of the board, y in rows
        "fontsize": 9,
        "fontweight": "bold" if name == state.model else "normal",
    }
    return Row(
        name=axes.text(0, row, "", color=colour, **letters),
        seen=axes.text(columns[0], row, "", ha="right", **letters),
        unseen=axes.text(columns[1], row, "", ha="right", **letters),
        bar=_line(axes, color=colour, linewidth=2, zorder=2),
        seen_dot=_line(axes, "o", markersize=6, color=style.ink(), zorder=3, clip_on=False),
        unseen_dot=_line(
            axes, "o", markersize=6.5, markerfacecolor=style.paper(), zorder=4, clip_on=False, **UNSEEN_EDGE
        ),
    )  # fmt: skip


def paint(state: FitState, artists: Artists, result: FitResult) -> None:
    """Bring points, curves and board to a state."""
    paint_points(state, artists, result)
    paint_curves(state, artists, result)
    for at, (name, row) in enumerate(zip(state.names, artists.rows, strict=True)):
        row.name.set_text(words.on_the_board(state, name))
        errors = result.seen_errors.get(name), result.unseen_errors.get(name)
        paint_row(row, at + DOTS_BELOW, *errors, scale(state))


def paint_points(state: FitState, artists: Artists, result: FitResult) -> None:
    """The points that can be moved; the unseen among them, and the ring on one, only where they may be shown."""
    table = np.array(state.editable, float).reshape(-1, 3)
    seen = table[:, 2] > 0
    artists.seen.set_data(*table[seen, :2].T)
    artists.own_unseen.set_data(*table[~seen & state.shows_unseen, :2].T)
    row = state.editor.row
    ringed = [row[:2]] if row is not None and (row[2] or state.shows_unseen) else []
    artists.ring.set_data([x for x, _ in ringed], [y for _, y in ringed])
    unseen = f", {len(result.unseen[0])} unseen" if state.shows_unseen else ""
    artists.title.set_text(counted(int(seen.sum()), "seen point") + unseen)


def paint_curves(state: FitState, artists: Artists, result: FitResult) -> None:
    """The chosen curve with its sticks, and the others if they are asked for."""
    _, _, bottom, top = state.limits
    high = top - bottom
    low_end, high_end = bottom - high, top + high  # far out of the picture, so that a wild curve stays drawable
    for name, line in zip(COLOURS, artists.others, strict=True):
        if state.everyone and name != state.model and name in result.curves:
            line.set_data(result.grid, np.clip(result.curves[name], low_end, high_end))
        else:
            line.set_data([], [])
    curve = result.curves.get(state.model)
    if curve is None:
        artists.curve.set_data([], [])
        artists.sticks.set_data([], [])
        return
    artists.curve.set_color(style.colour(COLOURS[state.model]))
    artists.curve.set_data(result.grid, np.clip(curve, low_end, high_end))
    artists.sticks.set_data(*sticks(result.seen, np.clip(result.told, low_end, high_end)))


def sticks(seen: Pair, told: Array) -> Pair:
    """Upright lines from each seen point to the curve, with gaps between."""
    x, y = seen
    gap = np.full(len(x), np.nan)
    return np.column_stack([x, x, gap]).ravel(), np.column_stack([y, told, gap]).ravel()


def paint_row(row: Row, at: float, seen: float | None, unseen: float | None, scale: tuple[float, float]) -> None:
    """One learner's two numbers, and its dots; a bar between them where there are both."""
    low, high = scale
    ends = []
    for text, dot, error in ((row.seen, row.seen_dot, seen), (row.unseen, row.unseen_dot, unseen)):
        text.set_text("?" if error is None else readable(error))
        dot.set_data([], [])
        if error is not None:
            ends.append(float(np.clip(error, 1.08 * low, high / 1.08)))
            dot.set_data([ends[-1]], [at])
    row.bar.set_data(*((ends, [at, at]) if len(ends) == 2 else ([], [])))
