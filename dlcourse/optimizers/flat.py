"""Flat: parameters of one type in one array, so that a step of an optimizer is a few array operations.

When the optimizer is made, each parameter's array becomes a piece of the flat array; nobody can tell. Where somebody can,
because `before = w.data` was taken, the parameter keeps its array, and is copied in before a step and out after it: what
`before` shows is the same, whether it was taken before the optimizer was made or after that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import ref

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import GradientError, ShapeError, brief
from dlcourse.tensor import Tensor, ages

__all__ = ["Flat"]

ndarray = np.ndarray


class Flat:
    """Parameters of one type in one array, which a rule changes in place.

    Attributes
    ----------
    w, g, scratch : array, shape (total size,)
        Weights, their gradient, and room to compute in. The weights lie in `place`, whatever a rule of one's own puts in `w`.
    rate : array, shape ()
        Room for the learning rate: NumPy takes longer to turn a number into an array than to multiply a small one by it.
    state : list of array
        What the rule keeps from step to step.
    pairs : list of (Tensor, array, array)
        Each parameter, with its piece of `w` and of `g` in its shape.
    """

    def __init__(self, parameters: list[Tensor], arrays: int) -> None:
        self.parameters = parameters
        size, kind = sum(p.size for p in parameters), parameters[0].dtype
        self.state = [np.zeros(size, kind) for _ in range(arrays)]
        self._lay_out()

    def _lay_out(self) -> None:
        size, kind = sum(p.size for p in self.parameters), self.parameters[0].dtype
        # An array upon such memory counts as its owner: what is cut out of it (`w.data[0]`) holds this very array.
        self._memory = bytearray(size * kind.itemsize)
        self.place = self.w = np.ndarray(size, kind, self._memory)
        self.g, self.scratch = np.zeros(size, kind), np.empty(size, kind)
        self.rate = np.empty((), kind)
        self.pairs = list(zip(self.parameters, self.split(self.w), self.split(self.g), strict=True))
        self._rows = [(p, w, g, w.shape) for p, w, g in self.pairs]
        self._lent: list[Callable[[], Array | None]] = [lambda: None] * len(self.parameters)
        self._outside: list[tuple[Tensor, Array]] = []  # parameters that keep an array of their own, and their pieces
        self._last = 1  # age of the numbers that the last step left; every tensor is younger than this
        for i in range(len(self.parameters)):
            self._move_in(i)

    def _move_in(self, i: int) -> None:
        """Copy a parameter into its piece of the flat array, and let that be its array if nobody else holds the one it has."""
        p, w, _ = self.pairs[i]
        w[...] = p._data
        start = sum(q.size for q in self.parameters[:i])
        lent: Array = np.ndarray(w.shape, w.dtype, self._memory, start * w.dtype.itemsize)
        known = ref(p._data)
        p._data = lent
        held = known()
        if held is None:
            self._lent[i] = ref(lent)
        else:
            p._data = held
            self._outside.append((p, w))

    def __getstate__(self) -> dict[str, Any]:
        return {"parameters": self.parameters, "state": self.state}

    def __setstate__(self, saved: dict[str, Any]) -> None:
        self.parameters, self.state = saved["parameters"], saved["state"]
        self._lay_out()

    def split(self, flat: Array) -> list[Array]:
        """Return the pieces of a flat array, one per parameter, in its shape."""
        bounds = np.cumsum([p.data.size for p in self.parameters])[:-1]
        return [piece.reshape(p.shape) for piece, p in zip(np.split(flat, bounds), self.parameters, strict=True)]

    def gather(self, owner: str, everyone: list[Tensor]) -> list[tuple[Array, Array]]:
        """Copy the gradients in, and the weights that lie elsewhere. Returns frozen pieces with the values that they must keep.

        No weight is another one afterwards, whether an error is raised or not.
        """
        if self._outside:
            self._look_again(owner)
        frozen, last = [], self._last
        for p, w, g, shape in self._rows:
            if p._born < last:  # its numbers are younger than the last step
                self._look_again(owner)
                return self.gather(owner, everyone)
            gradient = p._grad
            if p._requires_grad:
                if not isinstance(gradient, ndarray) or gradient.shape != shape:
                    raise _no_gradient(owner, p, everyone)
                g[...] = gradient
            else:
                g[...] = 0
                frozen.append((w, w.copy()))
        return frozen

    def _look_again(self, owner: str) -> None:
        """Bring in what was changed since the last step."""
        for p, w, _ in self.pairs:
            if p._data.shape != w.shape or p._data.dtype != w.dtype:
                raise ShapeError(
                    f"{owner}: parameter {p.name!r} had shape {w.shape} and type {w.dtype} when the optimizer was made, and has "
                    f"{p.shape} and {p.dtype} now. Make the optimizer again after changing the model."
                )
        self._outside = []
        elsewhere = [i for i, p in enumerate(self.parameters) if p._data is not self._lent[i]()]
        if any(self._lent[i]() is not None for i in elsewhere):  # another array, and somebody holds the one before
            self._lay_out()
        else:
            for i in elsewhere:
                self._move_in(i)
        self._last = next(ages)

    def scatter(self) -> None:
        """After a step: copy out the weights that lie elsewhere, and note that the numbers have changed."""
        for p, w in self._outside:
            p._data[...] = w
        self._last = now = next(ages)
        for p in self.parameters:
            if p._requires_grad:
                p._born = now


def _no_gradient(owner: str, p: Tensor, everyone: list[Tensor]) -> Exception:
    """The error for a gradient that is missing or no array of the parameter's shape."""
    if p._grad is not None:
        gradient = f"has shape {p._grad.shape}" if isinstance(p._grad, np.ndarray) else f"is {brief(p._grad)}"
        return ShapeError(
            f"{owner}: parameter {p.name!r} has shape {p.shape}, but its gradient {gradient}. backward() leaves an array of "
            "its own shape."
        )
    if all(q._grad is None for q in everyone):
        return GradientError(
            f"{owner}: no parameter has a gradient yet. Call loss.backward() before step(), and zero_grad() before both. "
            "If you did: was a layer replaced after the optimizer was made? Then make the optimizer again."
        )
    return GradientError(
        f"{owner}: parameter {p.name!r} of shape {p.shape} has no gradient: the loss does not depend on it. Was its layer "
        "replaced or left out after the optimizer was made? Make the optimizer again from model.parameters(). "
        "To keep a parameter fixed on purpose, set its requires_grad to False."
    )
