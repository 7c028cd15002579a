"""A notebook's code cells as Python: magics are taken out, and a cell that is no Python is kept with the reason."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from dlcourse.errors import FileFormatError

__all__ = ["Cell", "cells_of"]

LONGEST = 1_000_000  # characters of a cell
# A cell that begins with one of these is Python all the same. Others (%%bash, %%html) are not.
_PYTHON = {"time", "timeit", "capture", "prun"}
_MAGIC = re.compile(r"^(\s*)(?:[%!?].*|.*\?)$")
_ASSIGNED = re.compile(r"^(\s*[\w.,\s]+=\s*)[%!].*$")


@dataclass(frozen=True)
class Cell:
    """One code cell.

    Attributes
    ----------
    place : int
        Which cell of the notebook it is, counted from 1, with those of text.
    text : str
        As Python, with the lines where they were.
    tree : ast.Module or None
        None where it is no Python.
    error : str
        Why not.
    """

    place: int
    text: str
    tree: ast.Module | None
    error: str = ""

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"cell {self.place}"


def cells_of(content: bytes) -> list[Cell]:
    """The code cells of a notebook.

    Raises
    ------
    FileFormatError
        If it is no notebook.
    """
    return [_cell(place, text) for place, text in _sources(content)]


def _sources(content: bytes) -> Iterator[tuple[int, str]]:
    try:
        book = json.loads(content)
        cells = book["cells"] if "cells" in book else book["worksheets"][0]["cells"]  # before format 4
        texts = [(cell["cell_type"], cell.get("source", cell.get("input", ""))) for cell in cells]
        for place, (kind, text) in enumerate(texts, 1):
            if kind == "code":
                yield place, text if isinstance(text, str) else "".join(text)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise FileFormatError("This is not a notebook, or it is damaged.") from None


def _cell(place: int, text: str) -> Cell:
    if len(text) > LONGEST:
        return Cell(place, "", None, f"it has {len(text)} characters")
    text = _without_cell_magic(text)
    tree, error = _parsed(text)
    if tree is None:
        plain = "\n".join(map(_without_magic, text.split("\n")))
        tree, _ = _parsed(plain)
        text = text if tree is None else plain
    return Cell(place, text, tree, "" if tree is not None else error)


def _parsed(text: str) -> tuple[ast.Module | None, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python wonders about, its learner was told
        try:
            return ast.parse(text), ""
        except SyntaxError as error:
            return None, f"{type(error).__name__} in line {error.lineno}: {error.msg}"
        except (ValueError, RecursionError, MemoryError) as error:
            return None, f"{type(error).__name__}: {error}"


def _without_cell_magic(text: str) -> str:
    first, _, rest = text.lstrip("\n").partition("\n")
    if not first.startswith("%%"):
        return text
    return f"\n{rest}" if (first[2:].split() or [""])[0] in _PYTHON else ""


def _without_magic(line: str) -> str:
    """A line of IPython as one of Python that does nothing."""
    if magic := _MAGIC.match(line):
        return f"{magic[1]}pass"
    assigned = _ASSIGNED.match(line)
    return f"{assigned[1]}None" if assigned else line
