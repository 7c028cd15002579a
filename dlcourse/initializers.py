"""Initializers: the distribution of the initial weights. Not all zeros.

Each takes a shape and a generator and returns an array: ``dl.Dense(64, 10, initializer=dl.he_normal, rng=rng)``. Those
with a setting of their own are made first: ``initializer=dl.initializers.normal(0.01)``.

Examples
--------
>>> import dlcourse as dl
>>> layer = dl.Dense(64, 10, initializer=normal(0.01), rng=np.random.default_rng(0))
>>> round(float(layer.weight.data.std()), 3)
0.01
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from dlcourse.arrays import Array, as_array
from dlcourse.calls import call_user_function, explained
from dlcourse.errors import ShapeError, WrongTypeError, brief, check_positive

__all__ = [
    "check_rng",
    "constant",
    "drawn",
    "fans",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "orthogonal",
    "truncated_normal",
    "uniform",
    "zeros",
]

# The standard deviation of a standard normal distribution that is cut off at ±2.
_CUT_DEVIATION = 0.8796256610342398


def check_rng(owner: str, rng: Any) -> np.random.Generator:
    """Return `rng` if it is a generator, and else say how to make one.

    Raises
    ------
    WrongTypeError
        If it is anything else, such as a seed.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> check_rng("Dense", rng) is rng
    True
    """
    if not isinstance(rng, np.random.Generator):
        raise WrongTypeError(
            f"{owner}: rng should be a generator, rng=np.random.default_rng(0), not {brief(rng)}. Same seed, same numbers."
        )
    return rng


def drawn(owner: str, initializer: Any, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Return what an initializer gives for this shape, as float32; `owner` is named in errors.

    Raises
    ------
    WrongTypeError
        If the initializer is not a function, or one that makes an initializer.
    ShapeError
        If it gives another shape.

    Examples
    --------
    >>> drawn("Dense", zeros, (1, 2), np.random.default_rng(0))
    array([[0., 0.]], dtype=float32)
    """
    if not callable(initializer) or isinstance(initializer, type):
        raise WrongTypeError(
            f"{owner}: initializer should be a function such as dl.he_normal, not {brief(initializer)}."
        )
    usage = "an initializer is called as initializer(shape, rng=rng)."
    makes_one = initializer in (constant, uniform, normal, truncated_normal)
    values = initializer if makes_one else call_user_function(owner, usage, initializer, shape, rng=rng)
    if callable(values):
        raise WrongTypeError(
            f"{owner}: the initializer gives another function; call it first, such as dl.initializers.normal(0.05)."
        )
    values = as_array(values).astype(np.float32, copy=False)
    if values.shape != shape:
        raise ShapeError(
            f"{owner}: the initializer was asked for weights of shape {shape}, and gave an array of shape {values.shape}."
        )
    return values


