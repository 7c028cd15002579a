"""What can be done with the array, and what one might think comes out, each with the reason why it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from dlcourse.widgets.tensors.guessing import ERROR, Shape

__all__ = ["OPERATIONS", "Operation", "reason"]


@dataclass(frozen=True)
class Operation:
    """One thing to do with the array: its code, and shapes that one might think come out."""

    code: Callable[[Shape, int, int], str]
    """From the array's shape and a chosen row and column to an expression in x and np."""
    wrong: Callable[[Shape, int, int], Mapping[Any, str]]
    """Tempting answers for an array (H, W, C), and what has that shape; `such` code is run by a test."""


def _sizes(shape: Shape) -> Shape:
    """Height, width and channels; 1 where there is no such axis."""
    return (*shape, 1, 1, 1)[:3]


def _fours(n: int) -> int:
    """The largest multiple of 4 that is not above n."""
    return n // 4 * 4


OPERATIONS: dict[str, Operation] = {
    "one pixel": Operation(
        lambda s, r, c: f"x[{r}, {c}]",
        lambda s, r, c: {
            (1, 1, *s[2:]): f"`x[{r}:{r + 1}, {c}:{c + 1}]` has that shape: slices keep their axes, whole numbers take them away.",
            (): f"`x[{r}, {c}, 0]` has that shape: a third index takes the colours away too.",
            (*s[:1], *s[2:]): f"`x[:, {c}]` has that shape: a whole column of pixels.",
        },
    ),
    "one row": Operation(
        lambda s, r, c: f"x[{r}]",
        lambda s, r, c: {
            (1, *s[1:]): f"`x[{r}:{r + 1}]` has that shape: a slice keeps its axis, a whole number takes it away.",
            (s[0], *s[2:]): f"`x[:, {c}]` has that shape: a column. The first index is the row.",
            s: "`x` has that shape. The index took an axis away.",
        },
    ),
    "one colour": Operation(
        lambda s, r, c: "x[:, :, 0]",
        lambda s, r, c: {
            (*s[:2], 1): "`x[:, :, :1]` has that shape: a slice keeps its axis, a whole number takes it away.",
            s: "`x` has that shape. The 0 took the axis of colours away.",
            s[:1]: "`x[:, 0, 0]` has that shape: a second index takes the width away too.",
        },
    ),
    "every 4th pixel": Operation(
        lambda s, r, c: "x[::4, ::4]",
        lambda s, r, c: {
            (s[0] // 4, *[n // 4 for n in s[1:2]], *s[2:]):
                f"`x[:{_fours(s[0])}:4, :{_fours(_sizes(s)[1])}:4]` has that shape: it leaves out the last of the pixels 0, 4, 8, …",
            (4, 4, *s[2:]): "`x[:4, :4]` has that shape: the first four. After two colons stands the step.",
            s: "`x[::1, ::1]` has that shape: every pixel.",
        },
    ),
    "a new axis in front": Operation(
        lambda s, r, c: "x[None]",
        lambda s, r, c: {
            s: "`x` has that shape. None adds an axis.",
            (*s, 1): "`x[..., None]` has that shape: the new axis stands where None stands.",
            (0, *s): "`x[None][:0]` has that shape: an axis of size 0 holds no numbers at all.",
        },
    ),
    "pixels as rows": Operation(
        lambda s, r, c: f"x.reshape(-1, {_sizes(s)[2]})",
        lambda s, r, c: {
            (s[0], prod(s[1:])): f"`x.reshape({s[0]}, -1)` has that shape: each row of the picture one long row.",
            (_sizes(s)[2], prod(s[:2])): f"`x.reshape(-1, {_sizes(s)[2]}).T` has that shape: the pixels are its columns.",
            (-1, _sizes(s)[2]): "No axis has size -1. It asks for the size that makes the count of numbers come out.",
        },
    ),
    "reshape, width first": Operation(
        lambda s, r, c: f"x.reshape{(_sizes(s)[1], _sizes(s)[0], *s[2:])}",
        lambda s, r, c: {
            s: "`x` has that shape. A reshape gives the shape that it names.",
            s[::-1]: "`x.T` has that shape. A reshape gives the shape that it names.",
            ERROR: "The count of numbers is the same, so a reshape does it. Whether the picture likes it is another matter.",
        },
    ),
    "transpose, width first": Operation(
        lambda s, r, c: f"x.transpose{(1, 0, *range(2, len(s)))}",
        lambda s, r, c: {
            s: "`x` has that shape. Axis 1 comes first now.",
            s[::-1]: "`x.T` has that shape: it turns all axes round.",
            ERROR: "Each axis is named once, in a new order: that can be done with any array.",
        },
    ),
    "all axes turned round": Operation(
        lambda s, r, c: "x.T",
        lambda s, r, c: {
            s: "`x` has that shape. The last axis comes first now.",
            (*s[1:2], *s[:1], *s[2:]): f"`x.transpose{(1, 0, *range(2, len(s)))}` has that shape: only the first two change places.",
            (*s[-1:], *s[:-1]): f"`x.transpose{(len(s) - 1, *range(len(s) - 1))}` has that shape: colours in front, the rest in its old order.",
        },
    ),
    "reshape without a third axis": Operation(
        lambda s, r, c: f"x.reshape{_sizes(s)[:2]}",
        lambda s, r, c: {
            s[:2]: "`x[:, :, 0]` has that shape. A reshape drops no numbers, and here are more than fit.",
            s: "`x` has that shape. A reshape gives the shape that it names, or an error.",
            (*s[:2], 1): "`x[:, :, :1]` has that shape. A reshape drops no numbers, and here are more than fit.",
        },
    ),
    "mean colour": Operation(
        lambda s, r, c: "x.mean(axis=(0, 1))",
        lambda s, r, c: {
            s[:2]: "`x.mean(axis=2)` has that shape: the axes that are named are the ones that go.",
            (): "`x.mean()` has that shape: one mean of everything.",
            (1, 1, *s[2:]): "`x.mean(axis=(0, 1), keepdims=True)` has that shape; without keepdims the axes go.",
        },
    ),
    "mean of the colours": Operation(
        lambda s, r, c: "x.mean(axis=2)",
        lambda s, r, c: {
            (*s[:2], 1): "`x.mean(axis=2, keepdims=True)` has that shape; without keepdims the axis goes.",
            s[2:]: "`x.mean(axis=(0, 1))` has that shape: the axes that are named are the ones that go.",
            s: "`x` has that shape. A mean makes one number of three.",
        },
    ),
    "minus the mean colour": Operation(
        lambda s, r, c: "x - x.mean(axis=(0, 1))",
        lambda s, r, c: {
            s[2:]: "`x.mean(axis=(0, 1))` has that shape: it is what is subtracted, from every pixel.",
            (*s, *s[2:]): "`x[..., None] - x.mean(axis=(0, 1))` has that shape. Here the two axes of colours lie on each other.",
            s[:2]: "`x.mean(axis=2)` has that shape. No axis of x is averaged away here.",
        },
    ),
    "times a ramp": Operation(
        lambda s, r, c: f"x * np.linspace(0, 1, {s[0] if s else 1}, dtype=np.float32)",
        lambda s, r, c: {
            s: f"`x * np.linspace(0, 1, {_sizes(s)[2]})` has that shape. A ramp of {s[0]} meets the last axis, of size {_sizes(s)[2]}.",
            (*s, *s[:1]): f"`x[..., None] * np.linspace(0, 1, {s[0]})` has that shape. Axes are laid on each other, not end to end.",
            s[:1]: f"`np.linspace(0, 1, {s[0]})` has that shape: the ramp alone.",
        },
    ),
    "times a ramp with axes": Operation(
        lambda s, r, c: f"x * np.linspace(0, 1, {s[0] if s else 1}, dtype=np.float32)[:, None, None]",
        lambda s, r, c: {
            (*s[:1], 1, 1): f"`np.linspace(0, 1, {s[0]})[:, None, None]` has that shape: the ramp alone, before it is stretched.",
            (*s, 1, 1): "`x[..., None, None]` has that shape. The None stand in the ramp, and not in x.",
            s[:1]: f"`np.linspace(0, 1, {s[0]})` has that shape: the ramp alone.",
        },
    ),
}  # fmt: skip


def reason(operation: str, shape: Shape, place: tuple[int, int], said: Any, answer: Any) -> str:
    """Why a wrong answer is wrong.

    Parameters
    ----------
    operation : str
        A key of `OPERATIONS`.
    shape : tuple of int
        Of the array.
    place : tuple of int
        The chosen row and column.
    said, answer
        The wrong option and the right one: a shape, or "an error".

    Examples
    --------
    >>> reason("one row", (6, 5, 3), (2, 1), (6, 3), (5, 3))
    'x[:, 1] has that shape: a column. The first index is the row.'
    """
    told = OPERATIONS[operation].wrong(shape, *place).get(said, "") if len(shape) == 3 else ""
    if told:
        return told.replace("`", "")
    if said == ERROR:
        return "It is no error: all sizes fit."
    if answer == ERROR:
        return f"Your array has the shape {shape}, and no way leads from there to {said}."
    return f"That would be {prod(said):,} in {len(said)} axes; it is {prod(answer):,} in {len(answer)}."
