"""NeuronExplorer: what lesson 02 describes really happens, and hand, keys and code agree with the picture."""

import itertools

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError, DataError, ShapeError, WrongTypeError
from dlcourse.exercises.single_neuron import BETS
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.widget import Pointer
from dlcourse.widgets import NeuronExplorer
from dlcourse.widgets.single_neuron.state import LINE

ACTIVATIONS = NeuronExplorer.controls()["activation"].options


def line(**changes):
    return NeuronExplorer(**{"w1": 1.0, "w2": 1.0, "b": -0.5} | changes)


def down(widget, x, y, shift=False):
    return widget.pointer(Pointer("down", "plane", x, y, shift))


def drag(widget, x, y):
    return widget.pointer(Pointer("drag", "plane", x, y))


# What the lesson tells to try


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({"data": "XOR", "b": -0.5}, 3),
        ({"data": "XOR", "b": -1.5}, 1),
        ({"data": "AND", "b": -1.5}, 4),
        ({"data": "OR", "b": -1.5}, 2),
        ({"data": "OR", "b": -0.5}, 4),
        ({"data": "XOR", "b": -1.0, "activation": "bump"}, 4),
    ],
)
def test_things_to_try(changes, right):
    assert line(**changes).compute().right == right


@pytest.mark.parametrize("activation", list(dl.activations.ZOO))
def test_three_of_four_is_the_best_on_xor(activation):
    values = np.linspace(-4, 4, 9)
    results = [
        NeuronExplorer(w1=w1, w2=w2, b=b, data="XOR", activation=activation).compute()
        for w1, w2, b in itertools.islice(itertools.product(values, values, values), 0, None, 7)
    ]
    assert max(result.right for result in results) == 3
    assert all(result.levels == (0.0,) for result in results)


def test_bump_has_two_lines():
    result = line(activation="bump", b=-1.0).compute()
    assert np.allclose(np.abs(result.levels), np.sqrt(np.log(2)), atol=1e-3)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softsign", "hard sigmoid"])
def test_play_learns_or(activation):
    widget = line(data="OR", activation=activation, b=-1.5)
    for _ in range(200):
        widget = widget.step()
    assert widget.compute().right == 4


# Numbers, code and picture


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("data", ["AND", "OR", "XOR", "yours"])
def test_code_gives_the_same_numbers(activation, data):
    widget = line(w1=-0.7, w2=2.3, activation=activation, data=data, points=((0.3, 1.2, 1), (-1.5, 0.25, 0)))
    names = {}
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        assert np.allclose(names[name], value), name


def test_own_function_in_code():
    def hill(z):
        return 1 - z * z

    widget = line(function=hill, activation="yours", data="XOR")
    names = {"hill": hill}
    exec(widget.code(), names)
    assert np.allclose(names["output"], widget.compute().output)
    assert "your function" in widget.describe(widget.compute())


@pytest.mark.parametrize("dark", [False, True])
def test_picture_moves(dark):
    picture = Picture(*NeuronExplorer.size, dark=dark)
    first = picture.paint(line(), line().compute()).copy()
    second = picture.paint(line(b=-1.5), line(b=-1.5).compute()).copy()
    assert (first != second).any(axis=2).mean() > 0.02
    assert len(picture_png(line(), dark=dark)) < 30_000


def test_no_weights_is_no_line():
    widget = line(w1=0.0, w2=0.0)
    assert "no line at all" in widget.describe(widget.compute())
    assert picture_png(widget)
    assert widget.key("l").key("ArrowUp").b == widget.b


def test_no_points():
    widget = line(data="yours")
    assert "no points yet" in widget.describe(widget.compute())
    assert picture_png(widget)
    assert widget.step() is widget
    exec(widget.code(), {})


# Hand and keys


def test_drag_the_line_shifts_it():
    widget = drag(down(line(), 0.25, 0.25), 0.75, 0.75)
    assert (widget.w1, widget.w2) == (1.0, 1.0)
    assert widget.b == pytest.approx(-1.5)
    assert widget.pointer(Pointer("up", "plane", 0.75, 0.75)).grabbed == ""


