"""Lesson 14 in a real JupyterLab: bets are placed, runs are made by Play, a box is drawn, keys walk from run to run."""

from pathlib import Path

import pytest
from jupyter import answer, frame_of, opened, place, pull, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = Path(__file__).parents[2] / "lessons" / "14_hyperparameters.ipynb"
CELL = """from dlcourse.widgets import Sweep
Sweep()"""
RATES = (0.392, 0.143, 0.275, 0.663)
"""Left, bottom, width and height of the panel of learning rates, as shares of the picture."""


def choose(widget, name, option):
    widget.locator(f"[data-name={name}] select").select_option(option)


def play(widget, until):
    widget.get_by_role("button", name="Play", exact=True).click()
    says(widget, until)


def test_the_lesson_runs_and_its_questions_are_answered_by_the_widgets(open_notebook):
    book = open_notebook(LESSON)
    book.run_all(timeout=240)
    first, second, third = (book.widgets().nth(number) for number in range(3))
    wait_ready(first)
    assert first.get_by_role("button", name="Step", exact=True).is_disabled()
    says(first, "Grid, 9 of 9 runs made")
    answer(first, "about 100")
    says(first, "Random, 0 of 9 runs made")
    play(first, "9 learning rates and 9 widths tried")
    says(first, "To beat: grid, 87.4%")

    wait_ready(second)
    answer(second, "about 30")
    says(second, "Of the 60 runs planned, 1 has a rate below 0.01")

    wait_ready(third)
    says(third, "ten knobs is covered")
    answer(third, "about 60")
    says(third, "ten knobs 9")
    assert book.errors() == [] and book.dlc_complaints() == []


def test_steps_a_box_and_keys(open_notebook):
    book, page, widget = opened(open_notebook, [CELL])
    says(widget, "Grid, 9 of 9 runs made")
    choose(widget, "strategy", "random")
    says(widget, "Random, 0 of 9 runs made")
    widget.get_by_role("button", name="Step", exact=True).click()
    says(widget, "1 of 9 runs made")
    widget.get_by_role("button", name="Back", exact=True).click()
    says(widget, "0 of 9 runs made")
    play(widget, "9 of 9 runs made")

    before = frame_of(widget)
    pull(page, place(widget, 0.02, 0.02, RATES), place(widget, 0.98, 0.98, RATES))
    says(widget, "Lit by the box in learning rate: 9 runs")
    assert frame_of(widget) != before
    page.keyboard.press("ArrowRight")
    says(widget, "Lit: run 0")
    page.keyboard.press("ArrowRight")
    says(widget, "Lit: run 1")
    slider = widget.locator("[data-name=lowest] input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    says(widget, "0 of 9 runs made")
    widget.get_by_role("button", name="Reset", exact=True).click()
    says(widget, "Grid, 9 of 9 runs made")
    assert book.errors() == [] and book.dlc_complaints() == []


def test_in_a_narrow_window_the_panels_stand_below_the_curves(open_notebook):
    book, page, widget = opened(open_notebook, [CELL], width=420, dark=True)
    page.wait_for_function(
        "(c) => c.offsetHeight > c.offsetWidth", arg=widget.locator("canvas").element_handle(), timeout=20_000
    )
    assert widget.locator("canvas").bounding_box()["width"] <= 420
    assert book.errors() == []
