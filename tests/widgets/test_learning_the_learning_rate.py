"""RateFinder: what lesson 18b describes really happens, for its network and for others, and the numbers are the library's."""

import functools

import nbformat
import numpy as np
import pytest

import dlcourse as dl
from dlcourse import notebooks
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.exercises.learning_the_learning_rate import BETS
from dlcourse.live.widget import Pointer
from dlcourse.widgets import RateFinder
from dlcourse.widgets.learning_the_learning_rate import numbers
from dlcourse.widgets.learning_the_learning_rate.numbers import BUDGET, OPTIMIZERS, RATES, SCHEDULES, Task
from dlcourse.widgets.learning_the_learning_rate.picture import limits
from dlcourse.widgets.learning_the_learning_rate.state import on_grid

(LESSON,) = (path for path in notebooks.lessons() if notebooks.number(path) == "18b")
LESSON = "\n".join(cell.source for cell in nbformat.read(LESSON, 4).cells if cell.cell_type == "markdown")
LOWEST = RateFinder(optimizer="momentum", rate=0.794, update=BUDGET, everyone=True)
BOTH = RateFinder(optimizer="Adam", rate=0.2, schedule="warm-up, cosine", update=BUDGET, everyone=True)


def sentence(widget):
    return widget.describe(widget.compute())


def left(optimizer, schedule, rate):
    """What a training of the lesson's network leaves."""
    return RateFinder(optimizer=optimizer, schedule=schedule, rate=rate, update=BUDGET).compute().run.left


def told(text, *words):
    """A sentence says this, and the lesson quotes it."""
    for word in words:
        assert word in text, text
        assert word.split()[-1].rstrip(".") in LESSON, word


@functools.cache
def other(seed):
    """The same network with other first weights."""
    rng = np.random.default_rng(seed)
    hidden = dl.Dense(64, 32, activation=dl.relu, rng=rng)
    return Task(dl.Sequential(dl.Flatten(), hidden, dl.Dense(32, 10, rng=rng)), numbers.digits())


# The bets, with the lesson's network and with others


def test_the_rate_at_the_lowest_point_leaves_more_than_five_times_the_least():
    assert BETS["lowest"] == "more than five times the least"
    result = LOWEST.compute()
    assert abs(np.log10(result.lowest / LOWEST.chosen)) < 0.05 and result.run.left > 5 * result.left.min()
    assert 1 < result.run.left < 2  # 96 updates later processors that round differently lie that far apart
    told(sentence(LOWEST), "Of 26 rates 0.063 leaves least, 0.13")


@pytest.mark.parametrize("optimizer", ["momentum", "Adam"])
def test_it_does_so_with_other_first_weights(optimizer):
    for seed in (1, 2, 3):
        search = numbers.search(other(seed), optimizer, 100)
        lowest = on_grid(search.lrs[int(np.argmin(search.losses))])
        some = [numbers.run(other(seed), optimizer, "constant", rate).left for rate in (0.0251, 0.0631, 0.1)]
        assert numbers.run(other(seed), optimizer, "constant", lowest).left > 5 * min(some)


def test_the_sentence_says_where_the_good_rates_end():
    result = LOWEST.compute()
    good = result.left <= 1.5 * result.left.min()
    assert RATES[good][[0, -1]].tolist() == [0.0398, 0.1] and result.left[~good].min() > 1.5 * result.left.min()
    assert "from 0.04 to 0.1 it is at most half as much again" in sentence(LOWEST)
    narrow = LOWEST.replace(schedule="cosine")
    assert (narrow.compute().left <= 1.5 * narrow.compute().left.min()).sum() == 1
    assert "no other comes near it" in sentence(narrow)


def test_four_times_the_steps_suggest_a_fourth_of_the_rate():
    assert BETS["length"] == "at one about four times smaller"
    rates = [RateFinder(optimizer="Adam", length=length).compute().suggestion for length in ("100", "200", "400")]
    assert 3.5 < rates[0] / rates[2] < 4.8 and 1.7 < rates[0] / rates[1] < 2.1
    for seed in (1, 2):
        short, long = (numbers.search(other(seed), "Adam", steps).suggestion for steps in (100, 400))
        assert 3.5 < short / long < 7.5


def test_warm_up_and_cosine_together_do_what_neither_does_alone():
    assert BETS["both"] == "about 0.09"
    alone = [left("Adam", schedule, 0.2) for schedule in ("constant", "cosine", "warm-up")]
    assert left("Adam", "warm-up, cosine", 0.2) == pytest.approx(0.09, abs=0.005)
    assert min(alone) > 6 * left("Adam", "warm-up, cosine", 0.2)
    for number in ("0.95", "1.0", "0.66", "0.088"):
        assert number in LESSON
    assert [f"{one:.2g}" for one in alone] == ["0.95", "1", "0.66"]
    for seed in (1, 2, 3):
        loss = {name: numbers.run(other(seed), "Adam", name, 0.2).left for name in ("constant", "cosine", "warm-up", "warm-up, cosine")}  # fmt: skip
        both = loss.pop("warm-up, cosine")
        assert both < 0.13 and min(loss.values()) > 2.5 * both


