"""Operations that move entries and change none: reshape, transpose, indexing, joining. Whole numbers stay whole."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array, float_type, is_slice_of_numbers
from dlcourse.differentiable import Result, differentiable
from dlcourse.errors import ArgumentError, LabelError, ShapeError, WrongTypeError, brief, check_whole, counted
from dlcourse.ops.reduction import check_axis, one_axis
from dlcourse.origin import MOVED
from dlcourse.tensor import Tensor

__all__ = ["broadcast_to", "concatenate", "embedding", "index", "pad", "reshape", "stack", "transpose"]


@differentiable(keep_whole=True, note=MOVED)
def reshape(x: Array, *, shape: int | tuple[int, ...]) -> Result:
    """The same entries, in the same order, in another shape; one size may be −1, to be worked out.

    Parameters
    ----------
    x : array, any shape
    shape : int or tuple of int

    Raises
    ------
    ShapeError
        If the number of entries differs.
    WrongTypeError
        If a size is not a whole number.

    Examples
    --------
    >>> reshape([1.0, 2.0, 3.0, 4.0], shape=(2, -1)).shape
    (2, 2)
    """
    x = np.asarray(x)
    sizes = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    try:
        y = x.reshape(sizes)
    except (ValueError, TypeError):
        if not all(isinstance(size, (int, np.integer)) for size in sizes):
            raise WrongTypeError(f"reshape: a shape is made of whole numbers, not {brief(shape)}.") from None
        known = [size for size in sizes if size != -1]
        holds = int(np.prod(known))
        left_out = [axis for axis, size in enumerate(x.shape) if size > 1 and size * holds == x.size]
        raise ShapeError(
            f"reshape: {x.size} entries of shape {x.shape} do not fit into shape {sizes}"
            + (f", which holds {holds}." if len(known) == len(sizes) else ".")
            + (f" Is axis {left_out[-1]}, of size {x.shape[left_out[-1]]}, left out?" if left_out else "")
            + " A reshape keeps every entry: the products of the sizes must be equal."
        ) from None

    def vjp(g: Array) -> Array:
        return g.reshape(x.shape)

    return y, (vjp,)


@differentiable(keep_whole=True, note=MOVED)
def transpose(x: Array, *, axes: tuple[int, ...] | None = None) -> Result:
    """The axes in another order; reversed if none is given. The gradient goes back by the opposite order.

    Parameters
    ----------
    x : array, any shape
    axes : tuple of int, optional
        Axis axes[i] of x becomes axis i.

    Raises
    ------
    ArgumentError
        If an axis does not exist, or not every axis is named once.

    Examples
    --------
    >>> import dlcourse as dl
    >>> dl.transpose([[1.0, 2.0, 3.0]]).shape, dl.transpose(np.zeros((2, 3, 4)), axes=(1, 0, 2)).shape
    ((3, 1), (3, 2, 4))
    """
    x = np.asarray(x)
    named = tuple(axes) if isinstance(axes, list) else axes
    order = tuple(reversed(range(x.ndim))) if named is None else check_axis("transpose", named, x.ndim)
    if len(order) != x.ndim:
        raise ArgumentError(
            f"transpose: axes={axes} names {counted(len(order), 'axis')}, the array has {x.ndim}. Name each once."
        )

    def vjp(g: Array) -> Array:
        return g.transpose(np.argsort(order))

    return x.transpose(order), (vjp,)


@differentiable(keep_whole=True, note=MOVED)
def broadcast_to(x: Array, *, shape: tuple[int, ...]) -> Result:
    """The same entries, repeated along new axes and along axes of size 1. The engine sums the gradient back.

    Parameters
    ----------
    x : array
    shape : tuple of int
        Of the result; ends in the shape of x, but for axes of size 1.

    Raises
    ------
    ShapeError
        If another size than 1 would have to grow.

    Examples
    --------
    >>> broadcast_to([[1.0], [2.0]], shape=(2, 3)).data
    array([[1., 1., 1.],
           [2., 2., 2.]], dtype=float32)
    """
    x = np.asarray(x)
    try:
        y = np.broadcast_to(x, shape)
    except (ValueError, TypeError):
        raise ShapeError(
            f"broadcast_to: shape {x.shape} cannot be repeated into {shape}; only sizes of 1 can grow."
        ) from None

    def vjp(g: Array) -> Array:
        return g

    return y, (vjp,)


@differentiable(keep_whole=True, note=MOVED)
def index(x: Array, *, key: Any) -> Result:
    """x[key], with any key that NumPy knows. An entry taken twice gets both gradients.

    Raises
    ------
    ShapeError
        If the key reaches outside the shape.
    WrongTypeError
        If the key is of a kind that cannot index.

    Examples
    --------
    >>> index([1.0, 2.0, 3.0], key=slice(1, None)).data  # x[1:] says the same of a tensor x
    array([2., 3.], dtype=float32)
    """
    x = np.asarray(x)
    try:
        y = x[key]
    except (IndexError, TypeError, ValueError):
        raise _wrong_position(x.shape, key) from None
    parts = key if isinstance(key, tuple) else (key,)
    plain = all(isinstance(part, (int, slice, type(None), type(Ellipsis))) for part in parts)

    def vjp(g: Array) -> Array:
        spread = np.zeros(x.shape, g.dtype)
        if plain:
            spread[key] = g  # no entry is taken twice
        else:
            np.add.at(spread, key, g)
        return spread

    return y, (vjp,)


@differentiable(constants=(1,))
def embedding(table: Array, symbols: Array) -> Result:
    """The rows of a table that symbols stand for, (V, M) and (...) -> (..., M). A row gets the gradients of all its places.

    Raises
    ------
    LabelError
        If symbols are not whole numbers, or there is no such row.
    ShapeError
        If the table is not made of rows.

    Notes
    -----
    The same as table[symbols], but the gradient is summed for all places of a symbol at once, after sorting.

    Examples
    --------
    >>> embedding([[1.0, 2.0], [3.0, 4.0]], [1, 1]).data
    array([[3., 4.],
           [3., 4.]], dtype=float32)
    """
    if np.ndim(table) != 2:
        raise ShapeError(f"embedding: the table has rows, shape (V, M); this one has shape {np.shape(table)}.")
    if symbols.dtype.kind not in "iu":
        raise LabelError(f"embedding: symbols are whole numbers, rows of the table; these are of type {symbols.dtype}.")
    if symbols.size and (symbols.min() < 0 or symbols.max() >= len(table)):
        wrong = symbols.min() if symbols.min() < 0 else symbols.max()
        raise LabelError(
            f"embedding: the table has {counted(len(table), 'row')}, numbered from 0; there is a symbol {wrong}."
        )

    def vjp(g: Array) -> Array:
        spread = np.zeros(table.shape, g.dtype)
        flat = symbols.reshape(-1)
        order = np.argsort(flat, kind="stable")
        used, first = np.unique(flat[order], return_index=True)
        if len(used):
            spread[used] = np.add.reduceat(g.reshape(flat.size, table.shape[1])[order], first, axis=0)
        return spread

    return table[symbols], (vjp, None)


def _check_parts(name: str, parts: tuple[Any, ...]) -> None:
    """Arrays in a list, as NumPy takes them, would count as one array and be joined with nothing."""
    if len(parts) != 1 or not isinstance(parts[0], (list, tuple)) or any(hasattr(part, "op") for part in parts[0]):
        return  # tensors in a list are refused for any operation
    if any(isinstance(part, (list, tuple)) or (isinstance(part, np.ndarray) and part.ndim) for part in parts[0]):
        raise ShapeError(
            f"{name}: {counted(len(parts[0]), 'array')} came in one {type(parts[0]).__name__}, which counts as a single part with "
            f"nothing to join. Pass them one by one, {name}(a, b), or with a star: {name}(*parts)."
        )


@differentiable(keep_whole=True, note=MOVED, look=_check_parts)
def concatenate(*parts: Array, axis: int = 0) -> Result:
    """Join arrays along an axis that they have. Each part gets its own slice of the gradient.

    Raises
    ------
    ShapeError
        If there are no parts, they came in one list, or they differ along another axis.

    Examples
    --------
    >>> concatenate([1.0, 2.0], [3.0]).data
    array([1., 2., 3.], dtype=float32)
    """
    if not parts:
        raise ShapeError("concatenate: there is nothing to join. Pass the parts one by one: concatenate(a, b).")
    arrays = [np.asarray(part) for part in parts]
    along = one_axis("concatenate", axis, arrays[0].ndim)
    for array in arrays[1:]:
        if array.ndim != arrays[0].ndim or any(
            a != b for i, (a, b) in enumerate(zip(array.shape, arrays[0].shape, strict=True)) if i != along
        ):
            raise ShapeError(
                f"concatenate: the shapes {arrays[0].shape} and {array.shape} must be equal in every axis but axis {along}."
            )
    ends = np.cumsum([array.shape[along] for array in arrays])

    def slice_of(i: int) -> Any:
        where = slice(int(ends[i]) - arrays[i].shape[along], int(ends[i]))

        def vjp(g: Array) -> Array:
            return g[(slice(None),) * along + (where,)]

        return vjp

    return np.concatenate(arrays, axis=along), tuple(slice_of(i) for i in range(len(arrays)))


@differentiable(keep_whole=True, note=MOVED, look=_check_parts)
def stack(*parts: Array, axis: int = 0) -> Result:
    """Lay arrays of one shape side by side along a new axis. Each part gets its own slice of the gradient.

    Raises
    ------
    ShapeError
        If there are no parts, they came in one list, or their shapes differ.

    Examples
    --------
    >>> stack([1.0, 2.0], [3.0, 4.0]).data
    array([[1., 2.],
           [3., 4.]], dtype=float32)
    """
    shapes = {np.shape(part) for part in parts}
    if len(shapes) != 1:
        if not shapes:
            raise ShapeError("stack: there is nothing to stack. Pass the parts one by one: stack(a, b).")
        listed = " and ".join(map(str, sorted(shapes)))
        raise ShapeError(f"stack: all parts must have the same shape, these have {listed}.")
    along = one_axis("stack", axis, len(shapes.pop()) + 1)

    def slice_of(i: int) -> Any:
        def vjp(g: Array) -> Array:
            return g[(slice(None),) * along + (i,)]

        return vjp

    return np.stack([np.asarray(part) for part in parts], axis=along), tuple(slice_of(i) for i in range(len(parts)))


@differentiable(keep_whole=True)
def pad(x: Array, *, widths: tuple[tuple[int, int], ...], value: float = 0.0) -> Result:
    """Put `value` around the entries: before and after, for each axis. The border gets no gradient.

    Parameters
    ----------
    x : array, any shape
    widths : tuple of pairs of int, one per axis
        How many before and after.
    value : float
        A value that is not whole, such as 0.5, turns whole numbers into floats.

    Raises
    ------
    ShapeError
        If there is not one pair per axis.
    WrongTypeError
        If the widths are not pairs of whole numbers.
    ArgumentError
        If a width is negative.

    Examples
    --------
    >>> pad([1.0, 2.0], widths=((1, 2),)).data
    array([0., 1., 2., 0., 0.], dtype=float32)
    """
    x = _that_holds(np.asarray(x), value)
    if not isinstance(widths, (tuple, list)) or any(np.shape(pair) != (2,) for pair in widths):
        raise WrongTypeError(
            f"pad: widths are pairs, before and after, one per axis, such as ((1, 1), (0, 0)); not {brief(widths)}."
        )
    if len(widths) != x.ndim:
        raise ShapeError(
            f"pad: {counted(len(widths), 'pair')} of widths for an array of {counted(x.ndim, 'axis')}, shape {x.shape}. Give one "
            "pair per axis."
        )
    widths = tuple(
        (check_whole("pad", "a width", a, least=0), check_whole("pad", "a width", b, least=0)) for a, b in widths
    )
    inner = tuple(slice(before, before + size) for (before, _), size in zip(widths, x.shape, strict=True))

    def vjp(g: Array) -> Array:
        return g[inner]

    return np.pad(x, widths, constant_values=value), (vjp,)


def _that_holds(x: Array, value: Any) -> Array:
    """x, in a type that holds `value` too: NumPy would make 0 of 0.5 among whole numbers, and 44 of 300 among bytes."""
    if x.dtype.kind == "f" or np.asarray(value).astype(x.dtype) == value:
        return x
    return x.astype(np.result_type(x, np.min_scalar_type(value)) if value == int(value) else float_type(x.dtype))


def _wrong_position(shape: tuple[int, ...], key: Any) -> Exception:
    """The error for a key that does not fit, after a look at its parts."""
    parts = [part for part in (key if isinstance(key, tuple) else (key,)) if part is not None and part is not Ellipsis]
    for part in parts:
        if not isinstance(part, (int, slice, list, np.ndarray, np.integer)):
            return WrongTypeError(f"index: a position is a whole number, a slice or truth values, not {brief(part)}.")
        if isinstance(part, slice) and not is_slice_of_numbers(part):
            ends = ":".join("" if end is None else brief(end) for end in (part.start, part.stop, part.step))
            return WrongTypeError(
                f"index: a slice goes from one whole number to another, in steps that are not 0; this one is {ends}."
            )
    if not shape:
        return ShapeError("index: this is a single number, shape (), and has no positions. item() gives it.")
    if len(parts) > len(shape):
        return ShapeError(
            f"index: {len(parts)} positions were given, but the shape {shape} has {counted(len(shape), 'axis')}."
        )
    beside = isinstance(key, tuple) and any(part is Ellipsis for part in key)
    for axis, part in enumerate(() if beside else parts):
        numbers = np.asarray(0 if isinstance(part, slice) else part)
        if numbers.dtype.kind == "b":
            if numbers.shape != shape[axis : axis + numbers.ndim]:
                return ShapeError(
                    f"index: truth values of shape {numbers.shape} cannot choose from shape {shape}. One for each entry, or for "
                    "each row, is expected."
                )
            break  # truth values may stand for several axes
        outside = numbers[(numbers < -shape[axis]) | (numbers >= shape[axis])]
        if outside.size and not shape[axis]:
            return ShapeError(
                f"index: there is no position {outside.flat[0]} along axis {axis}: it is empty, the shape is {shape}."
            )
        if outside.size:
            return ShapeError(
                f"index: there is no position {outside.flat[0]} along axis {axis}; the shape is {shape}, so positions go from 0 to "
                f"{shape[axis] - 1}, or from -{shape[axis]} to -1."
            )
    return ShapeError(f"index: {brief(key)} does not fit the shape {shape}.")


def _reshape_method(self: Tensor, *shape: Any) -> Tensor:
    """The same entries in another shape: x.reshape(2, 3) or x.reshape((2, 3))."""
    sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    return reshape(self, shape=tuple(sizes))


def _transpose_method(self: Tensor, *axes: Any) -> Tensor:
    """The axes in another order: x.transpose(1, 0), or reversed."""
    order = axes[0] if len(axes) == 1 and isinstance(axes[0], (tuple, list)) else axes
    return transpose(self, axes=tuple(order) or None)


def _as_whole(part: Any) -> str:
    if isinstance(part, float):
        return ". Convert it with int() first."
    return f" of type {part.dtype}. Arithmetic with tensors gives floats; numbers.data.astype(int) are positions again."


def _getitem_method(self: Tensor, key: Any) -> Tensor:
    """Entries or slices: x[0], x[:, 1], x[x.data > 0]."""
    parts = key if isinstance(key, tuple) else (key,)
    unwrapped = tuple(part.data if isinstance(part, Tensor) else part for part in parts)
    for part in unwrapped:
        if isinstance(part, float) or (isinstance(part, np.ndarray) and part.dtype.kind == "f"):
            raise WrongTypeError(
                f"index: a position is a whole number or a truth value, not {brief(part)}{_as_whole(part)}"
            )
    return index(self, key=unwrapped if isinstance(key, tuple) else unwrapped[0])


def _iterate_method(self: Tensor) -> Any:
    """Go along the first axis."""
    return (self[i] for i in range(len(self)))


for _name, _function in {
    "reshape": _reshape_method,
    "transpose": _transpose_method,
    "T": property(transpose),
    "__getitem__": _getitem_method,
    "__iter__": _iterate_method,
}.items():
    setattr(Tensor, _name, _function)
