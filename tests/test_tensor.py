"""The engine: order, accumulation, memory, depth."""

from __future__ import annotations

import gc
import tracemalloc
import warnings

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ForgottenZeroGrad, GradientError, KindError, ShapeError


def test_a_tensor_used_twice_gets_both_gradients():
    x = dl.Tensor([3.0], requires_grad=True)
    y = x * x + x
    y.backward()
    np.testing.assert_allclose(x.grad, [7.0])


def test_a_shared_inner_node_is_visited_once_and_complete():
    x = dl.Tensor([2.0], requires_grad=True)
    shared = x * 3.0
    y = shared * shared + shared.exp() * 0.0 + shared
    y.backward()
    np.testing.assert_allclose(x.grad, [2 * 9 * 2.0 + 3])


def test_backward_twice_adds_up():
    x = dl.Tensor([3.0], requires_grad=True)
    y = (x * x).sum()
    y.backward()
    y.backward()
    np.testing.assert_allclose(x.grad, [12.0])
    x.zero_grad()
    assert x.grad is None


def test_leaves_do_not_share_one_gradient_array():
    for finish in (lambda y: y, dl.sum, lambda y: y.reshape(()), lambda y: y * 1.0):
        a, b = dl.Tensor([1.0], requires_grad=True), dl.Tensor([1.0], requires_grad=True)
        finish(a + b).backward()
        a.grad += 5.0
        np.testing.assert_allclose(b.grad, [1.0])


def test_a_leaf_can_be_the_end_of_backward_itself():
    x = dl.Tensor([2.0], requires_grad=True)
    x.backward()
    np.testing.assert_allclose(x.grad, [1.0])


def test_inner_gradients_are_kept_on_request_only():
    x = dl.Tensor([3.0], requires_grad=True)
    inner = x * 2.0
    (inner * inner).backward()
    assert inner.grad is None
    (inner * inner).backward(keep_inner=True)
    np.testing.assert_allclose(inner.grad, [12.0])


def test_a_hundred_thousand_operations_deep():
    x = y = dl.Tensor(np.array(1.0), requires_grad=True)
    for _ in range(100_000):
        y = y + 1e-6
    y.backward()
    assert x.grad == 1.0
    del y


def test_nothing_is_left_for_the_cyclic_collector():
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.Dense(4, 8, activation=dl.tanh, rng=rng), dl.Dense(8, 3, rng=rng))
    x, labels = rng.normal(size=(16, 4)).astype(np.float32), rng.integers(0, 3, 16)

    def train(steps):
        for _ in range(steps):
            model.zero_grad()
            dl.cross_entropy(model(x), labels).backward()
            for parameter in model.parameters():
                parameter.data -= 0.1 * parameter.grad

    gc.collect()
    gc.disable()
    try:
        tracemalloc.start()
        train(3000)  # Python keeps up to 2000 freed tuples of each length for later; let that store fill first
        before = tracemalloc.get_traced_memory()[0]
        train(1000)
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        gc.enable()
    assert after - before < 10_000


def test_no_grad_remembers_nothing():
    x = dl.Tensor([1.0], requires_grad=True)
    with dl.no_grad():
        y = x * 2
    assert y.parents == ()
    assert not y.requires_grad
    assert (x * 2).requires_grad


def test_no_gradient_is_computed_for_an_input_that_needs_none():
    calls = []

    def probe(a, b):
        def vjp_a(g):
            calls.append("a")
            return g

        def vjp_b(g):
            calls.append("b")
            return g

        return a + b, (vjp_a, vjp_b)

    operation = dl.differentiable(probe)
    del dl.OPERATIONS["probe"]
    operation(np.ones(2), dl.Tensor([1.0, 1.0], requires_grad=True)).sum().backward()
    assert calls == ["b"]


def test_numbers_and_lists_are_float32_and_arrays_keep_their_type():
    assert dl.Tensor([1, 2]).dtype == np.float32
    assert dl.Tensor(3).dtype == np.float32
    assert dl.Tensor(np.ones(2)).dtype == np.float64
    assert dl.Tensor(np.array([1, 2])).dtype.kind == "i"
    assert (dl.Tensor([1.0]) * 2.5 + 1).dtype == np.float32
    assert (2.5 - dl.Tensor([1.0])).dtype == np.float32


def test_reflected_operators():
    x = dl.Tensor([4.0], requires_grad=True)
    assert (10 - x).item() == 6.0
    assert (8 / x).item() == 2.0
    assert (2**x).item() == 16.0
    assert (np.array([1.0]) + x).item() == 5.0
    assert isinstance(np.ones((2, 1)) @ x.reshape(1, 1), dl.Tensor)


def test_a_repr_says_values_shape_type_and_origin():
    x = dl.Tensor([1.0, 2.0], requires_grad=True, name="w")
    assert repr(x) == "Tensor([1., 2.], shape (2,), float32, requires_grad, 'w')"
    assert repr(x * 2) == "Tensor([2., 4.], shape (2,), float32, from multiply)"


