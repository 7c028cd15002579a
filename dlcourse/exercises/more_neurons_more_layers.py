"""Exercises of lesson 03: a forward pass through any number of layers, XOR with two hidden neurons, the number of weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"three units": "3", "three layers": "9", "rings": "3"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"three layers": {"layers": 3}, "rings": {"h1": 3}}
"""Where the learner brings the picture to see what came, and a page that nothing runs in shows it."""

_rng = np.random.default_rng(3)

# --- forward ---------------------------------------------------------------------------------------------------------

_FORWARD = '''def forward(x, layers):
    """x: (N, K). layers: a list of any length, one pair (w, b) for each layer, from the first
    to the output. ReLU after every layer but the last. Returns the output: a row for each row
    of x."""
    for w, b in layers[:-1]:
        x = np.maximum(x @ w + b, 0)
    w, b = layers[-1]
    return x @ w + b
'''


def _network(n: int, *sizes: int) -> tuple[Any, ...]:
    pairs = [(_rng.normal(size=(k, m)), _rng.normal(size=m)) for k, m in zip(sizes[:-1], sizes[1:], strict=True)]
    return _rng.normal(size=(n, sizes[0])), pairs


def _look_at_forward(value: Any, x: Any, layers: Any) -> str:
    """Whether the loop is missing: two layers written out, as in the lesson, where there are more."""
    if len(layers) <= 2 or not isinstance(value, np.ndarray):
        return ""
    (w1, b1), (w2, b2) = layers[:2]
    two = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    if value.shape != two.shape or not np.allclose(value, two):
        return ""
    return f"You go through two layers, as the lesson did, and here are {len(layers)}. A loop over layers takes as many as come."


forward = Exercise(
    name="forward",
    blank_from="    for w, b",
    solution=_FORWARD,
    others=(
        """
    for i in range(len(layers)):
        w, b = layers[i]
        x = x @ w + b
        if i < len(layers) - 1:
            x = np.maximum(x, 0)
    return x
