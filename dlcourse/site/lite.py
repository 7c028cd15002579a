"""The course in JupyterLite: JupyterLab, Python and the lessons in a browser, with nothing installed and no server behind it.

JupyterLite's build does the work. Beside it lie Pyodide's core, which npm has, and all wheels that are pure Python. What is
compiled, NumPy above all, a reader's browser gets from Pyodide's distribution when a cell first imports it.
"""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from dlcourse import __version__, files
from dlcourse.site.wheels import course_wheel, locked, needed_packages, normal

__all__ = ["FOLDER", "build_lite", "fetch", "lesson_address"]

FOLDER = "lite"
"""The folder of the site that JupyterLite is in."""
KERNEL = "@jupyterlite/pyodide-kernel-extension"
PRELOADED = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython")
COURSE = ["numpy", "matplotlib", "pillow", "scikit-learn", "safetensors", "joblib", "threadpoolctl", "tqdm"]
FROM_PYODIDE = [*COURSE, "typing-extensions", "micropip", "jedi", "ipython"]
"""What the course, and that and the kernel, need of the packages that Pyodide's distribution has."""
BESIDES = {
    "comm": [],
    "psygnal": [],
    "ipywidgets": ["comm", "ipython", "traitlets"],
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
}
"""What they need besides: pure Python, of the version that is installed here, and what each needs."""
DEPENDS = BESIDES | {
    "piplite": ["micropip"],
    "ipykernel": ["comm", "ipython"],
    "pyodide-kernel": ["ipykernel", "ipython", "jedi", "traitlets"],
    "dlcourse": [*COURSE, "ipywidgets", "anywidget"],
}
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "anywidget", KERNEL)
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
    "@jupyterlab/filebrowser-extension:browser": {"showLastModifiedColumn": False},
}


def lesson_address(lesson: str, base: str) -> str:
    """Where JupyterLite opens a lesson.

    Parameters
    ----------
    lesson : str
        Its file's name.
    base : str
        The way from the page to the site's first folder, such as ``"../"``.

    Examples
    --------
    >>> lesson_address("02_single_neuron.ipynb", "../")
    '../lite/lab/index.html?path=02_single_neuron.ipynb'
    """
    return f"{base}{FOLDER}/lab/index.html?path={lesson}"


def fetch(place: Path) -> None:
    """Have npm fetch Pyodide's core, and pip the wheels that are pure Python, unless they are there already.

    Parameters
    ----------
    place : Path
        A folder that keeps them, in `package`, as npm calls it, and `wheels`.
    """
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    core, wheels = place / "package", place / "wheels"
    if not (core / "pyodide-lock.json").is_file() or _version(core) != PYODIDE_VERSION:
        files.make_folder("site", place)
        command = ["npm", "pack", "--silent", f"pyodide@{PYODIDE_VERSION}"]
        packed = subprocess.run(command, cwd=place, check=True, capture_output=True, text=True).stdout.split()[-1]
        shutil.rmtree(core, ignore_errors=True)
        shutil.rmtree(wheels, ignore_errors=True)
        shutil.unpack_archive(place / packed, place, "gztar", filter="data")
        (place / packed).unlink()
    lock = json.loads(files.read("site", core / "pyodide-lock.json"))
    wanted = {entry["name"]: entry["version"] for entry in _pure(lock)}
    wanted |= {name: importlib.metadata.version(name) for name in BESIDES}
    missing = [f"{name}=={version}" for name, version in wanted.items() if not _has(wheels, name, version)]
    if missing:
        python = f"--python-version={lock['info']['python'].rpartition('.')[0]}"
        pure = ["--only-binary=:all:", "--platform=any", python, "--implementation=py", "--abi=none", "--no-deps"]
        command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", *pure]
        subprocess.run([*command, f"--dest={wheels}", *missing], check=True)


def _version(core: Path) -> str:
    return str(json.loads((core / "package.json").read_bytes())["version"])


def _pure(lock: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry for entry in needed_packages(lock, FROM_PYODIDE) if entry["file_name"].endswith("-none-any.whl")]


def _has(wheels: Path, name: str, version: str) -> bool:
    return any(
        normal(path.name.split("-")[0]) == normal(name) and path.name.split("-")[1] == version
        for path in wheels.glob("*.whl")
    )


def build_lite(out: Path, root: Path, place: Path) -> None:
    """Build JupyterLite with the course in it.

    Parameters
    ----------
    out : Path
        Where it is written.
    root : Path
        The repository.
    place : Path
        What `fetch` has fetched.
    """
    extensions = Path(sys.prefix, "share", "jupyter", "labextensions")
    with tempfile.TemporaryDirectory() as work:
        lite, lessons = Path(work, "lite"), Path(work, "lessons")
        _lay_out_pyodide(lite / "static" / "pyodide", root, place, extensions / KERNEL / "static" / "pypi")
        shutil.copytree(root / "lessons", lessons)
        config = {
            "LiteBuildConfig": {
                "apps": ["lab"],
                "contents": [str(lessons)],
                "federated_extensions": [str(extensions / name) for name in EXTENSIONS],
                "ignore_sys_prefix": ["federated_extensions"],
                "no_sourcemaps": True,
                "no_libarchive": True,
                "output_dir": str(out),
                "cache_dir": str(Path(work, "cache")),
            }
        }
        kernel = {"loadPyodideOptions": {"packages": list(PRELOADED)}}
        settings = {"appName": "dlcourse", "litePluginSettings": {f"{KERNEL}:kernel": kernel}}
        for name, content in {
            "jupyter_lite_config.json": config,
            "jupyter-lite.json": {"jupyter-lite-schema-version": 0, "jupyter-config-data": settings},
            "overrides.json": SETTINGS,
        }.items():
            files.write("site", lite / name, json.dumps(content, indent=1).encode())
        shutil.rmtree(out, ignore_errors=True)
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(lite)]
        try:
            subprocess.run(command, cwd=lite, check=True, capture_output=True, text=True)
        except subprocess.CalledProcessError as error:
            error.add_note(error.stdout + error.stderr)
            raise


def _lay_out_pyodide(folder: Path, root: Path, place: Path, shims: Path) -> None:
    """Pyodide's core, the wheels, and the lock file that names them."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL

    files.make_folder("site", folder)
    for path in [*(place / "package").iterdir(), *(place / "wheels").glob("*.whl")]:
        if path.suffix != ".map":
            shutil.copy(path, folder)
    for path in shims.glob("*.whl"):
        if not path.name.startswith("widgetsnbextension"):
            shutil.copy(path, folder)
    name, content = course_wheel(root / "dlcourse", __version__)
    files.write("site", folder / name, content)
    lock = json.loads((folder / "pyodide-lock.json").read_bytes())
    here = [path.name for path in folder.iterdir()]
    known = locked(lock, sorted(folder.glob("*.whl")), DEPENDS, PYODIDE_CDN_URL, here)
    files.write("site", folder / "pyodide-lock.json", json.dumps(known).encode())
