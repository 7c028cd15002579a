"""What the Playground says: the sentence, the readout under the network, and the code that rebuilds the network."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import numpy as np

from dlcourse.activations import ZOO
from dlcourse.arrays import Array
from dlcourse.errors import counted
from dlcourse.widgets.more_neurons_more_layers.playground.data import FEATURES, GOLDEN, NUMBERS, PROBLEMS, truth
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import written as n
from dlcourse.widgets.more_neurons_more_layers.playground.picture import CLASS_WORDS
from dlcourse.widgets.more_neurons_more_layers.playground.run import INITIALIZERS, OPTIMIZERS

__all__ = ["above_map", "code", "readout", "sentence", "short"]


def percent(share: float) -> str:
    """A share in whole percent; nothing of nothing is a dash."""
    return "–" if math.isnan(share) else f"{100 * share:.0f} %"


def shape(state: Any) -> str:
    """The network's sizes, inputs first."""
    plan = state.run.plan
    return "-".join(map(str, (len(plan.inputs), *plan.widths, plan.outputs)))


def short(state: Any) -> str:
    """A run in a few words."""
    return f"{shape(state)}, {state.activation}, {state.optimizer} {state.lr:g}"


def neuron(state: Any, layer: int, j: int) -> str:
    """What a neuron is called; layers counted from 1, 0 being the inputs."""
    if layer == 0:
        return list(FEATURES.values())[j][0]
    if layer <= len(state.widths()):
        return f"neuron {j + 1} of layer {layer}"
    return "the output" if state.run.plan.outputs == 1 else f"output {j + 1}"


def weight_name(state: Any) -> str:
    """What the chosen weight is called."""
    layer, i, j = state.weight
    target = neuron(state, layer + 1, j)
    if i < 0:
        return f"bias of {target}"
    return f"weight from {neuron(state, layer, state.used()[i] if layer == 0 else i)} to {target}"


def origin(state: Any) -> str:
    """Where the points come from."""
    if state.data != "yours":
        return f"{state.data} (noise {state.noise:.2f}, seed {state.seed})"
    parts = [f"noise {state.own_noise:.2f}"] if state.own_noise else []
    parts += [f"the first {state.own_n} of them"] if state.own_n else []
    return "your own points" + (f" ({', '.join(parts)})" if parts else "")


def rule(state: Any) -> str:
    """How it is trained, in one line."""
    parts = [f"{state.optimizer}, learning rate {state.lr:.3g}, batch {state.batch}, {state.loss_name()}"]
    parts += [f"L1 {state.l1:g}"] if state.l1 else []
    parts += [f"L2 {state.l2:g}"] if state.l2 else []
    parts += [f"dropout {state.dropout:g}"] if state.dropout else []
    parts += ["softmax for two classes too"] if state.softmax and state.points_shown().classes == 2 else []
    return ", ".join(parts)


def pace(state: Any) -> str:
    """How fast Play trains."""
    return f"{counted(state.pace, 'step')} a frame"


def above_map(state: Any, result: Any) -> str:
    """What the large map shows, and how much of it is right."""
    look = state.looked_at()
    name = "the output" if look is None else neuron(state, *look)
    if result.right is None:
        return f"{name}\n"
    train, unseen = (percent(share) for share in result.right)
    return f"{name}\n{train} right, {unseen} of the unseen"


def readout(state: Any, result: Any, width: int) -> str:
    """Progress, settings, trouble, and the numbers of what is looked at, wrapped to lines of this many letters."""
    run = state.run
    seen = int(state.points_shown().seen.sum())
    epochs = run.seen / seen if seen else 0.0
    head = f"step {run.steps:,} · epoch {epochs:.1f} · {pace(state)} · {rule(state)}"
    head += f" · {origin(state)}" if state.own_noise or state.own_n else ""
    lines = textwrap.wrap(head, width)
    if run.trouble:
        lines += textwrap.wrap(run.trouble, width)
    else:
        lines += textwrap.wrap(_sum_of(state, result), width)[:2]
        lines += textwrap.wrap(_chosen(state, result), width)
    room = 4 if width > 90 else 9
    return "\n".join(lines[:room])


