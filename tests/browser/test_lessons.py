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


CONTROL = """(e, [number, focus]) => {
    const control = e.querySelectorAll('.dlc-control')[number], input = control.querySelector('input, select')
    if (!control.checkVisibility() || input.disabled) return null
    if (focus) input.focus()
    else input.scrollIntoView({ block: 'nearest' })
    const box = input.getBoundingClientRect()
    const others = [...(input.options ?? [])].map((o) => o.innerText).filter((o) => o !== input.value && o !== 'yours')
    return {
        name: control.dataset.name,
        kind: ['slider', 'choice', 'text', 'toggle'].find((kind) => control.classList.contains('dlc-' + kind)),
        left: box.left, width: box.width, middle: box.top + box.height / 2,
        share: (input.value - input.min) / (input.max - input.min),
        first: !input.selectedIndex,
        other: others.at(-1),  // "yours", where nothing was given, may look the same
    }
}"""


def move(page, widget, number, by):
    """Move the control of this number by "mouse" or "keyboard"; what it is, or None where it cannot be moved now."""
    control = widget.evaluate(CONTROL, [number, by == "keyboard"])
    if control is None:
        return None
    kind = control["kind"]
    if by == "keyboard":
        away = "ArrowRight" if control["share"] == 0 else "ArrowLeft"
        keys = {"slider": [away] * 3, "choice": ["ArrowDown" if control["first"] else "ArrowUp"], "text": ["c"], "toggle": ["Space"]}  # fmt: skip
        for key in keys[kind]:
            page.keyboard.press(key)
    elif kind == "choice":
        widget.locator(".dlc-control").nth(number).locator("select").select_option(control["other"])
    else:
        across = (0.25 if control["share"] > 0.5 else 0.8) if kind == "slider" else 0.5
        page.mouse.click(control["left"] + control["width"] * across, control["middle"])
        if kind == "text":
            page.keyboard.type("ab")
    return control


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
            control = move(page, widget, number, by)
            if control is None:
                continue  # it changes nothing in this state, and shows that, or is not there at all
            old, (picture, sentence) = (picture, sentence), settled(widget)
            assert picture != old[0], f"{control['name']} by {by}: same picture"
            assert control["kind"] == "toggle" or sentence != old[1], f"{control['name']} by {by}: same sentence"
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
