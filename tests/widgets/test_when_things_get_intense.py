"""Paths: what lesson 07 describes really happens; path by path, line by line, block by block."""

import itertools
import re

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError, DataError, ShapeError, WrongTypeError
from dlcourse.live.numbers import with_power
from dlcourse.live.picture import Picture, picture_png, size_for
from dlcourse.live.widget import Pointer
from dlcourse.widgets import Paths
from dlcourse.widgets.when_things_get_intense import lines
from dlcourse.widgets.when_things_get_intense.layout import places
from dlcourse.widgets.when_things_get_intense.notation import weight_name
from dlcourse.widgets.when_things_get_intense.numbers import DERIVATION_LINES
from dlcourse.widgets.when_things_get_intense.state import VIEWS


def says(widget):
    return widget.describe(widget.compute())


def played(widget):
    while (following := widget.step()) is not widget:
        widget = following
    return widget


def down(widget, axes, x, y):
    return widget.pointer(Pointer("down", axes, x, y))


# Sum over paths = backpropagation = finite difference


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus", "identity"])
@pytest.mark.parametrize(("depth", "width"), [(1, 3), (2, 4), (3, 4), (4, 3), (6, 3)])
def test_three_ways_to_one_number(activation, depth, width):
    for layer, output in itertools.product(range(1, depth + 2), (1, 2)):
        widget = Paths(activation=activation, depth=depth, width=width, layer=layer, output=output)
        result = widget.compute()
        assert result.paths.total == pytest.approx(result.gradient, rel=1e-12, abs=1e-15)
        # too large an h bends, too small an h rounds; where the slope is far smaller than s there is little room between
        assert min(widget.replace(h=h).compute().off for h in (1e-3, 3e-4, 1e-4, 1e-5)) < 1e-7


def test_the_first_question_is_answered_by_16_and_one_more_layer_is_four_times_as_many():
    assert [Paths(depth=depth, width=4).compute().count for depth in (3, 4, 5)] == [16, 64, 256]


def test_play_adds_path_by_path_and_ends_at_what_backward_says():
    widget = Paths(depth=3, width=4)
    assert played(widget).shown == 16
    assert "Path 16" in says(played(widget)) and "16 of 16 sum to 0.001922" in says(played(widget))
    assert with_power(widget.compute().gradient) == "0.001922"
    assert played(Paths(depth=6, width=4)).shown == 1024  # in larger steps
    assert Paths(depth=10, width=2).compute().paths is not None


def test_a_weight_that_leads_to_another_output_has_no_path():
    result = Paths(layer=4, to=2, output=1).compute()
    assert (result.count, result.paths.total, result.gradient, result.difference) == (0, 0, 0, 0)
    assert "no path" in says(Paths(layer=4, to=2, output=1))


def test_h_can_be_too_large_and_too_small():
    off = [Paths(depth=3, width=4, h=h).compute().off for h in (1.0, 1e-3, 1e-4, 1e-9)]
    assert off[0] > 0.05 and off[1] < 1e-7 and off[2] < 1e-8 and off[3] > off[1]


def test_a_billion_paths_are_counted_and_not_listed():
    widget = Paths(depth=10, width=10)
    result = widget.compute()
    assert result.count == 10**9 and result.paths is None
    assert result.difference == pytest.approx(result.gradient, rel=1e-4)
    assert "Too many to list" in says(widget) and widget.step() is widget
    assert len(picture_png(widget)) < 30_000


# The derivation


@pytest.mark.parametrize("depth", [1, 2, 4])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus"])
def test_every_line_of_the_derivation_says_the_same_number(depth, activation):
    for layer in range(1, depth + 2):
        widget = Paths(view="derivation", depth=depth, activation=activation, layer=layer, h=1e-5)
        values = lines.values(widget.compute())
        assert len(values) == len(lines.LINES) == len(lines.formulas(widget)) == DERIVATION_LINES
        assert values == pytest.approx([widget.compute().gradient] * 8, rel=1e-6, abs=1e-10)


def test_the_last_line_is_delta_times_what_comes_in():
    widget = Paths(view="derivation", depth=1)
    result = widget.compute()
    weight, z = result.chain[1].weight[1, 0], result.chain[0].z[1]
    a = dl.sigmoid(dl.Tensor(z)).item()
    assert result.delta == pytest.approx(weight * a * (1 - a), rel=1e-12)
    assert result.source == 0.8
    assert result.gradient == pytest.approx(result.delta * 0.8, rel=1e-12)
    assert with_power(result.gradient) == "0.1698"