def test_while_the_answer_is_covered_nothing_of_a_training_is_told():
    for widget in (LOWEST, BOTH):
        hidden = widget.replace(covered=True)
        result = hidden.compute()
        assert hidden.at == 0 and not len(result.left) and not len(result.run.losses)
        assert "covered" in sentence(hidden) and "leaves least" not in sentence(hidden)
        assert sentence(hidden.replace(prediction="x")) == sentence(widget)


# Things to try


def test_to_try_on_the_curve_of_a_hundred_steps():
    result = LOWEST.replace(rate=0.0631).compute()
    assert RATES[result.best] == 0.0631 and result.here == pytest.approx(1.9, abs=0.05)
    for optimizer, rate, words in (
        ("momentum", 0.158, "leaves 0.34"), ("momentum", 0.0501, "leaves 0.15"), ("Adam", 0.398, "leaves 2"),
        ("Adam", 0.0251, "leaves 0.12"), ("SGD", 1.0, "leaves 0.18"), ("SGD", 0.316, "leaves 0.25"),
    ):  # fmt: skip
        widget = LOWEST.replace(optimizer=optimizer, rate=rate)
        assert widget.chosen == rate
        told(sentence(widget).split(" of 2.4")[0], words)
    for optimizer, rate in (("Adam", 0.398), ("SGD", 1.0)):
        assert on_grid(RateFinder(optimizer=optimizer).compute().lowest) == rate
    for optimizer, rate in (("momentum", 0.158), ("Adam", 0.0251), ("SGD", 0.316)):
        assert abs(np.log10(RateFinder(optimizer=optimizer).compute().suggestion / rate)) <= 0.05
    assert left("Adam", "constant", 0.0251) < 1.15 * LOWEST.replace(optimizer="Adam").compute().left.min()


def test_to_try_with_longer_finders():
    adam = RateFinder(optimizer="Adam", rate=0.0251, update=BUDGET, everyone=True)
    told(sentence(adam.replace(length="400")), "steeply around 0.0064")
    told(sentence(adam.replace(length="200")), "steeply around 0.014")
    assert left("Adam", "constant", 0.00631) == pytest.approx(2 * left("Adam", "constant", 0.0251), rel=0.1)
    assert "0.24" in LESSON
    for length, words in (("100", "steeply around 0.31"), ("400", "steeply around 0.26")):
        told(sentence(RateFinder(optimizer="SGD", length=length)), words)


def test_to_try_with_schedules():
    constant = BOTH.replace(schedule="constant")
    told(sentence(constant).split(";")[0], "leaves least, 0.11")
    told(sentence(BOTH).split(";")[0], "leaves least, 0.053")
    assert constant.compute().run.losses[:8].max() > 1.5 * constant.compute().run.losses[0]  # it jumps up
    assert BOTH.compute().run.losses.max() < 1.1 * constant.compute().run.losses[0]
    low = limits(constant.compute().first)[0]
    assert low < 0.053 < 0.2
    for optimizer, schedule, rate, loss in (
        ("momentum", "constant", 0.251, 0.49), ("momentum", "cosine", 0.251, 0.068), ("momentum", "constant", 0.0251, 0.32),
        ("momentum", "cosine", 0.0251, 0.85), ("SGD", "constant", 0.631, 0.14), ("SGD", "cosine", 0.631, 0.24),
    ):  # fmt: skip
        assert left(optimizer, schedule, rate) == pytest.approx(loss, rel=0.03)
        assert f"{loss:g}" in LESSON and f"{rate:g}" in LESSON


def test_the_best_of_three_trainings_around_the_suggestion_is_nearly_the_best_of_all():
    for optimizer in OPTIMIZERS:
        result = RateFinder(optimizer=optimizer, everyone=True).compute()
        three = [left(optimizer, "constant", result.suggestion * factor) for factor in (1 / 3, 1, 3)]
        assert min(three) < 1.3 * result.left.min()


# Numbers, state, hand, yours


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_training_is_that_of_fit(optimizer):
    model = numbers.network()
    lr = SCHEDULES["warm-up, cosine"](0.05, BUDGET)
    dl.fit(
        model, numbers.digits(), loss=dl.cross_entropy, optimizer=OPTIMIZERS[optimizer](model.parameters(), lr), epochs=3,
        batch_size=32, rng=np.random.default_rng(0), progress=False,
    )  # fmt: skip
    run = numbers.run(numbers.of_digits(), optimizer, "warm-up, cosine", 0.05)
    digits = numbers.digits()
    assert run.left == pytest.approx(dl.cross_entropy(model(digits.x), digits.y).item(), rel=1e-4)
    assert len(run.losses) == BUDGET
    x, y = next(iter(digits.batches(32, rng=np.random.default_rng(0))))
    assert run.losses[0] == pytest.approx(dl.cross_entropy(numbers.network()(x), y).item(), rel=1e-6)


