"""A question that is asked again, and the lessons that have some."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache

from dlcourse import notebooks

__all__ = ["Lesson", "Question", "lessons"]


@dataclass(frozen=True)
class Question:
    """One question from a lesson, with what must be known to answer it without the lesson.

    Attributes
    ----------
    name : str
        Of the lesson's bet that it asks again, or its own.
    context : str
        One to three sentences that say what it is about.
    asks : str
        The question; of a bet word by word as the lesson has it, by which its first answer is looked up.
    choices : tuple of str
    answer : str
        One of the choices.
    why : str
        One line, shown after the answer.
    """

    name: str
    context: str
    asks: str
    choices: tuple[str, ...]
    answer: str
    why: str


@dataclass(frozen=True)
class Lesson:
    """A lesson, as a link to it says, and its questions in the order in which it asks them.

    Attributes
    ----------
    number, module, title, file : str
        As in "04b", "egg_carton", "Egg carton in 1 million dimensions", "04b_egg_carton.ipynb".
    questions : tuple of Question
    """

    number: str
    module: str
    title: str
    file: str
    questions: tuple[Question, ...]

    @property
    def name(self) -> str:
        """Number and title."""
        return f"{self.number} · {self.title}"


@cache
def lessons() -> tuple[Lesson, ...]:
    """Every lesson of the course, in its order."""
    every = []
    for path in notebooks.lessons():
        number, _, module = path.stem.partition("_")
        asked = importlib.import_module(f"dlcourse.reviews.questions.{module}")
        every.append(Lesson(number, module, asked.TITLE, path.name, asked.QUESTIONS))
    return tuple(every)
