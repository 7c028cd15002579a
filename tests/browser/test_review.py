"""Questions from earlier lessons in JupyterLab: folded, answered with the keyboard, and the lesson they come from opens."""

import shutil

import nbformat
import pytest
from jupyter import Notebook

from dlcourse import notebooks

pytestmark = pytest.mark.browser


CELL = "import os\nos.environ['DLCOURSE_PROGRESS'] = 'off'\nimport dlcourse as dl\ndl.review('05')"


def test_three_questions_are_answered_with_the_keyboard_and_lead_to_their_lesson(browser, lab):
    folder, address = lab
    shutil.copy(notebooks.folder() / "04b_egg_carton.ipynb", folder)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)], metadata=kernel), folder / "r.ipynb"
    )
    book = Notebook(browser.new_page(), address, "r.ipynb", place="lab/tree")
    book.run_cell(0)
    page, review = book.page, book.page.locator(".dlc-review")
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    assert review.bounding_box()["height"] < 40 and not review.get_by_role("button").count(), (
        "one line, no question yet"
    )
    review.locator("summary").focus()
    page.keyboard.press("Enter")
    for choice, told in (("the error falls every time", "It is: it rises somewhere"), ("none", "Right. A ball needs")):
        answer = review.get_by_role("button", name=choice, exact=True)
        answer.focus()
        page.keyboard.press("Enter")
        review.get_by_role("status").get_by_text(told).wait_for()
        assert page.evaluate("document.activeElement.textContent") == "Next question"
        page.keyboard.type("bd")  # no letter of it reaches Jupyter
        page.keyboard.press("Enter")
    assert review.get_by_role("button", name="Skip").is_visible()
    assert review.locator("summary").inner_text().endswith("(2 of 3 answered)")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    review.get_by_role("button", name="one bowl").click()
    review.get_by_role("link").click()
    page.locator(".lm-TabBar-tab", has_text="04b_egg_carton").wait_for()  # in this JupyterLab, not in another page
    assert book.errors() == [] and book.dlc_complaints() == []
    book.shut_down()
    page.close()
