"""Copy the lessons into a learner's folder, never over a file that the learner has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from dlcourse import files
from dlcourse.cli.arguments import UserError
from dlcourse.errors import counted

__all__ = ["ELSEWHERE", "MANIFEST", "copy_lessons", "listed"]

MANIFEST = ".dlcourse.json"  # what was copied into a learner's folder: name -> SHA-256
ELSEWHERE = "Choose another folder, for example: dlcourse lab ~/my_lessons"


def copy_lessons(source: Path, folder: Path) -> list[str]:
    """Copy what is new, and what the learner has not changed.

    Returns
    -------
    list of str
        What was done, in sentences; nothing for a file that is up to date.
    """
    paths = [path for path in sorted(source.rglob("*")) if path.is_file() and not _hidden(path.relative_to(source))]
    if not any(path.suffix == ".ipynb" for path in paths):
        raise UserError(
            f"no lessons in {source}. Install the package again: python -m pip install --force-reinstall dlcourse"
        )
    files.make_folder("lab", folder, elsewhere=ELSEWHERE)
    copied = _read_manifest(folder)
    said, new = [], 0
    try:
        for path in paths:
            sentence = _copy(folder, path.relative_to(source).as_posix(), files.read("lab", path), copied)
            if sentence == "new":
                new += 1
            elif sentence:
                said.append(sentence)
    finally:
        _write(folder / MANIFEST, _as_json(copied))
    return ([f"{counted(new, 'file')} copied."] if new else []) + said


def listed(contents: Mapping[str, bytes]) -> bytes:
    """The list of what was copied, for files that were given out changed: `dlcourse lab` leaves them as they are."""
    return _as_json({name: _digest(content) for name, content in contents.items()})


def _as_json(copied: dict[str, str]) -> bytes:
    return (json.dumps(copied, indent=1, sort_keys=True) + "\n").encode()


def _copy(folder: Path, name: str, content: bytes, copied: dict[str, str]) -> str:
    """Copy one file; a sentence about it, "new", or nothing."""
    target, fresh = folder / name, _digest(content)
    files.make_folder("lab", target.parent, elsewhere=ELSEWHERE)
    if not target.exists():
        _write(target, content)
        copied[name] = fresh
        return "new"
    present = _digest(files.read("lab", target))
    if present == fresh:
        copied[name] = fresh
        return ""
    if present == copied.get(name):
        _write(target, content)
        copied[name] = fresh
        return f"{name}: a newer version replaced the one you had not changed."
    if copied.get(name) == fresh:
        return ""  # the learner's version of the newest lesson
    beside = _beside(folder, name, fresh, copied)
    _write(folder / beside, content)
    copied[name] = copied[beside] = fresh
    return f"{name}: you have changed it, so your version stays. The new version is beside it: {beside}"


def _beside(folder: Path, name: str, fresh: str, copied: dict[str, str]) -> str:
    """A name for the new version that takes nothing of the learner's: NAME.new.ipynb, NAME.new2.ipynb, …"""
    stem, dot, kind = name.rpartition(".")
    count = 1
    while True:
        beside = f"{stem}.new{count if count > 1 else ''}{dot}{kind}"
        target = folder / beside
        if not target.exists() or _digest(files.read("lab", target)) in (fresh, copied.get(beside)):
            return beside
        count += 1


def _read_manifest(folder: Path) -> dict[str, str]:
    """What was copied before. A lost or broken list means: everything here is the learner's."""
    try:
        copied = json.loads(files.read("lab", folder / MANIFEST).decode("utf-8"))
    except (FileNotFoundError, ValueError):  # ValueError: not JSON, or not UTF-8
        return {}
    return {str(name): str(digest) for name, digest in copied.items()} if isinstance(copied, dict) else {}


def _write(path: Path, content: bytes) -> None:
    files.write("lab", path, content, elsewhere=ELSEWHERE)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.parts)
