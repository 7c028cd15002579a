"""Lesson 04b in a real JupyterLab: balls come to rest, a plane is pointed at."""

import pytest
from jupyter import opened, place, says

pytestmark = pytest.mark.browser

CELLS = {
    "carton": "from dlcourse.widgets import EggCarton\nEggCarton(dimensions=100.0)",
    "slice": "from dlcourse.widgets import LossSlice\nLossSlice()",
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


def button(widget, name):
    return widget.get_by_role("button", name=name, exact=True)


def number(widget, name):
    return widget.locator(f"[data-name={name}] input[type=number]")


def test_balls_roll_and_come_to_rest_in_many_dimensions(shown):
    page, widget = shown("carton")
    says(widget, "before they roll")
    button(widget, "Play").click()
    says(widget, "after ")
    page.wait_for_function("(e) => e.dataset.playing === 'false'", arg=widget.element_handle(), timeout=30_000)
    says(widget, "0 are in a deepest well")
    button(widget, "Drop new balls").click()
    says(widget, "before they roll")
    widget.locator("[data-name=rest] input").click()
    number(widget, "dimensions").fill("1000000")
    says(widget, "Of 4 balls, at rest, 0 are in a deepest well")
    number(widget, "q").fill("0.5")
    says(widget, "4 are in a deepest well")


def test_a_plane_is_pointed_at(shown):
    page, widget = shown("slice")
    says(widget, "where the network stands")
    page.mouse.click(*place(widget, 0.1, 0.85))
    says(widget, "The marker, at (−0.83, 0.83), reads")
    button(widget, "New directions").click()
    says(widget, "pair 1")
