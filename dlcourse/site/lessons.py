"""A stored lesson as MyST-NB is to read it: pictures in files of their own, each with its sentence."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import dataclass, field
from typing import Any

from dlcourse.bet_folds import TAG

__all__ = ["LIVE", "Lesson", "prepared"]

LIVE = "To move it, open this lesson on Binder (the rocket above), or on your machine: dlcourse lab."
LIVE_HERE = "To move it, run this lesson in the browser (the link below its title), or on your machine: dlcourse lab."
"""The line below the picture of a widget, without and with JupyterLite in the site."""
RUN = (
    '<p class="dlc-run"><a href="{}">Run in the browser</a>: nothing to install. The first time, NumPy and the other '
    "compiled packages come from Pyodide’s distribution.</p>"
)
"""The line below a lesson's title that leads to JupyterLite."""
_TO_LESSON = re.compile(r'(<a href="[^":]+)\.ipynb(["#])')
_ATTACHED = re.compile(r"!\[(?P<alt>(?:[^\]\\]|\\.)*)\]\(attachment:(?P<name>[^)]+)\)")


@dataclass
class Lesson:
    """A notebook for MyST-NB, and the pictures to lay beside its page.

    Attributes
    ----------
    notebook : dict
        The notebook as JSON has it.
    pictures : dict of str to bytes
        PNG files by their names.
    live : str
        The line below each picture of a widget.
    """

    notebook: dict[str, Any]
    pictures: dict[str, bytes] = field(default_factory=dict)
    live: str = LIVE

    def keep(self, encoded: str) -> str:
        """Keep a picture that is written in base64; the name of its file."""
        content = base64.b64decode(encoded)
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.png"
        self.pictures[name] = content
        return name


def prepared(notebook: dict[str, Any], folder: str, run: str = "") -> Lesson:
    """Take the pictures out of a notebook, and put HTML with a text alternative in their place.

    Parameters
    ----------
    notebook : dict
        A lesson as JSON has it, with its outputs. It is changed.
    folder : str
        Where the pages will find the pictures, seen from this lesson's page, for example ``"../_pictures"``.
    run : str
        Where the lesson runs in the browser, or "" if it does not.

    Returns
    -------
    Lesson
    """
    lesson = Lesson(notebook, live=LIVE_HERE if run else LIVE)
    if run:
        title, line, rest = _joined(notebook["cells"][0]["source"]).partition("\n")
        notebook["cells"][0]["source"] = f"{title}\n\n{RUN.format(html.escape(run))}\n{line}{rest}"
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            for output in cell["outputs"]:
                _show_picture(lesson, output, folder)
        elif TAG in cell["metadata"].get("tags", []):
            _show_attached(lesson, cell, folder)
    return lesson


def _show_picture(lesson: Lesson, output: dict[str, Any], folder: str) -> None:
    """Give an output that holds a picture the HTML that shows it."""
    data = output.get("data", {})
    if "image/png" not in data:
        if "text/html" in data:  # from a question of an earlier lesson to that lesson's page
            data["text/html"] = _TO_LESSON.sub(r"\1.html\2", _joined(data["text/html"]))
        return
    about = output.get("metadata", {}).get("image/png", {})
    name = lesson.keep(_joined(data["image/png"]))
    sentence = about.get("alt") or _joined(data.get("text/plain", ""))
    wide = f' width="{about["width"]}"' if "width" in about else ""
    picture = _picture(f"{folder}/{name}", sentence, wide)
    if "alt" in about:  # only the picture of a widget has a sentence of its own
        picture = f'<figure class="dlc-widget">{picture}<figcaption>{lesson.live}</figcaption></figure>'
    output["data"] = {"text/html": picture}


def _show_attached(lesson: Lesson, cell: dict[str, Any], folder: str) -> None:
    """Point the pictures of a folded answer at their files."""
    attachments = cell.pop("attachments", {})

    def shown(match: re.Match[str]) -> str:
        name = lesson.keep(_joined(attachments[match["name"]]["image/png"]))
        return _picture(f"{folder}/{name}", re.sub(r"\\(.)", r"\1", match["alt"]))

    cell["source"] = _ATTACHED.sub(shown, _joined(cell["source"]))


def _picture(address: str, sentence: str, wide: str = "") -> str:
    """A picture that opens alone, in its own size, at a click: on a phone its words are small."""
    return f'<a href="{address}"><img src="{address}" alt="{html.escape(sentence)}"{wide} loading="lazy"></a>'


def _joined(text: str | list[str]) -> str:
    """The text of a notebook's field, which may be stored as a list of lines."""
    return text if isinstance(text, str) else "".join(text)
