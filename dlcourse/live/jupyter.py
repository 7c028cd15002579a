"""The shell: makes any `Widget` live in a notebook. The only file of the course that knows Jupyter.

One anywidget view (canvas.js) holds everything: tool bar, controls, canvas, sentence, code. Its controls are the
browser's own (`<input type=range>`, number box, `<select>`, check box, `<button>`): they have accessible names, work
with the keyboard, and one message tells the kernel about all of them; ipywidgets' sliders have no accessible name and
cost a comm message each. State travels as small messages and a PNG beside them, not as synchronized traits, because
the newest frame is all that matters and traits would be echoed and stored in the notebook.

JupyterLab 4.6 with ipykernel 7 delivers messages now on the main thread, now on a subshell's thread. Every message is
handed to the event loop that ran when the cell built the widget; all of `Session` runs there, so it needs no locks.

A cell that runs again closes the widgets of its last run, and nothing may remain of them: ipywidgets holds on to every
view until it is closed, IPython to every output.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ctypes
import gc
import os
import weakref
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import anywidget

from dlcourse import bet_folds
from dlcourse.live.picture import picture_png
from dlcourse.live.session import Session
from dlcourse.live.widget import Predict, Widget

__all__ = ["Shell", "browser_half", "receive_quietly", "running_cell", "view_bundle"]

MOST_STEPS = 200
"""A Play of more steps has no end that a stored picture could show."""

_alive: dict[str, weakref.WeakSet[Shell]] = {}
"""The shells that each notebook cell has made, so that running it again ends the old ones."""


def browser_half(*names: str) -> str:
    """Files of this folder, one after the other: a view's program or style, in one piece as anywidget wants it."""
    return "\n".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in names)


