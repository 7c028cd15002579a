"""Which questions are asked today: those that went wrong first, then those that have waited long enough, then new ones.

Notes
-----
The rule is Leitner's: five boxes, and a question in box 1, 2, 3, 4, 5 waits 1, 2, 4, 8, 16 days. A right answer moves it
to the next box, a wrong one to box 1. A bet counts as the first answer: one that was lost begins in box 1, one that came in
box 2. So no question comes twice on the same day.

References
----------
Sebastian Leitner, “So lernt man lernen” (1972), has the boxes. Nicholas Cepeda and others, “Distributed practice in verbal
recall tasks” (Psychological Bulletin 132, 2006), measured over 317 experiments that practice spread over days is
remembered better than the same practice at once. That each wait is twice the one before is our choice.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from dlcourse.learner.record import Record, Reviewed
from dlcourse.reviews.question import Lesson, Question

__all__ = ["DAYS", "Due", "due", "is_begun"]

DAYS = {1: 1, 2: 2, 3: 4, 4: 8, 5: 16}
"""How many days a question waits, by its box."""


@dataclass(frozen=True)
class Due:
    """A question that may be asked today.

    Attributes
    ----------
    lesson : Lesson
    question : Question
    box : int
        From which it comes.
    lost : int
        How often it went wrong, 0 where it has been right since.
    late : int
        Days since it could have been asked; -1 for a question that was never asked.
    """

    lesson: Lesson
    question: Question
    box: int
    lost: int
    late: int


def due(record: Record, lessons: Sequence[Lesson], today: str) -> list[Due]:
    """All questions that may be asked today, the most important first.

    Parameters
    ----------
    record : Record
    lessons : sequence of Lesson
        Those that lie before the learner, in order. Of the last one, and of those that were begun, new questions come too.
    today : str
        Such as "2026-11-27".

    Returns
    -------
    list of Due
        First what went wrong, the most often first; then what has waited too long, the longest first; then new questions,
        those of the latest lesson first.
    """
    asked: list[Due] = []
    new: list[Due] = []
    for lesson in lessons:
        fresh: list[Due] = []
        for question in lesson.questions:
            one = _due(record, lesson, question, today)
            if one is not None:
                (asked if one.late >= 0 else fresh).append(one)
        if lesson is lessons[-1] or is_begun(record, lesson):
            new = fresh + new
    asked.sort(key=lambda one: (-one.lost, -one.late))
    return asked + new


def _due(record: Record, lesson: Lesson, question: Question, today: str) -> Due | None:
    """The question, or None before its day has come."""
    review = record.reviews.get(lesson.module, {}).get(question.name, Reviewed())
    bet = record.bets.get(question.asks)
    if not review.day and bet is None:
        return Due(lesson, question, 1, 0, -1)
    lost = review.wrong + (bet is not None and bool(bet.answer) and not bet.came)
    box = min(max(review.box, 1), len(DAYS)) if review.day else 1 if lost else 2
    late = _days(max(review.day, bet.day if bet else ""), today) - DAYS[box]
    return None if late < 0 else Due(lesson, question, box, lost if box == 1 else 0, late)


def _days(since: str, until: str) -> int:
    """Days between two dates; a thousand where the first one is none, or has not come yet."""
    try:
        days = (datetime.date.fromisoformat(until) - datetime.date.fromisoformat(since)).days
    except ValueError:
        return 1000
    return days if days >= 0 else 1000


def is_begun(record: Record, lesson: Lesson) -> bool:
    """Whether an exercise of a lesson was tried, or one of its questions answered."""
    tried = any(entry.tries for entry in record.exercises.get(lesson.module, {}).values())
    bets = any(question.asks in record.bets for question in lesson.questions)
    return tried or bets or lesson.module in record.reviews
