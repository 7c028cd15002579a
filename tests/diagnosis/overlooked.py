"""Situations that were overlooked once, each of another kind: found by putting every fault into trainings of all sorts."""

from __future__ import annotations

import numpy as np

import dlcourse as dl

from .faults import fault, sgd, shuffled
from .healthy import healthy
from .letters import FAULTS, HEALTHY
from .patients import (
    BCE,
    CE,
    SE,
    Data,
    digits,
    fitted,
    given,
    loop,
    mlp,
    plane,
    recurrent,
    rng,
    standard,
    stepping,
    table,
)

__all__ = ["FAULTS", "HEALTHY"]


def first_symbols(n=250, steps=50):
    """Sequences of four symbols, (n, steps); the answer stands at the beginning."""
    x = rng(3).integers(0, 4, (n, steps))
    return Data(x, (x[:, 0] > 1).astype(int))


@fault("vanishing gradient")
def symbols_written_out_by_a_function():
    m = dl.Sequential(
        lambda x: dl.Tensor(np.eye(4, dtype=np.float32)[x.data]),
        dl.SimpleRNN(4, 12, rng=rng()),
        dl.Dense(12, 2, rng=rng(1)),
    )
    return given(m, first_symbols(), CE, sgd(m, 0.05))


@fault("vanishing gradient")
def symbols_written_out_in_a_loop():
    class Reader(dl.Module):
        def __init__(self):
            self.read, self.out = dl.SimpleRNN(4, 12, rng=rng()), dl.Dense(12, 2, rng=rng(1))

        def forward(self, x):
            return self.out(self.read(np.eye(4, dtype=np.float32)[x.data]))

    m = Reader()
    return stepping(m, first_symbols(), loop(m, CE, sgd(m, 0.05)))


@fault("all weights equal at the start")
def equal_in_every_gate():
    m = recurrent(dl.GRU, initializer=lambda s, rng: np.full(s, 0.05, np.float32))
    m[1].weight.data[...] = 0.05
    o = dl.Adam(m.parameters(), 0.01)
    r = rng(1)
    x = r.normal(size=(200, 8, 2)).astype(np.float32)
    return stepping(m, Data(x, (x[:, :, 0].sum(1) > 0).astype(int)), loop(m, CE, o))


@fault("exploding gradient")
def exploding_where_half_of_the_units_are_off_by_chance():
    m = mlp(30, *[12] * 14, 1, initializer=lambda s, rng: 2.1 * dl.he_normal(s, rng=rng))
    d = table("breast_cancer")
    return given(m, Data(d.x, d.y.astype(np.float32).reshape(-1, 1)), BCE, sgd(m, 1e-3))


@fault("weights frozen")
def a_first_layer_of_constants():
    class Constant(dl.Module):
        def __init__(self):
            r = rng()
            self.w = dl.Tensor(r.normal(size=(64, 3)).astype(np.float32) / 8)
            self.b, self.c = dl.Dense(3, 24, activation=dl.tanh, rng=r), dl.Dense(24, 10, rng=r)

        def forward(self, x):
            return self.c(self.b(x @ self.w))

    m = Constant()
    return stepping(m, digits(400), loop(m, CE, dl.Adam(m.parameters(), 0.01)))


@fault("labels shuffled against inputs")
def flowers_that_should_be_other_flowers():
    d = table("iris")
    return given(mlp(4, 12, 4, act=dl.tanh), shuffled(Data(d.x, d.x.copy())), SE)


@fault("validation data leaked into training")
def copies_with_noise_on_both_sides():
    d, r = digits(300), rng(3)
    x = np.concatenate([d.x, d.x + 0.01 * r.normal(size=d.x.shape).astype(np.float32)])
    order, y = r.permutation(600), np.concatenate([d.y, d.y])
    both = Data(x[order], y[order])
    return given(mlp(64, 24, 10), both[:420], validation=both[420:])


@fault("overfits")
def by_heart_with_three_of_eight_units():
    d = table("breast_cancer", scaled=False)
    t, v = dl.data.standardize(d[:60], d[60:])
    m = mlp(30, 8, 2, seed=3)
    m[0].bias.data[:5] = -60
    return fitted(m, t, epochs=250, batch_size=20) | {"validation": v, "history": None, "optimizer": None}


@fault("too much regularization")
def nothing_learned_where_little_can_be():
    d = plane(300, noise=2.0)
    return fitted(mlp(5, 16, 1, act=dl.tanh), Data(d.x, standard(d.y)), loss=SE, epochs=12, regularizer=dl.L2(3.0))


def counts(seed=0):
    """Numbers of events, (400, 1)."""
    r = rng(seed)
    x = r.normal(size=(400, 4)).astype(np.float32)
    return Data(x, r.poisson(np.exp(1.5 + 0.5 * x[:, 0]))[:, None].astype(np.float32))


def likelihood(p, t):
    """Poisson's, without what does not depend on p: far below 0."""
    return (dl.exp(p) - t * p).mean()


@fault("learning rate too high")
def high_with_a_loss_below_zero():
    m = mlp(4, 16, 1, act=dl.tanh)
    return stepping(m, counts(), loop(m, likelihood, dl.Adam(m.parameters(), 3.0)), likelihood)


@fault("learning rate far too low")
def low_with_a_loss_below_zero():
    return given(m := mlp(4, 16, 1, act=dl.tanh), counts(), likelihood, sgd(m, 1e-7))


@fault("parameters that no gradient reaches")
def a_model_without_parameters():
    return {"model": lambda x: 2.0 * x[:, :3], "data": table("iris"), "loss": CE}


@fault("a step fails")
def a_step_that_fails_later():
    m, calls = mlp(4, 8, 3), [0]
    update = loop(m, CE, sgd(m, 0.1))

    def step(x, y):
        calls[0] += 1
        if calls[0] > 5:
            raise ValueError("no more")
        update(x, y)

    return stepping(m, table("iris"), step)


@fault("classes out of balance")
def one_answer_only():
    d = table("iris")
    return given(mlp(4, 8, 3), Data(d.x, 0 * d.y))


@healthy
def a_loss_below_zero():
    return fitted(mlp(4, 8, 1, act=dl.tanh), counts(), loss=likelihood, epochs=10, validation=counts(1)) | {
        "validation": counts(1)
    }


@healthy
def mixtures_of_two_digits():
    d, r = digits(400), rng(2)
    share, other, shown = (
        r.beta(0.4, 0.4, (400, 1)).astype(np.float32),
        r.permutation(400),
        np.eye(10, dtype=np.float32)[d.y],
    )
    x, y = (share * one + (1 - share) * one[other] for one in (d.x, shown))
    return given(mlp(64, 32, 10), Data(x, y), dl.kl_divergence)


@healthy
def mean_and_spread_at_once():
    def own(p, y):
        return (0.5 * (y - p[:, :1]) ** 2 * dl.exp(-p[:, 1:]) + 0.5 * p[:, 1:]).mean()

    return given(mlp(5, 16, 2, act=dl.tanh), plane(noise=0.4), own)
