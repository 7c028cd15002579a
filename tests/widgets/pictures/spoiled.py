"""Planted errors: an artist that is moved, hidden or scaled, or says another number. Each kind as it could come from a slip."""

import copy
import re

import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle, StepPatch
from matplotlib.text import Text

from dlcourse.live.pixels import Block, Labels, Tiles, Words


def spoiled(artist):
    """(what, function) for each error that can be planted in an artist; the function plants it and returns what takes it back."""
    if not artist.get_visible():
        return
    for kind, errors in ERRORS.items():
        if isinstance(artist, kind):
            yield from ((what, plant) for what, plant in errors if plant_fits(artist, what))
            break
    if says_something(artist):
        yield "hidden", hide


def says_something(artist):
    if isinstance(artist, Text):
        return bool(artist.get_text().strip())
    if isinstance(artist, Line2D):
        return np.isfinite(np.asarray(artist.get_xydata(), float)).any()
    return isinstance(artist, (Rectangle, AxesImage, Block, StepPatch))


def plant_fits(artist, what):
    if isinstance(artist, (Text, Words)):
        return bool((artist.get_text() if isinstance(artist, Text) else artist.text).strip())
    if isinstance(artist, Line2D):
        return np.isfinite(np.asarray(artist.get_xydata(), float)).any()
    if isinstance(artist, LineCollection):
        return len(artist.get_segments()) > 0
    if isinstance(artist, Labels):
        return len(artist.labels) > 0
    if isinstance(artist, Tiles):
        return len(artist.pictures) > 0 and max(np.ptp(np.asarray(p), axis=(0, 1)).max() for p in artist.pictures) > 0
    if isinstance(artist, (AxesImage, Block)):
        pixels = np.asarray(artist.get_array() if isinstance(artist, AxesImage) else artist.pixels, float)
        return np.ptp(pixels[..., :3] if pixels.ndim == 3 else pixels) > 0
    if isinstance(artist, PathCollection):
        return len(artist.get_offsets()) > 0
    return True


def hide(artist):
    artist.set_visible(False)
    return lambda: artist.set_visible(True)


def step_of(artist):
    """A twentieth of the axes, across."""
    left, right = artist.axes.get_xlim()
    bottom, top = artist.axes.get_ylim()
    return 0.05 * (right - left), 0.05 * (top - bottom)


def move_right(line):
    x, y = line.get_data()
    line.set_data(np.asarray(x, float) + (step_of(line)[0] if line.axes is not None else 0.05), y)
    return lambda: line.set_data(x, y)


def move_up(line):
    x, y = line.get_data()
    line.set_data(x, np.asarray(y, float) + (step_of(line)[1] if line.axes is not None else 0.05))
    return lambda: line.set_data(x, y)


def misprint(text):
    """Another digit in the last number, or a word more."""
    before = text.get_text() if isinstance(text, Text) else text.text
    digits = list(re.finditer("[0-9]", before))
    if digits:
        at = digits[-1].start()
        after = before[:at] + str((int(before[at]) + 5) % 10) + before[at + 1 :]
    else:
        after = "7" + before
    text.set_text(after)
    return lambda: text.set_text(before)


def widen(box):
    before = box.get_width()
    box.set_width(before * 1.3 + 0.02)
    return lambda: box.set_width(before)


def move_segments(lines):
    before = [np.array(one) for one in lines.get_segments()]
    size = max(np.ptp(np.concatenate(before), axis=0).max(), 1e-3)
    lines.set_segments([one + 0.1 * size for one in before])
    return lambda: lines.set_segments(before)


def move_offsets(marks):
    before = np.array(marks.get_offsets())
    marks.set_offsets(before + step_of(marks))
    return lambda: marks.set_offsets(before)


def move_band(band):
    before = [path.vertices.copy() for path in band.get_paths()]
    band.set_verts([one + [0, step_of(band)[1]] for one in before])
    return lambda: band.set_verts(before)


def move_polygon(shape):
    before = np.array(shape.get_xy())
    shape.set_xy(before + step_of(shape))
    return lambda: shape.set_xy(before)


def other_bars(bars):
    values, edges, _ = bars.get_data()
    changed = values.copy()
    changed[np.argmax(values)] *= 0.5
    changed[0] += 0.2
    bars.set_data(changed, edges)
    return lambda: bars.set_data(values, edges)


def roll(image):
    before = np.array(image.get_array())
    image.set_data(np.roll(before, len(before) // 3 or 1, axis=0)[:, ::-1])
    return lambda: image.set_data(before)


def other_extent(image):
    before = image.get_extent()
    left, right, bottom, top = before
    image.set_extent((left + 0.2 * (right - left), right, bottom, top - 0.2 * (top - bottom)))
    return lambda: image.set_extent(before)


def roll_block(block):
    before = block.pixels
    block.set_pixels(np.roll(before, len(before) // 3 or 1, axis=0)[:, ::-1])
    return lambda: block.set_pixels(before)


def turn_tiles(tiles):
    before = tiles.pictures
    tiles.set_pictures([np.asarray(one)[::-1, ::-1] for one in before], tiles.places)
    return lambda: tiles.set_pictures(before, tiles.places)


def move_labels(labels):
    before = copy.copy(labels.labels)
    labels.set_labels([(x + 9, y + 9, *rest) for x, y, *rest in before], labels.size)
    return lambda: labels.set_labels(before, labels.size)


ERRORS = {
    Line2D: [("moved to the right", move_right), ("moved up", move_up)],
    Text: [("misprinted", misprint)],
    Words: [("misprinted", misprint)],
    LineCollection: [("moved", move_segments)],
    PathCollection: [("moved", move_offsets)],
    PolyCollection: [("moved", move_band)],
    StepPatch: [("other heights", other_bars)],
    Rectangle: [("wider", widen)],
    Polygon: [("moved", move_polygon)],
    AxesImage: [("rolled", roll), ("other extent", other_extent)],
    Block: [("rolled", roll_block)],
    Tiles: [("turned", turn_tiles)],
    Labels: [("moved", move_labels)],
}
