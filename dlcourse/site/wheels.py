"""The wheels for a browser's Python, and the lock file that tells Pyodide where each package is.

What is pure Python lies beside the lock file. What is compiled, NumPy above all, exists in Pyodide's own distribution only:
its entry keeps its SHA-256, so a browser refuses anything else, and gets that distribution's address.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

__all__ = ["course_wheel", "locked", "needed_packages", "normal"]

Lock = dict[str, Any]
WRITTEN = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is made


def normal(name: str) -> str:
    """A package's name as indexes write it.

    Examples
    --------
    >>> normal("typing_extensions")
    'typing-extensions'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def needed_packages(lock: Lock, roots: Iterable[str]) -> list[dict[str, Any]]:
    """The entries of these packages in a lock file and of all that they need, by name.

    Parameters
    ----------
    lock : dict
        The content of Pyodide's lock file.
    roots : iterable of str
    """
    entries = {normal(name): entry for name, entry in lock["packages"].items()}
    waiting, needed = [normal(name) for name in roots], {}
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = entries[name]
            waiting += [normal(other) for other in entries[name]["depends"]]
    return [needed[name] for name in sorted(needed)]


def locked(
    lock: Lock, wheels: Iterable[Path], depends: dict[str, list[str]], elsewhere: str, here: Iterable[str]
) -> Lock:
    """A lock file that takes these wheels from its own folder, and all else from another address.

    Parameters
    ----------
    lock : dict
        The content of Pyodide's lock file. It is left as it is.
    wheels : iterable of Path
        What lies beside the lock file, and replaces or adds to Pyodide's packages.
    depends : dict of str to list of str
        What each package that Pyodide does not know needs.
    elsewhere : str
        The address of Pyodide's distribution.
    here : iterable of str
        The names of files of that distribution that lie beside the lock file too.
    """
    kept = set(here)
    packages = {}
    for entry in lock["packages"].values():
        name = entry["file_name"]
        packages[normal(entry["name"])] = entry | {"file_name": name if name in kept else f"{elsewhere}/{name}"}
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        known = packages.get(normal(name), {})
        packages[normal(name)] = known | {
            "name": known.get("name", normal(name)),
            "version": version,
            "file_name": wheel.name,
            "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
            "install_dir": "site",
            "package_type": "package",
            "imports": known.get("imports") or _imports(wheel),
            "depends": known.get("depends", depends.get(normal(name), [])),
            "unvendored_tests": False,
        }
    return lock | {"packages": dict(sorted(packages.items()))}


def _imports(wheel: Path) -> list[str]:
    """What can be imported from a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {(name.partition("/")[0], "/" in name) for name in archive.namelist()}
    names = {top if inside else top.removesuffix(".py") for top, inside in tops if inside or top.endswith(".py")}
    return sorted(name for name in names if name.isidentifier())


def course_wheel(package: Path, version: str) -> tuple[str, bytes]:
    """The course as a wheel without its lessons: its name and its bytes, the same whenever it is made.

    Parameters
    ----------
    package : Path
        The folder `dlcourse`.
    version : str
    """
    about = f"dlcourse-{version}.dist-info"
    files = {
        path.relative_to(package.parent).as_posix(): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and not {"__pycache__", "_lessons"} & set(path.parts)
    }
    files[f"{about}/METADATA"] = f"Metadata-Version: 2.1\nName: dlcourse\nVersion: {version}\n".encode()
    files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: dlcourse\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{about}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{about}/RECORD"]).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, WRITTEN), content, zipfile.ZIP_DEFLATED)
    return f"dlcourse-{version}-py3-none-any.whl", made.getvalue()
