"""Paths and Derivation: what lesson 07 describes really happens; path by path, line by line."""

import itertools
import re

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError, DataError, ShapeError, WrongTypeError
from dlcourse.exercises.when_things_get_intense import BETS
from dlcourse.live.numbers import with_power
from dlcourse.live.picture import Picture, picture_png, size_for
from dlcourse.live.widget import Pointer
from dlcourse.widgets import Derivation, Paths
from dlcourse.widgets.chain.layout import places
from dlcourse.widgets.chain.notation import weight_name
from dlcourse.widgets.when_things_get_intense.derivation import lines
from dlcourse.widgets.when_things_get_intense.derivation.state import LINES

BOTH = pytest.mark.parametrize("kind", [Paths, Derivation])


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
        widget = Derivation(depth=depth, activation=activation, layer=layer, h=1e-5)
        values = lines.values(widget.compute())
        assert len(values) == len(lines.SAID) == len(lines.formulas(widget)) == LINES
        assert values == pytest.approx([widget.compute().gradient] * 8, rel=1e-6, abs=1e-10)


def test_the_last_line_is_delta_times_what_comes_in():
    widget = Derivation()
    result = widget.compute()
    weight, z = result.chain[1].weight[1, 0], result.chain[0].z[1]
    a = dl.sigmoid(dl.Tensor(z)).item()
    assert result.delta == pytest.approx(weight * a * (1 - a), rel=1e-12)
    assert result.source == 0.8
    assert result.gradient == pytest.approx(result.delta * 0.8, rel=1e-12)
    assert with_power(result.gradient) == "0.1698"


def test_the_lines_are_the_slides_lines_and_the_slips_are_the_slides_slips():
    right = lines.formulas(Derivation())
    printed = lines.formulas(Derivation(printed=True))
    assert [k for k in range(8) if right[k] != printed[k]] == sorted(lines.SLIPS)
    assert r"\sum_k W_k^{(2)} a_k^{(2)}" in right[0] and r"\sum" not in printed[0]
    assert printed[2].startswith(r"$\Rightarrow")
    assert r"\dfrac{\sigma'(z_i^{(2)})}{\partial z_i^{(2)}}" in printed[3]
    assert right[-1] == r"$=\delta_i^{(2)}\cdot a_j^{(1)}$"
    assert "a_{4}W_{i4}" in right[4]


def test_the_printed_quotient_grows_as_h_shrinks():
    quotients = []
    for h in (1e-2, 1e-3, 1e-4):
        widget = Derivation(printed=True, h=h, shown=4)
        quotients.append(lines.quotient(widget.compute(), h))
        assert with_power(quotients[-1]) in says(widget)
    assert quotients[1] / quotients[0] == pytest.approx(10) and quotients[2] / quotients[1] == pytest.approx(10)
    assert with_power(quotients[1]) == "212.2"


def test_step_goes_through_the_lines_and_names_the_rules():
    widget = Derivation()
    heard = []
    for _ in range(8):
        widget = widget.step()
        heard.append(says(widget))
    assert widget.step() is widget
    assert all(f"Line {k} of 8" in text for k, text in enumerate(heard, 1))
    assert "Chain rule" in heard[2] and "Local gradient" in heard[3] and "δᵢ" in heard[7]


def test_every_line_has_a_rule_of_its_own_and_a_number():
    assert len(set(lines.RULES)) == LINES and all(lines.RULES)
    widget = Derivation()
    artists = drawn(widget)
    assert [text.get_text() for text in artists.results] == ["0.169797"] * LINES
    axes = artists.mark.axes
    numbers = [text.get_text() for text in axes.texts if text.get_text() in set("12345678")]
    assert numbers == list("12345678")


def drawn(widget):
    """The artists of a widget, brought to its result."""
    from matplotlib.figure import Figure

    from dlcourse.live import style

    def made():
        artists = widget.draw(Figure(widget.size))
        widget.paint(artists, widget.compute())
        return artists

    return style.themed(False, made)


# What lesson 07 says that one will see


