"""What builds on what: which earlier lessons each lesson needs, where it stands on the map, and the ways in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dlcourse.arrays import Array

__all__ = ["BUILDS_ON", "COLUMNS", "HALF_HIGH", "HALF_WIDE", "ROWS", "Way", "after", "before", "place", "ways"]

BUILDS_ON = {
    "00": (), "01": (), "02": ("00",), "03": ("02",), "04": ("02",), "04b": ("04",), "05": ("04",), "06": ("05",),
    "07": ("05",), "07b": ("07",), "08": ("03",), "09": ("01",), "10": (), "11": ("10",), "12": ("05",),
    "12b": ("09", "12"), "13": ("07", "11"), "13b": ("13",), "14": ("03", "06", "09"), "14b": ("14",),
    "15": ("07", "09"), "16": ("07b", "12b", "15"), "17": ("12", "15"), "18": ("06", "09"),
    "18b": ("07b", "12", "15", "18"), "19": ("16",),
    "20": ("06", "09"), "21": ("14", "16"), "22": ("16",), "23": ("05", "09"), "23b": ("23",), "24": ("01", "12", "13b"),
}  # fmt: skip
"""For each lesson those that it builds on, but for what follows: 16 needs 15, and 15 needs 07, so 16 does not name 07.

A test holds it against the lessons: what a lesson names or imports of an earlier one is on the way to it.
"""

_PLACES = """
01  00  .   10
09  02  .   11
.   04  03  .
04b 05  08  .
06  07  12  .
18  07b 12b 13
20  15  14  13b
18b 16  17  14b
19  22  21  .
.   23  .   24
.   23b .   .
"""
_GRID = [line.split() for line in _PLACES.strip().splitlines()]
ROWS, COLUMNS = len(_GRID), len(_GRID[0])
HALF_WIDE, HALF_HIGH = 0.445, 0.3
"""Half of the width and height of a lesson's box, in columns and rows."""
_GAP, _BUNDLE = 0.5 - HALF_WIDE, 0.024
_BEND = 10


@dataclass(frozen=True)
class Way:
    """An arrow of the map.

    Attributes
    ----------
    source, target : str
        The earlier lesson, and the one that builds on it.
    points : Array, shape (P, 2)
        Columns and rows that it goes through, from below the one to above the other.
    """

    source: str
    target: str
    points: Array


def place(lesson: str) -> tuple[int, int]:
    """Column and row of a lesson on the map, counted from the upper left."""
    return next((row.index(lesson), at) for at, row in enumerate(_GRID) if lesson in row)


def before(lesson: str) -> tuple[str, ...]:
    """All that a lesson needs, in the order of the course.

    Examples
    --------
    >>> before("05"), before("01")
    (('00', '02', '04'), ())
    """
    needed: set[str] = set()
    waiting = list(BUILDS_ON[lesson])
    while waiting:
        one = waiting.pop()
        needed.add(one)
        waiting += BUILDS_ON[one]
    return tuple(number for number in BUILDS_ON if number in needed)


def after(lesson: str) -> tuple[str, ...]:
    """The lessons that build on one directly.

    Examples
    --------
    >>> after("16")
    ('19', '21', '22')
    """
    return tuple(number for number, needed in BUILDS_ON.items() if lesson in needed)


@lru_cache(maxsize=1)
def ways() -> tuple[Way, ...]:
    """Every arrow of the map. None goes through the box of a lesson."""
    pairs = [(source, target) for target, sources in BUILDS_ON.items() for source in sources]
    slots = {pair: _slots(*pair) for pair in pairs}
    aside = _apart(slots)
    return tuple(Way(*pair, _drawn(pair, slots, aside)) for pair in pairs)


def _slots(source: str, target: str) -> list[float]:
    """In which column, or gap between two, an arrow crosses each row in between: the smoothest such way."""
    (first, top), (last, bottom) = place(source), place(target)
    best: dict[float, tuple[float, list[float]]] = {float(first): (0.0, [])}
    for row in range(top + 1, bottom):
        free = [column - 0.5 for column in range(COLUMNS + 1)]
        free += [float(column) for column in range(COLUMNS) if _GRID[row][column] == "."]
        best = {
            slot: min((cost + (slot - at) ** 2, [*path, slot]) for at, (cost, path) in best.items()) for slot in free
        }
    return min((cost + (last - at) ** 2, path) for at, (cost, path) in best.items())[1]


def _apart(slots: dict[tuple[str, str], list[float]]) -> dict[tuple[tuple[str, str], int], float]:
    """How far each arrow keeps to the side, so that those that share a gap are still told apart."""
    shared: dict[tuple[int, float], list[tuple[str, str]]] = {}
    for pair, path in slots.items():
        for row, slot in enumerate(path, place(pair[0])[1] + 1):
            shared.setdefault((row, slot), []).append(pair)
    aside = {}
    for (row, _), pairs in shared.items():
        inwards = sorted(pairs, key=lambda pair: (place(pair[1])[0], -place(pair[1])[1], pair))
        for rank, pair in enumerate(inwards):
            aside[pair, row] = (rank - (len(pairs) - 1) / 2) * min(_BUNDLE, 1.6 * _GAP / len(pairs))
    return aside


def _ports(lesson: str, slots: dict[tuple[str, str], list[float]], end: int) -> dict[tuple[str, str], float]:
    """Where along its edge a box lets go of its arrows (end 0), or takes them (end 1): from left to right as they run."""
    own = [pair for pair in slots if pair[end] == lesson]
    beside = {pair: (slots[pair] or [float(place(pair[1 - end])[0])])[-1 if end else 0] for pair in own}
    ranked = sorted(own, key=lambda pair: (beside[pair], place(pair[1 - end])))
    middle = place(lesson)[0]
    return {pair: middle + 0.13 * (rank - (len(own) - 1) / 2) for rank, pair in enumerate(ranked)}


def _drawn(pair: tuple[str, str], slots: dict[tuple[str, str], list[float]], aside: dict[tuple[tuple[str, str], int], float]) -> Array:  # fmt: skip
    """The points of an arrow: straight through each row, and in a soft bend from row to row."""
    top, bottom = (place(lesson)[1] for lesson in pair)
    stops = [(_ports(pair[0], slots, 0)[pair], top + HALF_HIGH)]
    for row, slot in enumerate(slots[pair], top + 1):
        across = slot + aside[pair, row]
        stops += [(across, row - HALF_HIGH), (across, row + HALF_HIGH)]
    stops.append((_ports(pair[1], slots, 1)[pair], bottom - HALF_HIGH))
    return np.array(list(_bent(stops)))


def _bent(stops: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    for (x, y), (next_x, next_y) in zip(stops, stops[1:], strict=False):
        for t in np.linspace(0, 1, _BEND):
            yield x + (next_x - x) * (3 - 2 * t) * t * t, y + (next_y - y) * t
    yield stops[-1]
