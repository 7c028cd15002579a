"""Networks like those of lessons 23 and 23b, from other seeds: each is trained once, whichever file of tests asks for it."""

import functools

import numpy as np

import dlcourse as dl
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.widgets.it_works_why.networks import parts, specked

SEEDS = (1, 2)
REFUSED = {
    "no model": ({"model": 3}, WrongTypeError, "should be a network from pictures"),
    "64 scores": (
        {"model": lambda x: x.reshape(len(x), -1)},
        ShapeError,
        r"ten scores each, \(N, 10\) = \(2, 10\), but gave \(2, 64\)",
    ),
    "nan": ({"model": lambda x: np.full((len(x), 10), np.nan)}, DataError, "NaN or infinity"),
    "no picture": ({"picture": np.zeros((3, 4))}, ShapeError, "8, 8"),
}
"""What no widget of these lessons takes as the learner's own, and how it says so."""


def network(train, seed, epochs=30):
    rng = np.random.default_rng(seed)
    hidden = dl.Dense(64, 128, activation=dl.relu, rng=rng)
    model = dl.Sequential(dl.Flatten(), hidden, dl.Dense(128, 10, rng=rng))
    optimizer = dl.Adam(model.parameters(), 3e-3)
    dl.fit(
        model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=epochs, batch_size=32, rng=rng, progress=False
    )
    model.zero_grad()
    return model


def split(seed):
    """The digits that the networks of a seed have learned from, and those that they have not."""
    return parts(np.random.default_rng(seed))[:2]


@functools.cache
def like_a(seed):
    return network(split(seed)[0], seed)


@functools.cache
def like_b(seed):
    train = split(seed)[0]
    return network(dl.data.Dataset(specked(train.x, train.y), train.y), seed)


@functools.cache
def by_heart(seed):
    """The network that has learned 300 shuffled labels, and these labels."""
    few = split(seed)[0][:300]
    shuffled = np.random.default_rng(seed).permutation(few.y)
    return network(dl.data.Dataset(few.x, shuffled), seed + 50, epochs=150), shuffled


def answers(model, x):
    return dl.predict(model, x).argmax(axis=1)


def sentence(widget):
    return widget.describe(widget.compute())
