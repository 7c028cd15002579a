"""Where the pictures of a live widget are made: one canvas for each size, theme and sharpness that is asked for."""

from __future__ import annotations

from typing import Any, NamedTuple

from dlcourse.live.encoding import encode
from dlcourse.live.inbox import Message
from dlcourse.live.picture import Picture, size_for
from dlcourse.live.widget import Pointer, Widget

__all__ = ["Studio"]

CANVASES = 4
"""At most this many are kept: a moving and a still one, before and after a change of size or theme."""


class Look(NamedTuple):
    """What a view looks like: pixels for each CSS pixel, CSS pixels across, and its theme."""

    ratio: float = 1.0
    width: float = 720.0
    dark: bool = False


class Studio:
    """Draws states as PNG: what is still at the view's pixel ratio, what moves at 1."""

    def __init__(self) -> None:
        self._look = Look()
        self._canvases: dict[Any, Picture] = {}
        self._shown: Picture | None = None
        self._result: tuple[Widget, Any] | None = None
        self._drag_axes: str | None = None

    def look(self, message: Message) -> None:
        """Draw for what a view says of its width, theme and pixel ratio."""
        self._look = Look(
            ratio=min(max(float(message.get("ratio", 1.0)), 1.0), 3.0),
            width=min(max(float(message.get("width", 720.0)), 200.0), 4000.0),
            dark=bool(message.get("dark")),
        )

    def result(self, state: Widget) -> Any:
        """What a state computes; the result of the last state is kept."""
        if self._result is None or self._result[0] is not state:
            self._result = (state, state.compute())
        return self._result[1]

    def draw(self, state: Widget, *, still: bool) -> tuple[bytes, float]:
        """The picture of a state, and its width in CSS pixels."""
        result = self.result(state)
        width, height, zoom = size_for(state, self._look.width)
        canvas = self._canvas(width, height, zoom, self._look.ratio if still else 1.0)
        png = encode(canvas.paint(state, result), still=still)
        self._shown = canvas
        return png, width * 100 * zoom

    def _canvas(self, width: float, height: float, zoom: float, ratio: float) -> Picture:
        key = (width, height, zoom, ratio, self._look.dark)
        if key not in self._canvases:
            if len(self._canvases) >= CANVASES:
                self._canvases.clear()
            self._canvases[key] = Picture(width, height, zoom * ratio, self._look.dark)
        return self._canvases[key]

    def locate(self, event: Message) -> Pointer | None:
        """A pointer event in the coordinates of the picture that is shown; a drag stays in the axes it began in."""
        if self._shown is None:
            return None
        kind = str(event["kind"])
        within = self._drag_axes if kind in ("drag", "up") else None
        pointer = self._shown.locate(kind, float(event["x"]), float(event["y"]), bool(event.get("shift")), within)
        if kind == "down":
            self._drag_axes = pointer.axes or None
        return pointer

    def start_anew(self) -> None:
        """Use no earlier canvas again: one that an error left half painted cannot be trusted."""
        self._canvases.clear()

    def clear(self) -> None:
        """Give all memory back, some 10 MB per canvas; they are made anew when somebody looks again."""
        for canvas in self._canvases.values():
            canvas.release()
        self._canvases.clear()
        self._shown = self._result = None
