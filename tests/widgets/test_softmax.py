"""SoftmaxBars and ReliabilityDiagram: what lesson 16 says of scores, shares and confidence is what is computed."""

import re

import numpy as np
import pytest
from pictures import table
from pictures.shown import Shown

import dlcourse as dl
from dlcourse.errors import ArgumentError, DataError, ShapeError, WrongTypeError
from dlcourse.exercises.softmax import BETS
from dlcourse.live.widget import Pointer
from dlcourse.widgets import ReliabilityDiagram, SoftmaxBars
from dlcourse.widgets.softmax.confidence.numbers import best_temperature, compared
from dlcourse.widgets.softmax.confidence.training import Answers
from dlcourse.widgets.softmax.digit import LETTER_E, digit_network, picture_of
from dlcourse.widgets.start_here.ink import picture_from_strokes

SLIDE = np.array([3.0, 2.0, 1.0, 0.0])


def sentence(widget):
    return widget.describe(widget.compute())


# SoftmaxBars ------------------------------------------------------------------------------------------------------


def by_hand(x):
    return np.exp(x) / np.exp(x).sum()


def test_the_shares_are_those_of_the_slide():
    assert SoftmaxBars().compute().shares == pytest.approx(by_hand(SLIDE), abs=1e-6)


@pytest.mark.parametrize("shift", [100.0, -20.0, -110.0, 0.1])
def test_only_differences_count(shift):
    first, moved = SoftmaxBars().compute(), SoftmaxBars(shift=shift).compute()
    assert moved.scores == pytest.approx(SLIDE + shift)
    assert moved.shares == pytest.approx(first.shares, abs=2e-6)


def test_what_is_added_is_divided_by_the_temperature_as_well():
    bars = SoftmaxBars(shift=10.0, temperature=4.0, chosen=1).pull(4.0)
    result = bars.compute()
    assert result.z == pytest.approx((np.array([3, 4, 1, 0]) + 10) / 4)
    assert result.before == pytest.approx(by_hand(SLIDE / 4))
    assert result.before + result.came == pytest.approx(result.shares, abs=1e-6)


def test_two_scores_are_the_sigmoid_of_their_difference():
    for first, second in ((3.0, 1.0), (-2.0, 2.5), (0.0, 0.0)):
        bars = SoftmaxBars(scores=[first, second])
        assert bars.compute().shares[0] == pytest.approx(dl.sigmoid(first - second).item(), abs=1e-6)
    assert "the sigmoid of the difference, σ(2)" in sentence(SoftmaxBars(example="two scores"))


def test_a_cold_softmax_is_the_largest_and_a_hot_one_gives_everybody_the_same():
    assert SoftmaxBars(temperature=0.01).compute().shares == pytest.approx([1, 0, 0, 0], abs=1e-6)
    assert SoftmaxBars(temperature=100.0).compute().shares == pytest.approx([0.25] * 4, abs=0.005)


def test_the_formula_as_it_stands_ends_where_float32_ends():
    assert np.log(np.finfo(np.float32).max) == pytest.approx(88.72, abs=0.01)
    one = [0.0, -50.0]  # the sum is the largest power
    fits, breaks = (SoftmaxBars(scores=one, shift=shift).compute() for shift in (88.7, 88.8))
    assert not fits.breaks and np.isinf(breaks.powers[0]) and breaks.breaks
    assert np.isnan(breaks.typed[0]) and breaks.shares[0] == pytest.approx(1)
    below = SoftmaxBars(shift=-107.0).compute()
    assert (
        (below.powers == 0).all()
        and np.isnan(below.typed).all()
        and below.shares == pytest.approx(by_hand(SLIDE), abs=2e-6)
    )


def test_the_sum_can_be_too_large_where_no_power_is():
    at = SoftmaxBars(shift=85.7)
    assert np.isfinite(at.compute().powers).all() and at.compute().breaks
    assert "the sum of the powers is more than a float32 can hold" in sentence(at)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 5.0])
def test_the_jacobian_is_that_of_the_library_and_its_rows_add_up_to_nothing(temperature):
    for bars in (SoftmaxBars(temperature=temperature), SoftmaxBars(example="an E", temperature=temperature)):
        found = bars.compute().jacobian
        expected = dl.jacobian(lambda x: dl.softmax(x / temperature), np.array(bars.now))
        assert found == pytest.approx(expected, abs=1e-6)
        assert found.sum(axis=1) == pytest.approx(np.zeros(bars.count), abs=1e-12)


