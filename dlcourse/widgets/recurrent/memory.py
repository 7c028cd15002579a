"""Recurrent cells for Unroll, and how much of an earlier nudge to their state is left at the end of a text."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.names import LETTERS
from dlcourse.initializers import orthogonal
from dlcourse.layers.recurrent import GRU, LSTM, SimpleRNN
from dlcourse.tensor import Tensor

__all__ = ["KINDS", "UNITS", "follow", "fresh_cell"]

UNITS = 16
KINDS: dict[str, type[Any]] = {"RNN": SimpleRNN, "GRU": GRU, "LSTM": LSTM}


def fresh_cell(kind: str, *, scale: float = 1.0, keep: float = 1.0, seed: int = 0) -> Any:
    """A recurrent layer with new weights.

    Parameters
    ----------
    kind : "RNN", "GRU" or "LSTM"
    scale : float
        RNN only: Wₕ is a random rotation times this, so that without tanh each step would stretch by exactly `scale`.
    keep : float
        GRU and LSTM only: the bias of the gate that keeps the state, z or f.
    seed : int
    """
    rng = np.random.default_rng([seed, list(KINDS).index(kind)])
    layer = KINDS[kind](LETTERS, UNITS, rng=rng)
    if kind == "RNN":
        layer.weight_h.data[:] = scale * orthogonal((UNITS, UNITS), rng=rng).astype(np.float32)
    else:
        layer.bias.data[UNITS : 2 * UNITS] = keep
    return layer


def follow(layer: Any, text: str) -> tuple[Array, Array]:
    """Let a layer read a text, and measure what is left at the end of a small nudge given k steps before.

    Parameters
    ----------
    layer : SimpleRNN, GRU or LSTM with 27 inputs
    text : letters a to z

    Returns
    -------
    states : array, shape (T, H)
        The state after each letter.
    left : array, shape (T + 1,)
        For k = 0 … T the length of the change at the end, for a nudge of length 1 given k steps before, in the root
        mean square over all directions: ‖∂m_T / ∂m_{T−k}‖ / √H. m is the state, for an LSTM its cell.

    Notes
    -----
    H copies of the text are read side by side, and copy i is asked for the gradient of unit i: one backward pass gives the
    whole Jacobian.
    """
    units, lstm = layer.units, isinstance(layer, LSTM)
    kind = layer.weight_x.dtype
    letters = np.eye(LETTERS, dtype=kind)[[ord(letter) - 96 for letter in text]]
    copies = np.broadcast_to(letters, (units, *letters.shape))
    memory = [Tensor(np.zeros((units, units), kind), requires_grad=True)]
    h, states = memory[0], []
    for t in range(len(text)):
        if lstm:
            _, (h, cell) = layer.run(copies[:, t : t + 1], (h, memory[-1]))
            memory.append(cell)
        else:
            h = layer(copies[:, t : t + 1], h)[:, -1] if layer.return_sequences else layer(copies[:, t : t + 1], h)
            memory.append(h)
        states.append(h.data[0])
    memory[-1].backward(np.eye(units, dtype=kind), keep_inner=True)
    lengths = [0.0 if m.grad is None else float(np.linalg.norm(m.grad.astype(float))) for m in reversed(memory)]
    return np.array(states).reshape(len(text), units), np.array(lengths) / np.sqrt(units)
