"""How a single output is read: every ending of a model, every loss, every way to label two classes, by fit and in a loop of one's own."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.decision import predicted_classes, threshold_of_loss, two_classes
from dlcourse.errors import ArgumentError, LabelError
from dlcourse.validation import evaluate

LOGITS, SHARES = 0.0, 0.5


def dense(activation=None):
    return dl.Dense(4, 1, activation=activation, rng=np.random.default_rng(1))


def by_hand(z):
    return 1 / (1 + dl.exp(-z))


class Own(dl.Module):
    def __init__(self, layer, end):
        self.layer, self.end = layer, end

    def forward(self, x):
        return self.end(self.layer(x))


# How a model ends: with a probability, with what lies between −1 and 1, or with any number.
PROBABLE = {
    "sigmoid": lambda: (dense(), dl.sigmoid),
    "Dense with sigmoid": lambda: (dense(dl.sigmoid),),
    "method": lambda: (dense(), lambda z: z.sigmoid()),
    "hard sigmoid": lambda: (dense(dl.hard_sigmoid),),
    "a Module": lambda: (Own(dense(), dl.sigmoid),),
    "moved": lambda: (dense(), dl.sigmoid, lambda p: p[:, :1]),
    "1 − p": lambda: (dense(), lambda z: 1 - dl.sigmoid(z)),
    "softmax": lambda: (dl.Dense(4, 2, rng=np.random.default_rng(1)), lambda z: dl.softmax(z)[:, 1:]),
    "by hand": lambda: (dense(), by_hand),
    "by hand, own activation": lambda: (dense(by_hand),),
}
BOUNDED = {"tanh": lambda: (dense(), dl.tanh), "Dense with tanh": lambda: (dense(dl.tanh),)}
LINEAR = {
    "linear": lambda: (dense(),),
    "column": lambda: (dense(), lambda z: z[:, :1]),
    "two layers": lambda: (dense(), dl.Dense(1, 1, rng=np.random.default_rng(5))),
}


def mean_of_squares(p, y):
    return ((p - y) ** 2).mean()


def root(p, y):
    return dl.sqrt(dl.squared_error(p, y) + 1e-6)


def log_loss(p, y):
    return -(y * dl.log(p + 1e-6) + (1 - y) * dl.log(1 - p + 1e-6)).mean()


def logistic(z, y):
    return dl.log(1 + dl.exp(-(2 * y - 1) * z)).mean()


def logistic_of_signs(z, y):
    return dl.log(1 + dl.exp(-y * z)).mean()


DISTANCES = {
    "squared": dl.squared_error, "absolute": dl.absolute_error, "huber": dl.huber, "small huber": functools.partial(dl.huber, delta=0.1),
    "own": mean_of_squares, "root": root, "twice": lambda p, y: 2 * dl.squared_error(p, y),
}  # fmt: skip
SCORES = {"binary cross-entropy": dl.binary_cross_entropy, "hinge": dl.hinge, "logistic": logistic,
          "column out": lambda z, y: dl.binary_cross_entropy(z[:, 0], y[:, 0])}  # fmt: skip
SIGN_SCORES = {"hinge": dl.hinge, "logistic": logistic_of_signs}

CASES = [
    *((end, loss, "01", SHARES) for end, loss in itertools.product(PROBABLE, [*DISTANCES, "log-loss"])),
    *((end, loss, "01", SHARES) for end, loss in itertools.product(BOUNDED, DISTANCES)),
    *((end, loss, "±1", LOGITS) for end, loss in itertools.product(BOUNDED, [*DISTANCES, *SIGN_SCORES])),
    *((end, loss, "01", SHARES) for end, loss in itertools.product(LINEAR, DISTANCES)),
    *((end, loss, "±1", LOGITS) for end, loss in itertools.product(LINEAR, [*DISTANCES, *SIGN_SCORES])),
    *((end, loss, "01", LOGITS) for end, loss in itertools.product(LINEAR, SCORES)),
]


def setting(end, loss, labels, seed=0):
    rng = np.random.default_rng(seed)
    points = dl.data.moons(80, noise=0.25, rng=rng)
    y = points.y[:, None] if labels == "01" else 2 * points.y[:, None] - 1
    train, unseen = dl.data.Dataset(points.x, y).split(0.5, 0.5, rng=rng)
    ends = (PROBABLE | BOUNDED | LINEAR)[end]
    model = dl.Sequential(dl.Dense(2, 4, activation=dl.tanh, rng=rng), *ends())
    losses = DISTANCES | {"log-loss": log_loss} | (SCORES if labels == "01" else SIGN_SCORES)
    return model, train, unseen, losses[loss], rng


def counted(model, data, threshold):
    return float(((dl.predict(model, data)[:, 0] > threshold) == (data.y[:, 0] > 0)).mean())


@pytest.mark.parametrize("end, loss, labels, threshold", CASES)
def test_fit_and_accuracy_count_by_the_threshold_that_the_loss_trains_for(end, loss, labels, threshold):
    model, train, unseen, function, rng = setting(end, loss, labels)
    history = dl.fit(
        model, train, loss=function, optimizer=dl.Adam(model.parameters(), 0.05), epochs=8, batch_size=10, validation=unseen,
        rng=rng,
    )  # fmt: skip
    expected = counted(model, unseen, threshold)
    assert len(history.validation_accuracy) == 8 and history.validation_accuracy[-1] == expected
    assert evaluate(model, unseen, function)[1] == expected
    for data in (train, unseen):
        assert dl.accuracy(model, data) == counted(model, data, threshold)
        matrix = dl.confusion_matrix(model, data)
        assert matrix.diagonal().sum() / matrix.sum() == pytest.approx(counted(model, data, threshold))
        np.testing.assert_allclose(dl.recall(model, data), matrix.diagonal() / matrix.sum(axis=1))
        assert len(dl.precision(model, data)) == 2


@pytest.mark.parametrize("end, loss, labels, threshold", CASES)
def test_after_a_loop_of_ones_own_it_is_counted_right_or_asked_for(end, loss, labels, threshold):
    model, train, unseen, function, rng = setting(end, loss, labels)
    optimizer = dl.Adam(model.parameters(), 0.05)
    for _ in range(8):
        for x, y in train.batches(10, rng=rng):
            optimizer.zero_grad()
            function(model(x), y).backward()
            optimizer.step()
    for read in (dl.accuracy, dl.confusion_matrix, dl.precision, dl.recall):
        try:
            reading = read(model, unseen)
        except ArgumentError as error:
            assert "threshold=0." in str(error) and "threshold=0.5." in str(error)
        else:
            np.testing.assert_array_equal(reading, read(model, unseen, threshold=threshold))
    assert dl.accuracy(model, unseen, threshold=threshold) == counted(model, unseen, threshold)


def outputs(*numbers):
    """A model that says these numbers, and knows nothing of how it came to them."""
    return lambda x: x * np.float32(1), np.array(numbers, np.float32)[:, None]


@pytest.mark.parametrize("column", [True, False])
def test_the_example_of_the_report(column):
    model, x = outputs(0.006, 0.988, 0.991, 0.011)
    y = np.array([0, 1, 1, 0])
    data = dl.data.Dataset(x, y[:, None] if column else y)
    assert dl.accuracy(model, data) == 1.0
    np.testing.assert_array_equal(dl.confusion_matrix(model, data), [[2, 0], [0, 2]])
    history = dl.fit(
        model := dl.Sequential(dl.Dense(1, 1, rng=np.random.default_rng(0)), lambda z: z if column else z[:, 0]), data,
        loss=dl.squared_error, optimizer=dl.SGD(model.parameters(), 0.2), epochs=200, batch_size=4, validation=data,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    assert history.validation_accuracy[-1] == dl.accuracy(model, data) == 1.0


def test_logits_of_a_model_that_nobody_knows_are_read_as_logits():
    rng = np.random.default_rng(0)
    for scale in (0.3, 1.0, 3.0, 10.0):
        z = scale * rng.normal(size=(400, 1))
        y = (rng.random((400, 1)) < 1 / (1 + np.exp(-z))).astype(int)
        assert dl.accuracy(lambda x: x * 1.0, dl.data.Dataset(z, y)) == ((z > 0) == y).mean()


@pytest.mark.parametrize(
    "end",
    [
        dl.sigmoid, dl.hard_sigmoid, lambda z: dl.sigmoid(z)[:, :1], lambda z: 1 - dl.sigmoid(-z), by_hand, dl.log_sigmoid,
        lambda z: dl.log(dl.sigmoid(z)), lambda z: dl.sigmoid(z).detach(), lambda z: dl.sigmoid(z).data,
        lambda z: dl.exp(dl.log_sigmoid(z)), lambda z: dl.where(z > 0, 0.9, 0.2), lambda z: dl.clip(by_hand(z), low=0.1, high=0.9),
    ],
)  # fmt: skip
def test_probabilities_are_read_as_such_however_poor_they_are(end):
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(60, 1)).astype(np.float32), rng.integers(0, 2, (60, 1))
    for labels in (y, 2 * y - 1):
        assert dl.accuracy(end, dl.data.Dataset(z, labels)) == ((z > 0) == y).mean()


def test_estimates_of_0_and_1_by_a_model_that_nobody_knows_are_read_as_such():
    rng = np.random.default_rng(0)
    for noise in (0.02, 0.1, 0.2, 0.3):
        y = rng.integers(0, 2, (400, 1))
        p = y + noise * rng.normal(size=(400, 1))
        assert dl.accuracy(lambda x: x * 1.0, dl.data.Dataset(p, y)) == ((p > 0.5) == y).mean()
        within = np.clip(p, 0, 1)
        assert dl.accuracy(lambda x: x * 1.0, dl.data.Dataset(within, 2 * y - 1)) == ((p > 0.5) == y).mean()


def test_scores_that_happen_to_be_positive_are_not_read_as_probabilities():
    x, y = np.array([[0.2], [0.3], [0.9], [0.4]]), np.array([-1, 1, 1, 1])
    for end in (dl.tanh, dl.hard_tanh, dl.softsign, lambda z: z * 0.5):
        assert dl.accuracy(end, dl.data.Dataset(x, y)) == 0.75


def test_where_it_cannot_be_told_an_error_asks_and_a_threshold_answers():
    model, x = outputs(0.1, 0.3, -0.4, 0.9)
    data = dl.data.Dataset(x, [1, 0, 0, 1])
    for read in (dl.accuracy, dl.confusion_matrix, dl.precision, dl.recall):
        with pytest.raises(ArgumentError, match="cannot be told"):
            read(model, data)
    assert (dl.accuracy(model, data, threshold=0), dl.accuracy(model, data, threshold=0.5)) == (0.75, 0.75)
    history = dl.fit(
        dl.Sequential(layer := dl.Dense(1, 1, rng=np.random.default_rng(0))), data, epochs=2, batch_size=4, validation=data,
        loss=lambda z, y: (dl.binary_cross_entropy(z[:, 0], y) * 1.0 + z.mean()), optimizer=dl.SGD([layer.weight, layer.bias], 1e-3),
        rng=np.random.default_rng(0),
    )  # fmt: skip
    assert history.validation_accuracy in ([], [0.5] * 2, [0.75] * 2) and len(history.validation_loss) == 2


@pytest.mark.parametrize(
    "y", [np.arange(20) % 7, 20 + np.arange(20), np.arange(20) % 3, np.arange(20)[:, None], np.arange(20) % 3 - 1]
)
@pytest.mark.parametrize("width", [1, 2])
def test_for_measured_whole_numbers_no_accuracy_is_shown(y, width):
    data = dl.data.Dataset(np.linspace(-1, 1, 20)[:, None], y)
    layer = dl.Dense(1, width, rng=np.random.default_rng(0))
    rng = np.random.default_rng(0)

    def loss(p, y):
        return dl.squared_error(p[:, 0], y.reshape(-1))

    history = dl.fit(
        layer, data, loss=loss, optimizer=dl.SGD(layer.parameters(), 1e-3), epochs=2, batch_size=5, validation=data[-3:], rng=rng,
    )  # fmt: skip
    assert history.validation_accuracy == [] and "accuracy" not in repr(history) and len(history.validation_loss) == 2
    if width == 1:
        with pytest.raises(LabelError):
            dl.accuracy(layer, data)


def test_a_validation_set_of_a_few_small_numbers_does_not_make_classes_of_measured_ones():
    x, y = np.linspace(-1, 1, 30)[:, None], np.arange(30)[:, None] % 10
    train = dl.data.Dataset(x, y)
    validation = train[y[:, 0] < 2]
    layer = dl.Dense(1, 1, rng=np.random.default_rng(0))
    history = dl.fit(
        layer, train, loss=dl.squared_error, optimizer=dl.SGD(layer.parameters(), 1e-3), epochs=1, batch_size=5,
        validation=validation, rng=np.random.default_rng(0),
    )  # fmt: skip
    assert history.validation_accuracy == []


def test_several_answers_per_example_are_not_taken_for_one():
    x, y = np.eye(3, dtype=np.float32), np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0]])
    data = dl.data.Dataset(x, y)
    layer = dl.Dense(3, 3, rng=np.random.default_rng(0))
    history = dl.fit(
        layer, data, loss=dl.binary_cross_entropy, optimizer=dl.SGD(layer.parameters(), 0.1), epochs=1, batch_size=3, validation=data,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    assert history.validation_accuracy == []
    with pytest.raises(dl.errors.ShapeError, match="several answers"):
        dl.accuracy(layer, data)


def test_steps_of_sequences_are_counted_one_by_one():
    x = np.linspace(-1, 1, 24, dtype=np.float32).reshape(4, 6, 1)
    y = (x[..., 0] > 0.1).astype(int)
    for answers in (y, y[..., None]):
        data = dl.data.Dataset(x, answers)
        assert dl.accuracy(lambda x: dl.sigmoid(100 * (x - 0.1)), data) == 1.0
        assert dl.confusion_matrix(lambda x: dl.sigmoid(100 * (x - 0.1)), data).sum() == 24


def test_predicted_classes_of_every_shape():
    p = np.array([[0.2], [0.7]])
    for array in (p, p[:, 0]):
        assert predicted_classes(array, 0.5).tolist() == [0, 1] and predicted_classes(array).tolist() == [1, 1]
    assert predicted_classes(np.zeros((2, 3, 1)), 0.5).shape == (2, 3)
    assert predicted_classes(np.zeros((2, 3, 4))).shape == (2, 3)


def test_the_threshold_of_a_loss_is_where_it_finds_both_classes_equally_wrong():
    outputs, zero_one = np.zeros((3, 1)), np.array([[0], [1], [1]])
    for loss in DISTANCES.values():
        assert threshold_of_loss(loss, outputs, zero_one) == 0.5
        assert threshold_of_loss(loss, outputs, zero_one, (-1, 1)) == 0.0
    assert threshold_of_loss(log_loss, outputs, zero_one) == 0.5
    for loss in SCORES.values():
        assert threshold_of_loss(loss, outputs, zero_one) == 0.0
    assert threshold_of_loss(lambda p, y: p.sum(), outputs, zero_one) is None  # says nothing
    assert threshold_of_loss(lambda p, y: (p * 0).sum(), outputs, zero_one) is None  # all is the same to it
    assert two_classes(np.array([0.0, 1.5])) is None and two_classes(np.array([0.0, 1.0])) == (0, 1)
    assert two_classes(np.array([True, False])) == (0, 1)


def test_what_fit_has_noted_goes_with_copies_and_ends_with_the_next_fit():
    import copy

    model, train, unseen, loss, rng = setting("linear", "squared", "01")
    dl.fit(model, train, loss=loss, optimizer=dl.SGD(model.parameters(), 0.01), epochs=1, batch_size=10, rng=rng)
    assert dl.accuracy(copy.deepcopy(model), unseen) == counted(model, unseen, 0.5)
    dl.fit(model, train, loss=dl.hinge, optimizer=dl.SGD(model.parameters(), 0.01), epochs=1, batch_size=10, rng=rng)
    assert dl.accuracy(model, unseen) == counted(model, unseen, 0.0)


@pytest.mark.parametrize("low", [0, -1])
@pytest.mark.parametrize("kind", [np.int64, np.uint8, bool, np.float32, np.float64])
@pytest.mark.parametrize("column", [False, True])
def test_two_labels_count_in_every_type_and_shape(low, kind, column):
    if low < 0 and kind in (np.uint8, bool):
        pytest.skip("has no -1")
    y = np.array([low, 1, 1, low])
    data = dl.data.Dataset(np.array([[-3.0], [2.0], [-1.0], [-2.0]]), (y[:, None] if column else y).astype(kind))

    def model(x):
        return x * 1.0 if low < 0 else dl.sigmoid(x)

    assert dl.accuracy(model, data) == 0.75
    assert dl.confusion_matrix(model, data).tolist() == [[2, 0], [1, 1]]
    assert dl.recall(model, data).tolist() == [1.0, 0.5]


@pytest.mark.parametrize(
    "values, shown", [([0.0, 1.0, 1.0, 0.0], True), ([1.0] * 4, False), ([0.0, 2.0, 1.0, 0.0], False)]
)
def test_floats_are_labels_only_where_there_are_two_of_them(values, shown):
    data = dl.data.Dataset(np.array([[-3.0], [2.0], [1.0], [-2.0]]), np.array(values)[:, None])
    model = dl.Dense(1, 1, rng=np.random.default_rng(0))
    history = dl.fit(
        model, data, loss=dl.squared_error, optimizer=dl.SGD(model.parameters(), 0.01), epochs=2, batch_size=4, validation=data,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    assert bool(history.validation_accuracy) == shown
