"""The graph that a tensor remembers, as Blame shows it: its nodes, their slopes, their places, and their values when some are moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dlcourse.differentiable import OPERATIONS
from dlcourse.errors import ArgumentError, GradientError, ShapeError
from dlcourse.meanwhile import restored
from dlcourse.recording import no_grad
from dlcourse.tensor import Tensor

__all__ = ["MOST_NODES", "Graph", "Node", "collect", "frozen", "graph_of", "named_graph", "pretty"]

MOST_NODES = 40
_SYMBOLS = {
    "add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "power": "^", "negative": "−", "matmul": "@", "affine": "x@W+b",
    "squared_error": "error²", "absolute": "|·|", "maximum": "max", "minimum": "min",
}  # fmt: skip


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
    """Nodes in the order in which they were made, the loss last, with the slope of the loss for each that has one."""

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
        """The named nodes that every path from this one to the loss goes through, the nearest to the loss first."""
        gates = []
        for gate in range(len(self.nodes) - 2, node, -1):
            if not self.nodes[gate].name or self.nodes[gate].kind != "inner":
                continue
            if self.reaches(node, gate, None) and not self.reaches(node, len(self.nodes) - 1, gate):
                gates.append(gate)
        return gates

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


def collect(loss: Tensor) -> list[Tensor]:
    """All tensors of the graph, parents before children."""
    tensors: dict[int, Tensor] = {}
    waiting: list[tuple[Tensor, bool]] = [(loss, False)]
    while waiting:
        tensor, ready = waiting.pop()
        if ready:
            tensors[id(tensor)] = tensor
        elif id(tensor) not in tensors:
            waiting.append((tensor, True))
            waiting += [(parent, False) for parent in reversed(tensor.parents)]
            if len(tensors) > MOST_NODES:
                raise ArgumentError(
                    f"Blame: this graph has more than {MOST_NODES} nodes; nobody could read it. Take a part."
                )
    return list(tensors.values())


def graph_of(loss: Tensor, variables: Mapping[int, str], lines: list[str]) -> Graph:
    if loss.size != 1:
        raise ShapeError(
            f"Blame: the loss must be one number, this tensor has shape {loss.shape}. Average it: loss.mean()."
        )
    if not loss.requires_grad or not loss.parents:
        raise GradientError("Blame: nothing in this graph has requires_grad=True, so there is nobody to blame.")
    tensors = [one for one in collect(loss) if one.parents or one.size != 1 or one.name or one.requires_grad]
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
    before = [(one._grad, getattr(one, "_graded", 0)) for one in tensors]

    def slopes() -> list[np.ndarray | None]:
        for one in tensors:
            one._grad = None
        with np.errstate(all="ignore"):
            loss.backward(keep_inner=True)
        return [None if one._grad is None else np.array(one._grad) for one in tensors]

    def put_back() -> None:
        for one, (grad, since) in zip(tensors, before, strict=True):
            one._grad, one._graded = grad, since

    return restored(slopes, put_back)


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
    """Heights between 0 and 1: inputs in the order of use, everything else at the middle of its parents."""
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
        height.update(zip(ordered, spread([height[n] for n in ordered]), strict=True))
    return [1 - height.get(n, 0.0) for n in range(len(tensors))]


def spread(heights: list[float]) -> list[float]:
    """Heights in rising order, moved apart as little as the labels of two nodes need, within 0 to 1.

    >>> spread([0.5, 0.5])
    [0.29, 0.71]
    >>> spread([0.0, 0.9])
    [0.0, 0.9]
    """
    gap = min(0.42, 1 / max(len(heights) - 1, 1))
    apart = list(heights)
    for i in range(1, len(apart)):
        apart[i] = max(apart[i], apart[i - 1] + gap)
    shift = (sum(heights) - sum(apart)) / max(len(apart), 1)  # their middle stays
    apart = [min(max(one + shift, i * gap), 1 - (len(apart) - 1 - i) * gap) for i, one in enumerate(apart)]
    return [round(one, 6) for one in apart]


def _label(tensor: Tensor, constants: Mapping[int, Tensor]) -> str:
    if not tensor.parents:
        return pretty(tensor.name) or "data"
    symbol = _SYMBOLS.get(tensor.op, tensor.op)
    numbers = [f"{p.item():g}" for p in tensor.parents if id(p) in constants]
    if tensor.op == "power" and numbers:
        symbol = {"2": "( )²", "3": "( )³"}.get(numbers[-1], f"^{numbers[-1]}")
    elif numbers and tensor.op in ("add", "subtract", "multiply", "divide"):
        symbol = f"{numbers[0]} {symbol}" if id(tensor.parents[0]) in constants else f"{symbol} {numbers[0]}"
    return f"{pretty(tensor.name)} = {symbol}" if tensor.name else symbol


def pretty(name: str) -> str:
    """w1 -> w₁, but 0.weight stays."""
    stem = name.rstrip("0123456789")
    digits = name[len(stem) :]
    return stem + digits.translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")) if stem.isalpha() else name


def frozen(graph: Graph) -> Graph:
    """A copy that no longer follows the learner's arrays, which training will change."""
    nodes = []
    for node in graph.nodes:
        tensor = Tensor(np.array(node.tensor.data), name=node.name)
        tensor.op = node.tensor.op
        nodes.append(Node(tensor, node.name, node.label, node.kind, node.parents, node.variable, node.place))
    return Graph(tuple(nodes), graph.slopes, graph.lines, graph.columns, graph.replays)


def named_graph(loss: Tensor, names: Mapping[str, Tensor]) -> Graph:
    """The graph of a learner's own tensor as it is now; its tensors keep the names that they had."""
    tensors = collect(loss)
    known = {id(tensor): name for name, tensor in names.items()}
    before = [tensor.name for tensor in tensors]

    def with_names() -> Graph:
        for number, tensor in enumerate(tensors):
            fallback = f"w{number}" if not tensor.parents and tensor.requires_grad else tensor.name
            tensor.name = known.get(id(tensor), tensor.name or ("loss" if tensor is loss else fallback))
        return frozen(graph_of(loss, {}, []))

    def put_back() -> None:
        for tensor, name in zip(tensors, before, strict=True):
            tensor.name = name

    return restored(with_names, put_back)
