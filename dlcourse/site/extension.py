"""What Sphinx must know: formulas are MathML, and a lesson's pictures are files beside its page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlcourse import files
from dlcourse.pages import as_mathml
from dlcourse.site.lessons import prepared
from dlcourse.site.lite import lesson_address

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["PICTURES", "setup"]

_BAR = re.compile(r"(`[^`]*`)|\|")  # code between backticks is left as it is
PICTURES = "_pictures"
"""The folder of the site that holds the lessons' pictures."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register this extension: Sphinx calls it."""
    app.add_config_value("dlcourse_lite", False, "html")
    app.connect("source-read", _read_lesson)
    app.connect("autodoc-process-docstring", _escape_bars, priority=100)  # before numpydoc
    app.connect("html-page-context", _let_code_be_scrolled_with_keys)
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, _leave), block_renderers=(_block, _leave))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _read_lesson(app: Sphinx, page: str, source: list[str]) -> None:
    """Prepare a notebook before MyST-NB reads it; what readers download stays the lesson as it is."""
    if not str(app.env.doc2path(page)).endswith(".ipynb"):
        return
    base = "../" * page.count("/")
    run = lesson_address(Path(page).name + ".ipynb", base) if app.config.dlcourse_lite else ""
    lesson = prepared(json.loads(source[0]), base + PICTURES, run)
    folder = Path(app.outdir, PICTURES)
    files.make_folder("site", folder)
    for name, picture in lesson.pictures.items():
        files.write("site", folder / name, picture)
    source[0] = json.dumps(lesson.notebook)


def _escape_bars(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Write |x| so that reStructuredText shows it: to it, bars mark a word that stands for another text."""
    for number, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            lines[number] = _BAR.sub(lambda match: match[0] if match[1] else r"\|", line)


def _let_code_be_scrolled_with_keys(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """On a phone's width code is wider than the page: without a place in the order of Tab, only a mouse could move it."""
    if "body" in context:
        context["body"] = context["body"].replace("<pre>", '<pre tabindex="0">')


def _inline(translator: Any, node: Any) -> None:
    _write(translator, node, display=False)


def _block(translator: Any, node: Any) -> None:
    _write(translator, node, display=True)


def _write(translator: Any, node: Any, *, display: bool) -> None:
    translator.body.append(as_mathml(node.astext(), display=display))
    node.clear()  # its text is written: nothing is left to visit


def _leave(translator: Any, node: Any) -> None:
    """Sphinx calls it after each formula, which is whole by then."""
