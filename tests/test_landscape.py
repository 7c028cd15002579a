"""The landscape of any model: slices through its weights, and its loss as a function of one vector."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import landscape
from dlcourse.errors import ArgumentError, DataError, WrongTypeError


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.fixture
def moons(rng):
    return dl.data.moons(40, rng=rng)


def network(rng, *, activation=dl.tanh):
    return dl.Sequential(dl.Dense(2, 5, activation=activation, rng=rng), dl.Dense(5, 2, rng=rng))


def convolutional(rng):
    return dl.Sequential(
        dl.Conv2D(1, 4, 3, activation=dl.relu, rng=rng), dl.BatchNorm(4), dl.Flatten(), dl.Dropout(0.5, rng=rng), dl.Dense(144, 10, rng=rng)
    )  # fmt: skip


def test_each_filter_of_a_direction_has_the_length_of_the_models_filter(rng):
    model = convolutional(rng)
    for p, d in zip(model.parameters(), landscape.random_direction(model, rng=rng), strict=True):
        if p.ndim < 2:
            assert not d.any(), "biases and scales stay where they are"
        else:
            axes = tuple(range(p.ndim - 1))
            np.testing.assert_allclose(np.sqrt((d**2).sum(axis=axes)), np.sqrt((p.data**2).sum(axis=axes)), rtol=1e-5)


def test_a_plain_direction_is_as_long_as_all_weights_together(rng):
    model = network(rng)
    direction = landscape.random_direction(model, rng=rng, normalized=False)
    long = np.sqrt(sum((d**2).sum() for d in direction))
    assert long == pytest.approx(np.sqrt(sum((p.data**2).sum() for p in model.parameters())), rel=1e-5)


def test_a_slice_does_not_change_when_relu_layers_are_rescaled(rng, moons):
    model = network(rng, activation=dl.relu)
    before = dl.random_slice(model, moons, loss=dl.cross_entropy, points=5, rng=np.random.default_rng(7))
    model[0].weight.data *= 8
    model[0].bias.data *= 8
    model[1].weight.data /= 8
    after = dl.random_slice(model, moons, loss=dl.cross_entropy, points=5, rng=np.random.default_rng(7))
    np.testing.assert_allclose(after.losses, before.losses, rtol=1e-4)


def test_the_middle_is_the_model_itself_and_other_points_are_what_moving_there_gives(rng, moons):
    model = network(rng)
    cut = dl.random_slice(model, moons, loss=dl.cross_entropy, reach=0.8, points=6, rng=rng)
    assert cut.losses.shape == (7, 7) and cut.a[0] == -0.8 and cut.a[3] == 0
    assert cut.centre == pytest.approx(dl.cross_entropy(model(moons.x), moons.y).item(), rel=1e-6)
    for p, first, second in zip(model.parameters(), *cut.directions, strict=True):
        p.data += (cut.a[1] * first + cut.b[5] * second).astype(np.float32)
    assert cut.losses[5, 1] == pytest.approx(dl.cross_entropy(model(moons.x), moons.y).item(), rel=1e-5)


def test_weights_mode_and_running_averages_are_as_before_even_after_an_error(rng):
    digits = dl.data.digits()[:30]
    model = convolutional(rng)
    weights = [p.data.copy() for p in model.parameters()]
    views = [p.data for p in model.parameters()]
    dl.random_slice(model, digits, loss=dl.cross_entropy, points=3, rng=rng)
    with pytest.raises(ZeroDivisionError):
        dl.random_slice(model, digits, loss=lambda a, b: 1 / 0, points=3, rng=rng)
    assert all(np.array_equal(p.data, w) for p, w in zip(model.parameters(), weights, strict=True))
    assert all(p.data is view for p, view in zip(model.parameters(), views, strict=True))
    assert model.training and model[3].training


def test_more_data_than_a_batch_are_averaged_example_by_example(rng, monkeypatch, moons):
    model = network(rng)
    whole = dl.random_slice(model, moons, loss=dl.cross_entropy, points=3, rng=np.random.default_rng(1)).losses
    monkeypatch.setattr(landscape, "BATCH", 16)
    parts = dl.random_slice(model, moons, loss=dl.cross_entropy, points=3, rng=np.random.default_rng(1)).losses
    np.testing.assert_allclose(parts, whole, rtol=1e-5)


def test_same_seed_same_slice(rng, moons):
    model = network(rng)
    cuts = [dl.random_slice(model, moons, loss=dl.cross_entropy, points=3, rng=np.random.default_rng(5)) for _ in "ab"]
    assert np.array_equal(cuts[0].losses, cuts[1].losses)


def test_a_model_of_single_numbers_has_directions_too(rng):
    class Line(dl.Module):
        def __init__(self):
            self.slope, self.height = dl.Parameter([2.0]), dl.Parameter([1.0])

        def forward(self, x):
            return x * self.slope + self.height

    data = dl.data.Dataset(np.arange(4.0)[:, None], np.ones((4, 1)))
    assert dl.random_slice(Line(), data, loss=dl.squared_error, points=3, rng=rng).losses.std() > 0


def test_the_loss_as_a_function_has_the_models_gradient(rng, moons):
    model = network(rng)
    f, w = landscape.as_function(model, moons, loss=dl.cross_entropy)
    assert w.shape == (sum(p.size for p in model.parameters()),) and w.dtype == np.float64
    loss = dl.cross_entropy(model(moons.x), moons.y)
    loss.backward()
    assert f(w).item() == pytest.approx(loss.item(), rel=1e-6)
    (gradient,) = dl.gradient(f, w)
    np.testing.assert_allclose(gradient, np.concatenate([p.grad.ravel() for p in model.parameters()]), atol=1e-6)
    assert dl.gradcheck(f, w) < 1e-6


def test_the_hessian_of_a_line_is_known(rng):
    x = rng.normal(size=(20, 1))
    f, w = landscape.as_function(dl.Dense(1, 1, rng=rng), dl.data.Dataset(x, 3 * x), loss=dl.squared_error)
    expected = 2 * np.array([[np.mean(x**2), np.mean(x)], [np.mean(x), 1]])
    np.testing.assert_allclose(dl.hessian(f, w), expected, rtol=1e-6, atol=1e-8)


def test_the_function_leaves_the_model_as_it_was(rng, moons):
    model = network(rng)
    before = model.named_parameters()
    f, w = landscape.as_function(model, moons, loss=dl.cross_entropy)
    f(w + 1)
    after = model.named_parameters()
    assert all(after[name] is p for name, p in before.items()) and model.training


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (
            lambda m, d, r: dl.random_slice(dl.tanh, d, loss=dl.cross_entropy, rng=r),
            WrongTypeError,
            "model with parameters",
        ),
        (lambda m, d, r: dl.random_slice(m, d, loss=3, rng=r), WrongTypeError, "should be a function"),
        (lambda m, d, r: dl.random_slice(m, d, loss=dl.cross_entropy, reach=0, rng=r), ArgumentError, "reach"),
        (lambda m, d, r: dl.random_slice(m, d[:0], loss=dl.cross_entropy, rng=r), DataError, "empty"),
        (lambda m, d, r: landscape.as_function(m, d[:0], loss=dl.cross_entropy), DataError, "empty"),
        (
            lambda m, d, r: landscape.as_function(m, d, loss=dl.cross_entropy)[0](np.zeros(3)),
            ArgumentError,
            "27 weights",
        ),
    ],
)
def test_what_cannot_be(call, error, text, rng, moons):
    with pytest.raises(error, match=text):
        call(network(rng), moons, rng)
