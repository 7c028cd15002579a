"""Grading in a process of its own: whatever was handed in becomes a row, and leaves nothing behind."""

import os
import subprocess
import sys
import time

import pytest

from dlcourse import cli
from dlcourse.cli import grade as command
from dlcourse.exercises import backpropagation, single_neuron
from dlcourse.grading import grades
from dlcourse.grading.grades import COULD_NOT, NOT_ATTEMPTED, NOT_SOLVED, SOLVED, grade
from dlcourse.grading.handed_in import HandedIn
from dlcourse.grading.own_process import OwnProcess
from dlcourse.grading.sandbox import Ended
from dlcourse.learner.record import Record
from tests.grading.notebooks_of_learners import ANSWERS, body, notebook

POSIX = os.name == "posix"
BORDER = single_neuron.EXERCISES.exercises["border"]


class Hurried(OwnProcess):
    """The same, with less patience, for tests."""

    patience = 0.4


class Nowhere:
    """Runs nothing."""

    patience, limits = 1.0, {}

    def run(self, job, seconds):
        return Ended(b"", "")


def rows(content, sandbox=None, file="x.ipynb"):
    return list(grade(HandedIn("anna", file, lambda: content, Record), sandbox or Nowhere()))


@pytest.mark.parametrize("name", ANSWERS)
def test_whatever_an_answer_does_is_a_row(name):
    if name == "eats_memory" and sys.platform != "linux":
        pytest.skip("only Linux limits a process's memory")
    sandbox = Hurried(1_000_000_000) if name == "eats_memory" else Hurried()
    graded = {row.exercise: row for row in rows(ANSWERS[name].content, sandbox)}
    row = graded.get("parity") or graded[""]
    assert row.result in ANSWERS[name].results, row
    assert any(word in row.hint for word in ANSWERS[name].words), row.hint
    assert (row.hint == "") == (row.result in (SOLVED, NOT_ATTEMPTED)), row.hint


def test_a_job_whose_time_is_over_is_killed_with_all_that_it_has_started():
    mark = f"{os.getpid()}.25"
    start = f"import subprocess\nwaited = subprocess.Popen(['sleep', '{mark}']).wait()"
    content = notebook(start, "def parity(x=waited):\n    return x")
    (row,) = [row for row in hurried(content) if row.exercise == "parity"]
    assert row.result == COULD_NOT and "had not come back after" in row.hint
    for _ in range(50):  # what is killed takes a moment to go
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout if POSIX else ""
        if mark not in listed:
            return
        time.sleep(0.1)
    pytest.fail("it is still there")


def hurried(content):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grades, "_START", 1)
        patch.setattr(grades, "_STATEMENTS", 0)
        return rows(content, Hurried())


def test_the_hint_is_the_one_that_the_notebook_gives_with_the_line_of_its_cell(capsys):
    wrong = BORDER.solution.replace("b = -w @ p", "b = w @ p")
    (row,) = [row for row in rows(notebook(wrong), OwnProcess()) if row.exercise == "border"]
    single_neuron.check("border", BORDER.function(wrong))
    assert capsys.readouterr().out == f"border: {row.hint}\n" and row.result == NOT_SOLVED
    late = "# one\n# two\ndef border(p, q, yes):\n    return shorter(p) + np.zeros(7)"
    helper = "def shorter(x):\n    return x[:2]\n\n\n"
    (row,) = [row for row in rows(notebook(late, helper), OwnProcess()) if row.exercise == "border"]
    assert "in line 4: return shorter(p) + np.zeros(7)" in row.hint


def test_a_renamed_notebook_without_the_import_is_known_by_its_functions():
    content = notebook(*(each.stub for each in backpropagation.EXERCISES.exercises.values()), imports="")
    assert {(row.lesson, row.result) for row in rows(content)} == {("05 backpropagation", NOT_ATTEMPTED)}
    (row,) = rows(notebook("x = 1", imports=""))
    assert row.result == COULD_NOT and "No exercises of a lesson are imported" in row.hint


