"""What holds for every input, tried on many: shapes that broadcast, axes, shifts, splits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import dlcourse as dl
from dlcourse.errors import ShapeError

tried = settings(derandomize=True, deadline=None, max_examples=60)

SHAPES = hnp.array_shapes(min_dims=1, max_dims=4, max_side=4)
SEEDS = st.integers(0, 2**32 - 1)
BINARY = st.sampled_from(["add", "subtract", "multiply", "divide", "maximum", "minimum"])


def normal(seed, shape):
    return np.random.default_rng(seed).normal(size=shape)


@tried
@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=4), BINARY, SEEDS)
def test_gradients_have_the_shape_of_their_input_and_equal_those_of_the_repeated_input(shapes, name, seed):
    operation = getattr(dl, name)
    values = [normal(seed + i, shape) + 0.1 for i, shape in enumerate(shapes.input_shapes)]
    inputs = [dl.Tensor(value, requires_grad=True) for value in values]
    repeated = [dl.Tensor(np.broadcast_to(value, shapes.result_shape).copy(), requires_grad=True) for value in values]
    y, z = operation(*inputs), operation(*repeated)
    np.testing.assert_array_equal(y.data, z.data)
    weights = normal(seed + 2, shapes.result_shape)
    y.backward(weights)
    z.backward(weights)
    for small, large in zip(inputs, repeated, strict=True):
        assert small.grad.shape == small.shape
        back = dl.Tensor(small.data, requires_grad=True)
        dl.broadcast_to(back, shape=shapes.result_shape).backward(large.grad)
        np.testing.assert_allclose(small.grad, back.grad, rtol=1e-10, atol=1e-10)


@tried
@given(SHAPES, SHAPES, BINARY)
def test_shapes_that_numpy_cannot_broadcast_are_refused_by_us(a, b, name):
    try:
        np.broadcast_shapes(a, b)
    except ValueError:
        with pytest.raises(ShapeError, match=f"{name}: the shapes .* do not fit"):
            getattr(dl, name)(np.ones(a), np.ones(b))
    else:
        assert getattr(dl, name)(np.ones(a), np.ones(b)).shape == np.broadcast_shapes(a, b)


@st.composite
def shape_and_axis(draw):
    shape = draw(SHAPES)
    choice = draw(st.one_of(st.none(), hnp.valid_tuple_axes(len(shape)), st.integers(-len(shape), len(shape) - 1)))
    return shape, choice


@tried
@given(shape_and_axis(), st.booleans(), st.sampled_from(["sum", "mean", "max", "min"]), SEEDS)
def test_reductions_agree_with_numpy_for_every_axis(shape_axis, keepdims, name, seed):
    shape, axis = shape_axis
    x = dl.Tensor(normal(seed, shape), requires_grad=True)
    y = getattr(dl, name)(x, axis=axis, keepdims=keepdims)
    np.testing.assert_allclose(y.data, getattr(np, name)(x.data, axis=axis, keepdims=keepdims), rtol=1e-12)
    y.sum().backward()
    assert x.grad.shape == shape
    # Moving every entry by the same amount moves sums by their number and the others by that amount.
    number = x.size // y.size if name == "sum" else 1
    np.testing.assert_allclose(x.grad.sum(), y.size * number, rtol=1e-10)


@tried
@given(shape_and_axis(), SEEDS)
def test_a_reshape_and_a_transpose_are_undone_by_their_gradients(shape_axis, seed):
    shape, _ = shape_axis
    x, g = dl.Tensor(normal(seed, shape), requires_grad=True), normal(seed + 1, shape)
    order = tuple(np.random.default_rng(seed).permutation(len(shape)).tolist())
    x.transpose(*order).reshape(-1).backward(g.transpose(order).reshape(-1))
    np.testing.assert_array_equal(x.grad, g)


@tried
@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=6), st.floats(-1e3, 1e3), SEEDS)
def test_softmax_does_not_feel_a_shift_and_sums_to_one(shape, shift, seed):
    x = 5 * normal(seed, shape)
    for axis in range(len(shape)):
        p = dl.softmax(x, axis=axis).data
        np.testing.assert_allclose(dl.softmax(x + shift, axis=axis).data, p, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(p.sum(axis=axis), 1.0)
        np.testing.assert_allclose(np.exp(dl.log_softmax(x, axis=axis).data), p, rtol=1e-9)


@tried
@given(st.integers(2, 6), st.integers(1, 5), st.floats(-100, 100), SEEDS)
def test_cross_entropy_does_not_feel_a_shift_and_its_gradient_sums_to_zero(classes, n, shift, seed):
    labels = np.random.default_rng(seed).integers(0, classes, n)
    x = dl.Tensor(normal(seed, (n, classes)), requires_grad=True)
    loss = dl.cross_entropy(x, labels)
    loss.backward()
    assert dl.cross_entropy(x.data + shift, labels).item() == pytest.approx(loss.item(), rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(x.grad.sum(axis=1), 0.0, atol=1e-12)


SIZES = st.integers(1, 7)


@st.composite
def convolutions(draw):
    """Images, kernel and settings that fit together, even kernels and strides larger than the kernel among them."""
    kernel = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    dilation = draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    padding = draw(st.sampled_from(["valid", "same"]))
    least = [d * (k - 1) + 1 if padding == "valid" else 1 for k, d in zip(kernel, dilation, strict=True)]
    height, width = (draw(st.integers(low, low + 5)) for low in least)
    n, c, f = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    settings_ = {
        "stride": draw(st.tuples(st.integers(1, 4), st.integers(1, 4))), "padding": padding, "dilation": dilation,
    }  # fmt: skip
    return (n, height, width, c), (*kernel, c, f), settings_


def plain_convolution(x, w, stride, padding, dilation):
    """Four loops, and zeros wherever the kernel looks outside."""
    (n, h, wide, _), (kh, kw, _, f) = x.shape, w.shape
    if padding == "same":
        oh, ow = -(-h // stride[0]), -(-wide // stride[1])
        top = max((oh - 1) * stride[0] + dilation[0] * (kh - 1) + 1 - h, 0) // 2
        left = max((ow - 1) * stride[1] + dilation[1] * (kw - 1) + 1 - wide, 0) // 2
    else:
        oh = (h - dilation[0] * (kh - 1) - 1) // stride[0] + 1
        ow = (wide - dilation[1] * (kw - 1) - 1) // stride[1] + 1
        top = left = 0
    y = np.zeros((n, oh, ow, f))
    for i in range(oh):
        for j in range(ow):
            for u in range(kh):
                for v in range(kw):
                    r, s = i * stride[0] + u * dilation[0] - top, j * stride[1] + v * dilation[1] - left
                    if 0 <= r < h and 0 <= s < wide:
                        y[:, i, j] += x[:, r, s] @ w[u, v]
    return y


@tried
@given(convolutions(), SEEDS)
def test_convolution_equals_plain_loops_and_its_gradients_are_its_adjoints(case, seed):
    x_shape, w_shape, given_settings = case
    x, w = (
        dl.Tensor(normal(seed, x_shape), requires_grad=True),
        dl.Tensor(normal(seed + 1, w_shape), requires_grad=True),
    )
    y = dl.conv2d(x, w, **given_settings)
    np.testing.assert_allclose(y.data, plain_convolution(x.data, w.data, **given_settings), atol=1e-10)
    g = normal(seed + 2, y.shape)
    y.backward(g)
    # Linear in each: <g, conv(x, w)> = <gradient of x, x> = <gradient of w, w>.
    inner = float((g * y.data).sum())
    assert float((x.grad * x.data).sum()) == pytest.approx(inner, rel=1e-9, abs=1e-9)
    assert float((w.grad * w.data).sum()) == pytest.approx(inner, rel=1e-9, abs=1e-9)


@tried
@given(convolutions(), SEEDS, st.floats(-3, 3))
def test_convolution_is_linear(case, seed, factor):
    x_shape, w_shape, given_settings = case
    a, b, w = normal(seed, x_shape), normal(seed + 1, x_shape), normal(seed + 2, w_shape)
    both = dl.conv2d(a + factor * b, w, **given_settings).data
    parts = dl.conv2d(a, w, **given_settings).data + factor * dl.conv2d(b, w, **given_settings).data
    np.testing.assert_allclose(both, parts, atol=1e-9)


@tried
@given(st.integers(0, 3), st.integers(0, 3), SEEDS)
def test_convolution_moves_with_the_image(down, right, seed):
    image, w = np.zeros((1, 12, 12, 2)), normal(seed, (3, 3, 2, 2))
    image[:, 3:6, 3:6] = normal(seed + 1, (1, 3, 3, 2))
    moved = np.roll(image, (down, right), axis=(1, 2))
    y = dl.conv2d(image, w, padding="same").data
    np.testing.assert_allclose(
        dl.conv2d(moved, w, padding="same").data, np.roll(y, (down, right), axis=(1, 2)), atol=1e-12
    )


@tried
@given(SIZES, SIZES, st.integers(1, 3), st.integers(1, 3), SEEDS)
def test_max_pooling_equals_plain_loops_and_passes_each_gradient_to_one_entry(h, w, size, stride, seed):
    h, w = max(h, size), max(w, size)
    x = dl.Tensor(np.random.default_rng(seed).integers(0, 3, (2, h, w, 2)).astype(float), requires_grad=True)  # ties
    y = dl.max_pool2d(x, size=(size, size), stride=(stride, stride))
    g = normal(seed, y.shape)
    y.backward(g)
    expected = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(y.shape):
        window = x.data[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        assert y.data[n, i, j, c] == window.max()
        u, v = np.unravel_index(window.argmax(), window.shape)  # the first in reading order
        expected[n, i * stride + u, j * stride + v, c] += g[n, i, j, c]
    np.testing.assert_allclose(x.grad, expected, atol=1e-12)


@tried
@given(st.integers(3, 60), st.lists(st.integers(1, 5), min_size=1, max_size=4), st.booleans(), SEEDS)
def test_a_split_is_a_partition(n, parts, stratified, seed):
    rng = np.random.default_rng(seed)
    data = dl.data.Dataset(np.arange(n, dtype=float)[:, None], rng.integers(0, 3, n))
    shares = [part / sum(parts) for part in parts]
    if min(np.diff([0, *np.rint(np.cumsum(shares) * n)])) < 1:
        return  # a part would be empty, and is refused
    parts = data.split(*shares, rng=rng, stratified=stratified)
    assert sorted(np.concatenate([part.x[:, 0] for part in parts]).tolist()) == list(range(n))
    for part in parts:
        np.testing.assert_array_equal(part.y, data.y[part.x[:, 0].astype(int)])
    if stratified:
        for part, share in zip(parts, shares, strict=True):
            for label in range(3):
                assert abs((part.y == label).sum() - share * (data.y == label).sum()) <= 2


@tried
@given(st.integers(1, 40), st.integers(1, 50), st.booleans(), SEEDS)
def test_minibatches_are_a_partition_too(n, size, drop_last, seed):
    data = dl.data.Dataset(np.arange(n, dtype=float)[:, None], np.zeros(n, int))
    if drop_last and size > n:
        return  # refused
    batches = data.batches(size, rng=np.random.default_rng(seed), drop_last=drop_last)
    dealt = [x[:, 0].tolist() for x, _ in batches]
    assert len(dealt) == len(batches)
    assert all(len(part) == size for part in dealt[: n // size])
    together = sorted(sum(dealt, []))
    assert together == list(range(n)) or (drop_last and len(set(together)) == len(together) == n // size * size)


@tried
@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=5), st.sampled_from(sorted(dl.activations.ZOO)), SEEDS)
def test_activations_rise_or_stay_with_their_gradient(shape, name, seed):
    x = dl.Tensor(3 * normal(seed, shape), requires_grad=True)
    y = dl.activations.ZOO[name](x)
    y.sum().backward()
    step = 1e-6
    later = dl.activations.ZOO[name](x.data + step * x.grad).data
    assert float((later - y.data).sum()) >= -1e-12  # along the gradient it never falls
    assert y.shape == x.shape == x.grad.shape
