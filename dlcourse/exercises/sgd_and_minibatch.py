"""Exercises of lesson 06: draw a minibatch, repair a loop that trains with minibatches, and choose their size."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.comparing import shown
from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes, rest

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"half": "32", "race": "B = 1"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(6)

# --- minibatch -------------------------------------------------------------------------------------------------------

_MINIBATCH = '''def minibatch(x, y, size, rng):
    """x: (N, K), y: (N,), the examples and their answers. Draws `size` examples by chance,
    none of them twice. Returns (their x, their y), shapes (size, K) and (size,)."""
    chosen = rng.choice(len(x), size, replace=False)
    return x[chosen], y[chosen]
'''
_CHOSEN = "rng.choice(len(x), size, replace=False)"


def _numbered(n: int, size: int, k: int = 2, seed: int = 0) -> Case:
    """Examples that can be recognized: number i has x = (i, 10 i, 100 i …) and y = 100 + i."""
    i = np.arange(float(n))
    return i[:, None] * 10.0 ** np.arange(k), 100 + i, size, np.random.default_rng(100 * n + size + 10_000 * seed)


def _look_at_minibatch(value: Any, x: Any, y: Any, size: int, rng: Any) -> str:
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        return f"two arrays are expected, the x and the y of the minibatch, and {shown(value)} came back."
    for part, name, whole in zip(value, ("x", "y"), (x, y), strict=True):
        try:
            array = np.array(part, dtype=float)
        except (TypeError, ValueError):
            return f"the {name} of the minibatch should be an array of numbers, and it is {shown(part)}."
        expected = (size, *whole.shape[1:])
        if array.shape == (size,) != expected:
            return f"the x of the minibatch has shape {array.shape}, and shape {expected} is expected. Are these the places that were drawn? x[places] holds what stands there."
        if array.shape == whole.shape != expected:
            return f"the {name} that comes back holds all {len(whole)} examples, and {size} were asked for."
        if array.shape != expected:
            return f"the {name} of the minibatch has shape {array.shape}, and shape {expected} is expected."
        if not np.isin(array, whole).all():
            return f"the {name} of the minibatch holds numbers that are not in {name}: {shown(array)}."
    return ""


def _drawn(value: Any, x: Any, y: Any, size: int, rng: Any) -> dict[str, bool]:
    """What must hold of a minibatch. Chance can hide a slip in a small one, so each is asked only where it shows."""
    places, answers = np.array(value[0])[:, 0].astype(int), np.array(value[1])
    block = size >= 5 and len(x) >= 2 * size and np.ptp(places) == size - 1
    return {
        "each x with its own y": size < 5 or bool(np.all(answers == y[places])),
        "no example twice": size**2 < 8 * len(x) or len(np.unique(places)) == size,
        "from everywhere": not block,
        "not always the first": not (block and places.min() == 0),
    }


_SMALL, _MANY = 7, 60


def _drawn_in_all(values: list[Any], cases: list[Case]) -> str:
    """Over many small minibatches each example comes, and about as often as any other."""
    counts = np.zeros(_SMALL, dtype=int)
    for value, (x, *_) in zip(values, cases, strict=True):
        if len(x) == _SMALL:
            counts[np.array(value[0])[:, 0].astype(int)] += 1
    never, often = np.flatnonzero(counts == 0), int(counts.argmax())
    if len(never):
        which = {0: ", the first one,", _SMALL - 1: ", the last one,"}.get(int(never[0]), "")
        return (
            f"of {_SMALL} examples, number {never[0]}{which} came in none of {_MANY} minibatches. Places run from 0 to N − 1, "
            "and each of them must have its chance."
        )
    if counts[often] > 2 * _MANY * 3 / _SMALL:
        return f"of {_SMALL} examples, number {often} came in {counts[often]} of {_MANY} minibatches, far more often than the others. All must have the same chance."
    return ""


minibatch = Exercise(
    name="minibatch",
    blank_from="    chosen =",
    solution=_MINIBATCH,
    cases=[
        *(_numbered(*sizes) for sizes in ((5, 2), (1, 1), (60, 8, 3), (60, 40, 1), (50, 50))),
        *(_numbered(_SMALL, 3, seed=i) for i in range(_MANY)),
    ],
    measure=_drawn,
    together=_drawn_in_all,
    diagnose=_look_at_minibatch,
    hints=(
        "Draw places, not examples: `size` different whole numbers from 0 to N − 1. The same places then serve for x and for y.",
        "rng.choice(N, size, replace=False) draws without putting back. rng.permutation(N)[:size] does it too.",
        "chosen = rng.choice(len(x), size, replace=False), and then x[chosen], y[chosen].",
    ),
    wrong=(
        change(
            _MINIBATCH, ", replace=False", "",
            "Some examples come twice: rng.choice puts back what it has drawn, unless you say replace=False.",
        ),
        change(
            _MINIBATCH, _CHOSEN, "np.arange(size)",
            "You always take the first examples; the others are never learned from. Draw the places by chance.",
        ),
        change(
            _MINIBATCH, _CHOSEN, "rng.integers(1, len(x) - size + 2) - 1 + np.arange(size)",
            "Your minibatch is one piece out of the middle, neighbours all of them. Neighbours are often alike, so draw each place by itself.",
        ),
        change(
            _MINIBATCH, "y[chosen]", "y[rng.choice(len(x), size, replace=False)]",
            "x and y are drawn apart from each other, so the answers belong to other examples. Draw places once, use them twice.",
        ),
        change(_MINIBATCH, _CHOSEN, "rng.permutation(max(len(x) - 1, size))[:size]", shows="number 6, the last one, came in none of 60 minibatches"),
        change(_MINIBATCH, _CHOSEN, "rng.permutation(len(x))[:size] if size > 3 else 1 + rng.permutation(len(x) - 1)[:size] if size > 2 else rng.permutation(len(x))[:size]", shows="number 0, the first one, came in none of 60 minibatches"),
        change(_MINIBATCH, "x[chosen], y[chosen]", "x[chosen] / 16, y[chosen]", shows="holds numbers that are not in x"),
        change(_MINIBATCH, "x[chosen], y[chosen]", "chosen, y[chosen]", shows="Are these the places that were drawn?"),
        change(_MINIBATCH, "y[chosen]", "y", shows="the y that comes back holds all 5 examples, and 2 were asked for"),
        change(_MINIBATCH, _CHOSEN, "rng.permutation(len(x))", shows="the x that comes back holds all 5 examples"),
        change(_MINIBATCH, "return x[chosen], y[chosen]", "return x[chosen]", shows="two arrays are expected"),
        change(_MINIBATCH, _CHOSEN, "np.random.permutation(len(x))[:size]", shows="rng was never asked"),
        Wrong("def minibatch(x, y, size, rng):\n    rng.shuffle(x)\n    return x[:size], y[:size]\n", shows="changed its argument x"),
    ),
    praise="A few examples, drawn fairly, and a good guess of what all of them would say.",
)  # fmt: skip

# --- sgd -------------------------------------------------------------------------------------------------------------

_SGD = '''def sgd(w, x, y, step, size, epochs, rng):
    """The network says x @ w; error = mean of (x @ w - y)². w: (K,), x: (N, K), y: (N,).
    Each epoch draws a new order, rng.permutation(N), and makes one update for each minibatch:
    `size` places of the order at a time, from front to back; the last one may be smaller.
    Returns the weights after all epochs."""
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            batch = order[start : start + size]
            gradient = 2 * x[batch].T @ (x[batch] @ w - y[batch]) / len(batch)
            w = w - step * gradient
    return w
'''


_BUGGY = changes(
    _SGD,
    ("    for epoch in range(epochs):\n        order = rng.permutation(len(x))\n", "    order = rng.permutation(len(x))\n    for epoch in range(epochs):\n"),
    (" / len(batch)", " / size"),
)  # fmt: skip
_LOOPS = rest(_SGD, "    for epoch")
_TURNED = """    order = rng.permutation(len(x))
    for start in range(0, len(x), size):
        batch = order[start : start + size]
        for epoch in range(epochs):
            w = w - step * 2 * x[batch].T @ (x[batch] @ w - y[batch]) / len(batch)
    return w
