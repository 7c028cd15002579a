"""Exercises of lesson 16: a softmax of two halves, the way back through it, and the temperature at which a network is honest."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlcourse.activations import softmax
from dlcourse.arrays import Array
from dlcourse.checking.comparing import as_numbers, shown
from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes, rest

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {
    "level": "somewhere in the middle",
    "one pulled up": "still 20 times the last",
    "sure": "about fifteen",
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


def _far_apart() -> Case:
    """In each row the two halves have another level, and one has nothing to say beside the other."""
    first, second = (
        _half(_rng.normal(size=(5, k)) + np.array([levels]).T, 1)
        for k, levels in ((3, [1000, -1000, 0, -1000, 1000]), (2, [-1000, 1000, 0, -1000, 1000]))
    )
    return *first, *second, 1


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
        _halves(3, 4, more=2, axis=1, level=1000.0), _halves(3, 2, 3, more=4, axis=1, level=-1000.0), _far_apart(),
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
        change(
            _JOIN, _TOTAL, "a + np.log(1 + np.exp(b - a))",
            "Right as long as b is not far above a. For a = −1000 and b = 1000, np.exp(b − a) is inf: take the larger of the two out, not always a.",
        ),
        Wrong(
            changes(
                _JOIN, ("np.maximum(a, b)", "max(np.max(a), np.max(b))"),
                (_ONE, "p * np.expand_dims(np.exp(a - largest) / (np.exp(a - largest) + np.exp(b - largest)), axis)"),
                (_OTHER, "q * np.expand_dims(np.exp(b - largest) / (np.exp(a - largest) + np.exp(b - largest)), axis)"),
            ),
            "You take one largest number away everywhere. Where both log-sums are far below it, np.exp gives 0 twice: np.maximum(a, b) takes the larger of the two at each place.",
        ),
        change(
            _JOIN, "axis=axis), total", "axis=axis), a + b",
            "The shares are right. Your log of the sum is a + b, and that multiplies the sums. The powers are added: log(eᵃ + eᵇ).",
        ),
        change(
            _JOIN, "axis=axis), total", "axis=axis), largest",
            "The shares are right. For the log of the sum you give the larger of the two. The other half has powers too: log(eᵃ + eᵇ).",
        ),
        change(
            _JOIN, "axis=axis), total", "axis=axis), total - largest",
            "The shares are right. Your log of the sum lacks the larger of the two, which was taken away before the powers: put it back.",
        ),
        change(
            _JOIN, "axis=axis), total", "axis=axis), np.exp(total - largest)",
            "The shares are right. The second result is a sum of powers, as it was after the largest was taken away. Its log is asked for, and the largest comes back behind it.",
        ),
        Wrong(
            changes(_JOIN, (_ONE, "p * np.expand_dims(np.exp(a - largest), axis)"), (_OTHER, "q * np.expand_dims(np.exp(b - largest), axis)")),
            "Your shares do not add up to 1 yet: you have taken the largest away, and not divided by the sum of both. A half's part is e to the a − total.",
        ),
        Wrong(
            changes(_JOIN, (_ONE, "p * np.expand_dims(a / total, axis)"), (_OTHER, "q * np.expand_dims(b / total, axis)")),
            "You divide the whole in proportion to the logs. The sums themselves count: the first half's part is e to the a − total.",
        ),
        Wrong(
            changes(_JOIN, ("    first =", "    both = np.exp(np.concatenate([p, q], axis=axis))\n    first ="), ("np.concatenate([first, second], axis=axis)", "both / both.sum(axis=axis, keepdims=True)")),
            "You take the softmax of shares, as if they were scores. Shares have lost their level, so a and b must come in: the first half's part is e to the a − total.",
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
            _JOIN.replace(", axis)\n", ", 1)\n").replace("axis=axis", "axis=1"),
            "You always go along axis 1. Which one it is stands in `axis`.",
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
            _BACK, "p * (g - np.sum(g * p, axis=1, keepdims=True))", "p * g - p**2 * np.sum(g, axis=1, keepdims=True)",
            "In your second term the share j counts twice: it is p[j] times the sum of g[i] · p[i], each g with its own share.",
        ),
        Wrong(
            changes(_BACK, ("    return p * (g - np.sum(g * p", "    powers = np.exp(p)\n    s = powers / np.sum(powers, axis=1, keepdims=True)\n    return s * (g - np.sum(g * s")),
            "You take the softmax of p. p is the softmax already; the scores x are not given, and are not needed.",
        ),
        change(
            _BACK, "np.sum(g * p, axis=1, keepdims=True)", "np.mean(g * p, axis=1, keepdims=True)",
            "You take the mean of g · p over the row. The shares are the weights already, and add up to 1: the sum.",
        ),
    ),
    praise="K multiplications instead of K²: dl.softmax goes back the same way.",
)  # fmt: skip

# --- honest ----------------------------------------------------------------------------------------------------------

_HONEST = '''def honest_temperature(logits, labels, low, high):
    """logits: (N, K), scores of a network on validation examples. labels: (N,), their classes.
    Returns the temperature between low and high at which the mean of its confidences, each the
    largest share of a row of softmax(logits / temperature), is the share of answers that are
    right. Exact to 0.00001. Too sure even at high: returns high. Not sure enough even at low:
    returns low. Logits of 1000 must not overflow."""
    right = np.mean(np.argmax(logits, axis=1) == labels)
    for _ in range(60):
        middle = (low + high) / 2
        z = logits / middle
        powers = np.exp(z - np.max(z, axis=1, keepdims=True))
        confidence = np.max(powers, axis=1) / np.sum(powers, axis=1)
        if np.mean(confidence) > right:
            low = middle
        else:
            high = middle
    return (low + high) / 2
'''
_CONFIDENCE = "np.max(powers, axis=1) / np.sum(powers, axis=1)"
_HALVING = rest(_HONEST, "    for _ in")
_LOG_LOSS = """    candidates = np.geomspace(low, high, 500)
    return min(candidates, key=lambda t: dl.cross_entropy(logits / t, labels).item())
