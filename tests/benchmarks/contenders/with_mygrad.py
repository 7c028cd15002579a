"""The workloads in MyGrad, with its own convolution, pooling and losses."""

from __future__ import annotations

from typing import Any

import mygrad as mg
import numpy as np
from contenders import plain
from mygrad.nnet.layers import conv_nd, max_pool
from mygrad.nnet.losses import softmax_crossentropy

Arrays = dict[str, np.ndarray]


def setup(threads: int) -> None:
    """BLAS reads its number of threads from the environment."""


def to_numpy(result: Any) -> np.ndarray:
    return np.asarray(result)


def make(name: str, d: Arrays) -> Any:
    return {"W1": w1, "W2": w2, "W3": w3, "W4": w4, "W5": w5, "W6": w6}[name[:2]](d)


def relu(x: Any) -> Any:
    return mg.maximum(x, 0)


def dense(p: Any, x: Any, activation: Any = None) -> Any:
    number = sum(name.startswith("w") and name[1:].isdigit() for name in p)
    for i in range(number):
        x = mg.matmul(x, p[f"w{i}"]) + p[f"b{i}"]
        x = activation(x) if i < number - 1 else x
    return x


def training(d: Arrays, loss_of: Any, update: Any) -> Any:
    p = {k: mg.tensor(v) for k, v in plain.parameters(d).items()}
    data = {k: t.data for k, t in p.items()}

    def step(i: int) -> Any:
        loss = loss_of(p, d["x"][i % len(d["x"])], d["y"][i % len(d["y"])])
        loss.backward()
        update(data, {k: t.grad for k, t in p.items()})
        return loss.data

    return step


def w1(d: Arrays) -> Any:
    strength = float(d["strength"])

    def loss_of(p: Any, x: Any, y: Any) -> Any:
        hinge = mg.mean(relu(1 - y * dense(p, x, relu)))
        return hinge + strength / 2 * sum(mg.sum(p[k] ** 2) for k in ("w0", "w1", "w2"))

    return training(d | {"x": d["x"][None], "y": plain.signs(d["y"])[None]}, loss_of, plain.sgd(float(d["lr"])))


def w2(d: Arrays) -> Any:
    return training(d, lambda p, x, y: mg.mean((dense(p, x, mg.tanh) - y) ** 2), plain.sgd(float(d["lr"])))


def w3(d: Arrays) -> Any:
    return training(d, lambda p, x, y: softmax_crossentropy(dense(p, x, relu), y), plain.adam(float(d["lr"])))


def convolutional(p: Any, x: Any) -> Any:
    for i in (0, 1):
        x = relu(conv_nd(x, p[f"k{i}"], stride=1, padding=1) + p[f"c{i}"][:, None, None])
        x = max_pool(x, (2, 2), 2)
    return dense(p, x.reshape(len(x), -1))


def channels_first(d: Arrays) -> Arrays:
    """Images, kernels and the rows of the dense layer, sorted for (N, C, H, W)."""
    kernels = {k: np.ascontiguousarray(d[k].transpose(3, 2, 0, 1)) for k in ("k0", "k1")}
    rows = d["w0"].reshape(7, 7, 32, 10).transpose(2, 0, 1, 3).reshape(-1, 10)
    return d | kernels | {"w0": rows, "x": np.ascontiguousarray(np.moveaxis(d["x"], -1, -3))}


def w4(d: Arrays) -> Any:
    return training(
        channels_first(d),
        lambda p, x, y: softmax_crossentropy(convolutional(p, x), y),
        plain.momentum(float(d["lr"])),
    )


def sigmoid(x: Any) -> Any:
    return 0.5 * mg.tanh(0.5 * x) + 0.5


def recurrent(p: Any, x: Any) -> Any:
    z = mg.matmul(p["embedding"][x], p["weight_x"]) + p["bias"]
    h = c = np.zeros((len(x), 128), np.float32)
    states = []
    for t in range(x.shape[1]):
        a = z[:, t] + mg.matmul(h, p["weight_h"])
        if p["bias"].shape[0] == 128:
            h = mg.tanh(a)
        else:
            i, f, g, o = (a[:, 128 * j : 128 * (j + 1)] for j in range(4))
            c = sigmoid(f) * c + sigmoid(i) * mg.tanh(g)
            h = sigmoid(o) * mg.tanh(c)
        states.append(h)
    return mg.stack(states, axis=1)


def w5(d: Arrays) -> Any:
    def loss_of(p: Any, x: Any, y: Any) -> Any:
        return softmax_crossentropy(dense(p, recurrent(p, x)).reshape(-1, 64), y.reshape(-1))

    return training(d, loss_of, plain.adam(float(d["lr"]), float(d["clip"])))


def w6(d: Arrays) -> Any:
    convolution = "k0" in d
    d = channels_first(d) if convolution else d
    p = {k: mg.tensor(v) for k, v in plain.parameters(d).items()}

    def step(i: int) -> Any:
        with mg.no_autodiff:
            parts = [d["x"][j : j + 512] for j in range(0, len(d["x"]), 512)]
            return np.concatenate([(convolutional(p, x) if convolution else dense(p, x, relu)).data for x in parts])

    return step
