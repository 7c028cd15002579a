"""A training loop of one's own, in every spelling: it trains, or it says what to write instead."""

from __future__ import annotations

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import CourseError, GradientError, WrongTypeError

X = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5]], np.float32)
Y = np.array([[5.0], [1.0], [1.5]], np.float32)


def run(update, rounds=3):
    """Rounds of a loop in which `update` is what the learner wrote, with w, b, lr, np and dl."""
    names = {
        "w": dl.Parameter([[0.0], [0.0]], name="w"),
        "b": dl.Parameter([0.0], name="b"),
        "lr": 0.05,
        "dl": dl,
        "np": np,
    }
    losses = []
    for _ in range(rounds):
        loss = dl.squared_error(X @ names["w"] + names["b"], Y)
        losses.append(loss.item())
        for name in "wb":
            if names[name].requires_grad and not names[name].op:
                names[name].zero_grad()
        loss.backward()
        exec(update.replace("\n", "\n"), names)
    return losses


RIGHT = [
    "w.data -= lr * w.grad; b.data -= lr * b.grad",
    "w.data = w.data - lr * w.grad; b.data = b.data - lr * b.grad",
    "w.data[...] -= lr * w.grad; b.data[:] -= lr * b.grad",
    "w.data += -lr * w.grad; b.data += -lr * b.grad",
    "w = dl.Parameter(w.data - lr * w.grad); b = dl.Parameter(b.data - lr * b.grad)",
    "w = dl.Tensor(w.data - lr * w.grad, requires_grad=True); b = dl.Tensor(b.data - lr * b.grad, requires_grad=True)",
    "np.subtract(w.data, lr * w.grad, out=w.data); np.subtract(b.data, lr * b.grad, out=b.data)",
    "for p in (w, b): p.data -= lr * p.grad",
    "with dl.no_grad():\n    w.data -= lr * w.grad\n    b.data -= lr * b.grad",
    "dl.SGD([w, b], lr).step()",
]


@pytest.mark.parametrize("update", RIGHT)
def test_what_is_right_trains(update):
    losses = run(update, rounds=6)
    assert losses == sorted(losses, reverse=True) and losses[-1] < 0.7 * losses[0]
    np.testing.assert_allclose(losses, run(RIGHT[0], rounds=6), rtol=1e-5)


WRONG = {
    "w = w - lr * w.grad; b = b - lr * b.grad": "w.data -= lr",
    "w = w + -lr * w.grad; b = b + -lr * b.grad": "w.data -= lr",
    "w = -lr * w.grad + w; b = -lr * b.grad + b": "w.data -= lr",
    "w = dl.subtract(w, lr * w.grad); b = dl.subtract(b, lr * b.grad)": "w.data -= lr",
    "w = np.subtract(w, lr * w.grad); b = np.subtract(b, lr * b.grad)": "w.data -= lr",
    "w = 0.99 * w - lr * w.grad; b = b - lr * b.grad": "w.data -= lr",
    "w = (w - lr * w.grad) * 1.0": "w.data -= lr",
    "w = w - lr * w.grad; b.data -= lr * b.grad": "w.data -= lr",
    "w = w - lr * dl.Tensor(w.grad)": "w.data -= lr",
    "w -= lr * w.grad; b -= lr * b.grad": "w.data -= lr",
    "w += -lr * w.grad": "w.data -= lr",
    "w -= lr * w.grad.copy()": "w.data -= lr",
    "w *= 0.9": "w.data -= lr",
    "w /= 2": "w.data -= lr",
    "w -= 0.1": "w.data -= lr",
    "for p in (w, b): p -= lr * p.grad": "w.data -= lr",
    "with dl.no_grad():\n    w -= lr * w.grad": "w.data -= lr",
    "with dl.no_grad():\n    w = w - lr * w.grad\n    b = b - lr * b.grad": "w.data -= lr",
    "w = w.detach() - lr * w.grad; b = b.detach() - lr * b.grad": "w.data -= lr",
    "w = (w - lr * w.grad).detach(); b = (b - lr * b.grad).detach()": "w.data -= lr",
    "w = dl.Tensor(w.data - lr * w.grad); b = dl.Tensor(b.data - lr * b.grad)": "w.data -= lr",
    "w[...] = w - lr * w.grad": ".data[...] =",
    "w[:] -= lr * w.grad": ".data[...] =",
}


@pytest.mark.parametrize("update", WRONG)
def test_what_makes_a_new_tensor_says_what_to_write(update):
    with pytest.raises(CourseError) as caught:
        run(update)
    assert WRONG[update] in str(caught.value)


def test_the_gradient_of_a_result_is_none_where_nothing_was_updated():
    """The first time and with zero_grad, as a learner looks at the nodes of a graph."""
    w = dl.Parameter([1.0, 2.0])
    for _ in range(2):
        w.zero_grad()
        h = w * 3.0
        assert h.grad is None
        h.sum().backward()
        assert h.grad is None
        h.sum().backward(keep_inner=True)
        assert h.grad.tolist() == [1.0, 1.0]


def test_constants_and_fresh_leaves_have_none():
    assert dl.Tensor([1.0]).grad is None and dl.Parameter([1.0]).grad is None
    with dl.no_grad():
        assert (dl.Parameter([1.0]) * 2).grad is None


def test_sums_may_be_gathered_under_one_name():
    w = dl.Parameter([1.0, 2.0])
    (w * w).sum().backward()
    total = w
    total += w * w  # a tensor: no update
    total -= 1.0
    total *= 2
    total.sum().backward()
    np.testing.assert_allclose(w.grad, [2 + 2 + 4, 4 + 2 + 8])
    count = 0
    count += w.sum()
    assert count.item() == 3.0


def test_a_model_keeps_its_parameters():
    model = dl.Dense(2, 1, rng=np.random.default_rng(0))
    dl.squared_error(model(X), Y).backward()
    with pytest.raises(WrongTypeError, match="is a Parameter"):
        model.weight = model.weight - 0.1 * model.weight.grad
    with pytest.raises(WrongTypeError, match="leave the parameter as it was"):
        model.weight -= 0.1 * model.weight.grad


def test_a_result_of_a_trained_parameter_says_how_to_see_its_gradient():
    w = dl.Parameter([1.0])
    (w * w).sum().backward()
    h = w * 3.0
    h.sum().backward()
    with pytest.raises(GradientError, match="keep_inner=True"):
        _ = h.grad
