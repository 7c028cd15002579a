"""What a hand does to `DropoutMasks`: a click on the course, or the arrow keys, set how many masks have been drawn."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.dropout.state import DropoutState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=DropoutState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.axes != "course" or event.kind not in ("down", "drag") or not state.drops:
        return state
    return state.replace(n=round(event.x))


def key(state: State, key: str) -> State:
    """The state after a key: right and left one mask, up and down a tenth of p."""
    right, up = ARROWS.get(key, (0, 0))
    if up:
        return state.replace(p=round(state.p + 0.1 * up, 1))
    return state.replace(n=state.n + right) if right and state.drops else state
