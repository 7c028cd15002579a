"""Lesson 19 in a real JupyterLab: the bets are settled, the score is played back, and a flower is dragged by hand and by keys."""

import pytest
from jupyter import answer, place, pull, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = "19_losses"
CURVES = (0.45 / 7.2, 2.3 / 4.4, 2.75 / 7.2, 1.5 / 4.4)
PLANE = (0.45 / 7.2, 0.5 / 3.9, 3.6 / 7.2, 3.1 / 3.9)
"""Left, bottom, width and height of the axes, as shares of the picture."""


def test_all_bets_are_settled_and_scores_and_flowers_move(run_lesson):
    book = run_lesson()
    page, explorer, flowers = book.page, book.widgets().nth(0), book.widgets().nth(1)
    wait_ready(explorer)
    says(explorer, "The slopes stay covered until you have made your choice")
    answer(explorer, "about 20")
    explorer.get_by_text("What came: about 200. Your bet was: about 20.").wait_for()
    says(explorer, "squared error 0.995, slope at the score −0.0049")
    explorer.get_by_role("button", name="Play", exact=True).click()
    says(explorer, "past 0 after 7 steps")
    explorer.get_by_role("button", name="Pause", exact=True).click()
    explorer.locator("[data-name=steps] input[type=range]").focus()
    page.keyboard.press("End")
    says(explorer, "past 0 after 214 steps")
    explorer.locator("[data-name=beside] select").select_option("hinge")
    says(explorer, "hinge 7.00")
    page.mouse.click(*place(explorer, 0.5, 0.2, CURVES))  # the first click brings the keyboard
    page.mouse.click(*place(explorer, 0.5, 0.2, CURVES))
    says(explorer, "A score of 0.0")
    page.keyboard.press("ArrowDown")
    says(explorer, "The truth is yes in 9 of 10")

    wait_ready(flowers)
    says(flowers, "absolute error 0.41 x − 0.33, 1.99 at the flower")
    answer(flowers, "not at all")
    flowers.get_by_text("It was your bet that came: not at all.").wait_for()
    says(flowers, "typed as 7.3 cm wide")
    says(flowers, "absolute error 0.41 x − 0.33, 1.99 at the flower")
    middle = place(flowers, 5.7 / 8, 5 / 9, PLANE)
    page.mouse.click(*middle)
    pull(page, middle, place(flowers, 5.7 / 8, 1 / 9, PLANE))
    says(flowers, "typed as 0.0 cm wide")
    page.keyboard.press("ArrowUp")
    says(flowers, "typed as 0.1 cm wide")

    for number, came in ((2, "1"), (4, "more than 50")):
        measured = book.widgets().nth(number)
        wait_ready(measured)
        answer(measured, came)
        measured.get_by_text(f"It was your bet that came: {came}.").wait_for()
    assert book.errors() == [] and book.dlc_complaints() == []
