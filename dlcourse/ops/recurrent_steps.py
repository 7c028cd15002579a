"""One step of each recurrent network, as its paper has it: what recurrence.py computes for a whole sequence, and quickly.

Written with NumPy's signs and functions, these take arrays and tensors alike. Calling a step T times gives the same
states and the same gradients as the operation of recurrence.py; a test compares them. N examples, F features, H units.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["gru_step", "lstm_step", "simple_rnn_step"]


def simple_rnn_step(x: Any, h: Any, weight_x: Any, weight_h: Any, bias: Any) -> Any:
    """hₜ = tanh(xₜ Wₓ + hₜ₋₁ Wₕ + b), (N, F) and (N, H) -> (N, H).

    References
    ----------
    Elman (1990), “Finding Structure in Time”.

    Examples
    --------
    >>> simple_rnn_step(np.array([[1.0]]), np.zeros((1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros(1)).round(4)
    array([[0.7616]])
    """
    return np.tanh(x @ weight_x + h @ weight_h + bias)  # (N, F) (F, H) + (N, H) (H, H) + (H,)


def lstm_step(x: Any, h: Any, c: Any, weight_x: Any, weight_h: Any, bias: Any) -> tuple[Any, Any]:
    """The states h and c after one more step, (N, F), (N, H) and (N, H) -> (N, H) and (N, H).

    References
    ----------
    Hochreiter, Schmidhuber (1997), “Long Short-Term Memory”. Forget gate: Gers, Schmidhuber, Cummins (2000).

    Examples
    --------
    With all weights 0 every gate is half open: half of the cell stays.

    >>> h, c = lstm_step(np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4))
    >>> c
    array([[0.5]])
    """
    z = x @ weight_x + h @ weight_h + bias  # (N, 4H): the four gates side by side
    units = h.shape[1]
    i = _sigmoid(z[:, :units])  # how much of what is new comes in
    f = _sigmoid(z[:, units : 2 * units])  # how much of the cell stays
    g = np.tanh(z[:, 2 * units : 3 * units])  # what is new
    o = _sigmoid(z[:, 3 * units :])  # how much of the cell is shown
    c = f * c + i * g
    return o * np.tanh(c), c


def gru_step(x: Any, h: Any, weight_x: Any, weight_h: Any, bias: Any, bias_n: Any) -> Any:
    """The state after one more step, (N, F) and (N, H) -> (N, H); the reset gate is applied after the product.

    References
    ----------
    Cho et al. (2014), “Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation”.

    Examples
    --------
    With all weights 0, z = ½ and n = 0: half of the state stays.

    >>> gru_step(np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(3), np.zeros(1))
    array([[0.5]])
    """
    from_x, from_h = x @ weight_x + bias, h @ weight_h  # (N, 3H): the gates r, z and n side by side
    units = h.shape[1]
    r = _sigmoid(from_x[:, :units] + from_h[:, :units])  # how much of the state counts for what is new
    z = _sigmoid(from_x[:, units : 2 * units] + from_h[:, units : 2 * units])  # how much of the state stays
    n = np.tanh(from_x[:, 2 * units :] + r * (from_h[:, 2 * units :] + bias_n))  # what is new
    return (1 - z) * n + z * h


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))
