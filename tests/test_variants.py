"""`dlcourse variants`: the same seed gives the same folder, other seeds give other numbers, and nothing is written over."""

import filecmp
import re

import nbformat
import pytest

from dlcourse import notebooks
from dlcourse.cli import main
from dlcourse.cli.copying import copy_lessons
from dlcourse.exercises import egg_carton, finding_the_weights
from dlcourse.grading.cells import cells_of
from dlcourse.grading.taking_out import seed_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("variants") / "row 1"
    assert main(["variants", str(made), "--seed", "7"]) == 0
    return made


@pytest.fixture
def others():
    """The exercises of lesson 04b with the numbers of seed 7, put back afterwards."""
    egg_carton.EXERCISES.vary(7)
    yield egg_carton.EXERCISES.exercises
    egg_carton.EXERCISES.exercises = egg_carton.EXERCISES.with_seed(None)


def files_in(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(folder, tmp_path, capsys):
    for seed in ("7", "8"):
        assert main(["variants", str(tmp_path / seed), "--seed", seed]) == 0
    same, different, failed = filecmp.cmpfiles(folder, tmp_path / "7", files_in(folder), shallow=False)
    assert not different and not failed and files_in(folder) == files_in(tmp_path / "7")
    _, different, _ = filecmp.cmpfiles(folder, tmp_path / "8", files_in(folder), shallow=False)
    assert len(different) > 20
    said = capsys.readouterr().out
    assert int(re.match(r"(\d+) exercises with the numbers of seed 7", said)[1]) >= 20


def test_every_notebook_is_valid_and_names_its_seed_in_its_import_cell(folder):
    for path in notebooks.lessons(folder):
        book = nbformat.read(path, as_version=4)
        nbformat.validate(book)
        assert sum("ex.EXERCISES.vary(7)" in cell.source for cell in book.cells if cell.cell_type == "code") == 1
        assert seed_of(cells_of(path.read_bytes())) == 7
        assert seed_of(cells_of((notebooks.folder() / path.name).read_bytes())) is None


def test_each_stub_that_varies_stands_in_its_lesson_once_and_the_original_not_at_all(folder):
    varied = 0
    for path in notebooks.lessons(folder):
        lesson = __import__(f"dlcourse.exercises.{path.stem.partition('_')[2]}", fromlist=["EXERCISES"]).EXERCISES
        sources = [cell.source.strip() for cell in nbformat.read(path, as_version=4).cells]
        for name, exercise in lesson.with_seed(7).items():
            assert sources.count(exercise.stub.strip()) == 1, name
            if lesson.with_seed(None)[name] is not exercise:
                varied += 1
                assert lesson.with_seed(None)[name].stub.strip() not in sources
    assert varied >= 20


def test_the_text_above_has_the_number_too(folder, others):
    (book,) = [nbformat.read(path, as_version=4) for path in folder.glob("04b_*.ipynb")]
    (text,) = [cell.source for cell in book.cells if "**1. How many balls?**" in cell.source]
    assert f"is the chance {others['balls_needed'].number[0]} that one finds" in text


def test_check_hint_and_solution_know_the_number(others, capsys):
    exercise = others["balls_needed"]
    egg_carton.check("balls_needed", exercise.function(exercise.stub))
    egg_carton.check("balls_needed", exercise.function(exercise.solution))
    egg_carton.check("balls_needed", exercise.function(egg_carton.EXERCISES.with_seed(None)["balls_needed"].solution))
    egg_carton.solution("balls_needed")
    said = capsys.readouterr().out
    assert re.search(r"not attempted yet.*\n.*: right, on all \d+ inputs", said)
    assert f"That is right where the chance is 1/2. Here it is {exercise.number[0]}." in said
    assert f"    {exercise.number[0]} or more?" in said


def test_nothing_that_exists_is_written_over(folder, tmp_path, capsys):
    before = {path: (folder / path).read_bytes() for path in files_in(folder)}
    assert main(["variants", str(folder), "--seed", "8"]) == 2
    assert {path: (folder / path).read_bytes() for path in files_in(folder)} == before
    mine = tmp_path / "24_beyond.ipynb"
    mine.write_text("mine")
    assert main(["variants", str(tmp_path), "--seed", "8"]) == 2
    assert files_in(tmp_path) == [mine.relative_to(tmp_path)] and mine.read_text() == "mine"
    assert "exists, and nothing was written" in capsys.readouterr().err


def test_dlcourse_lab_leaves_them_as_they_are(folder):
    before = {path: (folder / path).read_bytes() for path in files_in(folder)}
    assert copy_lessons(notebooks.folder(), folder) == []
    assert {path: (folder / path).read_bytes() for path in files_in(folder)} == before


@pytest.mark.parametrize("seed", ["-1", "1.5", "seven", ""])
def test_a_seed_is_a_whole_number(tmp_path, seed, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["variants", str(tmp_path / "new"), f"--seed={seed}"])
    assert ended.value.code == 2 and "is not a whole number" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_seed_changes_no_other_lesson_and_can_be_taken_back(others):
    assert finding_the_weights.EXERCISES.exercises is finding_the_weights.EXERCISES.with_seed(None)
    assert others["way_out"] is egg_carton.EXERCISES.with_seed(None)["way_out"], "nothing varies in it"
