"""EggCarton and LossSlice, and GradientStep with seven weights: each claim of lesson 04b is measured beside its formula."""

import itertools
import math

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import notebooks
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.exercises.egg_carton import BETS
from dlcourse.live.numbers import from_log, share_from_log
from dlcourse.live.picture import picture_png
from dlcourse.live.widget import Pointer
from dlcourse.widgets import EggCarton, GradientStep, LossSlice
from dlcourse.widgets.egg_carton import balls
from dlcourse.widgets.egg_carton.slice import HALF, example

BOOK = notebooks.read("test", notebooks.folder() / "04b_egg_carton.ipynb")
LESSON = "\n".join(cell.source for cell in BOOK.cells if cell.cell_type == "markdown")
START = {"landscape": "network", "w": -0.65, "b": -0.17}


def after(widget, steps):
    for _ in range(steps):
        widget = widget.step()
    return widget


def errors(widget, steps):
    return np.array(after(widget, steps).compute().errors)


def test_in_a_network_the_bound_holds_only_here():
    start = GradientStep(**START).compute()
    assert round(start.bound, 3) == 0.126
    above = errors(GradientStep(**START, lr=0.15), 25)
    assert (np.diff(above) < 0).all(), "above the bound of the start, and still the error falls 25 times"
    below = after(GradientStep(**START, lr=0.12), 60).compute()
    rises = np.flatnonzero(np.diff(below.errors) > 0)
    assert 50 <= rises[0] <= 54, "below the bound of the start, and still it rises after some fifty updates"
    assert max(below.bounds[25:52]) < 0.12, "for the bound has fallen below the step long before"
    assert max(below.errors[rises[0] :]) > 5 * below.errors[rises[0]]


def test_a_large_step_is_thrown_out_of_a_narrow_valley_into_a_wider_one():
    thrown = after(GradientStep(**START, lr=0.15), 75).compute()
    errors, bounds = np.array(thrown.errors), np.array(thrown.bounds)
    assert bounds[20:30].max() < 0.15 and errors[20:30].max() < 0.25, "narrow, and still low"
    assert errors[30:36].max() > 1 and bounds[33:44].min() > 0.15, "thrown into a wider one"
    assert (np.diff(errors[36:60]) < 0).all() and bounds[50:60].max() < 0.15, "where the descent begins again"
    assert errors[62:75].max() > 1, "and ends as before"


# What the lesson tells the reader to try: each number that it quotes stands on the screen


def says(widget, *numbers):
    """The widget's sentence holds these pieces, and so does the lesson."""
    sentence = widget.describe(widget.compute())
    for number in numbers:
        assert number in sentence, sentence
        assert number in LESSON, number


def test_to_try_the_bound_that_moves():
    says(GradientStep(**START, lr=0.12, prediction="?"), "0.1263")
    for lr, falls, narrow in ((0.12, 52, 22), (0.15, 27, 13)):
        run = after(GradientStep(**START, lr=lr), 60).compute()
        bounds, heights = np.array(run.bounds), np.array(run.errors)
        assert np.flatnonzero(np.diff(heights) > 0)[0] == falls
        assert 1 + np.flatnonzero(bounds[1:] < lr)[0] == narrow
        assert lr == 0.15 or 2.7 < bounds[:20].max() / lr < 3
    for claim in ("at update 22", "thirty updates more", "27 times in a row", "nearly three times the step"):
        assert claim in LESSON


