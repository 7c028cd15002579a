"""The fast operations of whole sequences against the plain steps, states and gradients alike."""

from __future__ import annotations

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.ops.recurrent_steps import gru_step, lstm_step, simple_rnn_step

N, F, H = 3, 2, 4


def simple_rnn(x, h, *weights):
    for t in range(x.shape[1]):
        h = simple_rnn_step(x[:, t], h, *weights)
        yield h


def gru(x, weight_x, weight_h, bias, bias_n, h):
    for t in range(x.shape[1]):
        h = gru_step(x[:, t], h, weight_x, weight_h, bias, bias_n)
        yield h


def lstm(x, weight_x, weight_h, bias, h, c):
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, weight_x, weight_h, bias)
        yield dl.stack(h, c)


# The fast operation, the plain one in its order of arguments, gates, and how many states and other biases follow.
KINDS = {
    "simple_rnn": (dl.simple_rnn, lambda x, wx, wh, b, h: simple_rnn(x, h, wx, wh, b), 1, [(N, H)], 1),
    "lstm": (dl.lstm, lstm, 4, [(N, H), (N, H)], 2),
    "gru": (dl.gru, gru, 3, [(H,), (N, H)], 1),
}


@pytest.mark.parametrize("kind", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("steps", [1, 6])
@pytest.mark.parametrize("name", KINDS)
def test_a_whole_sequence_equals_its_steps(name, steps, kind):
    fast, plain, gates, others, time = KINDS[name]
    rng = np.random.default_rng(3)
    shapes = [(N, steps, F), (F, gates * H), (H, gates * H), (gates * H,), *others]
    arrays = [rng.normal(size=shape).astype(kind) for shape in shapes]
    ours, theirs = ([dl.Tensor(array, requires_grad=True) for array in arrays] for _ in range(2))
    y = fast(*ours)
    z = dl.stack(*plain(*theirs), axis=time)
    weights = rng.normal(size=y.shape).astype(kind)
    (y * weights).sum().backward()
    (z * weights).sum().backward()
    close = {"rtol": 1e-9, "atol": 1e-11} if kind is np.float64 else {"rtol": 1e-3, "atol": 1e-4}
    np.testing.assert_allclose(y.data, z.data, **close)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one.grad, other.grad, **close)


def test_the_steps_take_arrays_too():
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in [(N, F), (N, H), (F, 3 * H), (H, 3 * H), (3 * H,), (H,)]]
    h = gru_step(*arrays)
    assert type(h) is np.ndarray
    np.testing.assert_allclose(h, gru_step(*map(dl.Tensor, arrays)).data)
