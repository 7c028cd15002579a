"""What a hand does to `Wiring`: point at a unit, or walk over them with the arrow keys."""

from __future__ import annotations

import math
from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.fully_connected.layout import places, sheets
from dlcourse.widgets.fully_connected.state import WiringState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=WiringState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.axes != "units" or event.kind not in ("hover", "down", "drag"):
        return state
    unit = unit_at(state.network.shape, event.x, event.y)
    return state if unit is None or unit == state.chosen else state.replace(unit=unit)


def unit_at(shape: tuple[int, ...], x: float, y: float) -> tuple[int, int, int] | None:
    """The unit at a place, in a unit square whose y goes down."""
    count, down, across = sheets(shape)
    if shape[1] * shape[2] == 1:  # small squares: the nearest one is meant
        row, column = math.floor(y * down), math.floor(x * across)
        sheet = row * across + column
        return (sheet, 0, 0) if row >= 0 and 0 <= column < across and sheet < count else None
    for sheet, (left, top, width, height) in enumerate(places(shape)):
        if left <= x < left + width and top <= y < top + height:
            row, column = int((y - top) / height * shape[1]), int((x - left) / width * shape[2])
            return sheet, min(row, shape[1] - 1), min(column, shape[2] - 1)
    return None


def key(state: State, key: str) -> State:
    """The state after a key: arrows choose a unit, n and p the next and the previous map."""
    shape = state.network.shape
    sheet, row, column = state.chosen
    count, _, across = sheets(shape)
    if key in ("n", "p"):
        return state.replace(unit=((sheet + (1 if key == "n" else -1)) % count, row, column))
    if key not in ARROWS:
        return state
    right, up = ARROWS[key]
    if shape[1] * shape[2] == 1:
        to = sheet - up * across + right
        return state.replace(unit=(to, 0, 0)) if 0 <= to < count else state
    row, column = min(max(row - up, 0), shape[1] - 1), min(max(column + right, 0), shape[2] - 1)
    return state.replace(unit=(sheet, row, column))