def test_to_try_balls_in_the_deepest_well():
    hundred = EggCarton(dimensions=100.0, q=0.67)
    while (following := hundred.step()) is not hundred:
        hundred = following
    says(hundred, "1 in 10¹⁷", "0.444 ± 0.0628")
    assert hundred.compute().arrived == 0
    assert "656 are" in (one := EggCarton(dimensions=1.0, rest=True)).describe(one.compute())
    ten = EggCarton(dimensions=10.0, rest=True)
    assert "25 are" in ten.describe(ten.compute()) and "25" in LESSON and "656 of 1\u202f000" in LESSON
    luck = 1000 * 0.67**10
    assert (round(luck), round(math.sqrt(luck * (1 - 0.67**10)))) == (18, 4) and "18, give or take 4" in LESSON
    counts = []
    for _ in range(200):
        ten = ten.drop()
        counts.append(ten.compute().arrived)
    assert np.mean(counts) == pytest.approx(18, abs=1) and np.std(counts) == pytest.approx(4, abs=0.7)


def test_to_try_heights_saddles_equal_wells_and_a_million():
    for d, number in ((10.0, "± 0.197"), (100.0, "± 0.0628")):
        says(EggCarton(dimensions=d, rest=True), number)
    for d, words in ((1.0, "none are saddles"), (2.0, "49.9 % are saddles"), (3.0, "75 % are saddles")):
        assert words in EggCarton(dimensions=d).describe(EggCarton(dimensions=d).compute())
    says(EggCarton(dimensions=10.0), "99.8 %")
    assert "At d = 1 there is no saddle, at d = 2 half of them are, at d = 3 three quarters" in LESSON
    equal = EggCarton(dimensions=100.0, q=0.5, rest=True)
    assert "1\u202f000 are in a deepest well" in equal.describe(equal.compute())
    far = EggCarton(dimensions=1e6, rest=True).compute()
    assert len(far.heights) == 4 and len({f"{height:.2f}" for height in far.heights}) == 1
    assert np.ptp(far.heights) < 0.005


def test_what_the_lesson_says_came_of_its_bets():
    run = np.array(after(GradientStep(**START, lr=0.12), 60).compute().errors)
    assert BETS["60 updates"] == "it rises somewhere" and (np.diff(run) > 0).any()
    assert BETS["balls"] == "none" and EggCarton(dimensions=100.0, rest=True).compute().arrived == 0
    assert BETS["plane"] == "one bowl"  # the test of the digits network below
    assert all(f'ex.BETS["{name}"]' in "".join(cell.source for cell in BOOK.cells) for name in BETS)


def test_the_carton_speaks_in_short_sentences():
    for d in (1.0, 2.0, 100.0, 1e6):
        sentence = EggCarton(dimensions=d).describe(EggCarton(dimensions=d).compute())
        parts = sentence.split(". ")
        assert len(parts) == 6 and max(len(part.split()) for part in parts) <= 30, sentence


def test_to_try_new_directions_around_the_digits_network():
    digits, rng = dl.data.digits(), np.random.default_rng(0)
    train, _ = digits.split(0.8, 0.2, rng=rng)
    hidden = dl.Dense(64, 32, activation=dl.relu, rng=rng)
    model = dl.Sequential(dl.Flatten(), hidden, dl.Dense(32, 10, rng=rng))
    optimizer = dl.Adam(model.parameters(), 3e-3)
    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=15, batch_size=32, rng=rng, progress=False)
    widget = LossSlice(model=model, data=train[:300])
    says(widget, "2\u202f410 weights")
    widths: list[float] = []
    for _ in range(10):
        losses = widget.compute().cut.losses
        assert widget.compute().at == (0.0, 0.0)
        assert losses[[0, 0, -1, -1], [0, -1, 0, -1]].min() > 30 * losses[HALF, HALF]
        plain = widget.replace(normalized=False).compute().cut.losses
        widths.append(plain[HALF, [0, -1]].mean() / losses[HALF, [0, -1]].mean())
        widget = widget.fresh()
    assert max(widths) < 0.9 and np.mean(widths) < 0.7, "another width"
    hidden.weight.data *= 10
    hidden.bias.data *= 10
    model[2].weight.data /= 10
    assert LossSlice(model=model, data=train[:300]).compute().cut.centre == pytest.approx(losses[HALF, HALF], rel=1e-3)


# EggCarton: every claim measured beside its formula


