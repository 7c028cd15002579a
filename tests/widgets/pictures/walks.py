"""Walks over any figure: its images, its texts, and what moves in it. Each returns complaints, none if all is well."""

import itertools
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection, LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from dlcourse.live import picture, pixels, style
from dlcourse.live.pixels import Block, Labels, Tiles, Words
from pictures.shown import leaves

LEAST_PRINT = 8.0
"""Points, at ratio 1."""


# Images ---------------------------------------------------------------------------------------------------------


def images(shown):
    """All images that Matplotlib draws in axes, and all blocks and tiles."""
    return [one for one in shown.figure.findobj(lambda one: isinstance(one, (AxesImage, Block, Tiles))) if drawn(one)]


def drawn(artist):
    """Whether it is visible, and its axes are."""
    return artist.get_visible() and (artist.axes is None or artist.axes.get_visible())


def extents(shown, exceptions=()):
    """An image ends where its axes end."""
    for image in images(shown):
        if not isinstance(image, AxesImage) or image.axes.get_label() in exceptions:
            continue
        left, right, bottom, top = image.get_extent()
        wanted = sorted([*image.axes.get_xlim()]), sorted([*image.axes.get_ylim()])
        across, up = sorted((left, right)), sorted((bottom, top))
        for name, got, want in (("across", across, wanted[0]), ("up", up, wanted[1])):
            if not np.allclose(got, want, atol=1e-6 * (want[1] - want[0])):
                yield f"image in {image.axes.get_label()!r} reaches {name} from {got}, its axes from {want}"


def colours(shown):
    """What is drawn at the middle of an image's cells has the colour of the number in the cell; most of it can be seen."""
    for image in images(shown):
        for points, expected in cells(shown, image):
            alone = shown.colours_at_pixels(image, points).astype(int)
            solid = expected[:, 3] > 250
            if not solid.any():
                continue
            off = np.abs(alone - expected)[solid, :3].max(axis=1) > 3
            if off.mean() > 0.02:
                yield f"{off.sum()} of {len(off)} cells of {image} have not the colour of their number"
            x, y = np.floor(points[solid]).astype(int).T
            whole = shown.pixels[len(shown.pixels) - 1 - y, x].astype(int)
            same = np.abs(whole - expected[solid])[:, :3].max(axis=1) < 25
            if len(same) > 3 and same.mean() < 0.25:
                yield f"only {same.mean():.0%} of {image} can be seen"


def cells(shown, image):
    """Middles of cells as pixels (N, 2), and the colours (N, 4) that belong there."""
    if isinstance(image, AxesImage):
        if image.get_interpolation() in ("nearest", "antialiased"):
            yield cells_of_axes_image(image)
    elif isinstance(image, Tiles):
        scale = shown.figure.dpi / 100
        for (left, bottom, side), tile in zip(image.places, image.pictures, strict=True):
            yield grid_of(np.asarray(tile), left * scale, bottom * scale, side * scale, side * scale, image.frame != "")
    else:
        left, bottom, width, height = (side * shown.figure.dpi / 100 for side in image.place)
        yield grid_of(image.pixels[::-1], left, bottom, width, height, False)


def corner(size):
    """Where to look in a cell of so many pixels: beside what may be written in its middle, or in the middle."""
    return 0.2 if size > 15 else 0.5


def grid_of(colours, left, bottom, width, height, framed):
    """Middles and colours of an array whose lowest row comes first; every cell of 3 pixels and more, inside a frame."""
    h, w = colours.shape[:2]
    rows, columns = (np.unique(np.linspace(framed, n - 1 - framed, min(n, 12)).astype(int)) for n in (h, w))
    i, j = (one.ravel() for one in np.meshgrid(rows, columns, indexing="ij"))
    if min(width / w, height / h) < 2:  # no pixel is sure to lie in this cell
        return np.zeros((0, 2)), np.zeros((0, 4))
    middles = np.column_stack(
        [round(left) + (j + corner(width / w)) * width / w, round(bottom) + (i + corner(height / h)) * height / h]
    )
    return middles, colours[i, j].astype(int)


