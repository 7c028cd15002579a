"""The same tensor, or equal numbers? `p == q` compares entry by entry; lists, `in` and `remove` mean the first.

Python's lists ask `==` and take the answer as yes or no. Between two parameters that answer says whether they are one and
the same; lists of parameters that the course returns never ask anything else, of tensors of any kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, SupportsIndex, TypeVar

from dlcourse.arrays import Array
from dlcourse.errors import ArgumentError
from dlcourse.tensor import Tensor

__all__ = ["Comparison", "ParameterList"]

T = TypeVar("T", bound=Tensor)


class Comparison(Tensor):
    """What `p == q` of two parameters is: truth values, entry by entry. As a condition: whether they are the same one."""

    __slots__ = ("_yes",)

    def __init__(self, truth: Array, yes: bool) -> None:
        super().__init__(truth)
        self._yes = yes

    def __bool__(self) -> bool:
        return self._yes


class ParameterList(list[T]):
    """A list of parameters that looks for a parameter itself, not for one with equal numbers.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> model = dl.Dense(2, 3, rng=np.random.default_rng(0))
    >>> model.bias in model.parameters(), dl.Parameter(np.zeros(3)) in model.parameters()
    (True, False)
    """

    def __contains__(self, parameter: object) -> bool:
        return any(parameter is p for p in self)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, list)
            and len(self) == len(other)
            and all(p is q for p, q in zip(self, other, strict=True))
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # as for every list

    def count(self, parameter: Any) -> int:
        """How often a parameter is in the list."""
        return sum(parameter is p for p in self)

    def index(self, parameter: Any, start: SupportsIndex = 0, stop: SupportsIndex | None = None) -> int:
        """Position of a parameter.

        Raises
        ------
        ArgumentError
            If it is not in the list.
        """
        for i in range(len(self))[start:stop]:
            if self[i] is parameter:
                return i
        raise ArgumentError(
            "parameters: this one is not in the list. Does it belong to another model, or to a copy of this one?"
        )

    def remove(self, parameter: Any) -> None:
        """Take a parameter out.

        Raises
        ------
        ArgumentError
            If it is not in the list.
        """
        del self[self.index(parameter)]

    def copy(self) -> ParameterList[T]:
        """Return another list of the same parameters."""
        return ParameterList(self)

    def __add__(self, others: Iterable[Any]) -> Any:
        return ParameterList([*self, *others])

    def __radd__(self, others: Iterable[Any]) -> Any:
        return ParameterList([*others, *self])

    def __getitem__(self, key: Any) -> Any:
        chosen = super().__getitem__(key)
        return ParameterList(chosen) if isinstance(key, slice) else chosen
