"""Every small change of a program's expressions that a slip of the hand or of the head makes, and that undoes one.

The same changes serve both ways. Made in the solution they give the answers that learners give; made in a learner's
answer, one of them may make it right, and then it names the slip and its line.
"""

from __future__ import annotations

import ast
import contextlib
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Edit", "Scope", "expression_edits", "located"]

New = tuple[str, ast.expr]


@dataclass
class Edit:
    """One change: its kind, what stood there and what stands there now, and the attributes to set for it."""

    kind: str
    old: ast.AST
    new: ast.AST
    line: int
    owner: str
    sets: list[tuple[ast.AST, str, Any]] = field(default_factory=list)

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """The tree with this change in it; afterwards it is as it was."""
        before = [(node, name, getattr(node, name)) for node, name, _ in self.sets]
        for node, name, value in self.sets:
            setattr(node, name, value)
        try:
            yield
        finally:
            for node, name, value in before:
                setattr(node, name, value)


@dataclass(frozen=True)
class Scope:
    """The names that a function has, and the indices that occur in it."""

    names: tuple[str, ...]
    indices: tuple[ast.expr, ...]

    @staticmethod
    def of(function: ast.FunctionDef) -> Scope:
        """Collect them from the function's tree."""
        arguments = [a.arg for a in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]]
        stored = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        indices = {
            ast.unparse(n.slice): copy.deepcopy(n.slice)  # a tree that held itself would have no end
            for n in ast.walk(function)
            if isinstance(n, ast.Subscript) and not isinstance(n.slice, ast.Constant)
        }
        return Scope(tuple(dict.fromkeys([*arguments, *stored])), tuple(indices.values()))


def located(new: ast.AST, old: ast.AST) -> Any:
    """Give a new node, and all in it that has none, the place of the old one."""
    if not hasattr(new, "lineno"):
        ast.copy_location(new, old)
    return ast.fix_missing_locations(new)


def expression_edits(function: ast.FunctionDef) -> Iterator[Edit]:
    """All changes of single expressions in a function."""
    scope = Scope.of(function)
    for parent in ast.walk(function):
        if isinstance(parent, ast.arguments):
            continue
        for name, value in ast.iter_fields(parent):
            if name in ("annotation", "returns", "decorator_list") or (name == "func" and isinstance(value, ast.Name)):
                continue
            for i, child in enumerate(value if isinstance(value, list) else [value]):
                if (
                    not isinstance(child, ast.expr)
                    or isinstance(getattr(child, "ctx", None), ast.Store | ast.Del)
                    or _text(parent, child)
                ):
                    continue
                for kind, new in _changes(child, parent, name, scope):
                    whole = (
                        [*value[:i], located(new, child), *value[i + 1 :]]
                        if isinstance(value, list)
                        else located(new, child)
                    )
                    yield Edit(kind, child, new, child.lineno, function.name, [(parent, name, whole)])


def _text(parent: ast.AST, child: ast.AST) -> bool:
    """Whether this is a docstring or another text, which nobody mistypes by a sign."""
    return isinstance(parent, ast.Expr) and isinstance(child, ast.Constant)


def _changes(node: ast.expr, parent: ast.AST, place: str, scope: Scope) -> Iterator[New]:
    for cls, changes in _OF.items():
        if isinstance(node, cls):
            yield from changes(node, scope)
    if not isinstance(parent, (ast.BinOp, ast.UnaryOp)):
        yield from _brackets(node)
    if place not in ("func", "slice", "iter", "keywords") and not isinstance(
        node, (ast.Constant, ast.Slice, ast.Compare, ast.List, ast.Dict, ast.Starred)
    ):
        yield from _wrapped(node, scope, isinstance(parent, (ast.BinOp, ast.Return, ast.Assign, ast.Call)))


# --- operators ---------------------------------------------------------------------------------------------------------

_OTHER_SIGN: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
_PRODUCTS: dict[type[ast.operator], type[ast.operator]] = {ast.Mult: ast.MatMult, ast.MatMult: ast.Mult}
_LOGIC: dict[type[ast.operator], type[ast.operator]] = {ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}


