"""GradientStep, EggCarton and LossSlice: what lesson 04 describes really happens, and each claim is measured beside its formula."""

import itertools
import math

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.live import style
from dlcourse.live.numbers import from_log, share_from_log
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.widget import Pointer
from dlcourse.widgets import EggCarton, GradientStep, LossSlice
from dlcourse.widgets.finding_the_weights.carton import balls
from dlcourse.widgets.finding_the_weights.numbers import flowers
from dlcourse.widgets.finding_the_weights.slice import HALF, example

START = {"landscape": "network", "w": -0.65, "b": -0.17}


def after(widget, steps):
    for _ in range(steps):
        widget = widget.step()
    return widget


def errors(widget, steps):
    return np.array(after(widget, steps).compute().errors)


# GradientStep: what the lesson says


def test_the_first_bet_at_the_place_where_the_tangent_is_zero_the_error_is_not():
    here = GradientStep(w=0.5).compute()
    assert (round(here.error, 2), round(here.gradient[0], 2)) == (11.93, -9.57)
    zero = 0.5 + here.error / -here.gradient[0]
    assert round(zero, 2) == 1.75
    assert round(GradientStep(w=1.75).compute().error, 1) == 3.1


def test_the_real_fall_misses_the_promise_by_half_the_curvature_times_the_move_squared():
    for lr in (0.001, 0.1, 0.4):
        here = GradientStep(w=0.5, lr=lr).compute()
        move = here.after[0] - here.weights[0]
        assert here.real - here.promised == pytest.approx(here.curvatures[0] * move**2 / 2, rel=1e-6)
        assert here.real > here.promised


def test_one_weight_comes_to_rest_below_two_over_the_curvature_and_explodes_above():
    x, _ = flowers()
    here = GradientStep().compute()
    assert here.bound == pytest.approx(2 / (2 * np.mean(x**2)), rel=1e-8)
    assert round(here.bound, 3) == 0.496
    for step in (0.1, 0.3, 0.45, 0.49):
        fallen = errors(GradientStep(w=0.5, lr=step), 400)
        assert (np.diff(fallen) <= 1e-12).all() and after(GradientStep(w=0.5, lr=step), 1500).compute().at_rest
    for step in (0.5, 0.51, 0.6):
        assert (np.diff(errors(GradientStep(w=0.5, lr=step), 30)) > 0).all()
    bounces = errors(GradientStep(w=0.5, lr=float(here.bound)), 30)
    np.testing.assert_allclose(bounces, bounces[0], rtol=1e-6)


def test_nearly_twice_the_best_step_still_comes_to_rest():
    best = GradientStep().compute().bound / 2
    assert errors(GradientStep(w=0.5, lr=best), 1)[-1] == pytest.approx(
        errors(GradientStep(w=0.5, lr=0.1), 200)[-1], rel=1e-6
    )
    assert (np.diff(errors(GradientStep(w=0.5, lr=0.45), 60)) < 0).all()


def test_it_stops_where_it_is_at_rest_and_where_it_has_exploded():
    rest = after(GradientStep(w=0.5, lr=0.2), 200)
    assert rest.step() is rest and "at rest" in rest.describe(rest.compute())
    gone = after(GradientStep(w=0.5, lr=2.0), 200)
    assert gone.step() is gone and "exploded" in gone.describe(gone.compute())
    assert picture_png(gone)


def test_with_a_second_weight_the_step_that_came_to_rest_explodes():
    two = GradientStep(landscape="two weights", w=0.5, b=0.0, lr=0.45)
    assert two.compute().bound == pytest.approx(0.3559, abs=5e-5)
    assert (np.diff(errors(two, 20)) > 0).all()
    alone = np.diag(dl.hessian(two.terrain.function, two.weights))
    assert (2 / alone > 0.45).all(), "for each weight alone that step is small enough"
    assert (np.diff(errors(two.replace(lr=0.35), 300)) <= 1e-12).all()
    assert np.diff(errors(two.replace(lr=0.36), 300))[-1] > 0


