"""Lessons 12 and 12b in a real JupyterLab: a word is typed, the curves come after the answer, a network learns to write names."""

import pytest
from jupyter import answer, frame_of, opened, place, pull, says, wait_ready
from test_lessons import changes, settled

from dlcourse.widgets import Gates
from dlcourse.widgets.recurrent.gates.layout import HEIGHT, strips

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
    on, _ = settled(widget)
    for key in ("Delete", "n", "o", "ArrowRight"):
        page.keyboard.press(key)
    says(widget, "has read 2 of 30 letters, “no”")
    assert settled(widget)[0] != on
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
    settled(widget)
    page.mouse.click(*place(widget, (0.7 + 2) / 28.4, 0.1, BARS))  # the c
    says(widget, "The likeliest letter after “c”")
    widget.locator("canvas").focus()
    page.keyboard.press("a")
    says(widget, "The likeliest letter after “ca”")
    page.keyboard.press("Delete")
    says(widget, "The likeliest letter at the beginning")
    _, before = settled(widget)
    page.keyboard.press("Enter")
    assert changes(page, lambda: widget.locator(".dlc-sentence").inner_text() != before)
    slider = widget.get_by_role("spinbutton", name="temperature")
    slider.fill("0.2")
    slider.press("Enter")
    says(widget, "At temperature 0.2 it writes")
    assert book.errors() == [] and book.dlc_complaints() == []


BETS = {
    "12_recurrent": [
        (0, "all the same", "letters read, “a”", "What came: different at first, then they settle."),
        (1, "a few hundredths", "RNN 0.04", "It was your bet that came"),
        (3, "about 0.23, as before", "The largest number in the memory is 0.032", "What came: about 0.03, a seventh."),
    ],
    "12b_writing_names": [
        (0, "about as new as before", "At temperature 0.2 it writes", "What came: alike, and many of them real."),
        (1, "noise", "has not learned anything yet", "What came: real names of elements, mostly."),
    ],
}


@pytest.mark.parametrize("lesson", BETS)
def test_each_bet_of_the_lesson_is_open_and_gets_settled(run_lesson, lesson):
    book = run_lesson(timeout=180)
    for number, choice, text, came in BETS[lesson]:
        widget = book.widgets().nth(number)
        wait_ready(widget)
        assert came not in widget.inner_text()
        answer(widget, choice)
        says(widget, text.replace("letters read, “a”", "of 30 letters, “a”"))
        assert came in widget.inner_text()
    if lesson.startswith("12b"):
        for _ in range(4):
            widget.get_by_role("button", name="Step", exact=True).click()
        says(widget, "after 80 updates")
    assert book.errors() == [] and book.dlc_complaints() == []


@pytest.mark.parametrize("settings", [{}, {"width": 430, "dark": True}])
def test_numbers_of_the_memory_are_chosen_by_mouse_and_keys(open_notebook, settings):
    cell = "from dlcourse.widgets import Gates\nGates(read=5)"
    book, page, widget = opened(open_notebook, [cell], timeout=90, **settings)
    across, up = Gates.narrow_size if settings else Gates.size
    x, y = strips("LSTM", narrow=bool(settings))["keep"]
    page.mouse.click(*place(widget, x / across, (y + HEIGHT * (1 - 2.5 / 16)) / up))
    widget.locator("canvas").focus()
    page.mouse.click(*place(widget, x / across, (y + HEIGHT * (1 - 2.5 / 16)) / up))
    says(widget, "Number 3: c =")
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    says(widget, "Number 4: c =")
    says(widget, "has read 6 of 30")
    widget.get_by_role("button", name="Play", exact=True).click()
    says(widget, "has read 30 of 30")
    assert book.errors() == []
