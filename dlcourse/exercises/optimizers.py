"""Exercises of lesson 18: repair momentum, write RMSprop, and write Adam with its correction."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {
    "ball": "about 40",
    "share": "0.67",
    "thousand": "walks the same path",
    "correction": "too long",
    "own best": "about half",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(18)

# --- momentum --------------------------------------------------------------------------------------------------------

_MOMENTUM = '''def momentum(hessian, w, lr, mu, steps):
    """The loss is ½ wᵀ H w, so its gradient is H w. hessian: H, (D, D), w: the start, (D,).
    Makes `steps` steps of v ← μ v + g, w ← w − lr · v, where v begins at 0. Returns the
    last w."""
    velocity = np.zeros(len(w))
    for _ in range(steps):
        gradient = hessian @ w
        velocity = mu * velocity + gradient
        w = w - lr * velocity
    return w
'''
_LOOP = """    velocity = np.zeros(len(w))
    for _ in range(steps):
        gradient = hessian @ w
"""
_FORGETS = """    for _ in range(steps):
        velocity = np.zeros(len(w))
        gradient = hessian @ w
"""
_STALE = """    velocity = np.zeros(len(w))
    gradient = hessian @ w
    for _ in range(steps):
"""
_BROKEN = """    gradient = hessian @ w
    for _ in range(steps):
        velocity = np.zeros(len(w))
"""


def _bowl(size: int, steps: int, mu: float) -> Case:
    """A bowl whose axes lie across the weights."""
    a = _rng.normal(size=(size, size))
    hessian = a @ a.T / size + 0.2 * np.eye(size)
    return hessian, _rng.normal(size=size), 0.5 / float(np.linalg.eigvalsh(hessian)[-1]), mu, steps


momentum = Exercise(
    name="momentum",
    varies=Varies(
        what="the factor in the loss",
        given="½",
        others=(("2", "4"), ("3", "6"), ("¼", "0.5")),
        pieces=(
            ("The loss is ½ wᵀ H w, so its gradient is H w.", "The loss is {0} wᵀ H w, so its gradient is {1} H w."),
            ("gradient = hessian @ w", "gradient = {1} * hessian @ w"),
            ("lr * (hessian @ w)", "lr * {1} * (hessian @ w)"),
        ),
    ),
    stub=changes(_MOMENTUM, (_LOOP, _BROKEN)),
    solution=_MOMENTUM,
    others=(
        """
    move = 0 * w
    for _ in range(steps):
        move = mu * move - lr * (hessian @ w)
        w = w + move
    return w
