"""Exercises of lesson 22: the loss to expect at the start, learning one batch by heart, and three faults, one of them in the data."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"falls": "about ten", "senseless labels": "close to 0", "five minutes": "about 18"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(22)

# --- expected_loss ---------------------------------------------------------------------------------------------------

_EXPECTED = '''def expected_loss(kind, y, K):
    """What the loss should be of a network that looks at nothing: two numbers. First, all its
    K outputs are 0. Then they are still the same for every example, and the best such ones.
    kind "classes": cross-entropy of logits, y: (N,) with labels 0 … K − 1. "binary": binary
    cross-entropy of one logit, y: (N,) of 0 and 1, K = 1. "squared": the squared error,
    summed over the K outputs, averaged over the examples, y: (N, K). Each label occurs."""
    if kind == "squared":
        return np.mean(np.sum(y**2, axis=1)), np.sum(np.var(y, axis=0))
    classes = 2 if kind == "binary" else K
    shares = np.bincount(y, minlength=classes) / len(y)
    return np.log(classes), -np.sum(shares * np.log(shares))
'''


def _labels(n: int, k: int, rare: float = 1.0) -> Case:
    shares = np.array([rare] + [1.0] * (k - 1))
    y = np.concatenate([np.arange(k), _rng.choice(k, size=n - k, p=shares / shares.sum())])
    return "binary" if k == 2 else "classes", y, 1 if k == 2 else k


def _values(n: int, k: int, mean: float = 0.0) -> Case:
    return "squared", (mean + _rng.normal(size=(n, k))).round(2), k


expected_loss = Exercise(
    name="expected_loss",
    blank_from='    if kind == "squared"',
    blank="    return None, None\n",
    solution=_EXPECTED,
    parts=("the loss of outputs 0", "the loss of the best outputs that are the same for all"),
    others=('''
    if kind == "squared":
        middle = y - y.mean(axis=0)
        return (y * y).sum() / len(y), (middle * middle).sum() / len(y)
    K = max(K, 2)
    best = 0.0
    for c in range(K):
        share = np.mean(y == c)
        best -= share * np.log(share)
    return -np.log(1 / K), best
''',),
    cases=[
        ("classes", np.array([0, 1, 2, 2]), 3), _labels(40, 10), _labels(30, 2, rare=0.1), ("squared", np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 5.0]]), 2),
        _labels(60, 5, rare=6.0), _values(7, 1), _values(6, 3, mean=20.0), _labels(25, 4), _labels(50, 2),
    ],
    hints=(
        "What probabilities do K equal logits mean? And the binary logit 0? Then: if you may not look at the input, which probabilities are best, and what does −log p cost on average?",
        "K equal logits give each class 1 / K, and −log(1/K) = log K; a binary logit of 0 gives a half. The best probabilities that are the same for all are the shares of the classes, and their loss is the entropy −Σ share · log share.",
        'For "squared": 0 costs np.mean(np.sum(y**2, axis=1)), and the best constant is the mean of each column: np.sum(np.var(y, axis=0)). Else shares = np.bincount(y) / len(y), and -np.sum(shares * np.log(shares)) is the second number.',
    ),
    wrong=(
        change(
            _EXPECTED, "return np.log(classes)", "return 1 / classes",
            "1 / K is the probability that each class gets. What it costs is −log of it: log K.",
        ),
        change(
            _EXPECTED, "return np.log(classes)", "return -np.log(classes)",
            "A loss is not negative here: −log(1/K) is +log K.",
        ),
        change(
            _EXPECTED, "return np.log(classes)", "return np.log2(classes)",
            "You counted in bits. The losses of the course take the natural logarithm, np.log.",
        ),
        change(
            _EXPECTED, '2 if kind == "binary" else K', "K",
            "With one logit there are still two answers, yes and no: a logit of 0 is a half each, and costs log 2.",
        ),
        change(
            _EXPECTED, "return np.log(classes), -np.sum(shares * np.log(shares))", "return np.log(classes), np.log(classes)",
            "The first number is right. For the second the outputs need not be equal: the best probabilities are the shares of the classes, and rare classes make it smaller than log K.",
        ),
        change(
            _EXPECTED, "return np.log(classes)", "return -np.mean(np.log(shares))",
            "With all outputs 0 each class gets 1 / K, however often it occurs: the first number is log K.",
        ),
        change(
            _EXPECTED, "-np.sum(shares * np.log(shares))", "-np.mean(np.log(shares))",
            "You average −log share over the classes. A class counts as often as it occurs: weigh it by its share.",
        ),
        change(
            _EXPECTED, "-np.sum(shares * np.log(shares))", "np.sum(shares * np.log(shares))",
            "The second number has the right size and the wrong sign: −Σ share · log share.",
        ),
        change(
            _EXPECTED, "-np.sum(shares * np.log(shares))", "-np.log(np.max(shares))",
            "That is what one example of the most frequent class costs. The others cost more: take the mean over all examples.",
        ),
        change(
            _EXPECTED, "np.mean(np.sum(y**2, axis=1))", "np.sum(np.var(y, axis=0))",
            "Outputs 0 for targets far from 0 cost more than the variance: take the mean of y², not of (y − mean)².",
        ),
        change(
            _EXPECTED, "np.sum(np.var(y, axis=0))", "np.mean(np.sum(y**2, axis=1))",
            "The first number of the squared error is right. For the second the best constant is the mean of each column, not 0: what is left is the variance.",
        ),
        change(
            _EXPECTED, "np.sum(np.var(y, axis=0))", "np.mean(np.var(y, axis=0))",
            "You average over the outputs. The squared error sums over them: np.sum(np.var(y, axis=0)).",
        ),
        change(
            _EXPECTED, "np.mean(np.sum(y**2, axis=1))", "np.mean(y**2)",
            "You average over the outputs as well. The squared error sums over the K outputs and averages over the examples.",
        ),
        Wrong(
            changes(
                _EXPECTED, ("np.mean(np.sum(y**2, axis=1))", "np.mean(y**2)"), ("np.sum(np.var(y, axis=0))", "np.mean(np.var(y, axis=0))"),
            ),
            "You average over the outputs in both numbers. The squared error sums over the K outputs and averages over the examples.",
        ),
        change(
            _EXPECTED, "np.sum(np.var(y, axis=0))", "np.var(y)",
            "You take one mean for all columns. Each output has its own best constant: np.var(y, axis=0).",
        ),
        change(
            _EXPECTED, "np.sum(np.var(y, axis=0))", "np.sum(np.std(y, axis=0))",
            "The standard deviation is the root: a squared error is a variance.",
        ),
    ),
    praise="Write both numbers beside every loss curve: the first is where it should begin, the second is what it must come below before the network has looked at anything.",
)  # fmt: skip

# --- by_heart --------------------------------------------------------------------------------------------------------

_BY_HEART = '''def by_heart(x, y, W, lr, steps):
    """Learn one batch by heart, x: (N, D), y: (N,) labels. The network is one layer without
    bias, logits = x @ W, W: (D, K), and the loss cross-entropy, a mean over the batch.
    Makes `steps` steps of plain descent, all on this batch. Returns the loss before the
    first step and after each, (steps + 1,). W stays as it is."""
    rows, W, losses = np.arange(len(y)), W.copy(), []
    for _ in range(steps + 1):
        z = x @ W
        z = z - np.max(z, axis=1, keepdims=True)
        p = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)
        losses.append(-np.mean(np.log(p[rows, y])))
        p[rows, y] -= 1
        W -= lr * x.T @ p / len(y)
    return np.array(losses)
'''


def _batch(n: int, d: int, k: int, lr: float, steps: int) -> Case:
    y = np.concatenate([np.arange(k), _rng.integers(0, k, size=n - k)])
    return _rng.normal(size=(n, d)).round(2), y, _rng.normal(size=(d, k)).round(2), lr, steps


by_heart = Exercise(
    name="by_heart",
    blank_from="    rows, W, losses",
    solution=_BY_HEART,
    others=('''
    W, out = np.array(W), []
    targets = np.eye(W.shape[1])[y]
    for step in range(steps + 1):
        z = x @ W
        shifted = z - np.max(z, axis=1)[:, None]
        log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1))[:, None]
        out.append(-np.sum(targets * log_p) / len(x))
        W = W - lr * (x.T @ (np.exp(log_p) - targets)) / len(x)
    return np.array(out)
''',),
    cases=[_batch(4, 3, 2, 0.5, 3), _batch(6, 4, 3, 0.1, 5), _batch(5, 8, 4, 1.0, 12), _batch(3, 2, 3, 0.3, 1)],
    hints=(
        "In each round: logits, shares p, the loss, the gradient, the update. Which of these comes last once more than the steps?",
        "The gradient of cross-entropy with respect to the logits is (p − 1 at the true class) / N, and with respect to W it is x.T times that.",
        "p[np.arange(N), y] -= 1; W = W - lr * x.T @ p / N. Append -np.mean(np.log(p[np.arange(N), y])) before the update, steps + 1 times.",
    ),
    wrong=(
        change(
            _BY_HEART, "range(steps + 1)", "range(steps)",
            "One loss is missing: the one after the last step. There are steps + 1 of them.",
        ),
        change(
            _BY_HEART, "W -= lr", "W += lr",
            "Your loss grows: the update goes uphill. Take lr times the gradient away.",
        ),
        change(
            _BY_HEART, "x.T @ p / len(y)", "x.T @ p",
            "Your steps are N times too long: the loss is a mean over the batch, and so is its gradient.",
        ),
        change(
            _BY_HEART, "        p[rows, y] -= 1\n", "",
            "The gradient at the logits is p minus 1 at the true class, p − one-hot. In yours the labels move nothing: p alone does not know them, and a y taken from all classes alike changes no share.",
        ),
        change(
            _BY_HEART, "-np.mean(np.log(p[rows, y]))", "-np.sum(np.log(p[rows, y]))",
            "You sum the loss over the batch. It is a mean.",
        ),
        change(
            _BY_HEART, "-np.mean(np.log(p[rows, y]))", "np.mean(np.log(p[rows, y]))",
            "Your losses are negative: cross-entropy is minus the mean of log p.",
        ),
        change(
            _BY_HEART, "-np.mean(np.log(p[rows, y]))", "-np.mean(np.log(p))",
            "You average log p over all classes. Only the true class of each example counts: p[np.arange(N), y].",
        ),
        change(
            _BY_HEART, "-np.mean(np.log(p[rows, y]))", "-np.mean(np.log(p[:, y]))",
            "p[:, y] takes from every example the classes of all others, too. One share an example: p[np.arange(N), y].",
        ),
        change(
            _BY_HEART, "-np.mean(np.log(p[rows, y]))", "-np.mean(np.log(np.max(p, axis=1)))",
            "You take the largest share of each row, whether or not that class is the true one. Only that of the true class counts: p[np.arange(N), y].",
        ),
        change(
            _BY_HEART, "-np.mean(np.log(p[rows, y]))", "-np.log(np.mean(p[rows, y]))",
            "You take the log of the mean share. The loss of each example is −log p, and the mean comes after that.",
        ),
        change(
            _BY_HEART, "-np.mean(np.log(p[rows, y]))", "-np.mean(np.sum(np.eye(p.shape[1])[y] * np.log(p) + (1 - np.eye(p.shape[1])[y]) * np.log(1 - p), axis=1))",
            "That is binary cross-entropy, added up over the classes. With softmax only the true class counts: −log p of it.",
        ),
        Wrong(
            changes(_BY_HEART, ("-np.mean(np.log(p[rows, y]))", "-np.sum(np.log(p[rows, y]))"), ("x.T @ p / len(y)", "x.T @ p")),
            "You sum over the batch, in the loss and in the gradient. Both are means: divide by N.",
        ),
        change(
            _BY_HEART, "x.T @ p / len(y)", "x.T @ p / p.shape[1]",
            "You divide the gradient by the number of classes. The mean is over the batch: divide by N, len(y).",
        ),
        Wrong(
            changes(_BY_HEART, ("        p[rows, y] -= 1\n", ""), ("        losses.append(", "        p[rows, y] -= 1\n        losses.append(")),
            "You take 1 off the true class before the loss is computed, so it is the log of a negative number. First the loss, then −1.",
        ),
        change(
            _BY_HEART, "p = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)", "p = 1 / (1 + np.exp(-x @ W))",
            "You apply a sigmoid to each logit. Cross-entropy of several classes takes softmax: the shares of a row add up to 1.",
        ),
        change(
            _BY_HEART, "p = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)", "p = np.exp(x @ W) / np.sum(np.exp(x @ W))",
            "Your softmax runs over the whole batch at once. The shares of each example, of each row, add up to 1: axis=1, keepdims=True.",
        ),
        change(
            _BY_HEART, "-np.mean(np.log(p[rows, y]))", "np.mean(np.argmax(p, axis=1) != y)",
            "You count mistakes. The loss is asked for, −log p of the true class.",
        ),
        Wrong(
            _BY_HEART.replace("axis=1", "axis=0"),
            "Your softmax goes down the batch. The classes of one example stand in a row: axis=1.",
        ),
        change(
            _BY_HEART, "W -= lr * x.T @ p / len(y)", "W = W - lr * np.mean(x, axis=0)[:, None] * np.mean(p, axis=0) / 1",
            "You average x and p before you multiply them. Each example has its own product: x.T @ p sums them.",
        ),
        change(
            _BY_HEART, "rows, W, losses = np.arange(len(y)), W.copy(), []", "rows, losses = np.arange(len(y)), []",
            shows="changed its argument",
        ),
    ),
    praise="With as many features as examples any labels can be learned by heart: so what does not come down here has its cause in the loop.",
)  # fmt: skip

# --- three_faults ----------------------------------------------------------------------------------------------------

_LOOP = '''def train(x, y, W, lr, size):
    """One epoch over x: (N, D), measurements in which −999 stands for “was not measured”;
    y: (N,) of 0 and 1, W: (D,). Batches are `size` examples, in order, the last may be smaller.
    The loss is binary cross-entropy of the logits x @ W, a mean over the batch. What was not
    measured should count as the mean of what was, in its column. Returns the last W."""
    missing = x == -999
    x = np.where(missing, 0.0, x)
    x = x + missing * np.sum(x, axis=0) / np.sum(~missing, axis=0)
    for start in range(0, len(x), size):
        xs, ys = x[start : start + size], y[start : start + size]
        p = 1 / (1 + np.exp(-(xs @ W)))
        W = W - lr * xs.T @ (p - ys) / len(ys)
    return W
'''

_STUB = """    gradient = np.zeros(len(W))
    for start in range(0, len(x), size):
        xs, ys = x[start : start + size], y[start : start + size]
        p = 1 / (1 + np.exp(-(xs @ W)))
        gradient += xs.T @ (p - ys) / size
        W = W - lr * gradient
    return W
