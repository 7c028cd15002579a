"""The warm-up of lesson 00: from ten probabilities to one answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, change

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"E": "some digit, and be sure of it"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(0)

_MOST_LIKELY = '''def most_likely(probabilities):
    """probabilities: array of shape (10,), one for each digit. Returns the digit whose is
    largest."""
    return np.argmax(probabilities)
'''


def _case(top: int) -> tuple[np.ndarray[Any, Any], ...]:
    p = _rng.uniform(0, 0.5, 10)
    p[top] = 1
    return (p / p.sum(),)


warm_up = Exercise(
    name="warm_up",
    blank_from="    return",
    solution=_MOST_LIKELY,
    others=('''
    best = 0
    for i in range(1, len(probabilities)):
        if probabilities[i] > probabilities[best]:
            best = i
    return best
''',),
    cases=[
        (np.array([0.02, 0.01, 0.05, 0.7, 0.02, 0.1, 0.01, 0.04, 0.03, 0.02]),),
        *(_case(top) for top in (7, 0, 9, 4, 1)),
        (np.full(10, 0.1),),
    ],
    hints=(
        "Look at the ten numbers. Which place does the largest one have, counted from 0? That place is the digit.",
        "NumPy knows the largest value, np.max, and the place of the largest value. The second one has arg in its name.",
    ),
    wrong=(
        change(
            _MOST_LIKELY, "np.argmax(probabilities)", "np.max(probabilities)",
            "{yours} is the largest probability: how sure the network is. The digit is the place where it stands, {expected}. NumPy calls that argmax.",
        ),
        change(
            _MOST_LIKELY, "np.argmax", "np.argmin",
            "{yours} is the digit that the network believes in least. You looked for the smallest; the largest stands at {expected}.",
        ),
        change(
            _MOST_LIKELY, "np.argmax(probabilities)", "np.argmax(probabilities) + 1",
            "One too many: {yours} instead of {expected}. Places are counted from 0, and the first probability belongs to the digit 0.",
        ),
        change(
            _MOST_LIKELY, "np.argmax(probabilities)", "np.argsort(probabilities)[-2]",
            "{yours} is the second best guess. The best one is {expected}.",
        ),
        change(
            _MOST_LIKELY, "np.argmax(probabilities)", "np.where(probabilities > 0.5)[0]",
            "You look for probabilities above ½. A network that is unsure has none: with ten times 0.1 nothing is found. The largest one always exists.",
        ),
        change(
            _MOST_LIKELY, "np.argmax(probabilities)", "np.argmax(np.round(probabilities))",
            "You round first, and then 0.4 and 0.1 are both 0: the largest one is lost. Compare the probabilities as they are.",
        ),
        change(
            _MOST_LIKELY, "np.argmax(probabilities)", "9 - np.argmax(probabilities[::-1])",
            "Right, except when several are equally likely: yours takes the last of them. Take the first, as np.argmax does.",
        ),
    ),
    praise="This is how every lesson goes: write a function, run the check, read what it saw.",
)  # fmt: skip

EXERCISES = Lesson([warm_up])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
