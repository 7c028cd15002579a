"""What a hand does to `RateFinder`: it pulls the rate along the curve, and the update along the training."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.learning_the_learning_rate.state import FinderState, on_grid

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=FinderState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind not in ("down", "drag"):
        return state
    if event.axes in ("finder", "all"):
        return state.replace(rate=on_grid(event.x))
    return state.replace(update=round(event.x)) if event.axes in ("schedule", "training") else state


def key(state: State, key: str) -> State:
    """The state after a key: left and right move the rate, up and down the update."""
    right, up = ARROWS.get(key, (0, 0))
    if right:
        return state.replace(rate=on_grid(state.chosen * 10 ** (0.1 * right)))
    return state.replace(update=state.update + up) if up else state
