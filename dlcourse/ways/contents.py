"""What stands on the first screen of each lesson: its title, and how many minutes it takes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from dlcourse import notebooks

__all__ = ["Lesson", "contents"]


@dataclass(frozen=True)
class Lesson:
    """A lesson in a table of contents.

    Attributes
    ----------
    number, title : str
        As in "04b" and "Egg carton in 1 million dimensions".
    minutes : int
        What the lesson says of itself; a test holds that to its measured reading time.
    file : str
        The name of its notebook.
    """

    number: str
    title: str
    minutes: int
    file: str


def contents(folder: Path | None = None) -> tuple[Lesson, ...]:
    """Every lesson of a folder, in the order of the course."""
    return tuple(map(_read, notebooks.lessons(folder)))


def _read(path: Path) -> Lesson:
    cells = json.loads(path.read_bytes())["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    title = re.match(r"# \S+ · (.+)", texts[0])
    minutes = re.search(r"\b(\d+) minutes\b", "\n".join(texts[:3]))
    return Lesson(notebooks.number(path), title[1] if title else "", int(minutes[1]) if minutes else 0, path.name)