@pytest.mark.parametrize("q", [0.5, 0.51, 0.6, 2 / 3, 0.8])
def test_an_axis_has_four_flat_places_and_its_deep_well_catches_q(q):
    one = balls.axis(q)
    (slope,) = dl.gradient(lambda w: balls.height(w, one.tilt).sum(), one.flat)
    np.testing.assert_allclose(slope, 0, atol=1e-9)
    assert (one.curvatures > 0).tolist() == [True, True, False, False]
    assert one.heights[0] == pytest.approx(0, abs=1e-12)
    everywhere = np.linspace(0, 2, 4000, endpoint=False)
    heights = balls.height(dl.Tensor(everywhere), one.tilt).data
    assert heights.mean() == pytest.approx(1, abs=1e-9)
    tops = np.sort(one.flat[2:])
    assert 1 - (tops[1] - tops[0]) / 2 == pytest.approx(q), "the deep basin reaches from top to top"


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_of_all_critical_points_of_a_period_2_to_the_minus_d_are_minima(d):
    one = balls.axis(0.67)
    minima = maxima = 0
    for place in itertools.product(one.flat, repeat=d):
        curvatures = np.linalg.eigvalsh(dl.hessian(lambda w: balls.height(w, one.tilt).sum(), np.array(place)))
        minima += (curvatures > 0).all()
        maxima += (curvatures < 0).all()
    assert minima == maxima == 2**d
    assert minima / 4**d == 2.0**-d


@pytest.mark.parametrize("d", [1, 2, 5, 8, 12, 16])
def test_sampled_minima_agree_with_the_formula(d):
    result = EggCarton(dimensions=float(d)).compute()
    expected = result.sample.size * 2.0**-d
    assert abs(result.sample.minima - expected) < 4 * math.sqrt(expected) + 1
    assert abs(result.sample.maxima - expected) < 4 * math.sqrt(expected) + 1
    assert result.count_formula == pytest.approx(math.log10(2**d))


@pytest.mark.parametrize("d", [1, 10, 100, 10_000, 1_000_000])
def test_half_of_the_axes_bend_down_give_or_take_half_the_root_of_d(d):
    result = EggCarton(dimensions=float(d)).compute()
    mean, deviation = result.index_formula
    assert (mean, deviation) == (d / 2, math.sqrt(d) / 2)
    assert abs(result.sample.mean - mean) < 4 * deviation / math.sqrt(result.sample.size)
    assert abs(result.sample.deviation / deviation - 1) < 3 / math.sqrt(result.sample.size)
    assert balls.binomial(d).sum() == pytest.approx(1, abs=1e-6)


def test_almost_all_are_saddles_and_yet_there_are_exponentially_many_minima():
    result = EggCarton(dimensions=16.0).compute()
    assert (result.sample.minima + result.sample.maxima) / result.sample.size < 1e-3
    assert result.count_formula == pytest.approx(math.log10(65_536))


def test_far_out_the_product_of_log_shares_stands_where_the_share_underflows():
    assert 2.0**-1_000_000 == 0
    for d in (100, 10_000, 1_000_000):
        result = EggCarton(dimensions=float(d), rest=True).compute()
        assert result.minima == pytest.approx(result.minima_formula, rel=0.01)
        assert result.deepest == pytest.approx(result.deepest_formula, rel=0.01)
    assert result.minima_formula == pytest.approx(-301_030, abs=0.5)


@pytest.mark.parametrize("d", [1, 2, 4, 8])
@pytest.mark.parametrize("q", [0.55, 0.67, 0.8])
def test_q_to_the_d_of_the_balls_reach_the_deepest_well(d, q):
    result = EggCarton(dimensions=float(d), q=q, rest=True).compute()
    share, number = q**d, len(result.heights)
    assert abs(result.arrived / number - share) < 4 * math.sqrt(share * (1 - share) / number)


