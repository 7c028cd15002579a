"""Lesson 13 in a real JupyterLab: a place is pointed at, a weight dragged and typed, and the kernel plays."""

import pytest
from jupyter import frame_of, opened, place, pull, repainted, says

pytestmark = pytest.mark.browser

CELL = "from dlcourse.widgets import Convolution\nConvolution()"
MAP = (3.78 / 7.2, (4.45 - 0.3 - 2.12) / 4.45, 3.2 / 7.2, 2.12 / 4.45)
KERNEL = ((0.2 + 1.76) / 7.2, 0.12 / 4.45, 1.4 / 7.2, 1.4 / 4.45)


def at(widget, axes, across, down):
    """Screen position in one of the axes, as shares of its width and height from the upper left."""
    return place(widget, across, 1 - down, axes)


def test_pointing_dragging_typing_and_play(open_notebook):
    book, page, widget = opened(open_notebook, [CELL], timeout=60)
    page.mouse.move(*at(widget, MAP, 0.501, 0.501))
    says(widget, "At row 52, column 79")
    page.mouse.click(*at(widget, MAP, 0.001, 0.002))
    says(widget, "At row 0, column 0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    says(widget, "At row 1, column 1")

    pull(page, at(widget, KERNEL, 0.5, 0.5), at(widget, KERNEL, 0.5, 0.5 - 2 / 3), steps=6)
    says(widget, "Your 3×3 kernel")
    says(widget, "Ringed weight, row 1, column 1: 1.00")
    page.keyboard.press("7")
    page.keyboard.press("-")
    says(widget, "column 1: −7.00")

    before = frame_of(widget)
    widget.get_by_role("button", name="Random kernel", exact=True).click()
    repainted(widget, before)
    widget.get_by_role("button", name="Reset", exact=True).click()
    says(widget, "“vertical edges”")
    says(widget, "At row 13, column 47")
    widget.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        "(e) => /At row [3-9],/.test(e.innerText)", arg=widget.locator(".dlc-sentence").element_handle()
    )
    widget.get_by_role("button", name="Pause", exact=True).click()
    assert book.errors() == [] and book.dlc_complaints() == []
