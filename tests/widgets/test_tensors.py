"""TensorExplorer and Broadcast: the shapes are NumPy's, the errors are the library's, and nothing is told too early."""

import dataclasses
import itertools
import re

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError
from dlcourse.live.picture import Picture
from dlcourse.live.widget import Pointer
from dlcourse.widgets import Broadcast, TensorExplorer
from dlcourse.widgets.tensors.broadcast.cells import cells_of
from dlcourse.widgets.tensors.broadcast.numbers import PAIRS, SHAPES
from dlcourse.widgets.tensors.broadcast.words import explained
from dlcourse.widgets.tensors.guessing import ERROR
from dlcourse.widgets.tensors.operations import OPERATIONS
from tests.cases import every

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
    assert not widget.replace(operation="one colour").guessed
    assert not widget.next_operation().guessed


def test_a_click_on_a_line_is_a_guess_and_on_the_photograph_a_pixel():
    widget = explore("one pixel")
    assert widget.pointer(Pointer("down", "guess", 0.5, 2.2)).chosen == 2
    moved = widget.pointer(Pointer("down", "photo", 64.0, 42.7))
    assert (moved.down, moved.across) == (10, 10)
    assert moved.place == (42, 64)
    assert widget.key("ArrowRight").across == widget.across + 1
    assert widget.pointer(Pointer("hover", "photo", 64.0, 42.7)) is widget


def test_things_to_try():
    assert len(OPERATIONS) == 15
    sky = explore("one pixel", down=5, across=20).compute().pixel
    assert sky.argmax() == 2  # a pixel where blue is the largest
    pixel = explore("one pixel", down=60, across=50).compute()
    assert np.array_equal(pixel.array, PHOTO[256, 320])
    every = explore("every 4th pixel").compute()
    assert every.answer == (107, 160, 3) and every.view
    turned, refilled = explore("transpose, width first").compute(), explore("reshape, width first").compute()
    assert turned.answer == refilled.answer == (640, 427, 3)
    assert np.array_equal(turned.array[100, 50], PHOTO[50, 100])
    assert not np.array_equal(refilled.array[100, 50], PHOTO[50, 100])
    assert (3 * 427, 2 * 640) == (
        1281,
        1280,
    )  # each third row of the reshape starts a pixel further on, so stripes lean
    assert np.array_equal(refilled.array[3, :-1], PHOTO[2, 1:427])
    temple = PHOTO[60:300, 120:340].mean(axis=2).std()
    left, right = (refilled.array[450:600, part].mean(axis=2).std() for part in (slice(213), slice(213, 427)))
    assert min(left, right) > 0.5 * temple  # seen twice, side by side
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
    with pytest.raises(ArgumentError, match="at least two axes is expected"):
        TensorExplorer(array=bad)


@every("a, b", list(itertools.product(SHAPES, SHAPES)))
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


@every("a, b", list(itertools.product(SHAPES, SHAPES)))
def test_one_of_at_least_three_answers_is_right_and_an_error_is_always_among_them(a, b):
    result = Broadcast(a=a, b=b).compute()
    assert 3 <= len(set(result.options)) == len(result.options) <= 4
    assert result.options.count(result.answer) == 1 and ERROR in result.options


def test_the_right_answer_of_the_pairs_stands_in_every_place():
    results = [Broadcast(a=a, b=b).compute() for a, b in PAIRS]
    assert {result.options.index(result.answer) for result in results} == {0, 1, 2, 3}
    assert {result.answer == ERROR for result in results} == {True, False}


def test_the_sum_is_told_after_a_guess_and_for_this_pair_only():
    pair = Broadcast(a="(4, 1)", b="(3,)")
    before = pair.describe(pair.compute())
    assert "Which shape has a + b?" in before and "12 numbers" not in before
    right, wrong = pair.key("2"), pair.pointer(Pointer("down", "guess", 0.4, 2.5))
    assert "Right: a + b has shape (4, 3), 12 numbers" in right.describe(right.compute())
    assert "You said (4, 1): a + b has shape (4, 3)" in wrong.describe(wrong.compute())
    assert right.key("1") is right and right.key("Enter") is right
    assert not right.replace(b="(4,)").guessed and not right.next_pair().guessed
    assert right.swap().shapes == ((3,), (4, 1))


