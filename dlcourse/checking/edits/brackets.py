"""One pair of brackets more or less, and what is missing around an expression: a square, a root, a minus, a mean."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dlcourse.checking.edits.edit import Scope, numpy_call
from dlcourse.checking.edits.operators import New, transpose

__all__ = ["brackets", "wrapped"]


def brackets(node: ast.expr) -> Iterator[New]:
    """The same text with one pair of brackets more or less."""
    if not isinstance(node, (ast.BinOp, ast.UnaryOp)):
        return
    known = {ast.dump(node)}
    again: list[ast.expr] = []
    for text in _regrouped(node):
        again += _parsed(text, node, known)
    yield from (("brackets", new) for new in again)
    if len(again) <= 20:  # two pairs, in what is not too long
        for once in again:
            for text in _regrouped(once):
                yield from (("brackets", new) for new in _parsed(text, node, known))
    for text in _other_operators(node):
        yield from (("operator", new) for new in _parsed(text, node, known))


def _other_operators(node: ast.expr) -> Iterator[str]:
    """The same text with one operator replaced, read by the rules of precedence."""
    pieces = _pieces(node)
    for i in range(1, len(pieces), 2):
        for symbol in ("+", "-", "*", "/", "@"):
            yield " ".join([*pieces[:i], symbol, *pieces[i + 1 :]])


def _parsed(text: str, node: ast.expr, known: set[str]) -> list[ast.expr]:
    """The text as an expression, unless it is no new one."""
    try:
        new = ast.parse(text, mode="eval").body
    except SyntaxError:
        return []
    if ast.dump(new) in known:
        return []
    known.add(ast.dump(new))
    for each in ast.walk(new):
        if hasattr(each, "lineno"):
            ast.copy_location(each, node)
    return [new]


def _regrouped(node: ast.expr) -> Iterator[str]:
    pieces = _pieces(node)  # operand, operator, operand …
    for i, piece in enumerate(pieces[::2]):
        if piece.startswith(("(", "-(")):
            bare = piece.replace("(", "", 1)[:-1]
            yield " ".join([*pieces[: 2 * i], bare, *pieces[2 * i + 1 :]])
    for i in range(0, len(pieces), 2):
        for j in range(i + 2, len(pieces), 2):
            inside = pieces[i : j + 1]
            yield " ".join([*pieces[:i], "(" + " ".join(inside) + ")", *pieces[j + 1 :]])
            if inside[0].startswith("-"):
                yield " ".join([*pieces[:i], "-(" + " ".join([inside[0][1:], *inside[1:]]) + ")", *pieces[j + 1 :]])
            if isinstance(inside[0], str) and inside[0].startswith("(") and i == 0:
                bare = inside[0][1:-1]
                yield " ".join(["(" + bare, *inside[1:], ")", *pieces[j + 1 :]])


def _pieces(node: ast.expr) -> list[str]:
    """Operands and operators as they are written, a bracket counting as one operand."""
    if not isinstance(node, ast.BinOp):
        return [ast.unparse(node)]
    whole = ast.unparse(node)
    symbol = ast.unparse(ast.BinOp(ast.Name("a"), node.op, ast.Name("b")))[2:-2]
    sides = []
    for side in (node.left, node.right):
        bare = ast.unparse(side)
        bracketed = f"({bare})"
        open_ = isinstance(side, ast.BinOp) and not (
            whole.startswith(bracketed) if side is node.left else whole.endswith(bracketed)
        )
        sides.append(_pieces(side) if open_ else [bracketed if isinstance(side, ast.BinOp) else bare])
    return [*sides[0], symbol, *sides[1]]


def wrapped(node: ast.expr, scope: Scope, computes: bool) -> Iterator[New]:
    """A square, a root, a minus, a mean … that is missing, or too much."""
    two = ast.Constant(2)
    if isinstance(node, (ast.BinOp, ast.Call, ast.Name, ast.Subscript)):
        yield "square", ast.BinOp(node, ast.Pow(), two)
        yield "minus", ast.UnaryOp(ast.USub(), node)
        for name in ("mean", "sum", "sqrt", "abs", "exp", "log", "tanh"):
            yield "call", numpy_call(name, node)
        if not isinstance(node, ast.BinOp):
            yield "call", numpy_call("argmax", node)
        if not isinstance(node, ast.Name) or computes:
            yield "factor", ast.BinOp(two, ast.Mult(), node)
            yield "divisor", ast.BinOp(node, ast.Div(), two)
            yield "complement", ast.BinOp(ast.Constant(1), ast.Sub(), node)
            for op in (ast.Add(), ast.Sub()):
                yield "one", ast.BinOp(node, op, ast.Constant(1))
        if scope.angles:
            yield "degrees", numpy_call("radians", node)
            yield "degrees", numpy_call("degrees", node)
        yield "transposed", transpose(node)
        for index in scope.indices:
            yield "subscript", ast.Subscript(node, index, ast.Load())
