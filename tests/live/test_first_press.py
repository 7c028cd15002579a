"""The click that gives a picture the keyboard changes no data: every widget, pressed at many places."""

import numpy as np
import pytest
from demo import Wave

from dlcourse import widgets
from dlcourse.live.session import Session

PLACES = [{"x": float(x), "y": float(y)} for x in np.linspace(0.05, 0.95, 10) for y in np.linspace(0.08, 0.92, 8)]
TABLE = (Wave, *widgets.ALL)


def session(kind):
    opened = Session(kind(), lambda message, buffers: None)
    opened.handle({"do": "hello", "ratio": 1, "width": 720, "dark": False})
    return opened


def made_by_hand(state):
    """How much there is of what a hand can add."""
    editor = getattr(state, "editor", None)
    rows = len(editor.points) if editor is not None else 0
    return rows, *(len(getattr(state, name, ())) for name in ("strokes",)), getattr(state, "units", 0)


def click(opened, place, *, first):
    events = [{"kind": "down", "first": first} | place, {"kind": "up"} | place]
    opened.handle({"do": "events", "events": events})


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_the_click_that_brings_the_keyboard_adds_nothing(kind):
    opened = session(kind)
    before = made_by_hand(opened.state)
    for place in PLACES:
        click(opened, place, first=True)
        after = made_by_hand(opened.state)
        assert all(new <= old for new, old in zip(after, before, strict=True)), place
        before = after


@pytest.mark.parametrize("kind", [Wave, widgets.DigitPad, widgets.FitAFunction, widgets.NeuronExplorer, widgets.Folds, widgets.Playground])  # fmt: skip
def test_the_next_click_adds_and_so_does_a_drag_that_begins_without_the_keyboard(kind):
    def adds(events):
        opened = session(kind)
        for place in PLACES:
            before = how_much(opened.state)
            opened.handle({"do": "events", "events": events(place)})
            if how_much(opened.state) > before:
                return True
        return False

    def how_much(state):
        return sum(made_by_hand(state)) + len(getattr(state, "points", ()))

    def next_click(place):
        return [{"kind": "down", "first": False} | place, {"kind": "up"} | place]

    def first_drag(place):
        beside = place | {"x": place["x"] + 0.02}
        return [{"kind": "down", "first": True} | place, {"kind": "drag"} | beside, {"kind": "up"} | beside]

    assert adds(next_click) and adds(first_drag)


def test_a_press_on_what_can_be_dragged_takes_it_at_once():
    opened = session(widgets.NeuronExplorer)
    state = opened.state
    (axes,) = (axes for axes in opened.studio._shown.figure.axes if axes.get_label() == "plane")
    px, py = axes.transData.transform(state.shown[0][:2])
    box = axes.figure.bbox
    place = {"x": px / box.width, "y": 1 - py / box.height}
    opened.handle({"do": "events", "events": [{"kind": "down", "first": True} | place]})
    assert opened.state.grabbed == "point" and opened.state.selected == 0
