"""DropoutMasks and DropoutTraining: what lesson 21 says really happens, and with other seeds, too."""

import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import notebooks
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.exercises import dropout as ex
from dlcourse.live.widget import Pointer
from dlcourse.widgets import DropoutMasks, DropoutTraining, picture_png
from dlcourse.widgets.dropout.courses import EPOCHS, course, trained
from dlcourse.widgets.dropout.networks import LETTER_E, masks, ours, picture_of
from dlcourse.widgets.dropout.numbers import MOST, points_drawn
from dlcourse.widgets.softmax import digit


def sentence(widget):
    return widget.describe(widget.compute())


def played(widget, steps):
    for _ in range(steps):
        assert widget.can_step()
        widget = widget.step()
    return widget


@lru_cache
def lesson():
    (path,) = notebooks.folder().glob("21_*.ipynb")
    return notebooks.read("this test", path)


def text():
    return "\n".join(cell.source for cell in lesson().cells if cell.cell_type == "markdown")


def cell(start):
    """The source of the code cell that has these words."""
    (source,) = [one.source for one in lesson().cells if one.cell_type == "code" and start in one.source]
    return source


# The mean of the masks


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("example", "p"), [("a 7", 0.5), ("an E", 0.8), ("a 7", 0.2)])
def test_nothing_bends_behind_the_hidden_units_so_the_mean_score_is_the_full_network(seed, example, p):
    result = DropoutMasks(example=example, p=p, n=MOST, seed=seed).compute()
    assert result.spread > 0.5
    assert abs(result.mean[result.answer] - result.full[result.answer]) < 4 * result.spread / MOST**0.5


@pytest.mark.parametrize("seed", range(4))
def test_behind_the_pixels_stands_a_relu_and_the_mean_is_far_off(seed):
    for p_pixels, gap in ((0.1, 0.3), (0.5, 2.0)):
        result = DropoutMasks(p=0.0, p_pixels=p_pixels, n=MOST, seed=seed).compute()
        assert result.full[7] - result.mean[7] > gap > 4 * result.spread / MOST**0.5


@pytest.mark.parametrize("seed", range(4))
def test_a_softmax_bends_a_little_so_shares_are_nearly_right(seed):
    result = DropoutMasks(look="shares", n=MOST, seed=seed).compute()
    assert 0.004 < result.full[7] - result.mean[7] < 0.015


@pytest.mark.parametrize("p", [0.2, 0.5, 0.8])
def test_undivided_the_mean_is_that_of_a_share_of_1_minus_p(p):
    _, last = ours()
    result = DropoutMasks(p=p, divided=False, n=MOST).compute()
    bias = last.bias.data[7]
    assert result.mean[7] - bias == pytest.approx((1 - p) * (result.full[7] - bias), abs=0.3)


def test_the_spread_is_that_of_the_second_exercise():
    hidden, last = ours()
    h = hidden(np.array([picture_of("a 7")], np.float32)).data
    solved = {"np": np}
    exec(ex.moments.solution, solved)
    mean, variance = solved["moments"](h.astype(float), last.weight.data.astype(float), 0.5)
    result = DropoutMasks(n=MOST).compute()
    assert variance[0, 7] ** 0.5 == pytest.approx(result.spread, rel=0.08)
    assert mean[0, 7] + last.bias.data[7] == pytest.approx(result.full[7], abs=1e-4)


def test_masks_are_those_of_the_library_s_layer():
    hidden, last = ours()
    drop = dl.Dropout(0.5, rng=np.random.default_rng([3, 1]))
    model = dl.Sequential(hidden, drop, last)
    scores = model(np.tile(np.array(picture_of("an E"), np.float32), (30, 1))).data
    np.testing.assert_allclose(
        DropoutMasks(example="an E", n=30, seed=3).compute().latest, scores, rtol=1e-5, atol=1e-5
    )
    assert set(np.unique(masks(50, 8, 0.2, [0, 0], True)).round(6)) == {0, 1.25}
    assert set(np.unique(masks(50, 8, 0.2, [0, 0], False))) == {0, 1}


def test_more_masks_are_the_same_ones_and_more():
    few, more = DropoutMasks(n=20).compute(), DropoutMasks(n=300).compute()
    np.testing.assert_array_equal(few.course, more.course[:20])
    assert few.votes.sum() == 20 and more.votes.sum() == 300
    assert points_drawn(1).tolist() == [1] and points_drawn(MOST)[-1] == MOST and points_drawn(37)[-1] == 37


def test_the_e_is_that_of_lessons_00_and_16():
    assert LETTER_E == digit.LETTER_E
    np.testing.assert_allclose(picture_of("a 7"), digit.picture_of("a 7").ravel())


# Thirty opinions


@pytest.mark.parametrize("seed", range(6))
def test_thirty_masks_agree_that_an_e_is_a_5(seed):
    assert DropoutMasks(example="an E", n=30, seed=seed).compute().votes[5] >= 29


