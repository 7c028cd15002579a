"""PathCount, JacobianMatrix and HessianMatrix: what lesson 07b describes really happens; table by table."""

import itertools

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.exercises.jacobian_and_hessian import BETS
from dlcourse.live.picture import Picture, picture_png, size_for
from dlcourse.live.widget import Pointer
from dlcourse.widgets import HessianMatrix, JacobianMatrix, PathCount

ALL = pytest.mark.parametrize("kind", [PathCount, JacobianMatrix, HessianMatrix])
CHAINS = pytest.mark.parametrize("kind", [JacobianMatrix, HessianMatrix])


def says(widget):
    return widget.describe(widget.compute())


def played(widget):
    while (following := widget.step()) is not widget:
        widget = following
    return widget


def down(widget, axes, x, y):
    return widget.pointer(Pointer("down", axes, x, y))


def drawn(widget):
    """The artists of a widget, brought to its result."""
    from matplotlib.figure import Figure

    from dlcourse.live import style

    def made():
        artists = widget.draw(Figure(widget.size))
        widget.paint(artists, widget.compute())
        return artists

    return style.themed(False, made)


# Counting


def test_paths_multiply_while_the_work_of_backpropagation_is_linear():
    works = PathCount(depth=10, width=10).compute()
    assert [one.paths for one in works] == [10**d for d in range(10)]
    assert set(np.diff([one.by_backward for one in works])) == {210}
    assert (works[9].paths, works[9].by_paths, works[9].by_backward) == (10**9, 2 * 10**10, 1980)
    assert "all 960 weights after 1\u202f980" in says(PathCount(depth=10, width=10))


def test_with_few_paths_counting_them_is_cheaper():
    works = PathCount(width=10).compute()
    assert [d + 1 for d, one in enumerate(works) if one.by_paths < one.by_backward] == [1, 2]
    assert {one.paths for one in PathCount(width=1).compute()} == {1}


def test_play_adds_layers_and_ends_with_the_deepest_network():
    widget, depths = PathCount(depth=7), []
    while (following := widget.step()) is not widget:
        widget = following
        depths.append(widget.depth)
    assert depths == [8, 9, 10] and not widget.can_step()


def test_the_axis_ends_where_the_slider_ends():
    control = PathCount.controls()["depth"]
    axes = drawn(PathCount()).cursor.axes
    assert list(axes.get_xticks()) == list(range(control.low, control.high + 1))
    assert len(PathCount().compute()) == control.high


def test_depth_and_width_by_hand_and_keys():
    widget = PathCount()
    assert down(widget, "count", 7.1, 10).depth == 7 and down(widget, "count", 3.1, 10) is widget
    assert widget.key("ArrowRight").depth == 4 and widget.key("ArrowDown").width == 2
    assert PathCount(depth=10).key("ArrowRight").depth == 10


# The Jacobian


def test_the_jacobian_is_what_paths_from_every_input_sum_to():
    widget = JacobianMatrix(activation="tanh")
    result, matrix = widget.compute(), np.eye(4)
    for link in dl.calculus.links(widget.network, widget.example):
        matrix = np.diag(link.slopes) @ link.weight.T @ matrix
    np.testing.assert_allclose(result.jacobian, matrix, rtol=1e-12)
    np.testing.assert_allclose(np.sqrt(result.stretches), np.linalg.svd(matrix)[1], rtol=1e-9)


def test_the_ellipse_is_left_in_proportion_to_h_and_never_without_activations():
    left = [JacobianMatrix(activation="tanh", h=h).compute().left for h in (0.1, 0.01)]
    assert [round(100 * value, 1) for value in left] == [18.3, 1.9]
    assert JacobianMatrix(activation="identity", h=1.0).compute().left < 1e-9


def test_the_ellipse_reaches_as_far_as_the_largest_eigenvalue_says():
    result = JacobianMatrix(activation="tanh").compute()
    assert np.linalg.norm(result.ellipse, axis=1).max() == pytest.approx(np.sqrt(result.stretches[0]), rel=1e-9)


def test_half_axes_are_the_ellipses_farthest_and_nearest_points():
    result = JacobianMatrix(activation="tanh").compute()
    lengths = np.linalg.norm(result.ellipse, axis=1)
    assert result.half_axes == pytest.approx([lengths.max(), lengths.min()], rel=1e-9)
    assert np.linalg.norm(result.ends, axis=1) == pytest.approx(result.half_axes, rel=1e-9)
    stretch = result.jacobian @ result.jacobian.T
    for end, eigenvalue in zip(result.ends, result.stretches, strict=True):
        np.testing.assert_allclose(stretch @ end, eigenvalue * end, rtol=1e-9)


