"""Lesson 16 in a real JupyterLab: bets are placed and settled, bars pulled by hand and by keys, a temperature is fitted."""

import pytest
from jupyter import answer, opened, place, pull, says, wait_ready
from test_lessons import changes, settled

pytestmark = pytest.mark.browser

LESSON = "16_softmax"
BARS = "from dlcourse.widgets import SoftmaxBars\nSoftmaxBars(look='Jacobian')"
DIAGRAM = "from dlcourse.widgets import ReliabilityDiagram\nReliabilityDiagram(epochs=97)"
SCORES = (0.55 / 7.2, 3.1 / 5.2, 3.05 / 7.2, 1.75 / 5.2)  # left, bottom, width, height of the scores
NARROW = (0.55 / 4.5, 5.4 / 7.4, 3.85 / 4.5, 1.65 / 7.4)
COURSE = (4.4 / 7.2, 0.6 / 3.4, 1.75 / 7.2, 2.4 / 3.4)


def score(widget, bar, value, axes):
    """Where a score stands on the screen: four bars from −0.6 to 3.6, scores from −6.3 to 6.3."""
    return place(widget, (bar + 0.6) / 4.2, (value + 6.3) / 12.6, axes)


def test_each_bet_of_the_lesson_is_open_and_gets_settled(run_lesson):
    book = run_lesson(timeout=180)
    page = book.page
    bets = (
        ("lower than nearly all", "What came: somewhere in the middle."),
        ("still 20 times the last", "It was your bet that came"),
        ("none or one, as it says", "What came: about fifteen."),
    )
    for number, (bet, came) in enumerate(bets):
        widget = book.widgets().nth(number + 1)
        wait_ready(widget)
        assert came not in widget.inner_text()
        answer(widget, bet)
        assert changes(page, lambda widget=widget, came=came: came in widget.inner_text())
    e, jacobian, diagram = (book.widgets().nth(number) for number in (0, 2, 3))
    shift = e.get_by_role("spinbutton", name="added to every score")
    shift.fill("-20")
    shift.press("Enter")
    says(e, "Scores −26.")
    says(e, "says 5, and gives it more than 99.9 %")
    jacobian.locator("canvas").focus()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    says(jacobian, "You pulled x₂ by 0.30")
    says(diagram, "of these it expects 0.6 to be wrong")
    assert book.errors() == [] and book.dlc_complaints() == []


@pytest.mark.parametrize(
    ("axes", "settings"), [(SCORES, {}), (NARROW, {"width": 430, "dark": True})], ids=["wide", "narrow"]
)
def test_a_bar_is_pulled_by_hand_and_by_keys(open_notebook, axes, settings):
    book, page, widget = opened(open_notebook, [BARS], timeout=90, **settings)
    says(widget, "64.4 %, 23.7 %, 8.7 %, 3.2 %")
    before, _ = settled(widget)
    page.mouse.click(*score(widget, 0, 1, axes))
    pull(page, score(widget, 1, 2, axes), score(widget, 1, 4, axes))
    says(widget, "You pulled x₂ by 2.0")
    assert settled(widget)[0] != before
    for key in ("ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    says(widget, "You pulled x₃ by 0.10")
    widget.get_by_role("combobox", name="below").select_option("arithmetic")
    shift = widget.get_by_role("spinbutton", name="added to every score")
    shift.fill("100")
    shift.press("Enter")
    says(widget, "is more than a float32 can hold")
    widget.get_by_role("combobox", name="scores").select_option("an E")
    says(widget, "the network says 5")
    assert book.errors() == [] and book.dlc_complaints() == []


def test_it_trains_on_and_its_temperature_is_fitted(open_notebook):
    book, page, widget = opened(open_notebook, [DIAGRAM], timeout=90)
    says(widget, "After 97 epochs")
    widget.get_by_role("button", name="Play", exact=True).click()
    says(widget, "After 100 epochs")
    widget.get_by_role("button", name="Fit τ on validation").click()
    says(widget, "Its scores are divided by 1.")
    page.mouse.click(*place(widget, 0.2, 0.5, COURSE))
    page.mouse.click(*place(widget, 0.2, 0.5, COURSE))
    says(widget, "After 20 epochs")
    page.keyboard.press("ArrowRight")
    says(widget, "After 21 epochs")
    widget.get_by_role("button", name="Reset", exact=True).click()
    says(widget, "After 97 epochs")
    assert book.errors() == [] and book.dlc_complaints() == []
