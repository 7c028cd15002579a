"""What a hand does to `Convolution`: choose the place on picture or map, and change single weights of the kernel."""

from __future__ import annotations

import math
from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.convolutional.state import ConvolutionState

__all__ = ["key", "pointer"]

PER_UNIT = 0.5
"""How much a weight changes when it is dragged upwards by the height of its own square."""

State = TypeVar("State", bound=ConvolutionState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.axes == "kernel":
        return on_kernel(state, event)
    if event.axes not in ("input", "output") or event.kind not in ("hover", "down", "drag"):
        return state if state.grabbed is None or event.kind != "up" else state.replace(grabbed=None)
    if 0 in state.map_shape or (event.kind == "hover" and state.scanned >= 0):
        return state
    height, width = state.map_shape if event.axes == "output" else state.pixels.shape
    at = (min(max(event.y / height, 0.0), 0.9999), min(max(event.x / width, 0.0), 0.9999))
    return state.replace(at=at, selected=-1) if event.kind != "hover" else state.replace(at=at)


def on_kernel(state: State, event: Pointer) -> State:
    """The state after a weight was chosen, or dragged up or down."""
    weights = state.weights
    kh, kw = weights.shape
    if event.kind == "up":
        return state if state.grabbed is None else state.replace(grabbed=None)
    if event.kind == "drag" and state.grabbed is not None and 0 <= state.selected < weights.size:
        steps = round((state.grabbed - event.y) * PER_UNIT / 0.05)
        if not steps:
            return state
        value = float(weights.flat[state.selected]) + 0.05 * steps
        return state.with_weight(state.selected, value).replace(grabbed=state.grabbed - 0.05 * steps / PER_UNIT)
    row, column = math.floor(event.y), math.floor(event.x)
    if event.kind != "down" or not (0 <= row < kh and 0 <= column < kw):
        return state
    return state.replace(selected=row * kw + column, grabbed=event.y)


def key(state: State, key: str) -> State:
    """The state after a key: n, p and k choose a weight; without one the arrows move the place."""
    count = state.weights.size
    if key == "k":
        return state.replace(selected=-1 if state.selected >= 0 else count // 2)
    if key in ("n", "p"):
        return next_weight(state, 1 if key == "n" else -1)
    if 0 <= state.selected < count:
        return on_weight(state, key)
    if key not in ARROWS or 0 in state.map_shape:
        return state
    right, up = ARROWS[key]
    height, width = state.map_shape
    i = min(max(state.place[0] - up, 0), height - 1)
    j = min(max(state.place[1] + right, 0), width - 1)
    return state.replace(at=((i + 0.5) / height, (j + 0.5) / width))


def next_weight(state: State, step: int) -> State:
    """The state in which the next or previous weight has the ring."""
    return state.replace(selected=(state.selected + step) % state.weights.size)


def on_weight(state: State, key: str) -> State:
    """The state after a key while a weight has the ring."""
    value = float(state.weights.flat[state.selected])
    if key.isdecimal() and len(key) == 1:
        return state.with_weight(state.selected, float(key))
    right, up = ARROWS.get(key, (0, 0))
    if right:
        return next_weight(state, right)
    if up:
        return state.with_weight(state.selected, value + 0.25 * up)
    changed = {"-": -value, "Delete": 0.0}
    return state.with_weight(state.selected, changed[key]) if key in changed else state
