"""How FitAFunction looks: the points and the chosen function, and a board with the errors of all learners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.numbers import grouped, raised

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dlcourse.arrays import Array
    from dlcourse.widgets.supervised_learning.widget import FitAFunction, FitResult

COLOURS = {
    "nearest neighbour": "VERMILLION", "line": "GREEN", "polynomial": "PURPLE", "network": "BLUE", "yours": "BLACK",
}  # fmt: skip
AXES = {"petals": ("petal length, cm", "petal width, cm"), "tumours": ("mean radius of the nuclei", "mean area")}
LOWEST, HIGHEST = 1e-3, 30.0
"""The board's range, in units of how much the answers vary."""


def number(value: float) -> str:
    """Three digits, and a power of ten where there would be too many zeros."""
    if value == 0:
        return "0"
    if value < 1e-4 or value >= 1e5:
        power = int(np.floor(np.log10(value)))
        return f"{value / 10.0**power:.1f}·10{raised(power)}"
    if value >= 1000:
        return grouped(round(value))
    if value >= 1:
        return f"{value:.0f}" if value >= 100 else f"{value:.2f}"
    return f"{value:.3f}" if value >= 0.01 else f"{value:.2g}"


def signed(value: float) -> str:
    """A coordinate; a negative one with a true minus sign."""
    text = f"{abs(value):.0f}" if abs(value) >= 100 else f"{abs(value):.2f}"
    return text if value >= 0 or float(text) == 0 else f"−{text}"


def off(value: float) -> str:
    """A difference, in as many digits as its square needs to be checked by hand."""
    return ("−" if value < 0 else "") + number(abs(value))


def draw(widget: FitAFunction, figure: Figure) -> dict[str, Any]:
    """What stands still: axes, the unseen points of the source, the names on the board."""
    width, height = figure.get_size_inches()
    narrow = width < 5.5
    if narrow:
        plane = figure.add_axes((0.12, 1 - 3.35 / height, 0.85, 3.0 / height), label="plane")
        board = figure.add_axes((0.05, 0.3 / height, 0.9, 1.85 / height), label="board")
    else:
        plane = figure.add_axes((0.08, 0.125, 0.49, 0.8), label="plane")
        board = figure.add_axes((0.635, 0.125, 0.345, 0.75), label="board")
    left, right, bottom, top = widget.limits()
    names = AXES.get(widget.origin()[0], ("x", "y"))
    plane.set(xlim=(left, right), ylim=(bottom, top), xlabel=names[0], ylabel=names[1])
    plane.locator_params(nbins=6)
    plane.xaxis.labelpad = plane.yaxis.labelpad = 1
    if widget.open():
        x, y = widget.unseen_of_source()
        plane.plot(
            x, y, "o", markersize=3.6, markerfacecolor="none", markeredgecolor=style.ORANGE, markeredgewidth=0.9, zorder=2
        )  # fmt: skip
    artists = _on_plane(plane)
    return artists | _board(widget, board, figure, narrow)


def _on_plane(plane: Axes) -> dict[str, Any]:
    ink = style.ink()
    (sticks,) = plane.plot([], [], color=style.faint(), linewidth=1.2, zorder=3)
    others = {
        name: plane.plot([], [], color=style.colour(colour), linewidth=1.1, zorder=3)[0]
        for name, colour in COLOURS.items()
    }
    (curve,) = plane.plot([], [], linewidth=2.4, zorder=4)
    (seen,) = plane.plot(
        [], [], "o", markersize=6.5, markerfacecolor=ink, markeredgecolor=style.paper(), markeredgewidth=0.8, zorder=5
    )
    (own_unseen,) = plane.plot(
        [], [], "o", markersize=6.5, markerfacecolor=style.paper(), markeredgecolor=style.ORANGE, markeredgewidth=1.6,
        zorder=5,
    )  # fmt: skip
    (ring,) = plane.plot([], [], "o", markersize=13, markerfacecolor="none", markeredgecolor=ink, zorder=6)
    title = plane.text(0, 1.025, "", transform=plane.transAxes, fontsize=9.5)
    return {
        "sticks": sticks, "others": others, "curve": curve, "seen": seen, "own_unseen": own_unseen, "ring": ring,
        "title": title,
    }  # fmt: skip


