"""Sweep: what lessons 14 and 14b describe really happens, and its runs are those of dl.sweep."""

import itertools
import re

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError, DataError, WrongTypeError
from dlcourse.exercises import best_of_sixty
from dlcourse.exercises.hyperparameters import BETS
from dlcourse.live.picture import Picture, size_for
from dlcourse.live.widget import Pointer
from dlcourse.sweeps.runs import Task, measured
from dlcourse.widgets import Sweep
from dlcourse.widgets.hyperparameters.numbers import Made, Plan, finished
from dlcourse.widgets.hyperparameters.state import CURVES
from dlcourse.widgets.hyperparameters.training import EPOCHS, parts, train


def played(widget):
    """As it is after Play."""
    while widget.can_step():
        widget = widget.step()
    return widget


def sentence(widget):
    return widget.describe(widget.compute())


def best(**changes):
    return played(Sweep(**changes)).compute().best.score


def scores(widget):
    return [run.score for run in widget.compute().sweep.runs]


# What the lesson says one will see ------------------------------------------------------------------------------


def test_with_the_same_nine_runs_a_grid_tries_three_rates_and_random_search_nine():
    grid = Sweep(strategy="grid")
    random = played(grid.replace(strategy="random"))
    assert "3 learning rates and 3 widths tried" in sentence(grid) and "9 learning rates" in sentence(random)
    assert "87.4% right on validation" in sentence(grid) and "91.1% right on validation" in sentence(random)
    assert "To beat: grid, 87.4%" in sentence(random) and "To beat" not in sentence(grid)
    for lowest, promised in ((10**-4.5, 0.814), (10**-3.5, 0.903)):
        moved = played(grid.replace(lowest=lowest))
        assert f"{promised:.1%} right" in sentence(moved)
    ((_, rate),) = {(run.number, run.settings["lr"]) for run in [grid.compute().best]}
    assert rate == pytest.approx(0.01)


@pytest.fixture(scope="module")
def pool():
    """Random runs over six factors of ten, and a fine grid, as in the lesson: (log10 of rates, curves), (25, 3)."""
    rng = np.random.default_rng(5)
    powers, curves = rng.uniform(-5, 1, 300), []
    for number, power in enumerate(powers):
        settings = {"lr": float(10**power), "units": int(rng.integers(4, 65))}
        curves.append(measured(Task(train, number, settings, np.random.SeedSequence(number), EPOCHS)).scores)
    fine = [
        [measured(Task(train, 0, {"lr": float(10**power), "units": units}, np.random.SeedSequence(999), EPOCHS)).score for units in (4, 34, 64)]
        for power in np.arange(-5, 1.01, 0.25)
    ]  # fmt: skip
    return powers, np.array(curves), np.array(fine)


def test_random_search_is_no_better_on_average_and_fails_less_often(pool):
    powers, curves, fine = pool
    rng, pairs = np.random.default_rng(0), []
    for _ in range(1000):
        start = int(rng.integers(9))
        low = -5 + 0.25 * start
        inside = np.flatnonzero((powers >= low) & (powers <= low + 4))
        random = curves[rng.choice(inside, 9, replace=False), -1].max()
        pairs.append((fine[[start, start + 8, start + 16]].max(), random))
    grid, random = np.array(pairs).T
    assert 0.35 < (random > grid).mean() < 0.65 and BETS["nine runs"] == "about 100"
    assert (grid < 0.8).mean() > 1.4 * (random < 0.8).mean()
    assert np.quantile(grid, 0.1) < np.quantile(random, 0.1) - 0.02


def test_halving_ends_as_well_with_a_third_of_the_epochs_in_more_than_seven_of_ten(pool):
    powers, curves, _ = pool
    inside = np.flatnonzero((powers >= -4) & (powers <= 0))
    rng, as_good = np.random.default_rng(0), []
    for _ in range(1000):
        some = curves[rng.choice(inside, 27, replace=False)]
        nine = np.argsort(-some[:, 0])[:9]
        three = nine[np.argsort(-some[nine, 2])[:3]]
        as_good.append(some[three, 8].max() == some[:, 8].max())
    assert np.mean(as_good) > 0.75 and best_of_sixty.BETS["as good"] == "more than 7 in 10"


def test_halving_in_the_widget_reaches_the_dashed_line_after_81_epochs():
    random = Sweep(strategy="random", budget=27)
    assert "243 epochs in all" in sentence(random)
    halving = played(random.replace(strategy="halving"))
    assert "39 of 39 runs made" in sentence(halving) and "81 epochs in all" in sentence(halving)
    assert halving.compute().best.score == random.compute().best.score == pytest.approx(0.911, abs=0.0005)
    assert halving.compute().best.number != random.compute().best.number
    lengths = [run.epochs for run in halving.compute().sweep.runs]
    assert sorted(lengths) == [1] * 18 + [3] * 6 + [9] * 3


def test_another_draw_loses_the_best_by_halving_within_three():
    lost = [
        best(strategy="halving", budget=27, seed=seed) < best(strategy="random", budget=27, seed=seed)
        for seed in (1, 2, 3)
    ]
    assert lost == [False, True, True]


