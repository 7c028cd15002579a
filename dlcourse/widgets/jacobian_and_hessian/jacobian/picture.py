"""The picture of `JacobianMatrix`: the table, and what it promises of small moves beside what the network does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.chain.layout import panel, text_below
from dlcourse.widgets.chain.notation import index
from dlcourse.widgets.jacobian_and_hessian.jacobian.numbers import JacobianResult
from dlcourse.widgets.jacobian_and_hessian.jacobian.state import JacobianState
from dlcourse.widgets.jacobian_and_hessian.matrix import draw_matrix

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

MOST_CELLS = (4, 6)
"""A larger table carries no numbers."""


@dataclass(frozen=True)
class Plane:
    """The plane of two outputs: the ellipse with its half axes, and the network's answers."""

    ellipse: Line2D
    half_axes: list[Line2D]
    lengths: list[Text]
    images: Line2D


@dataclass(frozen=True)
class Artists:
    """What moves; the cells carry numbers where there are few."""

    matrix: AxesImage
    row: Line2D
    cells: list[Text]
    plane: Plane
    off: Text


def draw(state: JacobianState, figure: Figure) -> Artists:
    """The matrix, and the plane of two outputs."""
    rows, columns = state.sizes[-1], state.sizes[0]
    axes = panel(figure, "jacobian", wide=(0.5, 1.6, 3.0, 1.9), narrow=(0.6, 5.0, 3.7, 1.7))
    matrix = draw_matrix(axes, np.zeros((rows, columns)), "J: ∂ output / ∂ input")
    axes.set_xticks(range(columns), [f"x{index(c)}" for c in range(columns)])
    axes.set_yticks(range(rows), [f"s{index(r)}" for r in range(rows)])
    axes.tick_params(length=0)
    (row,) = axes.plot([], [], color=style.colour("GREEN"), lw=2.6, clip_on=False)
    cells: list[Text] = []
    if rows <= MOST_CELLS[0] and columns <= MOST_CELLS[1]:
        cells = [axes.text(c, r, "", ha="center", va="center", fontsize=9) for r in range(rows) for c in range(columns)]
    plane = panel(figure, "plane", wide=(4.05, 0.55, 3.0, 3.0), narrow=(0.8, 0.5, 3.2, 3.2))
    off = text_below(figure, *((0.6, 4.6) if is_narrow(figure) else (0.5, 1.05)), fontsize=9)
    return Artists(matrix, row, cells, draw_plane(plane, "change of s₂" if rows > 1 else ""), off)


def draw_plane(axes: Axes, second: str) -> Plane:
    """The ellipse that J promises, and where the network's answers lie."""
    axes.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), xticks=[0], yticks=[0], xlabel="change of s₁", aspect="equal")
    axes.set_ylabel(second, labelpad=0)
    axes.xaxis.labelpad = 0
    axes.set_title("where input moves of length h lead", fontsize=9, pad=20)
    blue, red = style.colour("BLUE"), style.colour("VERMILLION")
    (ellipse,) = axes.plot([], [], color=blue, lw=1.6)
    half_axes = [axes.plot([], [], color=blue, lw=1.2, ls=(0, (3, 2)))[0] for _ in range(2)]
    box = {"facecolor": style.paper(), "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
    lengths = [axes.text(0, 0, "", color=blue, fontsize=8.5, ha="center", va="center", bbox=box) for _ in range(2)]
    (images,) = axes.plot([], [], ".", color=red, ms=6)
    axes.text(0, 1.03, "— J promises", color=blue, fontsize=8.5, transform=axes.transAxes)
    axes.text(1, 1.03, "· the network answers", color=red, fontsize=8.5, ha="right", transform=axes.transAxes)
    return Plane(ellipse, half_axes, lengths, images)


def paint(state: JacobianState, artists: Artists, result: JacobianResult) -> None:
    """Bring everything that moves to a result."""
    full = result.jacobian
    largest = max(float(np.abs(full).max()), 1e-12)
    artists.matrix.set_data(0.75 * full / largest)
    for text, value in zip(artists.cells, full.ravel(), strict=False):
        text.set_text(n(float(value), 3))
        red, green, blue, _ = artists.matrix.to_rgba(np.asarray(0.75 * float(value) / largest))
        text.set_color("black" if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 > 0.2 else "white")
    columns, o = full.shape[1], state.end
    artists.row.set_data(np.array([0, columns, columns, 0, 0]) - 0.5, np.array([o, o, o + 1, o + 1, o]) - 0.5)
    artists.row.set_visible(not state.hides)
    artists.off.set_text(f"x₁ = {n(state.x1, 2)}, h = {n(state.h, 3)}: off by {n(100 * result.left, 3)} %")
    paint_plane(artists.plane, result)


def paint_plane(plane: Plane, result: JacobianResult) -> None:
    """Ellipse and answers in parts of the farthest point of the ellipse, half axes with their true lengths."""
    scale = max(float(np.abs(result.ellipse).max()), 1e-12)
    plane.ellipse.set_data(*(result.ellipse / scale).T)
    plane.images.set_data(*(result.images[::2] / scale).T)
    for line, text, end, length in zip(
        plane.half_axes, plane.lengths, result.ends / scale, np.append(result.half_axes, 0.0), strict=False
    ):
        line.set_data([0, end[0]], [0, end[1]])
        text.set_text(n(float(length), 3) if length > 1e-9 else "")
        text.set_position((0.6 * end[0], 0.6 * end[1]))
