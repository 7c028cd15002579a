"""What a hand does to `NameWriter`: type the beginning of the names, or click its letters."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.data.names import LETTERS
from dlcourse.live.widget import Pointer
from dlcourse.widgets.writing_names.state import NamesState
from dlcourse.widgets.writing_names.training import LONGEST

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=NamesState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.axes == "after" and event.kind == "down" and 0 <= round(event.x) < LETTERS - 1:
        return key(state, chr(97 + round(event.x)))
    return state


def key(state: State, key: str) -> State:
    """The state after a key."""
    if len(key) == 1 and "a" <= key <= "z" and len(state.start) < LONGEST - 1:
        return state.replace(start=state.start + key)
    if key == "Backspace" and state.start:
        return state.replace(start=state.start[:-1])
    if key == "Delete" and state.start:
        return state.replace(start="")
    if key == "Enter":
        return state.again()
    return state