def test_rates_drawn_evenly_crowd_in_the_last_factor_of_ten():
    uniform = Sweep(strategy="random", drawn="uniform", budget=60, done=False)
    assert (
        "Of the 60 runs planned, 1 has a rate below 0.01" in sentence(uniform) and BETS["left half"] == "one, or none"
    )
    rates = np.array([settings["lr"] for settings in uniform.compute().planned])
    assert (rates > 0.1).sum() == 54
    below = [sum(s["lr"] < 0.01 for s in uniform.replace(seed=seed).compute().planned) for seed in range(200)]
    assert np.mean(np.array(below) <= 1) > 0.8  # the bet does not hang on this one draw
    spread = uniform.replace(drawn="log-uniform")
    assert "30 have a rate below 0.01" in sentence(spread)
    high = (1e-6, 0.8, 10.0, 1.0)
    for widget, number in ((uniform, 8), (spread, 17)):
        boxed = played(widget).replace(brush=("lr", *high))
        assert f"Lit by the box in learning rate: {number} runs" in sentence(boxed)
    at_the_foot = np.array(scores(played(uniform)))
    assert (at_the_foot < 0.2).sum() > 30


def test_the_learning_rate_explains_most_of_the_variance():
    shares = Sweep(strategy="random", budget=60).compute().sweep.importance()
    assert shares["lr"] > 0.5 and shares["units"] < 0.15
    text = sentence(Sweep(strategy="random", budget=60))
    assert f"explains: learning rate {shares['lr']:.0%}, hidden units {shares['units']:.0%}." in text
    assert "explains" not in sentence(Sweep()) and "explains" not in sentence(
        played(Sweep(strategy="halving", budget=27))
    )


# The runs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strategy", ["grid", "random", "halving"])
def test_the_runs_are_those_of_a_sweep(strategy):
    made = finished(Plan(strategy, "log-uniform", 9, 1e-4, 3))
    space = {"lr": dl.spaces.log_uniform(1e-4, 1.0), "units": dl.spaces.integers(4, 64)}
    rng = np.random.default_rng(3)
    result = dl.sweep(train, space, budget=9, strategy=strategy, epochs=EPOCHS, rng=rng, jobs=1)
    assert [run.settings for run in result.runs] == [run.settings for run in made.runs()]
    assert [run.outcome.scores for run in result.runs] == [run.outcome.scores for run in made.runs()]
    assert made.epochs == result.epochs and len(made.outcomes) == made.total


def test_no_digit_is_in_two_parts():
    learn, validation, test = parts()
    assert (len(learn), len(validation), len(test)) == (180, 269, 1348)
    rows = np.concatenate([part.x.reshape(len(part), -1) for part in (learn, validation, test)])
    assert len(np.unique(rows, axis=0)) == len(np.unique(dl.data.digits().x.reshape(1797, -1), axis=0))


def test_a_step_makes_one_run_and_a_moved_control_begins_anew():
    widget = Sweep(strategy="random", done=False)
    assert widget.compute().done == 0 and "press Play" in widget_title(widget)
    once = widget.step()
    assert once.compute().done == 1 and widget.compute().done == 0 and once.step().compute().done == 2
    assert once.replace(budget=10).compute().done == 0 and once.other_draws().compute().done == 0
    assert not Sweep().can_step() and Sweep().step().compute().done == 9
    assert isinstance(once.made, Made)


def widget_title(widget):
    from dlcourse.live.picture import Picture

    picture = Picture(*widget.size)
    picture.paint(widget, widget.compute())
    return picture._artists.title.get_text()


def test_what_is_to_beat_is_another_finished_sweep_of_the_same_range_and_budget():
    random = played(Sweep().replace(strategy="random"))
    assert random.to_beat == ("grid", Sweep().compute().best.score)
    assert random.replace(budget=10).to_beat is None and random.replace(lowest=1e-5).to_beat is None
    uniform = random.replace(drawn="uniform")
    assert uniform.to_beat[0] == "random"
    assert played(uniform).replace(drawn="log-uniform", strategy="grid").to_beat[0] == "random"
    assert random.step() is random and Sweep().to_beat is None
    assert Sweep(strategy="random", done=False).step().replace(strategy="grid").to_beat is None  # it was not finished


def test_a_box_lights_up_runs_and_a_click_takes_it_away():
    widget = Sweep(strategy="random")
    boxed = widget.pointer(Pointer("down", "lr", 0.001, 0.5)).pointer(Pointer("drag", "lr", 1.0, 1.0))
    expected = {run.number for run in widget.compute().sweep.runs if run.score >= 0.5 and run.settings["lr"] >= 0.001}
    assert set(boxed.compute().lit) == expected and len(expected) == 3
    assert "Lit by the box in learning rate: 3 runs" in sentence(boxed)
    assert boxed.pointer(Pointer("up", "lr", 1.0, 1.0)) is boxed
    clicked = boxed.pointer(Pointer("down", "units", 4, 0.5)).pointer(Pointer("up", "units", 4, 0.5))
    assert clicked.brush is None and clicked.compute().lit == ()
    in_curves = widget.pointer(Pointer("down", CURVES, 8.5, 0.5)).pointer(Pointer("drag", CURVES, 9.4, 1.0))
    assert set(in_curves.compute().lit) == {run.number for run in widget.compute().sweep.runs if run.score >= 0.5}
    assert "Nothing lies in the box" in sentence(widget.replace(brush=("units", 4, 0.99, 64, 1.0)))
    assert widget.adds(Pointer("down", "lr", 0.1, 0.5)) and not widget.adds(Pointer("down", "", 0.1, 0.5))
    assert widget.pointer(Pointer("down", "", 0.1, 0.5)) is widget


