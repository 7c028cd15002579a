"""Answers that were written without a look at the hints: right ones in any style, and wrong ones with the mistake they have."""

import re

import pytest

from dlcourse.checking import diagnosis
from dlcourse.checking.exercise import Exercise
from tests.exercises.bank import answers
from tests.exercises.test_exercises import LESSONS

TABLE = [
    pytest.param(lesson, exercise, id=f"{lesson}-{exercise.name}")
    for lesson, all_ in LESSONS.items()
    for exercise in all_.exercises.values()
]


def unreadable(said: str) -> list[str]:
    """What of a message no learner should be shown."""
    pieces = re.findall(r"Traceback|\b0x[0-9a-fA-F]{5,}|\d{40,}|<function|object at|dlcourse/checking", said)
    return pieces + [line for line in said.split("\n") if len(line) > 800]


@pytest.mark.parametrize(("lesson", "exercise"), TABLE)
def test_a_right_answer_is_accepted_in_whatever_style(lesson: str, exercise: Exercise) -> None:
    right = [answer for answer in answers(lesson)[exercise.name] if answer.right]
    assert right or exercise.goal is not None  # what must be trained has its solution alone
    for answer in right:
        accepted, said = exercise.examine(answer.function(exercise))
        assert accepted, f"{answer.body}\n{said}"


@pytest.mark.parametrize(("lesson", "exercise"), TABLE)
def test_no_wrong_answer_is_accepted(lesson: str, exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    for search in ("_repair", "_break"):  # they take long, and nothing here is asked of what they find
        monkeypatch.setattr(diagnosis, search, lambda *_: None)
    for answer in answers(lesson)[exercise.name]:
        if not answer.right and not answer.words:
            accepted, said = exercise.examine(answer.function(exercise))
            assert not accepted, answer.body
            assert not unreadable(said), f"{answer.body}\n{said}"


@pytest.mark.parametrize(("lesson", "exercise"), TABLE)
def test_the_hint_names_the_mistake(lesson: str, exercise: Exercise) -> None:
    for answer in answers(lesson)[exercise.name]:
        if answer.words:
            accepted, said = exercise.examine(answer.function(exercise))
            assert not accepted, answer.body
            assert not unreadable(said), f"{answer.body}\n{said}"
            named = any(word.lower() in said.lower() for word in answer.words)
            assert named == answer.named, f"{answer.body}\n{answer.words}\n{said}"


def test_nine_of_ten_mistakes_are_named_and_each_lesson_has_a_dozen() -> None:
    bank = {lesson: [a for all_ in answers(lesson).values() for a in all_ if a.words] for lesson in LESSONS}
    every = [answer for all_ in bank.values() for answer in all_]
    named = sum(answer.named for answer in every)
    print(f"{named} of {len(every)} mistakes are named, {named / len(every):.1%}")
    assert named >= 0.9 * len(every)
    assert all(len(all_) >= 12 for lesson, all_ in bank.items() if lesson != "plain_neuron")
