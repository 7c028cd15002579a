"""The ten tests of `Clinic`, as functions of a patient that has learned nothing yet; Code shows these functions.

A patient is what `admit` returns, or a learner's own network, data and loss in the same form.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array

__all__ = [
    "ask_twice", "expected_loss", "gradients", "hidden_units", "look_at_data", "loss_at_start", "overfit_one_batch", "predicted", "score",
    "steps_of", "trained", "updates",
]  # fmt: skip


def look_at_data(patient: Any) -> tuple[Array, Array, Array]:
    batches = list(patient.batches(np.random.default_rng(0)))
    x, y = batches[0]
    whole, answers = patient.train
    flat = whole.reshape(len(whole), -1).astype(float)
    width = flat.std(axis=0)
    with np.errstate(all="ignore"):
        near = np.nan_to_num(flat / np.where(width > 0, width, 1), posinf=0, neginf=0)
    some = near[:200]
    distance = (some**2).sum(axis=1)[:, None] + (near**2).sum(axis=1) - 2 * some @ near.T
    distance[np.arange(len(some)), np.arange(len(some))] = np.inf
    same = answers[:200] == answers[distance.argmin(axis=1)]
    rows = {row.tobytes() for row in whole}
    facts = [
        len(np.unique(y)),
        np.isfinite(whole).mean(),
        np.max(width) / np.median(width[width > 0]) if (width > 0).any() else 1.0,
        same.mean(),
        np.mean([row.tobytes() in rows for row in patient.validation[0]]),
        np.mean([np.array_equal(x, other) for other, _ in batches]),
    ]
    return x[:12], y[:12], np.array(facts, float)


def expected_loss(patient: Any) -> float:
    if not patient.classes:
        return float(np.var(patient.train[1], axis=0).sum())  # the mean for everybody
    return float(np.log(len(patient.classes)))  # equal shares for all classes


def loss_at_start(patient: Any) -> tuple[float, float, list[float]]:
    x, y = next(iter(patient.batches(np.random.default_rng(0))))
    outputs = patient.model(dl.Tensor(x))
    with np.errstate(all="ignore"):
        apart = [float(np.std(outputs.data - outputs.data[:1])), float(np.std(outputs.data, axis=-1).max())]
    return float(patient.loss(outputs, y).item()), expected_loss(patient), apart  # examples apart, classes apart


def overfit_one_batch(patient: Any, steps: int = 200) -> Array:
    x, y = next(iter(patient.batches(np.random.default_rng(0))))
    losses = []
    for _ in range(steps):
        losses.append(float(patient.loss(dl.predict(patient.model, x), y).item()))
        patient.step(x, y)
    return np.array(losses)


def steps_of(patient: Any, number: int) -> Any:
    rng, made = np.random.default_rng(0), 0
    while made < number:
        for x, y in patient.batches(rng):
            if made < number:
                yield x, y
            made += 1


def gradients(patient: Any, steps: int = 20) -> Array:
    weights = [p for p in patient.parameters() if p.ndim > 1]
    lengths = []
    for x, y in steps_of(patient, steps):
        patient.step(x, y)
        lengths.append([0.0 if w.grad is None else np.sqrt(np.mean(w.grad**2)) for w in weights])
    return np.array(lengths)  # (steps, layers)


def updates(patient: Any, steps: int = 20) -> tuple[Array, float]:
    weights = [p for p in patient.parameters() if p.ndim > 1]
    ratios, cosine = [], np.nan
    for x, y in steps_of(patient, steps):
        before = [w.data.copy() for w in weights]
        patient.step(x, y)
        moves = [w.data - old for w, old in zip(weights, before, strict=True)]
        ratios.append([np.linalg.norm(m) / np.linalg.norm(old) for m, old in zip(moves, before, strict=True)])
        if len(ratios) == 1:
            pulls = [np.zeros_like(m) if w.grad is None else w.grad for w, m in zip(weights, moves, strict=True)]
            both = sum(float(np.vdot(m, g)) for m, g in zip(moves, pulls, strict=True))
            lengths = [sum(float(np.vdot(a, a)) for a in one) ** 0.5 for one in (moves, pulls)]
            cosine = both / (lengths[0] * lengths[1]) if lengths[0] * lengths[1] else 0.0
    return np.array(ratios), cosine  # (steps, layers)


def trained(patient: Any, epochs: int | None = None, shuffled: bool = False) -> Any:
    rng, other = np.random.default_rng(0), np.random.default_rng(1)
    x, y = patient.train
    course = []
    for _ in range(patient.epochs if epochs is None else epochs):
        for xs, ys in patient.batches(rng):
            patient.step(xs, other.permutation(ys) if shuffled else ys)
        pairs = ((x[:400], y[:400]), patient.validation)
        course.append([float(patient.loss(dl.predict(patient.model, a), b).item()) for a, b in pairs])
    return np.array(course).T  # training and validation, (2, epochs)


def hidden_units(patient: Any) -> Array:
    trained(patient, epochs=1)
    x, shares = dl.Tensor(patient.train[0][:128]), []
    for layer in patient.layers[:-1]:
        x = layer(x)
        if not hasattr(layer, "weight"):
            continue
        h = x.data.reshape(-1, x.shape[-1])
        silent = (h == h[:1]).all(axis=0)
        ends = np.abs(h) > 0.99 if h.min() >= -1 and h.max() <= 1 else np.zeros(h.shape, bool)
        copies = 1 - len(np.unique(np.round(h[:, ~silent], 5), axis=1).T) / max((~silent).sum(), 1)
        shares.append([silent.mean(), ends.mean(), copies if (~silent).any() else 0.0])
    return np.array(shares).reshape(-1, 3)  # (layers, 3): silent, at their ends, copies of each other


def predicted(patient: Any) -> Any:
    trained(patient)
    x, y = patient.validation
    outputs = dl.predict(patient.model, x)
    if patient.classes:
        k = len(patient.classes)
        said = outputs.argmax(axis=1) if outputs.shape[-1] > 1 else (outputs.reshape(-1) > 0).astype(int)
        return np.bincount(said, minlength=k)[:k], np.bincount(y.reshape(-1), minlength=k)[:k]
    edges = np.linspace(np.min(y), np.max(y), 11)
    edges[[0, -1]] = -np.inf, np.inf
    return tuple(np.histogram(np.nan_to_num(one), edges)[0] for one in (outputs, y))


def ask_twice(patient: Any) -> Any:
    trained(patient, epochs=max(1, patient.epochs // 5))
    x = patient.validation[0][:30]
    return tuple(dl.predict(patient.model, x).reshape(len(x), -1)[:, 0] for _ in range(2))


def score(patient: Any, part: tuple[Array, Array]) -> float:
    x, y = part
    outputs = np.nan_to_num(dl.predict(patient.model, x).astype(float), posinf=1e30, neginf=-1e30)
    if not patient.classes:
        return float(1 - np.mean((outputs.reshape(y.shape) - y) ** 2) / np.var(y))  # the share that it explains
    said = outputs.argmax(axis=1) if outputs.shape[-1] > 1 else (outputs.reshape(-1) > 0).astype(int)
    return float(np.mean(said == y.reshape(-1)))  # the share that it gets right
