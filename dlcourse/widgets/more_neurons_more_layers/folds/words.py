"""What `Folds` says, and the code that computes the same sum."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import counted, joined
from dlcourse.widgets.more_neurons_more_layers.folds.numbers import GRID, LEFT, RIGHT, TARGETS, FoldsResult, weights
from dlcourse.widgets.more_neurons_more_layers.folds.state import FoldsState

__all__ = ["code", "code_results", "describe", "number_of_bends"]


def number_of_bends(bends: Array) -> str:
    """How many there are, in words."""
    return "no bend" if len(bends) == 0 else "1 bend" if len(bends) == 1 else f"{len(bends):,} bends"


def describe(state: FoldsState, result: FoldsResult) -> str:
    """How often the output bends, and what the chosen unit is."""
    units = counted(state.units, "ReLU unit")
    where = "in one layer" if state.layers == 1 else f"in each of {state.layers} equal layers"
    text = f"{units} {where}: the output has {number_of_bends(result.bends)}"
    if 0 < len(result.bends) <= 6:
        text += f", at x = {joined(f'{x:.2f}' for x in result.bends)}"
    if state.tells:
        text += f"; more than {result.bound:,} it can never have"
    side = "left" if state.left else "right"
    text += (
        f". Unit {state.unit} is flat up to its kink at {state.kink:.2f} and opens to the {side} with slope "
        f"{state.slope:.2f}. The output bias is {state.base:.2f}."
    )
    if result.error is not None:
        text += f" Mean squared distance to the {state.target}: {result.error:.4f}."
    return text.replace("-", "−")


def code(state: FoldsState) -> str:
    """The layer as arrays, repeated, and the distance to what one tries to reach."""
    w, b, v = weights(state.used)
    text = (
        "import numpy as np\nimport dlcourse as dl\n\n"
        f"w = np.array({w.tolist()})  # (1, K)\nb = np.array({b.tolist()})  # (K,)\n"
        f"v = np.array({v.tolist()})  # (K, 1)\nc = {float(state.base)!r}\n"
        f"x = np.linspace({LEFT}, {RIGHT}, {GRID})[:, None]  # (N, 1)\n"
        "y = x\n"
        f"for layer in range({state.layers}):\n"
        "    h = dl.relu(dl.matmul(y, w) + b)  # (N, K)\n"
        "    y = dl.matmul(h, v) + c  # (N, 1)\n"
        "total = y.numpy()[:, 0]\n"
    )
    if TARGETS[state.target]:
        corners = np.round(TARGETS[state.target], 6).T.tolist()
        text += (
            f"inside = (x[:, 0] >= 0) & (x[:, 0] <= 1)\naim = np.interp(x[inside, 0], {corners[0]}, {corners[1]})\n"
            "error = dl.squared_error(total[inside], aim).item()\nprint(error)\n"
        )
    return text


def code_results(state: FoldsState, result: FoldsResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {"total": result.total} | ({} if result.error is None else {"error": result.error})
