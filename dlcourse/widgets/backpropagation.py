"""Blame, the widget of lesson 05: who must move, and by how much, for the loss to go down?

An expression or a learner's own tensor is drawn as the graph that the engine remembers. The blame travels back from the
loss; each node says its share in the words of the slide, and a nudge tests whether the promise is kept.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from .. import activations
from ..errors import ArgumentError, DataError, GradientError, KindError, ShapeError, joined
from ..ops import elementwise
from ..tensor import OPERATIONS, Tensor, no_grad
from . import style
from .widget import Artists, Pointer, Widget, action, hidden, slider

if TYPE_CHECKING:
    from collections.abc import Hashable

    from matplotlib.figure import Figure

__all__ = ["Blame"]

NEURON = "p = tanh(w1*x1 + w2*x2 + b); loss = (t - p)**2"
VALUES = (("w1", 0.3), ("w2", 0.4), ("b", 0.0), ("x1", 0.56), ("x2", -0.42), ("t", 1.0))
MOST_NODES = 40
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
_SYMBOLS = {
    "add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "power": "^", "negative": "−", "matmul": "@", "affine": "x@W+b",
    "squared_error": "error²", "absolute": "|·|",
}  # fmt: skip


# From text to tensors -----------------------------------------------------------------------------------------


class _Reader:
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
            raise KindError(f"Blame: the expression should be text such as 'w*x + b', not {type(text).__name__}.")
        if not text.strip() or len(text) > MOST_TEXT:
            raise ArgumentError(
                f"Blame: the expression should have 1 to {MOST_TEXT} characters, this one has {len(text)}."
            )
        try:
            tree = ast.parse(text.strip().replace("^", "**"))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ArgumentError(f"Blame: {text!r} cannot be read as an expression. Is a parenthesis missing?") from None
        found: Tensor | None = None
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
            self.names[name] = found = value
        if found is None:
            raise ArgumentError("Blame: there is no expression here, only a comment.")
        return found

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
        wanted = 2 if called in ("maximum", "minimum") else 1
        if len(inputs) != wanted:
            raise ArgumentError(
                f"Blame: {called} takes {wanted} value{'s' * (wanted > 1)}, here it gets {len(inputs)}."
            )
        target = FUNCTIONS[called].__name__
        return self.made(FUNCTIONS[called], inputs, f"dl.{target}({', '.join(['{}'] * wanted)})", name)

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


# The graph ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Node:
    """One tensor of the graph."""

    tensor: Tensor
    name: str
    label: str
    kind: str
    """"weight", "data", "inner", or "constant": a number that stands in the label of its operation."""
    parents: tuple[int, ...]
    variable: str
    place: tuple[float, float]
    """Column and row, both 0 to 1."""


@dataclass(frozen=True, eq=False)
class Graph:
    """Nodes in the order of their making, the loss last, with the slope of the loss for each that has one."""

    nodes: tuple[Node, ...]
    slopes: tuple[np.ndarray | None, ...]
    lines: tuple[str, ...]
    columns: int
    replays: bool

    def entry(self, node: int) -> tuple[int, ...]:
        """The entry of this node with the largest slope."""
        slope = self.slopes[node]
        if slope is None or slope.ndim == 0:
            return ()
        return tuple(int(i) for i in np.unravel_index(int(np.abs(slope).argmax()), slope.shape))

    def slope(self, node: int) -> float | None:
        """∂loss/∂(that entry), None for what is not to be moved."""
        slope = self.slopes[node]
        return None if slope is None else float(slope[self.entry(node)])

    def moves(self, node: int) -> bool:
        """Whether a change of that entry changes the loss, and its slope says by how much."""
        slope = self.slope(node)
        return slope is not None and slope != 0 and bool(np.isfinite(slope))

    def through(self, node: int) -> list[int]:
        """The named nodes between this one and the loss that every path goes through, the one next to the loss first."""
        found = []
        for gate in range(len(self.nodes) - 2, node, -1):
            if not self.nodes[gate].name or self.nodes[gate].kind != "inner":
                continue
            if self.reaches(node, gate, None) and not self.reaches(node, len(self.nodes) - 1, gate):
                found.append(gate)
        return found

    def reaches(self, start: int, end: int, without: int | None) -> bool:
        """Whether a path leads from `start` to `end` that avoids `without`."""
        reached = {start}
        for number in range(start + 1, end + 1):
            if number != without and any(parent in reached for parent in self.nodes[number].parents):
                reached.add(number)
        return end in reached

    def forward(self, offsets: Mapping[int, float]) -> list[np.ndarray]:
        """All values again, with one entry of some nodes moved."""
        values: list[np.ndarray] = []
        for number, node in enumerate(self.nodes):
            if node.parents:
                with no_grad(), np.errstate(all="ignore"):
                    operation = OPERATIONS[node.tensor.op]
                    value = np.array(operation(*[values[parent] for parent in node.parents]).data)
            else:
                value = np.array(node.tensor.data)
            if number in offsets:
                value[self.entry(number)] += offsets[number]
            values.append(value)
        return values


def _collect(loss: Tensor) -> list[Tensor]:
    """All tensors of the graph, parents before children."""
    found: dict[int, Tensor] = {}
    waiting: list[tuple[Tensor, bool]] = [(loss, False)]
    while waiting:
        tensor, ready = waiting.pop()
        if ready:
            found[id(tensor)] = tensor
        elif id(tensor) not in found:
            waiting.append((tensor, True))
            waiting += [(parent, False) for parent in reversed(tensor.parents)]
            if len(found) > MOST_NODES:
                raise ArgumentError(
                    f"Blame: this graph has more than {MOST_NODES} nodes; nobody could read it. Take a part."
                )
    return list(found.values())


def _graph(loss: Tensor, variables: Mapping[int, str], lines: list[str]) -> Graph:
    if loss.size != 1:
        raise ShapeError(
            f"Blame: the loss must be one number, this tensor has shape {loss.shape}. Average it: loss.mean()."
        )
    if not loss.requires_grad or not loss.parents:
        raise GradientError("Blame: nothing in this graph has requires_grad=True, so there is nobody to blame.")
    tensors = [one for one in _collect(loss) if one.parents or one.size != 1 or one.name or one.requires_grad]
    slopes = _slopes(loss, tensors)
    place = {id(one): number for number, one in enumerate(tensors)}
    constants = {id(p): p for one in tensors for p in one.parents if id(p) not in place}
    if constants:  # numbers such as the 2 of a square stand in the label of their operation, and are replayed with it
        tensors = list(constants.values()) + tensors
        slopes = [*(None for _ in constants), *slopes]
        place = {id(one): number for number, one in enumerate(tensors)}
    depth = [0] * len(tensors)
    for number, one in enumerate(tensors):
        inner = [depth[place[id(p)]] for p in one.parents]
        depth[number] = 1 + max(inner) if inner else 0
    children: dict[int, list[int]] = {}
    for number, one in enumerate(tensors):
        for parent in one.parents:
            children.setdefault(place[id(parent)], []).append(number)
    for number, one in enumerate(tensors):  # an input stands just before its first use
        if not one.parents and number in children:
            depth[number] = min(depth[child] for child in children[number]) - 1
    rows = _rows(tensors, place, depth, children, {place[key] for key in constants})
    columns = max(depth) + 1
    nodes = tuple(
        Node(
            one, one.name, _label(one, constants), _kind(one, id(one) in constants),
            tuple(place[id(p)] for p in one.parents), variables.get(id(one), one.name or f"n{number}"),
            (depth[number] / max(columns - 1, 1), rows[number]),
        )
        for number, one in enumerate(tensors)
    )  # fmt: skip
    graph = Graph(nodes, tuple(slopes), tuple(lines), columns, True)
    return Graph(nodes, tuple(slopes), tuple(lines), columns, _replays(graph))


def _kind(tensor: Tensor, constant: bool) -> str:
    if constant:
        return "constant"
    if tensor.parents:
        return "inner"
    return "weight" if tensor.requires_grad else "data"


def _slopes(loss: Tensor, tensors: list[Tensor]) -> list[np.ndarray | None]:
    """Run `backward`, and leave the learner's own gradients as they were."""
    before = [(one.grad, one._used) for one in tensors]
    for one in tensors:
        one.grad, one._used = None, False
    try:
        with np.errstate(all="ignore"):
            loss.backward(keep_inner=True)
        return [None if one.grad is None else np.array(one.grad) for one in tensors]
    finally:
        for one, (grad, used) in zip(tensors, before, strict=True):
            one.grad, one._used = grad, used


