"""Exercises of lesson 12b: a softmax that cannot overflow, the log-loss of a name, and new names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.checking.comparing import shown
from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"cold": "alike, and many of them real", "elements": "real names of elements, mostly"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"cold": {"temperature": 0.2}}
"""Where the picture goes after a bet, to show what came."""

_rng = np.random.default_rng(12)

# --- softmax ---------------------------------------------------------------------------------------------------------

_SOFTMAX = '''def softmax(logits, temperature):
    """logits: (N, V), a row for each name that is being written. Returns the probabilities,
    (N, V): softmax of logits / temperature along the last axis.
    Logits of 1000 must not overflow."""
    scaled = logits / temperature
    powers = np.exp(scaled - np.max(scaled, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)
'''


def _scores(n: int, v: int, loud: float, temperature: float) -> Case:
    return loud * _rng.normal(size=(n, v)), temperature


softmax = Exercise(
    name="softmax",
    blank_from="    scaled",
    solution=_SOFTMAX,
    others=('''
    out = np.zeros(logits.shape)
    for n in range(len(logits)):
        powers = np.exp((logits[n] - np.max(logits[n])) / temperature)
        out[n] = powers / np.sum(powers)
    return out
''',),
    cases=[
        (np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]), 1.0),
        _scores(3, 4, 2.0, 0.5), _scores(4, 3, 1.0, 3.0), _scores(1, 27, 3.0, 1.5), _scores(3, 3, 1.0, 2.0),
        (np.array([[1000.0, 999.0, 998.0], [-1000.0, -1001.0, -999.0]]), 1.0), _scores(5, 27, 400.0, 0.2),
    ],
    hints=(
        "np.exp(1000) is inf, and inf / inf is NaN. Which number may be taken away from all logits of a row without changing its probabilities?",
        "The largest of the row: then the largest power is exp(0) = 1. np.max(…, axis=-1, keepdims=True) has the shape (N, 1), so that it is taken away row by row.",
        "powers = np.exp(scaled - np.max(scaled, axis=-1, keepdims=True)), then divide by their sum along the last axis, keepdims=True again.",
    ),
    wrong=(
        change(
            _SOFTMAX, "np.exp(scaled - np.max(scaled, axis=-1, keepdims=True))", "np.exp(scaled)",
            "Right for small logits. For 1000 np.exp gives inf, and inf / inf is NaN. Take the largest of each row away first; that changes no probability.",
        ),
        change(
            _SOFTMAX, "scaled = logits / temperature", "scaled = logits",
            "The temperature is not used. Divide the logits by it.",
        ),
        change(
            _SOFTMAX, "scaled = logits / temperature", "scaled = logits * temperature",
            "You multiply by the temperature, so hot is cold and cold is hot. Divide.",
        ),
        change(
            _SOFTMAX, "np.max(scaled, axis=-1, keepdims=True)", "np.max(scaled)",
            "You take away the largest number of all rows. In a row where all are far below it every power becomes 0, and 0 / 0 is NaN. Each row has its own maximum: axis=-1, keepdims=True.",
        ),
        change(
            _SOFTMAX, "np.max(scaled, axis=-1, keepdims=True)", "np.min(scaled, axis=-1, keepdims=True)",
            "You take away the smallest, and then the largest may still overflow. Take away the largest.",
        ),
        change(
            _SOFTMAX, "np.sum(powers, axis=-1, keepdims=True)", "np.sum(powers)",
            "You divide by the sum of all rows, so the rows share one probability. Each row adds up to 1: axis=-1, keepdims=True.",
        ),
        change(
            _SOFTMAX, "np.sum(powers, axis=-1, keepdims=True)", "np.sum(powers, axis=0, keepdims=True)",
            "You divide by the sums of the columns. The probabilities of one name stand in a row: axis=-1.",
        ),
        change(
            _SOFTMAX, "powers / np.sum(powers, axis=-1, keepdims=True)", "powers",
            "The powers are not divided by their sum, so they are no probabilities yet.",
        ),
    ),
    praise="Only differences of logits count, and you have used that to stay away from infinity.",
)  # fmt: skip

# --- log_loss --------------------------------------------------------------------------------------------------------

_LOSS = '''def log_loss(logits, y):
    """A network has read one name. logits: (T, V), its scores after each letter.
    y: (T,), the letters that came, whole numbers; -1 where the name is over.
    Returns the mean of -log p of the letters that came, over the places that count;
    p: softmax. Logits of 1000 must not overflow."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    counts = y >= 0
    return -np.mean(log_p[counts, y[counts]])
'''


def _read(t: int, v: int, over: int, loud: float = 2.0) -> Case:
    y = _rng.integers(0, v, size=t)
    y[t - over :] = -1
    return loud * _rng.normal(size=(t, v)), y


log_loss = Exercise(
    name="log_loss",
    blank_from="    shifted",
    solution=_LOSS,
    others=('''
    losses = []
    for t in range(len(y)):
        if y[t] >= 0:
            z = logits[t] - np.max(logits[t])
            losses.append(np.log(np.sum(np.exp(z))) - z[y[t]])
    return np.mean(losses)
