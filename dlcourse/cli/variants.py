"""`dlcourse variants`: the lessons with other numbers in their exercises, for neighbours who compare ideas and not digits."""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlcourse import files, notebooks
from dlcourse.checking.exercise import Lesson
from dlcourse.cli.arguments import UserError
from dlcourse.cli.copying import MANIFEST, listed
from dlcourse.errors import counted

if TYPE_CHECKING:
    from dlcourse.cli.arguments import Commands

_IMPORT = re.compile(r"^from dlcourse\.exercises import (\w+) as (\w+)$", re.MULTILINE)
ELSEWHERE = "Choose another folder, for example: dlcourse variants ~/variant_7 --seed 7"


def add_to(commands: Commands) -> None:
    """Describe the command."""
    command = commands.add_parser(
        "variants",
        help="for teachers: copy the lessons with other numbers in their exercises",
        description="Copy the lessons into a new folder, with other numbers in the exercises where that makes sense: neighbours "
        "with different seeds compare ideas and not digits. The same seed gives the same files. Checks, hints and solutions "
        "know the numbers; nothing that exists is written over.",
    )
    command.add_argument("folder", help="where to: a folder in which no lesson lies yet")
    command.add_argument(
        "--seed", type=_seed, required=True, help="a whole number from 0 on; the same one, the same numbers"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write every file of the lessons, notebooks with other numbers."""
    folder = Path(files.expanded("variants", options.folder, "variant_7"))
    source = notebooks.folder()
    paths = [path for path in sorted(source.rglob("*")) if path.is_file() and not _hidden(path.relative_to(source))]
    taken = [path for path in (*paths, source / MANIFEST) if (folder / path.relative_to(source)).exists()]
    if taken:
        raise UserError(f"{folder / taken[0].relative_to(source)} exists, and nothing was written. {ELSEWHERE}")
    changed, originals = 0, {}
    for path in paths:
        target = folder / path.relative_to(source)
        files.make_folder("variants", target.parent, elsewhere=ELSEWHERE)
        content = originals[path.relative_to(source).as_posix()] = files.read("variants", path)
        if path.suffix == ".ipynb":
            content, number = varied(path, options.seed)
            changed += number
        files.write("variants", target, content, elsewhere=ELSEWHERE)
    files.write("variants", folder / MANIFEST, listed(originals), elsewhere=ELSEWHERE)
    print(f"{counted(changed, 'exercise')} with the numbers of seed {options.seed}. The lessons are in {folder}")
    print(f"Open them with: dlcourse lab {folder}")
    return 0


def varied(path: Path, seed: int) -> tuple[bytes, int]:
    """A lesson with the numbers of a seed, as it is written to a file, and how many of its exercises have some."""
    notebook = notebooks.read("variants", path)
    number = 0
    for lesson, importing in _lessons(notebook):
        originals, others = lesson.with_seed(None), lesson.with_seed(seed)
        for name, original in originals.items():
            number += others[name] is not original and _put(notebook, original, others[name])
        name = importing["name"]
        importing["cell"].source += f"\n{name}.EXERCISES.vary({seed})  # the numbers of this copy"
    return notebooks.as_bytes(notebook), number


def _lessons(notebook: Any) -> Iterator[tuple[Lesson, dict[str, Any]]]:
    """The exercises that a notebook imports, with the cell and the name."""
    for cell in notebook.cells:
        for module, name in _IMPORT.findall(cell.source) if cell.cell_type == "code" else ():
            yield importlib.import_module(f"dlcourse.exercises.{module}").EXERCISES, {"cell": cell, "name": name}


def _put(notebook: Any, original: Any, other: Any) -> bool:
    """Write the other stub in place of the original one, and its number into the text above it."""
    for above, cell in zip(notebook.cells, notebook.cells[1:], strict=False):
        if cell.cell_type == "code" and cell.source.strip() == original.stub.strip():
            cell.source = other.stub.rstrip("\n")
            above.source = original.varies.put(above.source, other.number)
            return True
    return False


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.parts)


def _seed(text: str) -> int:
    if text.isdecimal():
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 on")
