"""Random models drawn from all layers and activations, each with a batch that fits it."""

from __future__ import annotations

from functools import partial

import numpy as np

import dlcourse as dl
from dlcourse.activations import ZOO

ACTIVATIONS = [
    None,
    *ZOO.values(),
    partial(dl.leaky_relu, slope=0.2),
    partial(dl.elu, alpha=0.5),
    dl.log_sigmoid,
    dl.softmax,
    dl.log_softmax,
]
KINDS = ("rows", "images", "sequences", "symbols", "steps in images")


def random_model(seed, p=0.3):
    """A model and a batch for it; `p` is how much its dropout drops while training."""
    rng = np.random.default_rng(seed)
    kind = KINDS[seed % len(KINDS)]
    chain, shape = [], {"rows": (5,), "images": (9, 8, 2), "sequences": (7, 3), "symbols": (6,)}.get(kind, (9, 8, 3))
    x = rng.normal(size=(6, *shape)).astype(np.float32)
    if kind == "symbols":
        x = rng.integers(0, 11, (6, 6))
        chain, shape = [dl.Embedding(11, 3, rng=rng)], (6, 3)
    make = {1: _on_rows, 2: _on_sequences, 3: _on_images}
    for _ in range(int(rng.integers(3, 6))):
        chain.append(make[len(shape)](shape, p, rng))
        shape = dl.Sequential(*chain).eval()(x).shape[1:]
    if len(shape) > 1 and rng.random() < 0.7:
        chain.append(dl.Flatten())
        if rng.random() < 0.3:
            chain.append(_norm(int(np.prod(shape)), rng))
        shape = (int(np.prod(shape)),)
    if len(shape) == 1:
        chain.append(dl.Dense(shape[-1], 4, rng=rng))
    model = dl.Sequential(chain[0], dl.Sequential(*chain[1:])) if seed % 3 == 0 else dl.Sequential(*chain)
    _shake(model, rng)
    model.eval()(x)  # from here on it knows the shape of an example
    return model.train(), x


def _choice(options, rng):
    return options[int(rng.integers(len(options)))]


def _norm(features, rng):
    """With an ε that keeps digits: Keras takes the variance as mean(x²) − mean(x)², which loses them where it is small."""
    if rng.random() < 0.5:
        return dl.LayerNorm(features, eps=0.03)
    return dl.BatchNorm(features, momentum=0.3, eps=0.03)


def _dense(shape, p, rng):
    return dl.Dense(shape[-1], 5, activation=_choice(ACTIVATIONS, rng), bias=rng.random() < 0.8, rng=rng)


def _everywhere(shape, p, rng):
    """Layers that take any shape."""
    norm, activation = _norm(shape[-1], rng), _choice(ACTIVATIONS[1:], rng)
    return _choice([norm, dl.Dropout(p, rng=rng), activation, _dense(shape, p, rng)], rng)


def _on_rows(shape, p, rng):
    return _dense(shape, p, rng) if rng.random() < 0.6 else _everywhere(shape, p, rng)


def _on_sequences(shape, p, rng):
    if rng.random() < 0.3:
        return _everywhere(shape, p, rng)
    if rng.random() < 0.6:
        kind = _choice([dl.SimpleRNN, dl.GRU, dl.LSTM], rng)
        return kind(shape[-1], 4, return_sequences=rng.random() < 0.7, rng=rng)
    stride, dilation = int(rng.integers(1, 4)), int(rng.integers(1, 3))
    return dl.Conv1D(
        shape[-1], 4, int(rng.integers(1, 5)), stride=stride, dilation=dilation, padding="same", rng=rng,
        activation=_choice(ACTIVATIONS, rng), bias=rng.random() < 0.8,
    )  # fmt: skip


def _on_images(shape, p, rng):
    chance = rng.random()
    fits = min(shape[:2]) >= 3
    if chance < 0.25 and fits:
        stride = _choice([None, 1, (2, 1)], rng)
        return _choice([dl.MaxPool2D, dl.AvgPool2D], rng)((2, 3), stride=stride)
    if chance < 0.3:
        return dl.GlobalAvgPool2D()
    if chance < 0.5:
        return _everywhere(shape, p, rng)
    padding = "valid" if fits and rng.random() < 0.4 else "same"
    dilation = (1, 1) if padding == "valid" else _choice([(1, 1), (2, 1)], rng)
    return dl.Conv2D(
        shape[-1], 3, _choice([(3, 3), (2, 3), (1, 2)], rng), stride=_choice([1, 2, (1, 3)], rng), padding=padding,
        dilation=dilation, activation=_choice(ACTIVATIONS, rng), bias=rng.random() < 0.8, rng=rng,
    )  # fmt: skip


def _shake(model, rng):
    """Numbers that no layer starts with, so that a bias in the wrong place is noticed."""
    for parameter in model.parameters():
        parameter.data += rng.normal(0, 0.3, parameter.shape).astype(np.float32)
    for name, array in model.named_buffers().items():
        array += rng.uniform(0.1, 0.5, array.shape).astype(np.float32) * (1 if "variance" in name else -1)
