"""Exercises of lesson 01: the nearest example, the size of an error, and the line that fits best."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, Wrong, change, changes

__all__ = ["EXERCISES", "check", "hint", "solution"]

_rng = np.random.default_rng(1)

# --- nearest_neighbour -----------------------------------------------------------------------------------------------

_NEAREST = '''def nearest_neighbour(x, examples, answers):
    """x: a new input, shape (K,). examples: inputs that were seen, shape (N, K), and their answers, shape
    (N,). Returns the answer of the example with the smallest sum of squared differences to x; of several, the
    first."""
    distances = np.sum((examples - x) ** 2, axis=1)
    return answers[np.argmin(distances)]
'''
_DISTANCES = "np.sum((examples - x) ** 2, axis=1)"


def _seen(n: int, k: int) -> tuple[np.ndarray[Any, Any], ...]:
    return _rng.normal(size=k), _rng.normal(size=(n, k)), _rng.normal(size=n)


nearest_neighbour = Exercise(
    name="nearest_neighbour",
    blank_from="    distances =",
    solution=_NEAREST,
    others=('''
    best, place = np.inf, 0
    for i in range(len(examples)):
        distance = np.sum((examples[i] - x) ** 2)
        if distance < best:
            best = distance
            place = i
    return answers[place]
''',),
    cases=[
        (np.array([2.0, 1.0]), np.array([[0.0, 0.0], [2.0, 3.0], [5.0, 1.0]]), np.array([10.0, 20.0, 30.0])),
        (np.array([1.0]), np.array([[0.0], [2.0], [5.0]]), np.array([7.0, 8.0, 9.0])),
        (np.array([4.0, 4.0]), np.array([[4.0, 4.0]]), np.array([-1.0])),
        *(_seen(n, k) for n, k in ((4, 2), (10, 3), (50, 1), (200, 5), (200, 2))),
    ],
    hints=(
        "How far is x from each of the examples? That makes N numbers. Then: where is the smallest one?",
        "examples - x takes x away from every row, shape (N, K). Square it and add up along the row: axis=1.",
        "np.argmin gives the place of the smallest distance, and answers[place] the answer that belongs to it.",
    ),
    wrong=(
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
            _NEAREST, "answers[np.argmin(distances)]", "examples[np.argmin(distances)]",
            "You return the nearest example itself, its input. Asked for is what was answered there, {expected}.",
        ),
        change(
            _NEAREST, " ** 2", "",
            "The differences are added with their signs, so +3 and −3 cancel, and far to the left counts as near. Square them first.",
        ),
        change(
            _NEAREST, "(examples - x) ** 2", "np.abs(examples - x)",
            "You add up the differences without their signs. That is a distance too, as taxis drive; asked for is the sum of the squares.",
        ),
        change(
            _NEAREST, _DISTANCES, "(examples[:, 0] - x[0]) ** 2",
            "Only the first of the K numbers is compared. Add up the squared differences of all of them.",
        ),
        change(
            _NEAREST, ", axis=1", ", axis=0",
            "You add up along axis 0, over the examples: one number per feature. One number per example is needed: axis=1.",
        ),
        change(
            _NEAREST, ", axis=1", "",
            "Yours is always the answer of the first example. One distance for each example is needed, N numbers: axis=1. Only then can they be compared.",
        ),
        change(
            _NEAREST, _DISTANCES, "np.sum(examples - x, axis=1) ** 2",
            "You add up first and square then, so +3 and −3 have cancelled before. Square each difference, then add.",
        ),
        change(
            _NEAREST, _DISTANCES, "np.max(np.abs(examples - x), axis=1)",
            "You compare the largest difference alone, as a king walks on a chessboard. Asked for is the sum of all squares.",
        ),
        change(
            _NEAREST, _DISTANCES, "-(examples @ x)",
            "A product examples @ x grows with the length of an example, and is not how far away it is. Take the difference, square, add up.",
        ),
        change(
            _NEAREST, "answers[np.argmin(distances)]", "np.mean(answers[np.argsort(distances)[:5]])",
            "You ask the five nearest. Here one is asked for, the nearest of all.",
        ),
        change(
            _NEAREST, _DISTANCES, "np.sum(examples ** 2, axis=1)",
            "Your distances are measured from 0, and x is not used. Take x away from every example first.",
        ),
        change(
            _NEAREST, "np.argmin(distances)", "distances == np.min(distances)",
            shows="The numbers are right, in the wrong shape",
        ),
        Wrong(
            changes(_NEAREST, ("np.argmin(distances)", "len(answers) - 1 - np.argmin(distances[::-1])")),
            "Right, except when two examples are equally near: yours takes the last of them, and the first is asked for.",
        ),
        Wrong(
            changes(_NEAREST, ("answers[np.argmin(distances)]", "np.mean(answers)")),
            "{yours} is the mean of all answers. Only the nearest example has a say.",
        ),
        change(_NEAREST, "distances = np.sum((", "examples -= x\n    distances = np.sum((0 * x + ", shows="changed its argument examples"),
    ),
    praise="It learns without any training, and never makes a mistake on what it has seen.",
)  # fmt: skip

# --- mean_squared_error ----------------------------------------------------------------------------------------------

_MSE = '''def mean_squared_error(prediction, truth):
    """prediction, truth: arrays of shape (N,). Returns the mean of the squared differences, a number."""
    return np.mean((prediction - truth) ** 2)
'''

mean_squared_error = Exercise(
    name="mean_squared_error",
    blank_from="    return",
    solution=_MSE,
    others=('''
    total = 0
    for i in range(len(truth)):
        total += (prediction[i] - truth[i]) ** 2
    return total / len(truth)
''',),
    cases=[
        (np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 0.0])),
        (np.array([3.0]), np.array([1.0])),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0])),
        (np.array([4, -1, 0, 2, 7]), np.array([1, 1, 5, 2, -2])),
        *((_rng.normal(size=n), _rng.normal(size=n)) for n in (4, 30, 500)),
    ],
    hints=(
        "Three things in a row: how far off is each prediction, squared, and the mean of that.",
        "prediction - truth is an array of N differences. ** 2 squares each of them, np.mean makes one number of them.",
    ),
    wrong=(
        change(
            _MSE, " ** 2", "",
            "{yours} is the mean of the differences. Too high and too low cancel in it: predictions that are far off can have 0. Square first.",
        ),
        change(
            _MSE, "(prediction - truth) ** 2", "np.abs(prediction - truth)",
            "{yours} is the mean absolute error. Squares are asked for: an error of 3 counts 9 times as much as an error of 1.",
        ),
        change(
            _MSE, "np.mean", "np.sum",
            "{yours} is the sum, so twice the data would count as twice as bad. Take the mean.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "np.mean(prediction - truth) ** 2",
            "You take the mean and then square. Squared first, nothing can cancel: mind where the parenthesis closes.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "np.sum(prediction - truth) ** 2 / len(truth)",
            "You add up first and square then, so too high and too low cancel. Square each difference, then take the mean.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "np.sqrt(np.mean((prediction - truth) ** 2))",
            "{yours} is the root of what is asked for. It has the unit of the answers, which is handy; here the square stays: {expected}.",
        ),
        change(
            _MSE, "np.mean((", "0.5 * np.mean((",
            "{yours} is half of {expected}. Some books put a ½ in front to make the derivative shorter; here there is none.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "(prediction - truth) ** 2",
            "You return one squared difference for each example. Their mean, one number, says how good the whole is.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "np.mean(prediction ** 2 - truth ** 2)",
            "You square first and subtract then. p² − t² is not (p − t)²: it can be negative, and an error cannot.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "np.max((prediction - truth) ** 2)",
            "{yours} is the worst example alone. The mean hears all of them: {expected}.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "np.sqrt(np.sum((prediction - truth) ** 2))",
            "{yours} is the length of the vector of differences. Leave the root out, and divide by N: {expected}.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "np.sum((prediction - truth) ** 2) / 2",
            "You divide the sum by 2, however many examples there are. The mean divides by N.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "np.sum((prediction - truth) ** 2) / (len(truth) - 1)",
            "You divide by N − 1. That belongs to a variance whose mean was estimated; here it is N.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "np.var(prediction - truth)",
            "The variance takes the mean of the differences away first. Predictions that are all 3 too high would have an error of 0.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "np.median((prediction - truth) ** 2)",
            "{yours} is the median: half of the examples may then be as wrong as they like. Take the mean.",
        ),
        change(
            _MSE, "(prediction - truth) ** 2", "(prediction - truth) * 2",
            "You multiply by 2. A square is ** 2.",
        ),
        change(
            _MSE, "(prediction - truth) ** 2", "prediction - truth ** 2",
            "Only truth is squared: ** binds before −. Put the difference into parentheses.",
        ),
        change(
            _MSE, "prediction - truth", "prediction + truth",
            "You add prediction and truth. How far off one is from the other is their difference.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "np.abs(np.mean(prediction) - np.mean(truth))",
            "You compare the two means. Too high here and too low there cancel in them: compare one by one, square, and take the mean at the end.",
        ),
        change(
            _MSE, "np.mean((", "-np.mean((",
            "Right size, with a minus in front. A mean of squares is never negative.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "(prediction[-1] - truth[-1]) ** 2 / len(truth)",
            "Only the last example is in your number. In a loop, add each square to the sum: +=.",
        ),
        change(
            _MSE, "np.mean((prediction - truth) ** 2)", "(prediction[0] - truth[0]) ** 2 / len(truth)",
            "Only the first example is in your number. Does the return stand inside the loop?",
        ),
        change(
            _MSE, "prediction - truth", "prediction[:, None] - truth",
            "You compare every prediction with every truth, N · N pairs. Only those in the same place belong together.",
        ),
        change(_MSE, "return np", "prediction -= truth\n    truth = 0\n    return np", shows="changed its argument prediction"),
    ),
    praise="One number for how wrong: learning is making it small on examples that were not seen.",
)  # fmt: skip

# --- fit_line --------------------------------------------------------------------------------------------------------

_LINE = '''def fit_line(x, y):
    """x, y: arrays of shape (N,). Returns (w, b), two numbers: of all lines w · x + b the one with the
    smallest mean squared error."""
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

EXERCISES = Lesson([nearest_neighbour, mean_squared_error, fit_line])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
