"""What `InitExplorer` says, and the code that computes the same numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from dlcourse.errors import counted
from dlcourse.live.numbers import two_digits
from dlcourse.live.source import plain_source
from dlcourse.widgets.initializations import network
from dlcourse.widgets.initializations.formula import ACTIVATIONS
from dlcourse.widgets.initializations.numbers import RECIPES, UNSEEN, InitResult, sizes
from dlcourse.widgets.initializations.state import InitState

__all__ = ["code", "code_results", "describe", "differ", "drawn", "training"]


def drawn(state: InitState) -> str:
    """How the weights are drawn, in two or three words."""
    if state.kind == "zeros":
        return "all weights 0"
    name = "your weights" if state.kind == "yours" else f"{state.kind} weights"
    return name if state.scale == 1 else f"{name} times {state.scale:g}"


def describe(state: InitState, result: InitResult) -> str:
    """The network, the spread at both ends, the neurons that differ, and what training has made of it."""
    missing = " (For yours, give it: InitExplorer(initializer=mine).)" if state.weights != state.kind else ""
    how = ", uniform" if state.plan.distribution == "uniform" else ""
    text = (
        f"{counted(state.depth, 'hidden layer')} of {state.width} neurons, "
        f"{'no activation' if state.activation == 'none' else state.activation}, {drawn(state)}{how}.{missing} "
    )
    if state.hides_spread:
        first = f"The signal's spread is {two_digits(result.signal[0])} in layer 1. "
        return text + first + "What comes out of the other layers stays covered until you have made your choice."
    text += f"The signal's spread is {two_digits(result.signal[0])} in layer 1 and {two_digits(result.signal[-1])} in layer {state.depth}. "
    if result.gradient[-1]:
        text += f"Of a gradient of 1 in layer {state.depth}, {two_digits(result.gradient[0])} comes back to layer 1. "
    else:
        text += "No gradient comes back to the hidden layers. "
    if not math.isnan(result.factor):
        text += f"By the formula each layer multiplies the spread by {result.factor:.2f}. "
    text += f"Layer {state.layer}: {differ(state, result)}. "
    return text + training(state, result)


def differ(state: InitState, result: InitResult) -> str:
    """How many different neurons the layer has that is looked at, and how many of its neurons are silent."""
    at = state.layer - 1
    silent = f", {result.silent[at]} silent" if result.silent[at] else ""
    return f"{counted(int(result.different[at]), 'different neuron')} of {state.width}{silent}"


def training(state: InitState, result: InitResult) -> str:
    """What the updates have made of the network."""
    run = state.present
    if not run.updates:
        return (
            "It cannot be trained: the first updates would write infinity." if run.burst else "It is not trained yet."
        )
    burst = " The next ones would write infinity." if run.burst else ""
    right, at = f"{result.right:.0%} of {UNSEEN} unseen digits", run.reader.updates
    if at == run.updates:
        return f"After {at} updates the loss is {result.loss:.2f}, and it reads {right}.{burst}"
    when = f"After {at} of its" if at else "Before its"
    return f"{when} {run.updates} updates the loss was {result.loss:.2f}, and it read {right}.{burst}"


def code(state: InitState) -> str:
    """The functions that ran, the weights as they were drawn, and the spreads."""
    plan, run = state.plan, state.present
    own = plan.weights == "yours"
    draw = "initializer" if own else RECIPES[plan.weights].code[plan.distribution == "uniform"]
    functions: list[Callable[..., Any]] = [
        network.data,
        network.network,
        network.spread,
        network.look,
        network.distinct,
    ]
    functions += [network.teach] if run.updates else []
    lines = "import numpy as np\nimport dlcourse as dl\n\n" + (
        f"LR, BATCH = {network.LR}, {network.BATCH}\n" if run.updates else ""
    )
    lines += "\n" + "\n\n".join(plain_source(function) for function in functions)
    lines += (
        f"\n\n(x, y), (unseen, answers) = data()\nf, sizes = {ACTIVATIONS[plan.activation][0]}, {sizes(plan.depth, plan.width)}\n"
        f"draw = {draw}{'  # your own' if own else ''}\nweights, biases = [], []\n"
        "for layer, shape in enumerate(zip(sizes[:-1], sizes[1:])):\n"
        f"    weights.append({plan.scale!r} * draw(shape, rng=np.random.default_rng([{plan.seed}, layer])).astype(float))\n"
        "    biases.append(np.zeros(shape[1]))\n"
    )
    read_at = run.reader.updates
    if read_at:
        lines += f"weights, biases = teach(weights, biases, f, x, y, 0, {read_at})\n"
    if run.updates:
        lines += f"right = (network(unseen[:{UNSEEN}], weights, biases, f)[1].data.argmax(axis=1) == answers[:{UNSEEN}]).mean()\n"
    if run.updates > read_at:
        lines += f"weights, biases = teach(weights, biases, f, x, y, {read_at}, {run.updates})\n"
    first = network.EXAMPLES
    lines += (
        f"signals, gradients = look(weights, biases, f, x[:{first}], y[:{first}])\n"
        "signal, gradient = (spread(np.array(arrays)) for arrays in (signals, gradients))\n"
        "gradient = [g / gradient[-1] if gradient[-1] else 0.0 for g in gradient]\n"
        f"different = distinct(signals[{state.layer - 1}])\n"
    )
    return lines + f"print(signal[-1], gradient[0], different{', right' if run.updates else ''})\n"


def code_results(state: InitState, result: InitResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    left = {"signal": result.signal, "gradient": result.gradient, "different": result.different[state.layer - 1]}
    return left | ({"right": result.right} if state.present.updates else {})
