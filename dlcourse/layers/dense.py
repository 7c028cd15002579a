"""Dense: the fully connected layer, in which every input is connected to every neuron."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.activations import ZOO, hard_sigmoid, sigmoid
from dlcourse.errors import ShapeError, WrongTypeError, axes, brief, check_whole, counted
from dlcourse.initializers import check_rng, drawn, glorot_uniform
from dlcourse.layers.module import Module
from dlcourse.ops.elementwise import astype
from dlcourse.ops.matrix import affine
from dlcourse.origin import remember
from dlcourse.tensor import Parameter, Tensor, constant

__all__ = ["OWN", "Dense", "cast_input", "joins"]


def cast_input(x: Any, weight: Tensor) -> Tensor:
    """Return x as a tensor of the type of the parameters: a model computes in their type, whatever type comes in.

    The cast is part of the graph, so the gradient goes back to x in its own type.

    Examples
    --------
    >>> import numpy as np
    >>> weight = Parameter([[0.5]])
    >>> cast_input(np.array([[200]], np.uint8), weight).data
    array([[200.]], dtype=float32)
    """
    if not isinstance(x, Tensor):
        x = constant(x)
    kind = weight._data.dtype
    if x._data.dtype == kind:
        return x
    return astype(x, dtype=kind) if x.requires_grad else Tensor(x._data.astype(kind))


# The course's own activations, which are computed together with a layer, each with its name where it makes probabilities.
OWN = {id(f): f.__name__ if f in (sigmoid, hard_sigmoid) else "" for f in ZOO.values()}


def joins(activation: Any) -> bool:
    """Whether this is one of the course's own elementwise activations, which are computed together with the layer."""
    return id(activation) in OWN


class Dense(Module):
    """Fully connected layer, activation(x @ weight + bias), acting on the last axis: (..., K) -> (..., M).

    Parameters
    ----------
    inputs, outputs : int
        K and M.
    activation : callable, optional
        Such as `dl.relu`; your own function from tensor to tensor works too.
    bias : bool
        Whether a bias is added.
    initializer : callable
        (shape, rng) -> array, for the weights; the bias starts at 0.
    rng : numpy Generator
        Source of the random weights.

    Attributes
    ----------
    weight : Parameter, shape (K, M)
        The transpose of the W on many slides, so that a batch of rows comes first: x @ weight.
    bias : Parameter, shape (M,), or None

    Raises
    ------
    ShapeError
        If the input's last axis does not have K entries.
    WrongTypeError
        If the activation is not a function.

    Examples
    --------
    >>> import numpy as np
    >>> layer = Dense(3, 2, rng=np.random.default_rng(0))
    >>> layer(np.ones((4, 3), np.float32)).shape
    (4, 2)
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        activation: Callable[..., Any] | None = None,
        bias: bool = True,
        initializer: Callable[..., Any] = glorot_uniform,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.inputs = check_whole("Dense", "inputs", inputs)
        self.outputs = check_whole("Dense", "outputs", outputs)
        if activation is not None and not callable(activation):
            raise WrongTypeError(f"Dense: activation should be a function such as dl.relu, not {brief(activation)}.")
        rng = check_rng("Dense", rng)
        self.activation = activation
        self.weight = Parameter(drawn("Dense", initializer, (self.inputs, self.outputs), rng), name="weight")
        self.bias = Parameter(np.zeros(self.outputs, np.float32), name="bias") if bias else None

    def forward(self, x: Any) -> Tensor:
        """Return activation(x @ weight + bias), (..., K) -> (..., M), in the type of the parameters."""
        weight, bias, activation = self.weight, self.bias, self.activation
        if not isinstance(x, Tensor) or x._data.dtype is not weight._data.dtype:
            x = cast_input(x, weight)
        operands = (x, weight) if bias is None else (x, weight, bias)
        probable = OWN.get(id(activation))
        try:
            if probable is None and activation is not None:
                return activation(affine(*operands))
            result = affine(*operands, activation=activation)
        except ShapeError as error:
            raise self._explained(error, x) from None
        if probable:
            remember(result, probable, affine, *operands)
        return result

    def _explained(self, error: ShapeError, x: Tensor) -> ShapeError:
        """The error to raise instead: whether the input fits is asked only when the product has failed."""
        if x.shape[-1:] == (self.inputs,):
            return error
        if x.ndim == 0:
            return ShapeError(
                f"{self.describe()}: the input is a single number; a batch of rows is expected, shape (N, {self.inputs})."
            )
        letters = "NF" if x.ndim == 2 else "F" if x.ndim == 1 else ""
        if x.ndim > 2 and int(np.prod(x.shape[1:])) == self.inputs:
            advice = "Put a Flatten() before this layer."
        elif x.ndim > 1:
            advice = "Did a Flatten or a pooling change the size? model.summary() shows the shape after each layer."
        else:
            advice = "Is this one example without its batch axis, or one feature of many examples? x[None, :] adds the batch axis."
        return ShapeError(
            f"{self.describe()}: the input has {counted(x.shape[-1], 'feature')} in its last axis, shape {axes(x.shape, letters)}, "
            f"but the layer was made for {self.inputs}. {advice}"
        )

    def describe(self) -> str:
        """Name and sizes in one short line, for tables."""
        name = getattr(self.activation, "__name__", "") if self.activation is not None else ""
        return f"Dense({self.inputs} → {self.outputs}{', ' + name if name else ''})"
