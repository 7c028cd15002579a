"""Exercises of lesson 02: a neuron for a given border, the gates it can be, and three inputs of which it must give up some."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, Wrong, change, changes
from dlcourse.errors import a_kind

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"XOR": "3 of 4", "count": "rises, and then falls a little"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"XOR": {"w1": 1.0, "w2": 1.0}}
"""Where the learner brings the picture to see what came, and a page that nothing runs in shows it."""

_rng = np.random.default_rng(2)
_NUMBERS = {2: "two", 3: "three"}


def _strange(value: Any, inputs: int) -> str:
    """What is wrong with the form of an answer that should be w, one weight for each input, and b."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        return "two things are expected, return w, b."
    try:
        w, b = np.array(value[0], dtype=float), float(value[1])
    except (TypeError, ValueError):
        return f"w should be {_NUMBERS[inputs]} numbers and b one, and they are {value[0]!r} and {value[1]!r}."
    if w.shape != (inputs,):
        return f"w has shape {w.shape}, and shape ({inputs},) is expected: a weight for each input."
    if not (np.isfinite(w).all() and np.isfinite(b)):
        return "w and b should be finite numbers."
    return ""


# --- border ----------------------------------------------------------------------------------------------------------

_BORDER = '''def border(p, q, yes):
    """p, q, yes: three points that are not on one line, arrays of shape (2,). A neuron's border
    runs through p and q, and the neuron says 1 at yes. Returns its w, of shape (2,) and length
    1, and its b, a number."""
    w = np.array([q[1] - p[1], p[0] - q[0]])
    w = w / np.linalg.norm(w)
    b = -w @ p
    if w @ yes + b < 0:
        w, b = -w, -b
    return w, b
'''


def _look_at_border(value: Any, p: Any, q: Any, yes: Any) -> str:
    """Whether the line runs through both points, whether yes lies on its right side, and how long w is."""
    strange = _strange(value, 2)
    if strange:
        return strange
    w, b = np.array(value[0], dtype=float), float(value[1])
    length, way = float(np.linalg.norm(w)), (q - p) / np.linalg.norm(q - p)
    if length < 1e-9:
        return "w is 0, so the sum is b everywhere, and there is no line at all."
    if abs(abs(w @ way) - length) < 1e-6 * length:
        return "Your w runs along the line from p to q. It has to stand at a right angle to it: exchange its two numbers and turn one sign."
    at_p, at_q, at_yes = (float(w @ point + b) for point in (p, q, yes))
    if max(abs(at_p), abs(at_q)) > 1e-6 * max(1.0, length):
        if abs(w @ way) < 1e-6 * length:
            return ""  # the direction is right: the table knows what may be wrong with b
        return f"The line runs past the points: w · p + b is {at_p:.3g} and w · q + b is {at_q:.3g}, and on the border both are 0."
    if at_yes < 0:
        return f"The line is right, and its wrong side says 1: w · yes + b is {at_yes:.3g}, below 0. Then turn the signs of w and of b."
    if abs(length - 1) > 1e-6:
        return f"The right line and the right side, and your w has length {length:.3g}. Divide w and b by it."
    return ""


