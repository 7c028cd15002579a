"""The review questions: each has an answer that its lesson confirms, and says no number that its lesson does not."""

import ast
import importlib
import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import notebooks
from dlcourse.reviews.question import lessons
from dlcourse.widgets import NeuronExplorer

LESSONS = lessons()
RNG = np.random.default_rng(0)
each = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.module)
every_question = pytest.mark.parametrize(
    ("lesson", "question"),
    [(lesson, question) for lesson in LESSONS for question in lesson.questions],
    ids=lambda one: getattr(one, "module", "") or one.name,
)


@cache
def notebook(lesson):
    return notebooks.read("test", notebooks.folder() / lesson.file)


@cache
def bets(lesson):
    """The lesson's bets by their names in BETS: question, choices, answer."""
    known = importlib.import_module(f"dlcourse.exercises.{lesson.module}").BETS
    placed = {}
    for cell in notebook(lesson).cells:
        for node in ast.walk(ast.parse(cell.source)) if cell.cell_type == "code" else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Predict":
                named = {keyword.arg: keyword.value for keyword in node.keywords}
                name = ast.literal_eval(named.get("answer", node.args[-1]).slice)
                placed[name] = (*(ast.literal_eval(one) for one in node.args[:2]), known[name])
    return placed


@cache
def told(lesson):
    """All that a lesson says: its cells, what they gave, and the sentences of its pictures."""
    parts = []
    for cell in notebook(lesson).cells:
        if cell.get("id") == "review":
            continue
        parts.append(cell.source)
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get("image/png", {})
            parts += [output.get("text", ""), output.get("data", {}).get("text/plain", ""), about.get("alt", "")]
    return "\n".join(parts).replace("\u202f", " ").replace("\xa0", " ").replace("\\", "")


@each
def test_a_lesson_has_three_questions_or_more_and_its_own_title(lesson):
    assert notebook(lesson).cells[0].source.startswith(f"# {lesson.number} · {lesson.title}\n")
    assert len(lesson.questions) >= 3 and len({question.name for question in lesson.questions}) == len(lesson.questions)
    assert set(bets(lesson)) <= {question.name for question in lesson.questions}, "every bet is asked again"


@every_question
def test_its_answer_is_the_bets_which_the_bets_own_test_guards_or_is_computed_below(lesson, question):
    if question.name in bets(lesson):
        assert (question.asks, question.choices, question.answer) == bets(lesson)[question.name]
    else:
        assert (lesson.module, question.name) in COMPUTED


@every_question
def test_it_reads_well_and_gives_nothing_away(lesson, question):
    assert 2 <= len(question.choices) <= 5 and Counter(question.choices)[question.answer] == 1
    assert 30 <= len(question.context) <= 330 and 30 <= len(question.why) <= 200
    assert question.context.endswith((".", "?", ":", "…", "aaaa…")) and question.why.endswith(".")
    spoken = f"{question.context} {question.why}"
    assert not re.search(r"\b(simply|obviously|trivial|clearly|just|of course)\b|!", spoken, re.IGNORECASE)
    if question.answer.lower() in question.context.lower() and not question.answer.replace(".", "").isdigit():
        assert all(choice.split()[0].lower() in question.context.lower() for choice in question.choices)


@every_question
def test_each_of_its_numbers_stands_in_its_lesson(lesson, question):
    said = " ".join((question.context, question.why)).rstrip(".")
    for number in re.findall(r"\d{1,3}(?: \d{3})+|\d+(?:\.\d+)?", said):
        digits = re.escape(number).replace(r"\ ", "[ ,]?")
        assert re.search(rf"(?<![\d.]){digits}(?!\d)", told(lesson)), number


def printed(module, text):
    """Whether a cell of the lesson prints this; nbval holds it against what the cell gives."""
    (lesson,) = [one for one in LESSONS if one.module == module]
    return any(text in output.get("text", "") for cell in notebook(lesson).cells for output in cell.get("outputs", []))


def right(**at):
    state = NeuronExplorer(w1=1.0, w2=1.0, data="AND", **at)
    return "gets 4 of 4 AND points right" in state.describe(state.compute())


def test_nothing_adds_up_to_1_too():
    model = dl.Sequential(dl.Dense(64, 128, activation=dl.relu, rng=RNG), dl.Dense(128, 10, rng=RNG))
    assert dl.softmax(model(np.zeros((1, 64)))).numpy().sum() == pytest.approx(1)
    assert answer("start_here", "nothing") == "1, as always"


COMPUTED = {
    ("start_here", "nothing"): lambda: "1, as always",
    ("single_neuron", "gate"): lambda: "−1.5" if right(b=-1.5) and not right(b=0.5) else "",
    ("sgd_and_minibatch", "a step of all"): lambda: (
        "2.11, the same" if printed("sgd_and_minibatch", "after 8 steps: 2.11 with B = 64, 2.11 with B = 1024") else ""
    ),
    ("learning_a_new_representation", "nearest"): lambda: (
        "about as many"
        if printed("learning_a_new_representation", "nearest neighbour on pixels      : all 98.9%")
        and printed("learning_a_new_representation", "nearest neighbour on hidden layer: all 98.6%")
        else ""
    ),
    ("tensors", "mean"): lambda: str(np.zeros((427, 640, 3)).mean(axis=(0, 1)).shape),
    ("fully_connected", "parameters"): lambda: (
        f"{sum(p.size for p in dl.Dense(64, 32, rng=RNG).parameters()):,}".replace(",", " ")
    ),
    ("writing_names", "too large"): lambda: overflow(),
    ("convolutional", "stride"): lambda: "{} × {} pixels".format(*strided()),
}
"""The questions that are no bets of their lesson, and what gives their answers."""


def answer(module, name):
    return next(q.answer for lesson in LESSONS if lesson.module == module for q in lesson.questions if q.name == name)


def overflow():
    logits = np.array([900.0, 899.0, 0.0])
    probabilities = dl.softmax(logits).numpy()
    powers = {
        "take the largest logit away from all": np.exp(logits - logits.max()),
        "divide all logits by the largest": np.exp(logits / logits.max()),
        "leave out all logits above 88": np.exp(np.where(logits > 88, -np.inf, logits)),
    }
    (same,) = [what for what, power in powers.items() if np.allclose(power / power.sum(), probabilities)]
    return same


def strided():
    layer = dl.Conv2D(1, 1, 3, stride=2, rng=RNG)
    return layer(np.zeros((1, 106, 160, 1))).shape[1:3]


@pytest.mark.parametrize(("module", "name"), COMPUTED)
def test_what_is_no_bet_is_computed(module, name):
    assert COMPUTED[module, name]() == answer(module, name)


def test_the_largest_measurement_of_lesson_07s_flower_is_its_fourth():
    assert any("flower = irises.x[120]" in cell.source for cell in notebook(LESSONS[8]).cells)
    (irises,) = dl.data.standardize(dl.data.iris())
    assert abs(irises.x[120]).argmax() == 3 and answer("when_things_get_intense", "flower") == "from x₄"


def test_a_file_of_questions_belongs_to_a_lesson():
    folder = Path(importlib.import_module("dlcourse.reviews.questions").__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == {lesson.module for lesson in LESSONS}
