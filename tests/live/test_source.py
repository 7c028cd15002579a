"""What *Code* shows of a function: without types, as lines of a script, or only what it returns; and it still computes the same."""

import numpy as np
import pytest

from dlcourse.live.source import inlined, plain_source, returned
from dlcourse.widgets.fully_connected import networks
from dlcourse.widgets.learning_a_new_representation import training as representation
from dlcourse.widgets.more_neurons_more_layers.playground import data, problems, training
from dlcourse.widgets.supervised_learning import learners

Array = np.ndarray


def documented(x: Array, *more: float, scale: "float" = 2.0, **others: int) -> tuple[Array, int]:
    """A text that is not shown.

    It is long.
    """

    def inner(y: Array) -> Array:
        return y * scale  # “×” is more than a byte

    return inner(x), len(more)


def test_types_and_docstrings_are_left_out_and_comments_stay():
    source = plain_source(documented)
    assert source.startswith("def documented(x, *more, scale = 2.0, **others):\n    def inner(y):\n")
    assert "“×” is more than a byte" in source and "Array" not in source and "long" not in source


@pytest.mark.parametrize(
    "function",
    [
        *problems.PROBLEMS.values(), *learners.SOURCES.values(), learners.best_line, learners.polynomial, networks.split, networks.mix,
        *networks.KINDS.values(), networks.teach, *representation.PROBLEMS.values(), representation.learn, training.minibatch, training.minimized, training.descend,
    ],
    ids=lambda function: function.__name__,
)  # fmt: skip
def test_shown_source_is_python_without_a_type(function):
    source = plain_source(function)
    compile(source, "shown", "exec")
    assert "->" not in source and not any(word in source for word in ("Array", "Generator", "Callable"))


@pytest.mark.parametrize("name", list(problems.PROBLEMS))
def test_a_problem_written_as_a_script_makes_the_same_points(name):
    names = {"np": np, "dl": problems.dl, "rng": np.random.default_rng(5)}
    exec(inlined(problems.PROBLEMS[name], "x, y", n=30, noise=0.2), names)
    x, y = problems.PROBLEMS[name](30, 0.2, np.random.default_rng(5))
    assert np.array_equal(names["x"], x) and np.array_equal(names["y"], y)


@pytest.mark.parametrize("name", list(representation.PROBLEMS))
def test_points_without_settings_are_written_as_a_script_too(name):
    names = {"np": np, "dl": problems.dl, "rng": np.random.default_rng(0)}
    exec(inlined(representation.PROBLEMS[name], "x, y"), names)
    ours = representation.problem(name)
    assert np.array_equal(names["x"], ours.x) and np.array_equal(names["y"], ours.y)


@pytest.mark.parametrize("feature", list(data.FEATURES))
def test_what_an_input_is_called_in_code_is_what_it_computes(feature):
    function = data.FEATURES[feature][1]
    x = np.random.default_rng(0).normal(size=(5, 2))
    assert np.array_equal(eval(returned(function), {"x": x, "np": np}), function(x))


def test_values_of_equal_size_are_written_as_they_are_given():
    def shifted(x, by):
        return x + by

    assert [returned(shifted, by=by) for by in (1, 1.0, True)] == ["x + 1", "x + 1.0", "x + True"]
