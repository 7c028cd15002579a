"""Every error that the course raises on purpose, and how a shape is written in a message.

A message says what was seen, what it means and what to try. Each error is also one of Python's own kinds, so that
``except ValueError`` catches what a reader expects it to catch.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from dlcourse.streams import printable

__all__ = [
    "ArgumentError",
    "CourseError",
    "DataError",
    "DivergenceError",
    "FileAccessError",
    "FileFormatError",
    "ForgottenZeroGrad",
    "GradientError",
    "LabelError",
    "MissingFileError",
    "MissingPackageError",
    "NoPermissionError",
    "PositionError",
    "ShapeError",
    "UnfinishedError",
    "UnknownNameError",
    "WrongTypeError",
    "axes",
    "a_kind",
    "brief",
    "check_positive",
    "check_whole",
    "closest",
    "counted",
    "joined",
]


class _Printable:
    """Makes sure that a message can be written to any stream, by `print(error)` and when the program ends with it."""

    def __str__(self) -> str:
        return printable(super().__str__())

    def __repr__(self) -> str:
        return printable(super().__repr__())


class CourseError(_Printable, Exception):
    """Anything that `dlcourse` raises on purpose.

    Examples
    --------
    >>> import dlcourse as dl
    >>> try:
    ...     dl.Tensor([1.0, 2.0]) + dl.Tensor([1.0, 2.0, 3.0])
    ... except dl.errors.ShapeError as error:
    ...     print(str(error).split(".")[0], isinstance(error, CourseError), isinstance(error, ValueError))
    add: the shapes (2,) and (3,) do not fit True True
    """

    def add_note(self, note: str) -> None:
        """Add a sentence below the message."""
        super().add_note(printable(note))


class ShapeError(CourseError, ValueError):
    """Arrays whose axes do not fit together; a ValueError. The message names the shapes."""


class ArgumentError(CourseError, ValueError):
    """A setting outside its range, or a name that does not exist; a ValueError."""


class LabelError(CourseError, ValueError):
    """Labels that are not whole numbers from 0 to the number of classes minus 1; a ValueError."""


class PositionError(CourseError, IndexError):
    """An example or entry that does not exist; an IndexError."""


class DataError(CourseError, ValueError):
    """Data that cannot be learned from: empty, NaN, infinite; a ValueError."""


class WrongTypeError(CourseError, TypeError):
    """An object of the wrong type: text for numbers, a list for a tensor; a TypeError."""


KindError = WrongTypeError  # its name until version 0.2; goes with 1.0


class GradientError(CourseError, RuntimeError):
    """A derivative that does not exist or was asked for in the wrong place; a RuntimeError."""


class DivergenceError(GradientError):
    """A gradient that is NaN or infinite, or a step that would make weights NaN or infinite; a RuntimeError. Nothing was changed."""


class FileFormatError(CourseError, ValueError):
    """A file that is broken, truncated, or made for something else; a ValueError."""


class MissingFileError(CourseError, FileNotFoundError):
    """A file or folder that is not there; a FileNotFoundError."""


class MissingPackageError(CourseError, ImportError):
    """A package that only some calls need, and that is not installed; an ImportError."""


class FileAccessError(CourseError, OSError):
    """A file or folder that the system does not let one read or write: the disk is full, the name too long; an OSError."""


class NoPermissionError(FileAccessError, PermissionError):
    """A file or folder that may not be read or written; a PermissionError."""


class UnknownNameError(CourseError, AttributeError):
    """A name that does not exist, often a misspelled one; an AttributeError."""


class UnfinishedError(CourseError, NotImplementedError):
    """A subclass that lacks the method it should define; a NotImplementedError."""


class ForgottenZeroGrad(_Printable, UserWarning):
    """A warning: `backward()` added to gradients that `step()` had already used. Call `zero_grad()` before each backward pass."""


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


def counted(number: int, thing: str) -> str:
    """A number and what is counted, for messages.

    Examples
    --------
    >>> counted(1, "feature"), counted(36, "feature"), counted(2, "axis")
    ('1 feature', '36 features', '2 axes')
    """
    many = "axes" if thing == "axis" else thing + "s"
    return f"{number} {thing if number == 1 else many}"


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or "": small letters, underscores and single letters do not count.

    Examples
    --------
    >>> closest("crossentropy", ["cross_entropy", "hinge"]), closest("transformer", ["transpose"])
    ('cross_entropy', '')
    """
    import difflib

    plain = {word.lower().replace("_", ""): word for word in known}
    matches = difflib.get_close_matches(name.lower().replace("_", ""), plain, 1, cutoff=0.75)
    return plain[matches[0]] if matches else ""


