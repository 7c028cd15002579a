"""Every callback and every regularizer with every kind of model; and what happens to a remainder of one example."""

from __future__ import annotations

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.callbacks import Calls
from dlcourse.errors import CourseError


def rng(seed=0):
    return np.random.default_rng(seed)


class Own(dl.Module):
    def __init__(self):
        self.layers = {
            "first": dl.Dense(2, 4, activation=dl.tanh, rng=rng()),
            "last": [dl.BatchNorm(4), dl.Dense(4, 2, rng=rng())],
        }

    def forward(self, x):
        norm, last = self.layers["last"]
        return last(norm(self.layers["first"](x)))


class Callable:
    """A learner's own callable that is not a Module."""

    def __init__(self):
        self.inner = dl.Dense(2, 2, rng=rng())

    def __call__(self, x):
        return self.inner(x)


def by_function():
    w, b = dl.Parameter(0.1 * rng().normal(size=(2, 2)).astype(np.float32)), dl.Parameter(np.zeros(2, np.float32))

    def line(x):
        return x @ w + b

    return line, [w, b]


def by_lambda():
    w = dl.Parameter(0.1 * rng().normal(size=(2, 2)).astype(np.float32), name="w")
    return lambda x: x @ w, [w]


def sequential():
    model = dl.Sequential(
        dl.Dense(2, 4, rng=rng()),
        dl.BatchNorm(4),
        lambda h: h.tanh(),
        dl.Dropout(0.1, rng=rng()),
        dl.Dense(4, 2, rng=rng()),
    )
    return model, model.parameters()


def with_shared_weights():
    last = dl.Dense(2, 2, rng=rng())
    model = dl.Sequential(last, lambda h: h @ last.weight)
    return model, model.parameters()


def frozen():
    model, _ = sequential()
    parameters = model.parameters()
    parameters[0].requires_grad = False
    return model, parameters[1:]


def a_callable():
    model = Callable()
    return model, model.inner.parameters()


def a_method():
    model = Own()
    return model.forward, model.parameters()


MODELS = {
    "function": by_function, "lambda": by_lambda, "Dense": lambda: ((layer := dl.Dense(2, 2, rng=rng())), layer.parameters()),
    "Module": lambda: ((own := Own()), own.parameters()), "Sequential": sequential, "shared weights": with_shared_weights, "frozen": frozen,
    "callable": a_callable, "method": a_method, "a slice": lambda: ((part := sequential()[0][:]), part.parameters()),
}  # fmt: skip


class Everything:
    """A callback with a method for each moment."""

    def __init__(self):
        self.moments = []

    def before_training(self, training):
        self.moments.append("before_training")

    def after_step(self, training):
        self.moments.append("after_step")

    def after_epoch(self, training):
        self.moments.append("after_epoch")

    def after_training(self, training):
        self.moments.append("after_training")


class Shrink:
    """L1 that moves weights towards 0, as one writes it by hand."""

    def after_step(self, training):
        dl.L1(0.1).shrink(training.optimizer.parameters, training.optimizer.lr)


CALLBACKS = {
    "EarlyStopping": lambda: dl.EarlyStopping(1), "OnPlateau": lambda: dl.OnPlateau(0.5, patience=1), "MaxNorm": lambda: dl.MaxNorm(0.5),
    "function": lambda: lambda training: training.history.loss[-1], "everything": Everything, "shrink": Shrink,
}  # fmt: skip
REGULARIZERS = {"L1": dl.L1(0.01), "L2": dl.L2(0.01), "L1L2": dl.L1L2(0.01, 0.01)}


def fitted(model, parameters, **more):
    settings = {
        "loss": dl.cross_entropy, "optimizer": dl.SGD(parameters, 0.3), "epochs": 4, "batch_size": 8,
        "validation": dl.data.moons(20, rng=rng(2)), "rng": rng(3),
    }  # fmt: skip
    return dl.fit(model, dl.data.moons(40, rng=rng(1)), **settings | more)


@pytest.mark.parametrize("callback", CALLBACKS)
@pytest.mark.parametrize("kind", MODELS)
def test_each_callback_works_with_each_kind_of_model(kind, callback):
    model, parameters = MODELS[kind]()
    history = fitted(model, parameters, callbacks=[CALLBACKS[callback]()])
    assert len(history) >= 2 and len(history.validation_accuracy) == len(history)


@pytest.mark.parametrize("regularizer", REGULARIZERS)
@pytest.mark.parametrize("kind", MODELS)
def test_each_regularizer_works_with_each_kind_of_model(kind, regularizer):
    model, parameters = MODELS[kind]()
    history = fitted(model, parameters, regularizer=REGULARIZERS[regularizer])
    assert all(penalty > 0 for penalty in history.regularization)


