"""How far a learner has come: one line per lesson, as text and as a table with bars."""

from __future__ import annotations

import html
import os
from dataclasses import dataclass
from pathlib import Path

from dlcourse import files
from dlcourse.errors import counted
from dlcourse.learner.lessons import Asked, asked
from dlcourse.learner.record import Bet, Record, Tried
from dlcourse.learner.store import is_kept, read
from dlcourse.notebooks import RECORD
from dlcourse.streams import printable

__all__ = ["Progress", "Row", "progress"]

NOTHING = "Nothing yet. Solve an exercise, or place a bet, and look again."


@dataclass(frozen=True)
class Row:
    """One lesson: what it asks, and what was done of it."""

    asked: Asked
    tried: dict[str, Tried]
    placed: dict[str, Bet]

    @property
    def solved(self) -> int:
        """How many of its exercises are solved."""
        return sum(bool(self.tried[name].solved) for name in self.asked.exercises if name in self.tried)

    @property
    def tries(self) -> int:
        """How many answers were looked at."""
        return sum(entry.tries for entry in self.tried.values())

    @property
    def bets(self) -> list[Bet]:
        """The bets of this lesson that were placed."""
        return [self.placed[question] for question in self.asked.questions if question in self.placed]

    @property
    def came(self) -> int:
        """How many bets came as they were bet on."""
        return sum(bet.came for bet in self.bets)

    @property
    def begun(self) -> bool:
        """Whether anything was done in it."""
        return bool(self.tries or self.bets)

    def cells(self) -> tuple[str, str, str, str]:
        """Name, exercises, tries and bets, in words."""
        exercises = f"{self.solved} of {len(self.asked.exercises)}"
        bets = f"{self.came} of {len(self.bets)}" if self.bets else ""
        return f"{self.asked.number} {self.asked.title}", exercises, str(self.tries or ""), bets


HEADS = ("lesson", "solved", "tries", "bets that came")


@dataclass(frozen=True)
class Progress:
    """What was done in each lesson of a folder. Shows itself as a table.

    Attributes
    ----------
    rows : tuple of Row
        One per lesson, in the order of the course.
    kept : bool
        Whether a record is kept in this folder at all.
    """

    rows: tuple[Row, ...]
    kept: bool = True

    @property
    def begun(self) -> bool:
        """Whether there is anything to show."""
        return any(row.begun for row in self.rows)

    def __repr__(self) -> str:
        if not self.begun:
            return self._nothing()
        table = [HEADS, *(row.cells() for row in self.rows)]
        widths = [max(len(line[i]) for line in table) for i in range(len(HEADS))]
        lines = [
            "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in table
        ]
        return printable("\n".join([*lines, self._total()]))

    def _repr_html_(self) -> str | None:
        if not self.begun:
            return None
        head = "".join(f"<th style='text-align:left'>{text}</th>" for text in HEADS)
        body = "".join(f"<tr>{_in_html(row)}</tr>" for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{html.escape(self._total())}</p>"

    def _nothing(self) -> str:
        if self.kept:
            return NOTHING
        return f"No progress is kept here: {RECORD} is off, or no lessons lie in this folder."

    def _total(self) -> str:
        solved, exercises = sum(row.solved for row in self.rows), sum(len(row.asked.exercises) for row in self.rows)
        bets, came = sum(len(row.bets) for row in self.rows), sum(row.came for row in self.rows)
        placed = f"{counted(bets, 'bet')} placed, {came or 'none'} came." if bets else "No bet placed."
        return f"{solved} of {counted(exercises, 'exercise')} solved. {placed}"


def _in_html(row: Row) -> str:
    name, exercises, tries, bets = (html.escape(text) for text in row.cells())
    bar = f"<progress value='{row.solved}' max='{max(1, len(row.asked.exercises))}' aria-label='{exercises} exercises solved'></progress>"
    return f"<td style='text-align:left'>{name}</td><td>{bar} {exercises}</td><td>{tries}</td><td>{bets}</td>"


def progress(folder: str | os.PathLike[str] = ".") -> Progress:
    """What was checked in each lesson of a folder and how it went, and each bet with what came.

    It is read from the file `dlcourse_progress.json` beside the lessons, which nothing but this shows: nothing leaves the
    machine, deleting it is fine, and with the environment variable DLCOURSE_PROGRESS=off none is written or read.

    Parameters
    ----------
    folder : str or Path
        Where the lessons lie.

    Returns
    -------
    Progress
        Shows itself as a table; `rows` has the numbers.

    Examples
    --------
    >>> import tempfile
    >>> progress(tempfile.mkdtemp())
    No progress is kept here: DLCOURSE_PROGRESS is off, or no lessons lie in this folder.
    """
    place = Path(files.expanded("progress", folder, "my_lessons"))
    kept = is_kept(place)
    record = (
        read(place) if kept else Record()
    )  # lessons are stored and tested with it off: in them nobody's progress shows
    return Progress(
        tuple(Row(lesson, record.exercises.get(lesson.module, {}), record.bets) for lesson in asked(place)), kept
    )
