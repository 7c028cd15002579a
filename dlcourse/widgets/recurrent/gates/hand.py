"""What a hand does to `Gates`: a click takes another number of the memory, arrows walk through numbers and letters."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.recurrent.gates.layout import HEIGHT, strips
from dlcourse.widgets.recurrent.gates.state import GatesState
from dlcourse.widgets.recurrent.memory import UNITS

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=GatesState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger; places are in inches, wide or narrow as the picture is."""
    if state.hides or event.kind not in ("down", "drag") or event.axes not in ("wide", "narrow"):
        return state
    for x, y in strips(state.cell, narrow=event.axes == "narrow").values():
        if abs(event.x - x) < 0.25 and y <= event.y <= y + HEIGHT:
            return state.replace(unit=int(np.clip((y + HEIGHT - event.y) / HEIGHT * UNITS + 1, 1, UNITS)))
    return state


def key(state: State, key: str) -> State:
    """The state after a key."""
    right, up = ARROWS.get(key, (0, 0))
    return state if state.hides or not (right or up) else state.replace(read=state.read + right, unit=state.unit - up)
