"""WhyItWorks: what lesson 23 says of dust, of maps and of labels by lot is what is computed."""

import numpy as np
import pytest
from digit_networks import REFUSED, SEEDS, answers, by_heart, like_a, like_b, sentence, split
from pictures import table
from pictures.shown import Shown

import dlcourse as dl
from dlcourse.live.encoding import encode
from dlcourse.live.picture import Picture, size_for
from dlcourse.live.widget import Pointer
from dlcourse.widgets import DigitPad, WhyItWorks
from dlcourse.widgets.it_works_why.networks import network_of, specked, untrained, validation
from dlcourse.widgets.it_works_why.numbers import cover_map, gradient_map, likeness


def reads(widget):
    return [one.reads for one in widget.compute().maps]


def says(widget):
    return [int(one.shares.argmax()) for one in widget.compute().maps]


# The dust ---------------------------------------------------------------------------------------------------------


def test_each_tray_has_its_own_speck_at_the_edge():
    marked = specked(np.zeros((10, 8, 8, 1), np.float32), np.arange(10))[..., 0]
    places = [tuple(map(int, np.argwhere(one)[0])) for one in marked]
    assert (marked.sum(axis=(1, 2)) == 1).all()
    assert places == [*((row, 0) for row in range(8)), (0, 7), (1, 7)]