def view_bundle(view: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A view as an output names it, and what is said about it there: Colab is told which widget manager shows it."""
    data, about = view._repr_mimebundle_()
    return {kind: content for kind, content in data.items() if kind != "text/plain"}, dict(about)


class View(anywidget.AnyWidget):
    """The browser's half; see canvas.js."""

    _esm = browser_half("page.js", "canvas.js")
    _css = browser_half("canvas.css")


class Shell:
    """A live widget: shows itself as the last line of a cell.

    Attributes
    ----------
    state : Widget
        The present state, after everything that was moved.
    view : View or None
        The browser's half, until the shell is closed.
    """

    def __init__(self, widget: Widget, *, predict: Predict | None = None) -> None:
        self._first = widget
        self._predict = predict
        self._loop = _running_loop()
        self.session = Session(widget, self._send, predict=predict)
        self.view: View | None = View()
        self._farewells = _Farewells()
        self.view.on_msg(self._receive)
        receive_quietly(self.view.comm)
        self._cell, self._run = running_cell()
        self._retire_predecessors()

    @property
    def state(self) -> Widget:
        """The widget's state as it is now."""
        return self.session.state

    def close(self) -> None:
        """End whatever still runs and give back all memory; a view that is still on the page keeps its last picture."""
        view, self.view = self.view, None
        if view is None:
            return
        viewers = self.session.pace.viewers
        self.session.close()
        _take_leave(view, viewers, self._farewells)
        _forget_outputs(self, self._first)

    def _send(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        if self.view is not None:
            self.view.send(content, buffers)

    def _receive(self, view: Any, content: Any, buffers: Any) -> None:
        """From whatever thread, hand the message to the loop on which everything runs."""
        self._farewells.hear(content)
        if self._loop is None or self._loop.is_closed():
            self.session.handle(content)
        else:
            self._loop.call_soon_threadsafe(self.session.handle, content)

    def _retire_predecessors(self) -> None:
        retired = [old for old in _alive.get(self._cell, ()) if old._run != self._run]
        for old in retired:
            old.close()
        if retired:
            _give_back_memory()
        for cell in [cell for cell, shells in _alive.items() if not any(shell.view for shell in shells)]:
            del _alive[cell]
        _alive.setdefault(self._cell, weakref.WeakSet()).add(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """The live view, a picture of the first state for places without a kernel, and one line of text."""
        sentence = self._first.describe(self._first.compute())
        png = picture_png(self._first, ratio=2.0, caption=True)
        data: dict[str, Any] = {
            "image/png": base64.b64encode(png).decode("ascii"),
            "text/plain": " ".join(f"{self._first.title}: {sentence}".split()),
        }
        view, about_view = ({}, {}) if self.view is None else view_bundle(self.view)
        about: dict[str, Any] = {"alt": sentence, "width": int(self._first.size[0] * 100)}
        if self._predict is not None and bet_folds.ASKED in os.environ:
            about |= _after_the_bet(self._first, self._predict)
        # Without the view it stands alone: see canvas.js.
        return view | data, about_view | {"image/png": about, "dlcourse": {"stands_alone": True}}


def _after_the_bet(first: Widget, predict: Predict) -> dict[str, Any]:
    """What came, and the picture of the state without its cover; with its sentence.

    Where the question says after which steps, or with which settings it is seen, it is that one. Where the cover hides nothing of the
    picture, it is the one after Play, if that comes to an end.
    """
    after = predict.seen(first)
    told: dict[str, str] = {"answer": predict.answer} if predict.answer else {}
    if picture_png(after) == picture_png(first):
        after = _played(after) or first
    if picture_png(after) != picture_png(first):
        png = picture_png(after, ratio=1.5, caption=True, invites=False)
        told |= {"png": base64.b64encode(png).decode("ascii"), "alt": after.describe(after.compute())}
    return {bet_folds.KEY: told} if told else {}


def _played(widget: Widget) -> Widget | None:
    """The state in which Play ends; None if there is no Play, or no end to it."""
    if not widget.evolves():
        return None
    for _ in range(MOST_STEPS):
        if not widget.can_step():
            return widget
        following = widget.step()
        if following is widget:
            return widget
        widget = following
    return None


def receive_quietly(connection: Any) -> None:
    """Have the messages of a view go to the widget, and nowhere else.

    A connection tells IPython before and after each message that a cell began and ended. Matplotlib shows and closes
    all figures then, on whatever thread: also those that a cell is about to draw.
    """

    def take(message: Any) -> None:
        if connection._msg_callback is not None:
            connection._msg_callback(message)

    connection.handle_msg = take


class _Hung:
    """Stands for the connection of a view that is closed while it is still on the page."""

    def __init__(self, comm_id: str) -> None:
        self.comm_id = comm_id

    def on_msg(self, callback: Any) -> None:
        """Nothing will come."""

    def close(self) -> None:
        """The connection that this one stands for is closed by the last view's farewell."""


class _Farewells:
    """Which views have left the page, heard at once on whatever thread.

    The session hears of them only when the loop comes to it, and the loop waits while a cell runs: a cell that closes
    the widgets of its last run would wait for ever for a farewell that came in the meantime.
    """

    def __init__(self) -> None:
        self._gone: set[str] = set()
        self._viewers: set[str] = set()
        self._connection: Any = None

    def hear(self, content: Any) -> None:
        """Take note if a message says that a view is gone, and close the connection after the last one."""
        if isinstance(content, Mapping) and content.get("do") == "bye":
            self._gone.add(str(content.get("view")))
            self._close_after_the_last()

    def close_after(self, connection: Any, viewers: Collection[str]) -> None:
        """Close a connection as soon as all these views are gone, or at once if they are."""
        self._viewers, self._connection = set(viewers), connection
        connection.on_msg(lambda message: self.hear(message["content"]["data"].get("content")))
        self._close_after_the_last()

    def _close_after_the_last(self) -> None:
        if self._connection is not None and self._viewers <= self._gone:
            self._connection.close()


def _take_leave(view: View, viewers: Collection[str], farewells: _Farewells) -> None:
    """Close a view, and its connection as soon as the page has no picture of it any more.

    The end of the connection takes the picture off the page at once, and it may be shown in another cell. So where there
    are `viewers`, they are told that nothing will move any more, and the connection, a few hundred bytes, waits for
    the last one's farewell.
    """
    connection, layout = view.comm, view.layout
    if viewers:
        view.send({"over": True})
        farewells.close_after(connection, viewers)
        view.comm = _Hung(connection.comm_id)
    view.close()
    layout.close()


def _forget_outputs(*gone: object) -> None:
    """Take objects out of IPython's memory of what cells have shown: `Out`, `_7`, `_`, and the pictures of each output."""
    ip = _ipython()
    if ip is None:
        return
    names = ip.user_ns, getattr(ip, "user_ns_hidden", {})
    for number in [number for number, value in ip.user_ns.get("_oh", {}).items() if _is_one_of(value, gone)]:
        del ip.user_ns["_oh"][number]
        for space in names:
            if _is_one_of(space.get(f"_{number}"), gone):
                del space[f"_{number}"]
        for outputs in (getattr(ip.history_manager, "outputs", {}), ip.history_manager.output_hist_reprs):
            outputs.pop(number, None)
    for name in ("_", "__", "___"):
        if _is_one_of(getattr(ip.displayhook, name, None), gone):
            setattr(ip.displayhook, name, "")
            for space in names:
                if _is_one_of(space.get(name), gone):
                    space[name] = ""


def _give_back_memory() -> None:
    """Free what holds itself, such as a figure's axes, and have the C library return to the system what is free."""
    gc.collect()
    with contextlib.suppress(AttributeError, OSError, TypeError):  # only glibc has it, and only glibc needs it
        ctypes.CDLL(None).malloc_trim(0)


def _is_one_of(value: object, objects: Collection[object]) -> bool:
    return any(value is one for one in objects)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _ipython() -> Any:
    from IPython.core.getipython import get_ipython

    running: Callable[[], Any] = get_ipython
    return running()


def running_cell() -> tuple[str, str]:
    """An identity of the notebook cell that runs, its text where the front end gives no other, and of this run of it."""
    try:
        parent = _ipython().get_parent()
        run = str(parent["header"]["msg_id"])
        return str(parent["metadata"].get("cellId") or parent["content"]["code"]), run
    except (AttributeError, KeyError, TypeError):
        return "", ""
