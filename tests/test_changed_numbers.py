"""What a gradient was computed from must still be what it was: whatever changes weights in between is noticed."""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
from pathlib import Path

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import GradientError

X = np.random.default_rng(1).normal(size=(6, 3)).astype(np.float32)
Y = np.array([0, 1, 0, 1, 1, 0])
RULES = [rule for rule in vars(dl).values() if inspect.isclass(rule) and issubclass(rule, dl.Optimizer)]
RULES.remove(dl.Optimizer)


def model_of(seed=0):
    rng = np.random.default_rng(seed)
    return dl.Sequential(dl.Dense(3, 4, activation=dl.tanh, rng=rng), dl.Dense(4, 2, rng=rng))


def loss_of(model):
    return dl.cross_entropy(model(X), Y)


def by_step(rule):
    def write(model, folder):
        optimizer = rule(model.parameters(), 0.01)
        for p in model.parameters():
            p.grad = np.ones_like(p.data)
        optimizer.step()
        optimizer.zero_grad()

    return write


def by_load(model, folder):
    dl.save(model_of(1), folder / "other.safetensors")
    dl.load(model, folder / "other.safetensors")


def by_own_update(model, folder):
    for p in model.parameters():
        p.data -= 0.1


def by_own_array(model, folder):
    for p in model.parameters():
        p.data = p.data - 0.1


def by_fit(model, folder):
    dl.fit(
        model,
        dl.data.Dataset(X, Y),
        loss=dl.cross_entropy,
        optimizer=dl.SGD(model.parameters(), 0.1),
        epochs=1,
        batch_size=3,
        rng=np.random.default_rng(0),
    )
    model.zero_grad()


WRITERS = {rule.__name__: by_step(rule) for rule in RULES} | {
    "load": by_load,
    "data -= ...": by_own_update,
    "data = ...": by_own_array,
    "fit": by_fit,
    "L1.shrink": lambda model, folder: dl.L1(0.1).shrink(model, 0.1),
    "MaxNorm": lambda model, folder: dl.MaxNorm(0.1).apply(model),
}


@pytest.mark.parametrize("name", WRITERS)
def test_backward_through_weights_that_were_changed_is_refused_and_changes_nothing(name, tmp_path):
    model = model_of()
    loss = loss_of(model)
    WRITERS[name](model, tmp_path)
    with pytest.raises(GradientError, match=r"was changed after this was computed from it.*GAN.*detach\(\)"):
        loss.backward(keep_inner=True)
    assert all(p.grad is None for p in model.parameters()), "half of it was done"
    loss_of(model).backward()
    assert all(p.grad is not None for p in model.parameters())


READERS = {
    "nothing": lambda model, loss: None,
    "zero_grad": lambda model, loss: model.zero_grad(),
    "predict": lambda model, loss: dl.predict(model, X),
    "accuracy without recording": lambda model, loss: model(X).data.argmax(axis=1),
    "eval and train": lambda model, loss: model.eval().train(),
    "summary": lambda model, loss: model.summary((3,)),
    "another loss": lambda model, loss: loss_of(model),
    "an optimizer made": lambda model, loss: dl.Adam(model.parameters()),
    "a copy": lambda model, loss: copy.deepcopy(model),
    "a slice of the landscape": lambda model, loss: dl.random_slice(
        model, dl.data.Dataset(X, Y), loss=dl.cross_entropy, points=3, rng=np.random.default_rng(0)
    ),
    "a step of another model": lambda model, loss: by_step(dl.SGD)(model_of(3), None),
    "a step of a copy": lambda model, loss: by_step(dl.SGD)(copy.deepcopy(model), None),
}


@pytest.mark.parametrize("name", READERS)
def test_what_changes_no_weight_is_no_obstacle(name):
    model, plain = model_of(), model_of()
    loss_of(plain).backward()
    loss = loss_of(model)
    READERS[name](model, loss)
    loss.backward()
    for p, q in zip(model.parameters(), plain.parameters(), strict=True):
        np.testing.assert_array_equal(p.grad, q.grad)


def test_saving_is_no_obstacle(tmp_path):
    model = model_of()
    loss = loss_of(model)
    dl.save(model, tmp_path / "weights.safetensors")
    loss.backward()


def test_backward_twice_and_gradients_of_several_batches_add_up_as_before():
    model = model_of()
    first, second = loss_of(model), loss_of(model)
    first.backward()
    once = [p.grad.copy() for p in model.parameters()]
    first.backward()
    second.backward()
    for p, g in zip(model.parameters(), once, strict=True):
        np.testing.assert_allclose(p.grad, 3 * g, rtol=1e-6)


def test_a_frozen_weight_that_stayed_is_no_obstacle_and_one_that_moved_is():
    w, b = dl.Parameter([3.0]), dl.Parameter([1.0])
    optimizer = dl.SGD([w, b], 0.1)
    y = dl.Tensor([2.0], requires_grad=True)
    w.requires_grad = False
    loss = (w * y).sum()
    b.grad = np.ones(1, np.float32)
    optimizer.step()  # moves b alone
    loss.backward()
    assert y.grad.tolist() == [3.0]
    loss = (w * y).sum()
    w.requires_grad, w.grad = True, np.ones(1, np.float32)
    optimizer.step()
    w.requires_grad = False
    with pytest.raises(GradientError, match="was changed after"):
        loss.backward()


