"""Exercises of lesson 23b: how many neurons may go by another rule, the smallest step against a line, and who stands behind an answer."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"half": "as many as before", "against": "about half", "neighbours": "about half"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(1148)

# --- may_go ----------------------------------------------------------------------------------------------------------

_MAY_GO = '''def may_go(h, W, b, y):
    """h: (N, K), what the hidden neurons say of N examples. W: (K, M) and b: (M,), the last
    layer. y: (N,), the labels. A neuron is worth the mean of what it says, times the length of
    its row of W. The least worthy goes first, then the next, and what is gone says 0 from then
    on. As soon as fewer than 9/10 as many examples are right as with all neurons, it was one
    too many. Returns how many could go before."""
    worth = h.mean(axis=0) * np.linalg.norm(W, axis=1)
    left, at_first = h.copy(), np.sum((h @ W + b).argmax(axis=1) == y)
    for gone, j in enumerate(np.argsort(worth)):
        left[:, j] = 0
        right = np.sum((left @ W + b).argmax(axis=1) == y)
        if right < 0.9 * at_first:
            return gone
    return len(worth)
'''


def _layer(n: int, k: int, m: int) -> Case:
    """What k neurons say of n examples, a last layer for m classes, and labels of which it gets about seven in eight right."""
    h = np.maximum(_rng.normal(size=(n, k)) + 0.3, 0) * _rng.uniform(0.3, 2.0, k)
    W, b = _rng.normal(size=(k, m)) * _rng.uniform(0.3, 2.0, (k, 1)), 0.3 * _rng.normal(size=m)
    y = (h @ W + b).argmax(axis=1)
    wrong = _rng.permutation(n)[: n // 8]
    y[wrong] = (y[wrong] + 1) % m
    return h.round(2), W.round(2), b.round(2), y


def _one_by_one(k: int, wrong: int = 0) -> Case:
    """k examples, each held in class 0 by a neuron of its own: with that gone, it falls to class 1.

    Labels are 0 but for those of the least worthy neurons: so many are wrong at first, and right as their neurons go.
    The shares to be varied are hit exactly: 9/10 and 1/2 of 10, 3/4 and 1/2 of 8, 2/3 of 9.
    """
    worth = np.linspace(1.0, 2.0, k)[np.random.default_rng(k).permutation(k)]
    y = (worth.argsort().argsort() < wrong).astype(int)
    return np.diag(worth), np.tile([1.0, -1.0], (k, 1)), np.array([-0.1, 0.1]), y


def _all_may_go() -> Case:
    """The bias alone gets every example right."""
    return (
        np.array([[1.0, 0.0, 2.0], [0.5, 1.0, 0.0], [0.0, 2.0, 1.0]]),
        np.array([[0.3, 0.1], [0.1, 0.3], [0.2, 0.2]]),
        np.array([5.0, 0.0]),
        np.array([0, 0, 0]),
    )


def _two_lengths() -> Case:
    """The neuron with the longer row is the one whose absolute values add up to less."""
    h = np.tile([1.0, 1.0], (10, 1))
    return h, np.array([[0.0, 3.0, 0.0], [-2.0, -1.5, 1.5]]), np.array([0.0, 0.0, -0.1]), np.ones(10, int)


may_go = Exercise(
    name="may_go",
    varies=Varies(
        what="the share that must stay right",
        given="9/10",
        others=(("3/4", "0.75"), ("2/3", "2 / 3"), ("1/2", "0.5")),
        pieces=(("9/10", "{0}"), ("0.9 * ", "{1} * ")),
    ),
    blank_from="    worth",
    solution=_MAY_GO,
    others=('''
    worth = np.mean(h, axis=0) * np.sqrt(np.sum(W**2, axis=1))
    order, right = np.argsort(worth), []
    for n in range(len(worth) + 1):
        left = h.copy()
        left[:, order[:n]] = 0
        right.append((np.argmax(left @ W + b, axis=1) == y).sum())
    n = 0
    while n < len(worth) and right[n + 1] >= 0.9 * right[0]:
        n += 1
    return n
''',),
    cases=[
        (
            np.array([[1.0, 0.2, 0.0], [2.0, 0.0, 0.1], [0.0, 0.4, 3.0], [0.3, 0.0, 2.0]]),
            np.array([[1.0, -1.0], [0.5, 0.0], [-1.0, 1.0]]), np.array([0.0, 0.1]), np.array([0, 0, 1, 1]),
        ),
        _layer(30, 7, 3), _layer(52, 12, 4), _layer(41, 9, 5), _layer(63, 16, 6), _layer(26, 10, 3), _layer(75, 20, 4),
        _one_by_one(9), _one_by_one(10), _one_by_one(8), _one_by_one(8, wrong=2), _all_may_go(), _two_lengths(),
    ],
    hints=(
        "First the worth of each neuron: h.mean(axis=0) is what each says on average, (K,), and a row of W is what the classes hear of it.",
        "Copy h once, and set one column after the other to 0, in the order of np.argsort(worth). After each, count how many of (left @ W + b).argmax(axis=1) are y.",
        "Stop at the first count below 9/10 of the first one. The neuron that went last was one too many, so return how many had gone before it.",
    ),
    wrong=(
        change(
            _MAY_GO, "np.argsort(worth)", "np.argsort(-worth)",
            "Your most worthy neurons go first. The least worthy do: np.argsort(worth), without the minus.",
        ),
        change(
            _MAY_GO, "h.mean(axis=0) * np.linalg.norm(W, axis=1)", "np.linalg.norm(W, axis=1)",
            "You order by the rows of W alone. A neuron that hardly ever says anything is worth little, however long its row: times the mean of what it says.",
        ),
        change(
            _MAY_GO, "h.mean(axis=0) * np.linalg.norm(W, axis=1)", "h.mean(axis=0)",
            "You order by what the neurons say alone. Whom the classes hardly hear is worth little: times the length of its row of W.",
        ),
        change(
            _MAY_GO, "    return len(worth)\n", "",
            "If it never falls below 9/10, your function comes to its end and returns None. Then all of them may go.",
        ),
        change(
            _MAY_GO, "right < 0.9 * at_first", "right <= 0.9 * at_first",
            "You stop at 9/10 itself. Fewer than 9/10 is too few: <.",
        ),
        Wrong(
            changes(_MAY_GO, ("right < 0.9 * at_first", "right < at_first - 0.1 * len(y)")),
            "You allow for a tenth of all examples. Nine tenths of those that were right must stay: 0.9 * at_first.",
        ),
        change(
            _MAY_GO, "np.linalg.norm(W, axis=1)", "np.abs(W).sum(axis=1)",
            "You add up the absolute values of each row. Its length is the root of the sum of the squares.",
        ),
        change(
            _MAY_GO, "np.sum((h @ W + b).argmax(axis=1) == y)", "np.sum((h @ W).argmax(axis=1) == y)",
            "The bias b is missing where you count with all neurons. It belongs to the last layer, with them and without.",
        ),
        Wrong(
            changes(_MAY_GO, ("np.sum((h @ W + b).argmax(axis=1) == y)", "np.sum((h @ W).argmax(axis=1) == y)"), ("left @ W + b", "left @ W")),
            "The bias b is missing, with all neurons and without. It is the last layer's own, and stays.",
        ),
        Wrong(
            changes(
                _MAY_GO, ("    for gone, j", "    enough = 0\n    for gone, j"),
                ("        if right < 0.9 * at_first:\n            return gone\n    return len(worth)\n", "        enough += right >= 0.9 * at_first\n    return enough\n"),
            ),
            "You count all steps after which it is enough, also those that come after it has fallen below once. Stop there.",
        ),
        change(
            _MAY_GO, "np.argsort(worth)", "np.argsort(np.argsort(worth))",
            "argsort of argsort gives each neuron's rank. The columns in the order in which they go: np.argsort(worth), once.",
        ),
        Wrong(
            changes(_MAY_GO, ("np.sum((h @ W + b).argmax(axis=1) == y)", "len(y)"), ("(left @ W + b).argmax(axis=1) == y", "(left @ W + b).argmax(axis=1) == (h @ W + b).argmax(axis=1)")),
            "You count the answers that stay what they were. Those that are right are asked for: compare with y.",
        ),
        change(
            _MAY_GO, "return gone", "return gone + 1",
            "One too many: after {yours} are gone it is below 9/10 already. How many had gone before the last one went?",
        ),
        change(
            _MAY_GO, "0.9 * at_first", "0.9 * len(y)",
            "You compare with 9/10 of all examples. With all neurons some are wrong already: compare with those that were right then.",
        ),
        change(
            _MAY_GO, "        left[:, j] = 0\n", "        left = h.copy()\n        left[:, j] = 0\n",
            "In your loop each neuron goes alone, and comes back for the next. What is gone stays gone: copy h once, before the loop.",
        ),
        change(
            _MAY_GO, "left @ W + b", "left @ W",
            "The bias b is missing where neurons are gone: it is the last layer's own, and stays.",
        ),
        change(
            _MAY_GO, "            return gone\n    return len(worth)\n", "            return gone / len(worth)\n    return 1.0\n",
            "That is the share of the neurons. How many are they?",
        ),
        change(
            _MAY_GO, "left[:, j] = 0", "left[:, gone] = 0",
            "Your neurons go in the order in which they stand. The column that goes is the next one in the order of the worth.",
        ),
        Wrong(
            changes(
                _MAY_GO,
                ("    for gone, j", "    last = 0\n    for gone, j"),
                ("        if right < 0.9 * at_first:\n            return gone\n    return len(worth)\n", "        if right >= 0.9 * at_first:\n            last = gone + 1\n    return last\n"),
            ),
            "Yours is the last number at which it is enough again. Some neurons before, it had fallen below, and that is where to stop.",
        ),
        change(
            _MAY_GO, "left, at_first = h.copy(),", "left, at_first = h,",
            shows="changed its argument h",
        ),
    ),
    praise="By this rule 61 of A's neurons may go, and by size it was 86: who says much is not always missed much.",
)  # fmt: skip

# --- smallest_step ---------------------------------------------------------------------------------------------------

_STEP = '''def smallest_step(W, b, x):
    """A network without hidden neurons: scores x @ W + b, with W (K, M), b (M,) and x (K,).
    Its answer is the class with the highest score. Each pixel of x may move up or down by a
    step of at most eps. Returns the smallest eps with which another class can come as high
    as the answer, and the number of that class."""
    scores = x @ W + b
    answer = scores.argmax()
    others = np.delete(np.arange(len(b)), answer)
    ahead = scores[answer] - scores[others]
    gains = np.abs(W[:, others] - W[:, [answer]]).sum(axis=0)
    return (ahead / gains).min(), others[(ahead / gains).argmin()]
'''


def _linear(k: int, m: int, answer: int) -> Case:
    """The class that is second in height has nearly the answer's weights, so others come up with a smaller step."""
    W = _rng.normal(size=(k, m)) * _rng.exponential(1.0, (k, m))
    second = (answer + 1) % m
    W[:, second] = W[:, answer] + 0.1 * _rng.normal(size=k)
    heights = -_rng.uniform(0.5, 2.0, m)
    heights[answer], heights[second] = 0.0, -0.3
    W, x = W.round(2), _rng.random(k).round(2)
    return W, (heights - x @ W).round(2), x


