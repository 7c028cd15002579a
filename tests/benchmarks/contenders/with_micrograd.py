"""W1 in micrograd, which computes with single numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from micrograd.engine import Value
from micrograd.nn import MLP

Arrays = dict[str, np.ndarray]


def setup(threads: int) -> None:
    """One thread is all it knows."""


def to_numpy(result: Any) -> np.ndarray:
    return np.asarray(result.data)


def make(name: str, d: Arrays) -> Any:
    return {"W1": w1}[name](d)


def w1(d: Arrays) -> Any:
    model = MLP(2, [16, 16, 1])
    for i, layer in enumerate(model.layers):
        for j, neuron in enumerate(layer.neurons):
            neuron.w = [Value(float(w)) for w in d[f"w{i}"][:, j]]
    weights = [w for layer in model.layers for neuron in layer.neurons for w in neuron.w]
    inputs, signs = [list(map(float, x)) for x in d["x"]], [int(y) * 2 - 1 for y in d["y"]]
    strength, lr = float(d["strength"]), float(d["lr"])

    def step(i: int) -> Any:
        scores = [model(x) for x in inputs]
        hinge = sum((1 + -sign * score).relu() for sign, score in zip(signs, scores, strict=True)) * (1 / len(scores))
        loss = hinge + strength / 2 * sum(w * w for w in weights)
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= lr * p.grad
        return loss

    return step
