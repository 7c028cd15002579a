"""A lesson as slides: each cell is marked by the rule, and nbconvert makes as many slides of it as the rule says."""

import re
from collections import Counter

import pytest

from dlcourse import bet_folds, notebooks
from dlcourse.slideshow import SCROLL, SETTINGS, mark, slide_types

LESSONS = notebooks.lessons()


def text(source):
    return {"cell_type": "markdown", "source": source}


def code(source):
    return {"cell_type": "code", "source": source}


BET = code('Folds().show(predict=Predict("How many?", ("1", "2")))')


@pytest.mark.parametrize(
    ("cells", "kinds"),
    [
        (
            [text("# 02 · A"), text("What you will learn"), code("import numpy as np\nfrom a import b")],
            "slide subslide skip",
        ),
        (
            [text("It fell.\n\n## Why\n\nBecause."), code("x = 1"), text("So."), code("print(x)")],
            "slide fragment subslide fragment",
        ),
        ([text("```\n# a comment\n```")], "subslide"),
        (
            [text("Look."), BET, text("<details>\n<summary>After your bet</summary>\n</details>")],
            "subslide slide notes",
        ),
        ([text("**Predict first.** Up or down?"), BET, text("Down.")], "slide fragment subslide"),
        ([text("<details>A</details>\n\n**Predict first.** B?"), BET], "slide fragment"),
        ([text("Done.\n\n**Predict first.** Up or down?"), code("x = 1"), BET], "subslide fragment slide"),
        (
            [text("**1. Yours.**"), code("def f():\n    return None"), code('ex.check("f", f)')],
            "subslide fragment skip",
        ),
        (
            [
                text("## Further"),
                text("<details>A</details>"),
                code("x") | {"metadata": {"jupyter": {"source_hidden": True}}},
            ],
            "slide notes skip",
        ),
        ([text("How many of your bets came?"), code("bets()"), text("## What you can say now")], "skip skip slide"),
        ([code("x = ("), code("")], "fragment fragment"),
    ],
)
def test_the_rule(cells, kinds):
    assert slide_types(cells) == kinds.split()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_stored_with_the_marks_of_the_rule(path):
    book = notebooks.read("test", path)
    stored = [cell.metadata.get("slideshow") for cell in book.cells]
    assert stored == [{"slide_type": kind} for kind in slide_types(book.cells)], "dlcourse refresh writes them"
    assert book.metadata[SETTINGS] == SCROLL, "dlcourse refresh writes it"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_in_class_one_stops_at_each_bet_and_what_came_is_not_on_the_slides(path):
    book = notebooks.read("test", path)
    kinds = slide_types(book.cells)
    assert kinds[0] == "slide"
    for place, cell in enumerate(book.cells):
        if cell.cell_type == "code" and "predict=Predict(" in cell.source:
            assert kinds[place] == "slide" or kinds[place - 1 : place + 1] == ["slide", "fragment"]
        if bet_folds.TAG in cell.metadata.get("tags", []):
            assert kinds[place] == "notes"


@pytest.mark.parametrize("path", LESSONS[2:20:8], ids=lambda path: path.stem)
def test_nbconvert_makes_as_many_slides_as_the_rule_says(path):
    from nbconvert import SlidesExporter

    book = notebooks.read("test", path)
    mark(book)
    for cell in book.cells:  # what they show costs time and does not matter here
        if "attachment:" in cell.source:
            cell.source = "<details></details>"
        if cell.cell_type == "code":
            cell.outputs = []
    page, _ = SlidesExporter(reveal_url_prefix="reveal.js").from_notebook_node(book)
    many = Counter(slide_types(book.cells))
    assert (
        len(re.findall(r"<section\b", page))
        == 2 * many["slide"] + many["subslide"]
        == len(re.findall("</section>", page))
    )
    assert len(re.findall('<div class="fragment"', page)) == many["fragment"]
    assert len(re.findall('<aside class="notes"', page)) == many["notes"]
    assert "unpkg.com/reveal" not in page and "reveal.js/dist/reveal.js" in page
