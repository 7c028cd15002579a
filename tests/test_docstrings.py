"""`help()` on any public name is worth reading: what each docstring must have, checked on all of them."""

import ast
import builtins
import doctest
import inspect
import re
import sys
import textwrap
from dataclasses import is_dataclass

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import errors
from tests.cases import every

ORDER = ["Parameters", "Attributes", "Returns", "Raises", "Notes", "References", "Examples"]

# They fetch many megabytes: the example is there, and skipped.
SHOWN_ONLY = {"data.mnist", "data.fashion_mnist"}
# For the library's own layers; no learner calls them.
INNER = {"initializers.check_rng", "initializers.drawn"}


def faces():
    """The modules that a learner types a name of, each with what to put before the name."""
    yield "", dl, dl.__all__
    yield "data.", dl.data, dl.data.__all__
    for name in dl.__all__:
        module = getattr(dl, name)
        if inspect.ismodule(module) and module is not errors:
            yield f"{name}.", module, module.__all__


def public():
    """Every public function and class, once, by the shortest name under which a learner finds it."""
    things = {}
    for prefix, module, names in faces():
        for name in names:
            thing = getattr(module, name)
            public = (inspect.isfunction(thing) or inspect.isclass(thing)) and prefix + name not in INNER
            if public and thing not in things.values():
                things[prefix + name] = thing
    return things


def public_methods():
    """Methods and properties that the course wrote, each once: under the plainest of the classes that have it."""
    things = {}
    classes = [(owner, kind) for owner, kind in PUBLIC.items() if inspect.isclass(kind)]
    for owner, kind in sorted(classes, key=lambda one: len(one[1].__mro__)):
        for name, thing in inspect.getmembers(kind):
            if name.startswith("_") or not (inspect.isfunction(thing) or isinstance(thing, property)):
                continue
            home = getattr(thing, "fget", thing).__module__
            if home.startswith("dlcourse") and thing not in [*things.values(), *PUBLIC.values()]:
                things[f"{owner}.{name}"] = thing
    return things


PUBLIC = public()
METHODS = public_methods()
ALL = PUBLIC | METHODS
every_name = every("name", ALL)
every_function_and_class = every("name", PUBLIC)


def text(name):
    return inspect.cleandoc(ALL[name].__doc__ or "")


def sections(name):
    """Titles that are underlined, each with its line and what stands under it."""
    parts = re.split(r"^(\w[\w ]*)\n(-+)$", text(name), flags=re.MULTILINE)
    return list(zip(parts[1::3], parts[2::3], parts[3::3], strict=True))


def entries(name, title):
    """The lines of a section that are not indented: what it lists."""
    body = "".join(body for heading, _, body in sections(name) if heading == title)
    return re.findall(r"^(\S.*)$", body, re.MULTILINE)


def examples(name):
    return doctest.DocTestParser().get_examples(text(name))


def written(thing):
    """The functions that were written to make a call of this work: constructors along the bases, or one function."""
    if inspect.isclass(thing):
        called = [vars(kind)["__init__"] for kind in thing.__mro__[:-1] if "__init__" in vars(kind)]
    else:
        # An operation wraps the kernel, a function of arrays.
        called = [getattr(thing, "fget", None) or getattr(thing, "kernel", thing)]
    return [inspect.unwrap(function) for function in called if inspect.isfunction(inspect.unwrap(function))]


def arguments(thing):
    """Names of the arguments, without self, *more and **settings."""
    parameters = [p for function in written(thing)[:1] for p in inspect.signature(function).parameters.values()]
    return [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) and p.name != "self"]


