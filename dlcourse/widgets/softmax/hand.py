"""What a hand does to `SoftmaxBars`: it takes hold of a bar, and pulls."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.softmax.state import BarsState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=BarsState)

STEP = 0.1
"""How far an arrow key pulls."""


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.axes not in ("scores", "shares"):
        return state
    if event.kind == "down":
        return state.choose(round(event.x))
    if event.kind == "drag" and event.axes == "scores":
        return state.pull(event.y)
    return state


def key(state: State, key: str) -> State:
    """The state after a key."""
    right, up = ARROWS.get(key, (0, 0))
    if up:
        return state.pull(state.now[state.chosen] + STEP * up)
    return state.choose(state.chosen + right) if right else state
