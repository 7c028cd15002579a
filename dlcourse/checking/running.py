"""Call a learner's function without trusting it: it may loop, sleep, print, change its arguments, or raise.

The calls run in a thread of their own, because a thread can be given up: `PyThreadState_SetAsyncExc` ends a loop of Python
code, and an answer that sleeps or hangs in C code is left behind as a daemon. That needs no signals, so it works on
every system and from every thread. Where there are no threads the same calls run inside a `Deadline`.
"""

from __future__ import annotations

import contextlib
import copy
import ctypes
import functools
import inspect
import io
import linecache
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

import numpy as np

from dlcourse.checking.advice import advise, tidy
from dlcourse.checking.deadline import Deadline, Stopped
from dlcourse.checking.quiet import silence
from dlcourse.surroundings import has_threads

__all__ = ["Case", "Outcome", "Run", "code_of", "identical", "plain", "run", "stop"]

Case = tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """What one call did: the value it returned, or the error it raised, and which argument it changed.

    `advice` says what the error usually means. `idle` says that a random generator was among the arguments and no number
    was drawn from it, `printed` that the answer wrote something.
    """

    value: Any = None
    error: str = ""
    advice: str = ""
    changed: int | None = None
    idle: bool = False
    printed: bool = False


@dataclass(frozen=True)
class Run:
    """All calls of one check. `stuck` says where the answer was when its time was over."""

    outcomes: tuple[Outcome, ...]
    stuck: str | None = None
    seconds: float = 0.0


def plain(value: Any) -> Any:
    """Copy a returned value, with tensors as arrays, so that nothing changes afterwards."""
    if hasattr(value, "requires_grad"):
        array = getattr(value.detach() if hasattr(value, "detach") else value, "data", None)
        return np.array(array) if array is not None else value
    if isinstance(value, (np.ndarray, np.generic)):
        return np.array(value)
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return (
            type(value)([plain(part) for part in value]) if type(value) in (tuple, list) else tuple(map(plain, value))
        )
    return value


def run(
    function: Callable[..., Any],
    cases: Sequence[Case],
    seconds: float,
    until: Callable[[int, Outcome], bool] | None = None,
) -> Run:
    """Call `function` with each case, for `seconds` in all; prints and warnings are swallowed.

    Parameters
    ----------
    until : function, optional
        Asked after each call, with its number and outcome; True ends the run there.

    Raises
    ------
    KeyboardInterrupt
        If the learner interrupts the check; the answer is stopped first.
    """
    outcomes: list[Outcome] = []
    printed = io.StringIO()
    work = functools.partial(_work, function, cases, outcomes, printed, until)
    began = time.monotonic()
    if not has_threads():
        with silence(printed), Deadline(seconds) as deadline:
            work()
        stuck = None if deadline.frame is None else _line_of_frame(function, deadline.frame)
        return Run(tuple(outcomes), stuck, time.monotonic() - began)
    worker = threading.Thread(target=work, daemon=True, name="answer")
    with silence(printed):
        worker.start()
        try:
            _wait(worker, seconds)
        except KeyboardInterrupt:
            stop(worker)
            raise
        if not worker.is_alive():
            return Run(tuple(outcomes), seconds=time.monotonic() - began)
        frame = sys._current_frames().get(worker.ident or 0)
        stuck = _line_of_frame(function, frame)
        done = tuple(outcomes)
        stop(worker)
    return Run(done, stuck, time.monotonic() - began)


def _work(
    function: Callable[..., Any],
    cases: Sequence[Case],
    outcomes: list[Outcome],
    printed: io.StringIO,
    until: Callable[[int, Outcome], bool] | None,
) -> None:
    with contextlib.suppress(Stopped), np.errstate(all="ignore"):
        for i, case in enumerate(cases):
            outcome = _call(function, case, printed)
            outcomes.append(outcome)
            if until is not None and until(i, outcome):
                return


