"""What a hand does to `Broadcast`: it chooses an answer."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import Pointer
from dlcourse.widgets.tensors.broadcast.state import BroadcastState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=BroadcastState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    return state.answered(int(event.y)) if event.axes == "guess" and event.kind == "down" else state


def key(state: State, key: str) -> State:
    """The state after a key."""
    return state.answered(int(key) - 1) if key in ("1", "2", "3", "4") else state