def _replays(graph: Graph) -> bool:
    """Whether the operations, called again, give the same numbers (one with settings may not)."""
    try:
        again = graph.forward({})
    except Exception:
        return False
    return all(
        a.shape == n.tensor.shape and np.allclose(a, n.tensor.data, equal_nan=True)
        for a, n in zip(again, graph.nodes, strict=True)
    )


def _rows(
    tensors: list[Tensor], place: dict[int, int], depth: list[int], children: dict[int, list[int]], skip: set[int]
) -> list[float]:
    """Heights between 0 and 1: inputs in the order of their use, everything else at the middle of its parents."""
    height: dict[int, float] = {}
    for column in range(max(depth) + 1):
        members = [n for n in range(len(tensors)) if depth[n] == column and n not in skip]
        for n in members:
            inner = [height[place[id(p)]] for p in tensors[n].parents if place[id(p)] in height]
            height[n] = sum(inner) / len(inner) if inner else -1.0
        free = [n for n in members if height[n] < 0]
        if column == 0:
            for i, n in enumerate(free):
                height[n] = i / (len(free) - 1) if len(free) > 1 else 0.5
        else:
            for n in free:  # beside the operation that uses it, on the outer side
                height[n] = 1.0 if column % 2 else 0.0
        ordered = sorted(members, key=lambda n: height[n])
        gap = min(0.32, 1 / max(len(ordered) - 1, 1))
        for a, b in zip(ordered, ordered[1:], strict=False):
            height[b] = max(height[b], height[a] + gap)
        excess = max((height[n] for n in ordered), default=0.0) - 1.0
        if excess > 0:
            for n in ordered:
                height[n] -= excess
            for a, b in zip(ordered[::-1], ordered[-2::-1], strict=False):
                height[b] = min(height[b], height[a] - gap)
    return [1 - height.get(n, 0.0) for n in range(len(tensors))]


