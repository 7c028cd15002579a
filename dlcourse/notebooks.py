"""The lesson notebooks: find them, execute them, and store them so that two runs give the same bytes."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlcourse import bet_folds, files, slideshow
from dlcourse.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "KERNEL",
    "LessonFailed",
    "as_bytes",
    "execute",
    "folder",
    "is_notebook",
    "lessons",
    "normalize",
    "number",
    "one_thread",
    "read",
    "refresh",
]

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# Idle BLAS threads spin between the frames of a widget, and two machines with different numbers of threads add up in a
# different order. One thread each, in every kernel that this package starts.
ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "BLIS_NUM_THREADS"), "1"
)

# The variable of the environment that says whether a learner's progress is kept (learner/): what an author or a check runs
# is no learner's work.
RECORD = "DLCOURSE_PROGRESS"

# The same for every Python, so that a lesson refreshed elsewhere does not change.
KERNEL: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
_LESSON = re.compile(r"[0-9]{2}[a-z]?_.+\.ipynb")
_CELL_ID = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")


class LessonFailed(CourseError, RuntimeError):
    """A cell of a lesson raised, or ran too long; `cell` is its place in the notebook."""

    cell: int = 0


def folder() -> Path:
    """Where the lessons are: inside an installed package, or beside the package in a clone."""
    installed = Path(__file__).parent / "_lessons"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "lessons"


def lessons(where: Path | None = None) -> list[Path]:
    """Every lesson, in the order of the course: `NN_name.ipynb`, and `NNb_name.ipynb` for the second half of a subject."""
    found = [path for path in (where or folder()).glob("*.ipynb") if _LESSON.fullmatch(path.name)]
    return sorted(found, key=lambda path: (number(path), path.name))


def number(lesson: Path) -> str:
    """A lesson's number, as its file's name has it: two digits and perhaps a letter, which sorts 04, 04b, 05.

    Examples
    --------
    >>> number(Path("lessons/04_finding_the_weights.ipynb")), number(Path("lessons/04b_egg_carton.ipynb"))
    ('04', '04b')
    """
    return lesson.stem.partition("_")[0]


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
    before = files.read("refresh", path)
    notebook = read("refresh", path)
    execute(notebook, path, timeout, with_answers=True)
    bet_folds.fold(notebook)
    slideshow.mark(notebook)
    normalize(notebook)
    after = as_bytes(notebook)
    if after == before:
        return False
    files.write("refresh", path, after)
    return True


def read(owner: str, path: Path) -> NotebookNode:
    """A notebook from a file. `owner` is who asks for it, for messages."""
    import nbformat

    return nbformat.reads(files.read(owner, path).decode("utf-8"), as_version=4)  # type: ignore[no-untyped-call]


def as_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as it is written to a file."""
    import nbformat

    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode()  # type: ignore[no-untyped-call]


def is_notebook(path: Path) -> bool:
    """Whether a file is a notebook, and not damaged."""
    import nbformat

    try:
        nbformat.validate(read("notebook", path))
    except (ValueError, nbformat.ValidationError):
        return False
    return True


def execute(
    notebook: NotebookNode, path: Path, timeout: int = 120, *, as_sent: bool = False, with_answers: bool = False
) -> None:
    """Run every cell in a fresh kernel of this Python, in the lesson's folder, with one BLAS thread.

    Parameters
    ----------
    notebook : NotebookNode
        Its outputs are replaced.
    path : Path
        Where the lesson is, or would be.
    timeout : int
        Seconds that a cell may take.
    as_sent : bool
        Whether outputs are kept as the kernel sent them, though cleared later, and the next cells run after an error.
    with_answers : bool
        Whether widgets with a question send along what they show after it (see bet_folds.py).

    Raises
    ------
    LessonFailed
        If a cell raises (unless `as_sent`), takes too long, or ends the kernel.
    """
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    from dlcourse.notebook_kernel import Client

    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    environment = one_thread() | {RECORD: "off"} | ({bet_folds.ASKED: "1"} if with_answers else {})
    client = Client(
        notebook,
        as_sent=as_sent,
        timeout=timeout,
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        # What the kernel itself says is not the lesson's, and goes into a file that nobody reads.
        with tempfile.TemporaryFile() as heard:
            client.execute(stdout=heard, stderr=heard, env=environment)
    except (CellExecutionError, CellTimeoutError, RuntimeError) as error:  # the last: it did not start, or died
        words = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else _first_line(error)
        source = notebook.cells[client.running].source.strip().split("\n")[0]
        failure = LessonFailed(f"{path.name}, cell {client.running} ({source!r}): {words}")
        failure.cell = client.running
        raise failure from error


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
    slides = {name: kept for name, kept in notebook.metadata.items() if name == slideshow.SETTINGS}
    notebook.metadata.clear()
    notebook.metadata.update(KERNEL | slides)
    taken: set[str] = set()
    number = 0
    for position, cell in enumerate(notebook.cells):
        cell["id"] = _cell_id(cell, position, taken)
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
            output.metadata.pop("dlcourse", None)  # speaks of the view
        if output.output_type == "execute_result":
            output.execution_count = number
        kept.append(output)
    return kept


def _keep_metadata(metadata: Any) -> None:
    """Tags and what folds a cell stay; timings, trust and the marks of editors go."""
    for key in [key for key in metadata if key not in ("tags", "jupyter", "collapsed", "slideshow")]:
        metadata.pop(key)


def _cell_id(cell: Any, position: int, taken: set[str]) -> str:
    """The cell's own id if it is valid and not taken, else one made from its text and place."""
    name = str(cell.get("id", ""))
    if not _CELL_ID.match(name) or name in taken:
        name = hashlib.sha256(f"{position}\n{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:8]
        while name in taken:
            name = hashlib.sha256(name.encode()).hexdigest()[:8]
    taken.add(name)
    return name


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
