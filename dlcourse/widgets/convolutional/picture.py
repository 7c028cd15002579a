"""The picture of `Convolution`: photograph and map above, and below the patch, times the kernel, gives the products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from dlcourse.arrays import Array
from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.numbers import grouped, signed
from dlcourse.live.pixels import Block, Words
from dlcourse.widgets.convolutional.grids import FRAME, Grid, Numbers, colours, greys
from dlcourse.widgets.convolutional.numbers import ConvolutionResult
from dlcourse.widgets.convolutional.state import ConvolutionState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

GRIDS = ("patch", "kernel", "products")
WRITTEN = 7
"""Kernels up to this size have their numbers written in their squares."""
PALE = 1.9
"""Squares with numbers are coloured as if the largest number were this many times as large: ink stays readable."""


@dataclass(frozen=True)
class Artists:
    """What moves; `grids` and `numbers` have one entry each for patch, kernel and products."""

    title: Text
    map: Block
    source_frame: Rectangle
    target_frame: Rectangle
    dots: Line2D
    lines: list[Line2D]
    edges: list[Rectangle]
    grids: list[Grid]
    numbers: list[Numbers]
    ring: Rectangle
    words: Words


@dataclass(frozen=True)
class Panels:
    """Where everything is."""

    source: Axes
    target: Axes
    map: Block
    grids: list[Grid]
    numbers: list[Numbers]
    words: Words


def panels(figure: Figure, shape: tuple[int, ...]) -> Panels:
    """Where photograph, map, grids and words are; a picture of this shape is made as large as fits."""
    width, height = figure.get_size_inches()
    narrow = is_narrow(figure)
    box_width, box_height = min(3.2, width - 0.4) if narrow else 3.2, 2.12
    scale = min(box_height / shape[0], box_width / shape[1])
    tall, wide = shape[0] * scale, shape[1] * scale
    if narrow:
        side, gap, left = min(1.22, (width - 0.84) / 3), 0.3, 0.12
        lefts = [(width - wide) / 2] * 2
        bottoms = [height - 0.3 - tall, height - 0.3 - box_height - 0.36 - tall]
        low = bottoms[1] - 0.5 - side
        words = (14.0, 100 * (low - 0.12))
    else:
        side, gap, left = 1.4, 0.36, 0.2
        lefts, bottoms = [0.2, 3.78], [height - 0.3 - tall] * 2
        low = 0.12
        words = (558.0, 100 * (low + side) + 4)
    source = axes_at(figure, lefts[0], bottoms[0], wide, tall, "input")
    target = axes_at(figure, lefts[1], bottoms[1], wide, tall, "output")
    starts = [left + i * (side + gap) for i in range(3)]
    for sign, start in zip("×=", starts[1:], strict=True):
        text_at(figure, start - gap / 2, low + side / 2, sign, ha="center", va="center", fontsize=13)
    rooms = [axes_at(figure, start, low, side, side, name) for start, name in zip(starts, GRIDS, strict=True)]
    corners = [(100 * start, 100 * low, 100 * side) for start in starts]
    return Panels(
        source=source,
        target=target,
        map=Block(100 * lefts[1], 100 * bottoms[1], 100 * wide, 100 * tall),
        grids=[Grid(room, *corner) for room, corner in zip(rooms, corners, strict=True)],
        numbers=[Numbers(*corner) for corner in corners],
        words=Words(*words, size=8.5, color=style.ink()),
    )


def draw(state: ConvolutionState, figure: Figure) -> Artists:
    """The photograph, the frames of the three grids, and the artists that move."""
    x = state.pixels
    at = panels(figure, x.shape)
    own = state.picture == "yours" and state.image is None
    draw_photograph(at.source, x, "for yours: Convolution(image=array)" if own else "picture")
    edge = draw_map(at.target, at.map)
    for grid in at.grids:
        grid.room.set(xticks=[], yticks=[])
        grid.room.axis("off")
    for artist in (*at.grids, *at.numbers, at.words):
        figure.add_artist(artist)
    ring = Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.ink(), linewidth=2.2, clip_on=False, zorder=4)
    at.grids[GRIDS.index("kernel")].room.add_patch(ring)
    (dots,) = at.source.plot([], [], ".", color=style.VERMILLION, markersize=2.2, clip_on=False)
    at.source.set(xlim=(0, x.shape[1]), ylim=(x.shape[0], 0))
    return Artists(
        title=at.target.text(0, 1.03, "", transform=at.target.transAxes, fontsize=9),
        map=at.map,
        source_frame=_mark(at.source),
        target_frame=_mark(at.target),
        dots=dots,
        lines=[_guide(figure) for _ in range(4)],
        edges=[edge, *(grid.frame for grid in at.grids)],
        grids=at.grids,
        numbers=at.numbers,
        ring=ring,
        words=at.words,
    )


def draw_photograph(axes: Axes, x: Array, name: str) -> None:
    """The picture itself, with its size."""
    _framed(axes)
    height, width = x.shape
    shown = np.clip(np.round(np.clip(x, 0, 1) * 30) / 30, 0, 1)
    axes.imshow(
        shown, cmap="gray", vmin=0, vmax=1, extent=(0, width, height, 0), aspect="auto", interpolation="nearest"
    )
    axes.set_title(f"{name}, {height} × {width}", fontsize=9, pad=3)


def draw_map(axes: Axes, block: Block) -> Rectangle:
    """Where the map will be; returns its edge."""
    _framed(axes)
    axes.add_artist(block)
    edge = Rectangle((0, 0), 1, 1, transform=axes.transAxes, **FRAME, edgecolor=style.faint())
    axes.add_patch(edge)
    return edge


def _framed(axes: Axes) -> None:
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(True)


def _mark(axes: Axes) -> Rectangle:
    """A frame around a place in picture or map."""
    mark = Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.VERMILLION, linewidth=1.6, zorder=4)
    axes.add_patch(mark)
    mark.set_clip_on(False)
    return mark


def _axes(mark: Rectangle) -> Axes:
    """Where a mark is."""
    return cast("Axes", mark.axes)


def _guide(figure: Figure) -> Line2D:
    """A thin line from a place in a picture to a grid."""
    line = Line2D([], [], color=style.VERMILLION, linewidth=0.7, alpha=0.7, transform=figure.transFigure, zorder=5)
    figure.add_artist(line)
    return line


def paint(state: ConvolutionState, artists: Artists, result: ConvolutionResult) -> None:
    """Bring everything that moves to a result."""
    fits = bool(result.y.size)
    for artist in (artists.source_frame, artists.target_frame, artists.dots, *artists.lines):
        artist.set_visible(fits)
    paint_map(state, artists, result)
    paint_grids(artists, result)
    artists.ring.set_visible(0 <= state.selected < result.kernel.size)
    if state.selected >= 0:
        u, v = divmod(state.selected, result.kernel.shape[1])
        artists.ring.set_xy((v, u))
    if fits:
        paint_place(state, artists, result)
        paint_guides(state, artists, result)
    artists.words.set_text(_sums(state, artists, result) if fits else "no place for the kernel")


def paint_grids(artists: Artists, result: ConvolutionResult) -> None:
    """The numbers of patch, kernel and products, and their colours."""
    fits, largest = bool(result.y.size), max(result.kernel.shape)
    blank = np.zeros(result.kernel.shape, np.float32)
    values = (result.patch if fits else blank, result.kernel, result.products if fits else blank)
    for name, grid, numbers, shown in zip(GRIDS, artists.grids, artists.numbers, values, strict=True):
        grid.set_pixels(greys(shown) if name == "patch" else colours(shown, PALE * float(np.abs(shown).max())))
        numbers.set_visible(largest <= WRITTEN and (fits or name == "kernel"))
        numbers.set_numbers(shown, 1 if name == "products" and largest >= WRITTEN else 2, grid.pixels)


def paint_map(state: ConvolutionState, artists: Artists, result: ConvolutionResult) -> None:
    """The map, as far as Play has filled it."""
    y = result.y
    if not y.size:
        artists.map.set_pixels(colours(np.zeros((1, 1)), 1.0))
        artists.title.set_text("nothing fits")
        return
    largest = float(np.abs(y).max())
    positive = float(result.kernel.min()) >= 0
    pixels = greys(y / max(largest, 1.0)) if positive else colours(y, float(np.quantile(np.abs(y), 0.995)))
    if state.scanned >= 0:
        not_yet = np.arange(y.size).reshape(y.shape) >= state.scanned
        pixels = np.where(not_yet[..., None], colours(np.zeros((1, 1)), 1.0), pixels)
    artists.map.set_pixels(pixels)
    _axes(artists.target_frame).set(xlim=(0, y.shape[1]), ylim=(y.shape[0], 0))
    key = "brighter is more" if positive else "orange below 0, blue above"
    artists.title.set_text(f"map, {y.shape[0]} × {y.shape[1]}   {key}")


def paint_place(state: ConvolutionState, artists: Artists, result: ConvolutionResult) -> None:
    """The frames around what the kernel lies on and around what it makes, and dots where it looks."""
    (top, left), (i, j), (down, across), d = result.corner, result.place, state.span, state.dilation
    artists.source_frame.set_bounds(left, top, across, down)
    artists.target_frame.set_bounds(j, i, 1, 1)
    rows, columns = np.meshgrid(*(np.arange(n) * d + 0.5 for n in result.kernel.shape), indexing="ij")
    artists.dots.set_data((columns + left).ravel() if d > 1 else [], (rows + top).ravel() if d > 1 else [])


def paint_guides(state: ConvolutionState, artists: Artists, result: ConvolutionResult) -> None:
    """Thin lines from the frames down to patch and products."""
    (top, left), (i, j), (down, across) = result.corner, result.place, state.span
    patch, _, products = (grid.room for grid in artists.grids)
    kw = result.kernel.shape[1]
    source, target = _axes(artists.source_frame), _axes(artists.target_frame)
    ends = [(patch, (0, 0)), (patch, (kw, 0)), (products, (0, 0)), (products, (kw, 0))]
    starts = [
        (source, (left, top + down)),
        (source, (left + across, top + down)),
        (target, (j, i + 1)),
        (target, (j + 1, i + 1)),
    ]
    to_figure = source.figure.transFigure.inverted()
    for line, (axes, start), (grid, corner) in zip(artists.lines, starts, ends, strict=True):
        points = to_figure.transform([axes.transData.transform(start), grid.transData.transform(corner)])
        line.set_data(points[:, 0], points[:, 1])


def _sums(state: ConvolutionState, artists: Artists, result: ConvolutionResult) -> str:
    """From the products to the number in the map, and how many weights there are."""
    weights = result.kernel.size
    value = signed(float(result.y[result.place]))
    lines = [f"{counted(weights, 'product')}, added up:", f"sum = {signed(result.total)}"]
    if state.pool > 1:
        lines += [f"largest of {state.pool} × {state.pool} sums"]
    if state.relu:
        lines += [f"ReLU: {value}"]
    lines += [f"map[{result.place[0]}, {result.place[1]}] = {value}"]
    dense = grouped(result.x.size * result.summed.size)
    if artists.words.left < 100:  # below the squares, where there is room for long lines and none for many
        return "\n".join([*lines, f"weights: {weights}, a dense layer would have {dense}"])
    return "\n".join([*lines, "", f"weights: {weights}", "a dense layer:", dense])
