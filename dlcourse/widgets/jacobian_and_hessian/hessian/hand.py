"""What a hand does to `HessianMatrix`: a click takes two weights of the table, or one of the network."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from dlcourse.live.widget import Pointer
from dlcourse.widgets.chain.hand import press, walk
from dlcourse.widgets.jacobian_and_hessian.hessian.state import HessianState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=HessianState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind != "down" or state.hides:
        return state
    if event.axes == "network":
        return press(state, event.x, event.y)
    if event.axes == "hessian":
        layer = state.place[0]
        inputs = state.sizes[layer]
        most = inputs * state.sizes[layer + 1] - 1
        row, column = (int(np.clip(round(v), 0, most)) for v in (event.y, event.x))
        return state.choose(layer, row % inputs, row // inputs).replace(other=column)
    return state


def key(state: State, key: str) -> State:
    """The state after a key."""
    if state.hides:
        return state
    if key in (",", "."):
        layer = state.place[0]
        number = state.sizes[layer] * state.sizes[layer + 1]
        return state.replace(other=(state.pair + (1 if key == "." else -1)) % number)
    return walk(state, key)