smallest_step = Exercise(
    name="smallest_step",
    blank_from="    scores",
    blank="    return None, None\n",
    solution=_STEP,
    parts=("eps", "class"),
    others=('''
    scores = np.array([x @ W[:, k] + b[k] for k in range(len(b))])
    answer = int(np.argmax(scores))
    best, which = np.inf, None
    for k in range(len(b)):
        if k != answer:
            eps = (scores[answer] - scores[k]) / np.abs(W[:, answer] - W[:, k]).sum()
            if eps < best:
                best, which = eps, k
    return best, which
''',),
    cases=[
        (np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0.5, 0.0]), np.array([1.0, 0.0])),
        _linear(4, 3, 0), _linear(6, 5, 2), _linear(3, 4, 3), _linear(9, 6, 1), _linear(12, 10, 7), _linear(7, 8, 5),
    ],
    hints=(
        "Take one other class k. How far is the answer ahead of it, and how much of that can a step of eps in one pixel take away, if it goes the right way?",
        "A pixel moved by eps moves the difference of the two scores by eps times the difference of the two weights. All pixels go the way that helps k: add up the absolute differences.",
        "eps = ahead / np.abs(W[:, k] - W[:, answer]).sum() for each k but the answer. Return the smallest, and its k.",
    ),
    wrong=(
        change(
            _STEP, "np.abs(W[:, others] - W[:, [answer]]).sum(axis=0)", "np.sqrt(((W[:, others] - W[:, [answer]]) ** 2).sum(axis=0))",
            "You divide by the length of the difference. That is for one step of the whole picture in a straight line. Here each pixel has its own eps: add up the absolute differences.",
        ),
        change(
            _STEP, "np.abs(W[:, others] - W[:, [answer]]).sum(axis=0)", "np.abs(np.abs(W[:, others]) - np.abs(W[:, [answer]])).sum(axis=0)",
            "You take the absolute values before the difference. A weight of 2 and one of −2 pull apart by 4: first the difference, then its absolute value.",
        ),
        change(
            _STEP, "np.abs(W[:, others] - W[:, [answer]]).sum(axis=0)", "np.abs((W[:, others] - W[:, [answer]]).sum(axis=0))",
            "In your sum pixels cancel, as if all went up. Each goes the way that helps: the absolute value of each difference, and then the sum.",
        ),
        change(
            _STEP, "np.abs(W[:, others] - W[:, [answer]]).sum(axis=0)", "np.abs(W[:, others]).sum(axis=0)",
            "You let only the other class's score rise. The answer's moves with the same pixels: the difference of the two weights counts.",
        ),
        change(
            _STEP, "np.abs(W[:, others] - W[:, [answer]]).sum(axis=0)", "np.abs(W[:, [answer]]).sum(axis=0)",
            "You let only the answer's score fall. The other one moves with the same pixels: the difference of the two weights counts.",
        ),
        change(
            _STEP, "np.abs(W[:, others] - W[:, [answer]]).sum(axis=0)", "np.abs(W[:, others] - W[:, [answer]]).max(axis=0)",
            "You move only the one pixel that helps most. All pixels may move at once: the sum.",
        ),
        change(
            _STEP, "np.abs(W[:, others] - W[:, [answer]]).sum(axis=0)", "np.abs(W[:, others] - W[:, [answer]]).mean(axis=0)",
            "You divide by the mean of the differences, and so the step comes out as many times too large as there are pixels. All of them move: the sum.",
        ),
        change(
            _STEP, "np.abs(W[:, others] - W[:, [answer]]).sum(axis=0)", "(np.abs(W[:, others]) + np.abs(W[:, [answer]])).sum(axis=0)",
            "You add the absolute values of both weights. Where both have the same sign, a pixel moves both scores the same way: the difference first, then its absolute value.",
        ),
        change(
            _STEP, "    return (ahead / gains).min(), others[(ahead / gains).argmin()]\n", "    return 0.0, answer\n",
            "The answer is 0 ahead of itself. Leave it out: another class is asked for.",
        ),
        change(
            _STEP, "others[(ahead / gains).argmin()]\n", "answer\n",
            "The step is right. The class is the one that comes as high, and you return the answer itself.",
        ),
        change(
            _STEP, "(ahead / gains).min(), ", "np.ceil((ahead / gains).min() * 100) / 100, ",
            "You try one step after the other, 0.01 apart. It can be computed: how far the answer is ahead, divided by what eps = 1 would take away.",
        ),
        change(
            _STEP, "others[(ahead / gains).argmin()]", "others[ahead.argmin()]",
            "That is the class with the second highest score. It is next in height, and yet another one may be reached by a smaller step.",
        ),
        Wrong(
            changes(_STEP, ("(ahead / gains).min(), others[(ahead / gains).argmin()]", "(ahead / gains)[ahead.argmin()], others[ahead.argmin()]")),
            "You go to the class with the second highest score. Another one may be reached by a smaller step: compute eps for each, then take the smallest.",
        ),
        change(
            _STEP, "others[(ahead / gains).argmin()]", "(ahead / gains).argmin()",
            "The step is right. Your class is counted without the answer: behind it all numbers are one too small.",
        ),
        change(
            _STEP, "scores = x @ W + b", "scores = x @ W",
            "The bias b is missing in the scores. It cannot be moved, and yet it decides how far the answer is ahead.",
        ),
        change(
            _STEP, "return (ahead / gains).min(), others[(ahead / gains).argmin()]", "return others[(ahead / gains).argmin()], (ahead / gains).min()",
            "Both are there, the other way round: first the step, then the class.",
        ),
        change(
            _STEP, "return (ahead / gains).min(), others[(ahead / gains).argmin()]", "return (ahead / gains).max(), others[(ahead / gains).argmax()]",
            "That is the class that is hardest to reach. The smallest step is asked for.",
        ),
    ),
    praise="With hidden neurons there is no such formula: one can find a step that does it, and seldom knows whether a smaller one would.",
)  # fmt: skip

