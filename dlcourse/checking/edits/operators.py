"""Changes of operators, numbers, names and indices: +, * and @, the two sides of a minus, one more or less."""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Iterator

from dlcourse.checking.edits.edit import Scope, numpy_call

__all__ = [
    "New",
    "attribute",
    "binary",
    "branches",
    "compare",
    "constant",
    "logic",
    "name",
    "pair",
    "plus_one",
    "subscript",
    "transpose",
    "unary",
]

New = tuple[str, ast.expr]

_OTHER_SIGN: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
_PRODUCTS: dict[type[ast.operator], type[ast.operator]] = {ast.Mult: ast.MatMult, ast.MatMult: ast.Mult}
_LOGIC: dict[type[ast.operator], type[ast.operator]] = {ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}


def binary(node: ast.BinOp, scope: Scope) -> Iterator[New]:
    op, left, right = type(node.op), node.left, node.right
    for kind, table in (("sign", _OTHER_SIGN), ("product", _PRODUCTS), ("logic", _LOGIC)):
        if op in table:
            yield kind, ast.BinOp(left, table[op](), right)
    if op in (ast.Sub, ast.Div, ast.FloorDiv, ast.MatMult):
        yield "order", ast.BinOp(right, node.op, left)
    if op is ast.MatMult:
        yield "transposed", ast.BinOp(transpose(left), node.op, right)
        yield "transposed", ast.BinOp(left, node.op, transpose(right))
        yield "transposed", ast.BinOp(transpose(right), node.op, left)
        yield "transposed", ast.BinOp(right, node.op, transpose(left))
        yield "outer", numpy_call("outer", left, right)
    yield from _sums(op, left, right)
    yield from _products(op, left, right)
    yield from _exchanged(node)
    for inner, other in ((left, right), (right, left)):  # f(a) + b for f(a + b)
        if isinstance(inner, ast.Call) and inner.args:
            ordered = (inner.args[0], node.op, other) if inner is left else (other, node.op, inner.args[0])
            yield "close", ast.Call(inner.func, [ast.BinOp(*ordered), *inner.args[1:]], inner.keywords)


def _sums(op: type[ast.operator], left: ast.expr, right: ast.expr) -> Iterator[New]:
    if op in (ast.Add, ast.Sub):
        if isinstance(right, ast.Constant) and right.value == 1:
            yield "one more", left
        yield "term", left
        yield "term", right
        if op is ast.Sub:
            yield "term", ast.UnaryOp(ast.USub(), right)
        yield "operation", ast.BinOp(left, ast.Mult(), right)


def _products(op: type[ast.operator], left: ast.expr, right: ast.expr) -> Iterator[New]:
    if op in (ast.Mult, ast.Div):
        yield "divide", ast.BinOp(left, ast.Div() if op is ast.Mult else ast.Mult(), right)
    if op in (ast.Div, ast.FloorDiv):
        yield "whole", ast.BinOp(left, ast.FloorDiv() if op is ast.Div else ast.Div(), right)
        yield "divisor", left
    if op in (ast.Mult, ast.MatMult):
        yield "factor", left
        yield "factor", right
        yield "operation", ast.BinOp(left, ast.Add(), right)
    if op is ast.Pow:
        yield "square", left
        yield "power", ast.BinOp(left, ast.Mult(), right)
        yield "doubled", ast.BinOp(left, ast.Mult(), right)
    if op is ast.Mult and any(isinstance(side, ast.Constant) and side.value == 2 for side in (left, right)):
        yield (
            "doubled",
            ast.BinOp(*(right, ast.Pow(), left) if isinstance(left, ast.Constant) else (left, ast.Pow(), right)),
        )


