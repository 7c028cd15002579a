"""Where probabilities come from, which a tensor remembers besides its parents.

A probability is not a score: a loss that applies softmax or sigmoid itself must not get one, and says so. And it has lost
digits that its logarithm needs, so `log` goes back to the logits. What only moves entries, such as an index, passes this
memory on, for the logarithm may be taken before as well as after. It works inside `no_grad` too, where there are no parents; there it keeps arrays instead of results, so that no
chain of them is held.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, NamedTuple

import numpy as np

from dlcourse.tensor import Tensor

__all__ = [
    "COMPLEMENT",
    "LOGARITHMS",
    "MOVED",
    "PASSED_ON",
    "PROBABILITIES",
    "Move",
    "Note",
    "Origin",
    "move",
    "origin_of",
    "pass_on",
    "remember",
]


class Move(NamedTuple):
    """How probabilities were moved.

    Attributes
    ----------
    operation : str
        Such as "index".
    inputs : tuple of Tensor
        The probabilities as they were before.
    settings : mapping
        Of the operation, such as the key of an index.
    depth : int
        How many such operations there were, one after the other.

    Examples
    --------
    >>> import dlcourse as dl
    >>> origin_of(dl.softmax([[1.0, 2.0]])[:, 0]).move.operation
    'index'
    """

    operation: str
    inputs: tuple[Tensor, ...]
    settings: Mapping[str, Any]
    depth: int


# How many moves are remembered, one after the other: what was moved is held as long, inside no_grad by nobody else.
MOST_MOVES = 4


class Origin(NamedTuple):
    """What made probabilities of logits.

    Attributes
    ----------
    operation : str
        "sigmoid", "softmax" or "hard_sigmoid".
    logits : tuple
        The logits, or, where an operation made logits and probabilities in one, that operation and its inputs. Empty once
        entries have been moved. Tensors, or arrays of results where nothing is recorded.
    settings : mapping
        Of the operation, such as the axis of a softmax.
    complement : bool
        Whether these are 1 − p.
    move : Move or None
        How they were moved since, if a logarithm can still go back.

    Examples
    --------
    >>> import dlcourse as dl
    >>> origin_of(dl.sigmoid([0.0])).operation, origin_of(dl.tanh([0.0]))
    ('sigmoid', None)
    """

    operation: str
    logits: tuple[Any, ...] = ()
    settings: Mapping[str, Any] = {}  # never changed
    complement: bool = False
    move: Move | None = None


class Note(NamedTuple):
    """What an operation notes on its result.

    Attributes
    ----------
    write : callable
        (result, inputs, settings) -> None
    place : int or None
        The input without an origin of which there is nothing to note; None if there always is something.

    Examples
    --------
    >>> PASSED_ON.place
    0
    """

    write: Callable[[Tensor, tuple[Any, ...], Mapping[str, Any]], None]
    place: int | None = None


def origin_of(x: Any) -> Origin | None:
    """Return the origin of probabilities, or None for anything else.

    Examples
    --------
    >>> import dlcourse as dl
    >>> origin_of(dl.softmax([[1.0, 2.0]])[:, 0]).operation
    'softmax'
    """
    return getattr(x, "_origin", None)


def remember(result: Tensor, operation: str, *logits: Any, settings: Mapping[str, Any] | None = None) -> None:
    """Note on `result` that `operation` made it of logits.

    Examples
    --------
    >>> import dlcourse as dl
    >>> z, p = dl.Tensor([0.0]), dl.Tensor([0.5])  # logits that are younger have changed since
    >>> remember(p, "sigmoid", z)
    >>> dl.log(p).op
    'log_sigmoid'
    """
    if not result.requires_grad:
        logits = tuple([x.data if isinstance(x, Tensor) and x.op else x for x in logits])
    result._origin = Origin(operation, logits, dict(settings or {}))


def pass_on(result: Tensor, inputs: tuple[Any, ...], settings: Mapping[str, Any] | None = None) -> None:
    """Note on `result` that it holds entries of `inputs`, if all tensors among these are probabilities.

    Examples
    --------
    >>> import dlcourse as dl
    >>> p, moved = dl.sigmoid([0.0, 1.0]), dl.Tensor([0.73, 0.5])
    >>> pass_on(moved, (p,))
    >>> origin_of(moved).operation
    'sigmoid'
    """
    origins = [origin_of(x) for x in inputs if isinstance(x, Tensor)]
    if origins[0] is not None and None not in origins:
        result._origin = Origin(origins[0].operation)


def move(result: Tensor, inputs: tuple[Any, ...], settings: Mapping[str, Any], operation: str = "") -> None:
    """Note on `result` that an operation, by default its own, moved entries of `inputs` as they are, if these are probabilities.

    Examples
    --------
    >>> import dlcourse as dl
    >>> dl.log(dl.sigmoid([-200.0, 1.0])[0]).item()  # that sigmoid is 0 in float32
    -200.0
    """
    pass_on(result, inputs)
    origins = [origin for origin in map(origin_of, inputs) if origin is not None and (origin.logits or origin.move)]
    if len(origins) < len(inputs):
        return
    depth = 1 + max(origin.move.depth if origin.move else 0 for origin in origins)
    if depth <= MOST_MOVES:
        result._origin = Origin(origins[0].operation, move=Move(operation or result.op, inputs, _kept(settings), depth))


def _kept(setting: Any) -> Any:
    """A copy that stays what it is when a learner fills the array of rows again."""
    if isinstance(setting, Mapping):
        return {name: _kept(value) for name, value in setting.items()}
    if isinstance(setting, tuple):
        return tuple([_kept(value) for value in setting])
    return copy(setting) if isinstance(setting, (np.ndarray, list)) else setting


def _complement(result: Tensor, inputs: tuple[Any, ...], settings: Mapping[str, Any]) -> None:
    """1 − p of a sigmoid is a probability as well."""
    origin = origin_of(inputs[1])
    if origin is not None and origin.operation != "softmax" and np.ndim(inputs[0]) == 0 and bool(inputs[0] == 1):
        result._origin = origin._replace(complement=not origin.complement)


def _probabilities(result: Tensor, inputs: tuple[Any, ...], settings: Mapping[str, Any]) -> None:
    remember(result, result.op, inputs[0], settings=settings)


LOGARITHMS: dict[str, Callable[..., Tensor]] = {}
"""For each operation that makes probabilities of logits, the one that makes their logarithms."""

PROBABILITIES = Note(_probabilities)
PASSED_ON = Note(pass_on, 0)
MOVED = Note(move, 0)
COMPLEMENT = Note(_complement, 1)
