"""Where something is missing, threads, processes or a package: the rest works, and what needs it says what to install."""

import importlib.util
import subprocess
import sys
import types

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import cli, files
from dlcourse.errors import CourseError, MissingPackageError
from dlcourse.surroundings import needed

# What a Python in a browser does not have, or no lesson needs of it to compute: packages, and what joblib makes processes with.
MISSING = (
    "jupyterlab", "jupyter_server", "jupyter_client", "ipykernel", "nbval", "nbconvert", "nbformat", "nbclient", "latex2mathml",
    "tornado", "zmq", "safetensors", "sklearn", "scipy", "joblib", "distributed", "multiprocessing", "_multiprocessing",
)  # fmt: skip
IN_A_BROWSER = f"""
import sys
import numpy as np

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {MISSING}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

assert not set({MISSING}) & set(sys.modules)
sys.meta_path.insert(0, Missing())
import os, socket, subprocess, threading

def refuse(*_, **__):
    raise RuntimeError("can't start new thread")

threading.Thread.start = os.fork = subprocess.Popen.__init__ = socket.socket.connect = socket.socket.bind = refuse
import dlcourse as dl
from dlcourse.exercises import single_neuron as ex
from dlcourse.widgets import NeuronExplorer

sys.platform = "emscripten"
rng = np.random.default_rng(0)
moons = dl.data.moons(200, rng=rng)
model = dl.Sequential(dl.Dense(2, 16, activation=dl.relu, rng=rng), dl.Dense(16, 2, rng=rng))
dl.fit(
    model, moons, loss=dl.cross_entropy, optimizer=dl.Adam(model.parameters(), 0.02), epochs=30, batch_size=20, rng=rng,
    validation=moons,
)
print(dl.accuracy(model, moons) > 0.95)
rates = dl.sweep(lambda settings, rng: settings["lr"], {{"lr": dl.spaces.log_uniform(0.001, 1)}}, budget=3, rng=rng)
print(len(rates))
widget = NeuronExplorer()
print(widget.describe(widget.compute()))
ex.check("gates", lambda: {{"AND": (1, 1, -1.5), "OR": (1, 1, -0.5), "NAND": (-1, -1, 1.5)}})
print(sorted(set({MISSING}) & set(sys.modules)))
"""


def test_training_widgets_and_checks_work_where_a_browser_has_nothing_else():
    done = subprocess.run([sys.executable, "-c", IN_A_BROWSER], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    trained, swept, sentence, *checked, loaded = done.stdout.splitlines()
    assert (trained, swept, loaded) == ("True", "3", "[]")
    assert len(sentence) > 40
    assert checked[0].startswith("gates: right")


@pytest.fixture
def without(monkeypatch):
    """A function that takes a package away for the length of the test."""

    def take_away(package):
        for name in [name for name in sys.modules if name.startswith(f"{package}.")]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, package, None)

    return take_away


CALLS = {
    "save": ("safetensors", "safetensors", lambda place: dl.save(line(), place / "line.safetensors")),
    "load": ("safetensors", "safetensors", lambda place: dl.load(line(), written(place))),
    "sweep": (
        "joblib",
        "joblib",
        lambda place: dl.sweep(score, {"lr": dl.spaces.uniform(0.1, 0.2)}, budget=2, rng=rng(), jobs=2),
    ),
    "photograph": ("sklearn", "scikit-learn", lambda place: dl.data.photograph()),
} | {
    name: ("sklearn", "scikit-learn", lambda place, name=name: getattr(dl.data, name)())
    for name in ("breast_cancer", "diabetes", "digits", "iris", "wine")
}


def rng():
    return np.random.default_rng(0)


def line():
    return dl.Dense(2, 1, rng=rng())


def written(place):
    (place / "line.safetensors").write_bytes(b"some weights")
    return place / "line.safetensors"


def score(settings, rng):
    return settings["lr"]


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_needs_a_package_says_which_one_to_install(call, without, tmp_path, monkeypatch):
    module, package, run = CALLS[call]
    without(module)
    with pytest.raises(MissingPackageError, match=f"^{call}: .* {package}, which is not installed here") as caught:
        run(tmp_path)
    assert f"pip install {package} in a terminal" in str(caught.value)
    assert isinstance(caught.value, CourseError) and isinstance(caught.value, ImportError)
    assert caught.value.__cause__ is None and caught.value.__context__ is None, "two tracebacks"
    if call != "sweep":  # where there are no processes it needs no joblib
        monkeypatch.setattr(sys, "platform", "emscripten")
        with pytest.raises(MissingPackageError, match="This Python runs in a browser"):
            run(tmp_path)


def test_a_file_is_written_where_the_module_of_locks_is_empty_as_in_jupyterlite(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", types.ModuleType("fcntl"))
    for content in (b"once", b"and again"):
        files.write("progress", tmp_path / "dlcourse_progress.json", content)
        assert [path.read_bytes() for path in tmp_path.iterdir()] == [content]


@pytest.mark.parametrize("command", ["lab", "check", "export", "refresh"])
def test_a_command_that_needs_jupyter_says_what_brings_it(command, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert cli.main([command]) == 2
    assert 'pip install "dlcourse[lab]"' in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_package_that_is_there_and_lacks_something_itself_tells_it_as_it_is(tmp_path, monkeypatch):
    (tmp_path / "half_installed.py").write_text("import that_is_nowhere\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="that_is_nowhere"):
        needed("digits", "half_installed", "half-installed", "these data come with")
