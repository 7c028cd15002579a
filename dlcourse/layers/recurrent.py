"""Recurrent layers and Embedding. Sequences are (N, T, F): batch, time, features."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.arrays import Array, plain_array
from dlcourse.errors import ArgumentError, LabelError, ShapeError, WrongTypeError, axes, brief, check_whole
from dlcourse.initializers import check_rng, drawn, glorot_uniform
from dlcourse.layers.dense import cast_input
from dlcourse.layers.module import Module
from dlcourse.ops.recurrence import gru, lstm, simple_rnn
from dlcourse.ops.shape import embedding
from dlcourse.tensor import Parameter, Tensor

__all__ = ["GRU", "LSTM", "Embedding", "SimpleRNN"]


class _Recurrent(Module):
    """What the three share: weights from the inputs and from the state, checks, and what is returned."""

    gates: int

    def __init__(
        self,
        inputs: int,
        units: int,
        *,
        return_sequences: bool = False,
        initializer: Callable[..., Any] = glorot_uniform,
        rng: np.random.Generator | None = None,
    ) -> None:
        owner = type(self).__name__
        self.inputs, self.units = check_whole(owner, "inputs", inputs), check_whole(owner, "units", units)
        rng = check_rng(owner, rng)
        self.return_sequences = return_sequences

        def by_gate(rows: int) -> Array:
            # Each gate is a layer of its own and is drawn by itself.
            parts = [drawn(owner, initializer, (rows, self.units), rng) for _ in range(self.gates)]
            return np.concatenate(parts, axis=1)

        self.weight_x = Parameter(by_gate(self.inputs), name="weight_x")
        self.weight_h = Parameter(by_gate(self.units), name="weight_h")
        self.bias = Parameter(np.zeros(self.gates * self.units, np.float32), name="bias")

    def _checked(self, x: Any, lengths: Any) -> tuple[Tensor, Any]:
        given = plain_array(x).dtype
        x = cast_input(x, self.weight_x)
        if x.ndim != 3 or x.shape[2] != self.inputs:
            if x.ndim != 2:
                advice = "The last axis holds the features of one step."
            elif given.kind in "iu":
                advice = "Are these symbols? An Embedding turns each into features."
            else:
                advice = (
                    "Is the batch axis missing? x[None] adds it. After another recurrent layer: that one needs "
                    "return_sequences=True."
                )
            raise ShapeError(
                f"{self.describe()}: sequences of {self.inputs} features are expected, shape (N, T, F); the input has shape {axes(x.shape, 'NTF')}. {advice}"
            )
        if x.shape[1] == 0:
            raise ShapeError(f"{self.describe()}: the sequences have no steps, shape (N, T, F) = {x.shape}.")
        if lengths is None:
            return x, None
        steps = plain_array(lengths)
        if (
            steps.shape != x.shape[:1]
            or steps.dtype.kind not in "iu"
            or not ((steps >= 0) & (steps <= x.shape[1])).all()
        ):
            raise ArgumentError(
                f"{self.describe()}: lengths should be {x.shape[0]} whole numbers from 0 to T = {x.shape[1]}, one per sequence, not {brief(lengths)}."
            )
        return x, steps

    def _state(self, x: Tensor, state: Any) -> Any:
        """Zeros, or the state that was given, checked."""
        shape = (x.shape[0], self.units)
        if state is None:
            return np.zeros(shape, self.weight_x.dtype)
        state = cast_input(state, self.weight_x)
        if state.shape != shape:
            raise ShapeError(
                f"{self.describe()}: the state should have shape (N, H) = {shape}, and this one has shape {state.shape}."
            )
        return state

    def describe(self) -> str:
        """Name and sizes in one short line, for tables."""
        return f"{type(self).__name__}({self.inputs} → {self.units}{', sequences' if self.return_sequences else ''})"


class SimpleRNN(_Recurrent):
    """The plain recurrent network, hₜ = tanh(xₜ Wₓ + hₜ₋₁ Wₕ + b), the same weights at every step.

    Parameters
    ----------
    inputs, units : int
        F and H.
    return_sequences : bool
        The states of all steps, (N, T, H), or the last one, (N, H).
    initializer, rng
        As for `Dense`; each gate is drawn by itself.

    Attributes
    ----------
    weight_x, weight_h, bias : Parameter, shapes (F, H), (H, H), (H,)

    Raises
    ------
    ShapeError
        If the input is not a batch of sequences (N, T, F), or a state does not have the shape (N, H).
    ArgumentError
        If lengths are not N whole numbers from 0 to T.

    References
    ----------
    Elman (1990), “Finding Structure in Time”.

    Examples
    --------
    >>> import numpy as np
    >>> layer = SimpleRNN(3, 4, rng=np.random.default_rng(0))
    >>> layer(np.zeros((2, 5, 3), np.float32)).shape
    (2, 4)
    """

    gates = 1

    def forward(self, x: Any, state: Any = None, *, lengths: Any = None) -> Tensor:
        """Run over sequences, (N, T, F) -> (N, H), or (N, T, H) with return_sequences.

        Parameters
        ----------
        x : Tensor, shape (N, T, F)
        state : Tensor, shape (N, H), optional
            Where to start; zeros unless given.
        lengths : whole numbers, shape (N,), optional
            Where padded sequences end.
        """
        x, lengths = self._checked(x, lengths)
        h = simple_rnn(x, self.weight_x, self.weight_h, self.bias, self._state(x, state), lengths=lengths)
        return h if self.return_sequences else h[:, -1]


class GRU(_Recurrent):
    """Gated recurrent unit; the reset gate is applied after the product. Gates in the order r, z, n.

    r, z = sigmoid(xₜ Wₓ + hₜ₋₁ Wₕ + b); n = tanh(xₜ Wₓ + b + r · (hₜ₋₁ Wₕ + bₙ)); hₜ = (1 − z) · n + z · hₜ₋₁.

    Parameters
    ----------
    inputs, units, return_sequences, initializer, rng
        As for `SimpleRNN`.

    Attributes
    ----------
    weight_x, weight_h, bias, bias_n : Parameter, shapes (F, 3H), (H, 3H), (3H,), (H,)

    Raises
    ------
    ShapeError, ArgumentError
        As `SimpleRNN`.

    References
    ----------
    Cho et al. (2014), “Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation”.

    Examples
    --------
    >>> import numpy as np
    >>> layer = GRU(3, 4, return_sequences=True, rng=np.random.default_rng(0))
    >>> layer(np.zeros((2, 5, 3), np.float32)).shape
    (2, 5, 4)
    """

    gates = 3

    def __init__(self, inputs: int, units: int, **settings: Any) -> None:
        super().__init__(inputs, units, **settings)
        self.bias_n = Parameter(np.zeros(self.units, np.float32), name="bias_n")

    def forward(self, x: Any, state: Any = None, *, lengths: Any = None) -> Tensor:
        """Run over sequences, (N, T, F) -> (N, H), or (N, T, H) with return_sequences.

        Parameters
        ----------
        x : Tensor, shape (N, T, F)
        state : Tensor, shape (N, H), optional
            Where to start; zeros unless given.
        lengths : whole numbers, shape (N,), optional
            Where padded sequences end.
        """
        x, lengths = self._checked(x, lengths)
        h = gru(x, self.weight_x, self.weight_h, self.bias, self.bias_n, self._state(x, state), lengths=lengths)
        return h if self.return_sequences else h[:, -1]


class LSTM(_Recurrent):
    """Long short-term memory. Gates in the order i, f, g, o; the forget gate's bias starts at 1, so that it remembers.

    i, f, o = sigmoid(xₜ Wₓ + hₜ₋₁ Wₕ + b); g = tanh(xₜ Wₓ + hₜ₋₁ Wₕ + b); cₜ = f · cₜ₋₁ + i · g; hₜ = o · tanh(cₜ).

    Parameters
    ----------
    inputs, units, return_sequences, initializer, rng
        As for `SimpleRNN`.

    Attributes
    ----------
    weight_x, weight_h, bias : Parameter, shapes (F, 4H), (H, 4H), (4H,)

    Raises
    ------
    ShapeError, ArgumentError
        As `SimpleRNN`.
    WrongTypeError
        If the state is not a pair (h, c).

    References
    ----------
    Hochreiter, Schmidhuber (1997), “Long Short-Term Memory”; Gers, Schmidhuber, Cummins (2000) for the forget gate.

    Examples
    --------
    >>> import numpy as np
    >>> layer = LSTM(3, 4, rng=np.random.default_rng(0))
    >>> h, (last_h, last_c) = layer.run(np.zeros((2, 5, 3), np.float32))
    >>> h.shape, last_h.shape, last_c.shape
    ((2, 5, 4), (2, 4), (2, 4))
    """

    gates = 4

    def __init__(self, inputs: int, units: int, **settings: Any) -> None:
        super().__init__(inputs, units, **settings)
        self.bias.data[self.units : 2 * self.units] = 1

    def _pair(self, state: Any) -> tuple[Any, Any]:
        if state is None:
            return None, None
        if not isinstance(state, (tuple, list)) or len(state) != 2:
            raise WrongTypeError(f"{self.describe()}: the state is a pair, (h, c), not {brief(state)}.")
        return state[0], state[1]

    def run(self, x: Any, state: Any = None, *, lengths: Any = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Return the states of all steps, (N, T, H), and the last state and cell, each (N, H), to go on from.

        Parameters
        ----------
        x : Tensor, shape (N, T, F)
        state : (h, c), each of shape (N, H), optional
            Where to start; zeros unless given.
        lengths : whole numbers, shape (N,), optional
            Where padded sequences end.
        """
        x, lengths = self._checked(x, lengths)
        h0, c0 = self._pair(state)
        both = lstm(x, self.weight_x, self.weight_h, self.bias, self._state(x, h0), self._state(x, c0), lengths=lengths)
        return both[0], (both[0, :, -1], both[1, :, -1])

    def forward(self, x: Any, state: Any = None, *, lengths: Any = None) -> Tensor:
        """Run over sequences, (N, T, F) -> (N, H), or (N, T, H) with return_sequences.

        Parameters
        ----------
        x : Tensor, shape (N, T, F)
        state : (h, c), each of shape (N, H), optional
            Where to start; zeros unless given.
        lengths : whole numbers, shape (N,), optional
            Where padded sequences end.
        """
        x, lengths = self._checked(x, lengths)
        h0, c0 = self._pair(state)
        both = lstm(x, self.weight_x, self.weight_h, self.bias, self._state(x, h0), self._state(x, c0), lengths=lengths)
        return both[0] if self.return_sequences else both[0, :, -1]


