"""Which arrays PyTorch and Keras keep for each layer, and how they come back: one row a layer and library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.layers.convolution import Conv1D, Conv2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.normalization import BatchNorm, LayerNorm
from dlcourse.layers.recurrent import GRU, LSTM, Embedding, SimpleRNN
from dlcourse.translation.plan import Shape, Step

__all__ = ["BACK", "Arrays", "expected", "here"]

Arrays = dict[str, Array]


def _norm(scale: str, shift: str, averages: tuple[str, ...]) -> dict[str, str]:
    own = ("scale", "shift", "running_mean", "running_variance")
    return dict(zip((scale, shift, *averages), own, strict=False))


# For each library and layer: what its arrays are called there, and which of ours they become.
NAMES: dict[str, dict[type, dict[str, str]]] = {
    "pytorch": {
        **dict.fromkeys((Dense, Conv2D, Conv1D), {"weight": "weight", "bias": "bias"}),
        Embedding: {"weight": "weight"},
        BatchNorm: _norm("weight", "bias", ("running_mean", "running_var")),
        LayerNorm: _norm("weight", "bias", ()),
        **dict.fromkeys(
            (SimpleRNN, LSTM, GRU),
            {"weight_ih_l0": "weight_x", "weight_hh_l0": "weight_h", "bias_ih_l0": "bias", "bias_hh_l0": "bias_n"},
        ),
    },
    "keras": {
        **dict.fromkeys((Dense, Conv2D, Conv1D), {"kernel": "weight", "bias": "bias"}),
        Embedding: {"embeddings": "weight"},
        BatchNorm: _norm("gamma", "beta", ("moving_mean", "moving_variance")),
        LayerNorm: _norm("gamma", "beta", ()),
        **dict.fromkeys((SimpleRNN, LSTM, GRU), {"kernel": "weight_x", "recurrent_kernel": "weight_h", "bias": "bias"}),
    },
}


def expected(step: Step, source: str) -> dict[str, Shape]:
    """The names and shapes of a layer's arrays in the other library.

    Examples
    --------
    >>> expected(Step("0", Dense(3, 2, rng=np.random.default_rng(0)), {}), "pytorch")
    {'weight': (2, 3), 'bias': (2,)}
    """
    layer = step.layer
    shapes = {}
    for theirs, ours in NAMES[source][type(layer)].items():
        array = getattr(layer, ours, None)
        if array is None and ours != "bias_n":  # a layer without bias
            continue
        shape: Shape = layer.bias.shape if array is None else array.shape
        if source == "pytorch":
            shape = _in_pytorch(step, theirs, shape)
        elif isinstance(layer, Conv1D) and theirs == "kernel":
            shape = shape[1:]
        elif isinstance(layer, GRU) and theirs == "bias":
            shape = (2, *shape)
        shapes[theirs] = shape
    return shapes


def _in_pytorch(step: Step, theirs: str, shape: Shape) -> Shape:
    if isinstance(step.layer, Conv1D) and theirs == "weight":
        return shape[:0:-1]
    if isinstance(step.layer, Conv2D) and theirs == "weight":
        return (shape[3], shape[2], *shape[:2])
    if theirs == "bias_hh_l0":
        return step.layer.bias.shape
    return shape if isinstance(step.layer, Embedding) else shape[::-1]


def here(step: Step, source: str, theirs: Arrays) -> Arrays:
    """The arrays of a layer as dlcourse has them, from those of the other library."""
    back = BACK.get((source, type(step.layer)))
    return back(step, theirs) if back else _renamed(step, source, theirs)


def _renamed(step: Step, source: str, theirs: Arrays) -> Arrays:
    names = NAMES[source][type(step.layer)]
    return {names[name]: array for name, array in theirs.items()}


def _dense(step: Step, theirs: Arrays) -> Arrays:
    weight = theirs["weight"].T  # (M, K) -> (K, M)
    if step.flattened:  # (M, C·H·W) -> (H·W·C, M)
        *places, channels = step.flattened
        weight = np.moveaxis(weight.reshape(channels, *places, -1), 0, -2).reshape(weight.shape)
    return {**theirs, "weight": weight}


def _norm_in_pytorch(step: Step, theirs: Arrays) -> Arrays:
    if step.flattened:
        *places, channels = step.flattened
        theirs = {
            name: np.moveaxis(array.reshape(channels, *places), 0, -1).reshape(-1) for name, array in theirs.items()
        }
    return _renamed(step, "pytorch", theirs)


def _conv2d(step: Step, theirs: Arrays) -> Arrays:
    return {**theirs, "weight": theirs["weight"].transpose(2, 3, 1, 0)}  # (F, C, KH, KW) -> (KH, KW, C, F)


def _conv1d(step: Step, theirs: Arrays) -> Arrays:
    return {**theirs, "weight": theirs["weight"].transpose(2, 1, 0)[None]}  # (F, C, K) -> (1, K, C, F)


def _conv1d_in_keras(step: Step, theirs: Arrays) -> Arrays:
    weight = theirs["kernel"][None]  # (K, C, F) -> (1, K, C, F)
    return {"weight": weight} | ({"bias": theirs["bias"]} if "bias" in theirs else {})


def _recurrent(step: Step, theirs: Arrays) -> Arrays:
    both = theirs["bias_ih_l0"] + theirs["bias_hh_l0"]  # PyTorch adds two biases
    ours = {"weight_x": theirs["weight_ih_l0"].T, "weight_h": theirs["weight_hh_l0"].T, "bias": both}
    if isinstance(step.layer, GRU):  # in n, one is inside the reset gate's product and one is not
        n = 2 * step.layer.units
        ours["bias"] = np.concatenate((both[:n], theirs["bias_ih_l0"][n:]))
        ours["bias_n"] = theirs["bias_hh_l0"][n:]
    return ours


def _gru_in_keras(step: Step, theirs: Arrays) -> Arrays:
    h = step.layer.units
    order = np.r_[h : 2 * h, :h, 2 * h : 3 * h]  # gates z, r, h -> r, z, n
    outside, inside = theirs["bias"][:, order]
    return {
        "weight_x": theirs["kernel"][:, order],
        "weight_h": theirs["recurrent_kernel"][:, order],
        "bias": np.concatenate((outside[: 2 * h] + inside[: 2 * h], outside[2 * h :])),
        "bias_n": inside[2 * h :],
    }


# The rows where more than the names differs.
BACK: dict[tuple[str, Any], Callable[[Step, Arrays], Arrays]] = {
    ("pytorch", Dense): _dense,
    ("pytorch", Conv2D): _conv2d,
    ("pytorch", Conv1D): _conv1d,
    ("pytorch", BatchNorm): _norm_in_pytorch,
    ("pytorch", LayerNorm): _norm_in_pytorch,
    ("pytorch", SimpleRNN): _recurrent,
    ("pytorch", LSTM): _recurrent,
    ("pytorch", GRU): _recurrent,
    ("keras", Conv1D): _conv1d_in_keras,
    ("keras", GRU): _gru_in_keras,
}
