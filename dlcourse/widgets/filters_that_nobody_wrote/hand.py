"""What a hand does to `FeatureMaps`: point at a small picture, or walk over them with the arrow keys."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.filters_that_nobody_wrote.layout import arrange, size_of
from dlcourse.widgets.filters_that_nobody_wrote.state import MapsState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=MapsState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    size = size_of(event.axes)
    if size is None or event.kind not in ("hover", "down", "drag"):
        return state
    for row, places in enumerate(arrange(state.rows, *size).rows):
        for index, (left, low, side) in enumerate(places):
            if low <= event.y <= low + side and left <= event.x <= left + side:
                chosen = (max(row - state.offset, 0), index)
                return state if chosen == state.chosen else state.replace(selected=chosen)
    return state


def key(state: State, key: str) -> State:
    """The state after a key: arrows choose a map, n and p the next and the previous picture."""
    if key in ("n", "p"):
        return state.replace(example=state.example + (1 if key == "n" else -1))
    if key not in ARROWS:
        return state
    right, up = ARROWS[key]
    stage, index = state.chosen
    stage = min(max(stage - up, 0), len(state.shown) - 1)
    index = (index + right) % state.shown[stage] if right else min(index, state.shown[stage] - 1)
    return state.replace(selected=(stage, index))
