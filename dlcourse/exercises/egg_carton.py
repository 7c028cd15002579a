"""Exercises of lesson 04b: how many balls it takes, the way off a saddle, and a direction as long as the neurons."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.comparing import shown
from dlcourse.checking.exercise import Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"60 updates": "it rises somewhere", "balls": "none", "plane": "one bowl"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(44)

# --- balls_needed ----------------------------------------------------------------------------------------------------

_BALLS = '''def balls_needed(q, d):
    """Each ball ends in the deepest well with the chance q to the power d, whatever the
    others do. From how many balls on is the chance that at least one of them ends there
    1/2 or more? Returns that number of balls, a whole number (for large d: to 8 digits)."""
    luck = q**d
    return np.ceil(np.log(0.5) / np.log1p(-luck))
'''
_COUNT = "np.ceil(np.log(0.5) / np.log1p(-luck))"

balls_needed = Exercise(
    name="balls_needed",
    varies=Varies(
        what="the chance",
        given="1/2",
        others=(("3/4", "1/4"), ("4/5", "1/5"), ("9/10", "1/10")),
        pieces=(
            ("1/2 or more?", "{0} or more?"),
            ("np.log(0.5)", "np.log({1})"),
            ("-np.log(2) / missed", "np.log({1}) / missed"),
            ("that must be 1/2 or less", "that must be {1} or less"),
            ("n = log(0.5) / log", "n = log({1}) / log"),
            ("is more than 1/2: about 63 %. Fewer are enough.", "is about 63 %, less than {0}. More are needed."),
            ("still below 1/2", "still below {0}"),
            ("the chance 1/2 or more", "the chance {0} or more"),
            ("With how many is it as likely as not that one finds the deepest well?", "With how many is the chance {0} that one finds the deepest well?"),
        ),
    ),
    blank_from="    luck",
    solution=_BALLS,
    others=(
        """
    missed = np.log1p(-q**d)
    return np.ceil(-np.log(2) / missed)
""",
    ),
    cases=[(0.67, 2), (0.67, 1), (0.6, 3), (0.67, 10), (0.8, 12), (0.75, 30), (0.67, 100)],
    hints=(
        "Turn the question round: when does none of n balls end there? Each misses with the chance 1 − q to the power d.",
        "All n miss with the chance (1 − luck) to the power n, and that must be 1/2 or less. Logarithms bring the n down.",
        "n = log(0.5) / log(1 − luck), rounded up. For a tiny luck 1 − luck is 1 to the computer: np.log1p(-luck) computes log(1 − luck) all the same.",
    ),
    wrong=(
        change(
            _BALLS, _COUNT, "np.ceil(1 / luck)",
            "With 1 / luck balls one of them arrives on average, and the chance that at least one does is more than 1/2: about 63 %. Fewer are enough.",
        ),
        change(
            _BALLS, _COUNT, "np.ceil(0.5 / luck)",
            "You add up the chances of the balls. Two coins do not make heads certain: the chances that multiply are those of missing.",
        ),
        change(
            _BALLS, "np.log1p(-luck)", "np.log(luck)",
            "You ask when all n balls arrive. It is enough that not all of them miss: 1 − luck instead of luck.",
        ),
        change(
            _BALLS, "np.ceil(np.log(0.5) / np.log1p(-luck))", "np.floor(np.log(0.5) / np.log1p(-luck))",
            "One ball short: with {yours} the chance is still below 1/2. Round up.",
        ),
        change(
            _BALLS, "np.ceil(np.log(0.5) / np.log1p(-luck))", "np.log(0.5) / np.log1p(-luck)",
            "{yours} balls cannot be dropped. From which whole number on is the chance 1/2 or more?",
        ),
        change(
            _BALLS, "q**d", "q * d",
            "One ball needs luck on axis 1 and on axis 2 and on each further one: chances multiply, q to the power d.",
        ),
        change(
            _BALLS, "q**d", "(1 - q)**d",
            "You computed the luck for the well that is shallow on every axis. The deep well's share of an axis is q.",
        ),
        change(
            _BALLS, "q**d", "q",
            "Your number does not depend on d. Each of the d axes needs its luck: q to the power d.",
        ),
        change(
            _BALLS, "np.log1p(-luck)", "-luck",
            "Nearly, and the rarer the luck, the nearer: log(1 − luck) is −luck only where luck is tiny.",
        ),
        change(
            _BALLS, "np.log1p(-luck)", "np.log(1 - luck)",
            "Right for few dimensions. At d = 100 the luck is 4 · 10⁻¹⁸, and 1 − luck is 1 to the computer, so the logarithm is 0. np.log1p(-luck) keeps what is small.",
        ),
    ),
    praise="At d = 100 it is more balls than there are seconds since the stars began. Nobody looks for the deepest well.",
)  # fmt: skip

# --- way_out ---------------------------------------------------------------------------------------------------------

_WAY = '''def way_out(hessian):
    """A saddle: the gradient is 0 and says nothing. hessian: (D, D), symmetric, with at least
    one eigenvalue below 0. Returns the direction in which the landscape falls most, an array
    of shape (D,) with length 1. It falls as much to the other side: either sign is right."""
    curvatures, directions = np.linalg.eigh(hessian)
    return directions[:, np.argmin(curvatures)]
'''


def _saddle(size: int) -> tuple[np.ndarray[Any, Any]]:
    turned = np.linalg.qr(_rng.normal(size=(size, size)))[0]
    curvatures = np.concatenate([[-1.5, -0.4][: size - 1], np.linspace(0.5, 3, size - min(2, size - 1))])
    return ((turned * curvatures) @ turned.T,)


def _look_at_direction(value: Any, hessian: Any) -> str:
    try:
        direction = np.asarray(getattr(value, "data", value), dtype=float)
    except (TypeError, ValueError):
        return f"an array of {len(hessian)} numbers is expected, one per weight, and {shown(value)} came back."
    if direction.shape != (len(hessian),):
        return (
            f"a direction has one number per weight, shape ({len(hessian)},), and yours has shape {direction.shape}. "
            "np.linalg.eigh gives two things, the curvatures and, as columns, their directions."
        )
    length = float(np.linalg.norm(direction))
    if not np.isclose(length, 1, rtol=1e-5):
        return (
            f"your direction has length {length:.3g}, and length 1 is expected: divide it by np.linalg.norm of itself."
        )
    return ""


def _fall(value: Any, hessian: Any) -> float:
    direction = np.asarray(getattr(value, "data", value), dtype=float)
    return float(direction @ hessian @ direction)


way_out = Exercise(
    name="way_out",
    blank_from="    curvatures",
    solution=_WAY,
    others=(
        """
    curvatures, directions = np.linalg.eigh(hessian)
    return directions[:, 0]
