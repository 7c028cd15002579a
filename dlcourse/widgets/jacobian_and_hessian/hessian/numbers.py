"""Second derivatives of one output with respect to all weights of a layer, and their eigenvalues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calculus import Link, hessian, links
from dlcourse.tensor import Tensor
from dlcourse.widgets.chain.numbers import Edits, Own, built

__all__ = ["HessianResult", "curved"]

NOTHING = 1e-10
"""What is smaller than this is a rounding error, and is taken for 0."""


@dataclass(frozen=True)
class HessianResult:
    """The network, and how the slopes of one layer change.

    Attributes
    ----------
    hessian : array, shape (D, D)
        In the slides' order: all weights into neuron 1 first.
    curvatures : array, shape (D,)
        Its eigenvalues, the largest first.
    """

    chain: list[Link]
    hessian: Array
    curvatures: Array

    @property
    def bent(self) -> int:
        """Number of eigenvalues that are not 0."""
        return int(np.count_nonzero(self.curvatures))


@lru_cache(maxsize=8)
def curved(
    sizes: tuple[int, ...], activation: str, seed: int, own: Own | None, edits: Edits, example: tuple[float, ...],
    layer: int, output: int,
) -> HessianResult:  # fmt: skip
    """Second derivatives by the weights of one layer.

    W_ij acts through z_i alone, and ∂z_i/∂W_ij = a_j, so ∂²s/∂W_ij∂W_kl = ∂²s/∂z_i∂z_k · a_j a_l: a few second
    derivatives instead of one for each pair of weights.
    """
    chain = links(built(sizes, activation, seed, own, edits), np.array(example))
    link = chain[layer]
    full = np.kron(hessian(behind(chain, layer, output), link.z), np.outer(link.inputs, link.inputs))
    full = np.where(np.abs(full) < NOTHING, 0.0, full)
    curvatures = np.linalg.eigvalsh(full)[::-1]
    rounding = max(NOTHING, 1e-6 * float(np.abs(curvatures).max()))
    return HessianResult(chain, full, np.where(np.abs(curvatures) < rounding, 0.0, curvatures))


def behind(chain: list[Link], layer: int, output: int) -> Callable[[Tensor], Any]:
    """One output as a function of z, the sums that arrive in one layer."""

    def score(z: Any) -> Any:
        a = _passed(chain[layer], z)
        for link in chain[layer + 1 :]:
            a = _passed(link, a @ link.weight + link.bias)
        return a[output]

    return score


def _passed(link: Link, z: Any) -> Any:
    return z if link.activation is None else link.activation(z)