def cells_of_axes_image(image):
    """The same for an image in axes; thinned out ones have cells smaller than a pixel and are left out."""
    array = np.ma.getdata(image.get_array())
    colours = np.ma.filled(image.to_rgba(image.get_array(), bytes=True), 0)
    left, right, bottom, top = image.get_extent()
    h, w = array.shape[:2]
    rows, columns = (np.unique(np.linspace(0, n - 1, min(n, 12)).astype(int)) for n in (h, w))
    i, j = (one.ravel() for one in np.meshgrid(rows, columns, indexing="ij"))
    up = (i + 0.5) / h if image.origin == "lower" else 1 - (i + 0.5) / h
    places = np.column_stack([left + (j + 0.5) / w * (right - left), bottom + up * (top - bottom)])
    points = image.axes.transData.transform(places)
    size = np.abs(np.ptp(image.axes.transData.transform([(left, bottom), (right, top)]), axis=0)) / (w, h)
    keep = image.axes.bbox.padded(-1).get_points()
    inside = ((points > keep[0]) & (points < keep[1])).all(axis=1) & (size.min() > 1.5)
    return points[inside], colours[i, j].astype(int)[inside]


# Texts ----------------------------------------------------------------------------------------------------------


class Print(NamedTuple):
    """A piece of text: its words, its box in pixels (left, bottom, right, top), and its size in points."""

    words: str
    box: np.ndarray
    size: float
    backed: bool
    """Whether something lies behind it that no line shines through."""
    artist: Artist


def prints(shown):
    """All text that can be read in a picture; measured once."""
    if shown.prints is None:
        shown.prints = measured(shown)
    return shown.prints


def measured(shown):
    """The same, measured anew."""
    texts = [text for text in shown.figure.texts if drawn(text)]
    for axes in shown.figure.axes:
        if not axes.get_visible():
            continue
        texts += [*axes.texts, axes.title, axes._left_title, axes._right_title]
        if axes.axison:
            for axis in (axes.xaxis, axes.yaxis):
                texts += [axis.label, *(one for tick in axis._update_ticks() for one in (tick.label1, tick.label2))]
    under = cushions(shown)
    pieces = [
        printed(text, shown, under) for text in texts if drawn(text) and text.get_text().strip() and faint(text) > 0.05
    ]
    for artist in shown.figure.findobj(lambda one: isinstance(one, (Words, Labels))):
        if drawn(artist):
            pieces += words_of(artist, shown) if isinstance(artist, Words) else labels_of(artist, shown)
    return pieces


def faint(text):
    return 1.0 if text.get_alpha() is None else text.get_alpha()


def printed(text, shown, under):
    patch = text.get_bbox_patch()
    box = np.array(Text.get_window_extent(text, shown.renderer).extents)
    backed = patch is not None and to_rgba(patch.get_facecolor())[3] > 0.7
    middle = (box[:2] + box[2:]) / 2
    backed = backed or bool((np.hypot(*(under[:, :2] - middle).T) < under[:, 2]).any())
    return Print(text.get_text(), box, text.get_fontsize(), backed, text)


def cushions(shown):
    """Large filled marks, as middle and radius in pixels (N, 3): lines end under them, and words stand on them."""
    discs = [np.zeros((0, 3))]
    for line in shown.figure.findobj(Line2D):
        if drawn(line) and line.get_marker() in ("o", "s") and line.get_markersize() >= 10 and line.axes is not None:
            face = line.get_markerfacecolor()
            if face != "none" and to_rgba(face)[3] == 1:
                points = points_of(line)
                discs.append(
                    np.column_stack([points, np.full(len(points), line.get_markersize() / 2 * shown.figure.dpi / 72)])
                )
    return np.concatenate(discs)


