"""ActivationZoo and SilentUnits: what lesson 15 describes really happens, and the numbers are those of plain NumPy."""

import re

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.activations import ZOO
from dlcourse.errors import DataError, GradientError, ShapeError, WrongTypeError
from dlcourse.exercises.activations import BETS
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.widget import Pointer
from dlcourse.widgets import ActivationZoo, SilentUnits
from dlcourse.widgets.activations.numbers import DEEPEST, digits, weights
from dlcourse.widgets.activations.silence import LAST, UNITS, trained


def sentence(widget):
    return widget.describe(widget.compute())


def left(name, layers, stretch=1.0):
    """What is left of the signal and of the gradient."""
    curve = ActivationZoo(activation=name, layers=layers, stretch=stretch).compute().chosen[0]
    return curve.signal[-1], curve.gradient[0]


# ActivationZoo: what the lesson says one will see


def test_ten_layers_of_sigmoid_leave_less_than_a_quarter_to_the_tenth():
    assert BETS["ten layers"] == "less than a millionth"
    signal, gradient = left("sigmoid", 10)
    assert gradient < 4.0**-10 < 1e-6 and signal < 1e-6
    assert gradient > 1e-7  # “half a millionth”


@pytest.mark.parametrize("name", ZOO)
def test_a_gradient_is_never_longer_than_the_largest_slope_allows(name):
    curve = ActivationZoo(activation=name, layers=12, reach="40").compute().chosen[0]
    steepest = np.abs(dl_slope(name, np.linspace(-8, 8, 20_001))).max()
    factors = curve.gradient[:-1] / curve.gradient[1:]
    assert (factors <= steepest * (1 + 1e-6)).all()
    assert curve.signal[0] == curve.gradient[-1] == 1


def dl_slope(name, x):
    at = dl.Tensor(x, requires_grad=True)
    ZOO[name](at).backward(np.ones(len(x)))
    return at.grad


def test_the_layers_are_those_of_plain_numpy():
    x, stack = digits(), weights(7)
    for matrix in stack:
        assert np.allclose(matrix @ matrix.T, np.eye(64), atol=1e-5)  # lengths are kept
    h, slopes = [x], []
    for matrix in stack:
        h.append(np.tanh(1.3 * h[-1] @ matrix))
        slopes.append(1 - h[-1] ** 2)
    g = first = np.random.default_rng(1).normal(size=x.shape)
    for matrix, slope in zip(stack[::-1], slopes[::-1], strict=True):
        g = (g * slope) @ (1.3 * matrix).T
    signal, gradient = left("tanh", 7, 1.3)
    assert gradient == pytest.approx(np.linalg.norm(g) / np.linalg.norm(first), rel=1e-6)
    spread = [np.sqrt(each.var(axis=0).mean()) for each in (h[-1], x)]
    assert signal == pytest.approx(spread[0] / spread[1], rel=1e-6)


def test_without_a_bend_all_arrives_and_fifty_layers_are_one_matrix():
    assert left("identity", DEEPEST) == (pytest.approx(1, abs=1e-5), pytest.approx(1, abs=1e-5))
    stack = weights(DEEPEST)
    deep = digits()
    for matrix in stack:
        deep = deep @ matrix
    assert np.allclose(deep, digits() @ np.linalg.multi_dot(stack))


def test_slopes_that_are_exactly_nought_and_tails():
    x = np.array([-2.0, -40.0, -1000.0])
    assert (dl_slope("ReLU", x) == 0).all() and (dl_slope("hard tanh", x) == 0).all()
    far = np.array([10.0, 20.0, 40.0, 80.0])
    assert dl_slope("softsign", far) * far**2 == pytest.approx(np.ones(4), abs=0.2)
    tanh = np.log(dl_slope("tanh", far[:1] / [1, 2][0] - [0.0]) / dl_slope("tanh", far[:1] - 1))
    assert tanh == pytest.approx(-2, abs=1e-3)  # e⁻² for each 1 further out


def test_the_mean_of_elu_is_nearer_to_zero():
    normal = np.random.default_rng(1).normal(size=100_000)
    mean = {name: ZOO[name](normal).data.mean() for name in ("ELU", "ReLU", "softplus")}
    assert 0 < mean["ELU"] < mean["ReLU"] / 2 < mean["softplus"] / 2


def test_softplus_is_relu_seen_from_afar():
    apart = []
    for reach in ("4", "40", "400"):
        soft, hard = ActivationZoo(activation="softplus", beside="ReLU", reach=reach).compute().chosen
        apart.append(np.abs(soft.f - hard.f).max() / float(reach))
    assert apart[0] > 9 * apart[1] > 80 * apart[2] and apart[2] < 0.002
    assert apart[0] * 4 == pytest.approx(np.log(2))


