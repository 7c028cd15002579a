"""The record of a learner: what was checked and how it went, each bet with what came, and what was asked again.

It holds dates, and nothing that was typed but the choices of bets.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

__all__ = ["BOXES", "VERSION", "Bet", "Record", "Reviewed", "Tried", "from_plain", "to_plain", "today"]

Entry = TypeVar("Entry", "Tried", "Bet", "Reviewed")

VERSION = 1
"""Of the file. A file of a later version is neither changed nor shown."""
BOXES = 5
"""Of review questions: a right answer moves one to the next box, a wrong one to the first (reviews/schedule.py)."""


@dataclass
class Tried:
    """One exercise.

    Attributes
    ----------
    tries : int
        Answers that were looked at; the untouched stub is none.
    solved : str
        Day of the first right answer, such as "2026-11-27", or "".
    hints : int
        Hints that were read.
    saw_solution : bool
        Whether the solution was shown before the exercise was solved.
    """

    tries: int = 0
    solved: str = ""
    hints: int = 0
    saw_solution: bool = False


@dataclass
class Bet:
    """One bet: what was chosen, what came ("" if the picture alone tells), and on which day."""

    choice: str
    answer: str = ""
    day: str = ""

    @property
    def came(self) -> bool:
        """Whether it came as it was bet on."""
        return bool(self.answer) and self.choice == self.answer


@dataclass
class Reviewed:
    """One review question: its box, when it was asked last ("" for never), and how often it was right and wrong."""

    box: int = 0
    day: str = ""
    right: int = 0
    wrong: int = 0


@dataclass
class Record:
    """All of it: exercises and review questions by lesson and name, bets by their question."""

    exercises: dict[str, dict[str, Tried]] = field(default_factory=dict)
    bets: dict[str, Bet] = field(default_factory=dict)
    reviews: dict[str, dict[str, Reviewed]] = field(default_factory=dict)

    def tried(self, lesson: str, name: str) -> Tried:
        """The entry of an exercise, a new one where there is none."""
        return self.exercises.setdefault(lesson, {}).setdefault(name, Tried())

    def checked(self, lesson: str, name: str, right: bool) -> None:
        """Note that an answer was looked at."""
        entry = self.tried(lesson, name)
        entry.tries += 1
        if right and not entry.solved:
            entry.solved = today()

    def nudged(self, lesson: str, name: str) -> None:
        """Note that a hint was read."""
        self.tried(lesson, name).hints += 1

    def shown(self, lesson: str, name: str) -> None:
        """Note that a solution was shown; after an exercise is solved, reading it gives nothing away."""
        entry = self.tried(lesson, name)
        entry.saw_solution = entry.saw_solution or not entry.solved

    def placed(self, question: str, choice: str, answer: str) -> None:
        """Note a bet. The first one on a question counts: whoever has seen the answer no longer bets."""
        self.bets.setdefault(question, Bet(choice, answer, today()))

    def reviewed(self, lesson: str, name: str) -> Reviewed:
        """The entry of a review question, a new one where there is none."""
        return self.reviews.setdefault(lesson, {}).setdefault(name, Reviewed())

    def asked_again(self, lesson: str, name: str, box: int) -> None:
        """Note that a review question was asked today, from this box."""
        entry = self.reviewed(lesson, name)
        entry.box, entry.day = box, today()

    def answered(self, lesson: str, name: str, right: bool) -> None:
        """Note the answer to a review question that was asked."""
        entry = self.reviewed(lesson, name)
        entry.right, entry.wrong = entry.right + right, entry.wrong + (not right)
        entry.box = min(entry.box + 1, BOXES) if right else 1


def today() -> str:
    """The day, as "2026-11-27", where the learner is."""
    return datetime.date.today().isoformat()


def to_plain(record: Record) -> dict[str, Any]:
    """The record as it stands in the file."""
    return {"version": VERSION, **asdict(record)}


def from_plain(content: Any) -> Record | None:
    """The record that a file of this version holds, or None where it holds something else.

    Entries that are not understood are left out: a file that was edited by hand still shows the rest.
    """
    if not isinstance(content, Mapping) or content.get("version") != VERSION:
        return None
    bets = {question: bet for question, entry in _mapping(content.get("bets")).items() if (bet := _made(Bet, entry))}
    return Record(_by_lesson(Tried, content.get("exercises")), bets, _by_lesson(Reviewed, content.get("reviews")))


def _by_lesson(kind: type[Entry], content: Any) -> dict[str, dict[str, Entry]]:
    """Entries by lesson and name, without those that are not understood."""
    known: dict[str, dict[str, Entry]] = {}
    for lesson, entries in _mapping(content).items():
        for name, entry in _mapping(entries).items():
            made = _made(kind, entry)
            if made is not None:
                known.setdefault(lesson, {})[name] = made
    return known


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _made(kind: type[Entry], entry: Any) -> Entry | None:
    """An entry of the file as an object, or None unless each of its values has the type that it should have."""
    known = {f.name: {"int": int, "str": str, "bool": bool}[str(f.type)] for f in fields(kind)}
    values = {name: value for name, value in _mapping(entry).items() if name in known}
    if not values or any(type(value) is not known[name] for name, value in values.items()):
        return None
    try:
        return kind(**values)
    except TypeError:  # one is missing
        return None
