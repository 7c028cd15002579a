"""InitExplorer: what lesson 17 describes really happens, and the numbers are those of plain NumPy."""

import functools
import itertools
import re

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.live.widget import Pointer
from dlcourse.widgets import InitExplorer, picture_png
from dlcourse.widgets.initializations.formula import ACTIVATIONS, foretell, squares
from dlcourse.widgets.initializations.network import cached_data, distinct, network
from dlcourse.widgets.initializations.numbers import BUNCH, LAST, RECIPES, UNSEEN, begun, bins, read


@functools.cache
def played(**changes):
    state = InitExplorer(**changes)
    while state.can_step():
        state = state.step()
    return state


def sentence(widget):
    return widget.describe(widget.compute())


def told(widget, words):
    """The number that the sentence gives after these words."""
    match = re.search(rf"{words} (\d+(?:\.\d+)?)(?:·10([⁻⁰¹²³⁴-⁹]+))?", sentence(widget))
    power = match[2].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) if match[2] else "0"
    return float(match[1]) * 10.0 ** int(power)


# Not all zeros


@pytest.mark.parametrize("activation", ["tanh", "ReLU"])
def test_from_zeros_nothing_arrives_and_no_weight_ever_moves(activation):
    state = played(weights="zeros", depth=2, width=32, activation=activation)
    result = state.compute()
    assert state.present.updates == LAST
    assert all((weight == 0).all() for weight in state.present.weights)
    assert all((bias == 0).all() for bias in state.present.biases[:-1]) and (state.present.biases[-1] != 0).any()
    assert result.different.tolist() == [1, 1] and (result.signal == 0).all() and (result.gradient == 0).all()
    assert result.right < 0.15
    assert "No gradient comes back" in sentence(state)


def test_from_zeros_a_sigmoid_moves_since_it_is_a_half_at_0_and_its_neurons_stay_equal():
    state = played(weights="zeros", depth=1, width=32, activation="sigmoid")
    hidden, out = state.present.weights
    assert (hidden != 0).any() and (out != 0).any()
    assert np.abs(hidden - hidden[:, :1]).max() < 1e-9 and np.abs(out - out[:1]).max() < 1e-9
    assert state.compute().different.tolist() == [1]


@pytest.mark.parametrize("activation", ["tanh", "ReLU"])
def test_equal_weights_are_one_neuron_however_long_one_trains(activation):
    state = InitExplorer(weights="constant", depth=2, width=32, activation=activation)
    while state.can_step():
        state = state.step()
        if state.present.updates % 50 == 0:
            assert state.compute().different.tolist() == [1, 1]
    first = state.present.weights[0]
    assert (first != first[0, 0]).any(), "they do learn, all of them the same"
    for weight in state.present.weights[:-1]:
        assert np.abs(weight - weight[:, :1]).max() < 1e-9
    assert state.compute().right < 0.35


def test_one_neuron_reads_three_in_ten_and_32_different_ones_nine_in_ten():
    one, many = (played(weights=name, depth=2, width=32) for name in ("constant", "LeCun"))
    assert one.compute().right == pytest.approx(0.27, abs=0.04)  # “about 3 in 10”
    assert many.compute().right > 0.9 and many.compute().different.tolist() == [32, 32]


def test_at_first_no_gradient_arrives_at_equal_neurons_then_the_answers_differ_and_one_does():
    state = InitExplorer(weights="constant", depth=2, width=32)
    assert (state.compute().gradient == 0).all()
    assert state.step().compute().gradient[-1] == 1


def test_neurons_are_counted_once_that_always_say_the_same():
    rng = np.random.default_rng(0)
    a = rng.normal(size=(32, 5))
    assert distinct(a) == 5
    assert distinct(a[:, [0, 1, 0, 1, 0]]) == 2
    assert distinct(np.zeros((32, 5))) == 1
    assert distinct(1e-30 * a) == 5


# The spread, layer by layer


