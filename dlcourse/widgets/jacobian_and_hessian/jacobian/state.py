"""The state of `JacobianMatrix`: a network, its input, how far the input is moved, and which row is looked at."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from dlcourse.live.widget import slider
from dlcourse.widgets.chain.state import ChainState
from dlcourse.widgets.jacobian_and_hessian.jacobian.numbers import JacobianResult, stretched

__all__ = ["JacobianState"]


@dataclass(frozen=True, eq=False)
class JacobianState(ChainState):
    """Fields, controls and numbers; `JacobianMatrix` adds picture, words and hand."""

    depth: int = slider(2, 1, 10, label="hidden layers")
    h: float = slider(0.1, 1e-9, 1.0, step=0.1, log=True, label="h, how far the input moves")
    output: int = slider(1, 1, 12, label="row: output")

    def compute(self) -> JacobianResult:
        return stretched(
            self.sizes, self.activation, self.seed, self.model, self.edits, tuple(map(float, self.example)), self.h
        )

    def background(self) -> Hashable:
        return self.hides, self.sizes[0], self.sizes[-1]