def _sum_of(state: Any, result: Any) -> str:
    """The arithmetic of the neuron that is looked at, with the gradient of each of its weights."""
    look = state.looked_at()
    if look is None or look[0] == 0:
        look = (state.weight[0] + 1, state.weight[2])
    layer, j = look
    weights, bias = result.weights[layer - 1]
    slopes, slope = result.gradients[layer - 1]
    names = [_letter(state, layer - 1, i) for i in range(len(weights))]
    terms = " ".join(f"{_signed(w)}·{name}" for w, name in zip(weights[:, j], names, strict=True))
    function = "" if layer > len(state.widths()) else f", then {state.activation}"
    uphill = ", ".join(n(float(g)) for g in slopes[:, j])
    return f"{neuron(state, layer, j)}: {terms} {_signed(bias[j])}{function}   gradient: {uphill}; {n(float(slope[j]))}"


def _letter(state: Any, layer: int, i: int) -> str:
    if layer == 0:
        return list(FEATURES.values())[state.used()[i]][0]
    return "h" + "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(i + 1))


def _signed(value: float) -> str:
    return ("− " if value < 0 else "+ ") + f"{abs(value):.2f}"


def _chosen(state: Any, result: Any) -> str:
    gradient = float(state.run.entry(state.weight, result.gradients)[0])
    value = float(state.run.entry(state.weight, result.weights)[0])
    return (
        f"chosen: {weight_name(state)} = {n(value)}, gradient {n(gradient)} · a click adds {CLASS_WORDS[_brush(state)]}"
    )


def _brush(state: Any) -> int:
    return int(state.brush[0]) - 1


def sentence(state: Any, result: Any) -> str:
    """All that the picture shows, in words."""
    points, run = state.points_shown(), state.run
    inputs = " ".join(FEATURES[name][0] for name in state.features())
    seen = int(points.seen.sum())
    text = (
        f"{shape(state)} network of {inputs}, {state.activation}, {state.initializer}, on {origin(state)}: {seen} training and "
        f"{len(points.x) - seen} unseen points. {rule(state)}, {pace(state)}. Step {run.steps:,}: "
        f"error {n(result.train)} on training points"
    )
    text += "" if math.isnan(result.test) else f", {n(result.test)} on unseen ones"
    text += f", {n(result.objective)} with penalty" if state.l1 or state.l2 else ""
    if result.right is not None and len(points.x):
        text += f"; {percent(result.right[0])} and {percent(result.right[1])} right"
    text += "." + _remarks(state, result)
    gradient = float(run.entry(state.weight, result.gradients)[0])
    look = state.looked_at()
    text += f" Shown: {neuron(state, *look)}." if look else ""
    return (
        text + f" Chosen: {weight_name(state)}, {n(state.value)} (gradient {n(gradient)}); a click adds "
        f"{CLASS_WORDS[_brush(state)]}."
    )


def _remarks(state: Any, result: Any) -> str:
    """What a learner may wonder about: why it stopped, why nothing moves, whether the kept run was better."""
    run = state.run
    text = ""
    if run.trouble:
        text += " " + run.trouble
    elif len(run.curve) > 3:
        lowest = min(run.curve, key=lambda row: row[3])
        if result.objective > 3 * lowest[3] and result.objective > 1.5 * run.curve[0][3]:
            text += f" It diverges: at step {lowest[0]:,.0f} the error was {n(lowest[3])}. The steps are too large."
    if len(run.plan.widths) and all(not np.any(w) for w, _ in result.weights):
        text += " All weights are 0, so all neurons of a layer are equal and nothing tells them apart."
    elif any(result.dead):
        dead = sum(result.dead)
        text += f" {dead} hidden neuron{'s are' if dead > 1 else ' is'} 0 everywhere (dead)."
    if state.kept is not None and len(state.kept.curve):
        table = np.array(state.kept.curve)
        step = min(run.steps, state.kept.steps)
        text += (
            f" Kept run ({state.kept.name}): {n(float(np.interp(step, table[:, 0], table[:, 1])))} at step {step:,}."
        )
    return text


# Code


