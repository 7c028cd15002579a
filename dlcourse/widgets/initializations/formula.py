"""What the formula foretells: the spread of each layer from that of the layer before, for layers of many neurons.

In a wide layer the sums z are spread like a normal distribution with variance s = K · v · q, for K inputs of mean square q
and weights of mean square v. Then the next mean square is the mean of f(z)², and a gradient that comes back is
multiplied by M · v times the mean of f′(z)².

References
----------
Poole, Lahiri, Raghu, Sohl-Dickstein, Ganguli (2016), “Exponential expressivity in deep neural networks through transient
chaos”; Schoenholz, Gilmer, Ganguli, Sohl-Dickstein (2017), “Deep Information Propagation”.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array

__all__ = ["ACTIVATIONS", "HALVES", "foretell", "squares"]

ACTIVATIONS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "ReLU": ("dl.relu", dl.relu),
    "leaky ReLU": ("dl.leaky_relu", dl.leaky_relu),
    "tanh": ("dl.tanh", dl.tanh),
    "sigmoid": ("dl.sigmoid", dl.sigmoid),
    "none": ("dl.identity", dl.identity),
}
HALVES = {"ReLU": 1 / 2, "leaky ReLU": (1 + 0.01**2) / 2, "none": 1.0}
"""The share of the mean square that passes, where it does not depend on the spread."""


def squares(activation: str, variance: float) -> tuple[float, float]:
    """The mean of f(z)² and of f′(z)², for normal z of mean 0 and this variance.

    Parameters
    ----------
    activation : str
        One of `ACTIVATIONS`.
    variance : float

    Examples
    --------
    >>> squares("ReLU", 4.0)
    (2.0, 0.5)
    """
    if activation in HALVES:
        return HALVES[activation] * variance, HALVES[activation]
    logs, outs, slopes = _table(activation)
    at = math.log10(max(variance, 1e-300))
    slope = float(np.interp(at, logs, slopes))
    if at < logs[0]:  # below the table f is its tangent at 0
        return _at_zero(activation) ** 2 + slope * variance, slope
    return float(np.interp(at, logs, outs)), slope


@lru_cache(maxsize=8)
def _at_zero(activation: str) -> float:
    return float(ACTIVATIONS[activation][1](0.0).item())


@lru_cache(maxsize=8)
def _table(activation: str) -> tuple[Array, Array, Array]:
    """log₁₀ of the variance, and both means, by summing over a fine grid of z."""
    logs = np.linspace(-6, 8, 281)
    unit = np.linspace(-8, 8, 2001)
    share = np.exp(-(unit**2) / 2)
    z = dl.Tensor(np.sqrt(10 ** logs[:, None]) * unit, requires_grad=True)
    value = ACTIVATIONS[activation][1](z)
    value.sum().backward()
    share /= share.sum()
    assert z.grad is not None
    return logs, (value.data**2) @ share, (z.grad**2) @ share


def foretell(
    activation: str, shapes: Sequence[tuple[int, int]], means: Sequence[float], first: float
) -> tuple[Array, Array]:
    """The spread of the signal in each hidden layer, and of its gradient compared with the last one's.

    Parameters
    ----------
    activation : str
    shapes : sequence of (K, M)
        Of the weights of the hidden layers.
    means : sequence of float
        Mean square of the weights of each.
    first : float
        Mean square of the inputs.

    Returns
    -------
    signal, gradient : array, shape (layers,)
    """
    signal, slopes, q = [], [], first
    for (k, _), v in zip(shapes, means, strict=True):
        q, slope = squares(activation, k * v * q)
        signal.append(q)
        slopes.append(slope)
    gradient = np.ones(len(shapes))
    for i in range(len(shapes) - 2, -1, -1):
        gradient[i] = gradient[i + 1] * shapes[i + 1][1] * means[i + 1] * slopes[i + 1]
    return np.sqrt(signal), np.sqrt(gradient)