"""


def _network(n: int, k: int, loud: float, offset: float | Array = 0.0, errors: int = 0) -> Case:
    """Scores of a network that is right about as often as it says, times `loud`; or one that has made so many mistakes."""
    scores = 1.6 * _rng.normal(size=(n, k))
    powers = np.exp(scores)
    p = powers / powers.sum(axis=1, keepdims=True)
    labels = np.minimum((p.cumsum(axis=1) < _rng.random((n, 1))).sum(axis=1), k - 1)
    if errors:
        labels = scores.argmax(axis=1)
        labels[:errors] = (labels[:errors] + 1) % k
    return loud * scores + offset, labels


def _halving(too_sure: Callable[[float], bool], low: float, high: float) -> float:
    """The temperature between two at which a network is no longer too sure."""
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if too_sure(middle) else (low, middle)
    return low


def _by_log_loss(value: object, logits: Array, labels: Array, low: float, high: float) -> str:
    """Say so where a temperature is not honest on average, and near the one with the lowest log-loss."""
    numbers = as_numbers(value)
    if numbers is None or numbers.ndim or numbers.dtype.kind != "f":
        return ""
    given = float(numbers)
    right = np.mean(np.argmax(logits, axis=1) == labels)
    true = logits[np.arange(len(labels)), labels]

    def shares(temperature: float) -> Array:
        return np.asarray(softmax(logits / temperature).data)

    # The slope of the log-loss over 1/τ: what the scores are on average, less what those of the true classes are.
    least_at = _halving(lambda t: bool(np.sum(shares(t) * logits, axis=1).mean() > true.mean()), low, high)
    near = abs(given - least_at)
    if not low * 1.01 < least_at < high / 1.01 or near > 0.02 * least_at:
        return ""
    honest_at = _halving(lambda t: bool(np.max(shares(t), axis=1).mean() > right), low, high)
    if abs(given - honest_at) < 5 * near + 1e-5:
        return ""
    return (
        f"{shown(given)} has the lowest log-loss, as in the lesson. Another rule is asked for: the mean of the confidences is the share "
        f"that is right, and that is so at {shown(honest_at)}."
    )


honest = Exercise(
    name="honest",
    diagnose=_by_log_loss,
    blank_from="    right =",
    solution=_HONEST,
    others=('''
    def mean_confidence(t):
        z = logits / t
        top = z.max(axis=1)
        return np.mean(np.exp(top - (top + np.log(np.exp(z - top[:, None]).sum(axis=1)))))
    reads = (logits.argmax(axis=1) == labels).mean()
    while high - low > 1e-9:
        t = np.sqrt(low * high)
        low, high = (t, high) if mean_confidence(t) > reads else (low, t)
    return low
''',),
    cases=[
        (np.array([[4.0, 0.0], [0.0, 4.0], [4.0, 0.0], [4.0, 0.0]]), np.array([0, 1, 0, 1]), 0.5, 9.0),
        (*_network(300, 4, 2.0), 0.2, 5.0), (*_network(300, 3, 0.5), 0.1, 5.0), (*_network(400, 10, 3.0), 0.2, 10.0),
        (*_network(200, 5, 2.0, offset=3000.0), 0.2, 8.0), (*_network(150, 4, 2.5, offset=np.linspace(-4000.0, 4000.0, 150)[:, None]), 0.5, 6.0),
        (*_network(60, 4, 0.5, errors=1), 0.2, 4.0), (*_network(80, 3, 40.0, errors=40), 0.2, 4.0),
    ],
    hints=(
        "Which share of the answers is right does not depend on the temperature: compute it once. How sure the network is falls as it gets hotter. So try one temperature in the middle: is the one you look for colder or hotter?",
        "Halve again and again: middle = (low + high) / 2. If the mean confidence at the middle is above the share that is right, the network is too sure and must become hotter: low = middle. Else high = middle.",
        "z = logits / middle; powers = np.exp(z - z.max(axis=1, keepdims=True)); the confidences are powers.max(axis=1) / powers.sum(axis=1). Sixty halvings are more than enough.",
    ),
    wrong=(
        change(
            _HONEST, "z = logits / middle", "z = logits * middle",
            "You multiply by the temperature. Logits are divided by it: above 1 the network becomes less sure.",
        ),
        change(
            _HONEST, "np.mean(confidence) > right", "np.mean(confidence) < right",
            "You walk the wrong way. A network that is too sure must become hotter, so the upper half is the one to keep.",
        ),
        change(
            _HONEST, "z - np.max(z, axis=1, keepdims=True)", "z",
            "Right for small logits. For 1000 np.exp overflows, and no number is above or below what is right. Take the largest of each row away first.",
        ),
        change(
            _HONEST, "z - np.max(z, axis=1, keepdims=True)", "z - np.max(z)",
            "You take the largest of all rows away. In a row that lies far below it every power is 0: take each row's own largest, axis=1, keepdims=True.",
        ),
        change(
            _HONEST, _CONFIDENCE, "powers[np.arange(len(labels)), labels] / np.sum(powers, axis=1)",
            "You average the shares of the true classes. How sure the network is of its answer, right or wrong, is the largest share of each row.",
        ),
        change(
            _HONEST, _CONFIDENCE, "powers / np.sum(powers, axis=1, keepdims=True)",
            "You end at low whatever comes in, for what you take as confidence is always below what you take as right. A confidence is the largest share of a row; the mean of a whole row is 1/K at every temperature. And right is a share between 0 and 1, not a count.",
        ),
        change(
            _HONEST, "np.mean(np.argmax(logits, axis=1) == labels)", "np.mean(np.argmax(logits, axis=1) != labels)",
            "You compare how sure it is with the share that is wrong. Sure of 90 % is honest if 90 % are right.",
        ),
        change(
            _HONEST, "range(60)", "range(10)",
            "Ten halvings leave it open by a thousandth of the whole span. Halve on until it is exact to 0.00001.",
        ),
        change(
            _HONEST, "return (low + high) / 2", "return np.mean(confidence)",
            "You return how sure it is. The temperature at which it is so sure is asked for.",
        ),
        Wrong(
            changes(_HONEST, ("    for _ in range(60):\n", "    tried = []\n    for middle in np.linspace(low, high, 1000):\n"), ("        middle = (low + high) / 2\n", ""), ("        if np.mean(confidence) > right:\n            low = middle\n        else:\n            high = middle\n    return (low + high) / 2\n", "        tried.append(abs(np.mean(confidence) - right))\n    return np.linspace(low, high, 1000)[np.argmin(tried)]\n")),
            "Near, and the nearest of your candidates: it cannot be exact to 0.00001 that way. Halve instead: is it hotter than the middle, or colder?",
        ),
        Wrong(
            changes(_HONEST, ("np.mean(confidence) > right", "np.mean(confidence > 0.5) > right")),
            "You count the rows of which it is sure by more than a half. The mean of the confidences themselves is asked for.",
        ),
        Wrong(
            changes(_HONEST, ("z - np.max(z, axis=1", "z - np.max(z, axis=0"), (_CONFIDENCE, "np.max(powers, axis=0) / np.sum(powers, axis=0)")),
            "Your softmax goes down the columns. The classes of one example stand in a row: axis=1.",
        ),
        Wrong(
            changes(_HONEST, ("    for _ in", "    least, most = low, high\n    for _ in"), ("return (low + high) / 2", "return (low + high) / 2 if least + 1e-6 < low and high < most - 1e-6 else least if high > most - 1e-6 else most")),
            "Too sure even at high: then high comes as near as can be. You return low there, and high where low belongs.",
        ),
        change(
            _HONEST, "    for _ in range(60):", "    low, high = 1e-6, 1e6\n    for _ in range(100):",
            "{yours} is not between low and high. Search between these two: where no temperature between them is honest, the nearer end is asked for.",
        ),
        change(
            _HONEST, "powers = np.exp(z - np.max(z, axis=1, keepdims=True))", "powers = np.exp(z - np.max(logits, axis=1, keepdims=True))",
            "You take the largest of the logits away after they were divided. Divide first, then take away the largest of what comes: else small shares, and large ones, leave what a float can hold.",
        ),
        change(
            _HONEST, "return (low + high) / 2", "return right",
            "You return the share of right answers. The temperature at which the mean confidence is as large is asked for.",
        ),
        change(
            _HONEST, _HALVING, _LOG_LOSS,
            shows="the lowest log-loss, as in the lesson",
        ),
        change(_HONEST, "z = logits / middle", "logits /= middle\n        z = logits", shows="changed its argument logits"),
    ),
    praise="It expects as many mistakes as it makes, all answers together. Whether it is honest among those of which it is sure, you still have to count.",
)  # fmt: skip

EXERCISES = Lesson([join, pull_back, honest])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
