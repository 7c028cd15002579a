"""Lesson 01 in a real JupyterLab: unseen points come after the answer, points by mouse and keys, an own learner."""

from pathlib import Path

import pytest
from jupyter import opened, place, pull, says

pytestmark = pytest.mark.browser

LESSON = Path(__file__).parents[2] / "lessons" / "01_supervised_learning.ipynb"
ASKED = """from dlcourse.widgets import FitAFunction
from dlcourse.live.widget import Predict
FitAFunction().show(predict=Predict("?", ("line", "network")))"""
OWN = """from dlcourse.widgets import FitAFunction
def mean(x, y):
    return lambda new: 0 * new + y.mean()
FitAFunction(fit=mean)"""
PLANE = (0.08, 0.125, 0.49, 0.8)
BOARD = (0.635, 0.125, 0.345, 0.75)


def at(widget, x, y):
    """Screen position of a point of the plane, −1.1 to 1.1 and −2 to 2."""
    return place(widget, (x + 1.1) / 2.2, (y + 2) / 4, PLANE)


def row(widget, number, rows):
    return place(widget, 0.1, 1 - (number + 0.5) / (rows + 0.1), BOARD)


def test_the_unseen_points_come_after_the_answer(open_notebook):
    book, _, widget = opened(open_notebook, [ASKED])
    says(widget, "stay hidden")
    widget.get_by_role("button", name="network", exact=True).click()
    says(widget, "on 200 unseen ones")
    widget.get_by_role("combobox", name="learner").select_option("line")
    says(widget, "Line, 12 seen points")
    widget.get_by_role("button", name="Step", exact=True).click()
    says(widget, "Line, 13 seen points")
    assert book.errors() == []


def test_points_by_mouse_and_keys_and_an_own_learner(open_notebook):
    book, page, widget = opened(open_notebook, [OWN])
    widget.get_by_role("combobox", name="learner").select_option("nearest neighbour")
    widget.locator("canvas").focus()  # else the first click only brings the keyboard
    page.mouse.click(*at(widget, -0.1, 1.6))
    says(widget, "13 seen points")
    says(widget, "x = −0.10 it says 1.60")
    page.keyboard.press("ArrowDown")
    says(widget, "it says 1.52")
    page.keyboard.press("u")
    says(widget, "on 201 unseen ones")
    page.keyboard.press("Delete")
    says(widget, "on 200 unseen ones")
    pull(page, at(widget, 0.5, -1.5), at(widget, 0.3, -1.9))
    says(widget, "x = 0.30 it says −1.90")
    page.mouse.dblclick(*at(widget, 0.3, -1.9))
    says(widget, "12 seen points")
    page.mouse.click(*row(widget, 4, 5))
    says(widget, "mean, 12 seen points")
    assert book.errors() == []