def test_the_lines_are_the_slides_lines_and_the_slips_are_the_slides_slips():
    right = lines.formulas(Paths(view="derivation", depth=1))
    printed = lines.formulas(Paths(view="derivation", depth=1, printed=True))
    assert [k for k in range(8) if right[k] != printed[k]] == sorted(lines.SLIPS)
    assert r"\sum_k W_k^{(2)} a_k^{(2)}" in right[0] and r"\sum" not in printed[0]
    assert printed[2].startswith(r"$\Rightarrow")
    assert r"\dfrac{\sigma'(z_i^{(2)})}{\partial z_i^{(2)}}" in printed[3]
    assert right[-1] == r"$=\delta_i^{(2)}\cdot a_j^{(1)}$"
    assert "a_{4}W_{i4}" in right[4]


def test_the_printed_quotient_grows_as_h_shrinks():
    found = []
    for h in (1e-2, 1e-3, 1e-4):
        widget = Paths(view="derivation", depth=1, printed=True, h=h, shown=4)
        found.append(lines.quotient(widget.compute(), h))
        assert with_power(found[-1]) in says(widget)
    assert found[1] / found[0] == pytest.approx(10) and found[2] / found[1] == pytest.approx(10)
    assert with_power(found[1]) == "212.2"


def test_step_goes_through_the_lines_and_names_the_rules():
    widget = Paths(view="derivation", depth=1)
    heard = []
    for _ in range(8):
        widget = widget.step()
        heard.append(says(widget))
    assert widget.step() is widget
    assert all(f"Line {k} of 8" in text for k, text in enumerate(heard, 1))
    assert "chain rule" in heard[2] and "local gradient" in heard[3] and "δᵢ" in heard[7]


# Counting


def test_paths_multiply_while_the_work_of_backpropagation_is_linear():
    works = Paths(view="count", depth=10, width=10).compute().works
    assert [one.paths for one in works] == [10**d for d in range(12)]
    assert set(np.diff([one.by_backward for one in works])) == {210}
    tenth = works[9]
    assert (tenth.paths, tenth.by_paths, tenth.by_backward) == (10**9, 2 * 10**10, 1980)
    sentence = says(Paths(view="count", depth=10, width=10))
    assert "all 960 weights after 1\u202f980" in sentence


def test_with_few_paths_counting_them_is_cheaper():
    works = Paths(view="count", width=10).compute().works
    assert [d + 1 for d, one in enumerate(works) if one.by_paths < one.by_backward] == [1, 2]
    assert {one.paths for one in Paths(view="count", width=1).compute().works} == {1}


def test_step_adds_a_layer():
    widget, depths = Paths(view="count", depth=8), []
    for _ in range(4):
        widget = widget.step()
        depths.append(widget.depth)
    assert depths == [9, 10, 1, 2]


# Jacobian and Hessian


def test_the_jacobian_is_what_paths_from_every_input_sum_to():
    result = Paths(view="Jacobian", depth=2, activation="tanh").compute()
    matrix = np.eye(4)
    for link in result.chain:
        matrix = np.diag(link.slopes) @ link.weight.T @ matrix
    np.testing.assert_allclose(result.jacobian, matrix, rtol=1e-12)
    np.testing.assert_allclose(np.sqrt(result.stretches), np.linalg.svd(matrix)[1], rtol=1e-9)


def test_the_ellipse_is_left_in_proportion_to_h_and_never_without_activations():
    left = [Paths(view="Jacobian", depth=2, activation="tanh", h=h).compute().left for h in (0.1, 0.01)]
    assert [round(100 * value, 1) for value in left] == [18.3, 1.9]
    assert Paths(view="Jacobian", depth=2, activation="identity", h=1.0).compute().left < 1e-9


def test_the_ellipse_reaches_as_far_as_the_largest_eigenvalue_says():
    result = Paths(view="Jacobian", depth=2, activation="tanh").compute()
    assert np.linalg.norm(result.ellipse, axis=1).max() == pytest.approx(np.sqrt(result.stretches[0]), rel=1e-9)


def blocks(depth, activation="softplus", layer=1):
    hessian = Paths(view="Hessian", depth=depth, activation=activation, layer=layer).compute().hessian
    return np.abs(hessian).reshape(3, 4, 3, 4).max(axis=(1, 3))


def test_with_one_hidden_layer_weights_into_different_neurons_do_not_bend_each_other():
    found = blocks(1)
    assert np.abs(found - np.diag(np.diag(found))).max() < 1e-10 and np.diag(found).min() > 0.1


def test_with_two_hidden_layers_they_do():
    assert blocks(2).min() > 0.05


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus"])
def test_there_is_at_most_one_eigenvalue_a_neuron(depth, activation):
    assert Paths(view="Hessian", depth=depth, activation=activation).compute().bent == 3


def test_relu_does_not_bend_and_neither_does_the_last_layer():
    assert Paths(view="Hessian", depth=2, activation="ReLU").compute().bent == 0
    assert Paths(view="Hessian", depth=2, activation="tanh", layer=3).compute().bent == 0


