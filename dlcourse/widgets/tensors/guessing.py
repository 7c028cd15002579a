"""Guessing one of a few answers: what both widgets of this lesson ask, draw and say."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

__all__ = ["ERROR", "Answer", "Shape", "answer_to", "draw_options", "listed", "paint_options", "score", "verdict"]

Shape = tuple[int, ...]
ERROR = "an error"
"""What an option says where there is no shape."""
LINES = 4


@dataclass(frozen=True)
class Answer:
    """What was chosen once, the first time a question was asked."""

    question: Hashable
    number: int
    """Of the option, counted from 0."""
    right: bool


def answer_to(question: Hashable, answers: Sequence[Answer]) -> int | None:
    """Number of the option that was chosen for a question."""
    return next((answer.number for answer in answers if answer.question == question), None)


def score(answers: Sequence[Answer]) -> str:
    """How many answers were right.

    Examples
    --------
    >>> score([Answer("one row", 0, True), Answer("one pixel", 2, False)])
    'Right so far: 1 of 2'
    """
    return f"Right so far: {sum(answer.right for answer in answers)} of {len(answers)}"


def listed(options: Sequence[Any]) -> str:
    """All options in a row, with their numbers.

    Examples
    --------
    >>> listed([(3, 4), ERROR])
    '1: (3, 4), 2: an error'
    """
    return ", ".join(f"{i + 1}: {option}" for i, option in enumerate(options))


def verdict(options: Sequence[Any], answer: Any, chosen: int) -> str:
    """Whether the chosen option is the answer.

    Examples
    --------
    >>> verdict([(3, 4), ERROR], (3, 4), 0), verdict([(3, 4), ERROR], (3, 4), 1)
    ('Right', 'You said an error')
    """
    said = options[min(chosen, len(options) - 1)]
    return "Right" if said == answer else f"You said {said}"


def draw_options(axes: Axes) -> list[Text]:
    """A line for each option; their place among the lines is y."""
    axes.set(xlim=(0, 1), ylim=(LINES, 0))
    return [axes.text(0.02, row + 0.5, "", fontsize=9.5, va="center") for row in range(LINES)]


def paint_options(lines: Sequence[Text], options: Sequence[Any], answer: Any, chosen: int | None) -> None:
    """Write the options; once one is chosen, mark it and the right one."""
    for i, line in enumerate(lines):
        line.set_text("")
        line.set_fontweight("normal")
        if i >= len(options):
            continue
        mark = "   "
        if chosen is not None:
            right = options[i] == answer
            mark = "✓ " if right else "✗ " if i == chosen else "   "
            line.set_fontweight("bold" if right else "normal")
        line.set_text(f"{mark}{i + 1}:  {options[i]}")
