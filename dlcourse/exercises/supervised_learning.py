"""Exercises of lesson 01: the nearest example in any units, an honest error of seen points, and the line that fits best."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"wave": "network", "neighbours": "5", "off the map": "line"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(1)

# --- nearest_neighbour -----------------------------------------------------------------------------------------------

_NEAREST = '''def nearest_neighbour(x, examples, answers):
    """x: a new input, shape (K,). examples: (N, K), and their answers (N,). Each feature has
    its own unit, so first divide every difference by the standard deviation of its feature over
    the examples. Returns the answer of the example with the smallest sum of squares of these
    numbers; of several, the first."""
    gaps = (examples - x) / np.std(examples, axis=0)
    distances = np.sum(gaps**2, axis=1)
    return answers[np.argmin(distances)]
'''
_GAPS = "(examples - x) / np.std(examples, axis=0)"
_DISTANCES = "np.sum(gaps**2, axis=1)"
_UNITS = np.array([100.0, 0.1, 3.0, 1000.0, 0.01])


def _seen(n: int, k: int) -> tuple[np.ndarray[Any, Any], ...]:
    return _UNITS[:k] * _rng.normal(size=k), _UNITS[:k] * _rng.normal(size=(n, k)), _rng.normal(size=n)


nearest_neighbour = Exercise(
    name="nearest_neighbour",
    blank_from="    gaps =",
    solution=_NEAREST,
    others=('''
    spread = np.std(examples, axis=0)
    best, place = np.inf, 0
    for i in range(len(examples)):
        distance = 0
        for k in range(len(x)):
            distance += ((examples[i, k] - x[k]) / spread[k]) ** 2
        if distance < best:
            best = distance
            place = i
    return answers[place]
''',),
    cases=[
        (np.array([600.0, 0.1]), np.array([[620.0, 0.3], [500.0, 0.1], [900.0, 0.2]]), np.array([10.0, 20.0, 30.0])),
        (np.array([1.0]), np.array([[0.0], [2.0], [5.0]]), np.array([7.0, 8.0, 9.0])),
        (np.array([10.0, 0.5]), np.array([[0.0, 0.5], [20.0, 0.5], [10.0, 4.5]]), np.array([1.0, 2.0, 3.0])),
        (
            np.zeros(2), np.array([[1, 0], [0, 0.215], [0, -2], [0, 2], [0, -2], [20, 2.0]]),
            np.arange(6.0),  # one outlier: the range and the standard deviation disagree
        ),
        *(_seen(n, k) for n, k in ((4, 2), (10, 3), (50, 2), (200, 5), (200, 3), (90, 4), (60, 2))),
    ],
    hints=(
        "An area of 620 is 20 from 600, a smoothness of 0.3 is 0.2 from 0.1. Which of the two is far? That depends on how much "
        "each feature varies among the examples: np.std says it, one number for each feature.",
        "np.std(examples, axis=0) has shape (K,), and examples - x has shape (N, K): dividing one by the other treats every "
        "column with its own number.",
        "gaps = (examples - x) / np.std(examples, axis=0). Square, add up along the row (axis=1), take np.argmin, look up answers.",
    ),
    wrong=(
        change(
            _NEAREST, _GAPS, "examples - x",
            "The differences are added in their own units, so the feature with the large numbers decides alone. Divide each by "
            "the standard deviation of its own feature first: np.std(examples, axis=0), K numbers and not one.",
        ),
        change(
            _NEAREST, "np.std(examples, axis=0)", "np.var(examples, axis=0)",
            "You divide by the variance, the square of what is asked for. The standard deviation has the unit of the feature, and cancels it.",
        ),
        change(
            _NEAREST, "np.std(examples, axis=0)", "np.mean(examples, axis=0)",
            "You divide by the mean of each feature. How far apart its values lie is what np.std says; a mean may even be 0.",
        ),
        change(
            _NEAREST, "np.std(examples, axis=0)", "np.ptp(examples, axis=0)",
            "You divide by the range, from the smallest to the largest. One outlier changes it; asked for is the standard deviation.",
        ),
        change(
            _NEAREST, "(examples - x) / np.std(examples, axis=0)", "(examples - x) * np.std(examples, axis=0)",
            "You multiply by the standard deviation, so a feature with large numbers counts even more. Divide.",
        ),
        change(
            _NEAREST, "(examples - x) / np.std(examples, axis=0)", "examples / np.std(examples, axis=0) - x",
            "The examples are divided and x is not: they are no longer in the same unit. Subtract first, then divide.",
        ),
        change(
            _NEAREST, "np.argmin", "np.argmax",
            "{yours} is the answer of the example that is farthest away. The nearest has the smallest distance.",
        ),
        change(
            _NEAREST, "answers[np.argmin(distances)]", "np.argmin(distances)",
            "{yours} is the place of the nearest example. Look up what was answered there: answers[place].",
        ),
        change(
            _NEAREST, "answers[np.argmin(distances)]", "np.min(distances)",
            "{yours} is how far away the nearest example is. Asked for is its answer: take the place, np.argmin, and look it up.",
        ),
        change(
            _NEAREST, "gaps**2", "gaps",
            "The differences are added with their signs, so +3 and −3 cancel, and far to the left counts as near. Square them first.",
        ),
        change(
            _NEAREST, "gaps**2", "np.abs(gaps)",
            "You add up the differences without their signs. That is a distance too, as taxis drive; asked for is the sum of the squares.",
        ),
        change(
            _NEAREST, ", axis=1)\n", ")\n",
            "Yours is always the answer of the first example. One distance for each example is needed, N numbers: axis=1. Only then can they be compared.",
        ),
        Wrong(
            changes(_NEAREST, ("np.argmin(distances)", "len(answers) - 1 - np.argmin(distances[::-1])")),
            "Right, except when two examples are equally near: yours takes the last of them, and the first is asked for.",
        ),
        change(_NEAREST, "gaps =", "examples -= x\n    gaps = 0 * x +", shows="changed its argument examples"),
    ),
    praise="Now the unit does not matter: grams or tons, the same neighbour is the nearest.",
)  # fmt: skip

# --- leave_one_out ---------------------------------------------------------------------------------------------------

_LEFT_OUT = '''def leave_one_out(x, y):
    """x, y: arrays of shape (N,). On points that it has seen, nearest neighbour finds each
    point itself, and is never wrong. Forbid that: every point asks the nearest of the others
    (of two that are equally near, the first). Returns the mean squared error of these N
    answers."""
    distance = np.abs(x[:, None] - x)
    np.fill_diagonal(distance, np.inf)
    answer = y[np.argmin(distance, axis=1)]
    return np.mean((answer - y) ** 2)
'''


def _wave(n: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    x = _rng.uniform(-1, 1, n)
    return x, np.sin(4 * x) + 0.25 * _rng.normal(size=n)


leave_one_out = Exercise(
    name="leave_one_out",
    blank_from="    distance =",
    solution=_LEFT_OUT,
    others=('''
    total = 0
    for i in range(len(x)):
        best, nearest = np.inf, 0
        for j in range(len(x)):
            if j != i and abs(x[j] - x[i]) < best:
                best, nearest = abs(x[j] - x[i]), j
        total += (y[nearest] - y[i]) ** 2
    return total / len(x)
''',),
    cases=[
        (np.array([0.0, 1.0, 5.0]), np.array([2.0, 4.0, 10.0])),
        (np.array([3.0, 1.0]), np.array([1.0, 5.0])),
        (np.array([2.0, 0.0, 4.0, 4.0]), np.array([1.0, 0.0, 3.0, 7.0])),
        *(_wave(n) for n in (5, 12, 60, 200)),
    ],
    hints=(
        "With x = 0, 1, 5 the first point asks the second, the second the first, and the third the second. What are the three answers?",
        "np.abs(x[:, None] - x) has shape (N, N): row i holds the distances of point i to all points. On its diagonal stands 0: "
        "each point to itself. What must stand there, so that it is never the smallest?",
        "np.fill_diagonal(distance, np.inf), then y[np.argmin(distance, axis=1)] are the N answers. Mean of squares as in the lesson.",
    ),
    wrong=(
        Wrong(
            changes(
                _LEFT_OUT, ("    np.fill_diagonal(distance, np.inf)\n", ""),
                ("np.argmin(distance, axis=1)", 'np.argsort(distance, axis=1, kind="stable")[:, 1]'),
            ),
            "Nearly. The second of the order is not always another point: where two points have the same x, a point may come after "
            "its twin, and finds itself. Put something on the diagonal that is never the smallest.",
        ),
        change(
            _LEFT_OUT, "    np.fill_diagonal(distance, np.inf)\n", "",
            "Every point still asks itself: its distance to itself is 0. Put something on the diagonal that is never the smallest.",
        ),
        change(
            _LEFT_OUT, "np.inf)", "1.0)",
            "On the diagonal stands a number that can be the smallest: a point with no other within it asks itself. np.inf never is.",
        ),
        change(
            _LEFT_OUT, "np.argmin", "np.argmax",
            "Each point asks the one that is farthest away, and that is itself, at infinity. Take the smallest distance: np.argmin.",
        ),
        change(
            _LEFT_OUT, "np.mean((", "np.sum((",
            "{yours} is the sum of the squares. The mean of them, {expected}, can be compared between 12 points and 60.",
        ),
        change(
            _LEFT_OUT, "(answer - y) ** 2", "answer - y",
            "{yours} is the mean of the differences; too high and too low cancel in it. Square first.",
        ),
        change(
            _LEFT_OUT, "(answer - y) ** 2", "np.abs(answer - y)",
            "{yours} is the mean absolute error. Squares are asked for: an error of 3 counts 9 times as much as an error of 1.",
        ),
        change(
            _LEFT_OUT, "return np.mean((answer - y) ** 2)", "return answer",
            "You return the N answers. Asked for is how wrong they are: the mean of the squared differences to y.",
        ),
        change(
            _LEFT_OUT, "np.mean((answer - y) ** 2)", "np.sqrt(np.mean((answer - y) ** 2))",
            "{yours} is the root of what is asked for. It has the unit of the answers, which is handy; here the square stays: {expected}.",
        ),
        change(
            _LEFT_OUT, "y[np.argmin(distance, axis=1)]", "x[np.argmin(distance, axis=1)]",
            "You look up the x of the nearest other point. Its answer is y.",
        ),
        change(
            _LEFT_OUT, "np.argmin(distance, axis=1)", "np.argmin(distance, axis=1) - 1",
            "The answers come from the point before the nearest one. np.argmin counts from 0, as y does.",
        ),
        change(
            _LEFT_OUT, "np.abs(x[:, None] - x)", "x[:, None] - x",
            "A point far to one side has a negative difference, which is smaller than any near one. Take the distance without its sign.",
        ),
        change(
            _LEFT_OUT, "np.abs(x[:, None] - x)", "np.abs(y[:, None] - y)",
            "You look for the nearest y. Nobody knows the y of a new point: the neighbour is found by x.",
        ),
        change(
            _LEFT_OUT, "    distance =", "    y -= 0.5\n    distance =", shows="changed its argument y",
        ),
    ),
    praise="An honest number without a single new point. Lesson 09 does the same with whole parts of the data.",
)  # fmt: skip

# --- fit_line --------------------------------------------------------------------------------------------------------

_LINE = '''def fit_line(x, y):
    """x, y: arrays of shape (N,). Returns (w, b), two numbers: of all lines w · x + b the one
    with the smallest mean squared error."""
    dx = x - np.mean(x)
    dy = y - np.mean(y)
    w = np.sum(dx * dy) / np.sum(dx**2)
    b = np.mean(y) - w * np.mean(x)
    return w, b
'''


def _points(n: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    x = _rng.uniform(-1, 4, n)
    return x, _rng.normal() * x + _rng.normal() + 0.3 * _rng.normal(size=n)


fit_line = Exercise(
    name="fit_line",
    blank_from="    dx =",
    blank="    w = None\n    b = None\n    return w, b\n",
    solution=_LINE,
    others=('''
    mx, my = sum(x) / len(x), sum(y) / len(y)
    top = 0
    bottom = 0
    for i in range(len(x)):
        top += (x[i] - mx) * (y[i] - my)
        bottom += (x[i] - mx) ** 2
    return top / bottom, my - top / bottom * mx
''', '''
    w, b = np.polyfit(x, y, 1)
    return w, b
'''),
    cases=[
        (np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0, 4.0])),
        (np.array([1.0, 3.0]), np.array([2.0, 8.0])),
        (np.array([-2.0, 5.0, 1.0]), np.array([3.0, 3.0, 3.0])),
        *(_points(n) for n in (5, 20, 300)),
    ],
    parts=("w", "b"),
    hints=(
        "The slope first. The best line runs through the middle of the cloud, (mean of x, mean of y). Measure x and y from there: dx, dy.",
        "w = np.sum(dx * dy) / np.sum(dx**2): examples far from the middle have more to say about the slope.",
        "The line runs through the middle: mean of y = w · mean of x + b. Solve that for b.",
    ),
    wrong=(
        Wrong(
            changes(_LINE, ("x - np.mean(x)\n", "x\n"), ("y - np.mean(y)\n", "y\n"), ("np.mean(y) - w * np.mean(x)", "0.0")),
            "Your line is forced through (0, 0). It may be lifted: measure x and y from their means, and b follows.",
        ),
        Wrong(
            changes(_LINE, ("x - np.mean(x)\n", "x\n"), ("y - np.mean(y)\n", "y\n")),
            "w is the slope of the best line through (0, 0), Σ x y / Σ x². Take the means away first: dx · dy and dx².",
        ),
        change(
            _LINE, "np.mean(y) - w * np.mean(x)", "np.mean(y)",
            "w is right. b is the height of the line at x = 0, and the mean of y is its height at the mean of x: go back from there, b = mean of y − w · mean of x.",
        ),
        change(
            _LINE, "np.mean(y) - w * np.mean(x)", "w * np.mean(x) - np.mean(y)",
            "w is right, and b has the opposite sign. At x = mean of x the line must give the mean of y: w · mean of x + b.",
        ),
        change(
            _LINE, "np.mean(y) - w * np.mean(x)", "y[0] - w * x[0]",
            "w is right. Your line runs through the first example; the best one runs through the means.",
        ),
        change(
            _LINE, "np.sum(dx**2)", "np.sum(dy**2)",
            "You divide by Σ dy². That belongs to the line which predicts x from y; here Σ dx² is below.",
        ),
        change(
            _LINE, "np.sum(dx * dy) / np.sum(dx**2)", "np.sum(dx * dy) / len(x)",
            "Σ dx · dy / N says how much x and y move together. A slope is that per movement of x: divide by Σ dx².",
        ),
        change(
            _LINE, "np.sum(dx * dy) / np.sum(dx**2)", "np.cov(x, y)[0, 1] / np.var(x)",
            "Your w is N / (N − 1) times too large: np.cov divides by N − 1 and np.var by N. Sums on both sides have no such trouble.",
        ),
        change(
            _LINE, "np.sum(dx * dy) / np.sum(dx**2)", "np.std(y) / np.std(x)",
            "The spread of y over the spread of x has no sign, and sees noise as slope. Only what moves together counts: dx · dy.",
        ),
        change(
            _LINE, "np.sum(dx * dy) / np.sum(dx**2)", "(y[-1] - y[0]) / (x[-1] - x[0])",
            "You use the first and the last example alone. All of them have a say: Σ dx · dy / Σ dx².",
        ),
        Wrong(
            changes(_LINE, ("np.sum(dx * dy) / np.sum(dx**2)", "(y[-1] - y[0]) / (x[-1] - x[0])"), ("np.mean(y) - w * np.mean(x)", "y[0] - w * x[0]")),
            "Your line runs through the first and the last example, and the others have no say: Σ dx · dy / Σ dx².",
        ),
        change(
            _LINE, "np.sum(dx * dy) / np.sum(dx**2)", "np.mean(dy[dx != 0] / dx[dx != 0])",
            "The mean of the slopes dy / dx lets an example close to the middle, where dx is tiny, decide everything. Add up first, then divide.",
        ),
        change(
            _LINE, "np.mean(y) - w * np.mean(x)", "np.mean(y) + w * np.mean(x)",
            "w is right, and b has gone the wrong way: from the mean of x back to 0 the line falls by w · mean of x.",
        ),
        change(
            _LINE, "np.mean(y) - w * np.mean(x)", "np.mean(x) - w * np.mean(y)",
            "w is right. In b you have exchanged x and y: mean of y − w · mean of x.",
        ),
        change(
            _LINE, "np.mean(y) - w * np.mean(x)", "0.0",
            "w is right, and b is missing: 0 forces the line through (0, 0). b = mean of y − w · mean of x.",
        ),
        change(
            _LINE, "np.sum(dx * dy) / np.sum(dx**2)", "np.sum(dx**2) / np.sum(dx * dy)",
            "Your w is upside down: Σ dx² belongs below. Where y does not follow x at all, the slope is 0, and not infinite.",
        ),
        change(
            _LINE, "np.sum(dx * dy) / np.sum(dx**2)", "np.sum(dx) * np.sum(dy) / np.sum(dx**2)",
            "Σ dx alone is 0: differences from a mean add up to nothing. Multiply each dx by its dy, then add.",
        ),
        change(
            _LINE, "np.sum(dx * dy) / np.sum(dx**2)", "np.sum(dy[dx != 0] / dx[dx != 0])",
            "You add up all the slopes dy / dx. Add first, then divide: Σ dx · dy / Σ dx².",
        ),
        change(
            _LINE, "np.sum(dx * dy) / np.sum(dx**2)", "np.corrcoef(x, y)[0, 1]",
            "{yours} begins with the correlation, a number from −1 to 1 without a unit. A slope says how much y changes for 1 of x: divide by Σ dx² alone.",
        ),
        change(
            _LINE, "np.sum(dx * dy) / np.sum(dx**2)", "(np.max(y) - np.min(y)) / (np.max(x) - np.min(x))",
            "The range of y over the range of x looks at four numbers and has no sign. All examples have a say: Σ dx · dy / Σ dx².",
        ),
        Wrong(
            changes(_LINE, ("x - np.mean(x)\n", "x - np.median(x)\n"), ("y - np.mean(y)\n", "y - np.median(y)\n"), ("np.mean(y) - w * np.mean(x)", "np.median(y) - w * np.median(x)")),
            "You measure from the medians. For squares the middle is the mean.",
        ),
        change(_LINE, "return w, b", "return b, w", shows="in the opposite order"),
        change(_LINE, "dx = x - np.mean(x)", "x -= 0.5 * np.mean(x)\n    dx = x - np.mean(x)", shows="changed its argument x"),
    ),
    praise="No line at all does better on these points. How it does on others is the question of this lesson.",
)  # fmt: skip

EXERCISES = Lesson([nearest_neighbour, leave_one_out, fit_line])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
