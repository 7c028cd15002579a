"""Checks where no thread can be started, as in a browser."""

import sys
import threading
import time

import numpy as np
import pytest

from dlcourse import surroundings
from dlcourse.checking import running, sweeping
from dlcourse.checking.comparing import shown
from dlcourse.checking.deadline import Deadline, Stopped
from tests.checking.test_hostile_answers import (
    chatty,
    endless,
    endless_and_stubborn,
    ends_everything,
    in_place,
    says,
    sigmoid,
)
from tests.exercises import plain_neuron as ex


@pytest.fixture(autouse=True)
def no_threads(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    for module in (running, sweeping):
        monkeypatch.setattr(module, "has_threads", lambda: False)
    monkeypatch.setattr(threading.Thread, "start", refuse)


def loops_in_the_library(x, w, b):
    while True:
        shown((1, 2))


def swapped(x, w, b):
    return sigmoid(w, x - x, b)


@pytest.mark.parametrize("answer", [endless, loops_in_the_library, endless_and_stubborn])
def test_an_endless_loop_is_stopped_and_its_line_named(capsys, answer):
    if answer is endless_and_stubborn and sys.version_info < (3, 12):
        pytest.skip("a trace function is asked once only, and this answer swallows what it raises")
    traced, began = sys.gettrace(), time.monotonic()
    said = says(capsys, "neuron", answer)
    assert time.monotonic() - began < 4
    assert "had not come back after 2 seconds, so it was stopped" in said and "in line" in said
    assert sys.gettrace() is traced


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (sigmoid, "right, on all 7 inputs"),
        (chatty, "right, on all 7 inputs"),
        (in_place, "your function changed its argument w"),
        (ends_everything, "raised SystemExit"),
        (lambda x, w, b: 1 / (1 + np.exp(-(w @ x - b))), ""),
    ],
)
def test_an_answer_gets_the_sentence_that_it_gets_with_threads(capsys, monkeypatch, answer, words):
    said = says(capsys, "neuron", answer)
    monkeypatch.undo()
    assert words in said and said == says(capsys, "neuron", answer)


def test_of_many_programs_the_one_that_fits_is_found_past_one_that_hangs():
    def program(value):
        return lambda case: running.Outcome(value)

    def hangs(case):
        while True:
            pass

    def fits(case, outcome):
        return outcome.value == 3

    assert sweeping.sweep([program(1), hangs, program(3), program(3)], 2, fits, 0.1) == (2, 1)
    assert sweeping.sweep([program(1), program(2)], 2, fits, 0.1) == (None, 0)


def test_what_is_done_in_time_is_left_alone_and_what_comes_after_is_never_ended():
    with Deadline(0.2) as limit:
        done = sum(range(100))
    assert done == 4950 and limit.frame is None
    time.sleep(0.25)
    assert sum(i for i in range(100)) == 4950
    with pytest.raises(Stopped), Deadline(0.05) as limit:
        endless(0, 0, 0)
    assert limit.frame.f_code is endless.__code__


def test_the_pythons_of_browsers_and_sandboxes_have_none(monkeypatch):
    for platform, has in (("linux", True), ("win32", True), ("emscripten", False), ("wasi", False)):
        monkeypatch.setattr(sys, "platform", platform)
        assert surroundings.has_threads() is has


def test_ex_is_the_lesson_that_learners_use():
    assert ex.check("neuron", sigmoid) is None
