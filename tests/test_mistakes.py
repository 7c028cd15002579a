"""What a learner does wrong, and the exact message for it.

The rows are in tests/mistakes, one file per subject: a heading, the learner's code, the last line of the traceback. The
code knows `np`, `dl` and a fresh `rng`, runs in an empty folder, and its last statement is the one that fails.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import re
import tempfile
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import CourseError, ForgottenZeroGrad
from tests.cases import every

TABLE = Path(__file__).parent / "mistakes"
PACKAGE = Path(dl.__file__).parent
ROW = re.compile(
    r"^### (?P<title>[^\n]+)\n\n```python\n(?P<code>.*?)```\n\n> (?P<kind>\w+): (?P<message>[^\n]+)$", re.M | re.S
)


@dataclass(frozen=True)
class Row:
    """One mistake."""

    subject: str
    title: str
    code: str
    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.title}"


def rows() -> list[Row]:
    return [
        Row(path.stem, **match.groupdict())
        for path in sorted(TABLE.glob("*.md"))
        for match in ROW.finditer(path.read_text(encoding="utf-8"))
    ]


@functools.cache
def error_of(row: Row) -> Exception:
    """What running the code raises."""
    names = {"np": np, "dl": dl, "rng": np.random.default_rng(0)}
    known = set(dl.OPERATIONS)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            exec(compile(row.code, str(row), "exec"), names)
        except Exception as error:
            return error
        finally:
            for own in set(dl.OPERATIONS) - known:  # a row may make its own operation
                del dl.OPERATIONS[own]
    pytest.fail(f"{row}: nothing was raised")


def lines_of(error: Exception, filename: str) -> list[int]:
    return [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == filename]


@every("row", rows())
def test_a_mistake_gets_its_message(row):
    error = error_of(row)
    assert f"{type(error).__name__}: {error}" == f"{row.kind}: {row.message}"
    assert isinstance(error, (CourseError, ForgottenZeroGrad))
    assert error.__cause__ is None and (error.__context__ is None or error.__suppress_context__), "two tracebacks"
    last = ast.parse(row.code).body[-1]
    assert lines_of(error, str(row))[0] >= last.lineno, "a line before the last one failed"


@every("row", rows())
def test_a_message_reads_well(row):
    text = row.message
    assert text.endswith((".", "?")) and not text.endswith("...") and "  " not in text and "!" not in text
    assert not re.search(r"0x[0-9a-f]+|\bNone\b.*\bNone\b|<(class|function|bound|module|built-in)|/\w+/\w+/", text)
    for borrowed in (
        "operands could not", "setting an array", "inhomogeneous", "unhashable", "ufunc", "object has no attribute", "positional argument",
        "unexpected keyword", "cannot reshape", "out of bounds", "ambiguous", "unsupported operand", "Traceback", "shape mismatch", "is not iterable",
    ):  # fmt: skip
        assert borrowed not in text
    assert len(text) <= 420


def test_the_table_is_long_and_nothing_stands_twice():
    table = rows()
    assert len(table) >= 120
    assert len({row.code for row in table}) == len({(row.subject, row.title) for row in table}) == len(table)
    headings = sum(path.read_text(encoding="utf-8").count("\n### ") for path in TABLE.glob("*.md"))
    assert headings == len(table), "a heading without code or message"


# Needs a network, a full disk, another user or a package less; tests/data/test_downloaded.py, tests/test_files.py and
# tests/test_surroundings.py see to it.
ELSEWHERE = {"downloaded.py", "files.py", "refusals.py", "surroundings.py"}
# Widgets, exercises and the command line are used by clicking and typing, and their messages have their own tests.
BY_THEMSELVES = {"live", "checking", "widgets", "exercises", "grading", "cli", "notebooks.py", "server.py"}


# No errors: what a check of `diagnose` cannot look at, which is told in its note (tests/diagnosis).
REASONS = ("Skipped(", "OutOfTime")


def raises(path: Path) -> list[ast.Raise]:
    return [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and not (node.exc is not None and ast.unparse(node.exc).startswith(REASONS))
    ]


def files() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "_lessons" not in path.parts]


def last_words(call: ast.expr) -> str | None:
    """The end of a message as it is written in the source, or None where a value ends it."""
    for node in ast.walk(call):
        if isinstance(node, ast.JoinedStr):
            return str(node.values[-1].value) if isinstance(node.values[-1], ast.Constant) else None
    texts = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return texts[-1] if texts else None


@every("path", list(files()), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_message_in_the_source_is_a_sentence(path):
    for node in raises(path):
        if isinstance(node.exc, ast.Call) and node.exc.args:
            for text in (part.value for part in ast.walk(node.exc.args[0]) if isinstance(part, ast.Constant)):
                if isinstance(text, str):
                    assert "  " not in text and "!" not in text.replace("!=", ""), f"{path.name}:{node.lineno}: {text}"
            end = last_words(node.exc.args[0])
            complete = end is None or end.endswith((".", "?", "\n", " ")) or len(end) < 3
            assert complete or path.parent.name == "cli", (
                f"{path.name}:{node.lineno}: {end}"
            )  # there a command to copy ends it


def test_every_place_that_raises_is_in_the_table():
    reached = set()
    for row in rows():
        for frame in traceback.extract_tb(error_of(row).__traceback__):
            reached.add((frame.filename, frame.lineno))
    missing = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {ast.unparse(node)[:150]}"
        for path in files()
        if not (BY_THEMSELVES | ELSEWHERE) & set(path.relative_to(PACKAGE).parts)
        for node in raises(path)
        if node.exc is not None
        and ast.unparse(node.exc) != "AttributeError(name)"  # for names such as __len__
        and not any((str(path), line) in reached for line in range(node.lineno, (node.end_lineno or 0) + 1))
    ]
    assert not missing, "\n".join(missing)