@pytest.mark.parametrize(
    "deep", ["a" + ".b" * 900 + "()", "f(" * 150 + ")" * 150, "a" + "[0]" * 900, "x = " + "-" * 900 + "1"]
)
def test_a_cell_that_is_nested_too_deep_is_no_end(deep):
    assert {row.result for row in rows(notebook(deep, BORDER.stub))} == {NOT_ATTEMPTED}


def test_nothing_is_run_for_what_was_not_attempted(monkeypatch):
    monkeypatch.setattr(Nowhere, "run", None)
    assert [row.result for row in rows(notebook(BORDER.stub))] == [NOT_ATTEMPTED] * 3


def test_an_answer_sees_no_variable_of_this_program_and_an_empty_folder_with_little_room(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_TOKEN", "1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.txt").touch()
    text = """import os
assert 'SECRET_TOKEN' not in os.environ and os.listdir() == [] == os.listdir(os.environ['HOME'])
try:
    open('much', 'wb').write(bytes(10_000_000))
except OSError:
    pass
assert os.path.getsize('much') < 10_000_000 or os.name != 'posix'
return [-1] * 3, 1.5"""
    (row,) = [row for row in rows(body(text), Hurried()) if row.exercise == "parity"]
    assert row.result == SOLVED, row.hint


# --------------------------------------------------------------------------------------------------- the command line


def state_of(folder):
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in [folder, *folder.rglob("*")]
    }


def test_the_command_writes_a_table_and_nothing_into_the_folder(tmp_path, capsys):
    (tmp_path / "anna").mkdir()
    (tmp_path / "anna" / "renamed.ipynb").write_bytes(notebook(ANSWERS_PARITY))
    (tmp_path / "=ben.ipynb").write_bytes(b"{")
    before = state_of(tmp_path)
    assert cli.main(["grade", str(tmp_path), "--trust", "--csv"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "learner,file,lesson,exercise,result,tries,hint",
        "'=ben,'=ben.ipynb,,,could not be run,,\"This is not a notebook, or it is damaged.\"",
        "anna,anna/renamed.ipynb,02 single_neuron,border,not attempted,,There is no function border.",
        "anna,anna/renamed.ipynb,02 single_neuron,gates,not attempted,,There is no function gates.",
        "anna,anna/renamed.ipynb,02 single_neuron,parity,solved,,",
    ]
    assert cli.main(["grade", str(tmp_path / "anna"), "--trust"]) == 0
    assert "1 notebook of 1 learner: 1 of 3 exercises solved." in capsys.readouterr().out
    assert state_of(tmp_path) == before


ANSWERS_PARITY = single_neuron.EXERCISES.exercises["parity"].solution


def test_without_a_sandbox_nothing_is_run_until_one_says_trust(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command, "is_installed", lambda: False)
    monkeypatch.setattr(command, "grade", None)
    (tmp_path / "a.ipynb").write_bytes(notebook(ANSWERS_PARITY))
    assert cli.main(["grade", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and '-m pip install "dlcourse[grading]"' in said.err and "add --trust" in said.err


def test_a_folder_that_is_not_there_is_said(tmp_path, capsys):
    assert cli.main(["grade", str(tmp_path / "nowhere"), "--trust"]) == 2
    assert "nothing has this name" in capsys.readouterr().err


def test_a_copy_with_other_numbers_is_graded_by_them():
    own = backpropagation.EXERCISES.with_seed(None)["division"]
    other = backpropagation.EXERCISES.with_seed(7)["division"]
    imports = "import numpy as np\nfrom dlcourse.exercises import backpropagation as ex\nex.EXERCISES.vary(7)\n"
    for text, result in ((other.solution, SOLVED), (own.solution, NOT_SOLVED), (other.stub, NOT_ATTEMPTED)):
        (row,) = [one for one in rows(notebook(text, imports=imports), Hurried()) if one.exercise == "division"]
        assert row.result == result
        assert (f"Here it is {other.number[0]}." in row.hint) == (result == NOT_SOLVED)