"""
_FILLED = """    missing = x == -999
    x = np.where(missing, 0.0, x)
    x = x + missing * np.sum(x, axis=0) / np.sum(~missing, axis=0)
"""


def _measured(n: int, d: int, lr: float, size: int, holes: int) -> Case:
    x = (1.0 + _rng.normal(size=(n, d))).round(1)
    for row, column in zip(_rng.choice(n, holes, replace=False), _rng.integers(0, d, holes), strict=True):
        x[row, column] = -999.0
    return x, _rng.integers(0, 2, size=n), _rng.normal(size=d).round(1), lr, size


three_faults = Exercise(
    name="three_faults",
    varies=Varies(
        what="the number for “was not measured”",
        given="−999",
        others=(("−99", "-99"), ("−777", "-777"), ("−9999", "-9999")),
        pieces=(
            ("−999", "{0}"),
            ("-999", "{1}"),
        ),
        inputs=lambda case, number: (np.where(case[0] == -999, float(number.replace("−", "-")), case[0]), *case[1:]),
    ),
    blank_from="    missing",
    blank=_STUB,
    solution=_LOOP,
    others=('''
    x = x.astype(float).copy()
    for column in range(x.shape[1]):
        there = x[:, column] != -999
        x[~there, column] = np.mean(x[there, column])
    start = 0
    while start < len(x):
        xs, ys = x[start : start + size], y[start : start + size]
        p = 1 / (1 + np.exp(-(xs @ W)))
        g = np.mean((p - ys)[:, None] * xs, axis=0)
        W = W - lr * g
        start += size
    return W
''',),
    cases=[
        (np.array([[1.0, 2.0], [-999.0, 0.0], [3.0, 1.0], [2.0, -999.0], [0.0, 1.0]]), np.array([1, 0, 0, 1, 1]), np.array([0.5, -0.5]), 0.5, 2),
        _measured(7, 3, 0.2, 3, 2), _measured(6, 2, 0.1, 2, 0), _measured(10, 4, 0.5, 4, 3), _measured(5, 2, 0.3, 5, 1),
    ],
    hints=(
        "Look at the data first: which number in x is no measurement? Then read the loop with two questions: what is in `gradient` when the second batch begins, and how many examples has the last batch?",
        "−999 must go before anything is computed: the mean of the measured entries of its column takes its place. The gradient must begin at 0 in each batch. The mean over a batch divides by len(ys), which is not always size.",
        "missing = x == -999; then for each column x[missing[:, d], d] = x[~missing[:, d], d].mean(), on a copy. Inside the loop: gradient = xs.T @ (p - ys) / len(ys).",
    ),
    wrong=(
        change(
            _LOOP, _FILLED, "",
            "The loop is right now. The third fault is not in it: look at x. A measurement of −999 moves W by a hundred times more than all others.",
        ),
        change(
            _LOOP, "/ len(ys)", "/ size",
            "The last batch may be smaller, and you divide its sum by size: its mean has len(ys) examples.",
        ),
        Wrong(
            changes(
                _LOOP, ("    for start", "    gradient = np.zeros(len(W))\n    for start"),
                ("W = W - lr * xs.T @ (p - ys) / len(ys)", "gradient += xs.T @ (p - ys) / len(ys)\n        W = W - lr * gradient"),
            ),
            "The gradient of the batches before is still in `gradient` when the next one is added. It must begin at 0 in each batch: that is zero_grad.",
        ),
        Wrong(
            changes(_LOOP, (_FILLED, ""), ("/ len(ys)", "/ size")),
            "The gradient begins at 0 in each batch now. Two faults are left: the last batch may be smaller than size, and one is not in the code. Look at x.",
        ),
        Wrong(
            changes(
                _LOOP, (_FILLED, ""), ("    for start", "    gradient = np.zeros(len(W))\n    for start"),
                ("W = W - lr * xs.T @ (p - ys) / len(ys)", "gradient += xs.T @ (p - ys) / len(ys)\n        W = W - lr * gradient"),
            ),
            "The mean of the last batch is right now. Two faults are left: what is in `gradient` when the second batch begins? And one is not in the code. Look at x.",
        ),
        Wrong(
            changes(
                _LOOP, ("    for start", "    gradient = np.zeros(len(W))\n    for start"),
                ("W = W - lr * xs.T @ (p - ys) / len(ys)", "gradient += xs.T @ (p - ys) / size\n        W = W - lr * gradient"),
            ),
            "−999 is gone. Two faults are left, both in the loop: what is in `gradient` when the second batch begins, and how many examples has the last batch?",
        ),
        change(
            _LOOP, _FILLED, "    x = np.where(x == -999, 0.0, x)\n",
            "You put 0 for what was not measured. 0 is a measurement too, and here an unusual one: put the mean of what was measured in that column.",
        ),
        change(
            _LOOP, "    x = x + missing * np.sum(x, axis=0) / np.sum(~missing, axis=0)\n", "    x = x + missing * np.mean(x, axis=0)\n",
            "Your mean counts what was not measured as 0. Divide the sum by how many were measured: np.sum(~missing, axis=0).",
        ),
        change(
            _LOOP, _FILLED, "    x = np.where(x == -999, np.mean(x, axis=0), x)\n",
            "The −999 are still in your mean. Take the mean over what was measured only.",
        ),
        change(
            _LOOP, _FILLED, "    x = np.where(x == -999, np.mean(x[x != -999]), x)\n",
            "You take one mean for all columns. Each column has measurements of its own kind, and so its own mean.",
        ),
        change(
            _LOOP, _FILLED, "    keep = np.all(x != -999, axis=1)\n    x, y = x[keep], y[keep]\n",
            "You leave out the examples with a gap, and their other measurements with them. Put the mean of the column in the gap.",
        ),
        change(
            _LOOP, "W = W - lr", "W = W + lr",
            "Your update goes uphill: take lr times the gradient away.",
        ),
    ),
    praise="Two faults stood in the loop and one in the data. No look at the code alone finds the third, and the cheapest look of all, x.min(), finds it at once.",
)  # fmt: skip

EXERCISES = Lesson([expected_loss, by_heart, three_faults])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
