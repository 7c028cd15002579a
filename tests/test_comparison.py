"""The same tensor or equal numbers: containers mean the first, `==` compares entry by entry."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ShapeError, WrongTypeError


def models():
    """Two with the same numbers, whose parameters have all kinds of shapes; biases are equal zeros of one entry."""
    rng = np.random.default_rng(0)
    one = dl.Sequential(
        dl.Dense(2, 3, rng=rng), dl.Dense(3, 3, rng=rng), dl.Dense(3, 1, rng=rng), dl.Dense(1, 1, rng=rng)
    )
    return one, copy.deepcopy(one)


CONTAINERS = {
    "parameters()": lambda model: model.parameters(),
    "a list": lambda model: list(model.parameters()),
    "a tuple": lambda model: tuple(model.parameters()),
    "a set": lambda model: set(model.parameters()),
    "keys": lambda model: dict.fromkeys(model.parameters(), 0),
    "values()": lambda model: model.named_parameters().values(),
    "an optimizer's": lambda model: dl.SGD(model.parameters(), 0.1).parameters,
    "a slice": lambda model: model.parameters()[:],
    "a sum": lambda model: model.parameters()[:2] + model.parameters()[2:],
    "a sum with a list": lambda model: [*model.parameters()[:2]] + model.parameters()[2:],
    "a copy of the list": lambda model: model.parameters().copy(),
    "a shallow copy": lambda model: copy.copy(model.parameters()),
    "a generator": lambda model: (p for p in model.parameters()),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_holds_a_parameter_and_not_one_with_equal_numbers(name):
    mine, others = models()
    for p in mine.parameters():
        assert p in CONTAINERS[name](mine)
        assert p not in CONTAINERS[name](others)


@pytest.mark.parametrize(
    "of", [lambda model: model.parameters(), lambda model: list(model.parameters())], ids=["parameters()", "list"]
)
def test_lists_count_find_and_remove_a_parameter_itself(of):
    mine, others = models()
    for i, p in enumerate(mine.parameters()):
        parameters = of(mine)
        assert parameters.index(p) == i and parameters.count(p) == 1
        parameters.remove(p)
        assert len(parameters) == len(mine.parameters()) - 1 and p not in parameters
        for call in (of(others).index, of(others).remove):
            with pytest.raises(ValueError, match="not in"):
                call(p)
    assert of(mine) == of(mine) and of(mine) != of(others) and (of(mine) == of(others)) is False
    assert of(mine) == mine.parameters() and mine.parameters() == of(mine)


def test_the_loop_of_the_report():
    model, _ = models()
    frozen = [model[0].weight, model[3].bias]
    trained = [p for p in model.parameters() if p not in frozen]
    assert len(trained) == 6
    added = [p for p in (dl.Parameter([0.0]), model[0].bias) if p not in model.parameters()]
    assert len(added) == 1 and added[0].shape == (1,)


def test_what_is_no_parameter_can_be_looked_for():
    model, _ = models()
    parameters = model.parameters()
    assert not any(
        x in parameters
        for x in (model, None, "weight", 0.0, np.zeros(3), [0.0], model[0].bias.data, model[0].bias.detach())
    )
    y = model[0](np.ones((4, 2), np.float32))
    assert [p in parameters for p in y.parents] == [False, True, True]


def test_a_tensor_is_no_other_object():
    w = dl.Tensor([1.0, 2.0])
    for other in (dl.Dense(2, 1, rng=np.random.default_rng(0)), None, "w", object(), {}, print):
        assert (w == other) is False and (w != other) is True
        assert w in [other, w] and other in [w, other]


def test_two_parameters_are_compared_entry_by_entry():
    p, q = dl.Parameter([1.0, 2.0]), dl.Parameter([1.0, 3.0])
    assert (p == q).data.tolist() == [True, False] and (p != q).data.tolist() == [False, True]
    assert (p.data == q.data).tolist() == [True, False]
    assert bool(p == p) and not bool(p == q) and bool(p != q) and not bool(p != p)
    row = dl.Parameter([[1.0]])
    assert (p == row).data.tolist() == [[True, False]] and not bool(p == row)
    other = dl.Parameter([1.0, 2.0, 3.0])
    assert (p != other).data.all() and not (p == other).data.any() and not bool(p == other)


def test_numbers_are_numbers():
    w, best = dl.Parameter(2.0), dl.Tensor([1.0, 2.0, 3.0])
    assert w == 2.0 and w != 3.0 and not bool(w == 3.0) and w == dl.Tensor(2.0) and np.float64(2) == w
    assert (best == [1.0, 0.0, 3.0]).data.tolist() == [True, False, True]
    with pytest.raises(ShapeError, match="comparison"):
        _ = best == dl.Tensor([1.0, 2.0])
    with pytest.raises(WrongTypeError, match="3 truth values"):
        bool(best == best.detach())


def test_the_list_is_a_list():
    model, _ = models()
    parameters = model.parameters()
    assert isinstance(parameters, list) and parameters[0] is model[0].weight and parameters[-1] is model[3].bias
    assert parameters.index(parameters[3], 2) == 3 and parameters.index(parameters[3], -6, -4) == 3
    with pytest.raises(ValueError, match="not in the list"):
        parameters.index(parameters[3], 4)
    parameters.append(dl.Parameter([1.0]))
    assert len(parameters) == 9 and len(model.parameters()) == 8
    again = pickle.loads(pickle.dumps(parameters))
    assert type(again) is type(parameters) and again[0] not in parameters


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_comparison_that_was_copied_says_the_same(how):
    p, q = dl.Parameter([1.0, 2.0]), dl.Parameter([1.0, 2.0])
    assert bool(how(p == p)) and not bool(how(p == q))
    assert bool(how(p != q)) == bool(p != q)
    assert how(p == q).data.tolist() == [True, True]
