"""One direction of imports: a file knows only what stands above it. The order is the order of the house."""

import ast
import functools
import inspect
import subprocess
import sys
from pathlib import Path

import dlcourse as dl
from tests.cases import every

PACKAGE = Path(__file__).parent.parent / "dlcourse"

# Top to bottom: a room may use every room above it, and its own.
HOUSE = [
    "streams", "errors", "surroundings", "calls", "refusals", "locks", "files", "meanwhile", "memory", "arrays", "array_like", "recording", "vjps", "tensor", "origin", "copies", "own_loops", "comparison", "differentiable", "ops", "activations", "initializers", "labels", "losses", "layers", "objective",
    "calculus", "landscape", "regularizers", "optimizers", "batches", "dataset", "data", "decision", "metrics", "progress", "history", "callbacks", "steps", "validation", "training", "file_format", "saving",
    "diagnosis", "sweeps", "translation", "bet_folds", "slideshow", "notebook_kernel", "notebooks", "pages", "learner", "ways", "server", "live", "reviews", "checking", "widgets", "exercises", "grading", "site", "cli",
]  # fmt: skip
# `dlcourse` itself re-exports; these use it as a learner would.
MAY_USE_THE_FACE = {"checking", "widgets", "exercises", "grading", "site", "cli"}
# Loaded at run time and in a notebook only (the progress bar), so it is not imported when the library loads.
AT_RUN_TIME = {("progress", "live")}
# The one circle: a widget shows itself by the shell, which is made of widgets and loads only then, in a notebook.
CIRCLE = {("live/widget.py", "live/jupyter.py")}
KNOW_JUPYTER = {
    "bet_folds.py",
    "live/jupyter.py",
    "live/progress.py",
    "live/questions.py",
    "notebook_kernel.py",
    "notebooks.py",
    "pages.py",
    "server.py",
}
JUPYTER = {
    "ipywidgets",
    "anywidget",
    "IPython",
    "ipykernel",
    "jupyter_client",
    "jupyter_server",
    "traitlets",
    "jupyterlab",
    "nbformat",
    "nbconvert",
    "nbclient",
    "nbval",
}

FILES = sorted(
    path for path in PACKAGE.rglob("*.py") if "_lessons" not in path.parts and path != PACKAGE / "__init__.py"
)


def room(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def short(path):
    return path.relative_to(PACKAGE).as_posix()


@functools.cache
def imports(path):
    """The statements of a file that import something, each with whether it stands in a function; read once."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
    }
    return [(node, id(node) in inside) for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]


def imported(path):
    """Names of the modules that a file imports, each with whether that happens only when a function is called."""
    parts = ["dlcourse", *path.relative_to(PACKAGE).parts[:-1]]  # the package that a relative import starts from
    for node, late in imports(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, late) for alias in node.names)
        else:
            base = ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])])
            module = base if node.level else node.module
            if module == "dlcourse":
                yield from ((f"dlcourse.{alias.name}", late) for alias in node.names)
            else:
                yield module, late


@every("path", FILES, ids=short)
def test_a_file_uses_only_what_stands_above_it(path):
    own = room(path)
    assert own in HOUSE, f"{own} has no place in the house; add it to HOUSE and to the design"
    for module, late in imported(path):
        if module.split(".")[0] != "dlcourse":
            continue
        if module == "dlcourse" or module.split(".")[1] not in HOUSE:
            assert own in MAY_USE_THE_FACE, f"{own} imports dlcourse itself, which knows everything"
            continue
        other = module.split(".")[1]
        if late and (own, other) in AT_RUN_TIME:
            continue
        assert HOUSE.index(other) <= HOUSE.index(own), f"{own} uses {other}, which stands below it"


@every("path", FILES, ids=short)
def test_only_a_few_files_know_jupyter(path):
    if path.relative_to(PACKAGE).as_posix() not in KNOW_JUPYTER:
        assert not {module.split(".")[0] for module, _ in imported(path)} & JUPYTER


def used_by_files():
    """For each file of the package, those that it imports: in functions, and for type checkers only, as well."""
    names = {".".join(("dlcourse", *path.relative_to(PACKAGE).with_suffix("").parts)): path for path in FILES}
    names |= {name.removesuffix(".__init__"): path for name, path in names.items()}
    graph = {}
    for path in FILES:
        targets = (
            f"{module}.{name}" if f"{module}.{name}" in names else module for module, name in imported_names(path)
        )
        graph[short(path)] = {short(names[target]) for target in targets if target in names} - {short(path)}
    return graph


def imported_names(path):
    """Pairs of a module and a name from it that a file imports; the name is "" where the module itself is meant."""
    parts = ["dlcourse", *path.relative_to(PACKAGE).parts[:-1]]
    for node, _ in imports(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        else:
            base = parts[: len(parts) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((module, alias.name) for alias in node.names)


def in_circles(graph):
    """The files that are part of a circle, or between two: all others are taken away one by one."""
    left = {file: set(others) for file, others in graph.items()}
    while True:
        pointed_at = set().union(*left.values())
        free = {file for file, others in left.items() if not others & left.keys() or file not in pointed_at}
        if not free:
            return set(left)
        left = {file: others - free for file, others in left.items() if file not in free}


def test_no_files_import_each_other_in_a_circle():
    graph = used_by_files()
    for file, other in CIRCLE:
        assert other in graph.get(file, ()), f"{file} does not import {other} any more: take that off the list"
        graph[file].discard(other)
    assert not in_circles(graph)


def test_a_circle_is_found_where_there_is_one():
    graph = {"a": {"b"}, "b": {"c", "d"}, "c": {"d"}, "d": {"b"}, "e": {"a"}, "f": set()}
    assert in_circles(graph) == {"b", "c", "d"}
    graph["d"] = {"f"}
    assert not in_circles(graph)
    assert in_circles(used_by_files()) >= {file for pair in CIRCLE for file in pair}


def test_importing_the_library_loads_numpy_and_nothing_heavier():
    code = "import sys, dlcourse; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "matplotlib",
        "ipywidgets",
        "anywidget",
        "sklearn",
        "scipy",
        "IPython",
        "PIL",
        "pandas",
        "nbformat",
        "tqdm",
        "numpy.random",  # NumPy itself loads it only when it is asked for
    }
    assert "numpy" in loaded
    assert not heavy & set(loaded)


def test_no_room_is_called_utils():
    assert not {path.name for path in FILES} & {"utils.py", "helpers.py", "misc.py", "common.py"}


def test_no_file_takes_the_place_of_a_function():
    """A module becomes an attribute of the package when it is imported: an `identity.py` took the place of dl.identity."""
    modules = {name for name in dl.__all__ if inspect.ismodule(getattr(dl, name))}
    assert modules == {
        "activations",
        "calculus",
        "errors",
        "initializers",
        "landscape",
        "losses",
        "schedules",
        "spaces",
    }


def test_completion_offers_what_is_loaded_later_too():
    assert {"save", "gradcheck", "sweep", "data", "widgets"} <= set(dir(dl))
