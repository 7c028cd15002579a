"""The picture of `Wiring`: the digit, times the weights of one unit, and a line from every linked pixel to that unit."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from dlcourse.arrays import Array
from dlcourse.errors import counted
from dlcourse.layers.convolution import Conv2D
from dlcourse.layers.dense import Dense
from dlcourse.live import style
from dlcourse.live.numbers import grouped, signed
from dlcourse.live.pixels import Block, Labels, Words
from dlcourse.widgets.fully_connected.networks import SIDE, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from dlcourse.widgets.fully_connected.widget import Wiring, WiringResult

__all__ = ["draw", "paint"]

COLOURS = 41


class Box(NamedTuple):
    """A rectangle in hundredths of an inch from the lower left."""

    left: float
    bottom: float
    width: float
    height: float

    def centre(self, row: float, column: float, rows: int, columns: int) -> tuple[float, float]:
        """The middle of one of its squares."""
        x = self.left + (column + 0.5) * self.width / columns
        return x, self.bottom + self.height - (row + 0.5) * self.height / rows


class Layout(NamedTuple):
    """Where things are."""

    seen: Box
    weights: Box
    units: Box
    digit: Box
    words: tuple[float, float]
    size: float


def layout(width: float, height: float) -> Layout:
    """Side by side in a wide picture; on a phone the units below."""
    if width >= 550:
        side, top = 176.0, height - 26
        low = top - side
        seen, weights = Box(14, low, side, side), Box(14 + side + 26, low, side, side)
        units = Box(width - 14 - 208, low, 208, side)
        return Layout(seen, weights, units, Box(14, 12, 132, 132), (216, low - 38), 8.5)
    side = (width - 14 - 14 - 24) / 2
    low = height - 26 - side
    seen, weights = Box(14, low, side, side), Box(width - 14 - side, low, side, side)
    units = Box(width - 14 - side - 24, low - 60 - 176, side + 24, 176)
    return Layout(seen, weights, units, Box(14, low - 60 - 132, 132, 132), (14, low - 60 - 176 - 14), 8)


def draw(widget: Wiring, figure: Figure, layer: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    """What stands still: frames and titles; and the artists that move."""
    width, height = (100 * side for side in figure.get_size_inches())
    at = layout(width, height)
    page = figure.add_axes((0, 0, 1, 1), label="page")
    page.set(xlim=(0, width), ylim=(0, height))
    page.axis("off")
    units = figure.add_axes(
        (at.units.left / width, at.units.bottom / height, at.units.width / width, at.units.height / height),
        label="units",
    )
    units.set(xlim=(0, 1), ylim=(1, 0))
    units.axis("off")
    own = widget.image is not None and widget.example == 0
    for box, name in (
        (at.seen, "what the network gets"),
        (at.weights, "× weights of this neuron"),
        (at.digit, "your digit" if own else "the digit as it was written" if width >= 550 else "as it was written"),
    ):
        page.text(box.left, box.bottom + box.height + 6, name, fontsize=8.5)
    boxes = unit_boxes(at.units, shape)
    artists: dict[str, Any] = {
        "seen": Block(*at.seen),
        "weights": Block(*at.weights),
        "digit": Block(*at.digit),
        "units": [Block(*box) for box in boxes],
        "frames": LineCollection(
            [_square(box) for box in (*boxes, at.seen, at.weights, at.digit)],
            linewidths=0.6,
            colors=style.faint(),
            zorder=2.5,
        ),
        "origins": LineCollection([], linewidths=1.0, colors=style.VERMILLION, zorder=4),
        "links": LineCollection([], linewidths=1.0, zorder=1.5),
        "before": LineCollection([], linewidths=1.3, zorder=4),
        "letters": [Labels(), Labels()],
        "sharing": page.add_patch(_frame(style.ink(), 1.2)),
        "patch": page.add_patch(_frame(style.VERMILLION, 1.8)),
        "unit": page.add_patch(_frame(style.VERMILLION, 2.0)),
        # On a phone the links come from above, so the title lies on them.
        "title": page.text(
            at.units.left,
            at.units.bottom + at.units.height + 6,
            _title(layer, shape),
            fontsize=8.5,
            zorder=7,
            bbox={"facecolor": style.paper(), "edgecolor": "none", "boxstyle": "square,pad=0.1"},
        ),
        "words": Words(*at.words, size=at.size, color=style.ink()),
    }
    for one in ("seen", "weights", "digit", "units", "letters", "words"):
        for artist in artists[one] if isinstance(artists[one], list) else [artists[one]]:
            page.add_artist(artist)
    for block in artists["units"]:
        block.set_zorder(1)
    for one in ("frames", "links", "before", "origins"):
        page.add_collection(artists[one], autolim=False)
    return artists


def _frame(colour: str, width: float) -> Rectangle:
    return Rectangle((0, 0), 1, 1, fill=False, edgecolor=colour, linewidth=width, zorder=5)


def _square(box: Box) -> list[tuple[float, float]]:
    """Its outline."""
    left, bottom, right, top = box.left, box.bottom, box.left + box.width, box.bottom + box.height
    return [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]


def _title(layer: Any, shape: tuple[int, ...]) -> str:
    shown = sheets(shape)[0]
    of = f"{shown} of {shape[0]}" if shown < shape[0] else f"{shape[0]}"
    if isinstance(layer, Dense):
        return f"{of} neurons"
    if isinstance(layer, Conv2D):
        return f"{of} maps of {shape[1]} × {shape[2]} neurons"
    return f"{shape[2]} neurons, {shape[1]} steps ↓"


def unit_boxes(box: Box, shape: tuple[int, ...]) -> list[Box]:
    """Where each sheet of units is drawn."""
    from dlcourse.widgets.fully_connected.widget import places

    return [
        Box(box.left + x * box.width, box.bottom + (1 - y - h) * box.height, w * box.width, h * box.height)
        for x, y, w, h in places(shape)
    ]


def paint(widget: Wiring, artists: dict[str, Any], result: WiringResult) -> None:
    """Bring the moving artists to a result."""
    width, height = (100 * side for side in artists["patch"].figure.get_size_inches())
    at = layout(width, height)
    artists["seen"].set_pixels(_greys(result.seen))
    artists["digit"].set_pixels(_greys(result.digit))
    # Paler where links are drawn upon it.
    largest = float(np.abs(result.says).max()) * (1.8 if len(result.links.before) else 1.0)
    for block, values in zip(artists["units"], result.says, strict=False):
        block.set_pixels(_colours(values, largest))
    strongest = max(float(np.abs(result.links.weights).max(initial=0)), 1e-9)
    laid = np.full(SIDE * SIDE, np.nan)
    laid[result.pixels] = result.links.weights
    artists["weights"].set_pixels(_colours(laid.reshape(SIDE, SIDE), strongest))
    _paint_links(artists, at, result, strongest)
    _paint_letters(widget, artists, at, result)
    artists["words"].set_text(_words(widget, result))


def _paint_links(artists: dict[str, Any], at: Layout, result: WiringResult, strongest: float) -> None:
    (sheet, row, column), shape = result.unit, result.says.shape
    box = unit_boxes(at.units, shape)[sheet]
    end = box.centre(row, column, *shape[1:])
    starts = [_start(at.weights, *divmod(int(pixel), SIDE)) for pixel in result.pixels]
    artists["links"].set_segments([(start, end) for start in starts])
    artists["links"].set_color(_lines(result.links.weights, strongest))
    before = result.links.before
    artists["before"].set_segments([(box.centre(row - 1, j, *shape[1:]), end) for j in range(len(before))])
    artists["before"].set_color(_lines(before, max(float(np.abs(before).max(initial=0)), 1e-9)))
    cell_w, cell_h = box.width / shape[2], box.height / shape[1]
    artists["unit"].set_bounds(end[0] - cell_w / 2 - 1, end[1] - cell_h / 2 - 1, cell_w + 2, cell_h + 2)
    sharing = artists["sharing"]
    sharing.set_visible(result.links.shared > 1)
    if shape[0] == 1:  # the same neuron at every step
        sharing.set_bounds(end[0] - cell_w / 2 - 1, box.bottom - 1, cell_w + 2, box.height + 2)
    else:
        sharing.set_bounds(box.left - 1.5, box.bottom - 1.5, box.width + 3, box.height + 3)
    places = np.array([divmod(int(pixel), SIDE) for pixel in result.pixels]).reshape(-1, 2)
    artists["patch"].set_visible(0 < len(places) < SIDE * SIDE)
    if len(places):
        (top, left), (low, right) = places.min(axis=0), places.max(axis=0) + 1
        side = at.seen.width / SIDE
        artists["patch"].set_bounds(
            at.seen.left + left * side, at.seen.bottom + at.seen.height - low * side, (right - left) * side, (low - top) * side
        )  # fmt: skip


def _start(box: Box, row: int, column: int) -> tuple[float, float]:
    """Where a link leaves its weight: off the middle, so that those of one row do not lie on each other."""
    middle = (SIDE - 1) / 2
    return box.centre(row - 0.1 * (middle - column), column - 0.1 * (middle - row), SIDE, SIDE)


def _paint_letters(widget: Wiring, artists: dict[str, Any], at: Layout, result: WiringResult) -> None:
    """The same letter is the same weight: on the weights, and on the digit where its pixel was."""
    from dlcourse.widgets.fully_connected.networks import order

    letters = widget.letters(result)
    laid, written, origins = [], [], []
    for pixel, letter in zip(result.pixels, letters, strict=True):
        if letter:
            laid.append((*at.weights.centre(*divmod(int(pixel), SIDE), SIDE, SIDE), letter, style.ink(), "center"))
            origin = int(order()[pixel]) if widget.shuffled else int(pixel)
            colour = "#FFFFFF" if result.digit.flat[origin] > 0.45 else "#000000"
            x, y = at.digit.centre(*divmod(origin, SIDE), SIDE, SIDE)
            written.append((x, y, letter, colour, "center"))
            side = at.digit.width / SIDE
            origins.append(_square(Box(x - side / 2 + 1, y - side / 2 + 1, side - 2, side - 2)))
    artists["origins"].set_segments(origins)
    artists["letters"][0].set_labels(laid, 9.0)
    artists["letters"][1].set_labels(written, 8.0)


def _words(widget: Wiring, result: WiringResult) -> str:
    k, before, shared = len(result.pixels), len(result.links.before), result.links.shared
    name = widget.named(result).removeprefix("the ")
    links = counted(k, "pixel") + (f" and {counted(before, 'neuron')} of the step before" if before else "")
    lines = [name[0].upper() + name[1:] + ":", f"linked to {links}"]
    if widget.summed():
        lines.append(f"products + bias = {signed(result.total)}" + _after(widget, result))
    else:
        lines.append(f"says {signed(result.output)}")
    where = "steps" if result.says.shape[0] == 1 else "places of its map"
    same = f"the same weights at all {shared} {where}" if shared > 1 else "no other neuron uses these weights"
    lines += [same, "", f"Parameters of the layer, counted: {grouped(result.counted)}. By the formula:"]
    lines.append(f"{result.formula} = {grouped(result.computed)}")
    lines += ["", f"The network says {result.answer}. Of all unseen digits it reads {result.right:.1%}."]
    return "\n".join(lines)


def _after(widget: Wiring, result: WiringResult) -> str:
    return f", after {widget.after()} {signed(result.output)}" if widget.after() else ""


def _greys(values: Array) -> Array:
    """Ink on paper, four bytes a pixel."""
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


def _lines(weights: Array, strongest: float) -> Array:
    """Colours of the links: the sign by the colour, the size by how much of it there is."""
    from matplotlib.colors import to_rgb

    colours = np.empty((len(weights), 4))
    colours[:, :3] = np.where(
        np.asarray(weights)[:, None] < 0, to_rgb(style.colour("ORANGE")), to_rgb(style.colour("BLUE"))
    )
    colours[:, 3] = 0.15 + 0.75 * np.abs(weights) / strongest
    return colours
