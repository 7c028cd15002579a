"""What a hand does to `ActivationZoo`: it moves x along the curves, and the number of layers along their axis."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.activations.state import ZooState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=ZooState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind not in ("down", "drag"):
        return state
    if event.axes in ("curves", "slopes"):
        step = state.far / 40
        return state.replace(x=round(round(event.x / step) * step, 3))
    if event.axes in ("signal", "gradient"):
        return state.replace(layers=round(event.x))
    return state


def key(state: State, key: str) -> State:
    """The state after a key: left and right move x, up and down add and take away a layer."""
    right, up = ARROWS.get(key, (0, 0))
    if right:
        return state.replace(x=round(state.x + right * state.far / 40, 3))
    return state.replace(layers=state.layers + up) if up else state
