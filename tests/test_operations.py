"""Every operation's derivative is compared with finite differences, its output with what NumPy computes."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import GradientError, ShapeError
from tests.cases import every
from tests.operation_rows import ROWS


@every("row", ROWS)
def test_the_derivative_equals_a_central_difference(row):
    assert dl.gradcheck(row.function, *row.inputs, tolerance=1e-6) <= 1e-6


@every("row", ROWS)
def test_float32_stays_float32_and_agrees_with_float64(row):
    wide = row.function(*[dl.Tensor(x, requires_grad=True) for x in row.inputs])
    narrow_inputs = [dl.Tensor(x.astype(np.float32), requires_grad=True) for x in row.inputs]
    narrow = row.function(*narrow_inputs)
    np.testing.assert_allclose(narrow.data, wide.data, rtol=2e-5, atol=2e-5)
    constants_in_row = {"input needs none", "another delta", "with a zero", "broadcast", "a wider type"}
    if row.covers not in constants_in_row and row.operation not in ("reshape", "binary_cross_entropy"):
        assert narrow.dtype == np.float32


def test_every_registered_operation_has_rows():
    assert set(dl.OPERATIONS) == {row.operation for row in ROWS}


def test_a_planted_error_is_found():
    def wrong_square(x):
        def vjp(g):
            return g * 2.001 * x

        return x * x, (vjp,)

    planted = dl.differentiable(wrong_square)
    try:
        with pytest.raises(GradientError, match="along a random direction"):
            dl.gradcheck(planted, np.array([1.0, 2.0, -1.5]))
    finally:
        del dl.OPERATIONS["wrong_square"]


@pytest.mark.parametrize("wrong", ["missing sign", "missing factor", "transposed", "one entry only"])
def test_typical_slips_in_a_derivative_are_found(wrong):
    slips = {
        "missing sign": lambda g, x: -g * np.cos(x),
        "missing factor": lambda g, x: g,
        "transposed": lambda g, x: (g * np.cos(x)).T,
        "one entry only": lambda g, x: g * np.cos(x) * (np.arange(9).reshape(3, 3) > 0),
    }

    def slip(x):
        def vjp(g):
            return slips[wrong](g, x)

        return np.sin(x), (vjp,)

    planted = dl.differentiable(slip)
    try:
        with pytest.raises(GradientError):
            dl.gradcheck(planted, np.random.default_rng(1).normal(size=(3, 3)))
    finally:
        del dl.OPERATIONS["slip"]


@pytest.mark.parametrize("value", [-1000.0, -100.0, 0.0, 100.0, 1000.0])
@pytest.mark.parametrize("name", list(dl.activations.ZOO))
def test_activations_are_finite_at_a_thousand(name, value):
    for dtype in (np.float32, np.float64):
        x = dl.Tensor(np.full(3, value, dtype), requires_grad=True)
        y = dl.activations.ZOO[name](x)
        y.sum().backward()
        assert np.isfinite(y.data).all()
        assert np.isfinite(x.grad).all()
        assert y.dtype == dtype


@pytest.mark.parametrize("f", [dl.softmax, dl.log_softmax], ids=["softmax", "log_softmax"])
def test_softmax_is_stable_and_does_not_feel_a_shift(f):
    x = np.array([[-1000.0, 0.0, 1000.0], [3.0, 1.0, 2.0]])
    assert np.isfinite(f(x).data).all()
    np.testing.assert_allclose(f(x + 7.0).data, f(x).data, rtol=1e-12)
    total = f(x).data if f is dl.softmax else np.exp(f(x).data)
    np.testing.assert_allclose(total.sum(axis=1), 1.0)


def test_published_values_of_the_zoo():
    # sigmoid(1), tanh(1), softplus(0) = log 2, ELU(-1) = 1/e - 1, GELU(1) (Hendrycks and Gimpel, tanh formula), SiLU(1).
    known = {
        dl.sigmoid: (1.0, 0.7310585786300049),
        dl.tanh: (1.0, 0.7615941559557649),
        dl.softplus: (0.0, 0.6931471805599453),
        dl.elu: (-1.0, np.exp(-1) - 1),
        dl.gelu: (1.0, 0.8411919906082768),
        dl.silu: (1.0, 0.7310585786300049),
        dl.softsign: (3.0, 0.75),
        dl.leaky_relu: (-2.0, -0.02),
        dl.hard_sigmoid: (1.5, 0.75),
    }
    for f, (x, y) in known.items():
        assert f(np.array(x)).item() == pytest.approx(y, abs=1e-12)


def test_losses_against_plain_loops():
    rng = np.random.default_rng(3)
    x, t, labels = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), np.array([0, 2, 1, 1])
    total = 0.0
    for i in range(4):
        for j in range(3):
            total += (x[i, j] - t[i, j]) ** 2
    assert dl.squared_error(x, t).item() == pytest.approx(total / 4)
    total = 0.0
    for i in range(4):
        total -= np.log(np.exp(x[i, labels[i]]) / sum(np.exp(x[i, j]) for j in range(3)))
    assert dl.cross_entropy(x, labels).item() == pytest.approx(total / 4)
    yes = np.array([0.0, 1.0, 1.0, 0.0])
    total = 0.0
    for i in range(4):
        p = 1 / (1 + np.exp(-x[i, 0]))
        total -= yes[i] * np.log(p) + (1 - yes[i]) * np.log(1 - p)
    assert dl.binary_cross_entropy(x[:, 0], yes).item() == pytest.approx(total / 4)
    total = 0.0
    for i in range(4):
        total += max(0.0, 1 - (2 * yes[i] - 1) * x[i, 0])
    assert dl.hinge(x[:, 0], yes).item() == pytest.approx(total / 4)


def test_losses_do_not_overflow():
    x = dl.Tensor(np.array([[1000.0, -1000.0]], np.float32), requires_grad=True)
    loss = dl.cross_entropy(x, [1])
    loss.backward()
    assert loss.item() == pytest.approx(2000.0)
    np.testing.assert_allclose(x.grad, [[1.0, -1.0]])
    assert dl.binary_cross_entropy(np.array([-1000.0]), np.array([1.0])).item() == pytest.approx(1000.0)


def joining():
    """The public operations that take any number of parts."""
    operations = {name: operation for name, operation in dl.OPERATIONS.items() if name in dl.__all__}
    return [
        name
        for name, operation in operations.items()
        if any(p.kind is p.VAR_POSITIONAL for p in inspect.signature(operation.kernel).parameters.values())
    ]


@pytest.mark.parametrize("name", joining())
@pytest.mark.parametrize("kind", [list, tuple])
@pytest.mark.parametrize("part", [np.ones((2, 3)), [[1.0, 2.0]], np.ones(3, int)], ids=["matrix", "list", "whole"])
@pytest.mark.parametrize("settings", [{}, {"axis": 0}], ids=str)
def test_what_takes_parts_one_by_one_refuses_arrays_in_a_list(name, kind, part, settings):
    operation = dl.OPERATIONS[name]
    with pytest.raises(ShapeError, match=rf"one {kind.__name__}, .*one by one"):
        operation(kind([part, part]), **settings)
    assert operation([1.0, 2.0], **settings).size == 2  # numbers in a list are one part, as everywhere
    assert operation(np.ones((2, 2)), **settings).size == 4


def test_what_joins_is_found():
    assert joining() == ["concatenate", "stack"]