def test_rows_by_hand_and_keys():
    widget = JacobianMatrix()
    assert down(widget, "jacobian", 0, 1.1).end == 1 and down(widget, "jacobian", 0, 0.1) is widget
    assert widget.key("o").end == widget.key("ArrowDown").end == 1 and widget.key("o").key("o").end == 0


# The Hessian


def blocks(depth, activation="softplus", layer=1):
    hessian = HessianMatrix(depth=depth, activation=activation, layer=layer).compute().hessian
    return np.abs(hessian).reshape(3, 4, 3, 4).max(axis=(1, 3))


def test_with_one_hidden_layer_weights_into_different_neurons_do_not_bend_each_other():
    full = blocks(1)
    assert np.abs(full - np.diag(np.diag(full))).max() < 1e-10 and np.diag(full).min() > 0.1


def test_with_two_hidden_layers_they_do():
    assert blocks(2).min() > 0.05


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus"])
def test_there_is_at_most_one_eigenvalue_a_neuron(depth, activation):
    assert HessianMatrix(depth=depth, activation=activation).compute().bent == 3


def test_relu_does_not_bend_and_neither_does_the_last_layer():
    assert HessianMatrix(depth=2, activation="ReLU").compute().bent == 0
    assert HessianMatrix(depth=2, activation="tanh", layer=3).compute().bent == 0


def test_where_nothing_bends_the_sentence_says_why():
    hessian = HessianMatrix(depth=2, activation="ReLU")
    assert "a ReLU has kinks and no bend" in says(hessian)
    assert "straight function of the last weights" in says(hessian.replace(layer=3, activation="tanh"))
    assert "identity does not bend" in says(hessian.replace(activation="identity"))


def test_the_hessian_has_the_second_differences():
    widget = HessianMatrix(depth=2, activation="tanh", to=2, source=3)
    place = widget.place

    def slopes(change):
        moved = widget.replace(turned=((place, change),))
        moved.network.zero_grad()
        moved.network(moved.example[None])[0, 0].backward()
        return moved.network[0].weight.grad.T.ravel().copy()

    expected = (slopes(1e-4) - slopes(-1e-4)) / 2e-4
    np.testing.assert_allclose(widget.compute().hessian[widget.row], expected, rtol=1e-5, atol=1e-7)


def test_pairs_of_weights_by_hand_and_keys():
    pair = down(HessianMatrix(), "hessian", 7.2, 9.9)
    assert pair.place == (0, 2, 2) and pair.pair == 7 and pair.row == 10
    assert HessianMatrix().key(".").pair == 1 and HessianMatrix().key(",").pair == 11
    assert HessianMatrix().key("j").place == (0, 1, 0)


def test_rounding_errors_are_never_shown():
    for depth, activation, layer, output in itertools.product(
        (1, 2, 3), ("sigmoid", "tanh", "softplus", "ReLU"), (1, 2), (1, 2)
    ):
        widget = HessianMatrix(depth=depth, activation=activation, layer=layer, output=output)
        assert "⁻¹" not in says(widget), says(widget)
        assert all("⁻¹" not in text.get_text() for text in drawn(widget).eigenvalues.values)


# What lesson 07b says that one will see


def test_things_to_try_with_the_count():
    widget = PathCount(depth=10, width=10, covered=True)
    assert "1\u202f000\u202f000\u202f000 paths" in says(widget) and "1\u202f980" not in says(widget)
    assert len(drawn(widget).numbers) == 2 and widget.step() is widget and widget.key("ArrowLeft") is widget
    widget = widget.replace(prediction=BETS["backpropagation"])
    assert f"all 960 weights after {BETS['backpropagation'].removesuffix(' times')}".replace(
        "1 980", "1\u202f980"
    ) in says(widget)
    printed = [text.get_text().split(" ")[0] for text in drawn(widget).numbers]
    assert printed == ["20\u202f000\u202f000\u202f000", "1\u202f000\u202f000\u202f000", "1\u202f980"]
    walked = [says(one) for one in (widget.replace(depth=1), played(widget.replace(depth=1)))]
    assert "1 hidden layer of 10: 1 path " in walked[0] and walked[1] == says(widget)
    assert all("1 path " in says(widget.replace(width=1, depth=depth)) for depth in range(1, 11))


def test_things_to_try_with_the_jacobian():
    asked = JacobianMatrix(activation="tanh", covered=True)
    assert not drawn(asked).row.get_visible() and "fill" not in says(asked)
    widget = asked.replace(prediction=BETS["Jacobian"])
    assert f"{BETS['Jacobian']} backward passes fill it" in says(widget) and drawn(widget).row.get_visible()
    for h, off in ((0.1, "18.3 %"), (0.01, "1.87 %")):
        assert off in says(widget.replace(h=h)) and off in drawn(widget.replace(h=h)).off.get_text()
    assert [text.get_text() for text in drawn(widget).plane.lengths] == ["2.87", "0.768"]
    assert "reaches 2.87 and 0.768" in says(widget) and "roots of 8.22 and 0.59" in says(widget)
    assert len(widget.compute().images) == 49  # the last direction is the first once more
    straight = widget.replace(activation="identity", h=1.0)
    assert "promises by 0 %" in says(straight) and drawn(straight).off.get_text().endswith("off by 0 %")
    assert straight.compute().left < 1e-9
    np.testing.assert_allclose(straight.compute().images, straight.compute().ellipse, atol=1e-9)


