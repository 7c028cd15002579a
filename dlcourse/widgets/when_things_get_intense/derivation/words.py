"""What `Derivation` says: where one starts, and then line by line."""

from __future__ import annotations

from dlcourse.errors import counted
from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.chain.notation import index, weight_name
from dlcourse.widgets.when_things_get_intense.derivation.lines import SAID, SLIPS, quotient, values
from dlcourse.widgets.when_things_get_intense.derivation.state import LINES, DerivationState
from dlcourse.widgets.when_things_get_intense.numbers import PathsResult

__all__ = ["describe"]


def describe(state: DerivationState, result: PathsResult) -> str:
    """The line of now, or what the letters stand for."""
    r, k = result, state.shown
    if state.hides:
        return "The slide's derivation in eight lines, as it is printed. The numbers appear when you have chosen."
    if not k:
        sigma = "" if state.model is not None else f"σ is {state.activation}, x₁ = {n(state.x1, 2)}, "
        slips = "" if not state.with_slips else (
            f"Lines 1, 3 and 4 are as printed, with a slip each; line 4 comes to {n(quotient(r, state.h))}. "
        )  # fmt: skip
        return (
            f"∂s{index(r.output)}/∂{weight_name(r.place)} in eight lines, each with its numbers: {n(r.gradient, 6)}, along {counted(r.count, 'path')}. Here {sigma}"
            f"i = {r.place[2] + 1}, j = {r.place[1] + 1}; δ = {n(r.delta)} and a = {n(r.source)}. {slips}The first four lines use "
            f"differences with h = {n(state.h, 2)}. Step goes through the lines."
        )
    text, value = SAID[k - 1], values(r)[k - 1]
    if state.with_slips and k - 1 in SLIPS:
        text = SLIPS[k - 1]
        if k == 4:
            text += f" With h = {n(state.h, 2)}: {n(quotient(r, state.h))} instead of {n(r.gradient)}."
    return f"Line {k} of {LINES}: {text} Value {n(value, 6)}, backpropagation {n(r.gradient, 6)}."
