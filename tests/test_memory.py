"""Training leaves nothing behind: hundreds of steps of each kind of network, with the cyclic collector off."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
import pytest

import dlcourse as dl


def sequences(kind):
    def make(rng):
        return (
            dl.Sequential(kind(3, 4, rng=rng), dl.Dense(4, 2, rng=rng)),
            rng.normal(size=(4, 5, 3)).astype(np.float32),
        )

    return make


def images(rng):
    model = dl.Sequential(
        dl.Conv2D(1, 2, 3, padding="same", activation=dl.relu, rng=rng), dl.MaxPool2D(2), dl.Conv2D(2, 2, 3, rng=rng),
        dl.AvgPool2D(2), dl.Flatten(), dl.Dense(2, 2, rng=rng),
    )  # fmt: skip
    return model, rng.normal(size=(4, 8, 8, 1)).astype(np.float32)


def symbols(rng):
    model = dl.Sequential(dl.Embedding(6, 3, rng=rng), dl.LSTM(3, 4, rng=rng), dl.Dense(4, 2, rng=rng))
    return model, rng.integers(0, 6, (4, 5))


def rows(*between):
    def make(rng):
        layers = [make_layer(rng) for make_layer in between]
        model = dl.Sequential(dl.Dense(3, 4, activation=dl.tanh, rng=rng), *layers, dl.Dense(4, 2, rng=rng))
        return model, rng.normal(size=(4, 3)).astype(np.float32)

    return make


KINDS = {
    "dense": rows(),
    "convolution": images,
    "simple rnn": sequences(dl.SimpleRNN),
    "lstm": sequences(dl.LSTM),
    "gru": sequences(dl.GRU),
    "embedding": symbols,
    "batch normalization": rows(lambda rng: dl.BatchNorm(4)),
    "layer normalization": rows(lambda rng: dl.LayerNorm(4)),
    "dropout": rows(lambda rng: dl.Dropout(0.5, rng=rng)),
    "own operations": rows(lambda rng: lambda x: (x * x + 1).sqrt() @ np.eye(4, dtype=np.float32)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_hundreds_of_steps_leave_nothing(kind):
    rng = np.random.default_rng(0)
    model, x = KINDS[kind](rng)
    labels = rng.integers(0, 2, 4)
    optimizer = dl.Adam(model.parameters(), 1e-4, clip_norm=1.0)
    penalty = dl.L2(1e-4)

    def train(steps):
        for _ in range(steps):
            optimizer.zero_grad()
            (dl.cross_entropy(model(x), labels) + penalty(model)).backward()
            optimizer.step()

    train(20)
    gc.collect()
    gc.disable()
    # Python keeps up to 2000 freed tuples of each length for later (until it collects); that store is full first.
    tuples = [tuple([None] * length) for length in range(1, 21) for _ in range(2000)]
    del tuples
    try:
        tracemalloc.start()
        train(150)  # some 9 KB of such stores fill in the first hundred
        before = tracemalloc.get_traced_memory()[0]
        train(250)
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        gc.enable()
    assert after - before < 2_000
