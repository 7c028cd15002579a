"""Activations: a zoo of nonlinear functions, each with its derivative, its range, and where it saturates.

All act on each entry alone, except `softmax` and `log_softmax`, which act along an axis. All are finite for every finite
input, ±1000 and beyond included.

Examples
--------
>>> sorted(ZOO)[:3]
['ELU', 'GELU', 'ReLU']
>>> ZOO["ReLU"]([-1.0, 1.0]).data
array([0., 1.], dtype=float32)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.arrays import ONE, ZERO, Array
from dlcourse.differentiable import Result, differentiable
from dlcourse.errors import DataError
from dlcourse.ops.reduction import one_axis
from dlcourse.origin import LOGARITHMS, MOVED, PROBABILITIES
from dlcourse.tensor import Tensor

__all__ = [
    "ZOO",
    "elu",
    "gelu",
    "hard_sigmoid",
    "hard_tanh",
    "identity",
    "leaky_relu",
    "log_sigmoid",
    "log_softmax",
    "relu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
]


@differentiable(note=MOVED)
def identity(x: Array) -> Result:
    """f(x) = x: no activation at all. Range (−∞, ∞), derivative 1 everywhere.

    Examples
    --------
    >>> identity([-2.0, 3.0]).data
    array([-2.,  3.], dtype=float32)
    """
    x = np.asarray(x)

    def vjp(g: Array) -> Array:
        return g

    return x, (vjp,)


def stable_sigmoid(x: Array) -> Array:
    """1 / (1 + e⁻ˣ), accurate on both sides: far left, where e⁻ˣ overflows to ∞, it is 0.

    Examples
    --------
    >>> stable_sigmoid(np.array([-1000.0, -20.0, 0.0]))  # (1 + tanh(x/2)) / 2 would give 2.0611535e-09
    array([0.00000000e+00, 2.06115362e-09, 5.00000000e-01])
    """
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-x)))


@differentiable(method="sigmoid", note=PROBABILITIES)
def sigmoid(x: Array) -> Result:
    """f(x) = 1 / (1 + e⁻ˣ). Range (0, 1). Saturates on both sides: beyond |x| = 5 less than 1 % of a gradient passes.

    Notes
    -----
    f′ = f (1 − f), at most 1/4, at x = 0.

    Examples
    --------
    >>> sigmoid([0.0, 1000.0]).data
    array([0.5, 1. ], dtype=float32)
    """
    x = np.asarray(x)
    y = stable_sigmoid(x)

    def vjp(g: Array) -> Array:
        return g * (y * (ONE - y))

    return y, (vjp,)


@differentiable
def log_sigmoid(x: Array) -> Result:
    """log(1 / (1 + e⁻ˣ)) = min(x, 0) − log(1 + e^−|x|), the logarithm of a probability, from its logit. Range (−∞, 0).

    ``log(sigmoid(x))`` computes the same: `log` goes back to the logits. The derivative is sigmoid(−x).

    Examples
    --------
    >>> log_sigmoid([-1000.0, 1000.0]).data  # of the probabilities 0 and 1, to the last digit
    array([-1000.,     0.], dtype=float32)
    """

    def vjp(g: Array) -> Array:
        return g * stable_sigmoid(-x)

    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x))), (vjp,)


@differentiable(method="tanh")
def tanh(x: Array) -> Result:
    """f(x) = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ). Range (−1, 1). Saturates on both sides; f′ = 1 − f², 1 at x = 0.

    Examples
    --------
    >>> np.round(tanh([0.0, 1.0]).data, 4)
    array([0.    , 0.7616], dtype=float32)
    """
    y = np.tanh(x)

    def vjp(g: Array) -> Array:
        return g * (ONE - y * y)

    return y, (vjp,)


@differentiable
def hard_tanh(x: Array) -> Result:
    """f(x) = x held between −1 and 1. Range [−1, 1]. Derivative 1 inside, 0 outside: a saturated unit gets nothing.

    Examples
    --------
    >>> hard_tanh([-2.0, 0.5]).data
    array([-1. ,  0.5], dtype=float32)
    """
    x = np.asarray(x)
    y = np.clip(x, -1, 1)

    def vjp(g: Array) -> Array:
        return g * (y == x)

    return y, (vjp,)


@differentiable
def softsign(x: Array) -> Result:
    """f(x) = x / (1 + |x|). Range (−1, 1). Saturates slowly: f′ = 1 / (1 + |x|)².

    Examples
    --------
    >>> softsign([1.0, -3.0]).data
    array([ 0.5 , -0.75], dtype=float32)
    """
    x = np.asarray(x)
    bottom = 1 + np.abs(x)

    def vjp(g: Array) -> Array:
        return g / bottom / bottom  # the square of 1e30 would overflow

    return x / bottom, (vjp,)


@differentiable(method="relu")
def relu(x: Array) -> Result:
    """Rectified Linear Unit, f(x) = max(x, 0). Range [0, ∞). Dead below 0: the derivative there, and at 0, is 0.

    References
    ----------
    Nair, Hinton (2010), “Rectified Linear Units Improve Restricted Boltzmann Machines”.

    Examples
    --------
    >>> relu([-2.0, 3.0]).data
    array([0., 3.], dtype=float32)
    """
    x = np.asarray(x)
    # NumPy compares two arrays several times faster than an array with a number.
    y = np.maximum(x, np.zeros(x.shape, x.dtype))

    def vjp(g: Array) -> Array:
        return g * (y > ZERO)

    return y, (vjp,)


@differentiable
def leaky_relu(x: Array, *, slope: float = 0.01) -> Result:
    """f(x) = x for x > 0, slope · x otherwise. Never dead: a share `slope` of the gradient passes below 0.

    References
    ----------
    Maas, Hannun, Ng (2013), “Rectifier Nonlinearities Improve Neural Network Acoustic Models”.

    Examples
    --------
    >>> leaky_relu([-2.0, 3.0], slope=0.25).data
    array([-0.5,  3. ], dtype=float32)
    """
    x = np.asarray(x)
    steepness = np.where(x > 0, np.ones_like(x), np.asarray(slope, x.dtype))

    def vjp(g: Array) -> Array:
        return g * steepness

    return x * steepness, (vjp,)


@differentiable
def softplus(x: Array) -> Result:
    """f(x) = log(1 + eˣ), a smooth ReLU. Range (0, ∞); f′ is the sigmoid. Computed as max(x, 0) + log(1 + e^−|x|).

    References
    ----------
    Dugas, Bengio, Bélisle, Nadeau, Garcia (2001), “Incorporating Second-Order Functional Knowledge for Better Option
    Pricing”.

    Examples
    --------
    >>> np.round(softplus([0.0, 10.0]).data, 4)  # log 2, and almost x
    array([ 0.6931, 10.    ], dtype=float32)
    """
    x = np.asarray(x)

    def vjp(g: Array) -> Array:
        return g * stable_sigmoid(x)

    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), (vjp,)


@differentiable
def elu(x: Array, *, alpha: float = 1.0) -> Result:
    """Exponential Linear Unit, f(x) = x for x > 0, α (eˣ − 1) otherwise. Range (−α, ∞). Saturates on the left.

    Parameters
    ----------
    x : array, any shape
    alpha : float
        α, how far below 0 it goes.

    Notes
    -----
    f′ = 1 for x > 0, α eˣ otherwise.

    References
    ----------
    Clevert, Unterthiner, Hochreiter (2015), “Fast and Accurate Deep Network Learning by Exponential Linear Units”.

    Examples
    --------
    >>> np.round(elu([-1.0, 2.0]).data, 4)
    array([-0.6321,  2.    ], dtype=float32)
    """
    x = np.asarray(x)
    alpha = float(alpha)
    held = np.minimum(x, 0)

    def vjp(g: Array) -> Array:
        # α eˣ is also f + α, but far left that would be a difference of two equal numbers.
        return g * np.where(x > 0, np.ones_like(x), alpha * np.exp(held))

    return np.where(x > 0, x, alpha * np.expm1(held)), (vjp,)


@differentiable
def gelu(x: Array) -> Result:
    """Gaussian Error Linear Unit by its tanh formula, f(x) = x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))).

    Range about (−0.17, ∞), not monotone. Within 0.0005 of x·Φ(x), Φ the normal distribution function.

    Notes
    -----
    Computed as x σ(u), u = 2 √(2/π) (x + 0.044715 x³), which is the same: far left, 1 + tanh would be a difference of two
    equal numbers. By the product rule, f′ = σ(u) + x σ(u) (1 − σ(u)) · 2 √(2/π) (1 + 3 · 0.044715 x²).

    References
    ----------
    Hendrycks, Gimpel (2016), “Gaussian Error Linear Units”.

    Examples
    --------
    >>> np.round(gelu([-1.0, 1.0]).data, 4)
    array([-0.1588,  0.8412], dtype=float32)
    """
    x = np.asarray(x)
    scale = 2 * math.sqrt(2 / math.pi)
    # Beyond ±30 the sigmoid is 0 or 1 to the last digit; holding x there keeps the cube finite.
    held = np.clip(x, -30, 30)
    u = scale * (held + 0.044715 * (held * held * held))
    s = stable_sigmoid(u)

    def vjp(g: Array) -> Array:
        inner = scale * (1 + 3 * 0.044715 * held * held)
        return g * (s + held * s * stable_sigmoid(-u) * inner)  # σ(−u) is 1 − σ(u), with all its digits

    return x * s, (vjp,)


@differentiable
def silu(x: Array) -> Result:
    """Sigmoid Linear Unit (swish), f(x) = x · sigmoid(x). Range about (−0.28, ∞), not monotone. f′ = σ + x σ (1 − σ).

    References
    ----------
    Elfwing, Uchibe, Doya (2018), “Sigmoid-Weighted Linear Units for Neural Network Function Approximation in
    Reinforcement Learning”. Ramachandran, Zoph, Le (2017), “Searching for Activation Functions”.

    Examples
    --------
    >>> np.round(silu([-1.0, 1.0]).data, 4)
    array([-0.2689,  0.7311], dtype=float32)
    """
    x = np.asarray(x)
    s = stable_sigmoid(x)

    def vjp(g: Array) -> Array:
        return g * (s + x * (s * stable_sigmoid(-x)))  # σ(−x) is 1 − σ(x), with all its digits

    return x * s, (vjp,)


@differentiable(note=PROBABILITIES)
def hard_sigmoid(x: Array) -> Result:
    """f(x) = x/6 + 1/2, held between 0 and 1. Range [0, 1]. The derivative is 1/6 for |x| < 3 and 0 outside.

    References
    ----------
    Howard et al. (2019), “Searching for MobileNetV3”, section 5.2.

    Examples
    --------
    >>> hard_sigmoid([-4.0, 0.0, 4.0]).data
    array([0. , 0.5, 1. ], dtype=float32)
    """
    x = np.asarray(x)

    def vjp(g: Array) -> Array:
        return g * ((np.abs(x) < 3) / np.asarray(6, x.dtype))

    return np.clip(x / 6 + 0.5, 0, 1), (vjp,)


def _shifted(name: str, x: Any, axis: int) -> tuple[Array, int]:
    x = np.asarray(x)
    along = one_axis(name, axis, x.ndim)
    if x.shape[along] == 0:
        raise DataError(
            f"{name}: there is nothing to share the probability among; shape {x.shape} has no entries along axis {axis}."
        )
    # softmax(x) = softmax(x − c): with the largest entry as c, no exponential overflows. The difference may, to −∞.
    with np.errstate(over="ignore"):
        return x - x.max(axis=along, keepdims=True), along


@differentiable(method="softmax", note=PROBABILITIES)
def softmax(x: Array, *, axis: int = -1) -> Result:
    """Probabilities from scores, pᵢ = e^xᵢ / Σⱼ e^xⱼ along an axis: positive, and they sum to 1.

    Parameters
    ----------
    x : array, any shape
        Scores; the result has the same shape.
    axis : int
        The axis along which the probabilities sum to 1.

    Raises
    ------
    DataError
        If there is no score along the axis.
    ArgumentError
        If the axis does not exist.

    Notes
    -----
    Adding one number to all scores changes nothing, so the largest score is subtracted first and nothing overflows.
    ∂pᵢ/∂xⱼ = pᵢ (1 if i = j else 0 − pⱼ), hence the gradient p · (g − Σ g·p).

    Examples
    --------
    >>> softmax([1000.0, 1000.0]).data
    array([0.5, 0.5], dtype=float32)
    """
    shifted, along = _shifted("softmax", x, axis)
    e = np.exp(shifted)
    p = e / e.sum(axis=along, keepdims=True)

    def vjp(g: Array) -> Array:
        return p * (g - (g * p).sum(axis=along, keepdims=True))

    return p, (vjp,)


@differentiable
def log_softmax(x: Array, *, axis: int = -1) -> Result:
    """log pᵢ = xᵢ − log Σⱼ e^xⱼ along an axis, without the detour over p, which can be 0 where log p is −1000.

    Parameters
    ----------
    x : array, any shape
        Scores; the result has the same shape.
    axis : int
        The axis along which the probabilities sum to 1.

    Raises
    ------
    DataError
        If there is no score along the axis.
    ArgumentError
        If the axis does not exist.

    Notes
    -----
    The gradient is g − p · Σ g.

    Examples
    --------
    >>> log_softmax([0.0, 1000.0]).data  # the probabilities, to the last digit: 0 and 1
    array([-1000.,     0.], dtype=float32)
    """
    shifted, along = _shifted("log_softmax", x, axis)
    y = shifted - np.log(np.exp(shifted).sum(axis=along, keepdims=True))

    def vjp(g: Array) -> Array:
        return g - np.exp(y) * g.sum(axis=along, keepdims=True)

    return y, (vjp,)


LOGARITHMS.update(sigmoid=log_sigmoid, softmax=log_softmax)

ZOO: dict[str, Callable[..., Tensor]] = {
    "identity": identity,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "hard tanh": hard_tanh,
    "softsign": softsign,
    "ReLU": relu,
    "leaky ReLU": leaky_relu,
    "softplus": softplus,
    "ELU": elu,
    "GELU": gelu,
    "SiLU": silu,
    "hard sigmoid": hard_sigmoid,
}
