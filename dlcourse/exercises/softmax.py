"""Exercises of lesson 16: a softmax along any axis, the way back through it, and the temperature that fits."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {
    "20 less": "stays as it is",
    "one pulled up": "still 20 times the last",
    "sure": "more than five",
    "temperature": "0.2, the coldest",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {
    "20 less": {"shift": -20.0},
    "one pulled up": {"pulled": (3.0, 4.0, 1.0, 0.0), "at_first": (3.0, 2.0, 1.0, 0.0)},
}
"""Where the learner brings the picture to see what came, and a page that nothing runs in shows it."""

_rng = np.random.default_rng(16)

# --- softmax ---------------------------------------------------------------------------------------------------------

_SOFTMAX = '''def softmax(x, axis):
    """x: scores of any shape, like (N, T, K). Returns two arrays: softmax of x along `axis`,
    of the shape of x, and log(sum of exp(x)) along it, of that shape without the axis.
    Scores of 1000 and of -1000 must not break it."""
    largest = np.max(x, axis=axis, keepdims=True)
    powers = np.exp(x - largest)
    sums = np.sum(powers, axis=axis, keepdims=True)
    return powers / sums, np.squeeze(largest + np.log(sums), axis=axis)
'''


def _scores(*shape: int, loud: float = 2.0, axis: int = -1) -> Case:
    return loud * _rng.normal(size=shape), axis


softmax = Exercise(
    name="softmax",
    blank_from="    largest",
    blank="    return None, None\n",
    solution=_SOFTMAX,
    parts=("softmax", "log of the sum"),
    others=('''
    moved = np.moveaxis(x, axis, 0)
    top = np.max(moved, axis=0)
    powers = np.exp(moved - top)
    sums = np.sum(powers, axis=0)
    return np.moveaxis(powers / sums, 0, axis), top + np.log(sums)
''',),
    cases=[
        (np.array([[3.0, 2.0, 1.0], [0.0, 0.0, 0.0]]), 1),
        _scores(4, 3, axis=0), _scores(3, 5, axis=-1), _scores(2, 4, 3, axis=1), _scores(3, 3, axis=0), _scores(3, 2, 4, axis=-3), _scores(6, axis=0),
        (np.array([[1000.0, 999.0, 998.0], [-1000.0, -1001.0, -999.0]]), 1), _scores(3, 5, 2, loud=500.0, axis=1),
    ],
    hints=(
        "What may be taken away from all scores along the axis without changing a share? And how does it come back into the log of the sum?",
        "With m the largest: log Σ eˣ = m + log Σ eˣ⁻ᵐ. np.max(x, axis=axis, keepdims=True) keeps the axis with length 1, so that it can be taken away from x.",
        "powers = np.exp(x - largest), sums = np.sum(powers, axis=axis, keepdims=True); return powers / sums and np.squeeze(largest + np.log(sums), axis=axis).",
    ),
    wrong=(
        change(
            _SOFTMAX, "np.exp(x - largest)", "np.exp(x)",
            "np.exp(x) overflows for 1000 and is 0 for -1000. Take the largest away along the axis first: np.exp(x - largest).",
        ),
        Wrong(
            changes(_SOFTMAX, ("np.exp(x - largest)", "np.exp(x)"), ("largest + np.log(sums)", "np.log(sums)")),
            "Right for small scores. For 1000 np.exp gives inf, and inf / inf is no number. Take the largest away along the axis first: that changes no share.",
        ),
        change(
            _SOFTMAX, "largest + np.log(sums)", "np.log(sums)",
            "The shares are right. The log of the sum lacks the largest score, which you took away before: log Σ eˣ = m + log Σ eˣ⁻ᵐ.",
        ),
        change(
            _SOFTMAX, "np.max(x, axis=axis, keepdims=True)", "np.max(x) + 0 * np.max(x, axis=axis, keepdims=True)",
            "You take away the largest of all scores. Where all are far below it, every power becomes 0, and 0 / 0 is no number. The largest along the axis: axis=axis, keepdims=True.",
        ),
        change(
            _SOFTMAX, "np.max(x, axis=axis, keepdims=True)", "np.min(x, axis=axis, keepdims=True)",
            "You take away the smallest, and then the largest may still overflow. Take away the largest.",
        ),
        Wrong(
            _SOFTMAX.replace("axis=axis", "axis=-1"),
            "You always go along the last axis. Which one it is stands in `axis`.",
        ),
        Wrong(
            _SOFTMAX.replace("axis=axis", "axis=0"),
            "You always go along the first axis. Which one it is stands in `axis`.",
        ),
        change(
            _SOFTMAX, "np.squeeze(largest + np.log(sums), axis=axis)", "largest + np.log(sums)",
            "The log of the sum still has the axis, with length 1. It should be gone: np.squeeze(…, axis=axis).",
        ),
        change(
            _SOFTMAX, "np.squeeze(largest + np.log(sums), axis=axis)", "np.squeeze(largest + sums, axis=axis)",
            "The log is missing: what comes second is largest + log of the sum.",
        ),
        change(
            _SOFTMAX, "return powers / sums", "return powers",
            "The powers are not divided by their sum, so they are no shares yet: along the axis they should add up to 1.",
        ),
        change(
            _SOFTMAX, "return powers / sums", "return np.log(powers / sums)",
            "You give back logs of the shares. The softmax itself comes first.",
        ),
        change(
            _SOFTMAX, "np.sum(powers, axis=axis, keepdims=True)", "np.mean(powers, axis=axis, keepdims=True)",
            "You divide by the mean of the powers, so the shares add up to their number and not to 1. Divide by the sum.",
        ),
        change(
            _SOFTMAX, "np.sum(powers, axis=axis, keepdims=True)", "np.sum(powers) + 0 * np.sum(powers, axis=axis, keepdims=True)",
            "You divide by the sum over everything. The shares add up to 1 along the axis: axis=axis, keepdims=True.",
        ),
        change(_SOFTMAX, "    powers = np.exp(x - largest)\n", "    x -= largest\n    powers = np.exp(x)\n", shows="changed its argument"),
    ),
    praise="powers / sums is exp(x - log of the sum): with the second array you have the first, and every log-loss besides.",
)  # fmt: skip

# --- pull_back -------------------------------------------------------------------------------------------------------

_BACK = '''def pull_back(p, g):
    """p: (N, K), the softmax of scores x, row by row. g: (N, K), the derivative of a loss with
    respect to each share in p. Returns its derivative with respect to each score in x, (N, K).
    K may be 100 000, so no K times K matrix is built."""
    return p * (g - np.sum(g * p, axis=1, keepdims=True))
'''


def _shares(n: int, k: int, loud: float = 1.5) -> Case:
    powers = np.exp(loud * _rng.normal(size=(n, k)))
    return powers / powers.sum(axis=1, keepdims=True), _rng.normal(size=(n, k))


pull_back = Exercise(
    name="pull_back",
    blank_from="    return p",
    solution=_BACK,
    others=('''
    out = np.zeros(p.shape)
    for n in range(len(p)):
        average = np.dot(g[n], p[n])
        out[n] = p[n] * (g[n] - average)
    return out
''', '''
    weighted = g * p
    return weighted - p * np.sum(weighted, axis=1, keepdims=True)
'''),
    cases=[
        (np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([[1.0, 0.0], [4.0, 0.0]])),
        _shares(3, 4), _shares(4, 3), _shares(1, 6), _shares(3, 3), _shares(2, 400), _shares(5, 2),
    ],
    hints=(
        "The derivative with respect to score j is a sum over all shares i: g[i] times the entry (i, j) of the Jacobian, p[i] · ((1 if i = j) − p[j]). Write the sum out: what is left of each of the two terms?",
        "The first term leaves g[j] · p[j]. The second is − p[j] times Σ g[i] p[i], one number for each row.",
        "p * (g - s) with s = np.sum(g * p, axis=1, keepdims=True), shape (N, 1).",
    ),
    wrong=(
        change(
            _BACK, "p * (g - np.sum(g * p, axis=1, keepdims=True))", "p * g",
            "That is the first term only: pulling a score up also takes from every share, p[j] times the sum of g · p of the row. Take it away.",
        ),
        change(
            _BACK, "np.sum(g * p, axis=1, keepdims=True)", "np.mean(g, axis=1, keepdims=True)",
            "You take the plain mean of g away. A large share counts more: the sum of g · p of the row.",
        ),
        change(
            _BACK, "np.sum(g * p, axis=1, keepdims=True)", "np.sum(g, axis=1, keepdims=True)",
            "You take the sum of g away; each should be weighted by its share: the sum of g · p.",
        ),
        change(
            _BACK, "np.sum(g * p, axis=1, keepdims=True)", "np.sum(g * p, axis=0, keepdims=True)",
            "You sum over the examples. Each row has its own softmax: axis=1.",
        ),
        change(
            _BACK, "np.sum(g * p, axis=1, keepdims=True)", "np.sum(g * p)",
            "You sum over all rows, so that examples mix. Each row has its own softmax: axis=1, keepdims=True.",
        ),
        change(
            _BACK, "(g - np.sum(g * p, axis=1, keepdims=True))", "(np.sum(g * p, axis=1, keepdims=True) - g)",
            "Right size, opposite sign: g minus the sum, not the sum minus g.",
        ),
        change(
            _BACK, "(g - np.sum(g * p, axis=1, keepdims=True))", "(g + np.sum(g * p, axis=1, keepdims=True))",
            "The other shares lose what one gains: the sum of g · p is taken away, not added.",
        ),
        change(
            _BACK, "p * (g - np.sum(g * p, axis=1, keepdims=True))", "p * (1 - p) * g",
            "That is the diagonal of the Jacobian only, as for a sigmoid. A score moves all the other shares, too.",
        ),
        change(
            _BACK, "return p * (g - np.sum(g * p, axis=1, keepdims=True))", "return g - np.sum(g * p, axis=1, keepdims=True)",
            "What is in the brackets is right; times p it is the derivative.",
        ),
        change(
            _BACK, "p * (g - np.sum(g * p, axis=1, keepdims=True))", "p - g",
            "p − g is the derivative of softmax and cross-entropy together. Here g is the derivative by the shares, of any loss.",
        ),
        change(
            _BACK, "np.sum(g * p, axis=1, keepdims=True)", "np.mean(g * p, axis=1, keepdims=True)",
            "You take the mean of g · p over the row. The shares are the weights already, and add up to 1: the sum.",
        ),
    ),
    praise="K multiplications instead of K²: dl.softmax goes back the same way.",
)  # fmt: skip

# --- temperature -----------------------------------------------------------------------------------------------------

_FIT = '''def fit_temperature(logits, labels, candidates):
    """logits: (N, K), scores of a network on validation examples. labels: (N,), their classes.
    candidates: (M,), temperatures. Returns the one with the lowest mean of -log p of the true
    class, p: softmax of logits / temperature. Logits of 1000 must not overflow."""
    losses = []
    for temperature in candidates:
        z = logits / temperature
        z = z - np.max(z, axis=1, keepdims=True)
        log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
        losses.append(-np.mean(log_p[np.arange(len(labels)), labels]))
    return candidates[np.argmin(losses)]
'''


def _network(n: int, k: int, loud: float, candidates: list[float], offset: float = 0.0) -> Case:
    """Scores of a network that is right about as often as it says, times `loud`: the temperature that fits is near it."""
    scores = 1.6 * _rng.normal(size=(n, k))
    powers = np.exp(scores)
    p = powers / powers.sum(axis=1, keepdims=True)
    labels = (p.cumsum(axis=1) < _rng.random((n, 1))).sum(axis=1)
    return loud * scores + offset, np.minimum(labels, k - 1), np.array(candidates)


temperature = Exercise(
    name="temperature",
    blank_from="    losses = []",
    solution=_FIT,
    others=('''
    best, lowest = None, np.inf
    rows = np.arange(len(labels))
    for t in candidates:
        z = logits / t
        top = np.max(z, axis=1)
        loss = np.mean(top + np.log(np.sum(np.exp(z - top[:, None]), axis=1)) - z[rows, labels])
        if loss < lowest:
            best, lowest = t, loss
    return best
''',),
    cases=[
        (np.array([[4.0, 0.0], [0.0, 4.0], [4.0, 0.0], [4.0, 0.0]]), np.array([0, 1, 0, 1]), np.array([0.5, 1.0, 4.0, 9.0])),
        _network(300, 4, 2.0, [8.0, 0.5, 1.0, 2.0, 4.0]), _network(300, 3, 0.5, [0.2, 2.0, 0.5, 1.0, 5.0]), _network(400, 10, 3.0, [1.0, 10.0, 3.0, 0.3, 5.0]),
        _network(300, 3, 1.0, [4.0, 1.0, 0.25, 2.0]), _network(200, 5, 2.0, [4.0, 0.5, 1.0, 2.0], offset=3000.0), _network(5, 5, 4.0, [1.0, 4.0, 0.1]),
    ],
    hints=(
        "One loss for each temperature, and the smallest wins. What is the log-loss at one of them?",
        "z = logits / temperature; take the largest of each row away; log p = z − log Σ eᶻ. Of each row the entry of the true class counts: log_p[np.arange(len(labels)), labels].",
        "Collect -np.mean(log_p[np.arange(len(labels)), labels]) for each candidate, and return candidates[np.argmin(losses)].",
    ),
    wrong=(
        change(
            _FIT, "z = logits / temperature", "z = logits * temperature",
            "You multiply by the temperature. Logits are divided by it: above 1 the network becomes less sure.",
        ),
        change(
            _FIT, "np.argmin(losses)", "np.argmax(losses)",
            "You return the temperature with the largest loss. The lowest is asked for: np.argmin, of minus the mean log p.",
        ),
        change(
            _FIT, "return candidates[np.argmin(losses)]", "return np.argmin(losses)",
            "You return which candidate it is, counted from 0. The temperature itself is asked for: candidates[…].",
        ),
        change(
            _FIT, "return candidates[np.argmin(losses)]", "return np.min(losses)",
            "You return the lowest loss. The temperature that has it is asked for: candidates[np.argmin(losses)].",
        ),
        change(
            _FIT, "log_p[np.arange(len(labels)), labels]", "log_p",
            "You average log p over all classes. Of each row only the true class counts: log_p[np.arange(len(labels)), labels].",
        ),
        change(
            _FIT, "-np.mean(log_p[np.arange(len(labels)), labels])", "-np.mean(np.argmax(z, axis=1) == labels)",
            "You look at how many are right. That is the same at every temperature: dividing by it changes no order. Take -log p of the true class.",
        ),
        change(
            _FIT, "-np.mean(log_p[np.arange(len(labels)), labels])", "-np.mean(np.exp(log_p)[np.arange(len(labels)), labels])",
            "You average p and not log p, so that being sure and wrong costs hardly more than being wrong. Take -log p.",
        ),
        change(
            _FIT, "-np.mean(log_p[np.arange(len(labels)), labels])", "-np.mean(np.max(log_p, axis=1))",
            "You take the largest log p of each row, and so look for the temperature at which the network is surest. The true class counts.",
        ),
        change(
            _FIT, "        z = z - np.max(z, axis=1, keepdims=True)\n", "",
            "Right for small logits. For 1000 np.exp overflows, and a loss that is inf or no number wins or loses by accident. Take the largest of each row away first.",
        ),
        Wrong(
            _FIT.replace("axis=1", "axis=0"),
            "Your softmax goes down the columns. The classes of one example stand in a row: axis=1.",
        ),
    ),
    praise="One number, fitted on validation data: no answer changes, only how sure the network says it is.",
)  # fmt: skip

EXERCISES = Lesson([softmax, pull_back, temperature])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
