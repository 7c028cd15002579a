"""What a hand does to `Unroll`: type a word, and point at a letter or walk to it with the arrow keys."""

from __future__ import annotations

from typing import TypeVar

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.recurrent.numbers import LONGEST_WORD
from dlcourse.widgets.recurrent.state import UnrollState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=UnrollState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind not in ("down", "drag") or event.axes != "left":
        return state
    place = round(event.x)
    return state.read_to(state.letters - place if state.below == "nudge" else place)


def key(state: State, key: str) -> State:
    """The state after a key."""
    if len(key) == 1 and "a" <= key <= "z":
        word = key if state.afresh else state.word + key
        return state if len(word) > LONGEST_WORD else state.replace(word=word, afresh=False)
    if key == "Backspace":
        return state.replace(word=state.word[:-1]) if len(state.word) > 1 else state.new_word()
    if key == "Delete":
        return state.new_word()
    right, _ = ARROWS.get(key, (0, 0))
    return state.read_to(state.read + right) if right else state
