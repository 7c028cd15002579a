"""What a hand does to `NeuronExplorer`: it drags and turns the line, and adds, drags, flips and deletes points."""

from __future__ import annotations

import math
from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.single_neuron.state import LINE, NeuronState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=NeuronState)
TURN = math.radians(5)
"""How far an arrow key turns the line."""


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind == "up":
        return state.replace(grabbed="") if state.grabbed else state
    if event.axes != "plane":
        return state
    at = (event.x, event.y)
    if event.kind == "hover":
        return state.edited(state.editor.picked(state.editor.near(at)))
    if event.kind == "double":
        near = state.editor.near(at)
        return state if near is None else state.replace(selected=near).flip()
    return grab(state, at, 0 if event.shift else 1) if event.kind == "down" else drag(state, at)


def grab(state: State, at: tuple[float, float], label: int) -> State:
    """Take the handle, a point or the line, whichever is here; a new point of this class where nothing is."""
    editor, handle = state.editor, state.handle
    reach = editor.reach * (editor.view[1] - editor.view[0])
    if handle is not None and math.dist(at, handle.grip) < reach:
        return state.replace(grabbed="turn", selected=LINE)
    near = editor.near(at)
    if near is not None:
        return state.replace(grabbed="point", selected=near)
    if handle is not None and abs(state.w1 * at[0] + state.w2 * at[1] + state.b) / math.hypot(*state.w) < reach:
        return state.replace(grabbed="line", selected=LINE)
    return state.edited(editor.added(at, label)).replace(grabbed="point")


def drag(state: State, at: tuple[float, float]) -> State:
    """What is held follows the pointer."""
    if state.grabbed == "point":
        return state.edited(state.editor.moved(at))
    if state.grabbed == "line":
        return state.placed(state.w1, state.w2, -(state.w1 * at[0] + state.w2 * at[1]))
    handle = state.handle
    if state.grabbed != "turn" or handle is None:
        return state
    (px, py), along = handle.pivot, math.dist(at, handle.pivot)
    if along <= 1e-6:
        return state
    length = math.hypot(*state.w)
    w1, w2 = length * (at[1] - py) / along, -length * (at[0] - px) / along
    return state.placed(w1, w2, -(w1 * px + w2 * py))


def adds(state: NeuronState, event: Pointer) -> bool:
    """Whether a press here makes a point."""
    return len(pointer(state, event).editor.points) > len(state.editor.points)


def key(state: State, key: str) -> State:
    """The state after a key: l selects the line, a adds a point, Enter flips one, the others do as `Editor` says."""
    if key == "l":
        return state.replace(selected=LINE)
    if key == "a":
        return state.edited(state.editor.added(state.editor.middle, 1))
    if key in ("Enter", " "):
        return state.flip()
    if key in ARROWS and state.editor.row is None:
        return nudge(state, *ARROWS[key])
    return state.edited(state.editor.pressed(key))


def nudge(state: State, right: int, up: int) -> State:
    """The line turned clockwise by steps to the right, or shifted along the arrow of w by steps up."""
    handle = state.handle
    if handle is None:
        return state
    (px, py), angle = handle.pivot, -TURN * right
    w1 = state.w1 * math.cos(angle) - state.w2 * math.sin(angle)
    w2 = state.w1 * math.sin(angle) + state.w2 * math.cos(angle)
    size = state.editor.step * (state.limits[1] - state.limits[0]) * up * math.hypot(w1, w2)
    return state.placed(w1, w2, -(w1 * px + w2 * py) - size)