def test_things_to_try_in_the_zoo_say_on_screen_what_the_lesson_says():
    zoo = ActivationZoo()
    assert "At x = 0: sigmoid 0.500, slope 0.250" in sentence(
        zoo
    ) and "Steepest between −4 and 4: sigmoid 0.250" in sentence(zoo)
    assert "sigmoid 0.982, slope 0.018" in sentence(zoo.replace(x=4.0))
    deep = zoo.replace(layers=50)
    assert "3.8·10⁻³² of the gradient" in sentence(deep)
    signal = deep.compute().chosen[0].signal
    assert signal[24] < 1e-14 and np.allclose(np.log10(signal[26:]), -15.5, atol=0.3)  # flat from 25 on
    ratio = signal[1:20] / signal[:19]
    assert (ratio > 0.2).all() and (ratio < 0.25).all()
    assert "0.116 of the gradient" in sentence(deep.replace(beside="tanh"))
    assert "4.1·10⁻⁸ of the gradient" in sentence(deep.replace(activation="ReLU"))
    stretched = deep.replace(activation="ReLU", stretch=1.41)
    assert "1.19 of the gradient" in sentence(stretched)
    assert left("sigmoid", 50, 1.41)[1] < 1e-20
    identity = deep.replace(activation="identity")
    assert "identity 1.00 of the signal, 1.00 of the gradient" in sentence(identity)
    tails = ActivationZoo(activation="tanh", beside="softsign", x=10.0, reach="40")
    assert "slope 8.2·10⁻⁹; softsign 0.909, slope 0.008" in sentence(tails)
    assert "hard tanh −1.00, slope 0; ReLU 0, slope 0." in sentence(
        ActivationZoo(activation="hard tanh", beside="ReLU", x=-10.0, reach="40")
    )
    assert "softplus 0.693" in sentence(ActivationZoo(activation="softplus"))
    assert "cos" not in sentence(ActivationZoo(function=lambda x: dl.sin(x)))
    assert ActivationZoo(function=lambda x: dl.sin(x)).compute().chosen[0].slope == pytest.approx(
        np.cos(4 * np.linspace(-1, 1, 401))
    )


# ActivationZoo: cover, steps, hand, yours


def test_nothing_tells_what_is_left_before_the_bet():
    covered = ActivationZoo(covered=True)
    assert "leave of a gradient?" in sentence(covered) and "10⁻" not in sentence(covered)
    told = covered.replace(prediction="about a half")
    assert "4.8·10⁻⁷ of the gradient" in sentence(told)
    picture = Picture(*ActivationZoo.size)
    hidden, shown = (picture.paint(state, state.compute()).copy() for state in (covered, told))
    assert (hidden != shown).any()
    artists = covered.draw(Picture(*ActivationZoo.size).figure)
    covered.paint(artists, covered.compute())
    assert not any(len(line.get_xdata()) for line in (*artists.gradients, *artists.signals, *artists.gradient_ends))


def test_play_adds_layers_to_the_deepest():
    zoo = ActivationZoo(layers=DEEPEST - 1)
    assert zoo.step().layers == DEEPEST and zoo.step().step().layers == DEEPEST and not zoo.step().can_step()


def test_hand_and_keys_move_x_and_the_layers_and_stay_in_range():
    zoo = ActivationZoo()
    assert zoo.pointer(Pointer("drag", "curves", 1.234, 0.0)).x == pytest.approx(1.2)
    assert zoo.pointer(Pointer("down", "slopes", -9.0, 0.0)).x == -4
    assert zoo.pointer(Pointer("drag", "gradient", 33.2, -3.0)).layers == 33
    assert zoo.pointer(Pointer("hover", "curves", 1.0, 0.0)) is zoo
    assert zoo.key("ArrowRight").x == pytest.approx(0.1) and zoo.key("ArrowUp").layers == 11 and zoo.key("a") is zoo
    assert ActivationZoo(x=300.0).x == 4 and ActivationZoo(x=300.0, reach="400").x == 300
    assert ActivationZoo(x=300.0, reach="400").replace(reach="40").x == 40
    assert zoo.replace(layers=1).key("ArrowDown").layers == 1


def test_the_same_activation_twice_is_one():
    assert ActivationZoo(activation="tanh", beside="tanh").names == ("tanh",)


