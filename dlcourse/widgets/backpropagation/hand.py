"""What a hand does to `Blame`: a click chooses a node, arrows walk from node to node, Enter nudges."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.backpropagation.layout import EXTENT, places
from dlcourse.widgets.backpropagation.state import BlameState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=BlameState)
REACH = 0.5
"""A click within this many inches of a node chooses it."""


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind != "down" or event.axes not in EXTENT:
        return state
    nearest, distance = -1, REACH
    for number, (x, y) in places(state.graph, event.axes).items():
        away = float(np.hypot(x - event.x, y - event.y))
        if away < distance:
            nearest, distance = number, away
    return state.choose(nearest) if nearest >= 0 else state


def key(state: State, key: str) -> State:
    """The state after a key."""
    shown = [n for n, node in enumerate(state.graph.nodes) if node.kind != "constant"]
    if key in ARROWS:
        by = -1 if key in ("ArrowLeft", "ArrowUp") else 1
        start = shown.index(state.selected) if state.selected in shown else (0 if by < 0 else -1)
        return state.choose(shown[(start + by) % len(shown)])
    if key in ("Enter", "n"):
        return state.nudge()
    return state.restore() if key in ("Delete", "Backspace") else state
