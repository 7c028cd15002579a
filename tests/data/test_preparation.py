"""Scaling, augmentation and text."""

from __future__ import annotations

import numpy as np

import dlcourse as dl
from dlcourse.data import Dataset


def test_the_training_part_alone_gives_the_statistics():
    rng = np.random.default_rng(0)
    train, test = dl.data.wine().split(0.7, 0.3, rng=rng)
    a, b = dl.data.standardize(train, test)
    np.testing.assert_allclose(a.x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(a.x.std(axis=0), 1, atol=1e-4)
    exact = train.x.astype(np.float64)
    np.testing.assert_allclose(b.x, (test.x - exact.mean(axis=0)) / exact.std(axis=0), rtol=1e-6)
    assert a.x.dtype == np.float32 and not train.x.mean() < 1


def test_a_feature_that_never_changes_becomes_zero():
    (a,) = dl.data.standardize(Dataset([[5.0, 1.0], [5.0, 2.0]], [0, 1]))
    np.testing.assert_allclose(a.x, [[0, -1], [0, 1]])
    tenths = np.full((1000, 1), 0.1, np.float32)  # their mean is not 0.1 to the last digit
    (b,) = dl.data.standardize(Dataset(tenths, np.zeros(1000, int)))
    np.testing.assert_allclose(b.x, 0, atol=1e-6)


def test_augmentation_moves_turns_and_keeps_the_originals():
    images = dl.data.digits().x[:20]
    before = images.copy()
    changed = dl.data.augment(images, shift=1, rotate=10, noise=0.05, rng=np.random.default_rng(0))
    assert changed.shape == images.shape and changed.dtype == np.float32 and not np.allclose(changed, images)
    np.testing.assert_array_equal(images, before)
    np.testing.assert_allclose(dl.data.augment(images, rng=np.random.default_rng(0)), images, atol=1e-7)


def test_a_quarter_turn_and_a_move_by_one():
    image = np.arange(9.0).reshape(1, 3, 3, 1)
    from dlcourse.data.preparation import _moved

    np.testing.assert_allclose(
        _moved(image[0], np.pi / 2, np.array([0, 0]))[..., 0], np.rot90(image[0, ..., 0]), atol=1e-9
    )
    np.testing.assert_allclose(_moved(image[0], 0.0, np.array([1, 0]))[..., 0], [[0, 0, 0], [0, 1, 2], [3, 4, 5]])


def test_text_and_back():
    letters = dl.data.Vocabulary("hello world")
    assert letters.decode(letters.encode("low")) == "low" and len(letters) == 8
