"""Exercises of lesson 17: the first gradients of a network of zeros, He weights of any shape, and the scale for a leaky ReLU."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {
    "equal": "about 3 in 10",
    "fifty": "about a thirty-millionth",
    "a fifth": "1 in 10, as by guessing",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(17)

# --- from_zeros ------------------------------------------------------------------------------------------------------

_FROM_ZEROS = '''def from_zeros(x, blame, at_zero, slope, M):
    """A hidden layer of M neurons, h = f(x @ W1), logits = h @ W2, and all weights are 0.
    x: (N, K). blame: ∂loss / ∂logits, (N, C). at_zero is f(0), slope is f'(0).
    Returns the gradients with respect to W1, (K, M), and to W2, (M, C)."""
    h = np.full((len(x), M), at_zero)
    W2 = np.zeros((M, blame.shape[1]))
    return x.T @ (slope * (blame @ W2.T)), h.T @ blame
'''
_BACK = "x.T @ (slope * (blame @ W2.T))"
_OUT = "h.T @ blame"


def _zeros(n: int, k: int, m: int, c: int, at_zero: float, slope: float) -> Case:
    return _rng.normal(size=(n, k)).round(2), _rng.normal(size=(n, c)).round(2), at_zero, slope, m


from_zeros = Exercise(
    name="from_zeros",
    blank_from="    h = np.full(",
    blank="    return None, None\n",
    solution=_FROM_ZEROS,
    others=('''
    first = np.zeros((x.shape[1], M))
    second = np.zeros((M, blame.shape[1]))
    for n in range(len(x)):
        for j in range(M):
            for c in range(blame.shape[1]):
                second[j, c] += at_zero * blame[n, c]
    return first, second
''', '''
    return np.zeros((x.shape[1], M)), at_zero * np.tile(np.sum(blame, axis=0), (M, 1))
'''),
    cases=[
        (np.array([[1.0, -2.0], [0.5, 3.0], [1.5, 1.0]]), np.array([[0.5, -0.5], [0.25, -0.25], [-0.5, 0.5]]), 0.5, 0.25, 3),
        _zeros(4, 3, 2, 5, 0.0, 1.0),
        _zeros(6, 2, 4, 3, 0.7, 0.5),
        _zeros(5, 4, 3, 2, 0.5, 0.25),
    ],
    parts=("the gradient of W1", "the gradient of W2"),
    hints=(
        "Go forward first: what does each of the M neurons say, if its sum is 0? Then back: what does a zero W2 let through to the neurons?",
        "Each neuron says at_zero to every example, so row j of W2's gradient is at_zero times the sum of blame over the examples. The blame of the neurons is blame @ W2.T, and W2 is 0.",
        "np.zeros((x.shape[1], M)) for W1. For W2: h = np.full((len(x), M), at_zero), and then h.T @ blame.",
    ),
    wrong=(
        change(
            _FROM_ZEROS, "blame @ W2.T", "blame @ np.ones_like(W2).T",
            "Blame comes to the neurons by W2, and W2 is 0: nothing arrives. You let it pass as if W2 were 1.",
        ),
        change(
            _FROM_ZEROS, _OUT, "np.zeros_like(W2)",
            "W1 is right. The gradient of W2 is not always 0: it asks what the neurons say, and with {call} each of them says f(0).",
        ),
        change(
            _FROM_ZEROS, "at_zero)", "1.0)",
            "The gradient of W2 is off by a factor: each neuron says at_zero, f(0), and yours say 1.",
        ),
        change(
            _FROM_ZEROS, "at_zero)", "slope)",
            "The gradient of W2 takes what the neurons say, f(0). You took their slope, f'(0).",
        ),
        change(
            _FROM_ZEROS, _OUT, "h.T @ blame / len(x)",
            "The gradient of W2 is divided by N. Whoever gave you blame has taken the mean over the batch already: sum over the examples.",
        ),
        change(
            _FROM_ZEROS, _OUT, "-h.T @ blame",
            "The gradient of W2 has the right size and the opposite sign. The minus comes with the update, not with the gradient.",
        ),
        change(
            _FROM_ZEROS, _OUT, "slope * h.T @ blame",
            "slope is too much in the gradient of W2: there is no activation between W2 and the logits.",
        ),
        Wrong(
            changes(_FROM_ZEROS, ("return " + _BACK + ", " + _OUT, "return (" + _BACK + ").T, (" + _OUT + ").T")),
            "Both gradients are transposed. A gradient has the shape of its weights: (K, M) and (M, C).",
        ),
        change(
            _FROM_ZEROS, _OUT, "np.sum(h.T @ blame, axis=0)",
            "The gradient of W2 has lost its neurons: it is a matrix, a row for each of the M neurons, and all rows are equal.",
        ),
        change(
            _FROM_ZEROS, _BACK, "np.full((x.shape[1], M), at_zero)",
            "The gradient of W1 is 0 whatever f(0) is: on the way back stands W2, and it is 0.",
        ),
        change(_FROM_ZEROS, "return " + _BACK + ", " + _OUT, "return " + _OUT + ", " + _BACK, shows="in the opposite order"),
    ),
    praise="W1 gets nothing at all, and all rows of W2's gradient are equal: with tanh and ReLU, where f(0) = 0, not even W2 moves.",
)  # fmt: skip

# --- he --------------------------------------------------------------------------------------------------------------

_HE = '''def he(shape, rng):
    """He weights: normal, mean 0, variance 2 / n, for n inputs. One call of rng.normal.
    shape: (K, M) of a dense layer, or (KH, KW, C, F) of a convolution: a window of KH × KW
    pixels, each with C channels, for each of F filters. Returns an array of that shape."""
    n = np.prod(shape[:-1])
    return rng.normal(0, np.sqrt(2 / n), shape)
'''


def _shape(*shape: int) -> Case:
    return shape, np.random.default_rng(sum(shape))


he = Exercise(
    name="he",
    blank_from="    n = np.prod(",
    solution=_HE,
    others=('''
    n = 1
    for size in shape[:-1]:
        n *= size
    return (2 / n) ** 0.5 * rng.normal(size=shape)
''',),
    cases=[_shape(4, 3), _shape(3, 2, 4, 5), _shape(30, 7), _shape(5, 3, 1, 6)],
    hints=(
        "How many products does one neuron of a dense layer add up? And one output pixel of one filter?",
        "n is the product of all sizes but the last: np.prod(shape[:-1]). rng.normal takes a standard deviation, the root of the variance.",
        "rng.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape)",
    ),
    wrong=(
        change(
            _HE, "np.prod(shape[:-1])", "shape[0]",
            "A dense layer is right. A filter adds up its whole window and all channels, KH · KW · C products, and you count KH.",
        ),
        change(
            _HE, "np.prod(shape[:-1])", "shape[-2]",
            "A dense layer is right. In a convolution you count the channels alone, the last of three sizes, and forget the window: KH · KW · C products.",
        ),
        change(
            _HE, "np.prod(shape[:-1])", "shape[-1]",
            "You count the outputs. The spread of a sum asks how many inputs it adds up: all sizes but the last.",
        ),
        change(
            _HE, "np.prod(shape[:-1])", "np.prod(shape)",
            "You count all weights. One neuron has only those that lead to it: all sizes but the last.",
        ),
        change(
            _HE, "np.prod(shape[:-1])", "np.prod(shape[:-2])",
            "Your n is the window alone, and 1 for a dense layer. All sizes but the last one count: shape[:-1].",
        ),
        change(
            _HE, "np.sqrt(2 / n)", "2 / n",
            "rng.normal takes the standard deviation. 2 / n is the variance: take the root.",
        ),
        change(
            _HE, "np.sqrt(2 / n)", "np.sqrt(1 / n)",
            "That is LeCun's 1 / n. ReLU lets half of the mean square through, so He sends twice as much: 2 / n.",
        ),
        change(
            _HE, "np.sqrt(2 / n)", "2 / np.sqrt(n)",
            "The 2 stands under the root: the variance is 2 / n. Yours is 4 / n.",
        ),
        change(
            _HE, "np.sqrt(2 / n)", "np.sqrt(2) / n",
            "Only the 2 is under your root. The n belongs there too: np.sqrt(2 / n).",
        ),
        change(
            _HE, "np.sqrt(2 / n)", "np.sqrt(2 / (n + shape[-1]))",
            "That is Glorot's 2 / (inputs + outputs). He counts the inputs alone.",
        ),
        change(
            _HE, "np.sqrt(2 / n)", "np.sqrt(n / 2)",
            "Upside down: more inputs need smaller weights, √(2 / n).",
        ),
        change(
            _HE, "rng.normal(0, np.sqrt(2 / n), shape)", "rng.normal(np.sqrt(2 / n), 1, shape)",
            "You give the spread as the mean: rng.normal(mean, deviation, size). The mean is 0.",
        ),
        change(
            _HE, "rng.normal(0, np.sqrt(2 / n), shape)", "rng.uniform(-np.sqrt(6 / n), np.sqrt(6 / n), shape)",
            "The variance is right, and uniform is as good in a network. Asked for is rng.normal.",
        ),
        change(
            _HE, "rng.normal(0, np.sqrt(2 / n), shape)", "rng.uniform(-np.sqrt(2 / n), np.sqrt(2 / n), shape)",
            "Uniform between ±s has the deviation s / √3, so the variance is a third of what it should be. Asked for is rng.normal.",
        ),
        change(_HE, "rng.normal(0", "np.random.default_rng(0).normal(0", shows="rng was never asked"),
    ),
    praise="dl.he_normal does this with a normal distribution cut off at two deviations; dl.initializers.fans counts.",
)  # fmt: skip

# --- leaky -----------------------------------------------------------------------------------------------------------

_LEAKY = '''def leaky(n, slope):
    """Leaky ReLU: z where z > 0, slope · z elsewhere. n: inputs of a neuron. Returns
    the standard deviation of the weights with which the spread stays the same."""
    passes = (1 + slope**2) / 2
    return np.sqrt(1 / (n * passes))
'''

leaky = Exercise(
    name="leaky",
    blank_from="    passes =",
    solution=_LEAKY,
    others=('''
    return (2 / ((1 + slope * slope) * n)) ** 0.5
''',),
    cases=[(50, 0.5), (100, 0.0), (64, 1.0), (9, 0.01), (300, 0.2), (7, -1.0), (20, -0.5)],
    hints=(
        "Half of the z are above 0 and pass as they are. What becomes of the mean square of the other half?",
        "It is multiplied by slope². So of the mean square of z, (1 + slope²) / 2 passes; each layer multiplies it by n · variance · that, which should be 1.",
        "np.sqrt(2 / ((1 + slope**2) * n))",
    ),
    wrong=(
        change(
            _LEAKY, "(1 + slope**2) / 2", "1 / 2",
            "That is He's, for ReLU. What leaks below 0 counts as well: slope² of the mean square of that half.",
        ),
        change(
            _LEAKY, "slope**2", "slope",
            "The lower half is multiplied by slope, and its mean square by slope². You took slope itself.",
        ),
        change(
            _LEAKY, "(1 + slope**2) / 2", "((1 + slope) / 2) ** 2",
            "You square the mean of the two slopes. The mean of their squares counts: (1 + slope²) / 2.",
        ),
        change(
            _LEAKY, "(1 + slope**2) / 2", "1 + slope**2",
            "Each side of 0 has half of the z, so it is the mean of 1 and slope², not their sum.",
        ),
        change(
            _LEAKY, "(1 + slope**2) / 2", "(1 - slope**2) / 2",
            "What passes below 0 adds to the mean square, whatever its sign: 1 + slope².",
        ),
        change(
            _LEAKY, "np.sqrt(1 / (n * passes))", "1 / (n * passes)",
            "That is the variance of the weights. Asked for is their standard deviation, its root.",
        ),
        change(
            _LEAKY, "np.sqrt(1 / (n * passes))", "np.sqrt(1 / passes)",
            "That would be right for one input. A sum of n products has n times the variance: divide by n as well.",
        ),
        change(
            _LEAKY, "np.sqrt(1 / (n * passes))", "np.sqrt(passes / n)",
            "Upside down in what passes: the less passes, the larger the weights must be.",
        ),
        change(
            _LEAKY, "np.sqrt(1 / (n * passes))", "np.sqrt(n * passes)",
            "That is the factor by which weights of deviation 1 multiply the spread. The deviation that makes it 1 is one over it.",
        ),
        change(
            _LEAKY, "np.sqrt(1 / (n * passes))", "np.sqrt(1 / passes) / n",
            "The n belongs under the root: variances add up, not deviations.",
        ),
        change(
            _LEAKY, "passes = (1 + slope**2) / 2", "passes = 1",
            "That is right where everything passes, slope 1. Below 0 only slope² of the mean square does.",
        ),
    ),
    praise="With slope 0 it is He's √(2 / n), with slope 1 LeCun's √(1 / n). He and others give it for any slope in the same paper.",
)  # fmt: skip

EXERCISES = Lesson([from_zeros, he, leaky])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
