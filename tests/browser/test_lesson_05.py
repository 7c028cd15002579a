"""Lesson 05 in a real browser: blame walks back, a node is chosen and nudged, by mouse and by keyboard."""

import pytest
from jupyter import answer, place, wait_ready

from dlcourse.widgets import Blame
from dlcourse.widgets.backpropagation.layout import places

pytestmark = pytest.mark.browser

LESSON = "05_backpropagation"


def test_a_clicked_weight_is_nudged_and_the_promise_is_tested(run_lesson):
    book = run_lesson()
    page, widget = book.page, book.widgets().nth(2)
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
