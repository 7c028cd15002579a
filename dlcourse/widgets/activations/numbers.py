"""What ActivationZoo shows, in numbers: curves and slopes of activations, and what a stack of layers leaves of a signal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError
from dlcourse.live.own_function import check_activation, need_slope

__all__ = ["CURVE", "DEEPEST", "WIDTH", "Curve", "ZooResult", "check", "curve", "deep", "digits", "through", "weights"]

Activation = Callable[[Any], Any]
WIDTH = 64
"""Neurons in each layer, as many as a digit has pixels."""
EXAMPLES = 32
DEEPEST = 50
CURVE = np.linspace(-1, 1, 401)
"""Where the curves are drawn, in shares of the axis."""


def digits() -> Array:
    x = dl.data.digits().x[:32].reshape(-1, 64).astype(float)
    return (x - x.mean()) / x.std()


def weights(layers: int) -> list[Array]:
    rng = np.random.default_rng(0)
    return [dl.orthogonal((64, 64), rng=rng).astype(float) for _ in range(layers)]


def through(function: Activation, x: Array, weights: list[Array]) -> tuple[Array, Array]:
    h = [dl.Tensor(x, requires_grad=True)]  # (32, 64)
    for weight in weights:
        h.append(function(dl.matmul(h[-1], weight)))
    arriving = np.random.default_rng(1).normal(size=x.shape)
    h[-1].backward(arriving, keep_inner=True)
    spread = np.array([np.sqrt(each.data.var(axis=0).mean()) for each in h])  # from digit to digit
    length = np.array([np.linalg.norm(np.asarray(each.grad)) for each in h])
    return spread / spread[0], length / length[-1]


@dataclass(frozen=True)
class Curve:
    """An activation and its derivative: where it is drawn, at the marked x, and through the layers."""

    x: Array
    f: Array
    slope: Array
    at: float
    """Its value at the marked x."""
    slope_at: float
    signal: Array
    """What is left after 0, 1 … layers going forward: shape (layers + 1,), 1 at layer 0."""
    gradient: Array
    """What is left after coming back to layer 0, 1 …: shape (layers + 1,), 1 at the last."""


@dataclass(frozen=True)
class ZooResult:
    """The chosen activations, and the shapes of all others."""

    chosen: tuple[Curve, ...]
    others: tuple[tuple[Array, Array], ...]
    """f and slope of the others, where they are shown."""


def curve(function: Activation, x: Array) -> tuple[Array, Array]:
    """f(x) and f′(x), the derivative by `backward`.

    Examples
    --------
    >>> f, slope = curve(dl.sigmoid, np.zeros(1))
    >>> float(f[0]), float(slope[0])
    (0.5, 0.25)
    """
    at = dl.Tensor(x, requires_grad=True)
    out = function(at)
    out.backward(np.ones(x.shape))
    return np.asarray(out.data, float), np.asarray(at.grad, float)


@lru_cache(maxsize=1)
def _stack() -> tuple[Array, list[Array]]:
    """The digits that go in, and the weights of all layers."""
    return digits(), weights(DEEPEST)


@lru_cache(maxsize=32)
def deep(function: Activation, layers: int, stretch: float) -> tuple[Array, Array]:
    """What `through` measures, for weights that make every vector `stretch` times as long."""
    x, orthogonal = _stack()
    with np.errstate(all="ignore"):  # a learner's own function may grow without bounds
        return through(function, x, [stretch * weight for weight in orthogonal[:layers]])


def check(function: Any) -> None:
    """Raise an error that says what is wrong with a learner's own activation.

    Raises
    ------
    WrongTypeError
        If it is no function, or cannot answer to many numbers at once.
    GradientError
        If no slope comes back through it.
    ShapeError
        If it does not act on each entry.
    DataError
        If it has no answer to some number between −4 and 4.
    """
    check_activation("ActivationZoo", function)
    need_slope("ActivationZoo", function)
    shape = np.shape(function(dl.Tensor(np.zeros((2, 3)))).data)
    if shape != (2, 3):
        raise ShapeError(f"ActivationZoo: your function turned shape (2, 3) into {shape}; f should act on each entry.")
    with np.errstate(all="ignore"):
        f, slope = curve(function, 4 * CURVE)
    if not (np.isfinite(f).all() and np.isfinite(slope).all()):
        raise DataError(
            "ActivationZoo: your function or its slope is NaN or infinite somewhere between −4 and 4. What comes into an "
            "activation may be any number, so it should have an answer to each."
        )