def test_things_to_try_with_the_paths():
    widget = Paths(depth=3, width=4)
    assert str(widget.compute().count) == BETS["paths"] == "16"
    assert "16 of 16 sum to 0.001922" in says(played(widget))
    assert "backpropagation 0.001922" in says(widget)
    fifth = down(widget, "products", 5.1, 0.0)
    assert "Path 5" in says(fifth) and "brings 0;" in says(fifth)
    assert " W 0 " in drawn(fifth).product.get_text()
    assert ["64 paths" in says(widget.replace(depth=4)), "256 paths" in says(widget.replace(depth=5))] == [True, True]
    assert (
        "off by 7.7 %" in says(widget.replace(h=1.0))
        and "off by 7.7 %" in drawn(widget.replace(h=1.0)).checks.get_text()
    )
    off = [widget.replace(h=h).compute().off for h in (1e-3, 1e-9)]
    assert off[0] < 1e-7 < off[1]
    at = places(widget.sizes)
    x, y = 0.5 * at[3][3] + 0.5 * at[4][1]
    assert "no path leads from one to the other, so the derivative is 0" in says(down(widget, "network", x, y))


def test_things_to_try_with_the_derivation():
    asked = Derivation(printed=True, covered=True)
    assert all(text.get_text() in ("?", "") for text in (*drawn(asked).results, *drawn(asked).numbers))
    assert "212" not in says(asked) and "0.1" not in says(asked)
    widget = asked.replace(prediction="0.17, nearly")
    assert BETS["line 4"] == "more than 100 times as much"
    results = [text.get_text() for text in drawn(widget).results]
    assert results == ["0.169797"] * 3 + ["212.246"] + ["0.169797"] * 4
    assert float(results[3]) / float(results[0]) > 100 and "line 4 comes to 212.2" in says(widget)
    assert drawn(widget.replace(h=1e-4)).results[3].get_text() == "2122.46"
    slips = [k + 1 for k, text in enumerate(drawn(widget).results) if text.get_color() == "#D55E00"]
    formulas = [text for text in drawn(widget).mark.axes.texts if text.get_text().startswith("$")]
    assert slips == [1, 3, 4] == [k + 1 for k, text in enumerate(formulas) if text.get_color() == "#D55E00"]
    for k, said in ((1, "Wᵢaᵢ. It is one term of s"), (3, "⇒"), (4, "212.2 instead of 0.1698")):
        widget = widget.replace(shown=k)
        assert f"Line {k} of 8" in says(widget) and said in says(widget)
    assert [text.get_text() for text in drawn(Derivation()).results] == ["0.169797"] * 8
    deeper = Derivation(depth=3)
    assert "along 9 paths" in says(deeper) and "9 paths" in drawn(deeper).here.get_text()
    assert r"\dfrac{\partial s}{\partial a_i^{(2)}}" in lines.formulas(deeper)[1]


# Covered until the prediction


@BOTH
def test_what_is_asked_is_not_shown_before(kind):
    settings = {"covered": True, "depth": 3, "width": 4}
    before, after = kind(**settings), kind(**settings, prediction="16")
    assert says(before) != says(after) and picture_png(before) != picture_png(after)
    assert before.key("j") is before and down(before, "network", 0.5, 0.5) is before and before.step() is before
    assert "16 paths" not in says(before) and "along" not in says(before)
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


def test_a_weight_is_turned_and_the_output_follows_as_promised():
    widget = Paths(depth=1)
    moved = widget.key("+")
    assert moved.compute().weight == pytest.approx(widget.compute().weight + 0.1)
    promised = 0.1 * widget.compute().gradient
    assert moved.compute().score - widget.compute().score == pytest.approx(promised, rel=0.05)
    assert moved.key("-").compute().score == pytest.approx(widget.compute().score, rel=1e-12)
    assert moved.key("Delete").turned == ()
    names = {}
    exec(moved.code(), names)
    assert names["by_paths"] == pytest.approx(moved.compute().gradient, rel=1e-12)


def test_new_weights_are_other_weights_and_end_what_was_edited():
    widget = Paths().key("+").shuffle()
    assert widget.turned == () and widget.compute().weight != Paths().compute().weight


def test_pointing_at_a_path_and_at_a_line():
    assert down(Paths(), "products", 4.2, 0).shown == 4
    assert down(Derivation(), "lines", 0.5, 3.4).shown == 4 and down(Derivation(), "lines", 0.5, 8.0).shown == 8
    assert Derivation().key("j").place == (0, 3, 1)


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


