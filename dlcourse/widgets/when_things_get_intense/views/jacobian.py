"""The view “Jacobian”: the matrix, how far it stretches, and whether the network's own answers keep what it promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.live import style
from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.when_things_get_intense.layout import panel
from dlcourse.widgets.when_things_get_intense.notation import index
from dlcourse.widgets.when_things_get_intense.numbers import PathsResult
from dlcourse.widgets.when_things_get_intense.state import PathsState
from dlcourse.widgets.when_things_get_intense.views.matrix import (
    Eigenvalues,
    draw_eigenvalues,
    draw_matrix,
    paint_eigenvalues,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]


@dataclass(frozen=True)
class Artists:
    """What moves; the cells carry numbers where there are few."""

    matrix: AxesImage
    row: Line2D
    cells: list[Text]
    eigenvalues: Eigenvalues
    ellipse: Line2D
    images: Line2D
    off: Text


def draw(state: PathsState, figure: Figure) -> Artists:
    """The matrix, its stretches, and the plane of two outputs."""
    rows, columns = state.sizes[-1], state.sizes[0]
    axes = panel(figure, "jacobian", wide=(0.5, 2.75, 3.3, 1.95), narrow=(0.5, 5.9, 3.8, 1.8))
    matrix = draw_matrix(axes, np.zeros((rows, columns)), "J: ∂ output / ∂ input")
    axes.set_xticks(range(columns), [f"x{index(c)}" for c in range(columns)])
    axes.set_yticks(range(rows), [f"s{index(r)}" for r in range(rows)])
    axes.tick_params(length=0)
    (row,) = axes.plot([], [], color=style.colour("GREEN"), lw=2.2, clip_on=False)
    cells: list[Text] = []
    if rows <= 4 and columns <= 6:
        cells = [
            axes.text(c, r, "", ha="center", va="center", fontsize=8.5) for r in range(rows) for c in range(columns)
        ]
    bars = panel(figure, "eigenvalues", wide=(0.5, 0.7, 3.3, 1.25), narrow=(0.5, 4.1, 3.8, 1.1))
    eigenvalues = draw_eigenvalues(bars, rows, "eigenvalues of J Jᵀ", low=-0.1)
    plane = panel(figure, "plane", wide=(4.35, 1.2, 2.7, 2.7), narrow=(0.9, 0.5, 2.7, 2.7))
    return Artists(matrix, row, cells, eigenvalues, *draw_plane(plane, "change of s₂" if rows > 1 else ""))


def draw_plane(axes: Axes, second: str) -> tuple[Line2D, Line2D, Text]:
    """The ellipse that J promises, where the network's answers lie, and the text that says how far they are off."""
    axes.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), xticks=[0], yticks=[0], xlabel="change of s₁", aspect="equal")
    axes.set_ylabel(second, labelpad=0)
    axes.xaxis.labelpad = 0
    axes.set_title("where input moves of length h lead", fontsize=9, pad=18)
    (ellipse,) = axes.plot([], [], color=style.colour("BLUE"), lw=1.6)
    (images,) = axes.plot([], [], ".", color=style.colour("VERMILLION"), ms=5)
    axes.text(0, 1.03, "— J promises", color=style.colour("BLUE"), fontsize=8, transform=axes.transAxes)
    answers = axes.text(1, 1.03, "· the network answers", fontsize=8, ha="right", transform=axes.transAxes)
    answers.set_color(style.colour("VERMILLION"))
    return ellipse, images, axes.text(0.02, 0.02, "", fontsize=8, transform=axes.transAxes)


def paint(state: PathsState, artists: Artists, result: PathsResult) -> None:
    """Bring everything that moves to a result."""
    full = result.jacobian
    assert (
        full is not None and result.stretches is not None and result.ellipse is not None and result.images is not None
    )
    largest = max(float(np.abs(full).max()), 1e-12)
    artists.matrix.set_data(0.75 * full / largest)
    for text, value in zip(artists.cells, full.ravel(), strict=False):
        text.set_text(n(float(value), 3))
        red, green, blue, _ = artists.matrix.to_rgba(np.asarray(0.75 * float(value) / largest))
        text.set_color("black" if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 > 0.2 else "white")
    columns, o = full.shape[1], result.output
    artists.row.set_data(np.array([0, columns, columns, 0, 0]) - 0.5, np.array([o, o, o + 1, o + 1, o]) - 0.5)
    artists.row.set_visible(not state.hides)
    paint_eigenvalues(artists.eigenvalues, result.stretches)
    scale = max(float(np.abs(result.ellipse).max()), 1e-12)
    artists.ellipse.set_data(*(result.ellipse / scale).T)
    artists.images.set_data(*(result.images[::2] / scale).T)
    artists.off.set_text(f"x₁ = {n(state.x1, 2)}, h = {n(state.h, 3)}\noff by {n(100 * result.left, 2)} %")
    artists.off.set_visible(not state.hides)