@pytest.mark.parametrize(
    ("function", "kind", "message"),
    [
        (3, WrongTypeError, "function should be a function such as dl.tanh, not 3"),
        (lambda x: 1 if x > 0 else 0, WrongTypeError, "dl.where"),
        (lambda x: dl.where(x > 0, 1.0, 0.0), GradientError, "no slope comes back"),
        (lambda x: x.sum(), ShapeError, "turned shape"),
        (lambda x: dl.log(x), DataError, "NaN or infinite somewhere between −4 and 4"),
    ],
    ids=["no function", "one number at a time", "flat", "a sum", "a logarithm"],
)
def test_other_functions_are_refused_in_words(function, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        ActivationZoo(function=function)


def test_a_function_that_grows_without_bounds_is_shown_as_far_as_there_are_numbers():
    zoo = ActivationZoo(function=lambda x: x * x * x, layers=50)
    assert "beyond all numbers" in sentence(zoo)
    assert picture_png(zoo)


# SilentUnits: what the lesson says one will see


def counts(name="ReLU", **changes):
    widget = SilentUnits(beside="leaky ReLU" if name == "ReLU" else name, **changes)
    awake = widget.compute().awake[widget.names.index(name)]
    return awake == 0


def test_no_relu_unit_that_the_long_step_silenced_ever_speaks_again():
    assert BETS["speak again"] == "none"
    for then in ("Adam", "SGD"):
        for rate in ("3", "10", "30"):
            silent = counts(rate=rate, then=then)
            assert silent[0].sum() == 1 and silent[1].sum() > 5
            assert silent[1:, silent[1]].all()
            assert SilentUnits(rate=rate, then=then).compute().moved[0][LAST] == 0
    silent = counts()
    assert (silent[1].sum(), silent[LAST].sum()) == (17, 25)


def test_other_seeds_agree(monkeypatch):
    fresh = np.random.default_rng
    for seed in (1, 2, 3):
        monkeypatch.setattr(np.random, "default_rng", lambda _, seed=seed: fresh(seed))
        relu, leaky, elu = (trained(f, 10.0, dl.Adam, 0.01, 60)[0] == 0 for f in (dl.relu, dl.leaky_relu, dl.elu))
        assert relu[1].sum() >= 15 and relu[60, relu[1]].all()
        assert (~leaky[60, leaky[1]]).sum() >= 3 and (~elu[60, elu[1]]).sum() >= 5


def test_things_to_try_with_silent_units_say_on_screen_what_the_lesson_says():
    end = SilentUnits(update=LAST)
    assert "48 ReLU units 17 are silent; of 48 leaky ReLU units 17 are silent" in sentence(SilentUnits(update=1))
    assert "48 ReLU units 25 are silent (0 of the 17 that were silent after update 1 speak again" in sentence(end)
    assert "moved by 0, exactly)" in sentence(
        end
    ) and "9 of the 17 that were silent after update 1 speak again" in sentence(end)
    assert "moved by 1.68)" in sentence(end)
    assert "15 of the 18 that were silent after update 1 speak again" in sentence(end.replace(beside="ELU"))
    by_sgd = sentence(end.replace(then="SGD"))
    assert by_sgd.count("0 of the 17 that were silent after update 1 speak again") == 2 and "moved by 0.0084)" in by_sgd
    slow = counts(rate="0.3")
    assert slow[0].sum() == slow[1].sum() == 1 and slow[LAST].sum() == 10  # Adam silences nine


def test_the_units_are_those_of_plain_numpy():
    awake, kept = trained(dl.relu, 10.0, dl.Adam, 0.01, 3)
    train, _ = dl.data.digits().split(1 / 3, 2 / 3, rng=np.random.default_rng(0))
    assert awake.shape == (4, UNITS) and kept.shape == (4, 64, UNITS)
    before = (train.x.reshape(-1, 64) @ kept[0] > 0).mean(axis=0)  # all biases begin at 0
    assert np.allclose(awake[0], before, atol=1e-9)


def test_play_and_hand_and_keys_move_the_updates_and_stay_in_range():
    widget = SilentUnits(update=LAST - 1)
    assert widget.step().update == LAST and widget.step().step() is not None and not widget.step().can_step()
    assert widget.pointer(Pointer("drag", "curve", 40.3, 5.0)).update == 40
    assert widget.pointer(Pointer("hover", "curve", 40.3, 5.0)) is widget
    assert widget.pointer(Pointer("down", "units 0", 2.0, 2.0)) is widget
    assert widget.key("ArrowLeft").update == LAST - 2 and SilentUnits().key("ArrowLeft").update == 0


@pytest.mark.parametrize("dark", [False, True])
def test_frames_are_small(dark):
    for widget in (ActivationZoo(beside="ReLU", everyone=True), SilentUnits(update=40)):
        assert len(picture_png(widget, dark=dark)) < 30_000


@pytest.mark.parametrize("width", [3.6, 4.5, 7.2])
def test_everything_is_inside_the_picture_at_every_width(width):
    for widget in (ActivationZoo(beside="leaky ReLU", x=-1.3, layers=50), SilentUnits(update=60)):
        high = (widget.size if width > 5 else widget.narrow_size)[1]
        picture = Picture(width, high)
        picture.paint(widget, widget.compute())
        figure = picture.figure
        across, up = 100 * width, 100 * high
        scale = figure.dpi / 100
        texts = [text for axes in figure.axes for text in (*axes.texts, axes.title, axes.xaxis.label)]
        for text in (*figure.texts, *texts):
            if text.get_text():
                box = text.get_window_extent()
                assert 0 <= box.x0 <= box.x1 <= scale * across and 0 <= box.y0 <= box.y1 <= scale * up, text
        for tiles in (artist for artist in figure.artists if hasattr(artist, "places")):
            assert all(
                left >= 0 and left + side <= across and bottom + side <= up for left, bottom, side in tiles.places
            )
