"""Who owns which numbers: a leaf owns its array and its gradient; nothing that somebody changes in place is shared."""

from __future__ import annotations

import copy
import inspect
import itertools
import pickle

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import GradientError, WrongTypeError
from tests.cases import every
from tests.operation_rows import ROWS

RULES = [rule for rule in vars(dl).values() if inspect.isclass(rule) and issubclass(rule, dl.Optimizer)]
RULES.remove(dl.Optimizer)
LAYERS = {
    "Dense": lambda **how: dl.Dense(2, 3, **how),
    "Conv1D": lambda **how: dl.Conv1D(2, 3, 2, **how),
    "Conv2D": lambda **how: dl.Conv2D(2, 3, 2, **how),
    "Embedding": lambda **how: dl.Embedding(2, 3, **how),
    "SimpleRNN": lambda **how: dl.SimpleRNN(2, 3, **how),
    "GRU": lambda **how: dl.GRU(2, 3, **how),
    "LSTM": lambda **how: dl.LSTM(2, 3, **how),
    "BatchNorm": lambda rng: dl.BatchNorm(3),
    "LayerNorm": lambda rng: dl.LayerNorm(3),
}


def rng():
    return np.random.default_rng(0)


def shared(arrays):
    """Pairs of arrays that lie on the same memory."""
    return [(a, b) for a, b in itertools.combinations(arrays, 2) if np.shares_memory(a, b)]


# --- parameters and the arrays that they were made from

MADE_FROM = {
    "Parameter": lambda array: dl.Parameter(array),
    "Parameter of a view": lambda array: dl.Parameter(array[:]),
    "Parameter of a tensor": lambda array: dl.Parameter(dl.Tensor(array)),
    "Tensor with a gradient": lambda array: dl.Tensor(array, requires_grad=True),
    "data of before": lambda array: put(dl.Parameter(np.zeros_like(array)), array),
    "data of a tensor": lambda array: put(dl.Parameter(np.zeros_like(array)), dl.Tensor(array)),
    "asked for a gradient later": lambda array: ask_later(dl.Tensor(array)),
    "asked for a gradient again": lambda array: ask_later(put(freeze(dl.Tensor([0.0], requires_grad=True)), array)),
    "data while frozen": lambda array: ask_later(put(freeze(dl.Parameter(np.zeros_like(array))), array)),
    "detached and learned": lambda array: ask_later(dl.Tensor(array).detach()),
    "data of another shape": lambda array: put(dl.Parameter([0.0]), array),
}


def put(p, values):
    p.data = values
    return p


def freeze(p):
    p.requires_grad = False
    return p


def ask_later(p):
    p.requires_grad = True
    return p


@pytest.mark.parametrize("name", MADE_FROM)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_leaf_shares_no_array_with_what_it_was_made_from(name, rule):
    start = np.array([1.0, 2.0], np.float32)
    one, other = MADE_FROM[name](start), MADE_FROM[name](start)
    assert not shared([start, one.data, other.data])
    one.grad = np.ones(2, np.float32)
    rule([one], 0.5).step()
    one.data -= 1
    assert start.tolist() == other.data.tolist() == [1.0, 2.0]


def test_a_parameter_that_was_frozen_for_a_while_keeps_its_array_and_goes_on_learning():
    for leaf in (dl.Parameter([1.0, 2.0]), dl.Tensor([1.0, 2.0], requires_grad=True)):
        other = dl.Parameter([1.0])
        optimizer = dl.SGD([leaf, other], 0.5)
        array = leaf.data
        leaf.requires_grad = False
        (leaf.sum() * other).sum().backward()
        optimizer.step()
        assert leaf.data.tolist() == [1.0, 2.0] and leaf.grad is None
        optimizer.zero_grad()
        leaf.requires_grad = True
        assert leaf.data is array or not isinstance(leaf, dl.Parameter)
        (leaf.sum() + other).sum().backward()
        optimizer.step()
        assert leaf.data.tolist() == [0.5, 1.5]


def test_only_floats_are_asked_for_a_gradient_later_as_well():
    whole = dl.Tensor(np.array([1, 2]))
    with pytest.raises(WrongTypeError, match="only floats have a gradient"):
        whole.requires_grad = True
    assert not whole.requires_grad


