"""Lesson 13b in a real JupyterLab: a digit is shifted, a map chosen, and the next mistake is looked at."""

import pytest
from jupyter import opened, says

pytestmark = pytest.mark.browser

CELL = "from dlcourse.widgets import FeatureMaps\nFeatureMaps()"


def test_a_digit_is_shifted_and_a_map_chosen(open_notebook):
    book, page, widget = opened(open_notebook, [CELL], timeout=60)
    says(widget, "as it is")
    slider = widget.get_by_role("slider", name="shift to the right")
    slider.focus()
    page.keyboard.press("ArrowRight")
    says(widget, "shifted 1 to the right")
    widget.locator("canvas").focus()
    page.keyboard.press("ArrowDown")
    says(widget, "Layer 2")
    widget.get_by_role("button", name="Next mistake", exact=True).click()
    says(widget, "Picture")
    assert book.errors() == [] and book.dlc_complaints() == []