@pytest.mark.parametrize(("d", "q"), [(1, 0.67), (8, 0.67), (8, 0.5), (100, 0.6), (1000, 0.75)])
def test_rolling_ends_where_at_rest_says(d, q):
    widget = EggCarton(dimensions=float(d), q=q)
    while (following := widget.step()) is not widget:
        widget = following
    rolled, rest = widget.compute(), widget.replace(rest=True).compute()
    assert rolled.arrived == rest.arrived
    np.testing.assert_allclose(rolled.heights, rest.heights, atol=0.01)


def test_rolling_never_goes_up():
    widget, before = EggCarton(dimensions=50.0), np.inf
    for _ in range(10):
        widget = widget.step()
        now = widget.compute().heights
        assert (now <= before).all()
        before = now


def test_with_equal_wells_every_ball_reaches_a_deepest_one():
    for d in (2.0, 100.0, 10_000.0):
        result = EggCarton(dimensions=d, q=0.5, rest=True).compute()
        assert result.arrived == len(result.heights) and result.deepest_formula == 0


def test_the_height_concentrates_like_one_over_the_root_of_d():
    scaled = []
    for d in (10, 100, 1000, 10_000):
        result = EggCarton(dimensions=float(d), rest=True).compute()
        mean, deviation = result.rest_formula
        number = len(result.heights)
        assert abs(result.heights.mean() - mean) < 4 * deviation / math.sqrt(number)
        assert abs(result.heights.std() / deviation - 1) < 4 / math.sqrt(2 * number)
        scaled.append(deviation * math.sqrt(d))
    np.testing.assert_allclose(scaled, scaled[0])


def test_nobody_finds_the_deepest_well_in_a_hundred_dimensions_and_all_end_nearly_equally_high():
    result = EggCarton(dimensions=100.0, rest=True).compute()
    assert result.arrived == 0
    assert 0.2 < result.heights.min() < result.heights.max() < 0.7


def test_a_million_dimensions_are_float32_few_balls_and_little_memory():
    widget = EggCarton(dimensions=1e6)
    for _ in range(3):
        widget = widget.step()
    assert widget.places.shape == (4, 1_000_000) and widget.places.dtype == np.float32
    assert sum(one.nbytes for one in balls._kept.values()) <= balls.KEPT_BYTES
    assert len(picture_png(widget)) < 30_000


def test_stepping_back_is_exact_even_when_the_balls_were_forgotten():
    widget = EggCarton(dimensions=30.0)
    third = after(widget, 3)
    before = third.places.copy()
    assert not np.array_equal(after(third, 4).places, before)
    balls._kept.clear()
    assert np.array_equal(after(widget, 3).places, before)


def test_another_carton_drops_the_balls_again():
    rolled = after(EggCarton(dimensions=5.0), 4)
    assert rolled.steps == 4
    assert rolled.replace(dimensions=6.0).steps == 0
    assert rolled.drop().steps == 0 and rolled.drop().seed == 1
    assert rolled.key("ArrowRight").d == 6 and rolled.key("ArrowLeft").d == 4
    assert EggCarton(dimensions=1.0).key("ArrowLeft").d == 1
    assert EggCarton(dimensions=1000.0).key("ArrowRight").d == 1200
    at_rest = EggCarton(rest=True)
    assert at_rest.step() is at_rest


def test_covered_carton_tells_nothing():
    covered = EggCarton(dimensions=100.0, covered=True)
    sentence = covered.describe(covered.compute())
    assert "covered" in sentence and "minima" not in sentence
    opened = covered.replace(prediction="none")
    assert "minima" in opened.describe(opened.compute())


@pytest.mark.parametrize(
    ("log", "text"),
    [(0.0, "100 %"), (math.log10(0.25), "25 %"), (-3.0, "1 in 1\u202f000"), (-30.2, "1 in 10³⁰"), (-math.inf, "none")],
)
def test_shares_in_words(log, text):
    assert share_from_log(log) == text
    assert from_log(6.6) == "10⁷"