""",
    ),
    cases=[
        _network(2, 2, 3, 1), _network(1, 2, 1), _network(4, 3, 5, 4, 2), _network(8, 4, 4, 4, 4, 4), _network(32, 1, 6, 6, 3)
    ],
    diagnose=_look_at_forward,
    hints=(
        "In the lesson the output of one layer went into the next: h took the place of x. With five layers it does so five times.",
        "A loop: for w, b in layers. In each round x becomes np.maximum(x @ w + b, 0). Which layer is the exception?",
        "layers[:-1] are all but the last. After the loop: w, b = layers[-1], and return x @ w + b, without a ReLU.",
    ),
    wrong=(
        change(
            _FORWARD, "return x @ w + b", "return np.maximum(x @ w + b, 0)",
            "The output goes through a ReLU too, so it can never be negative. The last layer has none.",
        ),
        change(
            _FORWARD, "np.maximum(x @ w + b, 0)", "x @ w + b",
            "The ReLU is missing. Without it all layers are one: (x W₁) W₂ is x (W₁ W₂).",
        ),
        change(
            _FORWARD, "    w, b = layers[-1]\n    return x @ w + b", "    return x",
            "The last layer is missing: you return what goes into it. Its pair is layers[-1].",
        ),
        change(
            _FORWARD, "layers[:-1]", "layers[:1]",
            "Between the first layer and the last nothing happens in yours. With two layers that is right; every layer but the last goes into the loop.",
        ),
        change(
            _FORWARD, "layers[:-1]", "layers",
            shows="matmul",
        ),
        change(
            _FORWARD, "np.maximum(x @ w + b, 0)", "np.maximum(x @ w, 0) + b",
            "b is added after the ReLU. There it moves the output and not the fold: the bias belongs inside.",
        ),
        change(
            _FORWARD, "np.maximum(x @ w + b, 0)", "np.maximum(x @ w, 0)",
            "The biases of the hidden layers are missing: every hidden neuron folds at 0.",
        ),
        change(
            _FORWARD, "return x @ w + b", "return x @ w",
            "The bias of the last layer is missing.",
        ),
        change(
            _FORWARD, "np.maximum(x @ w + b, 0)", "np.minimum(x @ w + b, 0)",
            "You keep the negative half. ReLU lets positive sums through: np.maximum.",
        ),
        change(
            _FORWARD, "np.maximum(x @ w + b, 0)", "np.tanh(x @ w + b)",
            "Your hidden layers are tanh. Asked for is ReLU: max(z, 0).",
        ),
        change(
            _FORWARD, "np.maximum(x @ w + b, 0)", "np.abs(x @ w + b)",
            "You turn negative sums into positive ones. ReLU makes them 0: np.maximum(z, 0).",
        ),
        change(
            _FORWARD, "return x @ w + b", "return (x @ w + b)[0]",
            "You return the output of the first row of x alone. Asked for is a row for each of the N.",
        ),
    ),
    praise="Two layers or fifty, the loop is the same. That is why depth costs so little to write down.",
)  # fmt: skip

# --- xor -------------------------------------------------------------------------------------------------------------

_XOR = '''def xor():
    """Two hidden ReLU neurons h = max(x @ w1 + b1, 0) and the output h @ w2. Returns (w1, b1,
    w2), shapes (2, 2), (2,), (2,), so that the output is above 0.5 at (0, 1) and (1, 0), and
    below at (0, 0) and (1, 1)."""
    w1 = np.array([[1, 1], [1, 1]])
    b1 = np.array([0, -1])
    w2 = np.array([1, -2])
    return w1, b1, w2
'''
_CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
_TRUTH = (0, 1, 1, 0)


def _outputs(value: Any) -> np.ndarray[Any, Any]:
    w1, b1, w2 = (np.array(part, dtype=float) for part in value)
    return np.maximum(_CORNERS @ w1 + b1, 0) @ w2


def _look_at_xor(value: Any) -> str:
    if not isinstance(value, (tuple, list)) or len(value) != 3:
        return "three arrays are expected, return w1, b1, w2."
    for part, name, shape in zip(value, ("w1", "b1", "w2"), ((2, 2), (2,), (2,)), strict=True):
        try:
            array = np.array(part, dtype=float)
        except (TypeError, ValueError):
            return f"{name} should be an array of numbers of shape {shape}, and it is {part!r}."
        if array.shape != shape:
            return f"{name} has shape {array.shape}, and shape {shape} is expected."
    out = _outputs(value)
    bad = [i for i in range(4) if (out[i] > 0.5) != bool(_TRUTH[i]) or out[i] == 0.5 or not np.isfinite(out[i])]
    if not bad:
        return ""
    x1, x2 = (int(v) for v in _CORNERS[bad[0]])
    side = "above" if _TRUTH[bad[0]] else "below"
    return f"{4 - len(bad)} of 4 corners {'is' if len(bad) == 3 else 'are'} right. At ({x1}, {x2}) the output is {out[bad[0]]:g}, and it should be {side} 0.5."


xor = Exercise(
    name="xor",
    blank_from="    w1 =",
    solution=_XOR,
    cases=[()],
    measure=lambda value: tuple(bool(z > 0.5) for z in _outputs(value)),
    diagnose=_look_at_xor,
    hints=(
        "How many inputs are 1? 0, 1 or 2. XOR wants the output low, high, low. Which folded line does that?",
        "Let both neurons see x1 + x2. One starts to rise at 0, the other at 1. Subtract enough of the second to come down again.",
        "h1 = max(x1 + x2, 0), h2 = max(x1 + x2 − 1, 0), output h1 − 2 h2: 0, 1, 0.",
    ),
    wrong=(
        change(
            _XOR,
            "[1, -2]",
            "[1, -1]",
            shows="3 of 4 corners are right. At (1, 1) the output is 1, and it should be below",
        ),
        change(
            _XOR,
            "[1, -2]",
            "[1, 2]",
            shows="3 of 4 corners are right. At (1, 1) the output is 4, and it should be below",
        ),
        change(_XOR, "[0, -1]", "[0, 0]", shows="2 of 4 corners are right. At (0, 1) the output is -1"),
        change(_XOR, "[[1, 1], [1, 1]]", "[[1, 0], [0, 1]]", shows="At (0, 1) the output is 0, and it should be above"),
        change(_XOR, "np.array([1, -2])", "np.array([[1], [-2]])", shows="w2 has shape (2, 1), and shape (2,)"),
        change(_XOR, "return w1, b1, w2", "return w1, b1", shows="three arrays are expected"),
    ),
    praise="What one neuron cannot do, two and a sum can: the first layer folds the square, the second cuts it.",
)

# --- count -----------------------------------------------------------------------------------------------------------

_COUNT = '''def count(sizes):
    """sizes: number of inputs, then of neurons in each layer, like (64, 32, 10). Returns how
    many weights and biases the network has in all."""
    return sum(inputs * outputs + outputs for inputs, outputs in zip(sizes[:-1], sizes[1:]))
'''
_COUNTED = "sum(inputs * outputs + outputs for inputs, outputs in zip(sizes[:-1], sizes[1:]))"

count = Exercise(
    name="count",
    blank_from="    return",
    solution=_COUNT,
    others=(
        """
    total = 0
    for i in range(len(sizes) - 1):
        total += (sizes[i] + 1) * sizes[i + 1]
    return total