def test_the_hessian_has_the_second_differences():
    widget = Paths(view="Hessian", depth=2, activation="tanh", h=1e-4)
    layer, j, i = widget.place
    gradients = []
    for change in (1e-4, -1e-4):
        moved = widget.replace(edits=((widget.place, change),))
        row = [moved.replace(to=k // 4 + 1, source=k % 4 + 1).compute().gradient for k in range(12)]
        gradients.append(np.array(row))
    expected = (gradients[0] - gradients[1]) / 2e-4
    np.testing.assert_allclose(widget.compute().hessian[i * 4 + j], expected, rtol=1e-5, atol=1e-7)


# Covered until the prediction


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_asked_is_not_shown_before(view):
    kwargs = {"view": view, "covered": True, "depth": 3, "width": 4}
    before = Paths(**kwargs)
    after = Paths(**kwargs, prediction="16")
    if view != "derivation":
        assert says(before) != says(after) and picture_png(before) != picture_png(after)
    assert before.key("j") is before and down(before, "network", 0.5, 0.5) is before
    assert "16 paths" not in says(before) if view == "paths" else True
    assert after.key("j") is not after


# Hand and keys


def test_a_click_takes_the_nearest_weight_or_output():
    widget = Paths(depth=1)
    at = places(widget.sizes)
    for layer, j, i in ((0, 0, 0), (0, 3, 2), (1, 2, 1)):
        x, y = 0.55 * at[layer][j] + 0.45 * at[layer + 1][i]
        assert down(widget, "network", x, y).place == (layer, j, i)
    assert down(widget, "network", *at[-1][1]).end == 1
    assert down(widget, "network", *at[-1][0]) is widget
    assert down(widget, "network", 0.01, 0.01) is widget


def test_keys_do_what_the_pointer_does():
    widget = Paths()
    assert widget.key("ArrowRight").place == (1, 2, 1)
    assert widget.key("ArrowLeft") is widget
    assert widget.key("ArrowUp").place == (0, 2, 0) and widget.key("i").place == (0, 2, 2)
    assert widget.key("j").place == (0, 3, 1)
    assert widget.key("o").end == 1 and widget.key("o").key("o").end == 0
    assert widget.key("Enter").shown == widget.key(" ").shown == 1
    assert widget.key("q") is widget
    hessian = Paths(view="Hessian", depth=1)
    assert hessian.key(".").pair == 1 and hessian.key(",").pair == 11


def test_a_weight_is_turned_and_the_output_follows_as_promised():
    widget = Paths(depth=1)
    moved = widget.key("+")
    assert moved.compute().weight == pytest.approx(widget.compute().weight + 0.1)
    promised = 0.1 * widget.compute().gradient
    assert moved.compute().score - widget.compute().score == pytest.approx(promised, rel=0.05)
    assert moved.key("-").compute().score == pytest.approx(widget.compute().score, rel=1e-12)
    assert moved.key("Delete").edits == ()
    names = {}
    exec(moved.code(), names)
    assert names["by_paths"] == pytest.approx(moved.compute().gradient, rel=1e-12)


def test_pointing_into_the_other_views():
    assert down(Paths(), "products", 4.2, 0).shown == 4
    assert down(Paths(view="count"), "count", 7.1, 10).depth == 7
    assert down(Paths(view="Jacobian"), "jacobian", 0, 1.1).end == 1
    pair = down(Paths(view="Hessian", depth=1), "hessian", 7.2, 9.9)
    assert pair.place == (0, 2, 2) and pair.pair == 7 and pair.row == 10


def test_new_weights_are_other_weights_and_end_what_was_edited():
    widget = Paths().key("+").shuffle()
    assert widget.edits == () and widget.compute().weight != Paths().compute().weight


# Yours


def mine(activation=dl.tanh, bias=True):
    rng = np.random.default_rng(3)
    return dl.Sequential(
        dl.Dense(3, 5, activation=activation, bias=bias, rng=rng), dl.Dense(5, 2, rng=rng), dl.relu, dl.Dense(2, 1, rng=rng)
    )  # fmt: skip


@pytest.mark.parametrize("bias", [True, False])
def test_own_network_is_copied_and_gives_its_own_numbers(bias):
    model, x = mine(bias=bias), np.array([0.5, -1.0, 2.0])
    widget = Paths(model=model, x=x, to=3, source=2)
    model(x[None].astype(np.float32))[0, 0].backward()
    assert widget.compute().gradient == pytest.approx(model[0].weight.grad[1, 2], rel=1e-5)
    assert widget.compute().paths.total == pytest.approx(widget.compute().gradient, rel=1e-12)
    before = says(widget)
    model[0].weight.data[:] = 0
    assert says(widget.replace(shown=0)) == before
    assert widget.shuffle() is widget


@pytest.mark.parametrize("view", VIEWS)
def test_own_network_in_every_view(view):
    model, x = mine(), [0.5, -1.0, 2.0]
    widget = Paths(model=model, x=x, view=view)
    assert picture_png(widget) and picture_png(widget, dark=True)
    names = {"model": model}
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        np.testing.assert_allclose(names[name], value, rtol=1e-5, atol=1e-7, err_msg=name)
    assert model[0].weight.dtype == np.float32


def test_own_network_without_a_hidden_layer():
    model = dl.Sequential(dl.Dense(2, 1, rng=np.random.default_rng(0)))
    for view in VIEWS:
        widget = Paths(model=model, x=[1.0, 2.0], view=view)
        assert says(widget) and picture_png(widget)
    assert Paths(model=model, x=[1.0, 2.0], source=2).compute().gradient == 2.0


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"x": [1.0, np.nan]}, DataError, "finite"),
        ({"x": [[1.0, 2.0]]}, DataError, r"shape \(K,\)"),
        ({"x": "abc"}, WrongTypeError, "array"),
        ({"model": mine()}, ArgumentError, "example"),
        ({"model": mine(), "x": [1.0]}, ShapeError, r"\(K,\) = \(3,\)"),
        ({"model": dl.tanh, "x": [1.0]}, WrongTypeError, "Sequential"),
        ({"model": dl.Sequential(dl.Dense(13, 1, rng=np.random.default_rng(0))), "x": [1.0] * 13}, ArgumentError, "13 neurons"),
        ({"view": "path"}, ArgumentError, "view='path'"),
    ],
)  # fmt: skip
def test_what_cannot_be(given, error, text):
    with pytest.raises(error, match=text):
        Paths(**given)