def brief(value: object) -> str:
    """What a value looks like, in one line of at most 60 characters, for messages.

    Examples
    --------
    >>> brief("abc"), brief(list(range(100)))
    ("'abc'", '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, …')
    >>> brief(len), brief(float), brief(lambda x: x)
    ('the function len', 'the class float', 'a lambda')
    >>> brief(10**80), brief(object())
    ('an int', 'an object')
    """
    name = str(getattr(value, "__name__", ""))
    if isinstance(value, type):
        return f"the class {name}"
    if name and (callable(value) or isinstance(value, ModuleType)):
        kind = "module" if isinstance(value, ModuleType) else "function"
        return "a lambda" if name == "<lambda>" else f"the {kind} {name}"
    if hasattr(value, "ndim") and (value.ndim or hasattr(value, "op")):  # an array or a tensor
        op = getattr(value, "op", None)
        kind, origin = "an array" if op is None else "a tensor", f", from {op}" if op else ""
        return f"{kind} of shape {value.shape}{origin}"  # type: ignore[attr-defined]
    if isinstance(value, (list, tuple)) and value and all(hasattr(part, "op") for part in value):
        return f"a list of {counted(len(value), 'tensor')}"
    if hasattr(value, "describe"):
        return str(value.describe())
    text = " ".join(repr(value).split())
    if " at 0x" in text:  # an address says nothing, and differs from run to run
        return a_kind(value)
    if len(text) <= 60:
        return text
    return text[:59] + "…" if isinstance(value, (str, list, tuple, dict)) else a_kind(value)


def a_kind(value: object) -> str:
    """The type of a value with its article.

    Examples
    --------
    >>> a_kind(5), a_kind({})
    ('an int', 'a dict')
    """
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def check_positive(owner: str, name: str, value: object, *, zero: bool = False, why: str = "") -> float:
    """Return `value` as a float, or raise an error that names the setting.

    Parameters
    ----------
    owner, name : str
        Whose setting it is, and what it is called.
    value : object
    zero : bool
        Whether 0 is allowed.
    why : str
        A sentence for the end of the message.

    Raises
    ------
    WrongTypeError
        If `value` is not a number.
    ArgumentError
        If it is negative, NaN or infinite, or zero where zero makes no sense.

    Examples
    --------
    >>> check_positive("Adam", "lr", 1)
    1.0
    """
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = None
    if number is None or isinstance(value, str):  # Python would read "0.1" as a number
        raise WrongTypeError(f"{owner}: {name} should be a number, not {brief(value)}.")
    if not (number >= 0 if zero else number > 0) or number == float("inf"):
        least = "0 or more" if zero else "more than 0"
        raise ArgumentError(
            f"{owner}: {name} should be {least} and finite, not {brief(value)}.{' ' + why if why else ''}"
        )
    return number


def check_whole(owner: str, name: str, value: object, *, least: int = 1, why: str = "") -> int:
    """Return `value` as an int of at least `least`, or raise an error that names the setting.

    Parameters
    ----------
    owner, name : str
        Whose setting it is, and what it is called.
    value : object
    least : int
        The smallest that is allowed.
    why : str
        A sentence for the end of the message.

    Raises
    ------
    WrongTypeError
        If `value` is not a whole number.
    ArgumentError
        If it is smaller than `least`.

    Examples
    --------
    >>> check_whole("conv2d", "stride", 2.0)
    2
    """
    try:
        number = int(value)  # type: ignore[call-overload]
        whole = number == value and not isinstance(value, bool)
    except (TypeError, ValueError):
        whole = False
    if not whole:
        raise WrongTypeError(f"{owner}: {name} should be a whole number, not {brief(value)}.")
    if number < least:
        more = " " + why if why else ""
        raise ArgumentError(f"{owner}: {name} should be {least} or more, not {number}.{more}")
    return int(number)