def test_in_many_dimensions_the_largest_eigenvalue_decides():
    a = np.random.default_rng(2).normal(size=(6, 6))
    bowl = a @ a.T / 6 + 0.2 * np.eye(6)

    def own(w):
        return (w * (w @ bowl)).sum() / 2

    bound = 2 / np.linalg.eigvalsh(bowl)[-1]
    widget = GradientStep(error=own, start=np.ones(6))
    assert widget.view == "slice" and widget.compute().bound == pytest.approx(bound, rel=1e-6)
    assert errors(widget.replace(lr=float(0.98 * bound)), 300)[-1] < 1e-2 * errors(widget, 0)[0]
    assert errors(widget.replace(lr=float(1.02 * bound)), 300)[-1] > errors(widget, 0)[0]


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


# GradientStep: hand, words, own landscape


def test_drag_and_keys_move_the_weights():
    widget = GradientStep(w=0.5)
    assert widget.pointer(Pointer("drag", "curve", 2.346, 9)).w == 2.35
    assert widget.key("ArrowRight").w == 0.55
    assert widget.key("ArrowUp").b == 0.05
    assert widget.key("Enter").w == pytest.approx(widget.compute().after[0])
    both = GradientStep(landscape="two weights").pointer(Pointer("down", "map", 1.5, -0.25))
    assert (both.w, both.b) == (1.5, -0.25)
    there = GradientStep(**START).pointer(Pointer("down", "slice", 1.0, 0))
    np.testing.assert_allclose(there.weights, GradientStep(**START).compute().after)
    assert widget.key("x") is widget


def test_moving_by_hand_begins_a_new_history():
    walked = after(GradientStep(w=0.5), 3)
    assert len(walked.compute().errors) == 4
    assert len(walked.replace(w=1.0).compute().errors) == 1
    assert len(walked.replace(lr=0.3).compute().errors) == 4


def test_covered_hides_the_answer_until_a_prediction_was_made():
    covered = GradientStep(covered=True)
    sentence = covered.describe(covered.compute())
    assert "covered" in sentence and "0.496" not in sentence and "8.79" not in sentence
    opened = covered.replace(prediction="above 0")
    assert "0.4961" in opened.describe(opened.compute())
    size = GradientStep.size
    hidden, shown = (Picture(*size).paint(one, one.compute()).copy() for one in (covered, opened))
    assert (hidden != shown).any(axis=2).mean() > 0.005


def test_own_landscapes_of_one_two_and_three_weights():
    one = GradientStep(error=lambda w: 2 * ((w - 2) ** 2).sum(), start=[1.0])
    assert one.view == "curve" and one.compute().gradient[0] == pytest.approx(-4)
    assert one.compute().bound == pytest.approx(0.5)
    two = GradientStep(error=lambda w: (w**2).sum(), start=[1.0, -1.0])
    assert two.view == "map" and two.compute().error == 2
    three = GradientStep(error=lambda w: (w**4).sum() - w[2], start=[1.0, 0.5, -1.0])
    assert three.view == "slice" and three.step().weights.shape == (3,)
    for widget in (one, two, three):
        assert picture_png(widget) and picture_png(after(widget, 3), dark=True)


def test_own_function_in_code():
    def hill(w):
        return -(w**2).sum()

    widget = GradientStep(error=hill, start=[0.5])
    names = {"hill": hill}
    exec(widget.code(), names)
    assert names["real"] == pytest.approx(widget.compute().real)
    assert widget.compute().bound == math.inf and "no step is too large" in widget.describe(widget.compute())