def test_masks_tell_letters_from_digits_a_little_better_than_one_softmax():
    for seed in (1, 2):
        names = {"np": np, "dl": dl}
        exec("from dlcourse.widgets import DigitPad\n" + cell("LETTERS = "), names)
        exec(
            cell("model.train()    ").replace("default_rng(0)", f"default_rng({seed})").split("model.train()")[0], names
        )
        exec(cell("def sureness").split("\nright, sure")[0], names)
        right = {}
        for many in (0, 30):
            on_letters, on_digits = (names["sureness"](x, many) for x in (names["letters"], names["unseen"].x))
            right[many] = 100 * (on_letters[:, None] < on_digits).mean()
        assert 70 < right[0] < 93 and 0.5 < right[30] - right[0] < 7


# Training


def last(**changes):
    return DropoutTraining(epoch=EPOCHS, **changes).compute()


def test_a_course_is_that_of_one_training():
    again = trained(dl.data.digits(), 0.0, 0.5, 0.0, 5)
    kept = course(None, "0", "0.5", "all right")
    for values, one in zip(again, (kept.learned, kept.unseen, kept.mistakes), strict=True):
        np.testing.assert_allclose(values, one[:5], rtol=1e-4)


def test_on_right_labels_the_good_default_changes_next_to_nothing():
    result = last()
    assert abs(result.dropped.mistakes[-1] - result.plain.mistakes[-1]) < 1.5
    assert result.plain.mistakes[-1] == pytest.approx(4, abs=1)
    assert result.plain.learned[-1] < 0.01  # “reads all of its 300 digits”


def test_on_wrong_labels_it_is_worth_eight_digits_in_a_hundred():
    result = last(labels="a fifth wrong")
    assert result.plain.mistakes[-1] - result.dropped.mistakes[-1] == pytest.approx(8, abs=2)


def test_half_of_the_pixels_help_where_labels_are_wrong_and_harm_where_they_are_right():
    right, wrong = (last(p="0", p_pixels="0.5", labels=labels) for labels in ("all right", "a fifth wrong"))
    assert right.dropped.mistakes[-1] > right.plain.mistakes[-1] + 1.5
    assert wrong.dropped.mistakes[-1] < wrong.plain.mistakes[-1] - 8


# The things to try


def test_things_to_try_with_masks():
    ran = played(DropoutMasks(), 110)
    assert ran.n == MOST and not ran.can_step()
    result = ran.compute()
    assert result.spread == pytest.approx(1.86, abs=0.03) and abs(result.mean[7] - result.full[7]) < 0.06
    assert "standard deviation 1.86" in sentence(ran) and "0.04 above" in sentence(ran)
    assert "Mean of 1000 masks 4.16" in sentence(ran.replace(divided=False))
    wide = ran.replace(p=0.8)
    assert "standard deviation 3.86" in sentence(wide) and "0.08 below" in sentence(wide)
    shares = sentence(ran.replace(look="shares"))
    assert "Mean of 1000 masks 99.1 %" in shares and "0.8 points below" in shares
    pixels = sentence(ran.replace(p=0.0, p_pixels=0.5))
    assert "Mean of 1000 masks 5.24" in pixels and "full network's is 8.23" in pixels
    first = sentence(DropoutMasks(covered=True))
    assert "46 of 100 hidden units" in first and "7.34" in first


def test_things_to_try_with_two_trainings():
    ran = played(DropoutTraining(), 39)
    assert not ran.can_step()
    assert "0.080 while learning, 0.128 unseen" in sentence(ran)
    assert "without, log-loss 0.003 while learning, 0.143 unseen" in sentence(ran)
    wrong = ran.replace(labels="a fifth wrong")
    assert "14.8 mistakes" in sentence(wrong) and "22.8 mistakes" in sentence(wrong)
    assert "11.2 mistakes" in sentence(wrong.replace(p="0.8"))
    pixels = wrong.replace(p="0", p_pixels="0.5")
    assert "12.2 mistakes" in sentence(pixels)
    assert "6.4 mistakes" in sentence(pixels.replace(labels="all right"))
    assert "3.8 mistakes in 100 unseen." in sentence(pixels.replace(labels="all right"))
    result = wrong.compute().dropped  # “may well stand above”
    assert (result.learned > result.unseen).mean() > 0.9


def test_things_to_try_with_the_e():
    ran = played(DropoutMasks(example="an E", look="shares"), 29)
    assert ran.n == 30 and "Mean of 30 masks 98.6 %" in sentence(ran) and "The 30 masks answer 30× 5." in sentence(ran)
    seven = sentence(ran.replace(example="a 7"))
    assert "Mean of 30 masks 99.1 %" in seven and "answer 30× 7." in seven
    assert "answer 997× 5" in sentence(ran.replace(n=MOST))


def test_every_number_of_the_things_to_try_has_its_walk():
    numbers = set(re.findall(r"\d+\.\d+", "\n".join(line for line in text().split("\n") if re.match(r"\d\. ", line))))
    walked = "\n".join(Path(__file__).read_text(encoding="utf-8").split("# The things to try")[1:])
    assert {one for one in numbers if one not in walked} == set()


# Controls, hand, yours