""",
    ),
    cases=[(np.array([[1.0, 2.0], [2.0, -1.0]]),), _saddle(2), _saddle(3), _saddle(4), _saddle(7)],
    measure=_fall,
    diagnose=_look_at_direction,
    hints=(
        "Along a direction of length 1 the curvature is dᵀ H d. It is lowest along one of the axes of the bowl. Which?",
        "curvatures, directions = np.linalg.eigh(hessian): directions[:, i] is the axis with curvature curvatures[i].",
        "The smallest curvature comes first, so directions[:, 0].",
    ),
    wrong=(
        change(
            _WAY, "np.argmin", "np.argmax",
            "That is the steepest way up. Down goes the axis with the smallest curvature, the one below 0.",
        ),
        change(
            _WAY, "directions[:, np.argmin(curvatures)]", "directions[np.argmin(curvatures)]",
            "The directions stand in the columns, and you took a row: directions[:, i] belongs to curvatures[i].",
        ),
        change(
            _WAY, "directions[:, np.argmin(curvatures)]", "np.eye(len(hessian))[np.argmin(np.diag(hessian))]",
            "You looked at single weights, the diagonal. The steepest way down turns several weights at once: eigenvectors see it.",
        ),
        change(
            _WAY, "np.argmin(curvatures)", "np.argmin(np.abs(curvatures))",
            "The absolute value takes the flattest axis. The smallest curvature with its sign is asked for, far below 0.",
        ),
        change(
            _WAY, "directions[:, np.argmin(curvatures)]", "np.ones(len(hessian)) / np.sqrt(len(hessian))",
            "You turn all weights alike. Which of the bowl's own axes bends down most? np.linalg.eigh knows.",
        ),
        change(
            _WAY, "eigh(hessian)\n    return directions[:, np.argmin(curvatures)]", "eig(hessian)\n    return directions[:, 0]",
            "np.linalg.eig gives the axes in no order, and you took the first. np.linalg.eigh, made for symmetric tables, begins with the smallest curvature.",
        ),
        change(_WAY, "directions[:, np.argmin(curvatures)]", "curvatures", shows="your direction has length"),
        change(_WAY, "directions[:, np.argmin(curvatures)]", "directions", shows="yours has shape (2, 2)"),
        change(_WAY, "directions[:, np.argmin(curvatures)]", "np.min(curvatures)", shows="yours has shape ()"),
    ),
    praise="With a million weights nobody computes it. A little noise in the steps finds a way down too: lesson 06 has plenty.",
)  # fmt: skip

# --- scaled ----------------------------------------------------------------------------------------------------------

_SCALED = '''def scaled(direction, weights):
    """weights: (K, M), those of a dense layer; column m goes into neuron m. direction: random
    numbers of the same shape. Returns the direction, each column stretched or shrunk until it
    is as long as the same column of the weights."""
    wanted = np.linalg.norm(weights, axis=0)
    lengths = np.linalg.norm(direction, axis=0)
    return direction / lengths * wanted
'''
_STRETCHED = "direction / lengths * wanted"

scaled = Exercise(
    name="scaled",
    blank_from="    wanted",
    solution=_SCALED,
    others=(
        """
    out = np.zeros(direction.shape)
    for m in range(direction.shape[1]):
        out[:, m] = direction[:, m] * np.linalg.norm(weights[:, m]) / np.linalg.norm(direction[:, m])
    return out
