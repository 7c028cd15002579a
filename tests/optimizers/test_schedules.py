"""Rates that change, and the finder of a first rate."""

from __future__ import annotations

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.optimizers import cosine, exponential_decay, one_cycle, step_decay, warm_up


def test_values_by_hand():
    assert [step_decay(1.0, every=2, factor=0.5)(t) for t in range(5)] == [1, 1, 0.5, 0.5, 0.25]
    assert exponential_decay(1.0, half_life=10)(20) == 0.25
    np.testing.assert_allclose([cosine(1.0, steps=4, least=0.2)(t) for t in (0, 2, 4, 9)], [1.0, 0.6, 0.2, 0.2])
    np.testing.assert_allclose([warm_up(1.0, steps=4)(t) for t in range(6)], [0.25, 0.5, 0.75, 1, 1, 1])
    cycle = one_cycle(1.0, steps=10)
    np.testing.assert_allclose([cycle(0), cycle(3), cycle(10)], [0.04, 1.0, 1e-4], atol=1e-9)


def test_an_optimizer_follows_its_schedule_and_resumes_in_it():
    w = dl.Parameter([0.0])
    optimizer = dl.SGD([w], step_decay(1.0, every=2, factor=0.1))
    for _ in range(3):
        w.grad = np.ones(1, np.float32)
        optimizer.step()
    np.testing.assert_allclose(w.item(), -2.1, rtol=1e-6)
    again = dl.SGD([w], step_decay(1.0, every=2, factor=0.1))
    again.load_state_dict(optimizer.state_dict())
    assert again.lr == optimizer.lr == 0.1


def setting():
    rng = np.random.default_rng(0)
    data = dl.data.moons(100, rng=rng)
    model = dl.Sequential(dl.Dense(2, 8, activation=dl.tanh, rng=rng), dl.Dense(8, 2, rng=rng))
    return model, data, rng


def test_on_plateau_lowers_the_rate():
    model, data, rng = setting()
    optimizer = dl.SGD(model.parameters(), 1e-12)
    history = dl.fit(
        model, data, validation=data, loss=dl.cross_entropy, optimizer=optimizer, epochs=6, batch_size=50, rng=rng,
        callbacks=[dl.OnPlateau(0.5, patience=2)],
    )  # fmt: skip
    assert optimizer.lr < 1e-12 and history.lr[0] == 1e-12


def test_on_plateau_begins_each_training_anew():
    model, data, rng = setting()
    optimizer, plateau = dl.SGD(model.parameters(), 0.1), dl.OnPlateau(0.5, patience=1)
    plateau.best = 0.0  # of a training that went better
    dl.fit(
        model, data, validation=data, loss=dl.cross_entropy, optimizer=optimizer, epochs=1, batch_size=50, rng=rng,
        callbacks=[plateau],
    )  # fmt: skip
    assert optimizer.lr == 0.1 and 0 < plateau.best < np.inf


def test_the_finder_gives_the_model_a_tensor_as_fit_does():
    _, data, rng = setting()

    class Bent(dl.Module):
        def __init__(self):
            self.last = dl.Dense(2, 2, rng=rng)

        def forward(self, x):
            return self.last(x.tanh())

    model = Bent()
    optimizer = dl.SGD(model.parameters(), 0.1)
    search = dl.find_lr(model, data, loss=dl.cross_entropy, optimizer=optimizer, batch_size=100, rng=rng)
    assert len(search.lrs) > 10
    assert dl.random_slice(model, data, loss=dl.cross_entropy, points=3, rng=rng).losses.shape == (3, 3)


def test_the_finder_suggests_a_rate_and_changes_nothing():
    model, data, rng = setting()
    optimizer = dl.SGD(model.parameters(), 0.1)
    before, state = [p.data.copy() for p in model.parameters()], rng.bit_generator.state
    search = dl.find_lr(model, data, loss=dl.cross_entropy, optimizer=optimizer, batch_size=10, rng=rng, most=100.0)
    assert 1e-3 < search.suggestion < 30 and repr(search).startswith("RateSearch(")
    assert all((p.data == b).all() for p, b in zip(model.parameters(), before, strict=True))
    assert rng.bit_generator.state == state and optimizer.steps == 0 and optimizer.lr == 0.1


@pytest.mark.parametrize("batch_size", [10, 20, 100])
def test_the_noise_of_minibatches_does_not_lead_the_finder_astray(batch_size):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        model, data = dl.Dense(2, 2, rng=rng), dl.data.moons(100, rng=rng)
        optimizer = dl.SGD(model.parameters(), 0.1)
        search = dl.find_lr(model, data, loss=dl.cross_entropy, optimizer=optimizer, batch_size=batch_size, rng=rng)
        assert 0.05 < search.suggestion < 10
