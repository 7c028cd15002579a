"""What the situations are made of: data, models and loops, small and with fixed seeds."""

from __future__ import annotations

import functools

import numpy as np

import dlcourse as dl

CE, BCE, SE = dl.cross_entropy, dl.binary_cross_entropy, dl.squared_error
Data = dl.data.Dataset


def rng(seed=0):
    return np.random.default_rng(seed)


def mlp(*sizes, act=dl.relu, seed=0, initializer=None, last=None):
    """Dense layers of these sizes."""
    r, settings = rng(seed), {} if initializer is None else {"initializer": initializer}
    return dl.Sequential(
        *[
            dl.Dense(a, b, activation=act if i < len(sizes) - 2 else last, rng=r, **settings)
            for i, (a, b) in enumerate(zip(sizes, sizes[1:], strict=False))
        ]
    )


def conv(seed=0, classes=10, act=dl.relu, **settings):
    r = rng(seed)
    return dl.Sequential(
        dl.Conv2D(1, 6, 3, activation=act, rng=r, **settings),
        dl.MaxPool2D(2),
        dl.Flatten(),
        dl.Dense(54, classes, rng=r, **settings),
    )


def recurrent(layer=dl.GRU, features=2, hidden=12, outputs=2, seed=0, **settings):
    r = rng(seed)
    return dl.Sequential(layer(features, hidden, rng=r, **settings), dl.Dense(hidden, outputs, rng=r))


def standard(x):
    return ((x - x.mean(0)) / np.maximum(x.std(0), 1e-6)).astype(np.float32)


@functools.cache
def _digits():
    d = dl.data.digits()
    order = rng(7).permutation(len(d))
    return d.x[order], d.y[order]


def digits(n=600, image=False):
    x, y = _digits()
    return Data(x[:n].copy() if image else x[:n].reshape(n, -1).copy(), y[:n].copy())


def digits_later(n=300, image=False):
    x, y = _digits()
    return Data(x[-n:].copy() if image else x[-n:].reshape(n, -1).copy(), y[-n:].copy())


def moons(n=300, noise=0.15, seed=1):
    return dl.data.moons(n, noise=noise, rng=rng(seed))


def circles(n=300, seed=2):
    return dl.data.circles(n, rng=rng(seed))


@functools.cache
def _table(name):
    d = getattr(dl.data, name)()
    order = rng(5).permutation(len(d))
    return d.x[order].astype(np.float32), d.y[order]


def table(name, scaled=True):
    """wine, iris, breast_cancer, diabetes; the measured answers of the last standardized as well."""
    x, y = _table(name)
    if name == "diabetes" and scaled:
        y = standard(np.asarray(y, np.float32).reshape(-1, 1))
    elif name == "diabetes":
        y = np.asarray(y, np.float32).reshape(-1, 1)
    return Data(standard(x) if scaled else x.copy(), y.copy())


def sine(n=200, noise=0.1, seed=3):
    r = rng(seed)
    x = r.uniform(-2, 2, (n, 1)).astype(np.float32)
    return Data(x, (np.sin(3 * x) + noise * r.normal(size=(n, 1))).astype(np.float32))


def plane(n=300, k=5, noise=0.1, seed=4, outputs=1):
    """Measured values that depend on all features along a line, and a little on a square."""
    r = rng(seed)
    x = r.normal(size=(n, k)).astype(np.float32)
    y = x @ r.normal(size=(k, outputs)) + 0.3 * x[:, :1] ** 2 + noise * r.normal(size=(n, outputs))
    return Data(x, y.astype(np.float32))


def sequences(n=300, steps=12, features=2, seed=6):
    """Random walks; the answer is whether the first feature ends above its start."""
    r = rng(seed)
    x = r.normal(size=(n, steps, features)).astype(np.float32)
    return Data(x, (x[:, :, 0].sum(1) > 0).astype(int))


def flat_int(data):
    return Data(data.x, data.y.reshape(-1))


def column(data):
    return Data(data.x, data.y.astype(np.float32).reshape(-1, 1))


def loop(model, loss, optimizer):
    """The loop that a learner should write, as a step."""

    def step(x, y):
        optimizer.zero_grad()
        error = loss(model(x), y)
        error.backward()
        optimizer.step()
        return error.item()

    return step


def fitted(model, data, *, loss=CE, optimizer=None, epochs=10, batch_size=32, seed=0, **settings):
    """Train; return what diagnose is to be given."""
    optimizer = optimizer or dl.Adam(model.parameters(), 0.01)
    history = dl.fit(
        model,
        data,
        loss=loss,
        optimizer=optimizer,
        epochs=epochs,
        batch_size=batch_size,
        rng=rng(seed),
        progress=False,
        **settings,
    )
    return {"model": model, "data": data, "loss": loss, "optimizer": optimizer, "history": history}


def given(model, data, loss=CE, optimizer=None, **more):
    """What diagnose is given before a training."""
    return {
        "model": model,
        "data": data,
        "loss": loss,
        "optimizer": optimizer or dl.Adam(model.parameters(), 0.01),
    } | more


def stepping(model, data, step, loss=CE, **more):
    return {"model": model, "data": data, "loss": loss, "step": step} | more
