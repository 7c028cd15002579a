"""What in the picture of Unroll depends on how long the text is: the arrows, the outlines of the states, and the ticks.

They are among the artists that move: were they in the background, a slider that makes the text longer would make
Matplotlib draw the whole picture anew, some 100 ms each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib import rcParams
from matplotlib.markers import TICKDOWN
from matplotlib.transforms import ScaledTranslation

from dlcourse.live import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

    from dlcourse.arrays import Array

__all__ = ["TICKS", "Arrows", "Ticks", "draw_arrows", "draw_ticks", "paint_arrows", "paint_ticks"]

TICKS = {10: 2, 20: 5, 30: 5, 60: 10}
"""How far the lower picture may reach, and the distance of its ticks."""


@dataclass(frozen=True)
class Arrows:
    """Outlines of the states, arrows up to them and along, and the names of the weights in each column."""

    cells: Line2D
    up: Line2D
    up_heads: Line2D
    along: Line2D
    along_heads: Line2D
    weights: list[tuple[Text, Text]]


def draw_arrows(time: Axes, columns: int) -> Arrows:
    """Where each letter and each state goes, and the outlines of the states."""
    blue, orange, faint = style.colour("BLUE"), style.colour("ORANGE"), style.faint()
    shaft: dict[str, Any] = {"linewidth": 1.6, "solid_capstyle": "butt"}
    heads: dict[str, Any] = {"linestyle": "", "markersize": 6, "markeredgewidth": 0}
    return Arrows(
        cells=time.plot([], [], color=faint, linewidth=0.6, zorder=1.5)[0],
        up=time.plot([], [], color=blue, **shaft)[0],
        up_heads=time.plot([], [], marker="^", color=blue, **heads)[0],
        along=time.plot([], [], color=orange, **shaft)[0],
        along_heads=time.plot([], [], marker=">", color=orange, **heads)[0],
        weights=[
            (
                time.text(c - 0.5, 0.56, "Wₕ", color=orange, fontsize=9, ha="center", fontstyle="italic"),
                time.text(c + 0.07, -0.16, "Wₓ", color=blue, fontsize=9, fontstyle="italic"),
            )
            for c in range(columns)
        ],
    )


def paint_arrows(arrows: Arrows, columns: int) -> None:
    """Show as many as there are letters in the picture."""
    c = np.arange(columns, dtype=float)
    arrows.up.set_data(_paths([c, c], [-0.17, -0.055]))
    arrows.up_heads.set_data(c, np.full(columns, -0.055))
    arrows.along.set_data(_paths([c - 0.76, c - 0.3], [0.5, 0.5]))
    arrows.along_heads.set_data(c - 0.3, np.full(columns, 0.5))
    left, right = c - 0.2, c + 0.2
    arrows.cells.set_data(_paths([left, right, right, left, left], [0, 0, 1, 1, 0]))
    for place, labels in enumerate(arrows.weights):
        for label in labels:
            label.set_visible(place < columns)


def _paths(x: list[Array], y: list[float]) -> tuple[Array, Array]:
    """One line through the corners x, each with a place for every column, at heights y; cut between the columns."""
    across = np.column_stack([*x, np.full(len(x[0]), np.nan)])
    return across.ravel(), np.tile([*y, np.nan], len(across))


@dataclass(frozen=True)
class Ticks:
    """Marks under the lower picture, and what is written at them."""

    marks: Line2D
    labels: list[Text]


def draw_ticks(axes: Axes) -> Ticks:
    """Ticks under the lower picture, made of a line and words."""
    length, pad, size = rcParams["xtick.major.size"], rcParams["xtick.major.pad"], rcParams["xtick.labelsize"]
    axes.set_xticks([])
    axes.xaxis.labelpad = length + pad + 1.16 * size
    edge = axes.get_xaxis_transform()
    below = edge + ScaledTranslation(0, -(length + pad) / 72, axes.figure.dpi_scale_trans)
    (marks,) = axes.plot(
        [], [], linestyle="", marker=TICKDOWN, markersize=length, markeredgewidth=0.8, color=style.faint(), transform=edge, clip_on=False, zorder=0
    )  # fmt: skip
    most = 1 + max(reach // step for reach, step in TICKS.items())
    look: dict[str, Any] = {"fontsize": size, "color": style.ink(), "ha": "center", "va": "top"}
    return Ticks(marks, [axes.text(0, 0, "", transform=below, **look) for _ in range(most)])


def paint_ticks(ticks: Ticks, letters: int, *, back: bool) -> None:
    """Let the lower picture reach as far as there are letters: `back` from the end at its right, or on from the first."""
    reach = next(reach for reach in TICKS if reach >= letters)
    places = range(0 if back else TICKS[reach], reach + 1, TICKS[reach])
    axes = cast("Axes", ticks.marks.axes)
    axes.set_xlim((reach, 0) if back else (0.5, reach + 0.5))
    ticks.marks.set_data(places, np.zeros(len(places)))
    for number, label in enumerate(ticks.labels):
        label.set_visible(number < len(places))
        if number < len(places):
            label.set_text(str(places[number]))
            label.set_x(places[number])
