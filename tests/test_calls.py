"""Calls that Python refuses: whatever a learner calls says what is wrong in the course's words."""

from __future__ import annotations

import contextlib

import pytest

import dlcourse as dl
from dlcourse import initializers
from dlcourse.errors import CourseError, WrongTypeError

# What tensors are made of must cost nothing, others take nothing; a layer explains how it calls an initializer.
PYTHON_EXPLAINS = {
    "Tensor",
    "Module",
    "Flatten",
    "GlobalAvgPool2D",
    "History",
    "Training",
    "Batches",
    "differentiable",
    "no_grad",
} | {*initializers.__all__}


def public():
    for module in (dl, dl.data):
        for name in module.__all__:
            value = getattr(module, name)
            if callable(value) and name not in PYTHON_EXPLAINS and value.__module__.startswith("dlcourse"):
                yield pytest.param(value, id=name)


@pytest.mark.parametrize("value", list(public()))
def test_a_wrong_call_is_told_in_the_words_of_the_course(value):
    with pytest.raises(WrongTypeError, match=r"there is no setting 'strange'|[Nn]othing|takes|missing"):
        value(strange=1)
    with contextlib.suppress(CourseError):  # some take any number
        value(*[1] * 14)


@pytest.mark.parametrize("judge", [dl.accuracy, dl.confusion_matrix, dl.precision, dl.recall])
def test_inputs_and_labels_instead_of_a_data_set(judge):
    data = dl.data.xor()
    with pytest.raises(
        WrongTypeError, match=rf"^{judge.__name__}: 3 values came by position, and it takes \(model, data\)"
    ):
        judge(dl.tanh, data.x, data.y)
