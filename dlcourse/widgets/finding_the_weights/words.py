"""What `GradientStep` says, and the code that computes the same numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlcourse.errors import counted
from dlcourse.live.numbers import four_digits
from dlcourse.widgets.finding_the_weights.numbers import EXPLODED, StepResult
from dlcourse.widgets.finding_the_weights.state import StepState

__all__ = ["code", "code_results", "describe"]

ERROR_CODE = {
    "one weight": "    return ((w[..., 0:1] * x + {b!r} - y) ** 2).mean(axis=-1)",
    "two weights": "    return ((w[..., 0:1] * x + w[..., 1:2] - y) ** 2).mean(axis=-1)",
    "network": "    hidden = dl.tanh(w[..., 0:4:2, None] * x + w[..., 1:4:2, None])  # two neurons, (..., 2, N)\n"
    "    miss = (w[..., 4:6, None] * hidden).sum(axis=-2) + w[..., 6:7] - y\n"
    "    return (miss * miss).mean(axis=-1)",
    "yours": "    return (w[..., 0] ** 2 - 4) ** 2 / 16 + w[..., 1] ** 2",
}


def describe(state: StepState, result: StepResult) -> str:
    """The place and its slope; what an update promises and brings, unless it is covered."""
    n = four_digits
    slope = f"slope {n(result.gradient[0])}"
    if len(result.weights) > 1:
        slope = f"gradient of length {n(float(np.linalg.norm(result.gradient)))}"
    head = f"Landscape of {state.landscape}, {_place(state, result)}: error {n(result.error)}, {slope}. "
    steps = len(result.errors) - 1
    if state.hides:
        return head + f"A step of {n(state.lr)} promises {n(result.promised)}. The curve is still covered."
    if math.isnan(result.error):
        return head + "This landscape has no height here; Reset, or another w, leads back to where it has one."
    if not result.error < EXPLODED:
        return head + f"It has exploded after {counted(steps, 'update')} of step {n(state.lr)}."
    change = f"A step of {n(state.lr)} promises a change of {n(result.promised)}; really it is {n(result.real)}. "
    if result.at_rest:
        change = f"With step {n(state.lr)} it is at rest. "
    tail = f" {counted(steps, 'update')} so far, the error began at {n(result.errors[0])}." if steps else ""
    return head + change + (_rule(state, result) if state.tells_bound else "The bound is covered.") + tail


def _place(state: StepState, result: StepResult) -> str:
    place = ", ".join(f"{name} = {four_digits(value)}" for name, value in zip(("w", "b"), result.weights, strict=False))
    if state.landscape == "one weight":
        return f"{place} (b stays {four_digits(state.b)})"
    if len(result.weights) > 2:
        return f"the first two of {len(result.weights)} weights {place}"
    return place


def _rule(state: StepState, result: StepResult) -> str:
    if math.isinf(result.bound):
        return "Nothing bends up here, so no step is too large for this place."
    name = "Curvature" if len(result.weights) == 1 else "Largest curvature"
    where = " (here)" if state.view == "slice" or state.own else ""
    top = four_digits(result.curvatures[-1])
    return f"{name} {top}{where}: the bound is 2/{top} = {four_digits(result.bound)}."


def code(state: StepState) -> str:
    """The error, its slope, and one update."""
    lines = ["import numpy as np", "import dlcourse as dl", ""]
    name = "error"
    if not state.own:
        lines += [
            "petals = dl.data.iris().x.astype(float)",
            "x, y = petals[:, 3], petals[:, 2]  # width and length in cm",
            "",
        ]
    if state.own and state.error is not None:
        name = state.error.name
        lines += [f"# {name} is your own function", ""]
    else:
        lines += ["def error(w):", ERROR_CODE[state.landscape].format(b=state.b), ""]
    lines += [
        f"w = np.array({state.weights.tolist()!r})",
        f"value = {name}(dl.Tensor(w)).item()",
        f"(slope,) = dl.gradient({name}, w)",
        f"after = w - {state.lr!r} * slope                      # the update",
        f"promised = -{state.lr!r} * float(slope @ slope)       # along the tangent",
        f"real = {name}(dl.Tensor(after)).item() - value",
        f"curvatures = np.linalg.eigvalsh(dl.hessian({name}, w))",
        "bound = 2 / curvatures[-1] if curvatures[-1] > 1e-9 else np.inf",
    ]
    return "\n".join(lines) + "\n"


def code_results(state: StepState, result: StepResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {
        "value": result.error, "slope": result.gradient, "after": result.after, "promised": result.promised,
        "real": result.real, "bound": result.bound,
    }  # fmt: skip