def _binary(node: ast.BinOp, scope: Scope) -> Iterator[New]:
    op, left, right = type(node.op), node.left, node.right
    for kind, table in (("sign", _OTHER_SIGN), ("product", _PRODUCTS), ("logic", _LOGIC)):
        if op in table:
            yield kind, ast.BinOp(left, table[op](), right)
    if op in (ast.Sub, ast.Div, ast.FloorDiv, ast.MatMult):
        yield "order", ast.BinOp(right, node.op, left)
    if op is ast.MatMult:
        yield "transposed", ast.BinOp(_t(left), node.op, right)
        yield "transposed", ast.BinOp(left, node.op, _t(right))
        yield "transposed", ast.BinOp(_t(right), node.op, left)
        yield "transposed", ast.BinOp(right, node.op, _t(left))
        yield "outer", _np("outer", left, right)
    if op in (ast.Mult, ast.Div):
        yield "divide", ast.BinOp(left, ast.Div() if op is ast.Mult else ast.Mult(), right)
    if op in (ast.Div, ast.FloorDiv):
        yield "whole", ast.BinOp(left, ast.FloorDiv() if op is ast.Div else ast.Div(), right)
        yield "divisor", left
    if op in (ast.Add, ast.Sub):
        yield "term", left
        yield "term", right if op is ast.Add else ast.UnaryOp(ast.USub(), right)
        yield "operation", ast.BinOp(left, ast.Mult(), right)
    if op in (ast.Mult, ast.MatMult):
        yield "factor", left
        yield "factor", right
        yield "operation", ast.BinOp(left, ast.Add(), right)
    if op is ast.Pow:
        yield "square", left
        yield "doubled", ast.BinOp(left, ast.Mult(), right)
    if op is ast.Mult and any(isinstance(side, ast.Constant) and side.value == 2 for side in (left, right)):
        yield (
            "doubled",
            ast.BinOp(*(right, ast.Pow(), left) if isinstance(left, ast.Constant) else (left, ast.Pow(), right)),
        )
    for inner, other in ((left, right), (right, left)):  # f(a) + b for f(a + b)
        if isinstance(inner, ast.Call) and inner.args:
            ordered = (inner.args[0], node.op, other) if inner is left else (other, node.op, inner.args[0])
            yield "close", ast.Call(inner.func, [ast.BinOp(*ordered), *inner.args[1:]], inner.keywords)


def _t(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else ast.Attribute(node, "T", ast.Load())


def _np(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), list(args), [])


def _unary(node: ast.UnaryOp, scope: Scope) -> Iterator[New]:
    yield "minus" if isinstance(node.op, ast.USub) else "logic", node.operand


_ORDER: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE), ast.LtE: (ast.Lt, ast.GtE, ast.Gt), ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip


def _compare(node: ast.Compare, scope: Scope) -> Iterator[New]:
    for other in _ORDER[type(node.ops[0])]:
        yield "compare", ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)


def _bool(node: ast.BoolOp, scope: Scope) -> Iterator[New]:
    yield "logic", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _branches(node: ast.IfExp, scope: Scope) -> Iterator[New]:
    yield "branches", ast.IfExp(node.test, node.orelse, node.body)


# --- numbers, names, indices --------------------------------------------------------------------------------------------


def _constant(node: ast.Constant, scope: Scope) -> Iterator[New]:
    value = node.value
    if isinstance(value, bool):
        yield "number", ast.Constant(not value)
    elif isinstance(value, (int, float)):
        for other in (value + 1, value - 1):
            yield "one", ast.Constant(other)
        for other in dict.fromkeys(
            (2 * value, value / 2, -value, 10 * value, value / 10, 100 * value, value / 100, 0, 1, 2)
        ):
            if other != value:
                yield "number", ast.Constant(other)


def _name(node: ast.Name, scope: Scope) -> Iterator[New]:
    for other in scope.names if node.id not in ("np", "dl", "math") else ():
        if other != node.id:
            yield "name", ast.Name(other, ast.Load())


def _subscript(node: ast.Subscript, scope: Scope) -> Iterator[New]:
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
            yield ast.Slice(low, _plus(high, op), step)
        if low is not None:
            yield ast.Slice(_plus(low, op), high, step)
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


