"""What `Paths` says, view by view."""

from __future__ import annotations

import numpy as np

from dlcourse.calculus import work
from dlcourse.errors import counted
from dlcourse.live.numbers import grouped
from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.when_things_get_intense.lines import LINES, SLIPS, quotient, values
from dlcourse.widgets.when_things_get_intense.notation import index, weight_name
from dlcourse.widgets.when_things_get_intense.numbers import MOST_PATHS, PathsResult
from dlcourse.widgets.when_things_get_intense.state import PathsState

__all__ = ["describe"]


def describe(state: PathsState, result: PathsResult) -> str:
    """What is seen, in numbers."""
    return _SENTENCES[state.view](state, result)


def _who(state: PathsState, r: PathsResult) -> str:
    return f"{weight_name(r.place)} = {n(r.weight)}, from neuron {r.place[1] + 1} to neuron {r.place[2] + 1}, and s{index(r.output)} = {n(r.score)}"


def _paths(state: PathsState, r: PathsResult) -> str:
    if state.hides:
        return f"{_who(state, r)} of a network with the layers {', '.join(map(str, r.sizes))}. How many paths lead from one to the other?"
    if r.count == 0:
        return f"{_who(state, r)}: no path leads from one to the other, so the derivative is 0."
    ways = "1 path leads" if r.count == 1 else f"{grouped(r.count)} paths lead"
    head = f"{_who(state, r)}: {ways} from one to the other. "
    if r.paths is None:
        cost = work(r.sizes[r.place[0] :])
        return (
            head
            + f"Too many to list (up to {grouped(MOST_PATHS)} are): {grouped(cost.by_paths)} multiplications. Backpropagation "
            f"needs {grouped(work(r.sizes).by_backward)} for all weights, and finds {n(r.gradient)}; a central difference says {n(r.difference)}."
        )
    k = state.reached
    if k:
        route = " → ".join(str(one + 1) for one in r.paths.neurons[k - 1])
        share, so_far = r.paths.products[k - 1], float(r.paths.products[:k].sum())
        head += f"Path {k}, by the neurons {route}, brings {n(share)}; {k} of {r.count} sum to {n(so_far)}. "
    return head + (
        f"Sum over all paths {n(r.paths.total, 6)}, backpropagation {n(r.gradient, 6)}, "
        f"central difference with h = {n(state.h, 2)}: {n(r.difference, 6)}."
    )


def _derivation(state: PathsState, r: PathsResult) -> str:
    k = state.reached
    if not k:
        sigma = "" if state.model is not None else f"σ is {state.activation}, "
        return (
            f"∂s{index(r.output)}/∂{weight_name(r.place)} in eight lines, each with its numbers: {n(r.gradient, 6)}. Here {sigma}"
            f"i = {r.place[2] + 1}, j = {r.place[1] + 1}; δ = {n(r.delta)} and a = {n(r.source)}. The first three lines are "
            f"measured with h = {n(state.h, 2)}. Step goes through the lines."
        )
    text = LINES[k - 1]
    if state.printed and state.as_slide and k - 1 in SLIPS:
        text = SLIPS[k - 1]
        if k == 4:
            text += f" With h = {n(state.h, 2)}: {n(quotient(r, state.h))} instead of {n(r.gradient)}."
    return f"Line {k} of {len(LINES)}: {text} Value {n(values(r)[k - 1], 6)}, backpropagation {n(r.gradient, 6)}."


def _count(state: PathsState, r: PathsResult) -> str:
    d = min(len(state.sizes) - 2, len(r.works))
    one = r.works[max(d, 1) - 1]
    what = (
        f"{counted(d, 'hidden layer')} of {state.width}"
        if state.model is None
        else f"Layers {', '.join(map(str, state.sizes))}"
    )
    head = f"{what}: {grouped(one.paths)} path{'s' if one.paths != 1 else ''} from one weight of the first layer to one output"
    if state.hides:
        return head + ". What backpropagation needs is still covered."
    weights = sum(a * b for a, b in zip(r.sizes, r.sizes[1:], strict=False))
    return head + (
        f", {grouped(one.by_paths)} multiplications along them, for this one derivative. Backpropagation has the derivatives "
        f"by all {grouped(weights)} weights after {grouped(one.by_backward)}."
    )


def _jacobian(state: PathsState, r: PathsResult) -> str:
    assert r.jacobian is not None and r.stretches is not None
    rows, columns = r.jacobian.shape
    if state.hides:
        return f"The Jacobian, ({rows}, {columns}): a row an output, a column an input. How many backward passes does it take?"
    listed = " and ".join(n(v, 3) for v in r.stretches[:2])
    more = f" (the two largest of {rows})" if rows > 2 else ""
    return (
        f"The Jacobian, ({rows}, {columns}), at x₁ = {n(state.x1, 2)}: a row an output, a column an input; row {r.output + 1} is one backward pass from s{index(r.output)}. "
        f"J Jᵀ has the eigenvalue{'s' if rows > 1 else ''} {listed}{more}: a move of the input is stretched at most "
        f"{n(float(np.sqrt(max(r.stretches[0], 0))), 3)}-fold. Moves of length {n(state.h, 2)} leave the ellipse that J promises by {n(100 * r.left, 2)} %."
    )


def _hessian(state: PathsState, r: PathsResult) -> str:
    layer, j, i = r.place
    inputs, neurons = r.chain[layer].weight.shape
    second = (layer, state.pair % inputs, state.pair // inputs)
    head = f"Second derivatives of s{index(r.output)} by the {inputs * neurons} weights of layer {layer + 1}, row {weight_name(r.place)}, column {weight_name(second)}"
    if state.hides:
        return head + ". What stands there is still covered."
    assert r.hessian is not None and r.curvatures is not None
    where = "both lead into one neuron" if second[2] == i else "they lead into different neurons"
    ends = f", from {n(r.curvatures[-1], 3)} to {n(r.curvatures[0], 3)}" if r.bent else f": {_straight(state)}"
    entry = float(r.hessian[state.row, state.pair])
    entry = 0.0 if abs(entry) < 1e-10 else entry
    return (
        f"{head}: {n(entry)} ({where}). {r.bent} of {inputs * neurons} eigenvalues are not 0{ends}; "
        f"the layer has {neurons} neuron{'s' if neurons > 1 else ''}."
    )


def _straight(state: PathsState) -> str:
    """Why nothing bends."""
    if state.place[0] == len(state.sizes) - 2:
        return "the score is a straight function of the last weights"
    if state.model is not None:
        return "nothing bends here"
    return "a ReLU has kinks and no bend" if state.activation == "ReLU" else f"{state.activation} does not bend here"


_SENTENCES = {"paths": _paths, "derivation": _derivation, "count": _count, "Jacobian": _jacobian, "Hessian": _hessian}