def test_one_pulled_up_takes_the_same_share_of_every_other():
    pulled = SoftmaxBars(look="Jacobian", chosen=1).pull(4.0)
    result = pulled.compute()
    others = np.delete(result.factors, 1)
    assert others == pytest.approx([0.3979] * 3, abs=1e-4) and result.factors[1] > 2
    assert result.shares[0] / result.shares[3] == pytest.approx(np.exp(3), rel=1e-5)
    assert result.promised[1] == pytest.approx(0.3615, abs=1e-4) and result.came[1] == pytest.approx(0.4595, abs=1e-4)
    assert "every other share is 0.398 times what it was" in sentence(pulled)
    small = SoftmaxBars(look="Jacobian", chosen=1).key("ArrowUp").compute()
    assert np.abs(small.promised - small.came).max() < 0.001


def test_what_was_pulled_counts_from_where_the_bar_was_taken():
    bars = SoftmaxBars().choose(1).pull(4.0)
    after = bars.choose(0)
    assert after.compute().pull == 0 and after.before == (3.0, 4.0, 1.0, 0.0)
    assert after.pull(1.0).compute().pull == -2.0
    assert after.replace(example="two scores").now == (3.0, 1.0) and after.replace(example="two scores").chosen == 0
    assert bars.pull(99.0).now[1] == bars.reach[1] and bars.pull(-99.0).now[1] == bars.reach[0]


def test_hand_and_keys_take_a_bar_and_pull():
    bars = SoftmaxBars()
    held = bars.pointer(Pointer("down", "scores", 2.2, 0.5))
    assert held.chosen == 2 and held.now == bars.now
    assert held.pointer(Pointer("drag", "scores", 2.2, -1.5)).now == (3.0, 2.0, -1.5, 0.0)
    assert bars.pointer(Pointer("down", "shares", 3.1, 0.5)).chosen == 3
    assert bars.pointer(Pointer("drag", "shares", 3.1, 0.5)) is bars is bars.pointer(Pointer("down", "jacobian", 0, 0))
    assert bars.key("ArrowRight").chosen == 1 and bars.key("ArrowLeft") is bars and bars.key("q") is bars
    assert bars.key("ArrowRight").key("ArrowDown").now == (3.0, 1.9, 1.0, 0.0)


def test_the_e_is_that_of_lesson_00_and_sure_whatever_is_added():
    strokes = [(0.6, 0), (0, 0), (0, 1), (0.6, 1)], [(0, 0.5), (0.48, 0.5)]
    drawn = picture_from_strokes([8 + 20 * np.array(line) for line in strokes])
    assert np.array_equal(drawn[:, :, 0] * 16, LETTER_E)
    result = SoftmaxBars(example="an E").compute()
    assert (result.scores > 0).sum() == 1 and result.scores.argmax() == 5 and result.shares[5] > 0.99
    less = SoftmaxBars(example="an E", shift=-20.0).compute()
    assert (less.scores < 0).all() and less.shares[5] == pytest.approx(result.shares[5], abs=1e-5)
    assert SoftmaxBars(example="a 7").compute().shares.argmax() == 7


@pytest.mark.parametrize("seed", [0, 3])
def test_the_level_of_the_e_is_that_of_a_digit(seed):
    model, unseen = digit_network(seed)
    e, digits = (dl.predict(model, x) for x in (picture_of("an E")[None], unseen.x))
    level, levels = (np.log(np.exp(scores).sum(axis=1)) for scores in (e, digits))
    assert len(levels) == 359 and 0.25 < (levels < level).mean() < 0.75
    assert BETS["level"] == "somewhere in the middle" and dl.softmax(e).data[0, 5] > 0.99


def test_a_sure_softmax_stands_still():
    sure = SoftmaxBars(example="an E", look="Jacobian")
    assert np.abs(sure.compute().jacobian).max() < 0.01
    three = sure.choose(3)
    assert np.abs(three.pull(three.now[3] + 1).compute().came).max() < 0.01
    warm = sure.replace(temperature=5.0).compute()
    assert 5 * np.abs(warm.jacobian).max() > 0.2


def test_nothing_of_the_second_bet_is_told_before_it_is_placed():
    covered = SoftmaxBars(look="Jacobian", chosen=1, covered=True)
    assert "times what it was" not in sentence(covered.pull(4.0))
    assert "times what it was" in sentence(covered.replace(prediction="x").pull(4.0))


