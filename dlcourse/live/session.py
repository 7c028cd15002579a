"""A widget's life: events in, frames out. Knows no Jupyter; the shell gives it a way to send and an event loop.

Rules, each found by measuring: no more frames than `Pace` allows; only the newest value of a control counts; one BLAS
thread while playing (idle ones spin); a still picture at the screen's pixel ratio, a moving one at 1.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from dlcourse.errors import CourseError
from dlcourse.live.pace import FRAME_SECONDS, Pace
from dlcourse.live.picture import Picture, encode, size_for
from dlcourse.live.widget import Predict, Widget

__all__ = ["Session"]

SETTLE_SECONDS = 0.25
PATIENCE_SECONDS = 20.0
HISTORY = 500
GAP_SECONDS = 0.5


class Session:
    """The state of one live widget and its conversation with the view.

    Parameters
    ----------
    widget : Widget
        The first state, to which Reset returns.
    send : callable
        Takes a message (a dict that JSON can hold) and a list of bytes.
    predict : Predict, optional
        Nothing moves before one of its choices is made.
    """

    def __init__(
        self, widget: Widget, send: Callable[[dict[str, Any], list[bytes]], None], *, predict: Predict | None = None
    ) -> None:
        self.first = self.state = widget
        self.predict = predict
        self.history: deque[Widget] = deque(maxlen=HISTORY)
        self.playing: asyncio.Task[None] | None = None
        self.closed = False
        self.frames = 0
        self.kernel_seconds = 0.0
        self.bytes_sent = 0
        self._send = send
        self._pictures: dict[Any, Picture] = {}
        self._shown: Picture | None = None
        self._view = {"ratio": 1.0, "width": 720.0, "dark": False}
        self.pace = Pace()
        self._room = asyncio.Event()
        self._dirty = False
        self._timer: asyncio.TimerHandle | None = None
        self._settle: asyncio.TimerHandle | None = None
        self._heard = 0
        self._code_open = False
        self._error: dict[str, str] | None = None
        self._result: tuple[Widget, Any] | None = None
        self._drag_axes: str | None = None
        self._early: dict[str, dict[int, Mapping[str, Any]]] = {}
        self._numbers: dict[str, int] = {}
        self._gap: asyncio.TimerHandle | None = None

    # Events from the view -------------------------------------------------------------------------------------

    def handle(self, message: Mapping[str, Any]) -> None:
        """Take one message of the view, in the order in which they were sent.

        The kernel receives on two threads, and one message may overtake another. One that is too early waits for those
        before it, for a moment; whatever goes wrong is shown in the view, never raised.
        """
        view, number = str(message.get("view")), message.get("number")
        if not isinstance(number, int):
            self._take(message)
            return
        early = self._early.setdefault(view, {})
        early[number] = message
        self._in_order(view)
        self._watch_gaps()

    def _in_order(self, view: str) -> None:
        """Take what is there up to the first gap; what comes later than its successors is taken at once."""
        early, heard = self._early[view], self._numbers.get(view, 0)
        for number in sorted(early):
            if number > heard + 1:
                break
            self._take(early.pop(number))
            heard = max(heard, number)
            self._numbers[view] = heard

    def _watch_gaps(self) -> None:
        """Where a message waits for one before it, wait for a moment only."""
        if self._gap is None and any(self._early.values()) and (loop := _loop()) is not None:
            self._gap = loop.call_later(GAP_SECONDS, self._give_up_waiting)

    def _give_up_waiting(self) -> None:
        """A message was lost: those behind it, up to the next gap, have waited long enough."""
        self._gap = None
        for view, early in self._early.items():
            if early:
                self._numbers[view] = min(early) - 1
                self._in_order(view)
        self._watch_gaps()

    def _take(self, message: Mapping[str, Any]) -> None:
        """The view waits to hear of each change before it sends a third; a frame says it, else a status does."""
        if self.closed:
            return
        self._heard = max(self._heard, int(message.get("n", 0)))
        try:
            getattr(self, "_on_" + str(message.get("do")), self._on_nothing)(message)
        except Exception as error:
            self._fail(error)
        else:
            if "n" in message and not self._dirty:
                self._send(self._status(), [])

    def _on_nothing(self, message: Mapping[str, Any]) -> None:
        pass

    def _on_hello(self, message: Mapping[str, Any]) -> None:
        """A view appeared, or its width, theme or pixel ratio changed."""
        self._look(message)
        self.pace.join(str(message.get("view")))
        self._go_on()
        self._send(self._portrait(), [])
        self._frame(still=True)

    def _on_look(self, message: Mapping[str, Any]) -> None:
        self._look(message)
        self._frame(still=self.playing is None)

    def _look(self, message: Mapping[str, Any]) -> None:
        ratio = min(max(float(message.get("ratio", 1.0)), 1.0), 3.0)
        width = min(max(float(message.get("width", 720.0)), 200.0), 4000.0)
        self._view = {"ratio": ratio, "width": width, "dark": bool(message.get("dark"))}

    def _on_ack(self, message: Mapping[str, Any]) -> None:
        self.pace.acknowledge(str(message.get("view")), int(message["frame"]))
        self._go_on()

    def _go_on(self) -> None:
        """Where there is room for a frame again, draw what waits for it."""
        if self.pace.has_room():
            self._room.set()
            if self._dirty and self.playing is None:
                self._request()

    def _on_set(self, message: Mapping[str, Any]) -> None:
        if self._locked():
            return
        controls = self.state.controls()
        changes = {
            name: _converted(self.state, name, value) for name, value in message["values"].items() if name in controls
        }
        self._move(self.state.replace(**changes))

    def _on_events(self, message: Mapping[str, Any]) -> None:
        """What pointer and keys did since the last message, in order."""
        if self._locked():
            return
        state = self.state
        for event in message["events"]:
            state = state.key(str(event["key"])) if "key" in event else self._point(state, event)
        if state is not self.state:
            self._move(state)

    def _point(self, state: Widget, event: Mapping[str, Any]) -> Widget:
        if self._shown is None:
            return state
        kind = str(event["kind"])
        within = self._drag_axes if kind in ("drag", "up") else None
        pointer = self._shown.locate(kind, float(event["x"]), float(event["y"]), bool(event.get("shift")), within)
        if kind == "down":
            self._drag_axes = pointer.axes or None
        return state.pointer(pointer)

    def _on_action(self, message: Mapping[str, Any]) -> None:
        name = str(message["name"])
        if not self._locked() and name in self.state.actions():
            self._move(getattr(self.state, name)())

    def _on_predict(self, message: Mapping[str, Any]) -> None:
        choice = str(message["choice"])
        if self.predict is not None and choice in self.predict.choices:
            self.first = dataclasses.replace(self.first, prediction=choice)
            self.state = dataclasses.replace(self.state, prediction=choice)
            self._send(self._portrait(), [])
            self._move(self.state)

    def _on_reset(self, message: Mapping[str, Any]) -> None:
        self.pause()
        self.history.clear()
        self._move(self.first)

    def _on_step(self, message: Mapping[str, Any]) -> None:
        self.pause()
        if not self._locked():
            self._advance()
            self._move(self.state)

    def _on_back(self, message: Mapping[str, Any]) -> None:
        self.pause()
        if self.history:
            self._move(self.history.pop())

    def _on_play(self, message: Mapping[str, Any]) -> None:
        if self.playing is None and self.state.evolves() and not self._locked():
            self.playing = asyncio.get_running_loop().create_task(self._play())

    def _on_pause(self, message: Mapping[str, Any]) -> None:
        self.pause()
        self._frame(still=True)

    def _on_code(self, message: Mapping[str, Any]) -> None:
        self._code_open = bool(message["open"])
        if self._code_open:
            self._send({"code": self.state.code()}, [])

    def _on_bye(self, message: Mapping[str, Any]) -> None:
        """One view is gone; after the last one nothing is drawn any more, and no picture is kept."""
        self.pace.leave(str(message.get("view")))
        if self.pace.viewers:
            self._go_on()
        else:
            self.pause()
            self._forget_pictures()

    # Life -----------------------------------------------------------------------------------------------------

    def pause(self) -> None:
        """End playing, at once."""
        if self.playing is not None:
            self.playing.cancel()
            self.playing = None

    def close(self) -> None:
        """End everything, and keep nothing but the state: the cell was run again."""
        self.pause()
        for timer in (self._timer, self._settle, self._gap):
            if timer is not None:
                timer.cancel()
        self.closed = True
        self.history.clear()
        self._early.clear()
        self._forget_pictures()

    def _forget_pictures(self) -> None:
        """Some 10 MB each; they are drawn again when somebody looks again."""
        for picture in self._pictures.values():
            picture.release()
        self._pictures.clear()
        self._shown = self._result = None

    def _locked(self) -> bool:
        return self.predict is not None and not self.state.prediction

    def _move(self, state: Widget) -> None:
        self.state = state
        self._error = None
        self._request()

    def _advance(self) -> bool:
        """One step; whether anything changed."""
        following = self.state.step()
        if following is self.state:
            return False
        self.history.append(self.state)
        self.state = following
        self._error = None
        return True

    async def _play(self) -> None:
        loop, mine = asyncio.get_running_loop(), asyncio.current_task()
        pace = max(FRAME_SECONDS, 1 / self.state.steps_per_second)
        try:
            with _one_blas_thread():
                due = loop.time()
                while self.playing is mine:  # wait_for of Python 3.11 swallows a cancellation that comes with the ack
                    if not self.pace.has_room():
                        await self._wait_for_room()
                        continue
                    if not self._advance():
                        break
                    self._frame()
                    due = max(due + pace, loop.time() - pace)
                    await asyncio.sleep(max(due - loop.time(), 0.001))
        except TimeoutError:
            pass  # nobody looks any more
        except Exception as error:
            self.playing = None
            self._fail(error)
            return
        if self.playing is mine:
            self.playing = None
            self._frame(still=True)

    async def _wait_for_room(self) -> None:
        """Until a view answers, or one that holds back the others has done so for too long."""
        self._room.clear()
        patience = min(PATIENCE_SECONDS, self.pace.room_in())
        try:
            await asyncio.wait_for(self._room.wait(), patience)
        except TimeoutError:
            if patience == PATIENCE_SECONDS:
                raise

    # Frames ---------------------------------------------------------------------------------------------------

    def _request(self) -> None:
        """A frame as soon as the rules allow one, always of the newest state."""
        self._dirty = True
        wait = max(self.pace.due_in(), self.pace.room_in())
        if self._timer is not None or self.playing is not None or wait == float("inf"):
            return
        loop = _loop()
        if loop is None:
            self._frame(still=True)
        else:
            self._timer = loop.call_later(wait, self._due)

    def _due(self) -> None:
        self._timer = None
        if self.closed or not self._dirty:
            return
        if not self.pace.has_room():
            self._request()
            return
        self._frame()
        self._later_still()

    def _later_still(self) -> None:
        """Draw sharply, and bring the code up to date, when nothing has moved for a moment."""
        if self._settle is not None:
            self._settle.cancel()
        self._settle = asyncio.get_running_loop().call_later(SETTLE_SECONDS, self._settled)

    def _settled(self) -> None:
        self._settle = None
        if self.closed or self.playing is not None or self._dirty:
            return
        self._frame(still=True)

    def _frame(self, *, still: bool = False) -> None:
        """Draw the state and send it."""
        if self.closed or not self.pace.viewers:
            return
        started = time.thread_time()  # work, without the waiting of a busy machine
        self._dirty = False
        message: dict[str, Any] = {}
        buffers: list[bytes] = []
        try:
            result = self._computed()
            picture, css_width = self._picture(still)
            buffers = [encode(picture.paint(self.state, result), still=still)]
            self._shown = picture
            message = {"sentence": self.state.describe(result), "css": css_width, "still": still}
            if self._code_open and still:
                message["code"] = self.state.code()
        except Exception as error:
            self.pause()
            self._error = _explained(error)
            self._pictures.clear()
        self.frames += 1
        self.bytes_sent += sum(map(len, buffers))
        message |= self._status() | {"frame": self.pace.count()}
        self._send(message, buffers)
        self.kernel_seconds += time.thread_time() - started

    def _computed(self) -> Any:
        if self._result is None or self._result[0] is not self.state:
            self._result = (self.state, self.state.compute())
        return self._result[1]

    def _picture(self, still: bool) -> tuple[Picture, float]:
        width, height, zoom = size_for(self.state, float(self._view["width"]))
        ratio = float(self._view["ratio"]) if still else 1.0
        key = (width, height, zoom, ratio, self._view["dark"])
        if key not in self._pictures:
            if len(self._pictures) >= 4:
                self._pictures.clear()
            self._pictures[key] = Picture(width, height, zoom * ratio, bool(self._view["dark"]))
        return self._pictures[key], width * 100 * zoom

    def _fail(self, error: Exception) -> None:
        self._error = _explained(error)
        self._send(self._status(), [])

    def _status(self) -> dict[str, Any]:
        limits = self.state.slider_ends()
        alone = {name for name, (low, high) in limits.items() if low == high}
        return {
            "values": {name: _within(getattr(self.state, name), limits.get(name)) for name in self.state.controls()},
            "limits": {name: list(ends) for name, ends in limits.items()},
            "idle": sorted(alone | set(self.state.idle_controls())),
            "heard": self._heard,
            "playing": self.playing is not None,
            "back": len(self.history),
            "ahead": self._ahead(),
            "locked": self._locked(),
            "error": self._error,
        }

    def _ahead(self) -> bool:
        with contextlib.suppress(Exception):  # a state that cannot be computed says so in its frame
            return self.state.evolves() and self.state.can_step()
        return True

    def _portrait(self) -> dict[str, Any]:
        """What the view must know to build itself."""
        widget = self.state
        return {
            "title": widget.title,
            "controls": [{"name": name} | dataclasses.asdict(control) for name, control in widget.controls().items()],
            "actions": widget.actions(),
            "evolves": widget.evolves(),
            "predict": dataclasses.asdict(self.predict) if self.predict else None,
            "prediction": widget.prediction,
            "touch": type(widget).pointer is not Widget.pointer,
        } | self._status()


def _converted(state: Widget, name: str, value: Any) -> Any:
    """A value of the view in the type that the field has."""
    control = state.controls()[name]
    if control.kind == "toggle":
        return bool(value)
    if control.kind == "slider":
        whole = isinstance(control.low, int) and isinstance(control.step, int)
        return round(float(value)) if whole else float(f"{float(value):.10g}")
    return str(value)


def _loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _within(value: Any, ends: tuple[float, float] | None) -> Any:
    return value if ends is None else min(max(value, ends[0]), ends[1])


def _explained(error: Exception) -> dict[str, str]:
    """An exception for the learner: what the course says itself is enough, all else comes with its traceback."""
    if isinstance(error, CourseError):
        return {"message": str(error), "details": ""}
    details = "".join(traceback.format_exception(error))
    return {"message": f"{type(error).__name__}: {error}", "details": details}


def _one_blas_thread() -> contextlib.AbstractContextManager[Any]:
    """Idle BLAS threads spin between frames: 50 ms of processor time a frame instead of 2.7."""
    from threadpoolctl import threadpool_limits

    limits: contextlib.AbstractContextManager[Any] = threadpool_limits(1, user_api="blas")
    return limits
