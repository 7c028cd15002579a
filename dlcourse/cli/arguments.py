"""The arguments of a command: which lessons are meant, and what is missing to do it."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlcourse import files, notebooks
from dlcourse.errors import CourseError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

__all__ = ["LAB", "UserError", "add_lessons", "find", "find_one", "need"]


LAB = "dlcourse[lab]"
"""What brings JupyterLab and what the commands need besides. `pip install dlcourse` brings it too, but in a browser's Python."""


class UserError(CourseError):
    """Something that the person at the keyboard can put right: a message, exit code 2, no traceback."""


def add_lessons(command: argparse.ArgumentParser) -> None:
    """Let a command take any number of lessons."""
    command.add_argument("lesson", nargs="*", help="number, name or path of a lesson (default: all)")


def need(module: str, name: str, package: str = "") -> None:
    """Raise an error that says how to install a module, unless it is there; `package` if its name is another one."""
    if importlib.util.find_spec(module) is None:
        wanted = f'"{package}"' if package else module
        raise UserError(f"{name} is not installed. Install it with: {sys.executable} -m pip install {wanted}")


def find(names: Sequence[str]) -> list[Path]:
    """The lessons that were asked for: by number, by name, by path; all if none was named."""
    known = notebooks.lessons()
    if not names:
        if not known:
            raise UserError(f"no lessons in {notebooks.folder()}.")
        return known
    return [find_one(name, known) for name in names]


def find_one(name: str, known: Sequence[Path]) -> Path:
    """The lesson that a number, name or path stands for."""
    path = Path(files.expanded("dlcourse", name, "02")) if name else Path()
    if path.suffix == ".ipynb" and path.is_file():
        if not notebooks.is_notebook(path):
            raise UserError(f"{name} is not a notebook, or it is damaged.")
        return path.resolve()
    stem = path.name.removesuffix(".ipynb")
    for lesson in known:
        number, title = notebooks.number(lesson), lesson.stem.partition("_")[2]
        if stem in (lesson.stem, title) or (stem and stem.lower().zfill(len(number)) == number):
            return lesson
    listed = "\n".join(f"  {lesson.stem}" for lesson in known) or "  (none)"
    raise UserError(f"there is no lesson {name!r}. The lessons are:\n{listed}")