def test_one_over_n_in_place_of_two_costs_a_root_of_a_half_in_each_layer():
    half = InitExplorer(weights="LeCun", activation="ReLU", depth=50).compute()
    he = InitExplorer(weights="He", activation="ReLU", depth=50).compute()
    assert half.factor == pytest.approx(0.5**0.5, abs=0.01) and he.factor == pytest.approx(1, abs=0.01)
    layers = np.arange(1, 51)
    np.testing.assert_allclose(half.signal, he.signal * 0.5 ** (layers / 2), rtol=1e-5)  # float32 weights
    # Other signals make other mistakes, so the gradients begin a little differently.
    assert np.abs(np.log10(half.gradient / he.gradient) - np.log10(0.5) * (50 - layers) / 2).max() < 0.2
    assert 0.1 < he.signal[-1] < 4 and 0.1 < he.gradient[0] < 4
    assert 5e-9 < half.signal[-1] < 1e-7  # “1 in 30 million”, 2⁻²⁵
    assert 5e-9 < half.gradient[0] < 1e-7


def test_a_scale_a_fifth_off_is_the_fiftieth_power_of_it():
    plain = InitExplorer(weights="He", activation="ReLU", depth=50).compute()
    for scale, power in ((0.8, 1.4e-5), (1.2, 9.1e3)):
        off = InitExplorer(weights="He", activation="ReLU", depth=50, scale=scale).compute()
        assert off.signal[-1] / plain.signal[-1] == pytest.approx(scale**50, rel=1e-9)
        assert scale**50 == pytest.approx(power, rel=0.02)
        assert off.gradient[0] / plain.gradient[0] == pytest.approx(scale**49, rel=0.4)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_formula_foretells_what_is_measured(activation):
    result = InitExplorer(weights="He", activation=activation, depth=30, width=128).compute()
    for measured, foretold in zip((result.signal, result.gradient), result.foretold, strict=True):
        assert np.abs(np.log10(measured / foretold)).max() < 0.35


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_means_of_the_formula_are_those_of_many_normal_numbers(activation):
    z = np.random.default_rng(0).normal(size=400_000)
    for variance in (1e-9, 0.01, 1.0, 30.0):
        x = dl.Tensor(np.sqrt(variance) * z, requires_grad=True)
        y = ACTIVATIONS[activation][1](x)
        y.sum().backward()
        out, slope = squares(activation, variance)
        assert out == pytest.approx(np.mean(y.data**2), rel=0.02)
        assert slope == pytest.approx(np.mean(x.grad**2), rel=0.02)


def test_where_weights_are_not_spread_around_0_the_formula_is_silent():
    for name in ("constant", "zeros"):
        result = InitExplorer(weights=name, activation="ReLU", depth=5).compute()
        assert result.foretold is None and np.isnan(result.factor)
        assert "formula" not in sentence(InitExplorer(weights=name, activation="ReLU", depth=5))


def test_lecun_and_glorot_are_the_same_where_layers_are_equally_wide():
    lecun, glorot = (InitExplorer(weights=name).compute() for name in ("LeCun", "Glorot"))
    np.testing.assert_allclose(lecun.signal, glorot.signal, rtol=1e-6)


def test_orthogonal_weights_keep_a_signal_exactly_where_nothing_bends():
    result = InitExplorer(weights="orthogonal", activation="none", depth=50).compute()
    np.testing.assert_allclose(result.signal, result.signal[0], rtol=1e-5)
    np.testing.assert_allclose(result.gradient, 1, rtol=1e-5)


def test_signals_and_gradients_are_those_of_a_model_made_of_layers():
    state = InitExplorer(depth=4, width=48, scale=1.3, activation="sigmoid", weights="Glorot", distribution="uniform")
    sizes = [64, 48, 48, 48, 48, 10]
    layers = []
    for number, (k, m) in enumerate(itertools.pairwise(sizes)):
        activation = dl.sigmoid if number < 4 else None
        rng = np.random.default_rng([0, number])
        layers.append(dl.Dense(k, m, activation=activation, initializer=dl.glorot_uniform, rng=rng))
        layers[-1].weight.data *= 1.3
    (x, y), _ = cached_data()
    a, outputs = dl.Tensor(x[:32].astype(np.float32)), []
    for layer in layers:
        a = layer(a)
        outputs.append(a)
    dl.cross_entropy(a, y[:32]).backward(keep_inner=True)
    result = state.compute()
    np.testing.assert_allclose(result.signal, [np.sqrt((o.data**2).mean()) for o in outputs[:-1]], rtol=1e-4)
    gradients = np.array([np.sqrt((o.grad**2).mean()) for o in outputs[:-1]])
    np.testing.assert_allclose(result.gradient, gradients / gradients[-1], rtol=1e-3)
    np.testing.assert_allclose(result.units, np.array([o.data[0, :32] for o in outputs[:-1]]).T, rtol=1e-3)