def test_turn_by_the_handle():
    widget = line(b=-1.0)
    (px, py), (hx, hy), _ = widget.handle
    turned = drag(down(widget, hx, hy), px, py + 0.6)
    assert turned.w1 == pytest.approx(np.sqrt(2), abs=1e-3)
    assert turned.w2 == pytest.approx(0, abs=1e-3)
    assert turned.w1 * px + turned.w2 * py + turned.b == pytest.approx(0, abs=1e-3)


def test_add_drag_flip_and_delete_a_point():
    widget = down(line(), 1.3, 0.4)
    assert widget.data == "yours"
    assert widget.points[4] == (1.3, 0.4, 1)
    assert down(line(), 1.3, 0.4, shift=True).points[4][2] == 0
    assert drag(widget, 1.2, 0.1).points[4] == (1.2, 0.1, 1)
    assert widget.pointer(Pointer("double", "plane", 1.3, 0.4)).points[4][2] == 0
    assert len(widget.key("Delete").points) == 4


def test_keys():
    widget = line(selected=0)
    assert widget.key("n").selected == 1
    assert widget.key("p").selected == 3
    assert widget.key("ArrowRight").points[0] == (0.05, 0.0, 0)
    assert widget.key(" ").points[0][2] == 1
    assert len(widget.key("a").points) == 5
    chosen = widget.key("l")
    assert chosen.selected == LINE
    assert chosen.key("ArrowUp").b < widget.b
    around = chosen
    for _ in range(72):
        around = around.key("ArrowLeft")
    assert around.w1 == pytest.approx(1, abs=0.05)
    assert widget.key("z") is widget


def test_hover_rings_a_point():
    assert line().pointer(Pointer("hover", "plane", 0.02, 0.98)).selected == 1
    assert line(selected=1).pointer(Pointer("hover", "plane", 0.5, 0.5)).selected == 1


# Yours


def test_own_points_set_the_view():
    widget = line(data="yours", points=np.array([[10.0, 20.0, 1], [14.0, 22.0, 0]]))
    left, right, bottom, top = widget.limits
    assert left < 10 < 14 < right
    assert bottom < 20 < 22 < top
    assert widget.replace(b=1.0).limits == widget.limits


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"points": np.zeros((3, 2))}, ShapeError, r"\(N, 3\)"),
        ({"points": [[0, 0, 2]]}, DataError, "0 or 1"),
        ({"points": [[np.nan, 0, 1]]}, DataError, "finite"),
        ({"function": 3}, WrongTypeError, "should be a function"),
        ({"activation": "step"}, ArgumentError, "activation='step'"),
    ],
)
def test_what_cannot_be(given, error, text):
    with pytest.raises(error, match=text):
        NeuronExplorer(**given)


def test_own_function_that_changes_the_shape():
    with pytest.raises(ShapeError, match="each entry"):
        line(function=lambda z: z.sum(), activation="yours").compute()


def test_an_activation_that_is_no_number_somewhere_is_refused_in_words():
    with pytest.raises(DataError, match="somewhere between −6 and 6"):
        NeuronExplorer(activation="yours", function=lambda z: 1 / z)


def test_a_border_that_is_not_in_the_picture_is_not_called_0_lines():
    far = NeuronExplorer(activation="bump", w1=0.1, w2=0.1, b=-8.0)
    assert "its border is nowhere in the picture" in far.describe(far.compute())


# The things to try with the flowers


@pytest.fixture(scope="module")
def flowers():
    """The states of the lesson's flowers, from before the first step to after the 60th."""
    iris = dl.data.iris()
    two = iris.y > 0
    petals = np.column_stack([iris.x[two][:, 2:4], iris.y[two] == 2])
    states = [NeuronExplorer(points=petals, data="yours", w1=1.0, w2=2.0, b=-7.0, lr=0.1, selected=0)]
    for _ in range(60):
        states.append(states[-1].step())
    return states


