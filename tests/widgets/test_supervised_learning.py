"""FitAFunction: what lesson 01 describes really happens, own learners join the list, and code agrees with the picture."""

import numpy as np
import pytest

from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.exercises.supervised_learning import BETS
from dlcourse.live.numbers import coordinate, readable
from dlcourse.live.picture import Picture, picture_png, size_for
from dlcourse.live.widget import Pointer
from dlcourse.widgets import FitAFunction
from dlcourse.widgets.supervised_learning.learners import SOURCES, UNSEEN_FROM, learner, table

MODELS = ("nearest neighbour", "line", "polynomial", "network")


def errors(**changes):
    """Seen and unseen errors by learner."""
    result = FitAFunction(**changes).compute()
    return result.seen_errors, result.unseen_errors


def mean_of(fit_x, fit_y):
    return lambda x: np.full(len(x), fit_y.mean())


def event(kind, x, y, axes="plane", shift=False):
    return Pointer(kind, axes, x, y, shift)


# What the lesson tells


def test_the_order_on_seen_points_is_not_the_order_on_unseen_ones():
    seen, unseen = errors(data="wave", examples=12, degree=9)
    assert seen["nearest neighbour"] == 0
    assert sorted(seen, key=seen.get) == ["nearest neighbour", "polynomial", "network", "line"]
    assert sorted(unseen, key=unseen.get) == ["network", "nearest neighbour", "line", "polynomial"]


def test_things_to_try_on_the_wave():
    assert errors(degree=5)[1]["polynomial"] < errors(degree=5)[1]["network"]
    assert errors(degree=1)[1]["polynomial"] == pytest.approx(errors()[1]["line"])
    seen, unseen = errors(examples=60)
    assert unseen["nearest neighbour"] > 2 * unseen["network"]
    assert 0.055 < unseen["network"] < 0.075  # the noise alone has 0.25² = 0.0625
    assert unseen["line"] > 0.4


def test_however_many_points_arrive_the_nearest_neighbour_stays_above_twice_the_network_s_0_064():
    for n in range(12, 61):
        x, y = FitAFunction(examples=n).replace(steps=0).compute().seen
        new_x, new_y = FitAFunction().unseen_of_source
        answer = y[np.abs(new_x[:, None] - x).argmin(axis=1)]
        assert np.mean((answer - new_y) ** 2) > 2 * 0.064, n


def test_a_dragged_point_is_felt_near_it_everywhere_or_wildly():
    before = FitAFunction().compute()
    points = FitAFunction().editable
    wild = []
    for i, (x, _, _) in enumerate(points):
        moved = [(a, b + (i == j), seen) for j, (a, b, seen) in enumerate(points)]
        after = FitAFunction(data="yours", points=moved).replace(view=FitAFunction().limits).compute()
        change = {name: np.abs(after.curves[name] - before.curves[name]) for name in MODELS}
        near = change["nearest neighbour"] > 0
        assert 0 < near.mean() < 0.25  # only around the point
        assert np.abs(before.grid[near] - x).max() < 0.5
        assert (change["line"] > 0.001).mean() > 0.95
        assert change["line"].max() < 0.35
        wild.append(change["polynomial"].max())
    assert min(wild) > 1.8
    assert np.median(wild) > 10


def test_things_to_try_on_the_tumours():
    unseen = [errors(data="tumours", degree=degree)[1]["polynomial"] for degree in range(1, 5)]
    assert unseen[0] / unseen[1] == pytest.approx(15, rel=0.05)
    assert unseen[3] / unseen[1] == pytest.approx(30, rel=0.05)
    assert min(unseen) == unseen[1]
    result = FitAFunction(data="tumours").compute()
    slope = np.gradient(result.curves["network"], result.grid)
    assert slope[-1] < 0.3 * slope.max()  # beyond the seen points it flattens out


def test_a_higher_degree_never_hurts_on_seen_points():
    for data in SOURCES:
        seen = [errors(data=data, degree=degree)[0]["polynomial"] for degree in range(8)]
        assert all(after <= before * (1 + 1e-6) + 1e-12 for before, after in zip(seen, seen[1:], strict=False))


