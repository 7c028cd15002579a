"""A gated cell reads a text, and nothing of it is hidden: gates, what they let in, memory and state after each letter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.names import LETTERS
from dlcourse.widgets.recurrent.memory import UNITS, fresh_cell

__all__ = ["GatesResult", "opened"]


@dataclass(frozen=True)
class GatesResult:
    """Each is an array (T, H): a row a letter, a column a number of the memory.

    Attributes
    ----------
    keep, write : array
        How much of the memory of before stays, and how much of the new is let in: f and i of an LSTM, z and 1 − z of a GRU.
    new : array
        What may be let in: g of an LSTM, n of a GRU.
    before, after : array
        The memory, c of an LSTM and h of a GRU.
    show, state : array
        How much is shown, o of an LSTM (all of a GRU), and the state h that comes of it.
    """

    text: str
    keep: Array
    write: Array
    new: Array
    before: Array
    after: Array
    show: Array
    state: Array


@lru_cache(maxsize=64)
def opened(kind: str, text: str, keep: float, seed: int) -> GatesResult:
    """A fresh LSTM or GRU, the bias of its keeping gate set to `keep`, reads a text."""
    layer = fresh_cell(kind, keep=keep, seed=seed)
    letters = np.eye(LETTERS)[[ord(letter) - 96 for letter in text]]
    step = _lstm_step if kind == "LSTM" else _gru_step
    memory, state, rows = np.zeros(UNITS), np.zeros(UNITS), []
    for letter in letters:
        kept, write, new, show = step(letter, state, layer)
        after = kept * memory + write * new
        state = show * np.tanh(after) if kind == "LSTM" else after
        rows.append((kept, write, new, memory, after, show, state))
        memory = after
    return GatesResult(text, *(np.array(column) for column in zip(*rows, strict=True)))


def _lstm_step(x: Array, h: Array, layer: Any) -> tuple[Array, ...]:
    """f, i, g and o."""
    i, f, g, o = np.split(x @ layer.weight_x.data + h @ layer.weight_h.data + layer.bias.data, 4)
    return _sigmoid(f), _sigmoid(i), np.tanh(g), _sigmoid(o)


def _gru_step(x: Array, h: Array, layer: Any) -> tuple[Array, ...]:
    """z, 1 − z, n, and everything is shown."""
    from_x, from_h = (
        np.split(part, 3) for part in (x @ layer.weight_x.data + layer.bias.data, h @ layer.weight_h.data)
    )
    r, z = _sigmoid(from_x[0] + from_h[0]), _sigmoid(from_x[1] + from_h[1])
    new = np.tanh(from_x[2] + r * (from_h[2] + layer.bias_n.data))
    return z, 1 - z, new, np.ones_like(z)


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))