# --- support ---------------------------------------------------------------------------------------------------------

_SUPPORT = '''def support(h, labels, new, answers, k):
    """h: (N, K), what the hidden neurons say of the training examples. labels: (N,). new:
    (M, K), what they say of new examples, and answers: (M,), the classes that the network
    gives these. The nearest have the smallest sum of squared differences. Returns for each
    new example the share of its k nearest training examples that have the answer as label."""
    distances = ((new[:, None] - h) ** 2).sum(axis=2)
    nearest = distances.argsort(axis=1)[:, :k]
    return (labels[nearest] == answers[:, None]).mean(axis=1)
'''


def _around(n: int, m: int, k: int, classes: int, near: int) -> Case:
    """Training examples in clouds, new ones in between, and answers of which some have little support."""
    labels = _rng.permutation(np.arange(n) % classes)
    middles = 1.2 * _rng.normal(size=(classes, k))
    h = np.maximum(middles[labels] + _rng.normal(size=(n, k)), 0) * _rng.uniform(0.4, 2.0, k)
    new = np.maximum(middles[_rng.integers(0, classes, m)] + _rng.normal(size=(m, k)), 0) * _rng.uniform(0.4, 2.0, k)
    return h.round(3), labels, new.round(3), _rng.integers(0, classes, m), near


