"""Whatever is passed to fit or to a layer travels to another process, and does there what it does here."""

from __future__ import annotations

import functools
import inspect
import pickle
import subprocess
import sys

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.activations import ZOO


def rng():
    return np.random.default_rng(0)


def trained():
    model = dl.Sequential(dl.Dense(2, 3, rng=rng()), dl.BatchNorm(3), dl.Dense(3, 2, rng=rng()))
    optimizer = dl.Adam(model.parameters(), dl.schedules.cosine(0.1, steps=20))
    callbacks = [dl.EarlyStopping(3), dl.OnPlateau()]
    moons = dl.data.moons(20, rng=rng())
    history = dl.fit(
        model, moons, loss=dl.cross_entropy, optimizer=optimizer, epochs=2, batch_size=5, validation=moons, rng=rng(), callbacks=callbacks,
    )  # fmt: skip
    return model, optimizer, callbacks, history, moons


MODEL, OPTIMIZER, CALLBACKS, HISTORY, MOONS = trained()
W = [dl.Parameter(np.ones((2, 2), np.float32), name="w")]
SCHEDULES = {
    "step_decay": dl.schedules.step_decay(1.0, every=3), "exponential_decay": dl.schedules.exponential_decay(1.0, half_life=3),
    "cosine": dl.schedules.cosine(1.0, steps=9), "warm_up": dl.schedules.warm_up(dl.schedules.cosine(1.0, steps=9), steps=3),
    "one_cycle": dl.schedules.one_cycle(1.0, steps=9), "warm_up to a number": dl.schedules.warm_up(1.0, steps=3),
}  # fmt: skip
RULES = [dl.SGD, dl.Adagrad, dl.Adadelta, dl.RMSprop, dl.Adam, dl.AdamW, dl.Nadam]
INITIALIZERS = {
    name: getattr(dl.initializers, name)
    for name in dl.initializers.__all__
    if name not in ("check_rng", "drawn", "fans", "constant", "uniform", "normal", "truncated_normal")
} | {
    "constant": dl.initializers.constant(0.5), "uniform": dl.initializers.uniform(0.1), "normal": dl.initializers.normal(0.1),
    "truncated_normal": dl.initializers.truncated_normal(0.1),
}  # fmt: skip
LOSSES = {name: getattr(dl, name) for name in dl.losses.__all__} | {
    "huber with δ": functools.partial(dl.huber, delta=2.0)
}
LAYERS = {
    "Dense": dl.Dense(2, 2, activation=dl.tanh, initializer=dl.initializers.normal(0.1), rng=rng()), "Dropout": dl.Dropout(0.5, rng=rng()),
    "Conv1D": dl.Conv1D(1, 2, 3, rng=rng()), "Conv2D": dl.Conv2D(1, 2, 3, activation=dl.relu, rng=rng()), "MaxPool2D": dl.MaxPool2D(2),
    "AvgPool2D": dl.AvgPool2D(2), "GlobalAvgPool2D": dl.GlobalAvgPool2D(), "Flatten": dl.Flatten(), "BatchNorm": dl.BatchNorm(2),
    "LayerNorm": dl.LayerNorm(2), "SimpleRNN": dl.SimpleRNN(2, 3, rng=rng()), "LSTM": dl.LSTM(2, 3, rng=rng()),
    "GRU": dl.GRU(2, 3, rng=rng()), "Embedding": dl.Embedding(5, 2, rng=rng()), "Sequential": MODEL,
}  # fmt: skip
REST = {
    "L1": dl.L1(0.1), "L2": dl.L2(0.1, biases=True), "L1L2": dl.L1L2(0.1, 0.2), "MaxNorm": dl.MaxNorm(2.0), "EarlyStopping": CALLBACKS[0],
    "OnPlateau": CALLBACKS[1], "History": HISTORY, "Dataset": MOONS, "Batches": MOONS.batches(5, rng=rng(), drop_last=True),
    "Vocabulary": dl.data.Vocabulary("banana"), "Parameter": W[0], "Tensor": dl.Tensor([1.0, 2.0]), "Generator": rng(),
    "Training": dl.Training(MODEL, OPTIMIZER, HISTORY, 2), "Adam that has stepped": OPTIMIZER,
}  # fmt: skip
OBJECTS = (
    {f"schedule {name}": schedule for name, schedule in SCHEDULES.items()}
    | {f"{rule.__name__} with {name}": rule(W, schedule) for rule in RULES for name, schedule in SCHEDULES.items()}
    | {f"initializer {name}": draw for name, draw in INITIALIZERS.items()}
    | {f"activation {name}": activation for name, activation in ZOO.items()}
    | {f"loss {name}": loss for name, loss in LOSSES.items()}
    | LAYERS
    | REST
)


