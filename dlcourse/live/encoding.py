"""From pixels to the bytes of a PNG file: small, quick, and grey where the picture is grey.

256 colours are enough for lines, words and maps, and make a quarter of the bytes of full colour. But whoever chooses
them for a whole picture mixes greys with their coloured neighbours, and photographs turn pink or blue. So greys have
places of their own, which are exactly grey, and a photograph in colour goes as it is.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

__all__ = ["encode"]

EVEN_GREYS = np.round(np.linspace(0, 255, 33)).astype(np.intp)
"""No grey is off by more than four levels of 255 with these."""
COMMON_GREYS = 31
"""And so many of the commonest greys are exact."""
MOVING_COLOURS = 48
"""More of them make a moving picture larger, and hardly better; the one that stands still has the best that there are."""
PHOTOGRAPH = 16_384
"""More colours than lines, words and maps have between them, and fewer than a photograph has."""


def encode(pixels: np.ndarray, *, still: bool = False, level: int = 6) -> bytes:
    """A PNG file, with a palette where that shows the picture well, else in full colour.

    Parameters
    ----------
    pixels : array, shape (height, width, 4)
        Bytes; the last of each four is not looked at.
    still : bool
        A picture that moves gets a palette that is found quickly (2 ms, smooth colours show steps), one that stands
        still gets the best one (15 ms).
    level : int
        How hard zlib tries, 1 to 9.
    """
    height, width = pixels.shape[:2]
    pixels = np.ascontiguousarray(pixels).reshape(-1, 4)
    red = pixels[:, 0].copy()
    coloured = np.flatnonzero((pixels[:, 1] != red) | (pixels[:, 2] != red))
    counts = np.bincount(red, minlength=256) - np.bincount(red[coloured], minlength=256)
    greys = _greys(counts)
    colours = _image(pixels[coloured], (len(coloured), 1))
    if _has_more_colours(colours, PHOTOGRAPH):
        return _file(_image(pixels, (width, height)), level)
    index = np.abs(np.arange(256)[:, None] - greys).argmin(axis=1).astype(np.uint8)[red]
    palette = np.repeat(greys, 3).tolist()
    if colours.width:
        method = Image.Quantize.MAXCOVERAGE if still else Image.Quantize.FASTOCTREE
        room = 256 - len(greys) if still else MOVING_COLOURS
        few = colours.quantize(room, method=method, dither=Image.Dither.NONE)
        index[coloured] = np.asarray(few)[0] + len(greys)
        palette += few.getpalette() or []
        paper = 3 * int(index[0])
        palette[paper : paper + 3] = pixels[0, :3].tolist()  # the page itself, not nearly
    picture = Image.frombuffer("P", (width, height), index, "raw", "P", 0, 1)
    picture.putpalette(palette[: 3 * 256])
    return _file(picture, level)


def _image(pixels: np.ndarray, size: tuple[int, int]) -> Image.Image:
    return Image.frombuffer("RGBX", size, pixels, "raw", "RGBX", 0, 1).convert("RGB")


def _greys(counts: np.ndarray) -> np.ndarray:
    """The greys of a palette, of how many pixels have each level: all that there are, else even and common ones."""
    greys = np.flatnonzero(counts)
    if len(greys) > len(EVEN_GREYS) + COMMON_GREYS:
        greys = np.union1d(EVEN_GREYS, np.argsort(counts)[-COMMON_GREYS:])
    return greys if len(greys) else EVEN_GREYS


def _has_more_colours(image: Image.Image, count: int) -> bool:
    return image.width > count and image.getcolors(count) is None


def _file(image: Image.Image, level: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=level)
    return stream.getvalue()
