"""The log of a sweep: a file with one line of JSON per run that is done, from which an interrupted sweep goes on."""

from __future__ import annotations

import hashlib
import json
import math
import os
from functools import partial
from types import CodeType
from typing import Any

from dlcourse import files
from dlcourse.errors import ArgumentError, FileFormatError
from dlcourse.sweeps.runs import Outcome, Task
from dlcourse.sweeps.spaces import label

__all__ = ["Log", "fingerprint"]

EXAMPLE = "runs.jsonl"


class Log:
    """Runs that are done, in a file; the first line says of which sweep.

    Parameters
    ----------
    path : str or Path
        A new file, or one that this very sweep has begun.
    head : dict
        What makes it this sweep: its space, its strategy, its seed.

    Raises
    ------
    ArgumentError
        If another sweep has begun the file.
    FileFormatError
        If it is no log of a sweep.
    FileAccessError
        If the system cannot read or write it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = Log(folder + "/runs.jsonl", {"strategy": "random"})
    ...     len(log.known)
    0
    """

    def __init__(self, path: str | os.PathLike[str], head: dict[str, Any]) -> None:
        self.path = files.expanded("sweep", path, EXAMPLE)
        self.known: dict[tuple[int, int | None], tuple[dict[str, Any], Outcome]] = {}
        if os.path.exists(self.path) and os.path.getsize(self.path):
            self._go_on(head)
        else:
            files.write("sweep", self.path, _line({"sweep": head}))

    def _go_on(self, head: dict[str, Any]) -> None:
        content = files.read("sweep", self.path)
        whole, _, rest = content.rpartition(b"\n")  # a line that was cut off when the program ended is no run
        lines = [self._read(number, line) for number, line in enumerate(whole.split(b"\n"), 1)]
        written, head = lines[0]["sweep"], json.loads(json.dumps(head))
        if written != head:
            differ = [name for name in head if written.get(name) != head[name]]
            raise ArgumentError(
                f"sweep: {self.path!r} was begun by a sweep with another {' and '.join(differ) or 'setting'}. Choose another file, or "
                "give the same again: rng=np.random.default_rng(seed) is made anew for each call."
                + (
                    " The function has been rewritten since, and its old scores say nothing about it now."
                    * ("run" in differ)
                )
            )
        for record in lines[1:]:
            outcome = Outcome(
                [math.nan if score is None else score for score in record["scores"]],
                record["seconds"],
                record["message"],
            )
            self.known[record["run"], record["epochs"]] = record["settings"], outcome
        if rest:
            files.write("sweep", self.path, whole + b"\n")

    def _read(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            record = json.loads(line)
            complete = {"sweep"} if number == 1 else {"run", "settings", "epochs", "scores", "seconds", "message"}
            if isinstance(record, dict) and complete <= record.keys() and isinstance(record.get("sweep", {}), dict):
                return record
        except ValueError:
            pass
        what = "no log of a sweep" if number == 1 else f"damaged: its line {number} is no record of a run"
        raise FileFormatError(f"sweep: {self.path!r} is {what}. Choose another file.")

    def outcome_of(self, task: Task) -> Outcome | None:
        """What came of a run, if it is in the file.

        Parameters
        ----------
        task : Task

        Raises
        ------
        ArgumentError
            If it had other settings.
        """
        if task.key not in self.known:
            return None
        settings, outcome = self.known[task.key]
        if settings != _plain(task.settings):
            raise ArgumentError(
                f"sweep: run {task.number} in {self.path!r} had other settings, {settings}. Choose another file."
            )
        return outcome

    def add(self, task: Task, outcome: Outcome) -> None:
        """Append a run; it is in the file when this returns.

        Parameters
        ----------
        task : Task
        outcome : Outcome
        """
        record = {
            "run": task.number,
            "settings": _plain(task.settings),
            "epochs": task.epochs,
            "scores": [score if math.isfinite(score) else None for score in outcome.scores],
            "seconds": round(outcome.seconds, 4),
            "message": outcome.message,
        }
        files.append("sweep", self.path, _line(record))


def fingerprint(run: Any) -> str:
    """The same text for the same function, and another one after it has been rewritten; comments do not count.

    Only the function itself is looked at, not what it calls.

    Parameters
    ----------
    run : callable

    Examples
    --------
    >>> fingerprint(lambda settings, rng: settings["lr"]) == fingerprint(lambda settings, rng: settings["units"])
    False
    """
    while isinstance(run, partial):
        run = run.func
    function = run if hasattr(run, "__code__") else getattr(type(run), "__call__", None)  # noqa: B004
    code = getattr(function, "__code__", None)
    if code is None:  # written in C
        return type(run).__name__
    return hashlib.sha256(repr(_instructions(code)).encode()).hexdigest()[:16]


def _instructions(code: CodeType) -> list[Any]:
    """What a function does, without the names of its file and lines."""
    constants: list[Any] = []
    for one in code.co_consts:
        if isinstance(one, CodeType):
            constants.append(_instructions(one))
        else:  # the order of a set is another one in each process
            constants.append(sorted(map(repr, one)) if isinstance(one, frozenset) else one)
    return [code.co_code.hex(), constants, code.co_names, code.co_varnames]


def _plain(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings as JSON has them: what is no number, text or truth value by its name."""
    return {
        name: value if isinstance(value, (bool, int, float, str, type(None))) else label(value)
        for name, value in settings.items()
    }


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
