"""Calls that Python refuses: whatever a learner calls says what is wrong in the course's words."""

from __future__ import annotations

import contextlib

import pytest

import dlcourse as dl
from dlcourse.errors import CourseError, WrongTypeError

# Two decorate a function, and say what they take in words of their own; two are for the library's own layers.
OTHERS = {"differentiable", "no_grad", "check_rng", "drawn"}


def public():
    for module in (dl, dl.data, dl.initializers, dl.schedules):
        for name in module.__all__:
            value = getattr(module, name)
            if callable(value) and name not in OTHERS and value.__module__.startswith("dlcourse"):
                yield pytest.param(value, id=f"{module.__name__}.{name}")


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
