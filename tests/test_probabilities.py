"""Probabilities where logits are expected: each way to make them, through whatever only moves them, into each such loss.

And their logarithms, which go back to the logits.
"""

from __future__ import annotations

import copy
import gc
import inspect
import itertools
import pickle
import weakref

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import WrongTypeError
from dlcourse.origin import origin_of
from tests.cases import every

LOGITS = np.array([[2.0, -1.0], [0.5, 3.0], [-4.0, 1.0]], np.float32)


def rng():
    return np.random.default_rng(0)


def convolved(x):
    images = dl.reshape(x, shape=(3, 1, 2, 1))
    return dl.Conv2D(1, 1, 1, activation=dl.sigmoid, rng=rng())(images).reshape(3, 2)


# How probabilities are made.
MADE = {
    "softmax": dl.softmax,
    "softmax along another axis": lambda x: dl.softmax(x, axis=0),
    "the method softmax": lambda x: dl.Tensor(x).softmax(),
    "sigmoid": dl.sigmoid,
    "hard sigmoid": dl.hard_sigmoid,
    "1 - sigmoid": lambda x: 1 - dl.sigmoid(x),
    "1 - (1 - sigmoid)": lambda x: 1 - (1.0 - dl.sigmoid(x)),
    "Dense with sigmoid": lambda x: dl.Dense(2, 2, activation=dl.sigmoid, rng=rng())(x),
    "Dense with hard sigmoid": lambda x: dl.Dense(2, 2, activation=dl.hard_sigmoid, rng=rng())(x),
    "Dense, then softmax": lambda x: dl.Sequential(dl.Dense(2, 2, rng=rng()), dl.softmax)(x),
    "Dense with softmax": lambda x: dl.Dense(2, 2, activation=dl.softmax, rng=rng())(x),
    "Conv2D with sigmoid": convolved,
}
# What only moves them, or leaves them in place.
MOVED = {
    "nothing": lambda p: p,
    "[:, :]": lambda p: p[:, :],
    "some rows": lambda p: p[np.array([0, 1, 2])],
    "truth values": lambda p: p[np.array([True, True, True])],
    "reshape": lambda p: p.reshape(3, 2),
    "Flatten": dl.Flatten(),
    "transpose": lambda p: p.T.T,
    "clip": lambda p: dl.clip(p, low=1e-7, high=1 - 1e-7),
    "maximum": lambda p: dl.maximum(p, 1e-7),
    "minimum": lambda p: dl.minimum(p, 1.0),
    "astype": lambda p: p.astype(np.float64),
    "identity": dl.identity,
    "dropout": lambda p: dl.Dropout(0.5, rng=rng())(p),
    "dropout when predicting": lambda p: dl.Dropout(0.5, rng=rng()).eval()(p),
    "concatenate": lambda p: dl.concatenate(p[:1], p[1:]),
    "stack": lambda p: dl.stack(p[:, 0], p[:, 1], axis=1),
    "p beside 1 - p": lambda p: dl.stack(1 - p[:, 0], p[:, 0], axis=1) if origin_of(p).operation != "softmax" else p,
    "broadcast_to": lambda p: dl.broadcast_to(p, shape=(3, 2)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "a copy of some": lambda p: copy.deepcopy(p[:, :]),
    "several": lambda p: dl.clip(p.T[::-1].T.reshape(2, 3).reshape(3, 2)[:, :], low=0.0, high=1.0),
}
LABELS = np.array([0, 1, 1])
TRUTH = np.array([[0, 1], [1, 0], [1, 0]])
# The losses that expect logits or scores.
LOSSES = {
    "cross_entropy": lambda p: dl.cross_entropy(p, LABELS),
    "binary_cross_entropy": lambda p: dl.binary_cross_entropy(p, TRUTH),
    "hinge": lambda p: dl.hinge(p, TRUTH),
    "kl_divergence": lambda p: dl.kl_divergence(p, TRUTH),
}


def test_the_table_has_every_loss_that_says_it_takes_logits_or_scores():
    takes = {
        name
        for name in dl.losses.__all__
        if next(iter(inspect.signature(dl.OPERATIONS[name].kernel).parameters)) != "prediction"
    }
    assert takes == set(LOSSES)


@every("made, moved, loss", list(itertools.product(MADE, MOVED, LOSSES)))
def test_probabilities_are_refused_where_logits_are_expected(made, moved, loss):
    for x in (LOGITS, dl.Tensor(LOGITS), dl.Tensor(LOGITS, requires_grad=True)):
        p = MOVED[moved](MADE[made](x))
        name = origin_of(p).operation
        with pytest.raises(
            WrongTypeError, match=f"{loss}: the prediction comes from {name} already, .* Leave the {name} out"
        ):
            LOSSES[loss](p)
    with dl.no_grad(), pytest.raises(WrongTypeError):
        LOSSES[loss](MOVED[moved](MADE[made](dl.Tensor(LOGITS, requires_grad=True))))


@pytest.mark.parametrize("loss", list(LOSSES))
@pytest.mark.parametrize(
    "made",
    [
        dl.identity, dl.relu, dl.tanh, dl.hard_tanh, dl.softplus, dl.log_softmax, dl.log_sigmoid, dl.softsign,
        lambda x: dl.softmax(x) @ np.eye(2), lambda x: dl.sigmoid(x) * x, lambda x: dl.log(dl.softmax(x)),
        lambda x: dl.sigmoid(x) * 2 - 1, lambda x: dl.softmax(x) - 0.5, lambda x: dl.concatenate(dl.sigmoid(x)[:1], x[1:]),
        lambda x: dl.sigmoid(x).detach(), lambda x: 2 - dl.sigmoid(x), lambda x: dl.Dense(2, 2, activation=dl.tanh, rng=rng())(x),
    ],
)  # fmt: skip
def test_whatever_else_comes_is_computed(made, loss):
    assert np.isfinite(LOSSES[loss](made(dl.Tensor(LOGITS, requires_grad=True))).item())


def test_the_logarithm_of_softmax_may_be_given_to_softmax_again():
    x = dl.Tensor(LOGITS)
    assert dl.cross_entropy(dl.log_softmax(x), LABELS).item() == pytest.approx(dl.cross_entropy(x, LABELS).item())
    assert dl.kl_divergence(dl.log_softmax(x), TRUTH).item() == pytest.approx(dl.kl_divergence(x, TRUTH).item())


def minus_log_of_one(x):
    """−log(sigmoid(x)) and its derivative by x, in the digits of Python's floats."""
    e = np.exp(-abs(x))
    return max(-x, 0.0) + np.log1p(e), -(1 / (1 + np.exp(x)) if x < 700 else 0.0)


FAR = [-1e4, -1000.0, -200.0, -100.0, -20.0, -17.0, -1.0, 0.0, 1.0, 17.0, 20.0, 40.0, 100.0, 1000.0, 1e4]
FORMS = {
    "-log(sigmoid(w))": lambda w: -dl.log(dl.sigmoid(w)),
    "the methods": lambda w: -w.sigmoid().log(),
    "-log(1 - sigmoid(-w))": lambda w: -dl.log(1 - dl.sigmoid(-w)),
    "-log(1 - (1 - sigmoid))": lambda w: -dl.log(1.0 - (1 - dl.sigmoid(w))),
    "log_sigmoid": lambda w: -dl.log_sigmoid(w),
    "Dense with sigmoid": lambda w: -dl.log(one_to_one(w.dtype)(w)),
    "1 - Dense with sigmoid": lambda w: -dl.log(1 - one_to_one(w.dtype)(-w)),
    "-log(softmax)": lambda w: -dl.log(dl.softmax(dl.stack(w, w * 0, axis=-1)))[..., 0],
    "-log(softmax), axis 0": lambda w: -dl.log(dl.softmax(dl.stack(w, w * 0, axis=0), axis=0))[0],
    "-log(softmax, some of it)": lambda w: -dl.log(dl.softmax(dl.stack(w, w * 0, axis=-1))[np.arange(1), [0]]),
    "-log(softmax, moved often)": lambda w: -dl.log(dl.softmax(dl.stack(w, w * 0, axis=-1)).T.reshape(2)[:1][-1]),
    "-log(1 - some of sigmoid)": lambda w: -dl.log(1 - dl.sigmoid(-w)[:1]),
    "-log(some of 1 - sigmoid)": lambda w: -dl.log((1 - dl.sigmoid(-w))[0]),
    "-log(some of Dense with sigmoid)": lambda w: -dl.log(one_to_one(w.dtype)(w)[0]),
    "softplus": lambda w: dl.softplus(-w),
    "binary_cross_entropy": lambda w: dl.binary_cross_entropy(w, np.ones(w.shape)),
    "cross_entropy": lambda w: dl.cross_entropy(dl.stack(w * 0, w, axis=-1), [1]),
    "kl_divergence": lambda w: dl.kl_divergence(dl.stack(w * 0, w, axis=-1), [[0, 1]]),
}  # fmt: skip


# What moves entries as they are, so that the logarithm may be taken before: of each array of probabilities p, and of log p.
MOVES = {
    "reshape": lambda p: dl.reshape(p, shape=(1, 2)),
    "transpose": lambda p: dl.transpose(p.reshape(1, 2), axes=(1, 0)),
    "broadcast_to": lambda p: dl.broadcast_to(p, shape=(3, 2)),
    "index": lambda p: dl.index(p, key=np.array([1, 0, 0])),
    "concatenate": lambda p: dl.concatenate(p, p[:1]),
    "stack": lambda p: dl.stack(p, p),
    "identity": dl.identity,
}


def test_the_table_of_moves_has_every_operation_that_only_moves():
    adds_or_takes_two = {"pad", "embedding"}
    assert set(MOVES) == set(dl.ops.shape.__all__) - adds_or_takes_two | {"identity"}


@pytest.mark.parametrize("complement", [False, True])
@pytest.mark.parametrize("move", list(MOVES))
def test_the_logarithm_goes_back_through_every_move(move, complement):
    def value_and_gradient(f):
        z = dl.Tensor([-200.0, 3.0], requires_grad=True)
        y = f(z)
        y.backward(np.arange(1.0, y.size + 1).reshape(y.shape))
        return y.data, z.grad

    def probabilities(z):
        return 1 - dl.sigmoid(-z) if complement else dl.sigmoid(z)

    right = value_and_gradient(lambda z: MOVES[move](dl.log_sigmoid(z)))
    for there, expected in zip(value_and_gradient(lambda z: dl.log(MOVES[move](probabilities(z)))), right, strict=True):
        np.testing.assert_allclose(there, expected, rtol=1e-6)
    for z in (dl.Tensor([-200.0, 3.0]), dl.Parameter([-200.0, 3.0])):
        with dl.no_grad():
            np.testing.assert_allclose(dl.log(MOVES[move](probabilities(z))).data, right[0], rtol=1e-6)


def test_a_key_that_is_filled_again_chooses_what_it_chose():
    rows = np.array([0, 0])
    p = dl.sigmoid(dl.Tensor([-2.0, 3.0]))[rows]
    rows[:] = 1
    np.testing.assert_allclose(dl.log(p).data, np.log(p.data), rtol=1e-6)


def test_a_long_chain_of_moves_is_not_followed():
    for z in (dl.Parameter([1.0]), dl.Tensor([1.0])):
        p = dl.sigmoid(z)
        for _ in range(5000):
            p = p[:]
        assert dl.log(p).item() == pytest.approx(-0.31326, abs=1e-4)
    with dl.no_grad():
        first = dl.sigmoid(dl.Tensor([1.0]))
        ever_longer, alive = first, []
        for _ in range(5):
            ever_longer = dl.concatenate(ever_longer, first)
            alive.append(weakref.ref(ever_longer))
        assert [ref() is not None for ref in alive] == [False] * 4 + [True]


def one_to_one(dtype):
    layer = dl.Dense(1, 1, activation=dl.sigmoid, rng=rng())
    layer.weight.data, layer.bias.data = np.ones((1, 1), dtype), np.zeros(1, dtype)
    return layer


@every("form, x, kind", list(itertools.product(FORMS, FAR, [np.float32, np.float64])))
def test_the_logarithm_of_a_probability_is_right_however_far_out(form, x, kind):
    value, slope = minus_log_of_one(x)
    eps = float(np.finfo(kind).eps)
    # Of a sum of exponentials that is 1 and almost nothing, softmax keeps the 1.
    beside_one = 2 * eps if form.startswith(("-log(softmax", "cross_entropy", "kl_")) else float(np.finfo(kind).tiny)
    digits = {"rtol": 16 * eps, "atol": beside_one}
    w = dl.Tensor(np.array([x], kind), requires_grad=True)
    loss = FORMS[form](w).mean()
    loss.backward()
    np.testing.assert_allclose(loss.data, value, **digits)
    np.testing.assert_allclose(w.grad, [slope], **(digits if x < 0 else {"rtol": 16 * eps, "atol": 2 * eps}))
    with dl.no_grad():
        np.testing.assert_allclose(FORMS[form](w).mean().data, value, **digits)
    np.testing.assert_allclose(FORMS[form](dl.Tensor(w.data)).mean().data, value, **digits)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_binary_cross_entropy_as_a_learner_writes_it(kind):
    x, y = np.array([-300.0, -20, 0, 20, 300], kind), np.array([0, 1, 1, 1, 1], kind)
    gradients = []
    for loss in (
        lambda p, z: -(y * dl.log(p) + (1 - y) * dl.log(1 - p)).mean(),
        lambda p, z: dl.binary_cross_entropy(z, y),
    ):
        w = dl.Tensor(x, requires_grad=True)
        value = loss(dl.sigmoid(w), w)
        value.backward()
        gradients.append((value.item(), w.grad))
    assert gradients[0][0] == pytest.approx(gradients[1][0], rel=1e-6)
    np.testing.assert_allclose(gradients[0][1], gradients[1][1], rtol=1e-5, atol=1e-8)


def test_the_memory_of_logits_holds_no_chain_of_results_without_a_record():
    p = dl.Tensor([0.3, 0.4])
    first = weakref.ref(p)
    layer = dl.Dense(2, 2, activation=dl.sigmoid, rng=rng())
    with dl.no_grad():
        for _ in range(5):
            p = dl.sigmoid(1 - layer(p))
    gc.collect()
    assert first() is None
    for copied in (copy.deepcopy(p), pickle.loads(pickle.dumps(p))):
        np.testing.assert_allclose(dl.log(copied).data, dl.log(p).data, rtol=1e-6)


@pytest.mark.parametrize("made", list(MADE))
def test_probabilities_that_travelled_are_refused_where_logits_are_expected(made):
    with dl.no_grad():
        p = pickle.loads(pickle.dumps(MADE[made](dl.Tensor(LOGITS))))
    with pytest.raises(WrongTypeError, match="cross_entropy: the prediction comes from"):
        dl.cross_entropy(p, LABELS)


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy])
@pytest.mark.parametrize("recording", [True, False])
def test_the_logarithm_goes_back_through_a_copy(how, recording):
    z = dl.Tensor(np.array([[0.0, 2000.0]]), requires_grad=recording)
    copied = how(dl.softmax(z))
    np.testing.assert_allclose(dl.log(copied).data, [[-2000.0, 0.0]])
    if recording:
        dl.log(copied)[0, 0].backward()
        np.testing.assert_allclose(z.grad, [[1.0, -1.0]])


