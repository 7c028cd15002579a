"""Call a learner's function without trusting it: it may loop, sleep, print, change its arguments, or raise.

The calls run in a thread of their own, because a thread can be given up: `PyThreadState_SetAsyncExc` ends a loop of Python
code, and an answer that sleeps or hangs in C code is left behind as a daemon. That needs no signals, so it works on
every system and from every thread.
"""

from __future__ import annotations

import contextlib
import copy
import ctypes
import io
import linecache
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

__all__ = ["Outcome", "Run", "plain", "run"]


class _Stopped(BaseException):
    """Raised inside an answer that takes too long; no `except Exception` catches it."""


@dataclass(frozen=True)
class Outcome:
    """What one call did: the value it returned, or the error it raised, and which argument it changed.

    `idle` says that a random generator was among the arguments and no number was drawn from it.
    """

    value: Any = None
    error: str = ""
    changed: int | None = None
    idle: bool = False


@dataclass(frozen=True)
class Run:
    """All calls of one check. `stuck` says where the answer was when its time was over."""

    outcomes: tuple[Outcome, ...]
    stuck: str | None = None


def plain(value: Any) -> Any:
    """Copy a returned value, with tensors as arrays, so that nothing changes afterwards."""
    if hasattr(value, "requires_grad") and isinstance(getattr(value, "data", None), np.ndarray):
        return value.data.copy()
    if isinstance(value, (np.ndarray, np.generic)):
        return np.array(value)
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return (
            type(value)([plain(part) for part in value]) if type(value) in (tuple, list) else tuple(map(plain, value))
        )
    return value


def run(function: Callable[..., Any], cases: Sequence[tuple[Any, ...]], seconds: float) -> Run:
    """Call `function` with each case, for `seconds` in all; prints and warnings are swallowed.

    Raises
    ------
    KeyboardInterrupt
        If the learner interrupts the check; the answer is stopped first.
    """
    outcomes: list[Outcome] = []
    worker = threading.Thread(target=_work, args=(function, cases, outcomes), daemon=True, name="answer")
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        worker.start()
        try:
            _wait(worker, seconds)
        except KeyboardInterrupt:
            _stop(worker)
            raise
        if not worker.is_alive():
            return Run(tuple(outcomes))
        frame = sys._current_frames().get(worker.ident or 0)
        stuck = _line_of_frame(function, frame)
        done = tuple(outcomes)
        _stop(worker)
    return Run(done, stuck)


def _work(function: Callable[..., Any], cases: Sequence[tuple[Any, ...]], outcomes: list[Outcome]) -> None:
    with contextlib.suppress(_Stopped), np.errstate(all="ignore"):
        for case in cases:
            outcomes.append(_call(function, case))


def _call(function: Callable[..., Any], case: tuple[Any, ...]) -> Outcome:
    arguments = copy.deepcopy(case)
    try:
        value = plain(function(*arguments))
    except _Stopped:
        raise
    except BaseException as error:  # SystemExit too: the answer must not end the kernel
        return Outcome(error=_said(function, error))
    changed = [i for i, (now, before) in enumerate(zip(arguments, case, strict=True)) if not _identical(now, before)]
    pairs = [
        (now, before) for now, before in zip(arguments, case, strict=True) if isinstance(before, np.random.Generator)
    ]
    idle = any(now.bit_generator.state == before.bit_generator.state for now, before in pairs)
    return Outcome(value, changed=changed[0] if changed else None, idle=idle)


def _identical(now: Any, before: Any) -> bool:
    if isinstance(before, np.random.Generator):  # drawing from it is what it is for
        return True
    if isinstance(before, np.ndarray):
        return now.shape == before.shape and now.dtype == before.dtype and now.tobytes() == before.tobytes()
    if isinstance(before, (list, tuple)):
        return len(now) == len(before) and all(map(_identical, now, before))
    if hasattr(before, "__dict__") and not callable(before):  # a data set: look at what it holds
        return list(vars(now)) == list(vars(before)) and _identical(
            list(vars(now).values()), list(vars(before).values())
        )
    return bool(np.all(now == before))


def _wait(worker: threading.Thread, seconds: float) -> None:
    """Wait in short slices: on Windows one long wait cannot be interrupted from the keyboard."""
    end = time.monotonic() + seconds
    while worker.is_alive() and time.monotonic() < end:
        worker.join(0.05)


def _stop(worker: threading.Thread) -> None:
    """Raise `_Stopped` in the thread, again and again for half a second: a bare `except:` may swallow the first ones."""
    raise_in = getattr(ctypes.pythonapi, "PyThreadState_SetAsyncExc", None)
    for _ in range(10):
        if raise_in is None or not worker.is_alive():
            return
        raise_in(ctypes.c_ulong(worker.ident or 0), ctypes.py_object(_Stopped))
        worker.join(0.05)


_ADVICE = {
    "matmul: Input operand": "In a @ b the last axis of a must be as long as the first of b. Print both shapes: is one "
    "of the two another array than you meant, or on the wrong side of the @?",
    "could not be broadcast": "Shapes are aligned at their last axes, and there they must be equal, or one of them 1. "
    "Print both shapes.",
    "all input arrays must have the same shape": "np.stack lays arrays of one shape side by side, and yours differ. "
    "Print the shape of each.",
    "cannot reshape array": "A reshape keeps every number, so the sizes you ask for must multiply to what is there. Print "
    "the shape before: is something to be cut off first?",
    "inhomogeneous shape": "Arrays of different shapes do not fit into one. Where a list or tuple of arrays came in or "
    "came back, take out one at a time.",
}
"""What NumPy's own words for a wrong shape mean, for those who meet them the first time."""


def _said(function: Callable[..., Any], error: BaseException) -> str:
    """The error and the learner's own line: "ValueError (…) in line 3: `return x @ w`"."""
    try:
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    except Exception:
        text = type(error).__name__
    lines = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(error.__traceback__)]
    said = text + _line(function, lines[1:])  # the first frame is the call in this file
    return said + next((f"\n{advice}" for words, advice in _ADVICE.items() if words in text), "")


def _line_of_frame(function: Callable[..., Any], frame: FrameType | None) -> str:
    lines = [] if frame is None else [(f.f_code.co_filename, number) for f, number in traceback.walk_stack(frame)]
    return _line(function, lines[::-1])


def _line(function: Callable[..., Any], lines: Sequence[tuple[str, int | None]]) -> str:
    """Where the innermost line of the learner's own file is, or nothing if there is none."""
    own = getattr(getattr(function, "__code__", None), "co_filename", None)
    mine = [number for name, number in lines if name == own and number]
    if own is None or not mine:
        return ""
    text = linecache.getline(own, mine[-1]).strip()
    return f"\n  in line {mine[-1]}: {text}" if text else f"\n  in line {mine[-1]}"
