"""The workloads in dlcourse, as the lessons write them."""

from __future__ import annotations

from typing import Any

import numpy as np

import dlcourse as dl


def setup(threads: int) -> None:
    """BLAS reads its number of threads from the environment."""


def to_numpy(result: Any) -> np.ndarray:
    return np.asarray(result)


def make(name: str, d: dict[str, np.ndarray]) -> Any:
    """Return step(i) -> loss, or outputs."""
    return {"W1": w1, "W2": w2, "W3": w3, "W4": w4, "W5": w5, "W6": w6}[name[:2]](d)


def network(d: dict[str, np.ndarray], activation: Any, first: tuple[Any, ...] = ()) -> dl.Sequential:
    rng = np.random.default_rng(0)
    number = sum(name.startswith("w") and name[1:].isdigit() for name in d)
    layers = []
    for i in range(number):
        w, b = d[f"w{i}"], d[f"b{i}"]
        layers.append(dl.Dense(*w.shape, activation=activation if i < number - 1 else None, rng=rng))
        layers[-1].weight.data[...], layers[-1].bias.data[...] = w, b
    return dl.Sequential(*first, *layers)


def convolutional(d: dict[str, np.ndarray]) -> dl.Sequential:
    rng = np.random.default_rng(0)
    first = dl.Conv2D(1, 16, 3, padding="same", activation=dl.relu, rng=rng)
    second = dl.Conv2D(16, 32, 3, padding="same", activation=dl.relu, rng=rng)
    for layer, i in ((first, 0), (second, 1)):
        layer.weight.data[...], layer.bias.data[...] = d[f"k{i}"], d[f"c{i}"]
    return network(d, None, (first, dl.MaxPool2D(2), second, dl.MaxPool2D(2), dl.Flatten()))


def training(d: dict[str, np.ndarray], model: Any, optimizer: dl.Optimizer, loss_of: Any) -> Any:
    def step(i: int) -> Any:
        x, y = d["x"][i % len(d["x"])], d["y"][i % len(d["y"])]
        optimizer.zero_grad()
        loss = loss_of(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.data

    return step


def w1(d: dict[str, np.ndarray]) -> Any:
    model = network(d, dl.relu)
    penalty = dl.L2(float(d["strength"]))
    whole = {"x": d["x"][None], "y": d["y"][None]}
    optimizer = dl.SGD(model.parameters(), d["lr"])
    return training(whole, model, optimizer, lambda scores, y: dl.hinge(scores, y) + penalty(model))


def w2(d: dict[str, np.ndarray]) -> Any:
    model = network(d, dl.tanh)
    return training(d, model, dl.SGD(model.parameters(), d["lr"]), dl.squared_error)


def w3(d: dict[str, np.ndarray]) -> Any:
    model = network(d, dl.relu)
    return training(d, model, dl.Adam(model.parameters(), d["lr"]), dl.cross_entropy)


def w4(d: dict[str, np.ndarray]) -> Any:
    model = convolutional(d)
    return training(d, model, dl.SGD(model.parameters(), d["lr"], momentum=0.9), dl.cross_entropy)


def w5(d: dict[str, np.ndarray]) -> Any:
    rng = np.random.default_rng(0)
    kind = dl.LSTM if d["bias"].size > 128 else dl.SimpleRNN
    embedding, recurrent = dl.Embedding(64, 64, rng=rng), kind(64, 128, return_sequences=True, rng=rng)
    embedding.weight.data[...] = d["embedding"]
    for name in ("weight_x", "weight_h", "bias"):
        getattr(recurrent, name).data[...] = d[name]
    model = network(d, None, (embedding, recurrent))
    return training(d, model, dl.Adam(model.parameters(), d["lr"], clip_norm=float(d["clip"])), dl.cross_entropy)


def w6(d: dict[str, np.ndarray]) -> Any:
    model = convolutional(d) if "k0" in d else network(d, dl.relu)
    return lambda i: dl.predict(model, d["x"])
