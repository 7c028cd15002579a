"""Layers against plain loops, written here a second time from the formulas; and what they say to bad input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dlcourse as dl

rng = np.random.default_rng(5)


def generator():
    return np.random.default_rng(0)


def plain_convolution(x, w, b, stride, padding, dilation):
    """Seven loops, straight from the definition."""
    n, height, width, channels = x.shape
    kh, kw, _, filters = w.shape
    before = [0, 0]
    if padding == "same":
        sizes = []
        for axis, (size, k) in enumerate(((height, kh), (width, kw))):
            out = int(np.ceil(size / stride[axis]))
            total = max((out - 1) * stride[axis] + dilation[axis] * (k - 1) + 1 - size, 0)
            before[axis] = total // 2
            sizes.append(out)
    else:
        sizes = [
            (size - dilation[axis] * (k - 1) - 1) // stride[axis] + 1
            for axis, (size, k) in enumerate(((height, kh), (width, kw)))
        ]
    y = np.zeros((n, *sizes, filters))
    for image in range(n):
        for i in range(sizes[0]):
            for j in range(sizes[1]):
                for f in range(filters):
                    total = b[f]
                    for u in range(kh):
                        for v in range(kw):
                            row = i * stride[0] + u * dilation[0] - before[0]
                            column = j * stride[1] + v * dilation[1] - before[1]
                            if 0 <= row < height and 0 <= column < width:
                                for c in range(channels):
                                    total += x[image, row, column, c] * w[u, v, c, f]
                    y[image, i, j, f] = total
    return y


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("kernel", [(1, 1), (2, 3), (3, 2), (3, 3)])
@pytest.mark.parametrize("stride", [(1, 1), (2, 3), (4, 1)])
@pytest.mark.parametrize("dilation", [(1, 1), (2, 1), (1, 2)])
def test_convolution_equals_plain_loops(padding, kernel, stride, dilation):
    x, w, b = rng.normal(size=(2, 6, 7, 2)), rng.normal(size=(*kernel, 2, 3)), rng.normal(size=3)
    y = dl.conv2d(x, w, b, stride=stride, padding=padding, dilation=dilation)
    np.testing.assert_allclose(y.data, plain_convolution(x, w, b, stride, padding, dilation), atol=1e-12)


def test_same_padding_keeps_ceil_of_size_over_stride_with_the_odd_rest_behind():
    layer = dl.Conv2D(1, 1, 2, padding="same", rng=generator())
    layer.weight.data[...] = np.array([[1.0, 10.0], [100.0, 1000.0]]).reshape(2, 2, 1, 1)
    y = layer(np.ones((1, 2, 2, 1), np.float32)).data[0, :, :, 0]
    np.testing.assert_array_equal(y, [[1111, 101], [11, 1]])


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, derandomize=True, deadline=None)
def test_convolution_is_linear_and_moves_with_the_image(seed):
    r = np.random.default_rng(seed)
    a, b = r.normal(size=(2, 1, 6, 6, 2))
    w = r.normal(size=(3, 3, 2, 2))
    s, t = r.normal(size=2)
    together = dl.conv2d(s * a + t * b, w).data
    np.testing.assert_allclose(together, s * dl.conv2d(a, w).data + t * dl.conv2d(b, w).data, atol=1e-10)
    moved = dl.conv2d(np.roll(a, 1, axis=2), w).data
    np.testing.assert_allclose(moved[:, :, 1:], dl.conv2d(a, w).data[:, :, :-1], atol=1e-10)


def test_grey_images_that_got_their_axis_of_channels_by_none_are_read_pixel_by_pixel():
    images = rng.normal(size=(3, 6, 5))[..., None]
    assert images.strides[3] == 0  # NumPy's way; a view by strides must not step along it
    weight, g = rng.normal(size=(3, 2, 1, 4)), rng.normal(size=(3, 4, 4, 4))
    gradients = []
    for x in (images, images.reshape(-1).copy().reshape(images.shape)):
        kernel = dl.Tensor(weight, requires_grad=True)
        y = dl.conv2d(x, kernel)
        y.backward(g)
        gradients.append((y.data, kernel.grad))
    np.testing.assert_allclose(gradients[0][0], plain_convolution(images, weight, np.zeros(4), (1, 1), "valid", (1, 1)))
    np.testing.assert_allclose(gradients[0][1], gradients[1][1])


def test_one_dimensional_convolution_is_an_image_one_pixel_high():
    layer = dl.Conv1D(1, 1, 3, rng=generator())
    layer.weight.data[...] = np.array([1.0, 0.0, -1.0]).reshape(1, 3, 1, 1)
    y = layer(np.array([1.0, 4.0, 9.0, 16.0, 25.0], np.float32).reshape(1, 5, 1))
    np.testing.assert_array_equal(y.data.reshape(-1), [1 - 9, 4 - 16, 9 - 25])


def test_pooling_against_plain_loops():
    x = rng.normal(size=(2, 7, 6, 3))
    for layer, choose in ((dl.MaxPool2D(3, stride=2), np.max), (dl.AvgPool2D(3, stride=2), np.mean)):
        y = layer(x).data
        assert y.shape == (2, 3, 2, 3)
        for n in range(2):
            for i in range(3):
                for j in range(2):
                    for c in range(3):
                        window = x[n, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3, c]
                        assert y[n, i, j, c] == pytest.approx(choose(window), abs=1e-12)


def test_ties_in_max_pooling_go_to_the_first():
    x = dl.Tensor(np.ones((1, 2, 2, 1)), requires_grad=True)
    dl.MaxPool2D(2)(x).sum().backward()
    np.testing.assert_array_equal(x.grad.reshape(2, 2), [[1, 0], [0, 0]])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def one_step(kind, p, x, h, c):
    """One step of one cell for one example, gate by gate."""
    size = len(h)

    def gate(k, hidden):
        s = slice(k * size, (k + 1) * size)
        return x @ p["weight_x"][:, s] + hidden @ p["weight_h"][:, s] + p["bias"][s]

    if kind is dl.SimpleRNN:
        return np.tanh(gate(0, h)), c
    if kind is dl.LSTM:
        i, f, g, o = sigmoid(gate(0, h)), sigmoid(gate(1, h)), np.tanh(gate(2, h)), sigmoid(gate(3, h))
        c = f * c + i * g
        return o * np.tanh(c), c
    r, z = sigmoid(gate(0, h)), sigmoid(gate(1, h))
    s = slice(2 * size, None)
    n = np.tanh(x @ p["weight_x"][:, s] + p["bias"][s] + r * (h @ p["weight_h"][:, s] + p["bias_n"]))
    return (1 - z) * n + z * h, c


@pytest.mark.parametrize("kind", [dl.SimpleRNN, dl.LSTM, dl.GRU])
@pytest.mark.parametrize("lengths", [None, [4, 2, 0]])
def test_recurrent_layers_equal_a_loop_over_steps(kind, lengths):
    layer = kind(2, 3, return_sequences=True, rng=generator())
    for parameter in layer.parameters():
        parameter.data = rng.normal(size=parameter.shape)
    p = {name: parameter.data for name, parameter in layer.named_parameters().items()}
    x, h0, c0 = rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    y = layer(x, (h0, c0) if kind is dl.LSTM else h0, lengths=lengths).data
    for n in range(3):
        h, c = h0[n], c0[n]
        for t in range(4):
            if lengths is None or t < lengths[n]:
                h, c = one_step(kind, p, x[n, t], h, c)
            np.testing.assert_allclose(y[n, t], h, atol=1e-12)


@pytest.mark.parametrize("kind", [dl.SimpleRNN, dl.LSTM, dl.GRU])
def test_what_stands_in_the_padding_does_not_matter(kind):
    layer = kind(2, 3, rng=generator())
    x = rng.normal(size=(2, 5, 2)).astype(np.float32)
    other = x.copy()
    other[1, 2:] = 99.0
    np.testing.assert_array_equal(layer(x, lengths=[5, 2]).data, layer(other, lengths=[5, 2]).data)


def test_a_long_sequence_in_two_halves_gives_the_same_states():
    layer = dl.LSTM(2, 3, rng=generator())
    x = rng.normal(size=(2, 6, 2)).astype(np.float32)
    whole, _ = layer.run(x)
    first, state = layer.run(x[:, :3])
    second, _ = layer.run(x[:, 3:], state)
    np.testing.assert_allclose(np.concatenate([first.data, second.data], axis=1), whole.data, atol=1e-6)


def test_the_forget_gate_starts_open():
    layer = dl.LSTM(2, 3, rng=generator())
    np.testing.assert_array_equal(layer.bias.data, [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])


def test_embedding_adds_up_gradients_of_a_repeated_symbol():
    layer = dl.Embedding(4, 2, rng=generator())
    layer(np.array([1, 1, 3])).sum().backward()
    np.testing.assert_array_equal(layer.weight.grad, [[0, 0], [2, 2], [0, 0], [1, 1]])


def test_batch_normalization_uses_the_batch_while_training_and_the_average_afterwards():
    layer = dl.BatchNorm(2)
    x = rng.normal(3.0, 2.0, size=(50, 2)).astype(np.float32)
    y = layer(x).data
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(y.std(axis=0), 1, atol=1e-3)
    np.testing.assert_allclose(layer.running_mean, 0.1 * x.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(layer.running_variance, 0.9 + 0.1 * x.var(axis=0, ddof=1), rtol=1e-5)
    layer.eval()
    expected = (x - layer.running_mean) / np.sqrt(layer.running_variance + 1e-5)
    np.testing.assert_allclose(layer(x).data, expected, rtol=1e-5)


def test_dropout_keeps_the_mean_and_does_nothing_when_predicting():
    layer = dl.Dropout(0.3, rng=generator())
    y = layer(np.ones((200, 500), np.float32)).data
    assert (y == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert y.mean() == pytest.approx(1.0, abs=0.01)
    assert y.dtype == np.float32
    x = rng.normal(size=(3, 4))
    np.testing.assert_array_equal(layer.eval()(x).data, x)


def test_a_model_prints_as_a_table():
    model = dl.Sequential(
        dl.Conv2D(1, 8, 3, activation=dl.relu, rng=generator()),
        dl.MaxPool2D(2),
        dl.Flatten(),
        dl.Dense(72, 10, rng=generator()),
    )
    assert model.summary((8, 8, 1)) == "\n".join(
        [
            "layer                     output        parameters",
            "input                     (N, 8, 8, 1)",
            "Conv2D(1 → 8, 3×3, relu)  (N, 6, 6, 8)          80",
            "MaxPool2D(2×2)            (N, 3, 3, 8)           0",
            "Flatten                   (N, 72)                0",
            "Dense(72 → 10)            (N, 10)              730",
            "total                                          810",
        ]
    )
    assert "?" in repr(model)
    model(np.zeros((2, 8, 8, 1), np.float32))
    assert "(N, 3, 3, 8)" in repr(model) == model.summary()


def test_a_model_of_symbols_prints_as_a_table():
    model = dl.Sequential(dl.Embedding(5, 3, rng=generator()), dl.GRU(3, 4, rng=generator()))
    model(np.array([[0, 4, 2]]))
    assert "(N, 3, 3)" in repr(model) and "(N, 4)" in repr(model)


def test_the_table_shows_where_a_model_does_not_fit():
    model = dl.Sequential(dl.Dense(2, 3, rng=generator()), dl.Dense(4, 5, rng=generator()), dl.relu)
    with pytest.raises(dl.errors.ShapeError, match=r"model\.summary\(\) shows"):
        model(np.zeros((7, 2)))
    assert model.summary() == "\n".join(
        [
            "layer         output        parameters",
            "input         (N, 2)",
            "Dense(2 → 3)  (N, 3)                 9",
            "Dense(4 → 5)  does not fit          25",
            "relu          ?                      0",
            "total                               34",
        ]
    )
    assert "fails" in dl.Sequential(lambda x: x.data[0, 0, 0]).summary((2,))


def test_a_layer_can_be_replaced_and_nothing_changes_if_it_is_none():
    model = dl.Sequential(dl.Dense(2, 3, rng=generator()), dl.Dense(3, 5, rng=generator()))
    first, last = model
    model[-1] = new = dl.Dense(3, 1, rng=generator())
    assert model(np.zeros((7, 2))).shape == (7, 1)
    assert list(model) == [first, new] and model.parameters() == first.parameters() + new.parameters()
    for wrong in (np.zeros(3), dl.Dense, first):
        with pytest.raises(dl.errors.WrongTypeError):
            model[1] = wrong
    assert list(model) == [first, new]


def test_whole_numbers_may_be_written_as_floats():
    assert dl.BatchNorm(2.0)(np.zeros((3, 2))).shape == dl.LayerNorm(2.0)(np.zeros((3, 2))).shape == (3, 2)
    assert dl.LSTM(3.0, 4.0, rng=generator())(np.zeros((2, 5, 3))).shape == (2, 4)


def test_a_convolution_is_named_by_both_of_its_sides():
    assert str(dl.Conv2D(1, 4, (1, 3), stride=(2, 1), rng=generator())) == "Conv2D(1 → 4, 1×3, stride 2×1)"
    assert str(dl.Conv1D(1, 4, 3, stride=2, rng=generator())) == "Conv1D(1 → 4, 3, stride 2)"


def test_shared_parameters_are_found_once_and_lists_are_searched():
    class Twice(dl.Module):
        def __init__(self):
            self.first = dl.Dense(2, 2, rng=generator())
            self.second = self.first
            self.rest = [dl.Dense(2, 1, rng=generator())]

        def forward(self, x):
            return self.rest[0](self.second(self.first(x)))

    names = list(Twice().named_parameters())
    assert names == ["first.weight", "first.bias", "rest.0.weight", "rest.0.bias"]
