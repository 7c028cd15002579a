"""Exercises of lesson 19: cross-entropy of many classes and of yes or no, each with its slope, and a loss for each of three questions."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {
    "confidently wrong": "about 200",
    "slip of the pen": "not at all",
    "nine of ten": "1",
    "frightened": "more than 50",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(19)

# --- cross_entropy ---------------------------------------------------------------------------------------------------

_CROSS = '''def cross_entropy(logits, labels):
    """logits: (N, C), scores before softmax. labels: (N,), the right classes, from 0 to C − 1.
    Returns the mean of −log p of the right class, a number, and its slope at each logit (N, C).
    Scores of 1000 and of −1000 must not break it."""
    rows = np.arange(len(logits))
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    powers = np.exp(shifted)
    sums = np.sum(powers, axis=1)
    loss = np.mean(np.log(sums) - shifted[rows, labels])
    truth = np.zeros(logits.shape)
    truth[rows, labels] = 1
    return loss, (powers / sums[:, None] - truth) / len(logits)
'''
_LOSS = "np.mean(np.log(sums) - shifted[rows, labels])"
_SLOPE = "(powers / sums[:, None] - truth) / len(logits)"


def _classes(n: int, c: int, loud: float = 2.0) -> Case:
    return (loud * _rng.normal(size=(n, c))).round(2), _rng.integers(0, c, n)


cross_entropy = Exercise(
    name="cross_entropy",
    blank_from="    rows =",
    blank="    return None, None\n",
    solution=_CROSS,
    parts=("loss", "slope"),
    others=('''
    total = 0.0
    slope = np.zeros(logits.shape)
    for n in range(len(logits)):
        row = logits[n] - max(logits[n])
        p = np.exp(row) / sum(np.exp(row))
        total += np.log(sum(np.exp(row))) - row[labels[n]]
        for c in range(logits.shape[1]):
            slope[n, c] = p[c] - (c == labels[n])
    return total / len(logits), slope / len(logits)
''', '''
    N, C = logits.shape
    x = logits - logits.max(axis=1, keepdims=True)
    log_p = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    y = np.eye(C)[labels]
    return -(y * log_p).sum() / N, (np.exp(log_p) - y) / N
'''),
    cases=[
        (np.array([[2.0, 0.0, -1.0], [0.5, 0.5, 0.5]]), np.array([0, 2])),
        _classes(4, 3), _classes(3, 5), _classes(5, 2), _classes(1, 4),
        (np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1001.0, -999.0], [0.0, 1000.0, 3.0]]), np.array([1, 2, 1])),
        _classes(4, 3, loud=400.0),
    ],
    hints=(
        "Lesson 16: what may be taken away from all scores of a row? And −log of eˣ / Σ eˣ can be written without ever computing the quotient.",
        "With m the largest score of the row: −log p = log Σ eˣ⁻ᵐ − (x − m) of the right class. No power is above 1, and no log sees a 0. The slope is p − y, and the loss is a mean.",
        "shifted = logits - np.max(logits, axis=1, keepdims=True); loss = np.mean(np.log(np.sum(np.exp(shifted), axis=1)) - shifted[np.arange(len(logits)), labels]).",
    ),
    wrong=(
        change(
            _CROSS, "shifted = logits - np.max(logits, axis=1, keepdims=True)", "shifted = logits + 0.0",
            "Right for small scores. For 1000 np.exp gives inf. Take the largest score of each row away first: that changes no share.",
        ),
        change(
            _CROSS, _LOSS, "np.mean(-np.log(powers[rows, labels] / sums))",
            "The slope is right. The loss is infinite where the right class is far behind: its p is rounded to 0, and log 0 follows. Write the log out: log Σ eˣ⁻ᵐ − (x − m).",
        ),
        change(
            _CROSS, "np.max(logits, axis=1, keepdims=True)", "np.max(logits)",
            "You take away the largest of all scores. In a row that is far below it every power becomes 0. The largest of each row: axis=1, keepdims=True.",
        ),
        change(
            _CROSS, _LOSS, "np.sum(np.log(sums) - shifted[rows, labels])",
            "You add the losses of the rows up. A loss of this course is their mean, so that it does not grow with the batch.",
        ),
        change(
            _CROSS, _SLOPE, "powers / sums[:, None] - truth",
            "The slope lacks the N of the mean: (p − y) / N. For {call} each row has only its share of the loss.",
        ),
        Wrong(
            changes(_CROSS, (_LOSS, "np.sum(np.log(sums) - shifted[rows, labels])"), (_SLOPE, "powers / sums[:, None] - truth")),
            "Loss and slope are those of the sum over the rows. The mean is asked for: both divided by N.",
        ),
        change(
            _CROSS, _SLOPE, "(truth - powers / sums[:, None]) / len(logits)",
            "The slope has the right size and the opposite sign: y − p is the way downhill. The slope itself is p − y.",
        ),
        change(
            _CROSS, _SLOPE, "powers / sums[:, None] / len(logits)",
            "The slope is p, and the truth is missing: take 1 away from the right class of each row.",
        ),
        change(
            _CROSS, _SLOPE, "(powers - truth) / len(logits)",
            "The powers are not divided by their sum yet, so the slope takes p − y with a p that is none.",
        ),
        change(
            _CROSS, _SLOPE, "-truth / (powers / sums[:, None]) / len(logits)",
            "That is the slope at the probability, −y / p. The slope at the logit is asked for: through the softmax it becomes p − y.",
        ),
        change(
            _CROSS, _LOSS, "np.mean(np.log(sums) - shifted[:, labels])",
            "[:, labels] takes all the labels' columns from every row. Each row has one right class: [np.arange(len(logits)), labels].",
        ),
        change(
            _CROSS, _LOSS, "np.mean(shifted[rows, labels] - np.log(sums))",
            "The loss has the opposite sign: you have log p, and it is −log p, a surprise, which is never below 0.",
        ),
        change(
            _CROSS, _LOSS, "np.mean(np.log(sums) - logits[rows, labels])",
            "You took the largest score away from the powers and not from the score of the right class: shifted[rows, labels].",
        ),
        change(
            _CROSS, _LOSS, "np.mean(1 - powers[rows, labels] / sums)",
            "You return 1 − p of the right class. Its surprise is −log p.",
        ),
        change(
            _CROSS, _LOSS, "np.mean((np.log(sums) - shifted[rows, labels]) / np.log(2))",
            "Your logarithm is that to the base 2, and counts in bits. Here it is the natural one.",
        ),
        change(_CROSS, _LOSS, "np.log(sums) - shifted[rows, labels]", "You return a loss for each row. One number is asked for, their mean."),
    ),
    praise="dl.cross_entropy gives the same, and its backward is your p − y.",
)  # fmt: skip

# --- binary ----------------------------------------------------------------------------------------------------------

_BINARY = '''def binary(x, truth):
    """x: scores before a sigmoid, of any shape. truth: of the same shape, anything from 0 to 1.
    Returns for each entry −truth · log p − (1 − truth) · log(1 − p), with p = sigmoid(x), and
    its slope at x: two arrays of that shape. Scores of 1000 and of −1000 must not break it."""
    power = np.exp(-np.abs(x))
    p = np.where(x > 0, 1, power) / (1 + power)
    return np.maximum(x, 0) - x * truth + np.log1p(power), p - truth
'''
_BIN = "np.maximum(x, 0) - x * truth + np.log1p(power)"
_P = "np.where(x > 0, 1, power) / (1 + power)"


def _yes(*shape: int) -> Case:
    return (2 * _rng.normal(size=shape)).round(2), _rng.uniform(size=shape).round(2)


binary = Exercise(
    name="binary",
    blank_from="    power =",
    blank="    return None, None\n",
    solution=_BINARY,
    parts=("loss", "slope"),
    others=('''
    loss = truth * np.logaddexp(0, -x) + (1 - truth) * np.logaddexp(0, x)
    return loss, 0.5 * (1 + np.tanh(x / 2)) - truth
''',),
    cases=[
        (np.array([2.0, -1.0, 0.0]), np.array([1.0, 1.0, 0.0])),
        _yes(4), _yes(2, 3), _yes(3, 1, 2),
        (np.array([1000.0, -1000.0, 1000.0, -1000.0, 30.0]), np.array([0.0, 1.0, 1.0, 0.0, 0.25])),
        (np.array([3, -2, 0]), np.array([0, 1, 1])),
    ],
    hints=(
        "With one score, −log p is log(1 + e⁻ˣ), and −log(1 − p) is log(1 + eˣ). These are two softplus: lesson 15 had one that does not overflow.",
        "log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), and log(1 + e⁻ˣ) is that minus x. So the whole is max(x, 0) − x · truth + log(1 + e^−|x|). The slope is p − truth.",
        "power = np.exp(-np.abs(x)); p is 1 / (1 + power) where x > 0, and power / (1 + power) elsewhere.",
    ),
    wrong=(
        change(
            _BINARY, _BIN, "-truth * np.log(p) - (1 - truth) * np.log(1 - p)",
            "Right for small scores. At 1000 p is rounded to 1, and log(1 − p) is log 0. Write the logs out before you compute: −log(1 − p) = log(1 + eˣ).",
        ),
        change(
            _BINARY, _BIN, "-truth * np.log(p + 1e-12) - (1 - truth) * np.log(1 - p + 1e-12)",
            "A small number inside the log keeps infinity away, and puts 27.6 in the place of 1000. Write the logs out: −log(1 − p) = log(1 + eˣ).",
        ),
        change(
            _BINARY, _BIN, "-truth * np.log(np.clip(p, 1e-7, 1 - 1e-7)) - (1 - truth) * np.log(1 - np.clip(p, 1e-7, 1 - 1e-7))",
            "A clipped p keeps infinity away, and puts 16 in the place of 1000: no loss could be larger. Write the logs out: −log(1 − p) = log(1 + eˣ).",
        ),
        change(
            _BINARY, _BIN, "np.log(1 + np.exp(x)) - x * truth",
            "Right for small scores. np.exp(1000) is inf. log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|).",
        ),
        change(
            _BINARY, _BIN, "-truth * np.log(p)",
            "Half of it: where the truth is 0, your loss is 0 whatever the score. −(1 − truth) · log(1 − p) is missing.",
        ),
        change(
            _BINARY, _BIN, "np.maximum(x, 0) + x * truth + np.log1p(power)",
            "The sign before x · truth is a minus: if the truth is 1, a higher score is less surprising.",
        ),
        change(
            _BINARY, "p - truth", "truth - p",
            "The slope has the right size and the opposite sign: truth − p is the way downhill.",
        ),
        change(
            _BINARY, "p - truth", "(p - truth) * p * (1 - p)",
            "The factor p (1 − p) is the sigmoid's slope. Here it has met −1/p and −1/(1 − p), and they cancel: p − truth is all.",
        ),
        change(
            _BINARY, "p - truth", "(p - truth) / (p * (1 - p))",
            "That is the slope at the probability. At the score it is p (1 − p) times that: p − truth.",
        ),
        change(
            _BINARY, "p - truth", "x - truth",
            "The slope compares the probability with the truth, p − truth, not the score.",
        ),
        change(
            _BINARY, "p - truth", "(p - truth) / x.size",
            "Here nothing is averaged: each entry has its own loss and its own slope. Leave the division out.",
        ),
        change(
            _BINARY, _BIN, "np.mean(np.maximum(x, 0) - x * truth + np.log1p(power))",
            "You return the mean of the losses. Asked for is the loss of each entry.",
        ),
        change(
            _BINARY, _BIN, "(p - truth) ** 2",
            "That is the squared error. Cross-entropy takes the logarithm: −truth · log p − (1 − truth) · log(1 − p).",
        ),
        change(
            _BINARY, _BIN, "np.maximum(x, 0) - x * truth + np.log(power)",
            "The 1 is missing in the logarithm: log(1 + e^−|x|).",
        ),
        change(
            _BINARY, _P, "1 / (1 + power)",
            "The loss is right. Your p is sigmoid(|x|), never below ½: for x < 0 it is power / (1 + power).",
        ),
    ),
    praise="dl.binary_cross_entropy is the mean of these. The truth may be a share: its lowest loss is then at p = truth.",
)  # fmt: skip

# --- choose ----------------------------------------------------------------------------------------------------------

_CHOOSE = '''def choose(typed, wanted, asked):
    """Choose a loss for each of three questions. Return the best constant under each.
    typed: (N,), temperatures of one room, a few with a slipped decimal point. How warm is it?
    wanted: (N,), lengths of pipes. Only one is made, and being 2 cm off costs 4 times 1 cm.
    asked: (N,), loaves asked for day by day. A loaf too few costs 3, one left over costs 1.
    N is odd."""
    costs = [np.mean(np.where(asked > baked, 3 * (asked - baked), baked - asked)) for baked in asked]
    return np.median(typed), np.mean(wanted), asked[np.argmin(costs)]
'''
_COST = "np.where(asked > baked, 3 * (asked - baked), baked - asked)"
_BAKED = "asked[np.argmin(costs)]"


def _three(n: int) -> Case:
    typed = _rng.normal(21, 0.4, n).round(1)
    typed[_rng.integers(n)] *= 10
    return typed, _rng.gamma(3, 20, n).round(1), _rng.gamma(4, 12, n).round()


choose = Exercise(
    name="choose",
    varies=Varies(
        what="the cost of one too few",
        given="3",
        others=(("5", "10", "five sixths", "6", "pies", "pie"), ("7", "14", "seven eighths", "8", "cakes", "cake"), ("9", "18", "nine tenths", "10", "buns", "bun")),
        pieces=(
            ("A loaf too few costs 3,", "A loaf too few costs {0},"),
            ("3 * (asked - baked)", "{0} * (asked - baked)"),
            ("cost += 3 * (one", "cost += {0} * (one"),
            ("int(0.75 * len(asked))", "int({0} / {3} * len(asked))"),
            ("costs three times as much, so", "costs {0} times as much, so"),
            ("your 3 is on", "your {0} is on"),
            ("and that costs 3 each", "and that costs {0} each"),
            ("costs 3, two cost 6", "costs {0}, two cost {1}"),
            ("three quarters of the days, not of the largest number: 3 of the 4 parts", "{2} of the days, not of the largest number: {0} of the {3} parts"),
            ("With 3 and 1 the bread is the number that three quarters of", "With {0} and 1 the bread is the number that {2} of"),
            ("loaves", "{4}"),
            ("loaf", "{5}"),
            ("bread", "{5}"),
        ),
    ),
    blank_from="    costs =",
    blank="    return None, None, None\n",
    solution=_CHOOSE,
    parts=("the room", "the pipe", "the bread"),
    others=('''
    middle = sorted(typed)[len(typed) // 2]
    best, least = None, float("inf")
    for baked in asked:
        cost = 0
        for one in asked:
            if one > baked:
                cost += 3 * (one - baked)
            else:
                cost += baked - one
        if cost < least:
            best, least = baked, cost
    return middle, sum(wanted) / len(wanted), best
''', '''
    return np.median(typed), wanted.mean(), np.sort(asked)[int(0.75 * len(asked))]
'''),
    cases=[
        (np.array([21.4, 214.0, 21.6, 21.2, 20.9]), np.array([10.0, 30.0, 50.0, 20.0, 90.0]), np.array([30.0, 50.0, 20.0, 80.0, 40.0])),
        _three(7), _three(9), _three(11), _three(5), _three(21),
    ],
    hints=(
        "Which loss forgives one wild number? Which one makes twice as far four times as bad? And for the bread, write the loss down: it is not the same on both sides.",
        "Absolute error has the median for its best constant, squared error the mean. For the bread compute the mean cost of each number in `asked`, and take the cheapest: one of them is best.",
        "np.median(typed), np.mean(wanted), and for the bread np.where(asked > baked, 3 * (asked - baked), baked - asked), its mean for each baked, and np.argmin.",
    ),
    wrong=(
        change(
            _CHOOSE, "np.median(typed)", "np.mean(typed)",
            "The room: with the mean, one slipped point moves the answer by degrees. Absolute error does not mind how far off it is.",
        ),
        change(
            _CHOOSE, "np.mean(wanted)", "np.median(wanted)",
            "The pipe: twice as far off costs four times as much. That is squared error, and its best constant is the mean.",
        ),
        change(
            _CHOOSE, _BAKED, "np.median(asked)",
            "The bread: the median is best where too few and too many cost the same. Here a loaf too few costs three times as much, so bake more.",
        ),
        change(
            _CHOOSE, _BAKED, "np.mean(asked)",
            "The bread: the mean belongs to squared error. Here costs grow in proportion, and differently on both sides. Write the cost down and try each number in `asked`.",
        ),
        Wrong(
            changes(_CHOOSE, ("np.median(typed)", "np.mean(typed)"), (_BAKED, "np.mean(asked)")),
            "Three means are three times squared error. The room has a slipped point in it, and the bread costs more on one side.",
        ),
        Wrong(
            changes(_CHOOSE, ("np.mean(wanted)", "np.median(wanted)"), (_BAKED, "np.median(asked)")),
            "Three medians are three times absolute error. For the pipe twice as far costs four times as much, and the bread costs more on one side.",
        ),
        change(
            _CHOOSE, _COST, "np.where(asked > baked, asked - baked, 3 * (baked - asked))",
            "The bread: your 3 is on the wrong side, and too little is baked. asked > baked means too few, and that costs 3 each.",
        ),
        change(
            _CHOOSE, _COST, "np.where(asked > baked, 3 * (asked - baked) ** 2, (baked - asked) ** 2)",
            "The bread: you squared the differences. A loaf too few costs 3, two cost 6.",
        ),
        change(
            _CHOOSE, "np.argmin(costs)", "np.argmax(costs)",
            "The bread: np.argmax finds the dearest. The cheapest is asked for.",
        ),
        change(
            _CHOOSE, _BAKED, "np.argmin(costs)",
            "The bread: you return the place of the best number in `asked`, not the number. asked[np.argmin(costs)].",
        ),
        change(
            _CHOOSE, _BAKED, "np.min(costs)",
            "The bread: you return what it costs. Asked for is how many loaves to bake.",
        ),
        change(
            _CHOOSE, _BAKED, "np.max(asked)",
            "The bread: yours is the largest number anybody asked for. On all other days something is left over, and that costs too: both sides belong into the cost, loaf by loaf, np.where(asked > baked, …, …).",
        ),
        change(
            _CHOOSE, _BAKED, "0.75 * np.max(asked)",
            "The bread: three quarters of the days, not of the largest number: 3 of the 4 parts of the cost lie above.",
        ),
        change(
            _CHOOSE, "np.median(typed)", "typed[len(typed) // 2]",
            "The room: that is the one typed in the middle of the day. Sort them first, or np.median.",
        ),
    ),
    praise="With 3 and 1 the bread is the number that three quarters of the days do not exceed: a loss can be made for every question.",
)  # fmt: skip

EXERCISES = Lesson([cross_entropy, binary, choose])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
