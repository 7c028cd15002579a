"""Numbers of `Broadcast`: two shapes, what becomes of each axis, and which cells are copies."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import ArgumentError, CourseError
from dlcourse.ops.elementwise import add
from dlcourse.widgets.tensors.guessing import ERROR, Shape

__all__ = [
    "LARGEST",
    "LONGEST",
    "MOST",
    "PAIRS",
    "SHAPES",
    "BroadcastResult",
    "Sizes",
    "bring_together",
    "numbered",
    "shape_of",
]

Sizes = tuple[int | None, int | None, int | None]
"""Sizes of one axis of a, of b, and of the sum; None where there is no axis, or no sum."""
MOST = 5
"""Axes of the longest shape."""
LONGEST, LARGEST = 9_999, 2_000_000
"""The longest axis of a shape, and the most numbers in it."""
FEW = 99
"""An array of so many numbers or fewer has them written into its cells."""
SHAPES: dict[str, Shape] = {
    str(shape): shape
    for shape in (
        (), (3,), (4,), (4, 1), (1, 3), (4, 3), (3, 4), (2, 4, 3), (2, 1, 3), (64,), (32, 64), (32, 1), (32,),
        (640, 3), (427, 1, 1), (427,), (427, 640, 3),
    )
}  # fmt: skip
PAIRS = (
    ("(4, 1)", "(3,)"), ("(427, 640, 3)", "(3,)"), ("(427, 640, 3)", "(427,)"), ("(427, 640, 3)", "(427, 1, 1)"),
    ("(32, 64)", "(64,)"), ("(32, 64)", "(32,)"), ("(32, 64)", "(32, 1)"), ("(32, 1)", "(32,)"),
    ("(2, 1, 3)", "(4, 3)"), ("(2, 4, 3)", "(4,)"), ("(4, 3)", "()"),
)  # fmt: skip
"""What "Next pair" goes through."""


@dataclass(frozen=True)
class BroadcastResult:
    """The common shape, or the library's own error, and for each axis from the left what happens to it."""

    shape: Shape | None
    message: str
    columns: tuple[Sizes, ...]
    options: tuple[Any, ...]
    """Answers to choose from."""
    reasons: tuple[str, ...]
    """For each option why it is wrong; nothing for the right one."""
    arrays: tuple[Array, Array, Array] | None
    """a, b and a + b where they are small enough to be read."""

    @property
    def answer(self) -> Any:
        """The right one of the options."""
        return ERROR if self.shape is None else self.shape


def shape_of(given: Any, name: str) -> Shape:
    """A shape from a tuple, a list, a number or what is typed.

    Raises
    ------
    ArgumentError
        If it is none, or too large.

    Examples
    --------
    >>> shape_of("5, 1, 2", "a"), shape_of([6, 1], "b"), shape_of("()", "a"), shape_of(4, "b")
    ((5, 1, 2), (6, 1), (), (4,))
    """
    shape = given
    if isinstance(given, str):
        try:
            shape = ast.literal_eval(given.strip() or "()")
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            shape = None
    shape = (shape,) if isinstance(shape, (int, np.integer)) and not isinstance(shape, bool) else shape
    listed = isinstance(shape, (tuple, list)) and all(isinstance(size, (int, np.integer)) for size in shape)
    if not listed or not all(0 < size <= LONGEST for size in shape) or len(shape) > MOST or prod(shape) > LARGEST:
        raise ArgumentError(
            f"Broadcast: {name} should be a shape of up to {MOST} whole numbers from 1 to {LONGEST}, such as (4, 1), "
            f"for at most {LARGEST:,} numbers, not {given!r}."
        )
    return tuple(int(size) for size in shape)


def numbered(shape: Shape, step: int) -> Array:
    """The numbers `step`, 2 · `step`, 3 · `step` … in this shape."""
    return step * np.arange(1, prod(shape) + 1).reshape(shape)


