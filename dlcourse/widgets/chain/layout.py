"""Where the neurons of a network are in a square of side 1, and where panels and texts are in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live.layout import axes_at, is_narrow, text_at

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["panel", "places", "text_below"]

Inches = tuple[float, float, float, float]
"""Left, bottom, width and height."""


def places(sizes: tuple[int, ...]) -> list[Array]:
    """Where the neurons stand in a square of side 1: one array of shape (neurons, 2) per layer."""
    across = np.linspace(0.15, 0.85, len(sizes))
    tallest = max(sizes)
    gap = min(0.86 / max(tallest - 1, 1), 0.24)
    return [
        np.column_stack([np.full(size, x), 0.5 + gap * ((size - 1) / 2 - np.arange(size))])
        for x, size in zip(across, sizes, strict=True)
    ]


def panel(figure: Figure, label: str, *, wide: Inches, narrow: Inches) -> Axes:
    """Axes at one place in a wide picture and at another in a narrow one."""
    return axes_at(figure, *(narrow if is_narrow(figure) else wide), label=label)


def text_below(figure: Figure, left: float, top: float, **look: Any) -> Text:
    """Text that hangs from a place in inches, still empty."""
    return text_at(figure, left, top, **({"va": "top"} | look))
