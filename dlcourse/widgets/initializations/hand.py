"""What a hand does to `InitExplorer`: point at a layer, or walk through the layers with the arrow keys."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.initializations.state import InitState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=InitState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind not in ("down", "drag") or event.axes not in ("spread", "units"):
        return state
    return state.look_at(round(event.x))


def key(state: State, key: str) -> State:
    """The state after a key."""
    right, _ = ARROWS.get(key, (0, 0))
    return state.look_at(state.layer + right) if right else state
