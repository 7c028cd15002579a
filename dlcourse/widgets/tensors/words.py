"""What `TensorExplorer` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

from dlcourse.widgets.tensors.guessing import listed, score, verdict
from dlcourse.widgets.tensors.numbers import TensorResult, memory, pixel_text
from dlcourse.widgets.tensors.state import TensorState

__all__ = ["code", "code_results", "describe"]


def describe(state: TensorState, result: TensorResult) -> str:
    """The question before the guess, the answer after it."""
    row, column = state.place
    name = "The photograph" if state.array is None else "Your array"
    head = f"{name} x has shape {state.x.shape}; pixel x[{row}, {column}] is {pixel_text(result.pixel)}. "
    if state.chosen is None:
        return head + f"What is the shape of {result.expression}? {listed(result.options)}."
    head += f"{verdict(result.options, result.answer, state.chosen)}: {result.expression} "
    tail = " ".join(text for text in (result.reasons[state.chosen], f"{score(state.answers)}.") if text)
    if result.array is None:
        return head + f"is an error. {result.message[:330]} {tail}"
    return head + f"has shape {result.answer}, {memory(result)}. {tail}"


def code(state: TensorState) -> str:
    """The operation, and its error where it has one."""
    x = 'dl.data.photograph("china")' if state.array is None else "array"
    result = state.compute()
    lines = f"import numpy as np\nimport dlcourse as dl\n\nx = dl.Tensor({x})\n"
    if result.array is None:
        return lines + (
            "failed = False\ntry:\n"
            f"    {result.expression}\n"
            "except dl.errors.CourseError as error:\n"
            "    failed = True\n    print(f'{type(error).__name__}: {error}')\n"
        )
    return lines + (
        f"y = {result.expression}\nshape, megabytes = y.shape, y.data.nbytes / 1_000_000\n"
        "view = np.shares_memory(x.data, y.data)  # the same memory, seen in another way?\n"
        "print(shape, round(megabytes, 3), 'MB', 'a view' if view else 'its own memory')\n"
    )


def code_results(state: TensorState, result: TensorResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    if result.array is None:
        return {"failed": True}
    return {"shape": result.array.shape, "megabytes": result.array.nbytes / 1_000_000, "view": result.view}
