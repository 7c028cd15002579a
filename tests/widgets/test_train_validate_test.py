"""PeekCounter: what lesson 09 describes really happens; every deal is honest."""

import re

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.live.widget import Pointer
from dlcourse.widgets import PeekCounter
from dlcourse.widgets.train_validate_test.numbers import DEALS, MODELS, TRAIN, deal_out


def mean(part, peeks=MODELS, **changes):
    return PeekCounter(**changes).compute().scores[part][:, peeks - 1].mean()


def test_coin_flips_look_learnable_to_the_part_that_chooses_and_to_no_other():
    result = PeekCounter(labels="coin flips", examples=20).compute()
    assert 0.68 < result.scores["validation"][:, -1].mean() < 0.74
    for part in ("test", "tomorrow"):
        standard_error = result.scores[part][:, -1].std() / np.sqrt(DEALS)
        assert abs(result.scores[part][:, -1].mean() - 0.5) < 3 * standard_error


def test_one_peek_is_honest_and_every_further_one_raises_the_hope():
    scores = PeekCounter(labels="coin flips", examples=20).compute().scores["validation"]
    assert abs(scores[:, 0].mean() - 0.5) < 3 * scores[:, 0].std() / np.sqrt(DEALS)
    assert (np.diff(scores, axis=1) >= 0).all()
    assert scores[:, 9].mean() > 0.58 > scores[:, 0].mean() + 0.03


def test_more_examples_shrink_the_gap():
    gaps = [
        mean("validation", labels="coin flips", examples=n) - mean("tomorrow", labels="coin flips", examples=n)
        for n in (20, 40, 100)
    ]
    assert gaps[0] > gaps[1] > gaps[2] > 0.05
    assert mean("validation", labels="coin flips", examples=100) == pytest.approx(0.6, abs=0.02)
    assert gaps[0] > 1.6 * gaps[2]


def test_whoever_chooses_is_too_hopeful_whatever_its_name():
    assert mean("test", labels="coin flips", examples=20, look="test") > 0.65
    for part in ("validation", "tomorrow"):
        assert mean(part, labels="coin flips", examples=20, look="test") == pytest.approx(0.5, abs=0.02)


def test_on_tumours_the_part_that_chooses_is_too_hopeful_and_the_other_is_fair():
    for look, other in (("validation", "test"), ("test", "validation")):
        hope, fair, truth = (mean(part, look=look) for part in (look, other, "tomorrow"))
        assert hope > truth + 0.025
        assert abs(fair - truth) < 0.015
        assert truth > mean("tomorrow", peeks=1, look=look) + 0.03  # choosing is worth it all the same


def test_no_example_is_in_two_parts_and_training_is_in_none():
    data = dl.data.breast_cancer()
    right = deal_out(data, coin_flips=False, seed=0)
    assert right.shape == (MODELS, len(data) - TRAIN)
    result = PeekCounter(examples=100).compute()
    assert result.fresh == len(data) - TRAIN - 200


def test_the_best_is_the_first_of_the_best():
    counter = PeekCounter(examples=20, deal=3)
    right = deal_out(dl.data.breast_cancer(), coin_flips=False, seed=3)
    scores = right[:, :20].mean(axis=1)
    best = counter.compute().best[3]
    for peeks in (1, 2, 17, MODELS):
        assert best[peeks - 1] == scores[:peeks].argmax()


def test_play_peeks_until_all_models_were_seen():
    counter = PeekCounter(peeks=MODELS - 1)
    last = counter.step()
    assert last.peeks == MODELS
    assert last.step() is last


def test_hand_and_keys_move_the_count_of_peeks_and_stay_in_range():
    counter = PeekCounter(peeks=5)
    assert counter.pointer(Pointer("down", "curve", 20.4, 0.8)).peeks == 20
    assert counter.pointer(Pointer("drag", "curve", 900.0, 0.8)).peeks == MODELS
    assert counter.pointer(Pointer("down", "bars", 20.0, 0.8)) is counter
    assert counter.key("ArrowRight").peeks == 6
    assert PeekCounter(peeks=1).key("ArrowLeft").peeks == 1
    assert counter.deal_again().deal == 1
    assert PeekCounter(deal=DEALS - 1).deal_again().deal == 0


def test_tomorrow_is_not_told_before_it_is_asked_for():
    hidden, shown = PeekCounter(peeks=50), PeekCounter(peeks=50, tomorrow=True)
    assert "too hopeful" not in hidden.describe(hidden.compute())
    assert "tomorrow_score" not in hidden.code()
    assert "too hopeful" in shown.describe(shown.compute())


def test_own_data_are_taken():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 5)).astype(np.float32)
    own = dl.data.Dataset(x, (x[:, 0] > 0).astype(int))
    counter = PeekCounter(data=own, peeks=MODELS, tomorrow=True)
    assert counter.compute().scores["tomorrow"][:, -1].mean() > 0.9


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        ([[1, 2]], WrongTypeError, "data should be a dl.data.Dataset, Dataset(x, y), not list."),
        (dl.data.Dataset(np.zeros((50, 4)), np.zeros(50, int)), DataError, "320 examples with at least 3 measurements"),
        (dl.data.Dataset(np.zeros((400, 4)), np.arange(400) % 3), DataError, "two classes, 0 and 1"),
    ],
    ids=["no data set", "too few", "three classes"],
)
def test_other_data_are_refused_in_words(data, kind, message):
    with pytest.raises(kind, match=message.replace("(", r"\(").replace(")", r"\)")):
        PeekCounter(data=data)


def sentence(widget):
    return widget.describe(widget.compute())


def told(widget, words):
    """The per cent that the sentence gives after these words."""
    return float(re.search(rf"{words} (\d+\.\d)%", sentence(widget))[1])


def test_things_to_try_say_on_screen_what_the_lesson_says():
    coins = PeekCounter(labels="coin flips", examples=20, peeks=MODELS)
    assert "nothing can be learned" in sentence(coins) and "tomorrow's 309" not in sentence(coins)
    assert told(coins, "deals: validation") == pytest.approx(70, abs=3)  # “climbs to about 70 %”
    assert told(coins, "test") == pytest.approx(50, abs=3)  # “stays near 50 %”
    assert told(coins.replace(tomorrow=True), "tomorrow's 309 examples") == pytest.approx(50, abs=2)
    assert told(coins.replace(examples=100), "deals: validation") == pytest.approx(60, abs=2)  # “sinks to about 60 %”
    by_test = coins.replace(look="test")
    assert told(by_test, "test") == pytest.approx(70, abs=4) and told(by_test, "validation") == pytest.approx(50, abs=3)
    real = PeekCounter(labels="tumours", examples=40, peeks=MODELS, tomorrow=True)
    hope, test, tomorrow = (told(real, words) for words in ("deals: validation", "test", "tomorrow's 309 examples"))
    assert abs(test - tomorrow) < 1.5 < hope - max(test, tomorrow)  # together, and validation above both