def _label(tensor: Tensor, constants: Mapping[int, Tensor]) -> str:
    if not tensor.parents:
        return _pretty(tensor.name) or "data"
    symbol = _SYMBOLS.get(tensor.op, tensor.op)
    numbers = [f"{p.item():g}" for p in tensor.parents if id(p) in constants]
    if tensor.op == "power" and numbers:
        symbol = {"2": "( )²", "3": "( )³"}.get(numbers[-1], f"^{numbers[-1]}")
    elif numbers and tensor.op in ("add", "subtract", "multiply", "divide"):
        symbol = f"{numbers[0]} {symbol}" if id(tensor.parents[0]) in constants else f"{symbol} {numbers[0]}"
    return f"{_pretty(tensor.name)} = {symbol}" if tensor.name else symbol


def _pretty(name: str) -> str:
    """w1 -> w₁, but 0.weight stays."""
    stem = name.rstrip("0123456789")
    digits = name[len(stem) :]
    return stem + digits.translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")) if stem.isalpha() else name


# Words --------------------------------------------------------------------------------------------------------


def _number(x: float) -> str:
    """Two decimals, or two digits of what is smaller."""
    size = abs(x)
    return (
        f"{x:.2f}".rstrip("0").rstrip(".").replace("-", "−")
        if 0.0451 <= size < 1e5 or x == 0
        else f"{x:.2g}".replace("-", "−")
    )


def _three(x: float) -> str:
    return f"{x:.3g}".replace("-", "−")


def _must(name: str, change: float) -> str:
    return f"{name} must go {'up' if change > 0 else 'down'} by {_number(abs(change))}"


def _by(name: str, change: float) -> str:
    return f"For {name} to go {'up' if change > 0 else 'down'} by {_number(abs(change))}"


@dataclass(frozen=True, eq=False)
class BlameResult:
    """What the picture and the sentence tell."""

    graph: Graph
    before: tuple[np.ndarray, ...]
    after: tuple[np.ndarray, ...]
    changes: tuple[float | None, ...]
    """What each node must do alone for the loss to go down by the amount; None without a slope, or with one that is 0 or infinite."""
    promised: float
    real: float
    """Change of the loss (negative is down) that the nudged nodes promise together, and what it really does."""


