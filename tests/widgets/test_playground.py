"""Playground: it trains through the library, tells what it does, can be poked at everywhere, and goes in and out as text."""

import copy
import json

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import DataError, FileFormatError, ShapeError, WrongTypeError
from dlcourse.live.encoding import encode
from dlcourse.live.picture import Picture, picture_png, size_for
from dlcourse.live.widget import Pointer
from dlcourse.widgets import Playground
from dlcourse.widgets.more_neurons_more_layers.playground.data import FEATURES, LOSSES
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import GRID, plane
from dlcourse.widgets.more_neurons_more_layers.playground.problems import NUMBERS, PROBLEMS
from dlcourse.widgets.more_neurons_more_layers.playground.run import INITIALIZERS, OPTIMIZERS
from dlcourse.widgets.more_neurons_more_layers.playground.training import minibatch


def trained(frames=30, **settings):
    widget = Playground(**settings)
    for _ in range(frames):
        widget = widget.step()
    return widget


def run_code(widget, **names):
    exec(compile(widget.code(), "<code>", "exec"), names)
    return names


def assert_code_agrees(widget, **names):
    names = run_code(widget, **names)
    for name, value in widget.code_results(widget.compute()).items():
        np.testing.assert_allclose(names[name], value, rtol=1e-5, atol=1e-7, err_msg=name)
    return names


def at(widget, axes, place, kind="down", **more):
    return widget.pointer(Pointer(kind, axes, *place, **more))


# What the lesson tells to try


def best_of(seeds, frames, **settings):
    found = []
    for seed in range(seeds):
        found.append(trained(frames, pace=100, draw_number=seed, **settings).compute().right[0])
    return found


def test_a_ring_needs_three_hidden_neurons():
    common = {"activation": "tanh", "optimizer": "Adam", "lr": 0.03, "h2": 0}
    assert max(best_of(6, 20, h1=0, **common)) < 0.65
    assert max(best_of(6, 20, h1=2, **common)) < 0.9
    assert min(best_of(6, 20, h1=3, **common)) > 0.97


def test_without_an_activation_depth_is_no_better_than_a_line():
    line = max(best_of(3, 10, activation="identity", h1=0, h2=0, lr=0.1))
    deep = max(best_of(3, 10, activation="identity", h1=8, h2=8, lr=0.1))
    assert deep < 0.65 and abs(deep - line) < 0.06


def test_a_product_as_input_makes_xor_a_line():
    assert trained(30, data="XOR", h1=0, h2=0, x1x2=True).compute().right[0] > 0.97
    assert trained(30, data="XOR", h1=0, h2=0).compute().right[0] < 0.8


def test_first_layer_edges_are_straight_and_those_of_the_second_are_bent():
    result = trained(60).compute()

    def straightness(maps):
        """How well a plane fits arctanh of a map: 1 where its shades are straight bands."""
        steady = np.abs(maps).max(axis=0) < 0.9999
        z = np.arctanh(maps[:, steady].astype(float))
        x = np.column_stack([plane(), np.ones(len(z))])
        rest = z - x @ np.linalg.lstsq(x, z, rcond=None)[0]
        return 1 - rest.var(axis=0) / z.var(axis=0)

    assert (straightness(result.hidden[0]) > 0.9999).all()
    assert (straightness(result.hidden[1]) < 0.95).all()


def test_all_zeros_never_get_anywhere():
    widget = trained(20, initializer="all zeros")
    assert "nothing tells them apart" in widget.describe(widget.compute())
    assert widget.compute().right[0] < 0.65


def test_dropout_and_penalties_are_not_in_the_curves():
    widget = trained(10, l2=0.05, dropout=0.3)
    result = widget.compute()
    last = widget.run.curve[-1]
    assert last[1:3] == pytest.approx((result.train, result.test))
    assert last[3] == pytest.approx(result.train + result.penalty) and result.penalty > 0
    points, x, truth = widget.examples
    loss = dl.binary_cross_entropy(dl.predict(widget.run.model, x[points.seen]), truth[points.seen]).item()
    assert result.train == pytest.approx(loss, rel=1e-5)


