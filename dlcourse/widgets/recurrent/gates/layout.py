"""Where the strips of a gated cell stand in its picture, in inches; on a phone closer together."""

from __future__ import annotations

__all__ = ["BELT", "HEIGHT", "WIDTH", "spots", "strips"]

HEIGHT, WIDTH = 1.28, 0.3
BELT = 3.27
"""Height of the belt on which the memory travels."""
UPPER, LOWER = BELT - HEIGHT / 2, 1.07
"""Where strips on the belt and strips below it begin."""
WIDE = {"before": 0.6, "keep": 2.0, "write": 3.3, "new": 4.1, "after": 5.15, "show": 6.1, "state": 6.75}
NARROW = {"before": 0.36, "keep": 1.15, "write": 1.85, "new": 2.4, "after": 2.97, "show": 3.6, "state": 4.15}


def spots(*, narrow: bool) -> dict[str, float]:
    """How far each strip's middle is from the left."""
    return NARROW if narrow else WIDE


def strips(cell: str, *, narrow: bool) -> dict[str, tuple[float, float]]:
    """The strips of a cell: the middle from the left, and the lower edge."""
    upper = {"before", "after", "state"}
    return {
        name: (x, UPPER if name in upper else LOWER)
        for name, x in spots(narrow=narrow).items()
        if cell == "LSTM" or name not in ("show", "state")
    }
