"""What a hand does to `ReliabilityDiagram`: a click on the course, or the arrow keys, set the epoch; up and down the temperature."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.softmax.confidence.state import ReliabilityState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=ReliabilityState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.axes != "course" or event.kind not in ("down", "drag") or state.own is not None:
        return state
    return state.replace(epochs=round(event.x))


def key(state: State, key: str) -> State:
    """The state after a key."""
    right, up = ARROWS.get(key, (0, 0))
    if up:
        return state.replace(temperature=state.temperature * 1.05**up)
    return state.replace(epochs=state.epochs + right) if right and state.own is None else state
