"""A lesson as slides: what each cell is in class, for `jupyterlab-rise` and `jupyter nbconvert --to slides`.

To the right it goes from heading to heading, and each bet is a stop on the way; downwards, through what is said and computed
in between. `refresh` writes it into the cells, by these rules:

- a text with a heading begins a slide;
- so does a bet: the text above it that asks for one, or else the cell of its widget; behind such a text the widget is a
  fragment, which comes at the next click;
- a text that is folded is told in the notes of the one who speaks, as what came of a bet;
- any other text begins a slide below, and any other code is a fragment;
- what only learners do by themselves is skipped: imports, checks of exercises, the count of their own bets and the text
  that leads to it; so is code that is folded, as the text above it is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Any

__all__ = ["SCROLL", "SETTINGS", "mark", "slide_types"]

SETTINGS = "rise"
"""Where jupyterlab-rise looks in a notebook's metadata for its settings."""
SCROLL = {"scroll": True}
"""By itself it cuts off what is higher than the window."""
_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
_ASKS = re.compile(r"^\*\*Predict first", re.MULTILINE)
_FOLDED = re.compile(r"<details.*?</details>", re.DOTALL)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_OWN = {"check", "bets", "progress", "review"}  # what learners call for themselves


def mark(notebook: Any) -> None:
    """Write into each cell what it is, and for jupyterlab-rise that what is higher than the window can be scrolled."""
    notebook.metadata[SETTINGS] = dict(SCROLL)
    for cell, kind in zip(notebook.cells, slide_types(notebook.cells), strict=True):
        cell.metadata["slideshow"] = {"slide_type": kind}


def slide_types(cells: Sequence[Any]) -> list[str]:
    """What each cell of a notebook is: slide, subslide, fragment, notes or skip."""
    kinds: list[str] = []
    for place, cell in enumerate(cells):
        if cell.get("metadata", {}).get("jupyter", {}).get("source_hidden"):
            kinds.append("skip")
        elif cell["cell_type"] != "code":
            following = cells[place + 1] if place + 1 < len(cells) else None
            kinds.append(_of_text(cell["source"], following))
        else:
            asked = (
                bool(kinds)
                and cells[place - 1]["cell_type"] != "code"
                and bool(_ASKS.search(cells[place - 1]["source"]))
            )
            kinds.append(_of_code(_names_called(cell["source"]), asked))
    return kinds


def _of_text(text: str, following: Any) -> str:
    if text.strip() and not _FOLDED.sub("", text).strip():
        return "notes"
    if _HEADING.search(_FENCED.sub("", text)):
        return "slide"
    called = _names_called(following["source"]) if following and following["cell_type"] == "code" else set()
    if called is not None and called and called <= _OWN - {"check"}:
        return "skip"
    return "slide" if called and "Predict" in called and _ASKS.search(text) else "subslide"


def _of_code(called: set[str] | None, asked: bool) -> str:
    if called is None or called and called <= _OWN:
        return "skip"
    if "Predict" in called and not asked:
        return "slide"
    return "fragment"


def _names_called(source: str) -> set[str] | None:
    """The functions that a cell calls; None for a cell of imports alone."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    if tree.body and all(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in tree.body):
        return None
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {getattr(function, "attr", getattr(function, "id", "")) for function in calls}