def _exchanged(node: ast.BinOp) -> Iterator[New]:
    """Two names in each other's place, in this expression alone."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} - {"np", "dl", "math"}
    for a, b in itertools.combinations(sorted(names), 2) if len(names) <= 4 else ():
        new = copy.deepcopy(node)
        for each in ast.walk(new):
            if isinstance(each, ast.Name) and each.id in (a, b):
                each.id = b if each.id == a else a
        yield "exchange", new


def transpose(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else ast.Attribute(node, "T", ast.Load())


def unary(node: ast.UnaryOp, scope: Scope) -> Iterator[New]:
    yield "minus" if isinstance(node.op, ast.USub) else "logic", node.operand


_ORDER: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE), ast.LtE: (ast.Lt, ast.GtE, ast.Gt), ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip


def compare(node: ast.Compare, scope: Scope) -> Iterator[New]:
    for other in _ORDER[type(node.ops[0])]:
        yield "compare", ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)


def logic(node: ast.BoolOp, scope: Scope) -> Iterator[New]:
    yield "logic", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def branches(node: ast.IfExp, scope: Scope) -> Iterator[New]:
    yield "branches", ast.IfExp(node.test, node.orelse, node.body)


def constant(node: ast.Constant, scope: Scope) -> Iterator[New]:
    value = node.value
    if isinstance(value, bool):
        yield "number", ast.Constant(not value)
    elif isinstance(value, (int, float)):
        for other in (value + 1, value - 1):
            yield "one", ast.Constant(other)
        for other in dict.fromkeys(
            (
                2 * value,
                value / 2,
                -value,
                10 * value,
                value / 10,
                100 * value,
                value / 100,
                1000 * value,
                value / 1000,
                0,
                1,
                2,
            )
        ):
            if other != value:
                yield "number", ast.Constant(other)


def name(node: ast.Name, scope: Scope) -> Iterator[New]:
    for other in scope.names if node.id not in ("np", "dl", "math") else ():
        if other != node.id:
            yield "name", ast.Name(other, ast.Load())


def subscript(node: ast.Subscript, scope: Scope) -> Iterator[New]:
    for index in scope.indices:
        if ast.unparse(index) != ast.unparse(node.slice):
            yield "index", ast.Subscript(node.value, index, ast.Load())
    for kind, new in _index(node.slice):
        yield kind, ast.Subscript(node.value, new, ast.Load())
    yield "subscript", node.value


def _index(index: ast.expr) -> Iterator[New]:
    if isinstance(index, ast.Slice):
        yield from (("slice", new) for new in _slice(index))
    elif isinstance(index, ast.Tuple):
        if len(index.elts) == 2:
            yield "order", ast.Tuple(index.elts[::-1], ast.Load())
        for i, part in enumerate(index.elts):
            for kind, new in _index(part):
                yield kind, ast.Tuple([*index.elts[:i], new, *index.elts[i + 1 :]], ast.Load())
    elif not isinstance(index, ast.Constant):
        for op in (ast.Add(), ast.Sub()):
            yield "one", ast.BinOp(index, op, ast.Constant(1))


def _slice(index: ast.Slice) -> Iterator[ast.Slice]:
    low, high, step = index.lower, index.upper, index.step
    for op in (ast.Sub(), ast.Add()):
        if high is not None:
            yield ast.Slice(low, plus_one(high, op), step)
        if low is not None:
            yield ast.Slice(plus_one(low, op), high, step)
    if low is None:
        yield ast.Slice(ast.Constant(1), high, step)
    else:
        yield ast.Slice(None, high, step)
    if high is None:
        yield ast.Slice(low, ast.UnaryOp(ast.USub(), ast.Constant(1)), step)
    else:
        yield ast.Slice(low, None, step)
        yield ast.Slice(high, low, step)
        yield ast.Slice(low, ast.UnaryOp(ast.USub(), high), step)
    if step is not None:
        yield ast.Slice(low, high, None)
    elif low is None and high is None:
        yield ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1)))


def plus_one(node: ast.expr, op: ast.operator) -> ast.expr:
    """node ± 1, or node without the ∓ 1 that it has."""
    inverse = ast.Sub if isinstance(op, ast.Add) else ast.Add
    if isinstance(node, ast.BinOp) and isinstance(node.op, inverse) and ast.unparse(node.right) == "1":
        return node.left
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ast.Constant(node.value + (1 if isinstance(op, ast.Add) else -1))
    return ast.BinOp(node, op, ast.Constant(1))


def attribute(node: ast.Attribute, scope: Scope) -> Iterator[New]:
    if node.attr == "T":
        yield "transposed", node.value


def pair(node: ast.Tuple, scope: Scope) -> Iterator[New]:
    if len(node.elts) == 2:
        yield "swapped", ast.Tuple(node.elts[::-1], ast.Load())
