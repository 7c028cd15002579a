"""Exercises of lesson 00: from ten probabilities to one answer, and what a sure answer is worth."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, change

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"E": "some digit, and be sure of it", "widths": "the narrow ones"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
_AN_E = (((20.0, 6.0), (9.0, 6.0), (8.0, 16.0), (8.0, 27.0), (21.0, 27.0)), ((8.0, 16.0), (18.0, 15.5)))
SHOWS = {"E": {"example": "none", "strokes": _AN_E}}
"""Where the picture goes after a bet, to show what came: an E is written on the pad."""

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

# --- when_sure -------------------------------------------------------------------------------------------------------

_WHEN_SURE = '''def when_sure(probabilities, truth, least):
    """probabilities: (N, 10), a row for each picture. truth: (N,), the digits they really are.
    Take only the pictures whose largest probability is `least` or more; there is at least one.
    Returns the share of these, from 0 to 1, that the network reads correctly."""
    sure = np.max(probabilities, axis=1) >= least
    right = np.argmax(probabilities, axis=1) == truth
    return np.mean(right[sure])
'''


def _readings(n: int, least: float) -> tuple[Any, ...]:
    """Pictures of which some are read for sure and some are not, right and wrong, and one exactly at the limit."""
    scores = _rng.normal(size=(n, 10))
    truth = _rng.integers(10, size=n)
    scores[np.arange(n), truth] += _rng.uniform(0, 4, n)
    scores *= _rng.uniform(0.3, 3, (n, 1))
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    p[0] = np.eye(10)[truth[0]]
    p[1] = (1 - least) / 9
    p[1, truth[1]] = least  # exactly at the limit
    return p, truth, least


def _few() -> tuple[Any, ...]:
    """Four pictures: a sure one that is right, one that is wrong, one exactly at the limit, and an unsure one."""
    p = np.full((4, 10), 0.0)
    p[0, [3, 5]] = 0.95, 0.05
    p[1, [2, 8]] = 0.97, 0.03
    p[2, [7, 1]] = 0.75, 0.25
    p[3, [4, 9, 0]] = 0.5, 0.3, 0.2
    return p, np.array([3, 8, 7, 4]), 0.75


when_sure = Exercise(
    name="when_sure",
    blank_from="    sure =",
    solution=_WHEN_SURE,
    others=('''
    number = right = 0
    for p, digit in zip(probabilities, truth):
        if max(p) >= least:
            number += 1
            if np.argmax(p) == digit:
                right += 1
    return right / number
''',),
    cases=[_few(), *(_readings(n, least) for n, least in ((30, 0.9), (57, 0.5), (200, 0.7)))],
    hints=(
        "Two questions for each picture, each answered with True or False. Is the network sure of it? Does it read it correctly? "
        "Each picture is a row, so both look along axis 1.",
        "sure = np.max(probabilities, axis=1) >= least, shape (N,). right is the warm-up for every row, compared with truth.",
        "right[sure] keeps the pictures of which it is sure. The mean of True and False is the share of True.",
    ),
    wrong=(
        change(
            _WHEN_SURE, "np.mean(right[sure])", "np.mean(right & sure)",
            "{yours} is a share of all pictures. Asked for is a share of those of which the network is sure: {expected}. Divide by their number.",
        ),
        change(
            _WHEN_SURE, "np.mean(right[sure])", "np.mean(right)",
            "That is the share of all pictures that are read correctly. Take only those of which the network is sure: right[sure].",
        ),
        change(
            _WHEN_SURE, "np.mean(right[sure])", "np.mean(sure)",
            "{yours} says how often the network is sure, and nothing about whether it is right.",
        ),
        change(
            _WHEN_SURE, "np.mean(right[sure])", "np.mean(sure[right])",
            "The other way round: of those that are right, {yours} were sure. Asked for is how many of the sure ones are right.",
        ),
        change(
            _WHEN_SURE, "np.mean(right[sure])", "np.sum(right[sure])",
            "{yours} is a number of pictures. The share, {expected}, can be compared between 30 pictures and 200: divide by how "
            "many are sure. Where a loop counts them, number += 1 adds one each time.",
        ),
        change(
            _WHEN_SURE, ">= least", "< least",
            "You keep the pictures of which the network is not sure. Turn the comparison round.",
        ),
        change(
            _WHEN_SURE, ">= least", "> least",
            "`least` or more: a picture with exactly that probability counts too. >= instead of >.",
        ),
        change(
            _WHEN_SURE, "np.mean(right[sure])", "np.mean(np.max(probabilities, axis=1)[sure])",
            "{yours} is how sure it is on average. How often it is right is another question: {expected}.",
        ),
        change(
            _WHEN_SURE, "np.max(probabilities, axis=1) >= least", "probabilities[np.arange(len(truth)), truth] >= least",
            "You look at the probability of the truth, and so you keep nothing but right answers. The network does not know the truth: take its largest.",
        ),
        change(
            _WHEN_SURE, "np.argmax(probabilities, axis=1) == truth", "np.argmax(probabilities, axis=1) != truth",
            "{yours} is the share that is read wrongly. Right is where the answer equals the truth.",
        ),
        change(_WHEN_SURE, "np.max(probabilities, axis=1)", "np.max(probabilities, axis=0)", shows="axis"),
    ),
    praise="Ask your network: when_sure(dl.softmax(dl.predict(model, test.x)).numpy(), test.y, 0.9). Of the E's it is as sure, and never right.",
)  # fmt: skip

EXERCISES = Lesson([warm_up, when_sure])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
