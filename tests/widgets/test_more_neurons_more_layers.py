"""Folds: k units bend at most k times and can reach it; the same layer again multiplies bends; hand and keys."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.exercises.more_neurons_more_layers import BETS
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.widget import Pointer, Predict
from dlcourse.widgets import Folds
from dlcourse.widgets.more_neurons_more_layers.folds.numbers import MOST, TARGETS, network, weights

HAT = [(0.0, 2.0), (0.5, -4.0)]


def bends(widget):
    return len(widget.compute().bends)


def bends_by_counting(widget, points=200_001):
    """Bends between −0.2 and 1.2, counted on a fine grid: how often the slope changes."""
    x = np.linspace(-0.2, 1.2, points)
    slopes = np.diff(network(x, widget.used, widget.base, widget.layers)) * (points - 1) / 1.4
    changed = np.abs(np.diff(slopes)) > 1e-3
    return int((changed[1:] & ~changed[:-1]).sum() + changed[0])


# What the lesson tells to try


@pytest.mark.parametrize("units", range(1, MOST + 1))
def test_units_reach_their_number_of_bends_and_never_exceed_it(units):
    rng = np.random.default_rng(units)
    reached = 0
    for _ in range(60):
        folds = [(float(k), float(s), bool(left)) for k, s, left in zip(
            rng.uniform(0, 1, units).round(3), rng.uniform(-6, 6, units).round(2), rng.integers(2, size=units), strict=True
        )]  # fmt: skip
        widget = Folds(folds=folds)
        result = widget.compute()
        assert len(result.bends) <= units == result.bound
        reached = max(reached, len(result.bends))
    assert reached == units


@pytest.mark.parametrize("layers", [1, 2, 3, 4, 5])
def test_the_hat_again_and_again_doubles_its_teeth(layers):
    widget = Folds(folds=HAT, layers=layers)
    count = 2 if layers == 1 else 2**layers + 1
    assert bends(widget) == count
    assert widget.compute().bound == 3**layers - 1 >= count


def test_six_units_in_three_layers_beat_six_in_one():
    assert bends(Folds(folds=HAT, layers=3)) == 9
    assert Folds(units=6).compute().bound == 6


def test_teeth_multiply_wherever_the_kink_is_and_die_where_the_tooth_is_too_low():
    hat = Folds(folds=HAT, layers=3)
    for kink in (0.3, 0.5, 0.7):
        assert bends(hat.replace(unit=2, kink=kink)) == 9
    assert bends(hat.replace(unit=1, slope=0.9)) == 3


def test_two_units_at_one_kink_bend_once_or_not_at_all():
    assert bends(Folds(folds=[(0.5, 2.0), (0.5, 1.0)])) == 1
    assert bends(Folds(folds=[(0.5, 2.0), (0.5, -2.0)])) == 0
    assert bends(Folds(folds=[(0.5, 2.0, False), (0.5, -2.0, True)])) == 0  # 2·relu(x−½) − 2·relu(½−x) is a line


def test_the_first_picture_of_the_lesson_has_two_bends_and_can_have_three():
    widget = Folds(folds=[(0.3, 2.0), (0.6, -3.0), (0.6, -1.0)], bound=False)
    assert bends(widget) == 2
    assert bends(widget.replace(unit=3, kink=0.8)) == 3


def test_three_units_make_the_hat_and_four_the_table():
    hat = Folds(folds=[(0.2, 10 / 3), (0.5, -6.0), (0.8, 10 / 3)], target="hat")
    assert hat.compute().error < 0.02
    table = Folds(folds=[(0.15, 5.0), (0.35, -5.0), (0.65, -5.0), (0.85, 5.0)], target="table")
    assert table.compute().error < 1e-6


def test_bends_found_by_kinks_are_those_counted_on_a_grid():
    rng = np.random.default_rng(5)
    for number in range(12):
        kinks = np.sort(rng.choice(np.arange(1, 20), 3, replace=False)) / 20
        widget = Folds(folds=[(float(k), float(s)) for k, s in zip(kinks, (3.0, -5.0, 4.0), strict=True)])
        widget = widget.replace(layers=1 + number % 3, base=0.05)
        inside = widget.compute().bends
        inside = inside[(inside > -0.2) & (inside < 1.2)]
        if len(inside) < 2 or np.diff(inside).min() > 1e-3:
            assert bends_by_counting(widget) == len(inside)


# Numbers, code, picture


@pytest.mark.parametrize("target", list(TARGETS))
@pytest.mark.parametrize("layers", [1, 3])
def test_code_gives_the_same_numbers(target, layers):
    widget = Folds(folds=[(0.1, 1.7, True), (0.4, -2.0)], layers=layers, target=target, base=0.25)
    names = {}
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        assert np.allclose(names[name], value), name


def test_the_sum_is_that_of_a_network_of_two_layers():
    widget = Folds(folds=[(0.2, 2.0), (0.5, -4.0, True)])
    w, b, v = weights(widget.used)
    model = dl.Sequential(
        dl.Dense(1, 2, activation=dl.relu, rng=np.random.default_rng(0)), dl.Dense(2, 1, rng=np.random.default_rng(0))
    )
    for parameter, values in zip(model.parameters(), (w, b, v, [widget.base]), strict=True):
        parameter.data[...] = values
    result = widget.compute()
    assert np.allclose(dl.predict(model, result.x[:, None])[:, 0], result.total, atol=1e-5)
    assert np.allclose(result.units.sum(axis=1), result.total)


def test_the_bound_is_kept_back_until_the_bet_is_made():
    widget = Folds(bound=False)
    assert "never" not in widget.describe(widget.compute())
    after = widget.replace(prediction="3")
    assert "more than 3 it can never have" in after.describe(after.compute())
    assert widget.show(predict=Predict("How many?", ("2", "3"))).session.history.predict is not None


@pytest.mark.parametrize("dark", [False, True])
def test_picture_moves_and_stays_small(dark):
    widget = Folds()
    picture = Picture(*widget.size, dark=dark)
    first = picture.paint(widget, widget.compute()).copy()
    other = widget.replace(kink=0.4)
    assert (first != picture.paint(other, other.compute())).any(axis=2).mean() > 0.005
    assert len(picture_png(widget, dark=dark)) < 30_000


# Controls of the chosen unit, hand and keys


def test_controls_are_those_of_the_chosen_unit():
    widget = Folds()
    assert (widget.kink, widget.slope) == (0.2, 2.0)
    second = widget.replace(unit=2)
    assert (second.kink, second.slope) == (0.5, -4.0)
    changed = second.replace(kink=0.45, slope=-9.0, left=True)
    assert changed.folds[1] == (0.45, -6.0, True)
    assert changed.folds[0] == widget.folds[0]
    assert widget.replace(unit=7).unit == 3


def test_drag_a_kink_and_a_slope():
    widget = Folds().pointer(Pointer("down", "units", 0.5, 0.0))
    assert widget.unit == 2
    widget = widget.pointer(Pointer("drag", "units", 0.62, 0.1)).pointer(Pointer("up", "units", 0.62, 0.1))
    assert widget.kink == 0.62 and not widget.grabbed
    widget = widget.pointer(Pointer("down", "units", *widget.arm)).pointer(Pointer("drag", "units", 0.82, 0.4))
    assert widget.slope == pytest.approx(2.0)
    assert Folds().pointer(Pointer("double", "units", 0.8, 0.0)).folds[2][2]


def test_a_click_adds_a_unit_up_to_eight():
    widget = Folds(folds=[(0.5, 1.0)])
    for i in range(10):
        widget = widget.pointer(Pointer("down", "units", 0.04 + 0.09 * i, 1.2)).replace(grabbed="")
    assert widget.units == MOST
    assert widget.unit == MOST


def test_keys():
    widget = Folds()
    assert widget.key("n").unit == 2 and widget.key("p").unit == 3
    assert widget.key("ArrowRight").kink == pytest.approx(0.21)
    assert widget.key("ArrowDown").slope == pytest.approx(1.9)
    assert widget.key(" ").left
    assert widget.key("a").units == 4
    assert widget.key("n").key("Delete").folds[:2] == (widget.folds[0], widget.folds[2])
    assert Folds(folds=[(0.5, 1.0)]).key("Delete").units == 1
    assert widget.key("x") is widget


# Yours


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"folds": 3}, WrongTypeError, "list of"),
        ({"folds": [(1, 2, 3, 4)]}, ShapeError, "rows of kink and slope"),
        ({"folds": [(0.5, 1.0)] * 9}, ShapeError, "at most 8"),
        ({"folds": [(2.0, 1.0)]}, DataError, "between 0 and 1"),
        ({"folds": [(0.5, float("nan"))]}, DataError, "slope between"),
    ],
)
def test_what_cannot_be(given, error, text):
    with pytest.raises(error, match=text):
        Folds(**given)


def test_what_came_of_the_bets():
    assert BETS["three units"] == str(Folds(folds=[(0.2, 2.0), (0.5, -4.0), (0.8, 2.0)]).compute().bound)
    assert BETS["three layers"] == str(len(Folds(folds=[(0.0, 2.0), (0.5, -4.0)], layers=3).compute().bends))
    assert BETS["rings"] == "3"  # a cell of the lesson trains 1, 2 and 3 neurons, and asserts it
