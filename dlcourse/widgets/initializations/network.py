"""The network of `InitExplorer` as plain matrix products in float64, and how it is taught; Code shows these functions.

In float32 a spread that doubles with each of fifty layers would soon pass the largest number there is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array

__all__ = ["BATCH", "EXAMPLES", "LR", "cached_data", "data", "distinct", "look", "network", "spread", "teach"]

EXAMPLES = 32
"""How many digits the spreads are measured with."""
BATCH = 32
LR = 0.05


def data() -> list[tuple[Array, Array]]:
    train, unseen = dl.data.digits().split(1 / 3, 2 / 3, rng=np.random.default_rng(0))
    mean, deviation = train.x.mean(dtype=float), train.x.std(dtype=float)
    return [((part.x.reshape(-1, 64) - mean) / deviation, part.y) for part in (train, unseen)]


def network(x: Any, weights: Sequence[Any], biases: Sequence[Any], f: Callable[[Any], Any]) -> tuple[list[Any], Any]:
    hidden = []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        x = dl.affine(x, W, b, activation=f)  # f(x @ W + b)
        hidden.append(x)  # (N, neurons) of each layer
    return hidden, dl.affine(x, weights[-1], biases[-1])


def spread(x: Array) -> Any:
    return np.sqrt(np.mean(x * x, axis=(-2, -1)))  # root mean square: how far from 0 the numbers are


def look(
    weights: Sequence[Any], biases: Sequence[Any], f: Callable[[Any], Any], x: Array, y: Array
) -> tuple[list[Any], list[Any]]:
    hidden, logits = network(dl.Tensor(x, requires_grad=True), weights, biases, f)
    dl.cross_entropy(logits, y).backward(keep_inner=True)
    signals, gradients = [a.data for a in hidden], [a.grad for a in hidden]
    rounding = 1e-10 * spread(logits.grad) * spread(np.asarray(weights[-1]))
    if spread(gradients[-1]) <= rounding:  # the blames of the ten answers cancel, but for rounding
        gradients = [0 * g for g in gradients]
    return signals, gradients


def distinct(a: Array) -> Any:
    chance = np.random.default_rng(0).normal(size=a.shape[-2])
    sums = np.sort(chance @ a, axis=-1)  # equal neurons have equal sums: (..., neurons)
    rounding = 1e-6 * np.sqrt(np.mean(sums**2, axis=-1, keepdims=True))
    return 1 + np.sum(np.diff(sums, axis=-1) > np.maximum(rounding, 1e-300), axis=-1)


def teach(
    weights: Sequence[Array],
    biases: Sequence[Array],
    f: Callable[[Any], Any],
    x: Array,
    y: Array,
    first: int,
    last: int,
) -> tuple[list[Array], list[Array]]:
    for update in range(first, last):
        batch = np.random.default_rng([1, update]).choice(len(x), BATCH, replace=False)
        W, b = ([dl.Tensor(array, requires_grad=True) for array in arrays] for arrays in (weights, biases))
        dl.cross_entropy(network(x[batch], W, b, f)[1], y[batch]).backward()
        weights, biases = ([one.data - LR * np.asarray(one.grad) for one in ones] for ones in (W, b))
    return list(weights), list(biases)


@lru_cache(maxsize=1)
def cached_data() -> list[tuple[Array, Array]]:
    """What `data` returns, made once: digits to learn from and unseen ones, each (N, 64) with its labels (N,)."""
    return data()