def test_own_example_for_the_courses_network():
    assert Paths(x=[1.0, 2.0]).sizes == (2, 3, 3, 3, 2)


# Controls


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_that_is_not_grey_changes_the_sentence(view):
    widget = Paths(view=view, depth=2, activation="tanh")
    for name, control in widget.controls().items():
        low, high = widget.slider_ends().get(name, (control.low, control.high))
        if name in widget.idle_controls():
            moved = control.options or ((True,) if control.kind == "toggle" else (low, high))
            assert {says(widget.replace(**{name: value})) for value in moved} == {says(widget)}, name
        elif control.kind == "toggle":
            assert picture_png(widget.replace(**{name: True})) != picture_png(widget), name
        elif control.kind == "choice":
            assert len({says(widget.replace(**{name: value})) for value in control.options}) > 3, name
        else:
            ends = {says(widget.replace(**{name: value})) for value in (low, getattr(widget, name), high)}
            assert len(ends) > 1, name


def test_sliders_end_where_the_network_ends():
    widget = Paths(depth=1, width=4)
    assert widget.slider_ends() == {"layer": (1, 2), "source": (1, 4), "to": (1, 4), "output": (1, 2)}
    assert widget.replace(layer=2).slider_ends()["to"] == (1, 2)
    own = Paths(model=mine(), x=[0.5, -1.0, 2.0])
    assert own.slider_ends()["output"] == (1, 1) and {"activation", "depth", "width"} <= set(own.idle_controls())


def test_where_nothing_bends_the_sentence_says_why():
    hessian = Paths(view="Hessian", depth=2, activation="ReLU")
    assert "a ReLU has kinks and no bend" in says(hessian)
    assert "straight function of the last weights" in says(hessian.replace(layer=3, activation="tanh"))
    assert "identity does not bend" in says(hessian.replace(activation="identity"))


# Picture and words


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("dark", [False, True])
def test_the_picture_moves_with_the_input_and_is_small(view, dark):
    widget = Paths(view=view, depth=2)
    picture = Picture(*Paths.size, dark=dark)
    first = picture.paint(widget, widget.compute()).copy()
    moved = widget.replace(depth=3) if view == "count" else widget.replace(x1=-1.0)
    assert widget.background() == moved.background()
    assert (first != picture.paint(moved, moved.compute())).any()
    assert len(picture_png(widget, dark=dark)) < 30_000


@pytest.mark.parametrize("view", VIEWS)
def test_a_narrow_cell_has_its_own_layout(view):
    widget = Paths(view=view)
    width, height, scale = size_for(widget, 360)
    assert (width, height) == (4.5, 8.2)
    assert Picture(width, height, scale).paint(widget, widget.compute()).shape[1] <= 361


def test_numbers_are_written_for_people():
    assert weight_name((0, 2, 1)) == "W⁽¹⁾₂₃" and weight_name((1, 9, 1)) == "W⁽²⁾₂,₁₀"
    for view in VIEWS:
        assert not re.search(r"[a-zA-Z]_[ijk]|e-\d|\$", says(Paths(view=view, shown=3, printed=True, depth=1)))
