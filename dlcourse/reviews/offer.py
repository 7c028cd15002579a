"""`dl.review`: three questions from earlier lessons, and the note of how they went."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlcourse.calls import explained
from dlcourse.errors import ArgumentError, brief, joined
from dlcourse.learner.record import Record, today
from dlcourse.learner.store import is_kept, note, read
from dlcourse.progress import in_notebook
from dlcourse.reviews.question import Lesson, lessons
from dlcourse.reviews.schedule import Due, due, is_begun
from dlcourse.reviews.words import as_html, as_text
from dlcourse.streams import printable

if TYPE_CHECKING:
    from dlcourse.live.questions import Asking

__all__ = ["Review", "review"]

AT_ONCE = 3
TITLES = {
    0: "No question from earlier lessons today: what you have answered comes again on another day.",
    1: "Before you begin: one question from earlier lessons",
    2: "Before you begin: two questions from earlier lessons",
    3: "Before you begin: three questions from earlier lessons",
}
FAREWELL = "What was wrong comes again tomorrow, what was right some days later."

_session = Record()
"""What was asked since the kernel started: all there is where no record is kept."""


class Review:
    """A few questions from earlier lessons, folded into one line. Shows itself.

    Attributes
    ----------
    questions : tuple of Due
        Those of today, at most three.
    """

    def __init__(self, questions: tuple[Due, ...]) -> None:
        self.questions = questions
        self._asking: Asking | None = None

    def __repr__(self) -> str:
        return printable(as_text(TITLES[len(self.questions)], self.questions))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        title = TITLES[len(self.questions)]
        data = {"text/html": as_html(title, self.questions), "text/plain": as_text(title, self.questions)}
        view, about = self._live().bundle() if self.questions and in_notebook() else ({}, {})
        return view | data, about | {"dlcourse": {"stands_alone": True}}  # without the view: see page.js

    def _live(self) -> Asking:
        from dlcourse.live.questions import Asking

        if self._asking is None:
            plain = [_plain(place, one) for place, one in enumerate(self.questions)]
            title = TITLES[len(self.questions)]
            self._asking = Asking(plain, title=title, farewell=FAREWELL, given=self.given)
        return self._asking

    def given(self, place: str, choice: str) -> None:
        """Note that a question was asked, where `choice` is "", or answered.

        Parameters
        ----------
        place : str
            Of the question among today's, counted from "0".
        choice : str
        """
        one = self.questions[int(place)]
        lesson, name = one.lesson.module, one.question.name

        def change(record: Record) -> None:
            if record.reviewed(lesson, name).day != today():
                record.asked_again(lesson, name, one.box)
            if choice:
                record.answered(lesson, name, choice == one.question.answer)

        change(_session)
        note(change)


def _plain(place: int, due: Due) -> dict[str, Any]:
    """A question as the browser's half wants it."""
    question = due.question
    return {
        "id": str(place),
        "context": question.context,
        "asks": question.asks,
        "choices": list(question.choices),
        "answer": question.answer,
        "why": question.why,
        "lesson": due.lesson.name,
        "file": due.lesson.file,
    }


@explained
def review(before: str | int | None = None) -> Review:
    """Three questions from earlier lessons, each answered by a click and settled in one line.

    What went wrong comes first, as a bet or the last time it was asked; then what has waited long enough; then questions
    that were never asked, from the lessons that were begun and the one before. A right answer comes again after 2, 4, 8
    and 16 days, a wrong one on the next day, and none twice on the same day. How it went is kept in
    `dlcourse_progress.json` beside the lessons; with DLCOURSE_PROGRESS=off, or without such a file, the questions are
    those of the lesson before.

    Parameters
    ----------
    before : str or int, optional
        The lesson that begins, such as "05" or "04b". None for all lessons that were begun.

    Returns
    -------
    Review
        Shows itself in a notebook as one line that unfolds; its `repr` has the questions and their answers.

    Raises
    ------
    ArgumentError
        If there is no such lesson.

    References
    ----------
    Sebastian Leitner, “So lernt man lernen” (1972). reviews/schedule.py has the rule.

    Examples
    --------
    >>> import dlcourse as dl
    >>> print(str(dl.review("01")).splitlines()[0])
    Before you begin: three questions from earlier lessons
    """
    record = read(Path.cwd()) if is_kept(Path.cwd()) else _session
    asked = {
        (lesson, name) for lesson, names in _session.reviews.items() for name in names if names[name].day == today()
    }
    every = due(record, _earlier(before, record), today())  # a file that cannot be written knows less than the session
    return Review(tuple(one for one in every if (one.lesson.module, one.question.name) not in asked)[:AT_ONCE])


def _earlier(before: str | int | None, record: Record) -> tuple[Lesson, ...]:
    """The lessons before one, or up to the last one that was begun."""
    every = lessons()
    if before is None:
        last = max((place for place, lesson in enumerate(every) if is_begun(record, lesson)), default=0)
        return every[: last + 1]
    number = f"{before:02d}" if isinstance(before, int) else before
    numbers = [lesson.number for lesson in every]
    if number not in numbers:
        raise ArgumentError(
            f"review: there is no lesson {brief(before)}. Give the number of one, such as '05': {joined(numbers)}."
        )
    return every[: numbers.index(number)]
