"""Bets: what is told after a choice, and how they are counted, with a kernel and without."""

from pathlib import Path

import pytest
from demo import Wave
from kernel import Notebook

from dlcourse.errors import ArgumentError
from dlcourse.live import bets as module
from dlcourse.live.bets import Bets, bets, place
from dlcourse.live.history import History
from dlcourse.live.reports import portrait
from dlcourse.live.widget import Predict

QUESTION = Predict("Does the mean rise?", ("it rises", "it falls"), answer="it falls")


@pytest.fixture(autouse=True)
def no_bets(monkeypatch):
    monkeypatch.setattr(module, "_session", Bets())


def test_nothing_is_told_before_a_choice_and_one_line_after_it():
    assert portrait(History(Wave(), QUESTION))["outcome"] == ""
    for choice, told in (
        ("it falls", "It was your bet that came: it falls."),
        ("it rises", "What came: it falls. Your bet was: it rises. The picture shows why."),
    ):
        history = History(Wave(), QUESTION)
        assert history.answer(choice) and portrait(history)["outcome"] == told


def test_the_answer_is_not_in_the_page_before_the_choice():
    assert "answer" not in portrait(History(Wave(), QUESTION))["predict"]


def test_a_question_without_an_answer_tells_nothing():
    history = History(Wave(), Predict("Where?", ("left", "right")))
    assert history.answer("left") and portrait(history)["outcome"] == ""
    assert repr(bets()) == "1 bet placed."


def test_an_answer_that_cannot_be_chosen_is_refused():
    with pytest.raises(ArgumentError, match=r"answer='up' is not one of the choices, left, right"):
        Predict("Where?", ("left", "right"), answer="up")


def test_bets_are_counted_and_the_first_one_on_a_question_counts():
    assert repr(bets()) == "No bets yet. Choose one above a picture, then run this cell again."
    place(QUESTION, "it rises")
    place(QUESTION, "it falls")
    assert (len(bets()), bets().came, repr(bets())) == (1, 0, "1 bet placed, none came.")
    place(Predict("Where?", ("left", "right"), answer="left"), "left")
    assert (len(bets()), bets().came, repr(bets())) == (2, 1, "2 bets placed, 1 came.")


def test_a_choice_goes_to_where_the_answer_is_seen_and_reset_to_where_it_was_asked():
    question = Predict("Higher?", ("yes", "no"), answer="no", shows={"frequency": 3.0})
    history = History(Wave(frequency=1.0), question)
    assert history.answer("yes")
    assert (history.state.frequency, history.state.prediction) == (3.0, "yes")
    history.reset()
    assert (history.state.frequency, history.state.prediction) == (1.0, "yes")
    assert question.outcome("yes").endswith("The picture shows why.")


def test_where_it_is_seen_after_steps_the_line_sends_to_play():
    question = Predict("Up?", ("yes", "no"), answer="no", steps=2)
    assert question.outcome("yes") == "What came: no. Your bet was: yes. Play shows why."


def test_a_question_cannot_show_a_field_that_the_widget_has_not():
    with pytest.raises(ArgumentError, match="Predict: shows has 'colour', and Wave has no field of that name"):
        Wave().show(predict=Predict("Up?", ("yes", "no"), shows={"colour": "red"}))


def test_a_choice_that_is_none_places_no_bet():
    assert not History(Wave(), QUESTION).answer("elsewhere") and not len(bets())


def test_in_a_kernel_bets_are_counted_until_it_ends():
    count = "from dlcourse.widgets import Predict, bets\nprint(bets())"
    notebook = Notebook()
    try:
        notebook.run(f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\nfrom demo import Wave")
        printed = notebook.printed(count)
        assert printed == "No bets yet. Choose one above a picture, then run this cell again.\n"
        show = "Wave().show(predict=Predict('Up?', ('yes', 'no'), answer='no'))"
        for run in range(2):  # the cell that asks runs again, and now the answer is known
            model, (view,) = notebook.show(show, "the cell")
            notebook.say(model, view, 3, do="predict", n=2, choice=("yes", "no")[run])
            notebook.frame(model)
            assert notebook.printed(count) == "1 bet placed, none came.\n"
    finally:
        notebook.close()
