"""Going on from a file: with the same rate, settings, schedule and patience, for every optimizer, and to the last bit."""

from __future__ import annotations

import inspect
import json

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError

SCHEDULES = {
    "step_decay": lambda: dl.schedules.step_decay(0.05, every=7, factor=0.5),
    "exponential_decay": lambda: dl.schedules.exponential_decay(0.05, half_life=20),
    "cosine": lambda: dl.schedules.cosine(0.05, steps=60, least=0.001),
    "warm_up": lambda: dl.schedules.warm_up(dl.schedules.cosine(0.05, steps=60), steps=5),
    "one_cycle": lambda: dl.schedules.one_cycle(0.05, steps=60),
    "own": lambda: lambda step: 0.05 / (1 + step),
}


def kinds(base=dl.Optimizer):
    """Every optimizer of the library."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("dlcourse."):
            yield kind
            yield from kinds(kind)


KINDS = sorted(set(kinds()), key=lambda kind: kind.__name__)
# Settings that are not the default, each different from all others.
SETTINGS = {
    "lr": 0.031, "momentum": 0.83, "nesterov": True, "eps": 3e-7, "rho": 0.87, "betas": (0.81, 0.985), "weight_decay": 0.037,
    "biases": True, "clip_value": 0.71, "clip_norm": 0.91,
}  # fmt: skip


def taken(kind):
    """The settings that an optimizer takes."""
    names = {
        name
        for base in kind.__mro__[:-1]
        if "__init__" in vars(base)
        for name in inspect.signature(vars(base)["__init__"]).parameters
    }
    names -= {"self", "parameters", "clipping", "settings"}
    assert names <= SETTINGS.keys(), "a new setting: add it to SETTINGS above"
    return {name: SETTINGS[name] for name in SETTINGS if name in names}


def made(seed=0):
    rng = np.random.default_rng(seed)
    return dl.Sequential(dl.Dense(2, 4, activation=dl.tanh, rng=rng), dl.BatchNorm(4), dl.Dense(4, 2, rng=rng))


def plain(kind, model):
    return kind(model.parameters(), 0.1, **({"momentum": 0.5} if kind is dl.SGD else {}))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_setting_of_every_optimizer_comes_back_from_a_file(kind, tmp_path):
    model, other = made(), made(1)
    chosen = taken(kind)
    optimizer = kind(model.parameters(), **chosen)
    dl.save(model, tmp_path / "w", optimizer=optimizer)
    resumed = plain(kind, other)
    dl.load(other, tmp_path / "w", optimizer=resumed)
    for name, value in chosen.items():
        assert getattr(resumed, name) == value and type(getattr(resumed, name)) is type(getattr(optimizer, name))
    assert json.dumps(resumed._settings()) == json.dumps(optimizer._settings())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_was_changed_by_hand_comes_back_from_a_file(kind, tmp_path):
    model, other = made(), made(1)
    optimizer = plain(kind, model)
    for name, value in taken(kind).items():
        setattr(optimizer, name, value)
    dl.save(model, tmp_path / "w", optimizer=optimizer)
    resumed = plain(kind, other)
    dl.load(other, tmp_path / "w", optimizer=resumed)
    assert {name: getattr(resumed, name) for name in taken(kind)} == taken(kind)


def trained(model, optimizer, rng, callbacks, epochs):
    rows = np.random.default_rng(5)
    train, unseen = dl.data.moons(40, rng=rows), dl.data.moons(20, noise=0.4, rng=rows)
    return dl.fit(
        model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=epochs, batch_size=8, validation=unseen, rng=rng,
        callbacks=callbacks,
    )  # fmt: skip


@pytest.mark.parametrize("stop", [1, 4, 7])
@pytest.mark.parametrize("schedule", [None, *SCHEDULES])
def test_a_training_in_two_parts_is_the_training_in_one(schedule, stop, tmp_path):
    def setting(seed):
        model = made(seed)
        rate = SCHEDULES[schedule]() if schedule else 0.5
        optimizer = dl.SGD(model.parameters(), rate, momentum=0.9, clip_norm=1.0)
        return model, optimizer, np.random.default_rng(3), [dl.OnPlateau(0.5, patience=1), dl.EarlyStopping(6)]

    model, optimizer, rng, callbacks = setting(0)
    whole = trained(model, optimizer, rng, callbacks, 12)
    first, optimizer, rng, callbacks = setting(0)
    begun = trained(first, optimizer, rng, callbacks[:1], stop)  # without going back to the best weights in between
    watch = dl.EarlyStopping(6)
    dl.save(first, tmp_path / "w", optimizer=optimizer, rng=rng, callbacks=callbacks[:1])
    again, optimizer, rng, callbacks = setting(1)
    dl.load(again, tmp_path / "w", optimizer=optimizer, rng=rng, callbacks=callbacks[:1])
    rest = trained(again, optimizer, rng, [*callbacks[:1], watch], 12 - stop)
    together = (begun.loss + rest.loss)[: len(whole)]
    assert (
        together == whole.loss[: len(together)] and (begun.lr + rest.lr)[: len(together)] == whole.lr[: len(together)]
    )
    assert len(set(whole.lr)) > 1


def test_early_stopping_goes_on_waiting_and_keeps_the_best_weights_of_before(tmp_path):
    model = made()
    optimizer, rng, early = dl.SGD(model.parameters(), 0.0), np.random.default_rng(3), dl.EarlyStopping(5)
    early_history = trained(model, optimizer, rng, [early], 3)  # a rate of 0: only BatchNorm's averages move
    best, waited = early.best, early.waited
    dl.save(model, tmp_path / "w", optimizer=optimizer, rng=rng, callbacks=[early])
    other = made(1)
    optimizer, again = dl.SGD(other.parameters(), 1.0), dl.EarlyStopping(5)
    dl.load(other, tmp_path / "w", optimizer=optimizer, callbacks=[again])
    assert (again.best, again.waited) == (best, waited)
    assert all(np.array_equal(a, b) for a, b in zip(again.weights, early.weights, strict=True))
    again.best = -1.0  # better than anything that can come
    history = trained(other, optimizer, rng, [again], 20)
    assert len(history) == 5 - waited and history.stopped == "validation loss was best before this training"
    assert all(np.array_equal(p.data, w) for p, w in zip(other.parameters(), early.weights, strict=False))
    assert len(early_history) == 3
    history = trained(other, optimizer, rng, [again], 2)  # without loading again: anew
    assert again.best > 0


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_on_plateau_lowers_what_a_schedule_says_and_the_schedule_goes_on(schedule):
    model = made()
    rate = SCHEDULES[schedule]()
    optimizer = dl.SGD(model.parameters(), rate)
    history = trained(
        model, optimizer, np.random.default_rng(0), [lambda training: training.optimizer.scale_lr(0.5)], 4
    )
    steps = 5
    np.testing.assert_allclose(history.lr, [rate((i + 1) * steps - 1) * 0.5**i for i in range(4)], rtol=1e-12)
    np.testing.assert_allclose(optimizer.lr, rate(4 * steps) * 0.5**4, rtol=1e-12)
    optimizer.lr = 0.3
    assert optimizer.lr == 0.3, "a number that is set is the rate"


def test_a_state_of_another_schedule_changes_nothing():
    w = dl.Parameter([1.0])
    pairs = [
        (dl.schedules.cosine(0.1, steps=10), 0.1), (0.1, dl.schedules.cosine(0.1, steps=10)),
        (dl.schedules.cosine(0.1, steps=10), dl.schedules.cosine(0.1, steps=11)), (dl.schedules.cosine(0.1, steps=10), lambda step: 0.1),
    ]  # fmt: skip
    for there, here in pairs:
        kept, other = dl.SGD([w], there, momentum=0.9), dl.SGD([w], here, momentum=0.5)
        kept.steps = 7
        with pytest.raises(ArgumentError, match="kept with"):
            other.load_state_dict(kept.state_dict())
        assert (other.steps, other.momentum) == (0, 0.5)


def test_a_state_from_before_the_rate_was_kept_still_loads():
    w = dl.Parameter([1.0])
    state = dl.Adam([w], 0.5).state_dict()
    for name in ("lr", "schedule", "lr_factor", "settings"):
        del state[name]
    optimizer = dl.Adam([w], 0.1)
    optimizer.load_state_dict(state | {"steps": 3})
    assert (optimizer.steps, optimizer.lr) == (3, 0.1)
