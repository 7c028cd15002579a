"""Lesson 17 in a real JupyterLab: bets on the first weights, training that does and does not, a layer chosen by hand and by keys."""

import pytest
from jupyter import answer, frame_of, opened, place, pull, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = "17_initializations"
CELL = """from dlcourse.widgets import InitExplorer
InitExplorer(weights="LeCun", activation="ReLU", depth=50, layer=50)"""
SPREAD = (0.62 / 7.2, 0.62 / 4.0, 3.05 / 7.2, 2.25 / 4.0)
"""Left, bottom, width and height of the spreads, as shares of the picture."""


def play(widget):
    widget.get_by_role("button", name="Play", exact=True).click()


def test_the_lesson_runs_and_its_questions_are_answered_by_the_widgets(run_lesson):
    book = run_lesson()
    page = book.page
    for number, (bet, came) in enumerate(
        (("about 9 in 10", "about 3 in 10"), ("about a half", "about a thirty-millionth"), ("about 5 in 10", "1 in 10"))
    ):
        widget = book.widgets().nth(number)
        wait_ready(widget)
        assert widget.get_by_role("button", name="Play", exact=True).is_disabled()
        if number == 1:
            says(widget, "stays covered until you have made your choice")
        answer(widget, bet)
        page.wait_for_function(
            "([e, text]) => e.innerText.includes(text)", arg=[widget.element_handle(), f"What came: {came}"]
        )
        if number == 1:
            says(widget, "1.9·10⁻⁸ in layer 50")
            continue
        play(widget)
        says(widget, "After 300 updates", 120)
        says(widget, "it reads 27% of 300" if number == 0 else "it reads 10% of 300")
    assert book.errors() == [] and book.dlc_complaints() == []


def test_layers_by_hand_and_by_keys_and_scales_by_the_slider(open_notebook):
    book, page, widget = opened(open_notebook, [CELL])
    says(widget, "Layer 50:")
    middle = place(widget, 0.5, 0.8, SPREAD)
    page.mouse.click(*middle)  # the first click brings the keyboard
    page.mouse.click(*middle)
    says(widget, "Layer 25:")
    page.keyboard.press("ArrowRight")
    says(widget, "Layer 26:")
    pull(page, middle, place(widget, 1.4, 0.8, SPREAD))
    says(widget, "Layer 50:")

    widget.locator("[data-name=weights] select").select_option("He")
    says(widget, "multiplies the spread by 1.00")
    before = frame_of(widget)
    widget.locator("[data-name=scale] input[type=range]").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    says(widget, "He weights times 0.8")
    says(widget, "multiplies the spread by 0.80")
    assert frame_of(widget) != before
    widget.get_by_role("button", name="Step", exact=True).click()
    says(widget, "Before its 2 updates the loss was")
    widget.get_by_role("button", name="Untrained", exact=True).click()
    says(widget, "not trained yet")
    assert book.errors() == [] and book.dlc_complaints() == []


def test_in_a_narrow_window_the_panels_stand_below_each_other(open_notebook):
    book, page, widget = opened(open_notebook, [CELL], width=420, dark=True)
    page.wait_for_function(
        "(c) => c.offsetHeight > c.offsetWidth", arg=widget.locator("canvas").element_handle(), timeout=20_000
    )
    assert widget.locator("canvas").bounding_box()["width"] <= 420
    assert book.errors() == []
