"""Compare what an answer returned with what was expected, and write values in few characters."""

from __future__ import annotations

import inspect
import numbers
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.checking.advice import tidy
from dlcourse.errors import a_kind

__all__ = ["Pair", "as_numbers", "close", "differences", "parts_of", "same", "shown"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Pair:
    """One returned value beside the expected one. `part` names it ("dw"), `case` holds the inputs, `names` their names."""

    yours: Any
    expected: Any
    part: str = ""
    case: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a sentence calls it."""
        return self.part or "The result"

    @property
    def count(self) -> int:
        """The length of the first argument."""
        return len(self.case[0]) if self.case and isinstance(self.case[0], np.ndarray) and self.case[0].ndim else 1


def shown(value: Any) -> str:
    """A value in few characters, for messages: no address, no endless number.

    Examples
    --------
    >>> shown([0.1 + 0.2, (3,), 10**50])
    '[0.3, (3,), 10000000…00000000]'
    """
    try:
        if isinstance(value, np.random.Generator):
            return "rng"
        if inspect.isfunction(value):
            return value.__name__ if value.__name__ != "<lambda>" else "a function"
        if isinstance(value, (np.ndarray, np.generic, float)):
            return _shown_numbers(np.asarray(value))
        if isinstance(value, (tuple, list)):
            left, right = "()" if isinstance(value, tuple) else "[]"
            comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
            dots = ", …" if len(value) > 12 else ""
            return left + ", ".join(map(shown, value[:12])) + dots + comma + right
        if isinstance(value, Iterator):
            return a_kind(value)
        text = (
            repr(value)
            if not isinstance(value, int) or abs(value) < 10**4000
            else f"{_sign(value)}a number of thousands of digits"
        )
    except Exception:  # a repr may do anything
        text = a_kind(value)
    return tidy(text, 120)


def _sign(value: int) -> str:
    return "minus " if value < 0 else ""


def _shown_numbers(array: Array) -> str:
    if array.ndim == 0:
        return f"{array[()]:.4g}" if array.dtype.kind == "f" else tidy(str(array[()]), 60)
    if array.ndim == 1:
        dots = ", …" if len(array) > 6 else ""
        return f"[{', '.join(map(_shown_numbers, array[:6]))}{dots}]"
    if array.size <= 12:
        return f"[{', '.join(map(_shown_numbers, array))}]"
    return f"(array of shape {array.shape})"


def as_numbers(value: Any) -> Array | None:
    """The value as an array of numbers, or None if it is not one."""
    if isinstance(value, (np.ndarray, np.generic, bool, int, float, complex)):
        try:
            array = np.asarray(value)
            if array.dtype.kind == "O":
                array = np.vectorize(float, otypes=[float])(array)
        except (TypeError, ValueError, OverflowError):
            return np.asarray(np.inf) if isinstance(value, int) else None
        return array if array.dtype.kind in "biufc" else None
    if isinstance(value, numbers.Number):  # fractions and decimals
        try:
            return np.asarray(float(value))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return None
    return None


def close(a: Array, b: Array) -> bool:
    """Whether two arrays have the same shape and, as far as their types can tell, the same numbers."""
    if a.shape != b.shape:
        return False
    if a.dtype in (np.float16, np.float32) and b.dtype.kind == "f":  # as exact as this type computes, not more
        scale = float(np.max(np.abs(b), initial=0, where=np.isfinite(b)))
        return bool(np.allclose(a, b, rtol=2e-5, atol=2e-6 * scale + 1e-7, equal_nan=True))
    if a.dtype.kind in "biuf" and b.dtype.kind in "biuf":  # what np.allclose does, in a fifth of the time
        with np.errstate(all="ignore"):
            apart = np.abs(np.subtract(a, b, dtype=float))
            if np.isfinite(apart).all():
                return bool((apart <= 1e-7 + 1e-5 * np.abs(b, dtype=float)).all())
    return bool(np.allclose(a, b, rtol=1e-5, atol=1e-7, equal_nan=True))


def parts_of(yours: Any, expected: Any) -> list[Any] | None:
    """The parts of a returned value that stands where a tuple or list is expected, or None if it has no such parts."""
    if isinstance(yours, (tuple, list)) or (isinstance(yours, np.ndarray) and yours.ndim):
        return list(yours) if len(yours) == len(expected) else None
    return None


def same(yours: Any, expected: Any) -> bool:
    """Whether two results agree: same structure, same shapes, numbers within 1e-5.

    Where several values are expected, a tuple, a list and an array of them are all welcome.
    """
    if isinstance(expected, dict):
        return (
            isinstance(yours, dict)
            and set(yours) == set(expected)
            and all(same(yours[k], expected[k]) for k in expected)
        )
    if isinstance(expected, (tuple, list)):
        parts = parts_of(yours, expected)
        return parts is not None and all(map(same, parts, expected))
    a, b = as_numbers(yours), as_numbers(expected)
    if a is None or b is None:
        return a is None and b is None and type(yours) is type(expected) and bool(yours == expected)
    return close(a, b)


def differences(
    yours: Any, expected: Any, parts: Sequence[str], case: tuple[Any, ...] = (), names: tuple[str, ...] = ()
) -> list[Pair]:
    """The places where two results differ; a tuple is compared part by part."""
    several = parts_of(yours, expected) if isinstance(expected, tuple) else None
    if several is None:
        pairs = [Pair(yours, expected, "", case, names)]
    else:
        labels = list(parts) or [f"result {i}" for i in range(len(expected))]
        pairs = [Pair(y, e, label, case, names) for y, e, label in zip(several, expected, labels, strict=True)]
    return [pair for pair in pairs if not same(pair.yours, pair.expected)]
