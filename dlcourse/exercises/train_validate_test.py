"""Exercises of lesson 09: a fair split, a leak to repair, duplicates on both sides, and the number to report."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.comparing import shown
from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes, rest

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"coins": "70 %", "tomorrow": "better, but less than validation says", "twins": "75 %"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"tomorrow": {"peeks": 128, "tomorrow": True}}
"""Where the picture goes after a bet, to show what came."""

_rng = np.random.default_rng(9)

# --- split -----------------------------------------------------------------------------------------------------------

_SPLIT = '''def split(labels, share, rng):
    """labels: the class of each example, shape (N,). Deals the places 0 … N - 1 into two arrays
    without overlap: of every class the same `share` (0 to 1), drawn by chance, goes to test,
    the rest to train. Returns (train, test)."""
    train, test = [], []
    for label in np.unique(labels):
        places = rng.permutation(np.flatnonzero(labels == label))
        cut = round(share * len(places))
        test.append(places[:cut])
        train.append(places[cut:])
    return np.concatenate(train), np.concatenate(test)
'''
_BODY = rest(_SPLIT, "    train, test = []")
_PLACES = "rng.permutation(np.flatnonzero(labels == label))"


def _classes(share: float, *counts: int) -> Case:
    labels = _rng.permutation(np.repeat(np.arange(len(counts)), counts))
    return labels, share, np.random.default_rng(sum(counts))


def _look_at_split(value: Any, labels: Any, share: float, rng: Any) -> str:
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        return f"two arrays of places are expected, train and test, and {shown(value)} came back."
    for part, name in zip(value, ("train", "test"), strict=True):
        try:
            array = np.array(part)
        except ValueError:
            array = np.array(None)
        if array.dtype == bool:
            return f"{name} holds True and False. Return the places where it is True: np.flatnonzero({name})."
        if array.ndim != 1 or array.dtype.kind not in "iuf" or np.any(array % 1):
            return f"{name} should be an array of whole numbers, the places of its examples, and it is {shown(part)}."
        if array.size and not 0 <= array.min() <= array.max() < len(labels):
            return (
                f"{name} holds the place {array.max():g}, and there are {len(labels)} examples, 0 to {len(labels) - 1}."
            )
    return ""


def _dealt(value: Any, labels: Any, share: float, rng: Any) -> dict[str, bool]:
    """What must hold of a split. Chance can hide a slip in a small one, so the last two are asked of large ones only."""
    train, test = (np.array(part).astype(int) for part in value)
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    ranks = [np.flatnonzero(np.isin(own, test)) for own in members]
    wanted = [round(share * len(own)) for own in members]
    large = len(labels) >= 100
    return {
        "no overlap": not np.intersect1d(train, test).size,
        "nothing twice": len(np.unique(train)) == len(train) and len(np.unique(test)) == len(test),
        "nothing lost": np.union1d(train, test).size == len(labels),
        "test has its share": len(test) == sum(wanted),
        "every class has its share": not large or list(map(len, ranks)) == wanted,
        "by chance": not large or any(rank.size and np.ptp(rank) >= len(rank) for rank in ranks),
    }


split = Exercise(
    name="split",
    blank_from="    train, test = []",
    solution=_SPLIT,
    cases=[
        (np.array([0, 0, 1, 0, 0, 1, 1, 1]), 0.25, np.random.default_rng(8)),
        _classes(0.25, 200, 40, 80, 120),
        _classes(0.5, 300, 20),
        _classes(0.1, 100, 100, 50),
    ],
    measure=_dealt,
    diagnose=_look_at_split,
    hints=(
        "Take one class. Where are its examples? Shuffle those places, and cut the row in two.",
        "np.flatnonzero(labels == label) are the places of a class, rng.permutation(…) shuffles them, and cut = round(share * len(places)) of them go to test.",
        "Collect places[:cut] in test and places[cut:] in train, class by class, and join each list with np.concatenate.",
    ),
    wrong=(
        Wrong(
            changes(_SPLIT, (_BODY, "    places = rng.permutation(len(labels))\n    cut = round(share * len(labels))\n    return places[cut:], places[:cut]\n")),
            "A fair split, and the classes come out as chance has it: a rare one may be nearly missing from test. Shuffle and cut class by class.",
        ),
        change(
            _SPLIT, "places[cut:]", "places",
            "Every example of test is in train too. Then the test asks what was learned by heart: train gets places[cut:].",
        ),
        change(
            _SPLIT, "test.append(places[:cut])", "test.append(rng.choice(places, cut))",
            "test is drawn apart from train and with putting back, so they overlap, and some examples come twice. Shuffle once, and cut in two.",
        ),
        Wrong(
            changes(_SPLIT, ("test.append(places[:cut])", "test.append(places[cut:])"), ("train.append(places[cut:])", "train.append(places[:cut])")),
            "train and test are swapped: the `share` belongs to test, and the rest to train.",
        ),
        change(
            _SPLIT, _PLACES, "np.flatnonzero(labels == label)",
            "You take the first examples of each class. If the data are sorted, by day or by hospital, test is another world than train: shuffle first.",
        ),
        change(
            _SPLIT, "places[cut:]", "places[-cut:]",
            "Some examples are in neither part: places[-cut:] has as many as test. The rest is places[cut:].",
        ),
        change(
            _SPLIT, "np.unique(labels)", "np.unique(labels)[1:]",
            "One class is missing altogether. Go through all that np.unique(labels) finds.",
        ),
        Wrong(
            changes(_SPLIT, ("np.concatenate(train)", "labels[np.concatenate(train)]"), ("np.concatenate(test)", "labels[np.concatenate(test)]")),
            "You return the labels of the examples. Asked for are their places, so that x and labels can both be cut with them.",
        ),
        Wrong(
            changes(_SPLIT, (_BODY, "    chosen = rng.random(len(labels)) < share\n    return np.flatnonzero(~chosen), np.flatnonzero(chosen)\n")),
            shows="test has its share",
        ),
        change(_SPLIT, "np.concatenate(train), np.concatenate(test)", "np.isin(np.arange(len(labels)), np.concatenate(train)), np.concatenate(test)", shows="train holds True and False"),
        change(_SPLIT, "np.concatenate(train), np.concatenate(test)", "train, np.concatenate(test)", shows="train should be an array of whole numbers"),
        change(_SPLIT, "np.concatenate(train), np.concatenate(test)", "np.concatenate(train)", shows="two arrays of places are expected"),
        change(_SPLIT, "rng.permutation(", "np.random.permutation(", shows="rng was never asked"),
    ),
    praise="No overlap, nothing lost, every class fairly dealt. A Dataset does it with split(…, stratified=True).",
)  # fmt: skip

# --- scale -----------------------------------------------------------------------------------------------------------

_SCALE = '''def scale(train, test):
    """Brings each feature to mean 0 and standard deviation 1. train: (N, K), test: (M, K).
    Returns both, scaled. Something of test leaks into train: find it."""
    mean = np.mean(train, axis=0)
    spread = np.std(train, axis=0)
    return (train - mean) / spread, (test - mean) / spread
'''
_LEAKY = changes(
    _SCALE,
    ("    mean = np.mean(train,", "    every = np.concatenate([train, test])\n    mean = np.mean(every,"),
    ("np.std(train,", "np.std(every,"),
)


def _tables(n: int, m: int, k: int) -> Case:
    return _rng.normal(size=(n, k)) * 3 + 5, _rng.normal(size=(m, k)) * 2 + 9


scale = Exercise(
    name="scale",
    varies=Varies(
        what="the standard deviation",
        given="1",
        others=(("2",), ("3",), ("5",)),
        pieces=(
            ("mean 0 and standard deviation 1", "mean 0 and standard deviation {0}"),
            ("return (train - mean) / spread, (test - mean) / spread", "return {0} * (train - mean) / spread, {0} * (test - mean) / spread"),
            ("the spread becomes 1.", "the spread becomes 1, and {0} times that is {0}."),
            ("is not quite 1:", "is not quite {0}:"),
            ("dl.data.standardize(train, test) does the same.", "dl.data.standardize(train, test) does the same with 1."),
        ),
    ),
    stub=_LEAKY,
    solution=_SCALE,
    cases=[
        (np.array([[1.0], [3.0]]), np.array([[5.0], [7.0]])),
        *(_tables(*sizes) for sizes in ((5, 3, 2), (4, 4, 4), (60, 20, 6))),
    ],
    parts=("train", "test"),
    hints=(
        "When the network is used, tomorrow's examples are not there yet. Which line looks at them all the same?",
        "The mean and the spread are learned from data, like weights. So they come from train alone, and test is scaled with the same two.",
    ),
    wrong=(
        change(
            _LEAKY, "np.concatenate([train, test])", "np.vstack((train, test))",
            "Same numbers as before the repair: mean and spread still look at test. They may look at train only.",
        ),
        change(
            _SCALE, "np.std(train,", "np.std(np.concatenate([train, test]),",
            "The mean is repaired. The spread still looks at test.",
        ),
        change(
            _SCALE, "np.mean(train,", "np.mean(np.concatenate([train, test]),",
            "The spread is repaired. The mean still looks at test.",
        ),
        change(
            _SCALE, "(test - mean) / spread", "(test - np.mean(test, axis=0)) / np.std(test, axis=0)",
            "test is scaled with a mean and a spread of its own. Then the same flower gets other numbers in train and in test; use train's.",
        ),
        change(
            _SCALE, "(test - mean) / spread", "test",
            "test is left as it was. The network has learned from scaled numbers and would not know these: scale it with train's mean and spread.",
        ),
        Wrong(
            changes(_SCALE, ("np.mean(train,", "np.mean(test,"), ("np.std(train,", "np.std(test,")),
            "Now all of it comes from test. The other way round: mean and spread are learned from train.",
        ),
        Wrong(
            changes(_SCALE, ("np.mean(train, axis=0)", "np.mean(train)"), ("np.std(train, axis=0)", "np.std(train)")),
            "One mean for the whole table. Each feature has a unit of its own, so each gets its own mean and spread: axis=0.",
        ),
        Wrong(
            changes(
                _SCALE,
                ("np.mean(train, axis=0)", "np.mean(train, axis=1, keepdims=True)"),
                ("np.std(train, axis=0)", "np.std(train, axis=1, keepdims=True)"),
                ("(test - mean) / spread", "(test - np.mean(test, axis=1, keepdims=True)) / np.std(test, axis=1, keepdims=True)"),
            ),
            "axis=1 takes the mean of one example, over features of different units. A feature is a column: axis=0.",
        ),
        change(
            _SCALE, "np.std(", "np.var(",
            "You divide by the variance. Divided by its root, np.std, the spread becomes 1.",
        ),
        Wrong(
            changes(_SCALE, ("(train - mean) / spread, (test - mean) / spread", "train - mean, test - mean")),
            "The means are gone, and the spread is as it was. Divide by it.",
        ),
        change(
            _SCALE, "spread = np.std(train, axis=0)", "spread = np.std(train, axis=0, ddof=1)",
            "You divide by N − 1 inside the root (ddof=1), an estimate for a larger crowd. Then the spread of train itself is not quite 1: leave it out.",
        ),
        Wrong(
            changes(_SCALE, ("np.mean(train, axis=0)", "np.min(train, axis=0)"), ("np.std(train, axis=0)", "np.max(train, axis=0) - mean")),
            "You bring train to the range from 0 to 1. No leak, and another scale: asked for are mean 0 and standard deviation 1.",
        ),
        change(
            _SCALE, "(train - mean) / spread, (test - mean) / spread", "train - mean / spread, test - mean / spread",
            "Without brackets mean / spread is taken first, and that is subtracted: (train - mean) / spread.",
        ),
        change(_SCALE, "return (train - mean)", "train -= mean\n    return train", shows="changed its argument train"),
        change(_SCALE, "return (train - mean) / spread, (test - mean) / spread", "return (test - mean) / spread, (train - mean) / spread", shows="in the opposite order"),
    ),
    praise="dl.data.standardize(train, test) does the same. Split first, then learn: also the mean.",
)  # fmt: skip

# --- leaked ----------------------------------------------------------------------------------------------------------

_LEAKED = '''def leaked(train, test):
    """train: (N, K), test: (M, K). Returns the share, 0 to 1, of the examples of test that are
    in train too, all K numbers the same."""
    same = np.all(test[:, None] == train, axis=2)
    return np.mean(np.any(same, axis=1))
'''
_SAME = rest(_LEAKED, "    same =")


def _near(n: int, m: int, k: int) -> Case:
    """Examples of which some stand in train, and some nearly."""
    train, test = _rng.normal(size=(n, k)), _rng.normal(size=(m, k))
    for i in range(0, m - 2, 3):
        test[i] = train[i]
        test[i + 1] = train[i] + 10.0 ** -(1 + i // 3)
    return train, test


def _repeats(n: int, m: int, k: int, values: int = 3) -> Case:
    return _rng.integers(0, values, (n, k)), _rng.integers(0, values, (m, k))


leaked = Exercise(
    name="leaked",
    blank_from="    same =",
    solution=_LEAKED,
    others=('''
    count = 0
    for row in test:
        for other in train:
            if np.all(row == other):
                count += 1
                break
    return count / len(test)
''', '''
    known = {tuple(row) for row in train}
    return sum(tuple(row) in known for row in test) / len(test)
'''),
    cases=[
        (np.array([[1, 2], [3, 4], [1, 2], [5, 6]]), np.array([[1, 2], [0, 9], [5, 4], [3, 4], [7, 7]])),
        (np.array([[1]]), np.array([[2]])),
        *(_repeats(*sizes) for sizes in ((12, 7, 2), (9, 20, 3), (5, 30, 2, 8), (40, 60, 4))),
        _near(20, 13, 3),
    ],
    hints=(
        "For one row of test: is there any row of train that equals it in all places? How many rows of test say yes?",
        "test[:, None] == train compares every row with every row, shape (M, N, K). np.all(…, axis=2) asks for all K, np.any(…, axis=1) for any row of train.",
        "np.mean(np.any(np.all(test[:, None] == train, axis=2), axis=1))",
    ),
    wrong=(
        change(
            _LEAKED, "np.all(test[:, None] == train, axis=2)", "np.any(test[:, None] == train, axis=2)",
            "One equal number is enough for you. A duplicate has all K numbers the same: np.all along the last axis.",
        ),
        change(
            _LEAKED, "np.mean(np.any(same, axis=1))", "np.sum(same) / len(test)",
            "You count pairs, so an example that stands twice in train counts twice. Ask of each row of test whether there is any.",
        ),
        change(
            _LEAKED, "np.any(same, axis=1)", "np.any(same, axis=0)",
            "{yours} is the share of train that is in test. Asked for is the share of test: any along the axis of train.",
        ),
        change(
            _LEAKED, "np.mean(np.any", "np.sum(np.any",
            "{yours} is how many are leaked. The share is that divided by the size of test: {expected}.",
        ),
        change(
            _LEAKED, "np.mean(", "1 - np.mean(",
            "{yours} is the share that is new. Leaked is the rest: {expected}.",
        ),
        change(
            _LEAKED, "np.mean(np.any(same, axis=1))", "np.mean(same)",
            "You average over all pairs. One match in train is enough to leak an example: any over train first, then the mean over test.",
        ),
        change(
            _LEAKED, "np.any(same, axis=1)", "np.all(same, axis=1)",
            "You ask for rows that equal every row of train. One of them is enough: np.any.",
        ),
        change(
            _LEAKED, "np.any(same, axis=1)", "np.pad(np.diagonal(same), (0, max(len(test) - len(train), 0)))",
            "You compare the first row with the first, the second with the second. A duplicate may stand anywhere in train.",
        ),
        change(
            _LEAKED, "np.mean(np.any(same, axis=1))", "100 * np.mean(np.any(same, axis=1))",
            "{yours} is in per cent. The share runs from 0 to 1: {expected}.",
        ),
        change(
            _LEAKED, _SAME, "    return np.mean(np.isin(test, train))\n",
            "np.isin asks of each number by itself whether it stands anywhere in train. A duplicate is a whole row: all K numbers, together.",
        ),
        change(
            _LEAKED, _SAME, "    return np.mean(np.all(np.isin(test, train), axis=1))\n",
            "All numbers of such a row stand somewhere in train, each perhaps in another row. A duplicate finds all K in one.",
        ),
        change(
            _LEAKED, _SAME,
            "    known, asked = {tuple(row) for row in train}, {tuple(row) for row in test}\n    return len(known & asked) / len(test)\n",
            "A set keeps one of equal rows, so a leaked example that stands twice in test is counted once. Ask of each row of test.",
        ),
        change(
            _LEAKED, _SAME,
            "    known, asked = {tuple(row) for row in train}, {tuple(row) for row in test}\n    return len(known & asked) / len(asked)\n",
            "Yours is the share of the different rows of test, each counted once. Every example of test counts, also equal ones.",
        ),
        change(
            _LEAKED, _SAME, "    return len(np.intersect1d(train, test)) / len(test)\n",
            "np.intersect1d looks for single numbers that occur in both. A duplicate is a whole row: all K numbers, together.",
        ),
        change(
            _LEAKED, "test[:, None] == train", "np.abs(test[:, None] - train) < 1e-2",
            "Nearly equal is enough for you. Examples that differ a little are different examples: == and no tolerance.",
        ),
        change(
            _LEAKED, "test[:, None] == train", "np.sort(test, axis=1)[:, None] == np.sort(train, axis=1)",
            "You sort each row first, so (1, 2) and (2, 1) are the same to you. The place of a number counts.",
        ),
        change(
            _LEAKED, "np.all(test[:, None] == train, axis=2)", "test[:, None, 0] == train[:, 0]",
            "You compare the first number of each row. A duplicate has all K of them the same.",
        ),
    ),
    praise="On such examples a test score says how well the network remembers.",
)  # fmt: skip

# --- report ----------------------------------------------------------------------------------------------------------

_REPORT = '''def report(validation, test):
    """Accuracies of several models, shape (models,), on validation and on test. Returns
    (chosen, accuracy): the number of the model to use, counted from 0, and the accuracy that
    may honestly be reported for it."""
    chosen = np.argmax(validation)
    return chosen, test[chosen]
'''


def _scores(models: int) -> Case:
    return _rng.uniform(0.6, 0.9, models), _rng.uniform(0.5, 0.85, models)


report = Exercise(
    name="report",
    blank_from="    chosen =",
    blank="    chosen = None\n    return chosen, None\n",
    solution=_REPORT,
    others=('''
    best = 0
    for i in range(len(validation)):
        if validation[i] > validation[best]:
            best = i
    return best, test[best]
''',),
    cases=[
        (np.array([0.90, 0.94, 0.92]), np.array([0.89, 0.91, 0.93])),
        (np.array([0.5]), np.array([0.6])),
        (np.array([0.7, 0.8, 0.78, 0.6]), np.array([0.72, 0.7, 0.74, 0.65])),
        (np.array([0.6, 0.7, 0.9]), np.array([0.8, 0.75, 0.7])),
        *(_scores(models) for models in (5, 20)),
    ],
    parts=("chosen", "accuracy"),
    hints=(
        "Which of the two was made for choosing? After it has chosen, its own score for the winner is too good: why?",
        "Choose where validation is largest, np.argmax, and look up what test says of that model.",
    ),
    wrong=(
        Wrong(
            changes(_REPORT, ("np.argmax(validation)", "np.argmax(test)")),
            "You choose by test. Then test has chosen, its best score is partly luck, and nothing is left that could tell.",
        ),
        change(
            _REPORT, "test[chosen]", "validation[chosen]",
            "The choice is right. The validation score of the winner is partly luck, because it won: report what test says of it.",
        ),
        change(
            _REPORT, "test[chosen]", "np.max(test)",
            "The choice is right. You report the best test score of all models, and that belongs to another one.",
        ),
        change(
            _REPORT, "test[chosen]", "np.mean(test)",
            "You report the mean of all models. Asked for is the one that was chosen: test[chosen].",
        ),
        change(
            _REPORT, "test[chosen]", "max(test[chosen], validation[chosen])",
            "You report the better of two scores. Honest is the one that had no part in choosing: test[chosen].",
        ),
        change(
            _REPORT, "np.argmax(validation)", "np.argmax(validation + test)",
            "You choose by validation and test together. Whatever has a part in the choice can no longer judge it.",
        ),
        change(
            _REPORT, "np.argmax(", "np.argmin(",
            "You choose the worst. These are accuracies, not errors: np.argmax.",
        ),
        change(
            _REPORT, "chosen = np.argmax(validation)\n    return chosen,", "chosen = np.argmax(validation)\n    return validation[chosen],",
            "You return the best validation accuracy where the number of the model is asked for: np.argmax.",
        ),
        change(
            _REPORT, "return chosen, test[chosen]", "return chosen + 1, test[chosen]",
            "The number is one too large: models are counted from 0.",
        ),
        change(
            _REPORT, "return chosen, test[chosen]", "return np.max(validation), np.max(test)",
            "You return the two best scores. Asked for are the number of one model, np.argmax(validation), and what test says of that one.",
        ),
        change(
            _REPORT, "test[chosen]", "(test[chosen] + validation[chosen]) / 2",
            "The choice is right. Half of what you report is the score that won, and that is partly luck: test[chosen] alone.",
        ),
        change(_REPORT, "return chosen, test[chosen]", "return test[chosen], chosen", shows="in the opposite order"),
    ),
    praise="One look at test, at the very end.",
)  # fmt: skip

EXERCISES = Lesson([split, scale, leaked, report])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
