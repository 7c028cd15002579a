"""How a hand takes a weight or an output of the drawn network: a click on a line or a circle, arrows and letters."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from dlcourse.live.widget import ARROWS
from dlcourse.widgets.chain.layout import places
from dlcourse.widgets.chain.state import WeightState

__all__ = ["press", "walk"]

State = TypeVar("State", bound=WeightState)
STEPS = ARROWS | {"i": (0, -1)}
"""Keys that walk: layers to the right, and neurons up."""


def press(state: State, x: float, y: float) -> State:
    """The output or the weight that is nearest to a place in the picture of the network."""
    at = places(state.sizes)
    for o, (ox, oy) in enumerate(at[-1]):
        if np.hypot(ox - x, oy - y) < 0.05:
            return state.look_at(o)
    best, nearest = None, 0.06
    for layer, (left, right) in enumerate(zip(at, at[1:], strict=False)):
        for j, a in enumerate(left):
            for i, b in enumerate(right):
                along = np.clip(np.dot((x, y) - a, b - a) / np.dot(b - a, b - a), 0, 1)
                away = float(np.hypot(*(a + along * (b - a) - (x, y))))
                if away < nearest:
                    best, nearest = (layer, j, i), away
    return state if best is None else state.choose(*best)


def walk(state: State, key: str) -> State:
    """The weight or output that a key leads to, the weight turned; the state itself for any other key."""
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
        return state.look_at((state.end + 1) % sizes[-1])
    if key in ("+", "-"):
        return state.turn(0.1 if key == "+" else -0.1)
    if key in ("Delete", "Backspace"):
        return state.replace(turned=())
    return state