def test_a_function_that_has_changed_is_computed_anew_by_the_next_widget():
    class Bowl:
        __hash__ = None

        def __call__(self, w):
            return self.width * (w**2).sum()

    bowl = Bowl()
    for start in ([1.0], [1.0, 1.0], [1.0, 1.0, 1.0]):
        errors = []
        for bowl.width in (1.0, 5.0):
            widget = GradientStep(error=bowl, start=start)
            assert widget.replace(lr=0.1).error is widget.error
            errors.append((widget.compute().error, widget.limits[1][1], widget.heights.max()))
        assert errors[1][0] == 5 * errors[0][0] and errors[1] > errors[0]


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"error": 3}, WrongTypeError, "should be a function"),
        ({"error": lambda w: w.sum(), "start": [[1.0]]}, ShapeError, r"\(D,\)"),
        ({"error": lambda w: w.sum(), "start": [np.nan]}, DataError, "finite"),
        ({"error": lambda w: w * 2, "start": [1.0, 2.0]}, ShapeError, "one number"),
        ({"error": lambda w: 3.0, "start": [1.0]}, ShapeError, "not float"),
        ({"start": [1.0]}, WrongTypeError, "give error=f"),
    ],
)
def test_what_cannot_be(given, error, text):
    with pytest.raises(error, match=text):
        GradientStep(**given)


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
    [(0.0, "100 %"), (math.log10(0.25), "25 %"), (-3.0, "1 in 1 000"), (-30.2, "1 in 10³⁰"), (-math.inf, "none")],
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
        GradientStep(), GradientStep(landscape="two weights"), GradientStep(**START), EggCarton(), EggCarton(dimensions=1.0),
        EggCarton(dimensions=100.0), EggCarton(dimensions=1e4, rest=True), LossSlice(),
    ],
    ids=lambda widget: f"{type(widget).__name__}-{getattr(widget, 'landscape', getattr(widget, 'dimensions', ''))}",
)  # fmt: skip
def test_pictures_are_small(widget, dark):
    assert len(picture_png(widget, dark=dark)) < 30_000


def tilted(w):
    return (w[..., 0] - 1) ** 2 + 0.5 * (w[..., 1] + 2) ** 2


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [GradientStep.size, GradientStep.narrow_size])
@pytest.mark.parametrize(
    "widget",
    [GradientStep(landscape="two weights"), GradientStep(landscape="yours"), GradientStep(error=tilted, start=[3.0, 2.0])],
    ids=["petals", "two wells", "own"],
)  # fmt: skip
def test_the_colour_at_a_place_of_the_map_is_that_of_its_error(widget, size, dark):
    picture = Picture(*size, dark=dark)
    pixels = picture.paint(widget, widget.compute())[..., :3].astype(float)
    axes = next(axes for axes in picture.figure.axes if axes.get_label() == "map")
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    w, b = (one.ravel() for one in np.meshgrid(np.linspace(left, right, 42)[1:-1], np.linspace(low, high, 42)[1:-1]))
    errors = np.array([widget.terrain.value(place) for place in np.column_stack([w, b])])
    grid = widget.heights
    least, most = grid.min(), grid.max()
    shades = np.log10(np.array([least, most, *errors]).clip(least) - least + 1e-3 * (most - least))
    shares = 12 * (shades[2:] - shades[0]) / (shades[1] - shades[0])
    # Where the error is in the middle of a shade, far from the next one, and nothing else is drawn.
    middle = np.abs(shares % 1 - 0.5) < 0.2
    far = np.hypot(w - widget.weights[0], b - widget.weights[1]) > 0.35 * (right - left)
    chosen = np.flatnonzero(middle & far)
    assert len(chosen) > 150 and len(set(shares[chosen].astype(int))) > 4
    x, y = axes.transData.transform(np.column_stack([w, b])[chosen]).T
    drawn = pixels[len(pixels) - 1 - y.round().astype(int), x.round().astype(int)]
    expected = 255 * style.heights(12)(shares[chosen].astype(int))[:, :3]
    assert (np.abs(drawn - expected).max(axis=1) < 8).mean() > 0.97


@pytest.mark.parametrize("start", [[1.0], [1.0, 2.0], [1.0, 2.0, 3.0]])
def test_a_landscape_that_ends_somewhere_is_drawn_and_left(start):
    inside = GradientStep(error=lambda w: dl.log(w).sum(), start=start)
    outside = inside.replace(w=-1.0)
    for state in (inside, outside):
        assert picture_png(state)
    assert "This landscape has no height here" in outside.describe(outside.compute())
    assert outside.step() is outside and not outside.can_step()


def test_a_network_of_nan_is_explained():
    model = dl.Sequential(dl.Dense(2, 2, rng=np.random.default_rng(0)))
    model.layers[0].weight.data[:] = np.nan
    with pytest.raises(DataError, match="no loss on this plane is a number"):
        LossSlice(model=model, data=dl.data.moons(20, rng=np.random.default_rng(0))).compute()