@pytest.mark.parametrize("name", LAYERS)
def test_no_layer_shares_an_array_with_another_or_with_what_its_initializer_returned(name):
    kept = []

    def initializer(shape, *, rng=None, **_):
        kept.append(np.full(shape, 0.5, np.float32))
        return kept[-1]

    takes = "initializer" in inspect.signature(type(LAYERS[name](rng=rng())).__init__).parameters
    how = {"rng": rng(), "initializer": initializer} if takes else {"rng": rng()}
    layers = [LAYERS[name](**how), LAYERS[name](**how)]
    assert not shared([p.data for layer in layers for p in layer.parameters()] + kept)


def test_a_loaded_and_a_copied_model_own_their_numbers(tmp_path):
    one, other = dl.Dense(2, 3, rng=rng()), dl.Dense(2, 3, rng=rng())
    dl.save(one, tmp_path / "dense.safetensors")
    dl.load(other, tmp_path / "dense.safetensors")
    models = [one, other, copy.deepcopy(one), pickle.loads(pickle.dumps(one))]
    assert not shared([p.data for model in models for p in model.parameters()])


# --- a reference that was taken before


def kinds_of_reference(p):
    """Arrays that show the parameter's numbers."""
    return {
        "data": p.data,
        "a row": p.data[:1],
        "numpy()": p.numpy(),
        "np.asarray": np.asarray(p),
        "transposed": p.data.T,
    }


KINDS = list(kinds_of_reference(dl.Parameter(np.zeros((2, 2)))))


@pytest.mark.parametrize("size", [2, 300])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_reference_shows_the_numbers_of_now_whenever_the_optimizer_was_made(rule, kind, size):
    """As any view in NumPy; .data.copy() keeps the earlier numbers."""

    def shown(when):
        w, b = dl.Parameter(np.ones((size, size), np.float32)), dl.Parameter(np.ones(size, np.float32))
        reference = kinds_of_reference(w)[kind] if when == "before" else None
        optimizer = rule([w, b], 0.1)
        if when == "after":
            reference = kinds_of_reference(w)[kind]
        if when == "between two optimizers":
            reference = kinds_of_reference(w)[kind]
            optimizer = rule([w, b], 0.1)
        del_and_make_again = when == "between, and the first one is gone"
        if del_and_make_again:
            reference = kinds_of_reference(w)[kind]
            del optimizer
            optimizer = rule([w, b], 0.1)
        for _ in range(3):
            w.grad, b.grad = np.ones_like(w.data), np.ones_like(b.data)
            optimizer.step()
        now = kinds_of_reference(w)[kind]
        np.testing.assert_array_equal(reference, now)
        assert np.shares_memory(reference, now)
        assert (now < 1).all()
        return now.copy()

    results = [
        shown(when) for when in ("before", "after", "between two optimizers", "between, and the first one is gone")
    ]
    for other in results[1:]:
        np.testing.assert_array_equal(results[0], other)


def test_numbers_put_in_through_a_reference_count():
    for early in (True, False):
        w = dl.Parameter([1.0, 2.0])
        reference = w.data if early else None
        optimizer = dl.SGD([w], 1.0)
        reference = w.data if reference is None else reference
        for _ in range(2):
            reference[...] = [10.0, 20.0]
            w.grad = np.ones(2, np.float32)
            optimizer.step()
            assert w.data.tolist() == reference.tolist() == [9.0, 19.0]


def test_an_array_that_replaces_another_leaves_references_to_that_alone():
    w = dl.Parameter([1.0, 2.0])
    optimizer = dl.SGD([w], 1.0)
    before = w.data
    w.data = w.data - 1
    after = w.data
    w.grad = np.ones(2, np.float32)
    optimizer.step()
    assert before.tolist() == [1.0, 2.0] and after.tolist() == w.data.tolist() == [-1.0, 0.0]


def test_loading_changes_the_numbers_that_references_show(tmp_path):
    model, other = dl.Dense(2, 1, rng=rng()), dl.Dense(2, 1, rng=np.random.default_rng(5))
    dl.save(other, tmp_path / "dense.safetensors")
    reference = model.weight.data
    dl.load(model, tmp_path / "dense.safetensors")
    np.testing.assert_array_equal(reference, other.weight.data)


def test_detach_of_a_parameter_keeps_the_numbers_of_then():
    w = dl.Parameter([1.0])
    old = w.detach()
    w.data -= 1
    assert old.data.tolist() == [1.0]


def test_a_rule_of_ones_own_may_compute_new_weights():
    class Plain(dl.Optimizer):
        def update(self, flat, lr):
            flat.w = flat.w - lr * flat.g

    w = dl.Parameter([1.0, 2.0])
    optimizer = Plain([w], 0.5)
    for _ in range(2):
        w.grad = np.ones(2, np.float32)
        optimizer.step()
    assert w.data.tolist() == [0.0, 1.0]


