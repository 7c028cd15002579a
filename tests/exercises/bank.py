"""Answers as learners write them, right and wrong, from the text files in `answers`.

A file holds, for each exercise, `=== name call(arguments)`, and under it answers, each the lines of a function's body:

    --- right                       in whatever style: it must be accepted
    --- wrong                       must not be accepted
    --- wrong: words | words        the hint must name the mistake: it has one of these words at least
    --- wrong, unnamed: words       the same, and the hint does not name it yet

The words were written down with the answers, from the mistake, before a hint was seen.
"""

import functools
import textwrap
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlcourse.checking.exercise import Exercise

__all__ = ["Answer", "answers"]


@dataclass(frozen=True)
class Answer:
    """One answer. `words` are those of which the hint must have one."""

    call: str
    right: bool
    named: bool
    words: tuple[str, ...]
    body: str

    def function(self, exercise: Exercise) -> Callable[..., Any]:
        """The function that a learner has after running the cell."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # 2(a + b): Python wonders, and the hint explains
            return exercise.function(f"def {self.call}:\n{textwrap.indent(self.body, '    ')}\n")


@functools.cache
def answers(lesson: str) -> dict[str, list[Answer]]:
    """All answers of a lesson, by the names of its exercises."""
    text = (Path(__file__).parent / "answers" / f"{lesson}.txt").read_text(encoding="utf-8")
    bank: dict[str, list[Answer]] = {}
    for section in text.split("=== ")[1:]:
        head, *rest = section.split("\n--- ")
        name, call = head.split(" ", 1)
        bank.setdefault(name, []).extend(_answer(call, each) for each in rest)
    return bank


def _answer(call: str, text: str) -> Answer:
    label, body = text.split("\n", 1)
    kind, _, words = label.partition(": ")
    assert kind in ("right", "wrong", "wrong, unnamed"), label
    wanted = tuple(word.strip() for word in words.split(" | ")) if words else ()
    return Answer(call, kind == "right", kind == "wrong", wanted, body.rstrip())
