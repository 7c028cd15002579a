"""Exercises of lesson 15: ELU with its slope, a softplus that cannot overflow, and a check of anybody's slope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes, rest

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {
    "ten layers": "less than a millionth",
    "one matrix": "4 096",
    "speak again": "none",
    "identity": "one, or not even that",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(15)
_FAR = np.array([-1000.0, -30.0, -0.5, 0.0, 0.5, 30.0, 1000.0])

# --- elu -------------------------------------------------------------------------------------------------------------

_ELU = '''def elu(x, alpha):
    """x: array of any shape, alpha: a number above 0. Returns two arrays of the same shape:
    ELU, which is x above 0 and alpha · (eˣ − 1) elsewhere, 0 included, and its slope at each x.
    Entries of 1000 must not overflow."""
    low = alpha * np.exp(np.minimum(x, 0))
    return np.where(x > 0, x, low - alpha), np.where(x > 0, 1, low)
'''
_ELU_BODY = rest(_ELU, "    low =")

elu = Exercise(
    name="elu",
    blank_from="    low =",
    solution=_ELU,
    others=('''
    y, slope = np.zeros(x.shape), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        if x[i] > 0:
            y[i] = x[i]
            slope[i] = 1
        else:
            y[i] = alpha * (np.exp(x[i]) - 1)
            slope[i] = alpha * np.exp(x[i])
    return y, slope
''',),
    cases=[
        (np.array([2.0, 0.0, -1.0]), 2.0),
        (np.array([-0.5, 1.5]), 0.5),
        (_rng.normal(size=(3, 4)), 1.5),
        (_rng.normal(size=(2, 3, 5)), 0.25),
        (np.array([-2, -1, 0, 1, 3]), 3),
        (_FAR, 2.0),
    ],
    parts=("ELU", "slope"),
    hints=(
        "Two pieces, so two questions: which entries are above 0, and what is each piece's derivative? np.where(x > 0, …, …) puts the pieces together.",
        "Above 0 the slope is 1, elsewhere alpha · eˣ. At x = 0 the lower piece holds.",
        "np.where computes both pieces everywhere, so np.exp(1000) is asked for too. np.exp(np.minimum(x, 0)) never sees a number above 0.",
    ),
    wrong=(
        Wrong(
            changes(_ELU, (_ELU_BODY, "    low = alpha * np.exp(x)\n    up = x > 0\n    return up * x + (1 - up) * (low - alpha), up + (1 - up) * low\n")),
            "Right for small numbers. For 1000, np.exp gives inf, and 0 · inf is NaN. Choose with np.where, and let np.exp see np.minimum(x, 0) only.",
        ),
        change(
            _ELU, "low - alpha", "low",
            "The − 1 is missing: yours jumps at 0, from alpha down to 0. alpha · (eˣ − 1) meets the upper piece there.",
        ),
        change(
            _ELU, "np.where(x > 0, 1, low)", "np.where(x >= 0, 1, low)",
            "Right except at 0. There the lower piece holds, and its slope is alpha · e⁰ = alpha.",
        ),
        change(
            _ELU, "np.where(x > 0, 1, low)", "np.where(x > 0, 1, low - alpha)",
            "Below 0 you give ELU itself for its slope. The derivative of alpha · (eˣ − 1) is alpha · eˣ: the − 1 is gone.",
        ),
        change(
            _ELU, "np.where(x > 0, 1, low)", "np.where(x > 0, 1, low / alpha)",
            "ELU is right, and below 0 its slope lacks the factor alpha: alpha · eˣ.",
        ),
        change(
            _ELU, "np.where(x > 0, 1, low)", "np.where(x > 0, 1, 0)",
            "A slope of 0 below 0 is ReLU's. ELU still rises there: alpha · eˣ.",
        ),
        change(
            _ELU, "np.where(x > 0, 1, low)", "np.where(x > 0, x, low)",
            "Above 0 the slope of x is 1, not x.",
        ),
        Wrong(
            changes(_ELU, ("low = alpha * np.exp(np.minimum(x, 0))", "low = np.exp(np.minimum(x, 0))"), ("low - alpha", "low - 1")),
            "alpha is not used. It stretches the lower piece, and its slope with it.",
        ),
        Wrong(
            changes(_ELU, ("low - alpha", "alpha - low")),
            "The lower piece has the wrong sign: you wrote 1 − eˣ. Below 0, eˣ is less than 1, and ELU is negative there.",
        ),
        change(
            _ELU, "np.exp(np.minimum(x, 0))", "np.exp(alpha * np.minimum(x, 0))",
            "alpha stands in the exponent. It is a factor before eˣ − 1.",
        ),
        change(
            _ELU, "low - alpha", "low - 1",
            "You compute alpha · eˣ − 1. The brackets are missing: alpha · (eˣ − 1).",
        ),
        change(
            _ELU, "np.where(x > 0, x, low - alpha)", "np.where(x > 0, x, alpha * x)",
            "Below 0 yours is a straight line with slope alpha: that is leaky ReLU. ELU bends: alpha · (eˣ − 1).",
        ),
        change(_ELU, "np.where(x > 0, x, low - alpha), np.where(x > 0, 1, low)", "np.where(x > 0, 1, low), np.where(x > 0, x, low - alpha)", shows="in the opposite order"),
    ),
    praise="dl.elu(x, alpha=2.0) computes the same. Far left its slope is tiny, and still not 0.",
)  # fmt: skip

# --- softplus --------------------------------------------------------------------------------------------------------

_SOFTPLUS = '''def softplus(x):
    """x: array of any shape. Returns log(1 + eˣ) of each entry, for x = 1000 and −1000 as well:
    there it is 1000 and 0. Write it so that np.exp never sees a number above 0."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
