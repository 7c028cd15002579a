"""The workloads in tinygrad, each step recorded once and replayed (TinyJit). It needs a C compiler, clang or $CC."""

from __future__ import annotations

import os
import shutil
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]


def setup(threads: int) -> None:
    os.environ.setdefault("DEV", "CPU")
    os.environ["CPU_COUNT"] = str(threads)
    os.environ["TRAINING"] = "1"
    if "CC" not in os.environ:
        compilers = [name for name in ("clang", *(f"clang-{i}" for i in range(30, 10, -1))) if shutil.which(name)]
        if not compilers:
            raise ImportError("it needs clang")
        os.environ["CC"] = compilers[0]
    global Tensor, TinyJit, optim
    from tinygrad import Tensor, TinyJit
    from tinygrad.nn import optim


def to_numpy(result: Any) -> np.ndarray:
    return result.numpy()


def make(name: str, d: Arrays) -> Any:
    return {"W1": w1, "W2": w2, "W3": w3, "W4": w4, "W5": w5, "W6": w6}[name[:2]](d)


def parameters(d: Arrays) -> dict[str, Any]:
    names = [k for k in d if k not in ("x", "y", "lr", "strength", "clip")]
    return {k: Tensor(np.ascontiguousarray(d[k])).realize().is_param_() for k in names}


def dense(p: Any, x: Any, activation: str = "relu") -> Any:
    number = sum(name.startswith("w") and name[1:].isdigit() for name in p)
    for i in range(number):
        x = x @ p[f"w{i}"] + p[f"b{i}"]
        x = getattr(x, activation)() if i < number - 1 else x
    return x


def training(d: Arrays, p: Any, optimizer: Any, loss_of: Any) -> Any:
    @TinyJit
    def one_step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = loss_of(x, y)
        loss.backward()
        return loss.realize(*optimizer.schedule_step())

    xs, ys = ([Tensor(np.ascontiguousarray(part)).realize() for part in d[name]] for name in ("x", "y"))
    return lambda i: one_step(xs[i % len(xs)], ys[i % len(ys)])


def w1(d: Arrays) -> Any:
    p, strength = parameters(d), float(d["strength"])

    def loss_of(x: Any, y: Any) -> Any:
        penalty = (p["w0"] ** 2).sum() + (p["w1"] ** 2).sum() + (p["w2"] ** 2).sum()
        return (1 - y * dense(p, x)).relu().mean() + strength / 2 * penalty

    signs = (2 * d["y"] - 1).astype(np.float32)[:, None]
    whole = {"x": d["x"][None], "y": signs[None]}
    return training(whole, p, optim.SGD(list(p.values()), lr=float(d["lr"])), loss_of)


def w2(d: Arrays) -> Any:
    p = parameters(d)
    optimizer = optim.SGD(list(p.values()), lr=float(d["lr"]))
    return training(d, p, optimizer, lambda x, y: ((dense(p, x, "tanh") - y) ** 2).mean())


def w3(d: Arrays) -> Any:
    p = parameters(d)
    optimizer = optim.Adam(list(p.values()), lr=float(d["lr"]))
    return training(d, p, optimizer, lambda x, y: dense(p, x).sparse_categorical_crossentropy(y))


def channels_first(d: Arrays) -> Arrays:
    kernels = {k: d[k].transpose(3, 2, 0, 1) for k in ("k0", "k1")}
    rows = d["w0"].reshape(7, 7, 32, 10).transpose(2, 0, 1, 3).reshape(-1, 10)
    return d | kernels | {"w0": rows, "x": np.moveaxis(d["x"], -1, -3)}


def convolutional(p: Any, x: Any) -> Any:
    for i in (0, 1):
        x = x.conv2d(p[f"k{i}"], p[f"c{i}"], padding=1).relu().max_pool2d()
    return dense(p, x.flatten(1))


def w4(d: Arrays) -> Any:
    d = channels_first(d)
    p = parameters(d)
    optimizer = optim.SGD(list(p.values()), lr=float(d["lr"]), momentum=0.9)
    return training(d, p, optimizer, lambda x, y: convolutional(p, x).sparse_categorical_crossentropy(y))


def w5(d: Arrays) -> Any:
    raise NotImplementedError("fifty steps written out take it minutes to compile")


def w6(d: Arrays) -> Any:
    convolution = "k0" in d
    d = channels_first(d) if convolution else d
    p, parts = parameters(d), [np.ascontiguousarray(d["x"][i : i + 500]) for i in range(0, 10_000, 500)]

    @TinyJit
    def predict(x: Any) -> Any:
        return (convolutional(p, x) if convolution else dense(p, x)).realize()

    inputs = [Tensor(part).realize() for part in parts]

    class Outputs:
        def __init__(self) -> None:
            self.parts = [predict(x).clone().realize() for x in inputs]

        def numpy(self) -> np.ndarray:
            return np.concatenate([part.numpy() for part in self.parts])

    return lambda i: Outputs()