@pytest.mark.parametrize("kind", MODELS)
def test_early_stopping_goes_back_to_the_best_weights_of_each_kind_of_model(kind):
    model, parameters = MODELS[kind]()
    kept = []

    def keep(training):
        kept.append([array.copy() for array in training.arrays()])

    history = fitted(
        model, parameters, optimizer=dl.SGD(parameters, 3.0), epochs=30, callbacks=[dl.EarlyStopping(2), keep]
    )
    best = int(np.argmin(history.validation_loss))
    assert history.stopped == f"validation loss was best in epoch {best + 1}" and best < len(history) - 1
    for p, expected in zip(parameters, kept[best], strict=False):
        np.testing.assert_array_equal(p.data, expected)
    assert evaluated(model) == pytest.approx(history.validation_loss[best], rel=1e-6)


def evaluated(model):
    unseen = dl.data.moons(20, rng=rng(2))
    return dl.cross_entropy(dl.predict(model, unseen), unseen.y).item()


@pytest.mark.parametrize("kind", MODELS)
def test_the_other_tools_work_with_each_kind_of_model_or_say_why_not(kind):
    model, parameters = MODELS[kind]()
    before = [p.data.copy() for p in parameters]
    moons, made = dl.data.moons(40, rng=rng(1)), []
    for tool in (
        lambda: dl.accuracy(model, moons),
        lambda: dl.find_lr(
            model, moons, loss=dl.cross_entropy, optimizer=dl.SGD(parameters, 0.1), batch_size=8, rng=rng(), steps=20
        ),
        lambda: dl.random_slice(model, moons, loss=dl.cross_entropy, points=3, rng=rng()).losses,
        lambda: dl.landscape.as_function(model, moons, loss=dl.cross_entropy)[1],
    ):
        try:
            made.append(tool())
        except CourseError as error:
            assert isinstance(model, dl.Module) is False or kind == "shared weights", error
    assert all(np.array_equal(p.data, b) for p, b in zip(parameters, before, strict=True))
    assert all(p.grad is None for p in parameters)
    assert made


def test_the_moments_come_in_their_order():
    everything = Everything()
    fitted(*MODELS["Dense"](), callbacks=everything, epochs=2, batch_size=20)
    epoch = ["after_step", "after_step", "after_epoch"]
    assert everything.moments == ["before_training", *epoch, *epoch, "after_training"]
    assert set(everything.moments) == set(Calls.MOMENTS)


def test_the_slope_of_a_rest_of_one_is_left_out_on_demand():
    model, parameters = MODELS["Sequential"]()
    data = dl.data.moons(41, rng=rng(1))
    with pytest.raises(CourseError, match="drop_last"):
        dl.fit(model, data, loss=dl.cross_entropy, optimizer=dl.SGD(parameters, 0.1), epochs=1, batch_size=8, rng=rng())
    history = dl.fit(
        model,
        data,
        loss=dl.cross_entropy,
        optimizer=dl.SGD(parameters, 0.1),
        epochs=3,
        batch_size=8,
        rng=rng(),
        drop_last=True,
    )
    assert len(history.batch_losses) == 15 and len(history) == 3
    search = dl.find_lr(
        model,
        data,
        loss=dl.cross_entropy,
        optimizer=dl.SGD(parameters, 0.1),
        batch_size=8,
        rng=rng(),
        steps=20,
        drop_last=True,
    )
    assert len(search.lrs) > 10
    with pytest.raises(CourseError, match="leaves nothing"):
        dl.fit(
            model,
            data,
            loss=dl.cross_entropy,
            optimizer=dl.SGD(parameters, 0.1),
            epochs=1,
            batch_size=50,
            rng=rng(),
            drop_last=True,
        )


def test_each_epoch_leaves_out_others():
    batches = []

    class Notes(dl.Dense):
        def forward(self, x):
            batches.append(x.data[:, 0].tolist())
            return super().forward(x)

    data = dl.data.Dataset(np.stack([np.arange(5.0), np.ones(5)], axis=1), np.arange(5) % 2)
    model = Notes(2, 2, rng=rng())
    dl.fit(
        model,
        data,
        loss=dl.cross_entropy,
        optimizer=dl.SGD(model.parameters(), 0.01),
        epochs=20,
        batch_size=2,
        rng=rng(),
        drop_last=True,
    )
    epochs = [set(sum(batches[i : i + 2], [])) for i in range(0, len(batches), 2)]
    assert all(len(epoch) == 4 for epoch in epochs) and set.union(*[set(range(5)) - epoch for epoch in epochs]) == set(
        range(5)
    )
