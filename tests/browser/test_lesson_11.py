"""Lesson 11 in a real JupyterLab: neurons are pointed at and walked over, pixels shuffled, the wiring chosen."""

import pytest
from jupyter import opened, place, says

pytestmark = pytest.mark.browser

CELLS = ["from dlcourse.widgets import Wiring\nWiring()"]
UNITS = ((7.2 - 0.14 - 2.08) / 7.2, (4.1 - 0.26 - 1.76) / 4.1, 2.08 / 7.2, 1.76 / 4.1)


def at(widget, across, down):
    """Screen position among the neurons, as shares of their place from its upper left."""
    return place(widget, across, 1 - down, UNITS)


def test_pointing_walking_shuffling_and_choosing(open_notebook):
    book, page, widget = opened(open_notebook, CELLS)
    says(widget, "Neuron 11 of 32 is linked to all 64 pixels")
    page.mouse.move(*at(widget, 0.06, 0.1))
    says(widget, "Neuron 1 of 32")
    page.mouse.click(*at(widget, 0.94, 0.9))
    says(widget, "Neuron 32 of 32")
    page.keyboard.press("ArrowUp")
    says(widget, "Neuron 24 of 32")

    widget.get_by_role("checkbox", name="shuffle the pixels").check()
    says(widget, "taught with shuffled digits")
    page.mouse.move(5, 5)
    widget.get_by_role("combobox", name="wiring").select_option("convolutional")
    says(widget, "by weights that serve all 36 places")
    says(widget, "3 · 3 · 1 · 16 + 16 = 160 parameters; counted: 160")
    widget.locator("canvas").focus()
    page.keyboard.press("n")
    says(widget, "column 0 of map 1 is")
    widget.get_by_role("combobox", name="wiring").select_option("recurrent")
    widget.locator("canvas").focus()
    page.keyboard.press("ArrowDown")
    says(widget, "at step 2")
    slider = widget.get_by_role("slider", name="picture")
    slider.focus()
    page.keyboard.press("ArrowRight")
    widget.get_by_role("button", name="Reset", exact=True).click()
    says(widget, "Neuron 11 of 32 is linked to all 64 pixels")
    says(widget, "taught with digits")
    assert book.errors() == []
    assert book.dlc_complaints() == []
