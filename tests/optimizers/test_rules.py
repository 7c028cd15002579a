"""Every rule against the formulas of its paper, written a second time, one weight at a time, over 100 steps."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import GradientError

STEPS = 100


def plain(rule):
    """Run a rule on a single weight: rule(w, g, t, memory) -> w; the memory is a dict that starts empty."""

    def run(w, gradients):
        memory = {}
        for t, g in enumerate(gradients, 1):
            w = rule(w, g, t, memory)
        return w

    return run


def sgd(w, g, t, m):
    return w - 0.1 * g


def momentum(w, g, t, m):  # Sutskever et al. (2013), equations 1 and 2
    m["v"] = 0.9 * m.get("v", 0.0) - 0.1 * g
    return w + m["v"]


def nesterov(w, g, t, m):  # the same in the variable after the look-ahead (Bengio et al. 2013, equation 7)
    old = m.get("v", 0.0)
    m["v"] = 0.9 * old - 0.1 * g
    return w + 0.9 * m["v"] - 0.1 * g


def adagrad(w, g, t, m):
    m["s"] = m.get("s", 0.0) + g * g
    return w - 0.1 * g / (math.sqrt(m["s"]) + 1e-10)


def rmsprop(w, g, t, m):
    m["s"] = 0.9 * m.get("s", 0.0) + 0.1 * g * g
    return w - 0.1 * g / (math.sqrt(m["s"]) + 1e-8)


def adadelta(w, g, t, m):
    m["s"] = 0.95 * m.get("s", 0.0) + 0.05 * g * g
    d = -math.sqrt(m.get("u", 0.0) + 1e-6) / math.sqrt(m["s"] + 1e-6) * g
    m["u"] = 0.95 * m.get("u", 0.0) + 0.05 * d * d
    return w + d


def adam(w, g, t, m):
    m["m"] = 0.9 * m.get("m", 0.0) + 0.1 * g
    m["s"] = 0.999 * m.get("s", 0.0) + 0.001 * g * g
    return w - 0.1 * (m["m"] / (1 - 0.9**t)) / (math.sqrt(m["s"] / (1 - 0.999**t)) + 1e-8)


def adamw(w, g, t, m):
    return adam(w, g, t, m) - 0.1 * 0.01 * w


def nadam(w, g, t, m):
    m["m"] = 0.9 * m.get("m", 0.0) + 0.1 * g
    m["s"] = 0.999 * m.get("s", 0.0) + 0.001 * g * g
    ahead = 0.9 * m["m"] / (1 - 0.9 ** (t + 1)) + 0.1 * g / (1 - 0.9**t)
    return w - 0.1 * ahead / (math.sqrt(m["s"] / (1 - 0.999**t)) + 1e-8)


RULES = {
    "sgd": (sgd, lambda p: dl.SGD(p, 0.1)),
    "momentum": (momentum, lambda p: dl.SGD(p, 0.1, momentum=0.9)),
    "nesterov": (nesterov, lambda p: dl.SGD(p, 0.1, momentum=0.9, nesterov=True)),
    "adagrad": (adagrad, lambda p: dl.Adagrad(p, 0.1)),
    "rmsprop": (rmsprop, lambda p: dl.RMSprop(p, 0.1)),
    "adadelta": (adadelta, lambda p: dl.Adadelta(p)),
    "adam": (adam, lambda p: dl.Adam(p, 0.1)),
    "adamw": (adamw, lambda p: dl.AdamW(p, 0.1, biases=True)),
    "nadam": (nadam, lambda p: dl.Nadam(p, 0.1)),
}


def setting(make, dtype=np.float64):
    rng = np.random.default_rng(1)
    shapes = [(2, 3), (3,), (1,)]
    parameters = [dl.Parameter(rng.normal(size=shape).astype(dtype), name=f"p{i}") for i, shape in enumerate(shapes)]
    gradients = [[rng.normal(size=shape).astype(dtype) for shape in shapes] for _ in range(STEPS)]
    return parameters, gradients, make(parameters)


def run(parameters, gradients, optimizer):
    for step in gradients:
        optimizer.zero_grad()
        for p, g in zip(parameters, step, strict=True):
            p.grad = g.copy()
        optimizer.step()


@pytest.mark.parametrize("name", RULES)
def test_one_hundred_steps_follow_the_paper(name):
    formula, make = RULES[name]
    parameters, gradients, optimizer = setting(make)
    starts = [p.data.copy() for p in parameters]
    run(parameters, gradients, optimizer)
    for i, (p, start) in enumerate(zip(parameters, starts, strict=True)):
        for place in np.ndindex(p.shape):
            expected = plain(formula)(start[place], [step[i][place] for step in gradients])
            np.testing.assert_allclose(p.data[place], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_resumed_at_any_step_gives_the_same_numbers(name):
    _, make = RULES[name]
    parameters, gradients, optimizer = setting(make, np.float32)
    again, _, first = setting(make, np.float32)
    run(parameters, gradients, optimizer)
    run(again, gradients[:37], first)
    second = make(again)
    second.load_state_dict(first.state_dict())
    run(again, gradients[37:], second)
    for p, q in zip(parameters, again, strict=True):
        np.testing.assert_array_equal(p.data, q.data)


@pytest.mark.parametrize("name", RULES)
def test_a_copy_walks_on_alone(name):
    parameters, gradients, optimizer = setting(RULES[name][1], np.float32)
    run(parameters, gradients[:5], optimizer)
    copies, other = copy.deepcopy((parameters, optimizer))
    before = [p.data.copy() for p in parameters]
    run(copies, gradients[5:10], other)
    for p, b in zip(parameters, before, strict=True):
        np.testing.assert_array_equal(p.data, b)
    run(parameters, gradients[5:10], optimizer)
    for p, q in zip(parameters, copies, strict=True):
        np.testing.assert_array_equal(p.data, q.data)


def test_an_array_put_into_a_parameter_is_taken_over():
    w = dl.Parameter([1.0, 2.0])
    optimizer = dl.SGD([w], 1.0)
    w.data = np.array([5.0, 5.0], np.float32)
    w.grad = np.ones(2, np.float32)
    optimizer.step()
    np.testing.assert_array_equal(w.data, [4.0, 4.0])


def test_two_optimizers_may_take_turns():
    w = dl.Parameter([1.0])
    first, second = dl.SGD([w], 1.0), dl.SGD([w], 0.5)
    for optimizer in (first, second, first):
        w.grad = np.ones(1, np.float32)
        optimizer.step()
    np.testing.assert_array_equal(w.data, [-1.5])


def test_types_are_kept_apart():
    a, b = dl.Parameter(np.ones(2, np.float32)), dl.Parameter(np.ones(2))
    optimizer = dl.Adam([a, b], 0.1)
    a.grad, b.grad = np.ones(2, np.float32), np.ones(2)
    optimizer.step()
    assert (a.dtype, b.dtype) == (np.float32, np.float64)


def test_a_frozen_parameter_stays():
    a, b = dl.Parameter([1.0]), dl.Parameter([1.0])
    optimizer = dl.SGD([a, b], 0.5, momentum=0.9)
    for _ in range(2):
        a.grad = b.grad = np.ones(1, np.float32)
        optimizer.step()
        b.requires_grad, b.grad = False, None
    assert b.item() == 0.5 and a.item() < 0.5


def test_tiny_leftovers_are_cleared():
    w = dl.Parameter([1.0])
    optimizer = dl.Adam([w])
    w.grad = np.ones(1, np.float32)
    optimizer.step()
    w.grad = np.zeros(1, np.float32)
    for _ in range(1000):
        optimizer.step()
    assert optimizer.flats[0].state[0][0] == 0


def test_clipping_by_norm_keeps_the_direction():
    a, b = dl.Parameter([0.0]), dl.Parameter(np.zeros(1))
    a.grad, b.grad = np.array([3.0], np.float32), np.array([4.0])
    dl.SGD([a, b], 1.0, clip_norm=1.0).step()
    np.testing.assert_allclose([a.item(), b.item()], [-0.6, -0.8], rtol=1e-6)


def test_clipping_by_value_holds_each_entry():
    a = dl.Parameter([0.0, 0.0])
    a.grad = np.array([3.0, -0.1], np.float32)
    dl.SGD([a], 1.0, clip_value=0.5).step()
    np.testing.assert_allclose(a.data, [-0.5, 0.1])
    assert a.grad[0] == 3.0  # the gradient itself is left as it was


def test_decay_leaves_biases_alone():
    w, b = dl.Parameter([[1.0]]), dl.Parameter([1.0])
    w.grad, b.grad = np.zeros((1, 1), np.float32), np.zeros(1, np.float32)
    dl.AdamW([w, b], 0.1, weight_decay=0.5).step()
    np.testing.assert_allclose([w.item(), b.item()], [0.95, 1.0])


def test_a_parameter_that_the_loss_does_not_depend_on_is_named():
    a, b = dl.Parameter([1.0], name="a"), dl.Parameter([[1.0]], name="b")
    optimizer = dl.SGD([a, b], 0.1)
    (a * 2).sum().backward()
    with pytest.raises(GradientError) as caught:
        optimizer.step()
    assert "parameter 'b' of shape (1, 1) has no gradient" in str(caught.value)
    assert a.item() == 1.0


def test_a_single_number_can_be_learned():
    w = dl.Parameter(3.0)
    optimizer = dl.SGD([w], lr=0.25)
    for _ in range(2):
        optimizer.zero_grad()
        (w * w).backward()
        optimizer.step()
    assert w.item() == 0.75 and w.shape == ()