# --- gradients


def leaves_of(row):
    return [dl.Tensor(x, requires_grad=True) for x in row.inputs]


@every("row", ROWS)
def test_no_gradient_shares_memory_with_anything(row):
    """Not with another, the seed, an input, or the output; and changing it in place changes nothing that comes later."""
    leaves = leaves_of(row)
    output = row.function(*leaves)
    if not output.requires_grad:
        return
    seed = np.ones(output.shape, output.dtype)
    output.backward(seed, keep_inner=True)
    reached = [leaf for leaf in leaves if leaf.grad is not None]
    gradients = [leaf.grad for leaf in reached]
    others = [seed, output.data, output.grad, *[leaf.data for leaf in leaves]]
    assert not [(a, b) for a, b in shared(gradients + others) if any(a is g for g in gradients)]
    once = [g.copy() for g in gradients]
    for g in gradients:
        g[...] = np.nan
    for leaf in reached:
        leaf.zero_grad()
    output.backward(np.ones(output.shape, output.dtype))
    for leaf, g in zip(reached, once, strict=True):
        np.testing.assert_array_equal(leaf.grad, g)


ENDS = {
    "itself": lambda y: y,
    "sum": lambda y: y.sum(),
    "mean": lambda y: y.mean(),
    "reshaped": lambda y: y.reshape(-1),
    "transposed": lambda y: y.T,
    "a part": lambda y: y[:1],
    "broadcast": lambda y: dl.broadcast_to(y, shape=(3, *y.shape)),
    "passed on": lambda y: y + 0.0,
}
JOINS = {
    "a + b": lambda a, b: a + b,
    "a + b, in rows": lambda a, b: a + b.reshape(-1)[:2],
    "stack": lambda a, b: dl.stack(a, b),
    "concatenate": lambda a, b: dl.concatenate(a, b),
    "a + a": lambda a, b: a + a + b,
    "where": lambda a, b: dl.where(np.ones((2, 2), bool), a, b),
    "maximum": dl.maximum,
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("join", JOINS)
def test_two_leaves_never_share_a_gradient(join, end):
    a, b = (dl.Tensor(np.full((2, 2), v), requires_grad=True) for v in (1.0, 2.0))
    y = ENDS[end](JOINS[join](a, b))
    seed = np.ones(y.shape)
    y.backward(seed)
    assert not shared([a.grad, b.grad, seed, a.data, b.data])
    kept = b.grad.copy()
    a.grad += 5
    np.testing.assert_array_equal(b.grad, kept)
    assert (seed == 1).all()


def test_the_seed_stays_what_it_was():
    x = dl.Tensor([1.0, 2.0], requires_grad=True)
    for y in (x, x + 0.0, x.reshape(2, 1).reshape(2)):
        seed = np.ones(2, np.float32)
        x.zero_grad()
        y.backward(seed)
        x.grad += 5
        assert seed.tolist() == [1.0, 1.0]


KEPT = np.ones((2, 2))
OWN_DERIVATIVES = {
    "one array twice": lambda a, b: lambda g, needs: (lambda d: (d, d))(g * 2),
    "the gradient itself": lambda a, b: lambda g, needs: [g, g],
    "an array that is kept": lambda a, b: lambda g, needs: (KEPT, KEPT),
    "an input": lambda a, b: lambda g, needs: (b, a),
    "views of one array": lambda a, b: lambda g, needs: (g[:], g[:]),
    "a tuple with one array": lambda a, b: (lambda g: KEPT, lambda g: KEPT),
    "a tuple with inputs": lambda a, b: (lambda g: b, lambda g: a),
}


@pytest.mark.parametrize("name", OWN_DERIVATIVES)
def test_derivatives_of_ones_own_may_return_whatever_array_they_like(name):
    def own(a, b):
        return a + b, OWN_DERIVATIVES[name](a, b)

    operation = dl.differentiable(own)
    try:
        a, b, c, d = (dl.Tensor(np.full((2, 2), v), requires_grad=True) for v in (1.0, 2.0, 3.0, 4.0))
        operation(a * 1.0, b).sum().backward()
        operation(c, d + 0.0).sum().backward()
        assert not shared([leaf.grad for leaf in (a, b, c, d)] + [leaf.data for leaf in (a, b, c, d)] + [KEPT])
    finally:
        del dl.OPERATIONS["own"]


def test_derivatives_of_ones_own_may_be_numbers_and_lists():
    def own(a, b):
        return np.float64(a.sum() + b.sum()), (lambda g: [1.0, 1.0], lambda g: 1.0)

    operation = dl.differentiable(own)
    try:
        a, b = dl.Parameter([1.0, 2.0]), dl.Parameter(3.0)
        operation(a, b).backward()
        assert a.grad.tolist() == [1.0, 1.0] and b.grad == 1 and a.grad.dtype == b.grad.dtype == np.float32
    finally:
        del dl.OPERATIONS["own"]


# --- copies, and the way to another process


def test_a_leaf_is_copied_with_its_gradient_and_goes_its_own_way():
    w = dl.Parameter([1.0, 2.0], name="w")
    (w * w).sum().backward()
    for other in (copy.copy(w), copy.deepcopy(w), pickle.loads(pickle.dumps(w))):
        assert type(other) is dl.Parameter and (other.name, other.requires_grad) == ("w", True)
        assert other.grad.tolist() == [2.0, 4.0] and not shared([w.data, w.grad, other.data, other.grad])
        loss = (w * other).sum()
        loss.backward()
        assert other.grad.tolist() == [3.0, 6.0]
        w.grad = np.array([2.0, 4.0], np.float32)


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy], ids=lambda how: how.__name__)
def test_a_copied_result_and_the_result_can_both_be_used(how):
    w = dl.Parameter([3.0, 4.0])
    y = w * w
    other = how(y)
    assert not shared([y.data, other.data])
    (y * other).sum().backward()
    np.testing.assert_allclose(w.grad, 4 * np.array([3.0, 4.0]) ** 3)
    w.zero_grad()
    how(how(y)).sum().backward()
    np.testing.assert_allclose(w.grad, [6.0, 8.0])
    with dl.no_grad():
        assert not how(y).requires_grad


