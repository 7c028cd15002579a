"""Exercises with other numbers: stub, solution and hints hold the new number, and the original's answer is told so."""

import importlib
import pkgutil
import re
from functools import cache

import pytest

import dlcourse.exercises
from dlcourse import notebooks
from dlcourse.checking.comparing import same

LESSONS = {
    info.name: importlib.import_module(f"dlcourse.exercises.{info.name}").EXERCISES
    for info in pkgutil.iter_modules(dlcourse.exercises.__path__)
}
VARIED = [
    pytest.param(lesson, exercise, number, id=f"{lesson}-{exercise.name}-{number[0]}")
    for lesson, exercises in LESSONS.items()
    for exercise in exercises.exercises.values()
    if exercise.varies
    for number in exercise.varies.others
]


@cache
def markdown(lesson):
    """What the lesson says between its cells."""
    (path,) = [path for path in notebooks.lessons() if path.stem.partition("_")[2] == lesson]
    return tuple(cell.source for cell in notebooks.read("test", path).cells if cell.cell_type == "markdown")


def another(exercise, number):
    """The exercise with this number, as some seed would give it."""
    return next(
        one
        for one in (exercise.varied(f"{seed}") for seed in range(60))
        if exercise.varies.put(exercise.solution, number) == one.solution
    )


@pytest.mark.parametrize(("lesson", "exercise", "number"), VARIED)
def test_the_new_solution_is_right_the_stub_is_not_attempted_and_the_original_is_told_which_number(
    lesson, exercise, number
):
    new = another(exercise, number)
    right, said = new.examine(new.function(new.solution))
    assert right, said
    right, said = new.examine(new.function(new.stub))
    assert not right and said.startswith("not attempted yet"), said
    if number == exercise.varies.others[0]:  # the first one stands for the others: each takes a second
        right, said = new.examine(new.function(exercise.solution))
        told = f"That is right where {exercise.varies.what} is {exercise.varies.given}. Here it is {number[0]}."
        assert not right and told in said, said


@pytest.mark.parametrize(("lesson", "exercise", "number"), VARIED)
def test_other_styles_are_right_too_and_what_is_read_has_the_new_number(lesson, exercise, number):
    new = another(exercise, number)
    for text in new.texts[1:]:
        right, said = new.examine(new.function(text))
        assert right, f"{text}\n{said}"
    assert number[0] in new.stub.split('"""')[1] and new.name == exercise.name
    assert new.stub.split('"""')[1] == new.solution.split('"""')[1]
    assert max(map(len, new.stub.splitlines())) <= 96
    texts = (exercise.solution, exercise.stub, *exercise.others, *exercise.hints, exercise.praise)
    wrongs = [text for wrong in exercise.wrong for text in (wrong.code, wrong.hint)]
    for old, _ in exercise.varies.pieces:
        assert any(old in text for text in (*texts, *wrongs, *markdown(lesson))), old
    assert all("{" not in re.sub(r"\{(call|yours|expected)\}", "", hint) for hint in new.hints)


@pytest.mark.parametrize(("lesson", "exercise", "number"), VARIED)
def test_what_is_wrong_is_wrong_with_the_new_number_too(lesson, exercise, number):
    new = another(exercise, number)
    for wrong in new.wrong:
        if wrong.shows.startswith("changed its argument"):  # and gives the right numbers
            continue
        pairs = zip(new.given_by(wrong.code), new.expected(), new.inputs(), strict=True)
        looked = [same(given, right) and not new.looked_at(given, case) for given, right, case in pairs]
        assert not all(looked), wrong.code
