"""Slips of one kind, made in every exercise where they can be made: each is named, whatever the exercise is about.

The slips are made by machine in the right answers of the exercises, so a new exercise is tried without being asked.
"""

import ast
import itertools
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from dlcourse.checking.advice import advise
from dlcourse.checking.comparing import same
from dlcourse.checking.edits.ranking import ranked
from dlcourse.checking.exercise import Exercise, changes
from dlcourse.checking.running import run
from tests.exercises.test_exercises import LESSONS, words

BANK = {f"{lesson}-{e.name}": e for lesson, all_ in LESSONS.items() for e in all_.exercises.values()}
CALCULATED = {name: e for name, e in BANK.items() if e.goal is None and e.inputs()[0]}


def with_slip(exercise: Exercise, kinds: str, fits: Callable[[Any], bool] = lambda edit: True) -> Iterator[str]:
    """The right answers of an exercise with one change of this kind each, as long as that makes them wrong."""
    for text in exercise.texts:
        module = ast.parse(text)
        for edit in ranked(module.body):
            if edit.kind in kinds.split(", ") and edit.places == 1 and fits(edit):
                with edit.applied():
                    code = ast.unparse(module)
                if is_wrong(exercise, code):
                    yield code


def is_wrong(exercise: Exercise, code: str) -> bool:
    """Whether it comes back with other numbers on some case, so that there is something to see."""
    pairs = zip(exercise.given_by(code), exercise.expected(), strict=True)
    return any(type(value) is not object and not same(value, right) for value, right in pairs)


def adds_up(edit: Any) -> bool:
    return isinstance(edit.old, ast.AugAssign)


def is_short(edit: Any) -> bool:
    return ast.unparse(edit.new).endswith("- 1)") and "- 1" not in ast.unparse(edit.old)


# The change of a right answer, which of its forms, and what must be said: the slip itself, or what it does.
KINDS = {
    "the return inside the loop": (
        "return behind",
        lambda edit: True,
        "return stands inside|return inside|first round",
    ),
    "= for +=": ("assign", adds_up, r"\+=|\*=|add up|[Aa]dd to|= replace|collect|last"),
    "brackets": ("brackets", lambda edit: True, "[Bb]rackets|parenthes|read as|before|belongs behind|binds"),
    "a loop one short": ("range", is_short, "one short|last|too early|missing|too few|too small|left out|leaves? "),
}
WHERE = [
    pytest.param(exercise, *KINDS[kind], id=f"{kind}, {name}")
    for kind in KINDS
    for name, exercise in CALCULATED.items()
    if kind == "brackets" or any("for " in text for text in exercise.texts)
]


@pytest.mark.parametrize(("exercise", "kinds", "fits", "said"), WHERE)
def test_a_slip_is_named_wherever_it_can_be_made(
    exercise: Exercise, kinds: str, fits: Callable[[Any], bool], said: str
) -> None:
    for code in itertools.islice(with_slip(exercise, kinds, fits), 1):
        right, hint = exercise.examine(exercise.function(code))
        assert not right
        assert re.search(said, hint), f"{code}\n{hint}"


def reordered(exercise: Exercise) -> str:
    """The solution with the first two of its arguments in the opposite order."""
    module = ast.parse(exercise.solution)
    arguments = next(n for n in module.body if isinstance(n, ast.FunctionDef) and n.name == exercise.function_name).args
    arguments.args[:2] = arguments.args[1::-1]
    return ast.unparse(module)


@pytest.mark.parametrize("name", [name for name, e in CALCULATED.items() if len(e.argument_names) > 1])
def test_arguments_in_another_order_are_told(name: str) -> None:
    exercise = CALCULATED[name]
    right, hint = exercise.examine(exercise.function(reordered(exercise)))
    if not right:
        assert "The arguments come in the order" in hint, hint