def sentence(state):
    return state.describe(state.compute())


def test_try_the_count_is_best_at_step_3_while_the_error_falls_all_the_way(flowers):
    counts = [state.compute().right for state in flowers]
    assert counts[:7] == [76, 83, 93, 96, 95, 95, 94] and set(counts[6:]) == {94}
    errors = [state.compute().error for state in flowers]
    assert all(later < earlier for earlier, later in itertools.pairwise(errors))
    assert "gets 96 of 100 of your points right, error 0.317" in sentence(flowers[3])
    assert "gets 94 of 100 of your points right, error 0.314" in sentence(flowers[6])
    assert "error 0.308" in sentence(flowers[60])


def test_try_three_squares_close_to_the_line_are_given_up(flowers):
    before, after = flowers[3].compute(), flowers[6].compute()
    lost = (before.says == before.truth) & (after.says != after.truth)
    assert lost.sum() == 3 and (before.truth[lost] == 1).all()
    assert (np.abs(before.output[lost] - 0.5) < 0.05).all() and (np.abs(after.output[lost] - 0.5) < 0.05).all()


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_the_error_is_what_a_step_goes_down(activation):
    """Against the loss of a layer of the library, trained by its own optimizer."""
    here = line(activation=activation)
    x, truth = np.array([row[:2] for row in here.shown]), np.array([[row[2]] for row in here.shown], float)
    layer = dl.Dense(2, 1, rng=np.random.default_rng(0))
    layer.weight.data[:], layer.bias.data[:] = [[here.w1], [here.w2]], here.b
    f, aim = (dl.sigmoid, None) if activation == "sigmoid" else (dl.tanh, truth - 0.5)
    loss = dl.binary_cross_entropy(layer(x), truth) if aim is None else dl.squared_error(f(layer(x)), aim)
    assert here.compute().error == pytest.approx(loss.item(), rel=1e-5)
    loss.backward()
    dl.SGD(layer.parameters(), here.lr).step()
    there = here.step()
    assert np.allclose([there.w1, there.w2, there.b], [*layer.weight.data[:, 0], *layer.bias.data], atol=1e-5)


def test_what_came_of_the_bets():
    rng = np.random.default_rng(0)
    right = [
        NeuronExplorer(w1=w1, w2=w2, b=b, data="XOR").compute().right for w1, w2, b in rng.uniform(-3, 3, (300, 3))
    ]
    assert BETS["XOR"] == f"{max(right)} of 4"
    iris = dl.data.iris()
    two = iris.y > 0
    line = NeuronExplorer(
        points=np.column_stack([iris.x[two][:, 2:4], iris.y[two] == 2]), w1=1.0, w2=2.0, b=-7.0, lr=0.1, selected=0
    )
    counts, slopes = [], []
    for _ in range(12):
        result = line.compute()
        counts.append(result.right)
        slopes.append(result.error)
        line = line.step()
    top = int(np.argmax(counts))
    assert np.all(np.diff(slopes) < 0) and np.all(np.diff(counts[: top + 1]) > 0) and counts[-1] < max(counts)
    assert BETS["count"] == "rises, and then falls a little"


def test_try_the_picture_counts_the_steps_until_a_hand_moves_the_line(flowers):
    assert "after 6 steps of it, gets 94 of 100" in sentence(flowers[6]) and "after" not in sentence(flowers[0])
    assert "after 1 step of it" in sentence(flowers[0].step())
    moved = flowers[6].replace(b=-7.1)
    assert moved.steps == 0 and moved.step().steps == 1
    assert flowers[6].key("l").key("ArrowUp").steps == 0


def test_try_far_later_after_228_steps_one_more_is_lost(flowers):
    state = flowers[60]
    while state.steps < 227:
        state = state.step()
        assert state.compute().right == 94
    assert "after 228 steps of it, gets 93 of 100" in sentence(state.step())