def test_things_to_try_with_two_shapes():
    assert PAIRS[0] == ("(4, 1)", "(3,)")  # where the lesson begins; the next are its second, third and fourth
    assert PAIRS[2:4] == (("(427, 640, 3)", "(427,)"), ("(427, 640, 3)", "(427, 1, 1)"))
    assert Broadcast(a="(427, 640, 3)", b="(427, 1, 1)").compute().shape == (427, 640, 3)
    assert ("(32, 1)", "(32,)") in PAIRS and len(OPERATIONS) + len(PAIRS) == 26  # bets on which the score is kept
    first = Broadcast().compute()
    assert first.arrays[2][1, 0] == 21 == first.arrays[0][1, 0] + first.arrays[1][0]  # the 20 of a and the 1 of b
    assert first.columns == ((4, None, 4), (1, 3, 3))
    third = Broadcast(a="(427, 640, 3)", b="(427,)").compute()
    assert third.message.startswith("ShapeError: add") and "axis -1 has sizes 3 and 427" in third.message
    assert np.zeros(427)[:, None, None].shape == (427, 1, 1)
    own = Broadcast(a=(5, 1, 2), b=(6, 1))
    assert own.compute().shape == (5, 6, 2) and [np.prod(shape) for shape in own.shapes] == [10, 6]
    trap = Broadcast(a="(32, 1)", b="(32,)").key("4")
    assert "Right: a + b has shape (32, 32), 1024 numbers" in trap.describe(trap.compute())


def test_what_is_stretched_is_a_column_to_the_right_and_a_row_downwards():
    (a, b), result = Broadcast().shapes, Broadcast().compute()
    column, row = cells_of(a, result.shape, result.arrays[0]), cells_of(b, result.shape, result.arrays[1])
    assert {cell.source[1:] for cell in column} == {(i, 0) for i in range(4)}
    assert {cell.source[1:] for cell in row} == {(0, j) for j in range(3)}


def test_next_pair_goes_through_all_pairs():
    widget, visited = Broadcast(), set()
    for _ in PAIRS:
        widget = widget.next_pair()
        visited.add((widget.a, widget.b))
    assert visited == set(PAIRS)


@pytest.mark.parametrize(
    ("widget", "said"), [(TensorExplorer(operation="one row"), "(427, 3)"), (Broadcast(a="(4, 1)", b="(3,)"), "(4, 1)")]
)
def test_an_answer_to_the_question_above_is_the_guess(widget, said):
    asked = dataclasses.replace(widget, prediction=said)
    assert asked.guessed and f"You said {said}" in asked.describe(asked.compute())
    other = asked.next_operation() if isinstance(asked, TensorExplorer) else asked.next_pair()
    assert not other.guessed


@pytest.mark.parametrize("kind", [TensorExplorer(operation="times a ramp"), Broadcast(a="(427, 640, 3)", b="(427,)")])
def test_errors_of_broadcasting_name_the_axis(kind):
    assert "axis -1 has sizes 3 and 427" in kind.compute().message


@pytest.mark.parametrize("shape", [None, (5, 4), (6, 5, 3)])
def test_every_error_of_the_explorer_names_its_axis(shape):
    own = None if shape is None else np.ones(shape)
    results = [explore(operation, array=own).compute() for operation in OPERATIONS]
    messages = [result.message for result in results if result.array is None]
    assert messages and all("axis" in message or "axes" in message for message in messages)
    assert any("Is axis 2, of size" in m for m in messages) == (shape in (None, (6, 5, 3)))


@pytest.mark.parametrize("array", [None, np.random.default_rng(0).random((50, 30))])
@pytest.mark.parametrize("size", [TensorExplorer.size, TensorExplorer.narrow_size])
def test_the_cross_is_seen_where_the_pixel_is_and_the_picture_is_not_squeezed(array, size):
    widget = TensorExplorer(array=array)
    picture = Picture(*size)
    picture.paint(widget, widget.compute())
    photo = next(axes for axes in picture.figure.axes if axes.get_label() == "photo")
    height, width = widget.x.shape[:2]
    box = photo.get_window_extent()
    assert box.height / box.width == pytest.approx(height / width, rel=0.01)
    row, column = widget.place
    across, up = picture._artists.cross.get_transform().transform((column, row))
    assert box.x0 + 0.4 * box.width < across < box.x0 + 0.6 * box.width
    assert box.y0 + 0.3 * box.height < up < box.y0 + 0.5 * box.height


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("size", [TensorExplorer.size, TensorExplorer.narrow_size])
def test_no_text_leaves_the_picture_or_lies_on_another(operation, size):
    widget = explore(operation).key("1")
    picture = Picture(*size)
    picture.paint(widget, widget.compute())
    figure = picture.figure
    artists = picture._artists
    texts = [artists.code, artists.title, artists.words, artists.pixel, artists.reason, artists.score, *artists.options]
    boxes = [text.get_window_extent(figure.canvas.get_renderer()) for text in texts if text.get_text()]
    for box in boxes:
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


