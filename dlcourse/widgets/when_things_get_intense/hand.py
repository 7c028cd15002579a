"""What a hand does to `Paths`: a click takes another weight, output or path; arrows walk through the weights."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from dlcourse.live.widget import Pointer
from dlcourse.widgets.chain.hand import press, walk
from dlcourse.widgets.when_things_get_intense.state import PathsState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=PathsState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind != "down" or state.hides:
        return state
    if event.axes == "network":
        return press(state, event.x, event.y)
    if event.axes == "products" and state.last:
        return state.replace(shown=int(np.clip(round(event.x), 1, state.last)))
    return state


def key(state: State, key: str) -> State:
    """The state after a key."""
    if state.hides:
        return state
    return state.step() if key in ("Enter", " ") else walk(state, key)
