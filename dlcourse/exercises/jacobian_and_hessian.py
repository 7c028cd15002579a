"""Exercises of lesson 07b: how many paths there are, a Jacobian, and a Hessian."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes, rest

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {
    "backpropagation": "1 980 times",
    "Jacobian": "2",
    "Hessian": "stays, for they lead to two neurons",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(7)

# --- count_paths -----------------------------------------------------------------------------------------------------

_PATHS = '''def count_paths(sizes):
    """sizes: inputs, neurons in each hidden layer, outputs, like (4, 3, 5, 2);
    every neuron is connected to all of the layer before.
    Returns how many paths lead from one input to one output."""
    paths = 1
    for size in sizes[1:-1]:
        paths = paths * size
    return paths
'''
_PRODUCT = rest(_PATHS, "    paths = 1")


def _instead(formula: str, said: str) -> Wrong:
    return Wrong(changes(_PATHS, (_PRODUCT, f"    return {formula}\n")), said)


count_paths = Exercise(
    name="count_paths",
    blank_from="    paths = 1",
    solution=_PATHS,
    others=('''
    paths = 1
    for i in range(1, len(sizes) - 1):
        paths *= sizes[i]
    return paths
''',),
    cases=[((4, 3, 5, 2),), ((2, 1),), ((6, 7, 2),), ((784, 32, 32, 32, 32, 10),), ((3, 6, 2, 4),)],
    hints=(
        "Walk from the input. How many neurons of the first hidden layer can you step to? And from each of them?",
        "Choices multiply: 3 neurons, then 5, is 15 paths. The last step goes to the one output, so there is nothing to choose.",
        "The product of the hidden sizes, sizes[1:-1]. With no hidden layer it is 1.",
    ),
    wrong=(
        _instead(
            "sum(sizes[1:-1])",
            "{yours} is the number of hidden neurons. A path visits one in every layer, so the choices multiply: {expected}.",
        ),
        _instead(
            "int(np.prod(sizes))",
            "{yours} counts all paths from any input to any output. Asked for is from one to one: leave out both ends.",
        ),
        _instead(
            "int(np.prod(sizes[1:]))",
            "{yours} counts the paths to all outputs. The path ends at one of them: leave out the last size.",
        ),
        _instead(
            "int(np.prod(sizes[:-1]))",
            "{yours} counts the paths from all inputs. The path begins at one of them: leave out the first size.",
        ),
        _instead(
            "sum(m * n for m, n in zip(sizes[:-1], sizes[1:]))",
            "{yours} is the number of weights, and that is the work of backpropagation. Paths share weights; there are {expected}.",
        ),
        _instead(
            "int(np.prod(sizes[2:-1]))",
            "The first hidden layer is missing: from the input the path chooses one of its neurons, too.",
        ),
        _instead(
            "int(np.prod(sizes[1:-2]))",
            "The last hidden layer is missing: the path chooses one of its neurons before it reaches the output.",
        ),
        _instead("len(sizes) - 2", "{yours} is how many hidden layers there are. Each offers as many choices as it has neurons, and choices multiply."),
        _instead(
            "0",
            "0 paths: if you multiply in a loop, begin at 1. Anything times 0 is 0.",
        ),
        _instead(
            "2 ** (len(sizes) - 2)",
            "You take two choices at every layer. There are as many as the layer has neurons.",
        ),
        _instead(
            "int(np.max(sizes[1:-1], initial=1))",
            "{yours} is the widest layer. Every layer is a choice of its own, and choices multiply.",
        ),
    ),
    praise="The last network has a million paths from one pixel to one output, and backpropagation touches each weight once.",
)  # fmt: skip

# --- jacobian --------------------------------------------------------------------------------------------------------

_JACOBIAN = '''def jacobian(x, w, b):
    """A layer with two outputs: y = tanh(x @ w + b). x: (K,), w: (K, 2), b: (2,).
    Returns J of shape (2, K): J[i, j] = ∂y[i] / ∂x[j]."""
    y = np.tanh(x @ w + b)
    return (1 - y**2)[:, None] * w.T
'''
_J = "(1 - y**2)[:, None] * w.T"


def _two_outputs(k: int) -> Case:
    return _rng.normal(size=k), _rng.normal(size=(k, 2)), _rng.normal(size=2)


jacobian = Exercise(
    name="jacobian",
    varies=Varies(
        what="the factor inside tanh",
        given="1",
        others=(("3",), ("4",), ("5",)),
        pieces=(
            ("y = tanh(x @ w + b)", "y = tanh({0} (x @ w + b))"),
            ("y = np.tanh(x @ w + b)", "y = np.tanh({0} * (x @ w + b))"),
            ("(1 - y**2)[:, None] * w.T", "{0} * (1 - y**2)[:, None] * w.T"),
            ("out[i, j] = (1 - y[i] ** 2) * w[j, i]", "out[i, j] = {0} * (1 - y[i] ** 2) * w[j, i]"),
            ("and z[i] contains x[j] · w[j, i]", "and z[i] contains {0} · x[j] · w[j, i]"),
            ("J[i, j] = (1 − y[i]²) · w[j, i]", "J[i, j] = {0} · (1 − y[i]²) · w[j, i]"),
        ),
    ),
    blank_from="    return",
    solution=_JACOBIAN,
    others=('''
    y = np.tanh(x @ w + b)
    out = np.zeros((len(y), len(x)))
    for i in range(len(y)):
        for j in range(len(x)):
            out[i, j] = (1 - y[i] ** 2) * w[j, i]
    return out
''',),
    cases=[
        (np.array([1.0, -1.0]), np.array([[0.5, 1.0], [0.25, 2.0]]), np.array([0.0, 0.5])),
        *(_two_outputs(k) for k in (2, 1, 3, 5)),
    ],
    hints=(
        "One entry first. y[i] = tanh(z[i]), and z[i] contains x[j] · w[j, i]. Turn x[j] up a little: how does y[i] move?",
        "J[i, j] = (1 − y[i]²) · w[j, i]. Each row has its own factor, and the weights appear with their indices swapped.",
        "(1 - y**2)[:, None] * w.T: the None makes a column of the two factors, so that each multiplies its row.",
    ),
    wrong=(
        change(
            _JACOBIAN, _J, "w.T",
            "That is the Jacobian of x @ w + b. Behind it comes tanh: row i is multiplied by its slope, 1 − y[i]².",
        ),
        change(
            _JACOBIAN, _J, "(1 - y**2) * w",
            "The numbers are right and J is transposed: here each column belongs to an output. One row per output is asked for, J[i, j] = ∂y[i]/∂x[j].",
        ),
        change(
            _JACOBIAN, _J, "(1 - y**2)[:, None] * w",
            "The factors stand at their rows, and the weights do not: w[j, i] connects input j to output i, so J needs w.T.",
        ),
        change(
            _JACOBIAN, _J, "(1 - y**2) * w.T",
            "The two factors multiply the columns, and they belong to the rows: NumPy stretches (2,) along the last axis. "
            "With two inputs that goes unnoticed. (1 - y**2)[:, None] makes a column.",
        ),
        change(
            _JACOBIAN, "1 - y**2", "1 - (x @ w + b)**2",
            "You wrote 1 − z². tanh′(z) is 1 − tanh²(z): use y, what came out.",
        ),
        change(
            _JACOBIAN, "1 - y**2", "y * (1 - y)",
            "y (1 − y) is the slope of the sigmoid. This layer is a tanh: 1 − y².",
        ),
        change(
            _JACOBIAN, _J, "np.outer(1 - y**2, x)",
            "You multiply by the inputs. That is how y moves with the weights; how it moves with the inputs depends on the weights.",
        ),
        change(
            _JACOBIAN, _J, "(1 - y**2) @ w.T",
            "You add up the two outputs: one number per input, the gradient of y[0] + y[1]. A Jacobian keeps a row for each.",
        ),
        change(
            _JACOBIAN, _J, "w",
            "That is the Jacobian of x @ w + b, transposed. One row per output: w.T, and row i is multiplied by the slope of tanh, 1 − y[i]².",
        ),
        change(
            _JACOBIAN, _J, "y[:, None] * w.T",
            "You multiply by y, what came out. What counts is the slope of tanh there, 1 − y².",
        ),
        change(
            _JACOBIAN, "1 - y**2", "1 + y**2",
            "1 + y² grows; tanh gets flatter on both sides. Its slope is 1 − y².",
        ),
        change(
            _JACOBIAN, "1 - y**2", "1 - y",
            "Close: tanh′ is 1 − y², with a square.",
        ),
    ),
    praise="dl.jacobian finds the same matrix, one row per backward pass.",
)  # fmt: skip

# --- hessian ---------------------------------------------------------------------------------------------------------

_HESSIAN = '''def hessian(a, b):
    """f(w) = wᵀ A w + b · w. a: A, any matrix (D, D), and b: (D,). Returns the Hessian, (D, D):
    H[i, j] is the derivative with respect to w[j] of the derivative with respect to w[i]."""
    return a + a.T
'''

hessian = Exercise(
    name="hessian",
    varies=Varies(
        what="the factor before wᵀ A w",
        given="1",
        others=(("3",), ("4",), ("5",)),
        pieces=(
            ("f(w) = wᵀ A w + b · w. a: A, any matrix (D, D),", "f(w) = {0} wᵀ A w + b · w. a: A, a matrix (D, D),"),
            ("return a + a.T", "return {0} * (a + a.T)"),
            ("out[i, j] = a[i, j] + a[j, i]", "out[i, j] = {0} * (a[i, j] + a[j, i])"),
            ("D = 2: A₁₁ w₁² + (A₁₂ + A₂₁) w₁ w₂ + A₂₂ w₂² + b₁", "D = 2: {0} (A₁₁ w₁² + (A₁₂ + A₂₁) w₁ w₂ + A₂₂ w₂²) + b₁"),
            ("With respect to w₁ twice: 2 A₁₁. To w₁ and to w₂: A₁₂ + A₂₁.", "With respect to w₁ twice: {0} · 2 A₁₁. To w₁ and to w₂: {0} (A₁₂ + A₂₁)."),
            ("H[i, j] = A[i, j] + A[j, i]", "H[i, j] = {0} (A[i, j] + A[j, i])"),
        ),
    ),
    blank_from="    return",
    solution=_HESSIAN,
    others=('''
    out = np.zeros(a.shape)
    for i in range(len(a)):
        for j in range(len(a)):
            out[i, j] = a[i, j] + a[j, i]
    return out
''',),
    cases=[
        (np.array([[1.0, 4.0], [0.0, 3.0]]), np.array([5.0, 6.0])),
        (np.array([[2.0]]), np.array([-1.0])),
        *((_rng.normal(size=(d, d)), _rng.normal(size=d)) for d in (2, 3, 7)),
    ],
    hints=(
        "Write f out for D = 2: A₁₁ w₁² + (A₁₂ + A₂₁) w₁ w₂ + A₂₂ w₂² + b₁ w₁ + b₂ w₂. Derive twice.",
        "With respect to w₁ twice: 2 A₁₁. To w₁ and to w₂: A₁₂ + A₂₁. What happened to b?",
        "H[i, j] = A[i, j] + A[j, i].",
    ),
    wrong=(
        change(
            _HESSIAN, "a + a.T", "a",
            "You return A itself. Already f(w) = a w² has the second derivative 2a, and off the diagonal A[i, j] and A[j, i] meet.",
        ),
        change(
            _HESSIAN, "a + a.T", "2 * a",
            "Right if A is symmetric. A[0, 1] and A[1, 0] both stand before w₀ w₁: yours counts one of them twice and forgets the other.",
        ),
        change(
            _HESSIAN, "a + a.T", "(a + a.T) / 2",
            "{yours} is half of the Hessian. There is no ½ in front of this f, so w² brings its factor 2.",
        ),
        change(
            _HESSIAN, "a + a.T", "a + a.T + np.diag(b)",
            "b does not belong here: b · w is a straight slope, and what is straight has no curvature.",
        ),
        change(
            _HESSIAN, "a + a.T", "2 * np.diag(np.diag(a))",
            "Only the diagonal is there. w₁ w₂ curves f too, when both move together: that is what stands beside the diagonal.",
        ),
        change(
            _HESSIAN, "a + a.T", "a - a.T",
            "You subtract the transpose. That part of A does nothing at all in wᵀ A w; the sum is what remains.",
        ),
        change(
            _HESSIAN, "a + a.T", "a.T",
            "You return the transpose of A. A[i, j] and A[j, i] both stand before wᵢ wⱼ: add them.",
        ),
        change(
            _HESSIAN, "a + a.T", "2 * a.T",
            "Right if A is symmetric. A[0, 1] and A[1, 0] both stand before w₀ w₁: yours counts one of them twice.",
        ),
        change(
            _HESSIAN, "a + a.T", "a + a.T + b",
            "b does not belong here: b · w is a straight slope, and what is straight has no second derivative.",
        ),
        change(
            _HESSIAN, "a + a.T", "np.zeros_like(a)",
            "0 would be the Hessian of the straight part, b · w. The other part, wᵀ A w, has squares in it.",
        ),
        change(
            _HESSIAN, "a + a.T", "a + a.T - np.diag(np.diag(a))",
            "Off the diagonal all is right. On it stands 2 A[i, i]: w² has the second derivative 2.",
        ),
        change(
            _HESSIAN, "a + a.T", "a @ a",
            "You multiply A by itself. The second derivative of wᵀ A w has each entry of A once, and once more turned over: they are added.",
        ),
        change(
            _HESSIAN, "a + a.T", "a @ a.T",
            "You multiply A by its transpose. That would be the curvature of |Aᵀ w|² / 2; here they are added.",
        ),
        change(
            _HESSIAN, "a + a.T", "np.linalg.eigvalsh(a + a.T)",
            "These are the eigenvalues, the curvatures along the main directions. The Hessian is the whole matrix.",
        ),
        change(_HESSIAN, "return a + a.T", "a += a.T\n    return a", shows="changed its argument a"),
    ),
    praise="A Hessian is always symmetric: it makes no difference which way you turn first.",
)  # fmt: skip

EXERCISES = Lesson([count_paths, jacobian, hessian])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
