"""Every lesson with the solution of each exercise written in: it runs to its end and every check says right."""

import importlib
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from dlcourse import notebooks
from dlcourse.checking.exercise import Lesson

FOLDER = Path(__file__).parents[1] / "lessons"
LESSONS = notebooks.lessons(FOLDER)


def exercises_of(path: Path) -> Lesson:
    lesson: Lesson = importlib.import_module(f"dlcourse.exercises.{path.stem.split('_', 1)[1]}").EXERCISES
    return lesson


def test_there_are_lessons() -> None:
    assert LESSONS, f"no notebook in {FOLDER}"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_solution_works_in_its_lesson(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(notebooks.RECORD, "off")  # these are nobody's answers
    notebook = nbformat.read(path, as_version=4)
    lesson = exercises_of(path)
    for exercise in lesson.exercises.values():
        cells = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip() == exercise.stub.strip()]
        assert len(cells) == 1, f"{path.name}: {len(cells)} cells hold exactly the stub of {exercise.name}"
        cells[0].source = exercise.solution
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}}).execute()
    printed = "".join(o.get("text", "") for c in notebook.cells if c.cell_type == "code" for o in c.outputs)
    for name in lesson.exercises:
        assert re.search(rf"^{name}: right(, on all \d+ inputs)?\.", printed, re.MULTILINE), (
            f"{path.name}: no check says that {name} is right"
        )


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_stored_lesson_shows_each_exercise_as_not_attempted(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    printed = "".join(o.get("text", "") for c in notebook.cells if c.cell_type == "code" for o in c.outputs)
    for name in exercises_of(path).exercises:
        assert f"{name}: not attempted yet." in printed
