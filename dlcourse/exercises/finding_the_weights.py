"""Exercises of lesson 04: two slopes of one error, a bottom from two slopes, and the largest step that does not explode."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"used up": "above 0", "one weight": "it comes to rest", "two weights": "it explodes"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(4)

# --- gradient --------------------------------------------------------------------------------------------------------

_GRADIENT = '''def gradient(w, b, x, y):
    """The neuron says w · x + b; error = mean of (w · x + b - y)². w, b: numbers.
    x, y: arrays of shape (N,). Returns (∂error/∂w, ∂error/∂b), two numbers."""
    off = w * x + b - y
    dw = np.mean(2 * off * x)
    db = np.mean(2 * off)
    return dw, db
'''


def _both(*, w: str, b: str) -> str:
    """The solution with another slope for each weight."""
    return changes(_GRADIENT, ("dw = np.mean(2 * off * x)", f"dw = {w}"), ("db = np.mean(2 * off)", f"db = {b}"))


gradient = Exercise(
    name="gradient",
    varies=Varies(
        what="the factor before the mean",
        given="1",
        others=(("3",), ("4",), ("5",)),
        pieces=(
            ("error = mean of (w · x + b - y)²", "error = {0} · mean of (w · x + b - y)²"),
            ("return dw, db", "return {0} * dw, {0} * db"),
            ("return dw / len(x), db / len(x)", "return {0} * dw / len(x), {0} * db / len(x)"),
            ("and db is the same without the x.", "and db is the same without the x, both {0} times."),
        ),
    ),
    blank_from="    off =",
    blank="    dw = None\n    db = None\n    return dw, db\n",
    solution=_GRADIENT,
    others=(
        """
    dw, db = 0, 0
    for i in range(len(x)):
        off = w * x[i] + b - y[i]
        dw += 2 * off * x[i]
        db += 2 * off
    return dw / len(x), db / len(x)
""",
    ),
    cases=[
        (1.0, 0.5, np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.5])),
        (0.0, 1.0, np.array([2.0]), np.array([3.0])),
        (2.0, -1.0, np.array([1, -3, 2, 0]), np.array([4, 1, -1, 2])),
        *((*map(float, _rng.normal(size=2)), _rng.normal(size=n), _rng.normal(size=n)) for n in (2, 5, 50)),
    ],
    parts=("dw", "db"),
    hints=(
        "Take one example first, and call off = w · x + b − y. What is the derivative of off² by w, and what by b?",
        "The outer square gives 2 · off to both. Inside, off grows by x when w grows by 1, and by 1 when b grows by 1. Then take the mean over the examples.",
        "dw = np.mean(2 * off * x), and db is the same without the x.",
    ),
    wrong=(
        change(
            _GRADIENT, "w * x + b - y", "y - w * x - b",
            "Close. Both slopes have the right size and the opposite sign: you computed truth − prediction, so an update walks uphill.",
        ),
        Wrong(
            _both(w="np.mean(off * x)", b="np.mean(off)"),
            "Both are half of what they should be. The derivative of a square brings a factor 2.",
        ),
        Wrong(
            _both(w="np.sum(2 * off * x)", b="np.sum(2 * off)"),
            "You add up the examples where the error takes their mean: with twice the data, your step would be twice as long.",
        ),
        Wrong(
            _both(w="np.mean(2 * off)", b="np.mean(2 * off)"),
            "db is right, and dw must not be the same. When w grows by 1, off grows by x: each example is weighed with its x.",
        ),
        change(
            _GRADIENT, "db = np.mean(2 * off)", "db = np.mean(2 * off * b)",
            "dw is right. In db you multiply by b, as if b · b stood inside. When b grows by 1, off grows by 1, whatever b is.",
        ),
        change(
            _GRADIENT, "db = np.mean(2 * off)", "db = np.mean(2 * off * x)",
            "dw is right, and db must not be the same: b moves every example by 1, not by its x.",
        ),
        change(
            _GRADIENT, "w * x + b - y", "w * x - y",
            "You wrote the slope of the neuron without b. It is off by w · x + b − y.",
        ),
        change(
            _GRADIENT, "np.mean(2 * off * x)", "np.mean(2 * off * w)",
            "db is right. In dw you took the derivative by x, and it is w that moves: w · x grows by x when w grows by 1.",
        ),
        Wrong(
            _both(w="2 * off * x", b="2 * off"),
            "You get one slope for each example. The error is their mean, so its slope is the mean of these.",
        ),
        change(
            _GRADIENT, "np.mean(2 * off * x)", "np.mean(2 * off) * np.mean(x)",
            "db is right. For dw you take two means and multiply them. Multiply first, example by example, then take one mean.",
        ),
        Wrong(
            _both(w="np.mean(2 * np.abs(off) * x)", b="np.mean(2 * np.abs(off))"),
            "The sign of each miss is lost, and it says which way to go.",
        ),
        change(_GRADIENT, "return dw, db", "return dw", shows="2 values are expected"),
    ),
    praise="Compare dw with (error(w + 0.001, b) − error(w, b)) / 0.001: three digits agree.",
)  # fmt: skip

# --- bottom ----------------------------------------------------------------------------------------------------------

_BOTTOM = '''def bottom(w1, slope1, w2, slope2):
    """An error is a parabola that bends up. At w1 its slope is slope1, at w2 it is slope2
    (w1 and w2 differ). Nothing else is known of it. Returns the w at which it is lowest."""
    curvature = (slope2 - slope1) / (w2 - w1)
    return w1 - slope1 / curvature
'''
_CURVATURE, _LOWEST = "(slope2 - slope1) / (w2 - w1)", "w1 - slope1 / curvature"


def _parabola(low: float, curvature: float, w1: float, w2: float) -> Case:
    return w1, curvature * (w1 - low), w2, curvature * (w2 - low)


bottom = Exercise(
    name="bottom",
    blank_from="    curvature",
    solution=_BOTTOM,
    others=(
        """
    return (w1 * slope2 - w2 * slope1) / (slope2 - slope1)
