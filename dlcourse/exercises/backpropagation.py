"""Exercises of lesson 05: blame through a division, through a neuron with a batch, and a backward pass to repair."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"three operations": "0.06", "all together": "less than 0.29", "two paths": "6, the sum"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(5)

# --- division --------------------------------------------------------------------------------------------------------

_DIVISION = '''def division_backward(a, b, g):
    """q = a / b, and g is ∂loss/∂q. Returns (∂loss/∂a, ∂loss/∂b).
    Numbers, or arrays of one shape; b is never 0."""
    da = g / b
    db = -g * a / b**2
    return da, db
'''


def _division(a: str, b: str) -> str:
    """The solution with other blame for a and b."""
    return changes(_DIVISION, ("da = g / b", f"da = {a}"), ("db = -g * a / b**2", f"db = {b}"))


division = Exercise(
    name="division",
    varies=Varies(
        what="the factor in q",
        given="1",
        others=(("3",), ("4",), ("5",)),
        pieces=(
            ("q = a / b, and g", "q = {0} · a / b, and g"),
            ("da = g / b", "da = {0} * g / b"),
            ("db = -g * a / b**2", "db = -{0} * g * a / b**2"),
            ("return g / b, -g * q / b", "return {0} * g / b, -{0} * g * q / b"),
            ("db = −g · a / b²", "db = −{0} · g · a / b²"),
            ("By how much does a / b go up?", "By how much does {0} · a / b go up?"),
            ("A division is a product: a · (1/b). So the local gradient for a is 1/b.", "A division is a product: {0} · a · (1/b). So the local gradient for a is {0}/b."),
        ),
    ),
    blank_from="    da =",
    blank="    da = None\n    db = None\n    return da, db\n",
    solution=_DIVISION,
    others=("""
    q = a / b
    return g / b, -g * q / b
""",),
    cases=[
        (6.0, 2.0, 3.0),
        (1.0, 4.0, -0.5),
        (-3.0, 0.5, 2.0),
        *(tuple(float(v) for v in _rng.normal(size=3) + (0, 3, 0)) for _ in range(3)),
        (_rng.normal(size=(3, 4)), _rng.uniform(0.5, 2, size=(3, 4)), _rng.normal(size=(3, 4))),
        (_rng.normal(size=5), -_rng.uniform(0.5, 2, size=5), _rng.normal(size=5)),
    ],
    parts=("da", "db"),
    hints=(
        "Turn a up by 0.01. By how much does a / b go up? Try it with a = 6, b = 2. Then turn b up by 0.01: does a / b go up or down?",
        "A division is a product: a · (1/b). So the local gradient for a is 1/b. For b you need the derivative of 1/b, which is −1/b².",
        "Blame that arrives times local gradient: da = g / b, and db = −g · a / b².",
    ),
    wrong=(
        Wrong(
            _division("g / b", "g / a"),
            "da is right. db is not its mirror image: a / b is not b / a. When b grows, the quotient falls, and by −a / b².",
        ),
        Wrong(
            _division("g / b", "g * a / b**2"),
            "da is right, db has the right size and the opposite sign: when b grows, a / b falls.",
        ),
        Wrong(
            _division("g / b", "-g * a / b"),
            "da is right. In db the derivative of 1/b is −1/b²: b stands below the line twice.",
        ),
        Wrong(
            _division("g / b", "-g / b**2"),
            "da is right. db misses its factor a: of a · (1/b), the derivative by b is a · (−1/b²).",
        ),
        Wrong(
            _division("1 / b", "-a / b**2"),
            "These are the local gradients. The blame that arrives is missing: multiply each by g.",
        ),
        Wrong(
            _division("g * b", "g * a"),
            "That is what a product does. a / b is a times 1/b, so a gets g / b.",
        ),
        Wrong(
            _division("g", "-g"),
            "You pass g on, as a difference does. How much a / b grows with a depends on b.",
        ),
        Wrong(
            _division("g * a / b", "-g * a / b"),
            "You multiply by the quotient itself. The local gradient for a is how fast a / b grows with a: 1/b.",
        ),
        Wrong(
            _division("-g / b", "g * a / b**2"),
            "Right sizes, both with the opposite sign. The gradient says which way the loss goes up; the minus of the update comes later.",
        ),
        Wrong(
            _division("g / b", "-g * a**2 / b**2"),
            "da is right. db is −g · a / b²; you have the square of the whole quotient there.",
        ),
        change(_DIVISION, "return da, db", "return da", shows="2 values are expected"),
        Wrong(_division("np.divide(g, b, out=g) if np.ndim(g) else g / b", "-g * a / b"), shows="changed its argument g"),
    ),
    praise="db is −da times the quotient: the larger the quotient, the more the divisor is to blame.",
)  # fmt: skip

# --- neuron_backward -------------------------------------------------------------------------------------------------

_NEURON = '''def neuron_backward(x, w, b, truth):
    """One neuron, N examples at once: y = tanh(x @ w + b), error = mean of (y - truth)².
    x: (N, K). w: (K,). b: a number. truth: (N,). Returns (∂error/∂w, ∂error/∂b), of shape (K,)
    and a number."""
    y = np.tanh(x @ w + b)
    dy = 2 * (y - truth) / len(x)
    dz = dy * (1 - y**2)
    return x.T @ dz, dz.sum()
'''


def _batch(n: int, k: int) -> tuple[Any, ...]:
    return _rng.normal(size=(n, k)), _rng.normal(size=k) / k, float(_rng.normal()), _rng.uniform(-1, 1, size=n)


neuron_backward = Exercise(
    name="neuron_backward",
    varies=Varies(
        what="the factor before the mean",
        given="1",
        others=(("3", "6"), ("4", "8"), ("5", "10")),
        pieces=(
            ("error = mean of (y - truth)²", "error = {0} · mean of (y - truth)²"),
            ("2 * (y - truth) / len(x)", "{1} * (y - truth) / len(x)"),
            ("dz = 2 * (y[n]", "dz = {1} * (y[n]"),
            ("dy = 2 (y − truth) / N", "dy = {1} (y − truth) / N"),
        ),
    ),
    blank_from="    dy =",
    blank="    dw = None\n    db = None\n    return dw, db\n",
    solution=_NEURON,
    others=("""
    y = np.tanh(x @ w + b)
    dw, db = np.zeros(len(w)), 0
    for n in range(len(x)):
        dz = 2 * (y[n] - truth[n]) * (1 - y[n] ** 2) / len(x)
        dw += dz * x[n]
        db += dz
    return dw, db