''',),
    cases=[
        (np.array([[0.0, 0.0], [3.0, 1.0], [5.0, 5.0]]), np.array([0, 1, -1])),
        _read(4, 5, 0), _read(6, 27, 2), _read(5, 5, 3), _read(3, 3, 1), _read(12, 27, 5), _read(4, 27, 1, 1000.0),
    ],
    hints=(
        "−log p of the letter that came: p is e to the power of its logit, over the sum. What does the logarithm make of that quotient?",
        "log p = logit − log(sum of e to the logits). Take the largest away from all logits first, so that no power overflows. Which places have y ≥ 0?",
        "counts = y >= 0, and log_p[counts, y[counts]] picks from each such row the letter that came. Then the mean, with a minus.",
    ),
    wrong=(
        change(
            _LOSS, "logits - np.max(logits, axis=-1, keepdims=True)", "logits + 0",
            "Right for small logits. For 1000 np.exp overflows to inf. Take the largest of each row away first; that changes no probability.",
        ),
        change(
            _LOSS, "    counts = y >= 0\n", "    counts = np.full(y.shape, True)\n",
            "The places where the name is over are counted in: y = -1 there, and NumPy reads that as the last letter. Leave them out.",
        ),
        change(
            _LOSS, "return -np.mean", "return np.mean",
            "The sign is missing: log p is negative, and a loss is −log p.",
        ),
        change(
            _LOSS, "-np.mean(log_p[counts, y[counts]])", "-np.sum(log_p[counts, y[counts]])",
            "You add up. The mean over the letters is asked for, so that long and short names can be compared.",
        ),
        change(
            _LOSS, "-np.mean(log_p[counts, y[counts]])", "-np.sum(log_p[counts, y[counts]]) / len(y)",
            "You divide by all places. Those where the name is over do not count: divide by how many do.",
        ),
        change(
            _LOSS, "-np.mean(log_p[counts, y[counts]])", "-np.mean(log_p[counts])",
            "You average the log p of all letters. What counts is the one that came, y.",
        ),
        change(
            _LOSS, "-np.mean(log_p[counts, y[counts]])", "-np.mean(np.exp(log_p)[counts, y[counts]])",
            "You average p. The loss is −log p: it grows beyond all limits when a letter comes that was held to be impossible.",
        ),
        change(
            _LOSS, "np.sum(np.exp(shifted), axis=-1, keepdims=True)", "np.sum(np.exp(shifted))",
            "You sum over all rows. Each place has its own softmax: axis=-1, keepdims=True.",
        ),
        change(
            _LOSS, "shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))", "shifted",
            "You take the logit for log p. The log of the sum of all powers is to be taken away from it.",
        ),
    ),
    praise="dl.cross_entropy(logits, y, mask=y >= 0) computes the same, for all names at once.",
)  # fmt: skip

# --- generate --------------------------------------------------------------------------------------------------------

_GENERATE = '''def generate(step, temperature, rng):
    """step(letter, state) -> (logits, state) is a trained network: it reads a letter, a whole
    number, and scores the next one. Letter 0 stands before a name and after it; the first state
    is None. Draw each next letter with rng.choice(len(p), p=p), p = softmax of the logits over
    the temperature, until it is 0 or there are 20. Returns the list of letters, without 0."""
    letter, state, letters = 0, None, []
    while len(letters) < 20:
        logits, state = step(letter, state)
        scaled = logits / temperature
        p = np.exp(scaled - np.max(scaled))
        p = p / np.sum(p)
        letter = int(rng.choice(len(p), p=p))
        if letter == 0:
            break
        letters.append(letter)
    return letters
