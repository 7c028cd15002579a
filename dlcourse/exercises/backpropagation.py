"""Exercises of lesson 05: blame through a multiplication, through a neuron, and a backward pass to repair."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, Wrong, change, changes

__all__ = ["EXERCISES", "check", "hint", "solution"]

_rng = np.random.default_rng(5)

# --- multiplication --------------------------------------------------------------------------------------------------

_MULTIPLICATION = '''def multiplication_backward(a, b, g):
    """p = a · b, and g is ∂loss/∂p. Returns (∂loss/∂a, ∂loss/∂b). Numbers, or arrays of one shape."""
    da = g * b
    db = g * a
    return da, db
'''

multiplication = Exercise(
    name="multiplication",
    blank_from="    da =",
    blank="    da = None\n    db = None\n    return da, db\n",
    solution=_MULTIPLICATION,
    cases=[
        (2.0, 5.0, -0.5),
        (0.0, 3.0, 1.0),
        (-4.0, 0.25, 0.0),
        *(tuple(float(v) for v in _rng.normal(size=3)) for _ in range(4)),
        tuple(_rng.normal(size=(3, 4))),
        tuple(_rng.normal(size=(3, 2, 3))),
    ],
    parts=("da", "db"),
    hints=(
        "Turn a up by 0.01. By how much does a · b go up? Try it with a = 2, b = 5.",
        "a · b goes up by 0.01 · b. So the local gradient for a is b, and for b it is a: each gets the other.",
        "Blame = the blame that arrives, g, times the local gradient. da = g * b.",
    ),
    wrong=(
        Wrong(
            changes(_MULTIPLICATION, ("da = g * b", "da = g * a"), ("db = g * a", "db = g * b")),
            "Swapped: da is yours for db and the other way round. If b is 0, turning a changes nothing, so da must hold b, not a.",
        ),
        Wrong(
            changes(_MULTIPLICATION, ("da = g * b", "da = b"), ("db = g * a", "db = a")),
            "These are the local gradients, b and a. The blame that arrives from above is missing: multiply each by g.",
        ),
        Wrong(
            changes(_MULTIPLICATION, ("da = g * b", "da = g"), ("db = g * a", "db = g")),
            "You pass g on unchanged. That is what an addition does; a multiplication weighs it with the other factor.",
        ),
        Wrong(
            changes(_MULTIPLICATION, ("da = g * b", "da = g + b"), ("db = g * a", "db = g + a")),
            "You add g and the local gradient. Along one path gradients are multiplied; sums come only where paths meet.",
        ),
        Wrong(
            changes(_MULTIPLICATION, ("da = g * b", "da = -g * b"), ("db = g * a", "db = -g * a")),
            "Right size, opposite sign: {yours}, expected {expected}. The gradient says which way the loss goes up. The minus comes later, in the update.",
        ),
        Wrong(
            changes(_MULTIPLICATION, ("da = g * b", "da = g * a * b"), ("db = g * a", "db = g * a * b")),
            "You multiply g by a · b, the result. The local gradient for a is only b: how fast the product grows when a does.",
        ),
        change(
            _MULTIPLICATION, "db = g * a", "db = g * b",
            "da is right. db uses b itself; the local gradient for b is the other factor, a.",
        ),
        change(
            _MULTIPLICATION, "db = g * a", "db = a",
            "da is right. db is the local gradient alone, a: the blame that arrives has to be multiplied in there as well.",
        ),
        change(_MULTIPLICATION, "return da, db", "return da", shows="2 values are expected"),
        Wrong(changes(_MULTIPLICATION, ("da = g * b", "g *= b\n    da = g + 0"), ("db = g * a", "db = g / b * a")), shows="changed its argument g"),
    ),
    praise="Each factor is blamed in proportion to the other one.",
)  # fmt: skip

# --- neuron_backward -------------------------------------------------------------------------------------------------

_NEURON = '''def neuron_backward(x, w, b, truth):
    """The neuron says y = tanh(w · x + b), and error = (y - truth)². x, w: arrays of shape (K,). b, truth:
    numbers. Returns (dw, db): ∂error/∂w of shape (K,) and ∂error/∂b, a number."""
    y = np.tanh(w @ x + b)
    dy = 2 * (y - truth)
    dz = dy * (1 - y**2)
    return dz * x, dz
'''

neuron_backward = Exercise(
    name="neuron_backward",
    blank_from="    dy =",
    blank="    dw = None\n    db = None\n    return dw, db\n",
    solution=_NEURON,
    others=('''
    y = np.tanh(w @ x + b)
    dz = 2 * (y - truth) * (1 - y**2)
    dw = np.zeros(len(w))
    for i in range(len(w)):
        dw[i] = dz * x[i]
    return dw, dz
''',),
    cases=[
        (np.array([1.0, 2.0]), np.array([0.5, -0.5]), 0.1, 1.0),
        (np.array([2.0, 0.0]), np.array([0.3, 3.0]), 0.0, -1.0),
        (np.array([3.0]), np.array([-0.2]), 0.5, 0.25),
        *(
            (_rng.normal(size=k), _rng.normal(size=k) / k, float(_rng.normal()), float(_rng.uniform(-1, 1)))
            for k in (2, 3, 5, 16)
        ),
    ],
    parts=("dw", "db"),
    hints=(
        "Three things happened on the way forward: z = w · x + b, y = tanh(z), error = (y − truth)². Walk back through them, last one first.",
        "dy = 2 (y − truth). Then dz = dy · tanh′(z), and tanh′(z) = 1 − y²: the y that you have already.",
        "z = w · x + b, so each weight gets dz times its own input, dw = dz * x, and b, whose local gradient is 1, gets db = dz.",
    ),
    wrong=(
        change(
            _NEURON, "2 * (y - truth)", "2 * (truth - y)",
            "Close. Your gradient has the right size and the opposite sign: you took truth − y. An update with it walks uphill.",
        ),
        change(
            _NEURON, "2 * (y - truth)", "y - truth",
            "Every number is half of what it should be. The derivative of (y − truth)² is 2 (y − truth): where is the 2?",
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
            _NEURON, "1 - y**2", "1 - (w @ x + b)**2",
            "You wrote 1 − z². tanh′(z) is 1 − tanh²(z), and tanh(z) is y: use what came out of the neuron, not what went in.",
        ),
        change(
            _NEURON, "1 - y**2", "1 - np.tanh(y)**2",
            "tanh is applied twice: y is tanh(z) already, so tanh′(z) = 1 − y².",
        ),
        change(
            _NEURON, "return dz * x, dz", "return dz * w, dz",
            "db is right. For dw you multiplied by w; that is the blame for the input. A weight's local gradient is its input, x.",
        ),
        change(
            _NEURON, "return dz * x, dz", "return dz * x, dz * b",
            "dw is right. db carries a factor b, and the local gradient of w · x + b for b is 1. Turn b up by 0.01 and z goes up by 0.01.",
        ),
        change(
            _NEURON, "return dz * x, dz", "return dz * np.sum(x), dz",
            "dw is one number, and there are as many weights as inputs. Leave the sum out: each weight gets dz times its own input.",
        ),
        change(
            _NEURON, "2 * (y - truth)", "(y - truth)**2",
            "You start from the error itself, (y − truth)². Going back starts from its derivative, 2 (y − truth).",
        ),
        change(
            _NEURON, "return dz * x, dz", "return dz * x, 1.0",
            "dw is right. 1 is the local gradient of w · x + b for b; the blame that arrives at z, dz, is still to be multiplied by it.",
        ),
        change(
            _NEURON, "return dz * x, dz", "return x, dz",
            "db is right. x is the local gradient of w · x + b for w; the blame that arrives at z, dz, is still to be multiplied by it.",
        ),
        change(
            _NEURON, "1 - y**2", "(1 - y)**2",
            "(1 − y)² is not 1 − y². Only the y is squared: 1 - y**2.",
        ),
        change(_NEURON, "return dz * x, dz", "return dz, dz * x", shows="in the opposite order"),
        change(_NEURON, "return dz * x, dz", "return dz * x[:, None], dz", shows="in the wrong shape"),
        change(_NEURON, "y = np.tanh", "w *= 0.5\n    w *= 2\n    x -= 1\n    x += 2\n    y = np.tanh", shows="changed its argument x"),
    ),
    praise="Backward cost you two multiplications more than forward. That ratio stays, however deep the network.",
)  # fmt: skip

# --- fix_backward ----------------------------------------------------------------------------------------------------

_FIXED = '''def backward(x, w1, w2, g):
    """Forward: h = tanh(x @ w1), y = h @ w2 + h.  x: (N, K), w1: (K, M), w2: (M, M). g = ∂loss/∂y: (N, M).
    Returns (∂loss/∂w1, ∂loss/∂w2)."""
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

EXERCISES = Lesson([multiplication, neuron_backward, fix_backward])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