@BOTH
def test_own_network_is_drawn_and_its_code_runs(kind):
    model, x = mine(), [0.5, -1.0, 2.0]
    widget = kind(model=model, x=x)
    assert picture_png(widget) and picture_png(widget, dark=True)
    names = {"model": model}
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        np.testing.assert_allclose(names[name], value, rtol=1e-5, atol=1e-7, err_msg=name)
    assert model[0].weight.dtype == np.float32


@BOTH
def test_an_own_network_shows_no_control_that_is_not_its(kind):
    widget = kind(model=mine(), x=[0.5, -1.0, 2.0])
    assert set(widget.absent_controls()) == {"activation", "depth", "width", "shuffle"}
    assert widget.shuffle() is widget and not set(kind().absent_controls())
    for name, value in (("activation", "ReLU"), ("depth", 5), ("width", 2)):
        assert says(widget.replace(**{name: value})) == says(widget)
    assert "sigmoid" not in says(widget)


@BOTH
def test_own_network_without_a_hidden_layer(kind):
    model = dl.Sequential(dl.Dense(2, 1, rng=np.random.default_rng(0)))
    widget = kind(model=model, x=[1.0, 2.0], source=2)
    assert says(widget) and picture_png(widget)
    assert widget.compute().gradient == 2.0


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
        ({"activation": "step"}, ArgumentError, "activation='step'"),
    ],
)  # fmt: skip
def test_what_cannot_be(given, error, text):
    with pytest.raises(error, match=text):
        Paths(**given)


def test_own_example_for_the_courses_network():
    assert Paths(x=[1.0, 2.0]).sizes == (2, 3, 3, 3, 2)


# Controls


@BOTH
def test_every_control_that_is_not_grey_changes_the_sentence(kind):
    widget = kind(depth=2, width=4, activation="tanh", **({} if kind is Paths else {"layer": 2}))
    for name, control in widget.controls().items():
        low, high = widget.slider_ends().get(name, (control.low, control.high))
        if control.kind == "toggle":
            assert picture_png(widget.replace(**{name: True})) != picture_png(widget), name
        elif control.kind == "choice":
            assert len({says(widget.replace(**{name: value})) for value in control.options}) > 3, name
        else:
            ends = {says(widget.replace(**{name: value})) for value in (low, getattr(widget, name), high)}
            assert len(ends) > 1, name
    assert Derivation(depth=2).idle_controls() == {"printed"} and not Derivation().idle_controls()


def test_sliders_end_where_the_network_ends():
    widget = Paths(depth=1, width=4)
    assert widget.slider_ends() == {"layer": (1, 2), "source": (1, 4), "to": (1, 4), "output": (1, 2)}
    assert widget.replace(layer=2).slider_ends()["to"] == (1, 2)
    own = Paths(model=mine(), x=[0.5, -1.0, 2.0])
    assert own.slider_ends()["output"] == (1, 1)


# Picture and words


@BOTH
@pytest.mark.parametrize("dark", [False, True])
def test_the_picture_moves_with_the_input_and_is_small(kind, dark):
    widget = kind(depth=2)
    picture = Picture(*kind.size, dark=dark)
    first = picture.paint(widget, widget.compute()).copy()
    moved = widget.replace(x1=-1.0)
    assert widget.background() == moved.background()
    assert (first != picture.paint(moved, moved.compute())).any()
    assert len(picture_png(widget, dark=dark)) < 40_000


@BOTH
def test_a_narrow_cell_has_its_own_layout(kind):
    width, height, scale = size_for(kind(), 360)
    assert (width, height) == kind.narrow_size
    assert Picture(width, height, scale).paint(kind(), kind().compute()).shape[1] <= 361


@BOTH
def test_numbers_are_written_for_people(kind):
    assert weight_name((0, 2, 1)) == "W⁽¹⁾₂₃" and weight_name((1, 9, 1)) == "W⁽²⁾₂,₁₀"
    for shown in range(9):
        assert not re.search(r"[a-zA-Z]_[ijk]|e-\d|\$", says(kind(shown=shown, depth=1)))