def told(thing):
    """What a thing is and does, in words that are the same in every process."""
    if thing in SCHEDULES.values() or type(thing).__name__ == "Formula":
        return repr([thing(step) for step in range(12)])
    if isinstance(thing, dl.Optimizer):
        return repr(
            [thing, thing.lr, {k: np.asarray(v).tolist() for k, v in thing.state_dict().items() if k != "settings"}]
        )
    if isinstance(thing, dl.Module):
        return repr([thing, thing.training, {k: p.data.tolist() for k, p in thing.named_parameters().items()}])
    if isinstance(thing, functools.partial):
        return repr([thing.func.__name__, thing.args, thing.keywords])
    if callable(thing) and hasattr(thing, "__qualname__"):
        return thing.__module__ + thing.__qualname__
    if isinstance(thing, np.random.Generator):
        return repr(thing.bit_generator.state)
    parts = {name: told(value) if not isinstance(value, np.ndarray) else value.tolist() for name, value in vars(thing).items()} if hasattr(thing, "__dict__") else {}  # fmt: skip
    return type(thing).__name__ + (repr(parts) if parts else repr(thing))


def test_each_public_class_and_schedule_is_among_them():
    classes = {
        name
        for name in dl.__all__
        if inspect.isclass(getattr(dl, name)) and not issubclass(getattr(dl, name), BaseException)
    }
    never = {"Module", "Optimizer", "no_grad", "Training"}  # bases, and a block that runs in one thread
    kinds = {type(thing).__name__ for thing in OBJECTS.values()}
    assert classes - never <= kinds
    assert set(dl.schedules.__all__) - {"OnPlateau", "Schedule"} <= set(SCHEDULES)
    assert {"Batches", "Dataset", "Vocabulary"} <= kinds


@pytest.mark.parametrize("name", OBJECTS)
def test_it_is_the_same_after_a_round_trip(name):
    for protocol in (2, pickle.HIGHEST_PROTOCOL):
        again = pickle.loads(pickle.dumps(OBJECTS[name], protocol))
        assert type(again) is type(OBJECTS[name]) and told(again) == told(OBJECTS[name])


def test_it_is_the_same_in_another_process(tmp_path):
    path = tmp_path / "all"
    path.write_bytes(pickle.dumps(OBJECTS))
    code = (
        "import pickle, pathlib, sys\n"
        "from tests.test_pickles import told\n"
        "sys.stdout.buffer.write(pickle.dumps({k: told(v) for k, v in pickle.loads(pathlib.Path(sys.argv[1]).read_bytes()).items()}))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=True)
    assert pickle.loads(done.stdout) == {name: told(thing) for name, thing in OBJECTS.items()}


def test_model_and_optimizer_stay_together_and_train_on_as_they_would_have():
    model, optimizer, generator = pickle.loads(pickle.dumps((MODEL, OPTIMIZER, rng())))
    here = dl.fit(model, MOONS, loss=dl.cross_entropy, optimizer=optimizer, epochs=2, batch_size=5, rng=generator)
    there, second, again = pickle.loads(pickle.dumps((MODEL, OPTIMIZER, rng())))
    assert (
        here.loss
        == dl.fit(there, MOONS, loss=dl.cross_entropy, optimizer=second, epochs=2, batch_size=5, rng=again).loss
    )
    assert here.loss[-1] != here.loss[0]


@pytest.mark.parametrize("name", INITIALIZERS)
def test_an_initializer_draws_the_same(name):
    again = pickle.loads(pickle.dumps(INITIALIZERS[name]))
    np.testing.assert_array_equal(again((4, 5), rng=rng()), INITIALIZERS[name]((4, 5), rng=rng()))


def test_what_the_course_made_says_what_it_is_not_where_it_lies():
    made = {name: thing for name, thing in OBJECTS.items() if type(thing).__module__.startswith("dlcourse")}
    assert len(made) > 60
    assert {name: repr(thing) for name, thing in made.items() if " at 0x" in repr(thing)} == {}
