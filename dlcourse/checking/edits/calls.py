"""Changes of calls: another function, axis, order of arguments, range, brackets that close early."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dlcourse.checking.edits.edit import Scope, numpy_call
from dlcourse.checking.edits.operators import New, plus_one

__all__ = ["call"]

_FAMILIES = [
    set(names.split())
    for names in (
        "mean sum max min median prod std var ptp",
        "argmax argmin max min argsort",
        "exp exp2 log log2 log10 log1p sqrt square abs",
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


def call(node: ast.Call, scope: Scope) -> Iterator[New]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in ("max", "min", "amax", "amin") and len(node.args) == 2:
        yield "maximum", numpy_call("maximum" if "max" in name else "minimum", *node.args)
        yield "maximum", numpy_call("minimum" if "max" in name else "maximum", *node.args)
    elif name in ("maximum", "minimum") and len(node.args) == 2:
        yield "maximum", numpy_call(name[:3], *node.args)
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
    return ast.Name(name, ast.Load()) if name in _BUILTIN else numpy_call(name).func


def _range(node: ast.Call) -> Iterator[ast.Call]:
    args = node.args
    if len(args) == 1:
        starts: list[ast.expr] = [ast.Constant(1)]
        yield from (ast.Call(node.func, [plus_one(args[0], op)], []) for op in (ast.Sub(), ast.Add()))
        yield from (ast.Call(node.func, [start, args[0]], []) for start in starts)
        yield ast.Call(node.func, [ast.Constant(1), plus_one(args[0], ast.Add())], [])
    if len(args) >= 2:
        rest = args[2:]
        yield ast.Call(node.func, [ast.Constant(0), args[1], *rest], [])
        yield from (ast.Call(node.func, [args[0], plus_one(args[1], op), *rest], []) for op in (ast.Sub(), ast.Add()))
        yield from (ast.Call(node.func, [plus_one(args[0], op), args[1], *rest], []) for op in (ast.Sub(), ast.Add()))
        yield ast.Call(node.func, [ast.Constant(0), plus_one(args[1], ast.Sub()), *rest], [])
    if len(args) == 3:
        yield ast.Call(node.func, args[:2], [])


def _call_arguments(node: ast.Call, name: str) -> Iterator[New]:
    args = node.args
    for i in range(len(args) - 1):
        for j in range(i + 1, len(args)):
            swapped = [*args[:i], args[j], *args[i + 1 : j], args[i], *args[j + 1 :]]
            yield "arguments", ast.Call(node.func, swapped, node.keywords)
    place = 0 if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) not in ("np", "dl") else 1
    if name in _AXES and len(args) > place and isinstance(args[place], ast.Constant):  # a.mean(1), np.mean(a, 1)
        for axis in (0, 1, 2, -1, None):
            if axis != ast.literal_eval(args[place]):
                yield (
                    "axis",
                    ast.Call(node.func, [*args[:place], ast.Constant(axis), *args[place + 1 :]], node.keywords),
                )
    for i, keyword in enumerate(node.keywords):
        others = [*node.keywords[:i], *node.keywords[i + 1 :]]
        if keyword.arg == "axis":
            for other in (0, 1, 2, -1, None, (0, 1), (1, 2), (2, 3), (2, 4), (1, 3)):
                yield "axis", ast.Call(node.func, args, [*others, ast.keyword("axis", _axis(other))])
        yield "axis" if keyword.arg == "axis" else "keyword", ast.Call(node.func, args, others)
    if name in _AXES and not any(k.arg == "axis" for k in node.keywords) and len(args) < 2:
        for one in (0, 1, 2, -1, (0, 1), (1, 2), (2, 3)):
            yield "axis", ast.Call(node.func, args, [*node.keywords, ast.keyword("axis", _axis(one))])
    if name in ("std", "var"):
        yield "keyword", ast.Call(node.func, args, [*node.keywords, ast.keyword("ddof", ast.Constant(1))])
    if name in _AXES and any(k.arg == "axis" for k in node.keywords):
        yield "keyword", ast.Call(node.func, args, [*node.keywords, ast.keyword("keepdims", ast.Constant(True))])


def _axis(axis: int | tuple[int, int] | None) -> ast.expr:
    return ast.parse(str(axis), mode="eval").body


_AXES = {"sum", "mean", "max", "min", "std", "var", "argmax", "argmin", "any", "all", "prod", "median", "concatenate", "stack"}  # fmt: skip