def test_gradients_used_by_step_warn_once_when_zero_grad_was_forgotten():
    x = dl.Parameter([1.0])
    (x * 2.0).backward()
    x._used = True  # what an optimizer's step() leaves
    with pytest.warns(ForgottenZeroGrad, match="zero_grad"):
        (x * 2.0).backward()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (x * 2.0).backward()


MISTAKES = [
    (lambda: dl.Tensor("abc"), KindError, "A tensor holds numbers, not 'abc' (str)."),
    (
        lambda: dl.Tensor([[1, 2], [3]]),
        KindError,
        "These numbers are ragged: the rows of [[1, 2], [3]] have different lengths.",
    ),
    (
        lambda: dl.Tensor(np.array([1, 2]), requires_grad=True),
        KindError,
        "Tensor(requires_grad=True): the data are of type int64, but only floats have a gradient. Make them floats first, for example with .astype(np.float32).",
    ),
    (
        lambda: dl.Tensor([1.0, 2.0], requires_grad=True).backward(),
        GradientError,
        "backward(): the loss must be one number, this tensor has shape (2,). Average over the batch first, with .mean(), or pass the gradient to start from.",
    ),
    (
        lambda: dl.Tensor([1.0]).backward(),
        GradientError,
        "backward(): this tensor was not computed from anything with requires_grad=True, so there is nothing to differentiate. Was it made inside no_grad(), or from .data instead of the tensor?",
    ),
    (
        lambda: dl.Tensor([1.0], requires_grad=True).backward([1.0, 2.0]),
        ShapeError,
        "backward(): the gradient has shape (2,), but this tensor has shape (1,).",
    ),
    (
        lambda: dl.Tensor(np.ones((2, 3))) + np.ones((2, 4)),
        ShapeError,
        "add: the shapes (2, 3) and (2, 4) do not fit. Counted from the right, axis -1 has sizes 3 and 4; two sizes fit if they are equal or one of them is 1. A reshape that adds an axis of size 1 in the right place often mends it.",
    ),
    (
        lambda: dl.matmul(np.ones((2, 3)), np.ones((4, 3))),
        ShapeError,
        "matmul: the inner sizes must be equal. The first has shape (N, K) = (2, 3), so K = 3; the second has shape (K, M) = (4, 3), so K = 4. Transposed, the second one would fit: b.T.",
    ),
    (
        lambda: dl.matmul(np.ones((2, 3)), 2.0),
        ShapeError,
        "matmul: needs arrays with at least one axis, one of these is a single number. Use * for a product with a number.",
    ),
    (
        lambda: bool(dl.Tensor([1.0, 2.0])),
        KindError,
        "A tensor of shape (2,) has 2 truth values, not one. Use .data with .any() or .all().",
    ),
    (
        lambda: dl.Tensor([1.0, 2.0]).item(),
        ShapeError,
        "item(): needs a single number, this tensor has shape (2,). Take .sum() or .mean(), or index it.",
    ),
    (
        lambda: len(dl.Tensor(1.0)),
        KindError,
        "len(): this tensor is a single number, shape (), and has no axis to count along.",
    ),
    (
        lambda: dl.Tensor([1.0, 2.0]).reshape(3),
        ShapeError,
        "reshape: 2 entries of shape (2,) do not fit into shape (3,), which holds 3. A reshape keeps every entry: the products of the sizes must be equal.",
    ),
    (
        lambda: dl.sum([1.0, 2.0], axis=1),
        ValueError,
        "sum: there is no axis 1; the array has one axis, 0 or -1.",
    ),
    (lambda: dl.sum([1.0, 2.0], axis=0.5), TypeError, "sum: an axis is a whole number, not 0.5."),
    (lambda: dl.sum([[1.0]], axis=(0, -2)), ValueError, "sum: axis (0, -2) names the same axis twice."),
    (
        lambda: dl.mean(np.zeros((0, 3)), axis=0),
        ValueError,
        "mean: there is nothing to take the mean of; the shape (0, 3) has no entries along axis 0. Is the batch empty?",
    ),
    (
        lambda: dl.max([]),
        ValueError,
        "max: there is nothing to take the max of; the shape (0,) has no entries along axis 0. Is the batch empty?",
    ),
    (
        lambda: dl.softmax(np.zeros((2, 0))),
        ValueError,
        "softmax: there is nothing to share the probability among; shape (2, 0) has no entries along axis -1.",
    ),
    (
        lambda: dl.concatenate(),
        ShapeError,
        "concatenate: there is nothing to join. Pass the parts one by one: concatenate(a, b).",
    ),
    (
        lambda: dl.concatenate(np.ones((2, 3)), np.ones((2, 4))),
        ShapeError,
        "concatenate: the shapes (2, 3) and (2, 4) must be equal in every axis but axis 0.",
    ),
    (
        lambda: dl.stack([1.0], [1.0, 2.0]),
        ShapeError,
        "stack: all parts must have the same shape, these have (1,) and (2,).",
    ),
    (
        lambda: dl.Tensor([1.0])[3],
        ShapeError,
        "index: there is no position 3 along axis 0; the shape is (1,), so positions go from 0 to 0, or from -1 to -1.",
    ),
    (
        lambda: dl.Tensor([1.0])[0.5],
        KindError,
        "index: a position is a whole number or a truth value, not 0.5. Convert it with int() first.",
    ),
    (
        lambda: dl.cross_entropy(np.zeros((2, 3)), np.eye(3)[:2]),
        ValueError,
        "cross_entropy: the labels have shape (2, 3), one column a class. Whole numbers are wanted, shape (2,): labels.argmax(axis=-1).",
    ),
    (
        lambda: dl.cross_entropy(np.zeros((2, 3)), np.array([0.0, 1.0])),
        ValueError,
        "cross_entropy: the labels are of type float64; a label is the position of a class, a whole number. Yours are whole: labels.astype(int).",
    ),
    (
        lambda: dl.cross_entropy(np.zeros((2, 3)), np.array([0.5, 1.0])),
        ValueError,
        "cross_entropy: the labels are of type float64; a label is the position of a class, a whole number. For measured numbers use squared_error.",
    ),
    (
        lambda: dl.cross_entropy(np.zeros((2, 3)), [0, 3]),
        ValueError,
        "cross_entropy: there is a label 3, but the 3 classes are numbered 0 to 2.",
    ),
    (
        lambda: dl.cross_entropy(np.zeros((2, 3)), [0, -1]),
        ValueError,
        "cross_entropy: there is a label -1, but the 3 classes are numbered 0 to 2.",
    ),
    (
        lambda: dl.cross_entropy(np.zeros((2, 3)), [0, 1, 2]),
        ValueError,
        "cross_entropy: one label an example is wanted, shape (N,) = (2,); the labels have shape (3,).",
    ),
    (
        lambda: dl.cross_entropy(np.zeros((0, 3)), np.zeros(0, int)),
        ValueError,
        "cross_entropy: the batch is empty, shape (0, 3); the mean of nothing is not a number.",
    ),
    (
        lambda: dl.squared_error(np.zeros((3, 1)), np.zeros(3)),
        ShapeError,
        "squared_error: the prediction has shape (3, 1), the truth (3,). The prediction has an extra axis of size 1; take prediction[:, 0], or give the truth that axis: truth[:, None].",
    ),
    (
        lambda: dl.binary_cross_entropy(np.zeros(2), np.array([-1.0, 1.0])),
        ValueError,
        "binary_cross_entropy: the truth is a probability from 0 to 1; there is a -1. Are your labels −1 and 1? (labels + 1) / 2.",
    ),
    (
        lambda: dl.hinge(np.zeros(2), [0, 2]),
        ValueError,
        "hinge: two classes are wanted, labelled 0 and 1 (or −1 and 1). For more, use cross_entropy.",
    ),
    (
        lambda: dl.Dense(64, 10, rng=np.random.default_rng(0))(np.zeros((32, 36))),
        ShapeError,
        "Dense(64 → 10): the input has 36 features in its last axis, shape (N, F) = (32, 36), but the layer was made for 64. Did a Flatten or a pooling change the size? model.summary() shows the shape after each layer.",
    ),
    (
        lambda: dl.Dense(64, 10, rng=np.random.default_rng(0))(np.zeros((32, 8, 8, 1))),
        ShapeError,
        "Dense(64 → 10): the input has 1 features in its last axis, shape (32, 8, 8, 1), but the layer was made for 64. Put a Flatten() before this layer.",
    ),
    (lambda: dl.Dense(0, 10, rng=np.random.default_rng(0)), ValueError, "Dense: inputs should be 1 or more, not 0."),
    (
        lambda: dl.Dense(2.5, 10, rng=np.random.default_rng(0)),
        TypeError,
        "Dense: inputs should be a whole number, not 2.5.",
    ),
    (
        lambda: dl.Dense(2, 10),
        TypeError,
        "Dense: rng should be a generator, rng=np.random.default_rng(0), not None. Same seed, same numbers.",
    ),
    (
        lambda: dl.Dense(2, 10, activation="relu", rng=np.random.default_rng(0)),
        TypeError,
        "Dense: activation should be a function such as dl.relu, not 'relu'.",
    ),
    (lambda: dl.Sequential(3), TypeError, "Sequential: layer 0 should be callable from tensor to tensor, not 3."),
    (
        lambda: dl.Sequential([dl.relu]),
        TypeError,
        "Sequential: pass the layers one by one, Sequential(a, b), or with a star: Sequential(*layers).",
    ),
    (
        lambda: dl.Sequential(dl.Flatten),
        TypeError,
        "Sequential: layer 0 is the class Flatten; make one with Flatten(...).",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[2][:60])
def test_a_mistake_gets_its_message(mistake):
    action, kind, message = mistake
    with pytest.raises(kind) as caught:
        action()
    assert isinstance(caught.value, dl.errors.CourseError)
    assert str(caught.value) == message