def raised(thing):
    """Names of the errors that stand in its own lines (not those of what it calls)."""
    if is_dataclass(thing):  # its constructor has no lines
        return set()
    trees = [ast.parse(textwrap.dedent(inspect.getsource(function))) for function in written(thing)[:1]]
    raises = [node.exc for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    names = [exc.func.id for exc in raises if isinstance(exc, ast.Call) and isinstance(exc.func, ast.Name)]
    return {name for name in names if hasattr(errors, name)}


def test_the_walk_finds_the_whole_library():
    assert len(PUBLIC) > 120 and len(METHODS) > 60
    assert {"matmul", "fit", "Tensor", "data.Dataset", "schedules.cosine", "initializers.normal"} <= set(PUBLIC)
    assert {"Adam.update", "Dense.forward", "Tensor.backward", "data.Dataset.split", "History.total"} <= set(METHODS)
    assert set(PUBLIC) >= SHOWN_ONLY and all(hasattr(dl.initializers, name.split(".")[1]) for name in INNER)


@pytest.mark.parametrize("name", dl.OPERATIONS)
def test_an_operation_shows_what_a_learner_passes_and_gets(name):
    operation = dl.OPERATIONS[name]
    assert operation.__name__ == name
    inputs = [p for p in inspect.signature(operation).parameters.values() if p.kind is not p.KEYWORD_ONLY]
    assert all(p.annotation is p.empty for p in inputs), "tensors, arrays and numbers, not arrays alone"
    assert inspect.signature(operation).return_annotation == "Tensor"
    assert inspect.signature(operation).parameters.keys() == inspect.signature(operation.kernel).parameters.keys()


@every_name
def test_the_first_line_is_a_sentence(name):
    first, *rest = text(name).split("\n")
    assert len(first.split()) >= 3, f"{name} is not explained: {first!r}"
    assert first.endswith("."), f"{name}: the first line is no whole sentence: {first!r}"
    assert len(first) <= 120, f"{name}: one line of {len(first)} characters is too long"
    assert not rest or not rest[0], f"{name}: an empty line follows the first, so that tools can show it alone"


@pytest.mark.parametrize("name", [name for name in dl.__all__ if inspect.ismodule(getattr(dl, name))])
def test_a_module_says_what_it_is_for(name):
    assert len((getattr(dl, name).__doc__ or "").split("\n")[0].split()) >= 3


@pytest.mark.parametrize("name", [name for name in errors.__all__ if inspect.isclass(getattr(errors, name))])
def test_an_error_says_what_it_is_about(name):
    assert vars(getattr(errors, name))["__doc__"].strip().split("\n")[0].endswith(".")


@every_name
def test_sections_are_underlined_and_stand_in_one_order(name):
    titles = [title for title, _, _ in sections(name)]
    assert titles == sorted(set(titles) & set(ORDER), key=ORDER.index), f"{name}: {titles}, and the order is {ORDER}"
    for title, line, body in sections(name):
        assert len(line) == len(title), f"{name}: the line under {title} has another length"
        assert body.strip(), f"{name}: nothing stands under {title}"


@every_function_and_class
def test_an_example_uses_what_it_explains(name):
    own = name.split(".")[-1]
    assert examples(name), f"{name} has no example"
    assert "Examples" in [title for title, _, _ in sections(name)], f"{name}: its example stands under no Examples"
    used = any(re.search(rf"\b{own}", example.source, re.IGNORECASE) for example in examples(name))
    assert used, f"the example never uses {own}"


@every_function_and_class
def test_the_example_can_be_pasted_and_prints_what_it_says(name):
    """A learner has np and dl and what is in the same module; whatever else the example needs, it imports."""
    skipped = [example.options.get(doctest.SKIP, False) for example in examples(name)]
    assert all(skipped) if name in SHOWN_ONLY else not any(skipped), f"{name}: its example is skipped"
    home = sys.modules[ALL[name].__module__]
    has = {"np": np, "dl": dl} | {key: getattr(home, key) for key in home.__all__}
    heard, before = [], dict(dl.OPERATIONS)
    test = doctest.DocTestParser().get_doctest(text(name), has, name, None, None)
    doctest.DocTestRunner(verbose=False).run(test, out=heard.append)
    assert not heard, "".join(heard)
    assert before == dl.OPERATIONS, f"{name}: the example leaves an operation behind"


@every_name
def test_every_argument_is_named(name):
    if name.endswith(".forward"):
        assert re.search(r"->|shape", text(name)), f"{name}: which shapes go in and come out?"
        return
    listed = " ".join(entries(name, "Parameters"))
    told = listed or text(name).split("\nExamples\n")[0]  # a short docstring may name them in its sentences
    missing = [argument for argument in arguments(ALL[name]) if not re.search(rf"\b{argument}\b", told)]
    assert not missing, f"{name} says nothing about {', '.join(missing)}"


@every_name
def test_what_stands_under_parameters_is_an_argument(name):
    takes = {key for function in written(ALL[name]) for key in inspect.signature(function).parameters}
    told = [one.strip().lstrip("*") for line in entries(name, "Parameters") for one in line.split(" :")[0].split(",")]
    assert set(told) <= takes, f"{name} has no {', '.join(sorted(set(told) - takes))}"


@every_name
def test_every_error_that_is_raised_here_is_named(name):
    # A layer's own docstring may tell what its forward raises.
    told = text(name) + (text(name.rpartition(".")[0]) if name in METHODS else "")
    missing = sorted(error for error in raised(ALL[name]) if error not in told)
    assert not missing, f"{name} raises {', '.join(missing)} and does not say when"


@every_name
def test_every_error_that_is_named_exists(name):
    for error in [one for line in entries(name, "Raises") for one in line.split(", ")]:
        assert hasattr(errors, error) or hasattr(builtins, error), f"{name}: there is no {error!r}"