def test_a_copied_result_remembers_when_it_was_computed():
    w = dl.Parameter([3.0])
    y = w * w
    w.data -= 1
    with pytest.raises(GradientError, match="was changed after"):
        copy.deepcopy(y).sum().backward()


def test_a_list_with_one_tensor_twice_is_copied_as_such():
    w = dl.Parameter([1.0])
    one, two = copy.deepcopy([w, w])
    assert one is two and one is not w


def test_attributes_of_a_subclass_are_copied():
    class Marked(dl.Parameter):
        pass

    w = Marked([1.0])
    w.mark = ["a"]
    other = copy.deepcopy(w)
    assert type(other) is Marked and other.mark == ["a"] and other.mark is not w.mark


TRAVELS = {
    "a tensor": lambda: dl.Tensor([[1.0, 2.0]], name="x"),
    "labels": lambda: dl.Tensor(np.array([1, 2])),
    "a parameter": lambda: dl.Parameter(2.0, name="w"),
    "a result without memory": lambda: (dl.Parameter([1.0]) * 2).detach(),
    **{name: lambda make=make: make(rng=rng()) for name, make in LAYERS.items()},
    "a model": lambda: dl.Sequential(
        dl.Conv2D(1, 2, 3, activation=dl.relu, rng=rng()), dl.BatchNorm(2), dl.MaxPool2D(2), dl.Flatten(), dl.Dropout(0.5, rng=rng()),
        dl.Dense(2, 3, rng=rng()), dl.softmax,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAVELS)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_what_should_travel_to_another_process_does(name, protocol):
    thing = TRAVELS[name]()
    other = pickle.loads(pickle.dumps(thing, protocol))
    assert repr(other) == repr(thing)
    if isinstance(thing, dl.Module):
        for p, q in zip(thing.parameters(), other.parameters(), strict=True):
            np.testing.assert_array_equal(p.data, q.data)
            assert (p.name, p.requires_grad) == (q.name, q.requires_grad)


def test_what_arrives_can_be_trained_though_ages_count_elsewhere():
    """A tensor that was made late in the other process is no younger than what is computed from it here."""
    old = dl.Parameter([1.0])
    text = pickle.dumps(old).replace(b"nothing", b"nothing")
    for _ in range(10):
        dl.Tensor([0.0])
    w = pickle.loads(text)
    (w * old).sum().backward()
    assert w.grad.tolist() == old.grad.tolist() == [1.0]


def test_the_memory_of_a_result_cannot_travel():
    w = dl.Parameter([1.0])
    with pytest.raises(GradientError, match="detach"):
        pickle.dumps([w, w * 2])
    with dl.no_grad():
        assert pickle.loads(pickle.dumps(w * 2)).item() == 2.0