def test_l1_makes_weights_exactly_zero_and_they_can_come_back():
    widget = trained(60, l1=0.05, h1=8, data="two blobs")
    weights = np.concatenate([w.ravel() for w, _ in widget.compute().weights])
    assert (weights == 0).mean() > 0.3
    freed = widget.replace(l1=0.0, data="two blobs")
    for _ in range(20):
        freed = freed.step()
    after = np.concatenate([w.ravel() for w, _ in freed.compute().weights])
    assert (after[weights == 0] != 0).any()


# Training


def test_it_trains_with_the_very_steps_of_the_library():
    widget = Playground(optimizer="Adam", lr=0.02, batch=500, pace=5)
    points, x, truth = widget.examples
    model = copy.deepcopy(widget.run.model)
    optimizer = dl.Adam(model.parameters(), 0.02)
    for _ in range(5):
        optimizer.zero_grad()
        dl.binary_cross_entropy(model(x[points.seen]), truth[points.seen]).backward()
        optimizer.step()
    for mine, theirs in zip(widget.step().run.model.parameters(), model.parameters(), strict=True):
        np.testing.assert_allclose(mine.data, theirs.data, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_every_optimizer_lowers_the_error(optimizer):
    lr = {"SGD": 0.3, "Adadelta": 3.0, "Adagrad": 0.1}.get(optimizer, 0.02)
    widget = trained(40, optimizer=optimizer, lr=lr)
    assert widget.compute().objective < widget.run.curve[0][3]


@pytest.mark.parametrize("loss", list(LOSSES))
@pytest.mark.parametrize("data", ["rings", "three arms", "numbers: hills"])
def test_every_loss_learns_every_kind_of_problem(loss, data):
    widget = trained(60, loss=loss, data=data, h1=8, optimizer="Adam", lr=0.02)
    assert widget.compute().train < 0.8 * widget.run.curve[0][1]
    assert_code_agrees(widget)


def test_each_example_is_used_once_an_epoch():
    widget = Playground(batch=7, pace=1)
    train = int(widget.shown.seen.sum())
    used, order, rng = [], np.zeros(0, int), np.random.default_rng(0)
    while len(used) < train:
        chosen, order = minibatch(order, train, widget.batch, rng)
        used += chosen.tolist()
    assert sorted(used) == list(range(train))
    assert len(widget.step().run.order) == train - 7


def test_a_step_back_is_exact():
    widget = trained(3, optimizer="Adam", dropout=0.2)
    before = [p.data.copy() for p in widget.run.model.parameters()]
    ahead = widget.step()
    again = widget.step()
    for old, now in zip(before, widget.run.model.parameters(), strict=True):
        assert np.array_equal(old, now.data)
    for a, b in zip(ahead.run.model.parameters(), again.run.model.parameters(), strict=True):
        assert np.array_equal(a.data, b.data)
    assert ahead.run.curve == again.run.curve and len(ahead.run.curve) == len(widget.run.curve) + 1


def test_what_only_steers_the_training_keeps_the_network():
    widget = trained(5)
    for change in (
        {"lr": 0.01}, {"batch": 3}, {"l1": 0.01}, {"loss": "hinge"}, {"optimizer": "Adam"}, {"dropout": 0.5}, {"pace": 1},
    ):  # fmt: skip
        assert widget.replace(**change).run.steps == 50
    for change in (
        {"h1": 5}, {"activation": "ReLU"}, {"seed": 1}, {"noise": 0.2}, {"share": 50}, {"data": "XOR"}, {"x2": False},
        {"initializer": "He normal"}, {"softmax": True},
    ):  # fmt: skip
        assert widget.replace(**change).run.steps == 0


def test_the_curve_stays_short():
    widget = trained(400, pace=1, n=20)
    assert len(widget.run.curve) <= 240
    assert widget.run.curve[0][0] == 0 and widget.run.curve[-1][0] == 400
    assert np.diff([row[0] for row in widget.run.curve]).min() > 0


# When it breaks


@pytest.mark.parametrize("layers", [{"h1": n, "h2": m} for n in (1, 2, 4, 8) for m in (0, 2)])
def test_what_lesson_03_breaks_breaks_within_six_steps(layers):
    for seed in range(3):
        above = Playground(**layers, seed=seed, optimizer="Adam", lr=0.03).step()
        broken = above.replace(optimizer="SGD", data="numbers: slope", activation="identity", lr=10.0).step()
        assert broken.run.steps < 6 and not broken.can_step()
        assert f"Step {broken.run.steps + 1} broke it" in broken.describe(broken.compute())


def test_a_step_that_breaks_is_named_and_undone():
    widget = Playground(data="numbers: slope", activation="identity", lr=10.0, pace=50, h1=8)
    for _ in range(40):
        widget = widget.step()
    assert widget.run.trouble
    assert f"Step {widget.run.steps + 1} broke it" in widget.describe(widget.compute())
    assert "try a learning rate of 1" in widget.run.trouble
    assert all(np.isfinite(p.data).all() for p in widget.run.model.parameters())
    assert widget.step() is widget
    assert picture_png(widget)
    assert widget.restart().run.trouble == ""
    assert "nan" not in widget.describe(widget.compute()).lower().split()


def test_divergence_is_said_before_it_breaks():
    widget = Playground(data="numbers: slope", activation="identity", lr=1.0, pace=1, h1=8)
    said = []
    for _ in range(60):
        widget = widget.step()
        said.append("It diverges" in widget.describe(widget.compute()))
        if widget.run.trouble:
            break
    assert any(said)


def test_dead_neurons_are_counted():
    widget = Playground(activation="ReLU", h1=2, h2=0)
    for place in ((0, 0, 0), (0, 1, 0)):
        widget = widget.replace(weight=place).replace(value=0.0)
    widget = widget.replace(weight=(0, -1, 0)).replace(value=-1.0)
    assert widget.compute().dead == (1,)
    assert "1 hidden neuron is 0 everywhere" in widget.describe(widget.compute())


@pytest.mark.parametrize("penalty", [{}, {"l1": 0.01}, {"l2": 0.02}, {"l1": 0.003, "l2": 0.01}])
@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_the_code_goes_on_with_the_very_steps_of_the_widget(optimizer, penalty):
    widget = Playground(optimizer=optimizer, lr=0.05, batch=7, pace=20, data="three arms", **penalty)
    names = run_code(widget)
    names["rng"] = copy.deepcopy(widget.run.rng)
    names["train"](20)
    after = widget.step()
    assert after.run.steps == 20
    for mine, theirs in zip(after.run.model.parameters(), names["model"].parameters(), strict=True):
        assert np.array_equal(mine.data, theirs.data)


# Data, classes, inputs


@pytest.mark.parametrize("data", list(PROBLEMS))
def test_every_problem_fits_the_picture_and_its_code_makes_it(data):
    widget = Playground(data=data, n=300)
    points = widget.shown
    assert len(points.x) == 300 and points.x.dtype == np.float32
    assert (np.abs(points.x) < 1.3).mean() > 0.98
    assert points.seen.mean() == pytest.approx(0.6, abs=0.01)
    names = assert_code_agrees(widget)
    assert np.array_equal(names["x"], points.x) and np.array_equal(names["y"], points.y)
    assert np.array_equal(names["seen"], points.seen)
    names["train"](1)
    assert not np.array_equal(names["model"][0].weight.data, widget.run.model[0].weight.data)


def test_softmax_with_up_to_four_classes():
    widget = trained(60, data="four blobs", h1=6, h2=0)
    result = widget.compute()
    assert result.outputs.shape[1] == 4 and result.classes.max() == 3
    assert result.right[0] > 0.95
    two = Playground(softmax=True)
    assert two.compute().outputs.shape[1] == 2 and two.run.plan.outputs == 2
    assert_code_agrees(two)


@pytest.mark.parametrize("feature", list(FEATURES))
def test_every_input_alone(feature):
    widget = Playground(**{name: name == feature for name in FEATURES})
    assert widget.features == (feature,)
    assert_code_agrees(widget)


def test_the_last_input_stays():
    widget = Playground().replace(x1=False).replace(x2=False)
    assert widget.features == ("x1",)


@pytest.mark.parametrize("initializer", list(INITIALIZERS))
def test_every_initializer(initializer):
    assert_code_agrees(Playground(initializer=initializer))


def test_from_no_hidden_layer_to_six():
    for widths in ((), (1,), (8,) * 6, (3, 5, 2)):
        widget = Playground().shaped(widths)
        assert widget.widths == widths and len(widget.compute().hidden) == len(widths)
        assert_code_agrees(widget)
        assert picture_png(widget)


# Points of one's own


def test_a_click_adds_a_point_and_the_network_goes_on():
    widget = at(trained(3), "map", (0.0, 0.0))
    assert widget.data == "yours" and len(widget.points) == 201
    assert widget.points[-1] == (0.0, 0.0, 1, True)
    more = at(widget.replace(brush="3 green triangle", grabbed=""), "map", (0.4, -0.3), shift=True)
    assert more.points[-1] == (0.4, -0.3, 2, False)
    assert more.run.plan.outputs == 3
    trained_on = widget.step()
    assert trained_on.replace(points=(*trained_on.points, (0.5, 0.5, 0, True))).run.steps == 10


def test_points_are_dragged_and_removed():
    widget = Playground(points=[[0.5, 0.5, 1], [-0.5, 0.5, 0]], data="yours")
    held = at(widget, "map", (0.5, 0.52))
    assert held.picked == 0 and held.grabbed == "point"
    moved = at(held, "map", (0.7, 2.0), "drag")
    assert moved.points[0][:2] == (0.7, 1.3)
    assert len(at(moved, "map", (0.7, 1.3), "double").points) == 1


def test_points_by_keys():
    widget = Playground(data="yours").key("a").key("ArrowRight").key("ArrowUp").key("Enter").key("s")
    assert widget.points == ((0.05, 0.05, 2, False),)
    assert widget.key("Delete").points == ()
    assert widget.key("a").key("p").picked == 0
    assert widget.key("o").picked == -1


def test_noise_number_and_share_act_on_own_points_once_they_are_moved():
    widget = Playground(points=np.column_stack([np.linspace(-1, 1, 40), np.zeros(40), np.arange(40) % 2]), data="yours")
    assert len(widget.shown.x) == 40 and not widget.shown.x[:, 1].any()
    noisy = widget.replace(noise=0.2)
    assert 0.1 < noisy.shown.x[:, 1].std() < 0.3 and noisy.run is widget.run
    assert len(widget.replace(n=25).shown.x) == 25
    assert widget.replace(share=30).shown.seen.mean() == pytest.approx(0.3, abs=0.05)
    assert_code_agrees(noisy.replace(n=25))
    taken = noisy.replace(n=25).key("p").key("ArrowUp")
    assert taken.own_noise == taken.own_n == 0 and len(taken.points) == 25
    assert taken.points[-1][1] == pytest.approx(float(noisy.shown.x[24, 1]) + 0.05, abs=1e-3)


def test_own_array_is_scaled_into_the_picture():
    iris = dl.data.iris()
    widget = Playground(points=np.column_stack([iris.x[:, 2:], iris.y]), data="yours", h1=6, h2=0)
    x = widget.shown.x
    assert x.min() == -1 and x.max() == 1
    assert widget.run.plan.outputs == 3
    for _ in range(60):
        widget = widget.step()
    assert widget.compute().right[0] > 0.93
    assert_code_agrees(widget)


@pytest.mark.parametrize("points", [(), [[0.1, 0.2, 0, 1]], [[0.1, 0.2, 0, 0]]])
def test_almost_no_points(points):
    widget = Playground(points=points, data="yours")
    assert "nan" not in widget.describe(widget.compute()).lower().split()
    assert picture_png(widget)
    run_code(widget)
    stepped = widget.step()
    assert (stepped is widget) == (not any(point[3] for point in widget.points))


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"points": np.zeros((3, 2))}, ShapeError, r"\(N, 3\)"),
        ({"points": [[0, 0, 4]]}, DataError, "from 0 to 3"),
        ({"points": [[np.nan, 0, 1]]}, DataError, "finite"),
        ({"function": 3}, WrongTypeError, "should be a function"),
    ],
)
def test_what_cannot_be(given, error, text):
    with pytest.raises(error, match=text):
        Playground(**given)


