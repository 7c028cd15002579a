"""From pixels to the bytes of a PNG file: small, quick, and grey where the picture is grey.

256 colours are enough for lines, words and maps, and make a quarter of the bytes of full colour. But whoever chooses
them for a whole picture mixes greys with their coloured neighbours, and photographs turn pink or blue. So greys have
places of their own, which are exactly grey. A photograph in colour goes as it is where it stands still; while
something moves it would be 90 to 170 KB a frame, and goes with a palette of its own and with its noise smoothed.
"""

from __future__ import annotations

import functools
import io
from typing import NamedTuple

import numpy as np
from PIL import Image

__all__ = ["THOROUGH", "encode"]

EVEN_GREYS = np.round(np.linspace(0, 255, 33)).astype(np.intp)
"""No grey is off by more than four levels of 255 with these."""
COMMON_GREYS = 31
"""And so many of the commonest greys are exact."""
MOVING_COLOURS = 48
"""More of them make a moving picture larger, and hardly better; the one that stands still has the best that there are."""
PHOTOGRAPH = 16_384
"""More colours than lines, words and maps have between them, and fewer than a photograph has."""
ROUGH = ((128, 96, 31), (64, 96, 0), (32, 160, 0))
"""A photograph beside which something moves: colours, by how much four neighbours may differ to become one colour, and
how many common greys are exact. The first of them that makes a file of no more than `LONGEST` bytes."""
LONGEST = 30_000
"""Bytes of a picture that moves."""
QUICK, THOROUGH = 3, 6
"""How hard zlib tries with a picture that moves: 1 ms and a sixth more bytes, or 2 to 3 ms where it would be too long."""


def encode(pixels: np.ndarray, *, still: bool = False, level: int | None = None) -> bytes:
    """A PNG file, with a palette where that shows the picture well, else in full colour.

    Parameters
    ----------
    pixels : array, shape (height, width, 4)
        Bytes; the last of each four is not looked at.
    still : bool
        A picture that moves gets a palette that is found quickly (2 ms, smooth colours show steps), one that stands
        still gets the best one (15 ms), and the full colours of a photograph.
    level : int, optional
        How hard zlib tries, 1 to 9. Without it, as hard as it must: a picture that moves has no time for more.
    """
    pixels = np.ascontiguousarray(pixels)
    ink = _ink(pixels)
    if not _has_more_colours(ink.image, PHOTOGRAPH):
        method = Image.Quantize.MAXCOVERAGE if still else Image.Quantize.FASTOCTREE
        picture = _indexed(pixels, ink, method, 256 if still else MOVING_COLOURS)
        return _file(picture, level) if still or level else _short_file(picture)
    if still:
        return _file(_image(pixels, pixels.shape[1::-1]), level)
    for count, noise, common in ROUGH:
        smooth = _smoothed(pixels, noise)
        png = _file(_indexed(smooth, _ink(smooth), Image.Quantize.FASTOCTREE, count, common), level)
        if len(png) <= LONGEST:
            break
    return png


class Ink(NamedTuple):
    """The pixels that are not like the first one, the page: some tenth of a picture, so that all else is quick.

    Their places and levels of grey, places in the picture counted row by row, and the coloured ones as a picture of one row.
    """

    greys: np.ndarray
    levels: np.ndarray
    coloured: np.ndarray
    image: Image.Image


def _ink(pixels: np.ndarray) -> Ink:
    whole = _whole(pixels).ravel()
    places = np.flatnonzero(whole != whole[0])
    inked = whole[places]
    coloured = _is_coloured(inked)
    grey, colours = ~coloured, inked[coloured]
    levels = (inked[grey] & 0xFF).astype(np.uint8)
    return Ink(places[grey], levels, places[coloured], _image(colours, (len(colours), 1)))


def _is_coloured(whole: np.ndarray) -> np.ndarray:
    """Which pixels are not grey: both neighbours among red, green and blue are equal in a grey."""
    return np.asarray((whole ^ (whole >> 8)) & 0xFFFF != 0)


def _whole(pixels: np.ndarray) -> np.ndarray:
    """Each pixel's four bytes as one number, the first of them the lowest: a quarter of the work."""
    return pixels.view("<u4")[:, :, 0]


def _indexed(
    pixels: np.ndarray, ink: Ink, method: Image.Quantize, most: int, common: int = COMMON_GREYS
) -> Image.Image:
    """With a palette: the page, greys that are exactly grey, and at most so many colours, chosen by `method`."""
    height, width = pixels.shape[:2]
    greys = _greys(np.bincount(ink.levels, minlength=256), common)
    nearest = np.abs(np.arange(256)[:, None] - greys).argmin(axis=1) + 1
    index = np.zeros(height * width, np.uint8)
    index[ink.greys] = nearest.astype(np.uint8)[ink.levels]
    palette = pixels[0, 0, :3].tolist() + np.repeat(greys, 3).tolist()
    if ink.image.width:
        few = ink.image.quantize(min(most, 255 - len(greys)), method=method, dither=Image.Dither.NONE)
        index[ink.coloured] = np.asarray(few)[0] + (len(greys) + 1)
        palette += few.getpalette() or []
    picture = Image.frombuffer("P", (width, height), index, "raw", "P", 0, 1)
    picture.putpalette(palette[: 3 * 256])
    return picture


def _smoothed(pixels: np.ndarray, noise: int) -> np.ndarray:
    """Each square of 2 × 2 coloured pixels that differ by little in its mean; edges, words and greys stay."""
    coloured = _is_coloured(_whole(pixels))
    height, width = (2 * (side // 2) for side in coloured.shape)
    corners = [(slice(i, height, 2), slice(j, width, 2)) for i in (0, 1) for j in (0, 1)]
    squares = np.logical_and.reduce([coloured[corner] for corner in corners])  # the few that there are: a fifth
    four = [_whole(pixels)[corner][squares].view(np.uint8).reshape(-1, 4) for corner in corners]
    low, high = (functools.reduce(extreme, four) for extreme in (np.minimum, np.maximum))
    red, green, blue, _ = (high - low).T
    alike = (red <= noise) & (green <= noise) & (blue <= noise)
    mean = sum((part[alike].astype(np.uint16) for part in four), np.uint16(2)) // 4
    smooth = pixels.copy()
    for corner, part in zip(corners, four, strict=True):
        part[alike] = mean
        _whole(smooth)[corner][squares] = part.view("<u4")[:, 0]
    return smooth


def _image(pixels: np.ndarray, size: tuple[int, int]) -> Image.Image:
    return Image.frombuffer("RGBX", size, pixels, "raw", "RGBX", 0, 1).convert("RGB")


def _greys(counts: np.ndarray, common: int) -> np.ndarray:
    """The greys of a palette, of how many pixels have each level: all that there are, else even and common ones."""
    greys = np.flatnonzero(counts)
    if len(greys) > len(EVEN_GREYS) + common:
        greys = np.union1d(EVEN_GREYS, np.argsort(counts)[256 - common :])
    return greys if len(greys) else EVEN_GREYS


def _has_more_colours(image: Image.Image, count: int) -> bool:
    return image.width > count and image.getcolors(count) is None


def _short_file(image: Image.Image) -> bytes:
    png = _file(image, QUICK)
    return png if len(png) <= LONGEST else _file(image, THOROUGH)


def _file(image: Image.Image, level: int | None) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=level or THOROUGH)
    return stream.getvalue()
