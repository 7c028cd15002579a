"""What runs inside a sandbox: one answer is shown to the check of its exercise.

It reads the job from the standard input, and writes one line of result to the standard output. In front of the line stands
a word that only the job knows, for the answer may print, too.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import importlib
import io
import json
import os
import sys
import warnings
from types import ModuleType
from typing import Any

import numpy as np

import dlcourse
from dlcourse.checking.advice import tidy
from dlcourse.checking.exercise import Exercise, Lesson, cleaned
from dlcourse.checking.reading import remember

__all__ = ["main"]


def main() -> None:
    """Read a job, do it, write the result, and end this program."""
    job = json.loads(sys.stdin.buffer.read())
    _limit(job["limits"])
    sys.stdin = io.StringIO()
    result = json.dumps(_examined(job), ensure_ascii=True)
    sys.stdout.write(f"\n{job['word']}{result}\n")
    sys.stdout.flush()
    if hasattr(os, "_exit"):
        os._exit(0)  # whatever the answer has left running or registered


def _examined(job: dict[str, Any]) -> dict[str, Any]:
    """Whether the answer is right, and what is said of it; `broken` says why there is no answer."""
    lesson: Lesson = importlib.import_module(f"dlcourse.exercises.{job['lesson']}").EXERCISES
    exercise = lesson.with_seed(job["seed"])[job["exercise"]]
    exercise = dataclasses.replace(exercise, blank_from="", seconds=exercise.seconds * job["patience"])
    answer, broken = _answer(job)
    if broken:
        return {"broken": broken}
    return _verdict(exercise, answer)


def _verdict(exercise: Exercise, answer: object) -> dict[str, Any]:
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            right, said = exercise.examine(answer)
    except MemoryError:
        return {"broken": "it needs more memory than there is"}
    return {"right": right, "untouched": said == exercise.untouched(), "said": cleaned(said)}


def _answer(job: dict[str, Any]) -> tuple[object, str]:
    """Run the statements that were taken out, each with its own line numbers; the function, or why there is none."""
    space = ModuleType("answers")
    sys.modules["answers"] = space
    vars(space).update(np=np, dl=dlcourse)
    warnings.simplefilter("ignore")
    for number, cell in enumerate(job["cells"]):
        name = f"<{cell['name']}>"
        remember(name, cell["text"])
        body = ast.parse(cell["text"]).body
        for place in cell["statements"]:
            root = (number, place) == tuple(job["root"])
            try:
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    exec(compile(ast.Module([body[place]], []), name, "exec"), vars(space))
            except BaseException as error:  # as a cell above that failed; the answer may do without it
                if root:
                    return None, tidy(f"{cell['name']} raises {type(error).__name__}: {error}")
    return vars(space).get(job["name"]), ""


def _limit(limits: dict[str, int]) -> None:
    """Limit this process by its system: memory, time of the processor, size of a file. Nothing can raise it again."""
    if not limits:
        return
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, most in {**limits, "RLIMIT_CORE": 0}.items():
        with contextlib.suppress(ValueError, OSError):  # macOS does not limit memory
            resource.setrlimit(getattr(resource, name), (most, most))
