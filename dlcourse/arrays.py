"""What becomes an array of numbers, and how: everything that a learner passes goes through here."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dlcourse.errors import WrongTypeError, brief

__all__ = ["Array", "Holder", "as_array", "plain_array"]

Array: TypeAlias = NDArray[Any]


class Holder:
    """Something whose numbers are the array in `data`. There is one kind, the Tensor; this file need not know more of it."""

    __slots__ = ("data",)
    data: Array


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
    return array.astype(np.float32)


def plain_array(data: Any) -> Array:
    """Return `data` as an array of whatever it holds; lists of whole numbers stay whole, which labels need.

    Raises
    ------
    WrongTypeError
        If it is a list of tensors, or of rows that differ in length.
    """
    if isinstance(data, np.ndarray):
        return data
    if isinstance(data, Holder):
        return data.data
    if isinstance(data, (list, tuple)) and any(isinstance(part, Holder) for part in data):
        raise WrongTypeError(
            "A list of tensors is no tensor: its graph would be lost. dl.stack(*tensors) or dl.concatenate(*tensors) "
            "joins them and remembers where they came from."
        )
    try:
        return np.asarray(data)
    except ValueError:
        if not isinstance(data, (list, tuple)):
            raise WrongTypeError(f"A tensor holds numbers, not {brief(data)}.") from None
        raise WrongTypeError(
            f"These numbers are ragged: the rows of {brief(data)} have different lengths. Fill the shorter ones up, or take "
            "them one by one."
        ) from None


def _not_numbers(data: object, array: Array) -> str:
    if data is None:
        return "A tensor holds numbers, not None. Did a function forget its return?"
    if array.dtype.kind in "US" and array.ndim:
        return f"A tensor holds numbers, not words, {brief(array.tolist())}. Number them: names, numbers = np.unique(words, return_inverse=True)."
    if array.dtype.kind == "O" and array.ndim:
        return f"A tensor holds numbers, and {brief(array.tolist())} holds something else too. Fill or drop what is missing."
    return f"A tensor holds numbers, not {brief(data)}."
