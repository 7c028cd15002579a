"""From the text of an expression to tensors: what Blame reads, and the code that it shows for it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

import numpy as np

from dlcourse import activations
from dlcourse.errors import ArgumentError, WrongTypeError, counted, joined
from dlcourse.ops import elementwise
from dlcourse.tensor import Tensor
from dlcourse.widgets.backpropagation.graph import MOST_NODES

__all__ = ["Reader"]

MOST_TEXT = 400

FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    "tanh": activations.tanh, "sigmoid": activations.sigmoid, "relu": activations.relu, "softplus": activations.softplus, "exp": elementwise.exp, "log": elementwise.log,
    "sqrt": elementwise.sqrt, "sin": elementwise.sin, "cos": elementwise.cos, "absolute": elementwise.absolute, "abs": elementwise.absolute,
    "maximum": elementwise.maximum, "minimum": elementwise.minimum,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], tuple[str, Callable[..., Tensor]]] = {
    ast.Add: ("+", elementwise.add), ast.Sub: ("-", elementwise.subtract), ast.Mult: ("*", elementwise.multiply), ast.Div: ("/", elementwise.divide),
    ast.Pow: ("**", elementwise.power),
}  # fmt: skip


class Reader:
    """Reads an expression with a white list of its grammar, and computes it with `dlcourse` operations on the way."""

    def __init__(self, values: Mapping[str, float], data: tuple[str, ...] | None) -> None:
        self.values = dict(values)
        self.data = data
        self.names: dict[str, Tensor] = {}
        self.lines: list[str] = []
        self.code: dict[int, str] = {}

    def read(self, text: str) -> Tensor:
        """The value of the last statement."""
        if not isinstance(text, str):
            raise WrongTypeError(f"Blame: the expression should be text such as 'w*x + b', not {type(text).__name__}.")
        if not text.strip() or len(text) > MOST_TEXT:
            raise ArgumentError(
                f"Blame: the expression should have 1 to {MOST_TEXT} characters, this one has {len(text)}."
            )
        try:
            tree = ast.parse(text.strip().replace("^", "**"))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ArgumentError(f"Blame: {text!r} cannot be read as an expression. Is a parenthesis missing?") from None
        loss: Tensor | None = None
        for number, statement in enumerate(tree.body):
            last = number == len(tree.body) - 1
            name = "loss" if last else ""
            if (
                isinstance(statement, ast.Assign)
                and len(statement.targets) == 1
                and isinstance(statement.targets[0], ast.Name)
            ):
                name = statement.targets[0].id
                if name in FUNCTIONS:
                    raise ArgumentError(f"Blame: {name!r} is a function and cannot be the name of a number.")
                if name in self.names:
                    raise ArgumentError(f"Blame: {name!r} gets a value twice. Give each step its own name.")
            elif not isinstance(statement, ast.Expr) or not last:
                raise ArgumentError("Blame: write steps as 'name = expression', separated by ';', the loss last.")
            value = self.node(statement.value, name)
            if not isinstance(value, Tensor):
                raise ArgumentError("Blame: the expression has no name in it, so nothing can move.")
            self.names[name] = loss = value
        if loss is None:
            raise ArgumentError("Blame: there is no expression here, only a comment.")
        return loss

    def node(self, tree: ast.expr, name: str = "") -> Tensor | float:
        if isinstance(tree, ast.Constant) and isinstance(tree.value, int | float) and not isinstance(tree.value, bool):
            return float(tree.value)
        if isinstance(tree, ast.Name):
            return self.leaf(tree.id)
        if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
            inner = self.node(tree.operand)
            return -inner if isinstance(inner, float) else self.made(elementwise.negative, [inner], "-{}", name)
        if isinstance(tree, ast.BinOp) and type(tree.op) in _OPERATORS:
            symbol, operation = _OPERATORS[type(tree.op)]
            return self.made(operation, [self.node(tree.left), self.node(tree.right)], f"{{}} {symbol} {{}}", name)
        if isinstance(tree, ast.Call) and not tree.keywords:
            function, given = tree.func, list(tree.args)
            if isinstance(function, ast.Attribute):
                given, called = [function.value, *given], function.attr
            else:
                called = function.id if isinstance(function, ast.Name) else ""
            if called in FUNCTIONS:
                return self.call(called, [self.node(one) for one in given], name)
            raise ArgumentError(
                f"Blame: the function {called or ast.unparse(function)!r} is not known here. There are {joined(FUNCTIONS)}."
            )
        raise ArgumentError(
            f"Blame: {ast.unparse(tree)!r} is not allowed here; use names, numbers, + − * / ** and {joined(FUNCTIONS)}."
        )

    def call(self, called: str, inputs: list[Tensor | float], name: str) -> Tensor | float:
        arguments = 2 if called in ("maximum", "minimum") else 1
        if len(inputs) != arguments:
            raise ArgumentError(f"Blame: {called} takes {counted(arguments, 'value')}, here it gets {len(inputs)}.")
        target = FUNCTIONS[called].__name__
        return self.made(FUNCTIONS[called], inputs, f"dl.{target}({', '.join(['{}'] * arguments)})", name)

    def leaf(self, name: str) -> Tensor:
        if name in self.names:
            return self.names[name]
        if name not in self.values:
            raise ArgumentError(
                f"Blame: {name!r} has no value. Give one: Blame(expression=…, values={{{name!r}: 1.0}})."
            )
        fixed = name[0] in "xty" if self.data is None else name in self.data
        tensor = Tensor(np.array(self.values[name], dtype=float), requires_grad=not fixed, name=name)
        self.names[name], self.code[id(tensor)] = tensor, name
        extra = "" if fixed else ", requires_grad=True"
        self.lines.append(f"{name} = dl.Tensor(np.array({self.values[name]!r}) + nudge.get({name!r}, 0.0){extra})")
        return tensor

    def made(
        self, operation: Callable[..., Tensor], inputs: list[Tensor | float], pattern: str, name: str
    ) -> Tensor | float:
        if all(isinstance(one, float) for one in inputs):
            with np.errstate(all="ignore"):
                return float(operation(*[Tensor(np.array(one)) for one in inputs]).item())
        with np.errstate(all="ignore"):
            tensor = operation(*inputs)
        if len(self.code) >= MOST_NODES:
            raise ArgumentError(
                f"Blame: this graph has more than {MOST_NODES} nodes; nobody could read it. Take a part."
            )
        tensor.name = name
        variable = name or f"n{len(self.code)}"
        texts = [repr(one) if isinstance(one, float) else self.code[id(one)] for one in inputs]
        self.lines.append(f"{variable} = {pattern.format(*texts)} + nudge.get({variable!r}, 0.0)")
        self.code[id(tensor)] = variable
        self.names.setdefault(f"\0{variable}", tensor)  # keeps it alive, so that its id stays its own
        return tensor
