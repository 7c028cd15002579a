"""W1 and W2 in bare NumPy, derivatives written out for this one network: no engine, no layers, no checks.

What the arithmetic costs where arrays are tiny. No library in Python can be faster; how much slower it is, is its bookkeeping.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from contenders import plain

Arrays = dict[str, np.ndarray]


def setup(threads: int) -> None:
    """BLAS reads its number of threads from the environment."""


def to_numpy(result: Any) -> np.ndarray:
    return np.asarray(result)


def make(name: str, d: Arrays) -> Any:
    return {"W1": w1, "W2": w2}[name](d)


def w1(d: Arrays) -> Any:
    flat, (w0, b0, w1, b1, w2, b2) = laid_out(plain.parameters(d))
    x, sign, ones = d["x"], plain.signs(d["y"]), np.ones(100, np.float32)
    lr, strength = float(d["lr"]), float(d["strength"])
    g, (gw0, gb0, gw1, gb1, gw2, gb2) = laid_out({k: 0 * v for k, v in plain.parameters(d).items()})

    def step(i: int) -> Any:
        h0 = np.maximum(np.dot(x, w0) + b0, 0)
        h1 = np.maximum(np.dot(h0, w1) + b1, 0)
        margin = 1 - sign * (np.dot(h1, w2) + b2)
        penalty = strength / 2 * sum(np.vdot(w, w) for w in (w0, w1, w2))
        loss = np.maximum(margin, 0).sum() / 100 + penalty
        d2 = sign * (margin > 0) * (-1 / 100)
        d1 = np.dot(d2, w2.T) * (h1 > 0)
        d0 = np.dot(d1, w1.T) * (h0 > 0)
        for gw, gb, w, h, dz in ((gw0, gb0, w0, x, d0), (gw1, gb1, w1, h0, d1), (gw2, gb2, w2, h1, d2)):
            np.dot(h.T, dz, out=gw)
            np.dot(ones, dz, out=gb)
            gw += strength * w
        flat[...] -= lr * g
        return loss

    return step


def w2(d: Arrays) -> Any:
    flat, (w0, b0, w1, b1, w2, b2) = laid_out(plain.parameters(d))
    g, (gw0, gb0, gw1, gb1, gw2, gb2) = laid_out({k: 0 * v for k, v in plain.parameters(d).items()})
    xs, ys, lr, ones = d["x"], d["y"], float(d["lr"]), np.ones(10, np.float32)

    def step(i: int) -> Any:
        x, y = xs[i % len(xs)], ys[i % len(ys)]
        h0 = np.tanh(np.dot(x, w0) + b0)
        h1 = np.tanh(np.dot(h0, w1) + b1)
        difference = np.dot(h1, w2) + b2 - y
        loss = np.square(difference).sum() / 10
        d2 = difference * (2 / 10)
        d1 = np.dot(d2, w2.T) * (1 - h1 * h1)
        d0 = np.dot(d1, w1.T) * (1 - h0 * h0)
        for gw, gb, h, dz in ((gw0, gb0, x, d0), (gw1, gb1, h0, d1), (gw2, gb2, h1, d2)):
            np.dot(h.T, dz, out=gw)
            np.dot(ones, dz, out=gb)
        flat[...] -= lr * g
        return loss

    return step


def laid_out(parts: Arrays) -> tuple[np.ndarray, list[np.ndarray]]:
    """One flat array, and views of it in the parts' shapes, in the order w0, b0, w1, b1 …"""
    ordered = [parts[f"{letter}{i}"] for i in range(3) for letter in "wb"]
    flat = np.concatenate([part.reshape(-1) for part in ordered])
    bounds = np.cumsum([part.size for part in ordered])[:-1]
    return flat, [piece.reshape(part.shape) for piece, part in zip(np.split(flat, bounds), ordered, strict=True)]