def test_own_activation():
    def bump(z):
        return dl.exp(-z * z)

    widget = trained(20, function=bump, activation="yours")
    assert widget.compute().train < widget.run.curve[0][1]
    assert_code_agrees(widget, bump=bump)
    with pytest.raises(WrongTypeError, match="cannot be written"):
        widget.to_json()


# Looking into it, editing


def test_hover_and_focus_show_a_neuron():
    widget = Playground()
    layout = widget.layout()
    over = at(widget, "network", layout.place(1, 2), "hover")
    assert over.looked_at == (1, 2) and "neuron 3 of layer 1" in over.describe(over.compute())
    assert np.allclose(
        over.compute().field,
        over.compute().hidden[0][:, 2].reshape(GRID, GRID) / np.abs(over.compute().hidden[0][:, 2]).max(),
    )
    assert at(over, "map", (0.9, 0.9), "hover").looked_at is None
    assert at(over, "", (0.5, 0.5), "hover").looked_at is None
    fixed = at(widget, "network", layout.place(2, 1))
    assert fixed.focus == (2, 1) and fixed.weight == (1, 0, 1)
    narrow = at(widget, "narrow network", widget.layout(False).place(2, 1))
    assert narrow.focus == (2, 1)


def test_keys_walk_through_the_network():
    widget = Playground().key("ArrowLeft")
    assert widget.focus == (3, 0)
    widget = widget.key("ArrowLeft").key("ArrowDown")
    assert widget.focus == (2, 1)
    assert [widget.key("w").weight, widget.key("W").weight] == [(1, 1, 1), (1, -1, 1)]
    up = widget.key("+")
    assert up.value == pytest.approx(widget.value + 0.1, abs=1e-3)
    assert up.key("-").value == pytest.approx(widget.value, abs=2e-3)
    inputs = widget.key("ArrowLeft").key("ArrowLeft").key("ArrowDown")
    assert inputs.focus == (0, 2)
    assert inputs.key("Enter").features == ("x1", "x2", "x1x1")


