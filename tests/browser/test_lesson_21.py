"""Lesson 21 in a real JupyterLab: bets are placed, and masks and epochs played to the answer."""

from pathlib import Path

import pytest
from jupyter import answer, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = Path(__file__).parents[2] / "lessons" / "21_dropout.ipynb"


def test_the_lesson_runs_and_its_questions_are_answered_by_the_widgets(open_notebook):
    book = open_notebook(LESSON)
    book.run_all(timeout=120)
    page = book.page
    bets = (
        (
            "clearly below the full network",
            "is covered until you have chosen",
            "on it, up to chance",
            "The 1000 masks answer 7",
        ),
        ("about half as many", "after 1 epoch", "about as many", "after 40 epochs"),
        ("about ten", "is covered until you have chosen", "all thirty", "The 30 masks answer 5 30×"),
    )
    for number, (bet, before, came, after) in enumerate(bets):
        widget = book.widgets().nth(number)
        wait_ready(widget)
        says(widget, before)
        answer(widget, bet)
        page.wait_for_function(
            "([e, text]) => e.innerText.includes(text)", arg=[widget.element_handle(), f"What came: {came}"]
        )
        if number < 2:
            widget.get_by_role("button", name="Play", exact=True).click()
        elif number == 2:
            widget.locator("[data-name=n] input[type=number]").fill("30")
            page.keyboard.press("Enter")
        says(widget, after, 60)
    assert book.errors() == [] and book.dlc_complaints() == []