""",),
    cases=[
        (np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0.5, -0.5]), 0.1, np.array([1.0, 0.0])),
        (np.array([[2.0, 1.0, -1.0]]), np.array([0.3, 0.5, 0.2]), 0.0, np.array([-1.0])),
        *(_batch(*sizes) for sizes in ((4, 1), (3, 3), (5, 2), (2, 6), (32, 8))),
    ],
    parts=("dw", "db"),
    hints=(
        "Walk back through mean, square, tanh and x @ w + b, the last one first. What has one number per example, and what has one per weight?",
        "dy = 2 (y − truth) / N and dz = dy · (1 − y²) have shape (N,). w was used by every example, and so was b: blame adds up over the examples.",
        "dw = x.T @ dz, shape (K, N) times (N,), and db = dz.sum().",
    ),
    wrong=(
        change(
            _NEURON, "2 * (y - truth)", "2 * (truth - y)",
            "Close. Your gradient has the right size and the opposite sign: you took truth − y. An update with it walks uphill.",
        ),
        change(
            _NEURON, "2 * (y - truth)", "(y - truth)",
            "Every number is half of what it should be. The derivative of (y − truth)² is 2 (y − truth): where is the 2?",
        ),
        change(
            _NEURON, " / len(x)", "",
            "You add up the examples where the error takes their mean: with twice the examples your gradient would be twice as long. Divide by N once.",
        ),
        change(
            _NEURON, "x.T @ dz, dz.sum()", "x.T @ dz, dz.mean()",
            "dw is right. In db you divide by N a second time: dy has the 1/N of the mean already, and what is left to do is adding up.",
        ),
        change(
            _NEURON, "x.T @ dz, dz.sum()", "x.T @ dz / len(x), dz.sum()",
            "db is right. In dw you divide by N a second time: dy has the 1/N of the mean already.",
        ),
        change(
            _NEURON, "x.T @ dz, dz.sum()", "x.T @ dz, dz",
            "dw is right. There is one b for all examples, and it is used N times: add up what the N paths bring.",
        ),
        change(
            _NEURON, "dy * (1 - y**2)", "dy",
            "The blame went past tanh as if it were not there. Multiply dy by tanh′(z) = 1 − y² on its way to z.",
        ),
        change(
            _NEURON, "1 - y**2", "y * (1 - y)",
            "y (1 − y) is the derivative of the sigmoid. This neuron is a tanh: 1 − y².",
        ),
        change(
            _NEURON, "1 - y**2", "1 - (x @ w + b)**2",
            "You wrote 1 − z². tanh′(z) is 1 − tanh²(z), and tanh(z) is y: use what came out of the neuron, not what went in.",
        ),
        change(
            _NEURON, "1 - y**2", "1 - np.tanh(y)**2",
            "tanh is applied twice: y is tanh(z) already, so tanh′(z) = 1 − y².",
        ),
        change(
            _NEURON, "x.T @ dz, dz.sum()", "x.sum(axis=0) * dz.sum(), dz.sum()",
            "db is right. In dw you add up the inputs and the blame apart from each other. Each example's blame belongs to its own inputs: x.T @ dz.",
        ),
        change(
            _NEURON, "x.T @ dz, dz.sum()", "x.T @ dz, (x.T @ dz).sum()",
            "dw is right. b is no sum of weights: its local gradient is 1 for every example, so db is dz.sum().",
        ),
        change(
            _NEURON, "x.T @ dz, dz.sum()", "w * dz.sum(), dz.sum()",
            "db is right. For dw you multiplied by w; that is the blame for the input. A weight's local gradient is its input, x.",
        ),
        change(
            _NEURON, "x.T @ dz, dz.sum()", "x.T * dz, dz.sum()",
            "db is right. dw has one column for each example still: w was used by all of them, so add up over the examples. x.T @ dz does both.",
        ),
        change(_NEURON, "x.T @ dz, dz.sum()", "x.T @ dz", shows="2 values are expected"),
    ),
    praise="Any number of examples, one pass back. That is a layer with one neuron, ready to train.",
)  # fmt: skip

# --- fix_backward ----------------------------------------------------------------------------------------------------

_FIXED = '''def backward(x, w1, w2, g):
    """Forward: h = tanh(x @ w1), y = h @ w2 + h.  x: (N, K), w1: (K, M), w2: (M, M).
    g = ∂loss/∂y: (N, M). Returns (∂loss/∂w1, ∂loss/∂w2)."""
    h = np.tanh(x @ w1)
    dw2 = h.T @ g
    dh = g @ w2.T
    dh = dh + g
    dz = dh * (1 - h**2)
    dw1 = x.T @ dz
    return dw1, dw2
'''
_BUGGY = changes(_FIXED, ("dh = g @ w2.T", "dh = g @ w2"), ("dh = dh + g", "dh = g"))


def _layers(n: int, k: int, m: int) -> tuple[np.ndarray[Any, Any], ...]:
    return _rng.normal(size=(n, k)), _rng.normal(size=(k, m)), _rng.normal(size=(m, m)), _rng.normal(size=(n, m))


fix_backward = Exercise(
    name="fix_backward",
    varies=Varies(
        what="the factor of the second h",
        given="1",
        others=(("3",), ("4",), ("5",)),
        pieces=(
            ("y = h @ w2 + h.", "y = h @ w2 + {0} h."),
            ("dh = dh + g", "dh = dh + {0} * g"),
        ),
    ),
    stub=_BUGGY,
    solution=_FIXED,
    cases=[_layers(1, 2, 2), _layers(1, 1, 1), _layers(4, 3, 2), _layers(6, 2, 5), _layers(32, 8, 8)],
    parts=("∂loss/∂w1", "∂loss/∂w2"),
    hints=(
        "Two lines are wrong, and both are about dh. h is used twice on the way forward: in h @ w2, and alone. How many paths lead back to it?",
        "Where paths meet, blame adds up. The second line for dh overwrites what the first one found.",
        "y = h @ w2 sends blame back as g @ w2.T. w2 is square here, so without the T the shapes fit and the numbers are wrong. That is why it went unnoticed.",
    ),
    wrong=(
        Wrong(
            changes(_BUGGY, ("    dh = g @ w2\n", "")),
            "Same numbers as before the repair: ∂loss/∂w1 sees only the path y = … + h. The path through w2 was computed and then overwritten.",
        ),
        change(
            _FIXED, "    dh = dh + g\n", "",
            "∂loss/∂w2 is right. In ∂loss/∂w1 only the path through w2 is left; h also goes straight into y, and that path brings g.",
        ),
        Wrong(
            changes(_BUGGY, ("    dh = g\n", "")),
            "The line that overwrote dh is gone, and with it the path that brings g straight from y = … + h. Keep both paths: "
            "add them. And look at the first one again: going back through h @ w2 needs w2.T.",
        ),
        change(
            _FIXED, "g @ w2.T", "g @ w2",
            "The two paths are added now. One slip is left: g @ w2 fits only because w2 is square. Going back through h @ w2 needs w2.T.",
        ),
        change(
            _FIXED, "dh + g", "dh * g",
            "You multiply the two paths. Along a path gradients are multiplied; where paths meet they are added.",
        ),
        change(
            _FIXED, "dh + g", "(dh + g) / 2",
            "You average the two paths. Each of them moves the loss in full, so they add up.",
        ),
        change(
            _FIXED, "dh + g", "dh + h",
            "You add h, the number that went forward. What comes back along the path straight from h to y is blame: g, times 1.",
        ),
        change(
            _FIXED, "dh * (1 - h**2)", "dh",
            "The paths meet correctly, and then tanh is skipped: multiply by its derivative, 1 − h².",
        ),
        change(
            _FIXED, "dh + g", "dh - g",
            "The path straight from h to y carries + h, so its local gradient is +1: add g, don't subtract it.",
        ),
        change(
            _FIXED, "x.T @ dz", "dz.T @ x",
            "Your ∂loss/∂w1 is transposed: a gradient has the shape of its weights, here (K, M). With x (N, K) and dz (N, M), that is x.T @ dz.",
        ),
        change(_FIXED, "dh = dh + g", "g += dh\n    dh = g", shows="changed its argument g"),
        change(_FIXED, "x.T @ dz", "x @ dz", shows="in line 9"),
    ),
    praise="Both slips ran without an error message. Comparing with a finite difference finds such bugs: dl.gradcheck does it.",
)  # fmt: skip

EXERCISES = Lesson([division, neuron_backward, fix_backward])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
