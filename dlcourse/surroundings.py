"""What the Python that runs this has: threads, processes, and the packages that only some calls need.

A Python in a browser (Pyodide) or in a sandbox (WASI) starts neither threads nor processes, and lacks what nobody has
compiled for it.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from dlcourse.errors import MissingPackageError

__all__ = ["has_threads", "needed"]


def has_threads() -> bool:
    """Whether this Python can start threads and processes; the ones that run in a browser or a sandbox cannot."""
    return sys.platform not in ("emscripten", "wasi")


def needed(owner: str, module: str, package: str, why: str) -> ModuleType:
    """Import a module that only some calls need.

    Parameters
    ----------
    owner : str
        What was called, for the message.
    module : str
        Such as ``"safetensors.numpy"``.
    package : str
        What brings it, as pip calls it.
    why : str
        What it is needed for, in words that go before its name.

    Raises
    ------
    MissingPackageError
        If the package is not installed.

    Examples
    --------
    >>> needed("digits", "math", "scikit-learn", "these data come with").sqrt(9)
    3.0
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != module.split(".")[0]:
            raise  # the package is here, and something that it needs is not
    install = f"Install it: pip install {package} in a terminal, or %pip install {package} in a cell."
    if not has_threads():
        install = (
            f"This Python runs in a browser: if %pip install {package} in a cell does not find it, open this lesson on your own "
            "machine."
        )
    raise MissingPackageError(f"{owner}: {why} {package}, which is not installed here. {install}")
