"""The Jacobian of a network at one input, how far it stretches, and where the network's own answers lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calculus import jacobian
from dlcourse.widgets.chain.numbers import Edits, Own, built

__all__ = ["JacobianResult", "stretched"]


ROUNDING = 1e-12
"""A share of the half axis that is smaller than this is a rounding error, and is taken for 0."""


@dataclass(frozen=True)
class JacobianResult:
    """Every derivative of an output by an input, and what they say of small moves.

    Attributes
    ----------
    jacobian : array, shape (M, K)
    stretches : array, shape (2,), or (1,) for one output
        Eigenvalues of J Jᵀ, the largest first; of the first two rows, where there are more.
    ellipse : array, shape (49, 2)
        Where J takes moves of length 1, all around in the plane that it stretches most: the first two outputs.
    ends : array, shape (2, 2)
        Where on the ellipse its longer and its shorter half axis end, from (0, 0).
    images : array, shape (49, 2)
        Where the network takes moves of length h in the same directions, divided by h.
    """

    jacobian: Array
    stretches: Array
    ellipse: Array
    ends: Array
    images: Array

    @property
    def half_axes(self) -> Array:
        """Roots of the eigenvalues: the ellipse's longest and shortest way out from its middle."""
        return np.sqrt(np.maximum(self.stretches, 0.0))

    @property
    def left(self) -> float:
        """How far the network's own answers leave the ellipse of the Jacobian, relative to its longer half axis."""
        if not np.any(self.ellipse):
            return 0.0
        away = np.linalg.norm(self.images - self.ellipse, axis=1).max()
        share = float(away / np.linalg.norm(self.ellipse, axis=1).max())
        return share if share > ROUNDING else 0.0


@lru_cache(maxsize=8)
def stretched(
    sizes: tuple[int, ...],
    activation: str,
    seed: int,
    own: Own | None,
    edits: Edits,
    example: tuple[float, ...],
    h: float,
) -> JacobianResult:
    """J at x, the eigenvalues of J Jᵀ, and where moves of length h in the plane that stretches most take two outputs."""
    model, x = built(sizes, activation, seed, own, edits), np.array(example)
    full = jacobian(lambda leaf: model(leaf.reshape(1, -1))[0], x)
    rows = full[:2] if len(full) > 1 else np.vstack([full, np.zeros_like(full)])
    turn, lengths, directions = np.linalg.svd(rows)
    lengths = np.append(lengths, 0.0)[:2]
    t = np.linspace(0, 2 * np.pi, 49)
    second = directions[1] if len(directions) > 1 else np.zeros(len(x))
    moves = np.outer(np.cos(t), directions[0]) + np.outer(np.sin(t), second)  # (49, K), each of length 1
    answers = (model(x + h * moves).data - model(x[None]).data) / h
    images = answers[:, :2] if answers.shape[1] > 1 else np.column_stack([answers[:, 0], np.zeros(len(t))])
    stretches = np.linalg.eigvalsh(full[:2] @ full[:2].T)[::-1]
    return JacobianResult(full, stretches, ellipse=moves @ rows.T, ends=(turn * lengths).T, images=images)