def words_of(words, shown):
    dpi = shown.figure.dpi
    pieces = []
    for number, line in enumerate(words.text.split("\n")):
        if line.strip():
            left, top = words.left * dpi / 100, (words.top - words.pitch * number) * dpi / 100
            em = words.size * dpi / 72
            box = np.array(
                [left, top - 1.32 * em, left + pixels.width_of(line, words.size, dpi, words.family), top - 0.35 * em]
            )
            pieces.append(Print(line, box, words.size, False, words))
    return pieces


def labels_of(labels, shown):
    dpi, pieces = shown.figure.dpi, []
    em = labels.size * dpi / 72
    for x, y, text, _, align in labels.labels:
        width = pixels.width_of(text, labels.size, dpi, labels.family)
        left = x * dpi / 100 - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * width
        middle = y * dpi / 100
        pieces.append(
            Print(
                text, np.array([left, middle - 0.45 * em, left + width, middle + 0.45 * em]), labels.size, False, labels
            )
        )
    return pieces


def texts_inside(shown):
    """No text is cut off at the edge of the picture."""
    width, height = shown.figure.bbox.size
    for piece in prints(shown):
        left, bottom, right, top = piece.box
        over = max(-left, -bottom, right - width, top - height)
        if over > 1.0:
            yield f"{piece.words!r} leaves the picture by {over:.0f} pixels"


NARROWEST = 290
"""Pixels that a cell has in a window of 420."""


class NarrowestWindow:
    """A widget's pictures there, one for each layout: state after state is painted, and nothing becomes pixels."""

    def __init__(self):
        self.drawn = {}

    def cut_off(self, state, result):
        """No panel reaches over the edge, nor does a title, an axis with what stands at it, or another text."""
        figure = style.themed(False, lambda: self.painted(state, result))
        (width, height), renderer = figure.bbox.size, figure.canvas.get_renderer()
        panels = [axes for axes in figure.axes if axes.get_visible()]
        titles = [title for axes in panels for title in (axes.title, axes._left_title, axes._right_title)]
        texts = [*figure.texts, *titles, *(text for axes in panels for text in axes.texts)]
        boxes = [
            (repr(text.get_text()), Text.get_window_extent(text, renderer))
            for text in texts
            if text.get_visible() and text.get_text().strip() and faint(text) > 0.05
        ]
        for axes in figure.axes:
            name, (left, right) = repr(axes.get_label()), axes.get_position().intervalx
            if not -1e-3 < left < right < 1 + 1e-3:
                yield f"{name} reaches from {left:.2f} to {right:.2f}"
            for axis in (axes.xaxis, axes.yaxis) if axes in panels and axes.axison else ():
                boxes.append((f"an axis of {name} with its ticks and label", axis.get_tightbbox(renderer)))
        for name, box in boxes:
            if box and (box.x0 < -1 or box.x1 > width + 1 or box.y0 < -1 or box.y1 > height + 1):
                yield f"{name} reaches from {box.p0.round()} to {box.p1.round()} of {width:.0f} × {height:.0f} pixels"

    def painted(self, state, result):
        layout = state.background()
        if layout not in self.drawn:
            figure = picture.Picture(*picture.size_for(state, NARROWEST), dark=False).figure
            self.drawn[layout] = figure, state.draw(figure)
        figure, artists = self.drawn[layout]
        state.paint(artists, result)
        return figure


def texts_large_enough(shown):
    """No print under 8 points."""
    small = sorted({(round(piece.size, 2), piece.words) for piece in prints(shown) if piece.size < LEAST_PRINT - 0.01})
    for size, words in small:
        yield f"{words!r} is printed in {size:g} points"


def titles_alike(shown):
    """Titles of panels have one size."""
    for axes in shown.figure.axes:
        for title in (axes.title, axes._left_title, axes._right_title):
            if title.get_text() and title.get_fontsize() != style.TITLE:
                yield f"the title {title.get_text()!r} has {title.get_fontsize():g} points"


