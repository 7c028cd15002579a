"""TensorExplorer and Broadcast: the shapes are NumPy's, the errors are the library's, and nothing is told too early."""

import itertools

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError
from dlcourse.widgets.tensors import ERROR, OPERATIONS, SHAPES, Broadcast, TensorExplorer
from dlcourse.widgets.widget import Pointer

PHOTO = dl.data.photograph("china")


def explore(operation, **changes):
    return TensorExplorer(operation=operation, **changes)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_answer_is_what_numpy_says(operation):
    result = explore(operation).compute()
    try:
        expected = eval(result.expression, {"x": PHOTO, "np": np}).shape
    except ValueError:
        expected = ERROR
    assert result.answer == expected


@pytest.mark.parametrize("operation", OPERATIONS)
def test_four_different_answers_and_one_is_right(operation):
    options = explore(operation).compute().options
    assert len(set(options)) == len(options) >= 3
    assert options.count(explore(operation).compute().answer) == 1


def test_the_right_answer_does_not_always_stand_in_the_same_place():
    places = [explore(name).compute().options.index(explore(name).compute().answer) for name in OPERATIONS]
    assert len(set(places)) == 4


@pytest.mark.parametrize("operation", OPERATIONS)
def test_nothing_is_told_before_the_guess(operation):
    widget = explore(operation)
    before = widget.describe(widget.compute())
    assert "What is the shape of" in before
    right = widget.compute().options.index(widget.compute().answer)
    after = widget.key(str(right + 1))
    assert "Right:" in after.describe(after.compute())
    wrong = widget.key(str((right + 1) % 3 + 1))
    assert "You said" in wrong.describe(wrong.compute())


def test_a_guess_is_final_and_belongs_to_its_operation():
    widget = explore("one row").key("1")
    assert widget.key("2") is widget
    assert not widget.replace(operation="one colour").guessed()
    assert not widget.next_operation().guessed()


def test_a_click_on_a_line_is_a_guess_and_on_the_photograph_a_pixel():
    widget = explore("one pixel")
    assert widget.pointer(Pointer("down", "guess", 0.5, 2.2)).guess == ("one pixel", 2)
    moved = widget.pointer(Pointer("down", "photo", 64.0, 42.7))
    assert (moved.down, moved.across) == (10, 10)
    assert moved.place() == (42, 64)
    assert widget.key("ArrowRight").across == widget.across + 1
    assert widget.pointer(Pointer("hover", "photo", 64.0, 42.7)) is widget


def test_things_to_try():
    pixel = explore("one pixel", down=60, across=50).compute()
    assert np.array_equal(pixel.array, PHOTO[256, 320])
    every = explore("every 4th pixel").compute()
    assert every.answer == (107, 160, 3) and every.view
    turned, refilled = explore("transpose, width first").compute(), explore("reshape, width first").compute()
    assert turned.answer == refilled.answer == (640, 427, 3)
    assert np.array_equal(turned.array[100, 50], PHOTO[50, 100])
    assert not np.array_equal(refilled.array[100, 50], PHOTO[50, 100])
    assert not explore("minus the mean colour").compute().view
    failed = explore("times a ramp").compute()
    assert failed.message.startswith("ShapeError: multiply: the shapes (427, 640, 3) and (427,) do not fit.")
    assert "axis -1 has sizes 3 and 427" in failed.message


@pytest.mark.parametrize("shape", [(5, 4), (9, 7, 1), (6, 5, 3), (3, 4, 2, 5), (12, 12)])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_own_arrays_of_any_shape_give_a_shape_or_the_librarys_error(shape, operation):
    own = np.random.default_rng(0).random(shape)
    widget = explore(operation, array=own)
    result = widget.compute()
    if result.array is None:
        assert "Error: " in result.message
    else:
        expected = eval(result.expression, {"x": own, "np": np})
        np.testing.assert_allclose(result.array, expected)
    assert result.answer in result.options


@pytest.mark.parametrize("bad", [3.0, [1.0, 2.0], np.zeros((0, 4))])
def test_arrays_without_two_axes_are_refused_in_words(bad):
    with pytest.raises(ArgumentError, match="at least two axes is wanted"):
        TensorExplorer(array=bad)


@pytest.mark.parametrize(("a", "b"), list(itertools.product(SHAPES, SHAPES)))
def test_broadcasting_is_numpys(a, b):
    try:
        expected = np.broadcast_shapes(SHAPES[a], SHAPES[b])
    except ValueError:
        expected = None
    result = Broadcast(a=a, b=b).compute()
    assert result.shape == expected
    if expected is None:
        assert "do not fit" in result.message
    else:
        assert tuple(column[2] for column in result.columns) == expected


def test_the_sum_is_shown_on_request_for_this_pair_only():
    pair = Broadcast(a="(4, 1)", b="(3,)")
    assert "(4, 3)" not in pair.describe(pair.compute())
    shown = pair.key("Enter")
    assert "a + b has shape (4, 3), 12 numbers" in shown.describe(shown.compute())
    assert not shown.replace(b="(4,)").revealed()
    assert shown.swap().shapes() == ((3,), (4, 1))


def test_own_shapes():
    assert Broadcast(a="yours", b="yours", own_a=(7, 1), own_b=(2, 1, 5)).compute().shape == (2, 7, 5)
    with pytest.raises(ArgumentError, match="a tuple of up to five whole numbers"):
        Broadcast(own_a=[3, 4])
