"""The picture of `EggCarton`: two of its axes, its critical points, the heights of the balls, and a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import grouped, plus_minus, share_from_log
from dlcourse.widgets.egg_carton import balls
from dlcourse.widgets.egg_carton.numbers import EggResult, profile
from dlcourse.widgets.egg_carton.state import EggState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.patches import StepPatch
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

DRAWN = 300
"""The picture shows the first of the balls; the numbers count all."""
LOWEST, HIGHEST = -0.04, 2.05
"""Range of the balls' heights in the picture."""
CELLS = 40
"""Squares of the carton's map, across and up."""


@dataclass(frozen=True)
class Artists:
    """What moves."""

    curves: list[Line2D]
    """The height of the axis, in one dimension only."""
    images: list[AxesImage]
    """The height of two axes, from two dimensions on."""
    balls: Line2D
    bars: StepPatch
    dots: Line2D
    heights: Line2D
    band: Line2D
    middle: Line2D
    cells: list[Text]


class Table(NamedTuple):
    """Where the table is, in shares of the figure, and the size of its letters."""

    top: float
    columns: tuple[float, float, float]
    row: float
    size: float


SLIM = 3.8
"""In a picture of fewer inches the table has short words; the sentence below has all of them."""
ROWS = (
    "minima among the critical points",
    "axes that bend down, of d",
    "balls in the deepest well",
    "height of the balls, and at rest",
)
SHORT_ROWS = "minima", "axes down, of d", "in the deepest well", "height, and at rest"


def panels(figure: Figure) -> tuple[Axes, Axes, Axes, Table]:
    """Where the carton, the critical points, the heights and the table are."""
    width, height = figure.get_size_inches()
    if is_narrow(figure):
        side, left = min(3.3, 0.82 * width), 0.14
        index_at, heights_at = (0.06, 0.33, 0.88, 0.085), (0.06, 0.205, 0.88, 0.06)
        columns = (0.02, 0.475, 0.745) if width > SLIM else (0.02, 0.4, 0.71)
        table = Table(top=0.143, columns=columns, row=0.031, size=8.0)
    else:
        side, left = 2.55, 0.055
        index_at, heights_at = (0.50, 0.71, 0.47, 0.225), (0.50, 0.40, 0.47, 0.165)
        table = Table(top=0.235, columns=(0.02, 0.44, 0.70), row=0.052, size=9.0)
    carton = figure.add_axes((left, 1 - (side + 0.3) / height, side / width, side / height), label="carton")
    index = figure.add_axes(index_at, label="index")
    return carton, index, figure.add_axes(heights_at, label="heights"), table


def draw(state: EggState, figure: Figure) -> Artists:
    """Draw all panels, and return what moves in them."""
    carton, index, strip, table = panels(figure)
    curves, images, dropped = draw_carton(state, carton)
    bars, dots = draw_index(state, index)
    heights, band, middle = draw_heights(strip)
    return Artists(
        curves=curves,
        images=images,
        balls=dropped,
        bars=bars,
        dots=dots,
        heights=heights,
        band=band,
        middle=middle,
        cells=draw_table(figure, table),
    )


def draw_carton(state: EggState, axes: Axes) -> tuple[list[Line2D], list[AxesImage], Line2D]:
    """The height of the axis where there is one, of two axes where there are more, and the balls."""
    axes.set(xlim=(0, 2), xticks=[0.5, 1.5], xlabel="w₁")
    axes.xaxis.labelpad = 0
    ball: dict[str, Any] = {"color": style.colour("VERMILLION"), "mew": 0, "ls": ""}
    if state.d == 1:
        axes.set(ylim=(-0.1, 2.1), yticks=[0, 1, 2])
        axes.set_title("height", fontsize=9)
        curves = axes.plot([], [], color=style.colour("BLUE"))
        (dropped,) = axes.plot([], [], "o", ms=5, alpha=0.5, **ball)
        return curves, [], dropped
    axes.set(ylim=(0, 2), yticks=[0.5, 1.5], yticklabels=["deep", "shallow"], xticklabels=["deep", "shallow"])
    axes.set_title("two of the axes, w₁ and w₂; dark is deep", fontsize=9)
    image = axes.imshow(
        np.zeros((CELLS, CELLS)), origin="lower", extent=(0, 2, 0, 2), aspect="auto", cmap=style.heights(),
        interpolation="bilinear", zorder=0,
    )  # fmt: skip
    axes.tick_params(axis="y", rotation=90)
    (dropped,) = axes.plot([], [], "o", ms=3.6, **ball | {"mew": 0.4, "mec": style.paper()})
    return [], [image], dropped


