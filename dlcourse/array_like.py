"""What a tensor answers as an array does: its shape, its length, the only number in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array, Holder
from dlcourse.errors import ShapeError, WrongTypeError

__all__ = ["ArrayLike"]


class ArrayLike(Holder):
    """Numbers in an array, `_data`, that can be asked for what arrays can be asked for. There is one kind, the Tensor."""

    __slots__ = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of entries along each axis."""
        return self._data.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self._data.ndim

    @property
    def size(self) -> int:
        """Number of entries."""
        return self._data.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of each entry, such as float32."""
        return self._data.dtype

    def __len__(self) -> int:
        if self.ndim == 0:
            raise WrongTypeError("len(): this tensor is a single number, shape (), and has no axis to count along.")
        return len(self._data)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise WrongTypeError(
                f"A tensor of shape {self.shape} has {self.size} truth values, not one. Use .data with .any() or .all()."
            )
        return bool(self._data)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise WrongTypeError(
            "A tensor's entries cannot be assigned: what was computed from them would not notice. "
            "Make a new tensor, with dl.where or dl.concatenate, or change the numbers of a leaf with x.data[...] = ... ."
        )

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __format__(self, how: str) -> str:
        return format(self.item(), how) if how else repr(self)

    def item(self) -> float:
        """Return the only entry as a Python number.

        Raises
        ------
        ShapeError
            If there is more or less than one entry.
        """
        if self.size != 1:
            raise ShapeError(
                f"item(): needs a single number, this tensor has shape {self.shape}. Take .sum() or .mean(), or index it."
            )
        return self._data.item()

    def numpy(self) -> Array:
        """Return the array itself, not a copy."""
        return self._data

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self._data, dtype=dtype, copy=copy)
