"""Where no thread can be started, as in a browser: end what takes too long from inside.

Python is asked to call back at each function and each jump (each line, before Python 3.12) of whatever runs, and when the
time is over the call back raises. What waits in C code, as `time.sleep` does, cannot be ended like this.
"""

from __future__ import annotations

import contextlib
import sys
import time
from types import CodeType, FrameType
from typing import Any

__all__ = ["Deadline", "Stopped"]

_TOOL = 4  # the number of a tool that no debugger, profiler or coverage measurement has


class Stopped(SystemExit):
    """Raised inside an answer that takes too long; no `except Exception` catches it, and a thread that ends by it is silent."""


class Deadline:
    """A block whose code is ended by `Stopped` when its time is over, again and again until it gives way.

    Parameters
    ----------
    seconds : float
        How long the block may take.

    Attributes
    ----------
    frame : frame or None
        Where the code was when its time was over; None if it was done in time.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.frame: FrameType | None = None
        self._end = 0.0

    def __enter__(self) -> Deadline:
        self._end = time.monotonic() + self.seconds
        if sys.version_info >= (3, 12):
            events = sys.monitoring.events
            sys.monitoring.use_tool_id(_TOOL, "dlcourse")
            for event in (events.PY_START, events.JUMP):
                sys.monitoring.register_callback(_TOOL, event, lambda code, *_: self._look(code, sys._getframe(1)))
            sys.monitoring.set_events(_TOOL, events.PY_START | events.JUMP)
        else:
            self._before = sys.gettrace()
            sys.settrace(self._trace)
        return self

    def __exit__(self, *_: object) -> None:
        if sys.version_info >= (3, 12):
            sys.monitoring.set_events(_TOOL, 0)
            sys.monitoring.free_tool_id(_TOOL)
        else:
            sys.settrace(self._before)

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Any:
        self._look(frame.f_code, frame)
        return self._trace

    def _look(self, code: CodeType, frame: FrameType) -> None:
        if time.monotonic() > self._end and code.co_filename not in _NOT_HERE:
            self.frame = self.frame or frame
            raise Stopped


# The files of what is left by the exception: while it is left it must not raise another one.
_NOT_HERE = {function.__code__.co_filename for function in (contextlib.suppress.__exit__, Deadline.__exit__)}