'''


def _speaker(seed: int, letters: int, loud: float = 2.0, ends: bool = True) -> Callable[..., Any]:
    """A network in small: what it says depends on the letter and on how many came before; after a few it may end."""
    rng = np.random.default_rng(seed)
    table, wave = loud * rng.normal(size=(letters, letters)), rng.normal(size=letters)
    table[:, 0] = loud if ends else -1e6

    def step(letter: int, state: Any) -> tuple[Any, int]:
        count = 0 if state is None else state
        logits = table[letter] + np.sin(count) * wave
        logits[0] -= 3 if count < 3 else 0
        return logits, count + 1

    return step


def _look_at_letters(value: Any, *_: Any) -> str:
    if not isinstance(value, (list, tuple, np.ndarray)):
        return f"a list of letters is expected, each a whole number, and {shown(value)} came back."
    strange = [letter for letter in value if not isinstance(letter, (int, float, np.number)) or float(letter) % 1]
    return f"each letter is a whole number, and {shown(strange[0])} is among yours." if strange else ""


def _said(value: Any, *_: Any) -> str:
    return " ".join(str(int(letter)) for letter in value)


generate = Exercise(
    name="generate",
    varies=Varies(
        what="the largest number of letters",
        given="20",
        others=(("12", "11", "13"), ("15", "14", "16"), ("25", "24", "26")),
        pieces=(
            ("until it is 0 or there are 20.", "until it is 0 or there are {0}."),
            ("len(letters) < 20", "len(letters) < {0}"),
        ),
    ),
    blank_from="    letter, state, letters",
    solution=_GENERATE,
    cases=[
        *((_speaker(seed, 5), 1.0, np.random.default_rng(seed)) for seed in (1, 2)),
        *((_speaker(seed, 27), temperature, np.random.default_rng(seed)) for seed, temperature in ((3, 0.5), (4, 2.0), (5, 1.0), (6, 0.3), (7, 1.5))),
        (_speaker(8, 27, ends=False), 0.8, np.random.default_rng(8)),
    ],
    measure=_said,
    diagnose=_look_at_letters,
    hints=(
        "A loop: ask step, turn its logits into probabilities, draw a letter. What must be handed on from one turn to the next?",
        "logits, state = step(letter, state), with the letter that was drawn last. Divide the logits by the temperature before the softmax.",
        "Take the largest away before np.exp, divide by the sum, letter = rng.choice(len(p), p=p); at 0 stop, else append.",
    ),
    wrong=(
        change(
            _GENERATE, "logits / temperature", "logits",
            "The temperature is not used. Divide the logits by it: below 1 the likely becomes likelier, above 1 all come closer.",
        ),
        change(
            _GENERATE, "logits / temperature", "logits * temperature",
            "You multiply by the temperature, so hot is cold and cold is hot. Divide.",
        ),
        change(
            _GENERATE, "= step(letter, state)", "= step(letter, None)",
            "The state is not handed on: at each letter your network has forgotten the ones before. Pass the state that came back.",
        ),
        change(
            _GENERATE, "= step(letter, state)", "= step(0, state)",
            "You always tell the network that the name begins: pass the letter that was drawn last.",
        ),
        change(
            _GENERATE, "int(rng.choice(len(p), p=p))", "int(np.argmax(p))",
            "You take the likeliest letter, so there is one name only, again and again. Draw with the probabilities.",
        ),
        change(
            _GENERATE, "int(rng.choice(len(p), p=p))", "int(rng.choice(len(p)))",
            "Every letter is as likely as any other: rng.choice wants to know the probabilities, p=p.",
        ),
        Wrong(
            changes(_GENERATE, ("        if letter == 0:\n            break\n        letters.append(letter)\n", "        letters.append(letter)\n        if letter == 0:\n            break\n")),
            "The 0 at the end of the name is among your letters. It says that the name is over: look before you append.",
        ),
        Wrong(
            changes(_GENERATE, ("        if letter == 0:\n            break\n        letters.append(letter)\n", "        if letter != 0:\n            letters.append(letter)\n")),
            "You go on after the 0, so several names stand in one. Stop there.",
        ),
        change(
            _GENERATE, "letter, state, letters = 0, None, []", "letter, state, letters = 1, None, []",
            "Your network is told that an a has been read already. A name begins after the letter 0.",
        ),
        change(
            _GENERATE, "int(rng.choice(len(p), p=p))", "int(np.random.default_rng(0).choice(len(p), p=p))",
            "You draw with another generator than the rng that was handed in. Whoever calls with the same rng expects the same name.",
        ),
        change(
            _GENERATE, "while len(letters) < 20:", "while len(letters) < 19:",
            "You stop after 19 letters; 20 are allowed.",
        ),
        change(
            _GENERATE, "while len(letters) < 20:", "while len(letters) <= 20:",
            "You stop after 21 letters; 20 are allowed: < instead of <=.",
        ),
        Wrong(
            changes(_GENERATE, ("        if letter == 0:\n            break\n        letters.append(letter)\n", "        letters.append(letter)\n")),
            "You never look whether the letter is 0, so the name goes on behind its end. At 0 stop, and leave the 0 out.",
        ),
        Wrong(
            changes(_GENERATE, ("np.exp(scaled - np.max(scaled))", "np.exp(scaled - np.max(scaled)) ** (1 / temperature)")),
            "The temperature is applied twice. Divide the logits by it once.",
        ),
        change(_GENERATE, "        p = p / np.sum(p)\n", "", shows="divide them by their sum"),
        change(_GENERATE, "np.exp(scaled - np.max(scaled))", "scaled", shows="not non-negative"),
        change(_GENERATE, "while len(letters) < 20:", "while True:", shows="so it was stopped"),
    ),
    praise="Cold it repeats what it has read most, hot it stammers; in between it invents.",
)  # fmt: skip

EXERCISES = Lesson([softmax, log_loss, generate])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
