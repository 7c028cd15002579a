"""Keep a change of a program from putting a list into itself: NumPy would go down into it for ever, where no thread can be stopped."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dlcourse.checking.edits.edit import Edit

__all__ = ["Lists"]

_COLLECT = ("append", "extend", "insert")


class Lists:
    """The calls of a program that put something into a list."""

    def __init__(self, tree: ast.AST) -> None:
        self.calls = list(_collecting(tree))
        self.inside = {id(part) for call in self.calls for node in ast.walk(call) for part in _parts(node)}

    def harmless(self, edit: Edit) -> bool:
        """Whether no list is put into itself, while this change is made."""
        if not self.calls:  # no change makes a call that fills a list of one that does not
            return True
        new = [call for _, _, new in edit.sets if isinstance(new, ast.AST) for call in _collecting(new)]
        touched = new or any(id(holder) in self.inside for holder, _, _ in edit.sets)
        return not touched or not any(map(_fills_itself, [*self.calls, *new]))


def _collecting(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _COLLECT:
            yield node


def _fills_itself(call: ast.Call) -> bool:
    """Whether a call such as `rows.append(…)` has what it fills among its own arguments."""
    if not isinstance(call.func, ast.Attribute):  # a change may have put another function here
        return False
    filled = ast.unparse(call.func.value)
    parts = (part for arg in call.args for part in ast.walk(arg) if isinstance(part, ast.expr))
    return any(ast.unparse(part) == filled for part in parts)


def _parts(node: ast.AST) -> Iterator[object]:
    """A node and the lists that it holds: what an edit may set something in."""
    yield node
    yield from (value for value in vars(node).values() if isinstance(value, list))
