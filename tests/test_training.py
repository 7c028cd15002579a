"""fit: what it learns, what it records, what it refuses."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import GradientError


def network(rng, outputs=2):
    return dl.Sequential(dl.Dense(2, 8, activation=dl.tanh, rng=rng), dl.Dense(8, outputs, rng=rng))


def setting(seed=0, **changes):
    rng = np.random.default_rng(seed)
    train, validation = dl.data.moons(100, rng=rng).split(0.7, 0.3, rng=rng)
    model = network(rng)
    given = {
        "model": model, "train": train, "validation": validation, "loss": dl.cross_entropy,
        "optimizer": dl.Adam(model.parameters(), 0.02), "epochs": 20, "batch_size": 10, "rng": rng,
    }  # fmt: skip
    return given | changes


def test_moons_are_learned_and_recorded():
    given = setting()
    history = dl.fit(**given)
    assert len(history) == 20 and len(history.batch_losses) == 20 * 7
    assert history.loss[-1] < 0.5 * history.loss[0] and history.regularization == [0.0] * 20
    assert history.validation_accuracy[-1] == dl.accuracy(given["model"], given["validation"]) > 0.8
    assert repr(history).startswith("History(20 epochs, loss ")


def test_digits_are_learned():
    rng = np.random.default_rng(0)
    train, validation, test = dl.data.digits().split(0.6, 0.2, 0.2, rng=rng)
    model = dl.Sequential(dl.Flatten(), dl.Dense(64, 32, activation=dl.relu, rng=rng), dl.Dense(32, 10, rng=rng))
    dl.fit(
        model,
        train,
        loss=dl.cross_entropy,
        optimizer=dl.Adam(model.parameters(), 3e-3),
        epochs=30,
        batch_size=32,
        rng=rng,
    )
    assert dl.accuracy(model, test) > 0.95


def test_the_loss_is_recorded_in_its_two_parts():
    given = setting(epochs=1, batch_size=70, regularizer=dl.L2(0.1))
    model, train = given["model"], given["train"]
    penalty = 0.05 * sum(float(np.square(p.data).sum()) for p in model.parameters() if p.ndim > 1)
    error = dl.cross_entropy(model(train.x), train.y).item()
    history = dl.fit(**given)
    np.testing.assert_allclose(history.loss, [error], rtol=1e-5)
    np.testing.assert_allclose(history.regularization, [penalty], rtol=1e-5)
    np.testing.assert_allclose(history.total, [error + penalty], rtol=1e-5)


def test_same_seed_same_numbers():
    assert dl.fit(**setting()).loss == dl.fit(**setting()).loss


def test_interrupting_leaves_model_and_history():
    def interrupt(training):
        if training.epoch == 3:
            raise KeyboardInterrupt

    given = setting(callbacks=[interrupt])
    history = dl.fit(**given)
    assert history.interrupted and len(history) == 3 and repr(history).endswith("interrupted)")
    assert np.isfinite(dl.predict(given["model"], given["train"])).all()


def test_early_stopping_returns_to_the_best_weights():
    given = setting(epochs=200, optimizer=None)
    given["optimizer"] = dl.Adam(given["model"].parameters(), 0.3)
    history = dl.fit(**given, callbacks=[dl.EarlyStopping(3)])
    assert len(history) < 200 and "validation loss was best in epoch" in history.stopped
    loss = dl.cross_entropy(given["model"](given["validation"].x), given["validation"].y).item()
    np.testing.assert_allclose(loss, min(history.validation_loss), rtol=1e-5)


def test_measured_values_in_float64_train_a_float32_model():
    rng = np.random.default_rng(0)
    data = dl.data.Dataset(rng.normal(size=(40, 2)), rng.normal(size=(40, 1)))
    model = dl.Sequential(dl.Dense(2, 1, rng=rng))
    history = dl.fit(
        model, data, loss=dl.squared_error, optimizer=dl.SGD(model.parameters(), 0.1), epochs=3, batch_size=8, rng=rng
    )
    assert history.loss[-1] < history.loss[0] and model.parameters()[0].dtype == np.float32


def test_divergence_is_named_and_the_weights_are_kept():
    given = setting(train=dl.data.Dataset([[1e30, 1e30]] * 4, [[0.0]] * 4), validation=None, loss=dl.squared_error)
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.Dense(2, 1, rng=rng))
    given |= {"model": model, "optimizer": dl.SGD(model.parameters(), 10.0)}
    with np.errstate(all="ignore"), pytest.raises(GradientError) as caught:
        dl.fit(**given)
    assert "fit: the loss became inf in epoch 1, step 1: it begins in squared_error, whose input goes from" in str(
        caught.value
    )
    assert "the learning rate is not the cause. Are the inputs unscaled" in str(caught.value)
    assert np.isfinite(model.parameters()[0].data).all() and len(caught.value.history) == 0


def test_plot_draws_a_line_for_each_part():
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    dl.fit(**setting(epochs=2, regularizer=dl.L1(0.01))).plot(axes)
    assert len(axes.lines) == 3 and axes.get_yscale() == "log"


def test_nothing_is_shown_where_nobody_looks(capsys):
    dl.fit(**setting(epochs=1))
    assert capsys.readouterr() == ("", "")


def frozen(model):
    for parameter in model.parameters():
        parameter.requires_grad = False


def replace_a_layer(model):
    model[1] = dl.Dense(3, 2, rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (frozen, "every parameter of the model is frozen"),
        (replace_a_layer, "the optimizer does not know the model's 1.weight, 1.bias"),
        (
            lambda model: copy.deepcopy(model),
            "the optimizer does not know the model's 0.weight, 0.bias, 1.weight, 1.bias",
        ),
        (lambda model: dl.Sequential(dl.tanh), "the model has no parameters"),
    ],
)
@pytest.mark.parametrize("train", [dl.fit, dl.find_lr])
def test_whatever_trains_wants_an_optimizer_that_knows_the_model(train, change, text):
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.Dense(2, 3, rng=rng), dl.Dense(3, 2, rng=rng))
    optimizer = dl.SGD(model.parameters(), 0.1)
    model = change(model) or model
    settings = {"epochs": 1} if train is dl.fit else {}
    with pytest.raises(GradientError, match=f"^{train.__name__}: {text}"):
        train(
            model, dl.data.moons(8, rng=rng), loss=dl.cross_entropy, optimizer=optimizer, batch_size=4, rng=rng,
            **settings,
        )  # fmt: skip