def shrunk(box):
    """A box without the room above and below its letters."""
    left, bottom, right, top = box
    trim = 0.16 * min(top - bottom, 14.0)
    return np.array([left + 0.5, bottom + trim, right - 0.5, top - trim])


def overlap(one, other):
    """How far two boxes lie on each other, in pixels across and up."""
    return np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])


def but(shown, marks):
    """All text, but that of artists whose name in the record, or whose class, is among these."""
    free = {id(artist) for name, artist in leaves(shown.artists) if name in marks}
    return [one for one in prints(shown) if id(one.artist) not in free and type(one.artist).__name__ not in marks]


def texts_apart(shown, marks=()):
    """No text lies on another, but those by name that stand for data and are where their data are."""
    pieces = [(piece, shrunk(piece.box)) for piece in but(shown, marks)]
    for (one, box), (other, others) in itertools.combinations(pieces, 2):
        if overlap(box, others).min() > 0.5:
            yield f"{one.words!r} and {other.words!r} lie on each other"


LEAST_ROOM = 3.0
"""Pixels between the letters of two labels, one above the other."""


def labels_with_room(shown, marks=()):
    """Labels of two marks, one above the other, do not touch: the eye must see which mark a label belongs to."""
    pieces = [one for one in but(shown, marks) if isinstance(one.artist, Text) and labels_a_mark(one.artist)]
    for one, other in itertools.combinations(pieces, 2):
        across, up = overlap(shrunk(one.box), shrunk(other.box))
        if across > 0.5 and -LEAST_ROOM < up <= 0.5:
            yield f"{one.words!r} and {other.words!r} touch: {-up:.1f} pixels between them"


def labels_a_mark(text):
    """Whether a text is centred above or below a place of its axes."""
    at_data = text.axes is not None and text.get_transform() == text.axes.transData
    return at_data and text.get_ha() == "center" and text.get_va() in ("top", "bottom")


def texts_off_lines(shown, marks=()):
    """No line runs through a text that has nothing behind it, but through those by name that stand where their data are."""
    moving = {id(artist) for _, artist in leaves(shown.artists)}  # and drawn above all that stands still
    pieces = but(shown, marks)
    for name, line, segments, window in lines(shown):
        for piece in pieces:
            if piece.backed and not (id(line) in moving and id(piece.artist) not in moving):
                continue
            if line is not None and on_image(shown, piece, line.get_zorder()):
                continue
            box = shrunk(piece.box)
            box = np.concatenate([np.maximum(box[:2], window[:2]), np.minimum(box[2:], window[2:])])
            if (box[:2] < box[2:]).all() and crosses(segments, box).any():
                yield f"{piece.words!r} lies on a line ({name})"


def on_image(shown, piece, zorder):
    """Whether a text stands on squares that cover what is drawn below them."""
    middle = (piece.box[:2] + piece.box[2:]) / 2 * 100 / shown.figure.dpi
    for block in shown.blocks:
        left, bottom, width, height = block.place
        if block.get_zorder() > zorder and left < middle[0] < left + width and bottom < middle[1] < bottom + height:
            return True
    return False


def lines(shown):
    """All lines of a picture: a name, the artist, segments (N, 2, 2) in pixels, and the box outside of which none of them shows."""
    everywhere = np.array([-1e9, -1e9, 1e9, 1e9])
    for axes in [None, *shown.figure.axes]:
        for artist in shown.figure.lines if axes is None else [*axes.lines, *axes.collections]:
            if not drawn(artist) or (1.0 if artist.get_alpha() is None else artist.get_alpha()) < 0.3:
                continue
            window = np.array(axes.bbox.extents) if axes is not None and artist.get_clip_on() else everywhere
            if isinstance(artist, Line2D) and artist.get_linestyle() not in ("None", "", " "):
                yield f"{artist.get_color()} in {axes and axes.get_label()}", artist, segments_of(artist), window
            elif isinstance(artist, LineCollection):
                path = [artist.get_transform().transform(s) for s in artist.get_segments() if len(s) > 1]
                pairs = [p[i : i + 2] for p in path for i in range(len(p) - 1)]
                yield f"links in {axes.get_label()}", artist, np.array(pairs).reshape(-1, 2, 2), window
        if axes is not None and axes.axison and axes.get_visible():
            x0, y0, x1, y1 = axes.bbox.extents
            sides = {
                "left": ((x0, y0), (x0, y1)),
                "right": ((x1, y0), (x1, y1)),
                "bottom": ((x0, y0), (x1, y0)),
                "top": ((x0, y1), (x1, y1)),
            }
            for side, ends in sides.items():
                if axes.spines[side].get_visible():
                    yield f"{side} axis of {axes.get_label()}", None, np.array([ends]), everywhere


