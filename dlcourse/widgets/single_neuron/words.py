"""What `NeuronExplorer` says: the sentence, the arithmetic beside the picture, and the code."""

from __future__ import annotations

import math
from typing import Any

from dlcourse.activations import ZOO
from dlcourse.errors import counted
from dlcourse.live.numbers import decimals, factor
from dlcourse.widgets.single_neuron.numbers import NeuronResult
from dlcourse.widgets.single_neuron.state import NeuronState

__all__ = ["code", "code_results", "describe", "pace", "sums"]


def sums(state: NeuronState, result: NeuronResult) -> str:
    """From the selected point's inputs to what the neuron says, line by line; with no point, the line as an equation."""
    row = state.editor.row
    w1, w2, b = factor(state.w1), factor(state.w2), factor(state.b)
    if row is None:
        return f"w₁·x₁ + w₂·x₂ + b = 0 is the line:\n{w1}·x₁ + {w2}·x₂ + {b} = 0"
    x1, x2, truth = row
    out = result.output[state.selected]
    verdict = "above" if out > result.threshold else "not above"
    return (
        f"ringed point: x₁ = {factor(x1)}, x₂ = {factor(x2)}\n"
        f"z = w₁·x₁ + w₂·x₂ + b\n"
        f"  = {w1}·{factor(x1)} + {w2}·{factor(x2)} + {b}\n"
        f"  = {decimals(result.z[state.selected], 2)}\n"
        f"f(z) = {decimals(out, 3)}, {verdict} {decimals(result.threshold, 2)}:\n"
        f"says {result.says[state.selected]}, truth {truth}"
    )


def describe(state: NeuronState, result: NeuronResult) -> str:
    """How many points are right, where the border is, and what becomes of the selected point."""
    name = state.activation
    if name == "yours":
        name = "your function" if state.function else "identity (give yours: NeuronExplorer(function=f))"
    text = (
        f"The neuron {name}({factor(state.w1)}·x₁ + {factor(state.w2)}·x₂ + {factor(state.b)}), "
        f"training step {state.lr:.2g}, "
    )
    text += f"after {counted(state.steps, 'step')} of it, " if state.steps else ""
    total = len(result.z)
    if not total:
        return text + "has no points yet. Click in the plane, or press a, to add one."
    whose = "of your" if state.data == "yours" else state.data
    text += f"gets {result.right} of {total} {whose} points right, error {decimals(result.error, 3)}; its border is {border(state, result)}."
    row = state.editor.row
    if row is not None:
        x1, x2, truth = row
        text += (
            f" At the ringed point ({factor(x1)}, {factor(x2)}) z = {decimals(result.z[state.selected], 2)} and the output is "
            f"{decimals(result.output[state.selected], 3)}: it says {result.says[state.selected]}, the truth is {truth}."
        )
    return text


def pace(state: NeuronState) -> str:
    """How many steps of learning have been made, or, before the first, how long they will be."""
    return f"after {counted(state.steps, 'step')}" if state.steps else f"step {state.lr:.2g}"


def border(state: NeuronState, result: NeuronResult) -> str:
    """What separates the two classes."""
    if math.hypot(*state.w) < 1e-9:
        return "no line at all, as both weights are 0"
    lines = len(result.levels)
    return "one line" if lines == 1 else f"{lines} parallel lines" if lines else "nowhere in the picture"


def code(state: NeuronState) -> str:
    """The neuron on all points, and how many it gets right."""
    x, truth = [list(row[:2]) for row in state.shown], [row[2] for row in state.shown]
    return (
        "import numpy as np\nimport dlcourse as dl\n\n"
        f"x = np.array({x!r}).reshape(-1, 2)\ntruth = np.array({truth!r}, int)\n"
        f"w = np.array([[{state.w1!r}], [{state.w2!r}]])\nb = {state.b!r}\n"
        "z = dl.matmul(x, w) + b\n"
        f"{_output(state)}\n"
        f"says = (output > {state.cutoff!r}).astype(int)\n"
        "right = int((says == truth).sum())\nprint(right, 'of', len(truth), 'right')\n"
    )


def _output(state: NeuronState) -> str:
    """The line with the activation, the learner's own by its name."""
    if state.activation == "bump":
        call, remark = "dl.exp(-z * z)", ""
    elif state.activation in ZOO:
        call, remark = f"dl.{ZOO[state.activation].__name__}(z)", ""
    elif state.function is None:
        call, remark = "dl.identity(z)", ""
    else:
        name = getattr(state.function, "__name__", "f").replace("<lambda>", "f")
        call, remark = f"{name}(z)", f"  # {name} is your own function"
    return f"output = np.asarray({call}.data)[:, 0]{remark}"


def code_results(state: NeuronState, result: NeuronResult) -> dict[str, Any]:
    """What the code leaves behind."""
    return {"output": result.output, "says": result.says, "right": result.right}
