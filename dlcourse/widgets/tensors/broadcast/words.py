"""What `Broadcast` says, and the code that computes the same."""

from __future__ import annotations

from math import prod
from typing import Any

from dlcourse.errors import counted
from dlcourse.widgets.tensors.broadcast.numbers import BroadcastResult
from dlcourse.widgets.tensors.broadcast.state import BroadcastState
from dlcourse.widgets.tensors.guessing import listed, score, verdict

__all__ = ["code", "code_results", "describe", "explained"]


def describe(state: BroadcastState, result: BroadcastResult) -> str:
    """The question before the guess, the answer and its reason after it."""
    a, b = state.shapes
    head = f"a has shape {a}, b has shape {b}"
    if state.trouble:
        return f"{state.trouble} {head}, as before."
    if state.chosen is None:
        return f"{head}. Which shape has a + b? {listed(result.options)}."
    head += ". " if state.typed else f". {verdict(result.options, result.answer, state.chosen)}: "
    told = "" if state.typed else f"{score(state.answers)}."
    tail = " ".join(text for text in (result.reasons[state.chosen], told) if text)
    if result.shape is None and state.typed:
        return f"{head}They do not fit. {result.message}"
    if result.shape is None:
        return f"{head}they do not fit. {result.message} {tail}"
    total = prod(result.shape)
    copies = [total - prod(shape) for shape in (a, b)]
    made = [
        f"{name} gets {count:,} {'copy' if count == 1 else 'copies'}"
        for name, count in zip("ab", copies, strict=True)
        if count
    ]
    numbers = counted(total, "number") if total < 10_000 else f"{total:,} numbers"
    stretched = f"; {' and '.join(made)}" if made else ""
    made_of = f" made of {prod(a)} and {prod(b)}" if state.typed else ""
    return f"{head}a + b has shape {result.shape}, {numbers}{made_of}{stretched}. {tail}".rstrip()


def explained(state: BroadcastState, result: BroadcastResult) -> str:
    """The line under the picture; the sentence below it has room for more."""
    if all(state.troubles):
        return f"“{state.typed_a.strip()}” and “{state.typed_b.strip()}” are no shapes. The sentence below says why."
    if state.trouble:
        return state.trouble
    if state.chosen is None:
        return "Click the line of your answer, or press its number."
    if result.shape is None:
        return result.message.split(";")[0] + "."
    told = (
        result.reasons[state.chosen]
        or "Aligned at the right. A size of 1, or a missing axis, is stretched; equal sizes stay."
    )
    return f"{told} Orange cells are copies." if {*state.shapes} != {result.shape} else told


def code(state: BroadcastState) -> str:
    """The two arrays and their sum, or the error."""
    (a, b), result = state.shapes, state.compute()
    arrays = (
        f"a, b = np.zeros({a}, np.uint8), np.zeros({b}, np.uint8)\n"
        if result.arrays is None
        else f"a = 10 * np.arange(1, {prod(a) + 1}).reshape({a})\nb = np.arange(1, {prod(b) + 1}).reshape({b})\n"
    )
    return (
        f"import numpy as np\nimport dlcourse as dl\n\n{arrays}fits = True\n"
        "try:\n    sums = dl.add(a, b).numpy()\n    shape = sums.shape\n    print(shape)\n"
        "except dl.errors.CourseError as error:\n"
        "    fits = False\n    print(f'{type(error).__name__}: {error}')\n"
    )


def code_results(state: BroadcastState, result: BroadcastResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    if result.shape is None:
        return {"fits": False}
    sums = {} if result.arrays is None else {"sums": result.arrays[2]}
    return {"fits": True, "shape": result.shape, **sums}
