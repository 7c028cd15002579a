"""What a hand does in lessons 23 and 23b: it inks pixels of a picture, and moves the cover of `WhyItWorks` over the maps."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.it_works_why.drawing import DrawnState
from dlcourse.widgets.it_works_why.state import WhyState

__all__ = ["adds", "inked", "key", "pointer"]

State = TypeVar("State", bound=DrawnState)
Why = TypeVar("Why", bound=WhyState)


def pixel(event: Pointer) -> tuple[int, int]:
    """Row and column of the pixel under the hand."""
    i, j = (min(max(round(at), 0), 7) for at in (event.y, event.x))
    return i, j


def inked(state: State, event: Pointer) -> State:
    """A press on the picture inks a pixel, or takes its ink away, and dragging does the same to others."""
    if event.axes != "picture" or event.kind not in ("down", "drag"):
        return state
    (i, j), image = pixel(event), state.image[:, :, 0]
    if event.kind == "down":
        return state.ink(i, j, 0.0 if image[i, j] > 0.5 else 1.0)
    value = round(float(image[state.at]), 4)  # what the press made of its pixel
    return state if (i, j) == state.at or value not in (0.0, 1.0) else state.ink(i, j, value)


def pointer(state: Why, event: Pointer) -> Why:
    """On the picture it inks, on a map it moves the cover."""
    if event.axes not in ("left", "right") or event.kind not in ("down", "drag"):
        return inked(state, event)
    at = pixel(event)
    return state.replace(at=at) if at != state.at else state


def adds(state: DrawnState, event: Pointer) -> bool:
    """Whether a press here inks something."""
    return event.axes == "picture"


def key(state: State, key: str) -> State:
    """Arrows move from pixel to pixel, the space bar inks the one under the frame or takes its ink away, Delete clears."""
    if key in ARROWS:
        right, up = ARROWS[key]
        i, j = min(max(state.at[0] - up, 0), 7), min(max(state.at[1] + right, 0), 7)
        return state.replace(at=(i, j)) if (i, j) != state.at else state
    if key == " ":
        return state.ink(*state.at, 0.0 if state.image[state.at][0] > 0.5 else 1.0)
    return state.clear() if key == "Delete" else state
