"""Lesson 24 in a real JupyterLab: four bets, a layer chosen by hand and by keys, layers added and moved, narrow and dark."""

import pytest
from jupyter import answer, frame_of, opened, place, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = "24_beyond"
NARROW = (0.1 / 3.6, 7.52 / 9.22, 3.4 / 3.6, 1.45 / 9.22)
"""Left, bottom, width and height of the layers, as shares of the narrow picture."""


def press(widget, name):
    widget.get_by_role("button", name=name, exact=True).click()


def test_each_bet_of_the_lesson_is_open_and_gets_settled_and_a_network_is_built(run_lesson):
    book = run_lesson()
    bets = (
        ("(64, 128)", "What came: (128, 64)."),
        ("about 50", "What came: about 10."),
        ("about as few as with 0.9", "What came: about 15."),
        ("about 40 times", "What came: less than twice."),
    )
    for number, (bet, came) in enumerate(bets):
        widget = book.widgets().nth(number)
        wait_ready(widget)
        if number == 0:
            says(widget, "comes with your bet")
        answer(widget, bet)
        book.page.wait_for_function(
            "([e, text]) => e.innerText.includes(text)", arg=[widget.element_handle(), came]
        )  # fmt: skip
    first = book.widgets().nth(0)
    says(first, "weight (128, 64) in PyTorch")
    first.get_by_role("combobox", name="new layer").select_option("BatchNorm")
    for name in ("Add below", "Move down", "Move down"):
        press(first, name)
    says(first, "dl.BatchNorm(10) is layer4 of 5")
    first.get_by_role("combobox", name="network").select_option("recurrent")
    says(first, "at kernel[1, 18] in Keras")
    first.get_by_role("combobox", name="new layer").select_option("Conv2D")
    says(first, "Conv2D cannot come below it")
    assert first.get_by_role("button", name="Add below", exact=True).is_disabled()
    assert book.errors() == [] and book.dlc_complaints() == []


def test_in_a_narrow_dark_window_a_layer_is_chosen_by_hand_and_by_keys(open_notebook):
    cells = ["from dlcourse.widgets import Translate\nTranslate(network='convolutional')"]
    book, page, widget = opened(open_notebook, cells, width=420, dark=True)
    says(widget, "dl.Conv2D(1, 8, 3) is layer0 of 5")
    before = frame_of(widget)
    for _ in range(2):  # the first click brings the keyboard
        page.mouse.click(*place(widget, 0.5, 1 - 5.5 / 10, NARROW))
    says(widget, "dl.Dense(72, 10) is layer4 of 5")
    assert frame_of(widget) != before
    page.keyboard.press("ArrowUp")
    says(widget, "dl.Flatten() is layer3 of 5")
    press(widget, "Remove")
    says(widget, "dl.MaxPool2D(2) is layer2 of 4")
    assert widget.locator("canvas").bounding_box()["width"] <= 420
    assert book.errors() == [] and book.dlc_complaints() == []
