"""The wheel carries the lessons; binder's pins are the environment that the tests run in."""

import importlib
import importlib.metadata as metadata
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dlcourse.cli import lab

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]


def requirements(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def version(requirement):
    (only,) = requirement.specifier
    assert only.operator == "==", f"{requirement} is not a pin"
    return only.version


PINS = {canonicalize_name(pin.name): pin for pin in requirements("binder/requirements.txt")}


def closure(needed):
    """Every installed distribution that these requirements bring, with the extras they ask for."""
    names, waiting = set(), [Requirement(text) for text in needed]
    visited = set()
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in visited:
            continue
        visited.add(str(requirement))
        names.add(canonicalize_name(requirement.name))
        for text in metadata.requires(requirement.name) or ():
            below = Requirement(text)
            if below.marker is None or any(below.marker.evaluate({"extra": e}) for e in ("", *requirement.extras)):
                waiting.append(below)
    return names


@pytest.mark.skipif("DLCOURSE_PINNED" not in os.environ, reason="older and newer versions need other packages")
def test_every_package_that_is_needed_is_pinned():
    assert closure(NEEDED) <= set(PINS)


def test_every_pin_is_allowed_by_the_package():
    for text in NEEDED:
        requirement = Requirement(text)
        pin = PINS[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version(pin)), text


@pytest.mark.skipif(
    "DLCOURSE_PINNED" not in os.environ, reason="only where the environment is the pinned one (make test)"
)
def test_this_environment_is_the_one_that_binder_installs():
    installed = {
        canonicalize_name(distribution.name): distribution.version for distribution in metadata.distributions()
    }
    for name, pin in PINS.items():
        if pin.marker is None or pin.marker.evaluate():
            assert installed.pop(name) == version(pin), name
    assert set(installed) <= {"dlcourse", "pip", "setuptools", "wheel"}


def test_the_oldest_versions_that_are_tested_are_the_lower_bounds():
    oldest = {canonicalize_name(pin.name): version(pin) for pin in requirements("tests/oldest.txt")}
    for text in PROJECT["dependencies"]:
        requirement = Requirement(text)
        bound = next(part.version for part in requirement.specifier if part.operator == ">=")
        assert re.fullmatch(rf"{re.escape(bound)}(\.0)*", oldest[canonicalize_name(requirement.name)]), text


def test_binder_starts_the_server_as_dlcourse_lab_does():
    module, name = lab.CONNECTION.rsplit(".", 1)
    kind = getattr(importlib.import_module(module), name)
    assert issubclass(
        kind, importlib.import_module("jupyter_server.services.kernels.connection.base").BaseKernelWebsocketConnection
    )
    assert f'"kernel_websocket_connection_class": "{lab.CONNECTION}"' in (ROOT / "binder" / "postBuild").read_text()


def test_what_a_browser_cannot_use_is_the_extra_lab_and_comes_by_itself_elsewhere():
    left_out = []
    for text in PROJECT["dependencies"]:
        requirement = Requirement(text)
        assert requirement.marker is None or requirement.marker.evaluate({"sys_platform": "linux"}), text
        if requirement.marker is not None and not requirement.marker.evaluate({"sys_platform": "emscripten"}):
            left_out.append(f"{requirement.name}{requirement.specifier}")
    assert sorted(left_out) == sorted(PROJECT["optional-dependencies"]["lab"])


def test_extras_are_few():
    assert set(PROJECT["optional-dependencies"]) == {"test", "bench", "cluster", "grading", "interop", "lab", "site"}


@pytest.mark.skipif("DLCOURSE_PINNED" not in os.environ, reason="builds with a package registry (make test)")
def test_a_wheel_carries_every_lesson_and_works_without_the_clone(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    place = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(place)
    for lesson in (ROOT / "lessons").glob("*.ipynb"):
        assert f"dlcourse/_lessons/{lesson.name}" in names
    assert (
        "dlcourse/py.typed" in names
        and {"dlcourse/live/page.js", "dlcourse/live/canvas.js", "dlcourse/live/questions.js"} <= names
    )
    assert {
        f"dlcourse/cli/jupyter/labextensions/dlcourse-{kind}/{name}"
        for kind in ("slides", "window")
        for name in ("package.json", f"static/{kind}.js")
    } <= names
    assert not any(name.startswith(("tests/", "binder/")) for name in names)
    code = "from pathlib import Path; from dlcourse import notebooks; from dlcourse.cli.copying import copy_lessons; print(*copy_lessons(notebooks.folder(), Path('mine')))"
    environment = os.environ | {"PYTHONPATH": str(place)}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert "copied." in run.stdout
    assert (tmp_path / "mine" / "00_start_here.ipynb").is_file()
