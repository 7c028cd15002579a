"""What a hand does to `Folds`: it drags kinks and slopes, adds units, and flips them."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.more_neurons_more_layers.folds.numbers import MOST, REACH
from dlcourse.widgets.more_neurons_more_layers.folds.state import FoldsState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=FoldsState)


def pointer(state: State, event: Pointer) -> State:
    """A press takes a kink or the handle of a slope, or adds a unit; a double click flips one."""
    if event.kind == "up":
        return state.replace(grabbed="") if state.grabbed else state
    if event.axes != "units" or event.kind == "hover":
        return state
    if event.kind == "double":
        near = _near(state, event)
        return state if near is None else state.replace(unit=near).flip()
    if event.kind == "down":
        return _grab(state, event)
    if state.grabbed == "kink":
        return state.replace(kink=round(event.x, 3))
    if state.grabbed == "slope":
        away = (state.kink - event.x) if state.left else (event.x - state.kink)
        return state.replace(slope=round(event.y / max(away, REACH), 3))
    return state


def _near(state: FoldsState, event: Pointer) -> int | None:
    """The number of the unit whose kink is under the pointer."""
    apart = [abs(event.x - kink) for kink, _, _ in state.used]
    apart[state.unit - 1] -= 0.01  # where kinks lie together, the chosen one is taken
    nearest = int(np.argmin(apart))
    return nearest + 1 if apart[nearest] < 0.035 and abs(event.y) < 0.3 else None


def _grab(state: State, event: Pointer) -> State:
    """Take what is under the pointer; where nothing is, a new unit."""
    x, y = state.arm
    if abs(event.x - x) < 0.03 and abs(event.y - y) < 0.25:
        return state.replace(grabbed="slope")
    near = _near(state, event)
    if near is not None:
        return state.replace(unit=near, grabbed="kink")
    if state.units == MOST:
        return state
    return state.with_unit(event.x, 2.0 if event.y >= 0 else -2.0).replace(grabbed="kink")


def adds(state: FoldsState, event: Pointer) -> bool:
    """Whether a press here makes a unit."""
    return pointer(state, event).units > state.units


def key(state: State, key: str) -> State:
    """n and p choose, a adds, Delete removes, Enter flips; arrows move the kink and change the slope."""
    if key in ("n", "p"):
        return state.replace(unit=(state.unit - 1 + (1 if key == "n" else -1)) % state.units + 1)
    if key == "a":
        return state.add()
    if key in ("Delete", "Backspace"):
        return state.remove()
    if key in ("Enter", " "):
        return state.flip()
    right, up = ARROWS.get(key, (0, 0))
    if right:
        return state.replace(kink=round(state.kink + 0.01 * right, 3))
    return state.replace(slope=round(state.slope + 0.1 * up, 3)) if up else state