@pytest.mark.parametrize("name", CALCULATED)
def test_a_name_of_the_notebook_where_an_argument_belongs(name: str) -> None:
    exercise = CALCULATED[name]
    for k, argument in enumerate(exercise.argument_names):
        value = exercise.inputs()[0][k]
        if isinstance(value, np.ndarray) and f"    {argument} = " not in exercise.solution:
            head = re.compile(rf"(?<=[(\s]){argument}(?=[,)])")
            text = head.sub("mine", exercise.solution, count=1)
            function: Any = exercise.function(text)
            function.__globals__[argument] = value
            right, hint = exercise.examine(function)
            assert not right
            told = (f"reads {argument} from outside", f"`{argument}` stands where `mine` belongs")
            assert any(words in hint for words in told), f"{text}\n{hint}"
            return


class Failing:
    """An answer that raises on the first input; it has no text in which a slip could be looked for."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        self.answer = answer
        self.fresh = True

    def __call__(self, *args: Any) -> Any:
        if self.fresh:
            self.fresh = False
            raise ValueError("nothing to be done with these")
        return self.answer(*args)


@pytest.mark.parametrize("name", [name for name, e in CALCULATED.items() if len(e.inputs()) > 2])
def test_an_error_on_one_input_does_not_hide_what_the_others_tell(name: str) -> None:
    exercise = CALCULATED[name]
    for wrong in exercise.wrong:
        if wrong.hint:
            hint = exercise.examine(Failing(exercise.function(wrong.code)))[1]
            told = all(piece in hint for piece in words(wrong)) or "It is right only where" in hint
            assert told, f"{wrong.code}\n{hint}"
            assert "nothing to be done with these" in hint


PARTS = [name for name, e in CALCULATED.items() if len(e.parts) > 1 and e.measure is None and e.diagnose is None]


class Off:
    """An answer of which one result is wrong."""

    def __init__(self, answer: Callable[..., Any], place: int) -> None:
        self.answer = answer
        self.place = place

    def __call__(self, *args: Any) -> Any:
        return tuple(1.37 * part + 0.11 if i == self.place else part for i, part in enumerate(self.answer(*args)))


@pytest.mark.parametrize("name", PARTS)
def test_of_several_results_the_right_ones_are_told(name: str) -> None:
    exercise = CALCULATED[name]
    for k, part in enumerate(exercise.parts):
        right, hint = exercise.examine(Off(exercise.function(exercise.solution), k))
        others = [other for other in exercise.parts if other != part]
        assert not right
        assert all(other in hint.split(" right. ")[0] for other in others), hint


# An exercise, what to replace in its solution, what must be said of that, and what would mislead.
TOLD = {
    "a factor too much, not another one missing": (
        "learning_the_learning_rate-warm_cosine", (("np.cos(np.pi * share)", "np.cos(2 * np.pi * share / 1.0)"), ("(step - warm) / (", "1.0 * (step - warm) / (")),
        "whole wave|`2 \\*` is too much", "missing"),
    "a half too much": ("regularization-proximal", (("1 + lr * l2", "1 + lr * l2 / 2"),), "`/ 2` is too much in `lr \\* l2 / 2`", "missing"),
    "the number in a shape, not the array before it": (
        "it_doesnt_work_why-by_heart", (("x.T @ p / len(y)", "x.T @ p / x.shape[1]"),), "the number `1`", r"\.T is missing"),
    "a cure that helps one input alone": (
        "learning_the_learning_rate-averaged", (("hessian @ w + each", "hessian * w + each"),), "A product that adds up is @", "minimum"),
    "a loop in which one axis is too few": (
        "regularization-proximal", (("np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0)", "np.array([np.sign(x) * max(abs(x) - lr * l1, 0) for x in v])"),), "right only where v has one axis", "symmetric"),
    "a slip of another text": (
        "regularization-proximal", (("np.sign(v) * np.maximum(np.abs(v) - lr * l1, 0)", "(v - 0 * lr * l1)"),), "the step for L2 alone", "`np.abs"),
    "a search that ends early": ("softmax-honest", (("range(60)", "range(9)"),), "near on every input", "never"),
    "a return inside the loop": (
        "softmax-honest", (("            high = middle\n    return (low + high) / 2", "            high = middle\n        return middle"),), "return stands inside the loop", "stands where"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TOLD)
def test_what_was_done_is_told_and_not_what_would_look_alike(kind: str) -> None:
    name, replaced, said, misleading = TOLD[kind]
    exercise = BANK[name]
    right, hint = exercise.examine(exercise.function(changes(exercise.solution, *replaced)))
    assert not right
    assert re.search(said, hint), hint
    assert not re.search(misleading, hint), hint


# --- what errors mean --------------------------------------------------------------------------------------------------


def of_nan() -> None:
    np.random.default_rng(0).choice(2, p=[np.nan, 0.5])


def into_one_place() -> None:
    np.zeros(3)[0] = np.ones(3)


ADVICE = {
    "np.dot, not aligned": (lambda: np.dot(np.ones((2, 3)), np.ones((2, 3))), "the last axis of a must be as long as the first of b"),
    "@, not aligned": (lambda: np.ones((2, 3)) @ np.ones((2, 3)), "the last axis of a must be as long as the first of b"),
    "a sequence into one place": (into_one_place, "One place of an array holds one number"),
    "the truth of an array": (lambda: bool(np.ones(3) > 0), "has one for each entry"),
    "max(0, z)": (lambda: max(0, np.ones(3)), "np.maximum"),
    "np.max(z, 3)": (lambda: np.max(np.ones(3), 3), "np.maximum(a, b) compares two arrays"),
    "NaN among probabilities": (of_nan, "comes from 0 / 0 or from inf / inf"),
    "not broadcast": (lambda: np.ones(3) + np.ones(2), "aligned at their last axes"),
    "a loop that runs too far": (lambda: np.ones(3)[3], "the last one of n is n − 1"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ADVICE)
def test_the_usual_errors_of_numpy_have_their_advice(kind: str) -> None:
    program, said = ADVICE[kind]
    outcome = run(program, [()], 2).outcomes[0]
    assert outcome.error
    assert said in outcome.advice, f"{outcome.error}\n{outcome.advice}"


def test_every_advice_of_a_maximum_names_what_compares_entry_by_entry() -> None:
    for name, value in BANK.items():
        if "np.maximum" in value.solution:
            for wrong in ("max({})", "np.max({})"):
                text = re.sub(
                    r"np\.maximum\(((?:[^()]|\([^()]*\))*)\)", lambda m, w=wrong: w.format(m[1]), value.solution
                )
                right, hint = value.examine(value.function(text))
                assert not right
                assert "np.maximum" in hint, f"{name}\n{text}\n{hint}"


# --- how a check is called ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_check_understands_its_two_in_either_order_and_any_spelling(
    lesson: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bank = LESSONS[lesson]
    for exercise in bank.exercises.values():
        stub = exercise.function(exercise.stub)
        for two in [
            (exercise.name, stub), (stub, exercise.name), (exercise.name.upper(), stub), (exercise.name.title(), stub),
            (exercise.function_name, stub), (stub, exercise.name.replace("_", " ")), (exercise.name.replace("_", "-"), stub),
        ]:  # fmt: skip
            bank.check(*two)
            assert capsys.readouterr().out.startswith(f"{exercise.name}: not attempted yet."), two


def test_what_a_learner_has_written_stands_in_a_hint_as_it_is() -> None:
    shapes = BANK["tensors-shapes"]
    text = shapes.solution.replace("(4, 3)", '"a @ b {yours} {expected} {call}"')
    hint = shapes.examine(shapes.function(text))[1]
    assert "a @ b {yours} {expected} {call}" in hint
    raised = "def neuron(x, w, b):\n    raise ValueError('a @ b {yours} @ {}')\n"
    neuron = BANK["plain_neuron-neuron"]
    assert "a @ b {yours} @ {}" in neuron.examine(neuron.function(raised))[1]


def test_advice_is_silent_about_the_messages_of_the_course() -> None:
    from dlcourse.errors import ShapeError

    with warnings.catch_warnings():
        assert advise(ShapeError("not aligned")) == ""
