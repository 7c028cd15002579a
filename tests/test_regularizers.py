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


def test_max_norm_shortens_columns_only():
    dense = layer()
    dl.MaxNorm(2.0).apply(dense)
    np.testing.assert_allclose(np.linalg.norm(dense.weight.data, axis=0), [1.0, 2.0], rtol=1e-6)
