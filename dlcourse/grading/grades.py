"""Who solved what: each exercise of a notebook, and which hint an answer got that is not right."""

from __future__ import annotations

import functools
import importlib
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dlcourse import notebooks
from dlcourse.checking.exercise import Exercise, Lesson
from dlcourse.errors import CourseError
from dlcourse.grading.cells import Cell, cells_of
from dlcourse.grading.handed_in import HandedIn
from dlcourse.grading.sandbox import OUTPUT, Ended, Sandbox
from dlcourse.grading.taking_out import (
    Piece,
    Taken,
    is_stub,
    lessons_imported,
    pieces_of,
    seed_of,
    take_out,
    written_in_vain,
)
from dlcourse.learner.record import Record

__all__ = ["COULD_NOT", "NOT_ATTEMPTED", "NOT_SOLVED", "SOLVED", "Row", "grade"]

SOLVED, NOT_ATTEMPTED, NOT_SOLVED, COULD_NOT = "solved", "not attempted", "not solved", "could not be run"
_START = 30  # seconds for all that is not the answer's own time: Python, the package, the search for the hint
_STATEMENTS = 20  # seconds for what the answer needs from other cells


@dataclass(frozen=True)
class Row:
    """One exercise of one learner.

    Attributes
    ----------
    learner, file : str
    lesson : str
        Number and name, such as "02 single_neuron".
    exercise : str
    result : str
        One of SOLVED, NOT_ATTEMPTED, NOT_SOLVED and COULD_NOT.
    hint : str
        What the check said, or why it could not be run.
    tries : int or None
        How often the learner has checked it, where the record of their progress was handed in.
    """

    learner: str
    file: str
    lesson: str = ""
    exercise: str = ""
    result: str = COULD_NOT
    hint: str = ""
    tries: int | None = None


@functools.cache
def _lessons() -> dict[str, str]:
    """The numbers of the lessons, by the names of their modules."""
    return {path.stem.partition("_")[2]: notebooks.number(path) for path in notebooks.lessons()}


def _exercises(lesson: str, seed: int | None = None) -> dict[str, Exercise]:
    exercises: Lesson = importlib.import_module(f"dlcourse.exercises.{lesson}").EXERCISES
    return exercises.with_seed(seed)


def grade(work: HandedIn, sandbox: Sandbox) -> Iterator[Row]:
    """The rows of one notebook, in the order of the lesson."""
    try:
        cells = cells_of(work.read())
    except (CourseError, OSError) as error:
        yield Row(work.learner, work.file, hint=str(error))
        return
    pieces = pieces_of(cells)
    lessons = _of_which_lessons(cells, pieces)
    if not lessons:
        why = "No exercises of a lesson are imported in it (from dlcourse.exercises import …)."
        yield Row(work.learner, work.file, hint=why)
    record, seed = work.record(), seed_of(cells)
    for lesson in lessons:
        for exercise in _exercises(lesson, seed).values():
            result, hint = _graded(lesson, exercise, seed, cells, pieces, sandbox)
            name = f"{_lessons()[lesson]} {lesson}"
            yield Row(work.learner, work.file, name, exercise.name, result, hint, _tries(record, lesson, exercise.name))


def _of_which_lessons(cells: Sequence[Cell], pieces: Sequence[Piece]) -> list[str]:
    """The lessons that are imported; if none is, the one of whose functions most are defined."""
    imported = [name for name in lessons_imported(cells) if name in _lessons()]
    if imported:
        return imported
    given = {name for piece in pieces for name in piece.gives}
    counts = {
        lesson: sum(exercise.function_name in given for exercise in _exercises(lesson).values())
        for lesson in _lessons()
    }
    best = max(counts, key=lambda lesson: counts[lesson])
    return [best] if counts[best] else []


def _tries(record: Record, lesson: str, exercise: str) -> int | None:
    entry = record.exercises.get(lesson, {}).get(exercise)
    return None if entry is None else entry.tries


def _graded(
    lesson: str, exercise: Exercise, seed: int | None, cells: Sequence[Cell], pieces: Sequence[Piece], sandbox: Sandbox
) -> tuple[str, str]:
    """The result of one exercise, and what is said of it."""
    taken = take_out(exercise.name, exercise.function_name, cells, pieces)
    if taken is None or is_stub(taken, exercise.stub):
        broken = written_in_vain(exercise.function_name, cells)
        if broken is not None:
            return COULD_NOT, f"{broken.name} is not Python: {broken.error}"
        return NOT_ATTEMPTED, f"There is no function {exercise.function_name}." if taken is None else ""
    word = f"{secrets.token_hex(16)} "
    job = json.dumps({**_job(taken, cells), "lesson": lesson, "exercise": exercise.name, "seed": seed, "word": word,
                      "patience": sandbox.patience, "limits": sandbox.limits})  # fmt: skip
    ended = sandbox.run(job.encode(), _START + _STATEMENTS + 2 * exercise.seconds * sandbox.patience)
    return _read(ended, word)


def _job(taken: Taken, cells: Sequence[Cell]) -> dict[str, Any]:
    """What `inside` needs of the notebook: of each cell that has a piece, its text and which statements."""
    used = sorted({piece.cell for piece in taken.pieces})
    return {
        "name": taken.name,
        "root": [used.index(taken.root.cell), taken.root.number],
        "cells": [
            {
                "name": cells[cell].name,
                "text": cells[cell].text,
                "statements": [piece.number for piece in taken.pieces if piece.cell == cell],
            }
            for cell in used
        ],
    }


def _read(ended: Ended, word: str) -> tuple[str, str]:
    """The result that stands in the output, behind the word."""
    _, told, rest = ended.output.decode(errors="replace").rpartition(f"\n{word}")
    try:
        result = json.loads(rest.partition("\n")[0]) if told else {}
    except ValueError:
        result = {}
    if "broken" in result:
        return COULD_NOT, str(result["broken"])
    if "right" in result:
        if result["untouched"]:
            return NOT_ATTEMPTED, ""
        return (SOLVED, "") if result["right"] is True else (NOT_SOLVED, str(result["said"]))
    if len(ended.output) >= OUTPUT:
        return COULD_NOT, f"it writes more than {OUTPUT // 1_000_000} MB"
    return COULD_NOT, ended.why or "it ended the program before the check was through"
