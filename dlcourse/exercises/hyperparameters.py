"""Exercises of lesson 14: spread a knob that is good near 1, count the runs that are needed, and plan them in slices."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.comparing import shown
from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes, rest

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"nine runs": "about 100", "left half": "one, or none", "ten knobs": "about 95"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(14)

# --- momenta ---------------------------------------------------------------------------------------------------------

_MOMENTA = '''def momenta(u, low, high):
    """u: numbers from 0 to 1, shape (N,). A momentum of 0.9 remembers about 10 steps, 0.99
    about 100: what counts in factors of ten is the distance from 1. Returns a momentum for each
    u, shape (N,): low for u = 0, high for u = 1, and between them that distance is spread
    evenly in factors of ten. 0 < low < high < 1."""
    first, last = 1 - low, 1 - high
    return 1 - first * (last / first) ** u
'''
_FORMULA = rest(_MOMENTA, "    first, last")


def _ends(low: float, high: float, n: int) -> Case:
    return np.sort(_rng.random(n)), low, high


momenta = Exercise(
    name="momenta",
    blank_from="    first, last",
    solution=_MOMENTA,
    others=('''
    logs = np.log10(1 - low) + u * (np.log10(1 - high) - np.log10(1 - low))
    return 1 - 10 ** logs
''', '''
    return 1 - (1 - low) ** (1 - u) * (1 - high) ** u
'''),
    cases=[
        (np.array([0.0, 0.5, 1.0]), 0.9, 0.999),
        (np.array([0.0, 1.0]), 0.5, 0.95),
        *(_ends(*given) for given in ((0.5, 0.99, 4), (0.1, 0.9, 5), (0.9, 0.9999, 7))),
    ],
    hints=(
        "What are the distances from 1 of 0.9, 0.99 and 0.999? Which of them should u = 0.5 give, between 0.1 and 0.001?",
        "Spread the distance d = 1 - momentum as the lesson spreads a learning rate: d = first * (last / first) ** u. What are first and last?",
        "first = 1 - low, last = 1 - high, and the momentum is 1 - first * (last / first) ** u.",
    ),
    wrong=(
        change(
            _MOMENTA, _FORMULA, "    return low + u * (high - low)\n",
            "You spread the momentum itself evenly. Between 0.9 and 0.999 nine in ten then lie below 0.99; spread the distance from 1 in factors of ten.",
        ),
        change(
            _MOMENTA, _FORMULA, "    return low * (high / low) ** u\n",
            "You spread the momentum in factors. All of them lie near 1, so that is nearly even; it is the distance 1 - momentum whose factors count.",
        ),
        change(
            _MOMENTA, _FORMULA, "    return np.linspace(low, high, len(u))\n",
            "You place as many momenta evenly and never look at u. Each u says where its momentum lies: spread the distance from 1 in factors of ten.",
        ),
        change(
            _MOMENTA, "return 1 - first", "return first",
            "{yours} are the distances from 1. The momentum is 1 minus that.",
        ),
        change(
            _MOMENTA, "first, last = 1 - low, 1 - high", "first, last = 1 - high, 1 - low",
            "The ends are swapped: u = 0 should give low, and u = 1 high.",
        ),
        change(
            _MOMENTA, "(last / first) ** u", "(last / first) * u",
            "You multiply the ratio by u. Factors are spread by a power: (last / first) ** u.",
        ),
        change(
            _MOMENTA, "first * (last / first) ** u", "first * last / first ** u",
            "Without brackets only first is raised to u. It is the whole ratio: (last / first) ** u.",
        ),
        change(
            _MOMENTA, _FORMULA, "    first, last = np.log10(1 - low), np.log10(1 - high)\n    return 1 - np.exp(first + u * (last - first))\n",
            "log10 goes there and exp comes back, and these do not belong together: 10 ** … undoes log10, np.exp undoes np.log.",
        ),
        change(
            _MOMENTA, _FORMULA, "    first, last = np.log10(1 - low), np.log10(1 - high)\n    return 1 - (first + u * (last - first))\n",
            "You stay among the logarithms. 10 ** … leads back to the distance from 1.",
        ),
    ),
    praise="Halfway between 0.9 and 0.999 lies 0.99. dl.spaces.log_uniform draws the distance.",
)  # fmt: skip

# --- runs_needed -----------------------------------------------------------------------------------------------------

_NEEDED = '''def runs_needed(share, sure, hits):
    """share: which part of all settings is called good, 0 to 1. Returns the smallest number of
    random runs of which `hits` or more are good, with a chance of at least `sure`."""
    fewer = np.zeros(hits)
    fewer[0] = 1
    runs = 0
    while 1 - np.sum(fewer) < sure:
        one_more = share * fewer[:-1]
        fewer = (1 - share) * fewer
        fewer[1:] += one_more
        runs += 1
    return runs
'''
_COUNTED = rest(_NEEDED, "    fewer = np.zeros")
_BY_ONE = "    runs = 1\n    while 1 - (1 - share) ** runs < sure:\n        runs += 1\n"


def _needed(term: str, *, until: str = "sure", left: str = "hits") -> str:
    """The count by the formula of each number of hits, one by one."""
    return (
        "    import math\n\n    runs = hits\n    while True:\n"
        f"        fewer = sum({term} for k in range({left}))\n"
        f"        if 1 - fewer >= {until}:\n            return runs\n        runs += 1\n"
    )


runs_needed = Exercise(
    name="runs_needed",
    blank_from="    fewer = np.zeros",
    solution=_NEEDED,
    others=(_needed("math.comb(runs, k) * share**k * (1 - share) ** (runs - k)"), '''
    import math
    runs = hits
    while True:
        chance = 0.0
        for k in range(hits, runs + 1):
            chance += math.comb(runs, k) * share**k * (1 - share) ** (runs - k)
        if chance >= sure:
            return runs
        runs += 1
'''),
    cases=[(0.05, 0.95, 2), (0.1, 0.8, 1), (0.25, 0.5, 3), (0.02, 0.8, 2), (0.3, 0.99, 4), (0.07, 0.6, 5), (0.5, 0.75, 2)],
    hints=(
        "For one good run the lesson asks for the chance that none is good. For two, which chances must be added: none is good, and …?",
        "The chance of exactly k good ones among n is math.comb(n, k) · share^k · (1 − share)^(n − k): that many ways to choose which runs are the good ones. Add up k = 0 … hits − 1: so likely there are too few.",
        "In a loop: fewer = sum(math.comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in range(hits)); stop at the first runs with 1 - fewer >= sure.",
    ),
    wrong=(
        change(
            _NEEDED, _COUNTED, _BY_ONE + "    return runs\n",
            "That is how many make sure of one good run, as in the lesson. Asked for are `hits` of them: exactly one good run may be too few as well.",
        ),
        change(
            _NEEDED, _COUNTED, _BY_ONE + "    return hits * runs\n",
            "You make sure of one good run, `hits` times over. Fewer are enough: what one part of the runs lacks, another may have too much of.",
        ),
        change(
            _NEEDED, _COUNTED, "    return int(np.ceil(hits / share))\n",
            "With so many runs `hits` are good on average, and so about every second time there are fewer. The chance of too few has to sink below 1 − sure.",
        ),
        change(
            _NEEDED, _COUNTED, _needed("share**k * (1 - share) ** (runs - k)"),
            "You count one order only, as if the good runs stood at one end. Any of the runs may be the good ones, and the orders add up: math.comb(runs, k) of them, or run by run with +=, where = replaces.",
        ),
        change(
            _NEEDED, "np.zeros(hits)", "np.zeros(hits + 1)",
            "Yours makes sure of more than `hits`. Exactly `hits` is enough: only 0 … hits − 1 good ones are too few.",
        ),
        change(
            _NEEDED, "1 - np.sum(fewer) < sure", "1 - np.sum(fewer) < 1 - sure",
            "`sure` is the chance to succeed, and you stop once it is 1 − sure. That is what may go wrong.",
        ),
        change(
            _NEEDED, "return runs", "return runs - 1",
            "One run too few: {yours} and not {expected}. With the last one the chance first reaches `sure`.",
        ),
        change(
            _NEEDED, "return runs", "return runs + 1",
            "One run too many: {yours} and not {expected}. Stop as soon as the chance reaches `sure`.",
        ),
        change(
            _NEEDED, _COUNTED, _needed("math.comb(runs, k) * share ** (runs - k) * (1 - share) ** k"),
            "Good and bad have changed places: k good ones have the chance share^k · (1 − share)^(n − k), and not the other way round.",
        ),
        change(
            _NEEDED, _COUNTED, _needed("math.comb(runs, k) * share**k * (1 - share) ** (runs - k)", left="hits - 1, hits"),
            "You leave out only the case of hits − 1 good runs. No good run at all is too few as well: add up all k from 0 on.",
        ),
    ),
    praise="One good run in twenty: 59 runs make you sure of one, 93 of two. How many knobs there are was never asked.",
)  # fmt: skip

# --- sliced ----------------------------------------------------------------------------------------------------------

_SLICED = '''def sliced(n, k, rng):
    """Plans n runs for k knobs. The range of each knob, 0 to 1, is cut into n slices of equal
    width, and each slice is tried once, at a place in it that is drawn by chance. The order in
    which a knob takes them is drawn by chance too, for each anew. Returns shape (n, k)."""
    columns = []
    for _ in range(k):
        slices = rng.permutation(n)
        columns.append((slices + rng.random(n)) / n)
    return np.stack(columns, axis=1)
'''
_PLANNED = rest(_SLICED, "    columns = []")


def _look_at_plan(value: Any, n: int, k: int, rng: Any) -> str:
    try:
        plan = np.array(value, dtype=float)
    except (TypeError, ValueError):
        return f"an array of shape {(n, k)} is expected, a row for each run, and {shown(value)} came back."
    if plan.shape == (k, n) != (n, k):
        return f"the shape is {plan.shape}, a row for each knob. A row for each run is expected: {(n, k)}."
    if plan.shape != (n, k):
        return f"an array of shape {(n, k)} is expected, a row for each run, and this one has shape {plan.shape}."
    if not (np.isfinite(plan).all() and plan.min() >= 0 and plan.max() <= 1):
        return f"the ranges go from 0 to 1, and yours go from {plan.min():.3g} to {plan.max():.3g}. Divide by the number of slices."
    return ""


def _planned(value: Any, n: int, k: int, rng: Any) -> dict[str, bool]:
    """What must hold of a plan. Chance can hide a slip in a small one, so all but the first is asked of large ones only."""
    plan = np.array(value, dtype=float)
    at = np.minimum((plan * n + 1e-9).astype(int), n - 1)
    inside = plan * n - at
    large = n >= 20
    return {
        "each slice is tried once": all(len(np.unique(column)) == n for column in at.T),
        "anywhere in its slice": not large or bool(np.ptp(inside, axis=0).min() > 0.3),
        "the slices are shuffled": not large or not any(np.array_equal(np.sort(c), c) for c in at.T),
        "each knob is shuffled by itself": not large or k == 1 or not np.array_equal(at[:, 0], at[:, 1]),
    }


sliced = Exercise(
    name="sliced",
    blank_from="    columns = []",
    solution=_SLICED,
    cases=[
        (4, 2, np.random.default_rng(1)),
        (40, 3, np.random.default_rng(2)),
        (100, 2, np.random.default_rng(3)),
        (25, 7, np.random.default_rng(4)),
    ],
    measure=_planned,
    diagnose=_look_at_plan,
    hints=(
        "One knob first. Slice number i goes from i / n to (i + 1) / n. How do you draw a place in it, and how do you take all slices in an order of chance?",
        "rng.permutation(n) has every slice once, in an order of chance, and rng.random(n) a place in each. Their sum, divided by n, is a whole column.",
        "For each knob: columns.append((rng.permutation(n) + rng.random(n)) / n). At the end np.stack(columns, axis=1), so that a row is a run.",
    ),
    wrong=(
        change(
            _SLICED, _PLANNED, "    return rng.random((n, k))\n",
            "That is random search: some slices are tried twice and others never. Draw which slice comes when without repeating one, as rng.permutation does.",
        ),
        change(
            _SLICED, _PLANNED, "    slices = rng.permutation(n)\n    return np.stack([(slices + rng.random(n)) / n for _ in range(k)], axis=1)\n",
            "All knobs take their slices in the same order, so a run that is low for one is low for all: the runs lie along a diagonal. Shuffle for each knob anew.",
        ),
        change(
            _SLICED, "rng.random(n)", "0.5",
            "Within its slice every value lies at the same place. It is drawn by chance, for each run anew: rng.random(n).",
        ),
        change(
            _SLICED, "rng.permutation(n)", "np.arange(n)",
            "The slices come in order, from low to high, and so each run is low or high for all knobs at once. Shuffle them: rng.permutation(n).",
        ),
        change(_SLICED, "axis=1", "axis=0", shows="A row for each run is expected"),
        change(_SLICED, "(slices + rng.random(n)) / n", "slices + rng.random(n)", shows="Divide by the number of slices"),
        change(_SLICED, "rng.random(n)) / n", "rng.random(n) / n)", shows="the ranges go from 0 to 1, and yours go from 0"),
        Wrong(
            changes(_SLICED, ("rng.permutation(n)", "np.random.permutation(n)"), ("rng.random(n)", "np.random.random(n)")),
            shows="rng was never asked",
        ),
        change(_SLICED, "return np.stack(columns, axis=1)", "return columns[0]", shows="a row for each run, and this one has shape"),
    ),
    praise="n runs, n values of every knob, and no gap: it is called Latin hypercube sampling.",
)  # fmt: skip

EXERCISES = Lesson([momenta, runs_needed, sliced])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
