"""The first layer of a network for digits: its units, what each is linked to, and how many numbers it learns."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import ShapeError, WrongTypeError, brief
from dlcourse.layers.convolution import Conv2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Module, Sequential
from dlcourse.layers.recurrent import GRU, LSTM, SimpleRNN
from dlcourse.ops.convolution import padding_widths

__all__ = ["SIDE", "Linked", "find_layer", "formula", "gate_column", "letters", "linked", "look", "named", "total"]

SIDE = 8
"""Of a digit, in pixels."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def find_layer(model: Any) -> tuple[int, Any, Array]:
    """The first layer with weights, its number in the network, and in which order it sees the 64 pixels.

    Raises
    ------
    WrongTypeError
        If that is not a Dense, Conv2D or recurrent layer.
    ShapeError
        If it does not see the 64 pixels of a digit.
    """
    for number, layer in enumerate(model if isinstance(model, Sequential) else ()):
        if isinstance(layer, Dense | Conv2D | SimpleRNN | GRU | LSTM):
            # Numbers for pixels, sent through what stands before the layer, say where each pixel goes.
            given = model[:number](np.arange(SIDE * SIDE, dtype=np.float32).reshape(1, SIDE, SIDE, 1)).data
            axes = {Dense: 2, Conv2D: 4}.get(type(layer), 3)
            whole = sorted(given.ravel().tolist()) == list(range(SIDE * SIDE))
            if not whole or given.ndim != axes or len(given) != 1 or (axes == 4 and given.shape[1:] != (SIDE, SIDE, 1)):
                raise ShapeError(
                    f"Wiring: of a digit, shape (1, 8, 8, 1), {layer.describe()} should be given the 64 pixels themselves; "
                    f"it is given something of shape {given.shape}."
                )
            return number, layer, given.ravel().astype(int)
        if isinstance(layer, Module) and layer.parameters():
            break
    raise WrongTypeError(
        "Wiring: model should be a dl.Sequential whose first layer with weights is a dl.Dense, a dl.Conv2D, a "
        f"dl.SimpleRNN, a dl.GRU or a dl.LSTM, not {brief(model)}."
    )


def look(layer: Any, given: Any) -> Array:
    """What every unit says, (S, R, C): of a dense layer M units (M, 1, 1), of a convolution F maps (F, OH, OW), of a
    recurrent layer one sheet with one row per step, (1, T, H)."""
    if isinstance(layer, Dense):
        return np.asarray(layer(given).data[0][:, None, None])
    if isinstance(layer, Conv2D):
        return np.asarray(layer(given).data[0].transpose(2, 0, 1))
    every = copy.copy(layer)
    every.return_sequences = True
    return np.asarray(every(given).data)


def formula(layer: Any) -> tuple[str, int]:
    """How many weights and biases the layer has, as arithmetic and as its result."""
    if isinstance(layer, Dense):
        k, m = layer.weight.shape
        text, number = f"{k} · {m}", k * m
        return (text, number) if layer.bias is None else (f"{text} + {m}", number + m)
    if isinstance(layer, Conv2D):
        kh, kw, c, f = layer.weight.shape
        text, number = f"{kh} · {kw} · {c} · {f}", kh * kw * c * f
        return (text, number) if layer.bias is None else (f"{text} + {f}", number + f)
    k, h = layer.inputs, layer.units
    number = layer.gates * (k + h + 1) * h
    text = (f"{layer.gates} · " if layer.gates > 1 else "") + f"({k} + {h} + 1) · {h}"
    return (f"{text} + {h}", number + h) if isinstance(layer, GRU) else (text, number)


@dataclass(frozen=True)
class Linked:
    """What one unit is linked to."""

    pixels: Array
    """Which of the 64 numbers that the layer gets, (K,), counted in its own order."""
    weights: Array
    """Their weights, (K,)."""
    slots: Array
    """Which of the unit's weights these are, (K,): a convolution's kernel may hang over the edge."""
    before: Array
    """Weights from the units one step before, (H,); empty but for a recurrent unit after the first step."""
    bias: float
    shared: int
    """How many units use these same weights."""


def linked(layer: Any, unit: tuple[int, int, int], shape: tuple[int, ...]) -> Linked:
    """The links of a unit (sheet, row, column) of what `look` gives, whose shape is `shape`."""
    sheet, row, column = unit
    nothing = np.zeros(0, np.float32)
    if isinstance(layer, Dense):
        weights = layer.weight.data[:, sheet]
        bias = 0.0 if layer.bias is None else float(layer.bias.data[sheet])
        return Linked(np.arange(len(weights)), weights, np.arange(len(weights)), nothing, bias, 1)
    if isinstance(layer, Conv2D):
        return _linked_by_kernel(layer, unit, shape)
    at = gate_column(layer, column)
    k = layer.inputs
    before = layer.weight_h.data[:, at] if row else nothing
    return Linked(
        np.arange(row * k, (row + 1) * k), layer.weight_x.data[:, at], np.arange(k), before, float(layer.bias.data[at]), shape[1]
    )  # fmt: skip


def total(links: Linked, given: Array, states: Array) -> float:
    """The sum of products and bias that goes into a unit; `given` (64,), `states` (H,) one step before."""
    summed = given[links.pixels].astype(float) @ links.weights + links.bias
    return float(summed + (states.astype(float) @ links.before if len(links.before) else 0.0))


def _linked_by_kernel(layer: Conv2D, unit: tuple[int, int, int], shape: tuple[int, ...]) -> Linked:
    """The pixels under the kernel at one place, as far as they are inside."""
    sheet, row, column = unit
    places = []
    for place, k, s, d in zip((row, column), layer.kernel, layer.stride, layer.dilation, strict=True):
        padded = padding_widths(layer.padding, SIDE, k, s, d)[0]
        places.append(place * s + d * np.arange(k) - padded)
    i, j = np.meshgrid(*places, indexing="ij")
    inside = ((i >= 0) & (i < SIDE) & (j >= 0) & (j < SIDE)).ravel()
    pixels, weights = (i * SIDE + j).ravel()[inside], layer.weight.data[:, :, 0, sheet].ravel()[inside]
    bias = 0.0 if layer.bias is None else float(layer.bias.data[sheet])
    return Linked(pixels, weights, np.flatnonzero(inside), np.zeros(0, np.float32), bias, shape[1] * shape[2])


def gate_column(layer: Any, unit: int) -> int:
    """The column of a recurrent layer's weights that belongs to one of its units.

    Of a gated layer it is what may be written into the state: gate n of a GRU, gate g of an LSTM.
    """
    return (0 if layer.gates == 1 else 2 * layer.units) + unit


def letters(links: Linked) -> list[str]:
    """The names of the weights that other units use too, "" where each unit has its own."""
    if links.shared == 1 or links.slots.max(initial=0) >= len(LETTERS):
        return [""] * len(links.pixels)
    return [LETTERS[slot] for slot in links.slots]


def named(layer: Any, unit: tuple[int, int, int], shape: tuple[int, ...]) -> str:
    """The unit in words: neurons, maps and steps count from 1, rows and columns are indices."""
    sheet, row, column = unit
    if isinstance(layer, Dense):
        return f"neuron {sheet + 1} of {shape[0]}"
    if isinstance(layer, Conv2D):
        return f"the neuron at row {row}, column {column} of map {sheet + 1}"
    return f"neuron {column + 1} of {shape[2]} at step {row + 1}"
