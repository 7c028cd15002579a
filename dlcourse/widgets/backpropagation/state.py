"""The state of `Blame`: a graph, how far the blame has travelled, and which nodes were nudged."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from dlcourse.errors import ArgumentError, DataError, WrongTypeError, joined
from dlcourse.live.widget import Widget, action, slider, state, toggle
from dlcourse.tensor import Tensor
from dlcourse.widgets.backpropagation.graph import Graph, graph_of, named_graph
from dlcourse.widgets.backpropagation.numbers import BlameResult, blame
from dlcourse.widgets.backpropagation.reader import Reader

__all__ = ["BlameState"]

NEURON = "p = tanh(w1*x1 + w2*x2 + b); loss = (t - p)**2"
VALUES = (("w1", 0.3), ("w2", 0.4), ("b", 0.0), ("x1", 0.56), ("x2", -0.42), ("t", 1.0))


@dataclass(frozen=True, eq=False)
class BlameState(Widget):
    """Fields, controls and numbers; `Blame` adds picture, words and hand."""

    amount: float = slider(0.1, 0.01, 1.0, step=0.01, label="loss down by")
    gradients: bool = toggle(False, label="write gradients")
    expression: str = state(NEURON)
    values: Any = state(VALUES)
    data: tuple[str, ...] | None = state(None)
    selected: int = state(-1)
    revealed: int = state(0)
    nudged: tuple[int, ...] = state(())
    graph: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.graph is None:
            object.__setattr__(self, "graph", read(self.expression, self.values, self.data))
        if not all(np.isfinite(node.tensor.data).all() for node in self.graph.nodes):
            raise DataError(
                "Blame: a value of this graph is not finite (a logarithm or root of a negative number, a division by zero?)."
            )

    @classmethod
    def of(cls, loss: Tensor, *, amount: float = 0.1, names: Mapping[str, Tensor] | None = None) -> Self:
        """The graph of a tensor of your own; nothing in it is changed, not even its gradients.

        Parameters
        ----------
        loss : Tensor, shape ()
            Computed from tensors with ``requires_grad=True``.
        amount : float
            How much it should go down.
        names : mapping of str to Tensor, optional
            Names for the picture, such as ``model.named_parameters()``.
        """
        if not isinstance(loss, Tensor):
            raise WrongTypeError(f"Blame.of: give the loss, a dl.Tensor, not {type(loss).__name__}.")
        return cls(amount=amount, graph=named_graph(loss, names or {}), expression="", values=())

    @property
    def order(self) -> list[int]:
        """The nodes that have a slope, in the order in which the blame reaches them."""
        return [n for n in range(len(self.graph.nodes) - 1, -1, -1) if self.graph.slopes[n] is not None]

    def choose(self, name: str | int) -> Self:
        """Select a node by name or number; the blame walks as far as that node."""
        if isinstance(name, str):
            numbers = [n for n, node in enumerate(self.graph.nodes) if name in (node.name, node.variable)]
            if not numbers:
                names = [node.name for node in self.graph.nodes if node.name]
                raise ArgumentError(f"Blame: there is no node {name!r}. Named are {joined(names)}.")
            name = numbers[-1]
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

    @property
    def can_nudge(self) -> bool:
        """Whether the selected node is one that moves the loss, and was not nudged yet."""
        number, loss = self.selected, len(self.graph.nodes) - 1
        moves = number >= 0 and number != loss and self.graph.moves(number)
        return moves and number not in self.nudged and self.graph.replays

    @property
    def movable(self) -> tuple[int, ...]:
        """The weights that move the loss."""
        nodes = enumerate(self.graph.nodes)
        return (
            tuple(n for n, node in nodes if node.kind == "weight" and self.graph.moves(n)) if self.graph.replays else ()
        )

    def idle_controls(self) -> list[str]:
        """Nudges that would move nothing; the sentence says why."""
        idle = {"nudge": not self.can_nudge, "nudge_all": not self.movable, "restore": not self.nudged}
        return [name for name, is_idle in idle.items() if is_idle]

    @action("Nudge it")
    def nudge(self) -> Self:
        """Change the selected node as it promised to, and compute everything again."""
        return self.replace(nudged=(*self.nudged, self.selected)) if self.can_nudge else self

    @action("Nudge all weights")
    def nudge_all(self) -> Self:
        """Change every weight, each by its full promise."""
        weights = self.movable
        return self.replace(nudged=weights, revealed=len(self.order)) if weights else self

    @action("Take nudges back")
    def restore(self) -> Self:
        """All values as they were at first."""
        return self.replace(nudged=()) if self.nudged else self

    def compute(self) -> BlameResult:
        return blame(self.graph, self.amount, self.nudged)

    def background(self) -> Hashable:
        return id(self.graph)


def read(expression: str, values: Any, data: tuple[str, ...] | None) -> Graph:
    """The graph of an expression, with a number for each of its names."""
    try:
        numbers = {str(name): float(value) for name, value in dict(values).items()}
    except (TypeError, ValueError):
        raise WrongTypeError(
            f"Blame: values should map names to numbers, as in {{'w': 1.0}}, not {values!r}."
        ) from None
    reader = Reader(numbers, data)
    loss = reader.read(expression)
    return graph_of(loss, reader.code, reader.lines)
