"""What NumPy's functions, comparison signs and formats do with a tensor."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import PositionError, ShapeError, WrongTypeError

A = np.array([1.0, 2.0])


@pytest.mark.parametrize(
    "compute, expected, slope",
    [
        (lambda w: A + w, A + [3, 5], [1, 1]),
        (lambda w: A - w, A - [3, 5], [-1, -1]),
        (lambda w: A * w, A * [3, 5], A),
        (lambda w: A / w, A / [3, 5], [-1 / 9, -2 / 25]),
        (lambda w: A @ w, 13.0, A),
        (lambda w: np.float64(2) * w, [6, 10], [2, 2]),
        (lambda w: np.exp(w), np.exp([3, 5]), np.exp([3, 5])),
        (lambda w: np.maximum(w, 4), [4, 5], [0, 1]),
        (lambda w: np.matmul(w, A), 13.0, A),
        (lambda w: -np.negative(w), [3, 5], [1, 1]),
    ],
)
def test_functions_that_the_course_has_are_differentiated(compute, expected, slope):
    w = dl.Tensor(np.array([3.0, 5.0]), requires_grad=True)
    y = compute(w)
    assert isinstance(y, dl.Tensor)
    np.testing.assert_allclose(y.data, expected)
    y.sum().backward()
    np.testing.assert_allclose(w.grad, slope)


def test_numbers_without_a_gradient_are_divided_and_rounded_as_in_numpy():
    x = dl.Tensor([5.0, -7.5])
    for result, expected in (
        (x // 2, [2, -4]),
        (x % 2, [1, 0.5]),
        (12 // x, [2, -2]),
        (12 % x, [2, -3]),
        (round(x), [5, -8]),
        (round(x / 3, 1), [1.7, -2.5]),
    ):
        assert isinstance(result, dl.Tensor)
        np.testing.assert_allclose(result.data, expected)


def test_truth_values_and_positions_need_no_gradient():
    w = dl.Parameter([3.0, 5.0])
    assert np.isfinite(w).all() and np.allclose(w, [3, 5]) and np.array_equal(w, w.data)
    assert np.argmax(w) == 1 and np.shape(w) == (2,) and np.size(w) == 2
    np.testing.assert_allclose(w, [3, 5])
    assert np.zeros_like(w).tolist() == [0, 0]


@pytest.mark.parametrize(
    "lose",
    [np.square, np.mean, np.std, np.linalg.norm, np.add.reduce, np.cumsum, np.round, np.copy, lambda w: np.dot(w, w),
     lambda w: np.concatenate([w, w]), lambda w: np.where([True, False], w, 0.0), lambda w: np.sum(a=w), lambda w: np.exp(w, out=np.zeros(2)),
     lambda w: 9 // w, lambda w: 9 % w],
)  # fmt: skip
def test_what_would_lose_the_gradient_is_refused(lose):
    w = dl.Parameter([3.0, 5.0])
    with pytest.raises(WrongTypeError):
        lose(w)
    lose(dl.Tensor([3.0, 5.0]))  # nothing to lose
    lose(w.data)
    with dl.no_grad():
        lose(w)


def test_an_array_takes_in_bare_numbers_only():
    total = np.zeros(2)
    with pytest.raises(WrongTypeError, match="an array cannot take in a tensor"):
        total += dl.Parameter([1.0, 2.0])
    total += dl.Tensor([1.0, 2.0])
    assert type(total) is np.ndarray and total.tolist() == [1, 2]
    w = dl.Parameter([1.0, 2.0])
    w += total  # a new tensor, under the old name
    assert w.op == "add"


def test_a_tensor_becomes_an_array_with_or_without_a_copy():
    t = dl.Tensor([1.0, 2.0])
    assert np.asarray(t) is t.data and np.asarray(t).dtype == np.float32
    assert not np.shares_memory(np.array(t), t.data)
    assert np.asarray(t, dtype=np.float64).dtype == np.float64
    with pytest.raises(ValueError, match="copy"):
        np.asarray(t, dtype=np.float64, copy=False)


def test_comparisons_choose():
    x = dl.Tensor([1.0, -2.0, 3.0])
    assert (x > 0).data.tolist() == (x > 0).data.tolist() == [True, False, True]
    assert (np.zeros(3) < x).data.tolist() == (x > np.zeros(3)).data.tolist() == [True, False, True]
    assert (x == [1, -2, 0]).data.tolist() == (~(x != [1, -2, 0])).data.tolist() == [True, True, False]
    assert ((x > 0) & (x < 2)).data.tolist() == [True, False, False]
    assert ((x < 0) | (x > 2)).data.tolist() == [False, True, True]
    assert x[x > 0].data.tolist() == [1, 3] and dl.where(x > 0, x, 0.0).data.tolist() == [1, 0, 3]
    assert (x >= 1).mean().item() == pytest.approx(2 / 3)
    assert not (x > 0).requires_grad


def test_tensors_are_still_keys_and_members():
    a, b = dl.Parameter([1.0, 2.0]), dl.Parameter([1.0, 2.0])
    assert len({a, b, a}) == 2 and {a: "a", b: "b"}[b] == "b" and a in [a, b]
    assert (a == None) is False and (a != None) is True  # noqa: E711  `is` is meant, and says the same


def test_one_number_is_formatted_as_a_number():
    loss = dl.Tensor([2.0, 3.0]).mean()
    assert f"{loss:.2f}" == "2.50" and int(loss) == 2 and float(loss) == 2.5
    assert f"{loss}" == repr(loss)


def test_a_copy_is_independent():
    w = dl.Parameter([1.0, 2.0])
    other = copy.deepcopy(w)
    other.data[0] = 9
    assert w.data[0] == 1 and other.requires_grad and not hasattr(w, "argmax") and not hasattr(w, "_repr_html_")


def test_comparisons_and_truths_with_an_array_on_the_left():
    w = dl.Parameter([1.0, 2.0])
    array = np.array([1.0, 3.0])
    assert (array == w).data.tolist() == [True, False] and (array != w).data.tolist() == [False, True]
    assert (array > w).data.tolist() == [False, True] and (np.float64(2) <= w).data.tolist() == [False, True]
    assert np.logical_and(w > 1, array > 1).tolist() == np.logical_not(w < 2).tolist() == [False, True]
    for compare in (np.equal, np.less, np.logical_or):
        with pytest.raises(dl.errors.ShapeError, match=r"comparison: the shapes \(3,\) and \(2,\) do not fit"):
            compare(np.zeros(3), w)


def test_an_operation_of_ones_own_does_not_replace_one_of_the_course():
    def exp(x):
        return x * 0, (lambda g: g * 0,)

    before = dict(dl.OPERATIONS)
    own = dl.differentiable(exp)
    assert before == dl.OPERATIONS
    w = dl.Parameter([0.0])
    assert own(w).item() == 0.0 and np.exp(w).item() == dl.exp(w).item() == 1.0

    def doubled(x):
        return x * 2, (lambda g: g * 2,)

    try:
        assert dl.differentiable(doubled) is dl.OPERATIONS["doubled"]
        assert dl.differentiable(doubled) is dl.OPERATIONS["doubled"], "the later one, as a cell is run again"
    finally:
        del dl.OPERATIONS["doubled"]


WHOLE = [np.uint8, np.int8, np.uint16, np.int16, np.int32, np.uint32, np.int64, np.uint64]
# What NumPy computes with the bare numbers, by signs and by functions that the course has not.
BARE = {
    "//": lambda x: x // -1,
    "// of more": lambda x: x // 300,
    "%": lambda x: x % 300,
    "% below 0": lambda x: x % -7,
    "on the right of //": lambda x: 300 // x,
    "on the right of %": lambda x: 300 % x,
    "&": lambda x: x & 300,
    "|": lambda x: x | 300,
    "^": lambda x: x ^ 300,
    "np.square": np.square,
    "np.diff": np.diff,
    "np.dot": lambda x: np.dot(x, x),
    "np.inner": lambda x: np.inner(x, x),
    "np.cumsum": np.cumsum,
    "np.left_shift": lambda x: np.left_shift(x, 2),
    "np.where": lambda x: np.where(np.array([True, False, True]), x, -1),
    "np.floor_divide": lambda x: np.floor_divide(x, -2),
    "np.concatenate": lambda x: np.concatenate([x, [-1]]),
    "np.clip": lambda x: np.clip(x, -1, 300),
    "np.outer": lambda x: np.outer(x, x),
}


@pytest.mark.parametrize("kind", WHOLE, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", BARE)
def test_no_whole_number_wraps_around(name, kind):
    numbers = [127, 3, 100]
    expected = BARE[name](np.array(numbers, np.int64))
    np.testing.assert_array_equal(np.asarray(BARE[name](dl.Tensor(np.array(numbers, kind)))), expected)
    if np.iinfo(kind).min < 0:
        lowest = np.iinfo(kind).min if kind is not np.int64 else -128
        assert np.asarray(dl.Tensor(np.array([lowest], kind)) // -1).tolist() == [-lowest]


def test_truth_values_are_joined_and_other_numbers_are_not():
    x = dl.Tensor([-1.0, 0.5, 2.0])
    low, high = x > 0, x < 1
    for a, b in ((low, high), (low, high.data), (low.data, high)):
        assert np.asarray(a & b).tolist() == [False, True, False]
        assert np.asarray(a | b).tolist() == [True, True, True]
        assert np.asarray(a ^ b).tolist() == [True, False, True]
    assert (True & low).data.tolist() == (low & True).data.tolist() == low.data.tolist()
    for join in (
        lambda: x & x,
        lambda: low & x,
        lambda: x | 1,
        lambda: low ^ 0.5,
        lambda: 0 & x,
        lambda: low & [0.5, 1, 2],
    ):
        with pytest.raises(WrongTypeError, match="put brackets around each comparison"):
            join()
    with pytest.raises(ShapeError, match="comparison: the shapes"):
        assert x < [1, 2]


@pytest.mark.parametrize(
    "part", [slice("a", None), slice(0.0, 2.0), slice(None, None, 0), slice(np.array([1, 2]), None)], ids=repr
)
def test_slices_that_are_none_are_refused_by_tensors_and_data_sets(part):
    with pytest.raises(WrongTypeError, match="a slice goes from one whole number to another"):
        dl.Tensor(np.zeros((3, 2)))[part]
    with pytest.raises(WrongTypeError, match="a slice goes from one whole number to another"):
        dl.Tensor(np.zeros((3, 2)))[:, part]
    with pytest.raises(PositionError, match="chooses none of 3 examples"):
        dl.data.Dataset(np.zeros((3, 2)), [0, 1, 2])[part]
