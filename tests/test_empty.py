"""Nothing, where something is expected: each operation, layer and loss gives an empty result, or says what it cannot do."""

from __future__ import annotations

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import CourseError, DataError, ShapeError
from tests.cases import every
from tests.operation_rows import ROWS
from tests.test_number_types import LAYERS, LOSSES

EMPTIED = [(row, axis) for row in ROWS for axis in range(max((x.ndim for x in row.inputs), default=0))]


def emptied(shape, axis):
    return tuple(0 if i == axis else size for i, size in enumerate(shape))


def computes_or_says(f, *inputs):
    try:
        y = f(*inputs)
        assert np.isfinite(y.data).all()
        if y.requires_grad:
            y.backward(np.ones(y.shape))
    except CourseError as error:
        assert str(error).endswith((".", "?"))
        return None
    for x in inputs:
        assert x.grad is None or (x.grad.shape == x.shape and np.isfinite(x.grad).all())
    return y


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("all_inputs", [True, False], ids=["all", "the first"])
@every("row, axis", EMPTIED)
def test_an_operation_on_nothing(row, axis, all_inputs):
    inputs = [
        dl.Tensor(np.ones(emptied(x.shape, axis)) if all_inputs or i == 0 else x, requires_grad=True)
        for i, x in enumerate(row.inputs)
    ]
    computes_or_says(row.function, *inputs)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", list(LAYERS))
def test_a_layer_on_nothing(name):
    make, shape = LAYERS[name]
    for axis in range(len(shape)):
        y = computes_or_says(make(), dl.Tensor(np.zeros(emptied(shape, axis), np.float32), requires_grad=True))
        if axis == 0 and name != "BatchNorm":
            assert y is not None and len(y) == 0, "a batch of no examples has no outputs"


def test_an_embedding_of_nothing():
    layer = dl.Embedding(5, 3, rng=np.random.default_rng(0))
    y = layer(np.zeros((2, 0), int))
    y.sum().backward()
    assert y.shape == (2, 0, 3) and not layer.weight.grad.any()


@pytest.mark.parametrize("loss", {row[0].__name__: row[0] for row in LOSSES}.values(), ids=lambda f: f.__name__)
def test_a_loss_of_nothing(loss):
    labels = loss in (dl.cross_entropy,)
    for kind in (np.float32, np.int64):
        with pytest.raises(DataError, match="the batch is empty"):
            loss(np.zeros((0, 3), kind), np.zeros(0 if labels else (0, 3), int))


def test_data_of_nothing():
    nothing = dl.data.Dataset(np.zeros((0, 3), np.float32), np.zeros(0, int))
    for f in (dl.data.standardize, lambda data: data.batches(2), lambda data: dl.predict(lambda x: x, data)):
        with pytest.raises(DataError):
            f(nothing)
    assert dl.data.augment(np.zeros((0, 4, 4, 1)), shift=1, rng=np.random.default_rng(0)).shape == (0, 4, 4, 1)


def test_a_batch_of_one_says_where_it_may_come_from():
    layer = dl.BatchNorm(3)
    before = layer.running_mean.copy()
    for shape in ((1, 3), (1, 1, 1, 3)):
        with pytest.raises(DataError, match="rest in the last minibatch.*drop_last=True"):
            layer(np.ones(shape))
    with pytest.raises(DataError, match="the batch is empty"):
        layer(np.zeros((0, 3)))
    np.testing.assert_array_equal(layer.running_mean, before)
    assert layer(np.ones((1, 2, 2, 3))).shape == (1, 2, 2, 3)


@pytest.mark.parametrize("nothing", [[], (), np.zeros(0, int)], ids=["list", "tuple", "array"])
def test_an_empty_list_stands_for_no_whole_numbers(nothing):
    for layer in (dl.SimpleRNN, dl.GRU, dl.LSTM):
        y = layer(2, 3, rng=np.random.default_rng(0))(np.zeros((0, 4, 2), np.float32), lengths=nothing)
        assert y.shape == (0, 3)
    assert dl.Embedding(5, 3, rng=np.random.default_rng(0))(nothing).shape == (0, 3)
    assert dl.embedding(np.ones((5, 3)), nothing).shape == (0, 3)
    with pytest.raises(DataError, match="the batch is empty"):
        dl.cross_entropy(np.zeros((0, 3)), nothing)


@pytest.mark.parametrize("name", list(LAYERS))
@pytest.mark.parametrize("change", [-1, 1, "moved"])
def test_a_layer_that_refuses_a_shape_quotes_the_shape_that_came(name, change):
    make, shape = LAYERS[name]
    other = shape[:1] + shape[:0:-1] if change == "moved" else (*shape[:-1], shape[-1] + change)
    try:
        make()(np.zeros(other, np.float32))
    except ShapeError as error:
        assert str(other) in str(error), error
        letters = str(error).partition("shape (")[2].partition(")")[0]
        assert letters.count(",") == len(other) - 1, error
