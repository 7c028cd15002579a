"""Find the slip by trying: one change that makes an answer right, or one that makes the solution as wrong as the answer."""

from __future__ import annotations

import ast
import functools
import itertools
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from dlcourse.checking.edits.edit import Edit, everywhere
from dlcourse.checking.edits.expressions import expression_edits
from dlcourse.checking.edits.statements import statement_edits, unfinished_edits
from dlcourse.checking.reading import Source
from dlcourse.checking.running import Case, Outcome, sweep
from dlcourse.checking.words import slip_of

__all__ = ["Slip", "broken", "repaired"]

# The likelier slip first: it is the one that is named when several changes give the same numbers.
_LIKELY = (
    "return", "return behind", "maximum", "brackets", "close", "range", "assign", "gather", "inside", "behind", "reset", "anew", "sign", "order",
    "product", "swapped", "transposed", "axis", "name", "exchange", "minus", "function", "compare", "degrees", "arguments", "index",
    "subscript", "slice", "divide", "whole", "keyword", "doubled", "square", "term", "factor", "divisor", "outer", "call", "complement", "one", "number",
    "logic", "branches", "break", "operation", "operator", "unfinished", "condition", "statement", "statements",
)  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(_LIKELY)}
# A line that moves is the same line in both texts: what is wrong with it is told by where it stood.
_MOVED_BACK = {
    "inside": "behind",
    "behind": "inside",
    "reset": "anew",
    "anew": "reset",
    "return behind": "return behind",
}
_SECONDS = 3.0  # of work, for all changes together
_ONE = 0.25  # for one of them


@dataclass(frozen=True)
class Slip:
    """What is wrong, in one sentence, and where, if the answer's own text is known."""

    said: str
    where: str = ""


Fits = Callable[[int, Outcome], bool]


def repaired(source: Source, cases: Sequence[Case], fits: Fits, kinds: Sequence[str] = _LIKELY) -> Slip | None:
    """The one change of an answer's own text with which it is right on every case, if there is one."""
    edits = [edit for tree in source.tree.body for edit in _edits(tree) if edit.kind in kinds]
    edits += everywhere(edits)
    collects = bool(_collecting(source.tree))
    programs = (pair for edit in _ranked(edits) if (pair := _changed(source, edit, collects)))
    edit = _first(programs, cases, fits)
    if edit is None:
        return None
    return Slip(_alike(slip_of(edit.kind, edit.old, edit.new), edit), source.line(edit.owner, edit.line))


def _alike(said: str, edit: Edit) -> str:
    return said if edit.places == 1 else f"{said} So it is at {edit.places} places."


def _changed(source: Source, edit: Edit, collects: bool) -> tuple[Edit, Callable[..., Any]] | None:
    if edit.kind == "return behind":
        return None
    with edit.applied():
        try:
            return None if collects and not _harmless(source.tree) else (edit, source.function())
        except Exception:  # not every change makes a program
            return None


def broken(
    codes: Sequence[str], make: Callable[[str], Callable[..., Any]], cases: Sequence[Case], fits: Fits
) -> Slip | None:
    """The one change of a right answer that gives the learner's numbers on every case, if there is one."""
    said = _first(((said, make(code)) for text in codes for said, code in _variants(text)), cases, fits)
    return None if said is None else Slip(said)


T = TypeVar("T")


def _first(programs: Iterator[tuple[T, Callable[..., Any]]], cases: Sequence[Case], fits: Fits) -> T | None:
    """The first program that fits on every case. None may take long, and all together not too long."""
    end, last, stuck = time.process_time() + _SECONDS, time.monotonic() + 3 * _SECONDS, 0
    while time.process_time() < end and time.monotonic() < last and stuck < 5:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a change makes Python wonder about
            batch = list(itertools.islice(programs, 50))
        if not batch:
            return None
        place, more = sweep([function for _, function in batch], cases, fits, _ONE)
        if place is not None:
            return batch[place][0]
        stuck += more
    return None


def _collecting(tree: ast.AST) -> list[tuple[str, ast.Call]]:
    """The calls that put something into a list, each with the list's name."""
    return [
        (ast.unparse(node.func.value), node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _COLLECT
    ]


def _harmless(tree: ast.AST) -> bool:
    """No list is put into itself: NumPy would go down into it for ever, where no thread can be stopped."""
    return not any(
        ast.unparse(part) == own
        for own, call in _collecting(tree)
        for arg in call.args
        for part in ast.walk(arg)
        if isinstance(part, ast.expr)
    )


_COLLECT = ("append", "extend", "insert")


def _edits(tree: ast.stmt) -> Iterator[Edit]:
    if isinstance(tree, ast.FunctionDef):
        yield from statement_edits(tree)
        yield from expression_edits(tree)


def _ranked(edits: list[Edit]) -> list[Edit]:
    return sorted(edits, key=lambda edit: (edit.places > 1, _RANK[edit.kind]))


@functools.cache
def _variants(code: str) -> tuple[tuple[str, str], ...]:
    """All texts that differ from a right one by one slip, the likelier first, each with the sentence that names it."""
    module = ast.parse(code)
    edits = [
        edit
        for tree in module.body
        if isinstance(tree, ast.FunctionDef)
        for edit in (*_edits(tree), *unfinished_edits(tree))
    ]
    edits += everywhere(edits)
    collects = bool(_collecting(module))
    texts: dict[str, str] = {}
    for edit in _ranked(edits):
        if edit.kind == "return":
            continue
        moved = edit.kind in _MOVED_BACK
        kind = _MOVED_BACK.get(edit.kind, edit.kind)
        try:
            said = slip_of(kind, edit.old, edit.new) if moved else slip_of(kind, edit.new, edit.old)
            with edit.applied():
                text = ast.unparse(module)
                compile(text, "<variant>", "exec")
                if not collects or _harmless(module):
                    texts.setdefault(text, _alike(said, edit))
        except Exception:  # a change that cannot be written down is none
            continue
    return tuple((said, text) for text, said in texts.items())
