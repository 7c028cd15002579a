"""Losses' labels and update rules for libraries that bring none, in plain NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]
SETTINGS = ("x", "y", "lr", "strength", "clip")


def parameters(d: Arrays) -> Arrays:
    return {k: v.copy() for k, v in d.items() if k not in SETTINGS}


def signs(y: np.ndarray) -> np.ndarray:
    return (2 * y - 1).astype(np.float32)[:, None]


def sgd(lr: float) -> Any:
    def update(p: Arrays, g: Arrays) -> None:
        for k in p:
            p[k] -= np.float32(lr) * g[k]

    return update


def momentum(lr: float) -> Any:
    velocity: Arrays = {}

    def update(p: Arrays, g: Arrays) -> None:
        for k in p:
            velocity[k] = np.float32(0.9) * velocity.get(k, np.float32(0)) + g[k]
            p[k] -= np.float32(lr) * velocity[k]

    return update


def adam(lr: float, clip: float | None = None) -> Any:
    mean: Arrays = {}
    squares: Arrays = {}
    t = 0

    def update(p: Arrays, g: Arrays) -> None:
        nonlocal t
        t += 1
        if clip is not None:
            norm = sum(float((dw**2).sum()) for dw in g.values()) ** 0.5
            g = {k: dw * np.float32(min(1, clip / norm)) for k, dw in g.items()}
        rate, root = np.float32(lr / (1 - 0.9**t)), np.float32((1 - 0.999**t) ** -0.5)
        for k in p:
            mean[k] = np.float32(0.9) * mean.get(k, np.float32(0)) + np.float32(0.1) * g[k]
            squares[k] = np.float32(0.999) * squares.get(k, np.float32(0)) + np.float32(0.001) * g[k] ** 2
            p[k] -= rate * mean[k] / (np.sqrt(squares[k]) * root + np.float32(1e-8))

    return update
