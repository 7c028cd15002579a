"""The shell: makes any `Widget` live in a notebook. The only file of the course that knows Jupyter.

One anywidget view (canvas.js) holds everything: tool bar, controls, canvas, sentence, code. Its controls are the
browser's own (`<input type=range>`, number box, `<select>`, check box, `<button>`): they have accessible names, work
with the keyboard, and one message tells the kernel about all of them; ipywidgets' sliders have no accessible name and
cost a comm message each. State travels as small messages and a PNG beside them, not as synchronized traits, because
the newest frame is all that matters and traits would be echoed and stored in the notebook.

JupyterLab 4.6 with ipykernel 7 delivers messages now on the main thread, now on a subshell's thread. Every message is
handed to the event loop that ran when the cell built the widget; all of `Session` runs there, so it needs no locks.
"""

from __future__ import annotations

import asyncio
import base64
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget

from dlcourse.live.picture import picture_png
from dlcourse.live.session import Session
from dlcourse.live.widget import Predict, Widget

__all__ = ["Shell"]

HERE = Path(__file__).parent

_alive: dict[str, weakref.WeakSet[Shell]] = {}
"""The shells that each notebook cell has made, so that running it again ends the old ones."""


class View(anywidget.AnyWidget):
    """The browser's half; see canvas.js."""

    _esm = (HERE / "canvas.js").read_text(encoding="utf-8")
    _css = (HERE / "canvas.css").read_text(encoding="utf-8")


class Shell:
    """A live widget: shows itself as the last line of a cell.

    Attributes
    ----------
    state : Widget
        The state as it is now, after all that was moved.
    """

    def __init__(self, widget: Widget, *, predict: Predict | None = None) -> None:
        self._first = widget
        self._predict = predict
        self.view = View()
        self._loop = _running_loop()
        self.session = Session(widget, self._send, predict=predict)
        self.view.on_msg(self._receive)
        self._cell, self._run = _cell()
        self._retire_predecessors()

    @property
    def state(self) -> Widget:
        """The widget's state as it is now."""
        return self.session.state

    def close(self) -> None:
        """End whatever still runs."""
        self.session.close()

    def _send(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self.view.send(content, buffers)

    def _receive(self, view: Any, content: Any, buffers: Any) -> None:
        """From whatever thread, hand the message to the loop on which everything runs."""
        if self._loop is None or self._loop.is_closed():
            self.session.handle(content)
        else:
            self._loop.call_soon_threadsafe(self.session.handle, content)

    def _retire_predecessors(self) -> None:
        siblings = _alive.setdefault(self._cell, weakref.WeakSet())
        for old in list(siblings):
            if old._run != self._run:
                old.close()
                siblings.discard(old)
        siblings.add(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """The live view, a picture of the first state for places without a kernel, and one line of text."""
        sentence = self._first.describe(self._first.compute())
        png = picture_png(self._first, ratio=2.0, caption=True)
        data = {
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.view.model_id,
            },
            "image/png": base64.b64encode(png).decode("ascii"),
            "text/plain": " ".join(f"{self._first.title}: {sentence}".split()),
        }
        return data, {"image/png": {"alt": sentence, "width": int(self._first.size[0] * 100)}}


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _cell() -> tuple[str, str]:
    """An identity of the notebook cell that runs, and of this run of it."""
    try:
        from IPython.core.getipython import get_ipython

        shell: Callable[[], Any] = get_ipython
        header = shell().get_parent()
        run = str(header["header"]["msg_id"])
        return str(header["metadata"].get("cellId", run)), run
    except (AttributeError, KeyError, TypeError):
        return "", ""
