"""Every exercise: its solution is right, its stub is not attempted yet, and each wrong answer gets a hint of its own."""

import contextlib
import importlib
import io
import pkgutil
import re

import pytest

import dlcourse.exercises
from dlcourse.checking.exercise import Exercise, Lesson, Wrong
from tests.exercises import plain_neuron

FRAMEWORK = {"comparing", "exercise", "judging", "running"}
LESSONS: dict[str, Lesson] = {
    info.name: importlib.import_module(f"dlcourse.exercises.{info.name}").EXERCISES
    for info in pkgutil.iter_modules(dlcourse.exercises.__path__)
    if info.name not in FRAMEWORK
}
LESSONS["plain_neuron"] = plain_neuron.EXERCISES  # no lesson asks for it
TABLE = [pytest.param(e, id=f"{lesson}-{e.name}") for lesson, all_ in LESSONS.items() for e in all_.exercises.values()]


def words(wrong: Wrong) -> list[str]:
    """The constant pieces of a hint: what stands between the numbers."""
    text = wrong.hint or wrong.shows
    for name in ("{call}", "{yours}", "{expected}"):
        text = text.replace(name, "\0")
    return [piece for piece in text.split("\0") if piece]


@pytest.mark.parametrize("exercise", TABLE)
def test_the_solution_is_right(exercise: Exercise) -> None:
    right, said = exercise.examine(exercise.function(exercise.solution))
    assert right, said
    assert re.match(r"right(, on all \d+ inputs)?\.", said), said


@pytest.mark.parametrize("exercise", TABLE)
def test_the_stub_is_not_attempted_yet(exercise: Exercise) -> None:
    right, said = exercise.examine(exercise.function(exercise.stub))
    assert not right
    assert said == f'not attempted yet. ex.hint("{exercise.name}") gives a nudge.'


@pytest.mark.parametrize("exercise", TABLE)
def test_a_stub_with_another_docstring_and_a_comment_is_still_not_attempted(exercise: Exercise) -> None:
    _, said = exercise.examine(exercise.function("# mine\n" + exercise.stub.replace('"""', '"""Mine. ', 1)))
    assert said.startswith("not attempted yet.")


@pytest.mark.parametrize("exercise", TABLE)
def test_four_wrong_answers_or_more_and_each_gets_a_hint_of_its_own(exercise: Exercise) -> None:
    hints = []
    for wrong in exercise.wrong:
        right, said = exercise.examine(exercise.function(wrong.code))
        assert not right, wrong.code
        assert all(piece in said for piece in words(wrong)), f"{wrong.code}\n{said}"
        hints.append(said)
    assert len(hints) >= 4
    assert len(set(hints)) == len(hints)
    assert all(bool(wrong.hint) != bool(wrong.shows) for wrong in exercise.wrong)


@pytest.mark.parametrize("exercise", TABLE)
def test_hints_are_graded_and_end_with_the_way_to_the_solution(exercise: Exercise) -> None:
    lesson = Lesson([exercise])
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for _ in range(len(exercise.hints) + 1):
            lesson.hint(exercise.name)
        lesson.solution(exercise.name)
    text = printed.getvalue()
    assert len(exercise.hints) >= 2
    assert f"{exercise.name}, hint 1 of {len(exercise.hints)}: {exercise.hints[0]}" in text
    assert text.count(f'ex.solution("{exercise.name}") shows an answer.') == 2
    assert exercise.solution in text


@pytest.mark.parametrize("exercise", TABLE)
def test_texts_have_the_course_voice(exercise: Exercise) -> None:
    texts = [*exercise.hints, exercise.praise, *(wrong.hint for wrong in exercise.wrong)]
    for text in texts:
        assert "!" not in text.replace("!=", ""), text
        for word in ("simply", "obviously", " just ", "easy to see", "Error: invalid"):
            assert word not in text, text
        assert not re.search(r"\b(is|are) asked\b(?! for| of)|\b[Oo]ne (row|column|number) an? (?!time)", text), text
