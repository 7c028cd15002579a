"""The workloads in HIPS autograd. Convolution and recurrence are written out, as its users do."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad
from autograd.scipy.signal import convolve
from contenders import plain

Arrays = dict[str, np.ndarray]


def setup(threads: int) -> None:
    """BLAS reads its number of threads from the environment."""


def to_numpy(result: Any) -> np.ndarray:
    return np.asarray(result)


def make(name: str, d: Arrays) -> Any:
    return {"W1": w1, "W2": w2, "W3": w3, "W4": w4, "W5": w5, "W6": w6}[name[:2]](d)


def relu(x: Any) -> Any:
    return anp.maximum(x, 0)


def dense(p: Any, x: Any, activation: Any = None) -> Any:
    number = sum(name.startswith("w") and name[1:].isdigit() for name in p)
    for i in range(number):
        x = anp.dot(x, p[f"w{i}"]) + p[f"b{i}"]
        x = activation(x) if i < number - 1 else x
    return x


def cross_entropy(logits: Any, labels: np.ndarray) -> Any:
    logits, labels = logits.reshape(-1, logits.shape[-1]), labels.reshape(-1)
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(labels)), labels]
    return (anp.log(anp.exp(shifted).sum(axis=1)) - chosen).mean()


def training(d: Arrays, loss_of: Any, update: Any) -> Any:
    p = plain.parameters(d)
    gradient = value_and_grad(loss_of)

    def step(i: int) -> Any:
        loss, g = gradient(p, d["x"][i % len(d["x"])], d["y"][i % len(d["y"])])
        update(p, g)
        return loss

    return step


def w1(d: Arrays) -> Any:
    strength = float(d["strength"])

    def loss_of(p: Any, x: Any, y: Any) -> Any:
        hinge = anp.mean(relu(1 - y * dense(p, x, relu)))
        return hinge + strength / 2 * sum(anp.sum(p[k] ** 2) for k in ("w0", "w1", "w2"))

    return training(d | {"x": d["x"][None], "y": plain.signs(d["y"])[None]}, loss_of, plain.sgd(float(d["lr"])))


def w2(d: Arrays) -> Any:
    return training(d, lambda p, x, y: anp.mean((dense(p, x, anp.tanh) - y) ** 2), plain.sgd(float(d["lr"])))


def w3(d: Arrays) -> Any:
    return training(d, lambda p, x, y: cross_entropy(dense(p, x, relu), y), plain.adam(float(d["lr"])))


def convolutional(p: Any, x: Any) -> Any:
    for i in (0, 1):
        padded = anp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), "constant")
        kernel = p[f"k{i}"][::-1, ::-1]
        x = convolve(padded, kernel, axes=([1, 2], [0, 1]), dot_axes=([3], [2]), mode="valid")
        # comes as (N, F, H, W): what is not convolved stands first
        x = relu(anp.transpose(x, (0, 2, 3, 1)) + p[f"c{i}"])
        n, h, w, c = x.shape
        x = anp.max(anp.max(anp.reshape(x, (n, h // 2, 2, w // 2, 2, c)), axis=4), axis=2)
    return dense(p, x.reshape(len(x), -1))


def w4(d: Arrays) -> Any:
    return training(d, lambda p, x, y: cross_entropy(convolutional(p, x), y), plain.momentum(float(d["lr"])))


def sigmoid(x: Any) -> Any:
    return 0.5 * anp.tanh(0.5 * x) + 0.5


def recurrent(p: Any, x: Any) -> Any:
    z = anp.dot(p["embedding"][x], p["weight_x"]) + p["bias"]
    h = c = np.zeros((len(x), 128), np.float32)
    states = []
    for t in range(x.shape[1]):
        a = z[:, t] + anp.dot(h, p["weight_h"])
        if p["bias"].shape[0] == 128:
            h = anp.tanh(a)
        else:
            i, f, g, o = (a[:, 128 * j : 128 * (j + 1)] for j in range(4))
            c = sigmoid(f) * c + sigmoid(i) * anp.tanh(g)
            h = sigmoid(o) * anp.tanh(c)
        states.append(h)
    return anp.stack(states, axis=1)


def w5(d: Arrays) -> Any:
    return training(
        d, lambda p, x, y: cross_entropy(dense(p, recurrent(p, x)), y), plain.adam(float(d["lr"]), float(d["clip"]))
    )


def w6(d: Arrays) -> Any:
    p = plain.parameters(d)
    predict = convolutional if "k0" in d else lambda p, x: dense(p, x, relu)
    return lambda i: np.concatenate([predict(p, d["x"][j : j + 512]) for j in range(0, len(d["x"]), 512)])
