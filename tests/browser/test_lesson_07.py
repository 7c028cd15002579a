"""Lessons 07 and 07b in a real JupyterLab: bets are made, paths followed, a weight and an output chosen, lines and tables read."""

import pytest
from jupyter import answer, frame_of, opened, place, repainted, says, wait_ready

from dlcourse.widgets import Paths
from dlcourse.widgets.chain.layout import places

pytestmark = pytest.mark.browser

CELL = """from dlcourse.widgets import Derivation, HessianMatrix, JacobianMatrix, PathCount, Paths
{}({})"""
NETWORK = (0.05, 1.0, 4.3, 3.15)
"""Left, bottom, width and height of the network in the view “paths”, in inches."""


def shown(open_notebook, name, arguments="", **window):
    return opened(open_notebook, [CELL.format(name, arguments)], **window)


def click(widget, x, y):
    """Click at a place in the unit square of the network."""
    (left, bottom, width, height), (across, up) = NETWORK, Paths.size
    widget.page.mouse.click(*place(widget, x, y, (left / across, bottom / up, width / across, height / up)))


ANSWERS = {
    "07_when_things_get_intense": [
        ("16", "16 paths lead"),
        ("more than 100 times as much", "line 4 comes to 212.2"),
    ],
    "07b_jacobian_and_hessian": [
        ("1 980 times", "960 weights after 1\u202f980"),
        ("2", "2 backward passes fill it"),
        ("stays, for they lead to two neurons", "3 of 12 eigenvalues"),
    ],
}


@pytest.mark.parametrize("lesson", ANSWERS)
def test_the_lesson_runs_and_its_questions_are_answered_by_the_widgets(run_lesson, lesson):
    book = run_lesson()
    for number, (choice, text) in enumerate(ANSWERS[lesson]):
        widget = book.widgets().nth(number)
        wait_ready(widget)
        assert text not in widget.locator(".dlc-sentence").inner_text()
        answer(widget, choice)
        says(widget, text)
    first = book.widgets().first
    if lesson.startswith("07_"):
        first.get_by_role("button", name="Play", exact=True).click()
        says(first, "16 of 16 sum to 0.001922")
    else:
        first.locator("[data-name=depth] input[type=range]").fill("8")
        says(first, "8 hidden layers of 10")
        first.get_by_role("button", name="Play", exact=True).click()
        says(first, "10 hidden layers of 10")
        first.get_by_role("button", name="Play", exact=True).wait_for()
        assert first.get_by_role("button", name="Step", exact=True).is_disabled()
    assert book.errors() == [] and book.dlc_complaints() == []


def test_weight_and_output_by_mouse_and_keys(open_notebook):
    book, page, widget = shown(open_notebook, "Paths")
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
    book, page, widget = shown(open_notebook, "Paths")
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
    book, page, widget = shown(open_notebook, "Derivation")
    step = widget.get_by_role("button", name="Step", exact=True)
    for number in range(1, 5):
        step.click()
        says(widget, f"Line {number} of 8")
    widget.locator("[data-name=printed] input").check()
    says(widget, "With h = 0.001: 212.2 instead of 0.1698")
    widget.get_by_role("button", name="Back", exact=True).click()
    says(widget, "Line 3 of 8: Chain rule")
    assert book.errors() == []


def test_an_own_network_shows_no_control_that_is_not_its(open_notebook):
    cells = [
        "import numpy as np, dlcourse as dl\nfrom dlcourse.widgets import Paths\n"
        "model = dl.Sequential(dl.Dense(2, 3, activation=dl.tanh, rng=np.random.default_rng(0)))\n"
        "Paths(model=model, x=[1.0, 2.0])"
    ]
    book, page, widget = opened(open_notebook, cells)
    for name in ("activation", "depth", "width"):
        assert not widget.locator(f"[data-name={name}]").is_visible()
    assert widget.locator("[data-name=x1]").is_visible()
    assert not widget.get_by_role("button", name="New weights").is_visible()
    assert book.errors() == []


NARROW = {
    "Paths": "9 paths", "Derivation": "in eight lines", "PathCount": "3 hidden layers of 3", "JacobianMatrix": "J Jᵀ",
    "HessianMatrix": "eigenvalues",
}  # fmt: skip


def test_every_widget_in_a_narrow_window(open_notebook):
    book, page, _ = opened(open_notebook, [CELL.format(name, "") for name in NARROW], width=480, dark=True)
    for number, text in enumerate(NARROW.values()):
        widget = book.widgets().nth(number)
        says(widget, text)
        assert widget.locator("canvas").bounding_box()["width"] <= 480
    assert book.errors() == []