'''
_SOFT = "np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))"


def _soft(formula: str, said: str) -> Wrong:
    return change(_SOFTPLUS, _SOFT, formula, said)


softplus = Exercise(
    name="softplus",
    blank_from="    return",
    solution=_SOFTPLUS,
    others=('''
    tail = np.log(1 + np.exp(-np.abs(x)))
    return np.where(x > 0, x + tail, tail)
''',),
    cases=[
        (np.array([1.0, 0.0, -2.0]),),
        (_rng.normal(size=(2, 3)),),
        (np.array([1, -1, 4]),),
        (5 * _rng.normal(size=(4, 1, 3)),),
        (_FAR,),
    ],
    hints=(
        "For large x, log(1 + eˣ) is nearly log(eˣ). What is that, without np.exp?",
        "Take eˣ out of the bracket: log(1 + eˣ) = log(eˣ (e⁻ˣ + 1)) = x + log(1 + e⁻ˣ). For x > 0 this one cannot overflow, for x < 0 the first one cannot.",
        "Both in one: max(x, 0) + log(1 + e^−|x|), with np.maximum, np.abs and np.log1p.",
    ),
    wrong=(
        _soft("np.log(1 + np.exp(x))", "Right for small numbers. np.exp(1000) is inf, and so is yours. For x > 0, log(1 + eˣ) = x + log(1 + e⁻ˣ)."),
        _soft("x + np.log(1 + np.exp(-x))", "Right for x > 0. For −1000 now e⁻ˣ overflows, and it is the first form that does not: choose by the sign of x."),
        _soft("np.maximum(x, 0)", "That is ReLU. Softplus rounds its corner off: at 0 it is log 2, about 0.69."),
        _soft("np.maximum(x, 0) + np.log1p(np.exp(np.abs(x)))", "The exponent needs a minus: −|x|. Then np.exp never sees a number above 0."),
        _soft("np.log1p(np.exp(-np.abs(x)))", "Right for x < 0. For x > 0 the x in front is missing: log(1 + eˣ) = x + log(1 + e⁻ˣ)."),
        _soft("x + np.log1p(np.exp(-np.abs(x)))", "Right for x > 0. For x < 0 the x in front is too much: there it is log(1 + eˣ) alone."),
        _soft("1 / (1 + np.exp(-x))", "That is the sigmoid, the slope of softplus. Asked for is softplus itself."),
        _soft("np.abs(x) + np.log1p(np.exp(-np.abs(x)))", "You have made it symmetric. For x < 0 nothing stands in front of the logarithm: np.maximum(x, 0)."),
        _soft("np.maximum(x, 0) + np.log2(1 + np.exp(-np.abs(x)))", "The logarithm is the natural one, np.log, or np.log1p of what comes after the 1."),
        _soft("np.maximum(x, 0) + np.exp(-np.abs(x))", "The logarithm is missing: log(1 + e^−|x|)."),
        _soft("np.maximum(x, 0) - np.log1p(np.exp(-np.abs(x)))", "The logarithm is added, not taken away: softplus lies above ReLU everywhere."),
        _soft("np.log1p(np.exp(np.minimum(x, 0)))", "You hold x down at 0, so for x > 0 it stays at log 2. There the curve goes on rising: x + log(1 + e⁻ˣ)."),
        _soft("np.log1p(np.exp(np.minimum(x, 700)))", "No overflow, and a ceiling: above 700 yours stays at 700. max(x, 0) + log(1 + e^−|x|) needs none."),
        _soft("np.maximum(x, 0) + np.log1p(1 + np.exp(-np.abs(x)))", "np.log1p(t) is log(1 + t), so your 1 is counted twice. np.log1p(np.exp(…))."),
        _soft("np.maximum(x, 0) + np.log(np.exp(-np.abs(x)))", "The 1 is missing: log(1 + e^−|x|). Without it, exp and log cancel."),
    ),
    praise="dl.softplus does the same. From afar nobody can tell it from ReLU.",
)  # fmt: skip

# --- slope_error -----------------------------------------------------------------------------------------------------

_ERROR = '''def slope_error(f, slope, x):
    """f and slope act on each entry of an array; slope claims to be the derivative of f.
    x: (N,). Measure the derivative at each x, as (f(x + h) − f(x − h)) / (2 h), h = 0.001.
    Returns the largest distance between what is claimed and what is measured, a number."""
    h = 0.001
    measured = (f(x + h) - f(x - h)) / (2 * h)
    return np.max(np.abs(slope(x) - measured))
