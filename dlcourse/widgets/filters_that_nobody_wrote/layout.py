"""Where the small pictures of `FeatureMaps` are, and the large ones: hand and picture ask here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Layout", "Place", "arrange", "label", "size_of"]

TILE, GAP, LABEL = 35.0, 4.0, 78.0  # hundredths of an inch, as all lengths here
BIG = 100.0
"""Side of the picture, filter and map that are shown large."""
PER_LINE = 16
"""Small pictures in a line; half as many on a phone."""

Place = tuple[float, float, float]
"""Left, bottom and side of a square."""


class Layout(NamedTuple):
    """Where everything is."""

    narrow: bool
    rows: list[list[Place]]
    """Each small picture in each row."""
    names: list[tuple[float, float]]
    """The right end and the middle of each row's name."""
    large: list[Place]
    """Picture, filter and map."""
    words: tuple[float, float]
    bars: tuple[float, float, float, float]
    """Left, bottom, width and height."""


def label(width: float, height: float) -> str:
    """The name of the axes in a picture of this size, so that a hand knows where it points."""
    return f"maps in {width:g} by {height:g}"


def size_of(label: str) -> tuple[float, float] | None:
    """Width and height from that name; None where something else is pointed at."""
    match = re.fullmatch(r"maps in ([\d.]+) by ([\d.]+)", label)
    return (float(match[1]), float(match[2])) if match else None


def arrange(counts: Sequence[int], width: float, height: float) -> Layout:
    """Large pictures above, rows of small ones below; on a phone a row has two lines.

    Parameters
    ----------
    counts : sequence of int
        How many small pictures each row has.
    width, height : float
        Of the whole picture.
    """
    narrow, top = width < 550, height - 26
    start, per_line = (62.0, PER_LINE // 2) if narrow else (LABEL, PER_LINE)
    tile = (width - start - 6) // per_line - GAP if narrow else TILE
    bottom = top - (152 + tile if narrow else BIG + 44)
    rows, names = [], []
    for count in counts:
        names.append((start - 8, bottom + tile / 2))
        rows.append(
            [
                (start + (i % per_line) * (tile + GAP), bottom - (i // per_line) * (tile + GAP), tile)
                for i in range(count)
            ]
        )
        bottom = rows[-1][-1][1] - tile - 11
    side, between, left = (0.2 * width, 0.03 * width, 12.0) if narrow else (BIG, 34.0, 20.0)
    large = [(left + i * (side + between), top - side, side) for i in range(3)]
    from_left = large[2][0] + side + (22 if narrow else 36)
    high = 130 if narrow else BIG
    return Layout(
        narrow=narrow,
        rows=rows,
        names=names,
        large=large,
        words=(left if narrow else start, bottom + tile + 5),
        bars=(from_left, top - high, width - from_left - (10 if narrow else 44), high),
    )
