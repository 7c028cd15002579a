"""What a hand does to `Translate`: it points at a layer."""

from __future__ import annotations

import math
from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.beyond.numbers import MOST
from dlcourse.widgets.beyond.state import TranslateState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=TranslateState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    row = math.floor(event.y) - 1
    if event.axes != "layers" or event.kind not in ("down", "drag") or row < 0:
        return state
    first = max(0, min(state.chosen - MOST + 1, len(state.whole.lines) - MOST))
    return state.choose(first + row)


def key(state: State, key: str) -> State:
    """The state after a key."""
    _, up = ARROWS.get(key, (0, 0))
    return state.choose(state.chosen - up) if up else state
