"""Lesson 23b in a real JupyterLab: bets are settled, neurons go by hand along the curve, Play makes the step longer."""

import pytest
from jupyter import answer, place, says, wait_ready

from dlcourse.widgets import Prune

pytestmark = pytest.mark.browser

LESSON = "23b_how_firm"
CURVE = (3.75 / Prune.size[0], 0.5 / Prune.size[1], 2.15 / Prune.size[0], 2.96 / Prune.size[1])
"""Left, bottom, width and height of the curve of the neurons that go, as shares of the widget's."""


def test_bets_are_settled_neurons_go_and_a_small_step_grows(run_lesson):
    book = run_lesson(timeout=180)
    prune, step, near, agree = (book.widgets().nth(number) for number in range(4))
    wait_ready(prune)
    answer(prune, "as many as before")
    says(prune, "without 64 of its 128 hidden neurons")
    for _ in range(2):  # the first click only brings the keyboard
        book.page.mouse.click(*place(prune, 0.75, 0.5, CURVE))
    says(prune, "without 96 of its 128 hidden neurons")
    says(near, "by hidden neurons eight 8s")
    answer(agree, "about half")
    agree.get_by_text("It was your bet that came: about half.").wait_for()
    answer(step, "about half")
    says(step, "and against it 47.8 %")
    step.get_by_role("button", name="Play", exact=True).click()
    says(step, "After a step of 0.30 for each pixel")
    assert book.errors() == [] and book.dlc_complaints() == []
