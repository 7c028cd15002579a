"""An exercise of the tests' own: the plainest function that a learner may get wrong in every way there is."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, Wrong, change, changes

__all__ = ["EXERCISES", "check", "hint", "solution"]

_rng = np.random.default_rng(2)

_NEURON = '''def neuron(x, w, b):
    """x, w: arrays of shape (K,). b: a number. Returns sigmoid(w · x + b), a number."""
    z = w @ x + b
    return 1 / (1 + np.exp(-z))
'''

neuron = Exercise(
    name="neuron",
    blank_from="    z =",
    solution=_NEURON,
    others=('''
    z = 0
    for i in range(len(x)):
        z += x[i] * w[i]
    return 1 / (1 + np.exp(-(z + b)))
''',),
    cases=[
        (np.array([1.0, 2.0]), np.array([0.5, -1.0]), 0.25),
        (np.array([0.0, 0.0]), np.array([3.0, -2.0]), 1.0),
        (np.array([2.0]), np.array([0.5]), -1.0),
        (np.array([1, -2]), np.array([3, 1]), 2),
        *((_rng.normal(size=k), _rng.normal(size=k), float(_rng.normal())) for k in (3, 8, 64)),
    ],
    hints=(
        "A neuron does two things. First it adds up: every input times its weight, and then b. What does it do to that sum?",
        "Call the sum z. w @ x multiplies pairwise and adds up, so z = w @ x + b. The sigmoid squeezes z between 0 and 1.",
        "The sigmoid is 1 / (1 + e⁻ᶻ). In NumPy: 1 / (1 + np.exp(-z)). Mind the minus.",
    ),
    wrong=(
        change(
            _NEURON, "1 / (1 + np.exp(-z))", "z",
            "{yours} is w · x + b before it is squeezed. The sigmoid of it, {expected}, is what the neuron says.",
        ),
        change(
            _NEURON, "np.exp(-z)", "np.exp(z)",
            "Yours is {yours}, expected {expected}, and together they make 1: you computed sigmoid(−z). "
            "The exponent carries a minus: 1 / (1 + e⁻ᶻ).",
        ),
        change(
            _NEURON, "w @ x + b", "w @ x",
            "The bias is missing. With all inputs 0 your neuron always says 0.5, whatever b is. Add b before you squeeze.",
        ),
        change(
            _NEURON, "w @ x + b", "w @ x - b",
            "The bias has the wrong sign: you subtracted b. A larger b should make the neuron say yes more easily.",
        ),
        change(
            _NEURON, "w @ x + b", "w * x + b",
            "You get {yours}, one number for each input. w * x multiplies pairwise and leaves the products apart; w @ x adds them up.",
        ),
        change(
            _NEURON, "w @ x + b", "np.sum(w * x + b)",
            "The bias is added once for each input. Close the sum first, then add b once: np.sum(w * x) + b.",
        ),
        change(
            _NEURON, "1 / (1 + np.exp(-z))", "1 / (1 + np.exp(-(w @ x))) + b",
            "Here b is added after the squeeze, so the answer can leave 0 … 1. Yours is {yours}. The bias belongs inside, beside w · x.",
        ),
        change(
            _NEURON, "1 / (1 + np.exp(-z))", "np.tanh(z)",
            "{yours} is tanh(z), which runs from −1 to 1. The sigmoid runs from 0 to 1: expected {expected}.",
        ),
        change(
            _NEURON, "1 / (1 + np.exp(-z))", "float(z > 0)",
            "You answer 0 or 1, a step. The sigmoid is a soft step: it says {expected} here, how sure it is.",
        ),
        change(
            _NEURON, "1 / (1 + np.exp(-z))", "1 / 1 + np.exp(-z)",
            "{yours} is larger than 1, which no sigmoid is. 1 / 1 + e⁻ᶻ is read as (1 / 1) + e⁻ᶻ: put the sum below the line in parentheses.",
        ),
        change(
            _NEURON, "w @ x + b", "np.mean(w * x) + b",
            "You take the mean of the products. A neuron adds them up and does not divide: with more inputs the sum may grow.",
        ),
        change(
            _NEURON, "1 / (1 + np.exp(-z))", "max(0.0, min(1.0, z))",
            "You cut z off at 0 and 1, with straight edges. The sigmoid bends: it says {expected} here.",
        ),
        change(
            _NEURON, "1 / (1 + np.exp(-z))", "max(0.0, z)",
            "{yours} is max(0, w · x + b): that is ReLU, another activation. This neuron squeezes with the sigmoid, so {expected} is expected.",
        ),
        Wrong(
            changes(_NEURON, ("z = w @ x + b", "x *= w\n    z = np.sum(x) + b")),
            shows="changed its argument x",
        ),
    ),
    praise="That is the whole machine; everything that follows is many of these.",
)  # fmt: skip

EXERCISES = Lesson([neuron])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
