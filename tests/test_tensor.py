"""The engine: order, accumulation, memory, depth."""

from __future__ import annotations

import gc
import tracemalloc
import warnings

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ForgottenZeroGrad, ShapeError


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


def test_the_gradient_of_a_single_number_is_an_array_too():
    w = dl.Parameter(3.0)
    for times in (1, 2):
        (w * w).backward()
        assert isinstance(w.grad, np.ndarray) and w.grad.shape == () and w.grad == 6 * times
        assert w.grad.dtype == np.float32
    square = w * w
    (square + 1.0).backward(keep_inner=True)
    assert isinstance(square.grad, np.ndarray) and square.grad == 1


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


def _change(x, how):
    if how == "step":
        dl.SGD([x], lr=0.1).step()
    elif how == "update by hand":
        x.data -= 0.1 * x.grad
    else:
        x.data = [3.0]


@pytest.mark.parametrize("how", ["step", "update by hand", "other numbers"])
def test_gradients_of_other_numbers_warn_until_they_are_forgotten(how):
    x = dl.Parameter([1.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (x * 2.0).backward()
        (x * 2.0).backward()  # two losses, or two halves of a batch, are added up
    _change(x, how)
    for _ in range(2):
        with pytest.warns(ForgottenZeroGrad, match="zero_grad") as warned:
            (x * 2.0 + x).backward()
        assert len(warned) == 1 and warned[0].filename == __file__
    assert x.grad.tolist() == [10.0]
    x.zero_grad()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (x * 2.0).backward()


def test_a_failing_backward_leaves_every_gradient_as_it_was():
    @dl.differentiable
    def fails_late(x):
        def vjp(g):
            raise ZeroDivisionError

        return x * 1.0, (vjp,)

    old, young, shared = (dl.Parameter([1.0]) for _ in range(3))
    shared.grad = kept = np.ones(1, np.float32)
    loss = fails_late(old * 1.0) + young * shared + shared
    with pytest.raises(ZeroDivisionError):
        loss.backward(keep_inner=True)
    assert old.grad is None and young.grad is None and shared.grad is kept and loss._grad is None
    del dl.OPERATIONS["fails_late"]


@pytest.mark.parametrize(
    "there", [np.ones(3), np.ones((2, 1)), np.ones(1), 1.0], ids=lambda there: str(np.shape(there))
)
def test_nothing_is_added_to_a_gradient_of_another_shape_and_nothing_is_left(there):
    for order in (0, 1):
        u, v, w = (dl.Parameter([1.0, 2.0]) for _ in range(3))
        u.grad, w.grad = np.ones(2, np.float32), there
        parts = [u * 2, v * 3, w * 4]
        with pytest.raises(ShapeError, match="has a gradient of shape"):
            dl.stack(*(parts[::-1] if order else parts)).sum().backward()
        assert u.grad.tolist() == [1.0, 1.0] and v.grad is None and w.grad is there
