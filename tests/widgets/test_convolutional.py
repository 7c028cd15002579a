"""Convolution and FeatureMaps: what lesson 13 describes really happens, and hand, keys and code agree with the picture."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.live.encoding import encode
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.pixels import _width
from dlcourse.live.widget import Pointer
from dlcourse.widgets import Convolution, FeatureMaps
from dlcourse.widgets.convolutional.maps.layout import arrange, label
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
    for widget in (*(Convolution(filter=name, side=side) for name in PRESETS for side in (1, 2, 3, 7)), FeatureMaps()):
        picture = Picture(*widget.size)
        assert len(encode(picture.paint(widget, widget.compute()))) < 30_000


@pytest.mark.parametrize("size", [Convolution.size, Convolution.narrow_size])
def test_no_number_is_wider_than_its_square(size):
    for side in range(2, 7):
        widget = Convolution(filter="vertical edges", side=side, at=(0.43, 0.51))
        picture = Picture(*size)
        picture.paint(widget, widget.compute())
        for numbers in picture._artists.numbers:
            widest = max(_width(text, numbers.size, 100) for _, _, text, _, _ in numbers.labels)
            assert widest < 1.02 * numbers.side / side, (side, numbers)


def test_the_background_stays_while_the_kernel_changes():
    assert Convolution().background() == Convolution(side=7, stride=3, filter="blur").background()


# FeatureMaps


@pytest.fixture(scope="module")
def trained():
    rng = np.random.default_rng(0)
    train, _, test = dl.data.digits().split(0.6, 0.2, 0.2, rng=rng)
    model = dl.Sequential(
        dl.Conv2D(1, 8, 3, padding="same", activation=dl.relu, rng=rng),
        dl.Conv2D(8, 16, 3, padding="same", activation=dl.relu, rng=rng),
        dl.MaxPool2D(2),
        dl.Flatten(),
        dl.Dense(256, 10, rng=rng),
    )
    optimizer = dl.Adam(model.parameters(), 4e-3)
    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=15, batch_size=32, rng=rng, progress=False)
    return model, test


def test_maps_are_those_of_the_network(trained):
    model, test = trained
    widget = FeatureMaps(model=model, data=test, example=7, selected=(1, 5))
    result = widget.compute()
    one = test.x[7:8]
    assert [maps.shape for maps in result.maps] == [(8, 8, 8), (8, 8, 16), (4, 4, 16)]
    assert np.allclose(result.maps[1], model[:2](one).data[0])
    assert np.allclose(result.probabilities.sum(), 1)
    assert result.right == pytest.approx(dl.accuracy(model, test))
    run_code(widget, model=model, data=test)
    assert "accuracy" not in sentence(widget) and f"{result.right:.1%}" in sentence(widget)


def test_a_shifted_digit_gives_shifted_maps_and_mistakes(trained):
    model, test = trained
    still, moved = (FeatureMaps(model=model, data=test, right=right).compute() for right in (0, 1))
    # Away from the edges, where zeros came in, the maps are the same, one pixel further.
    for layer, edge in ((0, 2), (1, 3)):
        assert np.allclose(moved.maps[layer][:, edge:-edge], still.maps[layer][:, edge - 1 : -edge - 1], atol=1e-5)
    assert still.right > 0.97
    assert 0.5 < moved.right < 0.85
    for pixels in ({"right": 2}, {"down": 2}):
        assert FeatureMaps(model=model, data=test, **pixels).compute().right < 0.5


def test_next_mistake_is_one(trained):
    model, test = trained
    widget = FeatureMaps(model=model, data=test, right=1).mistake()
    result = widget.compute()
    assert result.probabilities.argmax() != test.y[widget.example]
    assert widget.mistake().example != widget.example


def test_hand_and_keys_choose_a_map():
    widget = FeatureMaps()
    picture = Picture(*FeatureMaps.size)
    picture.paint(widget, widget.compute())
    places = arrange(widget.rows, 720, 350).rows[2]  # filters, then maps of layer 1, then of layer 2
    left, low, side = places[4]
    assert widget.pointer(Pointer("hover", label(720, 350), left + side / 2, low + 3)).chosen == (1, 4)
    assert len(places) == 16
    assert widget.pointer(Pointer("hover", label(720, 350), 1.0, 1.0)) is widget
    assert widget.key("ArrowRight").chosen == (0, 1)
    assert widget.key("ArrowLeft").chosen == (0, 7)
    assert widget.key("ArrowDown").key("ArrowDown").key("ArrowDown").chosen == (2, 0)
    assert widget.key("n").example == widget.example + 1


def test_own_networks_of_other_shapes():
    rng = np.random.default_rng(0)
    model = dl.Sequential(
        dl.Conv2D(3, 20, (3, 2), activation=dl.tanh, rng=rng),
        dl.relu,
        dl.AvgPool2D(2),
        dl.GlobalAvgPool2D(),
        dl.Dense(20, 2, rng=rng),
    )
    data = dl.data.Dataset(rng.random((12, 9, 12, 3)).astype(np.float32), np.arange(12) % 2, classes=["cat", "dog"])
    for stage in range(3):
        widget = FeatureMaps(model=model, data=data, selected=(stage, 15), example=99)
        assert widget.example == 11
        assert picture_png(widget) and "20" in sentence(widget)
        run_code(widget, model=model, data=data)


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"model": 3}, WrongTypeError, "Sequential"),
        ({"model": dl.Sequential(dl.Flatten())}, WrongTypeError, "at least one dl.Conv2D"),
        ({"data": np.zeros((3, 8, 8, 1))}, WrongTypeError, "Dataset"),
        ({"data": dl.data.Dataset(np.zeros((3, 8)), np.zeros(3, int))}, ShapeError, r"\(N, H, W, C\)"),
    ],
)
def test_what_cannot_be_shown(given, error, text):
    with pytest.raises(error, match=text):
        FeatureMaps(**given)


def test_in_a_narrow_cell_sixteen_maps_stand_in_two_lines_and_all_of_them_can_be_pointed_at():
    widget = FeatureMaps()
    picture = Picture(*FeatureMaps.narrow_size)
    picture.paint(widget, widget.compute())
    places = arrange(widget.rows, 450, 600).rows[2]
    assert len({low for _, low, _ in places}) == 2 and min(side for _, _, side in places) > 40
    for rows in arrange(widget.rows, 450, 600).rows:
        assert all(low >= 0 and left + side <= 100 * FeatureMaps.narrow_size[0] for left, low, side in rows)
    left, low, side = places[12]
    assert widget.pointer(Pointer("hover", label(450, 600), left + side / 2, low + side / 2)).chosen == (1, 12)


@pytest.mark.parametrize("width", [3.6, 4.5])
def test_in_a_narrow_cell_there_is_room_for_what_the_network_says(width):
    widget = FeatureMaps()
    picture = Picture(width, FeatureMaps.narrow_size[1])
    picture.paint(widget, widget.compute())
    says = next(axes for axes in picture.figure.axes if axes.get_label() == "says").get_window_extent()
    assert says.width > 70 and says.x1 < 100 * width


def test_dropout_is_off_in_what_is_shown_and_in_the_code():
    rng = np.random.default_rng(0)
    model = dl.Sequential(
        dl.Conv2D(1, 4, 3, rng=rng), dl.Dropout(0.5, rng=rng), dl.Conv2D(4, 2, 3, rng=rng), dl.Flatten(), dl.Dense(32, 10, rng=rng)
    )  # fmt: skip
    data = dl.data.digits()[:20]
    widget = FeatureMaps(model=model, data=data, selected=(2, 1))
    assert np.array_equal(widget.compute().maps[2], widget.compute().maps[2])
    assert model.training
    run_code(widget, model=model, data=data)


def test_after_a_narrow_picture_the_wide_one_is_pointed_at_rightly():
    widget = FeatureMaps()
    for size in (FeatureMaps.size, FeatureMaps.narrow_size):
        Picture(*size).paint(widget, widget.compute())
    left, low, side = arrange(widget.rows, 720, 350).rows[2][4]
    assert widget.pointer(Pointer("hover", label(720, 350), left + side / 2, low + 3)).chosen == (1, 4)


def test_a_network_may_begin_with_something_that_makes_no_maps():
    rng = np.random.default_rng(0)
    model = dl.Sequential(
        lambda x: x.reshape(len(x), 64), lambda x: x.reshape(len(x), 8, 8, 1), dl.Conv2D(1, 2, 3, rng=rng), dl.Flatten(),
        dl.Dense(72, 10, rng=rng),
    )  # fmt: skip
    widget = FeatureMaps(model=model, selected=(1, 1))
    assert widget.kernel.shape == (3, 3, 1) and "map 2 of 2" in sentence(widget)


def test_things_to_try_say_on_screen_what_the_lesson_says():
    edges = Convolution(filter="vertical edges")
    assert "106×160 pixels become 104×158. 9 weights serve every place" in sentence(edges)
    assert "106×160 pixels become 52×79" in sentence(edges.replace(stride=2))
    assert edges.replace(dilation=4).span == (9, 9)
    pooled = Convolution(filter="vertical edges", relu=True, pool=4, at=(0.43, 0.51))
    assert "become 26×39" in sentence(pooled) and "the largest of 16 sums" in sentence(pooled)
    assert "become 104×158" in sentence(pooled.replace(pool=1))
    assert pooled.replace(pool=1, relu=False).compute().y.min() < 0 <= pooled.replace(pool=1).compute().y.min()


def test_each_shift_is_read_worse_than_the_one_before(trained):
    model, test = trained
    shifts = ({}, {"right": 1}, {"right": 1, "down": 1})
    read = [FeatureMaps(model=model, data=test, **shift) for shift in shifts]
    assert read[0].compute().right > read[1].compute().right > read[2].compute().right
    assert "map 1 of 8" in sentence(read[0]) and "shifted 1 to the right and 0 down" in sentence(read[1])


def test_the_praise_of_pooling_says_what_the_lesson_finds():
    from dlcourse.exercises.convolutional import EXERCISES

    praise = EXERCISES.exercises["max_pool"].praise
    assert "three digits in ten" in praise and "without anybody noticing" not in praise
