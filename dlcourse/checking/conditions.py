"""An answer that is right on some inputs and wrong on others: what have those in common on which it is right?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from dlcourse.checking.running import Case

__all__ = ["right_only_where"]

# What may hold of one array, and of one number.
_OF_ARRAYS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("holds one number alone", lambda a: a.size == 1),
    ("holds no negative number", lambda a: np.all(a >= 0)),
    ("is made of whole numbers", lambda a: np.all(a % 1 == 0)),
    ("is sorted", lambda a: a.ndim == 1 and np.all(np.diff(a) >= 0)),
    ("holds no number twice", lambda a: len(np.unique(a)) == a.size),
    ("has one axis", lambda a: a.ndim == 1),
    ("is symmetric", lambda a: a.ndim == 2 and a.shape == a.T.shape and np.allclose(a, a.T)),
)
_OF_NUMBERS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("is 0", lambda n: n == 0),
    ("is not 0", lambda n: n != 0),
    ("is 1", lambda n: n == 1),
    ("is positive", lambda n: n > 0),
    ("is even", lambda n: n % 2 == 0),
)


def right_only_where(names: Sequence[str], cases: Sequence[Case], right: Sequence[bool]) -> str:
    """A property of the inputs that holds exactly where an answer is right, or "" if there is no simple one.

    With one right or one wrong case alone, properties that many arrays have by chance are not said.

    Examples
    --------
    >>> cases = [(np.array(x),) for x in ([1.0, 2.0], [3.0, -4.0], [5.0], [-1.0, 1.0])]
    >>> right_only_where(["x"], cases, [True, False, True, False])
    'x holds no negative number'
    """
    if all(right) or not any(right):
        return ""
    observed = [dict(_properties(names, case)) for case in cases]
    telling = (said for said in observed[0] if [o.get(said) for o in observed] == list(right))
    chance = min(sum(right), len(right) - sum(right)) < 2  # one case alone has many properties
    said = next((said for said in telling if not (chance and said.endswith(_VAGUE))), "")
    return said or _one_size(names, cases, right)


_VAGUE = ("is sorted", "is symmetric", "is made of whole numbers", "holds no number twice", "holds no negative number")


def _one_size(names: Sequence[str], cases: Sequence[Case], right: Sequence[bool]) -> str:
    """A size that is the same in all cases on which the answer is right, and another in the rest, as where a 3 is written out."""
    if sum(right) < 2:
        return ""
    sizes = [dict(_sizes(names, case)) for case in cases]
    for said in sizes[0]:
        good = {own.get(said) for own, ok in zip(sizes, right, strict=True) if ok}
        bad = {own.get(said) for own, ok in zip(sizes, right, strict=True) if not ok}
        if len(good) == 1 and not good & bad:
            return f"{said} is {good.pop()}"
    return ""


def _properties(names: Sequence[str], case: Case) -> Iterator[tuple[str, bool]]:
    """What holds of one case, and what does not."""
    arrays = [value for value in case if _is_array(value)]
    yield "every array holds one number alone", bool(arrays) and all(value.size == 1 for value in arrays)
    for name, value in zip(names, case, strict=True):
        table = _OF_ARRAYS if _is_array(value) else _OF_NUMBERS if _is_number(value) else ()
        yield from ((f"{name} {said}", bool(holds(value))) for said, holds in table)
    sizes = list(_sizes(names, case))
    numbers = [(name, value) for name, value in zip(names, case, strict=True) if _is_number(value)]
    for k, (one, n) in enumerate(sizes):
        yield f"{one} is 1", n == 1
        yield f"{one} is more than 1", n > 1
        yield from ((f"{one} equals {other}", n == m) for other, m in sizes[k + 1 :])
        yield from ((f"{name} divides {one}", bool(number) and n % number == 0) for name, number in numbers)
        yield from ((f"{name} equals {one}", n == number) for name, number in numbers)
    for k, (one, n) in enumerate(numbers):
        yield from ((f"{one} equals {other}", bool(n == m)) for other, m in numbers[k + 1 :])
        yield from ((f"{one} is smaller than {other}", bool(n < m)) for other, m in numbers[k + 1 :])


def _sizes(names: Sequence[str], case: Case) -> Iterator[tuple[str, int]]:
    for name, value in zip(names, case, strict=True):
        if isinstance(value, np.ndarray) and value.ndim > 1:
            yield from ((f"the size of {name} along axis {axis}", n) for axis, n in enumerate(value.shape))
        elif isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim):
            yield f"the length of {name}", len(value)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "biuf"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
