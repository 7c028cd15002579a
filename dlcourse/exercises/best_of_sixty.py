"""Exercises of lesson 14b: halve with failures, find the knob that matters, and say what fewer runs would have found."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes, rest

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"as good": "more than 7 in 10", "which knob": "scaled or not", "again": "fewer than 10"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(14)

# --- halving ---------------------------------------------------------------------------------------------------------

_HALVING = '''def halving(curves, eta):
    """curves: (runs, epochs), what each run scores after each epoch, NaN from where it failed.
    Looks after 1, eta, eta² … epochs, and after the last one. At every look but the last only
    the best go on: 1 of eta, rounded down, but at least one run, and never one with NaN.
    Returns (winner, spent): the number of the run that is best at the last look, and the epochs
    trained in all, if a run that goes on does not begin anew."""
    going = np.arange(len(curves))
    look, before, spent = 1, 0, 0
    while True:
        spent += len(going) * (look - before)
        scores = curves[going, look - 1]
        order = going[np.argsort(-scores)]
        if look == curves.shape[1]:
            return order[0], spent
        good = np.sum(~np.isnan(scores))
        going = order[: min(max(1, len(going) // eta), good)]
        before, look = look, min(look * eta, curves.shape[1])
'''


def _curves(runs: int, epochs: int, eta: int, failed: float = 0.0) -> Case:
    curves = np.cumsum(_rng.normal(0.3, 1, (runs, epochs)), axis=1)
    for run in np.flatnonzero(_rng.random(runs) < failed)[: runs - 2]:
        curves[run, _rng.integers(epochs) :] = np.nan
    return np.round(curves, 3), eta


halving = Exercise(
    name="halving",
    blank_from="    going = np.arange",
    blank="    winner = None\n    return winner, None\n",
    solution=_HALVING,
    others=('''
    going, before, spent = list(range(len(curves))), 0, 0
    epochs = curves.shape[1]
    looks = [1]
    while looks[-1] < epochs:
        looks.append(min(looks[-1] * eta, epochs))
    for look in looks:
        spent += len(going) * (look - before)
        before = look
        scored = [run for run in going if curves[run, look - 1] == curves[run, look - 1]]
        scored.sort(key=lambda run: -curves[run, look - 1])
        going = scored[: max(1, len(going) // eta)] if look < epochs else scored
    return going[0], spent
''',),
    cases=[
        (np.array([[0.5, 0.6, 0.7], [0.4, 0.8, 0.9], [0.6, 0.7, 0.8]]), 3),
        (np.array([[0.1, 0.2, 0.3, 0.9], [0.2, 0.5, 0.6, 0.7], [0.4, 0.3, 0.5, 0.5], [0.3, 0.4, 0.8, 0.6]]), 2),
        (np.array([[0.9, np.nan, np.nan], [0.5, 0.6, 0.7], [np.nan, np.nan, np.nan], [0.3, 0.4, 0.8]]), 2),
        (np.array([[np.nan, np.nan], [0.5, 0.6], [np.nan, np.nan], [0.3, 0.9]]), 2),
        (np.array([[np.nan, np.nan], [np.nan, np.nan], [0.3, 0.9], [np.nan, np.nan]]), 2),
        *(_curves(*given) for given in ((9, 9, 3), (8, 8, 2), (7, 6, 2), (2, 4, 3), (20, 10, 3, 0.4), (16, 16, 4))),
    ],
    parts=("winner", "spent"),
    hints=(
        "Keep an array of the numbers of the runs that still go on. What is their score at the look, and which are the best 1/eta of them?",
        "np.argsort(-scores) puts the best first and NaN last; going[…] turns places back into numbers of runs. Between two looks each that goes on trains look - before epochs.",
        "In a loop: spent += len(going) * (look - before); order = going[np.argsort(-curves[going, look - 1])]; then keep max(1, len(going) // eta) of order, none with NaN.",
    ),
    wrong=(
        change(
            _HALVING, "np.argsort(-scores)", "np.argsort(scores)",
            "You keep the worst: np.argsort puts the smallest first. Scores are better when they are higher, so sort -scores.",
        ),
        change(
            _HALVING, "(look - before)", "look",
            "The winner is right. You count as if each run that goes on began anew; here it trains only the epochs since the last look.",
        ),
        change(
            _HALVING, "order = going[np.argsort(-scores)]", "order = np.argsort(-scores)",
            "After the first round a place among those that go on is not the number of a run any more: going[np.argsort(-scores)].",
        ),
        Wrong(
            changes(_HALVING, ("np.argsort(-scores)", "np.argsort(scores)[::-1]"), ("good = np.sum(~np.isnan(scores))", "good = len(going)")),
            "A run with NaN goes on, or wins: turned round, np.argsort puts NaN first. Sort -scores, where NaN comes last.",
        ),
        change(
            _HALVING, "min(max(1, len(going) // eta), good)", "min(max(1, len(curves) // eta), good)",
            "You keep the same number in every round: 1 of eta of all runs. It is 1 of eta of those that still go on.",
        ),
        change(
            _HALVING, "len(going) // eta", "-(-len(going) // eta)",
            "You round up how many go on. Asked for is rounded down, but at least one.",
        ),
        change(
            _HALVING, "curves[going, look - 1]", "curves[going, -1]",
            "You look at the last epoch in every round. It has not been trained yet: the score after `look` epochs is curves[going, look - 1].",
        ),
        change(
            _HALVING, "len(going) // eta", "len(going) - len(going) // eta",
            "You give up 1 of eta and keep the rest. The other way round: 1 of eta goes on.",
        ),
        change(
            _HALVING, "return order[0], spent", "return np.nanmax(scores), spent",
            "You return the best score. Asked for is the number of the run that has it: order[0].",
        ),
        change(
            _HALVING, "min(max(1, len(going) // eta), good)", "max(1, len(going) // eta)",
            "Where few are left, a run with NaN goes on, and its epochs are counted. A run that failed never goes on.",
        ),
        change(
            _HALVING, "    going = np.arange(len(curves))\n", "    return np.nanargmax(curves[:, -1]), curves.size\n    going = np.arange(len(curves))\n",
            "You train every run to its end and take the best. Halving gives up most of them early, and may lose the best with it.",
        ),
        change(_HALVING, "return order[0], spent", "return spent, order[0]", shows="in the opposite order"),
    ),
    praise="dl.sweep(…, strategy=\"halving\") does it, and begins anew so that nothing has to be kept.",
)  # fmt: skip

# --- matters ---------------------------------------------------------------------------------------------------------

_MATTERS = '''def matters(settings, scores):
    """A table of runs. settings: (runs, knobs), each knob with a few different values. scores:
    (runs,). A knob puts the runs into groups, one for each of its values. The share of the
    scores' variance that it explains: the variance that is left when every score is replaced by
    the mean of its group, divided by the variance of the scores. Returns (knob, share): the
    knob that explains most, counted from 0, and its share, 0 to 1."""
    shares = []
    for column in settings.T:
        smooth = np.zeros(len(scores))
        for value in np.unique(column):
            smooth[column == value] = np.mean(scores[column == value])
        shares.append(np.var(smooth) / np.var(scores))
    return np.argmax(shares), np.max(shares)
'''


def _table(runs: int, *effects: str) -> Case:
    """Runs of random settings; knob by knob how the score depends on it: "" not at all, "bump" best in the middle."""
    settings = _rng.integers(0, 3, (runs, len(effects)))
    scores = _rng.normal(0, 0.3, runs)
    for knob, effect in enumerate(effects):
        if effect == "bump":
            scores += 2.0 * (settings[:, knob] == 1)
        elif effect:
            scores += float(effect) * settings[:, knob]
    return settings, np.round(scores, 3)


matters = Exercise(
    name="matters",
    blank_from="    shares = []",
    blank="    knob = None\n    return knob, None\n",
    solution=_MATTERS,
    others=('''
    best, most = 0, -1.0
    for k in range(settings.shape[1]):
        between = 0.0
        for value in set(settings[:, k].tolist()):
            group = scores[settings[:, k] == value]
            between += len(group) * (group.mean() - scores.mean()) ** 2
        share = between / np.sum((scores - scores.mean()) ** 2)
        if share > most:
            best, most = k, share
    return best, most
''',),
    cases=[
        (np.array([[0, 1], [0, 2], [1, 1], [1, 2]]), np.array([1.0, 2.0, 5.0, 6.0])),
        (np.array([[0, 3], [1, 3], [2, 3], [2, 7]]), np.array([0.2, 0.9, 0.1, 0.3])),
        (np.array([[5, 0], [5, 1], [5, 1], [7, 1], [7, 0]]), np.array([1.0, 4.0, 4.5, 5.0, 0.5])),
        *(_table(*given) for given in ((30, "0.2", "bump"), (40, "", "1.0", "bump"), (25, "-0.8", "", ""), (60, "", "0.1", "0.5", "bump"))),
    ],
    parts=("knob", "share"),
    hints=(
        "Take one knob. If every run had the mean score of its group, how much would these means vary? If the knob does not matter, hardly at all.",
        "smooth[column == value] = scores[column == value].mean() for each value of the knob; np.var(smooth) / np.var(scores) is its share.",
        "Do that for each column of settings (for column in settings.T), collect the shares, and return np.argmax(shares), np.max(shares).",
    ),
    wrong=(
        change(
            _MATTERS, "np.var(smooth) / np.var(scores)", "1 - np.var(smooth) / np.var(scores)",
            "Yours is the share that is left within the groups. What the knob explains is the other part: np.var(smooth) / np.var(scores).",
        ),
        change(
            _MATTERS, "np.var(smooth) / np.var(scores)", "np.std(smooth) / np.std(scores)",
            "You divide standard deviations. The share is one of variances, their squares.",
        ),
        change(
            _MATTERS, "shares.append(np.var(smooth) / np.var(scores))", "shares.append(np.var([np.mean(scores[column == value]) for value in np.unique(column)]) / np.var(scores))",
            "Every group counts the same with you, however few runs it has. Each run gets the mean of its group, so a large group counts more.",
        ),
        change(
            _MATTERS, "shares.append(np.var(smooth) / np.var(scores))", "shares.append(np.corrcoef(column, scores)[0, 1] ** 2 if np.ptp(column) else 0)",
            "A correlation sees straight lines only. A knob that is best in the middle has next to none, and matters all the same: compare the means of the groups.",
        ),
        change(
            _MATTERS, "np.argmax(shares), np.max(shares)", "np.argmin(shares), np.min(shares)",
            "You return the knob that explains least.",
        ),
        change(
            _MATTERS, "np.argmax(shares), np.max(shares)", "np.argmax(shares), shares",
            "You return the shares of all knobs. Asked for is the largest: np.max(shares).",
        ),
        change(
            _MATTERS, "np.var(smooth) / np.var(scores)", "np.var(smooth)",
            "You stop at the variance of the groups' means. The share is that divided by the variance of the scores.",
        ),
        change(
            _MATTERS, "np.var(smooth) / np.var(scores)", "np.ptp(smooth) / np.ptp(scores)",
            "You compare the distances from lowest to highest. A share of variance counts every run, by the square of its distance from the mean.",
        ),
        change(
            _MATTERS, "np.mean(scores[column == value])", "np.max(scores[column == value])",
            "You take the best score of each group. One lucky run then speaks for all: take the mean.",
        ),
        change(
            _MATTERS, "np.argmax(shares), np.max(shares)", "np.argmax(shares) + 1, np.max(shares)",
            "The number of the knob is one too large: knobs are counted from 0.",
        ),
        change(_MATTERS, "return np.argmax(shares), np.max(shares)", "return np.max(shares), np.argmax(shares)", shows="in the opposite order"),
    ),
    praise="result.importance() does it too: numbers in four groups of neighbours, less what chance alone would explain.",
)  # fmt: skip

# --- best_of ---------------------------------------------------------------------------------------------------------

_BEST = '''def best_of(scores, n):
    """scores: (N,), those of N runs at random. Had you made n of them only, 1 ≤ n ≤ N, any n as
    likely as any others: what would the best have scored? Returns the mean of the best score
    over all choices of n different runs."""
    ranked = np.sort(scores)
    places = np.arange(1, len(ranked) + 1)
    below = np.ones(len(ranked))
    for drawn in range(n):
        below = below * np.maximum(places - drawn, 0) / (len(ranked) - drawn)
    return np.sum(ranked * np.diff(below, prepend=0))
'''
_DRAWN = rest(_BEST, "    ranked = ")


def _scores(runs: int, n: int) -> Case:
    return np.round(_rng.beta(4, 2, runs), 3), n


best_of = Exercise(
    name="best_of",
    blank_from="    ranked = ",
    solution=_BEST,
    others=('''
    import math
    ranked = sorted(scores)
    total = 0.0
    for place, score in enumerate(ranked):
        total += score * math.comb(place, n - 1)
    return total / math.comb(len(ranked), n)
''', '''
    import itertools
    best = []
    for chosen in itertools.combinations(scores, n):
        best.append(max(chosen))
    return np.mean(best)
'''),
    cases=[
        (np.array([0.5, 0.9, 0.6]), 2),
        *(_scores(*given) for given in ((4, 1), (6, 3), (8, 2), (10, 4), (12, 6), (5, 5))),
    ],
    hints=(
        "Three runs, two of them made: which three choices are there, and what is the best score of each?",
        "Sort the scores, lowest first. The best of n is ranked[i] if that one is chosen, and the other n − 1 come from the i below it: math.comb(i, n − 1) choices of math.comb(N, n).",
        "sum(ranked[i] * math.comb(i, n - 1) for i in range(N)) / math.comb(N, n). Or, for so few runs: the mean of max(chosen) over itertools.combinations(scores, n).",
    ),
    wrong=(
        change(
            _BEST, _DRAWN, "    ranked, places = np.sort(scores), np.arange(1, len(scores) + 1)\n    return np.sum(ranked * np.diff((places / len(scores)) ** n, prepend=0))\n",
            "You put each run back before the next is drawn, so the same one may be made twice. Asked for are n different runs.",
        ),
        change(
            _BEST, _DRAWN, "    return np.max(scores[:n])\n",
            "That is the best of the first n. Other n would have given another score: take the mean over all choices.",
        ),
        change(
            _BEST, _DRAWN, "    return np.mean(np.sort(scores)[-n:])\n",
            "That is the mean of the n best runs. Nobody knows beforehand which are the best: any n may be made, and of these the best one counts.",
        ),
        change(
            _BEST, _DRAWN, "    return np.sort(scores)[-n]\n",
            "That is the score in place n from above. Asked for is the best one of n runs, on average.",
        ),
        change(
            _BEST, "np.sort(scores)", "np.sort(scores)[::-1]",
            "You get the worst of n, on average: sorted from the highest down, the places are counted from the wrong end.",
        ),
        change(
            _BEST, _DRAWN, "    return np.quantile(scores, n / (n + 1))\n",
            "A share n / (n + 1) up the ranking is near it where runs are many. Exact is the mean over all choices of n.",
        ),
        change(
            _BEST, _DRAWN, "    return np.max(scores)\n",
            "That is the best of all N. With fewer runs it may not be among them.",
        ),
        change(
            _BEST, _DRAWN, "    return np.mean(scores)\n",
            "That is the score of one run, on average. Of n runs the best one counts.",
        ),
        change(
            _BEST, "np.diff(below, prepend=0)", "below",
            "below[i] is the chance that all n lie at ranked[i] or below it, so these chances overlap. The best is ranked[i] itself with the chance below[i] − below[i − 1].",
        ),
        change(
            _BEST, "range(n)", "range(n - 1)",
            "That is for one run fewer: {yours} and not {expected}. The last of the n is missing.",
        ),
    ),
    praise="Drawn for each n it is the curve to show beside a winner: what would one more run have bought?",
)  # fmt: skip

EXERCISES = Lesson([halving, matters, best_of])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
