"""What is left out does not matter: behind `lengths`, under a mask, and in an example of weight 0, any number may stand."""

from __future__ import annotations

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import LabelError

ANYTHING = [np.nan, np.inf, -np.inf, 1e30, -7.0]


def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("junk", ANYTHING)
@pytest.mark.parametrize("layer", [dl.SimpleRNN, dl.GRU, dl.LSTM])
@pytest.mark.parametrize("sequences", [True, False])
def test_recurrent_layers_never_look_behind_the_end(layer, junk, kind, sequences):
    lengths = np.array([5, 2, 0, 4])
    padding = np.arange(5) >= lengths[:, None]
    clean = np.where(padding[..., None], 0, rng().normal(size=(4, 5, 3))).astype(kind)
    dirty = np.where(padding[..., None], junk, clean).astype(kind)
    results = []
    for numbers in (clean, dirty):
        model, x = layer(3, 2, return_sequences=sequences, rng=rng()), dl.Tensor(numbers, requires_grad=True)
        y = model(x, lengths=lengths)
        (y * y).sum().backward()
        results.append([y.data, x.grad, *(p.grad for p in model.parameters())])
        np.testing.assert_array_equal(x.data, numbers)  # what was passed is left as it was
    for a, b in zip(*results, strict=True):
        np.testing.assert_array_equal(a, b)
        assert np.isfinite(b).all()
    assert not results[1][1][padding].any()


@pytest.mark.parametrize("n, t", [(1, 3), (3, 1), (1, 1)])
def test_padding_is_cleared_in_a_copy_where_one_axis_has_size_one(n, t):
    x = np.full((n, t, 2), np.nan, np.float32)
    y = dl.SimpleRNN(2, 2, rng=rng())(x, lengths=np.zeros(n, int))
    assert np.isnan(x).all() and not y.data.any()


@pytest.mark.parametrize("label", [-1, -100, 99, 2**40])
@pytest.mark.parametrize("junk", ANYTHING)
@pytest.mark.parametrize("settings", [{}, {"smoothing": 0.1}, {"class_weights": [1.0, 2.0, 3.0]}], ids=str)
def test_a_mask_hides_labels_and_logits(label, junk, settings):
    x, y = rng().normal(size=(2, 4, 3)), rng().integers(0, 3, (2, 4))
    keep = np.array([[1, 1, 0, 0], [1, 1, 1, 0]])
    hidden_x, hidden_y = np.where(keep[..., None] > 0, x, junk), np.where(keep > 0, y, label)
    expected = dl.Tensor(x, requires_grad=True)
    loss = dl.cross_entropy(expected[keep > 0], y[keep > 0], **settings)
    loss.backward()
    for mask in (keep, keep > 0, keep.astype(np.float32), keep.tolist(), dl.Tensor(keep), dl.Tensor(keep) > 0):
        w = dl.Tensor(hidden_x, requires_grad=True)
        hidden = dl.cross_entropy(w, hidden_y, mask=mask, **settings)
        hidden.backward()
        assert hidden.item() == pytest.approx(loss.item(), rel=1e-12)
        np.testing.assert_allclose(w.grad, expected.grad, rtol=1e-12)


def test_labels_that_are_not_hidden_are_still_looked_at():
    with pytest.raises(LabelError, match="there is a label -1"):
        dl.cross_entropy(np.zeros((3, 2)), [0, -1, -1], mask=[1, 1, 0])
    with pytest.raises(LabelError, match="Yours are whole"):
        dl.cross_entropy(np.zeros((3, 2)), np.array([0.0, 1.0, np.nan]), mask=[1, 1, 0])


def test_an_example_of_a_class_that_weighs_nothing_does_not_matter():
    x = dl.Tensor([[np.nan, np.nan], [0.0, 1.0]], requires_grad=True)
    loss = dl.cross_entropy(x, [1, 0], class_weights=[1, 0])
    loss.backward()
    assert loss.item() == pytest.approx(dl.cross_entropy([[0.0, 1.0]], [0]).item())
    assert np.isfinite(x.grad).all() and not x.grad[0].any()


def test_a_class_that_cannot_be_and_need_not_be_adds_nothing():
    logits, truth = dl.Tensor([[0.0, 0.0, -np.inf]], requires_grad=True), [[0.5, 0.5, 0.0]]
    loss = dl.kl_divergence(logits, truth)
    loss.backward()
    assert loss.item() == pytest.approx(0, abs=1e-7) and not logits.grad.any()
    np.testing.assert_allclose(dl.softmax(logits.data).data, truth)


def test_where_passes_nothing_to_what_it_did_not_choose():
    x = dl.Tensor([-1.0, 0.0, 4.0], requires_grad=True)
    for root in (dl.sqrt, lambda x: x**0.5, dl.log, lambda x: 1 / x, lambda x: x**-1):
        x.zero_grad()
        dl.where(x > 0, root(x), 0.0).sum().backward()
        assert np.isfinite(x.grad).all() and not x.grad[:2].any() and x.grad[2] != 0
