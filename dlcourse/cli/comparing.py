"""Stored outputs and new ones compared as `pytest --nbval` does it, and what differs in words."""

from __future__ import annotations

import difflib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["differences", "is_skipped"]

# What of an output is not compared: what differs from run to run, and pictures.
NOT_COMPARED = {
    "metadata", "traceback", "prompt_number", "output_type", "name", "execution_count", "transient",
    "application/vnd.jupyter.widget-view+json", "image/png", "image/jpeg",
}  # fmt: skip
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
OVERWRITTEN = re.compile(r"^.*\r(?=[^\n])", re.MULTILINE)  # what a progress bar wrote before its last state
# The calls of a traceback: from its head to the line that begins with the error's name again.
CALLS = re.compile(r"^(\w+) +Traceback \(most recent call last\)\n(?:(?!\1\b).*\n)*", re.MULTILINE)
AROUND = 2  # equal lines shown before and after one that differs
LONGEST = 160  # letters of a line that are shown


def is_skipped(cell: Any) -> bool:
    """Whether a cell is not to be run at all."""
    return _marked(cell, "nbval-skip")


def differences(stored: Sequence[Any], new: Sequence[Any]) -> list[str]:
    """For each code cell that differs its number, its text, and what is stored and given now.

    Parameters
    ----------
    stored, new : sequence of cells
        Of the same notebook.
    """
    pairs = [(old, now) for old, now in zip(stored, new, strict=True) if old.cell_type == "code"]
    said = []
    for number, (old, now) in enumerate(pairs):
        lines = [] if is_skipped(old) else list(_difference(old, now))
        if lines:
            source = [line for line in old.source.splitlines() if line.strip()]
            said.append("\n".join([f"Cell {number}:", *(f"    {line}" for line in source + lines)]))
    return said


def _marked(cell: Any, tag: str) -> bool:
    """Whether a cell has a tag, or a comment that says the same: # NBVAL_SKIP for nbval-skip."""
    comments = [line.strip().lstrip("#").strip() for line in cell.source.splitlines() if line.strip().startswith("#")]
    return tag in cell.metadata.get("tags", []) or tag.upper().replace("-", "_") in comments


def _difference(old: Any, now: Any) -> Iterator[str]:
    """Lines that say how the outputs of one cell differ; none if they do not."""
    raises = _marked(old, "raises-exception") or _marked(old, "nbval-raises-exception")
    errors = [output for output in now.outputs if output.output_type == "error"]
    if errors and not raises:
        yield from _error(errors[0])
    elif old.execution_count is None:
        if old.outputs:
            yield "Unrun reference cell has outputs"
    elif not _marked(old, "nbval-ignore-output"):
        yield from _compare(_fields(old.outputs), _fields(now.outputs))


def _error(output: Any) -> list[str]:
    """The last part of a traceback: the error's name and message, and for a wrong line of Python that line."""
    text = CALLS.sub("", COLOURS.sub("", "\n".join(output.traceback)) + "\n")
    lines = [line for line in text.splitlines() if line.strip("- ")]  # without the rule above it
    return lines or [f"{output.ename}: {output.evalue}"]


def _fields(outputs: Sequence[Any]) -> dict[str, list[Any]]:
    """What is compared, by kind: stdout, stderr, text/plain, text/html, …, in the order of the outputs."""
    fields: dict[str, list[Any]] = defaultdict(list)
    streams: dict[str, str] = {}
    for output in outputs:
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
            continue
        values = {key: value for key, value in output.items() if key != "data"} | dict(output.get("data", {}))
        for key, value in values.items():
            if key not in NOT_COMPARED:
                fields[key].append(value)
    return {name: [OVERWRITTEN.sub("", text)] for name, text in streams.items()} | fields


def _compare(stored: dict[str, list[Any]], new: dict[str, list[Any]]) -> Iterator[str]:
    if missing := sorted(stored.keys() - new.keys()):
        yield f"Missing output fields from running code: {{{', '.join(map(repr, missing))}}}"
    if unexpected := sorted(new.keys() - stored.keys()):
        yield f"Unexpected output fields from running code: {{{', '.join(map(repr, unexpected))}}}"
    for key in stored:
        olds, nows = stored[key], new.get(key, stored[key])
        if len(olds) != len(nows):
            yield f'dissimilar number of outputs for key "{key}"'
            for title, values in (("stored:", olds), ("now:", nows)):
                yield title
                yield from (f"  {_short(line)}" for value in values for line in _lines(value))
        for old, now in zip(olds, nows, strict=False):
            if old != now and len(olds) == len(nows):
                yield f"mismatch {key!r}"
                yield from _lines_that_differ(_lines(old), _lines(now))
                break


def _lines(value: Any) -> list[str]:
    """An output as lines of text."""
    text = value if isinstance(value, str) else json.dumps(value, indent=1, sort_keys=True)
    return text.split("\n")


def _lines_that_differ(old: list[str], now: list[str]) -> Iterator[str]:
    """Lines that are new or gone, with a few equal ones around them."""
    for tag, i, j, k, m in difflib.SequenceMatcher(None, now, old, autojunk=False).get_opcodes():
        if tag != "equal":
            for place in range(max(j - i, m - k)):
                yield from _pair(now[i:j][place : place + 1], old[k:m][place : place + 1])
            continue
        before, after = (AROUND if i else 0), (AROUND if j < len(now) else 0)
        equal = now[i:j]
        if len(equal) > before + after + 1:
            equal = [*equal[:before], "…", *equal[len(equal) - after :]]
        yield from (f"        {_short(line)}" for line in equal if line)


def _pair(now: list[str], old: list[str]) -> Iterator[str]:
    """A line that is new and the one that it replaces; either may be missing."""
    plain = [COLOURS.sub("", line[0]).rstrip() if line else "" for line in (now, old)]
    as_code = plain[0] == plain[1]  # only colours or blanks differ: make them visible
    start = _first_difference(now[0], old[0]) if now and old else 0
    for title, line in (("now:    ", now), ("stored: ", old)):
        if line:
            yield title + (_short(repr(line[0])) if as_code else _short(COLOURS.sub("", line[0]), start))


def _first_difference(a: str, b: str) -> int:
    return next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _short(line: str, start: int = 0) -> str:
    """A line, or of a long one the part from shortly before `start`."""
    if len(line) <= LONGEST:
        return line
    first = max(0, min(start - LONGEST // 4, len(line) - LONGEST))
    return f"{'…' if first else ''}{line[first : first + LONGEST]}{'…' if first + LONGEST < len(line) else ''}"
