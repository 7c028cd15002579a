"""WhyItWorks and SmallStep: what lesson 23 says of dust, maps, labels by lot and small steps is what is computed."""

import functools

import numpy as np
import pytest
from pictures import table
from pictures.shown import Shown

import dlcourse as dl
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.live.encoding import encode
from dlcourse.live.picture import Picture, size_for
from dlcourse.live.widget import Pointer
from dlcourse.widgets import DigitPad, Neighbours, Prune, SmallStep, WhyItWorks
from dlcourse.widgets.it_works_why import hidden_layer
from dlcourse.widgets.it_works_why.nearest import nearest
from dlcourse.widgets.it_works_why.networks import (
    few_by_lot,
    network_of,
    parts,
    specked,
    training,
    untrained,
    validation,
)
from dlcourse.widgets.it_works_why.numbers import cover_map, gradient_map, likeness
from dlcourse.widgets.it_works_why.prune.numbers import order_of, right_after, scores_left, sizes
from dlcourse.widgets.it_works_why.stepping import against, by_lot, moved

SEEDS = (1, 2)


def sentence(widget):
    return widget.describe(widget.compute())


def reads(widget):
    return [one.reads for one in widget.compute().maps]


def says(widget):
    return [int(one.shares.argmax()) for one in widget.compute().maps]


def network(train, seed, epochs=30):
    rng = np.random.default_rng(seed)
    hidden = dl.Dense(64, 128, activation=dl.relu, rng=rng)
    model = dl.Sequential(dl.Flatten(), hidden, dl.Dense(128, 10, rng=rng))
    optimizer = dl.Adam(model.parameters(), 3e-3)
    dl.fit(
        model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=epochs, batch_size=32, rng=rng, progress=False
    )
    model.zero_grad()
    return model


@functools.cache
def pair(seed):
    """A and B with other seeds, and the digits that they have not learned from."""
    train, valid, _ = parts(np.random.default_rng(seed))
    dusty = dl.data.Dataset(specked(train.x, train.y), train.y)
    return network(train, seed), network(dusty, seed), valid


def answers(model, x):
    return dl.predict(model, x).argmax(axis=1)


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
    clean, dusty, valid = pair(seed)
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
    assert "A 96.1 % and B 44.2 % are read" in sentence(following) and says(following) == [7, 8]
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
    model, valid = (network_of("A"), validation()) if seed == 0 else (pair(seed)[0], pair(seed)[2])
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
        assert "are read" in sentence(state.replace(prediction="x"))
    asked = Prune(covered=True)
    assert sentence(asked).split(" A 7")[0].endswith("And without some?") and "Nine in ten" not in sentence(asked)
    asked = SmallStep(example="9", which=6, covered=True)
    assert sentence(asked).endswith("And against it?") and "turns" not in sentence(asked)


# Labels by lot, and parts taken away -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_three_hundred_labels_by_lot_are_known_by_heart_and_teach_nothing(seed):
    train, valid, _ = parts(np.random.default_rng(seed))
    few = train[:300]
    shuffled = np.random.default_rng(seed).permutation(few.y)
    model = network(dl.data.Dataset(few.x, shuffled), seed + 50, epochs=150)
    assert (answers(model, few.x) == shuffled).mean() == 1 and dl.accuracy(model, valid) < 0.2
    learned = network(few, seed + 50, epochs=150)  # as many neurons, the same digits, true labels
    assert max(may_go(model, few.x, shuffled)) < min(may_go(learned, few.x, few.y))


def may_go(model, x, y):
    """How many neurons go by chance, in nine orders, before one in ten of the labels is lost."""
    orders = [np.random.default_rng(draw).permutation(128) for draw in range(9)]
    return [int((right_after(model, x, y, order) < 0.9).argmax()) - 1 for order in orders]


def test_most_of_the_smallest_weights_can_go_and_not_so_many_by_lot():
    x, y = validation().x.reshape(-1, 64), validation().y
    W1, b1, W2, b2 = (parameter.data for parameter in network_of("A").parameters())
    limit = np.quantile(np.abs(np.concatenate([W1.ravel(), W2.ravel()])), 0.7)
    rng = np.random.default_rng(0)

    def right(first, second):
        return ((np.maximum(x @ (W1 * first) + b1, 0) @ (W2 * second) + b2).argmax(axis=1) == y).mean()

    assert right(np.abs(W1) > limit, np.abs(W2) > limit) > 0.9
    assert right(rng.random(W1.shape) > 0.7, rng.random(W2.shape) > 0.7) < 0.7


# Neurons that go ---------------------------------------------------------------------------------------------------


