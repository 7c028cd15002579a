"""The state of a live widget and what steps have left behind, with no view."""

from demo import Wave

from dlcourse.live.history import LENGTH, History
from dlcourse.live.widget import Predict


class Done(Wave):
    def step(self):
        return self


def test_a_step_can_be_taken_back_exactly():
    history = History(Wave())
    states = [history.state]
    for _ in range(3):
        assert history.step()
        states.append(history.state)
    assert len(history) == 3 and history.state.time == 0.03
    for expected in reversed(states[:-1]):
        assert history.back() and history.state is expected
    assert not history.back() and history.state is states[0]


def test_a_step_that_changes_nothing_is_none():
    history = History(Done())
    assert not history.step() and not len(history)


def test_a_move_cannot_be_taken_back():
    history = History(Wave())
    history.step()
    moved = history.state.replace(frequency=2.0)
    history.move(moved)
    assert history.state is moved and len(history) == 1
    history.back()
    assert history.state is history.first


def test_only_so_many_steps_are_kept():
    history = History(Wave())
    for _ in range(LENGTH + 10):
        history.step()
    assert len(history) == LENGTH
    history.forget()
    assert not len(history) and history.state.time > 0


def test_reset_is_the_first_state_itself():
    history = History(Wave(frequency=2.0))
    history.step()
    history.move(history.state.replace(cycles=5))
    history.reset()
    assert history.state is history.first and not len(history)


def test_a_question_locks_until_one_of_its_choices_is_made():
    history = History(Wave(), Predict("Where?", ("left", "right")))
    assert history.is_locked and not history.answer("elsewhere") and history.is_locked
    assert history.answer("right") and not history.is_locked
    assert history.state.prediction == history.first.prediction == "right"
    history.step()
    history.reset()
    assert not history.is_locked


def test_where_nothing_was_asked_nothing_is_locked_or_answered():
    history = History(Wave())
    assert not history.is_locked and not history.answer("right") and history.state is history.first