@dataclass(frozen=True, eq=False)
class Blame(Widget):
    """A computation as a graph, and the blame of every node for the loss.

    Parameters
    ----------
    amount : float
        How much the loss shall go down.
    expression : str
        Steps such as ``"p = tanh(w*x + b); loss = (t - p)**2"``; the last is the loss.
    values : mapping of str to float
        A number for each name. Names that begin with x, t or y are data, all others weights.
    data : tuple of str, optional
        The names that are data, instead.

    Examples
    --------
    >>> blame = Blame(expression="(3*w)**2", values={"w": 1.0}).choose("w")
    >>> blame.describe(blame.compute())
    'For the loss to go down by 0.1, w must go down by 0.0056. (Its slope is 18.)'
    """

    title: ClassVar[str] = "Blame"
    size: ClassVar[tuple[float, float]] = (7.2, 3.9)
    narrow_size: ClassVar[tuple[float, float] | None] = (3.6, 6.6)
    steps_per_second: ClassVar[float] = 1.5

    amount: float = slider(0.1, 0.01, 1.0, step=0.01, label="loss down by")
    expression: str = hidden(NEURON)
    values: Any = hidden(VALUES)
    data: tuple[str, ...] | None = hidden(None)
    selected: int = hidden(-1)
    revealed: int = hidden(0)
    nudged: tuple[int, ...] = hidden(())
    graph: Any = hidden(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.graph is None:
            try:
                values = {str(name): float(value) for name, value in dict(self.values).items()}
            except (TypeError, ValueError):
                raise KindError(
                    f"Blame: values should map names to numbers, as in {{'w': 1.0}}, not {self.values!r}."
                ) from None
            reader = _Reader(values, self.data)
            loss = reader.read(self.expression)
            object.__setattr__(self, "graph", _graph(loss, reader.code, reader.lines))
        values_of = [node.tensor.data for node in self.graph.nodes]
        if not all(np.isfinite(value).all() for value in values_of):
            raise DataError(
                "Blame: a value of this graph is not finite (a logarithm or root of a negative number, a division by zero?)."
            )

    @classmethod
    def of(cls, loss: Tensor, *, amount: float = 0.1, names: Mapping[str, Tensor] | None = None) -> Blame:
        """The graph of a tensor of your own; nothing of it is changed, not even its gradients.

        Parameters
        ----------
        loss : Tensor, shape ()
            Computed from tensors with ``requires_grad=True``.
        amount : float
            How much it shall go down.
        names : mapping of str to Tensor, optional
            Names for the picture, such as ``model.named_parameters()``.
        """
        if not isinstance(loss, Tensor):
            raise KindError(f"Blame.of: give the loss, a dl.Tensor, not {type(loss).__name__}.")
        tensors = _collect(loss)
        known = {id(tensor): name for name, tensor in (names or {}).items()}
        before = [tensor.name for tensor in tensors]
        for number, tensor in enumerate(tensors):
            fallback = (
                "loss"
                if tensor is loss
                else f"w{number}"
                if not tensor.parents and tensor.requires_grad
                else tensor.name
            )
            tensor.name = known.get(id(tensor), tensor.name or fallback)
        try:
            graph = _frozen(_graph(loss, {}, []))
        finally:
            for tensor, name in zip(tensors, before, strict=True):
                tensor.name = name
        return cls(amount=amount, graph=graph, expression="", values=())

    # Moves

    @property
    def order(self) -> list[int]:
        """The nodes that have a slope, in the order in which the blame reaches them."""
        return [n for n in range(len(self.graph.nodes) - 1, -1, -1) if self.graph.slopes[n] is not None]

    def choose(self, name: str | int) -> Self:
        """Select a node by name or number; the blame walks as far as that node."""
        if isinstance(name, str):
            found = [n for n, node in enumerate(self.graph.nodes) if name in (node.name, node.variable)]
            if not found:
                names = [node.name for node in self.graph.nodes if node.name]
                raise ArgumentError(f"Blame: there is no node {name!r}. Named are {joined(names)}.")
            name = found[-1]
        reached = self.order.index(name) + 1 if name in self.order else 0
        return self.replace(selected=name, revealed=max(self.revealed, reached))

    def can_step(self) -> bool:
        """Whether the blame has not arrived everywhere."""
        return self.revealed < len(self.order)

    def step(self) -> Self:
        """The blame arrives at the next node."""
        if not self.can_step():
            return self
        return self.replace(selected=self.order[self.revealed], revealed=self.revealed + 1)

    @action("Nudge it")
    def nudge(self) -> Self:
        """Change the selected node as it promised to, and compute everything again."""
        changed = self.selected >= 0 and self.graph.moves(self.selected)
        if (
            not changed
            or self.selected in self.nudged
            or not self.graph.replays
            or self.selected == len(self.graph.nodes) - 1
        ):
            return self
        return self.replace(nudged=(*self.nudged, self.selected))

    @action("Nudge all weights")
    def nudge_all(self) -> Self:
        """Change every weight, each by its full promise."""
        if not self.graph.replays:
            return self
        weights = tuple(n for n, node in enumerate(self.graph.nodes) if node.kind == "weight" and self.graph.moves(n))
        return self.replace(nudged=weights, revealed=len(self.order)) if weights else self

    @action("Take nudges back")
    def restore(self) -> Self:
        """All values as they were."""
        return self.replace(nudged=()) if self.nudged else self

    def pointer(self, event: Pointer) -> Self:
        if event.kind != "down" or event.axes not in ("wide", "narrow"):
            return self
        best, distance = -1, 0.5
        for number, (x, y) in _places(self.graph, event.axes).items():
            away = float(np.hypot(x - event.x, (y - event.y)))
            if away < distance:
                best, distance = number, away
        return self.choose(best) if best >= 0 else self

    def key(self, key: str) -> Self:
        shown = [n for n, node in enumerate(self.graph.nodes) if node.kind != "constant"]
        if key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"):
            by = -1 if key in ("ArrowLeft", "ArrowUp") else 1
            start = shown.index(self.selected) if self.selected in shown else (0 if by < 0 else -1)
            return self.choose(shown[(start + by) % len(shown)])
        if key in ("Enter", "n"):
            return self.nudge()
        return self.restore() if key in ("Delete", "Backspace") else self

    # Numbers

    def compute(self) -> BlameResult:
        graph = self.graph
        slopes = [graph.slope(n) if graph.moves(n) else None for n in range(len(graph.nodes))]
        with np.errstate(over="ignore"):
            changes = tuple(None if slope is None else -self.amount / slope for slope in slopes)
        before = tuple(np.array(node.tensor.data) for node in graph.nodes)
        offsets = {n: change for n in self.nudged if (change := changes[n]) is not None}
        after = tuple(graph.forward(offsets)) if offsets else before
        real = float(after[-1].reshape(())) - float(before[-1].reshape(()))
        return BlameResult(graph, before, after, changes, -self.amount * len(offsets), real)

    # Words

    def describe(self, result: BlameResult) -> str:
        return " ".join(part for part in (self._who(result), self._kept(result)) if part)

    def _name(self, number: int) -> str:
        node = self.graph.nodes[number]
        if number == len(self.graph.nodes) - 1:
            return "the loss"
        name = _pretty(node.name) or f"the node “{node.label}”"
        entry = self.graph.entry(number)
        return f"{name}[{', '.join(map(str, entry))}]" if entry else name

    def _who(self, result: BlameResult) -> str:
        graph, number = result.graph, self.selected
        loss, amount = float(result.before[-1].reshape(())), _number(self.amount)
        if number < 0:
            return (
                f"The loss is {_three(loss)}. For the loss to go down by {amount}, who must move, and by how much? "
                "Step sends the blame back, one node at a time; or choose a node."
            )
        if number == len(graph.nodes) - 1:
            return f"The blame starts here: for the loss to go down by {amount}, it must go down by {amount}. Its slope for itself is 1."
        name, node, slope = self._name(number), graph.nodes[number], graph.slope(number)
        if slope is None:
            return (
                f"{name} is data, not a weight: it came with the example, and nobody may change it. "
                "Blame is not even computed for it."
            )
        if slope == 0:
            return f"{name} has slope 0: however little it moves, up or down, the loss stays {_three(loss)}. It gets no blame, and learns nothing here."
        if not np.isfinite(slope):
            return f"{name} has no finite slope here: how far it must move for the loss to go down by {amount}, no slope can say."
        change = result.changes[number]
        assert change is not None
        path = [n for n in graph.through(number)[-2:] if result.changes[n] is not None]
        sentences, previous = [], f"For the loss to go down by {amount}"
        for gate in [*path, number]:
            sentences.append(f"{previous}, {_must(self._name(gate), result.changes[gate] or 0.0)}.")
            previous = _by(self._name(gate), result.changes[gate] or 0.0)
        tail = f"(Its slope is {_three(slope)}.)"
        many = node.tensor.size
        if many > 1:
            tail = f"It is the one of {many} entries with the largest slope, {_three(slope)}."
        return " ".join([*sentences, tail])

    def _kept(self, result: BlameResult) -> str:
        if not self.graph.replays and self.selected >= 0:
            return "An operation here has settings that the graph does not keep, so this promise cannot be tested by a nudge."
        if not self.nudged:
            return ""
        went = "down" if result.real <= 0 else "up"
        real = f"The loss went {went} by {_three(abs(result.real))}, to {_three(float(result.after[-1].reshape(())))}."
        if not np.isfinite(result.real):
            real = "The loss is no number any more."
        if len(self.nudged) == 1:
            return f"Nudged: {self._name(self.nudged[0])}. Promised: {_three(-result.promised)} less. {real}"
        return (
            f"Nudged: {len(self.nudged)} nodes, each by its full promise of {_number(self.amount)}, "
            f"{_three(-result.promised)} together. {real}"
        )

    # Code

    def code(self) -> str:
        graph = self.graph
        if not graph.lines:
            return (
                "# loss is your own tensor\nloss.backward(keep_inner=True)      # .grad of every node: its slope\n"
                f"amount = {self.amount!r}\nfor tensor in loss.parents:\n    if tensor.grad is not None:\n"
                "        print(tensor.op or tensor.name, -amount / tensor.grad)   # what it must do, alone"
            )
        lines = ["import numpy as np", "import dlcourse as dl", "", "def forward(**nudge):"]
        lines += [f"    {line}" for line in graph.lines] + ["    return locals()", ""]
        lines += [
            "graph = forward()",
            f"loss = graph[{graph.nodes[-1].variable!r}]",
            "loss.backward(keep_inner=True)",
            f"amount = {self.amount!r}",
        ]
        if self.selected >= 0 and graph.moves(self.selected):
            lines.append(f"change = -amount / graph[{graph.nodes[self.selected].variable!r}].grad")
        if self.nudged:
            moved = ", ".join(
                f"{v}=-amount / graph[{v!r}].grad" for v in (graph.nodes[n].variable for n in self.nudged)
            )
            lines.append(f"after = forward({moved})[{graph.nodes[-1].variable!r}]")
        return "\n".join(lines) + "\n"

    def code_results(self, result: BlameResult) -> dict[str, Any]:
        found: dict[str, Any] = {"loss": result.before[-1]}
        if self.selected >= 0 and result.graph.moves(self.selected):
            found["change"] = result.changes[self.selected]
        if self.nudged:
            found["after"] = result.after[-1]
        return found

    # Picture

    def background(self) -> Hashable:
        return id(self.graph)

    def draw(self, figure: Figure) -> Artists:
        width, height = figure.get_size_inches()
        kind = "narrow" if width < 5.6 else "wide"
        axes = figure.add_axes((0, 0, 1, 1), label=kind)
        axes.set(xlim=(0, _EXTENT[kind][0]), ylim=(0, _EXTENT[kind][1]))
        axes.axis("off")
        places = _places(self.graph, kind)
        for number, node in enumerate(self.graph.nodes):
            for parent in node.parents:
                if parent in places and number in places:
                    (xa, ya), (xb, yb) = places[parent], places[number]
                    axes.plot([xa, xb], [ya, yb], color=style.faint(), lw=1.0, alpha=0.6, zorder=1)
        artists: Artists = {"value": [], "blame": [], "ring": []}
        for number, (x, y) in places.items():
            node = self.graph.nodes[number]
            edge = {"weight": style.colour("ORANGE"), "data": style.faint()}.get(node.kind, style.colour("BLUE"))
            axes.plot([x], [y], "o", ms=29, mfc=style.paper(), mec=edge, mew=1.6, ls="", zorder=2)
            big = style.colour("VERMILLION") if number == len(self.graph.nodes) - 1 else style.ink()
            axes.text(x, y + 0.25, node.label, ha="center", va="bottom", fontsize=9, color=big, zorder=5,
                      bbox={"facecolor": style.paper(), "edgecolor": "none", "pad": 0.3, "alpha": 0.85})  # fmt: skip
            artists["value"].append(axes.text(x, y, "", ha="center", va="center", fontsize=7.5, zorder=6))
            artists["blame"].append(axes.text(x, y - 0.245, "", ha="center", va="top", fontsize=8.5, zorder=6, fontweight="bold",
                                              bbox={"facecolor": style.paper(), "edgecolor": "none", "pad": 0.4, "alpha": 0.85}))  # fmt: skip
            artists["ring"] += axes.plot([x], [y], "o", ms=35, mfc="none", mec=style.ink(), mew=1.6, ls="", zorder=3)
        artists["wish"] = axes.text(0.15, 0.44, "", fontsize=9.5, va="center")
        artists["promise"] = axes.text(0.15, 0.17, "", fontsize=9.5, va="center")
        return artists

    def paint(self, artists: Artists, result: BlameResult) -> None:
        graph, reached = result.graph, set(self.order[: self.revealed])
        shown = [n for n, node in enumerate(graph.nodes) if node.kind != "constant"]
        for number, value, blame, ring in zip(shown, artists["value"], artists["blame"], artists["ring"], strict=True):
            moved = not np.array_equal(result.after[number], result.before[number])
            value.set_text(_inside(result.after[number]))
            value.set_color(style.colour("GREEN") if moved else style.ink())
            value.set_fontweight("bold" if moved else "normal")
            change = result.changes[number]
            text = ""
            if number in reached:
                text = "0" if change is None else f"{'▲' if change > 0 else '▼'} {_number(abs(change))}"
            blame.set_text(text)
            colour = (
                style.faint() if change is None else style.colour("BLUE") if change > 0 else style.colour("VERMILLION")
            )
            blame.set_color(colour)
            ring.set_visible(number == self.selected)
        artists["wish"].set_text(
            f"The loss, {_three(float(result.before[-1].reshape(())))}, must go down by {_number(self.amount)}."
        )
        real = ""
        if self.nudged:
            real = f"Promised {_three(result.promised)},  real {_three(result.real)}."
        artists["promise"].set_text(real)
        artists["promise"].set_color(style.colour("GREEN"))


_EXTENT = {"wide": (7.2, 3.9), "narrow": (3.6, 6.6)}


def _places(graph: Graph, kind: str) -> dict[int, tuple[float, float]]:
    """Where each node is drawn, in inches: forwards is to the right, in a narrow cell downwards."""
    width, height = _EXTENT[kind]
    found = {}
    for number, node in enumerate(graph.nodes):
        if node.kind == "constant":
            continue
        along, across = node.place
        if kind == "wide":
            found[number] = (0.4 + along * (width - 0.85), 1.0 + across * (height - 1.55))
        else:
            found[number] = (0.35 + (1 - across) * (width - 0.7), height - 0.5 - along * (height - 1.6))
    return found


def _inside(value: np.ndarray) -> str:
    """What stands in a node: the number, or the shape."""
    return _three(float(value.reshape(()))) if value.size == 1 else "×".join(map(str, value.shape))


def _frozen(graph: Graph) -> Graph:
    """A copy that no longer follows the learner's arrays, which training will change."""
    nodes = []
    for node in graph.nodes:
        tensor = Tensor(np.array(node.tensor.data), name=node.name)
        tensor.op = node.tensor.op
        nodes.append(Node(tensor, node.name, node.label, node.kind, node.parents, node.variable, node.place))
    return Graph(tuple(nodes), graph.slopes, graph.lines, graph.columns, graph.replays)