def _board(widget: FitAFunction, board: Axes, figure: Figure, narrow: bool) -> dict[str, Any]:
    """One row a learner: its name, two numbers, and two dots on a scale of powers of ten."""
    rows = widget.names()
    _, _, bottom, top = widget.limits()
    unit = ((top - bottom) / 6) ** 2
    lowest = LOWEST / 100 if widget.origin()[0] == "tumours" else LOWEST
    board.set(xscale="log", xlim=(lowest * unit, HIGHEST * unit), ylim=(len(rows) - 0.4, -0.5))
    style.quiet(board, left=False)
    board.minorticks_off()
    board.tick_params(axis="x", labelsize=7.5)
    head = board.get_position()
    across = board.get_yaxis_transform()  # x as a share of the board, y in rows
    places = (0.74 if narrow else 0.66, 1.0)
    figure.text(head.x0, head.y1 + (0.025 if narrow else 0.07), "mean squared error", fontsize=9.5, fontweight="bold")
    for place, word, colour in zip(places, ("seen", "unseen"), (style.ink(), style.ORANGE), strict=True):
        board.text(place, -0.62, word, transform=across, fontsize=9, color=colour, ha="right")
    artists: dict[str, Any] = {"names": [], "numbers": [], "bars": [], "seen_dots": [], "unseen_dots": []}
    for row, name in enumerate(rows):
        colour = style.colour(COLOURS[name])
        weight = "bold" if name == widget.model else "normal"
        artists["names"] += [board.text(0, row, "", transform=across, fontsize=9, color=colour, fontweight=weight)]
        artists["numbers"] += [
            [
                board.text(place, row, "", transform=across, fontsize=9, ha="right", fontweight=weight)
                for place in places
            ]
        ]
        at = row + 0.24
        board.axhline(at, color=style.faint(), linewidth=0.5, zorder=0)
        artists["bars"] += [board.plot([], [], color=colour, linewidth=2, zorder=2)[0]]
        artists["unseen_dots"] += [
            board.plot(
                [], [], "o", markersize=6.5, markerfacecolor=style.paper(), markeredgecolor=style.ORANGE,
                markeredgewidth=1.6, zorder=4, clip_on=False,
            )[0]
        ]  # fmt: skip
        artists["seen_dots"] += [board.plot([], [], "o", markersize=6, color=style.ink(), zorder=3, clip_on=False)[0]]
    return artists


def paint(widget: FitAFunction, artists: dict[str, Any], result: FitResult) -> None:
    """Bring points, curves and board to a state."""
    left, right, bottom, top = widget.limits()
    points = np.array(widget.editable(), float).reshape(-1, 3)
    seen = points[:, 2] > 0
    artists["seen"].set_data(points[seen, 0], points[seen, 1])
    kept = points[~seen] if widget.open() else points[:0]
    artists["own_unseen"].set_data(kept[:, 0], kept[:, 1])
    one = 0 <= widget.selected < len(points) and (seen[widget.selected] or widget.open())
    place = points[widget.selected : widget.selected + 1] if one else points[:0]
    artists["ring"].set_data(place[:, 0], place[:, 1])
    high = top - bottom
    low_end, high_end = bottom - high, top + high  # far out of the picture, so that a wild curve stays drawable
    for name, line in artists["others"].items():
        shown = widget.everyone and name != widget.model and name in result.curves
        line.set_data(*((result.grid, np.clip(result.curves[name], low_end, high_end)) if shown else ([], [])))
    curve = result.curves.get(widget.model)
    if curve is None:
        artists["curve"].set_data([], [])
        artists["sticks"].set_data([], [])
    else:
        artists["curve"].set_color(style.colour(COLOURS[widget.model]))
        artists["curve"].set_data(result.grid, np.clip(curve, low_end, high_end))
        artists["sticks"].set_data(*_sticks(result.seen, np.clip(result.told, low_end, high_end)))
    count = int(seen.sum())
    artists["title"].set_text(
        counted(count, "seen point") + (f", {len(result.unseen[0])} unseen" if widget.open() else "")
    )
    _paint_board(widget, artists, result)


def _sticks(seen: tuple[Array, Array], told: Array) -> tuple[Array, Array]:
    """Upright lines from each seen point to the curve, with gaps between."""
    x, y = seen
    gap = np.full(len(x), np.nan)
    return np.column_stack([x, x, gap]).ravel(), np.column_stack([y, told, gap]).ravel()


def _paint_board(widget: FitAFunction, artists: dict[str, Any], result: FitResult) -> None:
    for row, name in enumerate(widget.names()):
        artists["names"][row].set_text(_short(widget.called(name)))
        values = (result.seen_errors.get(name), result.unseen_errors.get(name))
        for text, value in zip(artists["numbers"][row], values, strict=True):
            text.set_text("?" if value is None else number(value))
        axes = artists["bars"][row].axes
        low, high = axes.get_xlim()
        dots = [None if value is None else float(np.clip(value, 1.08 * low, high / 1.08)) for value in values]
        at = row + 0.24
        for line, dot in zip((artists["seen_dots"][row], artists["unseen_dots"][row]), dots, strict=True):
            line.set_data(*(([], []) if dot is None else ([dot], [at])))
        both = dots[0] is not None and dots[1] is not None
        artists["bars"][row].set_data(*((dots, [at, at]) if both else ([], [])))


def _short(name: str) -> str:
    name = "yours" if name.startswith("yours") else name
    name = name.replace("polynomial of degree", "polynomial")
    if name.startswith("network ("):
        name = "network " + ", ".join(part.split()[0] for part in name.removeprefix("network (").split(", "))
    return name if len(name) <= 20 else name[:19] + "…"