""",
    ),
    cases=[
        (0.0, -8.0, 1.0, -4.0),
        (1.0, 0.0, 3.0, 5.0),
        *(_parabola(*map(float, (_rng.normal(), 10 ** _rng.uniform(-1, 1), *_rng.normal(size=2)))) for _ in range(5)),
    ],
    hints=(
        "The slope of a parabola is a straight line over w. You know two points of that line. Where does it cross 0?",
        "How fast does the slope grow? By slope2 − slope1 on the way from w1 to w2: their quotient is the curvature.",
        "One update with step 1 / curvature lands in the bottom: w1 − slope1 / curvature.",
    ),
    wrong=(
        change(
            _BOTTOM, _LOWEST, "w1 - slope1",
            "That is one update with step 1. The step that lands in the bottom is 1 / curvature, and two slopes tell the curvature.",
        ),
        change(
            _BOTTOM, _LOWEST, "w1 - slope1 * curvature",
            "You multiply by the curvature. The more it bends, the nearer the bottom is: divide.",
        ),
        change(
            _BOTTOM, _LOWEST, "w1 + slope1 / curvature",
            "The right distance, and uphill. Where the slope is negative the bottom lies to the right: w1 − slope1 / curvature.",
        ),
        change(
            _BOTTOM, _LOWEST, "w2 - slope1 / curvature",
            "You begin at w2 and use the slope of w1. A place and its own slope belong together.",
        ),
        change(
            _BOTTOM, _LOWEST, "-slope1 / curvature",
            "{yours} is how far it is from w1 to the bottom. The place itself is asked for: add w1.",
        ),
        change(
            _BOTTOM, _LOWEST, "w1 - 2 * slope1 / curvature",
            "With step 2 / curvature you fly over the bottom and land equally high on the other side. Half of it lands in the bottom.",
        ),
        change(
            _BOTTOM, _LOWEST, "(w1 + w2) / 2",
            "{yours} is the middle of the two places. It is the bottom only if the slopes there are opposite and equal.",
        ),
        change(_BOTTOM, _LOWEST, "curvature", "{yours} is the curvature. Now use it: from w1, how far is it until a slope of slope1 is used up?"),
        change(
            _BOTTOM, _LOWEST, "1 / curvature",
            "{yours} is the step that lands in the bottom. Take it: w1 − step · slope1.",
        ),
        change(
            _BOTTOM, _CURVATURE, "slope2 - slope1",
            "How fast does the slope grow? slope2 − slope1 is its growth over the whole way: divide by w2 − w1.",
        ),
        change(
            _BOTTOM, _LOWEST, "w1 if abs(slope1) < abs(slope2) else w2",
            "You take the better of the two places. The bottom lies somewhere else, and the two slopes say where.",
        ),
    ),
    praise="Two slopes, no try: that is Newton's method, here without knowing the parabola. In a network it would need a table of curvatures.",
)  # fmt: skip

# --- largest_step ----------------------------------------------------------------------------------------------------

_LARGEST = '''def largest_step(hessian):
    """error = ½ wᵀ H w, H: (D, D), symmetric, all eigenvalues above 0. Below which
    step does gradient descent come to rest from every start? Returns that bound, a number."""
    return 2 / np.max(np.linalg.eigvalsh(hessian))
'''


def _hessian(size: int) -> np.ndarray[Any, Any]:
    a = _rng.normal(size=(size, size))
    return a @ a.T + 0.1 * np.eye(size)


largest_step = Exercise(
    name="largest_step",
    varies=Varies(
        what="the factor in the error",
        given="½",
        others=(("2", "0.5", "4"), ("4", "0.25", "8"), ("¼", "4", "½")),
        pieces=(
            ("error = ½ wᵀ H w", "error = {0} wᵀ H w"),
            ("return 2 / np.max(", "return {1} / np.max("),
            ("return 2 / values[-1]", "return {1} / values[-1]"),
            (
                "error = ½ h w², and an update turns w into (1 − step · h) w",
                "error = {0} h w², and an update turns w into (1 − {2} · step · h) w",
            ),
            (
                "As long as |1 − step · h| < 1, so step < 2 / h",
                "As long as |1 − {2} · step · h| < 1, so step < {1} / h",
            ),
            ("The largest: 2 / np.max", "The largest: {1} / np.max"),
        ),
    ),
    blank_from="    return",
    solution=_LARGEST,
    others=(
        """
    values = np.linalg.eigvalsh(hessian)
    return 2 / values[-1]
