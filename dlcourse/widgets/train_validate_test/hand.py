"""What a hand does to `PeekCounter`: a click on the curve, or the arrow keys, set the number of peeks."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.train_validate_test.state import PeekState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=PeekState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.axes != "curve" or event.kind not in ("down", "drag"):
        return state
    return state.replace(peeks=round(event.x))


def key(state: State, key: str) -> State:
    """The state after a key."""
    right, _ = ARROWS.get(key, (0, 0))
    return state.replace(peeks=state.peeks + right) if right else state
