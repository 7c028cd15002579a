"""The picture of `FeatureMaps`: picture, filter and map shown large, and below them all maps in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Rectangle

from dlcourse.arrays import Array
from dlcourse.layers.convolution import Conv2D
from dlcourse.live import style
from dlcourse.live.layout import axes_at
from dlcourse.live.pixels import Tiles, Words
from dlcourse.widgets.filters_that_nobody_wrote.layout import Layout, Place, arrange, label
from dlcourse.widgets.filters_that_nobody_wrote.numbers import MapsResult
from dlcourse.widgets.filters_that_nobody_wrote.state import MOST, MapsState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

COLOURS = 49
"""Few, so that frames are small."""
LEAST_PITCH = 9.0
"""Hundredths of an inch from the name of one class to the next."""


class PlacedTiles(Tiles):
    """Tiles whose places stay."""

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self.places = places

    def put(self, pictures: Sequence[Array]) -> None:
        """One picture in each place."""
        self.set_pictures(pictures, self.places)


@dataclass(frozen=True)
class Artists:
    """What moves; `rows` has the small pictures row by row, `frames` what surrounds the chosen ones."""

    rows: list[PlacedTiles]
    frames: list[Rectangle]
    large: PlacedTiles
    slices: PlacedTiles
    bars: list[Rectangle]
    says: Text
    words: Words


def panels(state: MapsState, figure: Figure) -> tuple[Axes, Axes, Layout]:
    """The canvas of all small and large pictures, the bars of the classes, and where everything is."""
    width, height = (100 * float(side) for side in figure.get_size_inches())
    at = arrange(state.rows, width, height)
    canvas = figure.add_axes((0, 0, 1, 1), label=label(width, height))
    canvas.set(xlim=(0, width), ylim=(0, height))
    canvas.axis("off")
    left, bottom, wide, high = (side / 100 for side in at.bars)
    return canvas, axes_at(figure, left, bottom, wide, high, "says"), at


def draw(state: MapsState, figure: Figure) -> Artists:
    """Draw names and frames, and return what moves."""
    canvas, bars, at = panels(state, figure)
    rectangles, says = draw_bars(bars, state.reader.names, at.bars[3])
    artists = Artists(
        rows=[PlacedTiles(places) for places in at.rows],
        frames=[_frame() for _ in range(2)],
        large=PlacedTiles([at.large[0], at.large[2]]),
        slices=PlacedTiles(_squares(at.large[1], state.slices)),
        bars=rectangles,
        says=says,
        words=Words(*at.words, size=8.5, color=style.ink()),
    )
    draw_names(state, canvas, at)
    for tiles in (*artists.rows, artists.large, artists.slices, artists.words):
        canvas.add_artist(tiles)
    for frame in artists.frames:
        canvas.add_patch(frame)
    return artists


def _frame() -> Rectangle:
    return Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.VERMILLION, linewidth=1.8, zorder=5)


def _squares(place: Place, count: int) -> list[Place]:
    """A large square divided into this many small ones."""
    left, bottom, side = place
    per_line = int(np.ceil(np.sqrt(max(count, 1))))
    cell = (side - 2 * (per_line - 1)) / per_line
    top = bottom + side - cell
    return [(left + (i % per_line) * (cell + 2), top - (i // per_line) * (cell + 2), cell) for i in range(count)]


def draw_names(state: MapsState, canvas: Axes, at: Layout) -> None:
    """The name of each row and of each large picture."""
    for name, (x, y) in zip(row_names(state), at.names, strict=True):
        canvas.text(x, y, name, ha="right", va="center", fontsize=8.5)
    number = state.chosen[0] + 1
    names = (
        "picture",
        "filter" if state.slices else _pools(state.layer) or "no weights",
        f"map, layer {number}" if at.narrow else f"map of layer {number}",
    )
    for name, (left, bottom, side) in zip(names, at.large, strict=True):
        canvas.text(left, bottom + side + 6, name, fontsize=8.5)
    if not state.slices:
        size = getattr(state.layer, "size", None)
        text = f"of each\n{size[0]}×{size[1]}" if size else type(state.layer).__name__
        left, bottom, side = at.large[1]
        canvas.text(left + side / 2, bottom + side / 2, text, ha="center", va="center", fontsize=10)


def row_names(state: MapsState) -> list[str]:
    """The name of each row of small pictures: filters first, then the maps of each layer."""
    names = []
    if state.first is not None:
        kh, kw = state.first.weight.shape[:2]
        names.append(f"filters\n{kh}×{kw}")
    for number, ((_, layer), count) in enumerate(zip(state.reader.layers, state.reader.counts, strict=True), 1):
        kind = f"maps {number}" if isinstance(layer, Conv2D) else "pooled" if _pools(layer) else "next"
        names.append(kind + (f"\n{MOST} of {count}" if count > MOST else ""))
    return names


def draw_bars(axes: Axes, names: list[str], height: float) -> tuple[list[Rectangle], Text]:
    """A bar for each class, and what the network says."""
    count = len(names)
    style.quiet(axes, left=False, bottom=False)
    axes.set(xlim=(0, 1), ylim=(count - 0.4, -0.6))
    every = int(
        np.ceil(LEAST_PITCH / (height / (count + 0.2)))
    )  # where names have no room for their letters, some have none
    for i, name in list(enumerate(names))[::every]:
        axes.text(-0.03, i, name, ha="right", va="center", fontsize=8)
    bars = axes.barh(np.arange(count), np.zeros(count), height=0.72, color=style.colour("BLUE"))
    return list(bars), axes.text(0, -1.15, "", fontsize=8.5)


def paint(state: MapsState, artists: Artists, result: MapsResult) -> None:
    """Bring everything that moves to a result."""
    paint_rows(state, artists, result)
    paint_large(state, artists, result)
    paint_frames(state, artists)
    best = int(result.probabilities.argmax())
    for i, (bar, p) in enumerate(zip(artists.bars, result.probabilities, strict=True)):
        bar.set_width(float(p))
        bar.set_color(style.colour("ORANGE" if i == best else "BLUE"))
    artists.says.set_text(f"says {state.reader.names[best]}, is {state.truth}")
    things = "digits" if state.data is None else "pictures"
    artists.words.set_text(
        f"All {len(state.reader.data)} {things} shifted like this one: {result.right:.1%} are read right."
    )


def paint_rows(state: MapsState, artists: Artists, result: MapsResult) -> None:
    """The filters of the first layer, averaged over its channels, and all maps."""
    filters = [] if state.first is None else [state.first.weight.data.mean(axis=2)]
    for tiles, maps in zip(artists.rows, (*filters, *result.maps), strict=True):
        tiles.put(_tiles(maps, len(tiles.places)))


def paint_large(state: MapsState, artists: Artists, result: MapsResult) -> None:
    """The picture, the chosen filter channel by channel, and the chosen map."""
    stage, index = state.chosen
    picture, maps = result.x.mean(axis=2, keepdims=True), result.maps[stage]
    shade = 0.9 * max(float(picture.max()), 1e-6)
    grey = _greys(picture[..., 0] / shade * 0.9)
    artists.large.put([grey, _colours(maps[..., index], float(np.abs(maps).max()))])
    artists.slices.put([] if state.kernel is None else _tiles(state.kernel, state.slices))


def paint_frames(state: MapsState, artists: Artists) -> None:
    """A frame around the chosen map, and around its filter where that is in the picture."""
    stage, index = state.chosen
    row = stage + state.offset
    places = [artists.rows[row].places[index]]
    if state.offset and row == 1:
        places.append(artists.rows[0].places[index])
    for number, frame in enumerate(artists.frames):
        frame.set_visible(number < len(places))
        if number < len(places):
            left, bottom, side = places[number]
            frame.set_bounds(left - 1.5, bottom - 1.5, side + 3, side + 3)


def _tiles(maps: Array, count: int) -> list[Array]:
    """Maps (H, W, F) as coloured tiles, all in one scale."""
    largest = float(np.abs(maps).max())
    return [_colours(maps[..., i], largest) for i in range(count)]


def _colours(values: Array, largest: float) -> Array:
    """A square of colours, four bytes each, lowest row first."""
    level = np.clip(np.round((0.5 + 0.5 * values / max(largest, 1e-9)) * (COLOURS - 1)), 0, COLOURS - 1).astype(int)
    return _square(_palette(style.is_dark())[level])


def _greys(values: Array) -> Array:
    """A square of greys, ink on paper."""
    level = np.round(np.clip(values, 0, 1) * 32) * (255 / 32)
    return _square(np.stack([255 - level] * 3 + [np.full(values.shape, 255.0)], axis=-1).astype(np.uint8))


def _square(colours: Array) -> Array:
    """Filled up with air to a square, upside down as `Tiles` takes it."""
    h, w = colours.shape[:2]
    side = max(h, w)
    square = np.zeros((side, side, 4), np.uint8)
    square[(side - h) // 2 : (side - h) // 2 + h, (side - w) // 2 : (side - w) // 2 + w] = colours
    return np.ascontiguousarray(square[::-1])


@lru_cache(maxsize=2)
def _palette(dark: bool) -> Array:
    return np.round(255 * style.diverging()(np.linspace(0.04, 0.96, COLOURS))).astype(np.uint8)


def _pools(layer: Any) -> str:
    """What a pooling layer takes from each window, "" for any other layer."""
    return {"MaxPool2D": "largest", "AvgPool2D": "average"}.get(type(layer).__name__, "")