def weights(model):
    return [parameter.data for parameter in model.parameters()]


def test_a_neuron_that_is_gone_says_nothing_and_its_size_is_the_length_of_its_weights():
    model, x, y = network_of("A"), validation().x, validation().y
    W1, b1, W2, b2 = weights(model)
    h = np.maximum(x.reshape(-1, 64) @ W1 + b1, 0)
    assert sizes(model) == pytest.approx(np.sqrt((W1**2).sum(axis=0)), rel=1e-5)
    order = order_of(sizes(model), "by chance", 3)
    right = right_after(model, x, y, order)
    for n in (0, 1, 50, 128):
        left = h.copy()
        left[:, order[:n]] = 0
        scores = left @ W2 + b2
        assert scores_left(model, x, order[:n]) == pytest.approx(scores, abs=1e-3)
        assert right[n] == (scores.argmax(axis=1) == y).mean()
    assert len(right) == 129 and right[128] == (y == b2.argmax()).mean()


def test_orders_are_those_that_their_names_say():
    size = np.array([3.0, 1.0, 2.0, 0.0])
    assert list(order_of(size, "smallest first", 0)) == [3, 1, 2, 0] == list(order_of(size, "largest first", 9))[::-1]
    assert sorted(order_of(size, "by chance", 0)) == [0, 1, 2, 3]
    assert list(order_of(np.arange(50), "by chance", 0)) != list(order_of(np.arange(50), "by chance", 1))


@pytest.mark.parametrize("seed", SEEDS)
def test_half_of_the_neurons_can_go_with_other_seeds_too(seed):
    clean, _, valid = pair(seed)
    right = [
        right_after(clean, valid.x, valid.y, order_of(sizes(clean), how, 0))
        for how in ("smallest first", "largest first")
    ]
    assert right[0][64] > 0.9 > right[1][64] + 0.05


def test_things_to_try_with_the_neurons_say_on_screen_what_the_lesson_says():
    start = Prune()
    right = start.compute().right
    half = sentence(start.replace(gone=64))
    assert "it reads 97.8 % of the 360 unseen digits, with all of them 97.8 %" in half
    assert "until 86 are gone smallest first, 75 by chance, 36 largest first" in half
    for number, most in enumerate((86, 75, 36)):
        assert (right[number][: most + 1] >= 0.9 * right[0][0]).all() and right[number][most + 1] < 0.9 * right[0][0]
    knows = start.replace(network="by heart", order="by chance")
    assert "with all of them 100 %" in sentence(knows) and "13 by chance" in sentence(knows)
    assert np.array_equal(few_by_lot().x, training().x[:300]) and (few_by_lot().y != training().y[:300]).mean() > 0.8
    assert start.draw_again().compute().right[1].tolist() != right[1].tolist()
    own = start.clear().pointer(Pointer("down", "picture", 3.0, 1.0))
    assert "An empty picture, 1 of its pixels changed by hand: the whole network says" in sentence(own)


# Neighbours --------------------------------------------------------------------------------------------------------


def test_neighbours_are_the_nearest_of_all_that_a_has_learned_from():
    state = Neighbours(by=0.1)
    result, x = state.compute(), training().x.reshape(-1, 64)
    W1, b1, _, _ = weights(network_of("A"))
    for row, view in ((result.by_pixels, lambda x: x), (result.by_neurons, lambda x: np.maximum(x @ W1 + b1, 0))):
        distances = np.linalg.norm(view(x) - view(result.after.reshape(1, 64)), axis=1)
        assert distances[row] == pytest.approx(np.sort(distances)[:8], rel=1e-4)
    assert np.array_equal(state.replace(by=0.0).compute().after, state.image)


def test_things_to_try_with_the_neighbours_say_on_screen_what_the_lesson_says():
    start = Neighbours(by=0.1)
    assert "A says 8 (96.2 %)" in sentence(start)
    assert "by pixels seven 9s, one 3; by hidden neurons eight 8s" in sentence(start)
    classes = training().y
    shown = [start.replace(by=round(0.01 * step, 2)).compute() for step in range(11)]
    eights = [int((classes[one.by_neurons] == 8).sum()) for one in shown]
    assert eights[0] == 0 and eights[-1] == 8 and sorted(eights) == eights and len(set(eights)) > 4
    assert all((classes[one.by_pixels] == 9).sum() >= 6 for one in shown)
    assert "A says 5" in sentence(Neighbours(example="an E")) and "by hidden neurons eight 5s" in sentence(
        Neighbours(example="an E")
    )
    covered = Neighbours(by=0.1, covered=True)
    assert sentence(covered).endswith("seven 9s, one 3. And by hidden neurons?")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_against_the_network_moves_the_neighbours_of_its_neurons_and_not_those_of_the_pixels(seed):
    clean, _, valid = pair(seed)
    train = parts(np.random.default_rng(seed))[0]
    clean.zero_grad()
    hit = moved(valid.x, against(clean, valid.x, valid.y), 0.1)[:120]
    right = {}
    for name, view in (
        ("pixels", lambda x: x.reshape(len(x), 64)),
        ("neurons", lambda x: hidden_layer.hidden(clean, x)),
    ):
        theirs = view(train.x)
        rows = [nearest(one[None], theirs, 1)[0] for one in view(hit)]
        right[name] = (train.y[rows] == valid.y[:120]).mean()
    assert right["pixels"] > 0.9 and right["neurons"] < 0.8


