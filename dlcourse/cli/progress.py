"""`dlcourse progress`: what was solved, and which bets came."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dlcourse.learner.report import progress

if TYPE_CHECKING:
    from dlcourse.cli.arguments import Commands


def add_to(commands: Commands) -> None:
    """Describe the command."""
    command = commands.add_parser("progress", help="show what you have solved, and which of your bets came")
    command.add_argument("folder", nargs="?", type=Path, help="where your lessons are (default: ./my_lessons, or here)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the table."""
    folder = options.folder or (Path("my_lessons") if Path("my_lessons").is_dir() else Path())
    print(progress(folder))
    return 0
