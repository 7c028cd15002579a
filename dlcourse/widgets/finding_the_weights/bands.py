"""The shades in which two of the lesson's widgets draw maps of errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlcourse.live import style

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

__all__ = ["bands"]


def bands() -> Colormap:
    """Twelve shades, so that the borders between them are lines of equal error."""
    import matplotlib

    return matplotlib.colormaps[style.SEQUENTIAL].resampled(12)
