"""Lesson 02 in a real JupyterLab: the line is dragged and turned, points are added, moved and deleted."""

from pathlib import Path

import pytest
from jupyter import opened, place, pull, says

pytestmark = pytest.mark.browser

LESSON = Path(__file__).parents[2] / "lessons" / "02_single_neuron.ipynb"
CELL = """from dlcourse.widgets import NeuronExplorer
NeuronExplorer(w1=1.0, w2=1.0, b=-0.5, data="XOR")"""
PLANE = (0.065, 0.44 / 4.2, (4.2 - 0.78) / 7.2, (4.2 - 0.78) / 4.2)


def at(widget, x, y):
    """Screen position of a point of the plane, whose axes run from −0.5 to 1.5."""
    return place(widget, (x + 0.5) / 2, (y + 0.5) / 2, PLANE)


@pytest.fixture
def explorer(open_notebook):
    book, page, widget = opened(open_notebook, [CELL])
    yield page, widget
    assert book.errors() == []


def test_the_line_is_dragged_and_turned(explorer):
    page, widget = explorer
    says(widget, "3 of 4 XOR")
    pull(page, at(widget, 0.6, -0.1), at(widget, 1.1, 0.4))
    says(widget, "1 of 4 XOR")
    widget.get_by_role("button", name="Reset", exact=True).click()
    says(widget, "3 of 4 XOR")
    pull(page, at(widget, 0.25 - 0.4243, 0.25 + 0.4243), at(widget, 0.25, 1.2))
    says(widget, "2 of 4 XOR")


def test_points_by_mouse_and_keys(explorer):
    page, widget = explorer
    widget.locator("canvas").focus()  # else the first click only brings the keyboard
    page.mouse.click(*at(widget, 1.3, 0.4))
    says(widget, "of 5 of your points")
    says(widget, "(1.3")
    page.keyboard.press("Enter")
    says(widget, "the truth is 0")
    page.keyboard.press("Delete")
    says(widget, "of 4 of your points")
    page.keyboard.press("l")
    for _ in range(20):
        page.keyboard.press("ArrowUp")
    says(widget, "1 of 4 of your points")