def draw_index(state: EggState, axes: Axes) -> tuple[StepPatch, Line2D]:
    """Critical points by their share of axes that bend down: measured as bars, the formula as dots."""
    axes.set(xlim=(-0.03, 1.03), ylim=(0, 1.08), xticks=[0, 0.5, 1], yticks=[])
    axes.set_xticklabels(["0: minimum", "half: saddle", "1: maximum"])
    axes.tick_params(labelsize=8)
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    axes.get_xticklabels()[2].set_horizontalalignment("right")
    axes.set_title("critical points by their share of axes that bend down", fontsize=9)
    if state.hides:
        axes.text(0.5, 0.5, "covered", ha="center", va="center", color=style.faint())
    edges = (np.arange(balls.BARS + 1) - 0.5) / (balls.BARS - 1)
    bars = axes.stairs(np.zeros(balls.BARS), edges, fill=True, color=style.colour("BLUE"), alpha=0.7)
    (dots,) = axes.plot([], [], "o", mfc="none", mec=style.colour("GREEN"), ms=5, mew=1.4)
    return bars, dots


def draw_heights(axes: Axes) -> tuple[Line2D, Line2D, Line2D]:
    """The height of each ball, and the band of the formula."""
    axes.set(xlim=(LOWEST, HIGHEST), ylim=(-0.3, 1.05), xticks=[0, 1], yticks=[])
    axes.set_xticklabels(["0: the deepest", "1: the average"])
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    axes.tick_params(labelsize=8)
    axes.set_title("height of each ball, per dimension", fontsize=9)
    axes.axvline(0, color=style.faint(), lw=0.8)
    (heights,) = axes.plot([], [], ".", color=style.colour("VERMILLION"), ms=4, alpha=0.8)
    (band,) = axes.plot([], [], color=style.colour("GREEN"), lw=4, solid_capstyle="butt")
    (middle,) = axes.plot([], [], "|", color=style.colour("GREEN"), ms=9, mew=2)
    return heights, band, middle


def draw_table(figure: Figure, table: Table) -> list[Text]:
    """Four rows of numbers: measured, and from the formula."""
    left, *columns = table.columns
    for x, text, name in zip(columns, ("measured", "formula"), ("BLUE", "GREEN"), strict=True):
        figure.text(x, table.top, text, fontsize=table.size, color=style.colour(name))
    cells: list[Text] = []
    for row, label in enumerate(ROWS if figure.get_figwidth() > SLIM else SHORT_ROWS):
        y = table.top - (row + 1) * table.row
        figure.text(left, y, label, fontsize=table.size)
        cells.extend(figure.text(x, y, "", fontsize=table.size) for x in columns)
    return cells


def paint(state: EggState, artists: Artists, result: EggResult) -> None:
    """Bring everything that moves to a result."""
    paint_carton(state, artists, result)
    formula, shares = (one / balls.crowd(state.d) for one in (balls.binomial(state.d), result.sample.shares))
    top = max(float(formula.max()), float(shares.max()))
    shown = np.flatnonzero(formula > 1e-3 * top)
    artists.bars.set_data(shares / top)
    artists.dots.set_data(shown / (balls.BARS - 1), formula[shown] / top)
    heights = result.heights[:DRAWN]
    artists.heights.set_data(heights, np.arange(len(heights)) * 0.618034 % 1)
    mean, spread = result.rest_formula
    artists.band.set_data(np.clip([mean - 2 * spread, mean + 2 * spread], LOWEST, HIGHEST), [-0.18, -0.18])
    artists.middle.set_data([mean], [-0.18])
    for artist in (artists.bars, artists.dots, artists.heights, artists.band, artists.middle):
        artist.set_visible(not state.hides)
    for cell, text in zip(artists.cells, _cells(result), strict=True):
        cell.set_text("" if state.hides else text)


def paint_carton(state: EggState, artists: Artists, result: EggResult) -> None:
    """The carton and the first of the balls."""
    across = result.places[:DRAWN, 0]
    for curve in artists.curves:
        w = np.linspace(0, 2, 121)
        curve.set_data(w, profile(state.q, w))
        artists.balls.set_data(across, result.heights[:DRAWN])
    for image in artists.images:
        heights = profile(state.q, 2 * (np.arange(CELLS) + 0.5) / CELLS)  # in the middle of each square
        image.set_data((heights[:, None] + heights) / 2)
        image.set_clim(0, float(heights.max()))
        artists.balls.set_data(across, result.places[:DRAWN, 1])


def _cells(result: EggResult) -> list[str]:
    sample = result.sample
    return [
        share_from_log(result.minima), share_from_log(result.minima_formula),
        plus_minus(sample.mean, sample.deviation), plus_minus(*result.index_formula),
        f"{grouped(result.arrived)} of {grouped(len(result.heights))}", share_from_log(result.deepest_formula),
        plus_minus(float(result.heights.mean()), float(result.heights.std())), plus_minus(*result.rest_formula),
    ]  # fmt: skip