def test_the_inputs_have_spread_1():
    (x, _), (unseen, _) = cached_data()
    assert np.sqrt((x**2).mean()) == pytest.approx(1) and np.sqrt((unseen**2).mean()) == pytest.approx(1, abs=0.02)


# Training


def test_thirty_layers_of_tanh_train_with_the_right_scale_and_not_with_a_fifth_less():
    right, fifth, half = (played(scale=scale).compute() for scale in (1.0, 0.8, 0.5))
    assert right.right > 0.8 and right.loss < 0.7
    assert fifth.right < 0.15 and half.right < 0.15
    assert fifth.loss > 2.25 and half.loss > 2.25


def test_training_changes_nothing_that_was_there_and_goes_on_from_where_it_was():
    first = InitExplorer(depth=3, width=16)
    before = [weight.copy() for weight in first.present.weights]
    later = first.step().step()
    assert later.present.updates == 2 * BUNCH and first.present.updates == 0
    assert all(np.array_equal(a, b) for a, b in zip(before, first.present.weights, strict=True))
    again = InitExplorer(depth=3, width=16).step().step()
    assert all(np.array_equal(a, b) for a, b in zip(later.present.weights, again.present.weights, strict=True))
    result = later.compute()
    assert np.array_equal(result.signal_before, first.compute().signal)
    assert not np.array_equal(result.signal, result.signal_before)


def test_unseen_digits_are_read_before_training_and_after_every_tenth_update():
    state, told = InitExplorer(depth=3, width=16), []
    for _ in range(6):
        state = state.step()
        told.append((state.present.updates, state.present.reader.updates, state.compute().loss))
    assert [at for _, at, _ in told] == [0, 0, 0, 0, 10, 10]
    losses = [loss for *_, loss in told]
    assert losses[:4] == [read(begun(state.plan))[0]] * 4 and losses[4] == losses[5] != losses[3]
    assert "After 10 of its 12 updates the loss was" in sentence(state)
    assert "Before its 2 updates the loss was" in sentence(InitExplorer(depth=3, width=16).step())
    assert "After 300 updates the loss is" in sentence(played(depth=3, width=16))


def test_another_setting_is_another_network_that_is_not_trained():
    later = InitExplorer(depth=3, width=16).step()
    assert later.look_at(1).present.updates == BUNCH
    for changes in ({"scale": 1.2}, {"depth": 4}, {"activation": "ReLU"}, {"weights": "He"}, {"seed": 1}):
        assert later.replace(**changes).present.updates == 0
    assert later.untrained().present is begun(later.plan)
    assert later.new_weights().present.updates == 0


def test_where_a_step_would_write_infinity_training_ends_and_says_so():
    state = played(weights="spread 1", activation="ReLU", depth=50)
    assert state.present.burst and not state.can_step() and state.step() is state
    assert "would write infinity" in sentence(state)
    assert all(np.isfinite(weight).all() for weight in state.present.weights)


# Controls, hand, yours


def test_every_recipe_draws_what_its_name_says():
    rng = np.random.default_rng(0)
    spreads = {"zeros": 0, "constant": 1 / 200, "spread 0.01": 0.01, "spread 1": 1, "orthogonal": 1 / 200**0.5}
    spreads |= {"LeCun": 1 / 200**0.5, "Glorot": (2 / 500) ** 0.5, "He": (2 / 200) ** 0.5}
    for name, recipe in RECIPES.items():
        shape = (200, 200) if name == "orthogonal" else (200, 300)
        for draw in (recipe.normal, recipe.uniform):
            assert np.sqrt((draw(shape, rng=rng) ** 2).mean()) == pytest.approx(spreads[name], rel=0.02), name
        flat = recipe.uniform(shape, rng=rng)
        if recipe.normal is not recipe.uniform:
            assert np.abs(flat).max() <= spreads[name] * 3**0.5 * 1.0001


