"""Exercises of lesson 08: read a hidden layer, probe it with a straight cut, and untangle a disc from a ring by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.comparing import shown
from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"ring": "a third neuron beside the two", "straight cuts": "more"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"ring": {"network": "3", "way": 1.0}}
"""Where the picture goes after a bet, to show what came."""

_rng = np.random.default_rng(8)

# --- hidden ----------------------------------------------------------------------------------------------------------

_HIDDEN = '''def hidden(x, weights, biases, k):
    """A network of tanh layers. x: (N, K). weights, biases: lists of arrays, one of each a
    layer, shapes (inputs, neurons) and (neurons,). Returns what layer k says, shape
    (N, its neurons); layers count from 1, and layer 0 is x itself."""
    h = x
    for w, b in zip(weights[:k], biases[:k]):
        h = np.tanh(h @ w + b)
    return h
'''


def _network(n: int, *sizes: int) -> tuple[np.ndarray[Any, Any], list[Any], list[Any]]:
    pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
    return (
        _rng.normal(size=(n, sizes[0])),
        [_rng.normal(size=pair) for pair in pairs],
        [_rng.normal(size=m) for _, m in pairs],
    )


hidden = Exercise(
    name="hidden",
    blank_from="    h = x",
    solution=_HIDDEN,
    others=('''
    h = x
    for i in range(k):
        h = np.tanh(h @ weights[i] + biases[i])
    return h
''',),
    cases=[
        (np.array([[1.0, 2.0]]), [np.array([[1.0], [-0.5]]), np.array([[2.0]])], [np.array([0.5]), np.array([-1.0])], 1),
        *((*_network(5, 2, 3, 4, 2), k) for k in (0, 1, 2, 3)),
        (*_network(20, 4, 4, 4), 2),
    ],
    hints=(
        "Begin with h = x. What does one layer make of h? Do that k times.",
        "A layer: h = np.tanh(h @ w + b). weights[:k] holds the first k of them, and for k = 0 none.",
        "for w, b in zip(weights[:k], biases[:k]): h = np.tanh(h @ w + b)",
    ),
    wrong=(
        change(
            _HIDDEN, "zip(weights[:k], biases[:k])", "zip(weights, biases)",
            "You go through to the end, whatever k is: {yours} is what the last layer says. Stop after k layers.",
        ),
        change(
            _HIDDEN, "zip(weights[:k], biases[:k])", "zip(weights[: k + 1], biases[: k + 1])",
            "You return the layer after the one asked for. Python counts from 0, the layers here from 1: weights[:k] is k layers already.",
        ),
        change(
            _HIDDEN, "zip(weights[:k], biases[:k])", "zip(weights[: max(k - 1, 0)], biases[: max(k - 1, 0)])",
            "You stop one layer too early. Layer 0 is x itself, so layer k has gone through k pairs of weights and biases.",
        ),
        change(
            _HIDDEN, "np.tanh(h @ w + b)", "h @ w + b",
            "tanh is missing. Without it every layer is a straight map, and no layer can untangle what the one before could not.",
        ),
        Wrong(
            changes(_HIDDEN, ("np.tanh(h @ w + b)", "h @ w + b"), ("return h", "return np.tanh(h)")),
            "tanh comes once, at the end. Each layer has its own: without it k layers are one straight map.",
        ),
        change(
            _HIDDEN, "np.tanh(h @ w + b)", "np.tanh(h @ w)",
            "The biases are not used, so zero stays at zero in every layer: np.tanh(h @ w + b).",
        ),
        change(
            _HIDDEN, "np.tanh(h @ w + b)", "np.tanh(h @ w) + b",
            "b is added behind tanh. It belongs inside: it moves the place where the neuron bends.",
        ),
        change(
            _HIDDEN, "np.tanh(h @ w + b)", "np.maximum(h @ w + b, 0)",
            "Your layers are ReLU. These are tanh.",
        ),
        Wrong(
            "def hidden(x, weights, biases, k):\n    h = x\n    for i in range(k):\n        z = h @ weights[i] + biases[i]\n"
            "        h = np.tanh(z)\n    return z if k else h\n",
            "{yours} is the sum that goes into layer k. What the layer says is the tanh of it: {expected}.",
        ),
        change(
            _HIDDEN, "np.tanh(h @ w + b)", "1 / (1 + np.exp(-(h @ w + b)))",
            "That is a sigmoid, from 0 to 1. The layers of this network are tanh layers.",
        ),
        change(_HIDDEN, "np.tanh(h @ w + b)", "np.tanh(x @ w + b)", shows="is one of the two another array than you meant"),
        change(_HIDDEN, "    return h\n", "        return h\n", shows="The result is None"),
    ),
    praise="Each layer is a new way to write down the same points.",
)  # fmt: skip

# --- probe -----------------------------------------------------------------------------------------------------------

_PROBE = '''def probe(h, labels, h_new, labels_new):
    """How well does one straight cut separate two classes? h, h_new: (N, K) and (M, K), the
    same layer for examples to fit on and for new ones. labels: 0 or 1. Fit w and b by least
    squares, so that h @ w + b is near -1 for label 0 and near +1 for label 1 (np.linalg.lstsq,
    with a column of ones for b). Returns the share of the new ones on the right side of 0."""
    ones, ones_new = np.ones((len(h), 1)), np.ones((len(h_new), 1))
    w = np.linalg.lstsq(np.hstack([h, ones]), 2 * labels - 1, rcond=None)[0]
    says = np.hstack([h_new, ones_new]) @ w > 0
    return np.mean(says == (labels_new == 1))
'''


def _clouds(n: int, m: int, k: int, apart: float) -> Case:
    """Two clouds that overlap, away from zero, the second class larger."""
    centre = _rng.normal(size=k) + 1.5
    parts: list[Any] = []
    for size in (n, m):
        labels = (_rng.uniform(size=size) < 0.65).astype(int)
        parts += [centre + apart * labels[:, None] * np.sign(centre) + _rng.normal(size=(size, k)), labels]
    return tuple(parts)


probe = Exercise(
    name="probe",
    blank_from="    ones, ones_new",
    solution=_PROBE,
    cases=[
        (np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([0, 0, 1, 1]), np.array([[0.0], [2.4], [2.6], [5.0]]), np.array([0, 1, 1, 1])),
        *(_clouds(*sizes) for sizes in ((60, 40, 1, 1.0), (150, 150, 2, 0.8), (200, 120, 3, 0.5), (300, 400, 5, 0.6))),
    ],
    hints=(
        "Two halves: fit on h and labels, then ask about h_new. For the fit turn the labels into −1 and +1: 2 * labels - 1.",
        "np.hstack([h, np.ones((len(h), 1))]) has a column of ones at its end, whose weight is b. np.linalg.lstsq(a, y, rcond=None)[0] are the weights.",
        "The same column for h_new; says = … @ w > 0, and np.mean(says == (labels_new == 1)) is the share.",
    ),
    wrong=(
        Wrong(
            changes(_PROBE, ("np.hstack([h, ones])", "h"), ("np.hstack([h_new, ones_new])", "h_new")),
            "Your cut always goes through zero: there is no b. Give h and h_new a column of ones.",
        ),
        change(
            _PROBE, "2 * labels - 1", "labels",
            "You fit to 0 and 1 and then cut at 0, where only one class is. Fit to −1 and +1: 2 * labels - 1.",
        ),
        Wrong(
            changes(_PROBE, ("np.hstack([h_new, ones_new])", "np.hstack([h, ones])"), ("(labels_new == 1)", "(labels == 1)")),
            "{yours} is the share on the examples that you fitted to. Ask about the new ones: they were not there when the cut was made.",
        ),
        Wrong(
            changes(_PROBE, ("np.hstack([h, ones])", "np.hstack([h_new, ones_new])"), ("2 * labels - 1", "2 * labels_new - 1")),
            "You fit to the new examples, and then they are no longer new. Fit to h and labels.",
        ),
        change(
            _PROBE, "says == (", "says != (",
            "{yours} is the share on the wrong side; on the right side is {expected}.",
        ),
        change(
            _PROBE, "@ w > 0", "@ w > 0.5",
            "You cut at 0.5. That is the middle between 0 and 1; between −1 and +1 it is 0.",
        ),
        change(
            _PROBE, "np.mean(says", "100 * np.mean(says",
            "{yours} is in per cent. The share runs from 0 to 1: {expected}.",
        ),
        change(
            _PROBE, "np.mean(says", "np.sum(says",
            "{yours} is how many are right. The share is that divided by how many there are: {expected}.",
        ),
        change(
            _PROBE, "(labels_new == 1)", "(2 * labels_new - 1)",
            "You compare True and False with −1 and +1. True counts as 1 and False as 0, so label 0 is never right.",
        ),
        change(
            _PROBE, "np.mean(says == (labels_new == 1))", "np.mean(says)",
            "{yours} is the share that lies above 0. Compare with the labels first.",
        ),
        change(
            _PROBE, "np.mean(says == (labels_new == 1))",
            "np.mean((np.hstack([h_new, ones_new]) @ w - (2 * labels_new - 1)) ** 2)",
            "{yours} is the mean squared error of the fit. Asked for is on which side of 0 the examples lie.",
        ),
        change(_PROBE, "return np.mean", "labels *= 2\n    return np.mean", shows="changed its argument labels"),
    ),
    praise="Run it on x and on a hidden layer: the difference is what the layer has learned.",
)  # fmt: skip

# --- three_cuts ------------------------------------------------------------------------------------------------------

_CUTS = '''def three_cuts():
    """Three hidden tanh neurons, h = tanh(x @ w1 + b1), and the output h @ w2 + b2, for points
    x in the plane. Returns (w1, b1, w2, b2), shapes (2, 3), (3,), (3,) and a number, so that
    the output is negative in the disc |x| ≤ 1/3 and positive in the ring 2/3 ≤ |x| ≤ 1."""
    angles = np.array([0, 2, 4]) * np.pi / 3
    w1 = 3 * np.array([np.cos(angles), np.sin(angles)])
    b1 = np.ones(3)
    w2 = -np.ones(3)
    b2 = 1.5
    return w1, b1, w2, b2
'''
_TURN = np.linspace(0, 2 * np.pi, 120, endpoint=False)
_CIRCLE = np.stack([np.cos(_TURN), np.sin(_TURN)], axis=1)
_DISC = np.concatenate([r * _CIRCLE for r in np.linspace(0, 1 / 3, 9)])
_RING = np.concatenate([r * _CIRCLE for r in np.linspace(2 / 3, 1, 9)])


def _output(value: Any, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    w1, b1, w2, b2 = (np.array(part, dtype=float) for part in value)
    return np.tanh(x @ w1 + b1) @ w2 + b2


def _look_at_cuts(value: Any) -> str:
    if not isinstance(value, (tuple, list)) or len(value) != 4:
        return "four things are expected, return w1, b1, w2, b2."
    for part, name, shape in zip(value, ("w1", "b1", "w2", "b2"), ((2, 3), (3,), (3,), ()), strict=True):
        if part is None or part is Ellipsis:
            return f"{name} is still to be filled in."
        try:
            array = np.array(part, dtype=float)
        except (TypeError, ValueError):
            return f"{name} should be made of numbers, and it is {shown(part)}."
        if array.shape != shape:
            return f"{name} has shape {array.shape}, and shape {shape} is expected." + (
                " One column per neuron: it is transposed." if array.shape == shape[::-1] else ""
            )
        if not np.isfinite(array).all():
            return f"{name} should be finite, and it is {shown(array)}."
    return _where_cuts_fail(value)


def _where_cuts_fail(value: Any) -> str:
    disc, ring = _output(value, _DISC), _output(value, _RING)
    right = [bool((disc < 0).all()), bool((ring > 0).all())]
    if all(right):
        return ""
    w1, b1, w2, _ = (np.array(part, dtype=float) for part in value)
    used = int(np.sum((w2 != 0) & np.any(w1 != 0, axis=0)))
    if used < 3:
        return f"only {used} of the three neurons have a say: the others have zero weights. Fewer than three straight cuts do not close around a disc."
    if (disc > 0).all() and (ring < 0).all():
        return "it separates them, with the signs turned round: the disc is positive and the ring negative. Turn the signs of w2 and b2."
    if disc.max() < ring.min() or ring.max() < disc.min():
        return (
            f"one number separates disc and ring already: h @ w2 + b2 is {disc.min():.2f} … {disc.max():.2f} on the disc and "
            f"{ring.min():.2f} … {ring.max():.2f} on the ring. Move b2 so that 0 lies in between, and mind the sign."
        )
    if not np.any(b1):
        return (
            "with b1 = 0 the output at x and at −x lie equally far from b2, on opposite sides. A ring looks the same from both, "
            "so this cannot work: move the cuts away from the middle."
        )
    share = (np.sum(disc < 0) + np.sum(ring > 0)) / (len(disc) + len(ring))
    worst = _DISC[np.argmax(disc)] if not right[0] else _RING[np.argmin(ring)]
    name, wanted = ("disc", "below 0") if not right[0] else ("ring", "above 0")
    return (
        f"{share:.0%} of disc and ring are right. At ({worst[0]:.2f}, {worst[1]:.2f}), in the {name}, the output is "
        f"{_output(value, worst):.2g}, and it should be {wanted}."
    )


three_cuts = Exercise(
    name="three_cuts",
    blank_from="    angles =",
    solution=_CUTS,
    cases=[()],
    measure=lambda value: bool((_output(value, _DISC) < 0).all() and (_output(value, _RING) > 0).all()),
    diagnose=_look_at_cuts,
    hints=(
        "Each neuron is a soft straight cut. Put three of them around the disc, like the sides of a triangle. In which directions do they look?",
        "At 0°, 120° and 240°: the columns of w1 are (cos, sin) of these angles, times about 3. b1 moves all three cuts away from the middle.",
        "With b1 = 1 the three tanh add up to more than 1.8 on the disc and to less than 1.2 on the ring. So subtract the sum from 1.5.",
    ),
    wrong=(
        Wrong(changes(_CUTS, ("-np.ones(3)", "np.ones(3)"), ("1.5", "-1.5")), shows="with the signs turned round"),
        change(_CUTS, "b1 = np.ones(3)", "b1 = np.zeros(3)", shows="with b1 = 0 the output at x and at −x"),
        change(_CUTS, "b2 = 1.5", "b2 = 0.0", shows="Move b2 so that 0 lies in between"),
        change(_CUTS, "-np.ones(3)", "np.array([-1, -1, 0])", shows="only 2 of the three neurons have a say"),
        change(_CUTS, "[0, 2, 4]) * np.pi / 3", "[0, 1, 2]) * np.pi / 2", shows="of disc and ring are right. At ("),
        change(_CUTS, "3 * np.array([np.cos(angles), np.sin(angles)])", "3 * np.array([np.cos(angles), np.sin(angles)]).T", shows="w1 has shape (3, 2), and shape (2, 3) is expected. One column per neuron"),
        change(_CUTS, "return w1, b1, w2, b2", "return w1, b1, w2", shows="four things are expected"),
        change(_CUTS, "b2 = 1.5", "b2 = None", shows="b2 is still to be filled in"),
        change(_CUTS, "b2 = 1.5", "b2 = np.array([1.5])", shows="b2 has shape (1,), and shape () is expected"),
    ),
    praise="Three neurons lift the plane into space, where the disc is a cap, and the last layer slices it off.",
)  # fmt: skip

EXERCISES = Lesson([hidden, probe, three_cuts])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