def test_own_scores_are_taken_in_any_form():
    for scores in ([1.0, 2.0], np.array([1, 2]), dl.Tensor([[1.0, 2.0]])):
        assert SoftmaxBars(scores=scores).now == (1.0, 2.0)
    assert SoftmaxBars(example="yours").now == SoftmaxBars().now


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({"scores": [1.0]}, ShapeError, r"2 to 10 numbers for one example, shape \(K,\), not \(1,\)"),
        ({"scores": np.zeros((3, 4))}, ShapeError, r"Of a batch, take one row"),
        ({"scores": [1.0, np.inf]}, DataError, "not a finite number"),
        ({"model": 3}, WrongTypeError, "should be a network from pictures"),
        ({"model": lambda x: x.reshape(len(x), -1)}, ShapeError, r"ten scores each, \(N, 10\) = \(2, 10\), but gave \(2, 64\)"),
        ({"model": lambda x: np.full((len(x), 10), np.nan)}, DataError, "the model's scores have NaN or infinity"),
    ],
    ids=["one", "a batch", "infinite", "no model", "64 scores", "nan"],
)  # fmt: skip
def test_other_scores_are_refused_in_words(given, kind, message):
    with pytest.raises(kind, match=message):
        SoftmaxBars(**given)


def test_things_to_try_with_the_bars_say_on_screen_what_the_lesson_says():
    e = SoftmaxBars(example="an E", shift=-20.0)
    assert "says 5, and gives it more than 99.9 %" in sentence(e)
    four = SoftmaxBars()
    assert "64.4 %, 23.7 %, 8.7 %, 3.2 %" in sentence(four)
    assert "says the same" in sentence(four.replace(shift=85.0))
    for shift in (86.0, -107.0):
        assert "64.4 %, 23.7 %, 8.7 %, 3.2 %. The formula as it stands breaks" in sentence(four.replace(shift=shift))
    assert "100.0 %" in sentence(four.replace(temperature=0.01))
    assert re.search(r"25\.\d %, 25\.\d %, 24\.\d %, 24\.\d %", sentence(four.replace(temperature=100.0)))


NARROW = [
    SoftmaxBars(look="Jacobian").choose(1).pull(4.0),
    SoftmaxBars(look="Jacobian", example="an E", temperature=5.0).choose(3).pull(5.0),
    SoftmaxBars(example="an E", shift=-20.0), SoftmaxBars(shift=100.0), SoftmaxBars(example="a 7", shift=-119.9),
    ReliabilityDiagram(epochs=3), ReliabilityDiagram(temperature=1.88), ReliabilityDiagram(epochs=40, temperature=5.0),
]  # fmt: skip


@pytest.mark.parametrize("state", NARROW, ids=range(len(NARROW)))
def test_a_phone_gets_the_whole_picture_and_no_text_lies_on_another(state):
    assert not list(table.complaints(type(state).__name__, Shown(state, narrow=True)))


# ReliabilityDiagram -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_a_network_kept_to_the_end_is_wrong_more_often_than_it_expects(seed):
    late = ReliabilityDiagram(seed=seed).compute()
    assert late.makes > 1.6 * late.expects
    assert late.sure > 950 and late.sure_expects < 1 < 5 < late.sure_makes


@pytest.mark.parametrize("seed", range(4))
def test_one_number_fitted_on_validation_brings_the_two_together_and_changes_no_answer(seed):
    diagram = ReliabilityDiagram(seed=seed)
    before, after = diagram.compute(), diagram.fit().compute()
    assert diagram.fit().temperature > 1.4
    assert after.makes == before.makes
    assert abs(after.expects - after.makes) < 21 < abs(before.expects - before.makes)
    assert after.sure_makes <= 3 and after.loss < before.loss


def test_it_only_gets_surer():
    first, five, early, late = (ReliabilityDiagram(epochs=epochs).compute() for epochs in (1, 5, 20, 100))
    assert first.expects > 1.25 * first.makes  # too modest
    assert abs(five.expects - five.makes) < 0.15 * five.makes
    assert abs(late.makes - early.makes) < 5 and late.expects < 0.8 * early.expects
    assert (ReliabilityDiagram(epochs=20).answers.learned[19:] == 1).all()


