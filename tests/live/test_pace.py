"""How many frames may be on the way, with a clock that the test turns."""

import pytest

from dlcourse.live.pace import FRAME_SECONDS, SILENCE_SECONDS, WINDOW, Pace


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(clock)


def send(pace, frames):
    for _ in range(frames):
        pace.count()


def test_four_frames_may_be_on_the_way_to_each_view(pace):
    pace.join("a")
    send(pace, WINDOW - 1)
    assert pace.has_room()
    send(pace, 1)
    assert not pace.has_room() and pace.room_in() == float("inf")
    pace.acknowledge("a", 1)
    assert pace.has_room()


def test_a_view_that_joins_changes_nothing_for_the_others(pace):
    pace.join("a")
    send(pace, WINDOW)
    for view in "bcd":
        pace.join(view)
        pace.acknowledge(view, pace.sent)
        assert not pace.has_room()
    pace.acknowledge("a", 3)
    assert pace.has_room()


def test_a_view_owes_nothing_for_frames_before_it(pace):
    pace.join("a")
    send(pace, 3)
    pace.join("b")
    pace.acknowledge("a", 3)
    send(pace, 3)
    assert pace.has_room()


def test_frames_that_were_never_sent_are_not_acknowledged(pace):
    pace.join("a")
    send(pace, WINDOW)
    pace.acknowledge("a", 67)
    pace.acknowledge("nobody", 2)
    assert not pace.has_room()


def test_old_acknowledgements_take_nothing_back(pace):
    pace.join("a")
    send(pace, WINDOW)
    pace.acknowledge("a", 4)
    pace.acknowledge("a", 1)
    send(pace, WINDOW - 1)
    assert pace.has_room()


def test_a_silent_view_holds_the_others_back_for_a_moment(pace, clock):
    pace.join("left")
    pace.join("here")
    send(pace, WINDOW)
    pace.acknowledge("here", WINDOW)
    clock.now += SILENCE_SECONDS / 2
    assert pace.room_in() == pytest.approx(SILENCE_SECONDS / 2)
    clock.now += SILENCE_SECONDS / 2
    assert pace.has_room()
    send(pace, WINDOW)  # now the other one owes as many, and nobody answers
    assert pace.room_in() == float("inf")


def test_a_view_that_was_idle_for_long_is_not_taken_for_silent(pace, clock):
    pace.join("a")
    pace.join("b")
    clock.now += 1000
    send(pace, WINDOW)
    pace.acknowledge("b", WINDOW)
    assert pace.room_in() == pytest.approx(SILENCE_SECONDS)


def test_a_silent_view_that_comes_back_counts_again(pace, clock):
    pace.join("a")
    pace.join("b")
    send(pace, WINDOW)
    pace.acknowledge("b", WINDOW)
    clock.now += 2 * SILENCE_SECONDS
    pace.acknowledge("a", WINDOW)
    send(pace, WINDOW)
    pace.acknowledge("b", pace.sent)
    assert not pace.has_room()


def test_a_view_that_leaves_owes_nothing(pace):
    pace.join("a")
    pace.join("b")
    send(pace, WINDOW)
    pace.acknowledge("a", WINDOW)
    pace.leave("b")
    assert pace.has_room() and pace.viewers == ("a",)
    pace.leave("a")
    assert not pace.viewers and pace.has_room()


def test_forty_frames_a_second(pace, clock):
    assert pace.due_in() == 0.0
    pace.count()
    assert pace.due_in() == pytest.approx(FRAME_SECONDS)
    clock.now += 1
    assert pace.due_in() == 0.0
