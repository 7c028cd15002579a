"""Initial weights have the variance that their formula promises."""

from __future__ import annotations

import numpy as np
import pytest

from dlcourse import initializers as init


@pytest.mark.parametrize(
    "name, variance",
    [("lecun", 1 / 180), ("he", 2 / 180), ("glorot", 2 / (180 + 360))],
)
@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_variance_counts_the_window_of_a_convolution(name, variance, kind):
    w = getattr(init, f"{name}_{kind}")((3, 3, 20, 40), rng=np.random.default_rng(0))
    assert w.dtype == np.float32 and abs(w.mean()) < 0.05 * w.std() + 0.002
    np.testing.assert_allclose(w.var(), variance, rtol=0.05)


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (3, 3, 2, 5)])
def test_orthogonal_columns_or_rows(shape):
    w = init.orthogonal(shape, rng=np.random.default_rng(0)).reshape(-1, shape[-1])
    gram = w.T @ w if w.shape[0] >= w.shape[1] else w @ w.T
    np.testing.assert_allclose(gram, np.eye(len(gram)), atol=1e-6)


def test_settings_are_used():
    rng = np.random.default_rng(0)
    assert init.zeros((2, 3)).sum() == 0
    assert (init.constant(0.5)((2,)) == 0.5).all()
    assert np.abs(init.uniform(0.2)((100, 100), rng=rng)).max() <= 0.2
    np.testing.assert_allclose(init.normal(0.3)((100, 100), rng=rng).std(), 0.3, rtol=0.03)
    assert np.abs(init.truncated_normal(0.3)((100, 100), rng=rng)).max() <= 0.6


def test_same_seed_same_numbers():
    a, b = (init.he_normal((5, 5), rng=np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(a, b)