def test_any_weight_and_bias_can_be_set():
    widget = trained(2)
    for place in ((0, 1, 3), (1, -1, 0), (2, 1, 0), (2, -1, 0)):
        chosen = widget.replace(weight=place)
        changed = chosen.replace(value=2.5)
        assert float(changed.run.entry(place)[0]) == 2.5 == changed.value
        assert float(widget.run.entry(place)[0]) == pytest.approx(chosen.value)
        assert changed.run.steps == widget.run.steps
        after = changed.step()
        assert float(after.run.entry(place)[0]) != 2.5


def test_a_link_is_chosen_by_click_and_changed_by_drag():
    widget = Playground()
    ends, places = widget.layout().links(widget.used)
    start, end = ends[5]
    middle = 0.7 * start + 0.3 * end
    chosen = at(widget, "network", middle)
    assert chosen.weight == places[5]
    dragged = at(chosen, "network", middle + [0, 40], "drag")
    assert dragged.value == pytest.approx(chosen.value + 1, abs=0.02)
    bias = at(widget, "network", widget.layout().bias(2, 0))
    assert bias.weight == (1, -1, 0) and "bias of neuron 1 of layer 2" in bias.describe(bias.compute())


def test_gradients_are_those_of_what_is_minimized():
    widget = trained(2, l2=0.02, dropout=0.3, weight=(1, 2, 1))
    gradient = float(widget.run.entry((1, 2, 1), widget.compute().gradients)[0])
    value = float(widget.run.entry((1, 2, 1))[0])
    up, down = (
        widget.replace(run=widget.run.with_weight((1, 2, 1), value + d)).compute().objective for d in (0.01, -0.01)
    )
    assert gradient == pytest.approx((up - down) / 0.02, rel=0.02, abs=1e-4)


