"""Activations far out and near 0, against the formulas in 340 decimal digits; losses at numbers that are hardly ever met."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext

import numpy as np
import pytest

import dlcourse as dl

SIZES = [
    0.0,
    1e-30,
    1e-8,
    1e-3,
    0.1,
    1.0,
    2.5,
    3.5,
    5.0,
    9.0,
    17.0,
    20.0,
    40.0,
    80.0,
    87.0,
    100.0,
    700.0,
    1e3,
    1e10,
    1e30,
]
POINTS = sorted({sign * size for size in SIZES for sign in (1, -1)})
MANY_DIGITS = Context(prec=340, Emin=-(10**15), Emax=10**15, traps=[])  # what overflows is infinite


def sigmoid(x):
    return 1 / (1 + (-x).exp())


def softplus(x):
    return max(x, Decimal(0)) + (1 + (-abs(x)).exp()).ln()


def tanh(x):
    return 2 * sigmoid(2 * x) - 1


def gelu_inside(x):
    root = (2 / Decimal("3.14159265358979323846264338327950288419716939937510582097494459")).sqrt()
    return 2 * root * (x + Decimal("0.044715") * x**3), 2 * root * (1 + 3 * Decimal("0.044715") * x**2)


def gelu_slope(x):
    u, inner = gelu_inside(x)
    return sigmoid(u) + x * sigmoid(u) * sigmoid(-u) * inner


# f and f′. Where only absolute digits are promised, near a zero of f, the third number says so.
EXACT = {
    "identity": (lambda x: x, lambda x: Decimal(1)),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    "tanh": (tanh, lambda x: 4 * sigmoid(2 * x) * sigmoid(-2 * x)),
    "hard tanh": (lambda x: max(min(x, Decimal(1)), Decimal(-1)), lambda x: Decimal(int(-1 <= x <= 1))),
    "softsign": (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2),
    "ReLU": (lambda x: max(x, Decimal(0)), lambda x: Decimal(int(x > 0))),
    "leaky ReLU": (lambda x: x if x > 0 else x * Decimal("0.01"), lambda x: Decimal(1) if x > 0 else Decimal("0.01")),
    "softplus": (softplus, sigmoid),
    "ELU": (lambda x: x if x > 0 else x.exp() - 1, lambda x: Decimal(1) if x > 0 else x.exp()),
    "GELU": (lambda x: x * sigmoid(gelu_inside(x)[0]), gelu_slope),
    "SiLU": (lambda x: x * sigmoid(x), lambda x: sigmoid(x) * (1 + x * sigmoid(-x))),
    "hard sigmoid": (
        lambda x: max(min(x / 6 + Decimal("0.5"), Decimal(1)), Decimal(0)), lambda x: Decimal(int(abs(x) < 3)) / 6
    ),
    "log sigmoid": (lambda x: -softplus(-x), lambda x: sigmoid(-x)),
}  # fmt: skip
FUNCTIONS = dl.activations.ZOO | {"log sigmoid": dl.log_sigmoid}


def test_every_activation_has_its_formula_here():
    assert set(EXACT) == set(FUNCTIONS)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("name", list(EXACT))
def test_activations_have_all_their_digits_everywhere(name, kind):
    eps, tiny = float(np.finfo(kind).eps), float(np.finfo(kind).tiny)
    x = dl.Tensor(np.array(POINTS, kind), requires_grad=True)
    y = FUNCTIONS[name](x)
    y.sum().backward()
    f, slope = EXACT[name]
    with localcontext(MANY_DIGITS):
        exact = [Decimal(float(v)) for v in x.data]
        values, slopes = ([float(g(v)) for v in exact] for g in (f, slope))
        # An exponential has the relative error of its exponent, which is the exponent times eps.
        reach = [1 + min(abs(float(gelu_inside(v)[0])), 1e3) if name == "GELU" else 1.0 for v in exact]
    for i, point in enumerate(POINTS):
        digits = 8 * eps * reach[i]
        assert float(y.data[i]) == pytest.approx(values[i], rel=digits, abs=4 * tiny * max(1, abs(point))), (
            name,
            point,
        )
        assert float(x.grad[i]) == pytest.approx(slopes[i], rel=digits, abs=4 * eps), (name, point)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_slopes_that_only_fall_keep_their_digits_far_left(kind):
    for name in ("sigmoid", "softplus", "ELU", "SiLU", "log sigmoid"):
        x = dl.Tensor(np.array([-80.0, -40, -20, -17, -9], kind), requires_grad=True)
        FUNCTIONS[name](x).sum().backward()
        with localcontext(MANY_DIGITS):
            exact = [float(EXACT[name][1](Decimal(float(v)))) for v in x.data]
        np.testing.assert_allclose(x.grad, exact, rtol=32 * np.finfo(kind).eps)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [1e-30, 1.0, 88.0, 1e4, 1e30, 3e38])
@pytest.mark.parametrize("f", [dl.softmax, dl.log_softmax])
def test_softmax_takes_every_number(f, scale):
    x = dl.Tensor(
        np.array([[1.0, 0.0, -1.0], [-1, -1, -1], [0, 0, 1]], np.float32) * np.float32(scale), requires_grad=True
    )
    y = f(x)
    y[:, 0].sum().backward()
    p = y.data if f is dl.softmax else np.exp(y.data)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-6)
    assert not np.isnan(y.data).any() and np.isfinite(x.grad).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_losses_far_out(kind):
    far = np.array([[1e30, -1e30]], kind)
    for loss, truth, value, slope in (
        (dl.cross_entropy, [1], 2e30, [[1, -1]]),
        (dl.cross_entropy, [0], 0.0, [[0, 0]]),
        (dl.binary_cross_entropy, np.array([[0, 1]]), 1e30, [[0.5, -0.5]]),
        (dl.binary_cross_entropy, np.array([[1, 0]]), 0.0, [[0, 0]]),
        (dl.hinge, np.array([[0, 1]]), 1e30, [[0.5, -0.5]]),
        (dl.kl_divergence, np.array([[0.0, 1.0]]), 2e30, [[1, -1]]),
        (dl.kl_divergence, np.array([[1.0, 0.0]]), 0.0, [[0, 0]]),
        (dl.absolute_error, np.zeros((1, 2), kind), 2e30, [[1, -1]]),
        (dl.huber, np.zeros((1, 2), kind), 2e30, [[1, -1]]),
    ):
        w = dl.Tensor(far, requires_grad=True)
        error = loss(w, truth)
        error.backward()
        assert error.item() == pytest.approx(value, rel=1e-6)
        np.testing.assert_allclose(w.grad, slope, rtol=1e-6)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("open_by", [-17.0, -80.0, -1e4])
def test_gates_that_are_all_but_shut_keep_their_digits(kind, open_by):
    x, zero = np.zeros((1, 1, 1), kind), np.zeros((1, 1), kind)
    forget = np.array([0, open_by, 0, 0], kind)  # i, f, g, o
    c = dl.lstm(x, np.zeros((1, 4), kind), np.zeros((1, 4), kind), forget, zero, np.ones((1, 1), kind)).data[1, 0, 0, 0]
    z = np.array([0, open_by, 0], kind)  # r, z, n
    h = dl.gru(x, np.zeros((1, 3), kind), np.zeros((1, 3), kind), z, np.zeros(1, kind), np.ones((1, 1), kind)).data[
        0, 0, 0
    ]
    exact = np.exp(open_by) / (1 + np.exp(open_by))
    assert float(c) == pytest.approx(exact, rel=1e-5) and float(h) == pytest.approx(exact, rel=1e-5)
