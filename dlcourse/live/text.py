"""Text that moves, drawn with letters that are kept.

Matplotlib sets and renders every letter anew each time: about a millisecond for a short text, so that the words in a
picture cost more than the picture. Here a line of text is rendered once by Pillow, in Matplotlib's own font files, and
laid onto the picture as often as it is needed (some 0.05 ms). pixels.py says why it keeps letters of its own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.text import Annotation, Text
from PIL import ImageFont

__all__ = ["is_plain", "write"]

ASCENT, DESCENT = 0.76, 0.24
"""How far letters of DejaVu Sans reach above and below their line, in font sizes: as Matplotlib takes them to be."""


class Line(NamedTuple):
    """One rendered line: how much of each pixel is ink, 0 to 255, and where that lies from the line's start."""

    ink: np.ndarray
    left: int
    top: int
    width: float


def is_plain(artist: Artist) -> bool:
    """Whether `write` can draw it: text that is level, without formulas, arrows or effects."""
    if not isinstance(artist, Text) or isinstance(artist, Annotation):
        return False
    box = artist.get_bbox_patch()
    return (
        artist.get_rotation() == 0
        and "$" not in artist.get_text()
        and not artist.get_usetex()
        and not artist.get_wrap()
        and not artist.get_path_effects()
        and not (artist.get_clip_on() and artist.get_clip_box() is not None)
        and (box is None or to_rgba(box.get_edgecolor())[3] == 0 or box.get_linewidth() == 0)
    )


def write(text: Text, pixels: np.ndarray) -> None:
    """Lay a text onto a picture, pixels of shape (height, width, 4), as Matplotlib would place it."""
    words = text.get_text()
    if not words or not text.get_visible() or text.figure is None:
        return
    font = text.get_fontproperties()
    path, size = _path(font), float(text.get_fontsize()) * text.figure.dpi / 72
    x, y = text.get_transform().transform(text.get_unitless_position())
    lines = [rendered(path, size, line) for line in words.split("\n")]
    spacing = getattr(text, "_linespacing", "normal")
    pitch = size * (spacing if isinstance(spacing, float | int) else 1.2 if len(lines) > 1 else ASCENT + DESCENT)
    above = (pitch - size * (ASCENT + DESCENT)) / 2 + size * ASCENT  # from a line's top to where its letters stand
    height, width = pitch * len(lines), max(line.width for line in lines)
    share = _SHARE[text.get_horizontalalignment()]
    left = x - share * width
    last = height - pitch + above
    top = len(pixels) - y - {
        "top": 0.0, "center": height / 2, "bottom": height, "baseline": last, "center_baseline": last - size * ASCENT / 2,
    }[text.get_verticalalignment()]  # fmt: skip
    opacity = 1.0 if text.get_alpha() is None else float(text.get_alpha())  # type: ignore[arg-type]
    box = text.get_bbox_patch()
    if box is not None:
        pad = getattr(box.get_boxstyle(), "pad", 0.0) * size
        _fill(pixels, left - pad, top - pad, left + width + pad, top + height + pad, box.get_facecolor())
    colour = to_rgba(text.get_color(), None)
    for number, line in enumerate(lines):
        _lay(pixels, line, left + share * (width - line.width), top + number * pitch + above, colour, opacity)


_SHARE = {"left": 0.0, "center": 0.5, "right": 1.0}


def _path(font: FontProperties) -> str:
    """The file of a font; Matplotlib would look through its settings each time."""
    look = font.get_style(), font.get_variant(), font.get_weight(), font.get_stretch()
    return _found(tuple(font.get_family()), *look, font.get_file())


@lru_cache(maxsize=32)
def _found(family: tuple[str, ...], style: Any, variant: Any, weight: Any, stretch: Any, file: Any) -> str:
    look = {"style": style, "variant": variant, "weight": weight, "stretch": stretch, "fname": file}
    return findfont(FontProperties(family=list(family), **look))


@lru_cache(maxsize=32)
def _font(path: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1024)
def rendered(path: str, size: float, words: str) -> Line:
    """A line of text as pixels, put together from its words: of what changes in a picture, most are known already."""
    gap, x, parts = _word(path, size, " ").width, 0.0, []
    for word in words.split(" "):
        if word:
            part = _word(path, size, word)
            parts.append((part.top, round(x) + part.left, part.ink))
            x += part.width
        x += gap
    if not parts:
        return Line(np.zeros((0, 0), np.uint8), 0, 0, x - gap)
    top, left = min(row for row, _, _ in parts), min(column for _, column, _ in parts)
    bottom, right = max(row + ink.shape[0] for row, _, ink in parts), max(at + ink.shape[1] for _, at, ink in parts)
    whole = np.zeros((bottom - top, right - left), np.uint8)
    for row, column, ink in parts:
        region = whole[row - top :, column - left :][: ink.shape[0], : ink.shape[1]]
        np.maximum(region, ink, out=region)  # letters of neighbours may touch
    return Line(whole, left, top, x - gap)


@lru_cache(maxsize=4096)
def _word(path: str, size: float, word: str) -> Line:
    """A word in pixels, as Pillow renders it: it costs 20 µs a letter."""
    font = _font(path, size)
    mask, (left, top) = font.getmask2(word, mode="L", anchor="ls")
    ink = np.array(mask, dtype=np.uint8).reshape(mask.size[1], mask.size[0])
    return Line(ink, int(left), int(top), font.getlength(word))


def _lay(pixels: np.ndarray, line: Line, x: float, y: float, colour: Any, opacity: float) -> None:
    left, top = round(x) + line.left, round(y) + line.top
    height, width = line.ink.shape
    rows = slice(max(top, 0), max(min(top + height, pixels.shape[0]), 0))
    columns = slice(max(left, 0), max(min(left + width, pixels.shape[1]), 0))
    if rows.start >= rows.stop or columns.start >= columns.stop:  # beside the picture
        return
    ink = line.ink[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    region = pixels[rows, columns]
    whole = region.view("<u4")[..., 0]  # each pixel's four bytes as one number
    if (whole == whole[0, 0]).all():  # on a plain page a look into a table is enough, and six times quicker
        whole[...] = _shades(int(whole[0, 0]), colour, opacity)[ink]
    else:
        _blend(region, ink[..., None] * np.float32(colour[3] * opacity / 255), colour)


@lru_cache(maxsize=128)
def _shades(page: int, colour: Any, opacity: float) -> np.ndarray:
    """What a pixel becomes with 0 to 255 of ink, where the page is even: four bytes as one number, shape (256,)."""
    shades = np.full((256, 1), page, "<u4").view(np.uint8)
    _blend(shades, np.arange(256)[:, None] * np.float32(colour[3] * opacity / 255), colour)
    return shades.view("<u4")[:, 0]


def _fill(pixels: np.ndarray, left: float, top: float, right: float, bottom: float, colour: Any) -> None:
    rows = slice(max(round(top), 0), max(round(bottom), 0))
    columns = slice(max(round(left), 0), max(round(right), 0))
    _blend(pixels[rows, columns], np.float32(colour[3]), colour)


def _blend(region: np.ndarray, share: Any, colour: Any) -> None:
    """Mix a colour into pixels, in place."""
    below = region[..., :3]
    region[..., :3] = below + share * (np.array(colour[:3], np.float32) * 255 - below) + np.float32(0.5)
