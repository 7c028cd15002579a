"""Files in and out: everything that the course reads or writes goes through here, weights, data, lessons, pages.

A file is written beside its place and then renamed, so an interruption never leaves half a file under its name. It gets
the permissions that any new file of this user gets; one that was there before keeps its own. A link stays a link: the
file that it leads to is written. `~` is the home folder. What the system refuses is said in the course's words.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from contextlib import suppress
from typing import Any

from dlcourse.errors import FileAccessError, WrongTypeError, brief
from dlcourse.locks import locked
from dlcourse.refusals import refusal

__all__ = ["append", "expanded", "make_folder", "read", "write"]

PARTIAL = "partial"  # what the name of an unfinished file ends in; a second writer at the same time appends a number
AT_ONCE = 64  # how many programs may write one file at the same time
MINUTES = 10  # where files cannot be locked, an unfinished file left untouched this long counts as abandoned


def expanded(owner: str, path: Any, example: str = "weights.safetensors") -> str:
    """The path as text, with `~` written out.

    Parameters
    ----------
    owner : str
        Who takes the path, for messages.
    path : str or Path
    example : str
        A path that `owner` could take, for messages.

    Raises
    ------
    WrongTypeError
        If it is not a path.
    FileAccessError
        If no file can have this name.

    Examples
    --------
    >>> import os
    >>> expanded("save", "~") == os.path.expanduser("~"), expanded("save", "results/line.safetensors")
    (True, 'results/line.safetensors')
    """
    text = path
    if isinstance(path, os.PathLike):
        with suppress(TypeError):  # a class of one's own may give anything
            text = os.fspath(path)
    if not isinstance(text, str):
        raise WrongTypeError(f"{owner}: the path is text, such as {example!r}, not {brief(path)}.")
    if not text or "\0" in text:
        raise FileAccessError(
            f"{owner}: {text!r} is not a name that a file can have. One is, for example, {example!r}."
        )
    name = os.path.expanduser(text)
    if text.startswith("~") and name == text:
        user = text.replace(os.sep, "/").split("/")[0]
        raise FileAccessError(
            f"{owner}: {user!r} at the beginning of a path is a home folder, and nobody here has that one. Write {'./' + text!r} "
            "if a file in this folder is meant."
        )
    try:
        os.fsencode(name)
    except UnicodeEncodeError as error:
        raise FileAccessError(
            f"{owner}: letter {error.start + 1} of the path cannot stand in a name of a file, for the system writes names in {error.encoding}. Choose "
            "a name in plain letters."
        ) from None
    return name


def read(owner: str, path: str | os.PathLike[str]) -> bytes:
    """The content of a file.

    Parameters
    ----------
    owner : str
        Who asks for it, for messages.
    path : str or Path

    Raises
    ------
    MissingFileError
        If there is no such file.
    NoPermissionError
        If it may not be read.
    FileAccessError
        If the system cannot read it for another reason.
    """
    name = expanded(owner, path)
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):  # a pipe or a device would never end
            raise FileNotFoundError(errno.ENOENT, "no file", name)
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        raise refusal(owner, "read", name, error) from None


def write(owner: str, path: str | os.PathLike[str], content: bytes, *, elsewhere: str = "") -> None:
    """Write a file as a whole or not at all.

    Parameters
    ----------
    owner : str
        Who writes it, for messages.
    path : str or Path
    content : bytes
    elsewhere : str
        How to write into another folder, for the message where this one may not be written.

    Raises
    ------
    MissingFileError
        If there is no such folder.
    NoPermissionError
        If nothing may be written there.
    FileAccessError
        If the path is that of a folder, the disk is full, or the system cannot write it for another reason.
    """
    name = expanded(owner, path)
    try:
        if name.endswith((os.sep, os.altsep or os.sep)):
            raise IsADirectoryError(errno.EISDIR, "a folder", name)
        target = os.path.realpath(name)
        before = _status(target)
        if before is None or stat.S_ISREG(before.st_mode):
            _replace(target, content, before)
        else:  # a device, such as /dev/null, or a pipe; a folder is refused by the system
            with open(target, "wb") as file:
                file.write(content)
    except OSError as error:
        raise refusal(owner, "write", name, error, elsewhere) from None


def append(owner: str, path: str | os.PathLike[str], content: bytes) -> None:
    """Add to the end of a file, or begin it. What is added is handed to the system before this returns.

    Parameters
    ----------
    owner : str
        Who writes it, for messages.
    path : str or Path
    content : bytes

    Raises
    ------
    MissingFileError
        If there is no such folder.
    NoPermissionError
        If nothing may be written there.
    FileAccessError
        If the path is that of a folder, the disk is full, or the system cannot write it for another reason.
    """
    name = expanded(owner, path)
    try:
        with open(name, "ab") as file:
            file.write(content)
    except OSError as error:
        raise refusal(owner, "write", name, error) from None


def make_folder(owner: str, path: str | os.PathLike[str], *, elsewhere: str = "") -> str:
    """Make a folder to write into, and those that it lies in, where they are not there yet; returns its path.

    Parameters
    ----------
    owner : str
        Who needs it, for messages.
    path : str or Path
    elsewhere : str
        How to choose another folder, for the message where this one cannot be made.

    Raises
    ------
    NoPermissionError
        If nothing may be written there.
    FileAccessError
        If a file has this name already, or the system cannot make it for another reason.
    """
    name = expanded(owner, path)
    try:
        os.makedirs(name, exist_ok=True)
        if not os.access(name, os.W_OK):
            raise PermissionError(errno.EACCES, "write-protected", name)
    except OSError as error:
        raise refusal(owner, "make", name, error, elsewhere) from None
    return name


# ------------------------------------------------------------------------------------------- written beside and renamed


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _replace(target: str, content: bytes, before: os.stat_result | None) -> None:
    """Write a file beside its place, give it the owner and the permissions of the one `before`, and rename it."""
    if before is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "write-protected", target)  # renaming would go through all the same
    handle, beside = _begin(target, 0o666 if before is None else 0o600)  # what was private is so at every moment
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if before is not None:
                _resemble(beside, before)
            if os.name == "posix":  # while it is locked
                os.replace(beside, target)
        if os.name != "posix":  # elsewhere a file that is open cannot be renamed
            os.replace(beside, target)
    except BaseException:
        with suppress(OSError):
            os.remove(beside)
        raise


def _resemble(path: str, before: os.stat_result) -> None:
    """Give a file the owner, group and permissions of the one before, as far as this user may."""
    now = os.stat(path)
    if hasattr(os, "chown") and (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        for user in (before.st_uid, -1):
            with suppress(OSError):
                os.chown(path, user, before.st_gid)
                break
    with suppress(OSError):
        os.chmod(path, stat.S_IMODE(before.st_mode))


def _begin(target: str, permissions: int) -> tuple[int, str]:
    """A new file beside the target that nobody else writes: its handle and its path.

    It is called `.NAME.partial`. Whoever writes one holds a lock on it, which ends with the program, even with one that is
    killed: so what a killed program has left is known, and taken away here. Two writers at once get two names.
    """
    names = [_beside(target, number) for number in range(1, AT_ONCE + 1)]
    for beside in names:
        _remove_abandoned(beside)
    for beside in names:
        with suppress(FileExistsError):
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), permissions)
            if locked(handle) is not False and _is_at(handle, beside):
                return handle, beside
            os.close(handle)  # somebody took it for abandoned before it was locked
    raise OSError(errno.EBUSY, "too many programs write it at the same time", target)


def _beside(target: str, number: int) -> str:
    folder, name = os.path.split(target)
    while len(os.fsencode(name)) > 200:  # the longest name that file systems take has 255 bytes
        name = name[: len(name) - 1]
    return os.path.join(folder, f".{name}.{PARTIAL}{number if number > 1 else ''}")


def _remove_abandoned(path: str) -> None:
    """Remove an unfinished file that no living program writes."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            alone = locked(handle)
            rests = alone is None and time.time() - os.fstat(handle).st_mtime > 60 * MINUTES
            abandoned = (alone or rests) and _is_at(handle, path)
            if abandoned and os.name == "posix":  # while it is locked
                os.remove(path)
        finally:
            os.close(handle)
        if abandoned and os.name != "posix":
            os.remove(path)


def _is_at(handle: int, path: str) -> bool:
    """Whether the file that was opened still has this name."""
    status = _status(path)
    return status is not None and os.path.samestat(os.fstat(handle), status)
