"""Changes of whole statements: a return inside the loop, = for +=, a line that stands in or behind a loop, or is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dlcourse.checking.edits.edit import Edit, located

__all__ = ["statement_edits", "unfinished_edits"]

Loop = ast.For | ast.While


def statement_edits(function: ast.FunctionDef) -> Iterator[Edit]:
    """All changes of single statements in a function, and of their order."""
    yield from _gathered(function)
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
        new = located(new, statement)
        return Edit(kind, statement, new, statement.lineno, function.name, [(body, i, new)], _form(new))

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


def _form(new: ast.stmt) -> str:
    """What a changed statement is, whatever it is about: `+=`, `=`."""
    return type(new).__name__ + (type(new.op).__name__ if isinstance(new, ast.AugAssign) else "")


def _gathered(function: ast.FunctionDef) -> Iterator[Edit]:
    """A sum that begins at 0 for a product that begins at 1, and the other way round."""
    begins = [
        (value, target) for node in ast.walk(function) if isinstance(node, ast.Assign) for value, target in _each(node)
    ]
    for node in ast.walk(function):
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Mult):
            other = ast.Mult() if isinstance(node.op, ast.Add) else ast.Add()
            new = located(ast.AugAssign(node.target, other, node.value), node)
            for value, target in begins:
                if target == ast.unparse(node.target) and isinstance(value, ast.Constant):
                    start = 1 if isinstance(other, ast.Mult) else 0
                    yield Edit(
                        "gather", node, new, node.lineno, function.name, [(node, "op", other), (value, "value", start)]
                    )


def _each(node: ast.Assign) -> Iterator[tuple[ast.expr, str]]:
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(node.value.elts, map(ast.unparse, target.elts), strict=False)
        else:
            yield node.value, ast.unparse(target)


def _around(function: ast.FunctionDef, parent: ast.AST, body: list[ast.stmt], i: int, loop: Loop) -> Iterator[Edit]:
    """Lines that change sides at the border of a loop."""
    before, after, inside = body[:i], body[i + 1 :], loop.body
    last = inside[-1]
    block, end = _end_of(loop)
    if isinstance(end, ast.Return):  # a return inside the loop, to be moved behind it, whatever stands there
        outside = [*before, loop, end, *(s for s in after if not isinstance(s, ast.Return))]
        rest = block.body[:-1] or [located(ast.Pass(), end)]
        yield _edit(function, "return", end, loop, (block, rest), (parent, outside))
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


def _end_of(loop: Loop) -> tuple[Loop | ast.If, ast.stmt]:
    """The last statement of a loop, in the innermost block that ends it."""
    block: Loop | ast.If = loop
    while isinstance(block.body[-1], ast.For | ast.While | ast.If) and not block.body[-1].orelse:
        block = block.body[-1]
    return block, block.body[-1]


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