class Embedding(Module):
    """A learned row of numbers for each of V symbols: whole numbers (...) -> (..., M).

    Parameters
    ----------
    vocabulary, features : int
        V and M.
    rng : numpy Generator
        Source of the random rows, normal with mean 0 and variance 1.

    Attributes
    ----------
    weight : Parameter, shape (V, M)

    Raises
    ------
    LabelError
        If a symbol is not a whole number from 0 to V − 1.

    References
    ----------
    Bengio, Ducharme, Vincent, Jauvin (2003), “A Neural Probabilistic Language Model”.

    Examples
    --------
    >>> import numpy as np
    >>> Embedding(5, 3, rng=np.random.default_rng(0))(np.array([[0, 4]])).shape
    (1, 2, 3)
    """

    def __init__(self, vocabulary: int, features: int, *, rng: np.random.Generator | None = None) -> None:
        self.vocabulary = check_whole("Embedding", "vocabulary", vocabulary)
        self.features = check_whole("Embedding", "features", features)
        rng = check_rng("Embedding", rng)
        self.weight = Parameter(rng.normal(size=(self.vocabulary, self.features)).astype(np.float32), name="weight")

    def forward(self, x: Any) -> Tensor:
        """Look up the row of each symbol, whole numbers (...) -> (..., M)."""
        symbols = plain_array(x)
        if symbols.dtype.kind not in "iu":
            raise LabelError(
                f"{self.describe()}: symbols are whole numbers, positions in the vocabulary; these are of type {symbols.dtype}."
                + (" dl.data.Vocabulary(text).encode(text) numbers characters." if symbols.dtype.kind in "US" else "")
                + (" One-hot rows: symbols.argmax(axis=-1)." if symbols.shape[-1:] == (self.vocabulary,) else "")
            )
        if symbols.size and (symbols.min() < 0 or symbols.max() >= self.vocabulary):
            worst = int(symbols.min() if symbols.min() < 0 else symbols.max())
            raise LabelError(
                f"{self.describe()}: there is a symbol {worst}, but the vocabulary is numbered 0 to {self.vocabulary - 1}."
            )
        return embedding(self.weight, symbols)

    def describe(self) -> str:
        """Name and sizes in one short line, for tables."""
        return f"Embedding({self.vocabulary} → {self.features})"
