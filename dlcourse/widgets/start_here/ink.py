"""From strokes or an image to the picture that the network sees.

It is made as the digits of `dl.data.digits()` were made: ink on 32×32 pixels, scaled to full height, centred
horizontally, counted in blocks of 4×4 pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError

__all__ = [
    "SIDE",
    "Stroke",
    "Strokes",
    "distance",
    "ink_from_image",
    "ink_from_strokes",
    "picture_from_ink",
    "picture_from_strokes",
]

Stroke = tuple[tuple[float, float], ...]
Strokes = tuple[Stroke, ...]

SIDE = 32
"""Pixels on each side of the pad."""
WIDEST = 24.0
"""Wider drawings are squeezed: nearly all digits of the data set stay inside their middle 24 columns."""
INKED = 345
"""Pixels of 1024 that the pen inks. The data set has 313 on average, whatever the digit (so a 1 is very bold)."""
PEN = (3.0, 9.0)
"""Thinnest and boldest pen, in pixels, that may be taken to get there."""


def ink_from_strokes(strokes: Sequence[Sequence[tuple[float, float]]], *, thickness: float = 1.0) -> Array:
    """Scale the strokes to full height, centre them, and ink them with a pen that makes them as bold as the data set.

    Parameters
    ----------
    strokes : sequence of strokes
        Each a sequence of (x, y), y downwards, in any unit.
    thickness : float
        The pen is this many times as wide as the data set asks for.

    Returns
    -------
    array of bool, shape (32, 32)
        Without strokes all False.

    Examples
    --------
    >>> ink_from_strokes([[(3, 1), (3, 5)]]).any(axis=1).all()  # full height
    np.True_
    """
    lines = [np.asarray(stroke, float).reshape(-1, 2) for stroke in strokes if len(stroke)]
    if not lines:
        return np.zeros((SIDE, SIDE), bool)
    points = np.vstack(lines)
    low, high = points.min(0), points.max(0)
    pen = 5.0
    for attempt in range(3):
        scale = _scale(high - low, pen)
        away = distance([(line - (low + high) / 2) * scale + SIDE / 2 for line in lines])
        if attempt < 2:
            enough = 2 * float(np.partition(away.ravel(), INKED - 1)[INKED - 1])
            pen = float(np.clip(enough, *PEN)) * thickness
    return away <= pen / 2


def _scale(size: Array, pen: float) -> Array:
    """How much wider and higher: to full height, 24 columns wide at most, and a flat line does not become a square."""
    width, height = float(size[0]), float(size[1])
    if max(width, height) < 0.5:  # a dot stays a dot
        return np.ones(2)
    across = (WIDEST - pen) / max(width, 1e-9)
    up = min((SIDE - pen) / max(height, 1e-9), 3 * across)
    return np.array([min(up, across), up])


def distance(lines: list[Array]) -> Array:
    """Distance of each pixel's centre from the nearest line, shape (32, 32)."""
    thinned = []
    for line in lines:
        length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        keep = np.flatnonzero(np.diff(np.floor(length / 0.7), prepend=-1.0))
        thinned.append(line[np.append(keep, len(line) - 1)])
    start = np.vstack([line[:-1] for line in thinned])
    along = np.vstack([np.diff(line, axis=0) for line in thinned])
    centre = np.arange(SIDE) + 0.5
    x, y = centre[None, :, None] - start[:, 0], centre[:, None, None] - start[:, 1]  # (1, 32, S), (32, 1, S)
    share = (x * along[:, 0] + y * along[:, 1]) / np.maximum((along**2).sum(1), 1e-12)
    share = np.clip(share, 0, 1)
    squared = (x - share * along[:, 0]) ** 2 + (y - share * along[:, 1]) ** 2
    return np.asarray(np.sqrt(squared.min(axis=2)))


def ink_from_image(image: Any) -> Array:
    """32×32 pixels of ink for an image of 8×8 counts, or for a larger one.

    An image of 8×8 is taken to be of the data set's kind, finished, and is inked so that counting gives it back. A
    larger one is inked where it is above half of its largest value, cut out, scaled to full height and centred.

    Parameters
    ----------
    image : array, shape (8, 8), (8, 8, 1) or larger
        Brighter is more ink; 0…1 or, for 8×8, counts 0…16.

    Raises
    ------
    ShapeError
        If it is not one image.
    DataError
        If it has values below 0 or that are not finite.

    Examples
    --------
    >>> image = np.linspace(0, 16, 64).round().reshape(8, 8)
    >>> bool((picture_from_ink(ink_from_image(image))[:, :, 0] * 16 == image).all())
    True
    """
    values = np.asarray(image, float)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.ndim != 2 or min(values.shape) < 8:
        raise ShapeError(
            f"DigitPad: an image has shape (H, W) = (8, 8) or larger, or (H, W, 1), not {np.shape(image)}. "
            "Is it a whole batch? digits.x[0] is one image."
        )
    if not np.isfinite(values).all() or (values < 0).any():
        raise DataError("DigitPad: the image has values below 0 or that are not numbers; it should be within 0…1.")
    return _ink_from_counts(values) if values.shape == (8, 8) else _ink_from_brightness(values)


def _ink_from_counts(values: Array) -> Array:
    """An image of the data set's kind: as many pixels of each block are inked as were counted in it."""
    counts = np.rint(values * (16 if values.max() <= 1 else 1)).astype(int)
    if counts.max() > 16:
        raise DataError(f"DigitPad: the image goes up to {values.max():g}; it should be within 0…1, or counts 0…16.")
    order = np.arange(16).reshape(4, 4)
    return np.asarray(order[None, :, None, :] < counts[:, None, :, None]).reshape(SIDE, SIDE)


def _ink_from_brightness(values: Array) -> Array:
    """A larger image: inked where it is bright, cut out, scaled to full height and centred."""
    ink = values > values.max() / 2
    if not ink.any():
        return np.zeros((SIDE, SIDE), bool)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    width = min(max(round(ink.shape[1] * SIDE / ink.shape[0]), 1), SIDE)
    ink = ink[np.arange(SIDE) * ink.shape[0] // SIDE][:, np.arange(width) * ink.shape[1] // width]
    left = (SIDE - width) // 2
    return np.pad(ink, ((0, 0), (left, SIDE - width - left)))


def picture_from_ink(ink: Array) -> Array:
    """Count inked pixels in blocks of 4×4: bool (32, 32) -> float32 (8, 8, 1) in 0…1, 16 pixels being 1."""
    counts = ink.reshape(8, 4, 8, 4).sum(axis=(1, 3), dtype=np.float32)
    return np.asarray(counts / np.float32(16))[:, :, None]


def picture_from_strokes(strokes: Sequence[Sequence[tuple[float, float]]], *, thickness: float = 1.0) -> Array:
    """What the network sees of a drawing: strokes -> float32 (8, 8, 1) in 0…1, as in `dl.data.digits()`."""
    return picture_from_ink(ink_from_strokes(strokes, thickness=thickness))
