"""Changes of whole statements: a return inside the loop, = for +=, a line that stands in or behind a loop, or is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dlcourse.checking.edits import Edit, located

__all__ = ["statement_edits", "unfinished_edits"]

Loop = ast.For | ast.While


def statement_edits(function: ast.FunctionDef) -> Iterator[Edit]:
    """All changes of single statements in a function, and of their order."""
    for parent, body in _bodies(function):
        for i, statement in enumerate(body):
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue
            yield from _replaced(function, parent, body, i)
            if i + 1 < len(body):
                swapped = [*body[:i], body[i + 1], statement, *body[i + 2 :]]
                if not isinstance(statement, ast.FunctionDef):
                    yield _edit(function, "statements", statement, body[i + 1], (parent, swapped))
            if isinstance(statement, ast.For | ast.While):
                yield from _around(function, parent, body, i, statement)


def _bodies(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    for node in ast.walk(function):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            yield node, body


def _edit(
    function: ast.FunctionDef, kind: str, old: ast.AST, new: ast.AST, *bodies: tuple[ast.AST, list[ast.stmt]]
) -> Edit:
    return Edit(
        kind, old, new, getattr(old, "lineno", 0), function.name, [(node, "body", body) for node, body in bodies]
    )


def _replaced(function: ast.FunctionDef, parent: ast.AST, body: list[ast.stmt], i: int) -> Iterator[Edit]:
    """One statement by another: += and =, return and append, nothing."""
    statement = body[i]

    def put(kind: str, new: ast.stmt) -> Edit:
        return _edit(function, kind, statement, new, (parent, [*body[:i], located(new, statement), *body[i + 1 :]]))

    if isinstance(statement, ast.AugAssign):
        yield put("assign", ast.Assign([statement.target], statement.value))
        for op in (ast.Add, ast.Sub, ast.Mult, ast.Div):
            if not isinstance(statement.op, op):
                yield put("sign", ast.AugAssign(statement.target, op(), statement.value))
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name | ast.Subscript):
        target = statement.targets[0]
        yield put("assign", ast.AugAssign(target, ast.Add(), statement.value))
        yield put("assign", ast.AugAssign(target, ast.Mult(), statement.value))
    if isinstance(statement, ast.Break):
        yield put("break", ast.Continue())
    if isinstance(statement, ast.If):
        yield put("branches", ast.If(ast.UnaryOp(ast.Not(), statement.test), statement.body, statement.orelse))
        yield _edit(
            function, "condition", statement, statement.body[0], (parent, [*body[:i], *statement.body, *body[i + 1 :]])
        )
    if not isinstance(statement, ast.Return | ast.For | ast.While | ast.FunctionDef):
        yield put("statement", ast.Pass())


def _around(function: ast.FunctionDef, parent: ast.AST, body: list[ast.stmt], i: int, loop: Loop) -> Iterator[Edit]:
    """Lines that change sides at the border of a loop."""
    before, after, inside = body[:i], body[i + 1 :], loop.body
    last = inside[-1]
    if isinstance(last, ast.Return):  # a return inside the loop, to be moved behind it, whatever stands there
        outside = [*before, loop, last, *(s for s in after if not isinstance(s, ast.Return))]
        yield _edit(
            function, "return", last, loop, (loop, inside[:-1] or [located(ast.Pass(), last)]), (parent, outside)
        )
    elif len(inside) > 1:
        yield _edit(function, "inside", last, loop, (loop, inside[:-1]), (parent, [*before, loop, last, *after]))
    for j in range(len(inside) - 1):
        if isinstance(inside[j], ast.Assign):
            rest = [*inside[:j], *inside[j + 1 :]]
            yield _edit(function, "reset", inside[j], loop, (loop, rest), (parent, [*before, inside[j], loop, *after]))
    if after:
        kind = "return behind" if isinstance(after[0], ast.Return) else "behind"
        yield _edit(function, kind, after[0], loop, (loop, [*inside, after[0]]), (parent, [*before, loop, *after[1:]]))
        if kind == "return behind" and isinstance(inside[-1], ast.For | ast.While):
            deeper = inside[-1]
            yield _edit(
                function,
                kind,
                after[0],
                loop,
                (deeper, [*deeper.body, after[0]]),
                (parent, [*before, loop, *after[1:]]),
            )
    for j in range(i - 1, max(i - 4, -1), -1):
        if isinstance(body[j], ast.Assign):
            rest = [*body[:j], *body[j + 1 : i], loop, *after]
            yield _edit(function, "anew", body[j], loop, (loop, [body[j], *inside]), (parent, rest))


def unfinished_edits(function: ast.FunctionDef) -> Iterator[Edit]:
    """Return one of the values on the way instead of the last one: every name that is set, every part of a formula."""
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    if not returns:
        return
    last = returns[-1]
    values = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign | ast.Return) and node.value is not None
    ]
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    inner = [
        part
        for value in values
        for part in ast.walk(value)
        if isinstance(part, ast.BinOp | ast.Call | ast.Subscript | ast.Attribute)
    ]
    for part in {ast.unparse(part): part for part in [*names, *inner]}.values():
        new = ast.Name(part.id, ast.Load()) if isinstance(part, ast.Name) else part
        assert last.value is not None
        yield Edit("unfinished", last.value, new, last.lineno, function.name, [(last, "value", located(new, last))])
