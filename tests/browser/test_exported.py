"""Every lesson as an HTML page, with no kernel behind it: the pictures of its widgets are there, each with its sentence."""

import re
from pathlib import Path

import nbformat
import pytest

from dlcourse import notebooks, pages

pytestmark = pytest.mark.browser

FORMULA = re.compile(r"\$\$.+?\$\$|(?<!\$)\$[^$\n]+\$(?!\$)", re.DOTALL)
BEYOND = """(all) => all.filter((m) => !m.closest('details')).map((m) => {
    const ends = [m, ...m.querySelectorAll('*')].map((e) => e.getBoundingClientRect().right)
    return Math.max(...ends) - m.closest('.jp-RenderedMarkdown').getBoundingClientRect().right
})"""
"""By how many pixels each formula that is not folded away is wider than its text."""
APART = """(all) => all.filter((cell) => cell.lastElementChild).map((cell) =>
    cell.getBoundingClientRect().right - cell.lastElementChild.getBoundingClientRect().right
)"""
"""How many pixels lie between the left side of a formula's line and its sign of equality."""
WIDE = {"07_when_things_get_intense": 1}  # a derivation, with the rule of each line beside it
LESSONS = notebooks.lessons(Path(__file__).parents[2] / "lessons")


def sentences(book):
    """The sentences that stand in for the widgets, in the order of the lesson."""
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    stored = [output.get("metadata", {}).get("image/png", {}) for output in outputs]
    return [picture["alt"] for picture in stored if "alt" in picture]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_an_exported_lesson_shows_every_widget(browser, tmp_path, path):
    book = nbformat.read(path, as_version=4)
    exported = pages.export(path)
    assert "widget-state" not in exported and "widget-view" not in exported
    page_file = tmp_path / "lesson.html"
    page_file.write_text(exported, encoding="utf-8")
    page = browser.new_page(viewport={"width": 400, "height": 800})
    asked_for = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.goto(page_file.as_uri(), wait_until="load")
    assert [address for address in asked_for if not address.startswith(("file:", "data:"))] == []
    formulas = sum(len(FORMULA.findall(cell.source)) for cell in book.cells if cell.cell_type == "markdown")
    assert page.locator("math").count() == formulas
    heights = page.locator("math").evaluate_all(
        "(all) => all.filter((m) => !m.closest('details')).map((m) => m.clientHeight)"
    )
    assert all(height > 5 for height in heights)  # one that is folded away has none yet
    wider = [round(beyond) for beyond in page.locator("math").evaluate_all(BEYOND) if beyond > 3]
    assert len(wider) == WIDE.get(path.stem, 0), wider
    assert all(apart < 3 for apart in page.locator("mtd[columnalign=right]").evaluate_all(APART))
    words = page.locator(".jp-RenderedMarkdown").all_inner_texts()
    assert not any("$" in text or "\\frac" in text for text in words)
    pictures = page.locator(".jp-OutputArea-output img[width]")  # only widgets say how wide they are
    assert pictures.count() == len(sentences(book)) >= 1
    for picture in pictures.all():
        width, height, asked, shown, room = picture.evaluate(
            "(i) => i.decode().then(() => [i.naturalWidth, i.naturalHeight, i.getAttribute('width'), "
            "i.clientWidth, i.parentElement.clientWidth])"
        )
        assert width == 2 * int(asked) and height > 400  # sharp on a screen with twice the pixels
        assert 250 < shown <= room <= 400
    page.close()