@pytest.mark.parametrize("how", list(MOVED))
@pytest.mark.parametrize("first", [True, False])
def test_numbers_that_replace_probabilities_are_those_whose_logarithm_is_taken(how, first):
    p = dl.sigmoid(LOGITS)
    with np.errstate(divide="ignore"):
        expected = np.log(MOVED[how](p).data)
    moved = MOVED[how](p) if first else None
    p.data = np.full_like(LOGITS, 0.25)
    if moved is not None and moved is not p:
        np.testing.assert_allclose(dl.log(moved).data, expected, rtol=1e-5)
    with np.errstate(divide="ignore"):
        expected = np.log(MOVED[how](dl.Tensor(p.data)).data) if "beside" not in how else np.log([[0.75, 0.25]] * 3)
    if "beside" not in how:  # which asks where they come from
        np.testing.assert_allclose(dl.log(MOVED[how](p)).data, expected, rtol=1e-5)
    assert dl.cross_entropy(p, LABELS).item() == pytest.approx(np.log(2), rel=1e-5)


def test_a_copy_made_after_the_weights_have_changed_has_the_probabilities_of_before():
    layer = one_to_one(np.float32)
    p = layer([[-3.0]])
    layer.weight.data = np.full((1, 1), 100, np.float32)
    for how in (copy.copy, copy.deepcopy):
        assert dl.log(how(p)).item() == pytest.approx(-3.0486, abs=1e-4)
