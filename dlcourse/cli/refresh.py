"""`dlcourse refresh`: for authors, execute lessons and store their results, and write the glossary beside them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dlcourse import files, notebooks
from dlcourse.cli.arguments import LAB, UserError, add_lessons, find, need
from dlcourse.ways.pages import GLOSSARY, glossary_page

if TYPE_CHECKING:
    from dlcourse.cli.arguments import Commands


def add_to(commands: Commands) -> None:
    """Describe the command."""
    command = commands.add_parser("refresh", help="for authors: execute lessons and store their results")
    add_lessons(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Execute and store each, and say whether that changed it. The glossary is one of them, by the name "glossary"."""
    names = [name for name in options.lesson if name != Path(GLOSSARY).stem]
    if names or not options.lesson:
        need("nbclient", "nbclient", LAB)
    for lesson in find(names) if names or not options.lesson else []:
        _need_a_clone(lesson)
        changed = notebooks.refresh(lesson)
        print(f"{lesson.name}: {'stored' if changed else 'unchanged'}", flush=True)
    if not options.lesson or len(names) < len(options.lesson):
        print(f"{GLOSSARY}: {'stored' if _write_glossary() else 'unchanged'}", flush=True)
    return 0


def _write_glossary() -> bool:
    """Write the glossary's notebook if its words have changed."""
    path = notebooks.folder() / GLOSSARY
    _need_a_clone(path)
    page = glossary_page().encode()
    if path.exists() and files.read("refresh", path) == page:
        return False
    files.write("refresh", path, page)
    return True


def _need_a_clone(lesson: Path) -> None:
    if (Path(notebooks.__file__).parent / "_lessons") in lesson.parents:
        raise UserError(
            "refresh writes into the lessons of a clone; these are the installed ones. Give a path instead."
        )
