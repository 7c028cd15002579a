"""Flat: parameters of one type in one array, so that a step of an optimizer is a few array operations.

After the optimizer is made, each parameter's `.data` is a view into that array.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import GradientError, ShapeError, brief
from dlcourse.tensor import Tensor

__all__ = ["Flat"]


class Flat:
    """Parameters of one type in one array, which a rule changes in place.

    Attributes
    ----------
    w, g, scratch : array, shape (total size,)
        Weights, their gradient, and room to compute in.
    state : list of array
        What the rule keeps from step to step.
    """

    def __init__(self, parameters: list[Tensor], arrays: int) -> None:
        self.parameters = parameters
        self.w = np.concatenate([p.data.reshape(-1) for p in parameters])
        self.g, self.scratch = np.zeros_like(self.w), np.zeros_like(self.w)
        self.state = [np.zeros_like(self.w) for _ in range(arrays)]
        self._bind()

    def _bind(self) -> None:
        """Make every parameter a view into the flat array."""
        self.pairs, start = [], 0
        for p in self.parameters:
            stop = start + p.data.size
            self.pairs.append((p, self.w[start:stop].reshape(p.shape), self.g[start:stop].reshape(p.shape)))
            p.data = self.pairs[-1][1]
            start = stop

    def __getstate__(self) -> dict[str, Any]:
        return {"parameters": self.parameters, "w": self.w, "state": self.state}

    def __setstate__(self, saved: dict[str, Any]) -> None:
        # A copy of a view is no view any more: bind the copied parameters again.
        self.parameters, self.w, self.state = saved["parameters"], saved["w"], saved["state"]
        self.g, self.scratch = np.zeros_like(self.w), np.zeros_like(self.w)
        for p, part in zip(self.parameters, self.split(self.w), strict=True):
            part[...] = p.data
        self._bind()

    def split(self, flat: Array) -> list[Array]:
        """Return the pieces of a flat array, one a parameter, in its shape."""
        bounds = np.cumsum([p.data.size for p in self.parameters])[:-1]
        return [piece.reshape(p.shape) for piece, p in zip(np.split(flat, bounds), self.parameters, strict=True)]

    def gather(self, owner: str) -> list[tuple[Array, Array]]:
        """Copy the gradients in. Returns frozen parameters with the values that they must keep."""
        frozen = []
        for p, _, _ in self.pairs:  # check everything first: nothing is half changed when an error is raised
            if p.grad is None:
                if p.requires_grad:
                    self._say_no_gradient(owner, p)
            elif not isinstance(p.grad, np.ndarray) or p.grad.shape != p.data.shape:
                found = f"has shape {p.grad.shape}" if isinstance(p.grad, np.ndarray) else f"is {brief(p.grad)}"
                raise ShapeError(
                    f"{owner}: parameter {p.name!r} has shape {p.shape}, but its gradient {found}. backward() leaves an array of "
                    "its own shape."
                )
        for p, w, g in self.pairs:
            if p.data is not w:
                self._take_over(owner, p, w)
            if p.requires_grad:
                g[...] = p.grad
                p._used = True
            else:
                g[...] = 0
                frozen.append((w, w.copy()))
        return frozen

    def _take_over(self, owner: str, p: Tensor, w: Array) -> None:
        """Somebody has given the parameter another array: copy its values, keep our place."""
        if p.data.shape != w.shape or p.data.dtype != w.dtype:
            raise ShapeError(
                f"{owner}: parameter {p.name!r} had shape {w.shape} and type {w.dtype} when the optimizer was made, and has "
                f"{p.data.shape} and {p.data.dtype} now. Make the optimizer again after changing the model."
            )
        w[...] = p.data
        p.data = w

    def _say_no_gradient(self, owner: str, p: Tensor) -> None:
        if all(q.grad is None for q in self.parameters):
            raise GradientError(
                f"{owner}: no parameter has a gradient yet. Call loss.backward() before step(), and zero_grad() before both. "
                "If you did: was a layer replaced after the optimizer was made? Then make the optimizer again."
            )
        raise GradientError(
            f"{owner}: parameter {p.name!r} of shape {p.shape} has no gradient: the loss does not depend on it. Was its layer "
            "replaced or left out after the optimizer was made? Make the optimizer again from model.parameters(). "
            "To keep a parameter fixed on purpose, set its requires_grad to False."
        )
