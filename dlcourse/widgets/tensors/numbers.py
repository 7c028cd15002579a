"""Numbers of `TensorExplorer`: operations on an array, what each gives, and shapes that one might think come out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.measured import photograph
from dlcourse.errors import ArgumentError, CourseError
from dlcourse.tensor import Tensor
from dlcourse.widgets.tensors.guessing import ERROR, Shape

__all__ = ["OPERATIONS", "TensorResult", "channels", "checked", "explore", "memory", "photo", "pixel_text"]


@dataclass(frozen=True)
class Operation:
    """One thing to do with the array: its code, and shapes that one might think come out."""

    code: Callable[[Shape, int, int], str]
    """From the array's shape and a chosen row and column to an expression in x and np."""
    wrong: Callable[[Shape], list[Any]]
    """Tempting wrong answers for an array of this shape, (H, W, …)."""


def _sizes(shape: Shape) -> tuple[int, int, int]:
    """Height, width and channels; 1 where there is no such axis."""
    h, w, c = (*shape, 1, 1, 1)[:3]
    return h, w, c


OPERATIONS: dict[str, Operation] = {
    "one pixel": Operation(
        lambda s, r, c: f"x[{r}, {c}]", lambda s: [(1, 1, *s[2:]), (), (*s[:1], *s[2:]), ERROR]
    ),
    "one row": Operation(lambda s, r, c: f"x[{r}]", lambda s: [(1, *s[1:]), (s[0], *s[2:]), s, ERROR]),
    "one colour": Operation(lambda s, r, c: "x[:, :, 0]", lambda s: [(*s[:2], 1), s, (*s[2:], *s[:1]), ERROR]),
    "every 4th pixel": Operation(
        lambda s, r, c: "x[::4, ::4]", lambda s: [(s[0] // 4, *[n // 4 for n in s[1:2]], *s[2:]), (4, 4, *s[2:]), s]
    ),
    "a new axis in front": Operation(lambda s, r, c: "x[None]", lambda s: [s, (*s, 1), (0, *s), ERROR]),
    "pixels as rows": Operation(
        lambda s, r, c: f"x.reshape(-1, {_sizes(s)[2]})",
        lambda s: [(s[0], int(np.prod(s[1:]))), (_sizes(s)[2], int(np.prod(s[:2]))), (-1, _sizes(s)[2]), ERROR],
    ),
    "reshape, width first": Operation(
        lambda s, r, c: f"x.reshape{(_sizes(s)[1], _sizes(s)[0], *s[2:])}", lambda s: [s, tuple(reversed(s)), ERROR]
    ),
    "transpose, width first": Operation(
        lambda s, r, c: f"x.transpose{(1, 0, *range(2, len(s)))}", lambda s: [s, tuple(reversed(s)), ERROR]
    ),
    "all axes turned round": Operation(
        lambda s, r, c: "x.T", lambda s: [s, (*s[1:2], *s[:1], *s[2:]), (*s[-1:], *s[:-1]), ERROR]
    ),
    "reshape without a third axis": Operation(
        lambda s, r, c: f"x.reshape{_sizes(s)[:2]}", lambda s: [s[:2], s, (*s[:2], 1), ERROR]
    ),
    "mean colour": Operation(
        lambda s, r, c: "x.mean(axis=(0, 1))", lambda s: [s[:2], (), (1, 1, *s[2:]), ERROR]
    ),
    "mean of the colours": Operation(lambda s, r, c: "x.mean(axis=2)", lambda s: [(*s[:2], 1), s[2:], s, ERROR]),
    "minus the mean colour": Operation(
        lambda s, r, c: "x - x.mean(axis=(0, 1))", lambda s: [s[2:], (*s, *s[2:]), s[:2], ERROR]
    ),
    "times a ramp": Operation(
        lambda s, r, c: f"x * np.linspace(0, 1, {s[0] if s else 1}, dtype=np.float32)",
        lambda s: [s, (*s, *s[:1]), s[:1], ERROR],
    ),
    "times a ramp with axes": Operation(
        lambda s, r, c: f"x * np.linspace(0, 1, {s[0] if s else 1}, dtype=np.float32)[:, None, None]",
        lambda s: [(*s[:1], 1, 1), (*s, 1, 1), s[:1], ERROR],
    ),
}  # fmt: skip


@lru_cache(maxsize=1)
def photo() -> Array:
    """The photograph of a Chinese temple, shape (427, 640, 3)."""
    return photograph("china")


def channels(shape: Shape) -> int:
    """Number of colours of a pixel that can be drawn, at most three."""
    return min(_sizes(shape)[2], 3)


@dataclass(frozen=True)
class TensorResult:
    """What the operation gave: an array, or the library's own error."""

    expression: str
    pixel: Array
    array: Array | None
    message: str
    view: bool
    """Whether the result is a view: it shows the same memory, and takes none of its own."""
    options: tuple[Any, ...]

    @property
    def answer(self) -> Any:
        """The right one of the options."""
        return ERROR if self.array is None else self.array.shape


def explore(x: Array, operation: str, row: int, column: int) -> TensorResult:
    """Do one of the operations with an array.

    Parameters
    ----------
    x : array, shape (H, W, …)
    operation : str
        A key of `OPERATIONS`.
    row, column : int
        The chosen pixel.
    """
    expression = OPERATIONS[operation].code(x.shape, row, column)
    array, message = None, ""
    try:
        # The expressions are those of OPERATIONS, and nothing else.
        array = eval(expression, {"__builtins__": {}}, {"x": Tensor(x), "np": np}).data
    except CourseError as error:
        message = f"{type(error).__name__}: {error}"
    return TensorResult(
        expression=expression,
        pixel=x[row, column],
        array=array,
        message=message,
        view=array is not None and bool(np.shares_memory(array, x)),
        options=_options(operation, x.shape, ERROR if array is None else array.shape),
    )


def _options(operation: str, shape: Shape, answer: Any) -> tuple[Any, ...]:
    """Four answers, the right one among them, in an order that gives nothing away."""
    wrong = [option for option in dict.fromkeys(OPERATIONS[operation].wrong(shape)) if option != answer]
    options = [*wrong[:3]]
    options.insert(sum(map(ord, operation)) % (len(options) + 1), answer)
    return tuple(options)


def pixel_text(values: Array) -> str:
    """As on the slide: [r=0.45 g=0.84 b=0.76]."""
    values = np.ravel(values)
    if values.size == 3:
        return "[" + " ".join(f"{name}={value:.2f}" for name, value in zip("rgb", values, strict=True)) + "]"
    return np.array2string(values[:4], precision=2, threshold=4)


def memory(result: TensorResult) -> str:
    """How much of the computer's memory the result takes."""
    if result.array is None:
        return ""
    if result.view:
        return "a view: no memory of its own"
    size = result.array.nbytes
    return f"{size / 1e6:.2f} MB of its own" if size >= 10_000 else f"{size} bytes of its own"


def checked(array: Any) -> Array:
    """A learner's own array, if it can be explored.

    Raises
    ------
    ArgumentError
        If it has fewer than two axes, or holds no numbers.
    """
    own = Tensor(array).data
    if own.ndim < 2 or not own.size:
        raise ArgumentError(
            f"TensorExplorer: an array with at least two axes is expected, (H, W) or (H, W, C); yours has shape {own.shape}."
        )
    return own
