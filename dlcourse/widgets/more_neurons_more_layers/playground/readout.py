"""What stands in the picture in words: what the large map shows, and below the network its settings and numbers."""

from __future__ import annotations

import textwrap

from dlcourse.errors import counted
from dlcourse.live.numbers import lowered, percent, summand
from dlcourse.live.numbers import spelled_out as n
from dlcourse.widgets.more_neurons_more_layers.playground.data import CLASS_NAMES, FEATURES
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import PlaygroundResult
from dlcourse.widgets.more_neurons_more_layers.playground.problems import NUMBERS
from dlcourse.widgets.more_neurons_more_layers.playground.state import PlaygroundState

__all__ = ["above_map", "loss_name", "neuron", "origin", "pace", "readout", "rule", "weight_name"]


def neuron(state: PlaygroundState, layer: int, j: int) -> str:
    """What a neuron is called; layers counted from 1, 0 being the inputs."""
    if layer == 0:
        return list(FEATURES.values())[j][0]
    if layer <= len(state.widths):
        return f"neuron {j + 1} of layer {layer}"
    return "the output" if state.run.plan.outputs == 1 else f"output {j + 1}"


def weight_name(state: PlaygroundState) -> str:
    """What the chosen weight is called."""
    layer, i, j = state.weight
    target = neuron(state, layer + 1, j)
    if i < 0:
        return f"bias of {target}"
    return f"weight from {neuron(state, layer, state.used[i] if layer == 0 else i)} to {target}"


def origin(state: PlaygroundState) -> str:
    """Where the points come from."""
    if state.data != "yours":
        return f"{state.data} (noise {state.noise:.2f}, seed {state.seed})"
    parts = [f"noise {state.own_noise:.2f}"] if state.own_noise else []
    parts += [f"the first {state.own_n} of them"] if state.own_n else []
    return "your own points" + (f" ({', '.join(parts)})" if parts else "")


def loss_name(state: PlaygroundState) -> str:
    """The loss in words: numbers have no cross-entropy and no hinge."""
    return "squared error" if state.data in NUMBERS and state.loss in ("cross-entropy", "hinge") else state.loss


def rule(state: PlaygroundState) -> str:
    """How it is trained, in one line."""
    parts = [f"{state.optimizer}, learning rate {state.lr:.3g}, batch {state.batch}, {loss_name(state)}"]
    parts += [f"L1 {state.l1:g}"] if state.l1 else []
    parts += [f"L2 {state.l2:g}"] if state.l2 else []
    parts += [f"dropout {state.dropout:g}"] if state.dropout else []
    parts += ["softmax for two classes too"] if state.softmax and state.shown.classes == 2 else []
    return ", ".join(parts)


def pace(state: PlaygroundState) -> str:
    """How fast Play trains."""
    return f"{counted(state.pace, 'step')} a frame"


def above_map(state: PlaygroundState, result: PlaygroundResult) -> str:
    """What the large map shows, and how much of it is right."""
    look = state.looked_at
    name = "the output" if look is None else neuron(state, *look)
    if state.hover is None and state.focus is not None:
        name += " (press o to let go)"
    if result.right is None:
        return f"{name}\n"
    train, unseen = (percent(share) for share in result.right)
    return f"{name}\nthe network: {train} right, {unseen} of the unseen"


def readout(state: PlaygroundState, result: PlaygroundResult, width: int) -> str:
    """Progress, settings, trouble, and the numbers of what is looked at, wrapped to lines of this many letters."""
    run = state.run
    seen = int(state.shown.seen.sum())
    epochs = run.seen / seen if seen else 0.0
    head = f"step {run.steps:,} · epoch {epochs:.1f} · {pace(state)} · {rule(state)}"
    head += f" · {origin(state)}" if state.own_noise or state.own_n else ""
    lines = textwrap.wrap(head, width)
    if run.trouble:
        lines += textwrap.wrap(run.trouble, width)
    else:
        lines += textwrap.wrap(_sum_of(state, result), width)[:2]
        lines += textwrap.wrap(_chosen(state, result), width)
    room = 4 if width > 90 else 8
    return "\n".join(lines[:room])


def _sum_of(state: PlaygroundState, result: PlaygroundResult) -> str:
    """The arithmetic of the neuron that is looked at, with the gradient of each of its weights."""
    look = state.looked_at
    if look is None or look[0] == 0:
        look = (state.weight[0] + 1, state.weight[2])
    layer, j = look
    weights, bias = result.weights[layer - 1]
    slopes, slope = result.gradients[layer - 1]
    names = [_letter(state, layer - 1, i) for i in range(len(weights))]
    terms = " ".join(f"{summand(w)}·{name}" for w, name in zip(weights[:, j], names, strict=True))
    function = "" if layer > len(state.widths) else f", then {state.activation}"
    uphill = ", ".join(n(float(g)) for g in slopes[:, j])
    return f"{neuron(state, layer, j)}: {terms} {summand(bias[j])}{function}   gradient: {uphill}; {n(float(slope[j]))}"


def _letter(state: PlaygroundState, layer: int, i: int) -> str:
    if layer == 0:
        return list(FEATURES.values())[state.used[i]][0]
    return f"h{lowered(i + 1)}"


def _chosen(state: PlaygroundState, result: PlaygroundResult) -> str:
    gradient = float(state.run.entry(state.weight, result.gradients)[0])
    value = float(state.run.entry(state.weight, result.weights)[0])
    return (
        f"chosen: {weight_name(state)} = {n(value)}, gradient {n(gradient)} · a click adds {CLASS_NAMES[state.brushed]}"
    )