""",
    ),
    cases=[
        (np.array([[0.0, 1.0], [2.0, 0.0]]), np.array([[3.0, 0.0], [4.0, 2.0]])),
        *((_rng.normal(size=s), _rng.normal(size=s) * _rng.uniform(0.1, 3, size=s[1])) for s in ((1, 1), (3, 3), (4, 2), (2, 5))),
    ],
    hints=(
        "The length of a column is the root of the sum of its squares. One number per neuron: shape (M,).",
        "np.linalg.norm(…, axis=0) gives the lengths of all columns. Divide the direction by its own lengths, and multiply by those of the weights.",
        "direction / np.linalg.norm(direction, axis=0) * np.linalg.norm(weights, axis=0)",
    ),
    wrong=(
        Wrong(
            changes(
                _SCALED,
                ("(weights, axis=0)", "(weights, axis=1, keepdims=True)"), ("(direction, axis=0)", "(direction, axis=1, keepdims=True)"),
            ),
            "You measure rows. A row holds what one input sends to all neurons; one neuron's weights are a column, axis 0.",
        ),
        Wrong(
            changes(_SCALED, ("(weights, axis=0)", "(weights)"), ("(direction, axis=0)", "(direction)")),
            "The direction has the length of all weights together. Each neuron has a length of its own: axis=0.",
        ),
        change(
            _SCALED, _STRETCHED, "direction * wanted",
            "Your columns are as long as two lengths multiplied. Divide by the direction's own length first.",
        ),
        change(
            _SCALED, _STRETCHED, "direction / lengths",
            "Every column has length 1 now. Stretch each to the length of the neuron's weights: times wanted.",
        ),
        change(
            _SCALED, _STRETCHED, "direction * lengths / wanted",
            "Upside down: divide by the direction's own length and multiply by that of the weights.",
        ),
        change(
            _SCALED, _STRETCHED, "weights / wanted * lengths",
            "These are the weights, stretched to the direction. It is the random direction that is to be stretched.",
        ),
        Wrong(
            changes(_SCALED, ("np.linalg.norm(weights, axis=0)", "(weights**2).sum(axis=0)"), ("np.linalg.norm(direction, axis=0)", "(direction**2).sum(axis=0)")),
            "You compare sums of squares. A length is the root of that.",
        ),
        Wrong(
            changes(_SCALED, ("np.linalg.norm(weights, axis=0)", "np.abs(weights).sum(axis=0)"), ("np.linalg.norm(direction, axis=0)", "np.abs(direction).sum(axis=0)")),
            "You compare sums of absolute values. A length is the root of the sum of squares.",
        ),
        change(
            _SCALED, _STRETCHED, "weights * wanted / lengths * 0 + weights",
            "The weights themselves came back, as long as they are. It is the random direction that is to be stretched.",
        ),
        change(_SCALED, _STRETCHED, "np.multiply(direction, wanted / lengths, out=direction)", shows="changed its argument direction"),
    ),
    praise="Multiply a neuron's weights by 10, and its column of the direction grows with them: the picture stays.",
)  # fmt: skip

EXERCISES = Lesson([balls_needed, way_out, scaled])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
