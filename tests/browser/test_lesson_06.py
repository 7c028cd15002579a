"""Lesson 06 in a real JupyterLab: the batch size is moved by mouse and by keyboard, and a race is counted in three ways."""

import pytest
from jupyter import answer, frame_of, opened, place, pull, repainted, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = "06_sgd_and_minibatch"
LAW = (0.59, 0.145, 0.385, 0.76)
RACE = (0.085, 0.145, 0.74, 0.75)
"""Left, bottom, width and height of the axes in the wide layout, in shares of the picture."""


def alone(open_notebook, name, **window):
    return opened(open_notebook, [f"from dlcourse.widgets import {name}\n{name}()"], timeout=90, **window)


def test_the_questions_are_answered_by_the_widgets(run_lesson):
    book = run_lesson()
    page = book.page
    assert book.widgets().count() == 2 and book.errors() == []
    fan, race = book.widgets().nth(0), book.widgets().nth(1)
    wait_ready(fan)
    answer(fan, "32")
    fan.locator("canvas").focus()
    says(fan, "the noise is 2.02 times")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    says(fan, "Batch size 32 of 1024")
    says(fan, "the noise is 1.00 times")
    wait_ready(race)
    answer(race, "B = 1")
    race.get_by_role("button", name="Play", exact=True).click()
    says(race, "100 % of the race")
    words = race.locator(".dlc-sentence").inner_text()
    losses = [float(part.split(" ")[-1]) for part in words.split(" with B = ")[:-1]]
    assert losses == sorted(losses) and losses[0] < 0.1 and losses[-1] > 2
    assert book.errors() == [] and book.dlc_complaints() == []


def test_the_fan_is_moved_by_mouse_and_keyboard(open_notebook):
    book, page, widget = alone(open_notebook, "MinibatchFan")
    says(widget, "Batch size 8 of 1024")
    pull(page, place(widget, 0.4, 0.5, LAW), place(widget, 0.99, 0.5, LAW))
    says(widget, "The batch is everything: there is no noise left")
    page.keyboard.press("ArrowLeft")  # the click has given the canvas the focus
    says(widget, "Batch size 512 of 1024")
    slider = widget.locator("[data-name=batch] input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    says(widget, "Batch size 1 of 1024")
    still = frame_of(widget)
    widget.get_by_role("button", name="Draw again", exact=True).click()
    repainted(widget, still)
    widget.locator("[data-name=stage] select").select_option("after 30 epochs")
    says(widget, "network after 30 epochs")
    widget.locator("[data-name=replacement] input").focus()
    page.keyboard.press("Space")
    says(widget, "drawn with replacement")
    assert book.errors() == []


def test_the_race_counts_steps_examples_and_seconds(open_notebook):
    book, page, widget = alone(open_notebook, "BatchRace")
    box = widget.locator("[data-name=axis] select")
    pictures = set()
    for axis in ("examples", "seconds", "steps"):
        box.select_option(axis)
        says(widget, f"counted in {axis}")
        page.mouse.click(*place(widget, 0.998, 0.5, RACE))
        says(widget, "100 % of the race")
        page.wait_for_timeout(500)
        pictures.add(frame_of(widget))
        page.keyboard.press("ArrowLeft")
        says(widget, "99 % of the race")
    assert len(pictures) == 3
    box.focus()
    page.keyboard.press("ArrowDown")
    says(widget, "counted in examples")
    assert book.errors() == []


@pytest.mark.parametrize("name", ["MinibatchFan", "BatchRace"])
def test_a_narrow_window_has_its_own_layout(open_notebook, name):
    book, page, widget = alone(open_notebook, name, width=520, dark=True)
    page.wait_for_function(  # the first picture is for a cell of usual width
        "(c) => c.clientWidth < 460 && c.clientHeight > 0.75 * c.clientWidth",
        arg=widget.locator("canvas").element_handle(),
    )
    assert book.errors() == []
