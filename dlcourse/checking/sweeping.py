"""Try many small programs on the same cases, one after the other: which is the first that fits on all of them?

Hundreds of them are tried while a learner waits, so nothing is kept of a call but its value: no words, no advice.
"""

from __future__ import annotations

import contextlib
import copy
import io
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlcourse.checking.deadline import Deadline, Stopped
from dlcourse.checking.quiet import silence
from dlcourse.checking.running import Case, Outcome, identical, plain, stop
from dlcourse.surroundings import has_threads

__all__ = ["FAILED", "Program", "attempt", "sweep"]

Program = Callable[[int], Outcome]
"""What one of them gives on the case of that number."""

FAILED = Outcome(error="raised")

_ASLEEP = 1.0
"""After so many seconds without enough work a program is given up, too."""


def attempt(function: Callable[..., Any], case: Case) -> Outcome:
    """Call a function with copies of its arguments."""
    arguments = [_copied(value) for value in case]
    try:
        value = plain(function(*arguments))
    except Stopped:
        raise
    except BaseException:  # also SystemExit: a change of a program may do anything
        return FAILED
    changed = next((i for i, before in enumerate(case) if not identical(arguments[i], before)), None)
    return Outcome(value, changed=changed)


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, np.random.Generator):  # ten times as fast as deepcopy
        copied = type(value.bit_generator)(0)
        copied.state = value.bit_generator.state
        return np.random.Generator(copied)
    if type(value) in (int, float, str, bool):
        return value
    return list(map(_copied, value)) if type(value) is list else copy.deepcopy(value)


def sweep(
    programs: Sequence[Program], cases: int, fits: Callable[[int, Outcome], bool], seconds: float
) -> tuple[int | None, int]:
    """Find the first of many programs whose outcome fits on every case.

    Parameters
    ----------
    cases : how many there are
    seconds : of work that one program may take before it is given up

    Returns
    -------
    its place among the programs or None, and how many were given up
    """
    state = _Sweep()
    with silence(io.StringIO()):
        if not has_threads():
            _sweep_here(state, programs, cases, fits, seconds)
            return state.hit, state.stuck
        while state.place < len(programs) and state.hit is None:
            state.worker = threading.Thread(target=_sweep, args=(state, programs, cases, fits), daemon=True)
            state.begin()
            state.worker.start()
            while state.worker.is_alive() and not state.late(seconds):
                state.worker.join(0.01)
            if state.worker.is_alive():
                given_up, state.worker = state.worker, None
                state.place += 1
                state.stuck += 1
                stop(given_up)
    return state.hit, state.stuck


class _Sweep:
    """Where a sweep is. A worker that was given up finds that it is no longer the one, and ends."""

    worker: threading.Thread | None = None
    place = 0
    hit: int | None = None
    stuck = 0
    began = worked = 0.0

    def begin(self) -> None:
        """A program starts now."""
        self.began, self.worked = time.monotonic(), time.process_time()

    def late(self, seconds: float) -> bool:
        """Whether the program that runs has worked too long, or sleeps: on a busy machine one that does not may wait as well."""
        return time.process_time() - self.worked > seconds or time.monotonic() - self.began > _ASLEEP


def _sweep_here(
    state: _Sweep, programs: Sequence[Program], cases: int, fits: Callable[[int, Outcome], bool], seconds: float
) -> None:
    """The same without a thread, one program after the other."""
    while state.place < len(programs) and state.hit is None:
        program, fitting = programs[state.place], False
        with contextlib.suppress(Stopped), np.errstate(all="ignore"), Deadline(seconds) as deadline:
            fitting = all(fits(i, program(i)) for i in range(cases))
        if fitting:
            state.hit = state.place
            return
        state.place += 1
        state.stuck += deadline.frame is not None


def _sweep(state: _Sweep, programs: Sequence[Program], cases: int, fits: Callable[[int, Outcome], bool]) -> None:
    with contextlib.suppress(Stopped), np.errstate(all="ignore"):
        me = threading.current_thread()
        while state.worker is me and state.place < len(programs):
            state.begin()
            program = programs[state.place]
            fitting = all(fits(i, program(i)) for i in range(cases))
            if state.worker is not me:
                return
            if fitting:
                state.hit = state.place
                return
            state.place += 1
