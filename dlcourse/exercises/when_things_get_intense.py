"""Exercises of lesson 07: δ of a hidden layer, a gradient through all paths of a network, and a program with two slips."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {
    "paths": "16",
    "line 4": "more than 100 times as much",
    "flower": "from x₄",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"flower": {"source": 4}}
"""Where the picture goes after a bet, to show what came."""

_rng = np.random.default_rng(7)

# --- hidden_delta ----------------------------------------------------------------------------------------------------

_DELTA = '''def hidden_delta(z, w, delta):
    """A hidden layer says a = sigmoid(z); the layer after it gets z_next = a @ w.
    z: (M,), w: (M, F), delta: ∂loss/∂z_next, shape (F,).
    Returns ∂loss/∂z, the δ of the hidden layer, shape (M,)."""
    a = 1 / (1 + np.exp(-z))
    return (w @ delta) * a * (1 - a)
'''
_BACK = "(w @ delta) * a * (1 - a)"


def _layer(m: int, f: int) -> Case:
    return _rng.normal(size=m), _rng.normal(size=(m, f)), _rng.normal(size=f)


hidden_delta = Exercise(
    name="hidden_delta",
    varies=Varies(
        what="the factor before a @ w",
        given="1",
        others=(("3",), ("4",), ("5",)),
        pieces=(
            ("z_next = a @ w", "z_next = {0} a @ w"),
            ("(w @ delta) * a * (1 - a)", "{0} * (w @ delta) * a * (1 - a)"),
            ("out[i] += w[i, k]", "out[i] += {0} * w[i, k]"),
            ("is the sum over k of w[i, k] · delta[k]: w @ delta.", "is {0} times the sum over k of w[i, k] · delta[k]: {0} * (w @ delta)."),
        ),
    ),
    blank_from="    return",
    solution=_DELTA,
    others=('''
    out = np.zeros(len(z))
    for i in range(len(z)):
        a = 1 / (1 + np.exp(-z[i]))
        for k in range(len(delta)):
            out[i] += w[i, k] * delta[k] * a * (1 - a)
    return out
''',),
    cases=[
        (np.array([0.0, 1.0, -2.0]), np.array([[1.0, 2.0], [3.0, 0.0], [-1.0, 1.0]]), np.array([0.5, -1.0])),
        (np.array([0.5]), np.array([[2.0]]), np.array([3.0])),
        *(_layer(*sizes) for sizes in ((2, 1), (4, 3), (3, 3), (16, 10))),
    ],
    hints=(
        "Follow the blame back from z_next to one hidden neuron. Along how many paths does it come, and what is each of them multiplied by?",
        "Neuron i reaches every z_next[k] through the weight w[i, k], so ∂loss/∂a[i] is the sum over k of w[i, k] · delta[k]: w @ delta.",
        "Then through the sigmoid, whose slope is a (1 − a): (w @ delta) * a * (1 - a).",
    ),
    wrong=(
        change(
            _DELTA, _BACK, "w @ delta",
            "{yours} is ∂loss/∂a, the blame behind the sigmoid. On the way to z it is multiplied by the slope σ′(z) = a (1 − a).",
        ),
        change(
            _DELTA, "* a * (1 - a)", "* a",
            "You multiply by σ(z), the output. What counts is its slope, σ′(z) = a (1 − a).",
        ),
        change(
            _DELTA, "* a * (1 - a)", "/ (a * (1 - a))",
            "You divide by σ′(z), as the quotient on the slide suggests. It is a slip of the slide: the chain rule multiplies.",
        ),
        change(
            _DELTA, "a * (1 - a)", "z * (1 - z)",
            "The slope of the sigmoid is a (1 − a), in what comes out of it. You put in z, what goes in.",
        ),
        change(
            _DELTA, "* a * (1 - a)", "* (1 - a**2)",
            "1 − a² is the slope of tanh. These neurons are sigmoids: a (1 − a).",
        ),
        change(
            _DELTA, "(w @ delta)", "np.sum(delta)",
            "The weights are missing: a neuron is blamed by the neurons after it in proportion to the weight between them. w @ delta.",
        ),
        change(
            _DELTA, "(w @ delta)", "np.sum(w, axis=1)",
            "You add up the weights, and what arrives, delta, is not used. Each path carries w[i, k] · delta[k].",
        ),
        change(
            _DELTA, "(w @ delta)", "w[:, 0] * delta[0]",
            "That is one path, through the first neuron of the next layer. Add up all of them.",
        ),
        change(
            _DELTA, "(w @ delta)", "(w @ delta) / len(delta)",
            "You average over the paths. Each of them moves the loss in full, so they add up.",
        ),
        change(
            _DELTA, "(w @ delta) * ", "",
            "That is the local gradient of the sigmoid alone. It is multiplied by the blame that comes back from the next layer: w @ delta.",
        ),
        change(
            _DELTA, "* a * (1 - a)", "* (z > 0)",
            "1 where z > 0 and else 0 is the slope of ReLU. These neurons are sigmoids: a (1 − a).",
        ),
        change(
            _DELTA, "* a * (1 - a)", "* a * (1 - a) * z",
            "The factor z is too much. ∂a/∂z is a (1 − a), and that is all the sigmoid brings.",
        ),
        change(
            _DELTA, "(w @ delta) * a", "(w @ delta) + a",
            "You add the slope to the blame. Along a path local gradients are multiplied.",
        ),
        change(
            _DELTA, "(w @ delta)", "(w * delta)",
            shows="raised ValueError: operands could not be broadcast",
        ),
        change(_DELTA, "(w @ delta)", "(w.T @ delta)", shows="raised ValueError: matmul"),
        change(_DELTA, "a = 1 /", "delta *= 1\n    z *= 2\n    z *= 0.25\n    a = 1 /", shows="changed its argument z"),
    ),
    praise="Times the activation that went into a weight, δᵢ · aⱼ, this is the slide's last line.",
)  # fmt: skip

# --- input_gradient --------------------------------------------------------------------------------------------------

_INPUT = '''def input_gradient(x, w1, w2, w3):
    """s = tanh(tanh(x @ w1) @ w2) @ w3. x: (K,), w1: (K, M), w2: (M, F), w3: (F,).
    From each input M · F paths lead to s. Returns ∂s/∂x, all their sums, shape (K,)."""
    a = np.tanh(x @ w1)
    b = np.tanh(a @ w2)
    return w1 @ ((1 - a**2) * (w2 @ ((1 - b**2) * w3)))
'''


def _deep(k: int, m: int, f: int) -> Case:
    return _rng.normal(size=k), _rng.normal(size=(k, m)), _rng.normal(size=(m, f)), _rng.normal(size=f)


input_gradient = Exercise(
    name="input_gradient",
    varies=Varies(
        what="the factor before tanh",
        given="1",
        others=(("3",), ("4",), ("5",)),
        pieces=(
            ("s = tanh(tanh(x @ w1) @ w2) @ w3", "s = {0} tanh(tanh(x @ w1) @ w2) @ w3"),
            ("w1 @ ((1 - a**2)", "{0} * w1 @ ((1 - a**2)"),
            ("out[j] += w1[j, m]", "out[j] += {0} * w1[j, m]"),
        ),
    ),
    blank_from="    return",
    solution=_INPUT,
    others=('''
    a = np.tanh(x @ w1)
    b = np.tanh(a @ w2)
    out = np.zeros(len(x))
    for j in range(len(x)):
        for m in range(len(a)):
            for f in range(len(b)):
                out[j] += w1[j, m] * (1 - a[m] ** 2) * w2[m, f] * (1 - b[f] ** 2) * w3[f]
    return out
''',),
    cases=[_deep(*sizes) for sizes in ((2, 3, 2), (1, 1, 1), (3, 3, 3), (4, 2, 5), (16, 8, 8))],
    hints=(
        "One path first: from x[j] through neuron m and neuron f. Which five numbers does it meet, three weights and two slopes?",
        "Three loops, over j, m and f, that add up the products would do. Shorter: go backwards, δ of the second layer is (1 - b**2) * w3, and w2 @ δ carries it to the first.",
        "w1 @ ((1 - a**2) * (w2 @ ((1 - b**2) * w3))): each product with a matrix sums over one layer of neurons.",
    ),
    wrong=(
        change(
            _INPUT, "(1 - b**2) * w3", "w3",
            "The slopes of the second tanh are missing: every path crosses it, and 1 − b² stands on its way.",
        ),
        change(
            _INPUT, "(1 - a**2) * ", "",
            "The slopes of the first tanh are missing: every path crosses it, and 1 − a² stands on its way.",
        ),
        change(
            _INPUT, "(1 - a**2) * (w2 @ ((1 - b**2) * w3))", "w2 @ w3",
            "You multiply the three weights of each path, and no slope. Each tanh on the way brings its 1 − tanh².",
        ),
        change(
            _INPUT, "w1 @ (", "x * w1 @ (",
            "The factor x is too much. It would be there for a derivative with respect to a weight; here the path begins at the input itself.",
        ),
        change(
            _INPUT, "(1 - a**2) * (w2 @ ((1 - b**2) * w3))", "(1 - a) * (w2 @ ((1 - b) * w3))",
            "The square is missing in your slopes. The slope of tanh is 1 − a², with a what the neuron says: at a = 0.5 it is 0.75.",
        ),
        change(
            _INPUT, "(1 - a**2) * (w2 @ ((1 - b**2) * w3))", "a * (1 - a) * (w2 @ (b * (1 - b) * w3))",
            "a (1 − a) is the slope of the sigmoid. These neurons are tanh: 1 − a².",
        ),
        change(
            _INPUT, "(1 - a**2) * (w2 @ ((1 - b**2) * w3))", "a * (w2 @ (b * w3))",
            "You multiply by what the neurons say, a and b. What counts on a path is how steep they are there, 1 − a² and 1 − b².",
        ),
        change(
            _INPUT, "w1 @ (", "np.sum(w1) * np.sum(",
            "That adds all weights of w1 into one number, for all inputs alike. Input j has its own paths, and they begin with w1[j, m].",
        ),
        change(
            _INPUT, "    return w1 @ (", "    return np.mean(w1, axis=1) * np.sum(",
            "Each path multiplies its own weight by its own slope. You average the weights before the slopes come in.",
        ),
        change(
            _INPUT, "w1 @ ((1 - a**2) * (w2 @ ((1 - b**2) * w3)))", "np.dot(w1, (1 - a**2) * (w2[:, 0] * (1 - b[0] ** 2) * w3[0]))",
            "Those are the paths through the first neuron of the second layer. Add up the paths through all of them.",
        ),
        change(
            _INPUT, "w1 @ ((1", "-w1 @ ((1",
            "Right up to the sign: nothing on a path here turns it around.",
        ),
        change(
            _INPUT, "    return w1 @ ((1 - a**2) * (w2 @ ((1 - b**2) * w3)))", "    return (1 - a**2) * (w2 @ ((1 - b**2) * w3))",
            shows="has shape",
        ),
        change(_INPUT, "(w2 @ ((", "(w2.T @ ((", shows="raised ValueError: matmul"),
    ),
    praise="M · F paths for each input, and you listed none of them. In the last case 1024 are added up, in 208 multiplications.",
)  # fmt: skip

# --- fix_slide -------------------------------------------------------------------------------------------------------

_RIGHT = '''def weight_gradient(a, w1, b1, w2):
    """s = w2 @ sigmoid(w1 @ a + b1), as on the slide. a: (K,), w1: (M, K), b1, w2: (M,).
    Returns (∂s/∂w1, ∂s/∂b1), shapes (M, K) and (M,)."""
    z = w1 @ a + b1
    y = 1 / (1 + np.exp(-z))
    delta = w2 * y * (1 - y)
    dw1 = np.outer(delta, a)
    return dw1, delta
'''
_SLIPS = changes(_RIGHT, ("w2 * y * (1 - y)", "w2 * y * (1 - y) / z"), ("delta = w2", "delta = np.sum(w2)"))


def _slide(k: int, m: int) -> Case:
    return _rng.normal(size=k), _rng.normal(size=(m, k)), _rng.normal(size=m), _rng.normal(size=m)


fix_slide = Exercise(
    name="fix_slide",
    varies=Varies(
        what="the factor before w2",
        given="1",
        others=(("3",), ("4",), ("5",)),
        pieces=(
            ("s = w2 @ sigmoid(w1 @ a + b1), as on the slide.", "s = {0} w2 @ sigmoid(w1 @ a + b1), {0} times the slide's."),
            ("delta = w2 * y * (1 - y)", "delta = {0} * w2 * y * (1 - y)"),
            ("with nothing to divide it by. And δᵢ contains w2ᵢ alone", "with nothing to divide it by. And δᵢ contains {0} w2ᵢ alone"),
        ),
    ),
    stub=_SLIPS,
    solution=_RIGHT,
    cases=[_slide(*sizes) for sizes in ((2, 2), (1, 1), (4, 3), (3, 5), (8, 8))],
    parts=("∂s/∂w1", "∂s/∂b1"),
    hints=(
        "Two things are wrong, both in the line of delta. One is the quotient that the slide prints. The other: which of the weights in w2 does neuron i feed?",
        "σ′(z) is y (1 − y), with nothing to divide it by. And δᵢ contains w2ᵢ alone: the other terms of the sum over k stand still when neuron i moves.",
        "delta = w2 * y * (1 - y), shape (M,), one number for each neuron.",
    ),
    wrong=(
        change(
            _RIGHT, "w2 * y * (1 - y)", "w2 * y * (1 - y) / z",
            "One slip is left, the slide's: you divide by z. ∂y/∂z is y (1 − y), and that is the whole local gradient.",
        ),
        change(
            _RIGHT, "w2 * y", "np.sum(w2) * y",
            "The quotient is gone. One slip is left: a sum over all of w2. Neuron i reaches s through w2[i] alone.",
        ),
        change(
            _RIGHT, "w2 * y * (1 - y)", "y * (1 - y)",
            "That is the local gradient of the sigmoid. On its way to s a push also meets the weight behind the neuron, w2.",
        ),
        change(
            _RIGHT, "w2 * y * (1 - y)", "w2 * (1 - y**2)",
            "1 − y² is the slope of tanh. This y is a sigmoid: y (1 − y).",
        ),
        change(
            _RIGHT, "w2 * y * (1 - y)", "w2 * z * (1 - z)",
            "The slope of the sigmoid is y (1 − y), in what comes out. You put in z, what goes in.",
        ),
        change(
            _RIGHT, "w2 * y * (1 - y)", "w2 * y",
            "You multiply by y, what the neuron says. What counts is its slope there, y (1 − y).",
        ),
        change(
            _RIGHT, "w2 * y * (1 - y)", "w2",
            "w2 is ∂s/∂y. On the way to z stands the sigmoid: multiply by its slope, y (1 − y).",
        ),
        change(
            _RIGHT, "w2 * y * (1 - y)", "w2 / (y * (1 - y))",
            "Now you divide by the slope. The chain rule multiplies.",
        ),
        change(
            _RIGHT, "np.outer(delta, a)", "np.outer(a, delta)",
            "Your ∂s/∂w1 is transposed. On the slides w1 has the shape (M, K), to first: entry (i, j) is δᵢ · aⱼ, np.outer(delta, a).",
        ),
        change(
            _RIGHT, "return dw1, delta", "return dw1, delta * b1",
            "∂s/∂w1 is right. z contains b1 with the factor 1, so ∂s/∂b1 is δ itself.",
        ),
        change(
            _RIGHT, "return dw1, delta", "return dw1, w2",
            "∂s/∂w1 is right. A bias stands before the sigmoid, like the weights: its derivative is δ, slope and all.",
        ),
        Wrong(
            _RIGHT.replace("np.outer(delta, a)", "np.outer(w2, a)"),
            "∂s/∂b1 is right. In ∂s/∂w1 the slope is missing: every weight into neuron i gets δᵢ · aⱼ.",
        ),
    ),
    praise="δ is computed once and serves every weight into the neuron, and its bias: that is the slide's last line.",
)  # fmt: skip

EXERCISES = Lesson([hidden_delta, input_gradient, fix_slide])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
