"""Lesson 08 in a real JupyterLab: the question locks, one travels by slider, keys and Play, and a network is turned by hand."""

import pytest
from jupyter import answer, frame_of, place, pull, repainted, says, wait_ready

pytestmark = pytest.mark.browser

CELLS = [
    "from dlcourse.widgets import Representation, TwoViews\nfrom dlcourse.live.widget import Predict\n"
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
    answer(widget, "a third neuron")
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

    before = frame_of(widget)
    pull(page, place(widget, 0.75, 0.5), place(widget, 0.65, 0.5))
    repainted(widget, before)
    page.wait_for_function(
        "(e) => /turned by [1-9]/.test(e.innerText)", arg=widget.locator(".dlc-sentence").element_handle()
    )


def test_play_travels_to_the_last_layer(book):
    widget = book.widgets().first
    wait_ready(widget)
    answer(widget, "another start")
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
