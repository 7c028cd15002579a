"""What a hand does to `Sweep`: draw a box around dots, or walk from run to run with the arrow keys."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.hyperparameters.state import CURVES, SweepState

__all__ = ["adds", "key", "pointer"]

State = TypeVar("State", bound=SweepState)


def adds(state: SweepState, event: Pointer) -> bool:
    """Whether a press here begins a box."""
    return event.axes == CURVES or event.axes in state.space


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind == "down" and adds(state, event):
        return state.replace(brush=(event.axes, event.x, event.y, event.x, event.y), picked=-1)
    if state.brush is None:
        return state
    axes, x, y, *_ = state.brush
    if event.kind == "drag" and event.axes == axes:
        return state.replace(brush=(axes, x, y, event.x, event.y))
    if event.kind == "up" and state.brush[1:3] == state.brush[3:]:
        return state.replace(brush=None)
    return state


def key(state: State, key: str) -> State:
    """The state after a key."""
    if key in ("Escape", "Delete", "Backspace"):
        return state.replace(brush=None, picked=-1) if state.brush is not None or state.picked >= 0 else state
    right, _ = ARROWS.get(key, (0, 0))
    numbers = [run.number for run in state.compute().sweep.runs]
    if not right or not numbers:
        return state
    at = numbers.index(state.picked) + right if state.picked in numbers else 0 if right > 0 else -1
    return state.replace(picked=numbers[at % len(numbers)], brush=None)