# One small step ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, *SEEDS])
def test_a_step_by_lot_does_little_and_against_the_network_it_takes_half_and_fools_others(seed):
    clean, other, valid = (network_of("A"), pair(1)[0], validation()) if seed == 0 else (*pair(seed)[:2], pair(seed)[2])
    clean.zero_grad()
    hit = moved(valid.x, against(clean, valid.x, valid.y), 0.1)
    assert (answers(clean, moved(valid.x, by_lot(valid.x), 0.1)) == valid.y).mean() > 0.93
    assert 0.4 < (answers(clean, hit) == valid.y).mean() < 0.6
    assert (answers(other, hit) == valid.y).mean() < 0.75


def test_the_step_of_a_picture_is_the_one_that_makes_the_loss_larger():
    state = SmallStep(example="9", which=6)
    result = state.compute()
    small = moved(result.picture, result.signs, 0.001)
    losses = [
        dl.cross_entropy(dl.predict(state.network, one[None]), np.array([9])).item() for one in (result.picture, small)
    ]
    assert losses[1] > losses[0] and np.abs(result.after - result.picture).max() <= 0.1 + 1e-6
    assert set(np.unique(result.signs)) <= {-1, 0, 1}


def test_things_to_try_with_the_step_say_on_screen_what_the_lesson_says():
    nine = SmallStep(example="9", which=6)
    assert "it says 8 (98." in sentence(nine) and "turns at 0.04" in sentence(nine)
    assert "by lot, 95.0 %, and against it 47.8 %" in sentence(nine)
    assert "No step up to 0.30" in sentence(nine.replace(way="by lot"))
    assert "turns at 0.15" in sentence(SmallStep(example="0"))
    played = SmallStep(example="9", which=6, by=0.0)
    while played.can_step():
        played = played.step()
    assert played.by == 0.3 and played.step() is played


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


@pytest.mark.parametrize("kind", [Prune, Neighbours])
def test_a_digit_of_ones_own_can_be_drawn_by_hand_and_by_keys(kind):
    state = (
        kind(example="empty")
        .pointer(Pointer("down", "picture", 2.2, 5.1))
        .pointer(Pointer("drag", "picture", 3.0, 5.0))
    )
    assert state.image.sum() == 2 and state.image[5, 2] == state.image[5, 3] == 1
    more = state.key("ArrowUp").key(" ")
    assert more.image[4, 3] == 1 and "3 of its pixels changed by hand" in sentence(more)
    assert state.key("Delete").image.sum() == 0 and state.replace(example="3").inked == ()
    assert state.adds(Pointer("down", "picture", 2.0, 5.0)) and not state.adds(Pointer("down", "curve", 2.0, 0.5))


def test_the_curve_can_be_gone_along_with_the_hand():
    state = Prune()
    assert state.pointer(Pointer("drag", "curve", 63.8, 0.4)).gone == 64
    assert state.pointer(Pointer("down", "curve", 500.0, 0.4)).gone == 128 and state.step().gone == 1
    last = state.replace(gone=128)
    assert not last.can_step() and last.step() is last
    narrow = bare(dense(64, 20, activation=dl.relu), dense(20, 10))
    assert Prune(model=narrow, gone=30).gone == 20 and Prune(model=narrow).slider_ends() == {"gone": (0, 20)}


