"""What every library is asked to do: initial weights and batches, made once and given to all.

Weights lie as in dlcourse: dense (K, M), convolution (KH, KW, C, F), LSTM gates i, f, g, o side by side. Images are
real digits: on random ones half of all ReLUs are dead in another pattern, and pooling is too easy to predict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlcourse.data import digits, moons

ROOT = Path(__file__).resolve().parents[2]
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Workload:
    """One row of the table.

    Attributes
    ----------
    steps : int
        Steps per turn; a library that needs longer than the time limit of a turn makes fewer.
    must : tuple of float or None
        Largest ratio of our time to PyTorch's, as people write it and at its best.
    """

    title: str
    make: Callable[[np.random.Generator], Arrays]
    steps: int
    must: tuple[float | None, float | None]


def dense(rng: np.random.Generator, *sizes: int) -> Arrays:
    """Weights w0, b0, w1, b1 … of fully connected layers."""
    arrays = {}
    for i, (k, m) in enumerate(zip(sizes, sizes[1:], strict=False)):
        arrays |= {f"w{i}": uniform(rng, k, m), f"b{i}": np.zeros(m, np.float32)}
    return arrays


def uniform(rng: np.random.Generator, *shape: int, fan: int | None = None) -> np.ndarray:
    bound = (3 / (fan or shape[0])) ** 0.5
    return rng.uniform(-bound, bound, shape).astype(np.float32)


def small_hinge(rng: np.random.Generator) -> Arrays:
    points = moons(100, noise=0.1, rng=rng)
    return {"x": points.x, "y": points.y, "lr": np.float32(0.1), "strength": np.float32(1e-3)} | dense(
        rng, 2, 16, 16, 1
    )


def small_tanh(rng: np.random.Generator) -> Arrays:
    points = moons(500, noise=0.1, rng=rng)
    x, y = points.x.reshape(50, 10, 2), (2 * points.y - 1).astype(np.float32).reshape(50, 10, 1)
    return {"x": x, "y": y, "lr": np.float32(0.03)} | dense(rng, 2, 8, 8, 1)


def large_digits() -> tuple[np.ndarray, np.ndarray]:
    """The 1797 digits at 28×28: each pixel three times, two zeros around."""
    data = digits()
    large = data.x[..., 0].repeat(3, axis=1).repeat(3, axis=2)
    return np.pad(large, ((0, 0), (2, 2), (2, 2))), data.y


def digit_batches(rng: np.random.Generator) -> Arrays:
    x, y = large_digits()
    order = rng.permutation(len(x))[: 28 * 64]
    return {"x": x[order].reshape(28, 64, 28, 28, 1), "y": y[order].reshape(28, 64)}


def mlp(rng: np.random.Generator) -> Arrays:
    batches = digit_batches(rng)
    return {"x": batches["x"].reshape(28, 64, 784), "y": batches["y"], "lr": np.float32(1e-3)} | dense(
        rng, 784, 256, 128, 10
    )


def cnn(rng: np.random.Generator) -> Arrays:
    kernels = {"k0": uniform(rng, 3, 3, 1, 16, fan=9), "k1": uniform(rng, 3, 3, 16, 32, fan=144)}
    biases = {"c0": np.zeros(16, np.float32), "c1": np.zeros(32, np.float32)}
    return digit_batches(rng) | {"lr": np.float32(0.02)} | kernels | biases | dense(rng, 7 * 7 * 32, 10)


def characters(rng: np.random.Generator, gates: int) -> Arrays:
    """Pieces of this repository's prose, 64 different characters."""
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "LICENSE", "dlcourse/tensor.py"))
    common = {c: i + 1 for i, (c, _) in enumerate(Counter(text).most_common(63))}
    numbers = np.array([common.get(c, 0) for c in text])
    pieces = (len(numbers) - 1) // (32 * 50)
    x, y = numbers[: pieces * 1600].reshape(-1, 32, 50), numbers[1 : pieces * 1600 + 1].reshape(-1, 32, 50)
    weights = {
        "embedding": rng.normal(size=(64, 64)).astype(np.float32),
        "weight_x": uniform(rng, 64, gates * 128, fan=192),
        "weight_h": uniform(rng, 128, gates * 128, fan=192),
        "bias": np.zeros(gates * 128, np.float32),
    }
    return {"x": x, "y": y, "lr": np.float32(2e-3), "clip": np.float32(0.5)} | weights | dense(rng, 128, 64)


def many_images(arrays: Arrays, *shape: int) -> Arrays:
    return arrays | {"x": np.resize(large_digits()[0], (10_000, *shape))}


WORKLOADS = {
    "W1": Workload("moons 2-16-16-1, 100 points, hinge + L2", small_hinge, 300, (0.15, None)),
    "W2": Workload("2-8-8-1 tanh, batch 10", small_tanh, 500, (0.16, 0.16)),
    "W3": Workload("784-256-128-10 ReLU, batch 64, Adam", mlp, 100, (0.85, 1.1)),
    "W4": Workload("CNN 16, 32, 28×28, batch 64, momentum", cnn, 14, (1.4, 1.9)),
    "W5 LSTM": Workload("characters, 128 units, 50 steps, batch 32", lambda rng: characters(rng, 4), 12, (None, 1.6)),
    "W5 RNN": Workload("characters, 128 units, 50 steps, batch 32", lambda rng: characters(rng, 1), 30, (None, 1.2)),
    "W6 MLP": Workload("inference, 10 000 images", lambda rng: many_images(mlp(rng), 784), 3, (1.1, 1.2)),
    "W6 CNN": Workload("inference, 10 000 images", lambda rng: many_images(cnn(rng), 28, 28, 1), 1, (0.5, 1.2)),
}
