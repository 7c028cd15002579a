"""Lesson 22 in a real JupyterLab: a bet is placed, and a patient is examined, diagnosed and treated, by hand and by keys."""

import pytest
from jupyter import answer, opened, place, says

pytestmark = pytest.mark.browser

CELLS = [
    """from dlcourse.widgets import Clinic, Predict
Clinic(number=2, test="overfit one batch").show(
    predict=Predict("?", ("still 0.69", "close to 0"), "close to 0", shows={"ordered": ("overfit one batch",)})
)""",
    "Clinic(number=3)",
]
TESTS = (0.15 / 7.2, 0.32 / 4.05, 2.75 / 7.2, 3.2 / 4.05)
"""Left, bottom, width and height of the list, as shares of the picture; ten rows from −0.6 to 10.6, the first above."""


def test_a_patient_is_examined_diagnosed_and_treated(open_notebook):
    book, page, bet = opened(open_notebook, CELLS, timeout=90)
    says(bet, "is not ordered yet")
    answer(bet, "still 0.69")
    page.wait_for_function(
        "([e, text]) => e.innerText.includes(text)", arg=[bet.element_handle(), "What came: close to 0."]
    )
    says(bet, "After 200 steps on the same 32 examples the loss is 0.0")
    widget = book.widgets().nth(1)
    treat = widget.get_by_role("button", name="Treat for it")
    assert treat.is_disabled()
    row = place(widget, 0.4, 1 - 1.6 / 11.2, TESTS)  # the second, “loss at the start”
    page.mouse.click(*row)  # the first click brings the keyboard
    page.mouse.click(*row)
    says(widget, "“Loss at the start” costs 1 min")
    page.keyboard.press("Enter")
    says(widget, "It says nearly the same to all examples.")
    diagnosis = widget.get_by_role("combobox", name="diagnosis")
    diagnosis.select_option("learning rate too high")
    treat.click()
    says(widget, "That was not it.")
    diagnosis.select_option("dead ReLUs")
    treat.click()
    says(widget, "That was it.")
    says(widget, "A doctor would have ordered “loss at the start” first (1 min).")
    widget.get_by_role("button", name="Next patient").click()
    says(widget, "Patient 4")
    assert book.errors() == [] and book.dlc_complaints() == []
