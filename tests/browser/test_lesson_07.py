"""Lesson 07 in a real JupyterLab: a prediction is made, paths are followed, a weight and an output are chosen, lines read."""

from pathlib import Path

import pytest
from jupyter import answer, frame_of, opened, place, repainted, says, wait_ready

from dlcourse.widgets import Paths
from dlcourse.widgets.when_things_get_intense.layout import places

pytestmark = pytest.mark.browser

LESSON = Path(__file__).parents[2] / "lessons" / "07_when_things_get_intense.ipynb"
CELL = """from dlcourse.widgets import Paths
Paths({})"""
NETWORK = (0.05, 1.35, 4.3, 3.75)
"""Left, bottom, width and height of the network in the view “paths”, in inches."""


def paths(open_notebook, arguments="", **window):
    return opened(open_notebook, [CELL.format(arguments)], **window)


def click(widget, x, y):
    """Click at a place in the unit square of the network."""
    (left, bottom, width, height), (across, up) = NETWORK, Paths.size
    widget.page.mouse.click(*place(widget, x, y, (left / across, bottom / up, width / across, height / up)))


def test_the_lesson_runs_and_its_questions_are_answered_by_the_widgets(open_notebook):
    book = open_notebook(LESSON)
    book.run_all(timeout=120)
    answers = [
        ("16", "16 paths lead"),
        ("more and more as h shrinks", "in eight lines"),
        ("1 980 times", "960 weights after 1\u202f980"),
        ("2", "row 1 is one backward pass"),
        ("stays as it is", "3 of 12 eigenvalues"),
    ]
    for number, (choice, text) in enumerate(answers):
        widget = book.widgets().nth(number)
        wait_ready(widget)
        assert text not in widget.locator(".dlc-sentence").inner_text() or number == 1
        answer(widget, choice)
        says(widget, text)
    first = book.widgets().first
    first.get_by_role("button", name="Play", exact=True).click()
    says(first, "16 of 16 sum to 0.001922")
    assert book.errors() == [] and book.dlc_complaints() == []


def test_weight_and_output_by_mouse_and_keys(open_notebook):
    book, page, widget = paths(open_notebook)
    says(widget, "W⁽¹⁾₂₃")
    at = places(Paths().sizes)
    click(widget, *(0.55 * at[0][0] + 0.45 * at[1][2]))
    says(widget, "W⁽¹⁾₃₁")
    click(widget, *at[-1][1])
    says(widget, "s₂")
    page.keyboard.press("ArrowRight")
    says(widget, "W⁽²⁾₃₁")
    says(widget, "3 paths lead")
    page.keyboard.press("Enter")
    says(widget, "Path 1")
    before = frame_of(widget)
    page.keyboard.press("+")
    repainted(widget, before)
    widget.get_by_role("button", name="Reset", exact=True).click()
    says(widget, "W⁽¹⁾₂₃")
    assert book.errors() == []


def test_controls_by_keyboard_change_picture_and_sentence(open_notebook):
    book, page, widget = paths(open_notebook)
    for name, text in (("depth", "27 paths"), ("width", "64 paths")):
        widget.locator(f"[data-name={name}] input[type=range]").focus()
        page.keyboard.press("ArrowRight")
        says(widget, text)
    before = frame_of(widget)
    widget.locator("[data-name=x1] input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    repainted(widget, before)
    assert book.errors() == []


def test_the_derivation_is_stepped_through_and_its_slips_are_named(open_notebook):
    book, page, widget = paths(open_notebook, 'view="derivation", depth=1')
    step = widget.get_by_role("button", name="Step", exact=True)
    for number in range(1, 5):
        step.click()
        says(widget, f"Line {number} of 8")
    widget.locator("[data-name=printed] input").check()
    says(widget, "With h = 0.001: 212.2 instead of 0.1698")
    widget.get_by_role("button", name="Back", exact=True).click()
    says(widget, "Line 3 of 8: The chain rule")
    assert book.errors() == []


@pytest.mark.parametrize("dark", [False, True])
def test_every_view_in_a_narrow_window(open_notebook, dark):
    book, page, widget = paths(open_notebook, width=480, dark=dark)
    heard = {"derivation": "in eight lines", "count": "3 hidden layers of 3", "Jacobian": "J Jᵀ", "Hessian": "eigenvalues", "paths": "9 paths"}  # fmt: skip
    select = widget.locator("[data-name=view] select")
    for view, text in heard.items():
        select.select_option(index=["paths", "derivation", "count", "Jacobian", "Hessian"].index(view))
        says(widget, text)
    assert widget.locator("canvas").bounding_box()["width"] <= 480
    assert book.errors() == []
