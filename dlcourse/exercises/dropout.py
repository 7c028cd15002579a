"""Exercises of lesson 21: dropout and the way back through it, the spread that it makes, and the layer where it was left on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {
    "mean": "on it, up to chance",
    "training": "about as many",
    "an E": "all thirty",
    "letters": "a few more",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(21)

# --- dropout ---------------------------------------------------------------------------------------------------------

_DROPOUT = '''def dropout(x, g, p, rng):
    """A layer of dropout in training, there and back. x: what comes in, (N, K). g: (N, K), the
    derivative of a loss with respect to each number that goes out. An entry is ignored with
    probability p: it is kept where rng.random(x.shape) >= p, one call. The expected value of
    each number stays. Returns what goes out, (N, K), and the derivative of the loss with
    respect to x, (N, K)."""
    factor = (rng.random(x.shape) >= p) / (1 - p)
    return x * factor, g * factor
'''


def _layer(n: int, k: int, p: float) -> Case:
    return _rng.normal(size=(n, k)).round(2), _rng.normal(size=(n, k)).round(2), p, np.random.default_rng(n + k)


dropout = Exercise(
    name="dropout",
    blank_from="    factor =",
    blank="    return None, None\n",
    solution=_DROPOUT,
    parts=("what goes out", "the derivative"),
    others=('''
    kept = rng.random(x.shape) >= p
    out, back = np.zeros(x.shape), np.zeros(x.shape)
    for n in range(len(x)):
        for k in range(x.shape[1]):
            if kept[n, k]:
                out[n, k] = x[n, k] / (1 - p)
                back[n, k] = g[n, k] / (1 - p)
    return out, back
''', '''
    gone = rng.random(x.shape) < p
    return np.where(gone, 0, x / (1 - p)), np.where(gone, 0, g / (1 - p))
'''),
    cases=[_layer(2, 4, 0.5), _layer(5, 3, 0.2), _layer(4, 6, 0.8), _layer(3, 2, 0.0), _layer(1, 7, 0.35)],
    hints=(
        "Draw the mask once. What is each entry multiplied by on its way there? And so, by the chain rule, on its way back?",
        "kept = rng.random(x.shape) >= p. A kept entry is multiplied by 1 / (1 − p), one that is ignored by 0, there and back.",
        "factor = (rng.random(x.shape) >= p) / (1 - p), and then x * factor, g * factor",
    ),
    wrong=(
        change(
            _DROPOUT, ">= p) /", "< p) /",
            "You keep what should be ignored: an entry stays where rng.random is p or more, that is with probability 1 − p.",
        ),
        change(
            _DROPOUT, " / (1 - p)", "",
            "The right entries are kept. But with a fraction p gone, the expected value is 1 − p of what it was: divide what is kept by 1 − p, there and back.",
        ),
        change(
            _DROPOUT, "/ (1 - p)", "/ p",
            "You divide by p, the share that is ignored. What remains is the share 1 − p: divide by that.",
        ),
        change(
            _DROPOUT, "/ (1 - p)", "* (1 - p)",
            "You multiply by 1 − p. That belongs to prediction, where nobody divided in training; here the kept ones grow: divide by 1 − p.",
        ),
        change(
            _DROPOUT, "g * factor", "g * (factor > 0)",
            "There it is right. On the way back the factor 1 / (1 − p) is missing: what was multiplied by it there, is multiplied by it back.",
        ),
        change(
            _DROPOUT, "g * factor", "g",
            "There it is right. Back, you let everything through: an entry that was ignored has changed nothing, so its derivative is 0.",
        ),
        change(
            _DROPOUT, "g * factor", "g * ((rng.random(x.shape) >= p) / (1 - p))",
            "There it is right. Back, you draw another mask. The blame goes the way that the numbers came: the same mask twice.",
        ),
        change(
            _DROPOUT, "g * factor", "g * x * factor",
            "There it is right. Back, x is too much: out = x · factor, and its derivative with respect to x is the factor alone.",
        ),
        change(
            _DROPOUT, "g * factor", "factor",
            "There it is right. Back, you give the derivative of what goes out. Multiply by g, the derivative of the loss with respect to it.",
        ),
        change(
            _DROPOUT, "factor = (rng.random(x.shape)", "factor = (rng.random(x.shape[1])",
            "You draw one mask for the whole batch. Each example has its own: rng.random(x.shape).",
        ),
        change(
            _DROPOUT, "factor = (rng.random(x.shape)", "factor = (rng.random((len(x), 1))",
            "You ignore whole examples. Each entry is drawn for itself: rng.random(x.shape).",
        ),
        Wrong(
            changes(_DROPOUT, ("/ (1 - p)\n", "/ (1 - p)\n    x *= factor\n"), ("return x * factor", "return x")),
            shows="changed its argument",
        ),
        change(_DROPOUT, "factor = (rng.random", "factor = (np.random.default_rng(0).random", shows="rng was never asked"),
        change(_DROPOUT, "return x * factor, g * factor", "return g * factor, x * factor", shows="in the opposite order"),
    ),
    praise="dl.Dropout does the first half; the second is what backward makes of its multiplication by the mask.",
)  # fmt: skip

# --- moments ---------------------------------------------------------------------------------------------------------

_MOMENTS = '''def moments(h, W, p):
    """h: what K units say to N examples, (N, K). W: (K, M). Each unit is ignored for itself
    with probability p, and the kept ones are divided by 1 - p. Then come the scores, kept @ W.
    Returns, without drawing a mask, the expected value of each score over all masks, (N, M),
    and its variance, (N, M)."""
    return h @ W, p / (1 - p) * (h**2 @ W**2)
'''


def _units(n: int, k: int, m: int, p: float) -> Case:
    return _rng.normal(size=(n, k)).round(2), _rng.normal(size=(k, m)).round(2), p


moments = Exercise(
    name="moments",
    blank_from="    return h @ W",
    blank="    return None, None\n",
    solution=_MOMENTS,
    parts=("the expected value", "the variance"),
    others=('''
    mean = np.zeros((len(h), W.shape[1]))
    variance = np.zeros((len(h), W.shape[1]))
    for n in range(len(h)):
        for m in range(W.shape[1]):
            for k in range(len(W)):
                full = h[n, k] * W[k, m]
                mean[n, m] += full
                variance[n, m] += (1 - p) * (full / (1 - p)) ** 2 - full**2
    return mean, variance
''', '''
    summands = h[:, :, None] * W
    return summands.sum(axis=1), (summands**2).sum(axis=1) * p / (1 - p)
'''),
    cases=[
        (np.array([[3.0, 1.0], [0.0, 2.0]]), np.array([[1.0], [2.0]]), 0.5),
        _units(3, 4, 2, 0.2), _units(5, 2, 3, 0.8), _units(2, 6, 4, 0.5), _units(4, 3, 1, 0.0),
    ],
    hints=(
        "Take one unit. Its summand a = h · w becomes a / (1 − p) with probability 1 − p, and else 0. What is its mean, what is the mean of its square?",
        "Mean (1 − p) · a / (1 − p) = a. Mean of the square (1 − p) · a² / (1 − p)² = a² / (1 − p), and minus a² that is a² · p / (1 − p). Units are drawn each for itself, so variances add up.",
        "h @ W, and p / (1 - p) * (h**2 @ W**2)",
    ),
    wrong=(
        change(
            _MOMENTS, "return h @ W", "return (1 - p) * h @ W",
            "The expected value is too small: you forget that the kept ones are divided by 1 − p. With that it is the score of the full network.",
        ),
        change(
            _MOMENTS, "return h @ W", "return h @ W / (1 - p)",
            "The expected value is too large: a kept unit is divided by 1 − p, and only the share 1 − p is kept.",
        ),
        change(
            _MOMENTS, "p / (1 - p) *", "p * (1 - p) *",
            "The variance p (1 − p) is that of a mask of zeros and ones. The kept ones are divided by 1 − p, so it is divided by (1 − p)²: p / (1 − p) remains.",
        ),
        change(
            _MOMENTS, "p / (1 - p) *", "(1 - p) / max(p, 1e-9) *",
            "Upside down: the more is ignored, the larger the spread. p / (1 − p).",
        ),
        change(
            _MOMENTS, "p / (1 - p) *", "1 / (1 - p) *",
            "That is the mean of the square. The variance takes the square of the mean away: 1 / (1 − p) − 1 = p / (1 − p).",
        ),
        change(
            _MOMENTS, "p / (1 - p) *", "p *",
            "The division by 1 − p is missing in the variance: p / (1 − p).",
        ),
        change(
            _MOMENTS, "p / (1 - p) * (h**2 @ W**2)", "p / (1 - p) * (h @ W) ** 2",
            "You square the sum. Each unit is drawn for itself, so it is the squares of the summands that add up: h**2 @ W**2.",
        ),
        change(
            _MOMENTS, "h**2 @ W**2", "h**2 @ W",
            "The weight is squared as well: the summand is h · w, its square h² · w².",
        ),
        change(
            _MOMENTS, "h**2 @ W**2", "h @ W**2",
            "What the unit says is squared as well: the summand is h · w, its square h² · w².",
        ),
        change(
            _MOMENTS, "p / (1 - p) * (h**2 @ W**2)", "np.sqrt(p / (1 - p) * (h**2 @ W**2))",
            "That is the standard deviation, the root. Asked for is the variance.",
        ),
        change(
            _MOMENTS, "p / (1 - p) * (h**2 @ W**2)", "p / (1 - p) * (h**2 @ W**2) / len(W)",
            "You divide by the number of units. A score is a sum and no mean, and its variance is the sum of all their variances.",
        ),
        change(
            _MOMENTS, "return h @ W, p / (1 - p) * (h**2 @ W**2)", "return p / (1 - p) * (h**2 @ W**2), h @ W",
            shows="in the opposite order",
        ),
    ),
    praise="The expected value is what the full network says, whatever p is; p only sets how far the thinned ones lie from it.",
)  # fmt: skip

# --- left_on ---------------------------------------------------------------------------------------------------------

Layer = Callable[[Any], Any]


def _dense(k: int, m: int) -> Layer:
    weights, bias = _rng.normal(size=(k, m)), _rng.normal(size=m)

    def layer(x: Any) -> Any:
        return np.asarray(x) @ weights + bias  # so no answer is ever 0 by chance

    return layer


def _above_zero() -> Layer:
    def layer(x: Any) -> Any:
        return np.maximum(np.asarray(x), 0)

    return layer


def _forgets(p: float) -> Layer:
    chance = np.random.default_rng(int(100 * p))

    def layer(x: Any) -> Any:
        return np.asarray(x) * (chance.random(np.shape(x)) >= p) / (1 - p)

    return layer


def _passes() -> Layer:
    """What dropout is when it is off."""

    def layer(x: Any) -> Any:
        return np.array(x)

    return layer


_LEFT_ON = '''def left_on(layers, x):
    """layers: functions, each from (N, K) to (N, M); x, (N, K), goes through them in turn. It
    is prediction time, and yet some of them still ignore entries by chance. Ask them: returns
    the numbers of those layers, counted from 0, as a list."""
    found = []
    for number, layer in enumerate(layers):
        once, again = layer(x), layer(x)
        if not np.array_equal(once, again):
            found.append(number)
        x = once
    return found
'''


def _stack(*layers: Layer, k: int) -> Case:
    return list(layers), _rng.normal(size=(60, k)) + 0.5


left_on = Exercise(
    name="left_on",
    blank_from="    found = []",
    solution=_LEFT_ON,
    others=('''
    numbers, number = [], 0
    while number < len(layers):
        answers = [np.asarray(layers[number](x)) for _ in range(3)]
        if any((answer != answers[0]).any() for answer in answers):
            numbers = numbers + [number]
        x = answers[-1]
        number += 1
    return numbers
''',),
    cases=[
        _stack(_dense(5, 40), _above_zero(), _forgets(0.5), _dense(40, 10), k=5),
        _stack(_dense(4, 30), _above_zero(), _passes(), _dense(30, 3), k=4),
        _stack(_forgets(0.2), _dense(20, 30), _above_zero(), _passes(), _dense(30, 20), _forgets(0.1), _dense(20, 6), k=20),
        _stack(_dense(8, 25), _passes(), _forgets(0.3), k=8),
        _stack(_passes(), _forgets(0.05), _forgets(0.5), _dense(12, 3), k=12),
        _stack(_dense(6, 2), k=6),
    ],
    hints=(
        "A layer that ignores entries by chance gives another answer each time. How do you keep apart a layer that forgets from one that only passes on what another one forgot?",
        "Ask each layer twice with the same input, and compare. Then go on to the next layer with one of the two answers.",
        "once, again = layer(x), layer(x); if not np.array_equal(once, again), note the number; then x = once.",
    ),
    wrong=(
        Wrong(
            changes(_LEFT_ON, (
                "    found = []\n    for number, layer in enumerate(layers):\n        once, again = layer(x), layer(x)\n"
                "        if not np.array_equal(once, again):\n            found.append(number)\n        x = once\n",
                "    found = []\n    other = x\n    for number, layer in enumerate(layers):\n        x, other = layer(x), layer(other)\n"
                "        if not np.array_equal(x, other):\n            found.append(number)\n",
            )),
            "You compare two whole passes. Behind the first layer that forgets, everything differs, and the others are innocent: ask each layer twice with the same input.",
        ),
        change(
            _LEFT_ON, "once, again = layer(x), layer(x)", "once, again = layer(x), x",
            "You compare what goes out with what came in. Most layers change their input, and forget nothing: compare two answers to the same input.",
        ),
        change(
            _LEFT_ON, "once, again = layer(x), layer(x)", "once = again = layer(x)",
            "You ask once and compare the answer with itself. Call the layer twice.",
        ),
        change(
            _LEFT_ON, "if not np.array_equal(once, again)", "if np.array_equal(once, again)",
            "Those are the layers that always say the same. Asked for are the others.",
        ),
        change(
            _LEFT_ON, "if not np.array_equal(once, again)", "if (np.asarray(once) == 0).any()",
            "Zeros come from a ReLU as well, and it forgets nothing. Ask each layer twice, and compare.",
        ),
        change(_LEFT_ON, "        x = once\n", "", shows="has a mismatch"),
        change(
            _LEFT_ON, "enumerate(layers)", "enumerate(layers, 1)",
            "You count from 1. Layers are counted from 0, as in layers[0].",
        ),
        change(
            _LEFT_ON, "found.append(number)", "return [number]",
            "You stop at the first layer that forgets. There may be more: go on to the last.",
        ),
        change(
            _LEFT_ON, "    return found", "    return len(found)",
            "That is how many there are. Asked for is which: a list of their numbers.",
        ),
        change(
            _LEFT_ON, "    return found", "    return len(found) > 0",
            "You say whether there is one. Asked for is which: a list of their numbers.",
        ),
    ),
    praise="In dlcourse model.eval() reaches every layer; a plain function of somebody's own it cannot reach, and this finds it.",
)  # fmt: skip

EXERCISES = Lesson([dropout, moments, left_on])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
