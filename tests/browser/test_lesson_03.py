"""Lesson 03 in a real JupyterLab: units are dragged, a network is built by clicking, poked at, trained, broken, taken back."""

import pytest
from jupyter import frame_of, opened, place, pull, says

from dlcourse.live.picture import size_for
from dlcourse.widgets import Playground

pytestmark = pytest.mark.browser

FOLDS = """from dlcourse.widgets import Folds
Folds(folds=[(0.3, 2.0), (0.6, -3.0), (0.6, -1.0)])"""
PLAYGROUND = """from dlcourse.widgets import Playground
shell = Playground().show()
shell"""


def unit(widget, x, y):
    """Screen position in Folds' upper axes."""
    return place(widget, (x + 0.15) / 1.3, (y + 1.5) / 3, (0.075, 0.56, 0.905, 0.37))


def spot(widget, at, wide=True):
    """Screen position of a place in the Playground's figure, in hundredths of an inch."""
    width, height = Playground().layout(wide).figure
    return place(widget, at[0] / width, at[1] / height)


def in_plane(widget, x, y):
    left, bottom, side = Playground().layout().map
    return spot(widget, (left + side * (x + 1.3) / 2.6, bottom + side * (y + 1.3) / 2.6))


def test_a_unit_is_dragged_and_a_bend_appears(open_notebook):
    book, page, widget = opened(open_notebook, [FOLDS])
    says(widget, "2 bends")
    pull(page, unit(widget, 0.3, 0), unit(widget, 0.1, 0))
    says(widget, "x = 0.10, 0.60")
    page.mouse.click(*unit(widget, 0.85, 1.0))
    says(widget, "4 ReLU units")
    says(widget, "3 bends")
    page.keyboard.press("ArrowRight")
    says(widget, "kink at 0.86")
    page.keyboard.press("Delete")
    says(widget, "3 ReLU units")
    assert book.errors() == []


def test_a_network_is_built_poked_at_and_edited(open_notebook):
    book, page, widget = opened(open_notebook, [PLAYGROUND])
    layout = Playground().layout()
    page.mouse.click(*spot(widget, (layout.column(1) + 15, layout.network[3] - 15)))
    says(widget, "2-5-2-1 network")
    layout = Playground(h1=5).layout()
    page.mouse.move(*spot(widget, layout.place(1, 2)))
    says(widget, "Shown: neuron 3 of layer 1")
    page.mouse.click(*spot(widget, layout.place(2, 1)))
    says(widget, "to neuron 2 of layer 2")
    page.keyboard.press("w")
    says(widget, "weight from neuron 2 of layer 1 to neuron 2 of layer 2")
    page.keyboard.press("+")
    page.mouse.click(*spot(widget, layout.place(0, 4)))
    says(widget, "3-5-2-1 network of x₁ x₂ x₁x₂")
    widget.get_by_role("button", name="Add layer", exact=True).click()
    says(widget, "3-5-2-2-1")
    assert book.errors() == []


def test_points_of_four_classes_are_drawn_and_learned(open_notebook):
    book, page, widget = opened(open_notebook, [PLAYGROUND])
    widget.get_by_role("button", name="Clear points", exact=True).click()
    says(widget, "your own points: 0 training")
    widget.locator(".dlc-more > summary").click()
    brush = widget.locator("[data-name=brush] select")
    for number, (x, y) in enumerate(((-0.6, -0.6), (-0.6, 0.6), (0.6, -0.6), (0.6, 0.6))):
        brush.select_option(index=number)
        page.wait_for_timeout(200)
        page.mouse.click(*in_plane(widget, x, y))
        says(widget, f"your own points: {number + 1} training")
    says(widget, "2-4-2-4 network")
    widget.get_by_role("button", name="Play", exact=True).click()
    says(widget, "100 % and")
    widget.get_by_role("button", name="Pause", exact=True).click()
    page.wait_for_timeout(400)
    still = frame_of(widget)
    page.wait_for_timeout(400)
    assert frame_of(widget) == still
    assert book.errors() == []


def test_a_broken_run_is_explained_and_taken_back(open_notebook):
    cell = (
        "from dlcourse.widgets import Playground\n"
        'Playground(data="numbers: slope", activation="identity", h1=8, pace=50, lr=10.0)'
    )
    book, page, widget = opened(open_notebook, [cell])
    widget.get_by_role("button", name="Play", exact=True).click()
    says(widget, "broke it")
    says(widget, "try a learning rate of 1")
    widget.get_by_role("button", name="Play", exact=True).wait_for()
    widget.get_by_role("button", name="Back", exact=True).click()
    page.wait_for_function(
        "(e) => !e.innerText.includes('broke it')", arg=widget.locator(".dlc-sentence").element_handle()
    )
    assert book.errors() == []


def test_a_narrow_window_has_its_own_layout(open_notebook):
    book, page, widget = opened(open_notebook, [PLAYGROUND], width=520, dark=True)
    box = widget.locator("canvas").bounding_box()
    _, high, _ = size_for(Playground(), box["width"])
    assert high > 7 and box["width"] < 520
    page.mouse.click(*spot(widget, Playground().layout(False).place(1, 0), wide=False))
    says(widget, "to neuron 1 of layer 1")
    assert book.errors() == []


SIDES = """(root) => {
  const box = (one) => one.getBoundingClientRect(), fields = box(root.querySelector(".dlc-fields"));
  const canvas = box(root.querySelector("canvas")), screen = box(document.querySelector(".jp-Notebook"));
  return [root.clientHeight, screen.height, fields.left - canvas.right, fields.bottom - canvas.top];
}"""


def test_the_playground_fits_a_small_screen_with_its_controls_beside_the_picture(open_notebook):
    _, page, widget = opened(
        open_notebook, ["from dlcourse.widgets import Playground\nPlayground()"], width=1366, height=768
    )
    page.wait_for_timeout(600)
    height, screen, right, _ = widget.evaluate(SIDES)
    assert height <= screen and right > 0
    page.set_viewport_size({"width": 1000, "height": 900})
    page.wait_for_timeout(900)
    _, _, right, below = widget.evaluate(SIDES)
    assert right < 0 and below <= 1, "with no room beside it, they stand above"
    page.set_viewport_size({"width": 1366, "height": 768})
    page.wait_for_timeout(900)
    assert widget.evaluate(SIDES)[2] > 0
