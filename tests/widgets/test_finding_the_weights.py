"""GradientStep: what lesson 04 describes really happens."""

import math

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import notebooks
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.exercises.finding_the_weights import BETS
from dlcourse.live import style
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.widget import Pointer
from dlcourse.widgets import GradientStep
from dlcourse.widgets.finding_the_weights.numbers import flowers

BOOK = notebooks.read("test", notebooks.folder() / "04_finding_the_weights.ipynb")
CELLS = [cell.source for cell in BOOK.cells if cell.cell_type == "code"]
LESSON = "\n".join(cell.source for cell in BOOK.cells if cell.cell_type == "markdown")
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


# What the lesson tells the reader to try: each number that it quotes stands on the screen


def says(widget, *numbers):
    """The widget's sentence holds these pieces, and so does the lesson."""
    sentence = widget.describe(widget.compute())
    for number in numbers:
        assert number in sentence, sentence
        assert number in LESSON, number


def test_to_try_small_and_large_steps():
    widget = GradientStep(w=0.5, lr=0.13, bound=False)
    says(widget, "11.93")
    short, long = widget.replace(lr=0.01), widget.replace(lr=0.4)
    says(short, "−0.9163", "−0.8979")
    says(long, "36.65")
    missing = [state.compute().real - state.compute().promised for state in (short, long)]
    assert [f"{one:.4g}" for one in missing] == ["0.01847", "29.55"] and "29.55" in LESSON
    assert round(0.9163 - 0.8979, 4) == 0.0184 and "0.0184" in LESSON
    assert missing[1] / missing[0] == pytest.approx(1600) and "1\u202f600" in LESSON


def test_to_try_the_bottom_of_one_weight_is_none_of_two():
    widget = GradientStep(w=0.5, lr=0.13, bound=False)
    says(widget.replace(w=2.87), "−0.01897")
    says(widget.replace(w=2.87, b=1.08), "2.572")
    says(widget.replace(w=2.23, b=1.08), "0.2256")
    assert 0.5 * widget.replace(w=2.87).compute().error > 0.2256


def test_to_try_limping_and_exploding():
    assert f"{GradientStep(w=0.5, lr=0.25).step().w:.2f}" == "2.89" and "2.89" in LESSON
    limping, updates = GradientStep(w=0.5, lr=0.49, bound=False), 0
    while (following := limping.step()) is not limping:
        limping, updates = following, updates + 1
    assert updates == 571 and "571 updates" in LESSON and "at rest" in limping.describe(limping.compute())
    assert (np.diff(errors(GradientStep(w=0.5, lr=0.51), 100)) > 0).all()


def test_the_bound_that_is_to_be_hunted_is_not_printed_before_it_is_asked_for():
    for lr in (0.13, 0.45):
        widget = GradientStep(w=0.5, lr=lr, bound=False)
        for state in (widget, widget.step(), after(widget, 400), widget.replace(landscape="two weights")):
            sentence = state.describe(state.compute())
            assert "The bound is covered" in sentence and "0.4961" not in sentence and "4.031" not in sentence
            picture = Picture(*GradientStep.size)
            picture.paint(state, state.compute())
            assert not picture._artists.limit.get_visible()
        says(widget.replace(bound=True), "4.03")
        assert "0.4961" in widget.replace(bound=True).describe(widget.compute())
    for cell in CELLS:
        if "GradientStep(w=" in cell:
            assert "bound=False" in cell


def test_to_try_two_weights_and_the_axes_of_the_bowl():
    two = GradientStep(landscape="two weights", w=0.5, b=0.0, lr=0.45)
    says(two, "5.62", "0.3559")
    for w, b in ((0.5, 0.0), (5.0, -2.0), (3.0, 4.0)):
        state = two.replace(w=w, b=b)
        picture = Picture(*GradientStep.size)
        picture.paint(state, state.compute())
        view = picture._artists.view
        assert [text.get_text() for text in view.curvatures] == ["bends 5.62", "bends 0.41"]
        assert "bend 5.62" in LESSON.replace("bends", "bend") and "0.41" in LESSON
        H = dl.hessian(two.terrain.function, state.weights)
        (x0, x1), (y0, y1) = view.bends[0].get_data()
        along = np.array([x1 - x0, y1 - y0])
        np.testing.assert_allclose(H @ along, 5.62 * along, rtol=1e-3)
        assert view.bends[0].get_linestyle() == "--" and view.bends[1].get_linestyle() == ":"
        box = view.curvatures[0].axes.get_window_extent()
        for text in view.curvatures:
            place = text.get_window_extent()
            assert box.x0 < place.x0 < place.x1 < box.x1 and box.y0 < place.y0 < place.y1 < box.y1
    covered = GradientStep(landscape="two weights", covered=True)
    picture = Picture(*GradientStep.size)
    picture.paint(covered, covered.compute())
    hidden = (*picture._artists.view.bends, *picture._artists.view.curvatures)
    assert not any(artist.get_visible() for artist in hidden)


def test_what_the_lesson_says_came_of_its_bets():
    assert BETS["used up"] == "above 0" and GradientStep(w=1.75).compute().error > 1
    assert BETS["one weight"] == "it comes to rest" and after(GradientStep(w=0.5, lr=0.45), 400).compute().at_rest
    two = after(GradientStep(landscape="two weights", w=0.5, b=0.0, lr=0.45), 400)
    assert BETS["two weights"] == "it explodes" and "exploded" in two.describe(two.compute())
    assert all(f'ex.BETS["{name}"]' in "".join(CELLS) for name in BETS)


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


# Pictures


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "widget",
    [GradientStep(), GradientStep(landscape="two weights"), GradientStep(**START)],
    ids=lambda widget: widget.landscape,
)
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
