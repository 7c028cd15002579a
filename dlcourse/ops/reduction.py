"""Operations that gather entries along axes: sum, mean, max, min.

`axis` is a number, a tuple of numbers, or None for all; negative numbers count from the end. With `keepdims=True` the
gathered axes stay, with size 1.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from dlcourse.arrays import Array
from dlcourse.differentiable import Result, differentiable
from dlcourse.errors import ArgumentError, DataError, WrongTypeError, brief

__all__ = ["Axis", "adding_type", "check_axis", "max", "mean", "min", "one_axis", "sum"]

Axis: TypeAlias = int | tuple[int, ...] | None


def check_axis(operation: str, axis: Any, ndim: int) -> tuple[int, ...]:
    """Return `axis` as a tuple of numbers from 0 to ndim − 1.

    Raises
    ------
    WrongTypeError
        If an axis is not a whole number.
    ArgumentError
        If an axis does not exist or is named twice.

    Examples
    --------
    >>> check_axis("sum", -1, 3), check_axis("sum", None, 2)
    ((2,), (0, 1))
    """
    if axis is None:
        return tuple(range(ndim))
    numbers = axis if isinstance(axis, tuple) else (axis,)
    axes = []
    for number in numbers:
        if not isinstance(number, (int, np.integer)) or isinstance(number, bool):
            raise WrongTypeError(f"{operation}: an axis is a whole number, not {brief(number)}.")
        if not -ndim <= number < ndim:
            raise ArgumentError(
                f"{operation}: there is no axis {number}; the array has "
                + (
                    f"{ndim} axes, 0 to {ndim - 1} or -{ndim} to -1."
                    if ndim > 1
                    else "one axis, 0 or -1."
                    if ndim
                    else "no axes, it is a single number."
                )
            )
        axes.append(int(number) % ndim)
    if len(set(axes)) != len(axes):
        raise ArgumentError(f"{operation}: axis {axis} names the same axis twice.")
    return tuple(axes)


def one_axis(operation: str, axis: Any, ndim: int) -> int:
    """Return `axis` as a number from 0 to ndim − 1, where one is expected and neither all nor several make sense.

    Raises
    ------
    WrongTypeError
        If it is not a whole number.
    ArgumentError
        If there is no such axis.

    Examples
    --------
    >>> one_axis("softmax", -1, 3)
    2
    """
    if axis is None or isinstance(axis, tuple):
        raise WrongTypeError(f"{operation}: one axis is expected, a whole number, not {brief(axis)}.")
    return check_axis(operation, axis, ndim)[0]


def adding_type(x: Array, axes: tuple[int, ...]) -> Any:
    """The type in which to add x up along axes: float64 for long float32 sums, which lose digits and at last stop growing.

    Examples
    --------
    >>> adding_type(np.zeros((100_000, 2), np.float32), (0,)), adding_type(np.zeros((100, 2), np.float32), (0,))
    (dtype('float64'), dtype('float32'))
    """
    number = math.prod([x.shape[axis] for axis in axes])
    if x.dtype.itemsize < 4:
        return np.dtype(np.float32)
    return np.dtype(np.float64) if number > 2**16 and x.dtype.itemsize < 8 else x.dtype


def _spread(g: Array, shape: tuple[int, ...], axes: tuple[int, ...]) -> Array:
    """Give every gathered entry the gradient of its sum."""
    kept = tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    return np.broadcast_to(g.reshape(kept), shape)


@differentiable(method="sum")
def sum(x: Array, *, axis: Axis = None, keepdims: bool = False) -> Result:
    """Sum along axes; the sum of nothing is 0. Each entry's derivative is 1.

    Parameters
    ----------
    x : array, any shape
    axis : int, tuple of int, or None for all
    keepdims : bool
        Whether the gathered axes stay, with size 1.

    Raises
    ------
    ArgumentError
        If an axis does not exist or is named twice.

    Examples
    --------
    >>> import dlcourse as dl
    >>> dl.sum([[1.0, 2.0], [3.0, 4.0]], axis=0).data
    array([4., 6.], dtype=float32)
    """
    x = np.asarray(x)
    axes = check_axis("sum", axis, x.ndim)

    def vjp(g: Array) -> Array:
        return _spread(g, x.shape, axes)

    total = x.sum(axis=axes, keepdims=keepdims, dtype=adding_type(x, axes))
    return total.astype(x.dtype, copy=False), (vjp,)


@differentiable(method="mean")
def mean(x: Array, *, axis: Axis = None, keepdims: bool = False) -> Result:
    """Average along axes. Each of the n entries has the derivative 1/n.

    Parameters
    ----------
    x : array, any shape
    axis : int, tuple of int, or None for all
    keepdims : bool
        Whether the gathered axes stay, with size 1.

    Raises
    ------
    DataError
        If there is nothing to average (an axis of size 0).
    ArgumentError
        If an axis does not exist or is named twice.

    Examples
    --------
    >>> mean([[1.0, 2.0], [3.0, 4.0]], axis=1).data
    array([1.5, 3.5], dtype=float32)
    """
    x = np.asarray(x)
    axes = check_axis("mean", axis, x.ndim)
    number = _gathered("mean", x, axes)

    def vjp(g: Array) -> Array:
        return _spread(g / number, x.shape, axes)

    average = x.mean(axis=axes, keepdims=keepdims, dtype=adding_type(x, axes))
    return average.astype(x.dtype, copy=False), (vjp,)


@differentiable(method="max")
def max(x: Array, *, axis: Axis = None, keepdims: bool = False) -> Result:
    """Largest entry along axes. The gradient goes to it alone; among equals, to the first.

    Parameters
    ----------
    x : array, any shape
    axis : int, tuple of int, or None for all
    keepdims : bool
        Whether the gathered axes stay, with size 1.

    Raises
    ------
    DataError
        If there is nothing to choose from (an axis of size 0).
    ArgumentError
        If an axis does not exist or is named twice.

    Examples
    --------
    >>> import dlcourse as dl
    >>> dl.max([[1.0, 4.0], [3.0, 2.0]], axis=1).data
    array([4., 3.], dtype=float32)
    """
    return _extreme("max", np.argmax, np.asarray(x), axis, keepdims)


@differentiable(method="min")
def min(x: Array, *, axis: Axis = None, keepdims: bool = False) -> Result:
    """Smallest entry along axes. The gradient goes to it alone; among equals, to the first.

    Parameters
    ----------
    x : array, any shape
    axis : int, tuple of int, or None for all
    keepdims : bool
        Whether the gathered axes stay, with size 1.

    Raises
    ------
    DataError
        If there is nothing to choose from (an axis of size 0).
    ArgumentError
        If an axis does not exist or is named twice.

    Examples
    --------
    >>> import dlcourse as dl
    >>> dl.min([[1.0, 4.0], [3.0, 2.0]], axis=1).data
    array([1., 2.], dtype=float32)
    """
    return _extreme("min", np.argmin, np.asarray(x), axis, keepdims)


def _gathered(operation: str, x: Array, axes: tuple[int, ...]) -> int:
    number = int(np.prod([x.shape[axis] for axis in axes]))
    if number == 0:
        raise DataError(
            f"{operation}: there is nothing to take the {operation} of; the shape {x.shape} has no entries along axis "
            f"{axes[0] if len(axes) == 1 else axes}. Is the batch empty?"
        )
    return number


def _extreme(name: str, position: Any, x: Array, axis: Axis, keepdims: bool) -> Result:
    axes = check_axis(name, axis, x.ndim)
    number = _gathered(name, x, axes)
    others = tuple(a for a in range(x.ndim) if a not in axes)
    # Gathered axes last and merged, so that one position says which entry was chosen.
    order = others + tuple(sorted(axes))
    moved = x.transpose(order)
    rows = moved.reshape(-1, number)
    chosen = position(rows, axis=1)
    values = rows[np.arange(len(rows)), chosen]
    shape = tuple(1 if a in axes else x.shape[a] for a in range(x.ndim) if keepdims or a not in axes)

    def vjp(g: Array) -> Array:
        spread = np.zeros(rows.shape, g.dtype)
        spread[np.arange(len(rows)), chosen] = g.reshape(-1)
        return spread.reshape(moved.shape).transpose(np.argsort(order))

    return values.reshape(shape), (vjp,)