def code(state: Any) -> str:
    """Code that makes the points and the network with its present weights, and measures it."""
    plan, recipe, points = state.run.plan, state.recipe(), state.points_shown()
    outputs = plan.outputs
    _, _, loss, aim = truth(state.loss, points.y, points.classes, outputs)
    own = state.function is not None and state.activation == "yours"
    activation = _function_name(state.function) if own else f"dl.{ZOO[plan.activation].__name__}"
    note = f"  # {activation} is your own function\n" if own else ""
    inputs = ", ".join(FEATURES[name][2] for name in plan.inputs)
    text = (
        "import numpy as np\nimport dlcourse as dl\n\n"
        f"# The points: {state.data}\n{_points_code(state)}"
        f"inputs = np.column_stack([{inputs}]).astype(np.float32)\n"
        f"truth = {aim}\n\n"
        f"# The network: {shape(state)}, with its weights after {state.run.steps:,} step{'s' * (state.run.steps != 1)}\n"
        f"rng = np.random.default_rng(0)\n{note}"
        "model = dl.Sequential(\n"
    )
    initializer = INITIALIZERS[plan.initializer][1]
    more = "" if initializer == "dl.glorot_uniform" else f", initializer={initializer}"
    sizes = (len(plan.inputs), *plan.widths)
    for a, b in zip(sizes[:-1], sizes[1:], strict=True):
        text += f"    dl.Dense({a}, {b}, activation={activation}{more}, rng=rng),\n"
        text += f"    dl.Dropout({recipe.dropout!r}, rng=rng),\n" if recipe.dropout else ""
    text += f"    dl.Dense({sizes[-1]}, {outputs}{more}, rng=rng),\n)\nweights = [\n"
    for parameter in state.run.model.parameters():
        text += f"    {_numbers(parameter.data)},\n"
    text += "]\nfor parameter, values in zip(model.parameters(), weights):\n    parameter.data[...] = values\n\n"
    text += (
        f"outputs = dl.predict(model, inputs)\nloss = dl.{loss}\n"
        if len(points.x)
        else f"outputs = np.zeros((0, {outputs}))\nloss = dl.{loss}\n"
    )
    for name, which, present in (("train", "seen", points.seen.any()), ("test", "~seen", (~points.seen).any())):
        if present:
            text += f"{name}_error = loss(outputs[{which}], truth[{which}]).item()\n"
            text += f'print("{name} error", {name}_error)\n'
    return text + _training_code(state)


def _function_name(function: Any) -> str:
    name = getattr(function, "__name__", "f")
    return "f" if name == "<lambda>" else str(name)


def _points_code(state: Any) -> str:
    if state.data == "yours":
        points = state.points_shown()
        x, y, seen = _numbers(points.x), points.y.tolist(), points.seen.astype(int).tolist()
        return (
            f"x = np.array({x}, np.float32).reshape(-1, 2)\n"
            f"y = np.array({y}, int)\nseen = np.array({seen}, bool)  # for training\n"
        )
    made = PROBLEMS[state.data][1].format(n=state.n, noise=repr(float(state.noise)))
    kind = (
        "x, y = x.astype(np.float32), y.astype(np.float32)\n" if state.data in NUMBERS else "x = x.astype(np.float32)\n"
    )
    return (
        f"rng = np.random.default_rng({state.seed})\n{made}{kind}"
        f"seen = np.arange({state.n}) * {GOLDEN} % 1 < {state.share / 100!r}  # for training\n"
    )


def _numbers(array: Array) -> str:
    """An array as Python reads it back, to the last digit of float32."""
    if array.ndim == 2:
        return "[" + ", ".join(_numbers(row) for row in array) + "]"
    return "[" + ", ".join(f"{value:.9g}" for value in array.tolist()) + "]"


def _training_code(state: Any) -> str:
    """A function that would go on training."""
    name, settings = OPTIMIZERS[state.optimizer]
    more = "".join(f", {key}={value!r}" for key, value in settings.items())
    text = "\n\ndef train(epochs):\n"
    callbacks = ""
    if state.l1:
        text += (
            "    class Shrink:  # L1 moves every weight towards 0, and stops there\n"
            "        def after_step(self, training):\n"
            f"            dl.L1({state.l1!r}).shrink(model, training.optimizer.lr)\n\n"
        )
        callbacks = ", callbacks=[Shrink()]"
    penalty = f", regularizer=dl.L2({state.l2!r})" if state.l2 else ""
    return (
        text + f"    optimizer = dl.{name}(model.parameters(), {state.lr!r}{more})\n"
        "    data = dl.data.Dataset(inputs[seen], truth[seen])\n"
        f"    return dl.fit(model, data, loss=loss, optimizer=optimizer, epochs=epochs, batch_size={state.batch}{penalty}"
        f"{callbacks}, rng=rng)\n\n\n# train(10) goes on from here\n"
    )
