"""Predictions and what is counted about them."""

from __future__ import annotations

import numpy as np
import pytest

import dlcourse as dl

SCORES = np.array([[2.0, 1, 0], [0, 3, 1], [1, 0, 0], [0, 1, 2], [0, 2, 1]], np.float32)
DATA = dl.data.Dataset(SCORES, [0, 1, 1, 2, 2])


def model(x):
    return x


def test_counts_by_hand():
    assert dl.accuracy(model, DATA) == 0.6
    np.testing.assert_array_equal(dl.confusion_matrix(model, DATA), [[1, 0, 0], [1, 1, 0], [0, 1, 1]])
    np.testing.assert_allclose(dl.precision(model, DATA), [0.5, 0.5, 1.0])
    np.testing.assert_allclose(dl.recall(model, DATA), [1.0, 0.5, 0.5])


def test_a_class_never_predicted_has_no_precision():
    data = dl.data.Dataset(SCORES[:2], [0, 2])
    np.testing.assert_allclose(dl.precision(model, data), [1.0, 0.0, np.nan])


def test_truth_values_are_counted_as_classes():
    data = dl.data.Dataset([[-1.0], [2.0], [-3.0]], np.array([False, True, True]))
    np.testing.assert_array_equal(dl.confusion_matrix(model, data), [[1, 0], [1, 1]])


def test_the_padding_of_sequences_is_no_class():
    names = dl.data.spelled(["ab", "c"])  # the end of the second is followed by a −1
    layer = dl.GRU(27, 27, return_sequences=True, rng=np.random.default_rng(0))

    def loss(scores, follows):
        return dl.cross_entropy(scores, np.maximum(follows, 0), mask=follows >= 0)

    with pytest.raises(dl.errors.LabelError, match="there is a -1"):
        dl.accuracy(layer, names)
    optimizer = dl.SGD(layer.parameters(), 0.1)
    rng = np.random.default_rng(0)
    history = dl.fit(layer, names, loss=loss, optimizer=optimizer, epochs=1, batch_size=2, validation=names, rng=rng)
    assert len(history.validation_loss) == 1 and history.validation_accuracy == []


@pytest.mark.parametrize("labels", [[0, 1, 1], [-1, 1, 1]])
def test_one_output_speaks_for_class_1_above_zero(labels):
    assert dl.accuracy(model, dl.data.Dataset([[-1.0], [2.0], [-3.0]], labels)) == pytest.approx(2 / 3)


def test_predict_in_parts_gives_the_same_numbers_and_restores_the_mode():
    network = dl.Sequential(dl.Dense(3, 2, rng=np.random.default_rng(0)))
    np.testing.assert_allclose(dl.predict(network, SCORES, batch_size=2), dl.predict(network, DATA), rtol=1e-6)
    assert network.training and not network(SCORES).grad