@explained
def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many inputs feed one neuron, and how many neurons one input feeds.

    Parameters
    ----------
    shape : tuple of int
        (K, M) of a dense layer, or (KH, KW, C, F) of a convolution, whose window counts on both sides.

    Raises
    ------
    ShapeError
        If there are fewer than two axes, or one has size 0.

    Examples
    --------
    >>> fans((64, 10)), fans((3, 3, 1, 8))
    ((64, 10), (9, 72))
    """
    if not isinstance(shape, (tuple, list)) or len(shape) < 2:
        raise ShapeError(f"fans: weights have at least two axes, inputs and outputs; this shape is {shape}.")
    if 0 in shape:
        raise ShapeError(f"fans: this shape, {tuple(shape)}, has an axis of size 0, so there are no weights to draw.")
    *window, inputs, outputs = (int(size) for size in shape)  # sizes that NumPy counted may be bytes, and wrap around
    field = math.prod(window)
    return field * inputs, field * outputs


@explained
def zeros(shape: tuple[int, ...], *, rng: Any = None) -> Array:
    """All zeros: right for a bias, wrong for weights (all neurons of a layer stay equal for ever).

    Parameters
    ----------
    shape : tuple of int
    rng : ignored
        Here because every initializer is called as initializer(shape, rng=rng).

    Examples
    --------
    >>> zeros((2, 2))
    array([[0., 0.],
           [0., 0.]], dtype=float32)
    """
    return np.zeros(shape, np.float32)


@explained
def constant(value: float) -> Callable[..., Array]:
    """Return an initializer that fills with one value.

    Examples
    --------
    >>> constant(0.5)((3,))
    array([0.5, 0.5, 0.5], dtype=float32)
    """
    return partial(_filled, value)


def _filled(value: float, shape: tuple[int, ...], *, rng: Any = None) -> Array:
    return np.full(shape, value, np.float32)


@explained
def uniform(limit: float = 0.05) -> Callable[..., Array]:
    """Return an initializer: uniform between ±limit, so the standard deviation is limit / √3.

    Raises
    ------
    ArgumentError
        If `limit` is not more than 0.

    Examples
    --------
    >>> w = uniform(0.1)((100, 100), rng=np.random.default_rng(0))
    >>> bool(np.abs(w).max() <= 0.1)
    True
    """
    return partial(_flat, check_positive("uniform", "limit", limit))


def _flat(limit: float, shape: tuple[int, ...], *, rng: np.random.Generator) -> Array:
    return check_rng("uniform", rng).uniform(-limit, limit, shape).astype(np.float32)


@explained
def normal(deviation: float = 0.05) -> Callable[..., Array]:
    """Return an initializer: normal with mean 0 and this standard deviation.

    Raises
    ------
    ArgumentError
        If `deviation` is not more than 0.

    Examples
    --------
    >>> w = normal(0.1)((100, 100), rng=np.random.default_rng(0))
    >>> round(float(w.std()), 2)
    0.1
    """
    return partial(_bell, check_positive("normal", "deviation", deviation))


def _bell(deviation: float, shape: tuple[int, ...], *, rng: np.random.Generator) -> Array:
    return check_rng("normal", rng).normal(0, deviation, shape).astype(np.float32)


@explained
def truncated_normal(deviation: float = 0.05) -> Callable[..., Array]:
    """Return an initializer: normal, but what falls beyond two standard deviations is drawn again.

    The cut leaves 0.88 times the deviation.

    Raises
    ------
    ArgumentError
        If `deviation` is not more than 0.

    Examples
    --------
    >>> w = truncated_normal(0.1)((100, 100), rng=np.random.default_rng(0))
    >>> bool(np.abs(w).max() <= 0.2), round(float(w.std()), 3)
    (True, 0.088)
    """
    return partial(_cut_bell, check_positive("truncated_normal", "deviation", deviation))


def _cut_bell(deviation: float, shape: tuple[int, ...], *, rng: np.random.Generator) -> Array:
    return _truncated(shape, deviation, check_rng("truncated_normal", rng))


@explained
def lecun_uniform(shape: tuple[int, ...], *, rng: np.random.Generator) -> Array:
    """Uniform between ±√(3 / fan in), variance 1 / fan in: for tanh, and for networks without activation.

    Parameters
    ----------
    shape : tuple of int
        (K, M) of a dense layer, or (KH, KW, C, F) of a convolution; the result has it, in float32.
    rng : numpy.random.Generator

    Raises
    ------
    ShapeError
        If the shape has fewer than two axes.
    WrongTypeError
        If `rng` is not a generator.

    References
    ----------
    LeCun, Bottou, Orr, Müller (1998), “Efficient BackProp”.

    Examples
    --------
    >>> w = lecun_uniform((100, 200), rng=np.random.default_rng(0))
    >>> round(float(w.std()), 2)  # √(1 / 100)
    0.1
    """
    return _uniform(shape, 1 / fans(shape)[0], check_rng("lecun_uniform", rng))


@explained
def lecun_normal(shape: tuple[int, ...], *, rng: np.random.Generator) -> Array:
    """Truncated normal with variance 1 / fan in: for tanh, and for networks without activation.

    Parameters
    ----------
    shape : tuple of int
        (K, M) of a dense layer, or (KH, KW, C, F) of a convolution; the result has it, in float32.
    rng : numpy.random.Generator

    Raises
    ------
    ShapeError
        If the shape has fewer than two axes.
    WrongTypeError
        If `rng` is not a generator.

    References
    ----------
    LeCun, Bottou, Orr, Müller (1998), “Efficient BackProp”.

    Examples
    --------
    >>> w = lecun_normal((100, 200), rng=np.random.default_rng(0))
    >>> round(float(w.std()), 2)  # √(1 / 100)
    0.1
    """
    return _normal(shape, 1 / fans(shape)[0], check_rng("lecun_normal", rng))


@explained
def glorot_uniform(shape: tuple[int, ...], *, rng: np.random.Generator) -> Array:
    """Uniform between ±√(6 / (fan in + fan out)), variance 2 / (fan in + fan out).

    Parameters
    ----------
    shape : tuple of int
        (K, M) of a dense layer, or (KH, KW, C, F) of a convolution; the result has it, in float32.
    rng : numpy.random.Generator

    Raises
    ------
    ShapeError
        If the shape has fewer than two axes.
    WrongTypeError
        If `rng` is not a generator.

    References
    ----------
    Glorot, Bengio (2010), “Understanding the difficulty of training deep feedforward neural networks”, equation 16.

    Examples
    --------
    >>> w = glorot_uniform((50, 150), rng=np.random.default_rng(0))
    >>> round(float(w.std()), 2)  # √(2 / (50 + 150))
    0.1
    """
    return _uniform(shape, 2 / sum(fans(shape)), check_rng("glorot_uniform", rng))


@explained
def glorot_normal(shape: tuple[int, ...], *, rng: np.random.Generator) -> Array:
    """Truncated normal with variance 2 / (fan in + fan out).

    Parameters
    ----------
    shape : tuple of int
        (K, M) of a dense layer, or (KH, KW, C, F) of a convolution; the result has it, in float32.
    rng : numpy.random.Generator

    Raises
    ------
    ShapeError
        If the shape has fewer than two axes.
    WrongTypeError
        If `rng` is not a generator.

    References
    ----------
    Glorot, Bengio (2010), “Understanding the difficulty of training deep feedforward neural networks”, equation 12.

    Examples
    --------
    >>> w = glorot_normal((50, 150), rng=np.random.default_rng(0))
    >>> round(float(w.std()), 2)  # √(2 / (50 + 150))
    0.1
    """
    return _normal(shape, 2 / sum(fans(shape)), check_rng("glorot_normal", rng))


@explained
def he_uniform(shape: tuple[int, ...], *, rng: np.random.Generator) -> Array:
    """Uniform between ±√(6 / fan in), variance 2 / fan in: ReLU passes half, so twice as much is sent.

    Parameters
    ----------
    shape : tuple of int
        (K, M) of a dense layer, or (KH, KW, C, F) of a convolution; the result has it, in float32.
    rng : numpy.random.Generator

    Raises
    ------
    ShapeError
        If the shape has fewer than two axes.
    WrongTypeError
        If `rng` is not a generator.

    References
    ----------
    He, Zhang, Ren, Sun (2015), “Delving Deep into Rectifiers”.

    Examples
    --------
    >>> w = he_uniform((200, 100), rng=np.random.default_rng(0))
    >>> round(float(w.std()), 2)  # √(2 / 200)
    0.1
    """
    return _uniform(shape, 2 / fans(shape)[0], check_rng("he_uniform", rng))


@explained
def he_normal(shape: tuple[int, ...], *, rng: np.random.Generator) -> Array:
    """Truncated normal with variance 2 / fan in: ReLU passes half, so twice as much is sent.

    Parameters
    ----------
    shape : tuple of int
        (K, M) of a dense layer, or (KH, KW, C, F) of a convolution; the result has it, in float32.
    rng : numpy.random.Generator

    Raises
    ------
    ShapeError
        If the shape has fewer than two axes.
    WrongTypeError
        If `rng` is not a generator.

    References
    ----------
    He, Zhang, Ren, Sun (2015), “Delving Deep into Rectifiers”, equation 10.

    Examples
    --------
    >>> w = he_normal((200, 100), rng=np.random.default_rng(0))
    >>> round(float(w.std()), 2)  # √(2 / 200)
    0.1
    """
    return _normal(shape, 2 / fans(shape)[0], check_rng("he_normal", rng))


@explained
def orthogonal(shape: tuple[int, ...], *, rng: np.random.Generator) -> Array:
    """Columns (or rows, if there are fewer) of length 1 at right angles: lengths pass unchanged through the layer.

    Parameters
    ----------
    shape : tuple of int
        (K, M) of a dense layer, or (KH, KW, C, F) of a convolution; the result has it, in float32.
    rng : numpy.random.Generator

    Raises
    ------
    ShapeError
        If the shape has fewer than two axes.
    WrongTypeError
        If `rng` is not a generator.

    References
    ----------
    Saxe, McClelland, Ganguli (2014), “Exact solutions to the nonlinear dynamics of learning in deep linear networks”.

    Examples
    --------
    >>> w = orthogonal((4, 3), rng=np.random.default_rng(0))
    >>> np.allclose(w.T @ w, np.eye(3), atol=1e-5)
    True
    """
    check_rng("orthogonal", rng)
    fans(shape)
    rows, columns = int(np.prod(shape[:-1])), shape[-1]
    q, r = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))  # else the decomposition's own signs would not be random
    return np.ascontiguousarray((q if rows >= columns else q.T).reshape(shape), np.float32)


def _uniform(shape: tuple[int, ...], variance: float, rng: np.random.Generator) -> Array:
    limit = float(np.sqrt(3 * variance))
    return rng.uniform(-limit, limit, shape).astype(np.float32)


def _normal(shape: tuple[int, ...], variance: float, rng: np.random.Generator) -> Array:
    return _truncated(shape, float(np.sqrt(variance)) / _CUT_DEVIATION, rng)


def _truncated(shape: tuple[int, ...], deviation: float, rng: np.random.Generator) -> Array:
    x = rng.normal(size=shape)
    while (beyond := np.abs(x) > 2).any():
        x[beyond] = rng.normal(size=int(beyond.sum()))
    return (x * deviation).astype(np.float32)
