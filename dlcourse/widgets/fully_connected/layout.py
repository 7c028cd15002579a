"""Where things are in the picture of `Wiring`, in hundredths of an inch: hand and picture ask here."""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["Box", "Layout", "arrange", "places", "sheets", "unit_boxes"]

ASPECT = 208 / 176
"""Width by height of the place where the units are drawn."""


class Box(NamedTuple):
    """A rectangle from the lower left."""

    left: float
    bottom: float
    width: float
    height: float

    def centre(self, row: float, column: float, rows: int, columns: int) -> tuple[float, float]:
        """The middle of one of its squares."""
        x = self.left + (column + 0.5) * self.width / columns
        return x, self.bottom + self.height - (row + 0.5) * self.height / rows

    @property
    def outline(self) -> list[tuple[float, float]]:
        """Its corners, the first one again at the end."""
        left, bottom, right, top = self.left, self.bottom, self.left + self.width, self.bottom + self.height
        return [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]


class Layout(NamedTuple):
    """Where things are."""

    image: Box
    weights: Box
    units: Box
    digit: Box
    words: tuple[float, float]
    size: float
    """Of the letters of the words."""


def arrange(width: float, height: float) -> Layout:
    """Side by side in a wide picture; on a phone the units below."""
    if width >= 550:
        side, top = 176.0, height - 26
        low = top - side
        image, weights = Box(14, low, side, side), Box(14 + side + 26, low, side, side)
        units = Box(width - 14 - 208, low, 208, side)
        return Layout(image, weights, units, Box(14, 12, 132, 132), (216, low - 38), 8.5)
    side = (width - 14 - 14 - 24) / 2
    low = height - 26 - side
    image, weights = Box(14, low, side, side), Box(width - 14 - side, low, side, side)
    units = Box(width - 14 - side - 24, low - 60 - 176, side + 24, 176)
    return Layout(image, weights, units, Box(14, low - 60 - 132, 132, 132), (14, low - 60 - 176 - 14), 8)


def sheets(shape: tuple[int, ...], most: int = 16) -> tuple[int, int, int]:
    """How many sheets of units are shown, and in how many rows and columns they stand."""
    count = min(shape[0], most if shape[1] * shape[2] > 1 else 128)
    root = math.ceil(math.sqrt(count))
    whole = [c for c in range(root, 2 * root) if count % c == 0]
    columns = whole[0] if whole else root
    return count, math.ceil(count / columns), columns


def places(shape: tuple[int, ...]) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of each sheet of units, in a unit square whose y goes down."""
    count, down, across = sheets(shape)
    if count == 1 and shape[1] * shape[2] > 1:
        return [(0.0, 0.0, 1.0, 1.0)]
    wide, high = 1 / across, 1 / down
    # Each neuron a square, and a little air between sheets; one neuron alone needs more of it.
    size = min(wide * ASPECT / shape[2], high / shape[1], 0.25) * (0.95 if shape[1] * shape[2] > 1 else 0.75)
    w, h = size * shape[2] / ASPECT, size * shape[1]
    return [((i % across + 0.5) * wide - w / 2, (i // across + 0.5) * high - h / 2, w, h) for i in range(count)]


def unit_boxes(box: Box, shape: tuple[int, ...]) -> list[Box]:
    """Where each sheet of units is drawn."""
    return [
        Box(box.left + x * box.width, box.bottom + (1 - y - h) * box.height, w * box.width, h * box.height)
        for x, y, w, h in places(shape)
    ]
