"""Numbers of `TensorExplorer`: operations on an array, what each gives, and shapes that one might think come out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.measured import photograph
from dlcourse.errors import ArgumentError, CourseError
from dlcourse.tensor import Tensor
from dlcourse.widgets.tensors.guessing import ERROR, Shape
from dlcourse.widgets.tensors.operations import OPERATIONS, reason

__all__ = ["TensorResult", "channels", "checked", "explore", "memory", "photo", "pixel_text"]


@lru_cache(maxsize=1)
def photo() -> Array:
    """The photograph of a Chinese temple, shape (427, 640, 3)."""
    return photograph("china")


def channels(shape: Shape) -> int:
    """Number of colours of a pixel that can be drawn, at most three."""
    return min((*shape, 1, 1)[2], 3)


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
    reasons: tuple[str, ...]
    """For each option why it is wrong; nothing for the right one."""

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
    answer = ERROR if array is None else array.shape
    options = _options(operation, x.shape, (row, column), answer)
    return TensorResult(
        expression=expression,
        pixel=x[row, column],
        array=array,
        message=message,
        view=array is not None and bool(np.shares_memory(array, x)),
        options=options,
        reasons=tuple(
            "" if option == answer else reason(operation, x.shape, (row, column), option, answer) for option in options
        ),
    )


def _options(operation: str, shape: Shape, place: tuple[int, int], answer: Any) -> tuple[Any, ...]:
    """Four answers, the right one among them, in an order that gives nothing away."""
    wrong = [option for option in (*OPERATIONS[operation].wrong(shape, *place), ERROR) if option != answer]
    options = [*dict.fromkeys(wrong)][:3]
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