border = Exercise(
    name="border",
    blank_from="    w = np.array",
    blank="    w = None\n    b = None\n    return w, b\n",
    solution=_BORDER,
    others=('''
    across = q - p
    angle = np.arctan2(across[1], across[0]) + np.pi / 2
    w = np.array([np.cos(angle), np.sin(angle)])
    side = np.sign(w @ (yes - p))
    return side * w, -side * (w @ q)
''',),
    cases=[
        (np.array([2.0, 0.0]), np.array([0.0, 1.0]), np.array([2.0, 1.0])),
        (np.array([2.0, 0.0]), np.array([0.0, 1.0]), np.array([0.0, 0.0])),
        (np.array([2.0, -1.0]), np.array([2.0, 3.0]), np.array([5.0, 0.0])),
        (np.array([0.0, 3.0]), np.array([4.0, 0.0]), np.array([-1.0, 0.0])),
        *(tuple(_rng.normal(size=(3, 2))) for _ in range(3)),
    ],
    measure=lambda value, *_: (np.array(value[0], dtype=float), float(value[1])),
    diagnose=_look_at_border,
    hints=(
        "Turn the line in the explorer by its handle, and watch w₁ and w₂. How does w stand to the line? So what is a w for a "
        "line that runs along q − p?",
        "w stands at a right angle to q − p: exchange its two numbers and turn the sign of one of them. Divide by its length. "
        "And at p the sum is 0: w · p + b = 0. What is b?",
        "b = −w · p. At last, try yes: if w · yes + b is below 0, the line is right and the sides are not. Which signs do you turn?",
    ),
    wrong=(
        change(_BORDER, "[q[1] - p[1], p[0] - q[0]]", "[q[0] - p[0], q[1] - p[1]]", shows="Your w runs along the line"),
        change(_BORDER, "    if w @ yes + b < 0:\n        w, b = -w, -b\n", "", shows="its wrong side says 1"),
        change(_BORDER, "    w = w / np.linalg.norm(w)\n", "", shows="and your w has length 2.24. Divide"),
        change(_BORDER, "[q[1] - p[1], p[0] - q[0]]", "[q[1] - p[1], q[0] - p[0]]", shows="The line runs past the points"),
        Wrong(
            changes(_BORDER, ("    w = w / np.linalg.norm(w)\n", ""), ("    if w", "    w = w / np.linalg.norm(w)\n    if w")),
            "w is right. Your b belongs to the longer w: compute b after you have divided. Stretching w alone shifts the line.",
        ),
        change(
            _BORDER, "b = -w @ p", "b = w @ p",
            "w has the right direction, and b the wrong sign: at p the sum is to be 0, w · p + b = 0.",
        ),
        change(
            _BORDER, "b = -w @ p", "b = 0.0",
            "With b = 0 the line runs through the origin, whatever p is. At p the sum w · p + b is to be 0.",
        ),
        change(
            _BORDER, "b = -w @ p", "b = -w @ yes",
            "Your line runs through yes, where the sum should be above 0. It is p and q that lie on the line.",
        ),
        change(
            _BORDER, "w, b = -w, -b", "w = -w",
            "You turn the sign of w and leave b as it was: that is another line. Turn both.",
        ),
        change(_BORDER, "return w, b", "return w", shows="two things are expected"),
        change(_BORDER, "return w, b", "return b, w", shows="w should be two numbers and b one, and they are"),
        Wrong(
            changes(_BORDER, ("w = np.array([q[1] - p[1], p[0] - q[0]])", "q -= p\n    w = np.array([q[1], -q[0]])")),
            shows="changed its argument q",
        ),
    ),
    praise="Any line, with either side for a yes. From three points to a neuron, and nobody had to learn anything.",
)  # fmt: skip

# --- gates -----------------------------------------------------------------------------------------------------------

_GATES = '''def gates():
    """Returns a dict: for "AND", "OR" and "NAND" the three numbers (w1, w2, b) of a neuron that
    says yes when w1·x1 + w2·x2 + b > 0, and no otherwise. x1 and x2 are 0 or 1."""
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

# --- parity ----------------------------------------------------------------------------------------------------------

_PARITY = '''def parity():
    """XOR of three inputs: yes where an odd number of x1, x2, x3 is 1, no elsewhere. No neuron
    gets all eight corners of the cube right. Returns (w, b), w of shape (3,): a neuron that
    gets six of them, saying yes where w · x + b > 0 and no elsewhere."""
    w = np.array([-1, -1, -1])
    b = 1.5
    return w, b
