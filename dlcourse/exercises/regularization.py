"""Exercises of lesson 20: the slide's penalties and their pull, a proximal step for both, and λ chosen by validation."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {
    "held back": "about 0.1",
    "corners": "eleven",
    "plain": "none",
    "one for all": "less than 1.5 times as large",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(20)

# --- penalty ---------------------------------------------------------------------------------------------------------

_PENALTY = '''def penalty(w, l1, l2):
    """The slide's L1+L2 of weights w of any shape: λ₁ Σ|wᵢ| + λ₂/2 Σ wᵢ². Returns two things:
    the penalty, one number, and its gradient with respect to w, of the shape of w.
    Where a weight is 0, L1 pulls neither way."""
    value = l1 * np.sum(np.abs(w)) + l2 / 2 * np.sum(w**2)
    return value, l1 * np.sign(w) + l2 * w
'''


def _weights(*shape: int, l1: float, l2: float) -> Case:
    w = _rng.normal(size=shape)
    w.flat[0] = 0.0
    return w, l1, l2


penalty = Exercise(
    name="penalty",
    varies=Varies(
        what="the part of L2",
        given="λ₂/2 Σ wᵢ²",
        others=(("λ₂ Σ wᵢ²", "1", "2"), ("3 λ₂ Σ wᵢ²", "3", "6"), ("λ₂/4 Σ wᵢ²", "0.25", "0.5")),
        pieces=(
            ("The slide's L1+L2 of weights", "Another L1+L2 of weights"),
            ("of the slide's three penalties, in one", "of three penalties like the slide's, in one"),
            ("λ₂/2 Σ wᵢ²", "{0}"),
            ("l2 / 2 * np.sum(w**2)", "{1} * l2 * np.sum(w**2)"),
            ("l1 * np.sign(w) + l2 * w", "l1 * np.sign(w) + {2} * l2 * w"),
            ("total += l1 * abs(one) + l2 * one * one / 2", "total += l1 * abs(one) + {1} * l2 * one * one"),
            ("l1 * side + l2 * one", "l1 * side + {2} * l2 * one"),
            ("the derivative of w²/2 is w.", "the derivative of w² is 2 w."),
            ("dl.L1L2(l1, l2) is this,", "With λ₂/2, dl.L1L2(l1, l2) is this,"),
        ),
    ),
    blank_from="    value",
    blank="    return None, None\n",
    solution=_PENALTY,
    parts=("penalty", "gradient"),
    others=('''
    total, pull = 0.0, np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        one = w[place]
        side = 1 if one > 0 else -1 if one < 0 else 0
        total += l1 * abs(one) + l2 * one * one / 2
        pull[place] = l1 * side + l2 * one
    return total, pull
''',),
    cases=[
        (np.array([[3.0, -4.0], [0.0, 1.0]]), 0.5, 2.0),
        _weights(3, 4, l1=0.3, l2=0.7), _weights(5, l1=1.5, l2=0.0), _weights(5, l1=0.0, l2=1.5), _weights(2, 3, 2, l1=0.2, l2=0.9),
    ],
    hints=(
        "Take the two parts one after the other. What is the slope of |w| for a w above 0, for one below 0, and at 0 by the task?",
        "L1 pulls every weight with the same force λ₁, against its sign; L2 pulls in proportion: the derivative of w²/2 is w. np.sign gives 1, −1 and 0.",
        "value = l1 * np.sum(np.abs(w)) + l2 / 2 * np.sum(w**2), and the gradient is l1 * np.sign(w) + l2 * w.",
    ),
    wrong=(
        change(
            _PENALTY, "l2 / 2 * np.sum(w**2)", "l2 * np.sum(w**2)",
            "The slide's L2 has a half: λ/2 Σ w². With it the gradient is λ w, which you have right.",
        ),
        Wrong(
            changes(_PENALTY, ("l2 / 2 * np.sum(w**2)", "l2 * np.sum(w**2)"), ("+ l2 * w", "+ 2 * l2 * w")),
            "Value and gradient fit each other, but the slide's L2 has a half: λ/2 Σ w², and so the gradient is λ w.",
        ),
        change(
            _PENALTY, "+ l2 * w", "+ 2 * l2 * w",
            "The gradient of L2 is too large: the half in λ/2 Σ w² cancels the 2 of the derivative, and λ w is left.",
        ),
        change(
            _PENALTY, "+ l2 * w", "+ l2 / 2 * w",
            "The gradient of L2 is too small: the derivative of w² is 2 w, which cancels the half. λ w is left.",
        ),
        change(
            _PENALTY, "l1 * np.sign(w)", "l1",
            "L1 pulls up and down alike in your gradient. Below 0, |w| falls when w grows: its slope is −1 there, and by the task 0 at 0: np.sign(w).",
        ),
        change(
            _PENALTY, "l1 * np.sign(w)", "l1 * np.abs(w)",
            "You have |w| in the gradient. The slope of |w| is its sign: 1, −1, or 0, however large w is.",
        ),
        change(
            _PENALTY, "l1 * np.sign(w)", "l1 * w",
            "Your L1 pulls in proportion to w. That is what L2 does; the slope of |w| is its sign.",
        ),
        change(
            _PENALTY, "l1 * np.sign(w)", "l1 * np.where(w >= 0, 1, -1)",
            "At 0 you pull with full force. By the task L1 pulls neither way there: np.sign(0) is 0.",
        ),
        change(
            _PENALTY, "l1 * np.sum(np.abs(w))", "l1 * np.sum(w)",
            "You sum the weights, so that 3 and −3 cancel. L1 sums their absolute values: np.abs(w).",
        ),
        change(
            _PENALTY, "np.sum(w**2)", "np.sqrt(np.sum(w**2))",
            "You took the root. The slide's L2 is half the sum of the squares, without a root.",
        ),
        change(
            _PENALTY, "np.sum(w**2)", "np.sum(w)**2",
            "You square the sum. L2 sums the squares: np.sum(w**2).",
        ),
        Wrong(
            _PENALTY.replace("np.sum", "np.mean"),
            "You take means. The slide sums: a penalty grows with the number of weights.",
        ),
        Wrong(
            changes(_PENALTY, ("np.sum(np.abs(w))", "np.sum(np.abs(w), axis=0)"), ("np.sum(w**2)", "np.sum(w**2, axis=0)")),
            "You sum along the first axis only. The penalty is one number: sum over all weights.",
        ),
        change(
            _PENALTY, "l1 * np.sign(w) + l2 * w", "-(l1 * np.sign(w) + l2 * w)",
            "Right size, opposite sign: the gradient says where the penalty grows. The minus comes with the step.",
        ),
        Wrong(
            changes(_PENALTY, ("l1 * np.sum(np.abs(w)) + l2 / 2", "l2 * np.sum(np.abs(w)) + l1 / 2"), ("l1 * np.sign(w) + l2 * w", "l2 * np.sign(w) + l1 * w")),
            "λ₁ and λ₂ are exchanged: λ₁ belongs to |w|, λ₂ to w².",
        ),
    ),
    praise="dl.L1L2(l1, l2) is this, and leaves the biases alone.",
)  # fmt: skip

# --- proximal --------------------------------------------------------------------------------------------------------

_PROXIMAL = '''def proximal(v, lr, l1, l2):
    """A step on the error alone has led to v, an array of any shape. Returns the w that is
    close to it and has a small penalty L1+L2: entry by entry, the w at which
    ½ (w − v)² + lr · (λ₁ |w| + λ₂/2 w²) is lowest. Of the shape of v."""
    return np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0) / (1 + lr * l2)
'''


def _steps(*shape: int, lr: float, l1: float, l2: float) -> Case:
    return _rng.normal(size=shape), lr, l1, l2


proximal = Exercise(
    name="proximal",
    varies=Varies(
        what="the part of L2",
        given="λ₂/2 w²",
        others=(("λ₂ w²", "2"), ("2 λ₂ w²", "4"), ("λ₂/4 w²", "0.5")),
        pieces=(
            ("λ₂/2 w²", "{0}"),
            ("(1 + lr * l2)", "(1 + {1} * lr * l2)"),
            ("(λ₁ + λ₂ w)", "(λ₁ + {1} λ₂ w)"),
            ("(1 + lr λ₂)", "(1 + {1} lr λ₂)"),
            ("dl.L1L2(l1, l2).shrink", "with λ₂/2, dl.L1L2(l1, l2).shrink"),
        ),
    ),
    blank_from="    return np.sign",
    solution=_PROXIMAL,
    others=('''
    return (np.maximum(v - lr * l1, 0) + np.minimum(v + lr * l1, 0)) / (1 + lr * l2)
''', '''
    out = np.zeros(v.shape)
    for place in np.ndindex(v.shape):
        if v[place] > lr * l1:
            out[place] = (v[place] - lr * l1) / (1 + lr * l2)
        elif v[place] < -lr * l1:
            out[place] = (v[place] + lr * l1) / (1 + lr * l2)
    return out
'''),
    cases=[
        (np.array([3.0, -2.0, 0.5, -0.25]), 0.5, 2.0, 1.0),
        _steps(3, 4, lr=0.4, l1=1.0, l2=3.0), _steps(6, lr=0.3, l1=2.0, l2=0.0), _steps(6, lr=0.3, l1=0.0, l2=2.0), _steps(2, 3, 2, lr=0.7, l1=0.6, l2=0.8),
    ],
    hints=(
        "Let w be above 0 first, so that |w| = w, and set the slope to 0: w − v + lr (λ₁ + λ₂ w) = 0. Which w is that? And for which v is it above 0?",
        "For v > lr λ₁ it is (v − lr λ₁) / (1 + lr λ₂). For v < −lr λ₁ the same with the other sign, and in between 0.",
        "np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0) / (1 + lr * l2).",
    ),
    wrong=(
        change(
            _PROXIMAL, "np.maximum(np.abs(v) - lr * l1, 0)", "(np.abs(v) - lr * l1)",
            "That is a step along the slope of λ₁ |w|: small weights jump across 0 and come out on the other side. Where |v| is below lr · λ₁ they stop at 0: np.maximum(…, 0).",
        ),
        change(
            _PROXIMAL, " / (1 + lr * l2)", "",
            "That is the step for L1 alone. L2 comes in when you set the slope to 0: w + lr λ₂ w = w (1 + lr λ₂).",
        ),
        change(
            _PROXIMAL, " / (1 + lr * l2)", " * (1 - lr * l2)",
            "You multiply by 1 − lr λ₂, a step of gradient descent on L2. The lowest place is where the slope is 0, and there 1 + lr λ₂ divides.",
        ),
        change(
            _PROXIMAL, "np.maximum(np.abs(v) - lr * l1, 0) / (1 + lr * l2)", "np.maximum(np.abs(v) / (1 + lr * l2) - lr * l1, 0)",
            "The right two things in the wrong order: first by lr λ₁ towards 0, then divided. w (1 + lr λ₂) = v − lr λ₁.",
        ),
        Wrong(
            _PROXIMAL.replace("lr * l", "l"),
            "lr is missing: both penalties are multiplied by it.",
        ),
        change(
            _PROXIMAL, "np.abs(v) - lr * l1", "np.abs(v) - l1",
            "You move the weights by λ₁. In a step of size lr they move by lr · λ₁.",
        ),
        change(
            _PROXIMAL, "1 + lr * l2", "1 + l2",
            "You divide by 1 + λ₂. In a step of size lr it is 1 + lr · λ₂.",
        ),
        change(
            _PROXIMAL, "1 + lr * l2", "1 + 2 * lr * l2",
            "You divide by 1 + 2 lr λ₂: that is for λ₂ w², without the half.",
        ),
        change(
            _PROXIMAL, "np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0)", "np.maximum(np.abs(v) - lr * l1, 0)",
            "All weights come out positive. Give each its sign back: np.sign(v) * ….",
        ),
        change(
            _PROXIMAL, "np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0)", "np.maximum(v - lr * l1, 0)",
            "All weights below 0 become 0. They move towards 0 as well, from the other side.",
        ),
        change(
            _PROXIMAL, "np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0)", "v * (np.abs(v) > lr * l1)",
            "You cut small weights off and leave the others where they are. Those move, too: each by lr λ₁ towards 0.",
        ),
        change(
            _PROXIMAL, "np.abs(v) - lr * l1", "np.abs(v) + lr * l1",
            "Your weights move away from 0. A penalty pulls them towards it: |v| − lr λ₁.",
        ),
        change(
            _PROXIMAL, "np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0) / (1 + lr * l2)", "v - lr * (l1 * np.sign(v) + l2 * v)",
            "That is a step of gradient descent on the penalty, with the pull that there is at v. Asked for is the w where v − w and lr times the pull at w itself are equal: set the slope at w to 0.",
        ),
        change(
            _PROXIMAL, "return np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0) / (1 + lr * l2)", "w = v - lr * (l1 * np.sign(v) + l2 * v)\n    return np.where(w * v > 0, w, 0)",
            "That is a step of gradient descent that stops at 0. It takes the pull of L2 at v; asked for is its pull at w: w (1 + lr λ₂) = v − lr λ₁.",
        ),
        change(
            _PROXIMAL, "return np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0) / (1 + lr * l2)", "u = v * (1 - lr * l2)\n    return np.sign(u) * np.maximum(np.abs(u) - lr * l1, 0)",
            "You multiply v by 1 − lr λ₂ first, and then go by lr λ₁ towards 0. The slope says it in the other order, and divides: w (1 + lr λ₂) = v − lr λ₁.",
        ),
        change(
            _PROXIMAL, "np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0)", "v",
            "That is the step for L2 alone. λ₁ |w| has a slope, too: lr λ₁ towards 0, before you divide.",
        ),
        change(
            _PROXIMAL, "np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0)", "(np.abs(v) > l1) * (v - np.sign(v) * lr * l1)",
            "You kill every weight below λ₁. In a step of size lr the border is lr · λ₁, the way that a weight goes.",
        ),
    ),
    praise="Soft thresholding, then division: dl.L1L2(l1, l2).shrink(model, lr) does it after a step on the error.",
)  # fmt: skip

# --- choose ----------------------------------------------------------------------------------------------------------

_CHOOSE = '''def choose(x, y, new_x, new_y, strengths):
    """x: (N, K), y: (N,): to learn from. new_x: (M, K), new_y: (M,): to validate. For each
    λ in strengths take the w (K,) at which mean((x @ w - y)²) + λ/2 Σ w² is lowest: its
    gradient is 0 there. Returns two things: the λ that validates best, and its w."""
    n, k = x.shape
    errors, weights = [], []
    for strength in strengths:
        w = np.linalg.solve(2 / n * x.T @ x + strength * np.eye(k), 2 / n * x.T @ y)
        weights.append(w)
        errors.append(np.mean((new_x @ w - new_y) ** 2))
    best = np.argmin(errors)
    return strengths[best], weights[best]
'''


def _table(n: int, m: int, k: int, noise: float, strengths: list[float]) -> Case:
    w = _rng.normal(size=k) * (np.arange(k) < 3)
    x, new_x = _rng.normal(size=(n, k)), _rng.normal(size=(m, k))
    y, new_y = (one @ w + noise * _rng.normal(size=len(one)) for one in (x, new_x))
    return x, y, new_x, new_y, np.array(strengths)


choose = Exercise(
    name="choose",
    varies=Varies(
        what="the penalty",
        given="λ/2 Σ w²",
        others=(("λ Σ w²", "2"), ("λ/3 Σ w²", "2 / 3"), ("λ/4 Σ w²", "0.5")),
        pieces=(
            ("λ/2 Σ w² is 2/N xᵀ(x w − y) + λ w.", "{0} is 2/N xᵀ(x w − y) + {1} λ w."),
            ("λ/2 Σ w²", "{0}"),
            ("strength * np.eye(k)", "{1} * strength * np.eye(k)"),
            ("len(x) * lam / 2 * np.eye(K)", "len(x) * {1} * lam / 2 * np.eye(K)"),
            ("(2/N xᵀx + λ I)", "(2/N xᵀx + {1} λ I)"),
        ),
    ),
    blank_from="    n, k = x.shape",
    blank="    return None, None\n",
    solution=_CHOOSE,
    parts=("λ", "weights"),
    others=('''
    lowest = np.inf
    for lam in strengths:
        K = x.shape[1]
        w = np.linalg.inv(x.T @ x + len(x) * lam / 2 * np.eye(K)) @ (x.T @ y)
        off = new_x @ w - new_y
        if off @ off < lowest:
            lowest, found = off @ off, (lam, w)
    return found
''',),
    cases=[
        _table(12, 30, 8, 1.0, [10.0, 0.01, 0.1, 1.0]), _table(20, 40, 15, 1.5, [0.001, 3.0, 0.3, 0.03]), _table(9, 25, 8, 1.0, [0.0001, 0.5, 0.02, 5.0]),
        _table(8, 30, 5, 2.0, [0.05, 0.5, 5.0]), _table(30, 30, 4, 0.3, [1.0, 0.001, 0.1]),
    ],
    hints=(
        "First one λ. The gradient of mean((x @ w − y)²) + λ/2 Σ w² is 2/N xᵀ(x w − y) + λ w. Set it to 0 and bring what has w to one side: which system of equations is it?",
        "(2/N xᵀx + λ I) w = 2/N xᵀy: np.linalg.solve(2 / n * x.T @ x + strength * np.eye(k), 2 / n * x.T @ y). Which λ validates best is asked of new_x and new_y, without the penalty.",
        "Collect w and np.mean((new_x @ w - new_y) ** 2) for each λ, and return strengths[best], weights[best] with best = np.argmin(errors).",
    ),
    wrong=(
        change(
            _CHOOSE, "np.mean((new_x @ w - new_y) ** 2)", "np.mean((x @ w - y) ** 2)",
            "You choose λ on the examples that were learned from. There the smallest λ always wins. Ask new_x and new_y.",
        ),
        change(
            _CHOOSE, "np.mean((new_x @ w - new_y) ** 2)", "np.mean((new_x @ w - new_y) ** 2) + strength / 2 * np.sum(w**2)",
            "You add the penalty to the validation error. It is there for learning; what counts afterwards is how far off the predictions are.",
        ),
        change(
            _CHOOSE, "2 / n * x.T @ x + strength * np.eye(k), 2 / n * x.T @ y", "x.T @ x + strength * np.eye(k), x.T @ y",
            "The 2/N of the mean is missing, so that your λ counts for less: (2/N xᵀx + λ I) w = 2/N xᵀy.",
        ),
        change(
            _CHOOSE, "2 / n * x.T @ x + strength * np.eye(k), 2 / n * x.T @ y", "1 / n * x.T @ x + strength * np.eye(k), 1 / n * x.T @ y",
            "λ counts twice as much as it should beside the error. The gradient of the mean of squares has a 2, 2/N xᵀ(x w − y); that of the penalty is λ w, for its half cancels its own 2.",
        ),
        change(
            _CHOOSE, "strength * np.eye(k), 2", "strength / 2 * np.eye(k), 2",
            "λ counts half. The penalty is λ/2 Σ w², and its gradient λ w.",
        ),
        change(
            _CHOOSE, "strength * np.eye(k), 2", "strength, 2",
            "You add λ to every entry of xᵀx. λ w is λ I times w: λ stands on the diagonal only, np.eye(k).",
        ),
        change(
            _CHOOSE, "np.argmin(errors)", "np.argmax(errors)",
            "You return the λ that validates worst. The lowest error is asked for: np.argmin.",
        ),
        change(
            _CHOOSE, "return strengths[best], weights[best]", "return best, weights[best]",
            "You return which λ it is, counted from 0. The λ itself is asked for: strengths[best].",
        ),
        change(
            _CHOOSE, "return strengths[best], weights[best]", "return min(errors), weights[best]",
            "You return the lowest error. The λ that has it is asked for: strengths[best].",
        ),
        change(
            _CHOOSE, "return strengths[best], weights[best]", "return strengths[best], w",
            "You return the weights of the last λ. Keep those of each, and return weights[best].",
        ),
        change(
            _CHOOSE, "2 / n * x.T @ x + strength * np.eye(k), 2 / n * x.T @ y", "2 / len(new_x) * new_x.T @ new_x + strength * np.eye(k), 2 / len(new_x) * new_x.T @ new_y",
            "You learn from the validation examples. They are there to choose λ; learn from x and y.",
        ),
    ),
    praise="Weights from the one part, λ from the other, and for an honest number at the end a third (lesson 09).",
)  # fmt: skip

EXERCISES = Lesson([penalty, proximal, choose])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
