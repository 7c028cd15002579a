"""A data set as a pair, in a loop, and by number, slice, list and mask: each maker and each method gives the same answers."""

from __future__ import annotations

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import CourseError, PositionError, WrongTypeError


def rng():
    return np.random.default_rng(0)


def own(n):
    return dl.data.Dataset(np.arange(4.0 * n).reshape(n, 2, 2), np.arange(n) % 2)


MAKERS = {
    "moons": lambda: dl.data.moons(6, rng=rng()),
    "two moons": lambda: dl.data.moons(2, rng=rng()),
    "circles": lambda: dl.data.circles(6, rng=rng()),
    "spirals": lambda: dl.data.spirals(6, rng=rng()),
    "xor": dl.data.xor,
    "digits": dl.data.digits,
    "iris": dl.data.iris,
    "wine": dl.data.wine,
    "breast_cancer": dl.data.breast_cancer,
    "diabetes": dl.data.diabetes,
    "spelled": lambda: dl.data.spelled(["anna", "otto"]),
    "next_characters": lambda: dl.data.next_characters("to be or not to be", 4),
    "standardize": lambda: dl.data.standardize(dl.data.iris())[0],
    "own": lambda: own(6),
    "own of two": lambda: own(2),
    "one": lambda: own(6)[0],
    "slice of two": lambda: own(6)[1:3],
    "part": lambda: own(6).split(0.5, 0.5, rng=rng())[0],
    "mask": lambda: own(6)[own(6).y == 1],
}


def test_every_maker_of_data_sets_is_here():
    others = {
        "augment",
        "Batches",
        "Dataset",
        "Vocabulary",
        "fashion_mnist",
        "mnist",
        "names",
        "photograph",
        "read_idx",
        "sunspots",
    }
    assert set(dl.data.__all__) - others <= set(MAKERS)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_data_set_is_no_pair_and_no_list_and_says_so(make):
    data = make()

    def loop():
        for x, y in data:
            raise AssertionError(f"an example came: {x}, {y}")

    def pair():
        x, y = data
        raise AssertionError(f"a pair came: {x}, {y}")

    for use in (loop, pair, lambda: list(data), lambda: iter(data), lambda: 0 in data, lambda: reversed(data)):
        with pytest.raises(WrongTypeError, match=r"X, y = data\.x, data\.y"):
            use()
    with pytest.raises(WrongTypeError, match=r"data\.x"):
        np.asarray(data)
    assert len([x for x, _ in data.batches(1)]) == len(list(zip(data.x, data.y, strict=True))) == len(data)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_what_chooses_examples_chooses_those_of_x_and_of_y(make):
    data, n = make(), len(make())
    numbers = np.arange(n)
    choices = [
        0, n - 1, -1, -n, np.int64(0), slice(None), slice(1, None, 2), slice(None, None, -1), slice(n, 2 * n), [], [0, -1, 0],
        numbers[::-1], range(n), numbers % 2 == 0, (numbers % 2 == 0).tolist(), dl.Tensor(numbers) > 0, np.zeros(n, bool),
    ]  # fmt: skip
    for choice in choices:
        key = [choice] if isinstance(choice, (int, np.integer)) else choice
        rows = numbers[key if isinstance(key, slice) else np.asarray(key, None if len(key) else int)]
        part = data[choice]
        np.testing.assert_array_equal(part.x, data.x[rows])
        np.testing.assert_array_equal(part.y, data.y[rows])
        assert part.classes == data.classes and len(part) == len(rows)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_what_chooses_no_examples_says_so(make):
    data, n = make(), len(make())
    for choice in (
        n, -n - 1, [n], np.array([0, -n - 1]), True, np.True_, None, ..., 0.5, [0.0], "x", (0, 0), ([0], 0), [[0]], [[0], [0, 1]],
        np.zeros((n, 1), bool), np.ones(n + 1, bool), [True] * (n + 1), {0}, lambda: 0, data,
    ):  # fmt: skip
        with pytest.raises((PositionError, WrongTypeError)) as caught:
            data[choice]
        assert isinstance(caught.value, CourseError) and "Dataset: " in str(caught.value), choice