# LossSlice


def test_the_slice_is_the_librarys_own():
    model, data = example()
    result = LossSlice(pair=4, reach=0.5).compute()
    cut = dl.random_slice(
        model, data, loss=dl.cross_entropy, reach=0.5, points=2 * HALF + 1, rng=np.random.default_rng(4)
    )
    assert np.array_equal(result.cut.losses, cut.losses)
    assert result.cut.centre == pytest.approx(dl.cross_entropy(model(data.x), data.y).item(), rel=1e-6)


def test_on_most_planes_a_trained_network_stands_at_the_lowest_point():
    results = [LossSlice(pair=pair).compute() for pair in range(40)]
    assert np.mean([one.at == (0.0, 0.0) for one in results]) > 0.7
    assert all(one.lowest > 0.9 * one.cut.centre for one in results)


def test_marker_by_pointer_and_keys():
    widget = LossSlice()
    moved = widget.pointer(Pointer("down", "slice", 1.0, -1.0))
    assert moved.marker == (0, 2 * HALF)
    assert moved.compute().marked == moved.compute().cut.losses[0, -1]
    assert moved.key("ArrowRight") is moved
    assert widget.key("ArrowUp").marker == (HALF + 1, HALF)
    assert widget.key("Enter").pair == 1 and widget.fresh().pair == 1


def test_own_network_data_and_loss():
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.Conv2D(1, 2, 3, activation=dl.relu, rng=rng), dl.Flatten(), dl.Dense(72, 10, rng=rng))
    data = dl.data.digits()[:50]
    widget = LossSlice(model=model, data=data)
    names = {"model": model, "data": data}
    exec(widget.code(), names)
    assert np.array_equal(names["losses"], widget.compute().cut.losses)
    centre = widget.compute().cut.centre
    model[2].bias.data[0] += 3
    assert LossSlice(model=model, data=data).compute().cut.centre != centre, "the weights of now, not those of before"


def test_losses_that_overflow_can_be_drawn():
    rng = np.random.default_rng(0)
    data = dl.data.Dataset(np.ones((4, 1), np.float32) * 1e18, np.ones((4, 1), np.float32))
    widget = LossSlice(model=dl.Dense(1, 1, rng=rng), data=data, loss=dl.squared_error)
    assert picture_png(widget) and widget.describe(widget.compute())


@pytest.mark.parametrize(
    "given",
    [
        {"model": dl.Sequential()}, {"data": 3}, {"model": dl.tanh, "data": 3}, {"model": [1.0], "data": {}},
        {"model": dl.Sequential, "data": 3},
    ],
)  # fmt: skip
def test_a_slice_needs_a_network_and_data(given):
    with pytest.raises(WrongTypeError):
        LossSlice(**given).compute()


def test_a_covered_slice_tells_nothing():
    covered = LossSlice(covered=True)
    assert "covered" in covered.describe(covered.compute())
    assert "lowest" not in covered.describe(covered.compute())
    opened = covered.replace(prediction="one bowl")
    assert "lowest" in opened.describe(opened.compute())


# Pictures


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "widget",
    [
        EggCarton(), EggCarton(dimensions=1.0), EggCarton(dimensions=100.0), EggCarton(dimensions=1e4, rest=True),
        LossSlice(),
    ],
    ids=lambda widget: f"{type(widget).__name__}-{getattr(widget, 'dimensions', '')}",
)  # fmt: skip
def test_pictures_are_small(widget, dark):
    assert len(picture_png(widget, dark=dark)) < 30_000


def test_a_network_of_nan_is_explained():
    model = dl.Sequential(dl.Dense(2, 2, rng=np.random.default_rng(0)))
    model.layers[0].weight.data[:] = np.nan
    with pytest.raises(DataError, match="no loss on this plane is a number"):
        LossSlice(model=model, data=dl.data.moons(20, rng=np.random.default_rng(0))).compute()
