"""What every node of a graph must do for the loss to go down, and what the loss does when some have moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dlcourse.widgets.backpropagation.graph import Graph

__all__ = ["BlameResult", "blame"]


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

    @property
    def loss(self) -> float:
        """The loss before anything moved."""
        return float(self.before[-1].reshape(()))

    @property
    def loss_after(self) -> float:
        """The loss after the nudges."""
        return float(self.after[-1].reshape(()))


def blame(graph: Graph, amount: float, nudged: tuple[int, ...]) -> BlameResult:
    """What each node must do alone for the loss to go down by the amount, and the values after some did.

    Parameters
    ----------
    graph : Graph
    amount : float
        How much the loss should go down.
    nudged : tuple of int
        The nodes that move, each by its full promise.
    """
    slopes = [graph.slope(n) if graph.moves(n) else None for n in range(len(graph.nodes))]
    with np.errstate(over="ignore"):
        changes = tuple(None if slope is None else -amount / slope for slope in slopes)
    before = tuple(np.array(node.tensor.data) for node in graph.nodes)
    offsets = {n: change for n in nudged if (change := changes[n]) is not None}
    after = tuple(graph.forward(offsets)) if offsets else before
    real = float(after[-1].reshape(())) - float(before[-1].reshape(()))
    return BlameResult(
        graph=graph, before=before, after=after, changes=changes, promised=-amount * len(offsets), real=real
    )
