"""All changes of single expressions in a function.

The same changes serve both ways. Made in the solution they give the answers that learners give; made in a learner's
answer, one of them may make it right, and then it names the slip and its line.
"""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from dlcourse.checking.edits import operators
from dlcourse.checking.edits.brackets import brackets, wrapped
from dlcourse.checking.edits.calls import call
from dlcourse.checking.edits.edit import Edit, Scope, located
from dlcourse.checking.edits.operators import New

__all__ = ["expression_edits"]


def expression_edits(function: ast.FunctionDef) -> Iterator[Edit]:
    """All changes of single expressions in a function, and two names exchanged in all of it."""
    scope = Scope.of(function)
    for holder, key, child, parent, place in _expressions(function):
        count: Counter[str] = Counter()
        for kind, new in _changes(child, parent, place, scope):
            count[kind] += 1
            tag = f"{_text_of(child)}{count[kind]}"
            yield Edit(kind, child, new, child.lineno, function.name, [(holder, key, located(new, child))], tag)
    yield from _exchanged(function, scope)


def _expressions(function: ast.FunctionDef) -> Iterator[tuple[Any, str | int, ast.expr, ast.AST, str]]:
    """Each expression that is read, with what holds it, its place there, its parent and the field."""
    for parent in ast.walk(function):
        if isinstance(parent, ast.arguments):
            continue
        for name, value in ast.iter_fields(parent):
            if name in ("annotation", "returns", "decorator_list") or (name == "func" and isinstance(value, ast.Name)):
                continue
            for i, child in enumerate(value if isinstance(value, list) else [value]):
                stored = isinstance(getattr(child, "ctx", None), ast.Store | ast.Del)
                text = isinstance(parent, ast.Expr) and isinstance(child, ast.Constant)
                if isinstance(child, ast.expr) and not stored and not text:
                    yield (
                        (value, i, child, parent, name)
                        if isinstance(value, list)
                        else (parent, name, child, parent, name)
                    )


def _text_of(node: ast.expr) -> str:
    """Where changes are alike only if they change the same: a name, a number, a function."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).split(".")[-1]
    return ast.unparse(node) if isinstance(node, ast.Constant | ast.Name) else ""


def _exchanged(function: ast.FunctionDef, scope: Scope) -> Iterator[Edit]:
    """Two names in each other's place, wherever they are read."""
    reads = [n for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    for a, b in itertools.combinations(scope.names, 2):
        places = [(n, b if n.id == a else a) for n in reads if n.id in (a, b)]
        if len({n.id for n, _ in places}) == 2:
            first = min((n for n, _ in places), key=lambda n: n.lineno)
            other = ast.Name(b if first.id == a else a, ast.Load())
            yield Edit(
                "exchange",
                ast.Name(first.id, ast.Load()),
                other,
                first.lineno,
                function.name,
                [(n, "id", new) for n, new in places],
            )


def _changes(node: ast.expr, parent: ast.AST, place: str, scope: Scope) -> Iterator[New]:
    for cls, changes in _OF.items():
        if isinstance(node, cls):
            yield from changes(node, scope)
    if place == "slice" and isinstance(node, ast.Constant):
        yield from (("name", ast.Name(name, ast.Load())) for name in scope.names)
    if not isinstance(parent, (ast.BinOp, ast.UnaryOp)):
        yield from brackets(node)
    plain = isinstance(node, (ast.Constant, ast.Slice, ast.Compare, ast.List, ast.Dict, ast.Starred))
    sized = isinstance(parent, ast.Attribute) and parent.attr == "shape"
    if place not in ("func", "slice", "iter", "keywords") and not plain and not sized:
        yield from wrapped(node, scope, isinstance(parent, (ast.BinOp, ast.Return, ast.Assign, ast.Call)))


_OF: dict[type[ast.expr], Callable[[Any, Scope], Iterator[New]]] = {
    ast.BinOp: operators.binary, ast.UnaryOp: operators.unary, ast.Compare: operators.compare, ast.BoolOp: operators.logic,
    ast.IfExp: operators.branches, ast.Constant: operators.constant, ast.Name: operators.name, ast.Subscript: operators.subscript,
    ast.Attribute: operators.attribute, ast.Tuple: operators.pair, ast.Call: call,
}  # fmt: skip
