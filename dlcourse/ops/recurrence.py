"""Recurrent networks: a whole sequence is one operation, forward through time and backward through time.

The formulas, one step at a time as in the papers, stand in recurrent_steps.py; here is what makes them quick.
Sequences are (N, T, F) outside. Inside, time comes before the batch, and the gates come first of all: (G, T, N, H), so
that every matrix product meets numbers that lie next to each other. What concerns the inputs alone is computed for all
steps at once; the loop over time holds only what depends on the step before.

With `lengths`, a sequence stops: from its end on, the state stays what it was, and no gradient flows through the padding.
What stands there does not matter, not even NaN: the computation sees zeros.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.differentiable import Result, differentiable
from dlcourse.errors import ShapeError

__all__ = ["gru", "lstm", "simple_rnn"]


def _check(
    operation: str, gates: int, x: Array, weight_x: Array, weight_h: Array, lengths: Any, **others: Array
) -> None:
    """Raise ShapeError unless all shapes fit those of x, (N, T, F), and of the H rows of weight_h."""
    if np.ndim(x) != 3:
        raise ShapeError(f"{operation}: sequences are expected, shape (N, T, F); x has shape {np.shape(x)}.")
    n, _, f = x.shape
    h = len(weight_h) if np.ndim(weight_h) else 0
    many = "" if gates == 1 else str(gates)
    expected = {
        "weight_x": (f"(F, {many}H)", (f, gates * h)),
        "weight_h": (f"(H, {many}H)", (h, gates * h)),
        "bias": (f"({many}H,)", (gates * h,)),
        "bias_n": ("(H,)", (h,)),
        "h0": ("(N, H)", (n, h)),
        "c0": ("(N, H)", (n, h)),
        "lengths": ("(N,)", (n,)),
    }
    given = {"weight_h": weight_h, "weight_x": weight_x, **others}
    if lengths is not None:
        given["lengths"] = lengths
    for name, array in given.items():
        letters, shape = expected[name]
        if np.shape(array) != shape:
            raise ShapeError(f"{operation}: {name} should have shape {letters} = {shape}, and has {np.shape(array)}.")


def _by_gate(weight: Array, gates: int) -> Array:
    """(K, G·H) -> (G, K, H), one matrix per gate."""
    k, width = weight.shape
    return np.ascontiguousarray(weight.reshape(k, gates, width // gates).transpose(1, 0, 2))


def _side_by_side(by_gate: Array) -> Array:
    """(G, K, H) -> (K, G·H), the way back."""
    gates, k, h = by_gate.shape
    return by_gate.transpose(1, 0, 2).reshape(k, gates * h)


def _time_first(x: Array) -> Array:
    return np.ascontiguousarray(x.transpose(1, 0, 2))


def _from_inputs(x: Array, weight: Array, bias: Array) -> Array:
    """What the inputs add to every gate at every step, (T, N, F) -> (G, T, N, H)."""
    t, n, f = x.shape
    z = np.matmul(x.reshape(t * n, f), weight)
    z += bias.reshape(len(weight), 1, -1)
    return z.reshape(len(weight), t, n, weight.shape[2])


def _running(lengths: Any, steps: int, n: int) -> Array | None:
    """For each step a column that is True where the sequence has not ended, (T, N, 1); None if none ends early."""
    if lengths is None or bool(np.all(np.asarray(lengths) >= steps)):
        return None
    return (np.arange(steps)[:, None] < np.asarray(lengths)[None, :])[:, :, None]


def _without_padding(inputs: Array, running: Array | None) -> Array:
    """Zeros behind the end of each sequence, (T, N, F): 0 · NaN would be NaN in every gradient."""
    return inputs if running is None else np.where(running, inputs, np.zeros((), inputs.dtype))


def _sigmoid_(z: Array) -> Array:
    """1 / (1 + e⁻ᶻ), written over z. Far left e⁻ᶻ overflows, and the answer is 0."""
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    return np.reciprocal(z, out=z)


def _weight_gradients(
    x: Array, h: Array, weight_x: Array, dz_x: Array, dz_h: Array, needs: tuple[bool, ...]
) -> tuple[Array | None, Array, Array, Array]:
    """Gradients of inputs, both weights and the bias, once dz is known at every step.

    x is (T, N, F), h the state before each step (T, N, H), dz_x and dz_h (G, T, N, H).
    """
    t, n, f = x.shape
    gates, size = len(dz_x), h.shape[2]
    flat_x, flat_h = dz_x.reshape(gates, t * n, size), dz_h.reshape(gates, t * n, size)
    g_x = None
    if needs[0]:
        g_x = np.matmul(flat_x, weight_x.swapaxes(1, 2)).sum(axis=0).reshape(t, n, f).transpose(1, 0, 2)
    g_weight_x = _side_by_side(np.matmul(x.reshape(t * n, f).T, flat_x))
    g_weight_h = _side_by_side(np.matmul(h.reshape(t * n, size).T, flat_h))
    return g_x, g_weight_x, g_weight_h, flat_x.sum(axis=1).reshape(-1)


@differentiable
def simple_rnn(x: Array, weight_x: Array, weight_h: Array, bias: Array, h0: Array, *, lengths: Any = None) -> Result:
    """hₜ = tanh(xₜ Wₓ + hₜ₋₁ Wₕ + b), (N, T, F) -> (N, T, H).

    Parameters
    ----------
    x : array, shape (N, T, F)
    weight_x : array, shape (F, H)
    weight_h : array, shape (H, H)
    bias : array, shape (H,)
    h0 : array, shape (N, H)
        State before the first step.
    lengths : whole numbers, shape (N,), optional
        Steps of each sequence that count; after them the state stays what it was.

    Raises
    ------
    ShapeError
        If the shapes do not fit each other.

    Notes
    -----
    Backward through time: δₜ = (gₜ + δₜ₊₁ Wₕᵀ) · (1 − hₜ²). The same Wₕ at every step: its gradient is the sum over time.

    References
    ----------
    Elman (1990), “Finding Structure in Time”. Werbos (1990), “Backpropagation Through Time”.

    Examples
    --------
    >>> x = np.array([[[1.0], [0.0]]])  # one sequence of two steps
    >>> h = simple_rnn(x, np.ones((1, 1)), np.full((1, 1), 0.5), np.zeros(1), np.zeros((1, 1)))
    >>> np.round(h.data[0, :, 0], 4)  # tanh(1), then tanh(0.5 · tanh(1))
    array([0.7616, 0.3634])
    """
    _check("simple_rnn", 1, x, weight_x, weight_h, lengths, bias=bias, h0=h0)
    n, steps, _ = x.shape
    running = _running(lengths, steps, n)
    inputs, by_gate = _without_padding(_time_first(x), running), _by_gate(weight_x, 1)
    h = np.empty((steps + 1, n, len(weight_h)), x.dtype)  # h[t] is the state before step t
    h[0] = h0
    z = _from_inputs(inputs, by_gate, bias)[0]
    for t in range(steps):
        z[t] += h[t].dot(weight_h)
        np.tanh(z[t], out=h[t + 1])
        if running is not None:
            np.copyto(h[t + 1], h[t], where=~running[t])

    def joint(g: Array, needs: tuple[bool, ...]) -> tuple[Any, ...]:
        dz = np.empty((1, steps, n, len(weight_h)), x.dtype)
        back = np.ascontiguousarray(weight_h.T)
        slopes = 1 - np.square(h[1:])
        if running is not None:
            slopes *= running
        dh = np.zeros_like(h[0])
        for t in reversed(range(steps)):
            dh = dh + g[:, t]
            np.multiply(dh, slopes[t], out=dz[0, t])
            through = dz[0, t].dot(back)
            dh = through if running is None else through + dh * ~running[t]
        return (*_weight_gradients(inputs, h[:-1], by_gate, dz, dz, needs), dh)

    return h[1:].transpose(1, 0, 2), joint


def _run_lstm(gates: Array, recurrent: Array, both: Array, squashed: Array, running: Array | None) -> None:
    """Run an LSTM over time, in place.

    `gates` (4, T, N, H) holds what the inputs add, and then the gates' values; `both` (2, T + 1, N, H) has the first state
    and cell, and gets all others; `squashed` (T, N, H) gets tanh(c).
    """
    h, c = both
    from_state = np.empty((len(gates), *h.shape[1:]), h.dtype)
    with np.errstate(over="ignore"):
        for t in range(len(squashed)):
            z = gates[:, t]
            z += np.matmul(h[t], recurrent, out=from_state)
            (i, f), g, o = _sigmoid_(z[:2]), np.tanh(z[2], out=z[2]), _sigmoid_(z[3])
            np.multiply(f, c[t], out=c[t + 1])
            c[t + 1] += i * g
            np.tanh(c[t + 1], out=squashed[t])
            np.multiply(o, squashed[t], out=h[t + 1])
            if running is not None:
                np.copyto(both[:, t + 1], both[:, t], where=~running[t])


@differentiable
def lstm(
    x: Array, weight_x: Array, weight_h: Array, bias: Array, h0: Array, c0: Array, *, lengths: Any = None
) -> Result:
    """Long short-term memory, (N, T, F) -> (2, N, T, H): first the states h, then the cells c.

    i, f, o = sigmoid and g = tanh of (xₜ Wₓ + hₜ₋₁ Wₕ + b); cₜ = f · cₜ₋₁ + i · g; hₜ = o · tanh(cₜ).

    Parameters
    ----------
    x : array, shape (N, T, F)
    weight_x : array, shape (F, 4H)
        Gates side by side in the order i, f, g, o.
    weight_h : array, shape (H, 4H)
    bias : array, shape (4H,)
    h0, c0 : array, shape (N, H)
    lengths : whole numbers, shape (N,), optional

    Raises
    ------
    ShapeError
        If the shapes do not fit each other.

    Notes
    -----
    Backward through time, a cell's gradient is multiplied by f at each step, so a gate near 1 keeps it alive; a state's
    gradient goes back through the four gates.

    References
    ----------
    Hochreiter, Schmidhuber (1997), “Long Short-Term Memory”. Forget gate: Gers, Schmidhuber, Cummins (2000).

    Examples
    --------
    With all weights 0 every gate is half open, and nothing new comes in: the cell halves at each step.

    >>> x, h0, c0 = np.zeros((1, 3, 1)), np.zeros((1, 1)), np.ones((1, 1))
    >>> lstm(x, np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4), h0, c0).data[1, 0, :, 0]
    array([0.5  , 0.25 , 0.125])
    """
    _check("lstm", 4, x, weight_x, weight_h, lengths, bias=bias, h0=h0, c0=c0)
    n, steps, _ = x.shape
    size = len(weight_h)
    running = _running(lengths, steps, n)
    inputs = _without_padding(_time_first(x), running)
    by_gate, recurrent = _by_gate(weight_x, 4), _by_gate(weight_h, 4)
    gates = _from_inputs(inputs, by_gate, bias)  # (4, T, N, H), the gates' values once the loop has passed
    both = np.empty((2, steps + 1, n, size), x.dtype)
    h, c = both
    h[0], c[0] = h0, c0
    squashed = np.empty((steps, n, size), x.dtype)  # tanh(c)
    _run_lstm(gates, recurrent, both, squashed, running)

    def joint(g_both: Array, needs: tuple[bool, ...]) -> tuple[Any, ...]:
        dz = np.empty_like(gates)
        back = np.ascontiguousarray(recurrent.swapaxes(1, 2))
        dh, dc = np.zeros((2, n, size), x.dtype)
        for t in reversed(range(steps)):
            i, f, g, o = gates[:, t]
            dh = dh + g_both[0, :, t]
            dc = dc + g_both[1, :, t]
            kept_h, kept_c = dh, dc
            if running is not None:
                dh, dc = dh * running[t], dc * running[t]
            s = squashed[t]
            dc = dc + dh * o * (1 - s * s)
            np.multiply(dc * g, i * (1 - i), out=dz[0, t])
            np.multiply(dc * c[t], f * (1 - f), out=dz[1, t])
            np.multiply(dc * i, 1 - g * g, out=dz[2, t])
            np.multiply(dh * s, o * (1 - o), out=dz[3, t])
            dh = np.matmul(dz[:, t], back).sum(axis=0)
            dc = dc * f
            if running is not None:
                dh, dc = dh + kept_h * ~running[t], dc + kept_c * ~running[t]
        return (*_weight_gradients(inputs, h[:-1], by_gate, dz, dz, needs), dh, dc)

    return both[:, 1:].transpose(0, 2, 1, 3), joint


def _run_gru(gates: Array, recurrent: Array, bias_n: Array, h: Array, inner: Array, running: Array | None) -> None:
    """Run a GRU over time, in place.

    `gates` (3, T, N, H) holds what the inputs add, and then the gates' values; `h` (T + 1, N, H) has the first state, and
    gets all others; `inner` (T, N, H) gets what the reset gate multiplies.
    """
    from_state = np.empty((len(gates), *h.shape[1:]), h.dtype)
    with np.errstate(over="ignore"):
        for t in range(len(inner)):
            np.matmul(h[t], recurrent, out=from_state)
            r, z = _sigmoid_(np.add(gates[:2, t], from_state[:2], out=gates[:2, t]))
            np.add(from_state[2], bias_n, out=inner[t])
            new = gates[2, t]
            new += r * inner[t]
            np.tanh(new, out=new)
            np.add(new, z * (h[t] - new), out=h[t + 1])
            if running is not None:
                np.copyto(h[t + 1], h[t], where=~running[t])


@differentiable
def gru(
    x: Array, weight_x: Array, weight_h: Array, bias: Array, bias_n: Array, h0: Array, *, lengths: Any = None
) -> Result:
    """Gated recurrent unit, (N, T, F) -> (N, T, H), the reset gate applied after the product.

    r, z = sigmoid(xₜ Wₓ + hₜ₋₁ Wₕ + b); n = tanh(xₜ Wₓ + b + r · (hₜ₋₁ Wₕ + bₙ)); hₜ = (1 − z) · n + z · hₜ₋₁.

    Parameters
    ----------
    x : array, shape (N, T, F)
    weight_x : array, shape (F, 3H)
        Gates side by side in the order r, z, n.
    weight_h : array, shape (H, 3H)
    bias : array, shape (3H,)
    bias_n : array, shape (H,)
        Inside the reset gate's product.
    h0 : array, shape (N, H)
    lengths : whole numbers, shape (N,), optional

    Raises
    ------
    ShapeError
        If the shapes do not fit each other.

    Notes
    -----
    Backward through time: a share z of the gradient goes straight to the state before, the rest through n and the gates.

    References
    ----------
    Cho et al. (2014), “Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation”.

    Examples
    --------
    With all weights 0, z = ½ and n = 0: the state halves at each step.

    >>> x, weight, h0 = np.zeros((1, 3, 1)), np.zeros((1, 3)), np.ones((1, 1))
    >>> gru(x, weight, weight, np.zeros(3), np.zeros(1), h0).data[0, :, 0]
    array([0.5  , 0.25 , 0.125])
    """
    _check("gru", 3, x, weight_x, weight_h, lengths, bias=bias, bias_n=bias_n, h0=h0)
    n, steps, _ = x.shape
    size = len(weight_h)
    running = _running(lengths, steps, n)
    inputs = _without_padding(_time_first(x), running)
    by_gate, recurrent = _by_gate(weight_x, 3), _by_gate(weight_h, 3)
    gates = _from_inputs(inputs, by_gate, bias)
    h = np.empty((steps + 1, n, size), x.dtype)
    h[0] = h0
    inner = np.empty((steps, n, size), x.dtype)  # what the reset gate multiplies
    _run_gru(gates, recurrent, bias_n, h, inner, running)

    def joint(g: Array, needs: tuple[bool, ...]) -> tuple[Any, ...]:
        dz_x, dz_h = np.empty_like(gates), np.empty_like(gates)
        back = np.ascontiguousarray(recurrent.swapaxes(1, 2))
        dh = np.zeros((n, size), x.dtype)
        for t in reversed(range(steps)):
            r, z, new = gates[:, t]
            dh = dh + g[:, t]
            kept = dh
            if running is not None:
                dh = dh * running[t]
            np.multiply(dh * (1 - z), 1 - new * new, out=dz_x[2, t])
            np.multiply(dz_x[2, t], r, out=dz_h[2, t])
            np.multiply(dz_x[2, t] * inner[t], r * (1 - r), out=dz_x[0, t])
            np.multiply(dh * (h[t] - new), z * (1 - z), out=dz_x[1, t])
            dz_h[:2, t] = dz_x[:2, t]
            dh = dh * z + np.matmul(dz_h[:, t], back).sum(axis=0)
            if running is not None:
                dh += kept * ~running[t]
        g_x, g_weight_x, g_weight_h, g_bias = _weight_gradients(inputs, h[:-1], by_gate, dz_x, dz_h, needs)
        return g_x, g_weight_x, g_weight_h, g_bias, dz_h[2].sum(axis=(0, 1)), dh

    return h[1:].transpose(1, 0, 2), joint
