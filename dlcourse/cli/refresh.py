"""`dlcourse refresh`: for authors, execute lessons and store their results."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dlcourse import notebooks
from dlcourse.cli.arguments import LAB, UserError, add_lessons, find, need

if TYPE_CHECKING:
    from dlcourse.cli.arguments import Commands


def add_to(commands: Commands) -> None:
    """Describe the command."""
    command = commands.add_parser("refresh", help="for authors: execute lessons and store their results")
    add_lessons(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Execute and store each, and say whether that changed it."""
    need("nbclient", "nbclient", LAB)
    for lesson in find(options.lesson):
        if (Path(notebooks.__file__).parent / "_lessons") in lesson.parents:
            raise UserError(
                "refresh writes into the lessons of a clone; these are the installed ones. Give a path instead."
            )
        changed = notebooks.refresh(lesson)
        print(f"{lesson.name}: {'stored' if changed else 'unchanged'}", flush=True)
    return 0