def test_schedules_are_those_of_the_library_and_end_with_the_budget():
    rates = {name: numbers.rate_by_update(name, 0.6) for name in SCHEDULES}
    assert (rates["constant"] == 0.6).all()
    assert rates["step"][[0, 31, 32, 63, 64]] == pytest.approx(np.array([0.6, 0.6, 0.18, 0.18, 0.054]))
    assert rates["cosine"][48] == pytest.approx(0.3) and rates["cosine"][95] < 0.001
    assert rates["warm-up"][[0, 15, 16, 95]] == pytest.approx(np.array([0.0375, 0.6, 0.6, 0.6]))
    assert rates["warm-up, cosine"][[0, 15, 16, 56]] == pytest.approx(np.array([0.0375, 0.6, 0.6, 0.3]))
    assert max(rates["one cycle"]) == pytest.approx(0.6, rel=0.01) and rates["one cycle"][95] < 0.001


def test_a_training_that_blows_up_ends_there_and_is_told():
    hot = Task(numbers.network(), numbers.digits(), lambda prediction, y: 1e30 * dl.cross_entropy(prediction, y))
    run = numbers.run(hot, "SGD", "constant", 10.0)
    assert len(run.losses) < BUDGET and np.isinf(run.left)
    widget = RateFinder(rate=10.0, update=BUDGET, own=hot, model=hot.model, data=hot.data, loss=hot.loss)
    assert widget.ended and "blown up" in widget.describe(LOWEST.compute()) and not widget.can_step()


def test_play_goes_on_to_the_end_of_the_budget():
    widget = RateFinder(update=BUDGET - 1).step()
    assert widget.update == BUDGET and not widget.can_step() and widget.step() is widget
    assert "After 95 of 96 updates the loss is about" in sentence(RateFinder(update=BUDGET - 1))
    assert "Play trains with it" in sentence(RateFinder())


def test_hand_and_keys_choose_the_rate_and_the_update():
    widget = RateFinder()
    assert widget.pointer(Pointer("drag", "finder", 0.52, 1.0)).rate == 0.501
    assert widget.pointer(Pointer("down", "all", 1e9, 1.0)).rate == 10.0
    assert widget.pointer(Pointer("down", "training", 40.3, 1.0)).update == 40
    assert widget.pointer(Pointer("hover", "finder", 0.5, 1.0)) is widget
    assert widget.key("ArrowRight").rate == 0.126 and widget.key("ArrowLeft").rate == 0.0794
    assert widget.key("ArrowUp").update == 1 and widget.key("x") is widget


def test_a_rate_beyond_the_end_of_the_curve_is_not_on_it():
    widget = RateFinder(optimizer="Adam", length="400", rate=1.0)
    assert np.isnan(widget.compute().here) and np.isfinite(widget.replace(rate=0.1).compute().here)


def test_a_network_of_ones_own_is_trained_on_a_copy():
    rng = np.random.default_rng(0)
    moons = dl.data.moons(100, rng=rng)
    model = dl.Sequential(
        dl.Dense(2, 8, activation=dl.tanh, rng=rng), dl.Dropout(0.2, rng=rng), dl.Dense(8, 2, rng=rng)
    )
    before = [p.data.copy() for p in model.parameters()]
    widget = RateFinder(model=model, data=moons, rate=0.5, update=BUDGET)
    text = sentence(widget)
    assert "After 96 updates it leaves" in text and sentence(widget) == text
    assert all(np.array_equal(p.data, one) for p, one in zip(model.parameters(), before, strict=True))
    names = {"model": model, "data": moons}
    exec(compile(widget.code(), "<code>", "exec"), names)
    assert names["left"] == pytest.approx(widget.compute().run.left, rel=1e-5)


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({"model": numbers.network()}, WrongTypeError, "give model=… and data=… together"),
        ({"loss": dl.cross_entropy}, WrongTypeError, "loss=… only with them"),
        ({"model": abs, "data": numbers.digits()}, WrongTypeError, "model should be a dl.Module"),
        ({"model": numbers.network(), "data": [1]}, WrongTypeError, "data a dl.data.Dataset"),
        ({"model": numbers.network(), "data": numbers.digits()[:9]}, DataError, "at least 32 examples.*yours are 9"),
        ({"model": numbers.network(), "data": numbers.digits(), "loss": 3}, WrongTypeError, "loss should be a function"),
        ({"model": dl.Dense(9, 10, rng=np.random.default_rng(0)), "data": numbers.digits()}, ShapeError, "made for 9"),
    ],
)  # fmt: skip
def test_what_cannot_be_trained_is_refused_in_words(given, kind, message):
    with pytest.raises(kind, match=message):
        RateFinder(**given)
