"""Every lesson in a real JupyterLab. A further lesson joins by existing."""

import re
from pathlib import Path

import pytest
from jupyter import frame_of, state_of, unlocked, wait_ready

from dlcourse import notebooks

pytestmark = pytest.mark.browser

LESSONS = Path(__file__).parents[2] / "lessons"
NAMES = sorted({path.stem for path in notebooks.lessons(LESSONS)} | {
    "00_start_here", "02_single_neuron", "05_backpropagation"
})  # fmt: skip


SETTLED = """async (e) => {
    const canvas = e.querySelector('canvas'), end = Date.now() + 30_000
    const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))
    await rest(60)  // what the browser does with the last click or key
    while (e.dataset.unheard !== '0' || canvas.dataset.still !== 'true') {
        if (Date.now() > end) return null
        await rest(30)
    }
    return [canvas.toDataURL(), canvas.getAttribute('aria-label')]
}"""


def settled(widget):
    """Picture and what is told aloud after everything has come to rest: all was heard, the sharp picture is painted."""
    found = widget.evaluate(SETTLED)
    assert found is not None, f"The widget does not come to rest. {state_of(widget)}"
    return found


def changes(page, happened, seconds=20):
    """Whether it happens within a time that is long enough for a busy machine."""
    for _ in range(int(seconds / 0.05)):
        if happened():
            return True
        page.wait_for_timeout(50)
    return False


def unlock(widget):
    """Answer the predict-first question, if there is one."""
    question = widget.locator(".dlc-question:visible button:enabled")
    if question.count():
        question.first.click()
        unlocked(widget)


def move(page, widget, control, by):
    """Move one control by "mouse" or "keyboard"."""
    kind = control.get_attribute("class")
    if "dlc-slider" in kind:
        slider = control.locator("input[type=range]")
        if by == "mouse":
            box = slider.bounding_box()
            share = slider.evaluate("(e) => (e.value - e.min) / (e.max - e.min)")
            page.mouse.click(box["x"] + box["width"] * (0.25 if share > 0.5 else 0.8), box["y"] + box["height"] / 2)
        else:
            slider.focus()
            away = "ArrowRight" if slider.evaluate("(e) => e.value === e.min") else "ArrowLeft"
            for _ in range(3):
                page.keyboard.press(away)
    elif "dlc-choice" in kind:
        box = control.locator("select")
        if by == "mouse":
            values = box.locator("option").all_inner_texts()  # "yours", where nothing was given, may look the same
            box.select_option([value for value in values if value not in (box.input_value(), "yours")][-1])
        else:
            box.focus()
            page.keyboard.press("ArrowUp" if box.evaluate("(e) => e.selectedIndex > 0") else "ArrowDown")
    elif "dlc-text" in kind:
        control.locator("input").click()
        page.keyboard.type("ab" if by == "mouse" else "c")
    else:
        box = control.locator("input")
        if by == "mouse":
            box.click()
        else:
            box.focus()
            page.keyboard.press("Space")


@pytest.mark.parametrize("lesson", NAMES)
def test_lesson_runs_and_every_control_moves_its_widget(run_lesson, lesson):
    book = run_lesson()
    assert book.errors() == []
    widgets = book.widgets()
    assert widgets.count() >= 1
    for index in range(widgets.count()):
        exercise_widget(book, widgets.nth(index))
    assert book.errors() == []
    assert book.dlc_complaints() == []


def exercise_widget(book, widget):
    page = book.page
    wait_ready(widget)
    unlock(widget)
    for summary in widget.locator(".dlc-more > summary").all():
        summary.click()
    picture, sentence = settled(widget)
    for number in range(widget.locator(".dlc-control").count()):
        for by in ("mouse", "keyboard"):
            control = widget.locator(".dlc-control").nth(number)
            name = control.get_attribute("data-name")
            if not control.is_visible() or control.locator("input, select").first.is_disabled():
                continue  # it changes nothing in this state, and shows that, or is not there at all
            move(page, widget, control, by)
            old, (picture, sentence) = (picture, sentence), settled(widget)
            assert picture != old[0], f"{name} by {by}: same picture"
            assert "dlc-toggle" in control.get_attribute("class") or sentence != old[1], (
                f"{name} by {by}: same sentence"
            )
    widget.get_by_role("button", name="Code", exact=True).click()
    page.wait_for_function("(e) => e.textContent.length > 20", arg=widget.locator(".dlc-code pre").element_handle())
    widget.get_by_role("button", name="Reset", exact=True).click()
    settled(widget)
    play = widget.get_by_role("button", name="Play", exact=True)
    if play.count() and play.is_enabled():
        plays_and_pauses(page, widget)
    settled(widget)
    texts = widget.locator("canvas").get_attribute("aria-label"), widget.locator(".dlc-sentence").inner_text()
    told, written = (set(re.findall(r"\d[\d.]*\d|\d", text)) for text in texts)
    assert texts[0] and written <= told, "what stands under the picture is a part of what is told aloud"


def plays_and_pauses(page, widget):
    picture, _ = settled(widget)
    widget.get_by_role("button", name="Step", exact=True).click()
    assert settled(widget)[0] != picture
    widget.get_by_role("button", name="Back", exact=True).click()
    assert settled(widget)[0] == picture
    widget.get_by_role("button", name="Play", exact=True).click()
    assert changes(page, lambda: frame_of(widget) != picture)
    pause = widget.get_by_role("button", name="Pause", exact=True)
    if pause.count():
        pause.click()
    assert settled(widget)[0] != picture
