"""`dlcourse export`: lessons as pages of HTML."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dlcourse import files, pages
from dlcourse.cli.arguments import LAB, add_lessons, find, need

if TYPE_CHECKING:
    from dlcourse.cli.arguments import Commands

ELSEWHERE = "Choose another folder, for example: dlcourse export --to ~/pages"


def add_to(commands: Commands) -> None:
    """Describe the command."""
    command = commands.add_parser(
        "export", help="write lessons as HTML pages, with a text alternative for every picture"
    )
    add_lessons(command)
    command.add_argument("--to", default=".", metavar="FOLDER", help="where to write them (default: here)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the pages, and print their paths."""
    need("nbconvert", "nbconvert", LAB)
    need("latex2mathml", "latex2mathml", LAB)
    lessons = find(options.lesson)
    folder = Path(files.make_folder("export", options.to, elsewhere=ELSEWHERE)).resolve()
    for lesson in lessons:
        page = folder / f"{lesson.stem}.html"
        files.write("export", page, pages.export(lesson).encode(), elsewhere=ELSEWHERE)
        print(page, flush=True)
    return 0
