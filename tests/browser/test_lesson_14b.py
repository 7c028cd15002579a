"""Lesson 14b in a real JupyterLab: halving is played, and bets uncover which knob mattered and what a winner is worth."""

from pathlib import Path

import pytest
from jupyter import answer, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = Path(__file__).parents[2] / "lessons" / "14b_best_of_sixty.ipynb"


def test_the_lesson_runs_and_its_questions_are_answered_by_the_widgets(open_notebook):
    book = open_notebook(LESSON)
    book.run_all(timeout=240)
    halving, knobs, own, winner = (book.widgets().nth(number) for number in range(4))
    wait_ready(halving)
    says(halving, "Random, 27 of 27 runs made, 243 epochs in all")
    answer(halving, "more than 7 in 10")
    says(halving, "Halving, 0 of 39 runs made")
    halving.get_by_role("button", name="Play", exact=True).click()
    says(halving, "39 of 39 runs made")
    says(halving, "81 epochs in all")

    wait_ready(knobs)
    says(knobs, "learning rate is covered")
    answer(knobs, "learning rate")
    says(knobs, "scaled or not 5")

    wait_ready(own)
    says(own, "Your sweep, 60 runs")
    own.locator("canvas").focus()
    book.page.keyboard.press("ArrowRight")
    says(own, "Lit: run 0")

    wait_ready(winner)
    says(winner, "100 more is covered")
    answer(winner, "about 50")
    says(winner, "as high)")
    assert book.errors() == [] and book.dlc_complaints() == []
