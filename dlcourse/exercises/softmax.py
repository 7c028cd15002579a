"""Exercises of lesson 16: a softmax of two halves, the way back through it, and the temperature that fits."""

from __future__ import annotations

import numpy as np

from dlcourse.arrays import Array
from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {
    "level": "somewhere in the middle",
    "one pulled up": "still 20 times the last",
    "sure": "more than five",
    "temperature": "0.2, the coldest",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"one pulled up": {"pulled": (3.0, 4.0, 1.0, 0.0), "at_first": (3.0, 2.0, 1.0, 0.0)}}
"""Where the learner brings the picture to see what came, and a page that nothing runs in shows it."""

_rng = np.random.default_rng(16)

# --- join ------------------------------------------------------------------------------------------------------------

_JOIN = '''def join(p, a, q, b, axis):
    """Two machines have half of the scores each. p, q: softmax of each half along `axis`, like
    (N, K, T) and (N, L, T). a, b: log(sum of exp) of each half along it, like (N, T). Returns
    softmax of all scores along `axis`, the first half first, like (N, K + L, T), and log(sum of
    exp) of all, like (N, T). Log-sums of 1000 and of -1000 must not break it."""
    largest = np.maximum(a, b)
    total = largest + np.log(np.exp(a - largest) + np.exp(b - largest))
    first = p * np.expand_dims(np.exp(a - total), axis)
    second = q * np.expand_dims(np.exp(b - total), axis)
    return np.concatenate([first, second], axis=axis), total
'''
_TOTAL = "largest + np.log(np.exp(a - largest) + np.exp(b - largest))"
_ONE, _OTHER = "p * np.expand_dims(np.exp(a - total), axis)", "q * np.expand_dims(np.exp(b - total), axis)"


def _half(scores: Array, axis: int) -> tuple[Array, Array]:
    top = scores.max(axis=axis, keepdims=True)
    powers = np.exp(scores - top)
    sums = powers.sum(axis=axis, keepdims=True)
    return powers / sums, np.squeeze(top + np.log(sums), axis=axis)


def _halves(*shape: int, more: int, axis: int, level: float = 0.0) -> Case:
    """Scores of a shape, and `more` of them along the axis in the second half."""
    longer = list(shape)
    longer[axis] = more
    first, second = (_half(2 * _rng.normal(size=size) + level, axis) for size in (shape, longer))
    return *first, *second, axis


join = Exercise(
    name="join",
    blank_from="    largest",
    blank="    return None, None\n",
    solution=_JOIN,
    parts=("softmax", "log of the sum"),
    others=('''
    total = np.logaddexp(a, b)
    return np.concatenate([p * np.exp(np.expand_dims(a - total, axis)), q * np.exp(np.expand_dims(b - total, axis))], axis), total
''',),
    cases=[
        (np.array([[0.5, 0.5]]), np.array([2.0]), np.array([[1.0]]), np.array([2.0]), 1),
        (np.array([[0.75, 0.25]]), np.array([3.0]), np.array([[0.5, 0.5]]), np.array([1.0]), 1),
        _halves(4, 3, more=2, axis=0), _halves(3, 5, more=4, axis=-1), _halves(2, 4, 3, more=5, axis=1),
        _halves(3, 3, more=3, axis=0), _halves(3, 2, 4, more=4, axis=-3),
        _halves(3, 4, more=2, axis=1, level=1000.0), _halves(3, 2, 3, more=4, axis=1, level=-1000.0),
    ],
    hints=(
        "Of the sum over all powers, the first half has brought e to the a, the other one e to the b. What part of the whole is the first half's?",
        "log(eᵃ + eᵇ) = m + log(eᵃ⁻ᵐ + eᵇ⁻ᵐ), with m the larger of the two. A half's shares are multiplied by e to the a − total, or b − total. np.expand_dims(…, axis) puts the missing axis back.",
        "total = m + np.log(np.exp(a - m) + np.exp(b - m)); then p * np.expand_dims(np.exp(a - total), axis), the same for q and b, and np.concatenate([…, …], axis=axis).",
    ),
    wrong=(
        change(
            _JOIN, _TOTAL, "np.log(np.exp(a) + np.exp(b))",
            "Right for small log-sums. np.exp(1000) is inf, and np.exp(-1000) is 0. Take the larger of the two away first, and put it back behind the log.",
        ),
        change(
            _JOIN, _TOTAL, "np.log(np.exp(a - largest) + np.exp(b - largest))",
            "Your log of the sum lacks the larger of the two, which you took away before: log(eᵃ + eᵇ) = m + log(eᵃ⁻ᵐ + eᵇ⁻ᵐ).",
        ),
        change(
            _JOIN, _TOTAL, "a + b",
            "You add the logs, and that multiplies the sums. The sums of powers are added: log(eᵃ + eᵇ).",
        ),
        change(
            _JOIN, _TOTAL, "largest",
            "You take the larger log-sum for that of both. The other half has powers too: log(eᵃ + eᵇ).",
        ),
        change(
            _JOIN, _TOTAL, f"{_TOTAL} - np.log(2)",
            "You take the log of the mean of both sums. It is that of their sum.",
        ),
        Wrong(
            changes(_JOIN, (_ONE, "p"), (_OTHER, "q")),
            "Your shares add up to 2: each half still counts as a whole. The first one's part of it is e to the a − total.",
        ),
        Wrong(
            changes(_JOIN, (_ONE, "p / 2"), (_OTHER, "q / 2")),
            "You give one half of the whole to each. The one with the larger powers has more: its part is e to the a − total.",
        ),
        Wrong(
            changes(_JOIN, (_ONE, "p * (p.shape[axis] / (p.shape[axis] + q.shape[axis]))"), (_OTHER, "q * (q.shape[axis] / (p.shape[axis] + q.shape[axis]))")),
            "You divide the whole by how many scores each half has. It is the powers that count: the first half's part is e to the a − total.",
        ),
        Wrong(
            changes(_JOIN, (_ONE, "p * np.expand_dims(a / (a + b), axis)"), (_OTHER, "q * np.expand_dims(b / (a + b), axis)")),
            "You divide the whole in proportion to the logs. The sums themselves count: e to the a against e to the b.",
        ),
        Wrong(
            changes(_JOIN, (_ONE, "p * np.expand_dims(np.exp(b - total), axis)"), (_OTHER, "q * np.expand_dims(np.exp(a - total), axis)")),
            "The two parts are exchanged: p belongs to a, and q to b.",
        ),
        Wrong(
            changes(_JOIN, ("[first, second]", "[second, first]")),
            "The halves come in the wrong order. The first half first.",
        ),
        Wrong(
            _JOIN.replace(", axis)\n", ", -1)\n").replace("axis=axis", "axis=-1"),
            "You always go along the last axis. Which one it is stands in `axis`.",
        ),
        Wrong(
            changes(_JOIN, ("np.exp(a - total)", "np.exp(total - a)"), ("np.exp(b - total)", "np.exp(total - b)")),
            "Your shares are far above 1: the part of the first half is e to the a − total, not total − a.",
        ),
        change(_JOIN, "    first = p * ", "    p *= np.expand_dims(np.exp(a - total), axis)\n    first = p * np.exp(0) + 0 * ", shows="changed its argument"),
    ),
    praise="Shares alone could not be joined. They have lost their level, and the log of the sum is that level.",
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

EXERCISES = Lesson([join, pull_back, temperature])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
