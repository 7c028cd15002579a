"""What help() says of each public name: an example that runs (the doctests run it), and names that exist."""

import inspect
import re

import pytest

import dlcourse as dl

PUBLIC = [name for name in dl.__all__ if inspect.isclass(getattr(dl, name)) or inspect.isfunction(getattr(dl, name))]


def section(doc, title):
    """The lines of a numpydoc section, or none."""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=\n\n\w+\n-{{3}}|\Z)", doc, re.MULTILINE | re.DOTALL)
    return found.group(1).splitlines() if found else []


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_has_a_summary_of_one_line_and_an_example(name):
    doc = inspect.cleandoc(getattr(dl, name).__doc__)  # its own, not one that is inherited
    summary, *rest = doc.splitlines()
    assert summary.endswith((".", ":")) and len(summary) <= 120
    assert not rest or not rest[0], "a blank line follows the summary"
    assert any(line.startswith(">>> ") for line in section(doc, "Examples"))


@pytest.mark.parametrize("name", PUBLIC)
def test_the_parameters_of_a_docstring_are_those_of_the_call(name):
    thing = getattr(dl, name)
    named = [line.split(" :")[0] for line in section(inspect.getdoc(thing), "Parameters") if not line.startswith(" ")]
    described = {word.strip().lstrip("*") for line in named for word in line.split(",")}
    takes = inspect.signature(thing).parameters
    if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in takes.values()):  # **settings may be anything
        assert described <= set(takes)


@pytest.mark.parametrize("name", PUBLIC)
def test_the_errors_of_a_docstring_exist(name):
    for line in section(inspect.getdoc(getattr(dl, name)), "Raises"):
        if not line.startswith(" "):
            assert all(hasattr(dl.errors, word.strip()) for word in line.split(",")), line
