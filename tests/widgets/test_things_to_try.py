"""Every “thing to try” of lessons 01 and 03: what the text tells the reader to see is what the widget prints and draws.

Each item of a lesson is found by some of its words, and each must have its walk. The other lessons have their walks in
their own files.
"""

import numpy as np
import pytest
import test_more_neurons_more_layers as folds
import test_playground as playground
import test_supervised_learning as learners

from dlcourse import notebooks
from dlcourse.live.widget import Pointer
from dlcourse.widgets import FitAFunction, Folds
from dlcourse.widgets.more_neurons_more_layers.folds.numbers import TARGETS


def items(lesson):
    """The numbered items of a lesson, in order, and what stands under “Break it”."""
    (path,) = notebooks.folder().glob(f"{lesson}_*.ipynb")
    cells = [cell.source for cell in notebooks.read("this test", path).cells if cell.cell_type == "markdown"]
    lines = [line for text in cells if "Things to try" in text or "Break it" in text for line in text.split("\n")]
    return [line for line in lines if line[:2] in ("1.", "2.", "3.", "4.", "5.") or line.startswith("**Break it")]


def sentence(widget):
    return widget.describe(widget.compute())


def dragged(widget, start, end):
    """After a hand has dragged from one place of the plane to another."""
    for kind, (x, y) in (("down", start), ("drag", end), ("up", end)):
        widget = widget.pointer(Pointer(kind, "plane", x, y))
    return widget


# Lesson 01 ------------------------------------------------------------------------------------------------------


def a_polynomial_of_degree_9_then_5_then_1():
    nine = FitAFunction(model="polynomial")
    result = nine.compute()
    x, y = result.seen
    assert np.abs(np.interp(x, result.grid, result.curves["polynomial"]) - y).max() < 0.35
    assert np.abs(result.curves["polynomial"]).max() > 2 * np.abs(y).max()
    seen = [nine.replace(degree=degree).compute().seen_errors["polynomial"] for degree in range(9, 4, -1)]
    assert seen == sorted(seen)
    assert "Smallest on unseen: network" in sentence(nine)
    assert "Smallest on unseen: this one" in sentence(nine.replace(degree=5))
    assert "mean squared error 0.406 on them, 0.579 on" in sentence(nine.replace(degree=1))
    assert "line 0.406, 0.579" in sentence(nine.replace(degree=1))


def one_dot_dragged_up_by_1():
    first = FitAFunction()
    x, y = (float(one[3]) for one in first.compute().seen)
    before, after = first.compute(), dragged(first, (x, y), (x, y + 1)).compute()
    assert np.isclose(np.abs(np.sort(after.seen[1]) - np.sort(before.seen[1])).sum(), 1, atol=0.05)
    learners.test_a_dragged_point_is_felt_near_it_everywhere_or_wildly()


def points_arrive_one_at_a_time():
    widget = FitAFunction()
    assert "12 seen points" in sentence(widget) and "13 seen points" in sentence(widget.step())
    while widget.can_step():
        widget = widget.step()
    assert "60 seen points" in sentence(widget) and "network (16 neurons, 150 steps) 0.064, 0.064" in sentence(widget)
    learners.test_however_many_points_arrive_the_nearest_neighbour_stays_above_twice_the_network_s_0_064()


def nearest(k):
    def k_nearest(x, y):
        def predict(new):
            near = np.abs(new[:, None] - x).argsort(axis=1)[:, :k]
            return y[near].mean(axis=1)

        return predict

    return k_nearest


def ten_neighbours(**settings):
    return FitAFunction(**{"fit": nearest(10), "model": "yours", "examples": 50} | settings)


def one_neighbour_runs_after_every_dot():
    result = ten_neighbours().compute()
    assert result.seen_errors["nearest neighbour"] == 0 and result.seen_errors["yours"] > 0.1
    assert np.abs(np.diff(result.curves["nearest neighbour"])).sum() > 3 * np.abs(np.diff(result.curves["yours"])).sum()


def with_12_points_one_neighbour_beats_ten():
    result = ten_neighbours(examples=12).compute()
    assert result.unseen_errors["nearest neighbour"] < result.unseen_errors["yours"]


def of_ten_neighbours_nine_disagree():
    first = ten_neighbours()
    x, y = (float(one[3]) for one in first.compute().seen)
    before, after = first.compute(), dragged(first, (x, y), (x, y + 1)).compute()
    moved = {name: np.abs(after.curves[name] - before.curves[name]).max() for name in before.curves}
    assert moved["nearest neighbour"] == pytest.approx(1, abs=0.03) and moved["yours"] == pytest.approx(0.1, abs=0.01)


def the_network_flattens_out():
    learners.test_things_to_try_on_the_tumours()


def degrees_1_to_4_on_tumours():
    said = [sentence(FitAFunction(data="tumours", model="polynomial", degree=degree)) for degree in range(1, 5)]
    for words, unseen in zip(said, ("4 027", "269", "278", "7 924"), strict=True):
        assert f"{unseen} on 509 unseen ones" in words.replace("\u2009", " ").replace("\u202f", " ").replace(
            "\xa0", " "
        )
    assert 14.9 < 4027 / 269 < 15.1 and 29 < 7924 / 269 < 30


