"""Lesson 15 in a real JupyterLab: bets are settled, x and the layers are moved by hand, silent units are played to the end."""

import pytest
from jupyter import answer, opened, place, says, wait_ready

from dlcourse.widgets import ActivationZoo

pytestmark = pytest.mark.browser

LESSON = "15_activations"
ZOO = "from dlcourse.widgets import ActivationZoo\nActivationZoo()"
ACROSS, UP = ActivationZoo.size
CURVES = (0.45 / ACROSS, 2.15 / UP, 2.85 / ACROSS, 1.5 / UP)
GRADIENT = (4.2 / ACROSS, 0.45 / UP, 2.75 / ACROSS, 1.3 / UP)
"""Left, bottom, width and height of the axes, as shares of the picture."""


def test_each_bet_of_the_lesson_is_open_and_gets_settled(run_lesson):
    book = run_lesson(timeout=180)
    zoo, units = book.widgets().nth(0), book.widgets().nth(3)
    wait_ready(zoo)
    says(zoo, "What will 10 layers leave of a gradient?")
    answer(zoo, "about a hundredth")
    says(zoo, "sigmoid 4.8·10⁻⁷ of the signal, 4.8·10⁻⁷ of the gradient")
    zoo.get_by_text("What came: less than a millionth. Your bet was: about a hundredth.").wait_for()

    wait_ready(units)
    says(units, "of 48 ReLU units 17 are silent")
    assert units.get_by_role("button", name="Play", exact=True).is_disabled()
    answer(units, "none")
    units.get_by_text("It was your bet that came: none.").wait_for()
    units.locator("[data-name=update] input[type=range]").focus()
    book.page.keyboard.press("End")
    says(units, "of 48 ReLU units 25 are silent (0 of the 17")
    assert book.errors() == [] and book.dlc_complaints() == []


def test_x_and_layers_by_hand_by_keys_and_by_play(open_notebook):
    book, page, widget = opened(open_notebook, [ZOO])
    says(widget, "At x = 0: sigmoid 0.500, slope 0.250")
    page.mouse.click(*place(widget, 0.75, 0.5, CURVES))
    page.mouse.click(*place(widget, 0.75, 0.5, CURVES))
    says(widget, "At x = 2: sigmoid 0.881, slope 0.105")
    page.keyboard.press("ArrowRight")
    says(widget, "At x = 2.1:")
    page.keyboard.press("ArrowUp")
    says(widget, "What 11 layers leave")
    page.mouse.click(*place(widget, 0.6, 0.5, GRADIENT))
    says(widget, "What 30 layers leave")
    widget.locator("[data-name=beside] select").select_option(label="tanh")
    says(widget, "tanh 0.970")
    widget.get_by_role("button", name="Reset", exact=True).click()
    says(widget, "At x = 0: sigmoid 0.500")
    widget.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        "(e) => /What (1[5-9]|[2-5][0-9]) layers leave/.test(e.innerText)",
        arg=widget.locator(".dlc-sentence").element_handle(),
    )
    widget.get_by_role("button", name="Pause", exact=True).click()
    assert book.errors() == [] and book.dlc_complaints() == []


def test_in_a_narrow_window_the_panels_stand_below_each_other(open_notebook):
    book, page, widget = opened(open_notebook, [ZOO], width=420, dark=True)
    page.wait_for_function(
        "(c) => c.offsetHeight > c.offsetWidth", arg=widget.locator("canvas").element_handle(), timeout=20_000
    )
    assert widget.locator("canvas").bounding_box()["width"] <= 420
    assert book.errors() == []
