"""Lesson 18b in a real JupyterLab: bets on the finder are settled, a rate is pulled along its curve, and a training is played."""

import pytest
from jupyter import answer, frame_of, place, pull, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = "18b_learning_the_learning_rate"
FINDER = (0.55 / 7.2, 2.5 / 4.5, 3.6 / 7.2, 1.5 / 4.5)
"""Left, bottom, width and height of the finder, as shares of the picture."""


def test_the_lesson_runs_bets_are_settled_and_a_rate_is_chosen_and_trained_with(run_lesson):
    book = run_lesson()
    page = book.page
    for number, (bet, after) in enumerate(
        (
            ("about twice the least", " of 2.4. Of 26 rates 0.063 leaves least"),
            ("at the same rate", "400 steps of the finder: the curve falls most steeply around 0.0064"),
            ("about 0.3", "it leaves 0.088 of 2.4"),
        )
    ):
        widget = book.widgets().nth(number)
        wait_ready(widget)
        says(widget, "What it leaves is covered")
        answer(widget, bet)
        says(widget, after)
        if number:
            continue
        yours = place(widget, 3.9 / 5, 0.25, FINDER)  # the first click brings the keyboard
        page.mouse.click(*yours)
        pull(page, yours, place(widget, 2.8 / 5, 0.5, FINDER))
        says(widget, "You chose 0.0631. After 96 updates it leaves 0.13")
        page.keyboard.press("ArrowRight")
        says(widget, "You chose 0.0794")
        widget.locator("[data-name=update] input[type=range]").focus()
        page.keyboard.press("Home")
        says(widget, "Play trains with it")
        before = frame_of(widget)
        widget.get_by_role("button", name="Play", exact=True).click()
        says(widget, "After 96 updates it leaves")
        assert frame_of(widget) != before
    tricks = book.widgets().nth(3)
    wait_ready(tricks)
    says(tricks, "Covered until you have chosen")
    answer(tricks, "momentum")
    page.wait_for_function(
        "([e, text]) => e.innerText.includes(text)", arg=[tricks.element_handle(), "What came: centre"]
    )
    assert book.errors() == [] and book.dlc_complaints() == []
