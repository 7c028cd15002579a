"""Review questions where no kernel runs: as HTML whose answers are folded, and as plain text."""

from __future__ import annotations

import html
from collections.abc import Sequence

from dlcourse.reviews.schedule import Due

__all__ = ["as_html", "as_text"]


def as_html(title: str, questions: Sequence[Due]) -> str:
    """One line that unfolds into the questions; each unfolds its answer."""
    if not questions:
        return f"<p>{html.escape(title)}</p>"
    items = "".join(f"<li>{_in_html(one)}</li>" for one in questions)
    return f"<details><summary>{html.escape(title)}</summary><ol>{items}</ol></details>"


def _in_html(due: Due) -> str:
    question = due.question
    context, asks, answer, why, file, name = (
        html.escape(text)
        for text in (question.context, question.asks, question.answer, question.why, due.lesson.file, due.lesson.name)
    )
    choices = "".join(f"<li>{html.escape(choice)}</li>" for choice in question.choices)
    return (
        f"<p>{context} <strong>{asks}</strong></p><ul>{choices}</ul><details><summary>Answer</summary>"
        f'<p><strong>{answer}</strong>. {why} From <a href="{file}">{name}</a>.</p></details>'
    )


def as_text(title: str, questions: Sequence[Due]) -> str:
    """The questions with their choices, and below them the answers."""
    lines = [title]
    for number, one in enumerate(questions, 1):
        lines += ["", f"{number}. {one.question.context}", f"   {one.question.asks}"]
        lines += [f"   - {choice}" for choice in one.question.choices]
    if questions:
        lines += ["", "Answers"]
    for number, one in enumerate(questions, 1):
        lines.append(f"{number}. {one.question.answer}. {one.question.why} (From {one.lesson.name}.)")
    return "\n".join(lines)
