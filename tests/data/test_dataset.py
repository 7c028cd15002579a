"""Data sets, splits and minibatches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dlcourse as dl
from dlcourse.data import Dataset
from dlcourse.errors import DataError

X = np.arange(20, dtype=np.float32).reshape(10, 2)
Y = np.arange(10) % 2


def rng():
    return np.random.default_rng(0)


def test_digits_are_what_the_lessons_say():
    digits = dl.data.digits()
    assert digits.x.shape == (1797, 8, 8, 1) and digits.x.dtype == np.float32
    assert digits.x.min() == 0.0 and digits.x.max() == 1.0
    assert digits.y.dtype.kind == "i" and np.bincount(digits.y).tolist() == [
        178,
        182,
        177,
        183,
        181,
        182,
        181,
        179,
        174,
        180,
    ]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(n=st.integers(6, 200), weights=st.lists(st.integers(1, 9), min_size=1, max_size=4), stratified=st.booleans())
def test_a_split_is_a_partition(n, weights, stratified):
    shares = [w / sum(weights) for w in weights]
    data = Dataset(np.arange(n, dtype=np.float32)[:, None], np.arange(n) % 3)
    try:
        parts = data.split(*shares, rng=rng(), stratified=stratified)
    except DataError:
        assert min(shares) * n < 1
        return
    together = np.concatenate([part.x[:, 0] for part in parts])
    assert sorted(together) == list(range(n))
    assert all(abs(len(part) - share * n) <= 1 for part, share in zip(parts, shares, strict=True))
    assert all((part.x[:, 0] % 3 == part.y).all() for part in parts)


def test_a_stratified_split_keeps_the_proportions():
    y = np.repeat([0, 1, 2], [90, 9, 51])
    parts = Dataset(np.zeros((150, 1)), y).split(0.6, 0.2, 0.2, rng=rng(), stratified=True)
    for part, share in zip(parts, (0.6, 0.2, 0.2), strict=True):
        assert (np.abs(np.bincount(part.y, minlength=3) - share * np.array([90, 9, 51])) <= 1).all()


def test_batches_deal_out_everything_once_and_shuffle_again():
    batches = Dataset(X, Y).batches(4, rng=rng())
    first, second = ([x[:, 0].tolist() for x, _ in batches] for _ in range(2))
    assert [len(b) for b in first] == [4, 4, 2] and len(batches) == 3
    assert sorted(sum(first, [])) == X[:, 0].tolist() and first != second
    assert [len(x) for x, _ in Dataset(X, Y).batches(4, drop_last=True)] == [4, 4]


def test_same_seed_same_batches():
    a, b = ([x.tolist() for x, _ in Dataset(X, Y).batches(3, rng=rng())] for _ in range(2))
    assert a == b


@pytest.mark.parametrize("make", [dl.data.moons, dl.data.circles, dl.data.spirals])
def test_toy_sets_are_balanced_and_repeatable(make):
    data = make(100, rng=rng())
    assert data.x.shape == (100, 2) and data.x.dtype == np.float32 and np.bincount(data.y).tolist() == [50, 50]
    np.testing.assert_array_equal(data.x, make(100, rng=rng()).x)


def test_circles_without_noise_have_their_radii():
    data = dl.data.circles(60, noise=0, rng=rng())
    np.testing.assert_allclose(np.hypot(*data.x.T), np.where(data.y == 0, 1, 0.5), rtol=1e-6)


def test_xor_is_one_where_the_coordinates_differ():
    data = dl.data.xor(40, noise=0.1, rng=rng())
    assert len(data) == 40 and dl.data.xor().y.tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(
    "make, shape, classes",
    [(dl.data.iris, (150, 4), 3), (dl.data.wine, (178, 13), 3), (dl.data.breast_cancer, (569, 30), 2), (dl.data.diabetes, (442, 10), 0)],
)  # fmt: skip
def test_measured_tables(make, shape, classes):
    data = make()
    assert data.x.shape == shape and len(data.classes) == classes and data.x.dtype == np.float32


def test_photographs():
    assert dl.data.photograph("flower").shape == (427, 640, 3)
    assert 0 <= dl.data.photograph().min() < dl.data.photograph().max() <= 1