def test_unseen_errors_fall_and_then_rise_with_the_degree():
    unseen = [
        np.median([errors(degree=degree, seed=seed)[1]["polynomial"] for seed in range(9)]) for degree in (1, 4, 9)
    ]
    assert unseen[0] > 3 * unseen[1]
    assert unseen[2] > 3 * unseen[1]


@pytest.mark.parametrize(
    ("data", "degree", "best"),
    [("jump", 9, "nearest neighbour"), ("petals", 9, "line"), ("tumours", 2, "polynomial"), ("wave", 9, "network")],
)
def test_each_learner_is_best_somewhere(data, degree, best):
    _, unseen = errors(data=data, degree=degree)
    assert min(unseen, key=unseen.get) == best


def test_petals_of_the_same_length_cost_the_nearest_neighbour_something():
    assert errors(data="petals", examples=60)[0]["nearest neighbour"] > 0.01


def test_the_area_of_a_nucleus_is_nearly_pi_times_its_radius_squared():
    x, y = table("tumours", 0)
    assert 3.0 < (y * x**2).sum() / (x**4).sum() < np.pi


def test_with_noise_the_nearest_neighbour_pays_it_twice():
    rng = np.random.default_rng(0)
    x, new = rng.uniform(-1, 1, 4000), rng.uniform(-1, 1, 4000)
    y, truth = rng.normal(size=4000), rng.normal(size=4000)
    predict = learner("nearest neighbour", ())(x, y)
    assert np.mean((predict(new) - truth) ** 2) == pytest.approx(2, rel=0.1)


def test_no_unseen_point_is_ever_seen():
    for name in SOURCES:
        for n in (2, 60):
            widget = FitAFunction(data=name, examples=n)
            assert len(widget.compute().seen[0]) == n
            x, y = table(name, 0)
            assert np.array_equal(widget.compute().unseen[1], y[UNSEEN_FROM:])


# The question


def test_before_the_answer_nothing_is_told_of_the_unseen_points():
    widget = FitAFunction(covered=True)
    result = widget.compute()
    assert result.unseen_errors == {}
    assert "stay hidden" in widget.describe(result)
    assert "unseen_error" not in widget.code()
    answered = widget.replace(prediction="network")
    assert answered.compute().unseen_errors["network"] < 0.1
    closed = Picture(*FitAFunction.size).paint(widget, result).copy()
    opened = Picture(*FitAFunction.size).paint(answered, answered.compute())
    assert (closed != opened).any(axis=2).mean() > 0.01


# Code, numbers, picture


@pytest.mark.parametrize("model", [*MODELS, "yours"])
@pytest.mark.parametrize("data", ["wave", "petals", "yours"])
def test_code_gives_the_same_numbers(model, data):
    fit = mean_of if model == "yours" else None
    widget = FitAFunction(
        data=data, model=model, fit=fit, degree=4, points=[[0.5, 1, 1], [1.5, 2, 1], [2, 2.2, 0], [0, 0.1, 1]]
    )
    names = {"mean_of": mean_of}
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        assert np.allclose(names[name], value), name


def test_code_after_a_hand_changed_the_points_keeps_the_unseen_ones_of_the_source():
    widget = FitAFunction(data="petals", seed=3).pointer(event("down", 3.0, 1.0)).pointer(event("up", 3.0, 1.0))
    widget = widget.pointer(event("down", 2.5, 1.5, shift=True))
    names = {}
    exec(widget.code(), names)
    result = widget.compute()
    assert len(result.seen[0]) == 13
    assert len(result.unseen[0]) == len(table("petals", 3)[0]) - UNSEEN_FROM + 1
    assert names["unseen_error"] == pytest.approx(result.unseen_errors[widget.model])


@pytest.mark.parametrize("data", list(SOURCES))
@pytest.mark.parametrize("dark", [False, True])
def test_pictures_are_small(data, dark):
    assert len(picture_png(FitAFunction(data=data, everyone=True, examples=60), dark=dark)) < 30_000


