"""The bets of one session: what was chosen where a widget asked first, and how often that came.

They end with the kernel; what `dlcourse progress` shows of them is kept beside the lessons (learner/).
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field

from dlcourse.errors import counted
from dlcourse.learner import Progress, progress
from dlcourse.learner.store import note
from dlcourse.live.widget import Predict
from dlcourse.streams import printable

__all__ = ["Bets", "bets", "place"]


@dataclass(frozen=True)
class Bets:
    """What was bet on, by question.

    Attributes
    ----------
    choices, answers : dict of str to str
        By question: what was chosen, and what came; "" where the question has no answer.
    progress : Progress
        What was done in each lesson, on other days too; shown below, where there is any.

    Examples
    --------
    >>> Bets({"Up or down?": "up", "Big or small?": "big"}, {"Up or down?": "up", "Big or small?": "small"})
    2 bets placed, 1 came.
    """

    choices: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    progress: Progress = field(default_factory=lambda: Progress(()))

    @property
    def came(self) -> int:
        """How many came as they were bet on."""
        return sum(answer == self.choices[question] for question, answer in self.answers.items())

    def __len__(self) -> int:
        return len(self.choices)

    def __repr__(self) -> str:
        return printable(f"{self._line()}\n\n{self.progress}" if self.progress.begun else self._line())

    def _repr_html_(self) -> str | None:
        table = self.progress._repr_html_()
        return None if table is None else f"<p>{html.escape(self._line())}</p>{table}"

    def _line(self) -> str:
        if not self.choices:
            return "No bets yet. Choose one above a picture, then run this cell again."
        came = f", {self.came or 'none'} came" if self.answers else ""
        return f"{counted(len(self), 'bet')} placed{came}."


_session = Bets()


def place(predict: Predict, choice: str) -> None:
    """Note a bet. The first one on a question counts: whoever has seen the answer no longer bets."""
    _session.choices.setdefault(predict.question, choice)
    if predict.answer:
        _session.answers.setdefault(predict.question, predict.answer)
    note(lambda record: record.placed(predict.question, choice, predict.answer))


def bets() -> Bets:
    """The bets that were placed since the kernel started, for the last cell of a lesson.

    Returns
    -------
    Bets
        Shows itself in one line, and below it the table of `dlcourse progress`; `len` counts the bets, `came` those that came.

    Examples
    --------
    >>> bets()
    No bets yet. Choose one above a picture, then run this cell again.
    """
    return Bets(dict(_session.choices), dict(_session.answers), progress())
