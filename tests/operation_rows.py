"""The one table of operations: for each registered name, calls that cover its shapes. The gradient tests walk it.

A row is (what it covers, function of tensors, inputs in float64). Inputs stay away from kinks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import dlcourse as dl

_rng = np.random.default_rng(7)


@dataclass(frozen=True)
class Row:
    operation: str
    covers: str
    function: Callable[..., Any]
    inputs: tuple[np.ndarray, ...]

    def __str__(self) -> str:
        return f"{self.operation}: {self.covers}"


def normal(*shape: int) -> np.ndarray:
    """Random numbers, each at least 0.05 from 0 and from ±1, ±3, where some activations have kinks."""
    x = np.asarray(_rng.normal(size=shape))
    for kink in (-3.0, -1.0, 0.0, 1.0, 3.0):
        near = np.abs(x - kink) < 0.05
        x = np.where(near, kink + 0.1, x)
    return x


def positive(*shape: int) -> np.ndarray:
    return np.asarray(_rng.uniform(0.5, 2.0, size=shape))


def distinct(*shape: int) -> np.ndarray:
    """Numbers at least 0.1 apart, so that no two change places within a step."""
    return 0.1 * _rng.permutation(int(np.prod(shape))).reshape(shape).astype(float)


ROWS: list[Row] = []


def row(operation: str, covers: str, function: Callable[..., Any], *inputs: np.ndarray) -> None:
    ROWS.append(Row(operation, covers, function, inputs))


TWO_INPUTS: dict[str, Callable[..., np.ndarray]] = {
    "add": normal,
    "subtract": normal,
    "multiply": normal,
    "divide": positive,
    "power": positive,
    "maximum": distinct,
    "minimum": distinct,
}
for name, make in TWO_INPUTS.items():
    f = getattr(dl, name)
    both = make(2 * 12).reshape(2, 3, 4)
    row(name, "equal shapes", f, both[0], both[1])
    row(name, "a row against a matrix", f, make(3, 4), make(4) + 0.03)
    row(name, "axes of size 1 on both sides", f, make(3, 1), make(1, 4) + 0.03)
    row(name, "a new leading axis", f, make(4), make(2, 3, 4) + 0.03)
    row(name, "single numbers", f, make(1)[0], make(1)[0] + 0.03)
    row(name, "no entries", f, make(1)[:0], make(1)[:0])
    row(name, "non-contiguous", f, make(4, 3).T, make(6, 4)[::2] + 0.03)
    row(name, "the same tensor twice", lambda x, f=f: f(x, x * 1.5 + 0.01), make(3, 4) + 0.2)

ONE_INPUT: dict[str, Callable[..., np.ndarray]] = {
    **dict.fromkeys(["negative", "exp", "sin", "cos", "absolute"], normal),
    **dict.fromkeys(["log", "sqrt"], positive),
    **{f.__name__: normal for f in dl.activations.ZOO.values()},
    "log_sigmoid": normal,
}
for name, make in ONE_INPUT.items():
    f = getattr(dl, name)
    row(name, "a matrix", f, make(3, 4))
    row(name, "a single number", f, make(1)[0])
    row(name, "no entries", f, make(1)[:0])
    row(name, "one entry", f, make(1, 1))
    row(name, "non-contiguous", f, make(4, 6)[::2, ::-1].T)

row("power", "a fixed square", lambda x: x**2, normal(3, 4))
row("power", "a fixed negative exponent", lambda x: x**-1.5, positive(3))
row("power", "exponent 0", lambda x: x**0, normal(3))
row("power", "a number to a tensor", lambda x: 2.0**x, normal(3))
row("astype", "its own type", lambda x: x.astype(np.result_type(x.data, np.float32)), normal(3, 4))
row("astype", "a wider type", lambda x: x.astype(np.float64) * 2.0, normal(3, 4).T)
row("leaky_relu", "another slope", lambda x: dl.leaky_relu(x, slope=0.3), normal(3, 4))
row("elu", "another alpha", lambda x: dl.elu(x, alpha=0.4), normal(3, 4))
row("clip", "inside and outside", lambda x: dl.clip(x, low=-0.5, high=0.7), np.array([-2.0, -0.4, 0.1, 0.6, 3.0]))
row("where", "broadcast", lambda a, b: dl.where(np.eye(3) > 0, a, b), normal(3, 3), normal(3))

for name, make in {"sum": normal, "mean": normal, "max": distinct, "min": distinct}.items():
    f = getattr(dl, name)
    row(name, "everything", f, make(3, 4))
    row(name, "axis 0", lambda x, f=f: f(x, axis=0), make(3, 4))
    row(name, "negative axis", lambda x, f=f: f(x, axis=-1), make(2, 3, 4))
    row(name, "two axes", lambda x, f=f: f(x, axis=(0, -1)), make(2, 3, 4))
    row(name, "axis kept", lambda x, f=f: f(x, axis=1, keepdims=True), make(2, 3, 4))
    row(name, "one entry along the axis", lambda x, f=f: f(x, axis=1), make(3, 1))
    row(name, "non-contiguous", lambda x, f=f: f(x, axis=0), make(4, 6)[::2].T)
    row(name, "an axis of size 0 beside", lambda x, f=f: f(x, axis=1), make(1, 4)[:0])
row("sum", "no entries", dl.sum, normal(1)[:0])

row("reshape", "to another shape", lambda x: x.reshape(2, -1) * normal_weights, normal(3, 4))
normal_weights = normal(2, 6)
row("reshape", "a single number", lambda x: x.reshape(1, 1), normal(1)[0])
row("reshape", "no entries", lambda x: x.reshape(3, 0), normal(1, 3)[:0])
row("reshape", "non-contiguous", lambda x: x.reshape(12), normal(4, 3).T)
row("transpose", "reversed", lambda x: x.T * 2.0, normal(2, 3, 4))
row("transpose", "named, negative", lambda x: x.transpose(1, -1, 0) * 2.0, normal(2, 3, 4))
row("broadcast_to", "new axis and size 1", lambda x: dl.broadcast_to(x, shape=(2, 3, 4)), normal(3, 1))
row("index", "a slice", lambda x: x[1:, ::2], normal(3, 4))
row("index", "one entry", lambda x: x[1, -1], normal(3, 4))
row("index", "the same entry twice", lambda x: x[[0, 0, 2]], normal(3, 4))
row("index", "a mask", lambda x: x[np.eye(3, 4) > 0], normal(3, 4))
row("index", "a new axis", lambda x: x[:, None], normal(3))
row("embedding", "a row twice, one never", lambda x: dl.embedding(x, [[0, 2], [2, 2]]), normal(4, 3))
row("embedding", "one symbol", lambda x: dl.embedding(x, 1), normal(4, 3))
row("embedding", "no symbols", lambda x: dl.embedding(x, np.zeros((2, 0), int)), normal(4, 3))
row("concatenate", "axis 0", lambda a, b: dl.concatenate(a, b), normal(2, 3), normal(1, 3))
row(
    "concatenate",
    "negative axis, empty part",
    lambda a, b: dl.concatenate(a, b, axis=-1),
    normal(2, 3),
    normal(2, 1)[:, :0],
)
row("concatenate", "the same part twice", lambda a: dl.concatenate(a, a), normal(2, 3))
row("stack", "negative axis", lambda a, b: dl.stack(a, b, axis=-1), normal(2, 3), normal(2, 3))
row("pad", "one side", lambda x: dl.pad(x, widths=((1, 0), (0, 2))), normal(2, 3))

ANY_MATRIX: dict[str, Callable[[Any], Any]] = {
    "clip": lambda x: dl.clip(x, low=-1.0, high=1.0),
    "where": lambda x: dl.where(np.arange(x.shape[-1]) % 2 > 0, x, x * 2.0),
    "transpose": lambda x: x.transpose(-1, 0) * 2.0,
    "broadcast_to": lambda x: dl.broadcast_to(x, shape=(2, *x.shape)),
    "index": lambda x: x[:, ::-1],
    "concatenate": lambda x: dl.concatenate(x, x * 2.0, axis=-1),
    "stack": lambda x: dl.stack(x, x * 2.0, axis=-2),
    "pad": lambda x: dl.pad(x, widths=((1, 0), (2, 1)), value=0.5),
    "matmul": lambda x: x @ x.T,
}
for name, f in ANY_MATRIX.items():
    row(name, "any matrix: no rows", f, normal(1, 3)[:0])
    row(name, "any matrix: one entry", f, normal(1, 1))
    row(name, "any matrix: non-contiguous", f, normal(4, 6)[::2, ::-1].T)

row("matmul", "matrices", dl.matmul, normal(3, 4), normal(4, 2))
row("matmul", "vector and vector", dl.matmul, normal(4), normal(4))
row("matmul", "vector and matrix", dl.matmul, normal(4), normal(4, 2))
row("matmul", "matrix and vector", dl.matmul, normal(3, 4), normal(4))
row("matmul", "a stack against one matrix", dl.matmul, normal(2, 3, 4), normal(4, 2))
row("matmul", "a stack against a vector", dl.matmul, normal(2, 3, 4), normal(4))
row("matmul", "a vector against a stack", dl.matmul, normal(4), normal(2, 4, 3))
row("matmul", "broadcast stacks", dl.matmul, normal(5, 1, 3, 4), normal(2, 4, 2))
row("matmul", "no rows", dl.matmul, normal(1, 4)[:0], normal(4, 2))
row("matmul", "inner size 1, non-contiguous", dl.matmul, normal(1, 3).T, normal(4, 1).T)
for label, activation in {
    "no activation": None,
    "tanh": dl.tanh,
    "sigmoid": dl.sigmoid,
    "softplus": dl.softplus,
}.items():
    row(
        "affine",
        label,
        lambda x, w, b, f=activation: dl.affine(x, w, b, activation=f),
        normal(5, 3),
        normal(3, 2),
        normal(2),
    )
row("affine", "no bias", lambda x, w: dl.affine(x, w, activation=dl.tanh), normal(5, 3), normal(3, 2))
row(
    "affine",
    "more axes",
    lambda x, w, b: dl.affine(x, w, b, activation=dl.tanh),
    normal(2, 5, 3),
    normal(3, 2),
    normal(2),
)
row("affine", "one example", lambda x, w, b: dl.affine(x, w, b), normal(3), normal(3, 2), normal(2))
row(
    "affine",
    "input needs none",
    lambda w, b: dl.affine(np.ones((2, 3)), w, b, activation=dl.tanh),
    normal(3, 2),
    normal(2),
)

for name in ("softmax", "log_softmax"):
    f = getattr(dl, name)
    row(name, "rows", f, normal(3, 4))
    row(name, "columns", lambda x, f=f: f(x, axis=0), normal(3, 4))
    row(name, "one class", f, normal(3, 1))
    row(name, "no rows", f, normal(1, 4)[:0])
    row(name, "non-contiguous", f, normal(4, 3).T)

for name in ("squared_error", "absolute_error", "huber"):
    f = getattr(dl, name)
    far_apart = np.sign(normal(3, 4)) * (0.2 + distinct(3, 4) * 1.7)
    row(name, "a batch", f, far_apart, np.zeros((3, 4)) + 0.01)
    row(name, "one example", f, far_apart[:1], np.zeros((1, 4)) + 0.01)
    row(name, "a vector", f, far_apart[0], np.zeros(4) + 0.01)
row("huber", "another delta", lambda x: dl.huber(x, np.zeros(4), delta=0.35), np.array([0.1, -0.2, 0.9, -3.0]))
row("cross_entropy", "a batch", lambda x: dl.cross_entropy(x, [0, 2, 1]), normal(3, 4))
row("cross_entropy", "one example, one class", lambda x: dl.cross_entropy(x, [0]), normal(1, 1))
row("cross_entropy", "sequences", lambda x: dl.cross_entropy(x, [[0, 1], [2, 2]]), normal(2, 2, 3))
row("cross_entropy", "smoothing", lambda x: dl.cross_entropy(x, [0, 2, 1], smoothing=0.2), normal(3, 4))
row(
    "cross_entropy", "class weights", lambda x: dl.cross_entropy(x, [0, 2, 1], class_weights=[1, 2, 3, 4]), normal(3, 4)
)
row("cross_entropy", "mask", lambda x: dl.cross_entropy(x, [0, 2, 1], mask=[1, 0, 1]), normal(3, 4))
row("cross_entropy", "non-contiguous", lambda x: dl.cross_entropy(x, [0, 2, 1]), normal(4, 3).T)
row(
    "binary_cross_entropy",
    "a column",
    lambda x: dl.binary_cross_entropy(x, np.array([[0.0], [1.0], [0.3]])),
    normal(3, 1),
)
row("hinge", "labels 0 and 1", lambda x: dl.hinge(x, [0, 1, 1]), np.array([[0.3], [0.4], [2.0]]))
row("hinge", "labels −1 and 1", lambda x: dl.hinge(x, [-1, 1, 1]), np.array([0.3, 0.4, 2.0]))
row(
    "kl_divergence",
    "with a zero",
    lambda x: dl.kl_divergence(x, np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]])),
    normal(2, 3),
)

for label, (shape, kernel, settings) in {
    "3×3": ((2, 5, 6, 3), (3, 3), {}),
    "one image, one channel": ((1, 4, 4, 1), (3, 3), {}),
    "more images than a tile": ((9, 3, 3, 1), (2, 2), {}),
    "same, even kernel": ((2, 4, 5, 2), (2, 4), {"padding": "same"}),
    "same, even size, stride 2": ((2, 6, 4, 2), (3, 3), {"padding": "same", "stride": (2, 2)}),
    "stride larger than kernel": ((2, 7, 8, 2), (2, 2), {"stride": (3, 4)}),
    "stride leaves a rest": ((2, 6, 7, 1), (3, 2), {"stride": (2, 3)}),
    "dilation": ((2, 7, 6, 2), (3, 2), {"dilation": (2, 3)}),
    "dilation, same, stride": ((1, 7, 8, 2), (3, 3), {"dilation": (1, 2), "padding": "same", "stride": (2, 1)}),
    "1×1": ((2, 3, 3, 4), (1, 1), {}),
    "kernel as large as the image": ((2, 3, 4, 2), (3, 4), {}),
    "tanh": ((2, 4, 4, 2), (3, 3), {"activation": dl.tanh}),
}.items():
    row(
        "conv2d",
        label,
        lambda x, w, b, s=settings: dl.conv2d(x, w, b, **s),
        normal(*shape),
        normal(*kernel, shape[3], 3),
        normal(3),
    )
row("conv2d", "no bias", lambda x, w: dl.conv2d(x, w), normal(2, 4, 4, 2), normal(3, 3, 2, 3))
row("conv2d", "no images", lambda x, w: dl.conv2d(x, w), normal(1, 4, 4, 2)[:0], normal(3, 3, 2, 3))
row(
    "conv2d",
    "non-contiguous",
    lambda x, w: dl.conv2d(x, w),
    normal(2, 2, 5, 4).transpose(0, 3, 2, 1),
    normal(3, 2, 3, 2).T,
)
for name in ("max_pool2d", "avg_pool2d"):
    f = getattr(dl, name)
    for label, (shape, size, stride) in {
        "2×2": ((2, 4, 6, 3), (2, 2), (2, 2)),
        "a rest is dropped": ((1, 5, 7, 2), (2, 3), (2, 3)),
        "overlapping": ((2, 5, 5, 1), (3, 3), (1, 2)),
        "stride larger than window": ((2, 7, 7, 1), (2, 2), (3, 3)),
        "1×1": ((2, 3, 3, 2), (1, 1), (1, 1)),
    }.items():
        row(name, label, lambda x, f=f, size=size, stride=stride: f(x, size=size, stride=stride), distinct(*shape))

for label, (n, t, f, h, lengths) in {
    "a batch": (3, 4, 2, 5, None),
    "sequences of length 1": (2, 1, 3, 2, None),
    "one sequence, one unit": (1, 3, 1, 1, None),
    "padded sequences": (3, 4, 2, 3, [4, 1, 2]),
    "an empty sequence among them": (2, 3, 2, 2, [0, 3]),
}.items():
    for name, gates, extra in (("simple_rnn", 1, ()), ("lstm", 4, ()), ("gru", 3, (h,))):
        states = [normal(n, h)] * (2 if name == "lstm" else 1)
        row(
            name,
            label,
            lambda *inputs, name=name, lengths=lengths: getattr(dl, name)(*inputs, lengths=lengths),
            normal(n, t, f),
            normal(f, gates * h),
            normal(h, gates * h),
            normal(gates * h),
            *[normal(size) for size in extra],
            *states,
        )

row("normalize", "a batch of rows", lambda x, a, b: dl.normalize(x, a, b, axis=0), normal(5, 3), normal(3), normal(3))
row("normalize", "each example", lambda x, a, b: dl.normalize(x, a, b, axis=-1), normal(2, 3, 4), normal(4), normal(4))
row(
    "normalize",
    "a batch of images",
    lambda x, a, b: dl.normalize(x, a, b, axis=(0, 1, 2)),
    normal(2, 3, 2, 2),
    normal(2),
    normal(2),
)
row("normalize", "one entry", lambda x, a, b: dl.normalize(x, a, b, axis=-1), normal(3, 1), normal(1), normal(1))

for name in ("square_penalty", "absolute_penalty"):
    row(name, "two weights", lambda *w, name=name: dl.OPERATIONS[name](*w, strength=0.3), normal(2, 3), normal(2, 2, 3))
    row(name, "one entry", lambda w, name=name: dl.OPERATIONS[name](w, strength=2.0), normal(1, 1))

for name in ("square_penalty", "absolute_penalty"):
    f = getattr(dl.regularizers, name)
    row(name, "one parameter", lambda w, f=f: f(w, strength=0.3), normal(3, 2))
    row(name, "two parameters", lambda a, b, f=f: f(a, b, strength=0.3), normal(3, 2), normal(2, 2, 1))
    row(name, "no entries", lambda w, f=f: f(w, strength=0.3), normal(1, 2)[:0])
    row(name, "non-contiguous", lambda w, f=f: f(w, strength=0.3), normal(3, 4)[:, ::2].T)
