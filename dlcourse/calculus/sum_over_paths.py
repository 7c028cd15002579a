"""Sum over paths: the derivative of one output by one weight, as the slides' derivation has it, path by path.

Backpropagation gives the same number and never looks at a single path. This file is for looking at them, and for
counting what it would cost to have no backpropagation.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple

import numpy as np

from dlcourse.arrays import Array, as_array, plain_array
from dlcourse.calculus.derivatives import jacobian
from dlcourse.calls import explained
from dlcourse.errors import ArgumentError, DataError, ShapeError, WrongTypeError, axes, brief, check_whole
from dlcourse.layers.dense import Dense, joins
from dlcourse.layers.module import Flatten, Sequential
from dlcourse.tensor import Tensor

__all__ = ["Link", "PathSum", "Work", "links", "paths", "work"]


class Link(NamedTuple):
    """A dense layer seen from one example, in float64.

    Attributes
    ----------
    weight : array, shape (K, M)
    bias : array, shape (M,)
    activation : callable or None
        What follows the layer, up to the next one.
    inputs : array, shape (K,)
        What comes in, a.
    z : array, shape (M,)
        inputs @ weight + bias.
    outputs, slopes : array, shape (M,)
        f(z) and f′(z).

    Examples
    --------
    One input, 2, and one neuron, tanh(0.5 · 2 − 1) = 0, where tanh has the slope 1:

    >>> one, zero = np.ones(1), np.zeros(1)
    >>> link = Link(weight=np.array([[0.5]]), bias=-one, activation=np.tanh, inputs=2 * one, z=zero, outputs=zero, slopes=one)
    >>> np.array_equal(link.activation(link.inputs @ link.weight + link.bias), link.outputs)
    True
    """

    weight: Array
    bias: Array
    activation: Callable[..., Any] | None
    inputs: Array
    z: Array
    outputs: Array
    slopes: Array


class PathSum(NamedTuple):
    """Every path from one weight to one output.

    Attributes
    ----------
    neurons : array of int, shape (P, D)
        The neuron that each path visits in each layer, from the one behind the weight to the output.
    factors : array, shape (P, 2 D)
        What each path multiplies: the input of the weight, f′ of its neuron, then a weight and an f′ for each layer on.

    Examples
    --------
    >>> two = PathSum(np.array([[0, 0], [0, 1]]), np.array([[2.0, 1.0, 3.0, 1.0], [2.0, 1.0, -1.0, 0.5]]))
    >>> two.products, two.total, two.delta
    (array([ 6., -1.]), 5.0, 2.5)
    """

    neurons: Array
    factors: Array

    @property
    def products(self) -> Array:
        """What each path contributes, shape (P,)."""
        return np.asarray(self.factors.prod(axis=1))

    @property
    def total(self) -> float:
        """The derivative of the output by the weight."""
        return float(self.products.sum())

    @property
    def delta(self) -> float:
        """δ of the neuron behind the weight, the derivative of the output by its z: the paths without their first factor."""
        return float(self.factors[:, 1:].prod(axis=1).sum())

    def __len__(self) -> int:
        return len(self.neurons)


class Work(NamedTuple):
    """How many multiplications a derivative costs.

    Attributes
    ----------
    paths : int
        From one weight of the first layer to one output.
    by_paths : int
        To multiply along each of these paths: one derivative.
    by_backward : int
        To send the blame back once: the derivatives with respect to all weights.

    Examples
    --------
    >>> cost = Work(paths=1_000_000_000, by_paths=20_000_000_000, by_backward=1_980)
    >>> cost.by_paths // cost.by_backward
    10101010
    """

    paths: int
    by_paths: int
    by_backward: int


@explained
def paths(model: Any, x: Any, *, weight: tuple[int, int, int], output: int = 0, most: int = 100_000) -> PathSum:
    """List every path from a weight to an output, ∂s/∂w = Σ over paths of Π of what the path meets, in float64.

    Parameters
    ----------
    model : Sequential
        Dense layers, each followed by any activations that act on each neuron alone.
    x : array_like, shape (K,)
        One example.
    weight : (layer, j, i)
        The weight from input j to neuron i of a dense layer, ``weight[j, i]`` of it; dense layers are counted from 0.
    output : int
        Which output, from 0.
    most : int
        Refuse to list more paths than this.

    Returns
    -------
    PathSum
        With no path at all, and the sum 0, for a weight of the last layer that leads to another output.

    Raises
    ------
    ArgumentError
        If there is no such weight or output, or there are too many paths.
    WrongTypeError, ShapeError, DataError
        See `links`.

    Notes
    -----
    Every path is counted by structure: one that meets a silent ReLU is listed, with the product 0.

    Examples
    --------
    >>> import dlcourse as dl
    >>> rng = np.random.default_rng(0)
    >>> model = dl.Sequential(dl.Dense(2, 3, rng=rng), dl.tanh, dl.Dense(3, 4, rng=rng), dl.tanh, dl.Dense(4, 1, rng=rng))
    >>> ways = paths(model, [1.0, 2.0], weight=(0, 1, 2))
    >>> len(ways), ways.neurons[0]
    (4, array([2, 0, 0]))
    """
    most = check_whole("paths", "most", most)
    chain = links(model, x)
    layer, j, i = _place(chain, weight)
    end = _within("output", output, len(chain[-1].bias))
    behind = chain[layer + 1 :]
    number = prod(len(link.bias) for link in behind[:-1])
    if number > most:
        raise ArgumentError(
            f"paths: {number:,} paths lead from this weight to the output, more than most={most:,}. "
            "backward() has the derivative without listing one."
        )
    neurons = np.array([[i]]) if behind or i == end else np.zeros((0, 1), int)
    factors = np.array([[chain[layer].inputs[j], chain[layer].slopes[i]]])[: len(neurons)]
    for link in behind:
        ends = np.array([end]) if link is chain[-1] else np.arange(len(link.bias))
        here = np.repeat(neurons[:, -1], len(ends))
        there = np.tile(ends, len(neurons))
        neurons = np.column_stack([np.repeat(neurons, len(ends), axis=0), there])
        met = link.weight[here, there], link.slopes[there]
        factors = np.column_stack([np.repeat(factors, len(ends), axis=0), *met])
    return PathSum(neurons, factors)


@explained
def links(model: Any, x: Any) -> list[Link]:
    """Send one example through a chain of dense layers, and keep what each of them saw, in float64.

    Parameters
    ----------
    model : Sequential
    x : array_like, shape (K,)

    Returns
    -------
    list of Link, one per dense layer

    Raises
    ------
    WrongTypeError
        If the model is not a Sequential of dense layers and activations of single neurons.
    ShapeError
        If x is not one example of shape (K,).
    DataError
        If x is not finite.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> layer = dl.Dense(1, 1, activation=dl.relu, initializer=dl.initializers.constant(3.0), rng=np.random.default_rng(0))
    >>> (link,) = links(layer, [2.0])
    >>> link.z, link.slopes
    (array([6.]), array([1.]))
    """
    as_array(x)  # raises an error unless these are numbers
    a = plain_array(x).astype(np.float64)  # with all digits that a list has
    chain: list[Link] = []
    for layer, functions in _parts(model):
        if a.shape != (layer.inputs,):
            raise ShapeError(
                f"paths: {layer.describe()} needs one example of shape (K,) = ({layer.inputs},), "
                f"this one has shape {axes(a.shape, 'K')}."
            )
        if not np.isfinite(a).all():
            raise DataError("paths: the example should be finite numbers; check it with np.isfinite.")
        weight = layer.weight.data.astype(np.float64)
        bias = np.zeros(layer.outputs) if layer.bias is None else layer.bias.data.astype(np.float64)
        z = a @ weight + bias
        outputs, slopes = _slopes(functions, z)
        chain.append(Link(weight, bias, _joined(functions), a, z, outputs, slopes))
        a = outputs
    return chain


@explained
def work(sizes: tuple[int, ...]) -> Work:
    """Count the multiplications for a network of these sizes: inputs, hidden layers, outputs.

    Parameters
    ----------
    sizes : tuple of int
        Such as (4, 3, 3, 1); the outputs have no activation.

    Raises
    ------
    ArgumentError
        If there are fewer than two sizes, or one is less than 1.

    Notes
    -----
    A path through d hidden layers has 2 d + 1 factors. Backpropagation multiplies twice by each weight, once to send
    blame through it and once to find its own share (the first layer needs the latter only), and once by each f′.

    Examples
    --------
    >>> work((4, 10, 10, 10, 10, 1))
    Work(paths=1000, by_paths=8000, by_backward=700)
    """
    if not isinstance(sizes, (tuple, list)) or len(sizes) < 2:
        raise ArgumentError(
            f"work: sizes should be inputs, hidden layers, outputs, such as (4, 3, 1), not {brief(sizes)}."
        )
    sizes = tuple(check_whole("work", "each size", size) for size in sizes)
    hidden = sizes[1:-1]
    weights = [here * there for here, there in zip(sizes, sizes[1:], strict=False)]
    number = prod(hidden[1:])
    return Work(number, number * 2 * len(hidden), sum(weights[1:]) + sum(hidden) + sum(weights))


def _parts(model: Any) -> list[tuple[Dense, list[Callable[..., Any]]]]:
    """The dense layers, each with the functions that follow it."""
    if isinstance(model, Dense):
        model = Sequential(model)
    if not isinstance(model, Sequential):
        raise WrongTypeError(f"paths: the model should be a Sequential of dense layers, not {brief(model)}.")
    parts: list[tuple[Dense, list[Callable[..., Any]]]] = []
    for layer in model:
        if isinstance(layer, Dense):
            parts.append((layer, [] if layer.activation is None else [layer.activation]))
        elif parts and not hasattr(layer, "parameters"):
            parts[-1][1].append(layer)
        elif not isinstance(layer, Flatten):
            raise WrongTypeError(f"paths: knows dense layers and the functions behind them, not {brief(layer)}.")
    if not parts:
        raise WrongTypeError("paths: the model has no dense layer, so there is no weight to start from.")
    return parts


def _joined(functions: list[Callable[..., Any]]) -> Callable[..., Any] | None:
    if len(functions) < 2:
        return functions[0] if functions else None

    def activation(z: Any) -> Any:
        for function in functions:
            z = function(z)
        return z

    return activation


def _slopes(functions: list[Callable[..., Any]], z: Array) -> tuple[Array, Array]:
    """f(z) and f′(z), each neuron by itself."""
    f = _joined(functions)
    if f is None:
        return z, np.ones_like(z)
    leaf = Tensor(z, requires_grad=True)
    y = f(leaf)
    if all(joins(function) for function in functions):  # these act on each neuron alone, so one pass gives every slope
        y.backward(np.ones_like(z))
        return y.data, np.zeros_like(z) if leaf.grad is None else leaf.grad
    matrix = jacobian(f, z)
    if matrix.shape != (len(z), len(z)) or np.any(matrix - np.diag(np.diag(matrix))):
        name = getattr(f, "__name__", repr(f))
        raise WrongTypeError(f"paths: {name} mixes the neurons of a layer; a path needs an f that acts on each alone.")
    return y.data, np.diag(matrix).copy()


def _within(name: str, value: object, size: int) -> int:
    number = check_whole("paths", name, value, least=0)
    if number >= size:
        raise ArgumentError(f"paths: {name} should be 0 to {size - 1}, not {number}.")
    return number


def _place(chain: list[Link], weight: Any) -> tuple[int, int, int]:
    try:
        layer, j, i = weight
    except (TypeError, ValueError):
        raise WrongTypeError(
            f"paths: weight should be (layer, j, i), such as (0, 2, 1), not {brief(weight)}."
        ) from None
    layer = _within("layer", layer, len(chain))
    inputs, outputs = chain[layer].weight.shape
    return layer, _within("j, the input", j, inputs), _within("i, the neuron", i, outputs)
