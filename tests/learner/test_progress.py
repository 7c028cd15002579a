"""What a learner has done is kept in one file beside the lessons, and nothing that goes wrong with it disturbs a lesson."""

import json
import os
import shutil
import stat
import subprocess
import sys
import threading

import pytest

from dlcourse import notebooks
from dlcourse.cli import main
from dlcourse.exercises import single_neuron, supervised_learning
from dlcourse.learner import progress
from dlcourse.learner.lessons import asked
from dlcourse.learner.record import VERSION, Record, from_plain, to_plain
from dlcourse.learner.store import FILE, note, read
from dlcourse.live.bets import bets, place
from dlcourse.live.widget import Predict

SOLVED = single_neuron.EXERCISES.exercises["border"].solution
LINES = Predict("How many of the four points can one line get right?", ("2 of 4", "3 of 4", "4 of 4"), answer="3 of 4")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A learner's folder with two lessons, in which the kernel runs."""
    for name in ("01_supervised_learning.ipynb", "02_single_neuron.ipynb"):
        shutil.copy(notebooks.folder() / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(notebooks.RECORD, raising=False)
    return tmp_path


def answer(text, name):
    space = {"np": __import__("numpy")}
    exec(text, space)
    return space[name]


def test_a_check_a_hint_a_solution_and_a_bet_are_noted(folder, capsys):
    single_neuron.check("border", answer("def border(p, q, yes):\n    return q - p, 0.0\n", "border"))
    single_neuron.hint("border")
    single_neuron.check("border", answer(SOLVED, "border"))
    single_neuron.solution("border")  # after it was solved: gives nothing away
    single_neuron.solution("parity")
    place(LINES, "4 of 4")
    place(LINES, "3 of 4")
    record = read(folder)
    entry = record.exercises["single_neuron"]["border"]
    assert (entry.tries, entry.hints, entry.saw_solution) == (2, 1, False) and entry.solved
    assert record.exercises["single_neuron"]["parity"].saw_solution
    assert (record.bets[LINES.question].choice, record.bets[LINES.question].answer) == ("4 of 4", "3 of 4")
    capsys.readouterr()
    assert main(["progress", str(folder)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].split() == ["lesson", "solved", "tries", "bets", "that", "came"]
    assert said[2].split() == ["02", "Single", "neuron", "1", "of", "3", "2", "0", "of", "1"]
    assert said[3] == "1 of 6 exercises solved. 1 bet placed, none came."
    page = progress(folder)._repr_html_()
    assert "value='1' max='3'" in page and "aria-label='1 of 3 exercises solved'" in page


def test_the_last_cell_of_a_lesson_shows_it_below_the_bets(folder, capsys):
    assert bets()._repr_html_() is None and "\n" not in repr(bets())
    single_neuron.check("border", answer(SOLVED, "border"))
    said, page = repr(bets()), bets()._repr_html_()
    assert said.endswith(repr(progress(folder))) and said.splitlines()[1] == ""
    assert page.startswith(f"<p>{said.splitlines()[0]}</p><table>") and page.endswith(
        "1 of 6 exercises solved. No bet placed.</p>"
    )


def test_an_untouched_lesson_leaves_no_file(folder, capsys):
    for lesson in (single_neuron, supervised_learning):
        for exercise in lesson.EXERCISES.exercises.values():
            lesson.check(exercise.name, answer(exercise.stub, exercise.function_name))
    assert "not attempted yet" in capsys.readouterr().out
    assert not (folder / FILE).exists()
    assert repr(progress(folder)).startswith("Nothing yet.")


@pytest.mark.parametrize("why", ["switched off", "no lessons here"])
def test_nothing_is_kept(folder, monkeypatch, capsys, why):
    if why == "switched off":
        monkeypatch.setenv(notebooks.RECORD, "off")
    else:
        for lesson in folder.glob("*.ipynb"):
            lesson.unlink()
    single_neuron.check("border", answer(SOLVED, "border"))
    assert not (folder / FILE).exists()
    assert repr(progress(folder)).startswith("No progress is kept here")


def test_where_it_is_switched_off_an_older_file_is_not_read(folder, monkeypatch):
    single_neuron.check("border", answer(SOLVED, "border"))
    assert progress(folder).begun
    monkeypatch.setenv(notebooks.RECORD, "off")
    assert not progress(folder).begun and repr(progress(folder)).startswith("No progress is kept here")


def test_every_lesson_says_what_it_asks():
    every = asked(notebooks.folder())
    assert len(every) == len(notebooks.lessons())
    for lesson in every:
        module = __import__(f"dlcourse.exercises.{lesson.module}", fromlist=["EXERCISES"])
        assert set(lesson.exercises) == set(module.EXERCISES.exercises), lesson.number
        assert len(lesson.questions) == len(module.BETS) and lesson.title, lesson.number


WRITER = """
import sys
from dlcourse.learner.store import note
for i in range(25):
    note(lambda record: record.checked("single_neuron", sys.argv[1], False))
    note(lambda record: record.checked("single_neuron", "both", False))
"""


def test_several_kernels_at_once_lose_nothing(folder):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, name], cwd=folder) for name in ("a", "b", "c")]
    threads = [
        threading.Thread(target=lambda: [note(lambda record: record.nudged("x", "y")) for _ in range(25)])
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    record = read(folder)
    tries = {name: entry.tries for name, entry in record.exercises["single_neuron"].items()}
    assert tries == {"a": 25, "b": 25, "c": 25, "both": 75}
    assert record.exercises["x"]["y"].hints == 50


def test_a_kernel_that_is_killed_while_it_writes_leaves_the_record_and_no_lock(folder):
    note(lambda record: record.checked("single_neuron", "border", True))
    held = "import os, signal\nfrom dlcourse.learner.store import note\nnote(lambda record: os.kill(os.getpid(), signal.SIGKILL))"
    assert subprocess.run([sys.executable, "-c", held], cwd=folder).returncode != 0
    note(lambda record: record.checked("single_neuron", "border", True))
    assert read(folder).exercises["single_neuron"]["border"].tries == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"version": "one"}', b"[" * 100_000])
