"""Names as data: enough of them, clean, and rightly turned into sequences."""

from __future__ import annotations

import re

import numpy as np
import pytest

import dlcourse as dl


@pytest.mark.parametrize(("which", "least"), [("given", 2000), ("capitals", 150), ("elements", 118)])
def test_there_are_enough_each_once_in_small_letters(which, least):
    names = dl.data.names(which)
    assert least <= len(names) == len(set(names))
    assert list(names) == sorted(names)
    assert all(re.fullmatch("[a-z]{2,15}", name) for name in names)


def test_well_known_ones_are_among_them():
    assert {"anna", "otto", "yuki", "mohamed", "priya", "olga"} <= set(dl.data.names())
    assert {"paris", "lima", "nairobi", "tokyo"} <= set(dl.data.names("capitals"))
    assert {"gold", "helium", "oganesson"} <= set(dl.data.names("elements")) and len(dl.data.names("elements")) == 118


def test_a_name_is_read_behind_the_end_mark_and_ends_with_it():
    pair = dl.data.spelled(["bob", "ann"], length=6)
    assert pair.x.shape == (2, 6, 27) and pair.x.dtype == np.float32
    assert pair.x.sum(axis=2).tolist() == [[1.0] * 6] * 2
    assert pair.x[0].argmax(axis=1).tolist() == [0, 2, 15, 2, 0, 0]
    assert pair.y.tolist() == [[2, 15, 2, 0, -1, -1], [1, 14, 14, 0, -1, -1]]


def test_what_is_read_is_what_was_to_be_said_before():
    pair = dl.data.spelled(dl.data.names("elements"))
    read = pair.x.argmax(axis=2)
    inside = pair.y[:, :-1] > 0
    assert np.array_equal(read[:, 1:][inside], pair.y[:, :-1][inside])