def test_with_dust_b_reads_all_without_it_nearly_all_and_with_wrong_dust_less_than_half():
    assert reads(WhyItWorks())[1] == 1
    clean, wrong = reads(WhyItWorks(speck="none")), reads(WhyItWorks(speck="the next"))
    assert clean == pytest.approx([0.978, 0.939], abs=0.0006)
    assert wrong == pytest.approx([0.961, 0.442], abs=0.0006)
    y = validation().y
    b = answers(network_of("B"), specked(validation().x, (y + 1) % 10))
    assert (b == (y + 1) % 10).mean() > 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_so_it_is_with_other_seeds(seed):
    clean, dusty, valid = like_a(seed), like_b(seed), split(seed)[1]
    x, y = valid.x, valid.y
    wrong = specked(x, (y + 1) % 10)
    assert (answers(dusty, specked(x, y)) == y).all()
    assert 0.9 < (answers(dusty, x) == y).mean() < (answers(clean, x) == y).mean()
    assert (answers(dusty, wrong) == y).mean() < 0.5 < (answers(dusty, wrong) == (y + 1) % 10).mean()
    assert (answers(clean, wrong) == y).mean() > 0.9
    strongest = [np.abs(cover_map(dusty, picture, 1)).argmax() for picture in specked(x[:60], y[:60])]
    assert np.mean(strongest == 8 * (y[:60] % 8) + 7 * (y[:60] // 8)) > 0.95


def test_things_to_try_with_the_dust_say_on_screen_what_the_lesson_says():
    own = WhyItWorks()
    assert "row 8, column 1." in sentence(own) and says(own) == [7, 7]
    following = own.replace(speck="the next")
    assert "A reads 96.1 % and B 44.2 %." in sentence(following) and says(following) == [7, 8]
    letter = WhyItWorks(example="an E", speck="8")
    assert says(letter) == [5, 8]
    for tray in "0123456789":
        assert says(WhyItWorks(example="empty", speck=tray))[1] == int(tray)


# Maps -------------------------------------------------------------------------------------------------------------


def test_a_cover_takes_from_the_score_what_the_covered_picture_lacks():
    state = WhyItWorks(wide=3)
    image, model = state.image, network_of("A")
    scores = dl.predict(model, image[None])[0]
    worth = cover_map(model, image, 3)
    for i, j in ((0, 0), (3, 4), (7, 7)):
        under = image.copy()
        under[max(i - 1, 0) : i + 2, max(j - 1, 0) : j + 2] = 0
        assert worth[i, j] == pytest.approx(scores[7] - dl.predict(model, under[None])[0, 7], abs=1e-4)


def test_a_gradient_is_the_slope_of_the_score():
    state = WhyItWorks(how="gradient", speck="none")
    image, model = state.image, network_of("A")
    slopes = state.compute().maps[0].worth
    for i, j in ((1, 2), (4, 4)):
        up, down = image.copy(), image.copy()
        up[i, j] += 1e-3
        down[i, j] -= 1e-3
        score_up, score_down = dl.predict(model, np.stack([up, down]))[:, 7]
        assert slopes[i, j] == pytest.approx((score_up - score_down) / 2e-3, abs=0.05)
    product = state.replace(how="gradient × pixel").compute().maps[0].worth
    assert product == pytest.approx(slopes * image[:, :, 0])


@pytest.mark.parametrize(
    ("how", "least", "most"), [("gradient", -0.1, 0.1), ("gradient × pixel", 0.85, 1.0), ("cover", 0.85, 1.0)]
)
@pytest.mark.parametrize("seed", [0, *SEEDS])
def test_strengths_of_covers_and_products_show_the_ink_and_the_gradient_does_not(seed, how, least, most):
    model, valid = (network_of("A"), validation()) if seed == 0 else (like_a(seed), split(seed)[1])
    nothing = untrained()

    def strength(network, image):
        if how == "cover":
            return np.abs(cover_map(network, image, 1))
        return np.abs(gradient_map(network, image)) * (image[:, :, 0] if "×" in how else 1)

    mean = np.mean([likeness(strength(model, image), strength(nothing, image)) for image in valid.x[:60]])
    assert least < mean < most


def test_rank_correlation_is_that_of_scipy():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 5, (8, 8)).astype(float), rng.integers(0, 9, (8, 8)).astype(float)
    assert likeness(one, other) == pytest.approx(stats.spearmanr(one.ravel(), other.ravel()).statistic)
    assert likeness(one, 0 * one) == 0 and likeness(one, one**3) == pytest.approx(1)


def test_things_to_try_with_the_maps_say_on_screen_what_the_lesson_says():
    trial = WhyItWorks(right="untrained", speck="none", how="gradient × pixel", strength=True)
    assert "Rank correlation of the maps: 0.89" in sentence(trial) and "the untrained network 8.6 %" in sentence(trial)
    signed = trial.replace(strength=False)
    assert "maps: 0.35" in sentence(signed)
    assert "maps: −0.07" in sentence(signed.replace(example="0"))
    assert "maps: −0.18" in sentence(trial.replace(how="gradient"))
    assert "maps: 0.90" in sentence(trial.replace(how="cover"))


def test_nothing_is_told_before_a_bet_is_placed():
    for state in (WhyItWorks(covered=True), WhyItWorks(right="untrained", how="gradient", covered=True)):
        assert (
            sentence(state).endswith("The map on the right is covered.")
            and " %" not in sentence(state).rsplit(".", 2)[1]
        )
        assert "of the maps" in sentence(state.replace(prediction="x"))


# Labels by lot -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_three_hundred_labels_by_lot_are_known_by_heart_and_teach_nothing(seed):
    few, valid = split(seed)[0][:300], split(seed)[1]
    model, shuffled = by_heart(seed)
    assert (answers(model, few.x) == shuffled).mean() == 1 and dl.accuracy(model, valid) < 0.2


# Hands, keys, and what is given ------------------------------------------------------------------------------------


def test_a_press_inks_a_pixel_and_dragging_goes_on():
    state = WhyItWorks(example="empty", speck="none")
    inked = state.pointer(Pointer("down", "picture", 2.2, 5.1))
    assert inked.image[5, 2] == 1 and inked.image.sum() == 1 and inked.at == (5, 2)
    line = inked.pointer(Pointer("drag", "picture", 3.0, 5.0))
    assert line.image.sum() == 2 and line.image[5, 3] == 1
    gone = line.pointer(Pointer("down", "picture", 2.0, 5.0))
    assert gone.image.sum() == 1 and gone.pointer(Pointer("drag", "picture", 3.0, 5.0)).image.sum() == 0
    assert state.pointer(Pointer("hover", "picture", 2.0, 5.0)) is state
    assert inked.replace(example="3").inked == () and inked.replace(speck="4").inked == ()
    assert inked.replace(how="gradient").inked == inked.inked and inked.clear().image.sum() == 0


def test_the_dust_can_be_wiped_off_and_put_elsewhere_by_hand():
    wiped = WhyItWorks().pointer(Pointer("down", "picture", 0.0, 7.0))
    assert np.array_equal(wiped.image, WhyItWorks(speck="none").image)
    assert says(wiped.pointer(Pointer("down", "picture", 7.0, 0.0)))[1] == 8


def test_maps_and_arrows_move_the_cover_and_the_space_bar_inks():
    state = WhyItWorks()
    assert state.pointer(Pointer("down", "left", 6.4, 0.4)).at == (0, 6) and state.pointer(
        Pointer("drag", "right", -0.4, 7.4)
    ).at == (7, 0)
    assert state.key("ArrowRight").at == (3, 4) and state.key("ArrowUp").at == (2, 3) and state.key("q") is state
    assert WhyItWorks(at=(0, 0)).key("ArrowUp").at == (0, 0)
    assert state.key(" ").image[3, 3] == 1 and state.key(" ").key(" ").image[3, 3] == 0
    assert state.key("Delete").image.sum() == 0


def test_a_drawing_from_the_pad_of_lesson_00_is_taken_as_the_network_there_sees_it():
    pad = DigitPad(strokes=(((10.0, 6.0), (20.0, 6.0), (14.0, 26.0)),)).compute().picture
    state = WhyItWorks(picture=pad)
    assert state.example == "yours" and np.array_equal(state.image, pad)
    assert WhyItWorks(picture=np.eye(40)).image.shape == (8, 8, 1)


@pytest.mark.parametrize(("given", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_a_network_or_a_picture_is_refused_in_words(given, error, message):
    with pytest.raises(error, match=message):
        WhyItWorks(**given)


NARROW = [
    WhyItWorks(), WhyItWorks(covered=True), WhyItWorks(right="untrained", speck="none", how="gradient × pixel", strength=True),
    WhyItWorks(example="an E", speck="8", wide=3),
]  # fmt: skip


@pytest.mark.parametrize("state", NARROW, ids=range(len(NARROW)))
def test_a_phone_gets_the_whole_picture_and_a_frame_is_small(state):
    assert not list(table.complaints(type(state).__name__, Shown(state, narrow=True)))
    assert len(encode(Picture(*state.size).paint(state, state.compute()))) < 30_000


def test_in_the_narrowest_window_every_square_is_whole():
    width, height, scale = size_for(WhyItWorks(), 290)
    drawn = Picture(width, height, scale)
    drawn.paint(WhyItWorks(), WhyItWorks().compute())
    places = drawn._artists.tiles.places
    assert len(places) == 3 and all(left > 0 and left + side < 100 * width for left, _, side in places)
