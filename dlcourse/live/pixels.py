"""Artists that are put on the canvas pixel by pixel, for pictures that change entirely at every frame.

Matplotlib draws a letter or resamples an image anew each time: 300 letters take 25 ms and 20 images 10 ms. Here letters
are drawn once and copied, and images are enlarged by repeating their pixels: less than 1 ms each.

Text is kept here letter by letter, and in text.py line by line. That is two caches for a reason: a line of 40 letters
that was never written before takes 0.23 ms from kept letters and 0.79 ms from Pillow, and the Playground writes seven
such lines in each frame: 4 of its 25 ms. Letters put side by side lack kerning, so that Matplotlib's own texts, which
text.py replaces while they move, would jump by a pixel when they come to rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties

from dlcourse.arrays import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["FIXED", "Block", "Labels", "Tiles", "Words", "width_of"]

FAMILY, FIXED = "DejaVu Sans", "DejaVu Sans Mono"
"""The face of words, and that of code, whose letters are equally wide."""


class Block(Artist):
    """Coloured squares in a rectangle, in hundredths of an inch, made larger by repeating pixels: quicker than imshow."""

    def __init__(self, left: float, bottom: float, width: float, height: float) -> None:
        super().__init__()
        self.place = (left, bottom, width, height)
        self.pixels = np.zeros((1, 1, 4), np.uint8)
        self.set_zorder(2)

    @classmethod
    def over(cls, axes: Axes) -> Self:
        """A block from corner to corner of axes, added to them."""
        left, bottom, width, height = axes.get_position().bounds
        across, up = 100 * cast("Figure", axes.figure).get_size_inches()
        block = cls(left * across, bottom * up, width * across, height * up)
        axes.add_artist(block)
        return block

    def set_pixels(self, pixels: Array) -> None:
        """Colours (H, W, 4) of bytes, the highest row first, over the whole rectangle."""
        self.pixels = pixels
        self.stale = True

    def draw(self, renderer: Any) -> None:
        """Look up each pixel of the screen."""
        if not self.get_visible():
            return
        left, bottom, width, height = (round(side * renderer.dpi / 100) for side in self.place)
        rows = np.arange(height)[::-1] * self.pixels.shape[0] // height
        columns = np.arange(width) * self.pixels.shape[1] // width
        context = renderer.new_gc()
        renderer.draw_image(context, left, bottom, _enlarged(self.pixels[None], rows, columns)[0])
        context.restore()


class Tiles(Artist):
    """Square pictures; places are in hundredths of an inch from the lower left of the figure.

    With `frame`, a colour, each has a thin line around it.
    """

    def __init__(self, *, frame: str = "", zorder: float = 2.0) -> None:
        super().__init__()
        self.frame = frame
        self.pictures: Sequence[Array] = ()
        self.places: Sequence[tuple[float, float, float]] = ()
        self.set_zorder(zorder)

    def set_pictures(self, pictures: Sequence[Array], places: Sequence[tuple[float, float, float]]) -> None:
        """Pictures, each (H, W, 4) of bytes with the lowest row first, and for each its left, bottom and side."""
        self.pictures, self.places = pictures, places
        self.stale = True

    def draw(self, renderer: Any) -> None:
        """Put each picture, enlarged, in its place."""
        if not self.get_visible():
            return
        scale = renderer.dpi / 100
        context = renderer.new_gc()
        for (left, bottom, _), large in zip(self.places, self._filling(scale), strict=True):
            renderer.draw_image(context, round(left * scale), round(bottom * scale), large)
        context.restore()

    def _filling(self, scale: float) -> list[Array]:
        """Each picture with its pixels repeated until it fills its place; those of the same sizes all at once."""
        alike: dict[tuple[int, int], list[int]] = {}
        for number, ((_, _, side), picture) in enumerate(zip(self.places, self.pictures, strict=True)):
            alike.setdefault((round(side * scale), len(picture)), []).append(number)
        frame = np.round(255 * np.array([*to_rgb(self.frame), 1.0])) if self.frame else None
        large: dict[int, Array] = {}
        for (pixels, height), numbers in alike.items():
            rows = np.arange(pixels) * height // pixels
            enlarged = _enlarged(np.stack([self.pictures[number] for number in numbers]), rows, rows)
            if frame is not None:
                enlarged[:, [0, -1]] = enlarged[:, :, [0, -1]] = frame
            large.update(zip(numbers, enlarged, strict=True))
        return [large[number] for number in range(len(self.pictures))]


def _enlarged(pictures: Array, rows: Array, columns: Array) -> Array:
    """The pixels of pictures (N, H, W, 4) at these rows and columns."""
    whole = np.ascontiguousarray(pictures).view(np.uint32)[..., 0]  # a pixel as one number: a quarter of the work
    chosen = whole.take(rows, axis=1).take(columns, axis=2)
    return chosen.view(np.uint8).reshape(len(pictures), len(rows), len(columns), 4)


class Words(Artist):
    """Lines of text whose upper left corner stays, in hundredths of an inch from the lower left of the figure.

    From one line to the next it goes down by `pitch`, in hundredths of an inch; by 1.42 times the size unless given.
    """

    def __init__(
        self,
        left: float,
        top: float,
        *,
        size: float,
        color: str,
        family: str = FAMILY,
        pitch: float = 0.0,
        zorder: float = 6.0,
    ) -> None:
        super().__init__()
        self.left, self.top, self.size, self.color, self.family = left, top, size, color, family
        self.pitch = pitch or 142 * size / 72
        self.text = ""
        self.set_zorder(zorder)

    def set_text(self, text: str) -> None:
        """Show this; lines are separated by a line break."""
        self.text = text
        self.stale = True

    def draw(self, renderer: Any) -> None:
        """Copy letter after letter, and put all lines on the canvas at once."""
        dpi = float(renderer.dpi)
        lines = [(n, _line(line, self.size, dpi, self.family)) for n, line in enumerate(self.text.split("\n")) if line]
        if not lines or not self.get_visible():
            return
        top = self.top * dpi / 100
        bottoms = [round(top - self.pitch * dpi / 100 * number - ink.shape[0]) for number, ink in lines]
        highest, lowest = bottoms[0] + lines[0][1].shape[0], bottoms[-1]
        page = np.zeros((highest - lowest, max(ink.shape[1] for _, ink in lines)), np.uint8)
        for (_, ink), bottom in zip(lines, bottoms, strict=True):
            height, width = ink.shape
            place = page[highest - bottom - height : highest - bottom, :width]
            np.maximum(place, ink, out=place)
        _put(renderer, round(self.left * dpi / 100), lowest, page, self.color)


class Labels(Artist):
    """Many short texts, each in its place: the middle of its height, and its centre or right end."""

    def __init__(self, *, family: str = FAMILY, zorder: float = 6.0) -> None:
        super().__init__()
        self.family = family
        self.labels: Sequence[tuple[float, float, str, str, str]] = ()
        self.size = 9.0
        self.set_zorder(zorder)

    def set_labels(self, labels: Sequence[tuple[float, float, str, str, str]], size: float) -> None:
        """Each x, y, text, colour and alignment, "left", "center" or "right"."""
        self.labels, self.size = labels, size
        self.stale = True

    def draw(self, renderer: Any) -> None:
        """Copy letter after letter."""
        if not self.get_visible():
            return
        dpi = float(renderer.dpi)
        for x, y, text, color, align in self.labels:
            ink = _line(text, self.size, dpi, self.family)
            share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
            across = share * width_of(text, self.size, dpi, self.family) if share else 0.0
            # the base of a line is 0.4 em above its bottom, and its figures' middle about 0.3 em higher
            bottom = y * dpi / 100 - 0.7 * self.size * dpi / 72
            _put(renderer, round(x * dpi / 100 - across), round(bottom), ink, color)


def _put(renderer: Any, x: int, y: int, ink: Array, color: str) -> None:
    """Ink of one colour on the canvas, its lower left corner at a pixel."""
    one = np.array([*np.round(255 * np.array(to_rgb(color))), 0], np.uint8).view(np.uint32)  # a pixel as one number
    image = np.full(ink.shape, one, np.uint32).view(np.uint8).reshape(*ink.shape, 4)
    image[..., 3] = ink[::-1]
    context = renderer.new_gc()
    renderer.draw_image(context, x, y, image)
    context.restore()


def width_of(text: str, size: float, dpi: float = 100.0, family: str = FAMILY) -> float:
    """How many pixels a line of letters takes; at the usual resolution these are hundredths of an inch."""
    return sum(_letter(letter, size, dpi, family)[1] for letter in text)


@lru_cache(maxsize=512)
def _line(text: str, size: float, dpi: float, family: str = FAMILY) -> Array:
    """How much ink there is at every pixel of a line, 0 to 255, the highest row first."""
    letters = [_letter(letter, size, dpi, family) for letter in text]
    ends = np.cumsum([advance for _, advance in letters])
    ink = np.zeros((letters[0][0].shape[0], int(ends[-1]) + letters[0][0].shape[1]), np.uint8)
    start = 0.0
    for (shape, _), end in zip(letters, ends, strict=True):
        place = ink[:, round(start) : round(start) + shape.shape[1]]
        np.maximum(place, shape[:, : place.shape[1]], out=place)
        start = float(end)
    return ink


@lru_cache(maxsize=4096)
def _letter(letter: str, size: float, dpi: float, family: str) -> tuple[Array, float]:
    """The ink of one letter, and how far it is to the next; all letters of a size are equally high."""
    font = FontProperties(family=family, size=size)
    em = size * dpi / 72
    height, width = int(1.5 * em), int(2 * em) + 2
    page = RendererAgg(width, height, dpi)
    context = page.new_gc()
    context.set_foreground("black")
    page.draw_text(context, 0, round(1.1 * em), letter, font, 0)
    between, _, _ = page.get_text_width_height_descent("H" + letter + "H", font, False)
    around, _, _ = page.get_text_width_height_descent("HH", font, False)
    return np.asarray(page.buffer_rgba())[..., 3].copy(), float(between - around)