""",
    ),
    cases=[(np.array([[3.0, 1.0], [1.0, 3.0]]),), (np.array([[4.0]]),), *((_hessian(d),) for d in (2, 3, 6))],
    hints=(
        "In one dimension error = ½ h w², and an update turns w into (1 − step · h) w. For which step does that shrink?",
        "As long as |1 − step · h| < 1, so step < 2 / h. In many dimensions each eigenvalue of H is such an h. Which one complains first?",
        "The largest: 2 / np.max(np.linalg.eigvalsh(hessian)).",
    ),
    wrong=(
        change(
            _LARGEST,
            "2 / np.max",
            "1 / np.max",
            "{yours} is half the bound. At 1 / λ the update lands in the bottom at once; it may overshoot, as long as it comes back lower: up to 2 / λ.",
        ),
        change(
            _LARGEST,
            "np.max",
            "np.min",
            "{yours} suits the flattest direction. Along the steepest one that step explodes: the largest eigenvalue decides.",
        ),
        change(
            _LARGEST,
            "np.linalg.eigvalsh(hessian)",
            "np.diag(hessian)",
            "You read the diagonal, where the largest entry stands too. The steepest direction may lie between the axes: eigenvalues see it, single entries do not.",
        ),
        change(
            _LARGEST,
            "np.max(np.linalg.eigvalsh(hessian))",
            "np.mean(np.linalg.eigvalsh(hessian))",
            "You take the average curvature. One direction steeper than average is enough to explode.",
        ),
        change(
            _LARGEST,
            "2 / np.max(np.linalg.eigvalsh(hessian))",
            "np.max(np.linalg.eigvalsh(hessian))",
            "{yours} is the largest curvature. The more curved, the smaller the step: it belongs below the line, 2 / λ.",
        ),
        change(
            _LARGEST,
            "np.max(np.linalg.eigvalsh(hessian))",
            "np.linalg.det(hessian)",
            "The determinant is the product of all curvatures: flat directions would allow a longer step. Only the largest one matters.",
        ),
        change(
            _LARGEST,
            "np.max(np.linalg.eigvalsh(hessian))",
            "np.max(np.linalg.inv(hessian))",
            "The inverse of H has 1 / λ where H has λ, and its entries are no eigenvalues. Take the eigenvalues of H itself, and the largest.",
        ),
        change(
            _LARGEST,
            "np.max(np.linalg.eigvalsh(hessian))",
            "np.max(np.sum(np.abs(hessian), axis=1))",
            "The largest sum of a row is never below the largest eigenvalue, so your step is safe and often smaller than it must be. The eigenvalue itself is the bound.",
        ),
        change(
            _LARGEST,
            "2 / np.max",
            "2 * np.max",
            "You multiply by the largest curvature. The more curved, the smaller the step: 2 / λ.",
        ),
        change(
            _LARGEST,
            "np.max(np.linalg.eigvalsh(hessian))",
            "np.linalg.norm(hessian)",
            "np.linalg.norm of a matrix is the root of the sum of all squares, more than the largest curvature. Eigenvalues first, then the maximum.",
        ),
        change(
            _LARGEST,
            "np.max(np.linalg.eigvalsh(hessian))",
            "np.trace(hessian)",
            "The trace adds all curvatures. That step is safe, and smaller than it must be: only the largest one matters.",
        ),
    ),
    praise="On the whole landscape of a network this holds only locally, where its Hessian is nearly constant.",
)

EXERCISES = Lesson([gradient, bottom, largest_step])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
