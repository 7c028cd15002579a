"""Play: one step after another, as long as the views keep up and something changes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from dlcourse.live.pace import FRAME_SECONDS, Pace

__all__ = ["PATIENCE_SECONDS", "Player"]

PATIENCE_SECONDS = 20.0
"""After this long without an answer from any view, nobody is looking."""


class Player:
    """Plays as one task on the event loop; all that it does happens between the messages of the views.

    Parameters
    ----------
    pace : Pace
        Says when there is room for a frame.
    step : callable
        Goes one step forward and shows it; returns whether anything changed.
    rest : callable
        Shows the last state sharply, when playing has come to its end.
    fail : callable
        Takes the exception that a step has raised; playing is over then.
    """

    def __init__(
        self, pace: Pace, step: Callable[[], bool], rest: Callable[[], None], fail: Callable[[Exception], None]
    ) -> None:
        self.task: asyncio.Task[None] | None = None
        self._pace, self._step, self._rest, self._fail = pace, step, rest, fail
        self._room = asyncio.Event()

    def play(self, steps_per_second: float) -> None:
        """Begin, unless it plays already."""
        if self.task is None:
            seconds = max(FRAME_SECONDS, 1 / steps_per_second)
            self.task = asyncio.get_running_loop().create_task(self._play(seconds))

    def pause(self) -> None:
        """End playing, at once."""
        if self.task is not None:
            self.task.cancel()
            self.task = None

    def go_on(self) -> None:
        """A view has answered: there may be room for a frame again."""
        self._room.set()

    async def _play(self, seconds: float) -> None:
        loop, mine = asyncio.get_running_loop(), asyncio.current_task()
        try:
            with _one_blas_thread():
                due = loop.time()
                while self.task is mine:  # wait_for of Python 3.11 swallows a cancellation that comes with the ack
                    if not self._pace.has_room():
                        await self._wait_for_room()
                        continue
                    if not self._step():
                        break
                    due = max(due + seconds, loop.time() - seconds)
                    await asyncio.sleep(max(due - loop.time(), 0.001))
        except TimeoutError:
            pass  # nobody looks any more
        except Exception as error:
            self.task = None
            self._fail(error)
            return
        if self.task is mine:
            self.task = None
            self._rest()

    async def _wait_for_room(self) -> None:
        """Wait until a view answers, or has held back the others for too long."""
        self._room.clear()
        patience = min(PATIENCE_SECONDS, self._pace.room_in())
        try:
            await asyncio.wait_for(self._room.wait(), patience)
        except TimeoutError:
            if patience == PATIENCE_SECONDS:
                raise


def _one_blas_thread() -> contextlib.AbstractContextManager[Any]:
    """Idle BLAS threads spin between frames: 50 ms of processor time a frame instead of 2.7."""
    from threadpoolctl import threadpool_limits

    limits: contextlib.AbstractContextManager[Any] = threadpool_limits(1, user_api="blas")
    return limits