def test_it_can_be_drawn_narrow_and_without_points():
    width, height, scale = size_for(FitAFunction(), 360)
    assert Picture(width, height, scale).paint(FitAFunction(), FitAFunction().compute()).shape[1] <= 361
    empty = FitAFunction().clear()
    assert "nothing to learn" in empty.describe(empty.compute())
    assert picture_png(empty)
    exec(empty.code(), {})
    one = empty.key("a")
    assert set(one.compute().seen_errors.values()) <= {0.0} or max(one.compute().seen_errors.values()) < 1e-9
    assert "press u" in one.describe(one.compute())


def test_the_sentence_says_what_the_board_says():
    widget = FitAFunction(width=8, steps=40)
    sentence = widget.describe(widget.compute())
    assert "Smallest on unseen: nearest neighbour" in sentence or "Smallest on unseen: this one" in sentence
    assert "line 0.406, 0.579; polynomial of degree 9 0.015, 2.83; network (8 neurons, 40 steps) 0." in sentence
    covered = FitAFunction(covered=True)
    assert "The others, seen: line 0.406; polynomial" in covered.describe(covered.compute())


def test_numbers_are_short():
    assert [readable(v) for v in (0, 0.0123456, 5.2, 123.4, 12345.0, 1.6e7, 7.3e-7)] == [
        "0", "0.012", "5.20", "123", "12\u202f345", "1.6·10⁷", "7.3·10⁻⁷",
    ]  # fmt: skip
    assert coordinate(-0.001) == "0.00"
    assert coordinate(-1.5) == "−1.50"
    assert [readable(v) for v in (0, -0.2973, 1.697)] == ["0", "−0.297", "1.70"]


# Hand and keys


def test_a_click_adds_a_drag_moves_a_double_click_deletes():
    widget = FitAFunction().pointer(event("down", 0.0, -1.5))
    assert widget.data == "yours"
    assert widget.points[12] == (0.0, -1.5, 1)
    moved = widget.pointer(event("drag", 0.1, 1.5)).pointer(event("up", 0.1, 1.5))
    assert moved.points[12] == (0.1, 1.5, 1)
    assert not moved.grabbed
    assert len(moved.pointer(event("double", 0.1, 1.5)).points) == 12
    assert FitAFunction().pointer(event("down", 0.0, -1.5, shift=True)).points[12][2] == 0
    assert widget.pointer(event("drag", 9.0, 9.0)).points[12] == (1.1, 2.0, 1)


def test_the_unseen_points_of_the_source_stay_when_a_seen_one_is_moved():
    before = FitAFunction()
    after = before.pointer(event("down", *before.editable[0][:2])).pointer(event("drag", 0.0, 0.0))
    assert np.array_equal(after.compute().unseen[0], before.compute().unseen[0])
    assert after.limits == before.limits


def test_keys():
    widget = FitAFunction()
    assert widget.key("n").selected == 1
    assert widget.key("p").selected == 11
    assert widget.key("m").model == "line"
    x, y, _ = widget.editable[0]
    assert widget.key("ArrowRight").points[0][:2] == pytest.approx((x + 0.044, y), abs=1e-3)
    assert widget.key("ArrowUp").points[0][:2] == pytest.approx((x, y + 0.08), abs=1e-3)
    assert widget.key("u").points[0][2] == 0
    assert len(widget.key("a").points) == 13
    assert len(widget.key("Delete").points) == 11
    assert widget.key("z") is widget


def test_the_board_and_hovering_choose():
    assert FitAFunction().pointer(event("down", 0.1, 2.1, axes="board")).model == "polynomial"
    x, y, _ = FitAFunction().editable[5]
    assert FitAFunction().pointer(event("hover", x, y)).selected == 5


def test_play_shows_one_more_example_until_there_are_no_more():
    widget = FitAFunction(examples=59).step()
    assert widget.examples == 60
    assert widget.step() is widget
    assert FitAFunction(data="yours").step().data == "yours"


def test_other_points_are_other_points():
    widget = FitAFunction().draw_again()
    assert widget.editable != FitAFunction().editable
    assert FitAFunction().key("a").draw_again().data == "wave"


# Yours


