"""Exercises of lesson 02: a neuron by hand, the gates it can be, and the one it cannot."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, Wrong, change, changes
from dlcourse.errors import a_kind

__all__ = ["EXERCISES", "check", "hint", "solution"]

_rng = np.random.default_rng(2)

# --- neuron ----------------------------------------------------------------------------------------------------------

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

# --- gates -----------------------------------------------------------------------------------------------------------

_GATES = '''def gates():
    """Returns a dict: for "AND", "OR" and "NAND" the three numbers (w1, w2, b) of a neuron that says yes when
    w1·x1 + w2·x2 + b > 0, and no otherwise. x1 and x2 are 0 or 1."""
    return {"AND": (1, 1, -1.5), "OR": (1, 1, -0.5), "NAND": (-1, -1, 1.5)}
'''
_CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
_TRUTH = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0)}
_OTHERS = {(0, 0, 0, 0): "never says yes", (1, 1, 1, 1): "always says yes", (1, 0, 0, 0): "is NOR: yes only at (0, 0)"}


def _said(weights: Any) -> tuple[int, ...]:
    w1, w2, b = weights
    return tuple(int(z > 0) for z in _CORNERS @ np.array([w1, w2], dtype=float) + float(b))


def _look_at_gates(value: Any) -> str:
    """Look at one gate after the other, and say at which corner it fails."""
    if not isinstance(value, dict):
        return f"a dict is expected, with a key for each gate, and {a_kind(value)} came back."
    for gate, truth in _TRUTH.items():
        if gate not in value:
            return f'there is no key "{gate}" in your dict. Its keys are: {", ".join(map(repr, value)) or "none"}.'
        try:
            if (
                value[gate] is None
                or len(value[gate]) != 3
                or not np.all(np.isfinite(np.array(value[gate], dtype=float)))
            ):
                raise ValueError
            said = _said(value[gate])
        except (TypeError, ValueError):
            return f"{gate} needs three finite numbers, (w1, w2, b), and it has {value[gate]!r}."
        if said != truth:
            return _about_gate(gate, value[gate], said, truth)
    return ""


def _about_gate(gate: str, weights: Any, said: tuple[int, ...], truth: tuple[int, ...]) -> str:
    w1, w2, b = (float(v) for v in weights)
    if said == tuple(1 - t for t in truth):
        return f"your {gate} answers no where {gate} says yes, and yes where it says no, at all four corners. Turn all three signs round."
    for other, other_truth in _TRUTH.items():
        if said == other_truth:
            way = "less" if sum(said) > sum(truth) else "more"
            help_ = (
                f"The weights can stay; it says yes too {'often' if way == 'less' else 'rarely'}. Move b."
                if "NAND" not in (gate, other)
                else "Look at the signs."
            )
            return f"your {gate} is a fine {other}. {help_}"
    corner = next(i for i in range(4) if said[i] != truth[i])
    x1, x2 = (int(v) for v in _CORNERS[corner])
    z = w1 * x1 + w2 * x2 + b
    seen = f"your {gate} gives {w1:g}·{x1} + {w2:g}·{x2} + {b:g} = {z:g} at ({x1}, {x2})"
    if z == 0:
        return (
            f"{seen}, exactly on the line, and that counts as no. Move b a little, so that no corner lies on the line."
        )
    what = f" It {_OTHERS[said]}." if said in _OTHERS else ""
    return f"{seen}, so it says {'yes' if z > 0 else 'no'} where {gate} says {'yes' if truth[corner] else 'no'}.{what}"


def _gate(old: str, new: str, shows: str) -> Wrong:
    return change(_GATES, old, new, shows=shows)


gates = Exercise(
    name="gates",
    blank_from="    return {",
    blank='    return {"AND": None, "OR": None, "NAND": None}\n',
    solution=_GATES,
    cases=[()],
    measure=lambda value: {gate: _said(value[gate]) for gate in _TRUTH},
    diagnose=_look_at_gates,
    hints=(
        "Draw the four corners of a square and mark those where the gate says yes. Which straight line has them on one side?",
        "Take w1 = w2 = 1. Then w1·x1 + w2·x2 counts how many inputs are 1: 0, 1 or 2. AND says yes from 2 on, OR from 1 on. "
        "Choose b so that the sum crosses 0 in between.",
        "AND: b between −2 and −1. OR: b between −1 and 0. NAND is AND with all three signs turned round.",
    ),
    wrong=(
        _gate(
            '"AND": (1, 1, -1.5)',
            '"AND": (1, 1, -0.5)',
            "your AND is a fine OR. The weights can stay; it says yes too often.",
        ),
        _gate(
            '"OR": (1, 1, -0.5)',
            '"OR": (1, 1, -1.5)',
            "your OR is a fine AND. The weights can stay; it says yes too rarely.",
        ),
        _gate("(-1, -1, 1.5)", "(1, 1, -1.5)", "your NAND answers no where NAND says yes"),
        _gate("(-1, -1, 1.5)", "(-1, -1, 0.5)", "so it says no where NAND says yes. It is NOR"),
        _gate('"AND": (1, 1, -1.5)', '"AND": (1, 1, -2)', "= 0 at (1, 1), exactly on the line"),
        _gate('"OR": (1, 1, -0.5)', '"OR": (1, 1, 0.5)', "always says yes"),
        _gate('"OR": (1, 1, -0.5)', '"OR": (1, 1, -5)', "never says yes"),
        _gate('"OR": (1, 1, -0.5)', '"OR": (1, -1, -0.5)', "so it says no where OR says yes"),
        _gate('"AND": (1, 1, -1.5)', '"AND": (1, -1.5)', "AND needs three finite numbers"),
        _gate('"NAND": (-1, -1, 1.5)', '"nand": (-1, -1, 1.5)', 'no key "NAND"'),
        Wrong("def gates():\n    return [(1, 1, -1.5), (1, 1, -0.5), (-1, -1, 1.5)]\n", shows="a dict is expected"),
    ),
    praise="All twelve answers agree. Countless other weights do it too: every line that leaves the right corners on one side.",
)

# --- line_on_xor -----------------------------------------------------------------------------------------------------

_LINE = '''def line_on_xor(w1, w2, b):
    """Returns the share, from 0 to 1, of the four points of XOR that the line gets right.
    It says 1 where w1·x1 + w2·x2 + b > 0 and 0 elsewhere."""
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    truth = np.array([0, 1, 1, 0])
    says = x @ np.array([w1, w2]) + b > 0
    return np.mean(says == truth)
'''

line_on_xor = Exercise(
    name="line_on_xor",
    blank_from="    says =",
    solution=_LINE,
    others=('''
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    truth = np.array([0, 1, 1, 0])
    right = 0
    for i in range(len(x)):
        if (x[i] @ np.array([w1, w2]) + b > 0) == truth[i]:
            right += 1
    return right / len(x)
''',),
    cases=[
        (1.0, 1.0, -0.5), (1.0, 1.0, -1.5), (1.0, -1.0, -0.5), (-1.0, -1.0, 0.5), (-1.0, -1.0, 1.5), (0.0, 0.0, 1.0),
        (1.0, 0.0, -0.5), (1.0, 1.0, 0.0), (1.0, -1.0, 0.0),
        *(tuple(float(v) for v in _rng.uniform(-2, 2, 3)) for _ in range(40)),
    ],
    hints=(
        "For each of the four points: what does the line say, what is the truth, do they agree? Then count.",
        "x @ np.array([w1, w2]) + b gives four numbers at once, one for each point. Compare them with 0.",
        "says = x @ np.array([w1, w2]) + b > 0, and says == truth is True where they agree. The mean of it is the share.",
    ),
    wrong=(
        change(
            _LINE, "np.mean(says == truth)", "np.sum(says == truth)",
            "{yours} is how many points are right. The share is that divided by 4: {expected}.",
        ),
        change(
            _LINE, "says == truth", "says != truth",
            "{yours} is the share that is wrong; the share that is right is {expected}. Together they make 1.",
        ),
        change(
            _LINE, "w2]) + b > 0", "w2]) + b >= 0",
            "Right, except for points that lie exactly on the line: they count as 0, and yours says 1. Use > and not >=.",
        ),
        change(
            _LINE, "w2]) + b > 0", "w2]) > 0",
            "Your line always runs through (0, 0): b is not used. {call} gives {yours}, expected {expected}.",
        ),
        change(
            _LINE, "np.array([0, 1, 1, 0])", "np.array([0, 1, 1, 1])",
            "You measured against OR. XOR says no at (1, 1): one or the other, not both.",
        ),
        change(
            _LINE, "w2]) + b > 0", "w2]) + b > 0.5",
            "You compare with 0.5. That would be right behind a sigmoid; before it, the border is at 0.",
        ),
        change(
            _LINE, "np.mean(says == truth)", "100 * np.mean(says == truth)",
            "{yours} is a percentage. A share from 0 to 1 is asked for: {expected}.",
        ),
        change(
            _LINE, "np.mean(says == truth)", "np.mean(says)",
            "{yours} is the share of points where the line says 1. Compare what it says with the truth first: says == truth.",
        ),
        change(
            _LINE, "w2]) + b > 0", "w2]) - b > 0",
            "You subtract b. The line is w1·x1 + w2·x2 + b = 0, so b is added before you compare with 0.",
        ),
        change(
            _LINE, "w2]) + b > 0", "w2]) + b",
            "You compare the sum itself with the truth, and a sum is hardly ever 0 or 1. First ask on which side of the line a point lies: > 0.",
        ),
        change(
            _LINE, "x @ np.array([w1, w2]) + b > 0", "np.sign(x @ np.array([w1, w2]) + b)",
            "np.sign says −1, 0 or 1, and the truth is 0 or 1: no −1 ever agrees. Compare with 0 instead: … > 0.",
        ),
        change(
            _LINE, "says == truth", "says * truth",
            "You count only the points where both say 1. Where both say 0 the line is right, too: says == truth counts both.",
        ),
        change(
            _LINE, "np.mean(says == truth)", "0.75",
            "0.75 is the best that any line can do, and this line does {expected}. Ask the line that you were given.",
        ),
    ),
    praise="Search as long as you like: no line gets more than 0.75.",
)  # fmt: skip

EXERCISES = Lesson([neuron, gates, line_on_xor])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
