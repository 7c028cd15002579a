"""The command `dlcourse`: open the lessons, check, grade, export and store them. Each command has a file of its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

import dlcourse
from dlcourse import notebooks
from dlcourse.cli import check, export, grade, lab, progress, refresh, site, variants
from dlcourse.errors import CourseError
from dlcourse.streams import writing_everything

__all__ = ["main"]

COMMANDS = (lab, check, progress, variants, grade, export, refresh, site)

EXAMPLES = """examples:
  dlcourse lab                     copy the lessons to ./my_lessons and open lesson 00 in JupyterLab
  dlcourse lab ~/course --port 9000
  dlcourse check                   run every lesson and compare with its stored results
  dlcourse check 02 backpropagation
  dlcourse progress                what you have solved, and which of your bets came
  dlcourse variants row_1 --seed 7 for teachers: the lessons with other numbers in their exercises
  dlcourse grade handed_in         for instructors: who solved what, and which hint the rest get
  dlcourse export 02 --to pages    a page of HTML, to be read without JupyterLab
  dlcourse refresh 05              for authors: execute a lesson and store its results
  dlcourse site --to site          for authors: the whole course as web pages
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Exit code 0: done; 1: a lesson differs or fails; 2: the command could not be carried out."""
    with writing_everything():
        options = _parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = options.run
        try:
            return run(options)
        except KeyboardInterrupt:
            print("dlcourse: stopped.", file=sys.stderr)
            return 130
        except (CourseError, OSError) as error:
            print(f"dlcourse: {_words(error)}", file=sys.stderr)
            return 1 if isinstance(error, notebooks.LessonFailed) else 2


def _words(error: CourseError | OSError) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dlcourse",
        description="A deep-learning course one can take apart.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"dlcourse {dlcourse.__version__}")
    names = " | ".join(command.__name__.rpartition(".")[2] for command in COMMANDS)
    commands = parser.add_subparsers(title="commands", metavar=names, required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return parser
