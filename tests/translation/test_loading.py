"""Weights come back from files written by hand, with NumPy, in the conventions of the other libraries."""

from __future__ import annotations

import numpy as np
import pytest
import safetensors.numpy

import dlcourse as dl
from dlcourse.errors import CourseError

RNG = np.random.default_rng(0)


def numbers(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def written(folder, arrays):
    path = folder / "theirs.safetensors"
    safetensors.numpy.save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)
    return path


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_dense_layers_of_pytorch_are_transposed(tmp_path):
    model = dl.Sequential(dl.Dense(3, 4, activation=dl.tanh, rng=RNG), dl.Dense(4, 2, bias=False, rng=RNG))
    w, b, v = numbers(4, 3), numbers(4), numbers(2, 4)
    dl.load_from(model, written(tmp_path, {"0.weight": w, "0.bias": b, "2.weight": v}), "pytorch")
    x = numbers(5, 3)
    close(model(x).data, np.tanh(x @ w.T + b) @ v.T)


def test_dense_layers_of_keras_are_as_here(tmp_path):
    model = dl.Sequential(dl.Dense(3, 4, rng=RNG), dl.Dense(4, 2, rng=RNG))
    w, b, v, c = numbers(3, 4), numbers(4), numbers(4, 2), numbers(2)
    arrays = {"dense/kernel": w, "dense/bias": b, "dense_1/kernel": v, "dense_1/bias": c}
    dl.load_from(model, written(tmp_path, arrays), "keras")
    x = numbers(5, 3)
    close(model(x).data, (x @ w + b) @ v + c)


def test_ten_layers_are_in_the_order_of_their_numbers(tmp_path):
    model = dl.Sequential(*(dl.Dense(2, 2, bias=False, rng=RNG) for _ in range(12)))
    weights = [numbers(2, 2) for _ in range(12)]
    dl.load_from(model, written(tmp_path, {f"{i}.weight": w for i, w in enumerate(weights)}), "pytorch")
    for layer, w in zip(model, weights, strict=True):
        np.testing.assert_array_equal(layer.weight.data, w.T)


def test_images_are_flattened_channels_first_in_pytorch(tmp_path):
    """A convolution 1 × 1 that changes nothing, then a sum of one pixel of one channel: which one tells the order."""
    model = dl.Sequential(
        dl.Conv2D(2, 2, 1, bias=False, rng=RNG), dl.Flatten(), dl.LayerNorm(12), dl.Dense(12, 1, bias=False, rng=RNG)
    )
    weight, scale, shift = numbers(1, 12), numbers(12), numbers(12)
    arrays = {"0.weight": np.eye(2, dtype=np.float32)[:, :, None, None], "2.weight": scale, "2.bias": shift}
    path = written(tmp_path, arrays | {"3.weight": weight})
    with pytest.raises(CourseError, match="input_shape"):
        dl.load_from(model, path, "pytorch")
    dl.load_from(model, path, "pytorch", input_shape=(2, 3, 2))
    x = numbers(5, 2, 3, 2)
    flat = x.transpose(0, 3, 1, 2).reshape(5, 12)  # (N, C, H, W), flattened
    standard = (flat - flat.mean(1, keepdims=True)) / np.sqrt(flat.var(1, keepdims=True) + 1e-5)
    close(model(x).data, (standard * scale + shift) @ weight.T)


def test_sequences_are_flattened_channels_first_in_pytorch(tmp_path):
    model = dl.Sequential(dl.Conv1D(2, 2, 1, bias=False, rng=RNG), dl.Flatten(), dl.Dense(6, 1, bias=False, rng=RNG))
    weight, kernel = numbers(1, 6), np.eye(2, dtype=np.float32)[:, :, None]
    path = written(tmp_path, {"0.weight": kernel, "2.weight": weight})
    dl.load_from(model, path, "pytorch", input_shape=(3, 2))
    x = numbers(5, 3, 2)
    close(model(x).data, x.transpose(0, 2, 1).reshape(5, 6) @ weight.T)


