"""DigitPad: drawings become pictures of the data set's kind, and the network of lesson 00 reads them."""

import json
from pathlib import Path

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError, DataError, ShapeError, WrongTypeError
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.widget import Pointer
from dlcourse.widgets import DigitPad
from dlcourse.widgets.start_here.ink import ink_from_image, picture_from_ink, picture_from_strokes
from tests.strokes.drawings import NO_DIGITS, SKELETONS, TEST, TUNING, drawing, drawings

LESSON = Path(__file__).parents[2] / "lessons" / "00_start_here.ipynb"


@pytest.fixture(scope="module")
def lesson():
    """Names that lesson 00 leaves behind: its own cells are run, up to the first pad."""
    names = {}
    for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and source.startswith("DigitPad("):
            break
        if cell["cell_type"] == "code":
            exec(compile(source, str(LESSON), "exec"), names)
    return names


@pytest.fixture(scope="module")
def digits():
    return dl.data.digits()


def share(model, drawn):
    return np.mean([int(DigitPad(model, strokes=s).compute().probabilities.argmax()) == digit for digit, s in drawn])


def seven(pad=None):
    pad = DigitPad(uniform) if pad is None else pad
    for kind, x, y in [("down", 8, 6), ("drag", 16, 6), ("drag", 22, 6.5), ("drag", 17, 16), ("up", 14, 26)]:
        pad = pad.pointer(Pointer(kind, "pad", x, y))
    return pad


def uniform(x):
    return np.full((len(x), 10), 0.1)


# The network of the lesson


def test_lesson_network_reads_unseen_digits(lesson):
    assert dl.accuracy(lesson["model"], lesson["test"]) >= 0.96


def test_lesson_network_reads_drawings_kept_apart_from_tuning(lesson):
    drawn = drawings(TEST, 5, seed=2024)
    assert {sum(1 for d, _ in drawn if d == digit) for digit in range(10)} == {10}
    assert share(lesson["model"], drawn) >= 0.90


def test_lesson_network_reads_the_drawings_it_was_tuned_on(lesson):
    assert share(lesson["model"], drawings(TUNING, 5, seed=7)) >= 0.90


@pytest.mark.parametrize("thickness", [0.8, 1.2])
def test_a_slightly_different_pen_costs_little(lesson, thickness):
    drawn = drawings(TEST, 3, seed=5)
    right = [
        DigitPad(lesson["model"], strokes=s, thickness=thickness).compute().probabilities.argmax() == d
        for d, s in drawn
    ]
    assert np.mean(right) >= 0.8


@pytest.mark.parametrize(
    "form, digit, sure",
    [
        ("E", 5, 0.9), ("narrow E", 1, 0.9), ("face with a smile", 0, 0.9), ("face with a straight mouth", 2, 0.9),
        ("face in a circle", 4, 0.9), ("flat line", 4, 0.95),
    ],
)  # fmt: skip
def test_what_is_no_digit_is_most_often_read_as_the_lesson_says(lesson, form, digit, sure):
    rng = np.random.default_rng(11)
    results = [
        DigitPad(lesson["model"], strokes=drawing(style, rng)).compute() for style in NO_DIGITS[form] for _ in range(50)
    ]
    assert np.mean([r.probabilities.argmax() == digit for r in results]) > 0.75
    assert np.median([r.probabilities.max() for r in results]) > sure


def test_a_flat_line_is_pulled_to_half_the_height_and_a_leaning_one_hardly_further(lesson):
    rng = np.random.default_rng(3)
    pictures = [picture_from_strokes(drawing(NO_DIGITS["flat line"][0], rng)) for _ in range(50)]
    rows = [int(picture.any(axis=(1, 2)).sum()) for picture in pictures]
    assert np.median(rows) == 4 and max(rows) <= 6


# The things to try, in the order of the lesson


