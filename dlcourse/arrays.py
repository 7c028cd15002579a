"""What becomes an array of numbers, and in which type: everything that a learner passes goes through here.

Whole numbers are numbers: where a result need not be whole they are computed as floats. In an operation Python's numbers,
NumPy's single numbers and lists take the type of the arrays that they meet, and are float32 where they meet none.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Number
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dlcourse.errors import WrongTypeError, brief

__all__ = [
    "FLOAT32",
    "ONE",
    "ZERO",
    "Array",
    "Holder",
    "as_array",
    "as_constant",
    "float_type",
    "in_one_type",
    "is_slice_of_numbers",
    "own_floats",
    "plain_array",
]

Array: TypeAlias = NDArray[Any]

FLOAT16, FLOAT32 = np.dtype(np.float16), np.dtype(np.float32)

# NumPy turns the number in `1 - y` into an array at each use, which takes as long as the difference of a small one. Any float
# type that they meet wins over theirs.
ZERO, ONE = np.zeros((), FLOAT32), np.ones((), FLOAT32)


class Holder:
    """Something that holds its numbers in an array. There is one kind, the Tensor; this file need not know more of it."""

    __slots__ = ("_data",)
    _data: Array


def as_array(data: Any) -> Array:
    """Return `data` as an array: tensors unwrapped, arrays as they are, lists and numbers as float32.

    Raises
    ------
    WrongTypeError
        If it cannot be read as numbers.
    """
    array = data if isinstance(data, np.ndarray) else plain_array(data)
    if array.dtype.kind not in "iufb":
        raise WrongTypeError(_not_numbers(data, array))
    if array is data or isinstance(data, (Holder, np.generic)) or array.dtype.kind == "b":
        return array
    return array.astype(FLOAT32)


def own_floats(array: Array) -> Array:
    """Return a copy that belongs to one leaf alone, for its numbers are changed in place.

    Raises
    ------
    WrongTypeError
        If these are no floats, which a gradient needs.
    """
    if array.dtype.kind != "f":
        raise WrongTypeError(
            f"Tensor(requires_grad=True): the data are of type {array.dtype}, but only floats have a gradient. "
            "Make them floats first, for example with .astype(np.float32)."
        )
    return np.array(array, order="C")


def plain_array(data: Any) -> Array:
    """Return `data` as an array of whatever it holds; lists of whole numbers stay whole, which labels need, empty ones too.

    Raises
    ------
    WrongTypeError
        If there are tensors in a list, or its rows differ in length.
    """
    if isinstance(data, np.ndarray):
        return data
    if isinstance(data, Holder):
        return data._data
    if isinstance(data, (list, tuple)) and _holds_tensors(data):
        raise WrongTypeError(
            "A list of tensors is no tensor: its graph would be lost. dl.stack(*tensors) or dl.concatenate(*tensors) "
            "joins them and remembers where they came from."
        )
    try:
        array = np.asarray(data)
        return array if array.size or not isinstance(data, (list, tuple)) else array.astype(np.int64)
    except ValueError:
        if not isinstance(data, (list, tuple)):
            raise WrongTypeError(f"A tensor holds numbers, not {brief(data)}.") from None
        raise WrongTypeError(
            f"These numbers are ragged: the rows of {brief(data)} have different lengths. Fill the shorter ones up, or take "
            "them one by one."
        ) from None


def _holds_tensors(data: Sequence[Any]) -> bool:
    """Whether there is a tensor in a list, or in a list within it."""
    return any(isinstance(part, Holder) or (isinstance(part, (list, tuple)) and _holds_tensors(part)) for part in data)


def as_constant(x: Any) -> Any:
    """Return an input of an operation that is no tensor as an array, or as the Python number that it is or stands for.

    Raises
    ------
    WrongTypeError
        If it cannot be read as numbers.

    Examples
    --------
    >>> as_constant(np.float64(0.5)), as_constant(True), as_constant([1, 2])
    (0.5, 1, array([1, 2]))
    """
    array = plain_array(x)
    if array.dtype.kind not in "iufb":
        as_array(x)  # raises the error that fits
    if isinstance(x, (bool, np.generic)):
        return float(x) if array.dtype.kind == "f" else int(x)
    return array


def float_type(*kinds: np.dtype[Any]) -> np.dtype[Any]:
    """The type in which arrays of these types are computed together.

    Whole numbers take the type of the floats beside them. Among themselves they become the smallest of float32 and
    float64 that holds each number of their type: float32 for bytes and truth values, float64 for int64.

    Examples
    --------
    >>> float_type(np.dtype(np.uint8)), float_type(np.dtype(np.int64)), float_type(np.dtype(np.int64), FLOAT32)
    (dtype('float32'), dtype('float64'), dtype('float32'))
    """
    floats = [kind for kind in kinds if kind.kind == "f"]
    return np.result_type(*floats) if floats else np.result_type(FLOAT32, *kinds)


def in_one_type(inputs: Sequence[Any], arrays: Sequence[Any], *, keep_whole: bool = False) -> list[Any]:
    """Bring what an operation gets to one type; Python numbers beside arrays stay, as NumPy lets them widen nothing.

    Float16 is for storing: what only moves entries keeps it, all else is computed, and comes out, as float32.

    Parameters
    ----------
    inputs : sequence
        What was passed: arrays and tensors have a type of their own, everything else takes theirs.
    arrays : sequence of array or number
        What `as_constant` made of each.
    keep_whole : bool
        Whether whole numbers stay whole where no floats are among them.

    Raises
    ------
    WrongTypeError
        If an array holds no numbers.

    Examples
    --------
    >>> x = np.array([200], np.uint8)
    >>> in_one_type([x, 2], [x, 2])
    [array([200.], dtype=float32), 2]
    """
    typed = [array for x, array in zip(inputs, arrays, strict=True) if isinstance(x, (np.ndarray, Holder))]
    others = [array for array in arrays if array is not None and not any(array is known for known in typed)]
    for array in typed:
        as_array(array)  # raises an error unless these are numbers
    if keep_whole and typed and all(np.asarray(array).dtype.kind != "f" for array in [*typed, *others]):
        return list(arrays)
    kind = float_type(*[array.dtype for array in typed])
    if kind == FLOAT16 and not keep_whole:
        kind = FLOAT32  # sums and squares on the way leave the range of float16, which ends at 65504
    numbers_stay = not keep_whole and any(isinstance(array, np.ndarray) for array in arrays)
    return [
        array
        if array is None or (numbers_stay and not isinstance(array, np.ndarray))
        else np.asarray(array).astype(kind, copy=False)
        for array in arrays
    ]


def is_slice_of_numbers(part: slice) -> bool:
    """Whether this slice can choose from an axis.

    Examples
    --------
    >>> is_slice_of_numbers(slice(0, 2)), is_slice_of_numbers(slice("a", None)), is_slice_of_numbers(slice(None, None, 0))
    (True, False, False)
    """
    try:
        part.indices(1)
    except (TypeError, ValueError):
        return False
    return True


def _not_numbers(data: object, array: Array) -> str:
    if data is None:
        return "A tensor holds numbers, not None. Did a function forget its return?"
    if array.dtype.kind in "US" and array.ndim:
        return f"A tensor holds numbers, not words, {brief(array.tolist())}. Number them: names, numbers = np.unique(words, return_inverse=True)."
    if (
        array.dtype.kind == "O"
        and array.size
        and all(isinstance(part, Number) and not isinstance(part, complex) for part in array.flat)
    ):
        return (
            f"{brief(array.tolist())}: these are numbers, but as Python objects, as of a table with columns of several types, of "
            "Fraction, or whole ones beyond 64 bits. Make floats of them: np.asarray(x, dtype=float)."
        )
    if array.dtype.kind == "O" and array.ndim:
        return f"A tensor holds numbers, and {brief(array.tolist())} holds something else too. Fill or drop what is missing."
    return f"A tensor holds numbers, not {brief(data)}."
