"""Lesson 09 in a real JupyterLab: a bet is made, models are tried one after another, tomorrow comes, hands and keys move the peeks."""

import pytest
from jupyter import answer, frame_of, opened, place, pull, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = "09_train_validate_test"
CELL = """from dlcourse.widgets import PeekCounter
PeekCounter(labels="coin flips", examples=20)"""
CURVE = (0.475, 0.155, 0.405, 0.72)
"""Left, bottom, width and height of the curves, as shares of the picture."""


def test_the_lesson_runs_and_its_questions_are_answered_by_the_widgets(run_lesson):
    book = run_lesson()
    page = book.page
    bets = (
        ("70 %", "The labels are coin flips", ("Over 64 deals: validation 68.", "tomorrow's 309 examples 49.")),
        ("better, but less than validation says", "Deal 1, 128 models tried", ("too hopeful by 5.",)),
    )
    for number, (bet, before, after) in enumerate(bets):
        widget = book.widgets().nth(number)
        wait_ready(widget)
        assert widget.get_by_role("button", name="Play", exact=True).is_disabled()
        answer(widget, bet)
        says(widget, before)
        if number == 0:  # the second bet goes there by itself
            says(widget, "What will tomorrow's data say?")
            widget.locator("[data-name=peeks] input[type=range]").focus()
            page.keyboard.press("End")
            says(widget, "128 models tried")
            widget.locator("[data-name=tomorrow] input").check()
        for text in after:
            says(widget, text)
    assert book.errors() == [] and book.dlc_complaints() == []


def test_peeks_by_play_by_hand_and_by_keys(open_notebook):
    book, page, widget = opened(open_notebook, [CELL])
    says(widget, "1 model tried")
    widget.get_by_role("button", name="Step", exact=True).click()
    says(widget, "2 models tried")
    widget.get_by_role("button", name="Back", exact=True).click()
    says(widget, "1 model tried")

    middle = place(widget, 0.5, 0.5, CURVE)
    page.mouse.click(*middle)
    says(widget, "11 models tried")  # half way to 128, counted in powers
    page.keyboard.press("ArrowRight")
    says(widget, "12 models tried")
    pull(page, middle, place(widget, 1.5, 0.5, CURVE))
    says(widget, "128 models tried")

    before = frame_of(widget)
    widget.get_by_role("button", name="Deal again", exact=True).click()
    says(widget, "Deal 2")
    assert frame_of(widget) != before
    widget.locator("[data-name=look] select").select_option(index=1)
    says(widget, "The best on test")
    widget.get_by_role("button", name="Reset", exact=True).click()
    says(widget, "Deal 1, 1 model tried")
    widget.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        "(e) => /, ([5-9]|[1-9][0-9]+) models tried/.test(e.innerText)",
        arg=widget.locator(".dlc-sentence").element_handle(),
    )
    widget.get_by_role("button", name="Pause", exact=True).click()
    assert book.errors() == [] and book.dlc_complaints() == []


def test_in_a_narrow_window_curves_and_bars_stand_below_each_other(open_notebook):
    book, page, widget = opened(open_notebook, [CELL], width=420, dark=True)
    page.wait_for_function(
        "(c) => c.offsetHeight > c.offsetWidth", arg=widget.locator("canvas").element_handle(), timeout=20_000
    )
    assert widget.locator("canvas").bounding_box()["width"] <= 420
    assert book.errors() == []