support = Exercise(
    name="support",
    blank_from="    distances",
    solution=_SUPPORT,
    others=('''
    shares = []
    for one, answer in zip(new, answers):
        distances = [np.sum((one - other) ** 2) for other in h]
        nearest = np.argsort(distances)[:k]
        shares.append(np.mean(labels[nearest] == answer))
    return np.array(shares)
''',),
    cases=[
        (np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 0.0], [5.0, 0.0], [4.0, 3.0]]), np.array([0, 0, 1, 1, 1]), np.array([[0.4, 1.2], [4.5, 0.2]]), np.array([0, 0]), 3),
        _around(14, 4, 3, 2, 3), _around(20, 6, 4, 3, 5), _around(17, 3, 2, 3, 4), _around(25, 9, 6, 4, 7), _around(12, 5, 8, 2, 1),
    ],
    hints=(
        "One new example first: its squared differences from each row of h, added up over the neurons, are N distances.",
        "np.argsort gives the places of the nearest first, and [:k] keeps k of them. Which of labels[nearest] are this example's answer?",
        "distances = ((new[:, None] - h) ** 2).sum(axis=2) has the shape (M, N). After argsort along axis 1, labels[nearest] == answers[:, None], and the mean of each row.",
    ),
    wrong=(
        change(
            _SUPPORT, "[:, :k]", "[:, -k:]",
            "Those are the k farthest. argsort puts the smallest distance first: [:, :k].",
        ),
        change(
            _SUPPORT, ".mean(axis=1)", ".sum(axis=1)",
            "You count the neighbours that agree. The share of the k is asked for: divide by k.",
        ),
        change(
            _SUPPORT, "return (labels[nearest] == answers[:, None]).mean(axis=1)", "return np.array([np.bincount(row).argmax() == answer for row, answer in zip(labels[nearest], answers)], float)",
            "You ask whether the neighbours would answer the same. Asked for is the share of them that has the answer as label.",
        ),
        change(
            _SUPPORT, ".mean(axis=1)", ".all(axis=1).astype(float)",
            "You ask whether all of them agree. Asked for is the share that does.",
        ),
        change(
            _SUPPORT, "(labels[nearest] == answers[:, None]).mean(axis=1)", "(labels[nearest] == answers[:, None]).sum(axis=1) / len(h)",
            "You divide by the number of training examples. It is the share of the k nearest: divide by k.",
        ),
        change(
            _SUPPORT, "(labels[nearest] == answers[:, None]).mean(axis=1)", "(labels[nearest] == answers[:, None]).sum(axis=1) / np.maximum((labels == answers[:, None]).sum(axis=1), 1)",
            "You divide by how many training examples have this label. It is the share of the k nearest: divide by k.",
        ),
        change(
            _SUPPORT, "labels[nearest] == answers", "nearest == answers",
            "You compare places with classes. nearest says which training examples they are; their classes are labels[nearest].",
        ),
        change(
            _SUPPORT, "[:, :k]", "[:, :1]",
            "You ask the nearest one alone. The k nearest are asked for: [:, :k].",
        ),
        change(
            _SUPPORT, "[:, :k]", "[:, 1 : k + 1]",
            "You leave out the nearest one, as if it were the example itself. The new examples are no training examples: [:, :k].",
        ),
        change(
            _SUPPORT, "((new[:, None] - h) ** 2).sum(axis=2)", "np.abs(new[:, None] - h).sum(axis=2)",
            "You add up absolute differences. What is nearest by squares need not be nearest by these: ** 2.",
        ),
        change(
            _SUPPORT, "((new[:, None] - h) ** 2).sum(axis=2)", "(new[:, None] - h).sum(axis=2)",
            "Your differences keep their signs, and cancel in the sum. Square each of them before you add them up.",
        ),
        change(
            _SUPPORT, "((new[:, None] - h) ** 2).sum(axis=2)", "-(new @ h.T)",
            "You take the largest products. A training example whose neurons all say much has large products with everybody: take the smallest distances.",
        ),
        change(
            _SUPPORT, "return (labels[nearest] == answers[:, None]).mean(axis=1)", "return np.array([max(np.mean(row == one) for one in row) for row in labels[nearest]])",
            "You return the share of the most frequent label. Asked for is the share of the label that the network has answered, be it frequent or not.",
        ),
        change(
            _SUPPORT, "return (labels[nearest] == answers[:, None]).mean(axis=1)", "return np.array([max(set(row), key=list(row).count) for row in labels[nearest]])",
            "You return what the neighbours would answer. Asked for is the share of them that agrees with the network.",
        ),
        change(
            _SUPPORT, "distances.argsort(axis=1)[:, :k]", "distances.argsort(axis=1)",
            "You ask all training examples. Only the k nearest count: [:, :k] after argsort.",
        ),
        change(_SUPPORT, "axis=2", "axis=0", shows="raised"),
    ),
    praise="With k = 8, all eight stand behind 325 of A's 352 right answers, and behind none of its 8 wrong ones. But all eight stand behind the E's 5, too.",
)  # fmt: skip

EXERCISES = Lesson([may_go, smallest_step, support])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
