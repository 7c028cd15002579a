"""Lesson 04 in a real JupyterLab: the ball is dragged and rolls, and knobs join."""

import pytest
from jupyter import frame_of, opened, place, pull, says

pytestmark = pytest.mark.browser

MAIN = (0.075, 0.295, 0.50, 0.655)  # left, bottom, width and height of the landscape in the picture
CELLS = {
    "step": "from dlcourse.widgets import GradientStep\nGradientStep(w=0.5, lr=0.45)",
    "covered": "from dlcourse.widgets import GradientStep\nfrom dlcourse.live.widget import Predict\n"
    'GradientStep(w=0.5, lr=0.45, covered=True).show(predict=Predict("Then?", ("it rests", "it explodes")))',
}


@pytest.fixture
def shown(open_notebook):
    books = []

    def open_it(name):
        book, page, widget = opened(open_notebook, [CELLS[name]])
        books.append(book)
        return page, widget

    yield open_it
    for book in books:
        assert book.errors() == []
        assert book.dlc_complaints() == []


def at(widget, across, up):
    """Screen position of a place in the landscape, given in shares of its axes."""
    return place(widget, across, up, MAIN)


def button(widget, name):
    return widget.get_by_role("button", name=name, exact=True)


def number(widget, name):
    return widget.locator(f"[data-name={name}] input[type=number]")


def test_the_ball_is_dragged_and_comes_to_rest_or_explodes(shown):
    page, widget = shown("step")
    says(widget, "w = 0.5")
    pull(page, at(widget, 0.2, 0.5), at(widget, 0.4, 0.5))
    says(widget, "w = 2")  # 0.4 of the way from −1 to 6.5
    page.keyboard.press("ArrowRight")
    says(widget, "w = 2.0")
    button(widget, "Play").click()
    says(widget, "at rest")
    button(widget, "Reset").click()
    number(widget, "lr").fill("0.6")
    button(widget, "Play").click()
    says(widget, "exploded")


def test_a_second_knob_and_seven(shown):
    page, widget = shown("step")
    widget.locator("[data-name=landscape] select").select_option("two weights")
    says(widget, "bound is 2/5.62 = 0.3559")
    page.mouse.click(*at(widget, 0.5, 0.5))
    says(widget, "w = 2.75, b = 1")
    widget.locator("[data-name=landscape] select").select_option("network")
    says(widget, "7 weights")
    before = frame_of(widget)
    button(widget, "Step").click()
    says(widget, "1 update so far")
    assert frame_of(widget) != before


def test_nothing_is_told_before_the_bet(shown):
    page, widget = shown("covered")
    assert "0.496" not in widget.locator(".dlc-sentence").inner_text()
    button(widget, "it explodes").click()
    says(widget, "0.4961")
