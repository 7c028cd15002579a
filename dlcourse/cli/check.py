"""`dlcourse check`: run lessons and say in words where a result differs from the stored one."""

from __future__ import annotations

import argparse
import copy
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from dlcourse import notebooks
from dlcourse.cli.arguments import LAB, add_lessons, find, need
from dlcourse.cli.comparing import differences, is_skipped

if TYPE_CHECKING:
    from dlcourse.cli.arguments import Commands

SECONDS = 2000  # that a cell may take, as with pytest --nbval


def add_to(commands: Commands) -> None:
    """Describe the command."""
    command = commands.add_parser(
        "check", help="run the installed lessons and say what differs from the stored results"
    )
    add_lessons(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check each lesson, and print what differs."""
    need("nbclient", "nbclient", LAB)
    failed = 0
    for lesson in find(options.lesson):
        sentences = differing_cells(lesson)
        failed += bool(sentences)
        number = len(sentences)
        print(
            f"{lesson.stem}: {'as stored' if not number else '1 cell differs' if number == 1 else f'{number} cells differ'}"
        )
        for sentence in sentences:
            print(f"  {sentence}")
        print(end="", flush=True)
    return 1 if failed else 0


def differing_cells(lesson: Path) -> list[str]:
    """Run a lesson in a copy of its folder, and say in words which cells do not give what is stored.

    As strict as `pytest --nbval`: text, HTML and what goes to stderr is compared to the letter; pictures and the views of
    widgets are not.
    """
    stored = notebooks.read("check", lesson)
    new = copy.deepcopy(stored)
    for cell in new.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.source = "" if is_skipped(cell) else cell.source
    last, broke = len(new.cells), []
    with tempfile.TemporaryDirectory() as place:
        if (lesson.parent / "images").is_dir():
            shutil.copytree(lesson.parent / "images", Path(place) / "images")
        try:
            notebooks.execute(new, Path(place) / lesson.name, SECONDS, as_sent=True)
        except notebooks.LessonFailed as failure:  # the kernel died, or the time was over
            last, broke = failure.cell, [str(failure)]
    return differences(stored.cells[:last], new.cells[:last]) + broke
