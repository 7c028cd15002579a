"""Prune, SmallStep and Neighbours: what lesson 23b says of neurons that go, small steps and neighbours is what is computed."""

import numpy as np
import pytest
from digit_networks import REFUSED, SEEDS, answers, by_heart, like_a, network, sentence, split
from pictures import table
from pictures.shown import Shown

import dlcourse as dl
from dlcourse.errors import ShapeError, WrongTypeError
from dlcourse.exercises import how_firm
from dlcourse.live.encoding import encode
from dlcourse.live.picture import Picture, size_for
from dlcourse.live.widget import Pointer
from dlcourse.widgets import DigitPad, Neighbours, Prune, SmallStep
from dlcourse.widgets.how_firm import hidden_layer
from dlcourse.widgets.how_firm.nearest import nearest
from dlcourse.widgets.how_firm.prune.numbers import order_of, right_after, scores_left, sizes
from dlcourse.widgets.how_firm.stepping import against, by_lot, moved
from dlcourse.widgets.it_works_why.networks import few_by_lot, network_of, training, validation


def test_nothing_is_told_before_a_bet_is_placed():
    asked = Prune(covered=True)
    assert sentence(asked).split(" A 7")[0].endswith("And without some?") and "Nine in ten" not in sentence(asked)
    asked = SmallStep(example="9", which=6, covered=True)
    assert sentence(asked).endswith("And against it?") and "turns" not in sentence(asked)


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
    clean, valid = like_a(seed), split(seed)[1]
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


def may_go(model, x, y):
    """How many neurons go by chance, in nine orders, before one in ten of the labels is lost."""
    orders = [np.random.default_rng(draw).permutation(128) for draw in range(9)]
    return [int((right_after(model, x, y, order) < 0.9).argmax()) - 1 for order in orders]


@pytest.mark.parametrize("seed", SEEDS)
def test_of_what_is_known_by_heart_fewer_neurons_may_go(seed):
    few = split(seed)[0][:300]
    model, shuffled = by_heart(seed)
    learned = network(few, seed + 50, epochs=150)  # as many neurons, the same digits, true labels
    assert max(may_go(model, few.x, shuffled)) < min(may_go(learned, few.x, few.y))


def test_most_of_the_smallest_weights_can_go_and_not_so_many_by_lot():
    x, y = validation().x.reshape(-1, 64), validation().y
    W1, b1, W2, b2 = (parameter.data for parameter in network_of("A").parameters())
    limit = np.quantile(np.abs(np.concatenate([W1.ravel(), W2.ravel()])), 0.7)
    rng = np.random.default_rng(0)

    def right(first, second):
        return ((np.maximum(x @ (W1 * first) + b1, 0) @ (W2 * second) + b2).argmax(axis=1) == y).mean()

    assert right(np.abs(W1) > limit, np.abs(W2) > limit) > 0.9
    assert right(rng.random(W1.shape) > 0.7, rng.random(W2.shape) > 0.7) < 0.7


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
    clean, (train, valid) = like_a(seed), split(seed)
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


def test_what_is_told_of_a_after_the_exercises_is_what_their_solutions_compute():
    may_go, support = (how_firm.EXERCISES.exercises[name] for name in ("may_go", "support"))
    x, y, (_, _, W, b) = validation().x, validation().y, weights(network_of("A"))
    h, seen = (hidden_layer.hidden(network_of("A"), some) for some in (x, training().x))
    assert "61 of A's neurons" in may_go.praise and may_go.function(may_go.solution)(h, W, b, y) == 61
    says = (h @ W + b).argmax(axis=1)
    whole = support.function(support.solution)(seen, training().y, h, says, 8) == 1
    counts = (whole & (says == y)).sum(), (says == y).sum(), (says != y).sum()
    assert "behind 325 of A's 352 right answers, and behind none of its 8 wrong ones" in support.praise
    assert counts == (325, 352, 8) and not (whole & (says != y)).any()


# One small step ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, *SEEDS])
def test_a_step_by_lot_does_little_and_against_the_network_it_takes_half_and_fools_others(seed):
    clean, valid = (network_of("A"), validation()) if seed == 0 else (like_a(seed), split(seed)[1])
    other = network(split(seed)[0], seed + 10)  # the same digits, another start
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


def test_the_step_follows_keys_and_the_hand():
    step = SmallStep()
    assert step.key("ArrowRight").by == 0.11 and step.pointer(Pointer("down", "curve", 0.204, 0.5)).by == 0.2
    assert step.pointer(Pointer("down", "", 0.2, 0.5)) is step is step.key("ArrowUp")


def test_a_drawing_from_the_pad_of_lesson_00_is_taken_as_the_network_there_sees_it():
    pad = DigitPad(strokes=(((10.0, 6.0), (20.0, 6.0), (14.0, 26.0)),)).compute().picture
    for kind in (Prune, SmallStep, Neighbours):
        state = kind(picture=pad)
        assert state.example == "yours" and np.array_equal(state.image, pad)


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


@pytest.mark.parametrize("kind", [Prune, SmallStep, Neighbours])
@pytest.mark.parametrize(("given", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_a_network_or_a_picture_is_refused_in_words(kind, given, error, message):
    with pytest.raises(error, match=message):
        kind(**given)


NARROW = [
    Prune(gone=60), Prune(covered=True), Prune(network="by heart", gone=20, order="by chance"), Neighbours(by=0.1), Neighbours(covered=True),
    SmallStep(example="9", which=6), SmallStep(by=0.0), SmallStep(by=0.3, covered=True), SmallStep(by=0.02),
]  # fmt: skip


@pytest.mark.parametrize("state", NARROW, ids=range(len(NARROW)))
def test_a_phone_gets_the_whole_picture_and_a_frame_is_small(state):
    assert not list(table.complaints(type(state).__name__, Shown(state, narrow=True)))
    assert len(encode(Picture(*state.size).paint(state, state.compute()))) < 30_000


@pytest.mark.parametrize(("kind", "count"), [(Prune, 1), (SmallStep, 3), (Neighbours, 17)])
def test_in_the_narrowest_window_every_square_is_whole(kind, count):
    width, height, scale = size_for(kind(), 290)
    drawn = Picture(width, height, scale)
    drawn.paint(kind(), kind().compute())
    places = drawn._artists.tiles.places
    assert len(places) == count and all(left > 0 and left + side < 100 * width for left, _, side in places)
