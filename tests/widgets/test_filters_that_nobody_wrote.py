"""FeatureMaps: what lesson 13b describes really happens, and hand, keys and code agree with the picture."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ShapeError, WrongTypeError
from dlcourse.exercises.filters_that_nobody_wrote import BETS, EXERCISES
from dlcourse.live.encoding import encode
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.widget import Pointer
from dlcourse.widgets import FeatureMaps
from dlcourse.widgets.filters_that_nobody_wrote.layout import arrange, label


def sentence(widget):
    return widget.describe(widget.compute())


def run_code(widget, **names):
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        np.testing.assert_allclose(names[name], value, rtol=1e-5, atol=1e-6, err_msg=name)


def test_frames_are_small():
    picture = Picture(*FeatureMaps.size)
    assert len(encode(picture.paint(FeatureMaps(), FeatureMaps().compute()))) < 30_000


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


def test_each_shift_is_read_worse_than_the_one_before(trained):
    model, test = trained
    shifts = ({}, {"right": 1}, {"right": 1, "down": 1})
    read = [FeatureMaps(model=model, data=test, **shift) for shift in shifts]
    assert read[0].compute().right > read[1].compute().right > read[2].compute().right
    assert "map 1 of 8" in sentence(read[0]) and "shifted 1 to the right and 0 down" in sentence(read[1])


# The bets that a measurement decides


def test_behind_the_third_convolution_a_number_sees_ten_pixels_as_the_first_exercise_computes():
    rng = np.random.default_rng(5)
    layers = [
        dl.Conv2D(1, 4, 3, padding="same", rng=rng), dl.Conv2D(4, 4, 3, padding="same", rng=rng), dl.AvgPool2D(2),
        dl.Conv2D(4, 4, 3, padding="same", rng=rng),
    ]  # fmt: skip
    task = EXERCISES.exercises["receptive_field"]
    sees = task.function(task.solution)
    for depth, wide in enumerate((3, 5, 6, 10), start=1):
        picture = dl.Tensor(rng.random((1, 32, 32, 1)), requires_grad=True)
        number = dl.Sequential(*layers[:depth])(picture)
        number[0, number.shape[1] // 2, number.shape[2] // 2].sum().backward()
        assert (picture.grad[0, :, :, 0] != 0).any(axis=0).sum() == wide
        assert sees([(3, 1, 1), (3, 1, 1), (2, 2, 1), (3, 1, 1)][:depth]) == wide
    assert BETS["field"] == "10 pixels"


@pytest.mark.parametrize("seed", [1, 2])
def test_last_year_counts_against_wherever_the_kernel_begins(seed):
    _, spots = dl.data.sunspots()
    x = (spots / 100)[None, :, None]
    year = dl.Conv1D(1, 1, 2, rng=np.random.default_rng(seed))
    optimizer = dl.Adam(year.parameters(), 0.05)
    for _ in range(300):
        optimizer.zero_grad()
        dl.squared_error(year(x[:, :119]), x[:, 2:120]).backward()
        optimizer.step()
    last, this = year.weight.data[0, :, 0, 0]
    assert BETS["last year"] == "below zero" and last < -0.5 and this > 1


def test_one_pixel_leaves_between_half_and_nine_in_ten(trained):
    model, test = trained
    assert BETS["shift"] == "between half and nine in ten"
    assert 0.5 < FeatureMaps(model=model, data=test, right=1).compute().right < 0.9
