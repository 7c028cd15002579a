"""The picture of `Wiring`: the digit, times the weights of one unit, and a line from every linked pixel to that unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from dlcourse.arrays import Array
from dlcourse.errors import counted
from dlcourse.layers.convolution import Conv2D
from dlcourse.layers.dense import Dense
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.live.numbers import grouped, signed
from dlcourse.live.pixels import Block, Labels, Words
from dlcourse.widgets.fully_connected.layout import Box, Layout, arrange, sheets, unit_boxes
from dlcourse.widgets.fully_connected.networks import order
from dlcourse.widgets.fully_connected.numbers import WiringResult
from dlcourse.widgets.fully_connected.state import WiringState
from dlcourse.widgets.fully_connected.units import SIDE, letters, named

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

COLOURS = 41


@dataclass(frozen=True)
class Artists:
    """What moves: squares of numbers, lines between them, and letters and frames on them."""

    image: Block
    weights: Block
    digit: Block
    units: list[Block]
    """One for each sheet."""
    frames: LineCollection
    origins: LineCollection
    links: LineCollection
    before: LineCollection
    laid: Labels
    """Letters on the weights."""
    written: Labels
    """Letters on the digit as it was written."""
    sharing: Rectangle
    patch: Rectangle
    unit: Rectangle
    title: Text
    words: Words


def panels(figure: Figure) -> tuple[Axes, Layout]:
    """The page that everything is on, where it is, and axes that say which unit is pointed at."""
    width, height = (100 * side for side in figure.get_size_inches())
    at = arrange(width, height)
    page = figure.add_axes((0, 0, 1, 1), label="page")
    page.set(xlim=(0, width), ylim=(0, height))
    page.axis("off")
    left, bottom, wide, high = (side / 100 for side in at.units)
    units = axes_at(figure, left, bottom, wide, high, "units")
    units.set(xlim=(0, 1), ylim=(1, 0))
    units.axis("off")
    return page, at


def draw(state: WiringState, figure: Figure) -> Artists:
    """What stands still, frames and titles; and the artists that move."""
    page, at = panels(figure)
    boxes = unit_boxes(at.units, state.network.shape)
    outlines = [box.outline for box in (*boxes, at.image, at.weights, at.digit)]
    artists = Artists(
        image=Block(*at.image),
        weights=Block(*at.weights),
        digit=Block(*at.digit),
        units=[Block(*box) for box in boxes],
        frames=LineCollection(outlines, linewidths=0.6, colors=style.faint(), zorder=2.5),
        origins=LineCollection([], linewidths=1.0, colors=style.VERMILLION, zorder=4),
        links=LineCollection([], linewidths=1.0, zorder=1.5),
        before=LineCollection([], linewidths=1.3, zorder=4),
        laid=Labels(),
        written=Labels(),
        sharing=_frame(style.ink(), 1.2),
        patch=_frame(style.VERMILLION, 1.8),
        unit=_frame(style.VERMILLION, 2.0),
        title=draw_titles(state, page, at),
        words=Words(*at.words, size=at.size, color=style.ink()),
    )
    put(artists, page)
    return artists


def put(artists: Artists, page: Axes) -> None:
    """Put everything that moves on the page."""
    for block in artists.units:
        block.set_zorder(1)
    squares = (artists.image, artists.weights, artists.digit, *artists.units)
    for artist in (*squares, artists.laid, artists.written, artists.words):
        page.add_artist(artist)
    for lines in (artists.frames, artists.links, artists.before, artists.origins):
        page.add_collection(lines, autolim=False)
    for frame in (artists.sharing, artists.patch, artists.unit):
        page.add_patch(frame)


def draw_titles(state: WiringState, page: Axes, at: Layout) -> Text:
    """What each square is; returns the title of the units."""
    narrow = page.get_xlim()[1] < 550
    digit = "your digit" if state.own_digit else "as it was written" if narrow else "the digit as it was written"
    names = ((at.image, "what the network gets"), (at.weights, "× weights of this neuron"), (at.digit, digit))
    for box, name in names:
        page.text(box.left, box.bottom + box.height + 6, name, fontsize=8.5)
    # On a phone the links come from above, so the title lies on them.
    paper: dict[str, Any] = {"facecolor": style.paper(), "edgecolor": "none", "boxstyle": "square,pad=0.1"}
    top = at.units.bottom + at.units.height + 6
    return page.text(at.units.left, top, _title(state), fontsize=8.5, zorder=7, bbox=paper)


def _frame(colour: str, width: float) -> Rectangle:
    return Rectangle((0, 0), 1, 1, fill=False, edgecolor=colour, linewidth=width, zorder=5)


def _title(state: WiringState) -> str:
    shape, layer = state.network.shape, state.layer
    shown = sheets(shape)[0]
    of = f"{shown} of {shape[0]}" if shown < shape[0] else f"{shape[0]}"
    if isinstance(layer, Dense):
        return f"{of} neurons"
    if isinstance(layer, Conv2D):
        return f"{of} maps of {shape[1]} × {shape[2]} neurons"
    return f"{shape[2]} neurons, {shape[1]} steps ↓"


def paint(state: WiringState, artists: Artists, result: WiringResult) -> None:
    """Bring everything that moves to a result."""
    artists.image.set_pixels(_greys(result.image))
    artists.digit.set_pixels(_greys(result.digit))
    # Paler where links are drawn upon it.
    largest = float(np.abs(result.says).max()) * (1.8 if len(result.links.before) else 1.0)
    for block, values in zip(artists.units, result.says, strict=False):
        block.set_pixels(_colours(values, largest))
    strongest = _largest(result.links.weights)
    laid = np.full(SIDE * SIDE, np.nan)
    laid[result.pixels] = result.links.weights
    artists.weights.set_pixels(_colours(laid.reshape(SIDE, SIDE), strongest))
    paint_links(artists, result, strongest)
    paint_unit(artists, result)
    paint_patch(artists, result)
    paint_letters(state, artists, result)
    narrow = is_narrow(cast("Figure", artists.words.figure))
    artists.words.set_text(_words(state, result, narrow))


def _largest(weights: Array) -> float:
    return max(float(np.abs(weights).max(initial=0)), 1e-9)


def paint_links(artists: Artists, result: WiringResult, strongest: float) -> None:
    """Lines to the unit from the weights, and from the units of the step before."""
    (sheet, row, column), shape = result.unit, result.says.shape
    box, weights = Box(*artists.units[sheet].place), Box(*artists.weights.place)
    end = box.centre(row, column, *shape[1:])
    artists.links.set_segments([(_start(weights, *divmod(int(pixel), SIDE)), end) for pixel in result.pixels])
    artists.links.set_color(_lines(result.links.weights, strongest))
    before = result.links.before
    artists.before.set_segments([(box.centre(row - 1, j, *shape[1:]), end) for j in range(len(before))])
    artists.before.set_color(_lines(before, _largest(before)))


def _start(box: Box, row: int, column: int) -> tuple[float, float]:
    """Where a link leaves its weight: off the middle, so that those of one row do not lie on each other."""
    middle = (SIDE - 1) / 2
    return box.centre(row - 0.1 * (middle - column), column - 0.1 * (middle - row), SIDE, SIDE)


def paint_unit(artists: Artists, result: WiringResult) -> None:
    """A frame around the unit, and one around those that use the same weights."""
    (sheet, row, column), shape = result.unit, result.says.shape
    box = Box(*artists.units[sheet].place)
    x, y = box.centre(row, column, *shape[1:])
    width, height = box.width / shape[2], box.height / shape[1]
    artists.unit.set_bounds(x - width / 2 - 1, y - height / 2 - 1, width + 2, height + 2)
    artists.sharing.set_visible(result.links.shared > 1)
    if shape[0] == 1:  # the same neuron at every step
        artists.sharing.set_bounds(x - width / 2 - 1, box.bottom - 1, width + 2, box.height + 2)
    else:
        artists.sharing.set_bounds(box.left - 1.5, box.bottom - 1.5, box.width + 3, box.height + 3)


def paint_patch(artists: Artists, result: WiringResult) -> None:
    """A frame around the linked pixels, where they are not all."""
    places = np.array([divmod(int(pixel), SIDE) for pixel in result.pixels]).reshape(-1, 2)
    artists.patch.set_visible(0 < len(places) < SIDE * SIDE)
    if not len(places):
        return
    (top, left), (low, right) = places.min(axis=0), places.max(axis=0) + 1
    box = Box(*artists.image.place)
    side = box.width / SIDE
    x, y = box.left + left * side, box.bottom + box.height - low * side
    artists.patch.set_bounds(x, y, (right - left) * side, (low - top) * side)


def paint_letters(state: WiringState, artists: Artists, result: WiringResult) -> None:
    """The same letter is the same weight: on the weights, and on the digit where its pixel was."""
    weights, digit = Box(*artists.weights.place), Box(*artists.digit.place)
    side = digit.width / SIDE
    laid, written, origins = [], [], []
    for pixel, letter in zip(result.pixels, letters(result.links), strict=True):
        if letter:
            laid.append((*weights.centre(*divmod(int(pixel), SIDE), SIDE, SIDE), letter, style.ink(), "center"))
            origin = int(order()[pixel]) if state.shuffled else int(pixel)
            colour = "#FFFFFF" if result.digit.flat[origin] > 0.45 else "#000000"
            x, y = digit.centre(*divmod(origin, SIDE), SIDE, SIDE)
            written.append((x, y, letter, colour, "center"))
            origins.append(Box(x - side / 2 + 1, y - side / 2 + 1, side - 2, side - 2).outline)
    artists.origins.set_segments(origins)
    artists.laid.set_labels(laid, 9.0)
    artists.written.set_labels(written, 8.0)


def _words(state: WiringState, result: WiringResult, narrow: bool) -> str:
    before, shared = len(result.links.before), result.links.shared
    name = named(state.layer, result.unit, result.says.shape).removeprefix("the ")
    links = counted(len(result.pixels), "pixel")
    links += f" and {counted(before, 'neuron')} of the step before" if before else ""
    lines = [name[0].upper() + name[1:] + ":", f"linked to {links}"]
    if state.summed:
        after = f", after {state.after} {signed(result.output)}" if state.after else ""
        lines.append(f"products + bias = {signed(result.total)}{after}")
    else:
        lines.append(f"says {signed(result.output)}")
    where = "steps" if result.says.shape[0] == 1 else "places of its map"
    same = f"the same weights at all {shared} {where}" if shared > 1 else "no other neuron uses these weights"
    lines += [same, "", f"Parameters of the layer, counted: {grouped(result.counted)}. By the formula:"]
    lines.append(f"{result.formula} = {grouped(result.computed)}")
    says, shares = f"The network says {result.answer}.", _shares(result)
    lines += [says, shares] if narrow else ["", f"{says} {shares}"]
    return "\n".join(lines)


def _shares(result: WiringResult) -> str:
    """How many digits it reads; both ways side by side while pixels are shuffled."""
    if result.right_as_written is None:
        return f"Of all unseen digits it reads {result.right:.1%}."
    return f"Unseen digits read: as written {result.right_as_written:.1%}, shuffled {result.right:.1%}."


def _greys(values: Array) -> Array:
    """Ink on paper, four bytes per pixel."""
    level = 255 - np.round(np.clip(values, 0, 1) * 16) * (255 / 16)
    colours = np.full((*values.shape, 4), 255, np.uint8)
    colours[..., :3] = level[..., None]
    return colours


def _colours(values: Array, largest: float) -> Array:
    """Orange below 0, blue above; nothing at all where there is no number."""
    scaled = np.nan_to_num(0.5 + 0.5 * values / max(largest, 1e-9))
    level = np.clip(np.round(scaled * (COLOURS - 1)), 0, COLOURS - 1).astype(int)
    colours = _palette(style.is_dark())[level].copy()
    colours[np.isnan(values), 3] = 0
    return colours


@lru_cache(maxsize=2)
def _palette(dark: bool) -> Array:
    return np.round(255 * style.diverging()(np.linspace(0.06, 0.94, COLOURS))).astype(np.uint8)


def _lines(weights: Array, strongest: float) -> Any:
    """Colours of the links, (K, 4): the sign by the colour, the size by how much of it there is.

    An array, though Matplotlib's own annotations of `set_color` know only sequences: hence `Any`.
    """
    colours = np.empty((len(weights), 4))
    colours[:, :3] = np.where(
        np.asarray(weights)[:, None] < 0, to_rgb(style.colour("ORANGE")), to_rgb(style.colour("BLUE"))
    )
    colours[:, 3] = 0.15 + 0.75 * np.abs(weights) / strongest
    return colours