def test_maps_and_arrows_move_the_cover_and_the_space_bar_inks():
    state = WhyItWorks()
    assert state.pointer(Pointer("down", "left", 6.4, 0.4)).at == (0, 6) and state.pointer(
        Pointer("drag", "right", -0.4, 7.4)
    ).at == (7, 0)
    assert state.key("ArrowRight").at == (3, 4) and state.key("ArrowUp").at == (2, 3) and state.key("q") is state
    assert WhyItWorks(at=(0, 0)).key("ArrowUp").at == (0, 0)
    assert state.key(" ").image[3, 3] == 1 and state.key(" ").key(" ").image[3, 3] == 0
    assert state.key("Delete").image.sum() == 0
    step = SmallStep()
    assert step.key("ArrowRight").by == 0.11 and step.pointer(Pointer("down", "curve", 0.204, 0.5)).by == 0.2
    assert step.pointer(Pointer("down", "", 0.2, 0.5)) is step is step.key("ArrowUp")


def test_a_drawing_from_the_pad_of_lesson_00_is_taken_as_the_network_there_sees_it():
    pad = DigitPad(strokes=(((10.0, 6.0), (20.0, 6.0), (14.0, 26.0)),)).compute().picture
    for kind in (WhyItWorks, Prune, SmallStep, Neighbours):
        state = kind(picture=pad)
        assert state.example == "yours" and np.array_equal(state.image, pad)
    assert WhyItWorks(picture=np.eye(40)).image.shape == (8, 8, 1)


def bare(*layers):
    return dl.Sequential(dl.Flatten(), *layers)


def dense(inputs, outputs, **settings):
    return dl.Dense(inputs, outputs, rng=np.random.default_rng(0), **settings)


@pytest.mark.parametrize(
    ("kind", "model", "error", "message"),
    [
        (Prune, bare(dense(64, 10)), WrongTypeError, "Prune: the neurons before the last layer"),
        (Neighbours, bare(dense(64, 10)), WrongTypeError, "Neighbours: the neurons before the last layer"),
        (Neighbours, bare(dense(64, 9), dense(9, 10), dl.softmax), WrongTypeError, "without an activation"),
        (Prune, bare(dense(64, 9), dense(9, 10, activation=dl.tanh)), WrongTypeError, "without an activation"),
        (Prune, lambda x: dl.matmul(x.reshape(len(x), 64), np.ones((64, 10))), WrongTypeError, "not a lambda"),
        (Prune, bare(dense(64, 600), dense(600, 10)), ShapeError, "600 neurons before the last layer, and at most 512"),
    ],
    ids=["nothing hidden", "nothing hidden either", "softmax", "tanh", "a function", "too wide"],
)
def test_a_network_without_hidden_neurons_before_a_last_layer_is_refused_in_words(kind, model, error, message):
    with pytest.raises(error, match=message):
        kind(model=model)


@pytest.mark.parametrize("kind", [WhyItWorks, Prune, SmallStep, Neighbours])
@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"model": 3}, WrongTypeError, "should be a network from pictures"),
        ({"model": lambda x: x.reshape(len(x), -1)}, ShapeError, r"ten scores each, \(N, 10\) = \(2, 10\), but gave \(2, 64\)"),
        ({"model": lambda x: np.full((len(x), 10), np.nan)}, DataError, "NaN or infinity"),
        ({"picture": np.zeros((3, 4))}, ShapeError, "8, 8"),
    ],
    ids=["no model", "64 scores", "nan", "no picture"],
)  # fmt: skip
def test_what_is_not_a_network_or_a_picture_is_refused_in_words(kind, given, error, message):
    with pytest.raises(error, match=message):
        kind(**given)


NARROW = [
    WhyItWorks(), WhyItWorks(covered=True), WhyItWorks(right="untrained", speck="none", how="gradient × pixel", strength=True),
    WhyItWorks(example="an E", speck="8", wide=3), Prune(gone=60), Prune(covered=True), Prune(network="by heart", gone=20, order="by chance"), Neighbours(by=0.1), Neighbours(covered=True),
    SmallStep(example="9", which=6), SmallStep(by=0.0), SmallStep(by=0.3, covered=True), SmallStep(by=0.02),
]  # fmt: skip


@pytest.mark.parametrize("state", NARROW, ids=range(len(NARROW)))
def test_a_phone_gets_the_whole_picture_and_a_frame_is_small(state):
    assert not list(table.complaints(type(state).__name__, Shown(state, narrow=True)))
    assert len(encode(Picture(*state.size).paint(state, state.compute()))) < 30_000


@pytest.mark.parametrize(("kind", "count"), [(WhyItWorks, 3), (Prune, 1), (SmallStep, 3), (Neighbours, 17)])
def test_in_the_narrowest_window_every_square_is_whole(kind, count):
    width, height, scale = size_for(kind(), 290)
    drawn = Picture(width, height, scale)
    drawn.paint(kind(), kind().compute())
    places = drawn._artists.tiles.places
    assert len(places) == count and all(left > 0 and left + side < 100 * width for left, _, side in places)