def petals():
    for model in ("polynomial", "line"):
        widget = FitAFunction(data="petals", model=model)
        unseen = widget.compute().unseen_errors
        assert min(unseen.values()) == pytest.approx(unseen["line"], rel=0.01)
        assert "0.053" in sentence(widget)


SUPERVISED = {
    "Now move the degree from 9 down to 5": a_polynomial_of_degree_9_then_5_then_1,
    "drag one dot up by 1": one_dot_dragged_up_by_1,
    "At 60 the network has come down to 0.064": points_arrive_one_at_a_time,
    "The first runs after every dot": one_neighbour_runs_after_every_dot,
    "Now one neighbour beats ten": with_12_points_one_neighbour_beats_ten,
    "of ten, nine disagree": of_ten_neighbours_nine_disagree,
    "flattens out beyond them": the_network_flattens_out,
    "At 2 the error on unseen tumours falls to a fifteenth of the line's. At 4 it is nearly thirty times": degrees_1_to_4_on_tumours,
    "The straight line is as good as anything": petals,
}

# Lesson 03 ------------------------------------------------------------------------------------------------------


def a_third_bend_and_no_fourth():
    widget = Folds(folds=[(0.3, 2.0), (0.6, -3.0), (0.6, -1.0)])
    assert "the output has 2 bends, at x = 0.30, 0.60" in sentence(widget)
    assert "the output has 3 bends, at x = 0.30, 0.60, 0.80" in sentence(widget.replace(unit=3, kink=0.8))
    folds.test_units_reach_their_number_of_bends_and_never_exceed_it(3)


def the_hat():
    hat = Folds(folds=[(0.2, 2.0), (0.5, -4.0), (0.8, 2.0)])
    result = hat.compute()
    assert "the output has 3 bends, at x = 0.20, 0.50, 0.80" in sentence(hat)
    assert result.total.max() == pytest.approx(0.6) and np.allclose(result.total[[0, -1]], 0, atol=1e-9)
    assert {"table", "letter M"} <= set(TARGETS)
    assert len(TARGETS["table"]) == 4 and len(TARGETS["letter M"]) == 5  # as many kinks as corners


def two_units_cancel():
    widget = Folds(folds=[(0.5, 2.0), (0.5, -2.0), (0.8, 2.0)])
    assert "the output has 1 bend, at x = 0.80" in sentence(widget)


def layers_multiply_bends():
    for layers, count in ((2, 5), (3, 9), (4, 17), (5, 33)):
        assert f"the output has {count} bends" in sentence(Folds(folds=folds.HAT, layers=layers))


def a_tooth_that_is_too_low():
    hat = Folds(folds=folds.HAT, layers=3)
    for kink in np.linspace(0.02, 1, 50).round(2):
        assert "the output has 9 bends" in sentence(hat.replace(unit=2, kink=float(kink))), kink
    assert "the output has no bend" in sentence(hat.replace(unit=2, kink=0.0))
    assert "the output has 3 bends" in sentence(hat.replace(unit=1, slope=0.9))


def three_hidden_neurons():
    playground.test_a_ring_needs_three_hidden_neurons()
    playground.test_first_layer_edges_are_straight_and_those_of_the_second_are_bent()


def without_a_nonlinearity():
    playground.test_without_an_activation_depth_is_no_better_than_a_line()


def slope_with_sgd_breaks_in_the_first_frame():
    playground.test_what_lesson_03_breaks_breaks_within_six_steps({"h1": 3, "h2": 0})
    playground.test_all_zeros_never_get_anywhere()
    playground.test_two_runs_are_compared()


MORE = {
    "A third bend appears, right below its handle": a_third_bend_and_no_fourth,
    "a hat, 0.6 high, level again on both sides": the_hat,
    "They cancel, and their bend is gone": two_units_cancel,
    "*layers* 2, 3, 4, 5: 5, 9, 17, 33 bends": layers_multiply_bends,
    "Now set the slope of unit 1 to 0.9": a_tooth_that_is_too_low,
    "With two neurons no run gets 90 %": three_hidden_neurons,
    "Those of the second are bent": playground.test_first_layer_edges_are_straight_and_those_of_the_second_are_bent,
    "It stays below 65 %": without_a_nonlinearity,
    "switch on the input x₁x₂": playground.test_a_product_as_input_makes_xor_a_line,
    "within six steps, the first frame, it breaks": slope_with_sgd_breaks_in_the_first_frame,
}

WALKS = {"01": SUPERVISED, "03": MORE}


@pytest.mark.parametrize("lesson", WALKS)
def test_every_item_has_its_walk_and_every_walk_its_item(lesson):
    for item in items(lesson):
        assert sum(words in item for words in WALKS[lesson]) == 1, item
    assert len(items(lesson)) == len(WALKS[lesson])


@pytest.mark.parametrize(
    "walk", [pytest.param(walk, id=walk.__name__) for walks in WALKS.values() for walk in walks.values()]
)
def test_what_a_thing_to_try_promises_is_there(walk):
    walk()
