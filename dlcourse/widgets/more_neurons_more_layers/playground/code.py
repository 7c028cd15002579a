"""The code that rebuilds the network of `Playground`, measures it, and would go on training it."""

from __future__ import annotations

from typing import Any

from dlcourse.activations import ZOO
from dlcourse.arrays import Array
from dlcourse.live.source import inlined, plain_source, returned
from dlcourse.widgets.more_neurons_more_layers.playground.data import FEATURES
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import PlaygroundResult
from dlcourse.widgets.more_neurons_more_layers.playground.problems import NUMBERS, PROBLEMS, for_training
from dlcourse.widgets.more_neurons_more_layers.playground.run import INITIALIZERS, OPTIMIZERS
from dlcourse.widgets.more_neurons_more_layers.playground.state import PlaygroundState
from dlcourse.widgets.more_neurons_more_layers.playground.training import descend, minibatch, minimized

__all__ = ["code", "code_results"]


def code(state: PlaygroundState) -> str:
    """Plain code that runs alone: points, network with its present weights, errors, training."""
    inputs = ", ".join(returned(FEATURES[name][1]) for name in state.features)
    return (
        "import numpy as np\nimport dlcourse as dl\n\n"
        f"# The points: {state.data}\n{points_code(state)}"
        f"inputs = np.column_stack([{inputs}]).astype(np.float32)\n"
        f"truth = {returned(state.aim.truth, outputs=state.outputs)}\n\n"
        f"{network_code(state)}{errors_code(state)}{training_code(state)}"
    )


def points_code(state: PlaygroundState) -> str:
    """Points x, what is true there, y, and which of them are for training, seen."""
    if state.data == "yours":
        points = state.shown
        x, y, seen = digits(points.x), points.y.tolist(), points.seen.astype(int).tolist()
        return (
            f"x = np.array({x}, np.float32).reshape(-1, 2)\n"
            f"y = np.array({y}, int)\nseen = np.array({seen}, bool)  # for training\n"
        )
    kind = "x, y = x.astype(np.float32), y.astype(np.float32)" if state.data in NUMBERS else "x = x.astype(np.float32)"
    return (
        f"rng = np.random.default_rng({state.seed})\n"
        f"{inlined(PROBLEMS[state.data], 'x, y', n=state.n, noise=float(state.noise))}{kind}\n"
        f"seen = {returned(for_training, n=state.n, share=state.share / 100)}  # for training\n"
    )


def network_code(state: PlaygroundState) -> str:
    """The layers and all their weights."""
    plan, steps, dropout = state.run.plan, state.run.steps, state.recipe.dropout
    own = state.function is not None and state.activation == "yours"
    activation = function_name(state.function) if own else f"dl.{ZOO[plan.activation].__name__}"
    note = f"  # {activation} is your own function\n" if own else ""
    initializer = INITIALIZERS[plan.initializer][1]
    more = "" if initializer == "dl.glorot_uniform" else f", initializer={initializer}"
    text = (
        f"# The network: {plan.shape}, with its weights after {steps:,} step{'s' * (steps != 1)}\n"
        f"rng = np.random.default_rng(0)\n{note}model = dl.Sequential(\n"
    )
    sizes = (len(plan.inputs), *plan.widths)
    for a, b in zip(sizes[:-1], sizes[1:], strict=True):
        text += f"    dl.Dense({a}, {b}, activation={activation}{more}, rng=rng),\n"
        text += f"    dl.Dropout({dropout!r}, rng=rng),\n" if dropout else ""
    text += f"    dl.Dense({sizes[-1]}, {plan.outputs}{more}, rng=rng),\n)\nweights = [\n"
    for parameter in state.run.model.parameters():
        text += f"    {digits(parameter.data)},\n"
    return text + "]\nfor parameter, values in zip(model.parameters(), weights):\n    parameter.data[...] = values\n\n"


def errors_code(state: PlaygroundState) -> str:
    """Outputs and both errors, where there are points."""
    seen = state.shown.seen
    outputs = "dl.predict(model, inputs)" if len(seen) else f"np.zeros((0, {state.outputs}))"
    text = f"outputs = {outputs}\nloss = dl.{state.aim.loss.__name__}\n"
    for name, which, present in (("train", "seen", seen.any()), ("test", "~seen", (~seen).any())):
        if present:
            text += f"{name}_error = loss(outputs[{which}], truth[{which}]).item()\n"
            text += f'print("{name} error", {name}_error)\n'
    return text


def training_code(state: PlaygroundState) -> str:
    """The functions that trained the network, and one that would go on."""
    name, settings = OPTIMIZERS[state.optimizer]
    more = "".join(f", {key}={value!r}" for key, value in settings.items())
    functions = "\n\n".join(plain_source(function) for function in (minibatch, minimized, descend))
    return (
        f"\n\n# The training: what each step does\n{functions}\n\n"
        "def train(steps):\n"
        f"    optimizer = dl.{name}(model.parameters(), {state.lr!r}{more})\n"
        "    x, y, order = inputs[seen], truth[seen], np.zeros(0, int)\n"
        "    for _ in range(steps):\n"
        f"        chosen, order = minibatch(order, len(x), {state.batch}, rng)\n"
        f"        total = minimized(model, loss, x[chosen], y[chosen], l2={state.l2!r})\n"
        f"        descend(total, model, optimizer, l1={state.l1!r})\n\n\n"
        "# train(100) goes on from here\n"
    )


def function_name(function: Any) -> str:
    """What a learner's own function is called."""
    name = getattr(function, "__name__", "f")
    return "f" if name == "<lambda>" else str(name)


def digits(array: Array) -> str:
    """An array as Python reads it back, to the last digit of float32."""
    if array.ndim == 2:
        return "[" + ", ".join(digits(row) for row in array) + "]"
    return "[" + ", ".join(f"{value:.9g}" for value in array.tolist()) + "]"


def code_results(state: PlaygroundState, result: PlaygroundResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    seen = state.shown.seen
    results: dict[str, Any] = {"outputs": result.points_outputs}
    results |= {"train_error": result.train} if seen.any() else {}
    return results | ({"test_error": result.test} if (~seen).any() else {})
