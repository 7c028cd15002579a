"""What a hand does to `Derivation`: a click takes another weight, output or line; arrows walk through the weights."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from dlcourse.live.widget import Pointer
from dlcourse.widgets.chain.hand import press, walk
from dlcourse.widgets.when_things_get_intense.derivation.state import LINES, DerivationState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=DerivationState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind != "down" or state.hides:
        return state
    if event.axes == "network":
        return press(state, event.x, event.y)
    if event.axes == "lines":
        return state.replace(shown=int(np.clip(np.floor(event.y) + 1, 1, LINES)))
    return state


def key(state: State, key: str) -> State:
    """The state after a key."""
    if state.hides:
        return state
    return state.step() if key in ("Enter", " ") else walk(state, key)
