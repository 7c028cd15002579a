"""What a hand does to `Paths`: a click takes another weight, path, row or depth; arrows walk through the weights."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.when_things_get_intense.layout import places
from dlcourse.widgets.when_things_get_intense.state import PathsState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=PathsState)
STEPS = ARROWS | {"i": (0, -1)}
"""Keys that walk: layers to the right, and neurons up."""


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind != "down" or state.hides:
        return state
    if event.axes == "network":
        return _touch(state, event.x, event.y)
    if event.axes == "products" and state.compute().paths:
        return state.replace(shown=int(np.clip(round(event.x), 1, state.last)))
    if event.axes == "count" and state.model is None:
        return state.replace(depth=int(np.clip(round(event.x), 1, 10)))
    if event.axes == "jacobian":
        return state.replace(output=int(np.clip(round(event.y), 0, state.sizes[-1] - 1)) + 1)
    if event.axes == "hessian":
        inputs = state.sizes[state.place[0]]
        most = inputs * state.sizes[state.place[0] + 1] - 1
        row, column = (int(np.clip(round(v), 0, most)) for v in (event.y, event.x))
        return state.choose(state.place[0], row % inputs, row // inputs).replace(other=column)
    return state


def _touch(state: State, x: float, y: float) -> State:
    """The output or the weight that is nearest to a place in the picture of the network."""
    at = places(state.sizes)
    for o, (ox, oy) in enumerate(at[-1]):
        if np.hypot(ox - x, oy - y) < 0.05:
            return state if o == state.end else state.replace(output=o + 1, shown=0)
    best, nearest = None, 0.06
    for layer, (left, right) in enumerate(zip(at, at[1:], strict=False)):
        for j, a in enumerate(left):
            for i, b in enumerate(right):
                along = np.clip(np.dot((x, y) - a, b - a) / np.dot(b - a, b - a), 0, 1)
                away = float(np.hypot(*(a + along * (b - a) - (x, y))))
                if away < nearest:
                    best, nearest = (layer, j, i), away
    return state if best is None else state.choose(*best)


def key(state: State, key: str) -> State:
    """The state after a key."""
    if state.hides:
        return state
    (layer, j, i), sizes = state.place, state.sizes
    right, up = STEPS.get(key, (0, 0))
    if right:
        moved = min(max(layer + right, 0), len(sizes) - 2)
        return state.choose(moved, min(j, sizes[moved] - 1), min(i, sizes[moved + 1] - 1))
    if up:
        return state.choose(layer, j, (i - up) % sizes[layer + 1])
    if key == "j":
        return state.choose(layer, (j + 1) % sizes[layer], i)
    if key == "o":
        return state.replace(output=(state.end + 1) % sizes[-1] + 1, shown=0)
    if key in (",", "."):
        number = sizes[layer] * sizes[layer + 1]
        return state.replace(other=(state.pair + (1 if key == "." else -1)) % number)
    if key in ("+", "-"):
        return state.edit(0.1 if key == "+" else -0.1)
    if key in ("Delete", "Backspace"):
        return state.replace(edits=())
    return state.step() if key in ("Enter", " ") else state