def segments_of(line):
    points = (
        line.get_transform().transform(line.get_path().vertices) if len(line.get_path().vertices) else np.zeros((0, 2))
    )
    pairs = np.stack([points[:-1], points[1:]], axis=1) if len(points) > 1 else np.zeros((0, 2, 2))
    return pairs[np.isfinite(pairs).all(axis=(1, 2))]


def crosses(segments, box):
    """Which segments (N, 2, 2) meet a box (Liang and Barsky, 1984)."""
    if not len(segments):
        return np.zeros(0, bool)
    start, way = segments[:, 0], segments[:, 1] - segments[:, 0]
    enter, leave = np.zeros(len(segments)), np.ones(len(segments))
    outside = np.zeros(len(segments), bool)
    for axis in range(2):
        low, high = box[axis] - start[:, axis], box[axis + 2] - start[:, axis]
        still = np.abs(way[:, axis]) < 1e-9
        outside |= still & ((low > 0) | (high < 0))
        safe = np.where(still, 1.0, way[:, axis])
        first, last = np.minimum(low / safe, high / safe), np.maximum(low / safe, high / safe)
        enter = np.where(still, enter, np.maximum(enter, first))
        leave = np.where(still, leave, np.minimum(leave, last))
    return ~outside & (enter <= leave)


# What moves -----------------------------------------------------------------------------------------------------


def inside_axes(shown, may_leave=()):
    """What moves lies within its axes; curves that may run out of them are named."""
    for name, artist in leaves(shown.artists):
        if (
            name in may_leave
            or not isinstance(artist, Artist)
            or artist.axes is None
            or not drawn(artist)
            or faint(artist) == 0
        ):
            continue
        points = points_of(artist)
        points = points[np.isfinite(points).all(axis=1)]
        if not len(points):
            continue
        box = artist.axes.bbox.padded(1.5).get_points()
        out = ((points < box[0]) | (points > box[1])).any(axis=1)
        if out.any():
            yield f"{name}: {out.sum()} of {len(out)} points lie outside of {artist.axes.get_label()!r}"


def points_of(artist):
    """Places of an artist in pixels, shape (N, 2); none for texts and images."""
    if isinstance(artist, Line2D):
        x, y = artist.get_data(orig=False)
        return (
            np.asarray(artist.get_transform().transform(np.column_stack([x, y]))).reshape(-1, 2)
            if len(x)
            else np.zeros((0, 2))
        )
    if isinstance(artist, LineCollection):
        segments = [np.asarray(s) for s in artist.get_segments() if len(s)]
        return artist.get_transform().transform(np.concatenate(segments)) if segments else np.zeros((0, 2))
    if isinstance(artist, PathCollection):
        return artist.get_offset_transform().transform(np.ma.getdata(artist.get_offsets()).reshape(-1, 2))
    if isinstance(artist, Collection):
        paths = [path.vertices for path in artist.get_paths()]
        return artist.get_transform().transform(np.concatenate(paths)) if paths else np.zeros((0, 2))
    if isinstance(artist, Rectangle):
        return np.asarray(artist.get_window_extent().get_points())
    return np.zeros((0, 2))
