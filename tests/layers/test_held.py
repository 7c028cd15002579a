"""Whatever a learner must think is learned is learned, or an error says that it is not: each way to hold it, each way to ask."""

from __future__ import annotations

from collections import deque
from functools import partial

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import CourseError


class Net(dl.Module):
    def __init__(self, held, use):
        self.first = dl.Dense(2, 2, rng=np.random.default_rng(0))
        self.held, self.use = held, use

    def forward(self, x):
        return self.use(self.held, self.first(x))


class Plain:
    """A block that forgot to be a Module."""

    def __init__(self, layer):
        self.layer = layer

    def __call__(self, x):
        return self.layer(x)


def parameter():
    return dl.Parameter(np.ones(2, np.float32))


def tensor():
    return dl.Tensor(np.ones(2, np.float32), requires_grad=True)


def dense():
    return dl.Dense(2, 2, rng=np.random.default_rng(1))


def array_of(thing):
    box = np.empty(1, object)
    box[0] = thing
    return box


HOLD = {
    "alone": (lambda thing: thing, lambda held: held),
    "list": (lambda thing: [thing], lambda held: held[0]),
    "tuple": (lambda thing: (thing,), lambda held: held[0]),
    "dict": (lambda thing: {"a": thing}, lambda held: held["a"]),
    "list of dict of tuple": (lambda thing: [{"a": (thing,)}], lambda held: held[0]["a"][0]),
    "set": (lambda thing: {thing}, lambda held: next(iter(held))),
    "frozenset": (lambda thing: frozenset({thing}), lambda held: next(iter(held))),
    "deque": (lambda thing: deque([thing]), lambda held: held[0]),
    "array": (array_of, lambda held: held[0]),
    "plain object": (Plain, lambda held: held.layer),
    "partial": (lambda thing: partial(max, thing), lambda held: held.args[0]),
    "closure": (lambda thing: lambda: thing, lambda held: held()),
}
THINGS = {
    "Parameter": (parameter, lambda thing, x: x * thing),
    "Tensor": (tensor, lambda thing, x: x * thing),
    "Dense": (dense, lambda thing, x: thing(x)),
}


def learn_with_fit(model, train):
    optimizer = dl.SGD(model.parameters(), 0.1)
    dl.fit(
        model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=1, batch_size=5, rng=np.random.default_rng(0)
    )


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("how", HOLD)
def test_fit_learns_it_or_says_so(how, thing):
    (hold, take), (make, use) = HOLD[how], THINGS[thing]
    made = make()
    leaf = made.weight if thing == "Dense" else made
    before = leaf.data.copy()
    model = Net(hold(made), lambda held, x: use(take(held), x))
    try:
        learn_with_fit(model, dl.data.moons(20, rng=np.random.default_rng(0)))
    except CourseError as error:
        assert "learned" in str(error)
    else:
        assert (leaf.data != before).any(), "trained, and it was not learned"
    assert thing != "Tensor" or (leaf.data == before).all()


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("how", [how for how in HOLD if how != "closure"])  # into functions only fit can look
def test_parameters_have_it_or_say_so(how, thing):
    (hold, take), (make, use) = HOLD[how], THINGS[thing]
    made = make()
    model = Net(hold(made), lambda held, x: use(take(held), x))
    leaf = made.weight if thing == "Dense" else made
    try:
        assert any(p is leaf for p in model.parameters())
    except CourseError as error:
        assert "learned" in str(error)
    dl.predict(model, np.ones((3, 2), np.float32))  # predicting has nothing to do with parameters


def test_what_was_computed_or_held_elsewhere_too_is_no_matter():
    model = Net(None, lambda held, x: x)
    model.last = model(np.ones((1, 2), np.float32))  # a tensor with a past, kept for a look
    model.shared = {model.first}
    model.trainer = Plain(model)
    assert len(model.parameters()) == 2


def test_a_parameter_that_is_replaced_after_the_optimizer_was_made_is_missed():
    model = Net(parameter(), lambda held, x: x * held)
    optimizer = dl.SGD(model.parameters(), 0.1)
    model.held = parameter()
    dl.cross_entropy(model(np.ones((2, 2), np.float32)), [0, 1]).backward()
    with pytest.raises(CourseError, match="has no gradient"):
        optimizer.step()
    with pytest.raises(CourseError, match="does not know the model's held"):
        dl.fit(
            model, dl.data.moons(20, rng=np.random.default_rng(0)), loss=dl.cross_entropy, optimizer=optimizer, epochs=1,
            batch_size=5, rng=np.random.default_rng(0),
        )  # fmt: skip


def test_a_plain_function_that_computes_with_more_than_the_optimizer_knows_is_refused():
    w, b = dl.Parameter(np.ones((2, 2), np.float32)), dl.Parameter(np.zeros(2, np.float32), name="b")
    settings = {"loss": dl.cross_entropy, "epochs": 1, "batch_size": 5, "rng": np.random.default_rng(0)}
    moons = dl.data.moons(20, rng=np.random.default_rng(0))
    with pytest.raises(CourseError, match="'b' of shape"):
        dl.fit(lambda x: x @ w + b, moons, optimizer=dl.SGD([w], 0.1), **settings)
    assert (w.data == 1).all()
    dl.fit(lambda x: x @ w + b, moons, optimizer=dl.SGD([w, b], 0.1), **settings)
    b.requires_grad = False
    dl.fit(lambda x: x @ w + b, moons, optimizer=dl.SGD([w], 0.1), **settings)
