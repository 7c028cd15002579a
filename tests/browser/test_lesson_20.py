"""Lesson 20 in a real JupyterLab: bets are placed and settled, λ is pulled and played, the ellipses are dragged."""

import pytest
from jupyter import answer, frame_of, place, pull, says, wait_ready

pytestmark = pytest.mark.browser

LESSON = "20_regularization"
PLANE = (0.45 / 7.2, 0.4 / 4.0, 3.3 / 7.2, 3.3 / 4.0)
"""Left, bottom, width and height of the plane of both weights, as shares of the picture."""


def test_bets_are_settled_by_the_widgets_and_both_can_be_moved(run_lesson):
    book = run_lesson()
    page = book.page
    bets = (
        ("about 1", "What came: about 0.1", "with L2, λ = 0.0025: error 0.016 on 15 seen points, 0.090 on 200"),
        ("two or three", "What came: eleven", "Of 14 weights 11 are exactly 0"),
        ("about ten", "What came: none", "plain 0"),
        ("less than 1.5 times as large", "It was your bet that came", "The runs of λ = 0.0025 go from 1.01 to 1.63"),
    )
    for number, (bet, came, after) in zip((0, 1, 3, 4), bets, strict=True):
        widget = book.widgets().nth(number)
        wait_ready(widget)
        answer(widget, bet)
        page.wait_for_function("([e, text]) => e.innerText.includes(text)", arg=[widget.element_handle(), came])
        says(widget, after)
    corners = book.widgets().nth(1)
    before = frame_of(corners)
    corners.locator("[data-name=strength] input[type=range]").focus()
    page.keyboard.press("Home")
    says(corners, "λ = 10⁻⁵")
    corners.get_by_role("button", name="Play", exact=True).click()
    says(corners, "Of 14 weights 14 are exactly 0")
    assert frame_of(corners) != before

    contact = book.widgets().nth(2)
    says(contact, "w₂ is exactly 0")
    middle = place(contact, 0.8, 0.575, PLANE)
    page.mouse.click(*middle)  # the first click brings the keyboard
    pull(page, middle, place(contact, 0.55, 0.875, PLANE))
    says(contact, "w₁ is exactly 0")
    page.keyboard.press("ArrowRight")
    contact.locator("[data-name=penalty] select").select_option("L2")
    says(contact, "No weight is 0")
    assert book.errors() == [] and book.dlc_complaints() == []
