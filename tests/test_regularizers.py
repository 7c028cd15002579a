"""The penalties of the slides, their pull, and what they leave alone."""

from __future__ import annotations

import numpy as np
import pytest

import dlcourse as dl


def layer():
    dense = dl.Dense(2, 2, rng=np.random.default_rng(0))
    dense.weight.data[...] = [[1.0, -2.0], [0.0, 4.0]]
    dense.bias.data[...] = [10.0, 10.0]
    return dense


@pytest.mark.parametrize(
    "regularizer, value, pull",
    [
        (dl.L2(0.1), 0.05 * 21, [[0.1, -0.2], [0.0, 0.4]]),
        (dl.L1(0.1), 0.7, [[0.1, -0.1], [0.0, 0.1]]),
        (dl.L1L2(0.1, 0.1), 0.7 + 0.05 * 21, [[0.2, -0.3], [0.0, 0.5]]),
    ],
)
def test_values_and_gradients_of_the_slides(regularizer, value, pull):
    dense = layer()
    penalty = regularizer(dl.Sequential(dense))
    penalty.backward()
    np.testing.assert_allclose(penalty.item(), value, rtol=1e-6)
    np.testing.assert_allclose(dense.weight.grad, pull, rtol=1e-6)
    assert dense.bias.grad is None


def test_biases_only_when_asked():
    np.testing.assert_allclose(dl.L2(0.1, biases=True)(layer()).item(), 0.05 * 221, rtol=1e-6)


def test_the_proximal_step_reaches_zero_exactly():
    dense = layer()
    dl.L1(1.0).shrink(dense, lr=1.5)
    np.testing.assert_allclose(dense.weight.data, [[0.0, -0.5], [0.0, 2.5]])


@pytest.mark.parametrize(("l1", "l2"), [(0.5, 1.5), (2.0, 0.0), (0.0, 0.7)])
def test_the_proximal_step_of_both_penalties_finds_the_lowest_place(l1, l2):
    start, lr = layer().weight.data.copy(), 0.8
    dense = layer()
    dl.L1L2(l1, l2).shrink(dense, lr)
    grid = np.linspace(-5, 5, 100_001)  # in steps of 0.0001
    for v, w in zip(start.ravel(), dense.weight.data.ravel(), strict=True):
        heights = (grid - v) ** 2 / 2 + lr * (l1 * np.abs(grid) + l2 / 2 * grid**2)
        assert abs(grid[heights.argmin()] - w) < 2e-4
    np.testing.assert_allclose(dense.bias.data, [10.0, 10.0])


def test_one_proximal_step_of_both_is_that_of_each_alone():
    one, other = layer(), layer()
    dl.L1(0.7).shrink(one, 0.5)
    dl.L1L2(0.7, 0.0).shrink(other, 0.5)
    np.testing.assert_array_equal(one.weight.data, other.weight.data)


def test_a_step_of_gradient_descent_and_a_proximal_step_agree_with_scikit_learn():
    linear = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 8))
    y = x[:, :3] @ [2.0, -1.0, 0.5] + 0.3 * rng.normal(size=60)
    lam = 0.2
    known = {
        dl.L2(lam): linear.Ridge(alpha=60 * lam / 2, fit_intercept=False),  # |error|² + α |w|²
        dl.L1(lam): linear.Lasso(alpha=lam / 2, fit_intercept=False, tol=1e-12),  # |error|² / 2N + α |w|₁
        dl.L1L2(lam, lam): linear.ElasticNet(alpha=lam, l1_ratio=0.5, fit_intercept=False, tol=1e-12),
    }
    for penalty, estimator in known.items():
        w = dl.Parameter(np.zeros((8, 1)))
        optimizer = dl.SGD([w], lr=0.1)
        for _ in range(400):
            optimizer.zero_grad()
            error = dl.squared_error(x @ w, y[:, None])
            (error + penalty(w) if isinstance(penalty, dl.L2) else error).backward()
            optimizer.step()
            if not isinstance(penalty, dl.L2):
                penalty.shrink(w, lr=0.1)
        expected = estimator.fit(x, y).coef_
        np.testing.assert_allclose(w.data[:, 0], expected, atol=1e-4)
        assert ((w.data[:, 0] == 0) == (expected == 0)).all()
    assert (expected == 0).sum() >= 3


def test_max_norm_shortens_columns_only():
    dense = layer()
    dl.MaxNorm(2.0).apply(dense)
    np.testing.assert_allclose(np.linalg.norm(dense.weight.data, axis=0), [1.0, 2.0], rtol=1e-6)
