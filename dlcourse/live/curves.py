"""Curves that change seldom: while other things move, nothing is drawn anew for them.

Matplotlib takes a third of a millisecond for a line, most of it not for its pixels. What is to be compared with, a formula or
the state before, need not be drawn 25 times a second: it lies below all that moves, as `Ticks` do, and `Picture` keeps it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.lines import Line2D

__all__ = ["Curves"]


@dataclass(frozen=True)
class Curves:
    """Lines in axes whose ends are `Ticks`, or do not move at all."""

    lines: list[Line2D]

    @property
    def artists(self) -> list[Any]:
        """All that is drawn."""
        return list(self.lines)

    def written(self) -> Hashable:
        """What they show, to see whether they must be drawn anew."""
        return tuple(line.get_visible() and np.asarray(line.get_data(), float).tobytes() for line in self.lines)
