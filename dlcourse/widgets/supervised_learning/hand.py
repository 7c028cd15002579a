"""What a hand does to `FitAFunction`: it adds, drags and deletes points, hides them from the learners, and chooses one."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import Pointer
from dlcourse.widgets.supervised_learning.state import FitState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=FitState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind == "up":
        return state.replace(grabbed=False) if state.grabbed else state
    if event.axes == "board" and event.kind == "down":
        row = round(event.y)
        return state.replace(model=state.names[row]) if 0 <= row < len(state.names) else state
    if event.axes != "plane":
        return state
    editor, at = state.editor, (float(event.x), float(event.y))
    if event.kind == "drag":
        return state.edited(editor.moved(at)) if state.grabbed else state
    near = editor.near(at)
    if event.kind == "hover":
        return state.edited(editor.picked(near))
    if event.kind == "double":
        return state if near is None else state.edited(editor.picked(near).removed())
    if near is not None:
        return state.replace(grabbed=True, selected=near)
    return state.edited(editor.added(at, 0 if event.shift else 1)).replace(grabbed=True)


def adds(state: FitState, event: Pointer) -> bool:
    """Whether a press here makes a point."""
    return len(pointer(state, event).editor.points) > len(state.editor.points)


def key(state: State, key: str) -> State:
    """The state after a key: m is the next learner, a adds a point, u hides it, the others do as `Editor` says."""
    editor = state.editor
    if key == "m":
        names = state.names
        return state.replace(model=names[(names.index(state.model) + 1) % len(names)])
    if key == "a":
        return state.edited(editor.added(editor.middle, 1))
    if key == "u":
        return state if editor.row is None else state.edited(editor.marked(1 - editor.row[2]))
    return state.edited(editor.pressed(key))
