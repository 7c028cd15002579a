"""Lesson 12 in a real JupyterLab: a word is typed, the curves come after the answer, a network learns to write names."""

import pytest
from jupyter import frame_of, says, wait_ready
from test_lessons import changes, settled

pytestmark = pytest.mark.browser

ASKED = """from dlcourse.widgets import Unroll
from dlcourse.widgets.widget import Predict
Unroll(covered=True, read=1).show(predict=Predict("?", ("about 1", "a few hundredths")))"""
WORD = """from dlcourse.widgets import Unroll
Unroll(below="state", read=1)"""
WRITER = """from dlcourse.widgets import NameWriter
NameWriter(words="elements")"""
LOWER = (0.165, 0.5 / 4.6, 0.735, 1.4 / 4.6)  # left, bottom, width, height of Unroll's lower picture
BARS = (0.065, 1 - 3.62 / 4.0, 0.49, 1.15 / 4.0)


def place(widget, axes, across, up=0.5):
    """Screen position of a place in a picture, as shares of its width and height."""
    widget.locator("canvas").scroll_into_view_if_needed()
    left, bottom, width, height = axes
    box = widget.locator("canvas").bounding_box()
    return box["x"] + (left + across * width) * box["width"], box["y"] + (1 - bottom - up * height) * box["height"]


@pytest.fixture
def opened(open_notebook):
    def open_it(cell, **settings):
        book = open_notebook([cell], **settings)
        book.run_all(timeout=90)
        widget = book.widgets().first
        wait_ready(widget)
        return book, widget

    return open_it


def test_the_curves_come_after_the_answer_and_follow_the_mouse(opened):
    book, widget = opened(ASKED)
    page = book.page
    says(widget, "stays hidden until you have made your choice")
    covered = frame_of(widget)
    widget.get_by_role("button", name="a few hundredths", exact=True).click()
    says(widget, "29 letters later, at the end: RNN 0.04")
    assert changes(page, lambda: frame_of(widget) != covered)
    page.mouse.click(*place(widget, LOWER, 2 / 3))
    says(widget, "10 letters later")
    page.mouse.down()
    page.mouse.move(*place(widget, LOWER, 1 / 3), steps=4)
    page.mouse.up()
    says(widget, "20 letters later")
    gate = widget.get_by_role("spinbutton", name="LSTM, GRU: bias of the keeping gate")
    gate.fill("5")
    gate.press("Enter")
    says(widget, "gates: bias 5")
    assert book.errors() == [] and book.dlc_complaints() == []


@pytest.mark.parametrize("settings", [{}, {"width": 430, "dark": True}])
def test_a_word_is_typed_and_read_with_keys(opened, settings):
    book, widget = opened(WORD, **settings)
    page = book.page
    widget.locator("canvas").focus()
    for key in ("Delete", "o", "n", "ArrowRight"):
        page.keyboard.press(key)
    says(widget, "has read 2 of 30 letters, “on”")
    on, _ = settled(page, widget)
    for key in ("Delete", "n", "o", "ArrowRight"):
        page.keyboard.press(key)
    says(widget, "has read 2 of 30 letters, “no”")
    assert settled(page, widget)[0] != on
    page.keyboard.press("Backspace")
    says(widget, "“nn”")
    widget.get_by_role("button", name="Play", exact=True).click()
    says(widget, "has read 30 of 30")
    assert book.errors() == [] and book.dlc_complaints() == []


def test_names_are_learned_and_begun_by_mouse_and_keys(opened):
    book, widget = opened(WRITER)
    page = book.page
    says(widget, "has not learned anything yet")
    widget.get_by_role("button", name="Play", exact=True).click()
    says(widget, "updates, a bigram table")
    widget.get_by_role("button", name="Pause", exact=True).click()
    settled(page, widget)
    page.mouse.click(*place(widget, BARS, (0.7 + 2) / 28.4, 0.1))  # the c
    says(widget, "The likeliest letter after “c”")
    widget.locator("canvas").focus()
    page.keyboard.press("a")
    says(widget, "The likeliest letter after “ca”")
    page.keyboard.press("Delete")
    says(widget, "The likeliest letter at the beginning")
    _, before = settled(page, widget)
    page.keyboard.press("Enter")
    assert changes(page, lambda: widget.locator(".dlc-sentence").inner_text() != before)
    slider = widget.get_by_role("spinbutton", name="temperature")
    slider.fill("0.2")
    slider.press("Enter")
    says(widget, "At temperature 0.2 it writes")
    assert book.errors() == [] and book.dlc_complaints() == []
