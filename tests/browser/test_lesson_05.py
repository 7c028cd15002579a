"""Lesson 05 in a real browser: blame walks back, a node is chosen and nudged, by mouse and by keyboard."""

from pathlib import Path

import pytest
from jupyter import answer, opened, place, wait_ready

from dlcourse.widgets import Blame
from dlcourse.widgets.backpropagation.layout import places

pytestmark = pytest.mark.browser

LESSON = Path(__file__).parents[2] / "lessons" / "05_backpropagation.ipynb"


def test_a_clicked_weight_is_nudged_and_the_promise_is_tested(open_notebook):
    book, page, widget = opened(open_notebook, LESSON, timeout=120)
    widget = book.widgets().nth(2)
    wait_ready(widget)
    answer(widget, "less than 0.29")
    sentence = widget.locator(".dlc-sentence")
    blame = Blame()
    x, y = places(blame.graph, "wide")[blame.choose("w1").selected]
    page.mouse.click(*place(widget, x / 7.2, y / 4.4))
    sentence.get_by_text("w₁ must go up by 0.09").wait_for()
    page.keyboard.press("Enter")
    sentence.get_by_text("The loss went down by 0.0974").wait_for()
    widget.get_by_role("button", name="Nudge all weights").click()
    sentence.get_by_text("The loss went down by 0.276").wait_for()
    widget.get_by_role("button", name="Take nudges back").click()
    widget.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    sentence.get_by_text("is data, not a weight").wait_for()
    assert book.errors() == [] and book.dlc_complaints() == []
