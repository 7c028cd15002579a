"""Vector-Jacobian products: how the functions that carry a gradient back are called, and how what they return comes to fit.

An operation has one such function per input, in a tuple, or a joint one for all of them, called as `joint(g, needs)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from dlcourse.arrays import Array, Holder
from dlcourse.calls import is_signature_error
from dlcourse.errors import GradientError, WrongTypeError, counted

__all__ = ["VJP", "JointVJP", "fitted", "in_their_types", "parts_of"]

VJP: TypeAlias = Callable[[Array], Any]
JointVJP: TypeAlias = Callable[[Array, tuple[bool, ...]], Sequence[Any]]


def parts_of(op: str, vjps: Any, needs: tuple[bool, ...], g: Array) -> Sequence[Any]:
    """What comes back to each input of an operation from the gradient of its result.

    Parameters
    ----------
    op : str
        Name of the operation, for errors.
    vjps : tuple of callable, or callable
        One function per input, or a joint one.
    needs : tuple of bool
        Which inputs need a gradient; the others get None.
    g : array
        Gradient of the result, in its shape.

    Raises
    ------
    GradientError
        If there are more or fewer derivatives than inputs.
    WrongTypeError
        If a joint derivative cannot be called as one.

    Examples
    --------
    >>> a, b = np.array(2.0), np.array(5.0)
    >>> parts_of("multiply", (lambda g: g * b, lambda g: g * a), (True, False), np.array(1.0))
    [np.float64(5.0), None]
    """
    parts: Any = []
    try:
        if callable(vjps):
            parts = vjps(g, needs)
        elif len(vjps) == len(needs):
            for vjp, needed in zip(vjps, needs):  # noqa: B905  # as long as each other
                parts.append(vjp(g) if needed and vjp is not None else None)
        else:
            parts = vjps
        if len(parts) == len(needs):
            return parts
    except TypeError as error:
        if not callable(vjps) or not is_signature_error(error):
            raise
        raise WrongTypeError(
            f"{op}: derivatives stand in a tuple, one per input; a single one for all inputs is called as "
            "joint(g, needs), and returns such a tuple."
        ) from None
    raise GradientError(
        f"{op}: it has {counted(len(needs), 'input')} and {counted(len(parts), 'derivative')}. One each is expected."
    )


def in_their_types(op: str, vjps: Any, inputs: Sequence[Holder]) -> JointVJP:
    """The same derivatives, jointly, each as an array of its own in the shape and type of its input.

    So an operation that computes inputs of several types in one type gives each its own back; and one that somebody else
    wrote may return an array that it keeps, or one array for two inputs.
    """

    def joint(g: Array, needs: tuple[bool, ...]) -> list[Any]:
        parts = parts_of(op, vjps, needs, g)
        return [
            None if part is None else fitted(np.array(part), x._data, op) for x, part in zip(inputs, parts, strict=True)
        ]

    return joint


def fitted(part: Any, data: Array, op: str) -> Array:
    """A part of a gradient in the shape and type of the numbers it is for, summed over the axes that broadcasting added.

    Raises
    ------
    GradientError
        If there is none, or its shape cannot come from these numbers.

    Examples
    --------
    >>> fitted(np.ones((4, 2)), np.zeros(2), "add")
    array([4., 4.])
    """
    if part is None:
        raise GradientError(
            f"{op}: no derivative is known for this input. It should be a constant, or its operation needs one."
        )
    if part.shape != data.shape:
        part = _summed(part, data.shape, op)
    return part.astype(data.dtype, copy=False)


def _summed(part: Array, shape: tuple[int, ...], op: str) -> Array:
    """The sum over the axes along which an input of this shape was repeated by broadcasting."""
    extra = part.ndim - len(shape)
    repeated = tuple(range(extra)) + tuple(
        extra + axis for axis, size in enumerate(shape) if size == 1 and part.shape[extra + axis] != 1
    )
    total = part.sum(axis=repeated, keepdims=True) if extra >= 0 else part
    if extra < 0 or total.size != int(np.prod(shape)):
        raise GradientError(f"{op}: its derivative has shape {part.shape}, but the input has shape {shape}.")
    return total.reshape(shape)