def _plus(node: ast.expr, op: ast.operator) -> ast.expr:
    """node ± 1, or node without the ∓ 1 that it has."""
    inverse = ast.Sub if isinstance(op, ast.Add) else ast.Add
    if isinstance(node, ast.BinOp) and isinstance(node.op, inverse) and ast.unparse(node.right) == "1":
        return node.left
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ast.Constant(node.value + (1 if isinstance(op, ast.Add) else -1))
    return ast.BinOp(node, op, ast.Constant(1))


def _attribute(node: ast.Attribute, scope: Scope) -> Iterator[New]:
    if node.attr == "T":
        yield "transposed", node.value


def _tuple(node: ast.Tuple, scope: Scope) -> Iterator[New]:
    if len(node.elts) == 2:
        yield "swapped", ast.Tuple(node.elts[::-1], ast.Load())


# --- calls -------------------------------------------------------------------------------------------------------------

_FAMILIES = [
    set(names.split())
    for names in (
        "mean sum max min median prod std var ptp",
        "argmax argmin max min argsort",
        "exp log log2 log10 log1p sqrt square abs",
        "tanh sin cos tan sinh arctan",
        "floor ceil round trunc rint int",
        "maximum minimum",
        "any all sum mean",
        "hstack vstack stack concatenate",
        "dot multiply outer matmul inner",
        "zeros ones empty",
        "permutation arange",
        "eigvalsh diag det norm trace",
        "append extend",
        "relu tanh sigmoid softmax leaky_relu",
        "array list tuple",
        "unique sort",
    )
]
_BUILTIN = {"max", "min", "sum", "abs", "round", "int", "any", "all", "list", "tuple"}


def _call(node: ast.Call, scope: Scope) -> Iterator[New]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in ("max", "min", "amax", "amin") and len(node.args) == 2:
        yield "maximum", _np("maximum" if "max" in name else "minimum", *node.args)
        yield "maximum", _np("minimum" if "max" in name else "maximum", *node.args)
    elif name in ("maximum", "minimum") and len(node.args) == 2:
        yield "maximum", _np(name[:3], *node.args)
        yield "maximum", ast.Call(ast.Name(name[:3], ast.Load()), node.args, [])
    if name == "range":
        yield from (("range", new) for new in _range(node))
    for other in sorted(set().union(*(family for family in _FAMILIES if name in family)) - {name}):
        function = _function_like(node.func, other)
        if function is not None:
            yield "function", ast.Call(function, node.args, node.keywords)
    yield from _call_arguments(node, name)
    inner = node.args[0] if node.args else None
    is_method = isinstance(node.func, ast.Attribute) and not (
        isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "dl", "math", "rng")
    )
    if inner is None and is_method and isinstance(node.func, ast.Attribute):
        inner = node.func.value
    if inner is not None and not isinstance(inner, (ast.Starred, ast.GeneratorExp)):
        yield "call", inner
    if inner is not None and isinstance(inner, ast.BinOp) and node.args:
        for ordered in (
            (_with(node, inner.left), inner.op, inner.right),
            (inner.left, inner.op, _with(node, inner.right)),
        ):
            yield "close", ast.BinOp(*ordered)


def _with(call: ast.Call, first: ast.expr) -> ast.Call:
    return ast.Call(call.func, [first, *call.args[1:]], call.keywords)


def _function_like(function: ast.expr, name: str) -> ast.expr | None:
    if isinstance(function, ast.Attribute):
        return None if name in ("int", "list", "tuple") else ast.Attribute(function.value, name, ast.Load())
    return ast.Name(name, ast.Load()) if name in _BUILTIN else _np(name).func


def _range(node: ast.Call) -> Iterator[ast.Call]:
    args = node.args
    if len(args) == 1:
        starts: list[ast.expr] = [ast.Constant(1)]
        yield from (ast.Call(node.func, [_plus(args[0], op)], []) for op in (ast.Sub(), ast.Add()))
        yield from (ast.Call(node.func, [start, args[0]], []) for start in starts)
        yield ast.Call(node.func, [ast.Constant(1), _plus(args[0], ast.Add())], [])
    if len(args) >= 2:
        rest = args[2:]
        yield ast.Call(node.func, [ast.Constant(0), args[1], *rest], [])
        yield from (ast.Call(node.func, [args[0], _plus(args[1], op), *rest], []) for op in (ast.Sub(), ast.Add()))
        yield from (ast.Call(node.func, [_plus(args[0], op), args[1], *rest], []) for op in (ast.Sub(), ast.Add()))
        yield ast.Call(node.func, [ast.Constant(0), _plus(args[1], ast.Sub()), *rest], [])
    if len(args) == 3:
        yield ast.Call(node.func, args[:2], [])