def test_images_that_are_flattened_as_they_come_in_need_no_shape(tmp_path):
    model = dl.Sequential(dl.Flatten(), dl.Dense(12, 2, bias=False, rng=RNG), dl.BatchNorm(2)).eval()
    weight, scale, shift, mean, variance = numbers(2, 12), numbers(2), numbers(2), numbers(2), np.float32([1, 2])
    norm = {"2.weight": scale, "2.bias": shift, "2.running_mean": mean, "2.running_var": variance}
    dl.load_from(model, written(tmp_path, {"1.weight": weight} | norm), "pytorch")
    x = numbers(5, 2, 3, 2)
    close(model(x).data, (x.reshape(5, 12) @ weight.T - mean) / np.sqrt(variance + 1e-5) * scale + shift)


@pytest.mark.parametrize("source", ["pytorch", "keras"])
def test_convolutions(source, tmp_path):
    model = dl.Sequential(dl.Conv2D(2, 3, (2, 1), rng=RNG))
    w, b, x = numbers(2, 1, 2, 3), numbers(3), numbers(1, 2, 1, 2)
    arrays = {"layer0/kernel": w, "layer0/bias": b}
    if source == "pytorch":
        arrays = {"conv.weight": w.transpose(3, 2, 0, 1), "conv.bias": b}
    dl.load_from(model, written(tmp_path, arrays), source)
    close(model(x).data[0, 0, 0], np.einsum("uvc,uvcf->f", x[0], w) + b)


def test_a_convolution_along_time_of_keras(tmp_path):
    model = dl.Conv1D(2, 3, 2, rng=RNG)
    w, b, x = numbers(2, 2, 3), numbers(3), numbers(1, 2, 2)
    dl.load_from(model, written(tmp_path, {"conv1d/kernel": w, "conv1d/bias": b}), "keras")
    close(model(x).data[0, 0], np.einsum("uc,ucf->f", x[0], w) + b)


def test_two_biases_of_pytorch_become_one(tmp_path):
    model = dl.SimpleRNN(2, 3, rng=RNG)
    w, u, b, c, x = numbers(3, 2), numbers(3, 3), numbers(3), numbers(3), numbers(4, 1, 2)
    arrays = {"weight_ih_l0": w, "weight_hh_l0": u, "bias_ih_l0": b, "bias_hh_l0": c}
    dl.load_from(model, written(tmp_path, {f"rnn.{name}": array for name, array in arrays.items()}), "pytorch")
    close(model(x).data, np.tanh(x[:, 0] @ w.T + b + c))


def gru_step(x, h, w, u, b, c, order):
    """One step of a GRU with weights (F, 3H), two biases, and its gates in this order."""
    gates = {name: slice(i * h.shape[1], (i + 1) * h.shape[1]) for i, name in enumerate(order)}
    inputs, states = x @ w + b, h @ u + c
    r, z = (sigmoid(inputs[:, gates[name]] + states[:, gates[name]]) for name in "rz")
    n = np.tanh(inputs[:, gates["n"]] + r * states[:, gates["n"]])
    return (1 - z) * n + z * h


@pytest.mark.parametrize("source", ["pytorch", "keras"])
def test_the_gates_of_a_gru(source, tmp_path):
    model = dl.GRU(2, 3, rng=RNG)
    w, u, b, c, x = numbers(2, 9), numbers(3, 9), numbers(9), numbers(9), numbers(4, 2, 2)
    arrays = {"gru/gru_cell/kernel": w, "gru/gru_cell/recurrent_kernel": u, "gru/gru_cell/bias": np.stack((b, c))}
    if source == "pytorch":
        arrays = {"gru.weight_ih_l0": w.T, "gru.weight_hh_l0": u.T, "gru.bias_ih_l0": b, "gru.bias_hh_l0": c}
    dl.load_from(model, written(tmp_path, arrays), source)
    h = np.zeros((4, 3), np.float32)
    for t in range(2):
        h = gru_step(x[:, t], h, w, u, b, c, "rzn" if source == "pytorch" else "zrn")
    close(model(x).data, h)


