"""Lesson 08 in a real JupyterLab: the question locks, one travels by slider, keys and Play, and a network is turned by hand."""

import pytest
from jupyter import frame_of, says, wait_ready

pytestmark = pytest.mark.browser

CELLS = [
    "from dlcourse.widgets import Representation, TwoViews\nfrom dlcourse.widgets.widget import Predict\n"
    'Representation().show(predict=Predict("What helps?", ("another start", "a third neuron")))',
    "TwoViews()",
]


@pytest.fixture
def book(open_notebook):
    book = open_notebook(CELLS)
    book.run_all(timeout=60)
    yield book
    assert book.errors() == []
    assert book.dlc_complaints() == []


def test_a_third_neuron_is_chosen_travelled_through_and_turned(book):
    page, widget = book.page, book.widgets().first
    wait_ready(widget)
    widget.get_by_role("button", name="a third neuron", exact=True).click()
    page.wait_for_function("(e) => !e.classList.contains('dlc-locked')", arg=widget.element_handle())
    says(widget, "of 800 points are on the wrong side")
    widget.get_by_role("combobox", name="hidden neurons").select_option("3")
    says(widget, "all points are on their side of its last straight cut")

    widget.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    says(widget, "2% of the way to the sum")
    slider = widget.get_by_role("slider", name="way through")
    slider.focus()
    page.keyboard.press("End")
    says(widget, "Shown at tanh, layer 1")

    before, box = frame_of(widget), widget.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.65 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
    page.mouse.up()
    page.wait_for_function(
        "([c, old]) => c.toDataURL() !== old", arg=[widget.locator("canvas").element_handle(), before]
    )
    page.wait_for_function(
        "(e) => /turned by [1-9]/.test(e.innerText)", arg=widget.locator(".dlc-sentence").element_handle()
    )


def test_play_travels_to_the_last_layer(book):
    page, widget = book.page, book.widgets().first
    wait_ready(widget)
    widget.get_by_role("button", name="another start", exact=True).click()
    page.wait_for_function("(e) => !e.classList.contains('dlc-locked')", arg=widget.element_handle())
    widget.get_by_role("button", name="Play", exact=True).click()
    says(widget, "Shown at tanh, layer 1")


def test_a_network_learns_digits_and_is_read_by_another_probe(book):
    widget = book.widgets().nth(1)
    wait_ready(widget)
    says(widget, "after 0 epochs")
    widget.get_by_role("button", name="Step", exact=True).click()
    says(widget, "after 1 epoch")
    widget.get_by_role("combobox", name="probe").select_option("nearest neighbour")
    says(widget, "read by nearest neighbour")
    widget.get_by_role("combobox", name="layer on the right").select_option("output")
    says(widget, "from all 10 of the output")
