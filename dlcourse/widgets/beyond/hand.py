"""What a hand does to `Translate`: it points at a layer, or at a line of a program."""

from __future__ import annotations

import math
from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.beyond.columns import listed
from dlcourse.widgets.beyond.numbers import LIBRARIES, MOST
from dlcourse.widgets.beyond.state import TranslateState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=TranslateState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind not in ("down", "drag"):
        return state
    if event.axes in ("program", *LIBRARIES):
        return at_line(state, event)
    row = math.floor(event.y) - 1
    if event.axes != "layers" or row < 0:
        return state
    first = max(0, min(state.chosen - MOST + 1, len(state.whole.lines) - MOST))
    return state.choose(first + row)


def at_line(state: State, event: Pointer) -> State:
    """The layer whose line is pointed at, in the program of these axes."""
    shown = listed(state, state.compute(), event.axes == "program")
    column = shown[list(LIBRARIES).index(event.axes) if event.axes in LIBRARIES else 0]
    row = math.floor(event.y)
    owner = column[row][1] if 0 <= row < len(column) else None
    return state if owner is None else state.choose(owner)


def key(state: State, key: str) -> State:
    """The state after a key."""
    _, up = ARROWS.get(key, (0, 0))
    return state.choose(state.chosen - up) if up else state
