"""Measured: rows of numbers, of which those that a bet is about stay covered; and bets that a hand has to settle."""

import numpy as np
import pytest
from demo import Wave
from pictures.shown import Shown

from dlcourse.errors import ArgumentError
from dlcourse.live.widget import Pointer, Predict
from dlcourse.widgets import Measured

RACE = {"first": (0.94, 0.95, 0.93), "second": 0.9, "third": (0.91, 0.92)}


def told(widget):
    return widget.describe(widget.compute())


def test_it_tells_the_mean_of_each_row_and_the_runs_of_the_chosen_one():
    race = Measured(RACE, label="read right", written=".1%")
    assert told(race) == (
        "Read right: first 94.0%, second 90.0%, third 91.5%. The runs of first go from 93.0% to 95.0%."
    )
    assert told(race.key("ArrowDown")).endswith("third 91.5%.")
    assert told(race.pointer(Pointer("hover", "rows", 0.5, 1.8))).endswith("The runs of third go from 91.0% to 92.0%.")
    assert race.key("ArrowUp") is race and race.pointer(Pointer("hover", "", 0.5, 1.8)) is race


def test_only_the_rows_that_the_bet_is_about_are_covered_and_only_until_it_is_placed():
    race = Measured(RACE, covers=("second",), covered=True)
    assert "second is covered" in told(race) and "first 94%" in told(race)
    assert "90%" in told(race.replace(prediction="up"))
    assert "%" not in told(Measured(RACE, covered=True)), "all of them, where none is named"
    assert race.caption(race.compute()) == (
        "Covered until you have chosen: second. The runs of first go from 93% to 95%."
    )


def test_numbers_are_written_as_the_course_writes_them():
    assert "204\u202f800" in told(Measured({"fifty": 204_800}, written=",.0f"))
    assert "−2" in told(Measured({"below": -2.0}, written=".0f"))


def test_what_a_hand_has_to_do_is_left_to_it_and_a_stored_page_shows_its_end():
    question = Predict("Higher?", ("yes", "no"), answer="no", by_hand={"frequency": 3.0})
    assert question.settled(Wave(), "yes").frequency == Wave().frequency
    assert question.seen(Wave()).frequency == 3.0 and question.seen(Wave()).prediction == "no"
    assert question.outcome("yes") == "What came: no. Your bet was: yes. Try it, and see why."
    with pytest.raises(ArgumentError, match="Predict: by_hand has 'colour', and Wave has no field of that name"):
        Wave().show(predict=Predict("Up?", ("yes", "no"), by_hand={"colour": "red"}))


def test_a_covered_row_leaves_no_trace_in_the_picture():
    from dlcourse.live.picture import Picture

    shown = [
        Picture(*Measured.size).paint(widget, widget.compute())
        for value in (0.2, 0.8)
        for widget in [Measured({"one": 0.5, "two": value}, covers=("two",), covered=True, chosen=1)]
    ]
    assert np.array_equal(*shown)


def test_what_stands_at_a_tick_is_its_number():
    shown = Shown(Measured({"it falls": 10, "it does not": 9}, limits=(0, 20), written=".0f"))
    axis = shown.axes("rows").xaxis
    ticks = axis.get_ticklocs()
    assert [float(label.get_text()) for label in axis.get_ticklabels()] == list(ticks) and len(ticks) > 3


@pytest.mark.parametrize("width", [320, 420, 600, 720, 1000])
@pytest.mark.parametrize(("name", "note"), [("a", "x" * 120), ("n" * 80, ""), ("n" * 80, "x" * 120)])
def test_long_names_and_notes_leave_room_for_the_axis(width, name, note):
    from dlcourse.live.picture import Picture, size_for

    widget = Measured({name: 0.5, "other": [0.2, 0.4]}, notes={name: note})
    picture = Picture(*size_for(widget, width))
    picture.paint(widget, widget.compute())
    (axes,) = picture.figure.axes
    assert axes.bbox.width > 1.4 * picture.figure.dpi
