"""Initializers: the distribution of the initial weights. Not all zeros."""

from __future__ import annotations

import numpy as np

from dlcourse.errors import ShapeError
from dlcourse.tensor import Array

__all__ = ["fans", "glorot_uniform"]


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many inputs feed one neuron, and how many neurons one input feeds.

    Examples
    --------
    >>> fans((64, 10)), fans((3, 3, 1, 8))
    ((64, 10), (9, 72))
    """
    if len(shape) < 2:
        raise ShapeError(f"fans: weights have at least two axes, inputs and outputs; this shape is {shape}.")
    field = int(np.prod(shape[:-2]))
    return field * shape[-2], field * shape[-1]


def glorot_uniform(shape: tuple[int, ...], *, rng: np.random.Generator) -> Array:
    """Uniform between ±√(6 / (fan in + fan out)), variance 2 / (fan in + fan out).

    References
    ----------
    Glorot, Bengio (2010), “Understanding the difficulty of training deep feedforward neural networks”, equation 16.
    """
    fan_in, fan_out = fans(shape)
    limit = float(np.sqrt(6 / (fan_in + fan_out)))
    return rng.uniform(-limit, limit, shape).astype(np.float32)
