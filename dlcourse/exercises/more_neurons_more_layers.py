"""Exercises of lesson 03: a forward pass, XOR with two hidden neurons, the number of weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, Wrong, change, changes

__all__ = ["EXERCISES", "check", "hint", "solution"]

_rng = np.random.default_rng(3)

# --- forward ---------------------------------------------------------------------------------------------------------

_FORWARD = '''def forward(x, w1, b1, w2, b2):
    """Two layers: ReLU in the first, none in the second. x: (N, K), w1: (K, M), b1: (M,), w2: (M, F), b2: (F,).
    Returns the output, shape (N, F)."""
    h = np.maximum(x @ w1 + b1, 0)
    return h @ w2 + b2
'''


def _layers(n: int, k: int, m: int, f: int) -> tuple[np.ndarray[Any, Any], ...]:
    return tuple(_rng.normal(size=shape) for shape in ((n, k), (k, m), (m,), (m, f), (f,)))


forward = Exercise(
    name="forward",
    blank_from="    h =",
    solution=_FORWARD,
    others=(
        """
    out = np.zeros((len(x), len(b2)))
    for i in range(len(x)):
        h = np.maximum(x[i] @ w1 + b1, 0)
        out[i] = h @ w2 + b2
    return out
""",
    ),
    cases=[_layers(2, 2, 3, 1), _layers(1, 1, 1, 1), _layers(5, 4, 4, 4), _layers(32, 3, 8, 2)],
    hints=(
        "Do one layer after the other, for all examples at once. What shape has x @ w1?",
        "(N, K) @ (K, M) is (N, M): one row per example, one column per hidden neuron. Add b1, then np.maximum(…, 0).",
        "The second layer takes h where the first took x: h @ w2 + b2.",
    ),
    wrong=(
        change(
            _FORWARD,
            "np.maximum(x @ w1 + b1, 0)",
            "x @ w1 + b1",
            "The ReLU is missing. Without it two layers are one: (x W₁) W₂ is x (W₁ W₂).",
        ),
        change(
            _FORWARD,
            "return h @ w2 + b2",
            "return np.maximum(h @ w2 + b2, 0)",
            "The output goes through a ReLU too, so it can never be negative. Only the hidden layer has one.",
        ),
        change(_FORWARD, "x @ w1 + b1, 0", "x @ w1, 0", "The bias b1 is missing: every hidden neuron folds at 0."),
        change(_FORWARD, "h @ w2 + b2", "h @ w2", "The bias b2 of the second layer is missing."),
        change(
            _FORWARD,
            "np.maximum(x @ w1 + b1, 0)",
            "np.maximum(x @ w1, 0) + b1",
            "b1 is added after the ReLU. There it moves the output and not the fold: the bias belongs inside.",
        ),
        change(
            _FORWARD,
            "np.maximum(x @ w1 + b1, 0)",
            "np.minimum(x @ w1 + b1, 0)",
            "You keep the negative half. ReLU lets positive sums through: np.maximum.",
        ),
        change(
            _FORWARD,
            "np.maximum(x @ w1 + b1, 0)",
            "1 / (1 + np.exp(-(x @ w1 + b1)))",
            "Your hidden layer is a sigmoid. Asked for is ReLU: max(z, 0).",
        ),
        change(
            _FORWARD,
            "np.maximum(x @ w1 + b1, 0)",
            "np.tanh(x @ w1 + b1)",
            "Your hidden layer is a tanh. Asked for is ReLU: max(z, 0).",
        ),
        change(
            _FORWARD,
            "np.maximum(x @ w1 + b1, 0)",
            "np.abs(x @ w1 + b1)",
            "You turn negative sums into positive ones. ReLU makes them 0: np.maximum(z, 0).",
        ),
        change(
            _FORWARD,
            "x @ w1 + b1, 0)\n    return h @ w2 + b2",
            "x @ w1 - b1, 0)\n    return h @ w2 - b2",
            "The biases are subtracted. A bias is added to what arrives: x @ w1 + b1.",
        ),
        change(
            _FORWARD,
            "return h @ w2 + b2",
            "return h",
            "That is the hidden layer. The second layer takes it as its input: h @ w2 + b2.",
        ),
        change(
            _FORWARD,
            "return h @ w2 + b2",
            "return np.maximum(h @ w2, 0) + b2",
            "The output goes through a ReLU too, before its bias is added. Only the hidden layer has one.",
        ),
        change(_FORWARD, "return h @ w2 + b2", "return (h @ w2 + b2).T", shows="it is transposed"),
    ),
    praise="The shapes tell the story: (N, K) → (N, M) → (N, F).",
)

# --- xor -------------------------------------------------------------------------------------------------------------

_XOR = '''def xor():
    """Two hidden ReLU neurons h = max(x @ w1 + b1, 0) and the output h @ w2. Returns (w1, b1, w2), shapes
    (2, 2), (2,), (2,), so that the output is above 0.5 at (0, 1) and (1, 0), and below at (0, 0) and (1, 1)."""
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
    """sizes: number of inputs, then of neurons in each layer, like (64, 32, 10). Returns how many weights and
    biases the network has in all."""
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
