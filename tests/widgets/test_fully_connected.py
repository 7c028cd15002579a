"""Wiring: what lesson 11 describes really happens, and links, counts, hand and code agree with the layers themselves."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.live.encoding import encode
from dlcourse.live.picture import Picture, picture_png, size_for
from dlcourse.live.pixels import Words, width_of
from dlcourse.live.widget import Pointer
from dlcourse.widgets import Wiring
from dlcourse.widgets.fully_connected import networks
from dlcourse.widgets.fully_connected.layout import places
from dlcourse.widgets.fully_connected.units import letters

KINDS = ("dense", "convolutional", "recurrent")


def sentence(widget):
    return widget.describe(widget.compute())


def run_code(widget, **names):
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        np.testing.assert_allclose(names[name], value, rtol=1e-5, atol=1e-6, err_msg=name)


def rows(x):
    """Pictures (N, 8, 8, 1) as sequences of eight rows, (N, 8, 8)."""
    return x.reshape(len(x), 8, 8)


def roughness(weights):
    """How far weights (8, 8, M) of neighbouring pixels differ, beside weights of any two pixels."""
    across = np.abs(np.diff(weights, axis=0)).mean() + np.abs(np.diff(weights, axis=1)).mean()
    flat = weights.reshape(64, -1)
    return across / 2 / np.abs(flat[:, None] - flat[None]).mean()


@pytest.fixture(scope="module")
def taught():
    """A dense network that has learned from digits as they are."""
    rng = np.random.default_rng(2)
    train, _ = dl.data.digits().split(1 / 3, 2 / 3, rng=np.random.default_rng(0))
    model = dl.Sequential(dl.Flatten(), dl.Dense(64, 32, activation=dl.relu, rng=rng), dl.Dense(32, 10, rng=rng))
    optimizer = dl.Adam(model.parameters(), 5e-3)
    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=15, batch_size=32, rng=rng, progress=False)
    return model


# What the lesson tells to try


def test_shuffling_leaves_the_dense_network_and_hurts_the_convolution():
    read = {(kind, mixed): Wiring(wiring=kind, shuffled=mixed).compute().right for kind in KINDS for mixed in (0, 1)}
    assert abs(read["dense", 0] - read["dense", 1]) < 0.01
    lost = read["convolutional", 0] - read["convolutional", 1]
    assert 0.03 < lost < 0.05, "about four digits in a hundred"
    assert 1 - read["convolutional", 1] > 2 * (1 - read["convolutional", 0]), "more than two mistakes for each"
    assert abs(read["recurrent", 0] - read["recurrent", 1]) < lost / 1.5


def test_unshuffled_weights_have_patches_and_shuffled_ones_go_along_with_their_pixels():
    plain, mixed = (networks.trained("dense", kind)[1].weight.data.reshape(8, 8, 32) for kind in (False, True))
    assert roughness(plain) < 0.9
    assert roughness(mixed) > 0.95
    back = np.empty((64, 32))
    back[networks.order()] = mixed.reshape(64, 32)
    assert roughness(back.reshape(8, 8, 32)) < 0.9


def test_each_neuron_of_the_dense_layer_has_all_pixels_and_weights_of_its_own():
    layer = networks.trained("dense", False)[1]
    for sheet in range(32):
        result = Wiring(unit=(sheet, 0, 0)).compute()
        assert result.pixels.tolist() == list(range(64)) and result.links.shared == 1
        assert np.array_equal(result.links.weights, layer.weight.data[:, sheet])
    assert len({tuple(column) for column in layer.weight.data.T.tolist()}) == 32


def test_some_neurons_stay_white():
    for example in range(20):
        says = Wiring(example=example).compute().says
        assert 3 < (says == 0).sum() < 25


def test_nine_weights_walk_over_a_map_and_the_next_map_has_others():
    widget = Wiring(wiring="convolutional", unit=(5, 0, 0))
    first, right, down = (state.compute() for state in (widget, widget.key("ArrowRight"), widget.key("ArrowDown")))
    assert first.links.shared == 36 and first.says[0].size * len(first.says) == 576
    assert first.pixels.tolist() == [0, 1, 2, 8, 9, 10, 16, 17, 18]
    assert right.pixels.tolist() == [pixel + 1 for pixel in first.pixels]
    assert down.pixels.tolist() == [pixel + 8 for pixel in first.pixels]
    assert np.array_equal(first.links.weights, right.links.weights)
    assert letters(first.links) == letters(right.links) == list("abcdefghi")
    assert not np.allclose(widget.key("n").compute().links.weights, first.links.weights)


def test_shuffled_the_nine_pixels_of_a_patch_were_no_neighbours():
    far = []
    for row, column in np.ndindex(6, 6):
        pixels = Wiring(wiring="convolutional", shuffled=True, unit=(0, row, column)).compute().pixels
        where = np.stack(np.divmod(networks.order()[pixels], 8))
        far.append(np.ptp(where, axis=1).max())
    assert min(far) >= 4 and np.mean(far) > 5, "a patch that spans 2 pixels unshuffled"


def test_a_recurrent_neuron_has_its_row_and_the_step_before():
    widget = Wiring(wiring="recurrent", unit=(0, 0, 7))
    first, second = widget.compute(), widget.key("ArrowDown").compute()
    assert first.pixels.tolist() == list(range(8)) and not len(first.links.before)
    assert second.pixels.tolist() == list(range(8, 16)) and len(second.links.before) == 32
    assert letters(first.links) == list("abcdefgh")
    assert np.array_equal(first.links.weights, second.links.weights) and first.links.shared == 8


@pytest.mark.parametrize(("kind", "count"), [("dense", 2080), ("convolutional", 160), ("recurrent", 1312)])
def test_formula_and_counting_agree(kind, count):
    result = Wiring(wiring=kind).compute()
    assert eval(result.formula.replace("·", "*")) == result.computed == result.counted == count
    assert result.formula in sentence(Wiring(wiring=kind))


# Numbers


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shuffled", [False, True])
def test_products_and_bias_give_what_the_unit_says(kind, shuffled):
    for unit in ((0, 0, 0), (5, 3, 2), (15, 5, 5)):
        widget = Wiring(wiring=kind, shuffled=shuffled, unit=unit, example=8)
        result = widget.compute()
        expected = np.tanh(result.total) if kind == "recurrent" else max(result.total, 0)
        assert result.output == pytest.approx(expected, abs=1e-5)


def test_the_shuffled_digit_is_the_digit_in_another_order():
    result = Wiring(shuffled=True, example=4).compute()
    assert np.array_equal(result.image.ravel(), result.digit.ravel()[networks.order()])
    assert sorted(networks.order().tolist()) == list(range(64))


def test_the_sentence_names_what_is_seen():
    text = sentence(Wiring(wiring="recurrent", unit=(0, 3, 12), shuffled=True))
    assert "Neuron 13 of 32 at step 4" in text and "32 neurons of the step before" in text
    assert "taught with shuffled digits" in text and "1\u202f198 unseen digits" in text
    assert "is linked to all 64 pixels, each by a weight of its own" in sentence(Wiring())


# The learner's own


def test_a_network_taught_with_digits_is_lost_on_shuffled_ones(taught):
    widget = Wiring(model=taught)
    assert widget.wiring == "yours" and widget.compute().right > 0.92
    assert widget.replace(shuffled=True).compute().right < 0.3
    assert "Your network" in sentence(widget)
    assert widget.replace(wiring="dense").compute().right != widget.compute().right


@pytest.mark.parametrize(
    ("first", "formula", "count"),
    [
        ([dl.Flatten(), dl.Dense(64, 10, rng=np.random.default_rng(0))], "64 · 10 + 10", 650),
        ([dl.Conv2D(1, 8, 3, rng=np.random.default_rng(0))], "3 · 3 · 1 · 8 + 8", 80),
        (
            [dl.Conv2D(1, 4, 3, stride=2, padding="same", bias=False, rng=np.random.default_rng(0))],
            "3 · 3 · 1 · 4", 36,
        ),
        ([dl.Conv2D(1, 20, 6, rng=np.random.default_rng(0))], "6 · 6 · 1 · 20 + 20", 740),
        ([rows, dl.GRU(8, 5, rng=np.random.default_rng(0))], "3 · (8 + 5 + 1) · 5 + 5", 215),
        ([rows, dl.LSTM(8, 5, rng=np.random.default_rng(0))], "4 · (8 + 5 + 1) · 5", 280),
        ([lambda x: x.reshape(len(x), 64, 1), dl.SimpleRNN(1, 3, rng=np.random.default_rng(0))], "(1 + 3 + 1) · 3", 15),
        ([lambda x: x[:, :, :, 0].transpose(0, 2, 1), dl.SimpleRNN(8, 3, rng=np.random.default_rng(0))], "(8 + 3 + 1) · 3", 36),
        ([dl.Flatten(), dl.Dense(64, 200, activation=dl.tanh, rng=np.random.default_rng(0))], "64 · 200 + 200", 13000),
    ],
)  # fmt: skip
def test_own_networks_of_each_kind(first, formula, count):
    outputs = int(np.prod(dl.Sequential(*first)(np.zeros((1, 8, 8, 1), np.float32)).shape[1:]))
    model = dl.Sequential(*first, dl.Flatten(), dl.Dense(outputs, 10, rng=np.random.default_rng(1)))
    for unit in ((0, 0, 0), (3, 2, 1), (999, 999, 999)):
        for shuffled in (False, True):
            widget = Wiring(model=model, unit=unit, shuffled=shuffled)
            result = widget.compute()
            assert (result.formula, result.computed, result.counted) == (formula, count, count)
            assert picture_png(widget) and len(sentence(widget)) < 700
            run_code(widget, model=model)
            if not isinstance(widget.layer, dl.GRU | dl.LSTM):
                function = {"ReLU": lambda z: max(z, 0), "tanh": np.tanh, "": lambda z: z}[widget.after]
                assert result.output == pytest.approx(function(result.total), abs=1e-5)


def test_a_network_that_reads_columns_is_linked_to_a_column():
    columns = lambda x: x[:, :, :, 0].transpose(0, 2, 1)  # noqa: E731
    rng = np.random.default_rng(0)
    model = dl.Sequential(columns, dl.SimpleRNN(8, 3, rng=rng), dl.Dense(3, 10, rng=rng))
    assert Wiring(model=model, unit=(0, 2, 0)).compute().pixels.tolist() == list(range(2, 64, 8))


def test_own_pictures():
    image = np.random.default_rng(0).random((16, 16))
    widget = Wiring(image=image, shuffled=True)
    assert widget.example == 0 and widget.digit.shape == (8, 8)
    assert widget.digit[0, 0] == pytest.approx(image[:2, :2].mean(), abs=1e-6)
    run_code(widget, image=image)
    assert picture_png(widget)
    assert np.array_equal(widget.replace(example=3).digit, Wiring(example=3).digit)


def test_the_learners_network_is_shown_as_it_was(taught):
    widget = Wiring(model=taught)
    before = widget.compute().output
    taught[1].bias.data += 1
    assert widget.compute().output == before
    taught[1].bias.data -= 1


def test_yours_without_a_network_shows_the_dense_one_and_says_how():
    widget = Wiring(wiring="yours")
    assert "Wiring(model=model)" in sentence(widget)
    assert widget.compute().counted == 2080


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"model": 3}, WrongTypeError, "dl.Sequential"),
        ({"model": dl.Sequential(dl.Flatten())}, WrongTypeError, "first layer with weights"),
        ({"model": dl.Sequential(dl.LayerNorm(1), dl.Flatten(), dl.Dense(64, 2, rng=np.random.default_rng(0)))}, WrongTypeError, "first layer"),
        ({"model": dl.Sequential(dl.MaxPool2D(2), dl.Conv2D(1, 2, 3, rng=np.random.default_rng(0)))}, ShapeError, "64 pixels themselves"),
        ({"model": dl.Sequential(dl.Dense(1, 2, rng=np.random.default_rng(0)))}, ShapeError, "64 pixels"),
        ({"image": np.zeros((8, 9))}, ShapeError, r"\(8, 8\)"),
        ({"image": np.full((8, 8), 255)}, DataError, "from 0"),
        ({"image": np.full((8, 8), np.nan)}, DataError, "finite"),
    ],
)  # fmt: skip
def test_what_cannot_be(given, error, text):
    with pytest.raises(error, match=text):
        Wiring(**given)


# Hand


@pytest.mark.parametrize("kind", KINDS)
def test_pointing_at_a_unit_chooses_it(kind):
    widget = Wiring(wiring=kind)
    shape = widget.compute().says.shape
    for unit in ((0, 0, 0), (3 % shape[0], 4 % shape[1], 5 % shape[2])):
        left, top, width, height = places(shape)[unit[0]]
        x, y = left + (unit[2] + 0.5) / shape[2] * width, top + (unit[1] + 0.5) / shape[1] * height
        assert widget.pointer(Pointer("hover", "units", x, y)).compute().unit == unit
    assert widget.pointer(Pointer("hover", "", 0.5, 0.5)) is widget
    assert widget.pointer(Pointer("up", "units", 0.5, 0.5)) is widget


def test_arrows_walk_over_neurons_in_rows_of_eight():
    widget = Wiring(unit=(10, 0, 0))
    chosen = [widget.key(key).compute().unit[0] for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown")]
    assert chosen == [9, 11, 2, 18]
    assert Wiring(unit=(0, 0, 0)).key("ArrowUp").compute().unit[0] == 0
    assert widget.key("q") is widget
    assert Wiring(wiring="convolutional", unit=(15, 2, 2)).key("n").compute().unit[0] == 0


def test_frames_are_small_and_the_background_stays_while_units_and_digits_change():
    for kind in KINDS:
        for shuffled in (False, True):
            widget = Wiring(wiring=kind, shuffled=shuffled, unit=(3, 4, 5))
            assert len(encode(Picture(*Wiring.size).paint(widget, widget.compute()))) < 30_000
            assert widget.background() == Wiring(wiring=kind, example=7).background()


def test_things_to_try_say_on_screen_what_the_lesson_says():
    said = {(kind, mixed): sentence(Wiring(wiring=kind, shuffled=mixed)) for kind in KINDS for mixed in (False, True)}
    for (kind, mixed), text in said.items():
        assert ("unseen digits, shuffled" in text) == mixed and f"The {kind} network, taught with" in text
    assert "Neuron 11 of 32 is linked to all 64 pixels, each by a weight of its own" in said["dense", False]
    assert "linked to 9 pixels, by weights that serve all 36 places of the map" in said["convolutional", False]
    assert "linked to 8 pixels and to the 32 neurons of the step before" in said["recurrent", False]
    for kind, count in (("dense", "2 080"), ("convolutional", "160"), ("recurrent", "1 312")):
        assert f"= {count} parameters; counted: {count}." in said[kind, False].replace("\u202f", " ").replace(
            "\xa0", " "
        )
    # Neurons, maps and steps count from 1, as everywhere in the course; the first step has none before it.
    first = sentence(Wiring(wiring="recurrent", unit=(0, 0, 0)))
    assert first.startswith("Neuron 1 of 32 at step 1 is linked to 8 pixels") and "step before" not in first
    assert "row 2, column 3 of map 10 is linked" in sentence(Wiring(wiring="convolutional", unit=(9, 2, 3)))


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_no_line_is_cut_off_in_a_window_of_420_pixels(kind, shuffled):
    widget = Wiring(wiring=kind, shuffled=shuffled)
    narrow = Picture(*size_for(widget, 290))
    narrow.paint(widget, widget.compute())
    words = next(artist for artist in narrow.figure.findobj(Words))
    widest = max(width_of(line, words.size, 100) for line in words.text.split("\n"))
    assert words.left + widest < 100 * narrow.figure.get_size_inches()[0]
