"""Watching a learner's own step: every `backward`, with the gradients that were there before, and every step of an optimizer."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

from dlcourse.calculus.breaking import where_it_begins
from dlcourse.errors import ForgottenZeroGrad
from dlcourse.meanwhile import restored
from dlcourse.optimizers.optimizer import Optimizer
from dlcourse.tensor import Tensor

__all__ = ["Slope", "Watched", "watched"]


class Slope(NamedTuple):
    """A gradient: its length, and a number by which the same one is known again."""

    length: float
    mark: int


@dataclass
class Watched:
    """What happened in a step.

    Attributes
    ----------
    losses : list of Tensor
        On which `backward` was called, with their graphs.
    values : list of float
        Their numbers.
    begins : str
        Where the first loss that is no number begins to be none.
    before, after : list of dict
        For each of these, the gradients that were there before and after it, by the id of their tensor.
    optimizers : list of Optimizer
        Whose `step` was called.
    moves : dict of int to float
        How far each tensor has moved, by its id.
    """

    losses: list[Tensor] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    begins: str = ""
    before: list[dict[int, Slope]] = field(default_factory=list)
    after: list[dict[int, Slope]] = field(default_factory=list)
    optimizers: list[Optimizer] = field(default_factory=list)
    moves: dict[int, float] = field(default_factory=dict)


def watched(run: Callable[[], Any], tensors: Iterable[Tensor], log: Watched, planted: Iterable[Tensor] = ()) -> None:
    """Call a function, and note what it does, until it ends or fails.

    After each `backward`, those that are `planted` get a gradient of ones where they have none.
    """
    tensors, planted, thread = list(tensors), list(planted), threading.get_ident()
    backward, step = Tensor.backward, Optimizer.step

    def gradients() -> dict[int, Slope]:
        return {
            id(p): Slope(float(np.linalg.norm(p._grad)), crc32(p._grad.tobytes()))
            for p in tensors
            if p._grad is not None
        }

    def noted_backward(self: Tensor, gradient: Any = None, *, keep_inner: bool = False) -> None:
        if threading.get_ident() != thread:
            return backward(self, gradient, keep_inner=keep_inner)
        log.before.append(gradients())
        log.losses.append(self)
        log.values.append(float(self._data) if self.size == 1 else float("nan"))
        if not np.isfinite(log.values[-1]) and self.size == 1 and not log.begins:
            log.begins = where_it_begins(self)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ForgottenZeroGrad)
            backward(self, gradient, keep_inner=keep_inner)
        log.after.append(gradients())
        for one in planted:
            if one._grad is None:
                one._grad = np.ones_like(one._data)
        return None

    def noted_step(self: Optimizer) -> None:
        if threading.get_ident() == thread:
            log.optimizers.append(self)
        step(self)

    def compute() -> None:
        setattr(Tensor, "backward", noted_backward)  # noqa: B010  # a method is put in the place of another
        setattr(Optimizer, "step", noted_step)  # noqa: B010
        run()

    def put_back() -> None:
        setattr(Tensor, "backward", backward)  # noqa: B010
        setattr(Optimizer, "step", step)  # noqa: B010

    restored(compute, put_back)
