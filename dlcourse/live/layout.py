"""Where things are in a picture: in inches, so that letters and gaps keep their size in every cell."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["axes_at", "in_lines", "is_narrow", "text_at"]

NARROW = 5.5
"""A picture of fewer inches is laid out for a phone: panels below each other."""


def is_narrow(figure: Figure) -> bool:
    """Whether the picture is laid out for a narrow cell, less than 5.5 inches wide.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> is_narrow(Figure((4.5, 5))), is_narrow(Figure((7.2, 3.6)))
    (True, False)
    """
    return bool(figure.get_figwidth() < NARROW)


def axes_at(figure: Figure, left: float, bottom: float, width: float, height: float, label: str = "") -> Axes:
    """New axes at a place in inches, measured from the lower left corner of the picture.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> [float(side) for side in axes_at(Figure((4, 2)), 1, 0.5, 2, 1, "map").get_position().bounds]
    [0.25, 0.25, 0.5, 0.5]
    """
    across, up = figure.get_size_inches()
    return figure.add_axes((left / across, bottom / up, width / across, height / up), label=label)


def text_at(figure: Figure, left: float, bottom: float, text: str = "", **look: Any) -> Text:
    """A text at a place in inches, measured from the lower left corner of the picture."""
    across, up = figure.get_size_inches()
    return figure.text(left / across, bottom / up, text, **look)


def in_lines(text: str, inches: float, size: float = 8.5) -> str:
    """A text in lines that are, as words mostly are, no wider than so many inches, in print of so many points.

    Examples
    --------
    >>> in_lines("a text that is too long", 1.0)
    'a text that is\\ntoo long'
    """
    return textwrap.fill(text, max(1, int(inches * 72 / (0.58 * size))))
