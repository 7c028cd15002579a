"""The press that brings the keyboard to a picture: it puts nothing new into the data, unless it becomes a drag."""

from __future__ import annotations

from dlcourse.live.widget import Pointer, Widget

__all__ = ["FirstPress"]


class FirstPress:
    """Holds such a press back until it is known what becomes of it."""

    def __init__(self) -> None:
        self._held: Pointer | None = None

    def pointed(self, state: Widget, event: Pointer, *, first: bool) -> Widget:
        """The state after an event; `first` says of a press that the picture did not have the keyboard before."""
        held, self._held = self._held, None
        if event.kind == "down" and first and state.adds(event):
            self._held = event
            return state
        if held is not None:
            if event.kind != "drag":
                return state
            state = state.pointer(held)
        return state.pointer(event)
