"""What a hand does to `JacobianMatrix`: a click or an arrow takes another row."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.jacobian_and_hessian.jacobian.state import JacobianState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=JacobianState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if state.hides or event.kind != "down" or event.axes != "jacobian":
        return state
    row = int(np.clip(round(event.y), 0, state.sizes[-1] - 1))
    return state if row == state.end else state.replace(output=row + 1)


def key(state: State, key: str) -> State:
    """The state after a key."""
    _, up = ARROWS.get(key, (0, 0))
    down = 1 if key == "o" else -up
    return state if state.hides or not down else state.replace(output=(state.end + down) % state.sizes[-1] + 1)