def test_buttons_change_layers_and_inputs():
    widget = Playground()
    layout = widget.layout()
    top = layout.network[3] - 15
    assert at(widget, "network", (layout.column(1) + 15, top)).widths == (5, 2)
    assert at(widget, "network", (layout.column(2) - 15, top)).widths == (4, 1)
    one = widget.shaped((4, 1))
    assert at(one, "network", (one.layout().column(2) - 15, top)).widths == (4,)
    assert at(widget, "network", layout.place(0, 4)).features == ("x1", "x2", "x1x2")
    assert widget.add_layer().widths == (4, 2, 2)
    assert widget.shaped((8,) * 6).add_layer().widths == (8,) * 6
    assert widget.remove_layer().widths == (4,)
    assert Playground(h1=0, h2=0).remove_layer().widths == ()


def test_two_runs_are_compared():
    widget = trained(20).keep().replace(h1=8)
    for _ in range(10):
        widget = widget.step()
    sentence = widget.describe(widget.compute())
    assert "Kept run (2-4-2-1, tanh, SGD 0.3)" in sentence and "at step 100" in sentence
    assert widget.kept.steps == 200


def test_new_weights_on_the_same_points():
    widget = Playground()
    other = widget.restart()
    assert np.array_equal(widget.shown.x, other.shown.x)
    assert not np.array_equal(widget.run.model[0].weight.data, other.run.model[0].weight.data)


