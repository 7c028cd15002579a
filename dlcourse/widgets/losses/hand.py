"""What a hand does to `LossExplorer`: it moves the score along the curves, the truth up and down, and the steps."""

from __future__ import annotations

from math import log
from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.losses.state import LossState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=LossState)
SURE = 1 / 3000
"""Less than the probability of a score of −8."""


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind not in ("down", "drag"):
        return state
    if event.axes in ("curves", "slopes"):
        x = event.x
        if state.over == "probability":
            p = min(max(event.x, SURE), 1 - SURE)
            x = log(p / (1 - p)) + (log(9) if state.loss == "cross-entropy of 10" else 0)
        return state.replace(x=x)
    if event.axes == "walk":
        return state.replace(steps=round(event.x))
    return state


def key(state: State, key: str) -> State:
    """The state after a key: left and right move the score, up and down the truth."""
    right, up = ARROWS.get(key, (0, 0))
    if right:
        return state.replace(x=round(state.x + 0.1 * right, 1))
    return state.replace(truth=round(state.truth + 0.1 * up, 1)) if up else state