def test_before_the_bet_the_full_network_is_not_told():
    for n in (1, 30):
        covered = DropoutMasks(n=n, covered=True)
        assert "8.23" not in sentence(covered) and "covered" in sentence(covered)
        assert "8.23" in sentence(covered.replace(prediction="on it, up to chance"))


def test_hand_and_keys():
    state = DropoutMasks(n=10)
    assert state.pointer(Pointer("down", "course", 99.6, 1.0)).n == 100
    assert state.pointer(Pointer("drag", "course", 5000.0, 1.0)).n == MOST
    assert state.pointer(Pointer("down", "answers", 5.0, 1.0)) is state
    assert state.key("ArrowRight").n == 11 and state.key("ArrowUp").p == 0.6 and state.key("a") is state
    assert DropoutMasks().key("ArrowLeft").n == 1
    training = DropoutTraining()
    assert training.pointer(Pointer("down", "losses", 12.4, 0.1)).epoch == 12
    assert training.pointer(Pointer("down", "elsewhere", 12.4, 0.1)) is training
    assert training.key("ArrowRight").epoch == 2 and training.key("a") is training


def test_where_nothing_is_dropped_there_is_nothing_to_draw():
    state = DropoutMasks(p=0.0)
    assert not state.can_step() and state.step() is state and state.draw_anew() is state
    assert set(state.idle_controls()) == {"draw_anew", "divided", "n"} and "Nothing is dropped" in sentence(state)
    result = state.compute()
    np.testing.assert_allclose(result.mean, result.full, rtol=1e-6)
    other = DropoutMasks().draw_anew()
    assert other.seed == 1 and not np.array_equal(other.compute().kept, DropoutMasks().compute().kept)


def test_a_picture_of_ones_own():
    mine = DropoutMasks(picture=dl.data.digits().x[0])
    assert mine.example == "yours" and sentence(mine).startswith("On your picture. ")
    assert mine.replace(n=5).shown == mine.shown and len(mine.shown) == 64
    assert "DropoutMasks(picture=x)" in sentence(DropoutMasks(example="yours"))


@pytest.mark.parametrize(
    ("own", "kind", "message"),
    [
        ("seven", WrongTypeError, "should be an array of numbers"),
        (np.zeros((2, 8, 8, 1)), ShapeError, r"not \(2, 8, 8, 1\). Is it a whole batch"),
        (np.full((8, 8), 16.0), DataError, "above 1"),
        (np.full((8, 8), np.nan), DataError, "no numbers"),
    ],
    ids=["no numbers", "a batch", "counts", "nan"],
)
def test_other_pictures_are_refused_in_words(own, kind, message):
    with pytest.raises(kind, match=message):
        DropoutMasks(picture=own)


def measured(n=120, classes=3, width=5):
    rng = np.random.default_rng(0)
    y = np.arange(n) % classes
    return dl.data.Dataset(rng.normal(size=(n, width)) + 2 * np.eye(classes, width)[y], y)


def test_examples_of_ones_own_are_learned_from():
    data = measured()
    mine = DropoutTraining(data=data, p_pixels="0.2", epoch=40)
    result, told = mine.compute(), sentence(mine)
    assert told.startswith(
        "60 of your examples to learn from, labels all right, after 40 epochs: with dropout (p = 0.5 of the hidden"
    )
    assert "p = 0.2 of the inputs" in told and result.plain.learned[-1] < 0.3 * result.plain.learned[0]
    again = trained(data, 0.2, 0.5, 0.0, EPOCHS)
    np.testing.assert_allclose(result.dropped.unseen, again[1], rtol=1e-5)
    assert "# data is your own data set\nlearned, unseen, mistakes = trained(data, 0.2, 0.5, 0.0, 40)" in mine.code()
    data.x[:] = 0  # what happens to it later does not matter
    assert mine.replace(epoch=39).compute().plain is result.plain
    assert sentence(mine.replace(examples="digits")).startswith("300 digits") and mine.idle_controls() == ()
    assert DropoutTraining().idle_controls() == ("examples",)
    wrong = mine.replace(labels="a fifth wrong").compute().plain
    assert wrong.mistakes[-1] > result.plain.mistakes[-1]


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (measured().x, WrongTypeError, r"Dataset\(x, y\), not ndarray"),
        (dl.data.Dataset(np.zeros((50, 2)), np.linspace(0, 1, 50)), DataError, "should be classes 0, 1, …"),
        (dl.data.Dataset(np.zeros((50, 2)), np.zeros(50, int)), DataError, "two of them or more"),
        (measured(30), DataError, r"at least 40 examples are needed, .* shape \(30, 5\)"),
        (dl.data.breast_cancer(), DataError, "from 0 to 4254, too far for one learning rate. Scale them first"),
    ],
    ids=["an array", "measured values", "one class", "few", "not scaled"],
)
def test_other_examples_are_refused_in_words(data, kind, message):
    with pytest.raises(kind, match=message):
        DropoutTraining(data=data)


@pytest.mark.parametrize("dark", [False, True])
def test_a_frame_is_small(dark):
    for state in (DropoutMasks(p_pixels=0.5, n=MOST), DropoutTraining(epoch=EPOCHS)):
        assert len(picture_png(state, dark=dark)) < 30_000