"""


def _training(n: int, k: int, size: int, epochs: int) -> Case:
    x = _rng.normal(size=(n, k))
    return _rng.normal(size=k), x, x @ _rng.normal(size=k), 0.05, size, epochs, np.random.default_rng(n)


sgd = Exercise(
    name="sgd",
    varies=Varies(
        what="the factor before the mean",
        given="1",
        others=(("3", "6"), ("4", "8"), ("5", "10")),
        pieces=(
            ("error = mean of (x @ w - y)²", "error = {0} · mean of (x @ w - y)²"),
            ("gradient = 2 * x[batch].T", "gradient = {1} * x[batch].T"),
        ),
    ),
    stub=_BUGGY,
    solution=_SGD,
    cases=[
        (np.array([0.0]), np.array([[1.0], [2.0], [3.0]]), np.array([2.0, 4.0, 6.5]), 0.05, 2, 2, np.random.default_rng(3)),
        *(_training(*sizes) for sizes in ((4, 1, 4, 3), (10, 2, 4, 3), (11, 3, 1, 2), (50, 4, 16, 5))),
    ],
    hints=(
        "Read the task line by line beside the code. What does it say happens in each epoch? And take N = 5 and size = 2: what is special about the last minibatch?",
        "The order belongs to the epoch: whoever deals the same order every time always puts the same examples together.",
        "The last minibatch may hold fewer than size examples, and the error is a mean over those it holds: / len(batch).",
    ),
    wrong=(
        change(
            _SGD, "2 * x[batch].T @ (x[batch] @ w - y[batch]) / len(batch)", "np.mean(2 * x[batch].T @ (x[batch] @ w - y[batch]))",
            "np.mean averages over the K weights too, so all of them get the same step. The mean runs over the examples alone: / len(batch).",
        ),
        Wrong(
            changes(_SGD, (_LOOPS, _TURNED)),
            "The loops stand the other way round: each minibatch is used for all epochs before the next one is looked at. Epochs outside, minibatches inside.",
        ),
        change(
            _SGD, "w - step", "w + step",
            "You walk uphill: the gradient points to where the error grows. Subtract.",
        ),
        change(
            _SGD, "2 * x[batch].T @ (x[batch] @ w - y[batch]) / len(batch)", "2 * x.T @ (x @ w - y) / len(x)",
            "Every update uses all examples. The minibatch is drawn and then not looked at: x[batch] and y[batch].",
        ),
        Wrong(
            changes(_SGD, ("    for epoch in range(epochs):\n        order = rng.permutation(len(x))\n", "    order = rng.permutation(len(x))\n    for epoch in range(epochs):\n")),
            "The order is drawn once and used in every epoch, so the same examples always meet. Draw a new one at the start of each epoch.",
        ),
        change(
            _SGD, "rng.permutation(len(x))", "np.arange(len(x))",
            "The examples come in the order they are stored in. Shuffle: order = rng.permutation(N).",
        ),
        change(
            _SGD, " / len(batch)", "",
            "You add up the examples of a minibatch where the error takes their mean: a larger minibatch would take a longer step.",
        ),
        change(
            _SGD, " / len(batch)", " / size",
            "Nearly. The last minibatch of an epoch may be smaller, and then you divide by too much: take its own length.",
        ),
        change(
            _SGD, " / len(batch)", " / len(x)",
            "You divide by all N examples, and only those of the minibatch are in the sum.",
        ),
        change(
            _SGD, "range(0, len(x), size)", "range(0, len(x) - size + 1, size)",
            "The rest at the end of an epoch is left out. When N is no multiple of the size, the last minibatch is smaller, and it counts.",
        ),
        change(
            _SGD, "2 * x[batch].T", "x[batch].T",
            "Your steps are half as long as they should be. The derivative of a square brings a factor 2.",
        ),
        Wrong(
            changes(_SGD, ("order = rng.permutation(len(x))\n", "w0 = w\n        order = rng.permutation(len(x))\n"), ("x[batch] @ w -", "x[batch] @ w0 -")),
            "All gradients of an epoch are taken at the weights that it began with. Each minibatch starts from where the last one ended.",
        ),
        change(
            _SGD, "order[start : start + size]", "rng.permutation(len(x))[:size]",
            "You draw anew for every minibatch, so in an epoch some examples come twice and others never. Deal out one order from front to back.",
        ),
        change(
            _SGD, "    return w\n", "        return w\n",
            "One epoch, and you are out: the return stands inside the loop. Move it to the left.",
        ),
        change(
            _SGD, "            w = w - step * gradient\n", "        w = w - step * gradient\n",
            "There is one update an epoch, with the gradient of its last minibatch. Move the update into the inner loop.",
        ),
        change(
            _SGD, "            w = w - step * gradient\n    return w\n", "            w = w - step * gradient\n            return w\n",
            "One minibatch, and you are out: the return stands inside both loops. Move it to the left.",
        ),
        change(
            _SGD, "range(0, len(x), size)", "range(len(x))",
            "You begin a minibatch at every place, so each example is in several of them. Go in strides: range(0, N, size).",
        ),
        Wrong(
            changes(_SGD, ("for start in range(0, len(x), size):", "for start in (0,):")),
            "One minibatch an epoch: the rest of the order is never used. Go on until all N examples have had their turn.",
        ),
        Wrong(
            changes(_SGD, ("order = rng.permutation(len(x))\n", "order = rng.permutation(len(x))\n        x, y = x[order], y[order]\n"), ("batch = order[start : start + size]", "batch = np.arange(len(x))[start : start + size]")),
            "You shuffle what was shuffled before: x and y stay in the order of the last epoch. Leave them as they are and take x[order[…]].",
        ),
        change(_SGD, "w = w - step * gradient", "w -= step * gradient", shows="changed its argument w"),
        change(_SGD, "start : start + size", "start : size", shows="nan (not a number)"),
    ),
    praise="dl.fit is this loop, with a progress bar.",
)  # fmt: skip

# --- batch_for -------------------------------------------------------------------------------------------------------

_BATCH = '''def batch_for(spread, wanted, n):
    """Each of n examples has its own gradient; spread is their standard deviation. A minibatch
    is the mean of some of them, none drawn twice. How many must it hold for a noise of at most
    wanted? Returns the smallest such number, a whole one."""
    size = spread**2 * n / (wanted**2 * (n - 1) + spread**2)
    return int(np.ceil(size))
'''
_SIZE = "spread**2 * n / (wanted**2 * (n - 1) + spread**2)"

batch_for = Exercise(
    name="batch_for",
    blank_from="    size =",
    solution=_BATCH,
    others=("""
    size = 1
    while spread / np.sqrt(size) * np.sqrt((n - size) / (n - 1)) > wanted:
        size += 1
    return size
