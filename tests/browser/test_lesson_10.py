"""Lesson 10 in a real JupyterLab: shapes are guessed by question, click and key, a pixel is pointed at, two shapes meet."""

import pytest
from jupyter import frame_of, place, pull, repainted, says, wait_ready

from dlcourse.widgets import Broadcast, TensorExplorer

pytestmark = pytest.mark.browser

LESSON = "10_tensors"
CELLS = [
    "import numpy as np\nfrom dlcourse.widgets import Broadcast, TensorExplorer\nTensorExplorer()",
    "Broadcast()",
    "TensorExplorer(array=np.arange(2000.0).reshape(50, 40) / 2000)",
]
PHOTO = (0.015, 0.91 - 2.376 * 427 / 640 / 3.5, 0.33, 2.376 * 427 / 640 / 3.5)
EXPLORER_GUESS, BROADCAST_GUESS = (0.37, 0.40, 0.26, 0.38), (0.1 / 7.2, 2.4 / 4.3, 2.3 / 7.2, 1.4 / 4.3)
"""Left, bottom, width and height in the picture, as shares of it."""


def at(widget, axes, across, down):
    """Screen position in one of the axes, as shares of its width and height from the upper left."""
    return place(widget, across, 1 - down, axes)


def ready(book, number):
    widget = book.widgets().nth(number)
    wait_ready(widget)
    return widget


def test_the_lesson_runs_and_an_answer_to_its_questions_is_a_guess(run_lesson):
    book = run_lesson()
    bets = (
        (0, "(427, 3)", "You said (427, 3): x[256] has shape (640, 3)"),
        (1, "(4, 3)", "Right: a + b has shape (4, 3)"),
    )
    for number, bet, answer in bets:
        widget = ready(book, number)
        assert "has shape (640, 3)" not in widget.locator(".dlc-sentence").inner_text()
        widget.get_by_role("button", name=bet, exact=True).click()
        says(widget, answer)
    own = ready(book, 2)
    says(own, "a has shape (5, 6, 2), b has shape (1,). a + b has shape (5, 6, 2), 60 numbers made of 60 and 1")
    first, second = (own.locator(f"[data-name=typed_{name}] input") for name in "ab")
    first.fill("5, 1, 2")
    second.fill("6, 1")
    says(own, "a + b has shape (5, 6, 2), 60 numbers made of 10 and 6")
    second.fill("6 x 1")
    says(own, "“6 x 1” is no whole number")
    second.fill("7, 3")
    says(own, "They do not fit. ShapeError")
    second.fill("6, 1")
    says(own, "60 numbers made of 10 and 6")
    before = frame_of(own)
    own.locator("[data-name=stretch] input[type=number]").fill("0.5")
    repainted(own, before)
    assert book.errors() == [] and book.dlc_complaints() == []


@pytest.fixture
def book(open_notebook):
    book = open_notebook(CELLS)
    book.run_all(timeout=60)
    yield book
    assert book.errors() == []
    assert book.dlc_complaints() == []


def test_a_pixel_is_pointed_at_and_shapes_are_guessed(book):
    page, widget = book.page, ready(book, 0)
    page.mouse.click(*at(widget, PHOTO, 0.505, 0.255))
    says(widget, "pixel x[106, 320]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    says(widget, "pixel x[111, 313]")
    pull(page, at(widget, PHOTO, 0.5, 0.5), at(widget, PHOTO, 0.105, 0.905))
    says(widget, "pixel x[384, 64]")

    page.mouse.click(*at(widget, EXPLORER_GUESS, 0.3, 2.5 / 4))
    says(widget, "Right: x[384] has shape (640, 3), a view: no memory of its own")
    widget.get_by_role("button", name="Next operation", exact=True).click()
    says(widget, "What is the shape of x[:, :, 0]?")
    before = frame_of(widget)
    widget.locator("canvas").focus()
    page.keyboard.press("1")
    says(widget, "x[:, :, 0] has shape (427, 640)")
    assert frame_of(widget) != before
    widget.locator("[data-name=operation] select").select_option(label="times a ramp")
    page.locator(":focus").blur()
    widget.locator("canvas").focus()
    page.keyboard.press("1")
    says(widget, "axis -1 has sizes 3 and 427")
    widget.locator("[data-name=operation] select").select_option(label="minus the mean colour")
    widget.locator("canvas").focus()
    page.keyboard.press("1")
    says(widget, "3.28 MB of its own")


def test_two_shapes_meet(book):
    page, widget = book.page, ready(book, 1)
    says(widget, "Which shape has a + b?")
    page.mouse.click(*at(widget, BROADCAST_GUESS, 0.3, 2.5 / 4))
    says(widget, "You said (4, 1): a + b has shape (4, 3), 12 numbers")
    for _ in range(2):
        widget.get_by_role("button", name="Next pair", exact=True).click()
    says(widget, "b has shape (427,)")
    widget.locator("canvas").focus()
    page.keyboard.press("4")
    says(widget, "Right: they do not fit. ShapeError: add")
    says(widget, "axis -1 has sizes 3 and 427")
    widget.locator("[data-name=b] select").select_option(label="(427, 1, 1)")
    says(widget, "Which shape has a + b?")
    widget.get_by_role("button", name="Swap", exact=True).click()
    says(widget, "a has shape (427, 1, 1), b has shape (427, 640, 3)")
    widget.get_by_role("button", name="Reset", exact=True).click()
    says(widget, "a has shape (4, 1), b has shape (3,). Which")


def test_an_own_array_is_explored(book):
    page, widget = book.page, ready(book, 2)
    says(widget, "Your array x has shape (50, 40); pixel x[30, 20] is [0.61]")
    widget.locator("[data-name=operation] select").select_option(label="mean of the colours")
    widget.locator("canvas").focus()
    page.keyboard.press("1")
    says(widget, "there is no axis 2; the array has 2 axes")


def test_both_in_a_narrow_window(open_notebook):
    book = open_notebook(CELLS[:2], width=420, dark=True)
    book.run_all(timeout=60)
    for number, kind in ((0, TensorExplorer), (1, Broadcast)):
        widget = ready(book, number)
        width, height = kind.narrow_size
        book.page.wait_for_function(
            "([c, share]) => c.offsetHeight / c.offsetWidth > share",
            arg=[widget.locator("canvas").element_handle(), 0.9 * height / width],
            timeout=20_000,
        )
        assert widget.locator("canvas").bounding_box()["width"] <= 420
        widget.locator("canvas").focus()
        book.page.keyboard.press("2")
        says(widget, "has shape (640, 3)" if number == 0 else "Right: a + b has shape (4, 3)")
    assert book.errors() == []