def _call_arguments(node: ast.Call, name: str) -> Iterator[New]:
    args = node.args
    for i in range(len(args) - 1):
        for j in range(i + 1, len(args)):
            swapped = [*args[:i], args[j], *args[i + 1 : j], args[i], *args[j + 1 :]]
            yield "arguments", ast.Call(node.func, swapped, node.keywords)
    for i, keyword in enumerate(node.keywords):
        others = [*node.keywords[:i], *node.keywords[i + 1 :]]
        if keyword.arg == "axis":
            for axis in (0, 1, 2, -1, None):
                yield "axis", ast.Call(node.func, args, [*others, ast.keyword("axis", ast.Constant(axis))])
        yield "axis" if keyword.arg == "axis" else "keyword", ast.Call(node.func, args, others)
    if name in _AXES and not any(k.arg == "axis" for k in node.keywords) and len(args) < 2:
        for axis in (0, 1, 2, -1):
            yield "axis", ast.Call(node.func, args, [*node.keywords, ast.keyword("axis", ast.Constant(axis))])
    if name in ("std", "var"):
        yield "keyword", ast.Call(node.func, args, [*node.keywords, ast.keyword("ddof", ast.Constant(1))])
    if name in _AXES and any(k.arg == "axis" for k in node.keywords):
        yield "keyword", ast.Call(node.func, args, [*node.keywords, ast.keyword("keepdims", ast.Constant(True))])


_AXES = {"sum", "mean", "max", "min", "std", "var", "argmax", "argmin", "any", "all", "prod", "median", "concatenate", "stack"}  # fmt: skip

# --- brackets and wrappings ----------------------------------------------------------------------------------------------


def _brackets(node: ast.expr) -> Iterator[New]:
    """The same text with one pair of brackets more or less."""
    if not isinstance(node, (ast.BinOp, ast.UnaryOp)):
        return
    own = ast.dump(node)
    for text in _regrouped(node):
        try:
            new = ast.parse(text, mode="eval").body
        except SyntaxError:
            continue
        if ast.dump(new) != own:
            for each in ast.walk(new):
                if hasattr(each, "lineno"):
                    ast.copy_location(each, node)
            yield "brackets", new


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


def _wrapped(node: ast.expr, scope: Scope, computes: bool) -> Iterator[New]:
    """A square, a root, a minus, a mean … that is missing, or too much."""
    two = ast.Constant(2)
    if isinstance(node, (ast.BinOp, ast.Call, ast.Name, ast.Subscript)):
        yield "square", ast.BinOp(node, ast.Pow(), two)
        yield "minus", ast.UnaryOp(ast.USub(), node)
        for name in ("mean", "sum", "sqrt", "abs", "exp", "log", "tanh", "argmax"):
            yield "call", _np(name, node)
        if not isinstance(node, ast.Name) or computes:
            yield "factor", ast.BinOp(two, ast.Mult(), node)
            yield "divisor", ast.BinOp(node, ast.Div(), two)
            yield "complement", ast.BinOp(ast.Constant(1), ast.Sub(), node)
            for op in (ast.Add(), ast.Sub()):
                yield "one", ast.BinOp(node, op, ast.Constant(1))
        yield "degrees", _np("radians", node)
        yield "degrees", _np("degrees", node)
        yield "transposed", _t(node)
        for index in scope.indices:
            yield "subscript", ast.Subscript(node, index, ast.Load())


_OF: dict[type[ast.expr], Callable[[Any, Scope], Iterator[New]]] = {
    ast.BinOp: _binary, ast.UnaryOp: _unary, ast.Compare: _compare, ast.BoolOp: _bool, ast.IfExp: _branches,
    ast.Constant: _constant, ast.Name: _name, ast.Subscript: _subscript, ast.Attribute: _attribute, ast.Tuple: _tuple,
    ast.Call: _call,
}  # fmt: skip