'''
Function = Callable[[Any], Any]


def cos(x: Any) -> Any:
    return np.cos(x)


def double(x: Any) -> Any:
    return x + x


def square(x: Any) -> Any:
    return x * x


def wave(x: Any) -> Any:
    return x + np.sin(3 * x)


def tanh_slope(x: Any) -> Any:
    return 1 - np.tanh(x) ** 2


def _claim(f: Function, slope: Function, n: int) -> Case:
    return f, slope, _rng.normal(size=n)


slope_error = Exercise(
    name="slope_error",
    blank_from="    h =",
    solution=_ERROR,
    others=('''
    worst = 0
    for one in x:
        measured = (f(one + 0.001) - f(one - 0.001)) / 0.002
        worst = max(worst, abs(measured - slope(one)))
    return worst
''',),
    cases=[
        (square, cos, np.array([1.0, -2.0])),
        _claim(square, double, 4),
        _claim(np.tanh, tanh_slope, 5),
        _claim(np.tanh, cos, 7),
        _claim(wave, double, 3),
        _claim(np.exp, cos, 6),
        _claim(np.sin, square, 1),
    ],
    hints=(
        "slope(x) is what is claimed, an array. What would a ruler say? Step a little to both sides, and see how far f has risen.",
        "measured = (f(x + h) − f(x − h)) / (2 h), with brackets below the line. Then the distance at each x, whatever its sign.",
        "np.max(np.abs(slope(x) - measured))",
    ),
    wrong=(
        change(
            _ERROR, "(f(x + h) - f(x - h)) / (2 * h)", "(f(x + h) - f(x)) / h",
            "You step to one side only. Where f bends, that is off by about h/2 · f″; a step to both sides cancels it.",
        ),
        change(
            _ERROR, "(f(x + h) - f(x - h)) / (2 * h)", "(f(x) - f(x - h)) / h",
            "You step to one side only, to the left. Where f bends, that is off by about h/2 · f″; a step to both sides cancels it.",
        ),
        change(
            _ERROR, "/ (2 * h)", "/ h",
            "From x − h to x + h it is 2 h: what you measure is twice too steep.",
        ),
        change(
            _ERROR, "/ (2 * h)", "/ 2 * h",
            "Without brackets / 2 * h divides by 2 and then multiplies by h: / (2 * h).",
        ),
        change(
            _ERROR, "np.max(np.abs(slope(x) - measured))", "np.max(slope(x) - measured)",
            "Without np.abs a claim that is too flat counts as less than none. A distance has no sign.",
        ),
        change(
            _ERROR, "np.max(np.abs(slope(x) - measured))", "np.mean(np.abs(slope(x) - measured))",
            "You take the mean. One bad place among many good ones would hide in it: the largest is asked for.",
        ),
        change(
            _ERROR, "np.max(np.abs(slope(x) - measured))", "np.sum(np.abs(slope(x) - measured))",
            "You add all distances up. The largest is asked for.",
        ),
        change(
            _ERROR, "np.max(np.abs(slope(x) - measured))", "np.min(np.abs(slope(x) - measured))",
            "That is the smallest distance. Nearly every wrong slope is right somewhere: ask for the largest.",
        ),
        change(
            _ERROR, "np.max(np.abs(slope(x) - measured))", "np.abs(slope(x) - measured)",
            "You return the distance at each x. One number is asked for, the largest.",
        ),
        change(
            _ERROR, "np.max(np.abs(slope(x) - measured))", "np.max(np.abs(f(x) - measured))",
            "You compare f itself with the measured slope. It is slope(x) that claims to be the derivative.",
        ),
        change(
            _ERROR, "f(x + h) - f(x - h)", "f(x - h) - f(x + h)",
            "The difference is the wrong way round, so a rising f measures as falling: f(x + h) − f(x − h).",
        ),
        change(
            _ERROR, "np.max(np.abs(slope(x) - measured))", "np.max(np.abs(slope(x) - measured)) / np.max(np.abs(measured))",
            "You divide by the largest slope. The distance itself is asked for.",
        ),
        change(
            _ERROR, "np.max(np.abs(slope(x) - measured))", "np.max((slope(x) - measured) ** 2)",
            "You return the square of the largest distance.",
        ),
        change(
            _ERROR, "np.max(np.abs(slope(x) - measured))", "np.max(np.abs(measured))",
            "That is the steepest slope you measured. Compare it with slope(x).",
        ),
        change(
            _ERROR, "np.max(np.abs(slope(x) - measured))", "np.argmax(np.abs(slope(x) - measured))",
            "np.argmax says where the largest distance is, np.max how large.",
        ),
    ),
    praise="dl.gradcheck asks the same of every operation of this course, your own included.",
)  # fmt: skip

EXERCISES = Lesson([elu, softplus, slope_error])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
