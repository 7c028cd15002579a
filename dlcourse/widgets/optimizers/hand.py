"""What a hand does to `OptimizerRace`: a click chooses the start, the arrow keys move it."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.optimizers.state import RaceState
from dlcourse.widgets.optimizers.surfaces import LIMITS

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=RaceState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.axes != "surface" or event.kind not in ("down", "drag"):
        return state
    return _begun(state, event.x, event.y)


def key(state: State, key: str) -> State:
    """The state after a key."""
    right, up = ARROWS.get(key, (0, 0))
    if not right and not up:
        return state.step() if key in ("Enter", " ") else state
    x, y = state.beginning
    return _begun(state, x + 0.1 * right, y + 0.1 * up)


def _begun(state: State, x: float, y: float) -> State:
    """The same optimizer from another start."""
    (left, right), (low, high) = LIMITS
    return state.replace(start=(round(min(max(x, left), right), 3), round(min(max(y, low), high), 3)))