def _call(function: Callable[..., Any], case: Case, printed: io.StringIO) -> Outcome:
    arguments = copy.deepcopy(case)
    before_it = printed.tell()
    try:
        value = plain(function(*arguments))
    except Stopped:
        raise
    except BaseException as error:  # SystemExit too: the answer must not end the kernel
        code = code_of(function)
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if code else ()
        return Outcome(error=_said(function, error), advice=advise(error, names, code.co_names if code else ()))
    changed = [i for i, (now, before) in enumerate(zip(arguments, case, strict=True)) if not identical(now, before)]
    pairs = [
        (now, before) for now, before in zip(arguments, case, strict=True) if isinstance(before, np.random.Generator)
    ]
    idle = any(now.bit_generator.state == before.bit_generator.state for now, before in pairs)
    return Outcome(value, changed=changed[0] if changed else None, idle=idle, printed=printed.tell() > before_it)


def identical(now: Any, before: Any) -> bool:
    """Whether an argument is what it was before the call."""
    if isinstance(before, np.random.Generator):  # drawing from it is what it is for
        return True
    if isinstance(before, np.ndarray):
        return now.shape == before.shape and now.dtype == before.dtype and now.tobytes() == before.tobytes()
    if isinstance(before, (list, tuple)):
        return len(now) == len(before) and all(map(identical, now, before))
    if isinstance(before, dict):
        return list(now) == list(before) and identical(list(now.values()), list(before.values()))
    if hasattr(before, "__dict__") and not callable(before):  # a data set: look at what it holds
        return list(vars(now)) == list(vars(before)) and identical(
            list(vars(now).values()), list(vars(before).values())
        )
    return bool(np.all(now == before))


def _wait(worker: threading.Thread, seconds: float) -> None:
    """Wait in short slices: on Windows one long wait cannot be interrupted from the keyboard."""
    end = time.monotonic() + seconds
    while worker.is_alive() and time.monotonic() < end:
        worker.join(0.05)


def stop(worker: threading.Thread) -> None:
    """Raise `Stopped` in the thread, again and again for half a second: a bare `except:` may swallow the first ones."""
    raise_in = getattr(ctypes.pythonapi, "PyThreadState_SetAsyncExc", None)
    for _ in range(10):
        if raise_in is None or not worker.is_alive():
            return
        raise_in(ctypes.c_ulong(worker.ident or 0), ctypes.py_object(Stopped))
        worker.join(0.05)


def code_of(function: object) -> CodeType | None:
    """The code of a function, also where it is wrapped, a method, partly filled in, or an object that can be called."""
    while True:
        if isinstance(function, functools.partial):
            function = function.func
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        else:
            break
    if not hasattr(function, "__code__"):
        function = inspect.getattr_static(type(function), "__call__", None)
    code = getattr(function, "__code__", None)
    return code if isinstance(code, CodeType) else None


def _said(function: Callable[..., Any], error: BaseException) -> str:
    """The error and the learner's own line: "ValueError (…) in line 3: `return x @ w`"."""
    try:
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    except Exception:
        text = type(error).__name__
    lines = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(error.__traceback__)]
    return tidy(text) + _line(function, lines[1:])  # the first frame is the call in this file


def _line_of_frame(function: Callable[..., Any], frame: FrameType | None) -> str:
    lines = [] if frame is None else [(f.f_code.co_filename, number) for f, number in traceback.walk_stack(frame)]
    return _line(function, lines[::-1])


def _line(function: Callable[..., Any], lines: Sequence[tuple[str, int | None]]) -> str:
    """Where the innermost line of the learner's own file is, or nothing if there is none."""
    code = code_of(function)
    mine = [number for name, number in lines if code is not None and name == code.co_filename and number]
    if code is None or not mine:
        return ""
    text = linecache.getline(code.co_filename, mine[-1]).strip()
    return f"\n  in line {mine[-1]}: {text}" if text else f"\n  in line {mine[-1]}"
