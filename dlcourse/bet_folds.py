"""What came of a bet, for those who read a stored lesson: folded, below the covered picture.

Without a kernel nobody can place a bet, and the stored picture of the widget is the covered one. The answer, and the
picture of the same state without its cover, follow in a cell of its own that opens at a click, in JupyterLab, on a code
host and in a page alike. Whoever still wants to bet sees nothing of it.

`refresh` sets `ASKED` in the kernel that it starts; a widget with a question then sends both along with its output
(live/jupyter.py), and `fold` turns it into the cell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["ASKED", "KEY", "TAG", "fold"]

ASKED = "DLCOURSE_AFTER_THE_BET"
"""The variable of the environment that asks for answer and picture."""
KEY = "after_the_bet"
"""Where they are in the metadata of an output's picture: the answer, the PNG in base64, and its text alternative."""
TAG = "after-the-bet"
"""The tag of the cells that are made here, and made anew each time."""
PICTURE = "after.png"


def fold(notebook: NotebookNode) -> None:
    """Move each picture that came along into a folded cell below its own, in place of the one that was there."""
    cells: list[Any] = []
    for cell in notebook.cells:
        if TAG in cell.metadata.get("tags", []):
            continue
        cells.append(cell)
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get("image/png", {})
            if KEY in about:
                cells.append(_cell(about.pop(KEY), str(cell.get("id", ""))))
    notebook.cells = cells


def _cell(told: Any, above: str) -> Any:
    import nbformat

    lines = ["<details>\n<summary>After your bet</summary>"]
    if "answer" in told:
        lines.append(f"What came: **{_plain(told['answer'])}**")
    attachments = {}
    if "png" in told:
        lines.append(f"![{_plain(told['alt'])}](attachment:{PICTURE})")
        attachments = {"attachments": {PICTURE: {"image/png": told["png"]}}}
    source = "\n\n".join([*lines, "</details>"])
    cell: Any = nbformat.v4.new_markdown_cell(source, metadata={"tags": [TAG]}, **attachments)  # type: ignore[no-untyped-call]
    cell["id"] = f"{above}-after"[-64:]
    return cell


def _plain(text: Any) -> str:
    """Words in which Markdown has nothing to read."""
    return re.sub(r"([\\\[\]*_`<>$])", r"\\\1", " ".join(str(text).split()))
