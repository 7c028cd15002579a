"""Lesson 23 in a real JupyterLab: bets are settled, a pixel is inked by hand, the cover is moved by keys."""

import pytest
from jupyter import answer, place, says, wait_ready

from dlcourse.widgets import WhyItWorks

pytestmark = pytest.mark.browser

LESSON = "23_it_works_why"
ACROSS, UP = WhyItWorks.size
PICTURE = (0.15 / ACROSS, 1.05 / UP, 2.1 / ACROSS, 2.1 / UP)
"""Left, bottom, width and height of the picture's axes, as shares of the widget's."""


def test_bets_are_settled_and_dust_is_wiped_off(run_lesson):
    book = run_lesson(timeout=180)
    page = book.page
    dust, trial, labels = (book.widgets().nth(number) for number in range(3))
    wait_ready(dust)
    says(dust, "The map on the right is covered.")
    answer(dust, "about half")
    dust.get_by_text("What came: more than nine in ten.").wait_for()
    says(dust, "with no specks, A reads 97.8 % and B 93.9 %")
    dust.locator("[data-name=speck] select").select_option(label="its own")
    says(dust, "and B 100 %")
    for _ in range(2):  # the first click only brings the keyboard
        page.mouse.click(*place(dust, 0.5 / 8, 0.5 / 8, PICTURE))
    says(dust, "1 of its pixels changed by hand")
    page.keyboard.press("ArrowRight")
    says(dust, "The cover lies on row 8, column 2.")

    answer(trial, "about 0.9")
    trial.get_by_text("It was your bet that came: about 0.9.").wait_for()
    answer(labels, "after about 110")
    labels.get_by_text("It was your bet that came: after about 110.").wait_for()
    assert book.errors() == [] and book.dlc_complaints() == []
