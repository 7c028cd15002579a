"""The glossary as a notebook that lies beside the lessons, and reads like a page."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from dlcourse import notebooks
from dlcourse.ways.contents import Lesson, contents
from dlcourse.ways.glossary import Term, terms

__all__ = ["GLOSSARY", "glossary_page"]

GLOSSARY = "glossary.ipynb"
"""The name of the notebook, in the lessons' folder."""

_BEGINNING = """# Glossary

What the words of this course mean, each in a sentence, and the lesson that explains it first. In any notebook
`dl.glossary("momentum")` says the same."""


def glossary_page() -> str:
    """The text of the glossary's notebook: a cell for each letter, with a heading by which it is found."""
    lessons = {lesson.number: lesson for lesson in contents()}
    known = sorted(terms(), key=lambda term: term.name.casefold())
    groups = [(letter, list(group)) for letter, group in groupby(known, lambda term: term.name[0].upper())]
    texts = [_BEGINNING]
    for letter, group in groups:
        texts.append(f"## {letter}\n\n" + "\n\n".join(_entry(term, lessons) for term in group))
    cells = [_cell(text, "glossary" if place == 0 else f"letter-{place:02d}") for place, text in enumerate(texts)]
    notebook = {"cells": cells, "metadata": notebooks.KERNEL, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _entry(term: Term, lessons: dict[str, Lesson]) -> str:
    """A term, its other names, its sentence, and where to read on."""
    first = lessons[term.lesson]
    also = f" ({', '.join(term.also)})" if term.also else ""
    more = "".join(f", [{number}]({lessons[number].file})" for number in term.see)
    return f"**{term.name}**{also}: {term.means} [{first.number} · {first.title}]({first.file}){more}"


def _cell(text: str, name: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}