def test_an_own_learner_joins_the_list():
    def five_nearest(x, y):
        return lambda new: y[np.argsort(np.abs(new[:, None] - x), axis=1)[:, :5]].mean(axis=1)

    widget = FitAFunction(fit=five_nearest, model="yours", examples=60)
    result = widget.compute()
    assert result.unseen_errors["yours"] < 0.6 * result.unseen_errors["nearest neighbour"]
    assert "five_nearest, 60 seen" in widget.describe(result)
    assert "five_nearest(seen_x, seen_y)" in widget.code()
    assert len(picture_png(widget)) < 30_000


def test_fifty_neighbours_of_fifty_are_the_mean():
    def fifty(x, y):
        return lambda new: y[np.argsort(np.abs(new[:, None] - x), axis=1)[:, :50]].mean(axis=1)

    result = FitAFunction(fit=fifty, model="yours", examples=50).compute()
    assert np.allclose(result.curves["yours"], result.seen[1].mean())


def test_a_learner_without_a_name_is_called_fit():
    widget = FitAFunction(fit=lambda x, y: mean_of(x, y), model="yours")
    assert widget.describe(widget.compute()).startswith("fit, 12 seen")
    names = {"fit": mean_of}
    exec(widget.code(), names)
    assert names["seen_error"] == pytest.approx(widget.compute().seen_errors["yours"])


def test_an_own_learner_cannot_change_the_points():
    def spoils(x, y):
        x[:], y[:] = 0, 0
        return lambda new: np.zeros(len(new))

    before = FitAFunction().compute().seen[1].copy()
    assert np.array_equal(FitAFunction(fit=spoils, model="yours").compute().seen[1], before)


@pytest.mark.parametrize(
    ("fit", "error", "text"),
    [
        (lambda x, y: None, WrongTypeError, "return predict"),
        (lambda x, y: lambda new: 1.0, ShapeError, "One answer for each x"),
        (lambda x, y: lambda new: new * np.nan, DataError, "NaN"),
    ],
)
def test_an_own_learner_that_goes_wrong_is_told_in_words(fit, error, text):
    with pytest.raises(error, match=text):
        FitAFunction(fit=fit, model="yours").compute()


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"fit": 3}, WrongTypeError, "should be a function"),
        ({"points": np.zeros((3, 4))}, ShapeError, r"\(N, 2\)"),
        ({"points": [[0, np.inf]]}, DataError, "finite"),
        ({"points": [[0, 1, 2]]}, DataError, "1 or 0"),
    ],
)
def test_what_cannot_be(given, error, text):
    with pytest.raises(error, match=text):
        FitAFunction(**given)


def test_own_points_set_the_view():
    left, right, bottom, top = FitAFunction(data="yours", points=[[10, 200], [20, 400]]).limits
    assert left < 10 < 20 < right
    assert bottom < 200 < 400 < top


def test_what_came_of_the_bets():
    unseen = FitAFunction().compute().unseen_errors
    assert BETS["wave"] == min(unseen, key=unseen.get)

    def nearest(k):
        return lambda x, y: lambda new: y[np.abs(new[:, None] - x).argsort(axis=1)[:, :k]].mean(axis=1)

    errors_of = {k: FitAFunction(fit=nearest(k), model="yours", examples=50).compute().unseen_errors["yours"] for k in (1, 5, 20, 50)}  # fmt: skip
    assert BETS["neighbours"] == str(min(errors_of, key=errors_of.get))
    tumours = FitAFunction(data="tumours", model="polynomial", degree=9).compute()
    off = {name: abs(np.interp(28.11, tumours.grid, curve) - 2499) for name, curve in tumours.curves.items()}
    assert BETS["off the map"] == min(off, key=off.get)


def test_under_the_picture_nothing_of_the_board_is_repeated_and_aloud_all_of_it_is():
    widget = FitAFunction()
    result = widget.compute()
    caption, sentence = widget.caption(result), widget.describe(result)
    assert "The others" in sentence and "The others" not in caption
    assert "2.83" in sentence and "2.83" not in caption and "At the ringed point" in caption
    for other in (FitAFunction(points=np.zeros((0, 2)), data="yours"), widget.replace(covered=True)):
        assert other.caption(other.compute())
