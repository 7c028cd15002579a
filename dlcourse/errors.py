"""Every error that the course raises on purpose, and how a shape is written in a message.

A message says what was seen, what it means and what to try. Each error is also one of Python's own kinds, so that
``except ValueError`` catches what a reader expects it to catch.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "ArgumentError",
    "CourseError",
    "DataError",
    "FileFormatError",
    "ForgottenZeroGrad",
    "GradientError",
    "KindError",
    "LabelError",
    "PositionError",
    "ShapeError",
    "axes",
    "brief",
    "check_positive",
    "check_whole",
    "joined",
]


class CourseError(Exception):
    """Anything that `dlcourse` raises on purpose."""


class ShapeError(CourseError, ValueError):
    """Arrays whose axes do not fit together."""


class ArgumentError(CourseError, ValueError):
    """A setting outside its range, or a name that does not exist."""


class LabelError(CourseError, ValueError):
    """Labels that are not whole numbers from 0 to the number of classes minus 1."""


class PositionError(CourseError, IndexError):
    """An example or entry that does not exist."""


class DataError(CourseError, ValueError):
    """Data that cannot be learned from: empty, NaN, infinite."""


class KindError(CourseError, TypeError):
    """An object of the wrong kind: text for numbers, a list for a tensor."""


class GradientError(CourseError, RuntimeError):
    """A derivative that does not exist or was asked for in the wrong place."""


class FileFormatError(CourseError, ValueError):
    """A file that is broken, truncated, or made for something else."""


class ForgottenZeroGrad(UserWarning):
    """`backward()` added to gradients that `step()` had already used."""


def axes(shape: Iterable[int], letters: str = "") -> str:
    """Write a shape with the letters of its axes.

    Examples
    --------
    >>> axes((32, 36), "NF")
    '(N, F) = (32, 36)'
    >>> axes((3,))
    '(3,)'
    """
    shape = tuple(int(size) for size in shape)
    if len(letters) != len(shape):
        return str(shape)
    comma = "," if len(letters) == 1 else ""
    return f"({', '.join(letters)}{comma}) = {shape}"


def joined(names: Iterable[object]) -> str:
    """Names in one line, for messages.

    Examples
    --------
    >>> joined(["weight", "bias"])
    'weight, bias'
    """
    return ", ".join(str(name) for name in names)


def brief(value: object) -> str:
    """What a value looks like, in one line of at most 60 characters, for messages.

    Examples
    --------
    >>> brief("abc"), brief(list(range(100)))
    ("'abc'", '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16...')
    """
    if hasattr(value, "describe") and not isinstance(value, type):
        return str(value.describe())
    text = " ".join(repr(value).split())
    if " at 0x" in text:  # an address says nothing, and differs from run to run
        return getattr(value, "__name__", "") or f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def check_positive(owner: str, name: str, value: object, *, zero: bool = False, why: str = "") -> float:
    """Return `value` as a float, or raise an error that names the setting.

    Raises
    ------
    KindError
        If `value` is not a number.
    ArgumentError
        If it is negative, NaN or infinite, or zero where zero makes no sense.
    """
    try:
        number = float("word" if isinstance(value, str) else value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise KindError(f"{owner}: {name} should be a number, not {brief(value)}.") from None
    if not (number >= 0 if zero else number > 0) or number == float("inf"):
        least = "0 or more" if zero else "more than 0"
        raise ArgumentError(f"{owner}: {name} should be {least} and finite, not {value!r}.{' ' + why if why else ''}")
    return number


def check_whole(owner: str, name: str, value: object, *, least: int = 1, why: str = "") -> int:
    """Return `value` as an int of at least `least`, or raise an error that names the setting.

    Raises
    ------
    KindError
        If `value` is not a whole number.
    ArgumentError
        If it is smaller than `least`.
    """
    try:
        number = int(value)  # type: ignore[call-overload]
        whole = number == value and not isinstance(value, bool)
    except (TypeError, ValueError):
        whole = False
    if not whole:
        raise KindError(f"{owner}: {name} should be a whole number, not {brief(value)}.")
    if number < least:
        more = " " + why if why else ""
        raise ArgumentError(f"{owner}: {name} should be {least} or more, not {number}.{more}")
    return int(number)
