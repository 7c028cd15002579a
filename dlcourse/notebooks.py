"""The lesson notebooks: find them, execute them, and store them so that two runs give the same bytes."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlcourse import files
from dlcourse.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["LessonFailed", "execute", "export", "folder", "lessons", "normalize", "one_thread", "refresh"]

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# Idle BLAS threads spin between the frames of a widget, and two machines with different numbers of threads add up in a
# different order. One thread each, in every kernel that this package starts.
ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "BLIS_NUM_THREADS"), "1"
)

# The same for every Python, so that a lesson refreshed elsewhere does not change.
_KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
# nbconvert's own template writes no text alternative, though the notebook holds one for each picture of a widget.
_PAGE = """{%- extends 'lab/index.html.j2' -%}
{%- block data_png scoped -%}
{%- set about = output.metadata.get('image/png', {}) -%}
<div class="jp-RenderedImage jp-OutputArea-output {{ extra_class }}">
<img src="data:image/png;base64,{{ output.data['image/png'] | escape_html }}"
{%- if about.width %} width="{{ about.width }}"{% endif %}
 alt="{{ about.alt or output.data.get('text/plain', '') | escape_html }}">
</div>
{%- endblock data_png -%}
"""
_CELL_ID = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")


class LessonFailed(CourseError, RuntimeError):
    """A cell of a lesson raised, or ran too long."""


def folder() -> Path:
    """Where the lessons are: inside an installed package, or beside the package in a clone."""
    installed = Path(__file__).parent / "_lessons"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "lessons"


def lessons(where: Path | None = None) -> list[Path]:
    """Every lesson, in the order of the course: `NN_name.ipynb`."""
    return sorted((where or folder()).glob("[0-9][0-9]_*.ipynb"))


def one_thread() -> dict[str, str]:
    """The environment with one BLAS thread, unless the learner has chosen a number."""
    return ONE_THREAD | dict(os.environ)


def refresh(path: Path, timeout: int = 120) -> bool:
    """Execute a lesson in a fresh kernel and store it. A lesson that fails is left as it was.

    Returns
    -------
    bool
        True if the file changed.
    """
    import nbformat

    before = files.read("refresh", path)
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    execute(notebook, path, timeout)
    normalize(notebook)
    after = (nbformat.writes(notebook).rstrip("\n") + "\n").encode()  # type: ignore[no-untyped-call]
    if after == before:
        return False
    files.write("refresh", path, after)
    return True


def export(path: Path) -> str:
    """A lesson as a page of HTML: with its pictures, and the sentence of each widget as the text alternative."""
    import nbformat
    from nbconvert import HTMLExporter

    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    page: str = HTMLExporter(raw_template=_PAGE).from_notebook_node(notebook)[0]  # type: ignore[no-untyped-call]
    return page


def execute(notebook: NotebookNode, path: Path, timeout: int = 120) -> None:
    """Run every cell in a fresh kernel, in the lesson's folder, with one BLAS thread."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        with _environment(one_thread()):
            client.execute()
    except CellExecutionError as error:
        name, what = error.ename, error.evalue
        raise LessonFailed(f"{path.name}, {_where(notebook)}: {name}: {what}") from error
    except (CellTimeoutError, DeadKernelError) as error:
        first = str(error).strip().splitlines()[0]
        raise LessonFailed(f"{path.name}, {_where(notebook)}: {first}") from error


def normalize(notebook: NotebookNode) -> NotebookNode:
    """Remove what differs between two runs, or needs a kernel to be shown.

    Widget state and widget views go (without a kernel JupyterLab would show “model not found” over the picture), and
    timestamps; pictures (`image/png`), text and HTML stay. Cells are numbered in order. A cell keeps its id.

    Returns
    -------
    NotebookNode
        The same notebook, changed in place.
    """
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata.clear()
    notebook.metadata.update(_KERNEL)
    seen: set[str] = set()
    number = 0
    for position, cell in enumerate(notebook.cells):
        cell["id"] = _cell_id(cell, position, seen)
        _keep_metadata(cell.metadata)
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        if cell.source.strip():
            number += 1
            cell.execution_count = number
        cell.outputs = _outputs(cell.outputs, cell.execution_count)
    return notebook


def _outputs(outputs: list[Any], number: int | None) -> list[Any]:
    """Outputs without widget views; texts printed in several pieces become one."""
    kept: list[Any] = []
    for output in outputs:
        if output.output_type == "stream":
            last = kept[-1] if kept else None
            if last is not None and last.output_type == "stream" and last.name == output.name:
                last.text += output.text
                continue
        if "data" in output:
            output.data.pop(WIDGET_VIEW, None)
            for kind in [kind for kind in output.data if kind.startswith("application/vnd.jupyter.widget")]:
                output.data.pop(kind)
            if not output.data:
                continue
        if output.output_type == "execute_result":
            output.execution_count = number
        kept.append(output)
    return kept


def _keep_metadata(metadata: Any) -> None:
    """Tags and what folds a cell stay; timings, trust and the marks of editors go."""
    for key in [key for key in metadata if key not in ("tags", "jupyter", "collapsed", "slideshow")]:
        metadata.pop(key)


def _cell_id(cell: Any, position: int, seen: set[str]) -> str:
    """The cell's own id if it is valid and not taken, else one made from its text and place."""
    name = str(cell.get("id", ""))
    if not _CELL_ID.match(name) or name in seen:
        name = hashlib.sha256(f"{position}\n{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:8]
        while name in seen:
            name = hashlib.sha256(name.encode()).hexdigest()[:8]
    seen.add(name)
    return name


def _where(notebook: NotebookNode) -> str:
    """Which cell was the last to run."""
    position, first = 0, ""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.get("execution_count"):
            position, first = index, cell.source.strip().split("\n")[0]
        if cell.cell_type == "code" and any(output.output_type == "error" for output in cell.outputs):
            return f"cell {index} ({cell.source.strip().splitlines()[0]!r})"
    return f"cell {position} ({first!r})"


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
