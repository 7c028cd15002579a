"""Lesson 05 in a real browser: blame walks back, a node is chosen and nudged, by mouse and by keyboard."""

from pathlib import Path

import pytest
from jupyter import wait_ready

from dlcourse.widgets.backpropagation import Blame, _places

pytestmark = pytest.mark.browser

LESSON = Path(__file__).parents[2] / "lessons" / "05_backpropagation.ipynb"


def test_a_clicked_weight_is_nudged_and_the_promise_is_tested(open_notebook):
    book = open_notebook(LESSON)
    book.run_all(timeout=120)
    widget, page = book.widgets().first, book.page
    wait_ready(widget)
    widget.get_by_role("button", name="0.28", exact=True).click()
    page.wait_for_function("(e) => !e.classList.contains('dlc-locked')", arg=widget.element_handle())
    sentence = widget.locator(".dlc-sentence")
    blame = Blame()
    x, y = _places(blame.graph, "wide")[blame.choose("w1").selected]
    canvas = widget.locator("canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": x / 7.2 * box["width"], "y": (1 - y / 3.9) * box["height"]})
    sentence.get_by_text("w₁ must go up by 0.09").wait_for()
    page.keyboard.press("Enter")
    sentence.get_by_text("The loss went down by 0.0974").wait_for()
    widget.get_by_role("button", name="Nudge all weights").click()
    sentence.get_by_text("The loss went down by 0.276").wait_for()
    widget.get_by_role("button", name="Take nudges back").click()
    canvas.focus()
    page.keyboard.press("ArrowRight")
    sentence.get_by_text("is data, not a weight").wait_for()
    assert book.errors() == [] and book.dlc_complaints() == []