def test_the_bins_hold_all_answers_and_say_what_they_say():
    result = ReliabilityDiagram().compute()
    answers = ReliabilityDiagram().answers
    p = np.asarray(dl.softmax(answers.unseen[-1]).data)
    confidence, right = p.max(axis=1), p.argmax(axis=1) == answers.unseen_y
    assert result.counts.sum() == len(p) == 1258
    for place in range(10):
        inside = (confidence >= place / 10) & (confidence < (place + 1) / 10 + (place == 9))
        assert result.counts[place] == inside.sum()
        if inside.any():
            assert result.right[place] == pytest.approx(right[inside].mean())
            assert result.says[place] == pytest.approx(confidence[inside].mean(), rel=1e-5)
    assert result.expects == pytest.approx(1000 * (1 - confidence.mean()), abs=0.01)
    assert result.course[1:, -1] == pytest.approx([result.expects, result.makes], abs=0.01)


def test_the_fitted_temperature_has_the_lowest_loss():
    answers = ReliabilityDiagram().answers
    for epoch in (1, 20, 100):
        best = best_temperature(answers, epoch)
        losses = [
            dl.cross_entropy(answers.validation[epoch - 1] / np.float32(t), answers.validation_y).item()
            for t in (best - 0.02, best, best + 0.02)
        ]
        assert losses[1] == min(losses)
    hot = Answers(answers.validation * 100, answers.validation_y, answers.unseen, answers.unseen_y, answers.learned)
    assert best_temperature(hot, 100) == pytest.approx(5.0, abs=0.01)  # where the slider ends


def test_on_the_digits_that_it_has_learned_from_the_coldest_wins():
    answers = ReliabilityDiagram().answers
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(1, 50, 10))
    scores[0, :, 3] += 8  # all are right
    learned = Answers(scores, np.full(50, 3), answers.unseen[:1], answers.unseen_y, np.zeros(0))
    assert best_temperature(learned, 1) == pytest.approx(0.2, abs=0.01)


def test_a_network_with_more_digits_and_fewer_epochs_is_honest():
    from dlcourse.widgets.softmax.digit import digit_network

    model, unseen = digit_network()
    _, validation, _ = dl.data.digits().split(0.6, 0.2, 0.2, rng=np.random.default_rng(0))
    own = ReliabilityDiagram(model=model, validation=validation, unseen=unseen)
    assert abs(own.compute().expects - own.compute().makes) < 15 and 0.7 < own.fit().temperature < 1.4
    assert "epochs" in own.absent_controls() and not own.can_step() and own.step() is own
    assert not own.replace(epochs=5).can_step()
    assert own.key("ArrowRight") is own is own.pointer(Pointer("down", "course", 20.0, 100.0))


def test_play_hand_and_keys_move_epoch_and_temperature():
    diagram = ReliabilityDiagram(epochs=98)
    assert diagram.step().step().epochs == 100 and not diagram.step().step().can_step()
    assert diagram.pointer(Pointer("down", "course", 20.4, 100.0)).epochs == 20
    assert diagram.pointer(Pointer("down", "bins", 0.4, 0.5)) is diagram
    assert diagram.key("ArrowLeft").epochs == 97 and diagram.key("ArrowUp").temperature == pytest.approx(1.05)
    fitted = diagram.fit()
    assert fitted.fit() is fitted


def test_nothing_of_the_third_bet_is_told_before_it_is_placed():
    covered = ReliabilityDiagram(covered=True)
    assert sentence(covered).endswith("By its own word 0.6 of these should be wrong. How many are?")
    assert "15 are" in sentence(covered.replace(prediction="x"))


def test_things_to_try_with_the_diagram_say_on_screen_what_the_lesson_says():
    text = sentence(ReliabilityDiagram())
    assert (
        "expects 29 mistakes in 1\u202f000 and makes 65" in text
        and "of these it expects 0.6 to be wrong, and 15 are" in text
    )
    result = ReliabilityDiagram().compute()
    middle = slice(5, 8)
    assert (result.right[middle] * result.counts[middle]).sum() < 0.5 * result.counts[middle].sum()
    assert "and 0 are" in sentence(ReliabilityDiagram().fit())
    sure = compared(ReliabilityDiagram().answers, epoch=100, temperature=1.0)
    assert 1 - sure.sure_expects / sure.sure > 0.999


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({"model": 3}, WrongTypeError, "should be a network or a function"),
        ({"model": dl.relu}, ArgumentError, "give validation=… and unseen=…"),
        ({"model": lambda x: x.reshape(len(x), -1)[:, :5], "validation": dl.data.digits()[:50], "unseen": dl.data.digits()[50:90]}, ShapeError, r"gave \(50, 5\) for classes up to 9"),
    ],
    ids=["no model", "no data", "five scores"],
)  # fmt: skip
def test_another_network_is_refused_in_words(given, kind, message):
    with pytest.raises(kind, match=message):
        ReliabilityDiagram(**given)