'''
_CUBE = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
_ODD = _CUBE.sum(axis=1) % 2


def _sums(value: Any) -> np.ndarray[Any, Any]:
    w, b = value
    return np.asarray(_CUBE @ np.array(w, dtype=float) + float(b))


def _right_on_cube(value: Any) -> int:
    return int(((_sums(value) > 0) == (_ODD == 1)).sum())


def _look_at_parity(value: Any) -> str:
    """The number of right corners, and what kind of answer has so many."""
    strange = _strange(value, 3)
    if strange:
        return strange
    right = _right_on_cube(value)
    return "" if right == 6 else f"{right} of 8 corners are right. {_why(value, right)}"


def _why(value: Any, right: int) -> str:
    z = _sums(value)
    if (z > 0).all() or not (z > 0).any():
        return f"Your neuron says {'yes' if (z > 0).all() else 'no'} everywhere, and that is right for half of the corners."
    if right == 2:
        return "Turn all signs round, and the other six are right."
    edge = np.flatnonzero(z == 0)
    if len(edge):
        return f"{tuple(int(v) for v in _CUBE[edge[0]])} lies exactly on the border, and that counts as no."
    if np.ptp(np.array(value[0], dtype=float)) == 0:
        return "It counts the inputs that are 1: 0, 1, 2 or 3. With these, 1, 3, 3 and 1 corners. Which cut loses the fewest?"
    corner = np.flatnonzero((z > 0) != (_ODD == 1))[0]
    at = tuple(int(v) for v in _CUBE[corner])
    return f"At {at} it says {'yes' if z[corner] > 0 else 'no'}, and {int(_CUBE[corner].sum())} of the inputs are 1."


parity = Exercise(
    name="parity",
    blank_from="    w =",
    blank="    w = None\n    b = None\n    return w, b\n",
    solution=_PARITY,
    cases=[()],
    measure=_right_on_cube,
    diagnose=_look_at_parity,
    hints=(
        "How many inputs are 1: 0, 1, 2 or 3? Write down how many corners there are of each kind, and what is true of each.",
        "1, 3, 3 and 1 corners: no, yes, no, yes. Equal weights make one cut in this row. Six is 8 − 2: which two corners would you give up?",
        "Give up (0, 0, 0) and (1, 1, 1): yes for 0 and 1, no for 2 and 3. A cut at 1.5, and yes below it: all weights −1, b = 1.5.",
    ),
    wrong=(
        change(_PARITY, "[-1, -1, -1]", "[1, 1, 1]", shows="says yes everywhere"),
        change(_PARITY, "1.5", "-1.5", shows="says no everywhere"),
        Wrong(changes(_PARITY, ("[-1, -1, -1]", "[1, 1, 1]"), ("1.5", "-1.5")), shows="2 of 8 corners are right. Turn all signs"),
        Wrong(changes(_PARITY, ("[-1, -1, -1]", "[1, 1, 1]"), ("1.5", "-0.5")), shows="5 of 8 corners are right. It counts the inputs"),
        change(_PARITY, "[-1, -1, -1]", "[1, -1]", shows="w has shape (2,), and shape (3,)"),
        change(_PARITY, "return w, b", "return w", shows="two things are expected"),
        Wrong(changes(_PARITY, ("[-1, -1, -1]", "[1, 0, 0]"), ("1.5", "-0.5")), shows="4 of 8 corners are right. At (0, 0, 1) it says no"),
        Wrong(changes(_PARITY, ("[-1, -1, -1]", "[-1, -1, -1]"), ("1.5", "1")), shows="lies exactly on the border"),
        change(_PARITY, "np.array([-1, -1, -1])", "np.array([np.nan, 1, 1])", shows="finite"),
        change(_PARITY, "b = 1.5", 'b = "much"', shows="w should be three numbers and b one"),
    ),
    praise="Six of eight, and a proof that nobody does better needs the four inequalities of the lesson twice, once on each of two faces of the cube.",
)  # fmt: skip

EXERCISES = Lesson([border, gates, parity])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
