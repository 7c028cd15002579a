"""Squares with numbers in them: patch, kernel and products under the picture of `Convolution`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Rectangle

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.numbers import shortest
from dlcourse.live.pixels import Block, Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FRAME", "Grid", "Numbers", "colours", "greys"]

FRAME: dict[str, Any] = {"fill": False, "linewidth": 0.8, "clip_on": False, "zorder": 3}
ROOMY = 41.0
"""Squares narrower than this many hundredths of an inch have no room for −1.33, only for −1.3 and −.67."""
LEVELS = 40
"""Steps of colour from negative to positive: few, so that frames are small."""


class Grid(Block):
    """A block of squares in the middle of a larger square, with its frame.

    `axes` are where the larger square is; its corner and side are in hundredths of an inch.
    """

    def __init__(self, axes: Axes, left: float, bottom: float, side: float) -> None:
        super().__init__(left, bottom, side, side)
        # Not called `axes`: Matplotlib sets that when the block becomes part of a picture.
        self.room, self.corner, self.side = axes, (left, bottom), side
        self.frame = Rectangle((0, 0), 1, 1, **FRAME, edgecolor=style.faint())
        axes.add_patch(self.frame)

    def set_pixels(self, pixels: Array) -> None:
        """Colours (KH, KW, 4); axes and frame follow."""
        kh, kw = pixels.shape[:2]
        reach = max(kh, kw)
        cell = self.side / reach
        left, bottom = self.corner
        self.place = (left + (reach - kw) * cell / 2, bottom + (reach - kh) * cell / 2, kw * cell, kh * cell)
        self.frame.set_bounds(0, 0, kw, kh)
        self.room.set(xlim=((kw - reach) / 2, (kw + reach) / 2), ylim=((kh + reach) / 2, (kh - reach) / 2))
        super().set_pixels(pixels)


class Numbers(Labels):
    """One number in each square of a grid whose corner and side are in hundredths of an inch."""

    def __init__(self, left: float, bottom: float, side: float) -> None:
        super().__init__()
        self.left, self.bottom, self.side = left, bottom, side

    def set_numbers(self, values: Array, digits: int, squares: Array) -> None:
        """Show a number per square, black on bright colours and white on dark ones."""
        bright = squares[..., :3] @ (0.3, 0.59, 0.11) > 110
        kh, kw = values.shape
        cell = self.side / max(kh, kw)
        left = self.left + (self.side - kw * cell) / 2
        top = self.bottom + self.side - (self.side - kh * cell) / 2
        labels = []
        for (i, j), value in np.ndenumerate(values):
            colour = "#000000" if bright[i, j] else "#FFFFFF"
            x, y = left + (j + 0.5) * cell, top - (i + 0.5) * cell
            fitting = 1 if cell < ROOMY and abs(value) >= 1 else digits
            labels.append((x, y, shortest(float(value), fitting), colour, "center"))
        self.set_labels(labels, min(9.5, cell * 0.27))


def colours(values: Array, largest: float) -> Array:
    """Numbers as colours of the diverging map, four bytes per number."""
    scaled = 0.5 + 0.5 * values / max(largest, 1e-9)
    level = np.clip(np.round(scaled * LEVELS), 0, LEVELS).astype(int)
    return np.asarray(_palette(style.is_dark())[level])


@lru_cache(maxsize=2)
def _palette(dark: bool) -> Array:
    return np.round(255 * style.diverging()(np.linspace(0, 1, LEVELS + 1))).astype(np.uint8)


def greys(values: Array) -> Array:
    """Brightness from 0 to 1 as grey, four bytes each."""
    level = np.round(np.clip(values, 0, 1) * 30) * (255 / 30)
    pixels = np.full((*values.shape, 4), 255, np.uint8)
    pixels[..., :3] = level[..., None]
    return pixels
