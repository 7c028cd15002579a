"""What a hand does to `MinibatchFan`: a place on the law is a batch size, and arrow keys double and halve it."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.sgd_and_minibatch.state import FanState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=FanState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind not in ("down", "drag") or event.axes != "law":
        return state
    batch = round(min(max(event.x, 1.0), float(state.n)))
    return state if batch == state.b else state.replace(batch=float(batch))


def key(state: State, key: str) -> State:
    """The state after a key."""
    right, _ = ARROWS.get(key, (0, 0))
    return state.replace(batch=state.b * 2.0**right) if right else state
