"""Copies of tensors, by `copy` and `deepcopy`, and their way to another process, by `pickle`.

A leaf is copied with its gradient, and goes its own way from then on. The copy of a result remembers that it was computed
from that result, so that a gradient goes back through both. What cannot travel is the memory of a result.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from dlcourse.arrays import Array
from dlcourse.errors import GradientError
from dlcourse.origin import Origin, move, origin_of
from dlcourse.recording import is_recording
from dlcourse.tensor import Tensor, ages

__all__: list[str] = []


def _copy(self: Tensor, memo: dict[int, Any] | None = None) -> Tensor:
    """Return a tensor with the same numbers in an array of its own."""
    other = Tensor.__new__(type(self))
    if memo is not None:
        memo[id(self)] = other
    if self.parents:
        _set(other, {"data": self._data.copy(), "name": self.name, "op": "identity", "own": {}})
        if is_recording():
            other._requires_grad, other.parents, other._vjps = True, (self,), (_pass_on,)
    else:
        _set(other, deepcopy(_get(self), memo))
    if origin_of(self) is not None:
        move(other, (self,), {}, operation="identity")
    return other


def _pass_on(g: Array) -> Array:
    return g


def _get(self: Tensor) -> dict[str, Any]:
    """What a leaf consists of; not its age, for each process counts ages for itself."""
    if self.parents:
        raise GradientError(
            f"pickle: this tensor is a result, from {self.op}, and its way back to the weights cannot be sent to another process "
            "or a file. Take y.detach(), the numbers alone."
        )
    return {
        "data": self._data,
        "grad": self._grad,
        "name": self.name,
        "op": self.op,
        "requires_grad": self.requires_grad,
        "used": self._grad is not None and self._born < self._graded,
        "origin": origin.operation if (origin := origin_of(self)) is not None else "",
        "own": _attributes(self),
    }


def _attributes(self: Tensor) -> dict[str, Any]:
    """What a subclass has besides, one that a learner wrote for instance."""
    kinds = type(self).__mro__[: type(self).__mro__.index(Tensor)]
    slots = [name for kind in kinds for name in vars(kind).get("__slots__", ())]
    return {name: getattr(self, name) for name in slots if hasattr(self, name)} | getattr(self, "__dict__", {})


def _set(self: Tensor, state: dict[str, Any]) -> None:
    self._data, self._grad = state["data"], None
    self.name, self.op = state["name"], state["op"]
    self._requires_grad, self.parents, self._vjps = state.get("requires_grad", False), (), ()
    self._born = next(ages)
    self.grad = state.get("grad")
    if state.get("used"):  # its numbers are younger than its gradient
        self._born = next(ages)
    if state.get("origin"):
        self._origin = Origin(state["origin"])
    for name, value in state["own"].items():
        setattr(self, name, value)


for _name, _method in {"__copy__": _copy, "__deepcopy__": _copy, "__getstate__": _get, "__setstate__": _set}.items():
    setattr(Tensor, _name, _method)
