"""All changes of a program, the likelier slips first: the first that explains an answer is the one that is named."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from dlcourse.checking.edits.edit import Edit, everywhere
from dlcourse.checking.edits.expressions import expression_edits
from dlcourse.checking.edits.statements import statement_edits, unfinished_edits

__all__ = ["likelihood", "ranked"]

_LIKELY = (
    "return", "return behind", "maximum", "range", "one more", "brackets", "close", "assign", "gather", "inside", "behind", "reset", "anew", "sign", "order",
    "product", "swapped", "transposed", "axis", "name", "exchange", "minus", "function", "compare", "degrees", "arguments", "index",
    "subscript", "slice", "divide", "whole", "keyword", "doubled", "square", "power", "term", "factor", "divisor", "outer", "call", "complement", "one", "number",
    "logic", "branches", "break", "operation", "operator", "unfinished", "condition", "statement", "statements",
)  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(_LIKELY)}


def likelihood(edit: Edit) -> tuple[bool, float]:
    """Sort by this: the likelier comes first. A factor that is there may be too much sooner than another one is missing."""
    adds = isinstance(edit.new, ast.BinOp) and edit.old in (edit.new.left, edit.new.right)
    behind = edit.kind in ("factor", "divisor") and adds
    return edit.places > 1, _RANK["divisor"] + 0.5 if behind else _RANK[edit.kind]


def ranked(trees: Iterable[ast.stmt], *, unfinished: bool = False) -> list[Edit]:
    """All changes of the functions among these statements, the likelier first.

    Parameters
    ----------
    unfinished : whether to return a step on the way is a change too
    """
    edits = [edit for tree in trees if isinstance(tree, ast.FunctionDef) for edit in _edits(tree, unfinished)]
    return sorted([*edits, *everywhere(edits)], key=likelihood)


def _edits(tree: ast.FunctionDef, unfinished: bool) -> Iterator[Edit]:
    yield from statement_edits(tree)
    yield from expression_edits(tree)
    if unfinished:
        yield from unfinished_edits(tree)
