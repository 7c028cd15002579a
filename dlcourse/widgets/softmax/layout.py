"""Where on the page places in axes are, for numbers that are put there letter by letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from dlcourse.arrays import Array

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

__all__ = ["Label", "on_page"]

Label = tuple[float, float, str, str, str]
"""x, y, text, colour and alignment."""


def on_page(line: Line2D, places: Array) -> Array:
    """Places (N, 2) in the data coordinates of a line, in hundredths of an inch from the lower left of the figure."""
    return np.asarray(line.get_transform().transform(places) * 100 / cast("Figure", line.figure).dpi)