""",
    ),
    cases=[
        (np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([1.0, 4.0]), 0.25, 0.5, 2),
        (np.array([[1.0, 0.0], [0.0, 3.0]]), np.array([2.0, -1.0]), 0.1, 0.9, 1),
        *(_bowl(*sizes) for sizes in ((3, 4, 0.8), (2, 7, 0.6), (5, 10, 0.9), (4, 3, 0.0))),
    ],
    hints=(
        "Follow two steps by hand. What does the second one know of the first? And where does it measure its gradient?",
        "One line must be done once and is done at every step. Another must be done at every step and is done once.",
        "velocity = np.zeros(len(w)) before the loop, gradient = hessian @ w inside it.",
    ),
    wrong=(
        Wrong(
            changes(_MOMENTUM, (_LOOP, _BROKEN.replace("hessian @ w", "np.dot(hessian, w)"))),
            "Same numbers as before the repair: every step goes along the first gradient, and the velocity begins at 0 each time.",
        ),
        Wrong(
            changes(_MOMENTUM, (_LOOP, _FORGETS)),
            "The gradient is fresh now. The velocity still begins at 0 in every step, so nothing is remembered, and this is plain descent. Set it to 0 once, before the loop.",
        ),
        Wrong(
            changes(_MOMENTUM, (_LOOP, _STALE)),
            "The velocity is remembered now. The gradient is still the one of the start: measure it where w is, inside the loop.",
        ),
        change(
            _MOMENTUM, "mu * velocity + gradient", "mu * velocity + (1 - mu) * gradient",
            "You take an average, as Adam does with its m. Momentum adds the whole gradient: mu * velocity + gradient."),
        change(
            _MOMENTUM, "w = w - lr * velocity", "w = w - lr * (gradient + mu * velocity)",
            "That is Nesterov's step, which looks ahead along the new velocity. Asked for is plain momentum: w − lr · v."),
        change(
            _MOMENTUM, "w - lr * velocity", "w + lr * velocity",
            "The right length, and uphill. The velocity adds up gradients, which point up: subtract it."),
        change(
            _MOMENTUM, "w - lr * velocity", "w - velocity",
            "The learning rate is missing: w − lr · v."),
        change(
            _MOMENTUM, "mu * velocity + gradient", "velocity + gradient",
            "Nothing of the past fades. Only the share mu of the velocity is kept."),
        change(
            _MOMENTUM, "mu * velocity + gradient", "(1 - mu) * velocity + gradient",
            "mu is the share that is kept, and you keep 1 − mu of the velocity."),
        Wrong(
            changes(_MOMENTUM, ("        velocity = mu * velocity + gradient\n        w = w - lr * velocity\n", "        w = w - lr * velocity\n        velocity = mu * velocity + gradient\n")),
            "You move first and renew the velocity afterwards, so each step goes along an old one, and the first goes nowhere.",
        ),
        change(
            _MOMENTUM, "    return w\n", "    return velocity\n",
            "{yours} is the last velocity. Asked for are the weights."),
        change(
            _MOMENTUM, "range(steps)", "range(steps - 1)",
            "One step is missing: range(steps) makes `steps` of them."),
        change(_MOMENTUM, "w = w - lr * velocity", "w -= lr * velocity", shows="changed its argument w"),
    ),
    praise="Two lines in the wrong place, and it still went downhill. Slow learning is how such mistakes look.",
)  # fmt: skip

# --- rmsprop ---------------------------------------------------------------------------------------------------------

_RMSPROP = '''def rmsprop(w, gradients, lr, rho, eps):
    """w: weights, (D,). gradients: (T, D), a row for each of T steps. Each weight keeps its own
    mean of g²: s ← ρ s + (1 − ρ) g², beginning at 0, and then w ← w − lr · g / (√s + ε).
    Returns the weights after all T steps, (D,)."""
    squares = np.zeros(len(w))
    for gradient in gradients:
        squares = rho * squares + (1 - rho) * gradient**2
        w = w - lr * gradient / (np.sqrt(squares) + eps)
    return w
'''
_MEAN = "rho * squares + (1 - rho) * gradient**2"


def _steps(t: int, size: int, *settings: float) -> Case:
    """Gradients of very different size from weight to weight."""
    return (_rng.normal(size=size), _rng.normal(size=(t, size)) * 10.0 ** _rng.uniform(-1, 1, size), *settings)


rmsprop = Exercise(
    name="rmsprop",
    varies=Varies(
        what="the first s",
        given="0",
        others=(("1",), ("2",), ("0.5",)),
        pieces=(
            ("beginning at 0, and then", "beginning at {0}, and then"),
            ("np.zeros(len(w))", "np.full(len(w), {0})"),
        ),
    ),
    blank_from="    squares = np",
    solution=_RMSPROP,
    cases=[
        (np.array([1.0, 2.0]), np.array([[3.0, -4.0]]), 0.1, 0.75, 0.5),
        (np.array([1.0]), np.array([[2.0], [0.0], [-1.0]]), 0.2, 0.5, 0.1),
        *(_steps(*sizes) for sizes in ((2, 3, 0.1, 0.9, 0.01), (6, 2, 0.3, 0.8, 0.2), (9, 5, 0.05, 0.95, 0.001))),
    ],
    hints=(
        "Keep one more array beside w, as long as w. What happens to it in each step?",
        "for gradient in gradients: first renew squares, then move w by lr · gradient / (√squares + ε), entry by entry.",
        "squares = rho * squares + (1 - rho) * gradient**2, and then w = w - lr * gradient / (np.sqrt(squares) + eps).",
    ),
    wrong=(
        change(
            _RMSPROP, _MEAN, "squares + gradient**2",
            "You add up all squares and forget none: that is Adagrad, whose steps die out. RMSprop keeps the share rho, and adds 1 − rho of the new square."),
        change(
            _RMSPROP, _MEAN, "(1 - rho) * squares + rho * gradient**2",
            "The shares are swapped: rho is what is kept of the past."),
        change(
            _RMSPROP, _MEAN, "rho * squares + gradient**2",
            "The new square counts 1 − rho, so that s stays a mean."),
        change(
            _RMSPROP, "np.sqrt(squares) + eps", "np.sqrt(squares + eps)",
            "Your ε stands inside the root. There it is worth √ε, here ten times as much or more: √s + ε."),
        change(
            _RMSPROP, "gradient**2", "np.mean(gradient**2)",
            "All weights share one mean of squares. Each has its own: gradient**2 is entry by entry."),
        change(
            _RMSPROP, "gradient**2", "np.sum(gradient**2)",
            "You divide by the length of the whole gradient, the same for all weights. Each weight keeps its own s: gradient**2 is entry by entry."),
        change(
            _RMSPROP, "(np.sqrt(squares) + eps)", "(squares + eps)",
            "The root is missing. s is in squared units, and only its root can be compared with a gradient."),
        change(
            _RMSPROP, "gradient**2", "np.abs(gradient)",
            "You average |g|. RMSprop averages g², and takes the root afterwards: that is what the letters RMS, root of the mean of squares, say."),
        change(
            _RMSPROP, "w - lr *", "w + lr *",
            "The right length, and uphill: subtract."),
        change(
            _RMSPROP, "np.zeros(len(w))", "np.ones(len(w))",
            "Your s begins at 1, and at 0 is asked for."),
        change(
            _RMSPROP, "gradient / (np.sqrt(squares) + eps)", "gradient",
            "You keep the squares and never use them: divide the gradient by √s + ε."),
        Wrong(
            changes(_RMSPROP, ("        squares = rho * squares + (1 - rho) * gradient**2\n        w = w - lr * gradient / (np.sqrt(squares) + eps)\n", "        w = w - lr * gradient / (np.sqrt(squares) + eps)\n        squares = rho * squares + (1 - rho) * gradient**2\n")),
            "You move first and renew s afterwards. Then the first step divides by nothing but ε, and is enormous.",
        ),
        Wrong(
            changes(_RMSPROP, ("    return w\n", "        return w\n")),
            "You return after the first step: the return stands inside the loop.",
        ),
        change(_RMSPROP, "w = w - lr", "w -= lr", shows="changed its argument w"),
    ),
    praise="Two lines in a lecture, never published as a paper, and half of Adam.",
)  # fmt: skip

# --- adam ------------------------------------------------------------------------------------------------------------

_ADAM = '''def adam(w, gradients, lr, beta1, beta2, eps):
    """w: weights, (D,). gradients: (T, D), a row for each of T steps. m ← β₁ m + (1 − β₁) g and
    s ← β₂ s + (1 − β₂) g², both beginning at 0. In step t = 1, 2 … the weights move by
    − lr · m̂ / (√ŝ + ε), m̂ and ŝ being m and s, made up for their beginning at 0.
    Returns the weights after all T steps, (D,)."""
    mean, squares = np.zeros(len(w)), np.zeros(len(w))
    for t, gradient in enumerate(gradients, start=1):
        mean = beta1 * mean + (1 - beta1) * gradient
        squares = beta2 * squares + (1 - beta2) * gradient**2
        fair_mean = mean / (1 - beta1**t)
        fair_squares = squares / (1 - beta2**t)
        w = w - lr * fair_mean / (np.sqrt(fair_squares) + eps)
    return w
'''
_FAIR_MEAN, _FAIR_SQUARES = "mean / (1 - beta1**t)", "squares / (1 - beta2**t)"

adam = Exercise(
    name="adam",
    blank_from="    mean, squares",
    solution=_ADAM,
    cases=[
        (np.array([1.0, 2.0]), np.array([[3.0, -4.0], [1.0, 2.0]]), 0.1, 0.5, 0.75, 0.5),
        (np.array([1.0]), np.array([[2.0]]), 0.2, 0.9, 0.99, 0.1),
        *(
            _steps(*sizes)
            for sizes in ((3, 3, 0.1, 0.9, 0.999, 0.01), (6, 2, 0.3, 0.6, 0.9, 0.2), (9, 5, 0.05, 0.8, 0.95, 0.001))
        ),
    ],
    hints=(
        "After one step m is (1 − β₁) g. By what must it be divided to be g? After two equal gradients, m is (1 − β₁²) g.",
        "m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ), with t = 1 in the first step. m and s themselves are kept as they are.",
        "enumerate(gradients, start=1) counts t. Then w = w - lr * (mean / (1 - beta1**t)) / (np.sqrt(squares / (1 - beta2**t)) + eps).",
    ),
    wrong=(
        Wrong(
            changes(_ADAM, (_FAIR_MEAN, "mean"), (_FAIR_SQUARES, "squares")),
            "m and s begin at 0 and are too small at first; you use them as they are. Divide m by 1 − β₁ᵗ, and s by 1 − β₂ᵗ.",
        ),
        change(
            _ADAM, _FAIR_MEAN, "mean",
            "s is made up for, m is not: divide it by 1 − β₁ᵗ."),
        change(
            _ADAM, _FAIR_SQUARES, "squares",
            "m is made up for, s is not: divide it by 1 − β₂ᵗ."),
        change(
            _ADAM, "start=1", "start=2",
            "The power is one too large: your first step has t = 2. Then m is divided by 1 − β₁², and it is only 1 − β₁ of the gradient."),
        change(
            _ADAM, "enumerate(gradients, start=1)", "enumerate(gradients)",
            "Your first step has t = 0, and 1 − β⁰ is 0: a division by zero. Count from 1."),
        Wrong(
            changes(_ADAM, ("beta1**t", "beta1"), ("beta2**t", "beta2")),
            "The power t is missing, so the correction never ends: after many steps m needs none any more, for β₁ᵗ is next to 0.",
        ),
        Wrong(
            changes(_ADAM, ("beta1**t", "beta1 * t"), ("beta2**t", "beta2 * t")),
            "β · t, and β to the power t is asked for: beta1**t.",
        ),
        change(
            _ADAM, "np.sqrt(fair_squares) + eps", "np.sqrt(fair_squares + eps)",
            "Your ε stands inside the root. There it is worth √ε: √ŝ + ε is asked for."),
        change(
            _ADAM, "gradient**2", "np.mean(gradient**2)",
            "All weights share one s. Each has its own: gradient**2 is entry by entry."),
        Wrong(
            changes(_ADAM, ("adam(w, gradients, lr, beta1, beta2, eps)", "adam(w, gradients, lr, beta2, beta1, eps)")),
            "β₁ and β₂ are swapped: β₁ belongs to the mean of the gradient, β₂ to the mean of its square.",
        ),
        Wrong(
            changes(_ADAM, ("        fair_mean = mean", "        mean = mean"), ("        fair_squares = squares", "        squares = squares"), ("lr * fair_mean", "lr * mean"), ("np.sqrt(fair_squares)", "np.sqrt(squares)")),
            "You correct m and s and keep the corrected ones, so the next step corrects them again. Correct copies: m̂ and ŝ are used once and thrown away.",
        ),
        change(
            _ADAM, "fair_mean / (np", "gradient / (np",
            "You move along the gradient itself, which is RMSprop with a correction. Adam moves along m̂."),
        change(
            _ADAM, "(np.sqrt(fair_squares) + eps)", "(fair_squares + eps)",
            "The root is missing: √ŝ + ε. s is in squared units."),
        change(
            _ADAM, "w - lr *", "w + lr *",
            "The right length, and uphill: subtract."),
        Wrong(
            changes(_ADAM, ("beta1 * mean + (1 - beta1) * gradient", "beta1 * mean + gradient"), ("beta2 * squares + (1 - beta2) * gradient**2", "beta2 * squares + gradient**2")),
            "The new gradient counts 1 − β₁ and its square 1 − β₂, so that m and s are means.",
        ),
        change(_ADAM, "w = w - lr", "w -= lr", shows="changed its argument w"),
    ),
    praise="This is the optimizer with which most networks of today were trained, and dl.Adam makes the same steps.",
)  # fmt: skip

EXERCISES = Lesson([momentum, rmsprop, adam])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