def test_a_damaged_file_is_laid_beside_and_a_new_one_begun(folder, content):
    (folder / FILE).write_bytes(content)
    assert read(folder) == Record()
    note(lambda record: record.nudged("single_neuron", "border"))
    assert read(folder).exercises["single_neuron"]["border"].hints == 1
    (kept,) = folder.glob("dlcourse_progress_damaged_*.json")
    assert kept.read_bytes() == content


def test_the_file_of_a_later_version_is_left_alone(folder):
    later = json.dumps({"version": VERSION + 1, "something": "new"}).encode()
    (folder / FILE).write_bytes(later)
    note(lambda record: record.nudged("single_neuron", "border"))
    assert (folder / FILE).read_bytes() == later


def test_entries_that_are_not_understood_are_left_out_and_the_rest_is_shown():
    record = Record()
    record.checked("single_neuron", "border", True)
    record.placed("Up?", "yes", "no")
    plain = to_plain(record)
    assert from_plain(json.loads(json.dumps(plain))) == record
    plain["exercises"]["single_neuron"] |= {"gates": 3, "parity": {"tries": "many"}, "more": {"tries": True}}
    plain["exercises"]["odd"] = [1, 2]
    plain["bets"] |= {"Down?": {"answer": "no choice"}, "Left?": None}
    assert from_plain(plain) == record


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_disturbs_no_check(folder, capsys):
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        single_neuron.check("border", answer(SOLVED, "border"))
    finally:
        folder.chmod(stat.S_IRWXU)
    assert "right" in capsys.readouterr().out.lower()


def test_a_file_that_cannot_be_written_disturbs_no_check(folder, capsys):
    (folder / FILE).mkdir()
    single_neuron.check("border", answer(SOLVED, "border"))
    assert capsys.readouterr().out.startswith("border: ") and (folder / FILE).is_dir()
    assert "\n" not in repr(bets()) and repr(progress(folder)).startswith("Nothing yet.")  # nor what shows it


def test_running_a_lesson_for_its_author_is_no_learners_work(folder):
    lesson = folder / "02_single_neuron.ipynb"
    assert main(["check", str(lesson)]) == 0
    assert not (folder / FILE).exists()