@pytest.mark.parametrize("given", [(5, 1, 2), [5, 1, 2], "(5, 1, 2)", "5, 1, 2", "[5,1,2]"])
def test_any_shape_can_be_given(given):
    widget = Broadcast(a=given, b=(6, 1))
    assert widget.shapes == ((5, 1, 2), (6, 1)) and widget.compute().shape == (5, 6, 2)
    assert widget.swap().shapes == ((6, 1), (5, 1, 2))
    assert (
        widget.replace(a="(3,)").shapes == ((3,), (6, 1))
        and widget.replace(a="(3,)").replace(a="yours").shapes == widget.shapes
    )
    assert Broadcast(a="yours", b="yours", own_a=(7, 1), own_b=(2, 1, 5)).compute().shape == (2, 7, 5)


@pytest.mark.parametrize(
    "bad", [(0, 3), (-1,), (1.5,), (1,) * 6, (10_000,), (2000, 2000), "(3", "x", None, True, [[3]]]
)
@pytest.mark.parametrize("name", ["a", "b"])
def test_what_is_no_shape_is_refused_in_words(name, bad):
    with pytest.raises(ArgumentError, match=f"Broadcast: {name} should be a shape of up to 5 whole numbers"):
        Broadcast(**{name: bad})


def test_a_huge_sum_takes_no_memory():
    assert Broadcast(a=(9999, 1), b=(9999, 1, 9999)[-1:]).compute().shape == (9999, 9999)
    assert Broadcast(a=(9999, 1, 1), b=(9999, 9)).compute().shape == (9999, 9999, 9)


CODE = re.compile("`([^`]+)`")


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("shape", [(6, 5, 3), (9, 13, 4), (427, 640, 3)])
def test_the_code_in_a_reason_has_the_shape_that_was_said(operation, shape):
    x, checked = np.zeros(shape), 0
    for said, told in OPERATIONS[operation].wrong(shape, 2, 1).items():
        if code := CODE.search(told):
            checked += 1
            if said != ERROR and np.prod([float(n) for n in said]) < 1e7:
                assert eval(code[1], {"x": x, "np": np}).shape == said
    assert checked >= 2


@pytest.mark.parametrize(
    "array", [None, np.zeros((5, 4)), np.zeros((6, 5, 3)), np.zeros((3, 4, 2, 5)), np.zeros((3, 3, 3))]
)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_wrong_answer_gets_a_reason_and_the_right_one_none(operation, array):
    result = explore(operation, array=array).compute()
    for option, told in zip(result.options, result.reasons, strict=True):
        assert (told == "") == (option == result.answer) and "`" not in told


@every("a, b", list(itertools.product(SHAPES, SHAPES)))
def test_the_reason_names_an_axis_in_which_the_answer_is_wrong(a, b):
    result = Broadcast(a=a, b=b).compute()
    for option, told in zip(result.options, result.reasons, strict=True):
        assert (told == "") == (option == result.answer)
        if named := re.search(r"In axis (-\d), (\d+|no axis) meets (\d+|no axis)", told):
            axis = int(named[1])
            for shape, size in zip((SHAPES[a], SHAPES[b]), named.groups()[1:], strict=True):
                assert size == (str(shape[axis]) if -axis <= len(shape) else "no axis")
            if result.shape is not None and option != ERROR:
                assert -axis > len(option) or option[axis] != result.shape[axis]


def test_first_answers_are_counted():
    widget = explore("one row").key("3").next_operation().key("1").key("2")
    assert widget.describe(widget.compute()).endswith("Right so far: 1 of 2.")
    back = widget.replace(operation="one row")
    assert back.guessed and back.key("1") is back
    pair = Broadcast().key("1").next_pair().key("4")
    assert pair.describe(pair.compute()).endswith("Right so far: 1 of 2.")


