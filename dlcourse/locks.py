"""Locks on open files, which end with the program that holds them, even with one that is killed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["alone", "locked"]


def locked(handle: int) -> bool | None:
    """Lock an open file until it is closed. False if somebody else holds it, None where files cannot be locked."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, AttributeError, OSError):  # JupyterLite's fcntl is an empty module
        return None
    return True


@contextmanager
def alone(path: str, patience: float = 2.0) -> Iterator[bool]:
    """A block that one program runs at a time, of all that name this file, which is made for it and stays empty.

    Parameters
    ----------
    path : str
    patience : float
        Seconds to wait for the others.

    Yields
    ------
    bool
        Whether it is this one's turn; True also where files cannot be locked.

    Raises
    ------
    OSError
        If the file cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        give_up, mine = time.monotonic() + patience, locked(handle)
        while mine is False and time.monotonic() < give_up:
            time.sleep(0.01)
            mine = locked(handle)
        yield mine is not False
    finally:
        os.close(handle)
