"""One step of training in the Playground; its Code shows the very functions that stand here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.optimizers import Optimizer

__all__ = ["descend", "minibatch", "minimized"]

Loss = Callable[..., Any]
Generator = np.random.Generator


def minibatch(order: Array, n: int, size: int, rng: Generator) -> tuple[Array, Array]:
    if len(order) == 0 or order.max() >= n:
        order = rng.permutation(n)  # all are used once, in random order, before one is used again
    return order[:size], order[size:]


def minimized(model: dl.Sequential, loss: Loss, x: Array, truth: Array, l2: float) -> dl.Tensor:
    error = loss(model(x), truth)
    return error + dl.L2(l2)(model) if l2 else error


def descend(total: dl.Tensor, model: dl.Sequential, optimizer: Optimizer, l1: float) -> None:
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    if l1:
        dl.L1(l1).shrink(model, optimizer.lr)  # every weight moves towards 0, and stops there
