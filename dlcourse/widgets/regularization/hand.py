"""What a hand and the keys do in `Regularize`: move along the axis."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.regularization.state import RegularizeState

__all__ = ["key", "pointer"]

S = TypeVar("S", bound=RegularizeState)


def pointer(state: S, event: Pointer) -> S:
    """A click or a drag in one of the panels on the right goes to that degree, or to that λ."""
    if event.kind not in ("down", "drag") or event.axes not in ("errors", "weights"):
        return state
    return state.moved(event.x)


def key(state: S, key: str) -> S:
    """← and → go along the axis, ↑ and ↓ change λ; where λ₁ is the axis, they change λ₂."""
    right, up = ARROWS.get(key, (0, 0))
    if right and state.against == "degree":
        return state.moved(state.degree + right)
    if right or (up and state.penalty != "none"):
        second = up and state.penalty == "L1+L2" and state.against == "λ"
        return state.turned("second" if second else "strength", right or up)
    return state
