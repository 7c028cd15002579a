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
        self.tree = tree
        self.inside = {id(part) for call in _collecting(tree) for node in ast.walk(call) for part in _parts(node)}

    def harmless(self, edit: Edit) -> bool:
        """Whether no list is put into itself, while this change is made."""
        if not self.inside:  # no change makes a call that fills a list of one that does not
            return True
        touched = any(id(holder) in self.inside or _collects(new) for holder, _, new in edit.sets)
        return not touched or not any(
            ast.unparse(part) == ast.unparse(call.func.value)
            for call in _collecting(self.tree)
            if isinstance(call.func, ast.Attribute)
            for arg in call.args
            for part in ast.walk(arg)
            if isinstance(part, ast.expr)
        )


def _collects(new: object) -> bool:
    return isinstance(new, ast.AST) and any(True for _ in _collecting(new))


def _collecting(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _COLLECT:
            yield node


def _parts(node: ast.AST) -> Iterator[object]:
    """A node and the lists that it holds: what an edit may set something in."""
    yield node
    yield from (value for value in vars(node).values() if isinstance(value, list))