@pytest.mark.parametrize(
    ("a", "b"), [((4, 1), (3,)), ((), (2, 2)), ((2, 1, 3), (4, 3)), ((32, 1), (32,)), ((5, 1, 2), (6, 1))]
)
def test_cells_say_what_the_stretched_array_has_there(a, b):
    result = Broadcast(a=a, b=b).compute()
    for own, values in zip((a, b, result.shape), result.arrays, strict=True):
        whole = np.broadcast_to(values, result.shape)
        whole = whole.reshape((1,) * (3 - whole.ndim) + whole.shape)
        cells = cells_of(own, result.shape, values)
        assert len({cell.at for cell in cells}) == len(cells)
        assert sum(not cell.copied for cell in cells) == len(cells_of(own, own, values))
        for cell in cells:
            if cell.at[0] == 0 and cell.text != "…":
                row = cell.at[1] if whole.shape[1] <= 4 or cell.at[1] < 2 else -1
                column = cell.at[2] if whole.shape[2] <= 4 or cell.at[2] < 2 else -1
                assert float(cell.text) == whole[0, row, column]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("5, 1, 2", "6, 1"),
        ("(5,1,2)", "(6,1)"),
        ("[4, 1]", "3"),
        ("()", "5,"),
        ("(427, 640, 3)", "427, 1, 1"),
        ("2", "3"),
    ],
)
def test_shapes_are_typed_as_they_are_written_and_answered_at_once(a, b):
    start = Broadcast(a=(4, 1), b=(3,))
    widget = start.replace(typed_a=a, typed_b=b)
    shapes = [tuple(int(n) for n in re.findall(r"\d+", text)) for text in (a, b)]
    result = widget.compute()
    assert [*widget.shapes] == shapes and (widget.a, widget.b) == ("yours", "yours")
    try:
        expected = np.broadcast_shapes(*shapes)
    except ValueError:
        expected = None
    told = "They do not fit. ShapeError" if expected is None else f"a + b has shape {expected}"
    assert result.shape == expected and told in widget.describe(result)
    assert not widget.answers and "Right so far" not in widget.describe(result)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4 x 1", "“4 x 1” is no whole number"), ("2.5", "no whole number"), ("a", "no whole number"),
        ("5,,2", "between two commas stands nothing"), ("-1, 3", "a size is never negative"), ("2, 0", "axis of size 0"),
        ("1,2,3,4,5,6", "it has 6 axes"), ("10000", "too long"), ("9999, 9999", "99,980,001 numbers"), (",", "stands nothing"),
    ],
)  # fmt: skip
def test_what_is_no_shape_is_explained_and_the_shapes_stay(text, told):
    widget = Broadcast(a=(4, 1), b=(3,)).replace(typed_a="(2, 1)").replace(typed_a=text)
    said = widget.describe(widget.compute())
    assert (
        widget.shapes == ((2, 1), (3,))
        and told in said
        and said.endswith("a has shape (2, 1), b has shape (3,), as before.")
    )
    assert f"“{text}” is no shape" in said


def test_of_two_texts_that_are_no_shapes_the_sentence_tells_both():
    widget = Broadcast(typed_a="4 x 1", typed_b="2, 0")
    result = widget.compute()
    assert explained(widget, result) == "“4 x 1” and “2, 0” are no shapes. The sentence below says why."
    said = widget.describe(result)
    assert "no whole number" in said and "axis of size 0" in said
    assert "no whole number" in explained(widget.replace(typed_b="2, 1"), result)


def test_half_of_a_shape_is_no_mistake():
    widget = Broadcast(a=(4, 1), b=(3,))
    for text in ("(", "", " ", "["):
        assert widget.replace(typed_a=text).trouble == ""
        assert widget.replace(typed_a=text).shapes == widget.shapes and not widget.replace(typed_a=text).guessed


def test_a_shape_from_the_list_takes_the_place_of_the_one_that_was_typed():
    widget = Broadcast(a=(4, 1), b=(3,)).replace(typed_a="5, 1, 2", typed_b="6, 1")
    assert widget.swap().shapes == ((6, 1), (5, 1, 2))
    assert widget.replace(a="(4,)").typed_a == "" and widget.replace(a="(4,)").shapes == ((4,), (6, 1))
    assert widget.next_pair().shapes == ((4, 1), (3,)) and not widget.next_pair().typed


def test_a_shape_of_the_list_has_its_name_there_so_that_next_goes_on():
    widget = Broadcast(a=(4, 1), b=(3,))
    assert (widget.a, widget.b) == PAIRS[0] and widget.next_pair().shapes == (SHAPES[PAIRS[1][0]], SHAPES[PAIRS[1][1]])