def test_try_a_small_2_in_a_corner_is_as_tall_as_any_other(lesson):
    two = drawing(SKELETONS[2][0], np.random.default_rng(0))
    corner = [[(x / 3 + 1, y / 3 + 1) for x, y in stroke] for stroke in two]
    picture = DigitPad(lesson["model"], strokes=corner).compute().picture
    assert picture[0].any() and picture[7].any()
    assert np.abs(picture - DigitPad(lesson["model"], strokes=two).compute().picture).max() < 0.2


def test_try_a_stroke_over_a_real_7_tips_the_answer_and_undo_takes_it_back(lesson):
    seven = DigitPad(lesson["model"], examples=lesson["test"], example="7")
    assert "The network says 7" in seven.describe(seven.compute())
    over = seven
    for place, kind in ((10, "down"), (16, "drag"), (22, "drag"), (22, "up")):
        over = over.pointer(Pointer(kind, "pad", place, 29.0))
    for place, kind in ((29, "down"), (16, "drag"), (4, "drag"), (4, "up")):
        over = over.pointer(Pointer(kind, "pad", 8.0, place))
    assert "The network says 7" not in over.describe(over.compute())
    back = over.undo().undo()
    assert back.describe(back.compute()) == seven.describe(seven.compute())


def test_try_clear_leaves_no_answer(lesson):
    pad = DigitPad(lesson["model"], examples=lesson["test"], example="7").clear()
    assert pad.compute().probabilities is None and "no probability" in pad.describe(pad.compute())


def test_every_drawing_ends_among_the_ten(lesson):
    drawn = [DigitPad(lesson["model"], strokes=s).compute().probabilities for _, s in drawings(TUNING, 1, seed=4)]
    assert np.allclose(np.sum(drawn, axis=1), 1, atol=1e-5)


# From strokes to the picture


def test_every_real_digit_comes_out_as_it_went_in(digits):
    for image in digits.x:
        assert np.array_equal(picture_from_ink(ink_from_image(image)), image)


def test_a_loaded_digit_reaches_the_network_unchanged(digits):
    inputs = []

    def spy(x):
        inputs.append(np.asarray(x))
        return uniform(x)

    pad = DigitPad(spy).from_image(digits.x[42])
    assert np.array_equal(pad.compute().picture, digits.x[42])
    assert np.array_equal(inputs[-1][0], digits.x[42])
    assert inputs[-1].dtype == np.float32 and inputs[-1].shape == (1, 8, 8, 1)


def test_real_digits_as_bitmaps_are_scaled_and_centred_and_still_read(lesson):
    test = lesson["test"]
    again = np.stack([picture_from_ink(ink_from_image(ink_from_image(image).astype(float))) for image in test.x])
    assert np.mean((again == test.x).all(axis=(1, 2, 3))) >= 0.5  # the others were not quite centred
    assert np.mean(np.asarray(dl.predict(lesson["model"], again)).argmax(1) == test.y) >= 0.92


@pytest.mark.parametrize("digit", range(10))
def test_a_drawing_looks_like_the_data_set(digits, digit):
    pictures = [picture_from_strokes(s)[:, :, 0] for d, s in drawings(TUNING, 5, seed=3) if d == digit]
    for picture in pictures:
        assert picture.dtype == np.float32 and picture.shape == (8, 8)
        assert picture[0].any() and picture[7].any()  # full height
        assert np.array_equal(picture * 16, np.rint(picture * 16)) and picture.max() <= 1
    ink = np.mean([16 * picture.sum() for picture in pictures])
    real = 16 * digits.x[digits.y == digit].sum(axis=(1, 2, 3)).mean()
    assert abs(ink - real) < 70


def test_size_and_place_on_the_pad_do_not_matter():
    stroke = [(4.0, 4.0), (9.0, 4.0), (6.0, 12.0)]
    moved = [(2 * x + 7, 2 * y + 3) for x, y in stroke]
    assert np.array_equal(picture_from_strokes([stroke]), picture_from_strokes([moved]))


