"""Every lesson with the solution of each exercise written in: what a solution can reach runs, and every check says right.

A cell that mentions nothing of what the solutions define, nor of what was made with them, does what it does without them,
and the test of the notebooks as they are has run it. It runs here only if such a cell needs what it makes.
"""

import builtins
import importlib
import re
import symtable
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


def names_in(source: str) -> tuple[set[str], set[str], set[str]]:
    """The notebook's names that a cell mentions (also within its functions), those that it makes, and what it imports."""
    whole = symtable.symtable(source, "cell", "exec")
    imported = {name.get_name() for name in whole.get_symbols() if name.is_imported()}
    mentioned = {name.get_name() for name in whole.get_symbols()} - imported
    made = {name.get_name() for name in whole.get_symbols() if name.is_assigned() or name.is_namespace()} - imported
    inner = whole.get_children()
    while inner:
        part = inner.pop()
        inner += part.get_children()
        mentioned |= {name.get_name() for name in part.get_symbols() if name.is_global()}
    return mentioned, made, imported


def within_reach(sources: list[str], solutions: set[int]) -> set[int]:
    """The cells that solutions can reach, and those that make or change what these need; all that import."""
    cells = [names_in(source) for source in sources]
    free = set(dir(builtins)).union(*(imported for *_, imported in cells))
    runs = solutions | {number for number, (*_, imported) in enumerate(cells) if imported}
    reached: set[str] = set().union(*(cells[number][1] for number in solutions))
    before = 0
    while len(runs) > before:
        before = len(runs)
        for number, (mentioned, made, _) in enumerate(cells):
            if mentioned & reached:
                runs.add(number)
                reached |= made
        needed = set().union(*(cells[number][0] for number in runs)) - free
        runs |= {number for number, (mentioned, *_) in enumerate(cells) if mentioned & needed}
    return runs


def test_what_a_solution_can_reach_is_found() -> None:
    cells = [
        "import numpy as np",
        "data = [1]",
        "def helper(x):\n    return x + len(data)",
        "def solved(x):\n    scale = 2\n    return scale * x",
        "assert helper(solved(1))",
        "data.append(2)",
        "scale = 3",
        "made = [solved(x) for x in range(3)]",
        "print(max(made))",
        "def later():\n    return made",
        "print(np.pi, scale)",
    ]
    assert within_reach(cells, {3}) == {0, 1, 2, 3, 4, 5, 7, 8, 9}
    assert within_reach(cells[:4], {3}) == {0, 3}


def test_there_are_lessons() -> None:
    assert LESSONS, f"no notebook in {FOLDER}"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_solution_works_in_its_lesson(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(notebooks.RECORD, "off")  # these are nobody's answers
    notebook = nbformat.read(path, as_version=4)
    lesson = exercises_of(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    solutions = set()
    for exercise in lesson.exercises.values():
        places = [number for number, cell in enumerate(code) if cell.source.strip() == exercise.stub.strip()]
        assert len(places) == 1, f"{path.name}: {len(places)} cells hold exactly the stub of {exercise.name}"
        code[places[0]].source = exercise.solution
        solutions.update(places)
    runs = within_reach([cell.source for cell in code], solutions)
    notebook.cells = [cell for number, cell in enumerate(code) if number in runs]
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}}).execute()
    printed = "".join(o.get("text", "") for cell in notebook.cells for o in cell.outputs)
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