def test_a_refused_step_is_no_obstacle():
    w, b = dl.Parameter([3.0]), dl.Parameter(np.ones((200, 200), np.float32))
    optimizer = dl.SGD([w, b], 0.1)
    loss = (w * w).sum() + b.sum() * 0.0
    w.grad = np.ones(1, np.float32)
    with pytest.raises(GradientError, match="has no gradient"):
        optimizer.step()
    w.grad, b.grad = np.array([np.nan], np.float32), np.ones_like(b.data)
    with pytest.raises(dl.errors.DivergenceError):
        optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    assert w.grad.tolist() == [6.0]


def test_constants_count_too():
    w, x = dl.Parameter([3.0]), dl.Tensor(np.array([2.0], np.float32))
    loss = (w * x).sum()
    x.data *= 2
    with pytest.raises(GradientError, match=r"a tensor of shape \(1,\) was changed"):
        loss.backward()


def test_the_loop_of_a_gan_has_two_right_forms():
    def parts():
        return dl.Parameter([3.0], name="maker"), dl.Parameter([2.0], name="judge")

    def right():
        maker, judge = parts()
        first, second = dl.SGD([maker], 0.1), dl.SGD([judge], 0.1)
        made = maker * 1.0
        (judge * made.detach()).sum().backward()  # ∂ = made = 3
        second.step()
        (judge * made).sum().backward()  # computed after the step: ∂ = judge = 2 − 0.3
        first.step()
        return maker.item(), judge.item()

    def also_right():
        maker, judge = parts()
        first, second = dl.SGD([maker], 0.1), dl.SGD([judge], 0.1)
        (judge * maker).sum().backward()
        first.step()
        second.step()
        return maker.item(), judge.item()

    np.testing.assert_allclose(right(), [3 - 0.17, 2 - 0.3], rtol=1e-6)
    np.testing.assert_allclose(also_right(), [3 - 0.2, 2 - 0.3], rtol=1e-6)


def test_a_hidden_state_is_carried_on_detached():
    layer = dl.SimpleRNN(1, 2, rng=np.random.default_rng(0))
    optimizer = dl.SGD(layer.parameters(), 0.1)
    x, state = np.ones((1, 3, 1), np.float32), np.zeros((1, 2), np.float32)
    for _ in range(3):
        optimizer.zero_grad()
        outputs = layer(x, state)
        outputs.mean().backward()
        optimizer.step()
        state = outputs.detach()


def test_the_numbers_of_the_report():
    w = dl.Parameter(np.array([3.0]))
    optimizer = dl.SGD([w], 0.1)
    y = w * w
    second = (y * y).sum()
    y.sum().backward()
    optimizer.step()
    optimizer.zero_grad()
    with pytest.raises(GradientError):
        second.backward()
    assert w.grad is None
    again = (w * w) * (w * w)
    again.sum().backward()
    np.testing.assert_allclose(w.grad, 4 * 2.4**3)


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("last", [dl.sigmoid, None], ids=["sigmoid in the layer", "sigmoid after it"])
@pytest.mark.parametrize("name", WRITERS)
def test_the_logarithm_of_a_probability_is_that_of_its_own_numbers(name, last, recorded, tmp_path):
    """`log` goes back to the logits; those are gone once the weights have changed."""
    model = model_of()
    model[-1] = dl.Dense(4, 2, activation=last, rng=np.random.default_rng(2))
    with contextlib.nullcontext() if recorded else dl.no_grad():
        p = model(X) if last else dl.sigmoid(model(X))
    expected = np.log(p.data)
    np.testing.assert_allclose(dl.log(p).data, expected, rtol=1e-5)
    if name in ("load", "fit"):  # which need other layers
        by_own_update(model, tmp_path)
    else:
        WRITERS[name](model, tmp_path)
    result = dl.log(p)
    np.testing.assert_allclose(result.data, expected, rtol=1e-5)
    assert result.requires_grad == recorded
    if recorded:
        with pytest.raises(GradientError, match="was changed after"):
            result.sum().backward()


PACKAGE = Path(dl.__file__).parent
# What is put back, what initializes, and what notes that it writes.
MAY_WRITE = {"tensor.py", "optimizers/flat.py", "landscape.py", "layers/recurrent.py"}
LEARNERS = {"widgets", "exercises", "checking", "live", "_lessons"}


def test_no_other_place_of_the_library_writes_into_weights_unnoticed():
    """`p.data[...] = x` cannot be noticed: `p._write(x)` notes it, and `p.data -= x` does."""
    places = set()
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE)
        if name.parts[0] in LEARNERS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            for target in targets:
                inner = target.value if isinstance(target, ast.Subscript) else None
                if isinstance(inner, ast.Attribute) and inner.attr in ("data", "_data"):
                    places.add(name.as_posix())
    assert places == MAY_WRITE
