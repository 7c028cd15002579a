"""Lesson 21 in a real JupyterLab: four bets, masks drawn by Play, by hand and by keys, and another p."""

import pytest
from jupyter import answer, place, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = "21_dropout"
COURSE = (5.6 / 7.2, 0.55 / 4.0, 1.4 / 7.2, 2.55 / 4.0)
"""Left, bottom, width and height of the course of the mean, as shares of the picture."""


def test_the_lesson_runs_and_its_questions_are_answered_by_the_widgets(run_lesson):
    book = run_lesson()
    page = book.page
    bets = (
        (
            "clearly below the full network",
            "is covered until you have chosen",
            "on it, up to chance",
            "The 1000 masks answer 999× 7",
        ),
        ("about half as many", "after 1 epoch", "about as many", "after 40 epochs"),
        ("about ten", "is covered until you have chosen", "all thirty", "The 30 masks answer 30× 5"),
        ("nearly all", "Covered until you have chosen", "a few more", ""),
    )
    for number, (bet, before, came, after) in enumerate(bets):
        widget = book.widgets().nth(number)
        wait_ready(widget)
        says(widget, before)
        answer(widget, bet)
        page.wait_for_function(
            "([e, text]) => e.innerText.includes(text)", arg=[widget.element_handle(), f"What came: {came}"]
        )
        if number == 1:
            widget.get_by_role("button", name="Play", exact=True).click()
        elif number in (0, 2):
            widget.locator("[data-name=n] input[type=number]").fill(("1000", "", "30")[number])
            page.keyboard.press("Enter")
        says(widget, after, 60)

    widget = book.widgets().first
    middle = place(widget, 0.5, 0.5, COURSE)
    page.mouse.click(*middle)  # the first click brings the keyboard
    page.mouse.click(*middle)
    says(widget, "Mask 32 leaves")
    page.keyboard.press("ArrowRight")
    says(widget, "Mask 33 leaves")
    page.keyboard.press("ArrowUp")
    says(widget, "Mask 33 leaves 47")
    widget.get_by_role("button", name="New masks", exact=True).click()
    widget.locator("[data-name=look] select").select_option("shares")
    says(widget, "the share of the 7")
    assert book.errors() == [] and book.dlc_complaints() == []
