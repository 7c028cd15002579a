"""The graph of one loss: what every operation computed, and what came back to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dlcourse.arrays import Array
from dlcourse.tensor import Tensor

__all__ = ["Node", "leaves", "nodes", "place_names"]


@dataclass(frozen=True)
class Node:
    """One operation of a graph, as numbers that need no memory of the arrays.

    Attributes
    ----------
    op, place : str
        The operation, and the parameters that go into it, such as "0.weight".
    size : float
        Root mean square of the result.
    pull : float
        Root mean square of its gradient.
    zero : array of bool, shape (F,)
        For each unit of the last axis, whether it is 0 for all examples.
    fixed : array of bool, shape (F,)
        For each unit, whether it is one and the same number for all examples.
    reach : (float, float)
        The smallest and the largest number in the result.
    """

    op: str
    place: str
    size: float
    pull: float
    zero: Array
    fixed: Array
    reach: tuple[float, float]
    feeds: Array | None


def ordered(loss: Tensor) -> list[Tensor]:
    """The results that a loss was computed from, the oldest first, the loss last."""
    known, waiting, results = {id(loss)}, [loss], []
    while waiting:
        tensor = waiting.pop()
        results.append(tensor)
        for parent in tensor.parents:
            if id(parent) not in known and parent.requires_grad and parent.parents:
                known.add(id(parent))
                waiting.append(parent)
    return sorted(results, key=lambda tensor: -tensor._born)


def leaves(loss: Tensor) -> list[Tensor]:
    """The tensors at the ends of a graph, those that ask for a gradient and the constants."""
    ends = {id(parent): parent for tensor in ordered(loss) for parent in tensor.parents if not parent.parents}
    return list(ends.values())


def place_names(named: dict[str, Tensor]) -> dict[int, str]:
    """For each parameter its name, by id."""
    return {id(p): name for name, p in named.items()}


def nodes(loss: Tensor, named: dict[str, Tensor]) -> list[Node]:
    """Each operation on whole batches, the first first. Gradients must have been kept with `backward(keep_inner=True)`."""
    names = place_names(named)
    return [_node(tensor, names) for tensor in ordered(loss) if tensor.ndim >= 2]


def _node(tensor: Tensor, names: dict[int, str]) -> Node:
    data = tensor.data
    rows = data.reshape(-1, data.shape[-1])
    grad = tensor.grad
    weights = [names[id(parent)] for parent in tensor.parents if id(parent) in names]
    matrices = any(id(parent) in names and parent.ndim > 1 for parent in tensor.parents)
    feeds = tensor.parents[0].data if matrices and id(tensor.parents[0]) not in names else None
    with np.errstate(all="ignore"):
        return Node(
            tensor.op,
            weights[0] if weights else "",
            float(np.sqrt(np.mean(np.square(data, dtype=np.float64)))),
            0.0 if grad is None else float(np.sqrt(np.mean(np.square(grad, dtype=np.float64)))),
            (rows == 0).all(axis=0),
            (rows == rows[:1]).all(axis=0),
            (float(data.min()), float(data.max())),
            feeds,
        )
