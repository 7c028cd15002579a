"""What each lesson asks, read from its notebook: the names of its exercises, and the questions of its bets."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dlcourse import notebooks

__all__ = ["Asked", "asked", "asked_in"]


@dataclass(frozen=True)
class Asked:
    """What one lesson asks.

    Attributes
    ----------
    number, title : str
        As in "04b" and "Egg carton".
    module : str
        Where its exercises are, such as "egg_carton".
    exercises, questions : tuple of str
        In the order of the notebook.
    """

    number: str
    title: str
    module: str
    exercises: tuple[str, ...]
    questions: tuple[str, ...]


def asked(folder: Path) -> list[Asked]:
    """What the lessons of a folder ask, in the order of the course; a file that is no notebook is left out."""
    every = []
    for path in notebooks.lessons(folder):
        try:
            every.append(asked_in(path))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return every


def asked_in(path: Path) -> Asked:
    """What one lesson asks. What a learner has changed in it, so that a cell cannot be read any more, is left out."""
    number, _, name = path.stem.partition("_")
    cells = json.loads(path.read_bytes())["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    title = next((_title(text) for text in ("".join(cell["source"]) for cell in cells) if text.startswith("# ")), name)
    calls = [call for source in sources for call in _calls(source)]
    exercises = [text for name, text in calls if name == "check"]
    questions = [text for name, text in calls if name == "Predict"]
    return Asked(number, title, name, tuple(dict.fromkeys(exercises)), tuple(dict.fromkeys(questions)))


def _title(text: str) -> str:
    return text.splitlines()[0].lstrip("# ").partition("·")[2].strip()


def _calls(source: str) -> Iterator[tuple[str, str]]:
    """Each call in a cell whose first argument is a text: the name of the function, and the text."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield getattr(node.func, "attr", getattr(node.func, "id", "")), first.value