@pytest.mark.parametrize("source", ["pytorch", "keras"])
def test_the_gates_of_an_lstm(source, tmp_path):
    model = dl.LSTM(2, 3, rng=RNG)
    w, u, b, x = numbers(2, 12), numbers(3, 12), numbers(12), numbers(4, 1, 2)
    arrays = {"lstm/lstm_cell/kernel": w, "lstm/lstm_cell/recurrent_kernel": u, "lstm/lstm_cell/bias": b}
    if source == "pytorch":
        arrays = {"weight_ih_l0": w.T, "weight_hh_l0": u.T, "bias_ih_l0": b, "bias_hh_l0": np.zeros(12, np.float32)}
    dl.load_from(model, written(tmp_path, arrays), source)
    i, _, g, o = np.split(x[:, 0] @ w + b, 4, axis=1)
    close(model(x).data, sigmoid(o) * np.tanh(sigmoid(i) * np.tanh(g)))


@pytest.mark.parametrize("source", ["pytorch", "keras"])
def test_normalization_and_embedding(source, tmp_path):
    model = dl.Sequential(dl.Embedding(5, 3, rng=RNG), dl.BatchNorm(3)).eval()
    rows, scale, shift, mean, variance = numbers(5, 3), numbers(3), numbers(3), numbers(3), np.float32([1, 2, 3])
    ours = (rows, scale, shift, mean, variance)
    names = ["layer0/embeddings", *(f"layer1/{name}" for name in ("gamma", "beta", "moving_mean", "moving_variance"))]
    if source == "pytorch":
        names = ["0.weight", *(f"1.{name}" for name in ("weight", "bias", "running_mean", "running_var"))]
    arrays = dict(zip(names, ours, strict=True))
    if source == "pytorch":
        arrays["1.num_batches_tracked"] = np.array(7)
    dl.load_from(model, written(tmp_path, arrays), source)
    symbols = np.array([[0, 4], [2, 2]])
    close(model(symbols).data, (rows[symbols] - mean) / np.sqrt(variance + 1e-5) * scale + shift)


def test_names_tell_the_order_where_numbers_do_not(tmp_path):
    model = dl.Sequential(dl.Dense(2, 2, bias=False, rng=RNG), dl.Dense(2, 2, bias=False, rng=RNG))
    first, second = numbers(2, 2), numbers(2, 2)
    path = written(tmp_path, {"top.weight": second, "bottom.weight": first})
    with pytest.raises(CourseError, match="do not tell the order"):
        dl.load_from(model, path, "pytorch")
    for names, order in ((["bottom", "top"], (first, second)), (["top", "bottom"], (second, first))):
        dl.load_from(model, path, "pytorch", names=names)
        for layer, w in zip(model, order, strict=True):
            np.testing.assert_array_equal(layer.weight.data, w.T)


def test_nothing_is_changed_if_the_last_layer_does_not_fit(tmp_path):
    model = dl.Sequential(dl.Dense(2, 3, bias=False, rng=RNG), dl.Dense(3, 2, bias=False, rng=RNG))
    kept = [parameter.data.copy() for parameter in model.parameters()]
    path = written(tmp_path, {"0.weight": numbers(3, 2), "1.weight": numbers(3, 2)})
    with pytest.raises(CourseError, match="has shape"):
        dl.load_from(model, path, "pytorch")
    for parameter, before in zip(model.parameters(), kept, strict=True):
        np.testing.assert_array_equal(parameter.data, before)


def test_no_derivative_goes_back_through_weights_that_were_loaded_meanwhile(tmp_path):
    model = dl.Dense(2, 1, bias=False, rng=RNG)
    y = (model(numbers(3, 2)) ** 2).sum()
    dl.load_from(model, written(tmp_path, {"weight": numbers(1, 2)}), "pytorch")
    with pytest.raises(CourseError):
        y.backward()
