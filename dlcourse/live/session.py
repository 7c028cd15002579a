"""A widget's life: events in, frames out. Knows no Jupyter; the shell gives it a way to send and an event loop.

The parts that do the work know nothing of each other: `Inbox` puts the views' messages in order, `History` has the
state, `Pace` says when a frame may go out, `Studio` draws it, `Player` takes step after step. Only the newest value of
a control counts, and what has come to rest is drawn once more, sharply.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from dlcourse.live import reports
from dlcourse.live.first_press import FirstPress
from dlcourse.live.history import History
from dlcourse.live.inbox import Inbox, Message, running_loop
from dlcourse.live.pace import Pace
from dlcourse.live.player import Player
from dlcourse.live.studio import Studio
from dlcourse.live.widget import Predict, Widget

__all__ = ["Session"]

SETTLE_SECONDS = 0.25


class Session:
    """One live widget's conversation with its views.

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
        self.history = History(widget, predict)
        self.pace = Pace()
        self.studio = Studio()
        self._player = Player(self.pace, self._play_on, lambda: self._frame(still=True), self._fail)
        self.closed = False
        self.frames = 0
        self.kernel_seconds = 0.0
        self.bytes_sent = 0
        self._send = send
        self._inbox = Inbox(self._take)
        self._press = FirstPress()
        self._dirty = self._rough = False
        self._timer: asyncio.TimerHandle | None = None
        self._settle: asyncio.TimerHandle | None = None
        self._heard = 0
        self._code_open = False
        self._error: dict[str, str] | None = None

    @property
    def state(self) -> Widget:
        """The state as it is now."""
        return self.history.state

    @property
    def playing(self) -> asyncio.Task[None] | None:
        """The task that plays, while one does."""
        return self._player.task

    # Events from the view -------------------------------------------------------------------------------------

    def handle(self, message: Message) -> None:
        """Take one message of a view, in the order in which they were sent.

        Whatever goes wrong is shown in the view, never raised.
        """
        self._inbox.receive(message)

    def _take(self, message: Message) -> None:
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

    def _on_nothing(self, message: Message) -> None:
        pass

    def _on_hello(self, message: Message) -> None:
        """A view appeared."""
        self.studio.look(message)
        self.pace.join(str(message.get("view")))
        self._go_on()
        self._send(self._portrait(), [])
        self._frame(still=True)

    def _on_look(self, message: Message) -> None:
        """A view's width, theme or pixel ratio changed."""
        self.studio.look(message)
        self._frame(still=self.playing is None)

    def _on_ack(self, message: Message) -> None:
        self.pace.acknowledge(str(message.get("view")), int(message["frame"]))
        self._go_on()

    def _on_set(self, message: Message) -> None:
        if self.history.is_locked:
            return
        self._move(self.state.replace(**reports.converted(self.state, message["values"])))

    def _on_events(self, message: Message) -> None:
        """What pointer and keys did since the last message, in order."""
        if self.history.is_locked:
            return
        state = self.state
        for event in message["events"]:
            if "key" in event:
                state = state.key(str(event["key"]))
            elif (pointer := self.studio.locate(event)) is not None:
                state = self._press.pointed(state, pointer, first=bool(event.get("first")))
        if state is not self.state:
            self._move(state)

    def _on_action(self, message: Message) -> None:
        name = str(message["name"])
        if not self.history.is_locked and name in self.state.actions():
            self._move(getattr(self.state, name)())

    def _on_predict(self, message: Message) -> None:
        if self.history.answer(str(message["choice"])):
            self._send(self._portrait(), [])
            self._changed()

    def _on_reset(self, message: Message) -> None:
        self.pause()
        self.history.reset()
        self._changed()

    def _on_step(self, message: Message) -> None:
        self.pause()
        if not self.history.is_locked:
            self.history.step()
            self._changed()

    def _on_back(self, message: Message) -> None:
        self.pause()
        if self.history.back():
            self._changed()

    def _on_play(self, message: Message) -> None:
        if self.state.evolves() and not self.history.is_locked:
            self._player.play(self.state.steps_per_second)

    def _on_pause(self, message: Message) -> None:
        self.pause()
        self._frame(still=True)

    def _on_code(self, message: Message) -> None:
        self._code_open = bool(message["open"])
        if self._code_open:
            self._send({"code": self.state.code()}, [])

    def _on_bye(self, message: Message) -> None:
        """One view is gone; after the last one nothing is drawn any more, and no picture is kept."""
        view = str(message.get("view"))
        self._inbox.forget(view)
        self.pace.leave(view)
        if self.pace.viewers:
            self._go_on()
        else:
            self.pause()
            self.studio.clear()

    # Life -----------------------------------------------------------------------------------------------------

    def pause(self) -> None:
        """End playing, at once."""
        self._player.pause()

    def close(self) -> None:
        """End everything, and keep nothing but the state: the cell was run again."""
        self.pause()
        for timer in (self._timer, self._settle):
            if timer is not None:
                timer.cancel()
        self.closed = True
        self._inbox.close()
        self.history.forget()
        self.studio.clear()

    def _move(self, state: Widget) -> None:
        self.history.move(state)
        self._changed()

    def _changed(self) -> None:
        """The state is another one: show it."""
        self._error = None
        self._request()

    def _play_on(self) -> bool:
        """One step of Play."""
        if not self.history.step():
            return False
        self._error = None
        self._frame()
        return True

    # Frames ---------------------------------------------------------------------------------------------------

    def _request(self) -> None:
        """A frame as soon as the rules allow one, always of the newest state."""
        self._dirty = True
        wait = max(self.pace.due_in(), self.pace.room_in())
        if self._timer is not None or self.playing is not None or wait == float("inf"):
            return
        loop = running_loop()
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
        self._settle_later(SETTLE_SECONDS)

    def _go_on(self) -> None:
        """Where there is room for a frame again, draw what waits for it."""
        if not self.pace.has_room():
            return
        self._player.go_on()
        if self.playing is None and self._dirty:
            self._request()
        elif self.playing is None and self._rough and self._settle is None:
            self._settle_later(SETTLE_SECONDS)

    def _settle_later(self, seconds: float) -> None:
        """Draw sharply, and bring the code up to date, when nothing has moved for a moment."""
        if self._settle is not None:
            self._settle.cancel()
        loop = running_loop()
        self._settle = None if loop is None else loop.call_later(seconds, self._settled)

    def _settled(self) -> None:
        self._settle = None
        if self.closed or self.playing is not None or self._dirty:
            return
        wait = self.pace.room_in()
        if wait == 0:
            self._frame(still=True)
        elif wait < float("inf"):  # else the next acknowledgement asks again
            self._settle_later(wait)

    def _frame(self, *, still: bool = False) -> None:
        """Draw the state and send it."""
        if self.closed or not self.pace.viewers:
            return
        started = time.thread_time()  # work, without the waiting of a busy machine
        self._dirty, self._rough = False, not still
        message: dict[str, Any] = {}
        buffers: list[bytes] = []
        try:
            state = self.state if still or not self.state.takes_long() else self.state.replace(hurried=True)
            png, css_width = self.studio.draw(state, still=still)
            buffers = [png]
            result = self.studio.result(state)
            message = {
                "sentence": state.describe(result),
                "caption": state.caption(result),
                "css": css_width,
                "still": still,
            }
            if self._code_open and still:
                message["code"] = self.state.code()
        except Exception as error:
            self.pause()
            self._error = reports.explained(error)
            self.studio.start_anew()
        self.frames += 1
        self.bytes_sent += sum(map(len, buffers))
        message |= self._status() | {"frame": self.pace.count()}
        self._send(message, buffers)
        self.kernel_seconds += time.thread_time() - started

    def _fail(self, error: Exception) -> None:
        self._error = reports.explained(error)
        self._send(self._status(), [])

    def _status(self) -> dict[str, Any]:
        playing = self.playing is not None
        return reports.status(self.history) | {"heard": self._heard, "playing": playing, "error": self._error}

    def _portrait(self) -> dict[str, Any]:
        """How the view is built. What was heard is said by the frame after it: until that is painted, all is not at rest."""
        told = reports.portrait(self.history) | self._status()
        del told["heard"]
        return told