def bring_together(a: Shape, b: Shape) -> BroadcastResult:
    """Add two arrays of these shapes, and say what happens to each axis.

    Examples
    --------
    >>> bring_together((4, 1), (3,)).columns
    ((4, None, 4), (1, 3, 3))
    """
    shape, message, arrays = None, "", None
    try:
        shape = np.broadcast_shapes(a, b)
    except ValueError:
        try:
            add(np.zeros(a, np.uint8), np.zeros(b, np.uint8))
        except CourseError as error:
            message = f"{type(error).__name__}: {error}"
    if max(prod(a), prod(b)) <= FEW:
        first, second = numbered(a, 10), numbered(b, 1)
        arrays = first, second, np.empty(0) if shape is None else add(first, second).data
    axes = max(len(a), len(b))
    columns = tuple((_size(a, i - axes), _size(b, i - axes), None if shape is None else shape[i]) for i in range(axes))
    answer = ERROR if shape is None else shape
    options = _options(a, b, answer)
    reasons = tuple("" if option == answer else _reason(a, b, option, answer) for option in options)
    return BroadcastResult(
        shape=shape, message=message, columns=columns, options=options, reasons=reasons, arrays=arrays
    )


def _size(shape: Shape, axis: int) -> int | None:
    """Of an axis counted from the right, -1 the last; None where there is none."""
    return shape[axis] if -axis <= len(shape) else None


def _options(a: Shape, b: Shape, answer: Any) -> tuple[Any, ...]:
    """Four answers, the right one and the error among them, in an order that gives nothing away."""
    tempting = [_from_the_left(a, b), (*a, *b), a, b, (*a[:-1], *b[-1:]), (1,), (2,)]
    wrong = [shape for shape in dict.fromkeys(tempting) if shape != answer and shape is not None and len(shape) <= MOST]
    options = [*wrong[: 3 if answer == ERROR else 2], *([] if answer == ERROR else [ERROR])]
    options.insert((sum(a) + 2 * sum(b) + len(a)) % (len(options) + 1), answer)
    return tuple(options)


def _from_the_left(a: Shape, b: Shape) -> Shape | None:
    """What would come out if shapes were aligned at their first axes: what many expect."""
    n = max(len(a), len(b))
    pairs = list(zip(a + (1,) * (n - len(a)), b + (1,) * (n - len(b)), strict=True))
    fits = all(i == j or 1 in (i, j) for i, j in pairs)
    return tuple(j if i == 1 else i for i, j in pairs) if fits else None


def _reason(a: Shape, b: Shape, said: Any, answer: Any) -> str:
    """Why a wrong answer is wrong: the axis, counted from the right, where it goes astray."""
    if said == ERROR:
        return "In each axis the sizes are equal, or one is 1 or missing: it fits."
    hint = "Aligned at the left it would be so. " if said == _from_the_left(a, b) and len(a) != len(b) else ""
    if answer == ERROR:
        axis = next(axis for axis in _axes(a, b) if _clash(_size(a, axis), _size(b, axis)))
        return f"{hint}In axis {axis}, {a[axis]} meets {b[axis]}; they differ, and neither is 1."
    if len(said) > len(answer):
        return f"{hint}The sum has no more axes than the longer of the two shapes, {len(answer)}."
    axis = next(axis for axis in _axes(said, answer) if _size(said, axis) != _size(answer, axis))
    sizes = [_size(shape, axis) or "no axis" for shape in (a, b)]
    return f"{hint}In axis {axis}, {sizes[0]} meets {sizes[1]}: that gives {answer[axis]}."


def _axes(one: Sequence[int], other: Sequence[int]) -> range:
    """From the last axis to the first of the longer shape."""
    return range(-1, -max(len(one), len(other)) - 1, -1)


def _clash(one: int | None, other: int | None) -> bool:
    """Whether two sizes of one axis cannot be brought together."""
    return one is not None and other is not None and one != other and 1 not in (one, other)
