"""What a hand does to `Clinic`: it points at a test, and orders it."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.it_doesnt_work_why.reports import TESTS
from dlcourse.widgets.it_doesnt_work_why.state import ClinicState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=ClinicState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger: a test is chosen, and ordered when it is clicked twice."""
    if event.axes != "tests" or event.kind not in ("down", "double") or not -0.5 <= event.y < len(TESTS) - 0.5:
        return state
    chosen = state.choose(round(event.y))
    return chosen.order() if event.kind == "double" else chosen


def key(state: State, key: str) -> State:
    """The state after a key: up and down choose a test, Enter orders it."""
    if key == "Enter":
        return state.order()
    _, up = ARROWS.get(key, (0, 0))
    return state.choose(tuple(TESTS).index(state.test) - up) if up else state