def test_arrow_keys_walk_from_run_to_run():
    widget = Sweep().key("ArrowRight")
    assert widget.compute().lit == (0,) and "Lit: run 0, learning rate 0.0001, hidden units 4, 9 epochs" in sentence(
        widget
    )
    assert widget.key("ArrowRight").picked == 1 and widget.key("ArrowLeft").picked == 8
    assert widget.key("Escape").picked == -1 and widget.key("a") is widget
    nothing = Sweep(done=False)
    assert nothing.key("ArrowRight") is nothing


def test_a_bet_covers_the_marks_of_what_will_be_tried():
    covered = Sweep(strategy="random", drawn="uniform", budget=60, done=False, covered=True)
    assert "planned" not in sentence(covered) and "below" not in sentence(covered)
    shown = covered.replace(prediction="about 30")
    assert "planned" in sentence(shown)
    from dlcourse.live.picture import Picture

    marks = []
    for state in (covered, shown):
        picture = Picture(*state.size)
        picture.paint(state, state.compute())
        marks.append([len(panel.ticks.get_xdata()) for panel in picture._artists.panels])
    assert marks == [[0, 0], [60, 60]]


# A learner's own -------------------------------------------------------------------------------------------------


def own_sweep(**changes):
    def run(settings, rng):
        if settings["w"] == 3:
            raise ValueError("three is too few")
        return settings["lr"] * settings["w"]

    space = {
        "lr": dl.spaces.log_uniform(0.01, 1),
        "w": dl.spaces.integers(2, 9),
        "f": dl.spaces.choice(dl.relu, dl.tanh),
    }
    return dl.sweep(run, space, budget=20, rng=np.random.default_rng(0), jobs=1, **changes)


def test_a_sweep_of_ones_own_is_shown_and_lit_up():
    result = own_sweep(direction="minimize")
    widget = Sweep(result=result)
    failed = len(result.failed())
    assert failed and f"Your sweep, 20 runs. {failed} runs ended without a score." in sentence(widget)
    assert (
        f"Best: run {result.best.number}, lr " in sentence(widget) and not widget.can_step() and widget.step() is widget
    )
    lost = widget.replace(picked=result.failed()[0].number)
    assert "ValueError: three is too few" in sentence(lost)
    boxed = widget.replace(brush=("f", 0.5, 0, 1.5, 100))
    assert set(boxed.compute().lit) == {run.number for run in result.ranked() if run.settings["f"] is dl.tanh}
    assert set(widget.absent_controls()) == {*widget.controls(), "other_draws"}
    names = {"result": result}
    exec(widget.code(), names)
    assert names["scores"] == [run.outcome.scores for run in result.runs]


@pytest.mark.parametrize("width", [300, 372, 720])
def test_names_on_an_axis_do_not_touch(width):
    space = {
        "lr": dl.spaces.log_uniform(0.01, 1),
        "units": dl.spaces.integers(2, 9),
        "activation": dl.spaces.choice(dl.relu, dl.tanh),
        "scaled": dl.spaces.choice(False, True),
    }
    result = dl.sweep(lambda settings, rng: settings["lr"], space, budget=4, rng=np.random.default_rng(0), jobs=1)
    widget = Sweep(result=result)
    across, up, zoom = size_for(widget, width)
    picture = Picture(across, up, zoom, False)
    picture.paint(widget, widget.compute())
    figure = picture.figure
    for axes in figure.axes:
        boxes = [text.get_window_extent().expanded(1.1, 1) for text in axes.get_xticklabels() if text.get_text()]
        level = all(text.get_rotation() == 0 for text in axes.get_xticklabels())
        assert not level or all(a.x1 < b.x0 for a, b in itertools.pairwise(boxes)), axes.get_xlabel()


@pytest.mark.parametrize(
    ("result", "kind", "message"),
    [
        (lambda: [1.0, 2.0], WrongTypeError, "what dl.sweep(…) returned, not [1.0, 2.0]."),
        (lambda: dl.sweep(lambda s, rng: 1.0, {n: dl.spaces.uniform(0, 1) for n in "abcde"}, budget=2, rng=np.random.default_rng(0), jobs=1), ArgumentError, "has 5 settings, and 4 panels fit"),
        (lambda: dl.sweep(lambda s, rng: None, {"a": dl.spaces.uniform(0, 1)}, budget=2, rng=np.random.default_rng(0), jobs=1), DataError, "none of its runs has a score"),
    ],
    ids=["a list", "five knobs", "all failed"],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused_in_words(result, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        Sweep(result=result())
