"""What the operating system refuses to do with a file, in the course's words."""

from __future__ import annotations

import errno
import os
import stat

from dlcourse.errors import CourseError, FileAccessError, MissingFileError, NoPermissionError

__all__ = ["refusal"]

FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
LONGEST = 255  # bytes that the name of a file may have nearly everywhere
KEPT = "What was there under this name is as it was."


def refusal(owner: str, doing: str, name: str, error: OSError, elsewhere: str = "") -> CourseError:
    """The error of the course to raise instead of one of the system.

    Parameters
    ----------
    owner : str
        Who asked for it.
    doing : str
        "read", "write" or "make" (a folder).
    name : str
        The path that was asked for.
    error : OSError
    elsewhere : str
        How to choose another place.
    """
    code = error.errno
    if code in FORBIDDEN:
        place = elsewhere or f"Choose another place, for example in your home folder: ~/{os.path.basename(name)}."
        readable = "Its owner can let everybody read it: chmod a+r, and a+x for the folders that it lies in."
        return NoPermissionError(f"{owner}: {_forbidden(doing, name, code)} {readable if doing == 'read' else place}")
    if code == errno.ENOENT and doing == "read":
        if os.path.exists(name):
            return MissingFileError(f"{owner}: {name!r} is {_kind(name)}, not a file. Name a file.")
        return MissingFileError(f"{owner}: there is no file {name!r}. Was it saved in another folder?")
    if code == errno.ENOENT and not os.path.isdir(_folder(name) or "."):
        return MissingFileError(f"{owner}: there is no folder {_folder(name) or '.'!r}. Make it first.")
    return FileAccessError(f"{owner}: {_obstacle(doing, name, error, elsewhere)}")


def _obstacle(doing: str, name: str, error: OSError, elsewhere: str) -> str:
    """Why it cannot be done, whoever asks."""
    code = error.errno
    if code in (errno.ENOTDIR, errno.EEXIST):
        advice = elsewhere or "Choose another name, or move that file away."
        return f"{_file_on_the_way(name)!r} is a file, not a folder. {advice}"
    if code == errno.EISDIR:
        return f"{name!r} is a folder. Choose another name, or move that folder away."
    if code in FULL:
        return f"the disk is full, {name!r} does not fit on it. {KEPT} Make room and try again."
    if code == errno.ENAMETOOLONG:
        last = os.path.basename(name)
        if len(os.fsencode(last)) <= LONGEST:
            return f"the path that begins with {name[:20]!r} is too long, {len(name)} letters. Choose a shorter one."
        return f"the name that begins with {last[:20]!r} is too long, {len(last)} letters. Choose a shorter one."
    if code == errno.ELOOP:
        return f"{name!r} is a link that leads back to itself. Choose another name."
    words = (error.strerror or str(error)).rstrip(".")
    return f"the system did not {doing} {name!r}. It says: {words}.{f' {KEPT}' if doing == 'write' else ''}"


def _folder(name: str) -> str:
    """The folder that a file would lie in; for a link, that of the file that it leads to."""
    return os.path.dirname(os.path.realpath(name) if os.path.islink(name) else name)


def _kind(name: str) -> str:
    """What is there under a name, if it is no file."""
    return "a folder" if os.path.isdir(name) else "a pipe, a device or the like"


def _file_on_the_way(name: str) -> str:
    """The part of a path that should be a folder and is a file."""
    while not os.path.lexists(name) and os.path.dirname(name) not in ("", name):
        name = os.path.dirname(name)
    return name


def _forbidden(doing: str, name: str, code: int | None) -> str:
    """What is not allowed, and where."""
    folder = _folder(name) or "."
    if code == errno.EROFS:
        return f"the folder {folder!r} is on a disk that can only be read."
    if doing == "make":
        return f"{name}: you may not write there."
    if not os.path.exists(name):  # not there, or in a folder that may not be looked into
        return f"you may not {'look' if doing == 'read' else 'write'} into the folder {folder!r}."
    permissions = stat.filemode(os.stat(name).st_mode)
    if doing == "read":
        return f"you may not read {name!r}, its permissions are {permissions}."
    if not os.access(name, os.W_OK):
        return f"you may not change {name!r}, its permissions are {permissions}."
    return f"you may not put a new file in the place of {name!r} in the folder {folder!r}."
