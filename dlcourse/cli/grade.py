"""`dlcourse grade`: who solved which exercise in the notebooks that were handed in."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dlcourse.cli.arguments import UserError
from dlcourse.grading.grades import COULD_NOT, Row, grade
from dlcourse.grading.handed_in import HandedIn, handed_in
from dlcourse.grading.own_process import OwnProcess
from dlcourse.grading.report import as_csv, as_text
from dlcourse.grading.sandbox import Sandbox
from dlcourse.grading.webassembly import WebAssembly, is_installed
from dlcourse.streams import say

if TYPE_CHECKING:
    from dlcourse.cli.arguments import Commands

DESCRIPTION = """Say who solved which exercise in notebooks that were handed in, and which hint the others get.

Out of each notebook only the functions that answer exercises are taken, with the imports, helpers and constants that they
need; no other cell is run, and nothing is written. Folders of folders and zip files are searched, as learning platforms
give them; a learner is called by the name of the folder, or of the file where many lie in one. Which lesson it is, its
imports say, so files may be renamed.

What learners wrote runs in a sandbox: with the extra `grading` in WebAssembly, without files, network or processes, with
limits on time and memory. The first run on a machine takes some minutes. With --trust it runs in a process of its own with
limits on time and, on Linux, on memory; it can do what any program of yours can do. Neither keeps somebody from cheating
who knows how a check works: what it protects is your machine."""


def add_to(commands: Commands) -> None:
    """Describe the command."""
    command = commands.add_parser(
        "grade",
        help="say who solved which exercise in notebooks that were handed in",
        description=DESCRIPTION,
        epilog="Exit code 0: each answer was looked at; 1: some could not be run; 2: the command could not be carried out.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("folder", nargs="+", metavar="FOLDER", help="a folder, a zip file or a notebook")
    command.add_argument("--csv", action="store_true", help="print a table for spreadsheets")
    command.add_argument("--trust", action="store_true", help="run the answers without WebAssembly, in a process each")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Grade every notebook, and print the table."""
    every = handed_in(options.folder)
    with _sandbox(options.trust) as sandbox:
        rows = list(_rows(every, sandbox))
    if options.csv:
        print(as_csv(rows), end="")
    else:
        say(as_text(rows))
    return 1 if any(row.result == COULD_NOT for row in rows) else 0


def _rows(every: list[HandedIn], sandbox: Sandbox) -> Iterator[Row]:
    from tqdm import tqdm

    for work in tqdm(every, unit=" notebook", file=sys.stderr, disable=None, leave=False):
        yield from grade(work, sandbox)


@contextlib.contextmanager
def _sandbox(trust: bool) -> Iterator[Sandbox]:
    if trust:
        yield OwnProcess()
        return
    if not is_installed():
        raise UserError(
            "what learners wrote is to be run, and nothing here shuts it in. Install the sandbox with: "
            f'{sys.executable} -m pip install "dlcourse[grading]". Or, if you trust the authors of these notebooks as you '
            "trust those of your programs, add --trust."
        )
    with WebAssembly() as sandbox:
        yield sandbox