# In and out


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "Adadelta"])
def test_json_goes_out_and_in_and_training_goes_on_the_same(optimizer):
    widget = trained(3, optimizer=optimizer, lr=0.05, dropout=0.2, data="three arms").keep()
    back = Playground.from_json(widget.to_json())
    assert back.describe(back.compute()) == widget.describe(widget.compute())
    for a, b in zip(widget.step().run.model.parameters(), back.step().run.model.parameters(), strict=True):
        assert np.array_equal(a.data, b.data)


def test_json_of_own_points():
    widget = at(trained(2), "map", (0.1, 0.1))
    back = Playground.from_json(widget.to_json())
    assert back.points == widget.points


def broken(change):
    state = json.loads(Playground().to_json())
    change(state)
    return json.dumps(state)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (Playground().to_json()[:100], "no JSON"),
        ("[1]", "not made by"),
        (broken(lambda s: s.update(version=9)), "version 9"),
        (broken(lambda s: s["settings"].update(h1=3)), "weights '0.weight'"),
        (broken(lambda s: s["settings"].update(h3=3)), "other layers"),
        (broken(lambda s: s["settings"].update(data="no such")), "settings in this text"),
        (broken(lambda s: s.pop("run")), "settings in this text"),
        (broken(lambda s: s["run"].pop("rng")), "training in this text"),
        (broken(lambda s: s["run"]["optimizer"].update(rule="Adam")), "training in this text"),
    ],
)
def test_broken_json_is_explained(text, says):
    with pytest.raises(FileFormatError, match=says):
        Playground.from_json(text)


# Picture


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("data", ["rings", "four blobs", "numbers: hills"])
def test_picture_moves_and_stays_small(dark, data):
    widget = Playground(data=data, h1=8, h2=8, n=500)
    picture = Picture(*widget.size, dark=dark)
    first = picture.paint(widget, widget.compute()).copy()
    for _ in range(40):
        widget = widget.step()
    second = picture.paint(widget, widget.compute())
    assert (first != second).any(axis=2).mean() > 0.05
    assert len(encode(second)) < 31_000


def test_decision_gradients_unseen_points_change_the_picture():
    widget = trained(5)
    picture = Picture(*widget.size)
    before = picture.paint(widget, widget.compute()).copy()
    for change in ({"discrete": True}, {"gradients": True}, {"show_test": False}, {"brush": "1 orange circle"}):
        other = widget.replace(**change)
        assert (before != picture.paint(other, other.compute())).any(), change


def test_narrow_picture_tells_the_same():
    widget = trained(5)
    width, height, scale = size_for(widget, 360)
    picture = Picture(width, height, scale)
    picture.paint(widget, widget.compute())
    assert {axes.get_label() for axes in picture.figure.axes} == {"narrow network", "map", "loss"}


def test_numbers_of_a_problem_are_no_classes():
    for data in NUMBERS:
        result = Playground(data=data).compute()
        assert result.right is None and result.classes is None
