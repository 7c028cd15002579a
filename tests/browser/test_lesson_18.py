"""Lesson 18 in a real JupyterLab: bets are placed, a ball rolls, paths are kept, starts are clicked, the map is walked."""

import pytest
from jupyter import answer, frame_of, opened, place, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = "18_optimizers"
RACE = """from dlcourse.widgets import OptimizerRace
OptimizerRace(lr=1.98, steps=150)"""
MAP = """from dlcourse.widgets import MomentumMap
MomentumMap(momentum=0.9)"""
SURFACE = (0.4 / 7.2, 0.72 / 4.0, 4.0 / 7.2, 3.0 / 4.0)
"""Left, bottom, width and height of the surface, as shares of the picture."""


def test_the_lesson_runs_and_its_questions_are_answered_by_the_widgets(run_lesson):
    book = run_lesson()
    bets = (
        ("about 75", "The path is covered", "In the ring for good from step 41 on"),
        ("0.9", "The map is covered", "Fastest on the map: 44 steps"),
        ("explodes", "The path is covered", "In the ring for good from step 43 on"),
    )
    for number, (bet, before, after) in enumerate(bets):
        widget = book.widgets().nth(number)
        wait_ready(widget)
        says(widget, before)
        answer(widget, bet)
        says(widget, after)
    assert book.errors() == [] and book.dlc_complaints() == []


def test_a_path_is_kept_and_another_one_played(open_notebook):
    book, page, widget = opened(open_notebook, [RACE])
    says(widget, "from step 146 on")
    widget.get_by_role("button", name="Keep this path", exact=True).click()
    says(widget, "after 0 steps")
    says(widget, "Kept: SGD 1.98, in the ring after 146")
    assert widget.locator("[data-name=momentum]").is_hidden()
    widget.locator("[data-name=optimizer] select").select_option(label="momentum")
    says(widget, "momentum with learning rate 1.98, μ 0.9")
    assert widget.locator("[data-name=momentum]").is_visible()
    before = frame_of(widget)
    widget.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        "(e) => /after ([5-9]|[1-9][0-9]+) steps/.test(e.innerText)",
        arg=widget.locator(".dlc-sentence").element_handle(),
    )
    widget.get_by_role("button", name="Pause", exact=True).click()
    assert frame_of(widget) != before
    page.mouse.click(*place(widget, 0.75, 0.5, SURFACE))
    page.mouse.click(*place(widget, 0.75, 0.5, SURFACE))
    widget.locator("[data-name=steps] input[type=range]").focus()
    page.keyboard.press("Home")
    says(widget, "after 0 steps: height 0.02, at (2.0")
    widget.get_by_role("button", name="Reset", exact=True).click()
    says(widget, "from step 146 on")
    assert book.errors() == [] and book.dlc_complaints() == []


def test_the_map_in_a_narrow_window(open_notebook):
    book, page, widget = opened(open_notebook, [MAP], width=420, dark=True)
    page.wait_for_function(
        "(c) => c.offsetHeight > c.offsetWidth", arg=widget.locator("canvas").element_handle(), timeout=20_000
    )
    says(widget, "μ 0.9")
    widget.locator("[data-name=momentum] input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    says(widget, "μ 0.89")
    assert widget.locator("canvas").bounding_box()["width"] <= 420
    assert book.errors() == []
