"""Exercises of lesson 04: the slope of the error, one update, and the largest step that does not explode."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Exercise, Lesson, change

__all__ = ["EXERCISES", "check", "hint", "solution"]

_rng = np.random.default_rng(4)

# --- gradient --------------------------------------------------------------------------------------------------------

_GRADIENT = '''def gradient(w, x, y):
    """The network says w · x for each example; error = mean of (w · x - y)². w: a number. x, y: arrays of
    shape (N,). Returns ∂error/∂w, a number."""
    return np.mean(2 * (w * x - y) * x)
'''

gradient = Exercise(
    name="gradient",
    blank_from="    return",
    solution=_GRADIENT,
    others=(
        """
    total = 0
    for i in range(len(x)):
        total += 2 * (w * x[i] - y[i]) * x[i]
    return total / len(x)
""",
    ),
    cases=[
        (1.0, np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.5])),
        (0.0, np.array([2.0]), np.array([3.0])),
        (2.0, np.array([1, -3, 2, 0]), np.array([4, 1, -1, 2])),
        *((float(_rng.normal()), _rng.normal(size=n), _rng.normal(size=n)) for n in (2, 5, 50)),
    ],
    hints=(
        "Take one example first. What is the derivative of (w · x − y)² by w? The chain rule gives two factors.",
        "The outer square gives 2 (w · x − y), the inner w · x gives x. Then take the mean over the examples.",
        "np.mean(2 * (w * x - y) * x)",
    ),
    wrong=(
        change(
            _GRADIENT,
            "w * x - y",
            "y - w * x",
            "Close. Your gradient has the right size and the opposite sign: you computed truth − prediction, so the update walks uphill.",
        ),
        change(
            _GRADIENT,
            "2 * (w * x - y)",
            "(w * x - y)",
            "Yours is {yours}, half of {expected}. The derivative of a square brings a factor 2.",
        ),
        change(
            _GRADIENT,
            "np.mean",
            "np.sum",
            "You add up the examples where the error takes their mean: with twice the data, your step would be twice as long.",
        ),
        change(
            _GRADIENT,
            "(w * x - y) * x",
            "(w * x - y)",
            "The inner derivative is missing. w · x changes by x when w changes by 1, so each example is weighed with its x.",
        ),
        change(
            _GRADIENT,
            "np.mean(2 * (w * x - y) * x)",
            "np.mean((w * x - y)**2)",
            "{yours} is the error itself, how high you stand. The gradient is how steep it is: {expected}.",
        ),
        change(
            _GRADIENT,
            "np.mean(2 * (w * x - y) * x)",
            "2 * (w * x - y) * x",
            "You get one slope for each example. The error is their mean, so its slope is the mean of these.",
        ),
        change(
            _GRADIENT,
            "np.mean(2 * (w * x - y) * x)",
            "(np.mean(((w + 1e-3) * x - y)**2) - np.mean((w * x - y)**2)) / 1e-3",
            "Nearly: you measure the slope between w and a point beside it, where it is a little different. (e(w + h) − e(w − h)) / 2h would be exact here; the chain rule needs no h at all.",
        ),
        change(
            _GRADIENT,
            "(w * x - y) * x",
            "(w * x - y) * w",
            "The inner derivative is taken by x, and it is w that moves: w · x changes by x when w changes by 1.",
        ),
        change(
            _GRADIENT,
            "2 * (w * x - y) * x",
            "2 * np.abs(w * x - y) * x",
            "The sign of each miss is lost, and it says which way to go. A square has the derivative 2 (w x − y), negative where w x is too small.",
        ),
        change(
            _GRADIENT,
            "np.mean(2 * (w * x - y) * x)",
            "np.mean(2 * (w * x - y)) * np.mean(x)",
            "You take two means and multiply them. Multiply first, example by example, then take one mean.",
        ),
    ),
    praise="Compare it with (error(w + 0.001) − error(w)) / 0.001: three digits agree.",
)

# --- update ----------------------------------------------------------------------------------------------------------

_UPDATE = '''def update(w, gradient, step):
    """One update of gradient descent. w, gradient: arrays of one shape. step: a number. Returns the new
    weights."""
    return w - step * gradient
'''

update = Exercise(
    name="update",
    blank_from="    return",
    solution=_UPDATE,
    others=(
        """
    new = np.zeros(w.shape)
    for i in range(len(w)):
        new[i] = w[i] - step * gradient[i]
    return new
""",
    ),
    cases=[
        (np.array([1.0, -2.0]), np.array([-4.0, 0.5]), 0.1),
        (np.array([3.0]), np.array([0.0]), 1.0),
        *((_rng.normal(size=s), _rng.normal(size=s), float(_rng.uniform(0.01, 2))) for s in (4, (3, 2), (5, 1))),
    ],
    hints=(
        "The gradient points to where the error grows fastest. Which way do you want to go, and how far?",
        "Against the gradient, by step times its length: subtract step * gradient from w, in a new array.",
    ),
    wrong=(
        change(
            _UPDATE,
            "w - step",
            "w + step",
            "You walk uphill: the gradient points to where the error grows. {yours} lies on the wrong side of w; subtract.",
        ),
        change(
            _UPDATE,
            "w - step * gradient",
            "w - gradient",
            "The step is not used: every update has the full length of the gradient. Multiply it by step first.",
        ),
        change(
            _UPDATE,
            "w - step * gradient",
            "-step * gradient",
            "{yours} is the change alone. Add it to where you stand: w − step · gradient.",
        ),
        change(
            _UPDATE,
            "step * gradient",
            "step * np.sign(gradient)",
            "You use only the signs of the gradient, so a gentle slope and a cliff get the same step. Keep the size.",
        ),
        change(
            _UPDATE,
            "step * gradient",
            "step * np.abs(gradient)",
            "All your weights become smaller. Where the gradient is negative, w has to grow: keep the sign.",
        ),
        change(
            _UPDATE,
            "step * gradient",
            "2 * step * gradient",
            "Your update is twice as long as asked for. The factor 2 of the square is in the gradient already.",
        ),
        change(
            _UPDATE,
            "w - step * gradient",
            "w - step",
            "You take the step without the gradient, so every weight moves by the same. Multiply: step · gradient.",
        ),
        change(
            _UPDATE,
            "step * gradient",
            "gradient / step",
            "You divide by the step, so a smaller step takes you further. Multiply.",
        ),
        change(
            _UPDATE,
            "w - step * gradient",
            "w * (1 - step * gradient)",
            "Your change is multiplied by w: a weight of 0 could never move. Subtract step · gradient from w itself.",
        ),
        change(
            _UPDATE,
            "return w - step * gradient",
            "w -= step * gradient\n    return w",
            shows="changed its argument w",
        ),
    ),
    praise="This line trains every network in the course.",
)

# --- largest_step ----------------------------------------------------------------------------------------------------

_LARGEST = '''def largest_step(hessian):
    """error = ½ wᵀ H w, with the symmetric, positive definite Hessian H of shape (D, D). Below which step
    does gradient descent come to rest from every start? Returns that bound, a number."""
    return 2 / np.max(np.linalg.eigvalsh(hessian))
'''


def _hessian(size: int) -> np.ndarray[Any, Any]:
    a = _rng.normal(size=(size, size))
    return a @ a.T + 0.1 * np.eye(size)


largest_step = Exercise(
    name="largest_step",
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

EXERCISES = Lesson([gradient, update, largest_step])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
