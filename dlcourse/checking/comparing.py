"""Compare what an answer returned with what was expected, and recognize the usual slips from the numbers alone."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Pair", "differences", "same", "shown", "slip"]


@dataclass(frozen=True)
class Pair:
    """One returned value beside the expected one. `part` names it ("dw"), `count` is the length of the first argument."""

    yours: Any
    expected: Any
    part: str = ""
    count: int = 1


def shown(value: Any) -> str:
    """A value in few characters, for messages."""
    try:
        if isinstance(value, np.random.Generator):
            return "rng"
        if inspect.isfunction(value):
            return value.__name__
        if isinstance(value, (np.ndarray, np.generic, float)):
            return _shown_numbers(np.asarray(value))
        if isinstance(value, (tuple, list)):
            left, right = "()" if isinstance(value, tuple) else "[]"
            comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
            return left + ", ".join(map(shown, value)) + comma + right
        text = repr(value)
    except Exception:  # a repr may do anything
        text = f"a {type(value).__name__}"
    return text if len(text) <= 120 else text[:117] + "…"


def _shown_numbers(array: np.ndarray[Any, Any]) -> str:
    if array.ndim == 0:
        return f"{array[()]:.4g}" if array.dtype.kind == "f" else str(array[()])
    if array.ndim == 1:
        dots = ", …" if len(array) > 6 else ""
        return f"[{', '.join(map(_shown_numbers, array[:6]))}{dots}]"
    if array.size <= 12:
        return f"[{', '.join(map(_shown_numbers, array))}]"
    return f"(array of shape {array.shape})"


def _numbers(value: Any) -> np.ndarray[Any, Any] | None:
    """The value as an array of numbers, or None if it is not one."""
    if not isinstance(value, (np.ndarray, np.generic, bool, int, float, complex)):
        return None
    array = np.asarray(value)
    return array if array.dtype.kind in "biufc" else None


def _array(value: Any) -> Any:
    """The list as an array, or itself where its rows differ in length."""
    try:
        return np.asarray(value)
    except Exception:
        return value


def _close(a: Any, b: Any) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-5, atol=1e-7, equal_nan=True))


def same(yours: Any, expected: Any) -> bool:
    """Whether two results agree: same structure, same shapes, numbers within 1e-5."""
    if isinstance(expected, dict):
        return (
            isinstance(yours, dict)
            and set(yours) == set(expected)
            and all(same(yours[k], expected[k]) for k in expected)
        )
    if isinstance(expected, (tuple, list)):
        return isinstance(yours, (tuple, list)) and len(yours) == len(expected) and all(map(same, yours, expected))
    a, b = _numbers(yours), _numbers(expected)
    if a is None or b is None:
        return a is None and b is None and type(yours) is type(expected) and bool(yours == expected)
    return _close(a, b)


def differences(yours: Any, expected: Any, parts: Sequence[str], count: int) -> list[Pair]:
    """The places where two results differ; a tuple is compared part by part."""
    if isinstance(expected, tuple) and isinstance(yours, (tuple, list)) and len(yours) == len(expected):
        names = list(parts) or [f"result {i}" for i in range(len(expected))]
        pairs = [Pair(y, e, name, count) for y, e, name in zip(yours, expected, names, strict=True)]
    else:
        pairs = [Pair(yours, expected, "", count)]
    return [pair for pair in pairs if not same(pair.yours, pair.expected)]


def slip(results: Sequence[tuple[Any, Any]], pairs: Sequence[Pair]) -> str:
    """Name the slip that explains every difference, or return "" if no single one does.

    Parameters
    ----------
    results : pairs of (yours, expected) that differ, whole
    pairs : the parts of them that differ
    """
    if all(isinstance(e, tuple) and isinstance(y, (tuple, list)) and same(tuple(y)[::-1], e) for y, e in results):
        return "The numbers are right and in the opposite order. Swap what you return."
    for yours, expected in results:
        if isinstance(expected, tuple) and not (isinstance(yours, (tuple, list)) and len(yours) == len(expected)):
            return (
                f"{len(expected)} values are expected, separated by commas after return, and {shown(yours)} came back."
            )
    part = pairs[0].part
    about = [pair for pair in pairs if pair.part == part]
    name = part or "The result"
    kinds = [said for said in map(_kind, about) if said]
    if kinds:
        return kinds[0].replace("@", name)
    if any(_numbers(pair.expected) is None for pair in about):
        return ""
    for rule in _RULES:
        said = [rule(pair) for pair in about]
        if all(said):
            return said[0].replace("@", name)
    return ""


def _kind(pair: Pair) -> str:
    if pair.yours is Ellipsis:
        return "@ is still …, the three dots where an answer will be."
    if pair.yours is None:
        return (
            "@ is None: it is still to be computed."
            if pair.part
            else "@ is None. Is there a path through your function without a return?"
        )
    if isinstance(pair.yours, list) and _numbers(pair.expected) is not None and same(_array(pair.yours), pair.expected):
        return "@ has the right numbers, and they sit in a list. Lists do not add or multiply like arrays: return np.array(…)."
    if _numbers(pair.expected) is not None and _numbers(pair.yours) is None:
        return f"@ should be a number or an array, and yours is a {type(pair.yours).__name__}: {shown(pair.yours)}"
    return ""


def _not_finite(pair: Pair) -> str:
    yours, expected = np.asarray(pair.yours), np.asarray(pair.expected)
    if np.all(np.isfinite(yours)) or not np.all(np.isfinite(expected)):
        return ""
    word = "nan (not a number)" if np.any(np.isnan(yours)) else "infinite"
    return f"@ is {word} where {shown(expected)} is expected. Look for a division by 0, a log of 0, or an exp of a large number."


def _shape(pair: Pair) -> str:
    yours, expected = np.asarray(pair.yours), np.asarray(pair.expected)
    if yours.shape == expected.shape:
        return ""
    seen = f"@ has shape {yours.shape}, and shape {expected.shape} is expected."
    if yours.ndim == 2 and _close(yours.T, expected):
        return seen + " The numbers are right: it is transposed."
    if yours.size == expected.size and _close(yours.ravel(), expected.ravel()):
        return seen + " The numbers are right, in the wrong shape."
    if yours.ndim > expected.ndim:
        return seen + " An axis too many: is a sum or a mean missing?"
    if yours.ndim < expected.ndim:
        return seen + " An axis was lost: does a sum or a mean run over too many axes?"
    return seen + " Is a sum or a mean taken along the wrong axis, or a matrix transposed?"


def _transposed(pair: Pair) -> str:
    yours, expected = np.asarray(pair.yours), np.asarray(pair.expected)
    return "@ has the right numbers, transposed." if yours.ndim == 2 and _close(yours.T, expected) else ""


def _truncated(pair: Pair) -> str:
    yours, expected = np.asarray(pair.yours), np.asarray(pair.expected)
    if yours.dtype.kind in "iu" and expected.dtype.kind == "f" and _close(yours + 0.0, np.trunc(expected)):
        return f"@ holds whole numbers ({yours.dtype}), so everything behind the decimal point was cut off: {shown(yours)}. Make the array with floats."
    return ""


def _factor(pair: Pair) -> str:
    yours, expected = np.asarray(pair.yours) + 0.0, np.asarray(pair.expected) + 0.0
    if not np.any(expected):
        return ""
    seen = f"yours is {shown(yours)}, expected {shown(expected)}"
    if _close(yours, -expected):
        return f"Close. @ has the right size and the opposite sign: {seen}. Which difference did you take, and what is its derivative?"
    if _close(yours, 2 * expected):
        return f"@ is twice what it should be: {seen}. Is a factor ½ missing, or something counted twice?"
    if _close(2 * yours, expected):
        return (
            f"@ is half of what it should be: {seen}. Is a factor 2 missing, perhaps from the derivative of a square?"
        )
    if pair.count > 1 and _close(yours, pair.count * expected):
        return (
            f"@ is {pair.count} times too large: {seen}. There are {pair.count} examples: take the mean, not the sum."
        )
    if pair.count > 1 and _close(pair.count * yours, expected):
        return f"@ is {pair.count} times too small: {seen}. A mean is taken where a sum belongs."
    return ""


_RULES: tuple[Callable[[Pair], str], ...] = (_not_finite, _shape, _transposed, _truncated, _factor)
