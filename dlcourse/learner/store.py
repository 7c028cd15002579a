"""The file of the record: where it lies, and how several kernels write it without losing anything."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from dlcourse import files, notebooks
from dlcourse.errors import CourseError
from dlcourse.learner.record import VERSION, Record, from_plain, to_plain
from dlcourse.locks import alone

__all__ = ["FILE", "is_kept", "note", "read"]

FILE = "dlcourse_progress.json"


def is_kept(folder: Path) -> bool:
    """Whether a record is kept here: where lessons lie, unless it is switched off."""
    if os.environ.get(notebooks.RECORD, "").strip().lower() in ("off", "0", "no", "false"):
        return False
    return bool(notebooks.lessons(folder))


def read(folder: Path) -> Record:
    """The record in this folder; an empty one where there is none, or the file cannot be read or understood."""
    with suppress(OSError):
        return _read(folder / FILE) or Record()
    return Record()


def note(change: Callable[[Record], None]) -> None:
    """Change the record in the folder that this program works in.

    Whatever goes wrong with the file, a check must not fail for it: then nothing is noted. A file that is damaged is laid
    beside under another name first, one of a later version is left alone.

    Parameters
    ----------
    change : callable
        (record) -> None, which changes it in place.
    """
    with suppress(OSError, CourseError):
        folder = Path.cwd()
        if is_kept(folder):
            with alone(str(folder / f".{FILE}.lock")) as mine:
                if mine:
                    _change(folder / FILE, change)


def _change(path: Path, change: Callable[[Record], None]) -> None:
    record = _read(path)
    if record is None:
        if _is_newer(path):
            return
        aside = path.with_name(f"{path.stem}_damaged_{time.strftime('%Y%m%d_%H%M%S')}.json")
        files.write("progress", aside, files.read("progress", path))
        record = Record()
    change(record)
    text = json.dumps(to_plain(record), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    files.write("progress", path, text.encode())


def _read(path: Path) -> Record | None:
    """What the file holds; an empty record where there is no file, None where it holds something else."""
    try:
        return from_plain(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return Record()
    except (ValueError, RecursionError):
        return None


def _is_newer(path: Path) -> bool:
    with suppress(ValueError, RecursionError):
        content = json.loads(path.read_bytes())
        version = content.get("version") if isinstance(content, dict) else None
        return isinstance(version, int) and version > VERSION
    return False
