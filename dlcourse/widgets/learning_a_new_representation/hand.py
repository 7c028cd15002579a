"""What a hand does to `Representation`: arrows walk and turn, dragging the right picture turns it."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.learning_a_new_representation.state import RepresentationState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=RepresentationState)


def pointer(state: State, event: Pointer) -> State:
    """Dragging the right picture sideways turns the view."""
    if event.kind == "down" and event.axes == "space":
        return state.replace(grabbed=(event.x, state.turn))
    if event.kind == "up" and state.grabbed is not None:
        return state.replace(grabbed=None)
    if event.kind != "drag" or state.grabbed is None:
        return state
    start, turn = state.grabbed
    degrees = 5 * round((turn - 90 * (event.x - start)) / 5)
    return state.replace(turn=(degrees + 180) % 360 - 180)


def key(state: State, key: str) -> State:
    """Right and left go along the way, up and down turn the view."""
    right, up = ARROWS.get(key, (0, 0))
    if right:
        return state.replace(way=round(state.way + 0.01 * right, 2))
    return state.replace(turn=state.turn + 5 * up) if up else state