def test_a_drawing_is_centred():
    picture = picture_from_strokes([[(1, 1), (1, 9)]])[:, :, 0]
    assert np.array_equal(picture, picture[:, ::-1])


@pytest.mark.parametrize(
    "strokes",
    [
        [[(16, 16)]],
        [[(8, 16), (24, 16)]],
        [[(0, 0), (32, 32)], [(5, 5)]],
        [[(3, 3)] * 5],
        [[(0, 0), (1e-9, 1e-9)]],
        [[(float(i % 32), float(i // 32)) for i in range(1024)]],
    ],
)
def test_odd_drawings_give_a_picture(strokes):
    picture = picture_from_strokes(strokes)
    assert np.isfinite(picture).all() and 0 < picture.max() <= 1


def test_thicker_pen_more_ink():
    stroke = [[(4, 4), (20, 4), (10, 28)]]
    inks = [picture_from_strokes(stroke, thickness=t).sum() for t in (0.5, 1.0, 1.6)]
    assert inks == sorted(inks) and inks[0] < inks[2]


# Hand and keys


def test_mouse_draws_a_stroke_and_undo_takes_it_back():
    pad = seven()
    assert pad.strokes == (((8.0, 6.0), (16.0, 6.0), (22.0, 6.5), (17.0, 16.0)),)
    again = seven(pad)
    assert len(again.strokes) == 2
    assert again.undo().strokes == pad.strokes
    assert again.clear().strokes == ()
    assert DigitPad(uniform).undo().strokes == ()


def test_points_outside_stay_on_the_pad():
    pad = DigitPad(uniform).pointer(Pointer("down", "pad", -3, 99)).pointer(Pointer("drag", "pad", 40, 16.04))
    assert pad.strokes == (((0.0, 32.0), (32.0, 16.0)),)


def test_only_the_pad_can_be_drawn_on():
    pad = DigitPad(uniform)
    for event in (Pointer("down", "bars", 0.5, 3), Pointer("hover", "pad", 3, 3), Pointer("up", "pad", 3, 3)):
        assert pad.pointer(event) is pad


def test_keys_draw_a_one():
    pad = DigitPad(uniform)
    for key in ["ArrowRight", " ", *["ArrowDown"] * 20, " ", "ArrowLeft"]:
        pad = pad.key(key)
    assert len(pad.strokes) == 1 and pad.strokes[0][0] == (17.0, 4.0) and pad.strokes[0][-1] == (17.0, 24.0)
    assert pad.pen == (16.0, 24.0) and not pad.writing
    assert pad.key("Backspace").strokes == ()
    assert pad.key("q") is pad


def test_keys_stop_at_the_edge():
    pad = DigitPad(uniform).key(" ")
    for _ in range(40):
        pad = pad.key("ArrowUp")
    assert pad.pen == (16.0, 0.0) and pad.strokes[0][-1] == (16.0, 0.0)


def test_loading_a_digit_takes_the_strokes_off():
    assert seven().replace(example="3").strokes == ()
    assert len(seven().replace(thickness=1.2).strokes) == 1


# What it says


def test_an_empty_pad_says_so_and_gives_no_probabilities():
    def never(x):
        raise AssertionError("an empty pad was shown to the network")

    pad = DigitPad(never)
    result = pad.compute()
    assert result.probabilities is None and "empty" in pad.describe(result)
    assert "probabilities" not in pad.code_results(result)


def test_the_sentence_tells_the_two_best():
    logits = np.log(np.array([[0.05, 0.05, 0.1, 0.6, 0.2, 0, 0, 0, 0, 0]]) + 1e-12)
    pad = seven(DigitPad(lambda x: logits))
    sentence = pad.describe(pad.compute())
    assert "says 3, with probability 0.60" in sentence and "second choice is 4, with 0.20" in sentence


def test_probabilities_and_logits_are_told_apart():
    p = np.array([[0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0]])
    assert seven(DigitPad(lambda x: p)).compute().probabilities == pytest.approx(p[0])
    assert seven(DigitPad(lambda x: 3 * p)).compute().probabilities[0] == pytest.approx(0.2642, abs=1e-3)


def test_without_a_network_it_says_what_to_do():
    pad = seven(DigitPad())
    assert "DigitPad(model)" in pad.describe(pad.compute())


def test_a_real_digit_from_the_learners_own_examples(lesson):
    test = lesson["test"]
    pad = DigitPad(lesson["model"], examples=test, example="7", which=2)
    assert np.array_equal(pad.compute().picture, test.x[np.flatnonzero(test.y == 7)[1]])
    assert "a real 7 (number 2)" in pad.describe(pad.compute())
    assert "over it" in seven(pad).describe(seven(pad).compute())


# Code


def states(model, digits):
    yield DigitPad(model)
    yield seven(DigitPad(model))
    yield DigitPad(model, example="4", which=3)
    yield seven(DigitPad(model, example="4"))
    yield DigitPad(model).from_image(digits.x[11])
    for _, strokes in drawings(TUNING, 1, seed=9)[:10]:
        yield DigitPad(model, strokes=strokes, thickness=1.25)


def test_code_gives_the_same_numbers(lesson, digits, capsys):
    for function in (lesson["model"], uniform):
        for pad in states(function, digits):
            names = {"model": function}
            exec(pad.code(), names)
            for name, value in pad.code_results(pad.compute()).items():
                assert np.allclose(names[name], value, atol=1e-6), (name, pad.code())
    capsys.readouterr()


# Bad input


def test_a_model_that_cannot_be_called():
    with pytest.raises(WrongTypeError, match=r"DigitPad\(model\) takes the one that you trained"):
        DigitPad("digits.safetensors")


@pytest.mark.parametrize(
    "answer, error, text",
    [
        (np.zeros((1, 3)), ShapeError, r"ten scores each, \(N, 10\) = \(1, 10\), but gave \(1, 3\)"),
        (np.zeros((1, 8, 8, 10)), ShapeError, "is there a Flatten"),
        (np.full((1, 10), np.nan), DataError, "Did its training blow up"),
    ],
)
def test_a_model_with_a_strange_answer(answer, error, text):
    with pytest.raises(error, match=text):
        seven(DigitPad(lambda x: answer)).compute()


@pytest.mark.parametrize(
    "image, error, text",
    [
        (np.zeros((5, 8, 8, 1)), ShapeError, "whole batch"),
        (np.zeros(64), ShapeError, r"\(H, W\) = \(8, 8\)"),
        (np.full((8, 8), -1.0), DataError, "below 0"),
        (np.full((8, 8), np.nan), DataError, "not numbers"),
        (np.full((8, 8), 255.0), DataError, "goes up to 255"),
    ],
)
def test_an_image_that_is_none(image, error, text):
    with pytest.raises(error, match=text):
        DigitPad(uniform).from_image(image)


def test_an_example_that_is_not_there(digits):
    with pytest.raises(ArgumentError, match="example='10'"):
        DigitPad(uniform, example="10")
    only = type("Examples", (), {"x": digits.x[:1], "y": digits.y[:1]})()
    with pytest.raises(DataError, match="have no 7"):
        DigitPad(uniform, examples=only, example="7").compute()


# Picture


def test_picture_changes_while_drawing():
    picture = Picture(*DigitPad.size)
    pad = DigitPad(uniform)
    empty = picture.paint(pad, pad.compute()).copy()
    drawn = picture.paint(seven(pad), seven(pad).compute()).copy()
    assert (empty != drawn).any(axis=2).mean() > 0.02
    assert np.array_equal(picture.paint(pad, pad.compute()), empty)


@pytest.mark.parametrize("dark", [False, True])
def test_static_picture(dark):
    assert picture_png(seven(), dark=dark).startswith(b"\x89PNG")
