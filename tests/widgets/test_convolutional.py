"""Convolution: what lessons 13 and 13b describe really happens, and hand, keys and code agree with the picture."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.exercises.convolutional import BETS
from dlcourse.live.encoding import encode
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.pixels import width_of
from dlcourse.live.widget import Pointer
from dlcourse.widgets import Convolution
from dlcourse.widgets.convolutional.numbers import PRESETS, preset


def sentence(widget):
    return widget.describe(widget.compute())


def run_code(widget, **names):
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        np.testing.assert_allclose(names[name], value, rtol=1e-5, atol=1e-6, err_msg=name)


# Convolution: what the lesson tells to try


def test_nine_weights_serve_every_place():
    result = Convolution().compute()
    assert result.x.shape == (106, 160) and result.y.shape == (104, 158)
    dense = result.x.size * result.y.size
    assert dense == 278_686_720
    assert "9 weights serve every place" in sentence(Convolution())
    assert f"{dense:,}".replace(",", "\u202f") in sentence(Convolution())


def test_vertical_edges_see_the_columns_and_no_even_sky():
    y = Convolution(filter="vertical edges").compute().y
    sky, temple = np.abs(y[5:20, 110:150]), np.abs(y[30:80, 20:75])
    assert temple.mean() > 20 * sky.mean()
    lying = Convolution(filter="horizontal edges").compute().y
    assert not np.allclose(lying, y)


def test_the_left_edge_of_something_dark_is_orange_and_the_right_edge_blue():
    bright = np.ones((20, 20))
    bright[:, 8:12] = 0
    row = Convolution(image=bright).compute().y[9]
    assert row[:10].min() == row.min() == -4 and row[10:].max() == row.max() == 4
    assert (row < 0).nonzero()[0].max() < (row > 0).nonzero()[0].min()


@pytest.mark.parametrize("name", ["vertical edges", "horizontal edges", "outline"])
def test_kernels_that_add_up_to_zero_say_zero_of_an_even_picture(name):
    for side in (2, 3, 4, 5, 6, 7):
        assert preset(name, side).sum() == pytest.approx(0, abs=1e-5)
    assert np.abs(Convolution(image=np.full((30, 30), 0.7), filter=name).compute().y).max() < 1e-5


@pytest.mark.parametrize("name", ["copy", "blur", "sharpen"])
def test_kernels_that_add_up_to_one_leave_an_even_picture_as_it_is(name):
    for side in range(1, 8):
        assert preset(name, side).sum() == pytest.approx(1, abs=1e-5)
    assert Convolution(image=np.full((30, 30), 0.7), filter=name).compute().y == pytest.approx(0.7, abs=1e-5)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("side", [1, 2, 3, 5, 7])
def test_copy_in_the_middle_gives_the_picture_back_and_same_keeps_the_size(name, side):
    result = Convolution(filter=name, side=side, padding="same").compute()
    assert result.y.shape == result.x.shape
    if name == "copy":
        assert np.array_equal(result.y, result.x)


def test_stride_two_keeps_a_quarter_and_every_second_sum():
    all_of_them, every_second = Convolution().compute().y, Convolution(stride=2).compute().y
    assert every_second.shape == (52, 79)
    assert np.allclose(every_second, all_of_them[::2, ::2], atol=1e-5)


def test_dilation_spans_more_with_the_same_weights():
    assert Convolution(dilation=4).span == (9, 9)
    assert Convolution(dilation=4).weights.size == 9
    assert Convolution(dilation=4).compute().y.shape == (98, 152)


def test_a_shifted_picture_gives_a_shifted_map():
    x = Convolution().compute().x
    moved = np.roll(x, (7, 11), axis=(0, 1))
    first, second = Convolution(image=x).compute().y, Convolution(image=moved).compute().y
    assert np.allclose(second[7:, 11:], first[:-7, :-11], atol=1e-5)


def test_pooling_keeps_the_largest_of_each_window():
    full, pooled = Convolution(relu=True).compute().y, Convolution(relu=True, pool=4).compute().y
    assert pooled.shape == (26, 39)
    assert pooled[3, 5] == full[12:16, 20:24].max()
    assert (full >= 0).all()


# Numbers and code


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 3])
@pytest.mark.parametrize("pool", [1, 3])
def test_the_arithmetic_is_that_of_the_place_which_is_looked_at(padding, stride, pool):
    for at in ((0.0, 0.0), (0.999, 0.999), (0.4, 0.7)):
        for dilation in (1, 3):
            widget = Convolution(padding=padding, stride=stride, pool=pool, dilation=dilation, side=4, at=at)
            result = widget.compute()
            assert result.products.sum() == pytest.approx(result.total, abs=1e-4)
            assert result.y[result.place] == pytest.approx(result.total, abs=1e-6)
            run_code(widget)


def test_padding_shows_zeros_under_the_kernel():
    result = Convolution(padding="same", at=(0.0, 0.0)).compute()
    assert result.corner == (-1, -1)
    assert not result.patch[0].any() and not result.patch[:, 0].any() and result.patch[1:, 1:].all()


def test_the_way_to_an_own_picture_is_a_sentence_among_others():
    widget = Convolution(picture="yours", filter="blur").replace(selected=4)
    told = widget.describe(widget.compute())
    assert ". Your own picture: Convolution(image=array). Ringed weight" in told and ".)" not in told


@pytest.mark.parametrize("shape", [(8, 8), (30, 20, 3), (300, 500), (300, 500, 4), (5, 5, 1)])
def test_own_pictures_and_code(shape):
    image = (255 * np.random.default_rng(0).random(shape)).astype(np.uint8)
    widget = Convolution(image=image, padding="same")
    assert widget.picture == "yours" and max(widget.pixels.shape) <= 160
    assert widget.pixels.min() >= 0 and widget.pixels.max() <= 1
    run_code(widget, image=image)
    assert picture_png(widget)


def test_own_kernels():
    widget = Convolution(kernel=[[-1, 0, 1]])
    assert widget.filter == "yours" and widget.compute().y.shape == (106, 158)
    run_code(widget)
    assert picture_png(widget) and picture_png(Convolution(kernel=np.ones((15, 2))))
    assert Convolution(kernel=[[1, 2], [3, 4]]).replace(side=3).weights.tolist() == [[0, 0, 0], [0, 1, 2], [0, 3, 4]]
    assert widget.replace(filter="blur").weights.shape == (3, 3)
    begun = Convolution(filter="blur").replace(filter="yours")
    assert np.array_equal(begun.weights, preset("blur", 3)) and begun.selected == 4
    assert begun.replace(filter="blur").selected == -1


def test_where_nothing_fits_it_says_so():
    widget = Convolution(image=np.ones((6, 6)), dilation=5)
    assert "there is no place for it" in sentence(widget)
    assert picture_png(widget)
    run_code(widget, image=np.ones((6, 6)))
    assert widget.step() is not None and widget.key("ArrowUp") is widget


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"image": np.zeros(5)}, ShapeError, r"\(H, W\)"),
        ({"image": np.zeros((4, 4, 2))}, ShapeError, "1, 3 or 4 channels"),
        ({"image": np.full((4, 4), np.nan)}, DataError, "not finite"),
        ({"image": np.full((4, 4), "a")}, WrongTypeError, "numbers"),
        ({"kernel": [1, 2, 3]}, ShapeError, r"\(KH, KW\)"),
        ({"kernel": np.ones((16, 3))}, ShapeError, "1 to 15"),
        ({"kernel": [[np.inf]]}, DataError, "finite"),
    ],
)
def test_what_cannot_be(given, error, text):
    with pytest.raises(error, match=text):
        Convolution(**given)


# Hand, keys and Play


def test_pointing_at_map_or_picture_moves_the_place():
    assert Convolution().pointer(Pointer("hover", "output", 79.5, 52.5)).compute().place == (52, 79)
    corner = Convolution().pointer(Pointer("down", "input", 400.0, 105.9)).compute()
    assert corner.place == (103, 157)
    assert Convolution().pointer(Pointer("hover", "", 0.5, 0.5)).at == Convolution().at


def test_arrows_move_the_place_by_one_pixel_and_stay_inside():
    widget = Convolution(at=(0.0, 0.0))
    for key, place in (("ArrowDown", (1, 0)), ("ArrowRight", (1, 1)), ("ArrowUp", (0, 1)), ("ArrowUp", (0, 1))):
        widget = widget.key(key)
        assert widget.compute().place == place


def test_a_weight_is_dragged_and_typed():
    widget = Convolution().pointer(Pointer("down", "kernel", 0.5, 0.5))
    assert widget.selected == 0 and widget.filter == "vertical edges"
    dragged = widget.pointer(Pointer("drag", "kernel", 0.5, -0.5))
    assert dragged.filter == "yours" and dragged.weights[0, 0] == pytest.approx(-0.5)
    assert dragged.weights[1, 0] == -2
    further = dragged.pointer(Pointer("drag", "kernel", 0.5, -1.5))
    assert further.weights[0, 0] == pytest.approx(0)
    assert further.pointer(Pointer("up", "kernel", 0.5, -1.5)).grabbed is None
    typed = Convolution().key("k").key("7").key("-").key("n").key("ArrowUp")
    assert typed.weights[1, 1] == -7 and typed.weights[1, 2] == 2.25
    assert typed.key("Delete").weights[1, 2] == 0
    assert typed.key("k").selected == -1
    assert "Ringed weight" in sentence(typed)


def test_random_kernels_differ():
    one = Convolution().random()
    two = one.random()
    assert one.filter == two.filter == "yours" and not np.allclose(one.weights, two.weights)


@pytest.mark.parametrize("stride", [1, 4])
def test_play_fills_the_map_and_ends(stride):
    widget, steps = Convolution(stride=stride), 0
    while (after := widget.step()) is not widget:
        widget, steps = after, steps + 1
    assert 200 < steps <= 240
    assert widget.compute().place == tuple(n - 1 for n in widget.compute().y.shape)
    assert widget.replace(stride=2).scanned == -1
    with_rest_hidden = Picture(*Convolution.size).paint(Convolution(scanned=100), Convolution().compute()).copy()
    assert (with_rest_hidden != Picture(*Convolution.size).paint(Convolution(), Convolution().compute())).mean() > 0.02


def test_frames_are_small():
    for widget in (Convolution(filter=name, side=side) for name in PRESETS for side in (1, 2, 3, 7)):
        picture = Picture(*widget.size)
        assert len(encode(picture.paint(widget, widget.compute()))) < 30_000


@pytest.mark.parametrize("size", [Convolution.size, Convolution.narrow_size])
def test_no_number_is_wider_than_its_square(size):
    for side in range(2, 7):
        widget = Convolution(filter="vertical edges", side=side, at=(0.43, 0.51))
        picture = Picture(*size)
        picture.paint(widget, widget.compute())
        for numbers in picture._artists.numbers:
            widest = max(width_of(text, numbers.size, 100) for _, _, text, _, _ in numbers.labels)
            assert widest < 1.02 * numbers.side / side, (side, numbers)


def test_the_background_stays_while_the_kernel_changes():
    assert Convolution().background() == Convolution(side=7, stride=3, filter="blur").background()


def test_things_to_try_say_on_screen_what_the_lesson_says():
    edges = Convolution(filter="vertical edges")
    assert "106×160 pixels become 104×158. 9 weights serve every place" in sentence(edges)
    assert "106×160 pixels become 52×79" in sentence(edges.replace(stride=2))
    assert edges.replace(dilation=4).span == (9, 9)
    pooled = Convolution(filter="vertical edges", relu=True, pool=4, at=(0.43, 0.51))
    assert "become 26×39" in sentence(pooled) and "the largest of 16 sums" in sentence(pooled)
    assert "become 104×158" in sentence(pooled.replace(pool=1))
    assert pooled.replace(pool=1, relu=False).compute().y.min() < 0 <= pooled.replace(pool=1).compute().y.min()


# The bets that a measurement decides


def test_448_numbers_multiply_more_than_a_hundred_million_times_for_one_photograph():
    layer = dl.Conv2D(3, 16, 3, rng=np.random.default_rng(1))
    places = np.prod(layer(np.zeros((1, 427, 640, 3), np.float32)).shape[1:3])
    assert sum(p.size for p in layer.parameters()) == 448 and places == 271_150
    assert BETS["work"] == "more than 100 million times" and layer.weight.size * places == 117_136_800


@pytest.mark.parametrize("which", ["china", "flower"])
@pytest.mark.parametrize("kernel", ["vertical edges", "outline"])
def test_with_stride_two_a_shift_by_one_pixel_gives_another_map_and_one_by_two_the_old_one(which, kernel):
    grey = dl.data.photograph(which).mean(axis=2)[None, :, :, None]
    weights = preset(kernel, 3)[:, :, None, None]

    def convolved(by):
        return dl.conv2d(np.roll(grey, by, axis=2), weights, stride=2).numpy()[0, :, :, 0]

    old, new = convolved(0), convolved(1)
    left = [np.square(new - np.roll(old, by, axis=1))[:, 8:-8].mean() for by in range(-6, 7)]
    assert BETS["one pixel"] == "another map" and min(left) > 0.1 * np.square(new).mean()
    assert np.allclose(convolved(2)[:, 1:], old[:, :-1], atol=1e-5)