def test_things_to_try_with_the_hessian():
    asked = HessianMatrix(activation="softplus", other=4, covered=True)
    parts = drawn(asked)
    assert not parts.matrix.get_array().any() and {text.get_text() for text in parts.eigenvalues.values} == {""}
    assert not parts.eigenvalues.bars.get_visible() and "eigenvalues" not in says(asked)
    widget = asked.replace(prediction=BETS["Hessian"])
    assert BETS["Hessian"].startswith("stays")
    assert "row W⁽¹⁾₁₁ (orange), column W⁽¹⁾₂₁ (green): 0 (they lead into different neurons)" in says(widget)
    assert "3 of 12 eigenvalues are not 0" in says(widget) and "3 of 12" in says(widget.replace(depth=2))
    assert "0 of 12" in says(widget.replace(activation="ReLU"))
    assert "0 of 6" in says(widget.replace(activation="tanh", layer=2))
    inside = down(widget, "hessian", 5.0, 6.0)
    assert "both lead into one neuron" in says(inside) and "0 (they" not in says(inside)


# Covered until the prediction


@ALL
def test_what_is_asked_is_not_shown_before(kind):
    before, after = kind(covered=True), kind(covered=True, prediction="2")
    assert says(before) != says(after) and picture_png(before) != picture_png(after)
    for key in ("j", "o", ".", "ArrowLeft"):
        assert before.key(key) is before


# Yours


def mine(activation=dl.tanh, bias=True):
    rng = np.random.default_rng(3)
    return dl.Sequential(
        dl.Dense(3, 5, activation=activation, bias=bias, rng=rng), dl.Dense(5, 2, rng=rng), dl.relu, dl.Dense(2, 1, rng=rng)
    )  # fmt: skip


@CHAINS
def test_own_network_is_drawn_and_its_code_runs(kind):
    model, x = mine(), [0.5, -1.0, 2.0]
    widget = kind(model=model, x=x)
    assert picture_png(widget) and picture_png(widget, dark=True)
    names = {"model": model}
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        np.testing.assert_allclose(names[name], value, rtol=1e-5, atol=1e-7, err_msg=name)
    assert model[0].weight.dtype == np.float32 and "shuffle" in widget.absent_controls()


@CHAINS
def test_own_network_without_a_hidden_layer(kind):
    model = dl.Sequential(dl.Dense(2, 1, rng=np.random.default_rng(0)))
    widget = kind(model=model, x=[1.0, 2.0])
    assert says(widget) and picture_png(widget)


def test_of_three_outputs_the_first_two_make_the_ellipse():
    model = dl.Sequential(dl.Dense(4, 3, activation=dl.tanh, rng=np.random.default_rng(0)))
    widget = JacobianMatrix(model=model, x=[1.0, 2.0, 0.5, -1.0])
    result = widget.compute()
    assert result.jacobian.shape == (3, 4) and "first two outputs" in says(widget)
    assert np.linalg.norm(result.ellipse, axis=1).max() == pytest.approx(result.half_axes[0], rel=1e-9)


# Controls and pictures


@ALL
def test_every_control_changes_the_sentence(kind):
    widget = kind() if kind is PathCount else kind(depth=2, activation="tanh")
    for name, control in widget.controls().items():
        low, high = widget.slider_ends().get(name, (control.low, control.high))
        values = control.options or (low, getattr(widget, name), high)
        assert len({says(widget.replace(**{name: value})) for value in values}) > (3 if control.options else 1), name


@ALL
@pytest.mark.parametrize("dark", [False, True])
def test_the_picture_moves_and_is_small(kind, dark):
    widget = kind()
    picture = Picture(*kind.size, dark=dark)
    first = picture.paint(widget, widget.compute()).copy()
    moved = widget.replace(depth=4) if kind is PathCount else widget.replace(x1=-1.0)
    assert widget.background() == moved.background()
    assert (first != picture.paint(moved, moved.compute())).any()
    assert len(picture_png(widget, dark=dark)) < 30_000


@ALL
def test_a_narrow_cell_has_its_own_layout(kind):
    width, height, scale = size_for(kind(), 360)
    assert (width, height) == kind.narrow_size
    assert Picture(width, height, scale).paint(kind(), kind().compute()).shape[1] <= 361
