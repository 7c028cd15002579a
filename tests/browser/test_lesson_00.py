"""Lesson 00 in a real JupyterLab: a digit is drawn with the mouse and by keys, and the lesson's own network reads it."""

import pytest
from jupyter import place, wait_ready
from test_lessons import settled, unlock

pytestmark = pytest.mark.browser

LESSON = "00_start_here"
SEVEN = [(0.10, 0.30), (0.30, 0.30), (0.14, 0.80)]  # fractions of the canvas, inside the pad
NARROW_SEVEN = [(0.25, 0.15), (0.75, 0.15), (0.40, 0.50)]


def lesson(run_lesson, **settings):
    book = run_lesson(**settings)
    widget = book.widgets().first
    wait_ready(widget)
    return book, book.page, widget


def clear(page, widget):
    unlock(widget)
    widget.get_by_role("button", name="Clear", exact=True).click()
    assert "The pad is empty" in settled(widget)[1]


def stroke(page, widget, points):
    at = [place(widget, across, 1 - down) for across, down in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=12)
    page.mouse.up()


def test_nothing_can_be_drawn_before_the_question_is_answered(run_lesson):
    book, page, widget = lesson(run_lesson)
    stroke(page, widget, SEVEN)
    assert "On the pad: a real 7 (number 1). The network says 7" in settled(widget)[1]
    clear(page, widget)
    stroke(page, widget, SEVEN)
    assert "The network says" in settled(widget)[1]


@pytest.mark.parametrize("settings, points", [({}, SEVEN), ({"width": 430, "dark": True}, NARROW_SEVEN)])
def test_a_seven_drawn_with_the_mouse_is_read(run_lesson, settings, points):
    book, page, widget = lesson(run_lesson, **settings)
    clear(page, widget)
    stroke(page, widget, points)
    _, sentence = settled(widget)
    assert "1 stroke." in sentence and "The network says 7" in sentence
    widget.get_by_role("button", name="Undo stroke").click()
    assert "The pad is empty" in settled(widget)[1]
    assert book.errors() == [] and book.dlc_complaints() == []


def test_a_seven_drawn_with_keys_is_read(run_lesson):
    book, page, widget = lesson(run_lesson)
    clear(page, widget)
    widget.locator("canvas").focus()
    press = page.keyboard.press
    for key in [*["ArrowLeft"] * 6, "Space", *["ArrowRight"] * 12]:
        press(key)
    for _ in range(8):
        for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
            press(key)
    press("Space")
    assert "The network says 7" in settled(widget)[1]
    press("Delete")
    assert "The pad is empty" in settled(widget)[1]


def test_code_shows_the_strokes(run_lesson):
    book, page, widget = lesson(run_lesson)
    clear(page, widget)
    stroke(page, widget, SEVEN)
    settled(widget)
    widget.get_by_role("button", name="Code", exact=True).click()
    code = widget.locator(".dlc-code pre")
    page.wait_for_function("(e) => e.textContent.includes('strokes = ((')", arg=code.element_handle())
    assert "dl.predict(model, picture[None])" in code.inner_text()