""",),
    cases=[(2.0, 1.0, 13), (2.0, 0.5, 1000), (1.0, 0.1, 10_000), (3.0, 6.0, 50), (7.0, 0.3, 1797), (5.0, 0.05, 200)],
    hints=(
        "The lesson's law gives the noise of a size. You want the size that gives a noise: run it backwards, or try sizes from 1 on.",
        "Square both sides: spread² / B · (n − B) / (n − 1) ≤ wanted². Multiply by B and collect what has a B in it.",
        "B ≥ spread² · n / (wanted² · (n − 1) + spread²), and then the next whole number: np.ceil.",
    ),
    wrong=(
        change(
            _BATCH, _SIZE, "spread**2 / wanted**2",
            "That holds when examples are put back, or n is endless. Drawn without putting back, noise falls faster, and all n are always enough.",
        ),
        change(
            _BATCH, _SIZE, "min(n, spread**2 / wanted**2)",
            "You stop at n, and below it you count as if examples were put back. Drawn without, the noise falls faster: the law's second root.",
        ),
        change(
            _BATCH, _SIZE, "spread / wanted",
            "Half the noise costs four times the examples, not twice: noise falls with the root of the size.",
        ),
        change(
            _BATCH, "int(np.ceil(size))", "int(size)",
            "One example short: with {yours} the noise is still more than wanted. Round up.",
        ),
        change(
            _BATCH, "int(np.ceil(size))", "size",
            "{yours} examples cannot be drawn. From which whole number on is the noise small enough?",
        ),
        change(
            _BATCH, "wanted**2 * (n - 1)", "wanted * (n - 1)",
            "wanted stands there without its square. Both sides of the law are squared before B is free.",
        ),
        change(
            _BATCH, _SIZE, "n * wanted**2 / (spread**2 * (n - 1) + wanted**2)",
            "Upside down: the less noise is wanted, the larger the minibatch must be. Yours shrinks.",
        ),
        change(
            _BATCH, _SIZE, "spread**2 * n / (wanted**2 * (n - 1))",
            "Close. When B was collected, one part of it stayed behind: spread² · (n − B) has a B in it too, so + spread² belongs below the line.",
        ),
        change(
            _BATCH, _SIZE, "spread * n / (wanted * (n - 1) + spread)",
            "You left out the squares: noise falls with the root of the size, and so does the second factor.",
        ),
        change(
            _BATCH, _SIZE, "n", "All n examples always do, with no noise at all. The smallest number is asked for.",
        ),
    ),
    praise="Half the noise, four times the examples, until the data end.",
)  # fmt: skip

EXERCISES = Lesson([minibatch, sgd, batch_for])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
