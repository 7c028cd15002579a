"""What a hand does to `GradientStep`: it moves the weights, and goes along the update."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.finding_the_weights.numbers import SHARES
from dlcourse.widgets.finding_the_weights.state import StepState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=StepState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.axes == "slice" and event.kind == "down":
        share = min(max(event.x, float(SHARES[0])), float(SHARES[-1]))
        return state.moved_to(state.here.weights - share * state.lr * state.here.gradient)
    if event.kind not in ("down", "drag") or event.axes not in ("curve", "map"):
        return state
    w = round(event.x, 2)
    return state.replace(w=w) if event.axes == "curve" else state.replace(w=w, b=round(event.y, 2))


def key(state: State, key: str) -> State:
    """The state after a key."""
    right, up = ARROWS.get(key, (0, 0))
    if right:
        return state.replace(w=round(state.w + 0.05 * right, 4))
    if up:
        return state.replace(b=round(state.b + 0.05 * up, 4))
    return state.step() if key in ("Enter", " ") else state
