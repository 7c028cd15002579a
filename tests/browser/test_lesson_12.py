"""Lesson 12 in a real JupyterLab: a word is typed, the curves come after the answer, a network learns to write names."""

import pytest
from jupyter import frame_of, opened, place, pull, says
from test_lessons import changes, settled

pytestmark = pytest.mark.browser

ASKED = """from dlcourse.widgets import Unroll
from dlcourse.live.widget import Predict
Unroll(covered=True, read=1).show(predict=Predict("?", ("about 1", "a few hundredths")))"""
WORD = """from dlcourse.widgets import Unroll
Unroll(below="state", read=1)"""
WRITER = """from dlcourse.widgets import NameWriter
NameWriter(words="elements")"""
LOWER = (0.165, 0.5 / 4.6, 0.735, 1.4 / 4.6)  # left, bottom, width, height of Unroll's lower picture
BARS = (0.065, 1 - 3.62 / 4.0, 0.49, 1.15 / 4.0)


def test_the_curves_come_after_the_answer_and_follow_the_mouse(open_notebook):
    book, page, widget = opened(open_notebook, [ASKED], timeout=90)
    says(widget, "stays hidden until you have made your choice")
    covered = frame_of(widget)
    widget.get_by_role("button", name="a few hundredths", exact=True).click()
    says(widget, "29 letters later, at the end: RNN 0.04")
    assert changes(page, lambda: frame_of(widget) != covered)
    start = place(widget, 2 / 3, 0.5, LOWER)
    page.mouse.click(*start)
    says(widget, "10 letters later")
    pull(page, start, place(widget, 1 / 3, 0.5, LOWER))
    says(widget, "20 letters later")
    gate = widget.get_by_role("spinbutton", name="LSTM, GRU: bias of the keeping gate")
    gate.fill("5")
    gate.press("Enter")
    says(widget, "gates: bias 5")
    assert book.errors() == [] and book.dlc_complaints() == []


@pytest.mark.parametrize("settings", [{}, {"width": 430, "dark": True}])
def test_a_word_is_typed_and_read_with_keys(open_notebook, settings):
    book, page, widget = opened(open_notebook, [WORD], timeout=90, **settings)
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


def test_names_are_learned_and_begun_by_mouse_and_keys(open_notebook):
    book, page, widget = opened(open_notebook, [WRITER], timeout=90)
    says(widget, "has not learned anything yet")
    widget.get_by_role("button", name="Play", exact=True).click()
    says(widget, "updates, a bigram table")
    widget.get_by_role("button", name="Pause", exact=True).click()
    settled(page, widget)
    page.mouse.click(*place(widget, (0.7 + 2) / 28.4, 0.1, BARS))  # the c
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
