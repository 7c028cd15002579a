"""What was handed in: the notebooks in folders and zip files, as learning platforms give them, and whose each one is.

Nothing is unpacked and nothing is written. A file that is too large, damaged or locked is kept with the reason.
"""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlcourse import files, notebooks
from dlcourse.errors import CourseError, FileFormatError, MissingFileError
from dlcourse.learner.record import Record, from_plain
from dlcourse.learner.store import FILE

__all__ = ["HandedIn", "handed_in"]

LARGEST = 50_000_000  # bytes of a notebook
LARGEST_ZIPS = 500_000_000  # bytes of all zip files inside another one
MOST = 20_000  # files in one zip file
DEEPEST = 2  # zip files in each other
# What platforms put around a name: Moodle behind it, Canvas between it and the name of the file.
_AFTER = re.compile(r"_\d+_assignsubmission_\w*$")
_BEFORE = re.compile(r"^(\w+?)_(?:LATE_)?\d+_\d+_.+$")


@dataclass(frozen=True)
class HandedIn:
    """One notebook.

    Attributes
    ----------
    learner : str
        Whose it is: the name of its folder, or of the file where many lie in one folder.
    file : str
        Where it lies in the folder or zip file that was given, with `/`.
    read : callable
        () -> bytes. Raises FileFormatError or OSError where that does not go.
    record : callable
        () -> the record of the learner's progress that lies beside it; an empty one if there is none.
    """

    learner: str
    file: str
    read: Callable[[], bytes]
    record: Callable[[], Record]


@dataclass(frozen=True)
class _File:
    parts: tuple[str, ...]
    read: Callable[[], bytes]

    @property
    def is_work(self) -> bool:
        """Whether it is a notebook, or something that could not be opened and may hold one."""
        return self.parts[-1] != FILE


def handed_in(places: Sequence[str]) -> list[HandedIn]:
    """Every notebook in these folders, zip files and files.

    Raises
    ------
    MissingFileError
        If one of them is not there, or there is no notebook in it.
    """
    every = []
    for name in places:
        place = Path(files.expanded("grade", name, "handed_in"))
        inside = _of_one(_files(place), place.resolve().name.removesuffix(place.suffix if place.is_file() else ""))
        if not inside:
            what = "nothing has this name" if not place.exists() else "there is no notebook in it"
            raise MissingFileError(f"grade: {name}: {what}. Give a folder, a zip file or a notebook.")
        every += inside
    return every


def _files(place: Path) -> list[_File]:
    if place.is_dir():
        return list(_in_folder(place))
    if place.suffix.lower() == ".zip":
        return list(_in_zip((place.name,), lambda: files.read("grade", place)))
    return [_File((place.name,), _limited(place))] if place.is_file() else []


def _in_folder(folder: Path) -> Iterator[_File]:
    """The notebooks, records and zip files of a folder; links are not followed, they may lead anywhere."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _hidden(name))
        for name in sorted(names):
            path = Path(place, name)
            parts = path.relative_to(folder).parts
            if _hidden(name) or path.is_symlink():
                continue
            if name.lower().endswith(".zip"):
                for file in _in_zip((name,), lambda path=path: files.read("grade", path)):  # type: ignore[misc]
                    below = file.parts if file.parts == (name,) else (path.stem, *file.parts)
                    yield _File((*parts[:-1], *below), file.read)
            elif _wanted(name):
                yield _File(parts, _limited(path))


def _in_zip(
    name: tuple[str, ...], read: Callable[[], bytes], depth: int = 1, left: list[int] | None = None
) -> Iterator[_File]:
    """The same in a zip file; one that cannot be read is a file of that `name` that cannot be read."""
    left = [LARGEST_ZIPS] if left is None else left  # bytes of zip files inside it that may still be read
    try:
        if depth > DEEPEST:
            raise FileFormatError("It lies in a zip file in a zip file.")
        archive = zipfile.ZipFile(io.BytesIO(read()))
        members = archive.infolist()
        if len(members) > MOST:
            raise FileFormatError(f"It has {len(members)} files.")
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, CourseError) as error:
        yield _File(name, _refusal(f"The zip file is not read: {error}"))
        return
    for member in sorted(members, key=lambda one: one.filename):
        parts = tuple(part for part in re.split(r"[/\\]", member.filename) if part not in ("", ".", ".."))
        if member.is_dir() or not parts or any(map(_hidden, parts)):
            continue
        if parts[-1].lower().endswith(".zip"):
            for file in _in_zip(parts[-1:], _member(archive, member, left), depth + 1, left):
                below = file.parts if file.parts == parts[-1:] else (parts[-1][:-4], *file.parts)
                yield _File((*parts[:-1], *below), file.read)
        elif _wanted(parts[-1]):
            yield _File(parts, _member(archive, member))


def _hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _wanted(name: str) -> bool:
    return name.lower().endswith(".ipynb") or name == FILE


def _limited(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        if path.stat().st_size > LARGEST:
            raise FileFormatError(_too_large(path.stat().st_size))
        return files.read("grade", path)

    return read


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: list[int] | None = None) -> Callable[[], bytes]:
    def read() -> bytes:
        most = LARGEST if left is None else left[0]
        try:
            with archive.open(member) as file:
                content = file.read(most + 1)  # the size that the zip file states may be a lie
        except Exception as error:  # each way of packing has errors of its own
            raise FileFormatError(f"It cannot be taken out of the zip file: {error}") from None
        if len(content) > most:
            raise FileFormatError(_too_large(max(len(content), member.file_size)))
        if left is not None:
            left[0] -= len(content)
        return content

    return read


def _too_large(size: int) -> str:
    return f"It has {size / 1e6:.0f} MB, and that is too much to be read."


def _refusal(why: str) -> Callable[[], bytes]:
    def read() -> bytes:
        raise FileFormatError(why)

    return read


# ------------------------------------------------------------------------------------------------------ whose it is


def _of_one(every: list[_File], place: str) -> list[HandedIn]:
    """The notebooks of one place, each with its learner."""
    lessons = {path.stem for path in notebooks.lessons()}
    records = {file.parts[:-1]: file.read for file in every if file.parts[-1] == FILE}
    work = [file for file in every if file.is_work]
    level = _level([file.parts[:-1] for file in work])
    return [
        HandedIn(
            _learner(file.parts, level, place, lessons),
            "/".join(file.parts),
            file.read,
            _record(records.get(file.parts[:-1])),
        )
        for file in work
    ]


def _level(folders: list[tuple[str, ...]]) -> int:
    """Which folders have the learners' names: the first in which they differ, below those that all have in common."""
    inside = [parts for parts in folders if parts]
    for depth in range(min(map(len, inside), default=0)):
        if len({parts[depth] for parts in inside}) > 1:
            return depth
    return 0


def _learner(parts: tuple[str, ...], level: int, place: str, lessons: set[str]) -> str:
    if len(parts) > level + 1:
        return _AFTER.sub("", parts[level])
    stem = Path(parts[-1]).stem
    if stem in lessons:  # a name that the course gave
        return place
    canvas = _BEFORE.match(stem)
    return canvas[1] if canvas else stem


def _record(read: Callable[[], bytes] | None) -> Callable[[], Record]:
    def record() -> Record:
        if read is None:
            return Record()
        try:
            return from_plain(json.loads(read())) or Record()
        except (OSError, ValueError, RecursionError, CourseError):
            return Record()

    return record
