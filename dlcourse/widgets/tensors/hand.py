"""What a hand does to `TensorExplorer`: it chooses an answer, and points at a pixel."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.tensors.state import TensorState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=TensorState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.axes == "guess" and event.kind == "down":
        return state.answered(int(event.y))
    if event.axes == "photo" and event.kind in ("down", "drag"):
        h, w = state.x.shape[:2]
        return state.replace(down=int(100 * (event.y + 0.5) / h), across=int(100 * (event.x + 0.5) / w))
    return state


def key(state: State, key: str) -> State:
    """The state after a key."""
    if key in ("1", "2", "3", "4"):
        return state.answered(int(key) - 1)
    if key not in ARROWS:
        return state
    right, up = ARROWS[key]
    return state.replace(down=state.down - up, across=state.across + right)
