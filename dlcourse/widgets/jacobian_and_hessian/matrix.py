"""A matrix as coloured squares, and the bars of its eigenvalues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.numbers import with_power as n

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage
    from matplotlib.text import Text

__all__ = ["Eigenvalues", "draw_eigenvalues", "draw_matrix", "paint_eigenvalues"]

MOST_LABELLED = 5
"""Of more eigenvalues only the first and the last carry a number."""


@dataclass(frozen=True)
class Eigenvalues:
    """One bar each, and numbers at the bars that carry one."""

    bars: LineCollection
    values: list[Text]


def draw_matrix(axes: Axes, full: Array, title: str) -> AxesImage:
    """Squares from −1 to 1, without a frame."""
    axes.set_title(title, fontsize=9)
    axes.set(xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set_visible(False)
    return axes.imshow(full, cmap=style.diverging(), norm=Normalize(-1, 1), aspect="auto", interpolation="nearest")


def draw_eigenvalues(axes: Axes, number: int, title: str) -> Eigenvalues:
    """Room for this many bars."""
    axes.set_title(title, fontsize=9)
    style.quiet(axes, bottom=False)
    axes.set(
        xlim=(0.4 - 0.12 * number, number + 0.6 + 0.05 * number), ylim=(-1.35, 1.35), yticks=[0], yticklabels=["0"]
    )
    axes.axhline(0, color=style.faint(), lw=0.8)
    bars = LineCollection([], colors=style.colour("BLUE"), linewidths=float(np.clip(150 / number, 2, 12)))
    axes.add_collection(bars)
    labelled = number if number <= MOST_LABELLED else 2
    return Eigenvalues(bars, [axes.text(0, 0, "", fontsize=8.5, ha="center", va="center") for _ in range(labelled)])


def paint_eigenvalues(artists: Eigenvalues, values: Array, *, hidden: bool = False) -> None:
    """Bars in parts of the largest, with the eigenvalues themselves written at them; nothing while they are covered."""
    heights = values / max(float(np.abs(values).max()), 1e-12)
    artists.bars.set_segments([[(k, 0), (k, height)] for k, height in enumerate(heights, 1)])
    artists.bars.set_visible(not hidden)
    labelled = list(range(len(values))) if len(values) <= MOST_LABELLED else [0, len(values) - 1]  # the ends
    for k, text in zip(labelled, artists.values, strict=True):
        text.set_text("" if hidden else n(float(values[k]), 2))
        text.set_position((k + 1, heights[k] + (0.2 if values[k] >= 0 else -0.2)))
