"""What a hand does to `EggCarton`: arrow keys change the dimensions, d drops the balls, Enter rolls them."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS
from dlcourse.widgets.egg_carton.state import EggState

__all__ = ["key"]

State = TypeVar("State", bound=EggState)


def key(state: State, key: str) -> State:
    """The state after a key."""
    if key in ARROWS:
        more = sum(ARROWS[key]) > 0  # to the right, or up
        d = max(state.d + 1, round(1.2 * state.d)) if more else min(state.d - 1, round(state.d / 1.2))
        return state.replace(dimensions=float(d))
    if key == "d":
        return state.drop()
    return state.step() if key in ("Enter", " ") else state
