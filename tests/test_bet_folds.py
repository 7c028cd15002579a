"""The folded picture below a bet: there where a cover hides something, made anew each time, and nothing of it above."""

import base64
import sys
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parent / "live"))  # demo.py
from demo import Wave

from dlcourse import bet_folds, notebooks
from dlcourse.live.widget import Predict
from dlcourse.widgets import FitAFunction, PeekCounter

QUESTION = Predict("Which is best?", ("the line", "the network"))
LESSONS = notebooks.lessons(Path(__file__).parents[1] / "lessons")


def sent(widget, monkeypatch, *, asked=True, predict=QUESTION):
    """What the output of a widget says about its picture."""
    if asked:
        monkeypatch.setenv(bet_folds.ASKED, "1")
    shell = widget.show(predict=predict) if predict else widget.show()
    about = shell._repr_mimebundle_()[1]["image/png"]
    shell.close()
    return about


def test_the_picture_comes_along_only_when_it_is_asked_for_and_there_was_a_question(monkeypatch):
    assert bet_folds.KEY not in sent(FitAFunction(), monkeypatch, asked=False)
    assert bet_folds.KEY not in sent(FitAFunction(), monkeypatch, predict=None)
    about = sent(FitAFunction(), monkeypatch)
    assert base64.b64decode(about[bet_folds.KEY]["png"]).startswith(b"\x89PNG")
    assert "Smallest on unseen: network" in about[bet_folds.KEY]["alt"] and "Smallest on unseen" not in about["alt"]


def test_a_widget_that_covers_nothing_has_no_picture_to_fold(monkeypatch):
    assert bet_folds.KEY not in sent(Wave(), monkeypatch)
    told = sent(Wave(), monkeypatch, predict=Predict("?", ("up", "down"), answer="down"))
    assert told[bet_folds.KEY] == {"answer": "down"}


def test_where_nothing_is_covered_it_shows_where_play_ends(monkeypatch):
    told = sent(PeekCounter(), monkeypatch)[bet_folds.KEY]
    end = PeekCounter(peeks=128)
    assert told["alt"] == end.describe(end.compute())


def test_a_question_may_say_what_shows_the_answer_and_after_how_many_steps(monkeypatch):
    told = sent(
        PeekCounter(), monkeypatch, predict=Predict("?", ("a", "b"), answer="b", shows={"tomorrow": True}, steps=3)
    )
    end = PeekCounter(peeks=4, tomorrow=True)
    assert told[bet_folds.KEY]["alt"] == end.describe(end.compute())


def a_lesson(alt="It is 5 * 2 [m]"):
    """A notebook as it is after it has run: a bet and its output, and text below."""
    output = nbformat.v4.new_output("execute_result", {"image/png": "AA==", "text/plain": "x"}, execution_count=1)
    output.metadata = {"image/png": {"alt": "covered", bet_folds.KEY: {"png": "BB==", "alt": alt}}}
    bet = nbformat.v4.new_code_cell("Wave().show(predict=…)", outputs=[output], execution_count=1)
    bet["id"] = "n01-04"
    return nbformat.v4.new_notebook(cells=[bet, nbformat.v4.new_markdown_cell("Press Play.")])


def test_it_lies_closed_below_its_widget_and_nothing_of_it_stays_above():
    book = a_lesson()
    bet_folds.fold(book)
    bet, folded, text = book.cells
    assert "after" not in str(bet.outputs) and bet.outputs[0].metadata["image/png"]["alt"] == "covered"
    assert folded.source.startswith("<details>\n<summary>") and " open" not in folded.source.split("\n")[0]
    assert r"![It is 5 \* 2 \[m\]](attachment:after.png)" in folded.source
    assert folded.attachments == {"after.png": {"image/png": "BB=="}} and folded["id"] == "n01-04-after"
    assert text.source == "Press Play."
    nbformat.validate(notebooks.normalize(book))
    assert [cell["id"] for cell in book.cells][1] == "n01-04-after" and book.cells[1].metadata.tags == [bet_folds.TAG]


def test_the_answer_is_in_it():
    book = a_lesson()
    about = book.cells[0].outputs[0].metadata["image/png"]
    about[bet_folds.KEY] = {"answer": "about 1, a_b"}
    bet_folds.fold(book)
    assert book.cells[1].source == (
        "<details>\n<summary>After your bet</summary>\n\nWhat came: **about 1, a\\_b**\n\n</details>"
    )
    assert "attachments" not in book.cells[1]
    nbformat.validate(notebooks.normalize(book))


def test_it_is_made_anew_and_goes_with_its_question():
    book = a_lesson()
    bet_folds.fold(book)
    again = a_lesson("another")
    again.cells.insert(1, book.cells[1])
    bet_folds.fold(again)
    assert len(again.cells) == 3 and "another" in again.cells[1].source
    bet_folds.fold(again)  # the widget asks no more
    assert [cell.cell_type for cell in again.cells] == ["code", "markdown"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_what_lessons_have_folded_is_another_picture_than_the_one_above(path):
    cells = notebooks.read("test", path).cells
    for above, cell in zip(cells, cells[1:], strict=False):
        if bet_folds.TAG in cell.metadata.get("tags", []):
            assert "predict=" in above.source.replace(" ", "")
            (stored,) = [one.data["image/png"] for one in above.outputs if "image/png" in one.get("data", {})]
            assert all(picture["image/png"] != stored for picture in cell.get("attachments", {}).values())
            assert bet_folds.KEY not in str(above.outputs)


WORDS_ALONE: dict[str, int] = {}
"""Lessons whose folds tell some answer without a picture, and how many: none is left."""


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_what_came_is_shown_and_not_only_told(path):
    folds = [cell for cell in notebooks.read("test", path).cells if bet_folds.TAG in cell.metadata.get("tags", [])]
    bare = [cell.source for cell in folds if not cell.get("attachments")]
    assert len(bare) <= WORDS_ALONE.get(path.stem, 0), bare
