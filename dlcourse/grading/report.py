"""The rows as a table to read, and as one for spreadsheets."""

from __future__ import annotations

import csv
import io
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from dlcourse.errors import counted
from dlcourse.grading.grades import COULD_NOT, NOT_ATTEMPTED, NOT_SOLVED, SOLVED, Row

__all__ = ["as_csv", "as_text"]

HEADS = ("learner", "file", "lesson", "exercise", "result", "tries", "hint")
# What a spreadsheet may take for a formula; the wide ones are those of Japanese keyboards.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(rows: Sequence[Row]) -> str:
    """One line for each row. No cell can be taken for a formula: a ' stands before what looks like one."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    writer.writerows([_harmless(cell) for cell in _cells(row)] for row in rows)
    return out.getvalue()


def as_text(rows: Sequence[Row], width: int = 110) -> str:
    """The notebooks one after the other, a line for each exercise, hints below; at the end what was hard.

    Parameters
    ----------
    rows : sequence of Row
        Those of a notebook behind each other.
    width : int
        Letters of a line.
    """
    lines: list[str] = []
    name = max((len(row.exercise) for row in rows), default=0)
    for (learner, file), own in groupby(rows, key=lambda row: (row.learner, row.file)):
        lines += ["", f"{_plain(learner)}  ({_plain(file)})"]
        lesson = ""
        for row in own:
            if row.lesson not in ("", lesson):
                lines.append(f"  {row.lesson}")
            lesson = row.lesson
            tries = "" if row.tries is None else f"{row.tries} {'try' if row.tries == 1 else 'tries'}"
            called = f"{_plain(row.exercise).ljust(name)}  " if row.exercise else ""
            lines.append(f"    {called}{row.result.ljust(len(COULD_NOT))}  {tries}".rstrip())
            for said in _plain(row.hint, "\n").split("\n"):
                lines += textwrap.wrap(said, width, initial_indent=" " * 8, subsequent_indent=" " * 8)
    return "\n".join([*lines[1:], "", *_summary(rows)])


def _summary(rows: Sequence[Row]) -> list[str]:
    """Each exercise with how many solved it, and all together."""
    results = (SOLVED, NOT_SOLVED, NOT_ATTEMPTED, COULD_NOT)
    lines = []
    asked = dict.fromkeys((row.lesson, row.exercise) for row in rows if row.exercise)
    for lesson, exercise in asked:
        counts = Counter(row.result for row in rows if (row.lesson, row.exercise) == (lesson, exercise))
        said = ", ".join(f"{counts[result]} {result}" for result in results if counts[result])
        lines.append(_plain(f"{lesson}, {exercise}: {said}"))
    people, books = len({row.learner for row in rows}), len({(row.learner, row.file) for row in rows})
    solved, every = sum(row.result == SOLVED for row in rows), sum(bool(row.exercise) for row in rows)
    lines.append(
        f"{counted(books, 'notebook')} of {counted(people, 'learner')}: {solved} of {counted(every, 'exercise')} solved."
    )
    return lines


def _cells(row: Row) -> tuple[str, ...]:
    tries = "" if row.tries is None else str(row.tries)
    return (row.learner, row.file, row.lesson, row.exercise, row.result, tries, row.hint)


def _harmless(cell: str) -> str:
    text = _plain(cell)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _plain(text: str, kept: str = "") -> str:
    """In one line, without what could steer a terminal or turn the direction of reading."""
    return "".join(
        letter if letter in kept or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else " "
        for letter in text
    )