def test_depth_and_scale_do_not_draw_the_weights_anew():
    shallow, deep = InitExplorer(depth=3), InitExplorer(depth=9, scale=2.0)
    for one, other in zip(shallow.present.weights[:3], deep.present.weights[:3], strict=True):
        assert np.array_equal(2 * one, other)


def test_own_weights_are_drawn_by_ones_own_function():
    mine = InitExplorer(initializer=dl.he_normal, activation="ReLU", depth=5)
    assert mine.weights == "yours"
    assert np.array_equal(
        mine.compute().signal, InitExplorer(weights="He", activation="ReLU", depth=5).compute().signal
    )
    missing = InitExplorer(weights="yours")
    assert "InitExplorer(initializer=mine)" in sentence(missing) and "He weights" in sentence(missing)


def not_a_number(shape, rng):
    return np.full(shape, np.nan)


@pytest.mark.parametrize(
    ("own", "kind", "message"),
    [
        (3, WrongTypeError, "InitExplorer: initializer should be a function such as dl.he_normal, not 3."),
        (lambda shape, rng: np.zeros(3), ShapeError, r"was asked for weights of shape \(64, 16\), and gave"),
        (not_a_number, DataError, "your initializer gives NaN or infinity for weights"),
    ],
    ids=["no function", "another shape", "not a number"],
)
def test_other_initializers_are_refused_in_words(own, kind, message):
    with pytest.raises(kind, match=message):
        InitExplorer(initializer=own)


def test_numbers_beyond_all_numbers_are_refused_in_words():
    with pytest.raises(DataError, match="pass the largest there is within 50 layers"):
        InitExplorer(initializer=dl.initializers.normal(1e9), activation="none", depth=50).compute()


def test_hand_and_keys_choose_the_layer_and_stay_within_the_network():
    state = InitExplorer(depth=10, layer=4)
    assert state.pointer(Pointer("down", "spread", 6.6, 1.0)).layer == 7
    assert state.pointer(Pointer("drag", "units", 99.0, 0.5)).layer == 10
    assert state.pointer(Pointer("down", "signal", 1.0, 0.5)) is state
    assert state.pointer(Pointer("hover", "spread", 7.4, 1.0)) is state
    assert state.key("ArrowRight").layer == 5 and state.key("ArrowLeft").layer == 3 and state.key("a") is state
    assert InitExplorer(depth=3).layer == 3 and InitExplorer(depth=3).slider_ends() == {"layer": (1, 3)}


def test_bars_hold_every_value_once_and_the_far_ones_at_the_ends():
    values = np.array([-50.0, -2.0, -0.09, 0.0, 0.09, 0.3, 2.04, 1e30])
    shares = bins(values)
    assert shares.sum() == pytest.approx(1)
    assert shares[[0, 10, -1]] == pytest.approx([2 / 8, 3 / 8, 2 / 8])


def test_before_the_bet_no_layer_behind_the_first_is_told():
    covered = InitExplorer(weights="LeCun", activation="ReLU", depth=50, covered=True)
    assert "layer 50" not in sentence(covered) and "formula" not in sentence(covered)
    assert (
        "stays covered" in sentence(covered) and told(covered, "spread is") == 0.67
    )  # “Behind the first layer it is 0.67”
    chosen = covered.replace(prediction="about 1 in 2")
    assert "layer 50" in sentence(chosen)
    assert not InitExplorer(covered=True, about_training=True).hides_spread


# The things to try


def test_things_to_try_with_equal_neurons():
    state = InitExplorer(weights="constant", depth=2, width=32)
    for layer in (1, 2):
        assert f"Layer {layer}: 1 different neuron of 32" in sentence(state.look_at(layer))
        assert f"Layer {layer}: 1 different neuron of 32" in sentence(
            played(weights="constant", depth=2, width=32, layer=layer)
        )
    assert "reads 27% of 300" in sentence(played(weights="constant", depth=2, width=32))
    for activation in ("tanh", "ReLU"):
        zeros = played(weights="zeros", depth=2, width=32, activation=activation)
        assert "0 in layer 1 and 0 in layer 2" in sentence(zeros) and "loss is 2.31" in sentence(zeros)
    lecun = played(weights="LeCun", depth=2, width=32)
    assert "32 different neurons of 32" in sentence(lecun) and told(lecun, "it reads") > 90


