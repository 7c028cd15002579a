"""What `HessianMatrix` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

from dlcourse.errors import counted
from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.chain.code import network
from dlcourse.widgets.chain.notation import index, weight_name
from dlcourse.widgets.jacobian_and_hessian.hessian.numbers import HessianResult
from dlcourse.widgets.jacobian_and_hessian.hessian.state import HessianState

__all__ = ["code", "code_results", "describe"]


def describe(state: HessianState, result: HessianResult) -> str:
    """The entry of two weights, and how many eigenvalues are not 0."""
    layer, _, i = state.place
    inputs, neurons = result.chain[layer].weight.shape
    head = (
        f"Second derivatives of s{index(state.end)} with respect to the {inputs * neurons} weights of layer {layer + 1}, "
        f"row {weight_name(state.place)} (orange), column {weight_name(state.second)} (green)"
    )
    if state.hides:
        return head + ". What stands there is still covered."
    where = "both lead into one neuron" if state.second[2] == i else "they lead into different neurons"
    ends = (
        f", from {n(float(result.curvatures[-1]), 3)} to {n(float(result.curvatures[0]), 3)}"
        if result.bent
        else f": {straight(state)}"
    )
    return (
        f"{head}: {n(float(result.hessian[state.row, state.pair]))} ({where}). {result.bent} of {inputs * neurons} "
        f"eigenvalues are not 0{ends}; the layer has {counted(neurons, 'neuron')}.{setting(state)}"
    )


def setting(state: HessianState) -> str:
    """Which network it is, and at which input."""
    if state.model is not None:
        return ""
    return f" The network: {state.activation}, layers {', '.join(map(str, state.sizes))}, at x₁ = {n(state.x1, 2)}."


def straight(state: HessianState) -> str:
    """Why nothing bends."""
    if state.place[0] == len(state.sizes) - 2:
        return "the score is a straight function of the last weights"
    if state.model is not None:
        return "nothing bends here"
    return "a ReLU has kinks and no bend" if state.activation == "ReLU" else f"{state.activation} does not bend here"


def code(state: HessianState) -> str:
    """Plain code that runs alone."""
    own = state.model is not None
    neurons, inputs = state.sizes[state.place[0] + 1], state.sizes[state.place[0]]
    bias = "(0 if layer.bias is None else layer.bias.data)" if own else "layer.bias.data"
    lines = [
        f"layer = dense[{state.place[0]}]",
        "at = list(model).index(layer)",
        "a = model[:at](x[None]).data                    # what comes into the layer, (1, K)",
        "def score(w):                                   # all weights into neuron 1 first, as on the slides",
        f"    z = a @ w.reshape({neurons}, {inputs}).T + {bias}",
        *(["    z = z if layer.activation is None else layer.activation(z)"] if own else []),
        f"    return model[at + 1:](z)[0, {state.end}]",
        "H = dl.hessian(score, layer.weight.data.T.ravel())",
    ]
    return "\n".join(network(state) + lines) + "\n"


def code_results(state: HessianState, result: HessianResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {"H": result.hessian}