""",
    ),
    cases=[((64, 32, 10),), ((2, 1),), ((1, 1, 1, 1),), ((784, 300, 100, 10),)],
    hints=(
        "Take one layer, from 64 inputs to 32 neurons. Each neuron has a weight for every input. And what else?",
        "One bias a neuron: 64 · 32 + 32. Do it for each pair of neighbours and add up.",
    ),
    wrong=(
        change(_COUNT, " + outputs for", " for", "{yours} counts the weights. Each neuron has a bias too: {expected}."),
        change(
            _COUNT, " + outputs for", " + 1 for", "One bias a layer makes {yours}. Each neuron has its own: {expected}."
        ),
        change(
            _COUNT,
            "+ outputs for",
            "+ inputs for",
            "The biases are counted for the inputs of each layer; they belong to its neurons.",
        ),
        Wrong(
            changes(_COUNT, (_COUNTED, "sum(a * b for a, b in zip(sizes[:-1], sizes[1:])) + sum(sizes[1:-1])")),
            "The outputs have no bias in your count. They are neurons like the others: one bias each, {expected} in all.",
        ),
        Wrong(
            changes(_COUNT, (_COUNTED, "int(np.prod(sizes))")),
            "{yours} is the product of all sizes. Weights lie between neighbours only: one product for each pair, then add up.",
        ),
        Wrong(
            changes(_COUNT, (_COUNTED, "sum(sizes)")),
            "{yours} is the number of inputs and neurons. Between two neighbours lie as many weights as their product.",
        ),
        Wrong(
            changes(_COUNT, (_COUNTED, "sum(sizes[1:])")), "{yours} is the number of neurons. Each has many weights."
        ),
        Wrong(
            changes(_COUNT, (_COUNTED, "sizes[0] * sizes[1] + sizes[1]")),
            "{yours} is the first layer alone. Go on with the next pair of neighbours.",
        ),
        Wrong(
            changes(_COUNT, (_COUNTED, "sum(a * b for a, b in zip(sizes[:-1], sizes[1:])) + sum(sizes)")),
            "You give the inputs a bias too. They are numbers that arrive; only neurons have one.",
        ),
    ),
    praise="model.parameters() holds exactly as many numbers.",
)

EXERCISES = Lesson([forward, xor, count])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
