"""What a hand does to `DigitPad`: it draws, with mouse, finger, or the arrow keys and the space bar."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.start_here.ink import SIDE
from dlcourse.widgets.start_here.state import PadState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=PadState)


def pointer(state: State, event: Pointer) -> State:
    """A press begins a stroke, dragging makes it longer."""
    if event.axes != "pad" or event.kind not in ("down", "drag"):
        return state
    at = _on_pad(event.x, event.y)
    if event.kind == "down":
        return state.replace(strokes=(*state.strokes, (at,)), pen=at, writing=False)
    return _extended(state, at)


def adds(state: PadState, event: Pointer) -> bool:
    """Whether a press here makes a stroke."""
    return event.axes == "pad"


def key(state: State, key: str) -> State:
    """Arrows move the pen, the space bar puts it down and takes it up."""
    if key in ARROWS:
        right, up = ARROWS[key]
        at = _on_pad(state.pen[0] + right, state.pen[1] - up)
        return _extended(state, at) if state.writing else state.replace(pen=at)
    if key == " ":
        if state.writing:
            return state.replace(writing=False)
        return state.replace(writing=True, strokes=(*state.strokes, (state.pen,)))
    if key == "Backspace":
        return state.undo()
    return state.clear() if key == "Delete" else state


def _extended(state: State, at: tuple[float, float]) -> State:
    """The last stroke goes on to this place."""
    if not state.strokes or state.strokes[-1][-1] == at:
        return state
    return state.replace(strokes=(*state.strokes[:-1], (*state.strokes[-1], at)), pen=at)


def _on_pad(x: float, y: float) -> tuple[float, float]:
    """Inside the pad, to a tenth of a pixel, so that the shown code is short and exact."""
    return round(min(max(float(x), 0.0), SIDE), 1), round(min(max(float(y), 0.0), SIDE), 1)