def test_things_to_try_with_fifty_layers():
    relu = InitExplorer(weights="LeCun", activation="ReLU", depth=50, layer=50)
    assert told(relu, "and") == pytest.approx(2e-8, rel=0.2) and told(relu, "layer 50,") == pytest.approx(3e-8, rel=0.1)
    assert "multiplies the spread by 0.71" in sentence(relu)
    middle = relu.look_at(25).compute()
    assert middle.signal_bars[10] == middle.gradient_bars[10] == 1  # “everything is in the middle bar, on both sides”
    he = relu.replace(weights="He")
    assert "multiplies the spread by 1.00" in sentence(he)
    assert he.compute().signal.min() > 0.3 and he.compute().signal.max() < 3  # “level”, on an axis of 20 powers of ten
    assert he.compute().gradient.min() > 0.3 and he.compute().gradient.max() < 3
    assert told(he.replace(scale=0.8), "and") == pytest.approx(1e-5, rel=0.2)
    assert 2e3 < told(he.replace(scale=1.2), "and") < 1e4  # “some thousands”
    wide = relu.replace(weights="spread 1", activation="tanh")
    assert told(wide, "and") == pytest.approx(0.95, abs=0.02) and told(wide, "layer 50,") > 1e10
    bars = wide.compute().signal_bars
    assert bars[[5, 15]].sum() > 0.7 and bars[:5].sum() == bars[16:].sum() == 0


def test_things_to_try_with_a_fifth_less():
    right, less, half, more = (InitExplorer(scale=scale) for scale in (1.0, 0.8, 0.5, 1.2))
    assert told(half, "layer 30,") == pytest.approx(2e-9, rel=0.25)
    assert told(more, "layer 30,") == pytest.approx(1.1, abs=0.1) and told(right, "layer 30,") < 0.3  # “level”
    assert more.compute().signal.min() > 0.35
    assert told(played(scale=1.0), "it reads") == pytest.approx(90, abs=5)
    assert told(played(scale=0.8), "it reads") == pytest.approx(10, abs=3)
    assert told(played(scale=1.2), "it reads") == pytest.approx(90, abs=5)
    late = played(scale=0.8).compute()
    assert np.abs(late.units[:, 15:]).max() < 0.12  # “the last layers are nearly white”
    assert less.compute().signal[-1] < 1e-3


def test_on_the_way_back_the_outputs_count_and_on_the_way_there_the_inputs():
    signal, gradient = foretell("ReLU", [(64, 32), (32, 10)], [0.5, 0.25], 1.0)
    np.testing.assert_allclose(signal**2, [64 * 0.5 / 2, 64 * 0.5 / 2 * 32 * 0.25 / 2])
    np.testing.assert_allclose(gradient**2, [10 * 0.25 / 2, 1])


@pytest.mark.parametrize("dark", [False, True])
def test_a_frame_is_small(dark):
    fullest = InitExplorer(weights="spread 1", depth=50)
    assert len(picture_png(fullest, dark=dark)) < 30_000


@pytest.mark.parametrize(("weights", "width"), [("He", 64), ("spread 1", 128)])
def test_unseen_digits_are_read_as_in_float64_also_where_numbers_pass_the_largest_of_float32(weights, width):
    run = InitExplorer(weights=weights, activation="ReLU", depth=50, width=width).present
    x, y = (part[:UNSEEN] for part in cached_data()[1])
    logits = network(x, run.weights, run.biases, dl.relu)[1]
    assert (np.abs(logits.data).max() > np.finfo(np.float32).max) == (weights == "spread 1")
    loss, right = read(run)
    assert loss == pytest.approx(dl.cross_entropy(logits, y).item(), rel=1e-5)
    assert right == (logits.data.argmax(axis=1) == y).mean()
