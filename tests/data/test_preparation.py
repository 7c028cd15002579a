"""Scaling, augmentation, text, and the files of MNIST."""

from __future__ import annotations

import gzip
import hashlib
import urllib.error
import urllib.request

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.data import Dataset, downloaded
from dlcourse.errors import DataError, FileFormatError


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


def idx(array):
    head = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    return gzip.compress(head + array.astype(np.uint8).tobytes(), mtime=0)


@pytest.fixture
def small_mnist(tmp_path, monkeypatch):
    x, y = np.full((3, 28, 28), 255), np.array([1, 2, 3])
    sums = []
    for name, array in zip(downloaded._NAMES, (x, y, x, y), strict=True):
        (tmp_path / name).write_bytes(idx(array))
        sums.append(hashlib.md5(idx(array)).hexdigest())
    monkeypatch.setattr(downloaded, "_MNIST", ("http://nowhere.invalid/", " ".join(sums)))
    return tmp_path


def test_files_that_are_there_are_read(small_mnist):
    train, test = dl.data.mnist(small_mnist)
    assert train.x.shape == (3, 28, 28, 1) and train.x.max() == 1.0 and test.y.tolist() == [1, 2, 3]


def test_a_damaged_file_is_named(small_mnist):
    (small_mnist / downloaded._NAMES[1]).write_bytes(b"x")
    with pytest.raises(FileFormatError, match="is damaged"):
        dl.data.mnist(small_mnist)


def test_without_a_network_the_message_says_what_to_put_where(tmp_path, monkeypatch):
    def offline(*_, **__):
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(urllib.request, "urlopen", offline)
    with pytest.raises(DataError) as caught:
        dl.data.mnist(tmp_path)
    assert "could not be fetched" in str(caught.value) and "put the four files train-images-idx3-ubyte.gz" in str(
        caught.value
    )
    assert not list(tmp_path.iterdir())


def test_a_cut_idx_file_is_refused():
    with pytest.raises(FileFormatError, match=r"is cut off: its head promises shape \(3,\)"):
        downloaded.read_idx(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7]))
    with pytest.raises(FileFormatError, match="is no IDX file"):
        downloaded.read_idx(b"hello")
