"""The picture after a bet, folded below it: in JupyterLab before a cell has run, and in an exported page."""

import base64

import nbformat
import pytest

from dlcourse import bet_folds, notebooks, pages
from dlcourse.live.picture import picture_png
from dlcourse.widgets import FitAFunction

pytestmark = pytest.mark.browser

LOADED = "(i) => i.decode().then(() => [i.naturalWidth, i.clientWidth, i.alt])"


def lesson(path):
    """A notebook with a bet that has run where its picture was asked for."""
    png = base64.b64encode(picture_png(FitAFunction(), ratio=2.0)).decode("ascii")
    output = nbformat.v4.new_output("execute_result", {"image/png": png, "text/plain": "covered"}, execution_count=1)
    output.metadata = {"image/png": {"alt": "covered", bet_folds.KEY: {"png": png, "alt": "network: 0.091"}}}
    cells = [nbformat.v4.new_code_cell("1", outputs=[output], execution_count=1), nbformat.v4.new_markdown_cell("next")]
    book = nbformat.v4.new_notebook(cells=cells)
    bet_folds.fold(book)
    nbformat.write(notebooks.normalize(book), path)
    return path


def opens(page):
    """It is closed at first and opens by the keyboard; its picture is there then."""
    fold = page.locator("details").first
    fold.wait_for()
    picture = fold.locator("img")
    assert not picture.is_visible()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    picture.wait_for(state="visible")
    width, shown, alternative = picture.evaluate(LOADED)
    assert width == 1440 and shown > 300 and alternative == "network: 0.091"


def test_it_opens_in_jupyterlab_without_a_run(open_notebook, tmp_path):
    opens(open_notebook(lesson(tmp_path / "folded.ipynb")).page)


def test_it_opens_in_an_exported_page(browser, tmp_path):
    (tmp_path / "page.html").write_text(pages.export(lesson(tmp_path / "folded.ipynb")), encoding="utf-8")
    page = browser.new_page(viewport={"width": 800, "height": 800})
    page.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
    opens(page)
    page.close()
